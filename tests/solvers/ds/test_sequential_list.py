"""Oracle: elements of a real list that change their place."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.ds.sequential_list import solve


def moved(n, i, insert):
    before = list(range(n))
    after = [*before[: i - 1], "new", *before[i - 1 :]] if insert else before[: i - 1] + before[i:]
    return sum(x in after and after.index(x) != before.index(x) for x in before)


@given(st.integers(1, 30), st.booleans(), st.data())
def test_moves_of_a_real_list(n, insert, data):
    i = data.draw(st.integers(1, n + insert))
    answer = solve("insert" if insert else "delete", n, i).answer
    assert answer["moves"] == moved(n, i, insert)
    places = range(1, n + insert + 1)
    assert answer["average"] == Fraction(sum(moved(n, k, insert) for k in places), len(places))


@given(st.integers(0, 5000), st.integers(1, 16), st.integers(1, 50))
def test_address_by_stepping(base, size, i):
    at = base
    for _ in range(i - 1):
        at += size
    assert solve(position=i, base=base, size=size).answer["address"] == at


def test_formulas_without_a_length():
    assert solve("insert").answer == {"moves": "n-i+1", "average": "n/2"}
    assert solve("delete").answer == {"moves": "n-i", "average": "(n-1)/2"}


def test_refuses_a_place_outside():
    with pytest.raises(InputError):
        solve("delete", 5, 6)
