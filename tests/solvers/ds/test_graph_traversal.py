"""Oracle: networkx for the sequences; every neighbour order by brute force for the judgements."""

from itertools import permutations, product

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.ds.graph_traversal import Arc, solve

ARCS = st.lists(st.builds(Arc, st.sampled_from("ABCDEFG"), st.sampled_from("ABCDEFG")), min_size=1, max_size=14)


def graph_of(arcs, directed, names="ABCDEFG"):
    graph = nx.DiGraph() if directed else nx.Graph()
    graph.add_nodes_from(names)
    graph.add_edges_from((e.u, e.v) for e in arcs)
    return graph


@given(ARCS, st.booleans(), st.sampled_from("ABCDEFG"))
def test_sequences_and_levels_equal_networkx(arcs, directed, start):
    graph = graph_of(arcs, directed)
    answer = solve(arcs, start, directed, vertices=[*"ABCDEFG"]).answer
    reached = list(nx.dfs_preorder_nodes(graph, start, sort_neighbors=sorted))
    assert answer["dfs"][: len(reached)] == reached
    tree = list(nx.bfs_edges(graph, start, sort_neighbors=sorted))
    assert answer["bfs"][: len(reached)] == [start, *(v for _, v in tree)]
    assert answer["bfs_tree"][: len(tree)] == [f"{u}-{v}" for u, v in tree]
    assert answer["levels"] == nx.single_source_shortest_path_length(graph, start)
    if not directed:
        assert answer["components"] == nx.number_connected_components(graph)


def every_sequence(arcs, directed, names):
    """All DFS and all BFS sequences over every neighbour order, start and restart."""
    graph = graph_of(arcs, directed, names)
    orders = [list(permutations(graph[v])) for v in names]
    dfs, bfs = set(), set()
    for near in product(*orders):
        table = dict(zip(names, near, strict=True))
        for starts in permutations(names):
            out = []

            def visit(u, out=out, table=table):
                if u not in out:
                    out.append(u)
                    for v in table[u]:
                        visit(v)

            for s in starts:
                visit(s)
            dfs.add(tuple(out))
            seen = []
            for s in starts:
                queue = [] if s in seen else [s]
                seen += queue
                while queue:
                    u = queue.pop(0)
                    new = [v for v in table[u] if v not in seen]
                    seen += new
                    queue += new
            bfs.add(tuple(seen))
    return dfs, bfs


@given(st.lists(st.builds(Arc, st.sampled_from("ABCD"), st.sampled_from("ABCD")), max_size=6), st.booleans())
@settings(max_examples=30)
def test_judgements_equal_brute_force(arcs, directed):
    names = [*"ABCD"]
    dfs, bfs = every_sequence(arcs, directed, names)
    for candidate in permutations(names):
        answer = solve(arcs, "A", directed, candidate=list(candidate), vertices=names).answer
        assert answer["dfs_valid"] == (candidate in dfs)
        assert answer["bfs_valid"] == (candidate in bfs)


def test_listed_order_follows_the_edges():
    arcs = [Arc("A", "C"), Arc("A", "B"), Arc("B", "D"), Arc("C", "D")]
    assert solve(arcs, "A", order="listed").answer["dfs"] == ["A", "C", "D", "B"]
    assert solve(arcs, "A", order="listed").answer["bfs"] == ["A", "C", "B", "D"]


def test_golden_yan_weimin_7_3():
    # 严蔚敏图 7.13: G4 with v1..v8
    pairs = ["12", "13", "24", "25", "48", "58", "36", "37", "67"]
    arcs = [Arc(a, b) for a, b in pairs]
    answer = solve(arcs, "1").answer
    assert answer["dfs"] == [*"12485367"]
    assert answer["bfs"] == [*"12345678"]


@pytest.mark.parametrize(
    "args",
    [
        {"start": "Z"},
        {"start": "A", "candidate": ["A"]},
        {"start": "A", "vertices": ["A"]},
        {"start": "A", "vertices": ["A", "B", "A"]},
    ],
)
def test_refuses(args):
    with pytest.raises(InputError):
        solve([Arc("A", "B")], **args)
