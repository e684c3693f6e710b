"""Oracle: a list of accesses, counted."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.co.hit_rate import solve


@given(st.lists(st.booleans(), min_size=1, max_size=300))
def test_counting_a_list(trace):
    hits, misses = trace.count(True), trace.count(False)
    for given_ in ({"hits": hits, "misses": misses}, {"accesses": len(trace), "misses": misses}):
        assert solve(**given_).answer["hit_rate"] == Fraction(hits, len(trace))


def test_contradictions_are_refused():
    with pytest.raises(InputError):
        solve(10, 9, 2)
    with pytest.raises(InputError):
        solve(10)
