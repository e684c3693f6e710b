"""Oracle: TCP acknowledgement by acknowledgement, with the fractional growth of congestion avoidance."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.core.registry import get_solver
from assistant408.solvers.cn.congestion_window import Loss, solve


def per_ack(rounds: int, threshold: int, cwnd: int, losses: dict[int, str], tahoe: bool) -> list[int]:
    """Every ACK below the threshold adds 1; above it, each ACK of a window adds 1/cwnd of that window."""
    out = []
    for number in range(1, rounds + 2):
        out.append(cwnd)
        loss = losses.get(number)
        if loss is not None:
            threshold = max(2, cwnd // 2)
            cwnd = threshold if loss == "dup3" and not tahoe else 1
            continue
        window = cwnd
        exact = Fraction(cwnd)
        slow = cwnd < threshold
        for _ in range(window):
            if slow and exact < threshold:
                exact += 1
            elif not slow:
                exact += Fraction(1, window)
        cwnd = int(exact)
    return out


LOSSES = st.dictionaries(st.integers(1, 15), st.sampled_from(["timeout", "dup3"]), max_size=4)


@settings(max_examples=60)
@given(st.integers(1, 40), st.integers(1, 20), LOSSES, st.booleans())
def test_agrees_with_single_acknowledgements(threshold, cwnd, losses, tahoe):
    answer = solve(
        15,
        threshold,
        cwnd,
        [Loss(n, k) for n, k in losses.items()],
        "TAHOE" if tahoe else "RENO",
    ).answer
    assert answer["cwnd_by_round"] == per_ack(15, threshold, cwnd, losses, tahoe)


@given(st.integers(0, 12), st.integers(1, 30), st.integers(1, 60))
def test_a_buffer_that_is_not_read_is_never_overrun(rounds, threshold, buffer):
    answer = solve(rounds, threshold, buffer=buffer).answer
    assert answer["segments_sent"] <= buffer
    assert answer["send_window"] == min(answer["cwnd"], buffer - answer["segments_sent"])


@given(st.integers(1, 40), st.integers(1, 100), st.integers(1, 64))
def test_the_target_is_reached_then_and_not_before(threshold, target, rwnd):
    if target > rwnd:
        with pytest.raises(InputError, match="达不到"):
            solve(0, threshold, target=target, rwnd=rwnd)
        return
    needed = solve(0, threshold, target=target, rwnd=rwnd).answer["rounds_to_target"]
    assert solve(needed, threshold, rwnd=rwnd).answer["send_window"] >= target
    assert needed == 0 or solve(needed - 1, threshold, rwnd=rwnd).answer["send_window"] < target


def test_golden_2009_39():
    """2009-39: a timeout at 16 KB, then four good RTTs: 9 KB."""
    assert solve(5, initial_cwnd=16, losses=[Loss(1, "timeout")]).answer["cwnd"] == 9


def test_golden_2015_39():
    """2015-39: threshold 32 KB, 16 KB of buffer that nobody reads, four RTTs: send window 1 KB."""
    assert solve(4, 32, buffer=16).answer["send_window"] == 1


def test_golden_2017_39():
    """2017-39: from 1 to 32 KB at RTT 5 ms: 25 ms."""
    assert solve(target=32, rtt_ms=5, rwnd=64).answer["time_to_target_ms"] == 25


def test_golden_2020():
    """2020: from 8 KB to 32 KB takes at most 48 ms at RTT 2 ms, by congestion avoidance."""
    assert solve(0, 1, 8, target=32, rtt_ms=2).answer["time_to_target_ms"] == 48


def test_golden_xie_xiren_exercise_5_39():
    """谢希仁 习题 5-39: rounds 1 to 26 of a Reno connection with ssthresh 32, 3 ACKs at 16, a timeout at 22."""
    answer = solve(25, 32, losses=[Loss(16, "dup3"), Loss(22, "timeout")]).answer
    expected = [1, 2, 4, 8, 16, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 21, 22, 23, 24, 25, 26, 1, 2, 4, 8]
    assert answer["cwnd_by_round"] == expected


def test_a_threshold_that_was_not_given_is_unknown_until_a_loss():
    answer = solve(3, initial_cwnd=8, losses=[Loss(2, "timeout")]).answer
    assert answer["ssthresh_by_round"] == [None, None, 8, 8]


def test_three_more_as_in_rfc_5681():
    assert solve(1, 100, 20, [Loss(1, "dup3")], add_three=True).answer["cwnd"] == 13


def test_rows_come_as_text():
    assert get_solver("cn.congestion_window")(rounds=2, initial_cwnd=8, losses="2:timeout").answer["cwnd"] == 1


def test_rejects_contradictions():
    with pytest.raises(InputError, match="重复"):
        solve(3, losses=[Loss(1, "dup3"), Loss(1, "timeout")])
    with pytest.raises(InputError, match="之后"):
        solve(3, losses=[Loss(4, "dup3")])
    with pytest.raises(InputError, match="只能给出一个"):
        solve(3, rwnd=1, buffer=1)
