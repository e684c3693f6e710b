"""Oracle: cycles summed instruction by instruction."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.co.cpu_performance import InstructionClass, solve

COUNTS = st.lists(st.tuples(st.integers(1, 30), st.integers(1, 9)), min_size=1, max_size=6)


@given(COUNTS, st.integers(1, 4000))
def test_counts(rows, clock):
    stream = [cpi for count, cpi in rows for _ in range(count)]
    answer = solve([InstructionClass(str(i), *row) for i, row in enumerate(rows)], clock).answer
    assert answer["cpi"] == Fraction(sum(stream), len(stream))
    assert answer["mips"] * answer["cpi"] == clock
    if len(stream) > 1:
        assert answer["cycles"] == sum(stream)
        assert answer["time_s"] == Fraction(sum(stream), clock * 10**6)


@given(COUNTS)
def test_shares_are_counts_scaled(rows):
    total = sum(count for count, _ in rows)
    mix = [InstructionClass(str(i), Fraction(count, total), cpi) for i, (count, cpi) in enumerate(rows)]
    by_share = solve(mix, 100, total).answer
    by_count = solve([InstructionClass(str(i), *row) for i, row in enumerate(rows)], 100, total).answer
    assert by_share == by_count


def test_golden_408_2013():
    # 408, 2013: 1.2 GHz; 50 % CPI 2, 20 % CPI 3, 10 % CPI 4, 20 % CPI 5: 400 MIPS
    shares = [(Fraction(5, 10), 2), (Fraction(2, 10), 3), (Fraction(1, 10), 4), (Fraction(2, 10), 5)]
    assert solve([InstructionClass("x", s, c) for s, c in shares], 1200).answer["mips"] == 400


def test_refusal():
    with pytest.raises(InputError):
        solve([InstructionClass("A", Fraction(0), Fraction(1))])
