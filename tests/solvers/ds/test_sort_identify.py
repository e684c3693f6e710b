"""Oracle: independent one-liners for the passes, and pivots chosen by brute force."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.ds.sort_identify import solve

KEYS = st.lists(st.integers(0, 50), min_size=3, max_size=9, unique=True)


def bubbled(row):
    for i in range(len(row) - 1):
        if row[i] > row[i + 1]:
            row = [*row[:i], row[i + 1], row[i], *row[i + 2 :]]
    return row


def results(keys, k):
    """The state after k passes, from definitions."""
    n = len(keys)
    chosen = list(keys)
    for i in range(min(k, n - 1)):
        j = chosen.index(min(chosen[i:]))
        chosen[i], chosen[j] = chosen[j], chosen[i]
    sunk = list(keys)
    for _ in range(k):
        sunk = bubbled(sunk)
    return {
        "直接插入排序": sorted(keys[: k + 1]) + keys[k + 1 :],
        "简单选择排序": chosen,
        "冒泡排序（大的沉底）": sunk,
        "二路归并排序": [x for s in range(0, n, 2**k) for x in sorted(keys[s : s + 2**k])],
        "基数排序": sorted(keys, key=lambda key: key % 10**k),
    }


@given(KEYS, st.integers(1, 3))
def test_methods_are_those_whose_pass_it_is(keys, k):
    for name, state in results(keys, k).items():
        answer = solve(keys, state, k).answer
        assert name in answer["methods"]
        assert answer["states"][name] == state
    for name, state in results(keys, k).items():
        other = list(reversed(keys))
        assert (name in solve(keys, other, k).answer["methods"]) == (state == other)


def reachable(values, passes):
    """Every arrangement that some choice of pivots and partitions gives."""
    if passes == 0 or len(values) <= 1:
        return set(permutations(values))
    out = set()
    for pivot in values:
        low = reachable(tuple(v for v in values if v < pivot), passes - 1)
        high = reachable(tuple(v for v in values if v > pivot), passes - 1)
        out |= {(*a, pivot, *b) for a in low for b in high}
    return out


@pytest.mark.parametrize("passes", [1, 2, 3])
def test_quick_possible_equals_brute_force(passes):
    values = tuple(range(5))
    possible = reachable(values, passes)
    for row in permutations(values):
        assert solve(list(values), list(row), passes).answer["quick_possible"] == (row in possible)


def test_golden_408_2009():
    # 11 12 13 7 8 9 23 4 5 after the second pass: only insertion sort fits
    result = [11, 12, 13, 7, 8, 9, 23, 4, 5]
    assert "直接插入排序" in solve([12, 13, 11, 7, 8, 9, 23, 4, 5], result, 2).answer["methods"]
    assert not solve(result, result, 2).answer["quick_possible"]


def test_golden_408_2014():
    # which can be no result of the second pass of quicksort: the third one
    rows = [[2, 3, 5, 4, 6, 7, 9], [2, 7, 5, 6, 4, 3, 9], [3, 2, 5, 4, 7, 6, 9], [4, 2, 3, 5, 7, 6, 9]]
    assert [solve(sorted(r), r, 2).answer["quick_possible"] for r in rows] == [True, True, False, True]


def test_golden_408_2019():
    rows = [
        [5, 2, 16, 12, 28, 60, 32, 72],
        [2, 16, 5, 28, 12, 60, 32, 72],
        [2, 12, 16, 5, 28, 32, 72, 60],
        [5, 2, 12, 28, 16, 32, 72, 60],
    ]
    assert [solve(sorted(r), r, 2).answer["quick_possible"] for r in rows] == [True, True, True, False]


def test_refuses():
    with pytest.raises(InputError):
        solve([1, 2], [1, 3])
