"""Oracle: shortest paths of networkx in the graph that the vectors describe."""

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.cn.distance_vector import Neighbour, solve


@given(st.integers(2, 6), st.data())
def test_agrees_with_shortest_paths_over_stars(size, data):
    """One hop to a neighbour, then one edge that weighs what the neighbour claims."""
    nodes = [f"n{i}" for i in range(size)]
    near = data.draw(st.lists(st.sampled_from(nodes[1:]), unique=True, min_size=1))
    costs = [data.draw(st.integers(0, 20)) for _ in near]
    vectors = [[0 if n == b else data.draw(st.integers(0, 30)) for n in nodes] for b in near]
    graph = nx.DiGraph()
    for b, cost, vector in zip(near, costs, vectors, strict=True):
        graph.add_edge("me", ("hop", b), weight=cost)
        for n, d in zip(nodes, vector, strict=True):
            graph.add_edge(("hop", b), n, weight=d)
    expected = nx.single_source_dijkstra_path_length(graph, "me")
    answer = solve("n0", nodes, [Neighbour(b, c) for b, c in zip(near, costs, strict=True)], vectors).answer
    for n in nodes[1:]:
        assert answer["distances"][n] == expected[n]
        k = near.index(answer["next_hops"][n])
        assert costs[k] + vectors[k][nodes.index(n)] == expected[n]
    assert answer["distances"]["n0"] == 0


@given(st.integers(3, 6), st.integers(0, 10**6))
def test_true_vectors_give_true_distances(size, seed):
    graph = nx.cycle_graph(size)
    for k, (a, b) in enumerate(graph.edges):
        graph[a][b]["weight"] = 1 + (seed >> k) % 9
    true = dict(nx.all_pairs_dijkstra_path_length(graph))
    near = [Neighbour(str(b), graph[0][b]["weight"]) for b in graph[0]]
    vectors = [[true[b][v] for v in range(size)] for b in graph[0]]
    answer = solve("0", [str(v) for v in range(size)], near, vectors).answer
    assert answer["distances"] == {str(v): true[0][v] for v in range(size)}


def test_golden_tanenbaum_exercise():
    """Tanenbaum 5e ch. 5 ex. 6: C hears B, D, E over links of 6, 3, 5; the vector is (11, 6, 0, 3, 5, 8)."""
    near = [Neighbour("B", 6), Neighbour("D", 3), Neighbour("E", 5)]
    vectors = [[5, 0, 8, 12, 6, 2], [16, 12, 6, 0, 9, 10], [7, 6, 3, 9, 0, 4]]
    answer = solve("C", list("ABCDEF"), near, vectors).answer
    assert list(answer["distances"].values()) == [11, 6, 0, 3, 5, 8]
    assert list(answer["next_hops"].values()) == ["B", "B", "—", "D", "E", "B"]


def test_rejects_what_does_not_fit():
    with pytest.raises(InputError, match="长度"):
        solve("A", ["A", "B"], [Neighbour("B", 1)], [[1]])
    with pytest.raises(InputError, match="相邻结点"):
        solve("A", ["A", "B"], [Neighbour("X", 1)], [[1, 0]])
    with pytest.raises(InputError, match="本路由器"):
        solve("X", ["A", "B"], [Neighbour("B", 1)], [[1, 0]])
    with pytest.raises(InputError, match="不存在"):
        solve("A", ["A", "B"], [Neighbour("B", 1)], [[1, 0]], "X")
