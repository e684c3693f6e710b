"""Oracle: seconds of the two parts added up before and after."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.co.amdahl import solve


@given(st.integers(0, 100), st.integers(1, 100), st.integers(1, 50))
def test_seconds(kept, improved, k):
    total = kept + improved
    answer = solve(Fraction(improved, total), k, total).answer
    assert answer["new_time"] == kept + Fraction(improved, k)
    assert answer["speedup"] * answer["new_time"] == total
    if kept:
        assert answer["limit"] > answer["speedup"] or k > 10**6
        again = solve(Fraction(improved, total), 2, target_speedup=answer["speedup"]).answer
        assert again["needed_part_speedup"] == k


def test_golden_hennessy_patterson_1_9():
    # a part of 40 % made 10 times faster: 1.56
    assert solve(Fraction(4, 10), 10).answer["speedup"] == Fraction(100, 64)


def test_beyond_the_limit():
    with pytest.raises(InputError, match="达不到"):
        solve(Fraction(1, 2), 2, target_speedup=2)
