"""Oracle: segments sent one by one, each acknowledgement opening the window."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from assistant408.solvers.cn.slow_start_time import solve


def rounds(segments: int, threshold: int | None, limit: int | None) -> list[int]:
    window, out = Fraction(1), []
    while segments:
        burst = min(segments, int(window), limit or segments)
        segments -= burst
        out.append(burst)
        growth = int(window)  # the window grows as if it had been used in full
        slow = threshold is None or window < threshold
        window = window + growth if slow else window + 1
        if slow and threshold is not None:
            window = min(window, Fraction(threshold))
    return out


@given(st.integers(1, 200), st.none() | st.integers(1, 20), st.none() | st.integers(1, 20))
def test_by_bursts(segments, threshold, limit):
    answer = solve(f"{segments}KB", "1KB", "10ms", ssthresh=threshold, rwnd=limit).answer
    expected = rounds(segments, threshold, limit)
    assert answer["bursts"] == expected
    assert answer["total_ms"] == 10 * (1 + len(expected))


def test_the_last_segment_need_not_be_full():
    assert solve("2049B", "1KB").answer["bursts"] == [1, 2]
