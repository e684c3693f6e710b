"""Oracle: every path by depth-first search (networkx)."""

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.ds.critical_path import Activity, solve


@st.composite
def networks(draw):
    """Activities between events 1..6, always upwards."""
    rows = draw(
        st.lists(
            st.tuples(st.integers(1, 5), st.integers(1, 5), st.integers(0, 6)),
            min_size=1,
            max_size=9,
            unique_by=lambda r: r[:2],
        )
    )
    return [Activity(f"a{k}", str(u), str(min(u + d, 6)), w) for k, (u, d, w) in enumerate(rows)]


def paths(activities):
    """All paths from a source to a sink, as lists of activities."""
    graph = nx.MultiDiGraph()
    for a in activities:
        graph.add_edge(a.u, a.v, key=a.name)
    by_name = {a.name: a for a in activities}
    sources = [v for v in graph if graph.in_degree(v) == 0]
    sinks = [v for v in graph if graph.out_degree(v) == 0]
    return [
        [by_name[key] for _, _, key in path]
        for s in sources
        for t in sinks
        for path in nx.all_simple_edge_paths(graph, s, t)
    ]


def length(path):
    return sum(a.duration for a in path)


@given(networks())
def test_times_and_critical_activities_from_all_paths(activities):
    every = paths(activities)
    end = max(map(length, every))
    answer = solve(activities).answer
    assert answer["duration"] == end
    longest = [p for p in every if length(p) == end]
    assert set(answer["critical"]) == {a.name for p in longest for a in p}
    assert sorted(answer["critical_paths"]) == sorted("→".join([p[0].u, *(a.v for a in p)]) for p in longest)
    for a in activities:
        through = max(length(p) for p in every if a in p)
        assert answer["slack"][a.name] == end - through
        before = max(length(p[: p.index(a)]) for p in every if a in p)
        assert answer["earliest"][a.name] == answer["ve"][a.u] == before
        assert answer["latest"][a.name] == answer["vl"][a.v] - a.duration == end - through + before


def faster(activities, names):
    """The duration after the named activities take one unit less."""
    return max(
        length([Activity(a.name, a.u, a.v, a.duration - (a.name in names)) for a in p]) for p in paths(activities)
    )


@given(networks())
def test_speeding_up_by_one_unit(activities):
    """Crashing an activity by 1 shortens the project iff it is in `shorten`; pairs likewise."""
    answer = solve(activities).answer
    end = answer["duration"]
    for a in activities:
        if a.duration:
            assert (faster(activities, {a.name}) < end) == (a.name in answer["shorten"])
    for pair in answer["shorten_pairs"]:
        names = pair.split("+")
        assert faster(activities, set(names)) < end
        assert all(faster(activities, {n}) == end for n in names)


def test_golden_yan_weimin_7_29():
    # 严蔚敏图 7.29: 11 activities, 18 days, a1 a4 a7 a8 a10 a11
    rows = [
        (1, 2, 6),
        (1, 3, 4),
        (1, 4, 5),
        (2, 5, 1),
        (3, 5, 1),
        (4, 6, 2),
        (5, 7, 9),
        (5, 8, 7),
        (6, 8, 4),
        (7, 9, 2),
        (8, 9, 4),
    ]
    answer = solve([Activity(f"a{k}", str(u), str(v), w) for k, (u, v, w) in enumerate(rows, 1)]).answer
    assert answer["duration"] == 18
    assert answer["critical"] == ["a1", "a4", "a7", "a8", "a10", "a11"]
    assert list(answer["ve"].values()) == [0, 6, 4, 5, 7, 7, 16, 14, 18]
    assert list(answer["vl"].values()) == [0, 6, 6, 8, 7, 10, 16, 14, 18]
    assert answer["shorten"] == ["a1", "a4"]


def test_refuses():
    with pytest.raises(InputError):
        solve([Activity("a", "1", "2", 1), Activity("b", "2", "1", 1)])
    with pytest.raises(InputError):
        solve([Activity("a", "1", "2", 1), Activity("a", "2", "3", 1)])
