"""Oracle: networkx's Dijkstra on the subgraph of allowed intermediates."""

import itertools

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.ds.floyd import Edge, solve

NAMES = [*"ABCDE"]
EDGES = st.lists(
    st.builds(Edge, st.sampled_from(NAMES), st.sampled_from(NAMES), st.integers(0, 9)), min_size=1, max_size=14
)


def shortest(edges, allowed, u, v):
    graph = nx.DiGraph()
    graph.add_nodes_from({*allowed, u, v})
    for e in edges:
        inside = (e.u in allowed or e.u == u) and (e.v in allowed or e.v == v)
        if inside:
            old = graph.get_edge_data(e.u, e.v, {"weight": e.weight})["weight"]
            graph.add_edge(e.u, e.v, weight=min(old, e.weight))
    try:
        return nx.dijkstra_path_length(graph, u, v)
    except nx.NetworkXNoPath:
        return "∞"


@given(EDGES, st.integers(0, 5))
def test_every_matrix_is_the_shortest_over_its_intermediates(edges, k):
    answer = solve(edges, after=k, vertices=NAMES).answer
    for key, allowed in (("matrix_after", NAMES[:k]), ("matrix", NAMES)):
        assert answer[key] == [[0 if u == v else shortest(edges, allowed, u, v) for v in NAMES] for u in NAMES]


@given(EDGES)
def test_paths_have_their_distance(edges):
    weights = {}
    for e in edges:
        weights[e.u, e.v] = min(e.weight, weights.get((e.u, e.v), e.weight))
    matrix = solve(edges, vertices=NAMES).answer["matrix"]
    for i, u in enumerate(NAMES):
        for j, v in enumerate(NAMES):
            if i != j and matrix[i][j] != "∞":
                path = solve(edges, source=u, target=v, vertices=NAMES).answer["path"]
                assert (path[0], path[-1]) == (u, v)
                assert sum(weights[p] for p in itertools.pairwise(path)) == matrix[i][j]


def test_golden_yan_weimin_7_36():
    # 严蔚敏图 7.36: three vertices, final matrix
    edges = [Edge("A", "B", 4), Edge("A", "C", 11), Edge("B", "A", 6), Edge("B", "C", 2), Edge("C", "A", 3)]
    answer = solve(edges, after=1, source="C", target="B").answer
    assert answer["matrix"] == [[0, 4, 6], [5, 0, 2], [3, 7, 0]]
    assert answer["matrix_after"] == [[0, 4, 11], [6, 0, 2], [3, 7, 0]]
    assert answer["path"] == ["C", "A", "B"]


def test_refuses():
    edge = [Edge("A", "B", 1)]
    with pytest.raises(InputError):
        solve(edge, after=3)
    with pytest.raises(InputError):
        solve(edge, source="B", target="A")
    with pytest.raises(InputError):
        solve([Edge(str(k), str(k + 1), 1) for k in range(12)])
