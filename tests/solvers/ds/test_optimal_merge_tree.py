"""Oracle: the least cost over every order of merging up to k runs."""

from functools import cache
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from assistant408.solvers.ds.optimal_merge_tree import solve


@cache
def least(runs, ways):
    if len(runs) == 1:
        return 0
    options = []
    for size in range(2, min(ways, len(runs)) + 1):
        for chosen in combinations(range(len(runs)), size):
            new = sum(runs[i] for i in chosen)
            rest = tuple(sorted([*(r for i, r in enumerate(runs) if i not in chosen), new]))
            options.append(new + least(rest, ways))
    return min(options)


@given(st.lists(st.integers(1, 30), min_size=2, max_size=6), st.integers(2, 5))
@settings(max_examples=40)
def test_wpl_is_least(lengths, ways):
    answer = solve(lengths, ways).answer
    assert answer["wpl"] == least(tuple(sorted(lengths)), ways)
    assert answer["total_io"] == 2 * answer["wpl"]


@given(st.integers(2, 60), st.integers(2, 12))
def test_virtual_runs_make_every_merger_full(n, ways):
    answer = solve([1] * n, ways).answer
    assert 0 <= answer["virtual"] <= ways - 2
    assert n + answer["virtual"] == answer["merges"] * (ways - 1) + 1
    assert len(answer["first_merge"]) == ways - answer["virtual"]


def test_golden_yan_weimin_11_5():
    # 严蔚敏 §11.5: nine runs, 3-way: 446 transfers; without the run of 24, one virtual run
    assert solve([9, 30, 12, 18, 3, 17, 2, 6, 24], 3).answer["total_io"] == 446
    assert solve([9, 30, 12, 18, 3, 17, 2, 6], 3).answer["first_merge"] == [2, 3]


def test_golden_408_2019():
    # 120 runs, 12-way: 2 virtual runs
    assert solve([1] * 120, 12).answer["virtual"] == 2
