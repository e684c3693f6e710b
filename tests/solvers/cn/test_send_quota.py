"""Oracle: bytes counted one by one under both windows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.cn.send_quota import solve

SIZES = st.integers(0, 300)


@given(SIZES, SIZES, SIZES)
def test_by_sending_byte_after_byte(cwnd, rwnd, unacked):
    sent = 0
    while unacked + sent + 1 <= cwnd and unacked + sent + 1 <= rwnd:
        sent += 1
    assert solve(f"{unacked}B", f"{cwnd}B", f"{rwnd}B").answer["remaining_bytes"] == sent


@given(st.integers(1, 300), st.integers(0, 300), st.integers(0, 300))
def test_the_window_is_what_the_buffer_has_left(buffer, held, unacked):
    if held > buffer:
        with pytest.raises(InputError):
            solve(buffer=f"{buffer}B", held=f"{held}B")
        return
    answer = solve(f"{unacked}B", buffer=f"{buffer}B", held=f"{held}B").answer
    assert answer["rwnd_bytes"] == len(range(held, buffer))
    assert answer["remaining_bytes"] == max(0, buffer - held - unacked)


def test_the_numbers_that_may_be_sent():
    assert solve("200B", rwnd="500B", ack=501).answer["range"] == "701~1000"


def test_a_window_is_needed():
    with pytest.raises(InputError):
        solve("10B")
