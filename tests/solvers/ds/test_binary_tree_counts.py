"""Oracle: every binary tree of a few nodes, built and counted."""

from functools import cache

import pytest

from assistant408.core.errors import InputError
from assistant408.solvers.ds.binary_tree_counts import solve


@cache
def trees(n):
    """All shapes of n nodes, as nested pairs."""
    if n == 0:
        return [None]
    return [(a, b) for k in range(n) for a in trees(k) for b in trees(n - 1 - k)]


def degrees(t):
    if t is None:
        return []
    return [(t[0] is not None) + (t[1] is not None), *degrees(t[0]), *degrees(t[1])]


def height(t):
    return 0 if t is None else 1 + max(height(t[0]), height(t[1]))


@pytest.mark.parametrize("n", range(1, 8))
def test_counts_of_all_shapes(n):
    answer = solve(nodes=n).answer
    assert answer["shapes"] == len(trees(n))
    assert {answer["min_height"], answer["max_height"]} == {f(map(height, trees(n))) for f in (min, max)}
    for t in trees(n):
        row = degrees(t)
        found = solve(nodes=n, degree_one=row.count(1)).answer
        assert (found["leaves"], found["degree_two"]) == (row.count(0), row.count(2))
        assert solve(leaves=row.count(0), degree_one=row.count(1)).answer["nodes"] == n
        assert answer["null_links"] == 2 * n - sum(row)


@pytest.mark.parametrize("h", range(1, 5))
@pytest.mark.parametrize("strict", [False, True])
def test_extremes_of_a_height(h, strict):
    all_trees = [t for n in range(1, 10) for t in trees(n) if height(t) == h and not (strict and 1 in degrees(t))]
    answer = solve(height=h, strict=strict).answer
    assert answer["min_nodes"] == min(len(degrees(t)) for t in all_trees)
    assert answer["min_leaves"] == min(degrees(t).count(0) for t in all_trees)
    if h < 4:  # the greatest has no more than the nodes that were tried
        assert answer["max_nodes"] == max(len(degrees(t)) for t in all_trees)


def test_refuses():
    with pytest.raises(InputError):
        solve()
    with pytest.raises(InputError):
        solve(nodes=10, degree_one=2)
    with pytest.raises(InputError):
        solve(leaves=4, degree_two=4)
