"""Oracle: the mean of the times of a list of single accesses."""

from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.co.cache_performance import solve


@given(st.integers(1, 100), st.integers(1, 1000), st.integers(0, 60), st.integers(0, 60))
def test_mean_of_single_accesses(tc, tm, hits, misses):
    assume(hits + misses)
    for access, miss_time in (("同时访问", tm), ("先Cache后主存", tc + tm)):
        times = [tc] * hits + [miss_time] * misses
        mean = Fraction(sum(times), len(times))
        answer = solve(tc, tm, accesses=hits + misses, misses=misses, access=access).answer
        assert answer["average_ns"] == mean
        assert answer["efficiency"] * mean == tc
        assert answer["speedup"] * mean == tm
        again = solve(tc, tm, Fraction(hits, hits + misses), access=access).answer
        assert again == answer


def test_golden_tang_example_4_7():
    # 唐朔飞 例 4.7: 2000 hits, 50 misses, tc = 50 ns, tm = 200 ns (the book rounds h to 0.97 first)
    answer = solve(50, 200, accesses=2050, misses=50).answer
    assert answer["hit_rate"] == Fraction(2000, 2050)
    assert round(float(answer["average_ns"]), 1) == 53.7


def test_refusals():
    with pytest.raises(InputError, match="命中率"):
        solve(1, 2)
    with pytest.raises(InputError, match="多于"):
        solve(1, 2, accesses=3, misses=4)
