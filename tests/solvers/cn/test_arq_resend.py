"""Oracle: a send window whose base moves as the acknowledgements come in, in any order."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.cn.arq_resend import solve


@given(st.integers(0, 15), st.data())
def test_gbn_resends_from_the_base_of_its_window(last, data):
    acks = data.draw(st.lists(st.integers(0, last), unique=True))
    base = 0
    for ack in random.Random(last).sample(acks, len(acks)):  # late acknowledgements don't move it back
        if ack >= base:
            base = ack + 1
    resent = []
    while base <= last:
        resent.append(base)
        base += 1
    assert solve("GBN", last, acks).answer == {"count": len(resent), "resent": resent}


@given(st.integers(0, 15), st.data())
def test_sr_resends_what_is_neither_acknowledged_nor_still_running(last, data):
    acks = data.draw(st.lists(st.integers(0, last), unique=True))
    state = ["waiting"] * (last + 1)
    for ack in acks:
        state[ack] = "done"
    assert solve("SR", last, acks).answer["count"] == state.count("waiting")
    waiting = [i for i, s in enumerate(state) if s == "waiting"]
    if waiting:
        expired = data.draw(st.lists(st.sampled_from(waiting), unique=True, min_size=1))
        assert solve("SR", last, acks, timed_out=expired).answer["resent"] == sorted(expired)


def test_golden_2009_35_and_2011_35():
    assert solve("GBN", 7, [0, 2, 3]).answer["count"] == 4
    assert solve("SR", 3, [1], timed_out=[0, 2]).answer["count"] == 2


def test_rejects_contradictions():
    with pytest.raises(InputError, match="没有发送过"):
        solve("GBN", 3, [4])
    with pytest.raises(InputError, match="已确认"):
        solve("SR", 3, [1], timed_out=[1])


@pytest.mark.parametrize(("protocol", "done"), [("GBN", [0, 1, 2, 3]), ("SR", [0, 2, 3])])
def test_the_table_says_what_is_acknowledged(protocol, done):
    solution = solve(protocol, 5, [0, 2, 3])
    rows = solution.steps[0].data.rows
    assert [r[0] for r in rows if r[1]] == [0, 2, 3]
    assert [r[0] for r in rows if r[2]] == done
    assert [r[0] for r in rows if r[3]] == solution.answer["resent"]
    assert solve("GBN", 3, [], first=1).answer["resent"] == [1, 2, 3]
