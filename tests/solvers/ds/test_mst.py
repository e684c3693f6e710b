"""Oracle: networkx, and every spanning tree by brute force for uniqueness."""

from itertools import combinations

import networkx as nx
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.ds.mst import Edge, solve

PAIRS = list(combinations("ABCDE", 2))
GRAPHS = st.lists(st.tuples(st.sampled_from(PAIRS), st.integers(1, 6)), min_size=4, unique_by=lambda e: e[0])


def graph_of(edges):
    graph = nx.Graph()
    graph.add_weighted_edges_from((e.u, e.v, e.weight) for e in edges)
    return graph


@given(GRAPHS, st.data())
@settings(max_examples=60)
def test_weight_orders_and_uniqueness(pairs, data):
    edges = [Edge(u, v, w) for (u, v), w in pairs]
    graph = graph_of(edges)
    assume(nx.is_connected(graph))
    start = data.draw(st.sampled_from(sorted(graph)))
    answer = solve(edges, start).answer
    n = len(graph)
    trees = [
        sum(e.weight for e in chosen)
        for chosen in combinations(edges, n - 1)
        if nx.is_connected(graph_of(chosen)) and len(graph_of(chosen)) == n
    ]
    assert answer["weight"] == min(trees)
    assert answer["unique"] == (trees.count(min(trees)) == 1)
    table = {frozenset((e.u, e.v)): e.weight for e in edges}
    for key in ("prim_edges", "kruskal_edges"):
        assert sum(table[frozenset(name.split("-"))] for name in answer[key]) == min(trees)
    inside = {start}
    for name in answer["prim_edges"]:
        u, v = name.split("-")
        crossing = [w for pair, w in table.items() if len(pair & inside) == 1]
        assert u in inside
        assert v not in inside
        assert table[frozenset((u, v))] == min(crossing)
        inside.add(v)
    weights = [table[frozenset(name.split("-"))] for name in answer["kruskal_edges"]]
    assert weights == sorted(weights)


def test_golden_yan_weimin_7_16():
    # 严蔚敏图 7.16: Prim from v1 takes 13, 36, 64, 32, 25; cost 15
    edges = [
        Edge(*row)
        for row in [
            ("1", "2", 6),
            ("1", "3", 1),
            ("1", "4", 5),
            ("2", "3", 5),
            ("3", "4", 5),
            ("2", "5", 3),
            ("3", "5", 6),
            ("3", "6", 4),
            ("4", "6", 2),
            ("5", "6", 6),
        ]
    ]
    answer = solve(edges, "1").answer
    assert answer["prim_edges"] == ["1-3", "3-6", "6-4", "3-2", "2-5"]
    assert answer["weight"] == 15
    assert [set(e.split("-")) for e in answer["kruskal_edges"][:4]] == [{"1", "3"}, {"4", "6"}, {"2", "5"}, {"3", "6"}]


def test_refuses():
    with pytest.raises(InputError):
        solve([Edge("A", "B", 1), Edge("C", "D", 1)])
    with pytest.raises(InputError):
        solve([Edge("A", "B", 1)], "C")
