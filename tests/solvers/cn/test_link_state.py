"""Oracle: networkx, by Bellman and Ford's algorithm and by listing simple paths."""

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.core.registry import get_solver
from assistant408.solvers.cn.link_state import Link, solve

NETS = st.dictionaries(
    st.tuples(st.integers(0, 6), st.integers(0, 6)).filter(lambda p: p[0] < p[1]), st.integers(1, 9), min_size=1
)


@given(NETS)
def test_distances_and_paths_agree_with_networkx(net):
    graph = nx.Graph()
    for (a, b), cost in net.items():
        graph.add_edge(f"R{a}", f"R{b}", weight=cost)
    source = min(graph)
    answer = solve([Link(a, b, d["weight"]) for a, b, d in graph.edges(data=True)], source, min(graph[source])).answer
    expected = nx.single_source_bellman_ford_path_length(graph, source)
    assert answer["distances"] == {n: d for n, d in expected.items() if n != source}
    for n, text in answer["paths"].items():
        path = text.split("→")
        assert (path[0], path[-1], path[1]) == (source, n, answer["next_hops"][n])
        assert nx.path_weight(graph, path, "weight") == expected[n]


@given(NETS)
def test_nodes_join_by_distance_then_name(net):
    links = [Link(f"R{a}", f"R{b}", c) for (a, b), c in net.items()]
    source = min(k.a for k in links)
    first = next(k.b if k.a == source else k.a for k in links if source in (k.a, k.b))
    answer = solve(links, source, first).answer
    keys = [(answer["distances"].get(n, 0), n) for n in answer["order"]]
    assert keys == sorted(keys)


def test_golden_kurose_5_2_1():
    """Kurose §5.2.1, figure 5.3: from u the distances are v 2, w 3, x 1, y 2, z 4, all but v by way of x."""
    text = "u:v:2, u:w:5, u:x:1, v:w:3, v:x:2, w:x:3, w:y:1, w:z:5, x:y:1, y:z:2"
    answer = get_solver("cn.link_state")(links=text, source="u").answer
    assert answer["distances"] == {"v": 2, "w": 3, "x": 1, "y": 2, "z": 4}
    assert answer["next_hops"] == {"v": "v", "w": "x", "x": "x", "y": "x", "z": "x"}


def test_rejects_what_is_no_network():
    with pytest.raises(InputError, match="两端相同"):
        solve([Link("A", "A", 1)], "A")
    with pytest.raises(InputError, match="两次"):
        solve([Link("A", "B", 1), Link("B", "A", 2)], "A")
    with pytest.raises(InputError, match="源路由器"):
        solve([Link("A", "B", 1)], "X")
    with pytest.raises(InputError, match="目的结点"):
        solve([Link("A", "B", 1)], "A", "A")
    with pytest.raises(InputError, match="到不了"):
        solve([Link("A", "B", 1), Link("C", "D", 1)], "A", "D")
