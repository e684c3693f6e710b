"""Addresses hop by hop (逐跳的 MAC 地址与 IP 地址): what changes on the way and what doesn't, and ARP."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Cell, Message, Solution, Step, Table, Timeline
from assistant408.solvers.cn._ip import address
from assistant408.solvers.cn._show import joined

__all__ = ["Interface", "solve"]


@dataclass(frozen=True)
class Interface:
    """An interface on the path; a router stands twice in a row, with the one it receives and the one it sends by."""

    node: Annotated[str, Param("结点", min_len=1, max_len=30)]
    ip: Annotated[str, Param("IP 地址", min_len=7, max_len=15)]
    mac: Annotated[str, Param("MAC 地址", "如 00-11-22-33-44-55，或简写 MAC1", min_len=1, max_len=30)]


@solver(
    "cn.arp_process",
    title="转发途中的 MAC 地址与 IP 地址",
    summary="给出分组从源主机经路由器到目的主机沿途各接口的 IP 和 MAC 地址，求各段链路上帧的源/目的 MAC、源/目的 IP、TTL，以及 ARP 请求的对象和次数。",
    syllabus=("cn.network.hop-address", "cn.network.arp"),
    keywords=(
        "ARP",
        "MAC地址",
        "源MAC",
        "目的MAC",
        "源IP",
        "目的IP",
        "默认网关",
        "逐跳",
        "以太网帧",
        "跨网段",
        "TTL",
        "地址解析",
    ),
    answers={
        "destination_mac": Out("指定链路上的目的 MAC 地址"),
        "source_mac": Out("指定链路上的源 MAC 地址"),
        "destination_ip": Out("指定链路上的目的 IP 地址"),
        "source_ip": Out("指定链路上的源 IP 地址"),
        "mac_pair": Out("指定链路上的目的 MAC 与源 MAC"),
        "ttl": Out("指定链路上的 TTL"),
        "arp_requests": Out("所需的 ARP 请求次数", "次"),
        "arp_target": Out("指定链路上 ARP 请求解析的 IP"),
        "frames": Out("各链路上帧的地址"),
    },
    examples=(
        {
            "path": [
                {"node": "H1", "ip": "192.168.1.2", "mac": "00-1a-2b-3c-4d-51"},
                {"node": "R", "ip": "192.168.1.1", "mac": "00-a1-a1-a1-a1-61"},
                {"node": "R", "ip": "192.168.2.1", "mac": "00-a1-a1-a1-a1-62"},
                {"node": "H2", "ip": "192.168.2.3", "mac": "00-1a-2b-3c-4d-52"},
            ],
            "link": 2,
        },
    ),
)
def solve(
    path: Annotated[
        list[Interface],
        Param("沿途接口", "依次：源主机、各路由器的入接口和出接口、目的主机，写 结点:IP:MAC", min_len=2, max_len=40),
    ],
    link: Annotated[int, Param("要问的链路", "第几段链路，从 1 起", min=1, max=20)] = 1,
    ttl: Annotated[int, Param("初始 TTL", "源主机发出时的生存时间", min=1, max=255)] = 64,
    known: Annotated[
        list[int], Param("已缓存的链路", "发送方 ARP 缓存中已有下一跳 MAC 的链路号", min=1, max_len=20)
    ] = [],  # noqa: B006
) -> Solution:
    """Addresses of a packet's frames link by link (逐跳的地址).

    Args:
        path: interfaces in order: the source, in and out of each router, the destination.
        link: the link, from 1, that the single answers tell.
        ttl: time to live as the source sends it.
        known: links whose next hop is in the sender's ARP cache.

    Returns:
        `destination_mac`, `source_mac`, `destination_ip`, `source_ip`, `mac_pair`, `ttl` on that link; `arp_target`
        there; `arp_requests` on the whole path; `frames` of all links as text.

    Raises:
        InputError: an odd number of interfaces, a router whose two interfaces don't stand together, a link that
            doesn't exist, or a TTL that runs out.

    Examples:
        >>> path = [Interface("A", "10.0.1.2", "a"), Interface("R", "10.0.1.1", "r1"),
        ...         Interface("R", "10.0.2.1", "r2"), Interface("B", "10.0.2.2", "b")]
        >>> answer = solve(path).answer
        >>> answer["destination_mac"], answer["destination_ip"]
        ('r1', '10.0.2.2')
        >>> solve(path, link=2).answer["source_mac"]
        'r2'
        >>> solve([path[0], Interface("C", "10.0.1.3", "c")]).answer["arp_requests"]  # one network, no router
        1

    Conventions:
        No NAT on the way. A router lowers the TTL by 1. ARP requests are broadcast in their own network only.

    Source:
        谢希仁《计算机网络》第8版 §4.2.1, §4.2.2; RFC 826.
    """
    _check(path, link, ttl)
    hops = [(path[i], path[i + 1]) for i in range(0, len(path), 2)]
    source, target = path[0].ip, path[-1].ip
    steps = [_hop(n, a, b, source, target, ttl - n + 1, n in known) for n, (a, b) in enumerate(hops, 1)]
    here, there = hops[link - 1]
    asked = [n for n in range(1, len(hops) + 1) if n not in known]
    rows: list[list[Cell]] = [
        [f"{n}：{a.node}→{b.node}", a.mac, b.mac, source, target, ttl - n + 1] for n, (a, b) in enumerate(hops, 1)
    ]
    end = Step(
        f"第 {link} 段链路上：源 MAC 为 {here.mac}，目的 MAC 为 {there.mac}；IP 地址始终是 {source} 到 {target}。"
        f"全程需 {len(asked)} 次 ARP 请求。",
        Table(["链路", "源 MAC", "目的 MAC", "源 IP", "目的 IP", "TTL"], rows, [(link - 1, c) for c in range(6)]),
        credit="写出帧和分组的地址",
        gives={
            "destination_mac": there.mac,
            "source_mac": here.mac,
            "destination_ip": target,
            "source_ip": source,
            "mac_pair": f"{there.mac}, {here.mac}",
            "ttl": ttl - link + 1,
            "arp_target": there.ip,
            "arp_requests": len(asked),
            "frames": [f"MAC {a.mac} → {b.mac}，IP {source} → {target}" for a, b in hops],
        },
    )
    return Solution([*steps, _messages(hops), end], ["途中没有 NAT", "源主机把分组交给默认网关", "路由器把 TTL 减 1"])


def _check(path: Sequence[Interface], link: int, ttl: int) -> None:
    for interface in path:
        address(interface.ip)
    links = len(path) // 2
    if len(path) % 2:
        raise InputError(f"接口数 {len(path)!r} 应为偶数：源主机、每个路由器的入和出接口、目的主机，请补全。")
    for i in range(1, len(path) - 1, 2):
        if path[i].node != path[i + 1].node:
            raise InputError(f"路由器 {path[i].node!r} 缺少出接口：入接口之后应紧接同一结点的出接口。")
    if link > links:
        raise InputError(f"第 {link!r} 段链路不存在，共 {links} 段，请改正。")
    if ttl < links:
        raise InputError(f"初始 TTL {ttl!r} 太小，经过 {links - 1} 个路由器前就减为 0，请改大。")


def _hop(n: int, a: Interface, b: Interface, source: str, target: str, ttl: int, cached: bool) -> Step:
    how = f"ARP 缓存中已有 {b.ip}" if cached else f"在本网络内广播 ARP 请求 {b.ip}，{b.node} 单播响应 {b.mac}"
    last = "目的主机在本网络" if b.ip == target else f"目的不在本网络，下一跳是 {b.node}（{b.ip}）"
    return Step(
        f"第 {n} 段 {a.node}→{b.node}：{last}；{how}；帧的源 MAC 为 {a.mac}、目的 MAC 为 {b.mac}，"
        f"分组的源 IP 为 {source}、目的 IP 为 {target}，TTL$={ttl}$。",
        credit="求本段的目的 MAC",
    )


def _messages(hops: Sequence[tuple[Interface, Interface]]) -> Step:
    parties = [hops[0][0].node, *(b.node for _, b in hops)]
    messages = [Message(a.node, b.node, i, i + 1, f"{a.mac} → {b.mac}") for i, (a, b) in enumerate(hops)]
    return Step(
        "帧的 MAC 地址逐段改写，分组的 IP 地址不变。",
        Timeline(parties, messages, caption=f"途经 {joined(parties)}"),
    )


def mistakes(path: list[Interface], link: int, ttl: int, known: list[int]) -> Iterator[Mistake]:
    """Misconceptions: end-to-end MACs, hop-by-hop IPs, source and destination exchanged, the wrong side."""
    here, there = path[2 * link - 2], path[2 * link - 1]
    first, last = path[0], path[-1]

    def macs(a: Interface, b: Interface) -> dict[str, str]:
        return {"source_mac": a.mac, "destination_mac": b.mac, "mac_pair": f"{b.mac}, {a.mac}"}

    yield Mistake("以为 MAC 地址从头到尾不变", macs(first, last) | {"arp_target": last.ip})
    yield Mistake("源 MAC 与目的 MAC 弄反", macs(there, here))
    yield Mistake("源 MAC 没有改写", macs(first, there))
    yield Mistake("目的 MAC 取了目的主机的", macs(here, last))
    for other in path:
        if other.mac not in (here.mac, there.mac):
            yield Mistake(f"取了 {other.node} 的另一个接口", macs(here, other) | {"arp_target": other.ip})
    yield Mistake("目的 MAC 取了广播地址", {"destination_mac": "FF-FF-FF-FF-FF-FF"})
    yield Mistake("IP 地址也逐跳改写", {"source_ip": here.ip, "destination_ip": there.ip})
    yield Mistake("源 IP 与目的 IP 弄反", {"source_ip": last.ip, "destination_ip": first.ip})
    yield Mistake("以为目的 IP 是默认网关", {"destination_ip": path[1].ip, "source_ip": path[-2].ip})
    yield Mistake("TTL 没有减", {"ttl": ttl})
    yield Mistake("TTL 多减了 1", {"ttl": ttl - link})
    links = len(path) // 2
    yield Mistake("以为只需解析目的主机", {"arp_requests": 1})
    yield Mistake("每个结点都请求一次", {"arp_requests": links + 1})
    yield Mistake("每个接口都请求一次", {"arp_requests": len(path)})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """One router first, two and more later."""
    routers = 1 + difficulty // 3
    tail = iter(rng.sample(range(16, 250), 2 * routers + 2))
    nets = rng.sample(range(1, 200), routers + 1)

    def interface(node: str, net: int, host: int) -> Interface:
        return Interface(node, f"192.168.{net}.{host}", f"00-1A-2B-3C-4D-{next(tail):02X}")

    path = [interface("H1", nets[0], rng.randint(2, 99))]
    for i in range(routers):
        path += [interface(f"R{i + 1}", nets[i], 1), interface(f"R{i + 1}", nets[i + 1], 254 if i + 1 < routers else 1)]
    path.append(interface("H2", nets[-1], rng.randint(100, 200)))
    shown = "；".join(f"{p.node} 的接口 IP 为 {p.ip}、MAC 为 {p.mac}" for p in path)
    link = rng.randint(1, routers + 1)
    stem = f"主机 H1 经 {routers} 个路由器向主机 H2 发送 IP 分组，沿途依次经过的接口为：{shown}。各 ARP 缓存均为空，途中没有 NAT，"
    args: dict[str, object] = {"path": path, "link": link}
    if difficulty == 2:
        return Draft(f"{stem}则第 {link} 段链路上分组的目的 IP 地址是（ ）。", args, "destination_ip")
    if difficulty == 4:
        return Draft(stem + "则该分组到达 H2 的过程中共需发送 ARP 请求的次数是（ ）。", args, "arp_requests")
    ask, what = rng.choice([("destination_mac", "目的 MAC 地址"), ("mac_pair", "目的 MAC 地址和源 MAC 地址分别")])
    return Draft(f"{stem}则第 {link} 段链路上封装该分组的以太网帧的{what}是（ ）。", args, ask)
