"""Oracle: a disk that turns in quarter-sector ticks under the head."""

from fractions import Fraction
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.os.interleaving import solve

TICKS = 4  # a sector


def turning(layout, process_ticks):
    clock, record = 0, 1
    while record <= len(layout):
        position = clock % (TICKS * len(layout))
        if position % TICKS == 0 and layout[position // TICKS] == record:
            clock += TICKS + process_ticks
            record += 1
        else:
            clock += 1
    return clock


@settings(max_examples=80)
@given(st.integers(1, 12), st.integers(0, 40), st.integers(0, 12))
def test_against_a_turning_disk(sectors, process_ticks, gap):
    process = Fraction(process_ticks, TICKS)
    answer = solve(sectors, Fraction(sectors), process, gap).answer
    assert sorted(answer["layout"]) == list(range(1, sectors + 1))
    assert answer["total_ms"] * TICKS == turning(answer["layout"], process_ticks)
    assert answer["best_total_ms"] * TICKS == turning(answer["best_layout"], process_ticks)
    assert answer["best_total_ms"] <= answer["total_ms"]


@given(st.integers(1, 6), st.integers(0, 10))
def test_the_best_gap_is_the_best_of_all_arrangements(sectors, process_ticks):
    best = min(turning(p, process_ticks) for p in permutations(range(1, sectors + 1)) if p[0] == 1)
    found = solve(sectors, Fraction(sectors), Fraction(process_ticks, TICKS)).answer["best_total_ms"]
    assert found * TICKS == best


def test_golden_textbook():
    """汤小丹习题：20 ms/转、10 个记录、处理 4 ms：顺序 204 ms，优化 60 ms。"""
    answer = solve(10, Fraction(20), Fraction(4)).answer
    assert (answer["total_ms"], answer["best_total_ms"], answer["best_gap"]) == (204, 60, 2)


def test_bad_input():
    with pytest.raises(InputError):
        solve(3, Fraction(0), Fraction(1))
