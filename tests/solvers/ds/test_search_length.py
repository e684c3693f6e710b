"""Oracle: searches carried out and counted."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.ds.search_length import solve


@given(st.integers(1, 40))
def test_searches_of_a_real_list(n):
    keys = list(range(1, 2 * n, 2))
    found = [keys.index(k) + 1 for k in keys]
    assert solve(n).answer["success"] == Fraction(sum(found), n)
    failing = [next((i + 1 for i, k in enumerate(keys) if k > x), n) for x in range(0, 2 * n + 1, 2)]
    assert solve(n, ordered=True).answer["failure"] == Fraction(sum(failing), n + 1)


@given(st.lists(st.integers(1, 9), min_size=1, max_size=6))
def test_probabilities(parts):
    shares = [Fraction(p, sum(parts)) for p in parts]
    mean = sum(k * p for k, p in enumerate(shares, 1))
    assert solve(probabilities=shares).answer["success"] == mean


def test_refuses():
    with pytest.raises(InputError):
        solve()
    with pytest.raises(InputError):
        solve(probabilities=[Fraction(1, 2)])
