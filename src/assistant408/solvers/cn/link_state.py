"""Link state (链路状态算法): shortest paths and the forwarding table of one router."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Annotated

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Cell, Graph, GraphEdge, GraphNode, Solution, Step, Table
from assistant408.solvers.cn._show import joined

__all__ = ["Link", "solve"]


@dataclass(frozen=True)
class Link:
    """A link between two routers, the same cost both ways."""

    a: Annotated[str, Param("一端", min_len=1, max_len=20)]
    b: Annotated[str, Param("另一端", min_len=1, max_len=20)]
    cost: Annotated[int, Param("费用", "链路费用（度量、代价）", min=1, max=10**6)]


@solver(
    "cn.link_state",
    title="链路状态路由（Dijkstra）与转发表",
    summary="给出网络拓扑（各链路的费用）和某路由器，用链路状态算法（Dijkstra、OSPF）求它到各结点的最短距离、最短路径、下一跳和转发表。",
    syllabus=("cn.network.link-state", "cn.network.ospf"),
    keywords=(
        "链路状态",
        "OSPF",
        "Dijkstra",
        "迪杰斯特拉",
        "转发表",
        "路由表",
        "最短路径",
        "下一跳",
        "链路费用",
        "度量",
    ),
    answers={
        "next_hops": Out("到各结点的下一跳"),
        "distances": Out("到各结点的最短距离"),
        "paths": Out("到各结点的最短路径"),
        "order": Out("依次加入的结点"),
        "distance": Out("到指定结点的最短距离"),
        "next_hop": Out("到指定结点的下一跳"),
        "path": Out("到指定结点的最短路径"),
    },
    examples=(
        {
            "links": [
                *({"a": "u", "b": "v", "cost": 2}, {"a": "u", "b": "w", "cost": 5}, {"a": "u", "b": "x", "cost": 1}),
                *({"a": "v", "b": "w", "cost": 3}, {"a": "v", "b": "x", "cost": 2}, {"a": "w", "b": "x", "cost": 3}),
                *({"a": "w", "b": "y", "cost": 1}, {"a": "w", "b": "z", "cost": 5}, {"a": "x", "b": "y", "cost": 1}),
                {"a": "y", "b": "z", "cost": 2},
            ],
            "source": "u",
        },
    ),
)
def solve(
    links: Annotated[list[Link], Param("链路", "结点:结点:费用，如 A:B:3, B:C:1", min_len=1, max_len=200)],
    source: Annotated[str, Param("源路由器", "为它求转发表", min_len=1, max_len=20)],
    focus: Annotated[str | None, Param("要问的目的结点", "不填为第一个其他结点")] = None,
) -> Solution:
    """Build a router's forwarding table with Dijkstra's algorithm (链路状态算法).

    Args:
        links: links with costs, equal both ways.
        source: the router.
        focus: the destination that `distance`, `next_hop` and `path` tell.

    Returns:
        `next_hops`, `distances`, `paths` by destination, `order` in which nodes join; `distance`, `next_hop`,
        `path` of the focus.

    Raises:
        InputError: an unknown node, a link to itself or one link twice, or an unreachable focus.

    Examples:
        >>> net = [Link("A", "B", 1), Link("B", "C", 2), Link("A", "C", 4)]
        >>> solve(net, "A").answer["next_hops"]
        {'B': 'B', 'C': 'B'}
        >>> solve([Link("A", "B", 1)], "A").answer["paths"]
        {'B': 'A→B'}
        >>> solve([Link("A", "B", 1), Link("A", "C", 1), Link("B", "D", 1), Link("C", "D", 1)], "A", "D").answer[
        ...     "path"]  # a tie keeps the path found first
        'A→B→D'

    Conventions:
        Among equal distances the node first in name joins first; an equally long path doesn't replace one.

    Source:
        Kurose and Ross, Computer Networking, §5.2.1; RFC 2328 §16.1.
    """
    costs = _read(links)
    if source not in costs:
        raise InputError(f"源路由器 {source!r} 不在拓扑中，应为 {joined(sorted(costs))} 之一。")
    target = focus or next(n for n in sorted(costs) if n != source)
    if target not in costs or target == source:
        raise InputError(f"目的结点 {target!r} 应为 {joined(sorted(set(costs) - {source}))} 之一。")
    order, dist, before, history = _dijkstra(costs, source)
    if target not in dist:
        raise InputError(f"从 {source} 到不了 {target!r}，请检查链路。")
    steps = [_round(i, order, history, sorted(set(costs) - {source})) for i in range(len(order))]
    paths = {n: _path(before, n) for n in order[1:]}
    hops = {n: p[1] for n, p in paths.items()}
    rows: list[list[Cell]] = [[n, hops[n], dist[n], "→".join(paths[n])] for n in sorted(hops)]
    steps.append(_tree(links, before, dist, source))
    steps.append(
        Step(
            f"沿最短路径树回溯，得 {source} 的转发表。",
            Table(["目的", "下一跳", "距离", "路径"], rows, [(i, 1) for i in range(len(rows))], caption="转发表"),
            credit="写出转发表",
            gives={
                "next_hops": {n: hops[n] for n in sorted(hops)},
                "distances": {n: dist[n] for n in sorted(hops)},
                "paths": {n: "→".join(paths[n]) for n in sorted(hops)},
                "order": order,
                "distance": dist[target],
                "next_hop": hops[target],
                "path": "→".join(paths[target]),
            },
        )
    )
    return Solution(steps, ["距离相等时先加入名字在前的结点", "等长的路径保留先找到的"])


_Costs = dict[str, dict[str, int]]
_Labels = dict[str, tuple[int, str]]


def _read(links: Sequence[Link]) -> _Costs:
    costs: _Costs = {}
    for link in links:
        if link.a == link.b:
            raise InputError(f"链路 {link.a}—{link.b!r} 的两端相同，请改正。")
        if link.b in costs.get(link.a, {}):
            raise InputError(f"链路 {link.a}—{link.b!r} 出现了两次，请只写一次。")
        costs.setdefault(link.a, {})[link.b] = link.cost
        costs.setdefault(link.b, {})[link.a] = link.cost
    return costs


def _dijkstra(
    costs: Mapping[str, Mapping[str, int]], source: str
) -> tuple[list[str], dict[str, int], dict[str, str], list[_Labels]]:
    """The order of joining, distances, predecessors, and the labels after every round."""
    labels: _Labels = {source: (0, "")}
    order: list[str] = []
    history = []
    while waiting := [n for n in labels if n not in order]:
        now = min(waiting, key=lambda n: (labels[n][0], n))
        order.append(now)
        for n, cost in costs[now].items():
            through = labels[now][0] + cost
            if n not in order and (n not in labels or through < labels[n][0]):
                labels[n] = (through, now)
        history.append(dict(labels))
    return order, {n: d for n, (d, _) in labels.items()}, {n: p for n, (_, p) in labels.items()}, history


def _path(before: Mapping[str, str], node: str) -> list[str]:
    path = [node]
    while before[path[0]]:
        path.insert(0, before[path[0]])
    return path


def _round(i: int, order: Sequence[str], history: Sequence[_Labels], others: Sequence[str]) -> Step:
    rows: list[list[Cell]] = []
    for k in range(i + 1):
        done = order[: k + 1]
        cells = [
            "" if n in done else f"{history[k][n][0]},{history[k][n][1]}" if n in history[k] else "∞" for n in others
        ]
        rows.append([k, "".join(done) if all(len(n) == 1 for n in done) else ",".join(done), *cells])
    old = history[i - 1] if i else {}
    marks = [(i, 2 + c) for c, n in enumerate(others) if history[i].get(n) != old.get(n) and n not in order[: i + 1]]
    changed = [
        f"D({n})={history[i][n][0]}" for n in others if history[i].get(n) != old.get(n) and n not in order[: i + 1]
    ]
    start = f"初始：N'={{{order[0]}}}" if i == 0 else f"加入距离最小的 {order[i]}（D={history[i][order[i]][0]}）"
    return Step(
        f"{start}，{'更新 ' + '，'.join(changed) if changed else '没有距离变小'}。",
        Table(["步", "N'", *(f"D({n}),p({n})" for n in others)], rows, marks),
        credit="每步选最小并更新",
    )


def _tree(links: Sequence[Link], before: Mapping[str, str], dist: Mapping[str, int], source: str) -> Step:
    nodes = [GraphNode(n, mark=n == source, note=str(d)) for n, d in dist.items()]
    edges = [
        GraphEdge(k.a, k.b, str(k.cost), mark=before.get(k.b) == k.a or before.get(k.a) == k.b)
        for k in links
        if k.a in dist
    ]
    return Step(
        "各结点的前驱构成以源为根的最短路径树。",
        Graph(nodes, edges, directed=False, caption="标出的是最短路径树"),
        credit="画出最短路径树",
    )


def mistakes(links: list[Link], source: str, focus: str | None) -> Iterator[Mistake]:
    """Misconceptions: fewest hops, a greedy walk, the last hop for the next hop, one link counted short."""
    costs = _read(links)
    target = focus or next(n for n in sorted(costs) if n != source)
    _, dist, before, _ = _dijkstra(costs, source)
    path = _path(before, target)

    def gives(way: Sequence[str]) -> dict[str, int | str]:
        total = sum(costs[a][b] for a, b in pairwise(way))
        return {"distance": total, "next_hop": way[1], "path": "→".join(way)}

    plain = {a: dict.fromkeys(row, 1) for a, row in costs.items()}
    yield Mistake("按跳数最少选路", gives(_path(_dijkstra(plain, source)[2], target)))
    for first in sorted(costs[source]):
        rest = {a: {b: c for b, c in row.items() if source not in (a, b)} for a, row in costs.items()}
        _, reached, way_back, _ = _dijkstra(rest, first)
        if target in reached:
            yield Mistake(f"取了经 {first} 的路径", gives([source, *_path(way_back, target)]))
    walk = [source]
    while walk[-1] != target and (open_ends := set(costs[walk[-1]]) - set(walk)):
        walk.append(min(open_ends, key=lambda n: (costs[walk[-1]][n], n)))
    if walk[-1] == target:
        yield Mistake("每一步都走当前费用最小的链路", gives(walk))
    if len(path) > 2:
        yield Mistake("把目的结点的前驱当成下一跳", {"next_hop": path[-2]})
        yield Mistake("把目的结点当成下一跳", {"next_hop": target})
    yield Mistake("漏写了中间结点", {"path": f"{source}→{target}"})
    yield Mistake("漏加了最后一段链路", {"distance": dist[path[-2]]})
    yield Mistake("求成了跳数", {"distance": len(path) - 1})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """A ring with chords."""
    size = 4 + (difficulty + 1) // 2
    nodes = [f"R{i + 1}" for i in range(size)]
    pairs = {(i, (i + 1) % size) for i in range(size)} | {(0, 2), (1, 3)}
    links = [Link(nodes[a], nodes[b], rng.randint(1, 10)) for a, b in sorted(pairs)]
    costs = _read(links)
    far = [n for n in nodes[1:] if n not in costs[nodes[0]]] or nodes[1:]
    target = rng.choice(far)
    shown = "、".join(f"{k.a}—{k.b} 为 {k.cost}" for k in links)
    ask, what = (
        rng.choice([("distance", "最短距离"), ("next_hop", "下一跳")]) if difficulty < 4 else ("path", "最短路径")
    )
    stem = f"某自治系统采用 OSPF，各路由器之间的链路费用为：{shown}。路由器 R1 到 {target} 的{what}是（ ）。"
    return Draft(stem, {"links": links, "source": "R1", "focus": target}, ask)
