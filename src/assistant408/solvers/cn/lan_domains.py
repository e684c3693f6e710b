"""Collision and broadcast domains of a network (冲突域与广播域的个数)."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Annotated

from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Solution, Step
from assistant408.solvers.cn._show import listing

__all__ = ["solve"]


@solver(
    "cn.lan_domains",
    title="冲突域与广播域的个数",
    summary="给出路由器接口、交换机（所用端口和 VLAN 数）和集线器的连接，求网络中冲突域和广播域的个数。",
    syllabus=("cn.link.domains", "cn.link.vlan"),
    keywords=("冲突域", "广播域", "碰撞域", "集线器", "交换机", "路由器接口", "VLAN"),
    answers={
        "both": Out("冲突域与广播域的个数"),
        "collision": Out("冲突域的个数", "个"),
        "broadcast": Out("广播域的个数", "个"),
    },
    examples=({"switches": [9, 9], "hubs": 1}, {"switches": [24], "vlans": 3}),
)
def solve(
    switches: Annotated[
        list[int],
        Param("各交换机所用的端口数", "连接主机、路由器、集线器的端口都算", min=0, max=4096, max_len=100),
    ] = [],  # noqa: B006
    hubs: Annotated[int, Param("不在交换机上的集线器数", "直接连在路由器接口上或单独使用", min=0, max=100)] = 0,
    direct: Annotated[
        int, Param("直接连主机或路由器的接口数", "路由器接口之间或接口与主机直接相连的链路", min=0, max=100)
    ] = 0,
    joints: Annotated[
        int, Param("交换机之间的链路数", "两台交换机相连的链路，占两个端口而只是一个冲突域", min=0, max=100)
    ] = 0,
    vlans: Annotated[int | None, Param("VLAN 数", "没有划分 VLAN 时不填", min=1, max=4094)] = None,
) -> Solution:
    """A port of a switch ends a collision domain, a port of a router (or a VLAN) a broadcast domain (冲突域与广播域).

    Args:
        switches: ports in use of each switch.
        hubs: hubs that hang on no switch; each is one collision domain.
        direct: links from a router to a host or to a router.
        joints: links between switches, which join their broadcast domains.
        vlans: number of VLANs over all the switches.

    Returns:
        `collision`, `broadcast`, and `both` of them.

    Examples:
        >>> solve([9, 9], hubs=1).answer["both"]
        [19, 3]
        >>> solve([24], vlans=3).answer["both"]
        [24, 3]
        >>> solve([5, 5], joints=1).answer["both"]  # two switches in a row
        [9, 1]

    Source:
        谢希仁《计算机网络》第8版 §3.4, §3.5.
    """
    collision = sum(switches) - joints + hubs + direct
    lans = vlans if vlans is not None else max(len(switches) - joints, 1 if switches else 0)
    broadcast = lans + hubs + direct
    ports = "+".join(map(str, switches)) or "0"
    return Solution(
        [
            Step(
                f"交换机的每个端口是一个冲突域（{ports}，交换机之间的链路只算一次），集线器的所有端口同在一个冲突域，"
                f"路由器与主机或路由器的直连链路各是一个，共 {collision} 个冲突域。",
                listing(("交换机的端口", ports), ("集线器", hubs), ("直连链路", direct), ("冲突域", collision)),
                credit="求冲突域",
                gives={"collision": collision},
            ),
            Step(
                "交换机和集线器不隔离广播，路由器的每个接口"
                + ("和每个 VLAN " if vlans is not None else "")
                + f"是一个广播域，共 {broadcast} 个广播域。",
                credit="求广播域",
                gives={"broadcast": broadcast, "both": [collision, broadcast]},
            ),
        ]
    )


def mistakes(switches: list[int], hubs: int, direct: int, joints: int, vlans: int | None) -> Iterator[Mistake]:
    """Misconceptions: a switch taken for a hub, a broadcast domain a port, devices counted."""
    devices = len(switches) + hubs
    ports = sum(switches)
    yield Mistake("把交换机当成集线器", {"both": [devices, devices]})
    yield Mistake("以为交换机隔离广播", {"both": [ports + hubs, ports + hubs]})
    yield Mistake("以为所有设备同在一个广播域", {"both": [ports + hubs, 1]})
    yield Mistake("漏了交换机连接路由器的端口", {"both": [ports - len(switches) + hubs, devices]})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Switches and hubs on a router."""
    hosts, n, hubs = rng.randint(3, 12), rng.randint(2, 3), rng.randint(1, 2)
    stem = (
        f"一台路由器的 {n} 个接口各连接一台交换机，每台交换机连接 {hosts} 台主机；另有 {hubs} 个接口各连接一台集线器。"
        "该网络的冲突域和广播域的个数分别是（ ）。"
    )
    return Draft(stem, {"switches": [hosts + 1] * n, "hubs": hubs}, "both")
