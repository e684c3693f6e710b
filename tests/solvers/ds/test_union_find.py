"""Oracle: networkx's connected components and its own union-find."""

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.ds.union_find import Pair, solve

PAIRS = st.lists(st.builds(Pair, st.integers(0, 9), st.integers(0, 9)), max_size=15)
METHODS = st.sampled_from(["plain", "size", "height"])


def root(parents: list[int], x: int) -> int:
    return x if parents[x] < 0 else root(parents, parents[x])


def depth(parents: list[int], x: int) -> int:
    return 1 if parents[x] < 0 else 1 + depth(parents, parents[x])


@given(PAIRS, METHODS, st.booleans(), st.sampled_from(["first", "second"]), st.lists(st.integers(0, 9), max_size=4))
def test_sets_are_the_connected_components(pairs, method, compress, tie_root, finds):
    answer = solve(10, pairs, method, finds, compress, tie_root).answer
    graph = nx.empty_graph(10)
    graph.add_edges_from((p.a, p.b) for p in pairs)
    components = {frozenset(c) for c in nx.connected_components(graph)}
    parents = answer["parents"]
    mine = {frozenset(x for x in range(10) if root(parents, x) == r) for r in answer["roots"]}
    assert mine == components
    assert answer["sets"] == len(components)
    assert answer.get("found", []) == [root(parents, x) for x in finds]
    if method == "size":
        assert sorted(-parents[r] for r in answer["roots"]) == sorted(map(len, components))
    assert answer["height"] == max(depth(parents, x) for x in range(10))


@given(PAIRS, st.sampled_from(["size", "height"]))
def test_balanced_unions_keep_the_height_logarithmic(pairs, method):
    answer = solve(10, pairs, method).answer
    parents = answer["parents"]
    for r in answer["roots"]:
        members = [x for x in range(10) if root(parents, x) == r]
        assert 2 ** (max(depth(parents, x) for x in members) - 1) <= len(members)
        if method == "height":
            assert -parents[r] == max(depth(parents, x) for x in members)


@given(PAIRS, st.integers(0, 9))
def test_compression_flattens_the_path(pairs, x):
    before = solve(10, pairs).answer["parents"]
    answer = solve(10, pairs, finds=[x, x], compress=True).answer
    assert depth(answer["parents"], x) <= 2
    assert answer["steps"][1] <= 2
    assert root(before, x) == answer["found"][0]


def test_golden_chain_and_balanced():
    chain = [Pair(1, 0), Pair(2, 1), Pair(3, 2)]
    assert solve(4, chain).answer["parents"] == [1, 2, 3, -1]
    assert solve(4, chain, "size").answer["parents"] == [1, -4, 1, 1]
    # compression inside the unions flattens nothing here, as every union meets a root; the find flattens 0
    assert solve(4, chain, finds=[0], compress=True).answer["parents"] == [3, 3, 3, -1]


def test_refuses():
    with pytest.raises(InputError):
        solve(3, [Pair(0, 3)])
    with pytest.raises(InputError):
        solve(3, [], finds=[5])
