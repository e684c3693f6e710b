"""Oracle: a walk along the time axis that counts refreshes and blocked time."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.co.dram_refresh import solve

MODES = ("集中刷新", "分散刷新", "异步刷新")


def walk(rows: int, period: int, cycle: int, mode: str) -> tuple[int, int]:
    """Refreshes and blocked nanoseconds in a period, one cycle at a time (period a multiple of the cycle)."""
    slots = period // cycle
    refresh = {
        "集中刷新": set(range(slots - rows, slots)),
        "分散刷新": {i for i in range(slots) if i % 2 == 1},
        "异步刷新": {(i + 1) * slots // rows - 1 for i in range(rows)},
    }[mode]
    blocked = 0 if mode == "分散刷新" else len(refresh) * cycle
    return len(refresh), blocked


@settings(max_examples=50)
@given(st.integers(1, 64), st.integers(2, 40), st.integers(1, 20), st.sampled_from(MODES))
def test_counting_along_the_axis(rows, per_row, cycle, mode):
    period = rows * per_row * cycle  # ns
    count, blocked = walk(rows, period, cycle, mode)
    answer = solve(rows, Fraction(period, 10**6), Fraction(cycle, 1000), mode).answer
    assert answer["refreshes"] == count
    assert answer["dead_rate"] == Fraction(blocked, period)
    assert answer["system_cycle_us"] == Fraction(cycle * (2 if mode == "分散刷新" else 1), 1000)
    if mode == "分散刷新":
        assert answer["interval_us"] * count == Fraction(period - period % (2 * cycle), 1000)
    if mode == "异步刷新":
        assert answer["interval_us"] * rows == Fraction(period, 1000)


def test_golden_tang():
    # 唐朔飞 4.2: 128×128, cycle 0.5 µs, 2 ms: dead time 64 µs, 3.2 %; asynchronous every 15.6 µs (15.625)
    central = solve(128, 2, Fraction(1, 2), "集中刷新").answer
    assert (central["dead_time_us"], central["dead_rate"]) == (64, Fraction(32, 1000))
    assert solve(128, 2, Fraction(1, 2), "异步刷新").answer["interval_us"] == Fraction("15.625")


def test_refusal():
    with pytest.raises(InputError, match="安排不下"):
        solve(4096, 2, 1)
