"""Oracle: average a list of accesses with that hit rate."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.co.needed_hit_rate import solve


@given(st.integers(1, 30), st.integers(31, 500), st.integers(0, 100), st.sampled_from(["同时访问", "先Cache后主存"]))
def test_the_mean_of_a_hundred_accesses(cache, memory, hits, access):
    miss = memory if access == "同时访问" else cache + memory
    mean = Fraction(hits * cache + (100 - hits) * miss, 100)
    assert solve(cache, memory, mean, access).answer["hit_rate"] == Fraction(hits, 100)


def test_a_mean_out_of_reach_is_refused():
    with pytest.raises(InputError):
        solve(20, 200, 10)
