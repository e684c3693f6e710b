"""Oracle: the quantities are drawn first, and one is hidden."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.co.cpu_equation import solve


@given(st.integers(1, 10**9), st.integers(1, 20), st.integers(1, 5000))
def test_any_three_give_the_rest(n, cpi, mhz):
    time = Fraction(n * cpi, mhz * 10**6)
    full = {"instructions": n, "cpi": cpi, "clock_mhz": mhz, "time_s": time}
    for hidden in full:
        answer = {"clock_hz": mhz * 10**6, **full, **solve(**{k: v for k, v in full.items() if k != hidden}).answer}
        assert (answer["time_s"], answer["cpi"], answer["instructions"]) == (time, cpi, n)
        assert answer["clock_hz"] == mhz * 10**6
        assert answer["mips"] == Fraction(mhz, cpi)


def test_too_little_is_refused():
    with pytest.raises(InputError, match="不够"):
        solve(clock_mhz=1000)
