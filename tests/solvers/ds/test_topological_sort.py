"""Oracle: networkx's enumeration, and every permutation."""

from itertools import permutations

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.ds.topological_sort import Arc, solve

NAMES = [*"abcdef"]
ARCS = st.lists(st.builds(Arc, st.sampled_from(NAMES), st.sampled_from(NAMES)), min_size=1, max_size=9)


def digraph(arcs):
    graph = nx.DiGraph()
    graph.add_nodes_from(NAMES)
    graph.add_edges_from((e.u, e.v) for e in arcs)
    return graph


@given(ARCS)
def test_orders_equal_networkx(arcs):
    graph = digraph(arcs)
    answer = solve(arcs, limit=500, vertices=NAMES).answer
    assert answer["acyclic"] == nx.is_directed_acyclic_graph(graph)
    if answer["acyclic"]:
        expected = sorted(nx.all_topological_sorts(graph))
        assert answer["count"] == len(expected)
        assert answer["orders"] == expected[:500]
        assert answer["order"] == list(nx.lexicographical_topological_sort(graph))
    else:
        on_cycle = {v for c in nx.strongly_connected_components(graph) for v in c if len(c) > 1 or graph.has_edge(v, v)}
        after = {w for v in on_cycle for w in nx.descendants(graph, v)} | on_cycle
        assert (answer["count"], answer["stuck"]) == (0, sorted(after))


@given(ARCS, st.permutations(NAMES))
def test_judges_like_the_definition(arcs, candidate):
    answer = solve(arcs, candidate, vertices=NAMES).answer
    assert answer["valid"] == all(candidate.index(e.u) < candidate.index(e.v) for e in arcs)
    if not answer["valid"]:
        assert answer["violated"] in {f"{e.u}→{e.v}" for e in arcs}


def test_golden_two_chains_interleave():
    # two chains of 2 and 3 vertices: C(5,2) = 10 interleavings
    arcs = [Arc("a", "b"), Arc("c", "d"), Arc("d", "e")]
    assert (
        solve(arcs).answer["count"]
        == 10
        == len(
            [
                p
                for p in permutations("abcde")
                if p.index("a") < p.index("b") and p.index("c") < p.index("d") < p.index("e")
            ]
        )
    )


def test_all_orders_of_a_small_dag():
    arcs = [Arc(*p) for p in ("ab", "ae", "bc", "bd", "ec", "cd")]
    assert solve(arcs).answer["orders"] == [[*"abecd"], [*"aebcd"]]


def test_refuses():
    with pytest.raises(InputError):
        solve([Arc(str(k), str(k + 1)) for k in range(16)])
    with pytest.raises(InputError):
        solve([Arc("a", "b")], ["a"])
