"""Oracle: networkx's Bellman-Ford."""

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.ds.dijkstra import Edge, solve

EDGES = st.lists(
    st.builds(Edge, st.sampled_from("ABCDEF"), st.sampled_from("ABCDEF"), st.integers(0, 9)), min_size=1, max_size=16
)


@given(EDGES, st.booleans())
def test_distances_equal_bellman_ford(edges, directed):
    graph = nx.DiGraph() if directed else nx.Graph()
    for e in edges:
        old = graph.get_edge_data(e.u, e.v, {"weight": e.weight})["weight"]
        graph.add_edge(e.u, e.v, weight=min(old, e.weight))
    source = min(graph)
    answer = solve(edges, source, directed=directed).answer
    expected = nx.single_source_bellman_ford_path_length(graph, source)
    got = {v: d for v, d in answer["distances"].items() if d != "∞"}
    assert {source: 0, **got} == expected
    for v, path in answer["paths"].items():
        assert path[0] == source
        assert path[-1] == v
        assert nx.path_weight(graph, path, "weight") == got[v]
    order = answer["order"]
    assert sorted(order) == sorted(got)
    assert [got[v] for v in order] == sorted(got.values())


def test_golden_clrs_24_6():
    # CLRS figure 24.6: s t x y z
    edges = [
        Edge(*row)
        for row in [
            ("s", "t", 10),
            ("s", "y", 5),
            ("t", "x", 1),
            ("t", "y", 2),
            ("y", "t", 3),
            ("y", "x", 9),
            ("y", "z", 2),
            ("x", "z", 4),
            ("z", "x", 6),
            ("z", "s", 7),
        ]
    ]
    answer = solve(edges, "s", "x").answer
    assert answer["distances"] == {"t": 8, "x": 9, "y": 5, "z": 7}
    assert answer["order"] == ["y", "z", "t", "x"]
    assert (answer["path"], answer["round"]) == (["s", "y", "t", "x"], 4)


def test_golden_yan_weimin_7_34():
    # 严蔚敏图 7.34: from v0
    edges = [
        Edge(*row)
        for row in [
            ("0", "2", 10),
            ("0", "4", 30),
            ("0", "5", 100),
            ("1", "2", 5),
            ("2", "3", 50),
            ("3", "5", 10),
            ("4", "3", 20),
            ("4", "5", 60),
        ]
    ]
    answer = solve(edges, "0", "5").answer
    assert answer["distances"] == {"1": "∞", "2": 10, "3": 50, "4": 30, "5": 60}
    assert answer["order"] == ["2", "4", "3", "5"]
    assert answer["path"] == ["0", "4", "3", "5"]


def test_refuses():
    with pytest.raises(InputError):
        solve([Edge("A", "B", 1)], "C")
    with pytest.raises(InputError):
        solve([Edge("A", "B", 1)], "B", "A")
