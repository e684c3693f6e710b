"""Oracle: both machines' CPU times, from N·CPI/f."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.co.cpu_change import solve

some = st.integers(1, 50)


@given(some, some, some, some, some, some)
def test_the_new_cpi_and_clock_reproduce_the_time(n0, n1, c0, c1, f0, f1):
    time = Fraction(n1 * c1, f1) / Fraction(n0 * c0, f0)
    ratios = {"instruction_ratio": Fraction(n1, n0), "time_ratio": time}
    assert solve(**ratios, clock_ratio=Fraction(f1, f0), old_cpi=c0).answer["new_cpi"] == c1
    assert solve(**ratios, cpi_ratio=Fraction(c1, c0), old_clock_mhz=f0).answer["new_clock_mhz"] == f1


def test_without_a_time_it_is_refused():
    with pytest.raises(InputError):
        solve(Fraction(1, 2), old_cpi=2)
