"""Oracle: two concrete programs, timed by instructions × CPI / clock."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.co.cpu_comparison import solve

POSITIVE = st.integers(1, 1000)


@given(POSITIVE, POSITIVE, POSITIVE, POSITIVE, POSITIVE, POSITIVE)
def test_two_machines(n1, c1, f1, n2, c2, f2):
    old, new = Fraction(n1 * c1, f1), Fraction(n2 * c2, f2)
    answer = solve(old, Fraction(n2, n1), Fraction(c2, c1), Fraction(f2, f1)).answer
    assert answer["time_s"] == new
    assert answer["speedup"] == old / new


def test_golden_408_2014():
    # 408, 2014: 20 s, instructions to 70 %, CPI to 1.2 times: 16.8 s
    assert solve(20, Fraction(7, 10), Fraction(12, 10)).answer["time_s"] == Fraction("16.8")


def test_refusal():
    with pytest.raises(InputError):
        solve(10, 0)
