"""Oracle: nodes of real B trees, grown from random keys and looked at."""

import random

import pytest

from assistant408.solvers.ds.b_tree import solve as grown
from assistant408.solvers.ds.b_tree_node import solve


def node_keys(tree):
    """Keys by node of ``40(20(10 15,30),60(...))``, the root first."""
    rows, text = [], ""
    for c in tree + ",":
        if c in "(),":
            if text:
                rows.append(text.split())
            text = ""
        else:
            text += c
    return [len(row) for row in rows]


@pytest.mark.parametrize("order", [3, 4, 5, 6, 7])
def test_nodes_of_real_trees_stay_in_range(order):
    answer = solve(order).answer
    seen = set()
    for seed in range(12):
        keys = random.Random(seed).sample(range(500), 60)
        sizes = node_keys(grown(order, keys).answer["tree"])
        seen |= set(sizes[1:])
        assert answer["least_root_keys"] <= sizes[0] <= answer["most_keys"]
    low, high = answer["keys"]
    assert (min(seen), max(seen)) == (low, high)
    assert answer["children"] == [low + 1, high + 1]


def test_a_b_plus_tree_has_as_many_keys_as_subtrees():
    answer = solve(5, plus=True).answer
    assert answer["keys"] == answer["children"] == [3, 5]
