"""Oracle: small machines with ARP caches and routing by network, which really hand the packet on."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.core.registry import get_solver
from assistant408.solvers.cn.arp_process import Interface, solve


def build(routers: int) -> list[Interface]:
    path = [Interface("H1", "10.0.0.9", "m0")]
    for i in range(routers):
        path += [
            Interface(f"R{i}", f"10.0.{i}.1", f"m{2 * i + 1}"),
            Interface(f"R{i}", f"10.0.{i + 1}.2", f"m{2 * i + 2}"),
        ]
    return [*path, Interface("H2", f"10.0.{routers}.9", f"m{2 * routers + 1}")]


def walk(path: list[Interface], ttl: int):
    """Each node finds the neighbour on its network by asking everybody there (ARP)."""
    network = lambda ip: ip.rsplit(".", 1)[0]  # noqa: E731
    frames, asked = [], 0
    here = path[0]
    while True:
        neighbours = [p for p in path if network(p.ip) == network(here.ip) and p.node != here.node]
        goal = path[-1].ip if network(path[-1].ip) == network(here.ip) else neighbours[0].ip
        asked += 1
        answer = next(p for p in neighbours if p.ip == goal)
        frames.append((here.mac, answer.mac, path[0].ip, path[-1].ip, ttl))
        if answer.ip == path[-1].ip:
            return frames, asked
        ttl -= 1
        here = next(p for p in path if p.node == answer.node and network(p.ip) != network(here.ip))


@given(st.integers(0, 8), st.data())
def test_agrees_with_machines_that_ask(routers, data):
    path = build(routers)
    link = data.draw(st.integers(1, routers + 1))
    frames, asked = walk(path, 64)
    answer = solve(path, link).answer
    fields = ("source_mac", "destination_mac", "source_ip", "destination_ip", "ttl")
    assert tuple(answer[k] for k in fields) == frames[link - 1]
    assert answer["arp_requests"] == asked
    assert answer["mac_pair"] == f"{frames[link - 1][1]}, {frames[link - 1][0]}"


def test_golden_one_router():
    """谢希仁 §4.2.2: the router writes new MAC addresses, from its own outer interface to H2; the IPs stay."""
    path = [
        *(Interface("H1", "192.168.3.2", "00-1a-2b-3c-4d-51"), Interface("R", "192.168.3.1", "00-1a-2b-3c-4d-62")),
        *(Interface("R", "192.168.4.1", "00-a1-b2-c3-d4-61"), Interface("H2", "192.168.4.2", "00-1a-2b-3c-4d-52")),
    ]
    answer = solve(path, 2).answer
    assert answer["mac_pair"] == "00-1a-2b-3c-4d-52, 00-a1-b2-c3-d4-61"
    assert (answer["source_ip"], answer["destination_ip"]) == ("192.168.3.2", "192.168.4.2")


def test_known_neighbours_are_not_asked_for():
    path = build(2)
    assert solve(path, known=[1, 3]).answer["arp_requests"] == 1


def test_rows_come_as_text():
    answer = get_solver("cn.arp_process")(path="A:10.0.0.1:aa, B:10.0.0.2:bb").answer
    assert answer["destination_mac"] == "bb"


def test_rejects_broken_paths():
    path = build(1)
    with pytest.raises(InputError, match="偶数"):
        solve(path[:3])
    with pytest.raises(InputError, match="出接口"):
        solve([path[0], path[1], Interface("X", "10.0.1.2", "x"), path[3]])
    with pytest.raises(InputError, match="不存在"):
        solve(path, 3)
    with pytest.raises(InputError, match="太小"):
        solve(path, ttl=1)


def test_the_ttl_falls_by_one_at_each_router():
    solution = solve(build(2), ttl=9)
    assert [row[5] for row in solution.steps[-1].data.rows] == [9, 8, 7]
    assert all(f"TTL$={t}$" in step.why for t, step in zip((9, 8, 7), solution.steps, strict=False))
