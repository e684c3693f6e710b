"""Oracle: the sizes that AVL trees of a height can have, by combining subtrees."""

import pytest

from assistant408.core.errors import InputError
from assistant408.solvers.ds.avl_bounds import solve


def sizes(height):
    """Every size of an AVL tree of this height."""
    table = {0: {0}, 1: {1}}
    for h in range(2, height + 1):
        table[h] = {a + b + 1 for low in (h - 1, h - 2) for a in table[h - 1] for b in table[low]}
    return table


def test_bounds_equal_all_combinations():
    table = sizes(7)
    for h in range(1, 8):
        answer = solve(height=h).answer
        assert (answer["min_nodes"], answer["max_nodes"]) == (min(table[h]), max(table[h]))
    for n in range(1, 50):
        heights = [h for h in table if n in table[h]]
        answer = solve(nodes=n).answer
        assert (answer["min_height"], answer["max_height"]) == (min(heights), max(heights))


def test_golden_408_2012():
    # height 6, every balance factor 1: 20 nodes
    assert solve(height=6).answer["min_nodes"] == 20


def test_refuses():
    with pytest.raises(InputError):
        solve()
    with pytest.raises(InputError):
        solve(2, 2)
