"""Oracle: the history of frames searched backwards; a host is known where its last frame came in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.core.registry import get_solver
from assistant408.solvers.cn.switch_learning import Frame, Host, solve

PLACES = st.lists(st.integers(1, 4), min_size=2, max_size=6)
NAMES = "ABCDEF"


@given(PLACES, st.data())
def test_a_host_is_known_once_it_has_sent(places, data):
    hosts = [Host(n, p) for n, p in zip(NAMES, places, strict=False)]
    pair = st.permutations([h.name for h in hosts]).map(lambda p: Frame(p[0], p[1]))
    frames = data.draw(st.lists(pair, min_size=1, max_size=12))
    answer = solve(hosts, frames).answer
    where = dict(zip(NAMES, places, strict=False))
    for i, (frame, ports) in enumerate(zip(frames, answer["out_ports"], strict=True)):
        heard = any(earlier.source == frame.destination for earlier in frames[: i + 1])
        here, there = where[frame.source], where[frame.destination]
        if not heard:
            assert set(ports) == set(places) - {here}
        elif here == there:
            assert ports == []
        else:
            assert ports == [there]
    assert answer["table"] == {f.source: where[f.source] for f in frames}
    assert answer["entries"] == len({f.source for f in frames})


@given(PLACES)
def test_every_frame_reaches_its_destination_or_was_already_there(places):
    hosts = [Host(n, p) for n, p in zip(NAMES, places, strict=False)]
    frames = [Frame(a.name, b.name) for a in hosts for b in hosts if a != b]
    outs = solve(hosts, frames).answer["out_ports"]
    where = {h.name: h.port for h in hosts}
    for f, ports in zip(frames, outs, strict=True):
        assert where[f.destination] in ports or where[f.destination] == where[f.source]
        assert where[f.source] not in ports


def test_golden_2014_34():
    """2014-34: only b1 is in the table (port 2). a1 → c1 leaves by {2, 3}, the answer by {1}."""
    hosts = [Host("a1", 1), Host("b1", 2), Host("c1", 3)]
    answer = solve(hosts, [Frame("a1", "c1"), Frame("c1", "a1")], [Host("b1", 2)]).answer
    assert answer["out_ports"] == [[2, 3], [1]]


def test_idle_ports_are_flooded_too_and_a_moved_host_is_learned_anew():
    hosts = [Host("A", 1), Host("B", 2)]
    assert solve(hosts, [Frame("A", "B")], ports=[1, 2, 3, 4]).answer["out_ports"] == [[2, 3, 4]]
    assert solve(hosts, [Frame("A", "B")], [Host("A", 2)]).answer["table"] == {"A": 1}


def test_rows_come_as_text():
    answer = get_solver("cn.switch_learning")(hosts="A:1, B:2", frames="A:B, B:A").answer
    assert answer["actions"] == ["洪泛", "转发"]


def test_rejects_unknown_hosts():
    with pytest.raises(InputError, match="没有给出端口"):
        solve([Host("A", 1)], [Frame("X", "A")])
    with pytest.raises(InputError, match="两次"):
        solve([Host("A", 1), Host("A", 2)], [Frame("A", "B")])
    with pytest.raises(InputError, match="不在全部端口"):
        solve([Host("A", 1)], [Frame("A", "B")], ports=[2])
