"""Oracle: run the search for every key and every gap."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.ds.binary_search import solve

ROUNDINGS = st.sampled_from(["floor", "ceil"])


def probes(keys, target, rounding):
    low, high, path = 0, len(keys) - 1, []
    while low <= high:
        mid = (low + high) // 2 if rounding == "floor" else -(-(low + high) // 2)
        path.append(keys[mid])
        if keys[mid] == target:
            return path
        if target < keys[mid]:
            high = mid - 1
        else:
            low = mid + 1
    return path


@given(st.integers(1, 70), ROUNDINGS)
def test_averages_over_every_search(n, rounding):
    keys = list(range(1, 2 * n, 2))
    found = [len(probes(keys, k, rounding)) for k in keys]
    lost = [len(probes(keys, g, rounding)) for g in range(0, 2 * n + 1, 2)]
    answer = solve(n, rounding=rounding).answer
    assert answer["asl_success"] == Fraction(sum(found), n)
    assert answer["asl_failure"] == Fraction(sum(lost), n + 1)
    assert answer["max_comparisons"] == max(found) == max(lost)
    assert answer["min_failure"] == min(lost)
    assert answer["level_counts"] == [found.count(k) for k in range(1, max(found) + 1)]


@given(st.lists(st.integers(0, 60), min_size=1, unique=True), st.integers(0, 60), ROUNDINGS)
def test_path_of_one_search(keys, target, rounding):
    answer = solve(keys=sorted(keys), target=target, rounding=rounding).answer
    path = probes(sorted(keys), target, rounding)
    assert (answer["path"], answer["comparisons"]) == (path, len(path))


@given(st.integers(1, 10**6))
def test_height_of_the_decision_tree(n):
    assert 2 ** (solve(n).answer["max_comparisons"] - 1) <= n < 2 ** solve(n).answer["max_comparisons"]


def test_golden_yan_weimin_9_1():
    # 严蔚敏 §9.1.2: 11 keys, ASL 33/11; finding 21 takes 56, 19, 21
    keys = [5, 13, 19, 21, 37, 56, 64, 75, 80, 88, 92]
    answer = solve(keys=keys, target=21).answer
    assert answer["asl_success"] == 3
    assert answer["path"] == [56, 19, 21]


def test_golden_408_2010_and_2017():
    # 16 keys: a failed search takes at most 5 comparisons
    assert solve(16).answer["max_comparisons"] == 5


@pytest.mark.parametrize("args", [{}, {"count": 3, "keys": [1]}, {"keys": [2, 1]}, {"count": 3, "target": 1}])
def test_refuses(args):
    with pytest.raises(InputError):
        solve(**args)
