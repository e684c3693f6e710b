"""Oracle: sizes of all red-black trees by a recurrence over black height and colour."""

from functools import cache

import pytest

from assistant408.core.errors import InputError
from assistant408.solvers.ds.red_black_bounds import solve


@cache
def shapes(black, red):
    """(height, nodes) of all trees of a black height with a root of that colour; small black heights only."""
    if not red and black == 0:
        return {(0, 0)}
    below = (
        shapes(black, False) if red else (shapes(black - 1, False) | shapes(black - 1, True) if black > 0 else set())
    )
    return {(1 + max(a[0], b[0]), 1 + a[1] + b[1]) for a in below for b in below}


@pytest.mark.parametrize("b", [1, 2])
def test_extremes_of_a_black_height(b):
    trees = shapes(b, False)
    answer = solve(black_height=b).answer
    assert {answer["min_nodes"], answer["max_nodes"]} == {f(n for _, n in trees) for f in (min, max)}
    assert {answer["min_height"], answer["max_height"]} == {f(h for h, _ in trees) for f in (min, max)}


def test_least_nodes_of_a_height():
    trees = shapes(1, False) | shapes(2, False)
    for h in (1, 2, 3, 4):
        assert solve(height=h).answer["min_nodes"] == min(n for k, n in trees if k == h)


def test_refuses():
    with pytest.raises(InputError):
        solve()
