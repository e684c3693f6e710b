"""Oracle: every byte numbered on its own."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.cn.tcp_ack import solve


@given(st.lists(st.integers(1, 9), min_size=1, max_size=6), st.integers(0, 2**32 - 1), st.data())
def test_by_numbering_every_byte(lengths, first, data):
    got = data.draw(st.sets(st.integers(1, len(lengths))))
    owner = [i for i, n in enumerate(lengths, 1) for _ in range(n)]
    seqs = [(first + owner.index(i)) % 2**32 for i in range(1, len(lengths) + 1)]
    missing = next((k for k, i in enumerate(owner) if i not in got), len(owner))
    answer = solve(lengths, first, received=sorted(got)).answer
    assert (answer["seqs"], answer["ack"]) == (seqs, (first + missing) % 2**32)
    k = data.draw(st.integers(1, len(lengths)))
    assert solve(lengths, seqs[k - 1], k).answer["seqs"] == seqs


def test_the_reply_begins_at_the_number_acknowledged():
    assert solve([10, 20], 100, peer_ack=7).answer["reply"] == "7, 130"


def test_a_segment_that_is_none_of_them():
    with pytest.raises(InputError):
        solve([10], 0, received=[2])
