"""Critical paths of an AOE network (关键路径): earliest and latest times, critical activities, crashing."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Annotated

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Graph, GraphEdge, GraphNode, Solution, Step, Table, Value
from assistant408.solvers.ds._answers import integer, strings
from assistant408.solvers.ds._graphs import Arc, random_dag, vertex_list
from assistant408.solvers.ds._text import distinct, join

__all__ = ["solve"]


@dataclass(frozen=True)
class Activity:
    """An activity (活动) of an AOE network."""

    name: Annotated[str, Param("活动", "活动名，如 a1", min_len=1, max_len=10)]
    u: Annotated[str, Param("起点", "开始的事件", min_len=1, max_len=10)]
    v: Annotated[str, Param("终点", "结束的事件", min_len=1, max_len=10)]
    duration: Annotated[int, Param("持续时间", "非负整数", min=0, max=100_000)]


@solver(
    "ds.critical_path",
    title="关键路径",
    summary="给出 AOE 网的活动及其持续时间，求工期、关键活动与关键路径、事件和活动的最早与最迟时间、时间余量，以及缩短工期的办法。",
    syllabus=("ds.graph.aoe-compute", "ds.graph.aoe-critical"),
    keywords=(
        "关键路径",
        "AOE 网",
        "关键活动",
        "最早发生时间",
        "最迟发生时间",
        "最早开始",
        "最迟开始",
        "工期",
        "时间余量",
    ),
    answers={
        "duration": Out("工期（关键路径长度）"),
        "critical": Out("关键活动"),
        "critical_paths": Out("关键路径（事件序列）"),
        "ve": Out("事件的最早发生时间"),
        "vl": Out("事件的最迟发生时间"),
        "earliest": Out("活动的最早开始时间"),
        "latest": Out("活动的最迟开始时间"),
        "slack": Out("活动的时间余量"),
        "shorten": Out("单独加快即可缩短工期的活动"),
        "shorten_pairs": Out("须同时加快才能缩短工期的两个活动"),
    },
    examples=(
        {
            "activities": [
                {"name": "a1", "u": "1", "v": "2", "duration": 6},
                {"name": "a2", "u": "1", "v": "3", "duration": 4},
                {"name": "a3", "u": "1", "v": "4", "duration": 5},
                {"name": "a4", "u": "2", "v": "5", "duration": 1},
                {"name": "a5", "u": "3", "v": "5", "duration": 1},
                {"name": "a6", "u": "4", "v": "6", "duration": 2},
                {"name": "a7", "u": "5", "v": "7", "duration": 9},
                {"name": "a8", "u": "5", "v": "8", "duration": 7},
                {"name": "a9", "u": "6", "v": "8", "duration": 4},
                {"name": "a10", "u": "7", "v": "9", "duration": 2},
                {"name": "a11", "u": "8", "v": "9", "duration": 4},
            ]
        },
    ),
)
def solve(
    activities: Annotated[
        list[Activity], Param("活动", "活动名:起点:终点:持续时间，如 a1:1:2:6", min_len=1, max_len=80)
    ],
) -> Solution:
    """Find the critical paths of an AOE network (关键路径).

    Args:
        activities: arcs between events with their durations.

    Returns:
        `duration`, `critical` activities, `critical_paths` such as ``1→2→5``; `ve`, `vl` by event; `earliest`,
        `latest`, `slack` by activity; `shorten`, the activities on every critical path; `shorten_pairs` of others
        that together meet every critical path.

    Raises:
        InputError: repeated names, a cycle, or more than 200 critical paths.

    Examples:
        >>> acts = [Activity("a", "1", "2", 3), Activity("b", "1", "3", 2), Activity("c", "2", "4", 2),
        ...         Activity("d", "3", "4", 4)]
        >>> a = solve(acts).answer
        >>> a["duration"], a["critical"], a["slack"]["a"]
        (6, ['b', 'd'], 1)
        >>> solve([Activity("a", "1", "2", 0)]).answer["duration"]
        0

    Conventions:
        Events without a predecessor happen at 0, those without a successor at the latest at the end. An activity
        of duration 0 can't be sped up.

    Source:
        严蔚敏《数据结构（C 语言版）》§7.5.2.
    """
    distinct([a.name for a in activities], "活动名")
    events = _topological(activities)
    ve, vl = _times(activities, events)
    end = max(ve.values())
    earliest = {a.name: ve[a.u] for a in activities}
    latest = {a.name: vl[a.v] - a.duration for a in activities}
    slack = {name: latest[name] - earliest[name] for name in earliest}
    critical = [a.name for a in activities if slack[a.name] == 0]
    paths = _paths([a for a in activities if slack[a.name] == 0], ve, end)
    routes = ["→".join([path[0].u, *(a.v for a in path)]) for path in paths]
    alone, pairs = _shorten(paths)
    notes = {v: f"{ve[v]}/{vl[v]}" for v in events}
    steps = [
        Step(
            f"按拓扑次序求最早发生时间，$ve(j)=\\max\\{{ve(i)+dut\\}}$，工期为 {end}。",
            Table(["事件", *events], [["ve", *(ve[v] for v in events)]]),
            "ve 的计算",
            {"ve": ve, "duration": end},
        ),
        Step(
            "按逆拓扑次序求最迟发生时间，$vl(i)=\\min\\{vl(j)-dut\\}$，汇点的 $vl=ve$。",
            Table(["事件", *events], [["ve", *(ve[v] for v in events)], ["vl", *(vl[v] for v in events)]]),
            "vl 的计算",
            {"vl": vl},
        ),
        Step(
            f"活动的 $e=ve(i)$，$l=vl(j)-dut$；余量 $l-e=0$ 的是关键活动：{join(critical)}。",
            Table(
                ["活动", *earliest],
                [["e", *earliest.values()], ["l", *latest.values()], ["l-e", *slack.values()]],
                [(2, k) for k, name in enumerate(slack, 1) if slack[name] == 0],
            ),
            "关键活动",
            {"earliest": earliest, "latest": latest, "slack": slack, "critical": critical},
        ),
        Step(
            f"关键路径为 {join(routes, '；')}，长度 {end}。",
            Graph(
                [GraphNode(v, v, ve[v] == vl[v], notes[v]) for v in events],
                [GraphEdge(a.u, a.v, f"{a.name}={a.duration}", slack[a.name] == 0) for a in activities],
                caption="结点旁为 ve/vl，高亮的边为关键活动",
            ),
            "关键路径",
            {"critical_paths": routes},
        ),
        Step(
            f"缩短工期要使所有关键路径都变短：单独加快 {join(alone) or '任何一个活动都不行'}"
            f"{'；或同时加快 ' + join(pairs, '，') if pairs else ''}。",
            credit="所有关键路径都须缩短",
            gives={"shorten": alone, "shorten_pairs": pairs},
        ),
    ]
    return Solution(steps, ["源点的 ve=0，汇点的 vl=ve；持续时间为 0 的活动不能再加快"])


def _topological(activities: Sequence[Activity]) -> list[str]:
    """Return the events in topological order."""
    rest = vertex_list([Arc(a.u, a.v) for a in activities], [])
    order: list[str] = []
    while rest:
        free = [v for v in rest if not any(a.v == v and a.u in rest for a in activities)]
        if not free:
            raise InputError(f"活动在事件 {join(rest)!r} 间成回路，不是 AOE 网，请检查弧的方向。")
        order.append(free[0])
        rest.remove(free[0])
    return order


def _times(activities: Sequence[Activity], events: Sequence[str]) -> tuple[dict[str, int], dict[str, int]]:
    """Return earliest and latest times of the events."""
    ve: dict[str, int] = {}
    for v in events:
        ve[v] = max((ve[a.u] + a.duration for a in activities if a.v == v), default=0)
    vl: dict[str, int] = {}
    for v in reversed(events):
        vl[v] = min((vl[a.v] - a.duration for a in activities if a.u == v), default=max(ve.values()))
    return ve, {v: vl[v] for v in events}


def _paths(critical: Sequence[Activity], ve: Mapping[str, int], end: int) -> list[list[Activity]]:
    """List the critical paths, from an event at 0 without a critical predecessor to one at the end."""
    out: list[list[Activity]] = []

    def extend(v: str, path: list[Activity]) -> None:
        after = [a for a in critical if a.u == v]
        if not after and ve[v] == end and path:
            if len(out) == 200:
                raise InputError(f"关键路径多于 {len(out)!r} 条，请缩小规模。")
            out.append(path)
        for a in after:
            extend(a.v, [*path, a])

    into = {a.v for a in critical}
    for v in dict.fromkeys(a.u for a in critical):
        if v not in into:
            extend(v, [])
    return out


def _shorten(paths: Sequence[Sequence[Activity]]) -> tuple[list[str], list[str]]:
    """Return the activities on every path, and minimal pairs that meet every path."""
    sets = [{a.name for a in path if a.duration} for path in paths]
    names = list(dict.fromkeys(a.name for path in paths for a in path if a.duration))
    alone = [name for name in names if all(name in s for s in sets)]
    others = [name for name in names if name not in alone]
    pairs = [f"{x}+{y}" for x, y in combinations(others, 2) if all(x in s or y in s for s in sets)]
    return alone, pairs


def mistakes(activities: list[Activity]) -> Iterator[Mistake]:
    """Yield the shortest path, sums, swapped times and hasty speed-ups."""
    answer = solve(activities).answer
    events = _topological(activities)
    ve, vl = _times(activities, events)
    end = integer(answer["duration"])
    early: dict[str, int] = {}
    for v in events:
        early[v] = min((early[a.u] + a.duration for a in activities if a.v == v), default=0)
    late: dict[str, int] = {}
    for v in reversed(events):
        late[v] = max((late[a.v] - a.duration for a in activities if a.u == v), default=end)
    yield Mistake("求 ve 时取了最小值，得到的是最短路径", {"duration": early[events[-1]], "ve": early})
    yield Mistake("求 vl 时取了最大值", {"vl": {v: late[v] for v in events}})
    yield Mistake("把各活动的持续时间全部相加", {"duration": sum(a.duration for a in activities)})
    longest = max(activities, key=lambda a: a.duration)
    greedy, here = 0, events[0]
    while any(a.u == here for a in activities):
        a = max((a for a in activities if a.u == here), key=lambda a: a.duration)
        greedy, here = greedy + a.duration, a.v
    yield Mistake("每步只选持续时间最长的活动", {"duration": greedy})
    yield Mistake("漏了最后一个活动", {"duration": max((v for v in ve.values() if v < end), default=end - 1)})
    yield Mistake("把最早时间当作最迟时间", {"vl": ve, "latest": answer["earliest"]})
    yield Mistake("把最迟时间当作最早时间", {"ve": vl, "earliest": answer["latest"]})
    yield Mistake("活动的最迟开始时间没有减去持续时间", {"latest": {a.name: vl[a.v] for a in activities}})
    yield Mistake("把起点的最迟发生时间当作活动的最迟开始时间", {"latest": {a.name: vl[a.u] for a in activities}})
    wide: dict[str, Value] = {a.name: vl[a.v] - ve[a.u] for a in activities}
    yield Mistake("时间余量没有减去持续时间", {"slack": wide})
    critical = strings(answer["critical"])
    both = [a.name for a in activities if ve[a.u] == vl[a.u] and ve[a.v] == vl[a.v]]
    yield Mistake("两端都是关键事件就当作关键活动", {"critical": both})
    yield Mistake("只写了一条关键路径上的活动", {"critical": critical[: max(len(critical) - 1, 1)]})
    yield Mistake("把最长的活动当作关键活动", {"critical": [longest.name]})
    yield Mistake("以为加快任一关键活动都能缩短工期", {"shorten": critical})
    yield Mistake("以为只有最长的活动能缩短工期", {"shorten": [longest.name]})
    yield Mistake("以为加快非关键活动也有用", {"shorten": [a.name for a in activities]})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Draw an AOE network with one source and one sink."""
    names = [str(k) for k in range(1, 5 + (difficulty + 1) // 2)]
    pairs = random_dag(rng, names, 1 + difficulty)
    activities = [Activity(f"a{k}", u, v, rng.randint(2, 9)) for k, (u, v) in enumerate(pairs, 1)]
    given = "、".join(f"{a.name}：<{a.u},{a.v}>={a.duration}" for a in activities)
    ask = rng.choice(["duration", "critical"] if difficulty < 4 else ["critical", "shorten"])
    name = {
        "duration": "完成整个工程的最短时间是",
        "critical": "关键活动是",
        "shorten": "单独加快就能缩短工期的活动是",
    }[ask]
    stem = f"AOE 网中各活动及其持续时间为 {given}，{name}（ ）。"
    return Draft(stem, {"activities": activities}, ask)
