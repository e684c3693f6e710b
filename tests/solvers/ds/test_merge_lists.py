"""Oracle: all ways in which two short lists may interleave, merged with a counter."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.ds.merge_lists import solve


def merged(a, b):
    a, b, count = list(a), list(b), 0
    while a and b:
        count += 1
        (a if a[0] <= b[0] else b).pop(0)
    return count


@pytest.mark.parametrize("m", range(1, 5))
@pytest.mark.parametrize("n", range(1, 5))
def test_extremes_over_all_interleavings(m, n):
    counts = []
    for places in itertools.combinations(range(m + n), m):
        rest = [k for k in range(m + n) if k not in places]
        counts.append(merged(places, rest))
    answer = solve(m, n).answer
    assert (answer["min_comparisons"], answer["max_comparisons"]) == (min(counts), max(counts))


@given(st.lists(st.integers(0, 40), min_size=1, max_size=9), st.lists(st.integers(0, 40), min_size=1, max_size=9))
def test_comparisons_of_given_lists(a, b):
    assert solve(first_keys=sorted(a), second_keys=sorted(b)).answer["comparisons"] == merged(sorted(a), sorted(b))


def test_refuses_a_list_out_of_order():
    with pytest.raises(InputError):
        solve(first_keys=[2, 1], second_keys=[3])
