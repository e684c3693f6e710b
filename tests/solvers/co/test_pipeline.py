"""Oracle: an event simulation of tasks moving through stages."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.co.pipeline import solve

STAGES = st.lists(st.integers(1, 9), min_size=1, max_size=6)


def clocked(stages: list[int], n: int, cycle: int) -> int:
    """Tick a clock: every task moves one stage per cycle."""
    waiting, line, time = list(range(n)), [None] * len(stages), 0
    done = 0
    while done < n:
        line = [waiting.pop(0) if waiting else None, *line[:-1]]
        time += cycle
        done += line[-1] is not None
    return time


def unclocked(stages: list[int], n: int) -> int:
    """Relax the precedence graph of (task, stage) pairs."""
    end = {}
    for task in range(n):
        for s, t in enumerate(stages):
            end[task, s] = max(end.get((task, s - 1), 0), end.get((task - 1, s), 0)) + t
    return end[n - 1, len(stages) - 1]


@given(STAGES, st.integers(1, 20), st.integers(0, 3))
def test_totals(stages, n, latch):
    paced = [t + latch for t in stages]
    assert solve(stages, n, latch).answer["total_ns"] == clocked(paced, n, max(paced))
    answer = solve(stages, n, latch, "各段时间").answer
    assert answer["total_ns"] == unclocked(paced, n)
    assert answer["speedup"] == Fraction(n * sum(stages)) / answer["total_ns"]
    assert answer["efficiency"] == answer["speedup"] / len(stages)
    assert 0 < answer["efficiency"] <= 1
    assert all(stages[i - 1] == max(stages) for i in answer["bottleneck"])


@given(STAGES, st.integers(1, 6))
def test_the_diagram_ends_when_the_formula_says(stages, n):
    for clocking in ("统一时钟", "各段时间"):
        solution = solve(stages, n, 0, clocking)
        ends = [s.end for s in solution.steps[1].data.slices]
        assert max(ends) == solution.answer["total_ns"]


def test_golden_408_2009():
    assert solve([90, 80, 70, 60]).answer["cycle_ns"] == 90  # 408, 2009


def test_golden_408_2013():
    # 408, 2013: 1.03 GHz, 4 stages, 100 instructions in 103 cycles: 1.0×10^9 per second
    cycle = Fraction(10**9, 1_030_000_000)
    assert solve([cycle] * 4, 100).answer["throughput"] == 10**9


def test_refusal():
    with pytest.raises(InputError):
        solve([1, 0])
