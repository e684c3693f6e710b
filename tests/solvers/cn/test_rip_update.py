"""Oracle: RIP as a minimum over everything that is believed, and convergence to networkx's hop counts."""

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.core.registry import get_solver
from assistant408.solvers.cn.rip_update import Entry, Row, solve

NAMES = ["N1", "N2", "N3", "N4", "N5"]
DISTANCES = st.integers(1, 16)


@given(
    st.dictionaries(st.sampled_from(NAMES), st.tuples(DISTANCES, st.sampled_from(["A", "B", "C"])), max_size=5),
    st.dictionaries(st.sampled_from(NAMES), DISTANCES, min_size=1),
)
def test_a_row_is_the_least_of_what_is_still_believed(table, vector):
    answer = solve(
        [Row(n, d, hop) for n, (d, hop) in table.items()], "A", [Entry(n, d) for n, d in vector.items()]
    ).answer
    for name in NAMES:
        believed = []
        if name in table and not (table[name][1] == "A" and name in vector):
            believed.append((table[name][0], 0, table[name][1]))
        if name in vector:
            believed.append((min(16, vector[name] + 1), 1, "A"))
        best = min(believed, default=None)
        known = name in answer["table"]
        assert known == (name in table or (best is not None and best[0] < 16))
        if known:
            assert (answer["distances"][name], answer["next_hops"][name]) == (best[0], best[2])


@settings(max_examples=30)
@given(st.integers(2, 6), st.integers(0, 2**15 - 1))
def test_exchanging_vectors_converges_to_hop_counts(size, mask):
    graph = nx.path_graph(size)
    pairs = [(a, b) for a in range(size) for b in range(a)]
    graph.add_edges_from(p for i, p in enumerate(pairs) if mask >> i & 1)
    tables = {v: [Row(f"N{v}", 1)] for v in graph}
    for _ in range(size):
        for v in graph:
            for u in graph[v]:
                sent = [Entry(r.network, r.distance) for r in tables[u]]
                answer = solve(tables[v], f"R{u}", sent).answer
                tables[v] = [Row(n, d, answer["next_hops"][n]) for n, d in answer["distances"].items()]
    for v in graph:
        hops = nx.single_source_shortest_path_length(graph, v)
        assert {r.network: r.distance for r in tables[v]} == {f"N{u}": d + 1 for u, d in hops.items()}


def test_golden_xie_xiren_example_4_6():
    """谢希仁 §4.5.2 例: R6 with (N2,3,R4), (N3,4,R5) hears R4: (N1,3), (N2,4), (N3,1)."""
    answer = solve(
        [Row("N2", 3, "R4"), Row("N3", 4, "R5")], "R4", [Entry("N1", 3), Entry("N2", 4), Entry("N3", 1)]
    ).answer
    assert answer["table"] == {"N2": "5, R4", "N3": "2, R4", "N1": "4, R4"}


def test_golden_xie_xiren_exercise_4_41():
    """谢希仁 习题: B has N1 7 A, N2 2 C, N6 8 F, N8 4 E, N9 4 F and hears C: N2 4, N3 8, N6 4, N8 3, N9 5."""
    table = [Row("N1", 7, "A"), Row("N2", 2, "C"), Row("N6", 8, "F"), Row("N8", 4, "E"), Row("N9", 4, "F")]
    vector = [Entry("N2", 4), Entry("N3", 8), Entry("N6", 4), Entry("N8", 3), Entry("N9", 5)]
    assert solve(table, "C", vector).answer["table"] == {
        **{"N1": "7, A", "N2": "5, C", "N6": "5, C", "N8": "4, E", "N9": "4, F", "N3": "9, C"},
    }


def test_an_unreachable_network_is_not_added():
    answer = solve([], "R", [Entry("N1", 15)]).answer
    assert (answer["table"], answer["route"]) == ({}, "16, 无")


def test_rows_come_as_text():
    answer = get_solver("cn.rip_update")(table="N1:2:R3, N2:1", neighbour="R2", vector="N1:4 N3:2").answer
    assert answer["table"] == {"N1": "2, R3", "N2": "1, 直连", "N3": "3, R2"}


def test_rejects_unclear_tables():
    with pytest.raises(InputError, match="重复"):
        solve([Row("N1", 1), Row("N1", 2)], "R", [Entry("N1", 1)])
    with pytest.raises(InputError, match="不在路由表"):
        solve([], "R", [Entry("N1", 1)], "N2")
