"""Oracle: trees grown level by level, and complete trees numbered in level order."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.ds.k_ary_tree import solve


@given(st.integers(2, 6), st.integers(1, 6))
def test_extremes_of_a_height(m, h):
    full = chain = 0
    width = 1
    for level in range(h):
        full += width
        width *= m
        chain += 1 if level == 0 else m
    assert solve(m, height=h).answer["max_nodes"] == full
    assert solve(m, "strict", height=h).answer["min_nodes"] == chain
    assert solve(m, "degree", height=h).answer["min_nodes"] == (h - 1 + m if h > 1 else 1)


@given(st.integers(2, 5), st.integers(1, 300))
def test_complete_tree_by_numbering(m, n):
    parent = {v: (v - 2) // m + 1 for v in range(2, n + 1)}
    inner = len(set(parent.values()))
    deep, v = 1, n
    while v in parent:
        deep, v = deep + 1, parent[v]
    answer = solve(m, "complete", nodes=n).answer
    assert (answer["inner"], answer["leaves"], answer["min_height"]) == (inner, n - inner, deep)
    assert answer["null_links"] == m * n - (n - 1)


@given(st.integers(2, 6), st.integers(0, 40))
def test_strict_trees_grow_a_branch_at_a_time(m, inner):
    leaves = 1
    for _ in range(inner):
        leaves += m - 1
    for known in ({"leaves": leaves}, {"inner": inner}, {"nodes": leaves + inner}):
        answer = solve(m, "strict", **known).answer
        assert (answer["leaves"], answer["inner"], answer["nodes"]) == (leaves, inner, leaves + inner)


def test_refuses_a_tree_that_is_not():
    with pytest.raises(InputError):
        solve(3, "strict", leaves=4)
    with pytest.raises(InputError):
        solve(3)
