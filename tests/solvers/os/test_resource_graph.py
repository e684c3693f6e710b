"""Oracle: cycles by networkx where every class has one instance, else the best of all orders."""

from itertools import permutations

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.core.registry import get_solver
from assistant408.solvers.os.resource_graph import Resource, solve


@st.composite
def graphs(draw, most):
    counts = {f"R{i}": draw(st.integers(1, most)) for i in range(draw(st.integers(1, 3)))}
    processes = [f"P{i}" for i in range(draw(st.integers(1, 4)))]
    edges = []
    for r, c in counts.items():
        edges += [f"{r}->{p}" for p in draw(st.lists(st.sampled_from(processes), max_size=c))]
    wish = st.tuples(st.sampled_from(processes), st.sampled_from(list(counts)))
    edges += [f"{p}->{r}" for p, r in draw(st.lists(wish, max_size=5))]
    return counts, edges


def finishable(counts, edges):
    pairs = [e.split("->") for e in edges]
    processes = sorted({n for e in pairs for n in e} - set(counts))
    best = set()
    for order in permutations(processes):
        free = {r: c - sum(a == r for a, _ in pairs) for r, c in counts.items()}
        done = set()
        for p in order:
            if any(pairs.count([p, r]) > f for r, f in free.items()):
                break
            free = {r: f + pairs.count([r, p]) for r, f in free.items()}
            done.add(p)
        best |= done
    return set(processes) - best


@settings(max_examples=60)
@given(graphs(most=3))
def test_against_every_order(graph):
    counts, edges = graph
    if edges:
        answer = solve([Resource(r, c) for r, c in counts.items()], edges).answer
        assert set(answer["deadlocked"]) == finishable(counts, edges)
        assert answer["deadlock"] == bool(answer["deadlocked"])


@settings(max_examples=60)
@given(graphs(most=1))
def test_with_single_instances_deadlock_is_a_cycle(graph):
    counts, edges = graph
    if edges:
        cyclic = not nx.is_directed_acyclic_graph(nx.DiGraph([e.split("->") for e in edges]))
        lone = any(edges.count(e) > 1 for e in edges)  # two requests for the only instance never fit
        answer = solve([Resource(r, c) for r, c in counts.items()], edges).answer
        assert answer["deadlock"] or not cyclic
        assert lone or answer["deadlock"] == cyclic


def test_golden_silberschatz_8_3():
    """Figures 8.5 (deadlock) and 8.6 (a cycle without one)."""
    resources = [Resource("R1", 1), Resource("R2", 2), Resource("R3", 1), Resource("R4", 3)]
    edges = ["P1->R1", "R1->P2", "R2->P1", "R2->P2", "P2->R3", "R3->P3"]
    assert solve(resources, edges).answer["deadlock"] is False
    assert solve(resources, [*edges, "P3->R2"]).answer["deadlocked"] == ["P1", "P2", "P3"]
    cycle = ["P1->R1", "R1->P2", "R1->P3", "P3->R2", "R2->P1", "R2->P4"]
    assert solve([Resource("R1", 2), Resource("R2", 2)], cycle).answer["deadlock"] is False


def test_text_and_bad_edges():
    graph = get_solver("os.resource_graph")
    assert graph(resources="R1:1, R2:1", edges="R1->P1, P1->R2").answer["order"] == ["P1"]
    for edges in ("R1->R2", "P1->P2", "R1-P1", "R1->P1 R1->P2"):
        with pytest.raises(InputError):
            graph(resources="R1:1, R2:1", edges=edges)
