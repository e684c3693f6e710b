"""Oracle: sort every slice keys[i::gap] with sorted()."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.ds.shell_sort import halves, solve

KEYS = st.lists(st.integers(0, 30), min_size=2, max_size=14)


def one_pass(keys, gap):
    row = list(keys)
    for i in range(gap):
        row[i::gap] = sorted(row[i::gap])
    return row


def inversions(keys, gap):
    return sum(a > b for i in range(gap) for j, b in enumerate(keys[i::gap]) for a in keys[i::gap][:j])


@given(KEYS, st.lists(st.integers(1, 8), min_size=1, max_size=3, unique=True))
def test_passes_sort_the_slices(keys, gaps):
    gaps = sorted(gaps, reverse=True)
    expected, row, shifts = [], keys, 0
    for gap in gaps:
        shifts += inversions(row, gap)
        row = one_pass(row, gap)
        expected.append(row)
    answer = solve(keys, gaps).answer
    assert answer["passes"] == expected
    assert shifts <= answer["moves"] <= 3 * shifts


@given(KEYS, st.data())
def test_gaps_are_found_from_the_result(keys, data):
    gap = data.draw(st.integers(1, len(keys) - 1))
    result = one_pass(keys, gap)
    found = solve(keys, [gap], result=result).answer["gaps_found"]
    assert gap in found
    assert found == [d for d in range(1, len(keys)) if one_pass(keys, d) == result]


@given(KEYS)
def test_default_gaps_end_sorted(keys):
    answer = solve(keys).answer
    assert answer["passes"][-1] == sorted(keys)
    assert answer["pass_count"] == len(halves(len(keys)))


def test_golden_yan_weimin_10_5():
    keys = [49, 38, 65, 97, 76, 13, 27, 49, 55, 4]
    assert solve(keys, [5, 3, 1]).answer["passes"][:2] == [
        [13, 27, 49, 55, 4, 49, 38, 65, 97, 76],
        [13, 4, 49, 38, 27, 49, 55, 65, 97, 76],
    ]


def test_golden_408_2014():
    # 408 2014: 9 1 4 13 7 8 20 23 15 is a result of a second pass with gap 3
    result = [9, 1, 4, 13, 7, 8, 20, 23, 15]
    assert [d for d in range(2, 6) if one_pass(result, d) == result] == [3]
    assert 3 in solve(result, [3], result=result).answer["gaps_found"]


def test_refuses():
    with pytest.raises(InputError):
        solve([1, 2, 3], [1, 2])
    with pytest.raises(InputError):
        solve([1, 2, 3], result=[1, 2, 4])
