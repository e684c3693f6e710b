"""Oracle: every B tree shape by dynamic programming over (height, keys) -> possible node counts."""

from functools import cache

import pytest

from assistant408.core.errors import InputError
from assistant408.solvers.ds.b_tree_bounds import solve

LIMIT = 40


@cache
def subtrees(order, height):
    """The set of (keys, nodes) of a subtree that is not the root, up to LIMIT keys."""
    return shapes(order, height, (order + 1) // 2)


@cache
def shapes(order, height, least_children):
    if height == 1:
        return frozenset((k, 1) for k in range(least_children - 1, order) if k <= LIMIT)
    out, partial = set(), {(0, 0)}
    for children in range(1, order + 1):
        partial = {(a + k, b + n) for a, b in partial for k, n in subtrees(order, height - 1) if a + k <= LIMIT}
        if children >= least_children:
            out |= {(a + children - 1, b + 1) for a, b in partial if a + children - 1 <= LIMIT}
    return frozenset(out)


@pytest.mark.parametrize("order", [3, 4, 5, 7])
def test_bounds_equal_every_shape(order):
    trees = {h: {s for s in shapes(order, h, 2) if s[0]} for h in range(1, 6)}
    for h in range(1, 6):
        if trees[h]:
            assert solve(order, height=h).answer["min_keys"] == min(k for k, _ in trees[h])
            assert solve(order, height=h).answer["min_nodes"] == min(n for _, n in trees[h])
        answer = solve(order, height=h).answer
        if answer["max_keys"] <= LIMIT:
            assert (answer["max_keys"], answer["max_nodes"]) == max(trees[h])
    for keys in range(1, LIMIT + 1):
        answer = solve(order, keys=keys).answer
        fitting = [(h, n) for h in trees for k, n in trees[h] if k == keys]
        assert answer["min_height"] == min(h for h, _ in fitting)
        assert answer["max_height"] == max(h for h, _ in fitting)
        assert answer["min_nodes"] == min(n for _, n in fitting)
        assert answer["max_nodes"] == max(n for _, n in fitting)


def test_golden_408_2013_and_2014():
    assert solve(5, height=2).answer["min_keys"] == 5
    assert solve(4, keys=15).answer["max_nodes"] == 15


def test_refuses():
    with pytest.raises(InputError):
        solve(3)
    with pytest.raises(InputError):
        solve(3, 2, 2)
