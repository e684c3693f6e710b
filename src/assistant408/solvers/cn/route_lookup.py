"""Route lookup (最长前缀匹配): the next hop of a packet."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Cell, Solution, Step, Table
from assistant408.solvers.cn._ip import Prefix, address, dotted, prefix
from assistant408.solvers.cn._show import joined

__all__ = ["Route", "solve"]

DROPPED = "丢弃"


@dataclass(frozen=True)
class Route:
    """A row of the routing table."""

    network: Annotated[str, Param("目的网络", "如 10.1.0.0/16；默认路由写 0.0.0.0/0", min_len=1, max_len=40)]
    next_hop: Annotated[str, Param("下一跳或接口", "如 R1、S0、192.168.1.1、直接交付", min_len=1, max_len=40)]


@solver(
    "cn.route_lookup",
    title="查路由表（最长前缀匹配）",
    summary="给出路由表（目的网络/前缀、下一跳或接口，可含默认路由）和分组的目的地址，按最长前缀匹配求下一跳。",
    syllabus=("cn.network.longest-prefix", "cn.network.forwarding"),
    keywords=("最长前缀匹配", "路由表", "转发表", "下一跳", "默认路由", "转发接口", "目的地址", "查表", "特定主机路由"),
    answers={
        "next_hop": Out("下一跳"),
        "next_hops": Out("各目的地址的下一跳"),
        "matched": Out("匹配的最长前缀"),
        "matches": Out("所有匹配的表项"),
    },
    examples=(
        {
            "routes": [
                {"network": "169.96.40.0/23", "next_hop": "S1"},
                {"network": "169.96.40.0/25", "next_hop": "S0"},
                {"network": "169.96.40.0/27", "next_hop": "S3"},
                {"network": "0.0.0.0/0", "next_hop": "S2"},
            ],
            "destinations": ["169.96.40.5"],
        },
    ),
)
def solve(
    routes: Annotated[list[Route], Param("路由表", "目的网络/前缀:下一跳，如 10.0.0.0/8:R1", min_len=1, max_len=100)],
    destinations: Annotated[list[str], Param("目的地址", "一个或多个，如 169.96.40.5", min_len=1, max_len=50)],
) -> Solution:
    """Find the next hop by the longest matching prefix (最长前缀匹配).

    Args:
        routes: rows of the table; ``0.0.0.0/0`` is the default route, ``/32`` a host route.
        destinations: destination addresses.

    Returns:
        `next_hop` of the first destination, `next_hops` of all by address (丢弃 if nothing matches), `matched`,
        the row used, and `matches`, all rows that match it, longest first.

    Raises:
        InputError: an address or a prefix that can't be read, or one network twice with different hops.

    Examples:
        >>> table = [Route("10.0.0.0/8", "R1"), Route("10.1.0.0/16", "R2"), Route("0.0.0.0/0", "R3")]
        >>> solve(table, ["10.1.2.3", "11.0.0.1"]).answer["next_hops"]
        {'10.1.2.3': 'R2', '11.0.0.1': 'R3'}
        >>> solve(table[:1], ["11.0.0.1"]).answer["next_hop"]  # no default route
        '丢弃'
        >>> solve([*table, Route("10.1.2.3/32", "R4")], ["10.1.2.3"]).answer["matched"]
        '10.1.2.3/32'

    Source:
        谢希仁《计算机网络》第8版 §4.3; RFC 1812 §5.2.4.3; 408 真题 2015-38.
    """
    table = _read(routes)
    targets = {text.strip(): address(text, "目的地址") for text in destinations}
    found = {text: _matches(table, number) for text, number in targets.items()}
    steps = [_step(table, text, targets[text], rows) for text, rows in found.items()]
    first = next(iter(found.values()))
    hops = {text: rows[0][1] if rows else DROPPED for text, rows in found.items()}
    steps.append(
        Step(
            "各目的地址的下一跳：" + "，".join(f"{text} 为 {hop}" for text, hop in hops.items()) + "。",
            gives={
                "next_hop": next(iter(hops.values())),
                "next_hops": dict(hops),
                "matched": str(first[0][0]) if first else "无",
                "matches": [str(p) for p, _ in first],
            },
        )
    )
    return Solution(steps, ["没有匹配的表项且没有默认路由时丢弃分组"])


def _read(routes: Sequence[Route]) -> list[tuple[Prefix, str]]:
    table: dict[Prefix, str] = {}
    for route in routes:
        block = prefix(route.network)
        if table.get(block, route.next_hop) != route.next_hop:
            raise InputError(f"目的网络 {route.network!r} 有两个不同的下一跳，请只留一个。")
        table[block] = route.next_hop
    return list(table.items())


def _matches(table: Sequence[tuple[Prefix, str]], number: int) -> list[tuple[Prefix, str]]:
    return sorted(((p, hop) for p, hop in table if number in p), key=lambda row: -row[0].length)


def _step(table: Sequence[tuple[Prefix, str]], text: str, number: int, found: Sequence[tuple[Prefix, str]]) -> Step:
    rows: list[list[Cell]] = []
    for p, hop in table:
        rows.append([str(p), dotted(p.mask), dotted(number & p.mask), "是" if number in p else "否", hop])
    marks = [(i, c) for i, (p, _) in enumerate(table) if found and p == found[0][0] for c in range(5)]
    if not found:
        end = "没有匹配的表项，丢弃分组"
    elif found[0][0].length == 0:
        end = f"只有默认路由匹配，下一跳为 {found[0][1]}"
    else:
        end = f"匹配 {joined([p for p, _ in found])}，其中前缀最长的是 {found[0][0]}，下一跳为 {found[0][1]}"
    return Step(
        f"目的地址 {text} 依次与各掩码按位与，并与目的网络比较：{end}。",
        Table(["目的网络", "掩码", "按位与的结果", "匹配", "下一跳"], rows, marks),
        credit="最长前缀匹配",
    )


def mistakes(routes: list[Route], destinations: list[str]) -> Iterator[Mistake]:
    """Misconceptions: the first or the shortest match, the default route, the nearest network."""
    table = _read(routes)
    number = address(destinations[0])
    found = _matches(table, number)
    if found:
        first = next((p, hop) for p, hop in table if number in p)
        yield Mistake("取了表中第一个匹配的表项", {"next_hop": first[1], "matched": str(first[0])})
        for p, hop in found[1:]:
            why = "默认路由优先" if p.length == 0 else f"没有取最长的前缀，取了 /{p.length}"
            yield Mistake(why, {"next_hop": hop, "matched": str(p)})
    close = sorted(table, key=lambda row: (row[0].network ^ number).bit_length())
    for p, hop in close:
        if number not in p:
            yield Mistake(f"没有用掩码计算，误认为属于 {p}", {"next_hop": hop, "matched": str(p)})
    yield Mistake("以为没有匹配的表项", {"next_hop": DROPPED, "matched": "无"})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Nested prefixes; the address lies near their borders as difficulty grows."""
    base = rng.choice([10, 132, 169, 172]) << 24 | rng.randrange(256) << 16 | rng.randrange(0, 256, 8) << 8
    lengths = sorted(rng.sample(range(21, 29), 2 + difficulty // 2))
    routes = [Route(str(Prefix(base, n)), f"R{i + 1}") for i, n in enumerate(lengths)]
    target = rng.choice(lengths)
    block = Prefix(base, target)
    longer = [n for n in lengths if n > target]
    low = Prefix(base, longer[0]).last + 1 if longer else base + 1
    number = rng.randint(low, min(block.last - 1, low + (200 if difficulty > 2 else 2000)))
    routes.append(Route("0.0.0.0/0", f"R{len(lengths) + 1}"))
    rng.shuffle(routes)
    shown = "；".join(f"{r.network} 下一跳 {r.next_hop}" for r in routes)
    stem = f"某路由器的路由表如下：{shown}。若该路由器收到一个目的地址为 {dotted(number)} 的 IP 分组，则转发该分组的下一跳是（ ）。"
    return Draft(stem, {"routes": routes, "destinations": [dotted(number)]}, "next_hop")
