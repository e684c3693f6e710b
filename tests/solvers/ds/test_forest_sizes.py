"""Oracle: real forests, turned into binary trees link by link."""

import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.ds.forest_sizes import solve


def forest(sizes, rng):
    """Children by node, roots first."""
    children, roots, n = {}, [], 0
    for size in sizes:
        nodes = list(range(n, n + size))
        roots.append(n)
        for k, v in enumerate(nodes):
            children[v] = []
            if k:
                children[rng.choice(nodes[:k])].append(v)
        n += size
    return children, roots


@given(st.lists(st.integers(1, 8), min_size=1, max_size=5), st.integers(0, 10**6))
def test_links_of_the_binary_tree(sizes, seed):
    children, roots = forest(sizes, random.Random(seed))
    left = {v: c[0] for v, c in children.items() if c}
    right = {a: b for row in (roots, *children.values()) for a, b in pairwise(row)}

    def size(v):
        return 0 if v is None else 1 + size(left.get(v)) + size(right.get(v))

    leaves = sum(not c for c in children.values())
    answer = solve(sizes, leaves=leaves).answer
    assert answer["left_subtree"] == size(left.get(roots[0]))
    assert answer["right_subtree"] == size(right.get(roots[0]))
    assert answer["no_right"] == sum(v not in right for v in children)
    assert answer["no_left"] == sum(v not in left for v in children)
    edges = sum(map(len, children.values()))
    assert solve(nodes=len(children), edges=edges).answer["trees"] == len(sizes)


def test_golden_408_2011():
    assert solve(nodes=2011, leaves=116).answer["no_right"] == 1896


def test_refuses():
    with pytest.raises(InputError):
        solve(nodes=5)
    with pytest.raises(InputError):
        solve(nodes=5, edges=6)
