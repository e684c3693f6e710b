"""Oracle: every simple graph on few vertices (networkx)."""

from itertools import combinations

import networkx as nx
import pytest

from assistant408.core.errors import InputError
from assistant408.solvers.ds.graph_bounds import solve


def graphs(n, e):
    for chosen in combinations(combinations(range(n), 2), e):
        graph = nx.empty_graph(n)
        graph.add_edges_from(chosen)
        yield graph


COMPONENTS = {
    (n, e): {nx.number_connected_components(g) for g in graphs(n, e)}
    for n in range(1, 6)
    for e in range(n * (n - 1) // 2 + 1)
}


@pytest.mark.parametrize("n", range(1, 6))
def test_edges_of_connected_graphs(n):
    answer = solve(n).answer
    most = n * (n - 1) // 2
    assert answer["connected_edges"] == min(e for e in range(most + 1) if 1 in COMPONENTS[n, e])
    assert answer["ensure_edges"] == min(e for e in range(most + 1) if COMPONENTS[n, e] == {1})
    assert answer["max_edges"] == most


@pytest.mark.parametrize(("n", "e"), COMPONENTS)
def test_components(n, e):
    answer = solve(n, e).answer
    assert (answer["min_components"], answer["max_components"]) == (min(COMPONENTS[n, e]), max(COMPONENTS[n, e]))


@pytest.mark.parametrize("e", range(7))
def test_least_vertices_of_a_disconnected_graph(e):
    fitting = [n for (n, k), found in COMPONENTS.items() if k == e and max(found) > 1]
    assert solve(edges=e).answer["disconnected_vertices"] == min(fitting)


def test_strong_digraphs():
    for n in range(1, 5):
        arcs = solve(n).answer["strong_arcs"]
        pairs = [(u, v) for u in range(n) for v in range(n) if u != v]
        for k in range(arcs + 1):
            found = any(
                nx.is_strongly_connected(nx.DiGraph(list(chosen)) if chosen else nx.empty_graph(n, nx.DiGraph()))
                and len({x for pair in chosen for x in pair} or {0}) == n
                for chosen in combinations(pairs, k)
            )
            assert found == (k >= arcs)


def test_golden_408_2010():
    assert solve(7).answer["ensure_edges"] == 16


def test_refuses():
    with pytest.raises(InputError):
        solve()
    with pytest.raises(InputError):
        solve(3, 4)
