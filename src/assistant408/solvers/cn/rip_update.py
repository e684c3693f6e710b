"""RIP update (RIP 路由表更新): a routing table after a neighbour's distance vector."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Cell, Solution, Step, Table
from assistant408.solvers.cn._show import joined

__all__ = ["Entry", "Row", "solve"]

UNREACHABLE = 16


@dataclass(frozen=True)
class Row:
    """A row of the router's own table."""

    network: Annotated[str, Param("目的网络", min_len=1, max_len=40)]
    distance: Annotated[int, Param("距离", "跳数，16 表示不可达", min=0, max=16)]
    next_hop: Annotated[str, Param("下一跳", "直连写 直连", min_len=1, max_len=40)] = "直连"


@dataclass(frozen=True)
class Entry:
    """A row of the vector that the neighbour sends."""

    network: Annotated[str, Param("目的网络", min_len=1, max_len=40)]
    distance: Annotated[int, Param("距离", "邻居到该网络的跳数，16 表示不可达", min=0, max=16)]


@solver(
    "cn.rip_update",
    title="RIP 路由表更新",
    summary="给出路由器当前的路由表（目的网络、距离、下一跳）和相邻路由器发来的距离向量，按 RIP（距离向量算法）求更新后的路由表。",
    syllabus=("cn.network.rip", "cn.network.distance-vector"),
    keywords=(
        "RIP",
        "距离向量",
        "路由表更新",
        "跳数",
        "下一跳",
        "相邻路由器",
        "16",
        "不可达",
        "收到",
        "更新后的路由表",
    ),
    answers={
        "table": Out("更新后的路由表"),
        "distances": Out("更新后的距离"),
        "next_hops": Out("更新后的下一跳"),
        "changed": Out("有变化的目的网络"),
        "distance": Out("指定网络的距离", "跳"),
        "route": Out("指定网络的距离与下一跳"),
    },
    examples=(
        {
            "table": [
                {"network": "N2", "distance": 3, "next_hop": "R4"},
                {"network": "N3", "distance": 4, "next_hop": "R5"},
            ],
            "neighbour": "R4",
            "vector": [
                {"network": "N1", "distance": 3},
                {"network": "N2", "distance": 4},
                {"network": "N3", "distance": 1},
            ],
        },
    ),
)
def solve(
    table: Annotated[list[Row], Param("当前路由表", "目的网络:距离:下一跳，如 N2:3:R4", max_len=100)],
    neighbour: Annotated[str, Param("相邻路由器", "发来更新的路由器名，如 R4", min_len=1, max_len=40)],
    vector: Annotated[list[Entry], Param("收到的距离向量", "目的网络:距离，如 N1:3", min_len=1, max_len=100)],
    focus: Annotated[str | None, Param("要问的网络", "不填为向量中的第一个网络")] = None,
) -> Solution:
    """Update a RIP table from a neighbour's vector (RIP 路由表更新).

    Args:
        table: own rows; distances in hops, 16 is unreachable.
        neighbour: who sent the vector.
        vector: the neighbour's distances.
        focus: the network that `distance` and `route` tell.

    Returns:
        `table` as network → "distance, next hop", `distances`, `next_hops`, `changed`, `distance`, `route`.

    Raises:
        InputError: a network twice, or a `focus` in neither table.

    Examples:
        >>> old = [Row("N2", 3, "R4"), Row("N3", 4, "R5")]
        >>> solve(old, "R4", [Entry("N1", 3), Entry("N2", 4), Entry("N3", 1)]).answer["table"]
        {'N2': '5, R4', 'N3': '2, R4', 'N1': '4, R4'}
        >>> solve([Row("N1", 2, "R4")], "R4", [Entry("N1", 16)]).answer["distance"]  # bad news from the next hop
        16
        >>> solve([Row("N1", 3, "R2")], "R4", [Entry("N1", 2)]).answer["route"]  # a tie changes nothing
        '3, R2'

    Conventions:
        Distances grow by 1 and stop at 16. From the present next hop the news is taken whatever it is; from
        others only if it is shorter.

    Source:
        谢希仁《计算机网络》第8版 §4.5.2; RFC 2453 §3.9.2.
    """
    _check(table, vector)
    target = focus or vector[0].network
    before = {r.network: (r.distance, r.next_hop) for r in table}
    after, reasons = _update(before, neighbour, vector)
    if target not in {*before, *(e.network for e in vector)}:
        raise InputError(f"网络 {target!r} 不在路由表和距离向量中，应为 {joined(list(after))} 之一。")
    distance, hop = after.get(target, (UNREACHABLE, "无"))
    changed = [n for n, row in after.items() if before.get(n) != row]
    add: list[list[Cell]] = [[e.network, min(UNREACHABLE, e.distance + 1), neighbour] for e in vector]
    first = Step(
        f"把 {neighbour} 发来的各距离加 1，下一跳都改为 {neighbour}。",
        Table(["目的网络", "距离", "下一跳"], add, [(i, c) for i in range(len(add)) for c in (1, 2)]),
        credit="距离加 1、下一跳改为邻居",
    )
    compare = [Step(text, credit="逐项比较更新") for text in reasons]
    rows: list[list[Cell]] = [[n, d, hop] for n, (d, hop) in after.items()]
    marks = [(i, c) for i, n in enumerate(after) if n in changed for c in (1, 2)]
    last = Step(
        f"更新后有变化的网络：{joined(changed)}。",
        Table(["目的网络", "距离", "下一跳"], rows, marks, caption="更新后的路由表"),
        credit="写出更新后的路由表",
        gives={
            "table": {n: f"{d}, {hop}" for n, (d, hop) in after.items()},
            "distances": {n: d for n, (d, _) in after.items()},
            "next_hops": {n: hop for n, (_, hop) in after.items()},
            "changed": changed,
            "distance": distance,
            "route": f"{distance}, {hop}",
        },
    )
    return Solution([first, *compare, last], ["距离以跳数计，16 表示不可达", "距离相等时不更新"])


_Routes = dict[str, tuple[int, str]]


def _check(table: Sequence[Row], vector: Sequence[Entry]) -> None:
    for names in ([r.network for r in table], [e.network for e in vector]):
        if len(set(names)) < len(names):
            raise InputError(f"目的网络 {names!r} 有重复，每个网络只写一行，请改正。")


def _update(
    before: Mapping[str, tuple[int, str]], neighbour: str, vector: Sequence[Entry]
) -> tuple[_Routes, list[str]]:
    after = dict(before)
    reasons = []
    for entry in vector:
        name, offered = entry.network, min(UNREACHABLE, entry.distance + 1)
        now = before.get(name)
        if now is None:
            if offered < UNREACHABLE:
                after[name] = (offered, neighbour)
                reasons.append(f"{name}：原表中没有，添加（{offered}，{neighbour}）。")
            else:
                reasons.append(f"{name}：原表中没有且不可达，不添加。")
        elif now[1] == neighbour:
            after[name] = (offered, neighbour)
            same = "距离不变" if offered == now[0] else f"距离由 {now[0]} 改为 {offered}"
            reasons.append(f"{name}：下一跳就是 {neighbour}，用收到的更新，{same}。")
        elif offered < now[0]:
            after[name] = (offered, neighbour)
            reasons.append(f"{name}：下一跳不同，{offered} 小于原距离 {now[0]}，更新为（{offered}，{neighbour}）。")
        else:
            reasons.append(f"{name}：下一跳不同，{offered} 不小于原距离 {now[0]}，不变。")
    return after, reasons


def mistakes(table: list[Row], neighbour: str, vector: list[Entry], focus: str | None) -> Iterator[Mistake]:
    """Misconceptions: no 1 added, bad news ignored, everything taken over."""
    before = {r.network: (r.distance, r.next_hop) for r in table}
    target = focus or vector[0].network

    def gives(after: Mapping[str, tuple[int, str]]) -> dict[str, dict[str, str] | dict[str, int] | int | str]:
        out: dict[str, dict[str, str] | dict[str, int] | int | str] = {
            "table": {n: f"{d}, {hop}" for n, (d, hop) in after.items()},
            "distances": {n: d for n, (d, _) in after.items()},
        }
        if target in after:
            out |= {"distance": after[target][0], "route": f"{after[target][0]}, {after[target][1]}"}
        return out

    offers = {e.network: (min(UNREACHABLE, e.distance + 1), neighbour) for e in vector}
    shorter = {n: row for n, row in offers.items() if n not in before or row[0] < before[n][0]}
    yield Mistake("下一跳相同而距离变大时没有更新", gives({**before, **shorter}))
    yield Mistake("收到的路由全部照抄", gives({**before, **offers}))
    plain = [Entry(e.network, max(0, e.distance - 1)) for e in vector]
    yield Mistake("距离没有加 1", gives(_update(before, neighbour, plain)[0]))
    double = [Entry(e.network, min(UNREACHABLE, e.distance + 1)) for e in vector]
    yield Mistake("距离加了 2", gives(_update(before, neighbour, double)[0]))
    yield Mistake("没有更新", gives(before))
    if target in before:
        distance, hop = before[target]
        yield Mistake("把原距离与收到的距离相加", {"distance": distance + offers.get(target, (0, ""))[0]})
        yield Mistake("原距离加 1", {"distance": distance + 1, "route": f"{distance + 1}, {hop}"})
        yield Mistake("只改了下一跳", {"route": f"{distance}, {neighbour}"})
        if target in offers:
            yield Mistake("只改了距离", {"route": f"{offers[target][0]}, {hop}"})
    yield Mistake(
        "距离相等时也改为邻居",
        gives({**before, **{n: r for n, r in offers.items() if n not in before or r[0] <= before[n][0]}}),
    )


def generate(rng: random.Random, difficulty: int) -> Draft:
    """A small table and a vector; the asked-for row is harder when the next hop is the neighbour."""
    count = 3 + difficulty // 2
    names = [f"N{i}" for i in range(1, count + 2)]
    neighbour = "R2"
    rows = [Row(n, rng.randint(2, 8), rng.choice(["R2", "R3", "R4"])) for n in names[:count]]
    vector = [Entry(n, rng.randint(1, 8) if difficulty < 5 or rng.random() < 0.7 else 16) for n in names[1:]]
    asked = rng.choice(vector[:-1] if difficulty > 1 else vector).network
    mine = "；".join(f"({r.network}, {r.distance}, {r.next_hop})" for r in rows)
    theirs = "；".join(f"({e.network}, {e.distance})" for e in vector)
    ask, what = ("distance", "距离") if difficulty < 3 else ("route", "距离和下一跳")
    stem = (
        f"某自治系统采用 RIP。路由器 R1 的路由表（目的网络，距离，下一跳）为：{mine}。R1 收到相邻路由器 {neighbour} 发来的距离向量"
        f"（目的网络，距离）：{theirs}。更新后，R1 到 {asked} 的{what}是（ ）。"
    )
    return Draft(stem, {"table": rows, "neighbour": neighbour, "vector": vector, "focus": asked}, ask)
