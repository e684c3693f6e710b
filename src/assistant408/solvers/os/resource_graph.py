"""Resource-allocation graph (资源分配图): reduction and the deadlock theorem."""

from __future__ import annotations

import random
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Graph, GraphEdge, GraphNode, Solution, Step
from assistant408.solvers.os._show import joined

__all__ = ["Resource", "solve"]

Edge = tuple[str, str]


@dataclass(frozen=True)
class Resource:
    """A resource class and how many instances it has."""

    name: Annotated[str, Param("资源名", min_len=1, max_len=20)]
    count: Annotated[int, Param("资源数", "该类资源的总数", min=1, max=1000)]


@solver(
    "os.resource_graph",
    title="资源分配图的化简",
    summary="给出资源分配图的各类资源数、分配边和请求边，化简资源分配图，按死锁定理判断是否死锁、哪些进程死锁。",
    syllabus=("os.deadlock.resource-graph", "os.deadlock.detection-recovery"),
    keywords=("资源分配图", "化简", "死锁定理", "死锁检测", "请求边", "分配边", "可完全简化", "环路", "孤立点"),
    answers={
        "deadlocked": Out("死锁的进程"),
        "deadlock": Out("是否死锁"),
        "order": Out("依次化简的进程"),
        "free": Out("化简前各类资源的空闲数"),
    },
    examples=(
        {
            "resources": [{"name": "R1", "count": 2}, {"name": "R2", "count": 1}],
            "edges": ["R1->P1", "R1->P2", "P1->R2", "R2->P2", "P2->R1"],
        },
    ),
)
def solve(
    resources: Annotated[list[Resource], Param("资源", "每项 资源名:资源数", min_len=1, max_len=20)],
    edges: Annotated[
        list[str],
        Param(
            "边",
            "R1->P1 表示已分配一个 R1 给 P1，P1->R1 表示 P1 请求一个 R1；几个就写几次",
            min_len=1,
            max_len=200,
            pattern=r"[^\s>-]+->[^\s>-]+",
        ),
    ],
) -> Solution:
    """Reduce a resource-allocation graph (资源分配图的化简).

    Args:
        resources: 1 to 20 resource classes with the number of their instances.
        edges: ``R->P`` for an allocated instance, ``P->R`` for a requested one, repeated as often as there are.

    Returns:
        `deadlocked` (processes that are left with edges), `deadlock`, `order` (reduced processes), `free`.

    Raises:
        InputError: more allocated than there is, or an edge that does not join a process and a resource.

    Examples:
        >>> solve([Resource("R1", 1), Resource("R2", 1)], ["R1->P1", "P1->R2", "R2->P2", "P2->R1"]).answer["deadlocked"]
        ['P1', 'P2']
        >>> solve([Resource("R", 1)], ["R->P"]).answer["order"]
        ['P']
        >>> solve([Resource("R", 2)], ["P1->R", "P2->R"]).answer["order"]  # a tie: in order of first appearance
        ['P1', 'P2']

    Conventions:
        A process is reduced when the free instances cover all that it requests; its edges go, and what it
        held becomes free. The result does not depend on the order of reduction.

    Source:
        汤小丹《计算机操作系统》第3章 §死锁的检测与解除; Holt, ACM Computing Surveys 4(3), 1972.
    """
    counts = {r.name: r.count for r in resources}
    pairs = _parsed(counts, edges)
    processes = _processes(counts, pairs)
    free = {r: c - sum(a == r for a, _ in pairs) for r, c in counts.items()}
    steps = [
        Step(
            "各类资源的空闲数 = 总数 − 分配边数：" + joined([f"{r} 为 {f}" for r, f in free.items()]) + "。",
            _graph(counts, processes, pairs),
            credit="求出各类资源的空闲数",
            gives={"free": dict(free)},
        )
    ]
    order: list[str] = []
    left = list(pairs)
    for name in _reduction(counts, pairs):
        asked = [r for p, r in left if p == name]
        held = [r for r, p in left if p == name]
        left = [e for e in left if name not in e]
        order.append(name)
        steps.append(
            Step(
                f"{name} 请求的资源（{joined(asked)}）都能满足，消去 {name} 的所有边，"
                f"归还 {joined(held)}，{name} 成为孤立点。",
                _graph(counts, processes, left, [name]),
                credit="找既不阻塞又不孤立的进程，消去其边",
            )
        )
    stuck = [p for p in processes if p not in order]
    verdict = (
        f"剩下的 {joined(stuck)} 请求都不能满足，图不可完全简化，由死锁定理知系统死锁，死锁进程为 {joined(stuck)}。"
        if stuck
        else "所有进程都成为孤立点，图可完全简化，由死锁定理知系统没有死锁。"
    )
    steps.append(
        Step(
            verdict,
            _graph(counts, processes, left, stuck),
            credit="由死锁定理得结论",
            gives={"order": order, "deadlock": bool(stuck), "deadlocked": stuck},
        )
    )
    return Solution(steps, ["化简次序不影响结果；可选几个进程时先消去先出现的"])


def _parsed(counts: dict[str, int], edges: Sequence[str]) -> list[Edge]:
    out: list[Edge] = []
    for text in edges:
        match = re.fullmatch(r"([^\s>-]+)->([^\s>-]+)", text)
        if not match or (match[1] in counts) == (match[2] in counts):
            raise InputError(f"边 {text!r} 应连接一个进程和一类资源（{joined(list(counts))}），如 P1->R1。")
        out.append((match[1], match[2]))
    for name, count in counts.items():
        if (held := sum(source == name for source, _ in out)) > count:
            raise InputError(f"资源 {name} 分配了 {held} 个，超过总数 {count}，请核对。")
    return out


def _processes(counts: dict[str, int], pairs: Sequence[Edge]) -> list[str]:
    return list(dict.fromkeys(node for edge in pairs for node in edge if node not in counts))


def _reduction(counts: dict[str, int], pairs: Sequence[Edge], frees: bool = True) -> list[str]:
    """List the processes in the order in which they are reduced; `frees` gives back what they held."""
    waiting = _processes(counts, pairs)
    free = {r: c - sum(a == r for a, _ in pairs) for r, c in counts.items()}
    order: list[str] = []
    while able := [p for p in waiting if all(pairs.count((p, r)) <= f for r, f in free.items())]:
        name = able[0]
        waiting.remove(name)
        order.append(name)
        if frees:
            free = {r: f + pairs.count((r, name)) for r, f in free.items()}
    return order


def _graph(
    counts: dict[str, int],
    processes: Sequence[str],
    pairs: Sequence[Edge],
    marked: Collection[str] = (),
) -> Graph:
    nodes = [GraphNode(p, p, mark=p in marked) for p in processes]
    nodes += [GraphNode(r, r, note=f"{c} 个") for r, c in counts.items()]
    edges = [GraphEdge(a, b, "分配" if a in counts else "请求", mark=a in marked or b in marked) for a, b in pairs]
    return Graph(nodes, edges)


def mistakes(resources: list[Resource], edges: list[str]) -> Iterator[Mistake]:
    """Misconceptions: a cycle means deadlock, waiting means deadlock, nothing is given back."""
    counts = {r.name: r.count for r in resources}
    pairs = _parsed(counts, edges)
    everyone = _processes(counts, pairs)
    order = _reduction(counts, pairs)
    one_each = [p for p in everyone if p in _on_cycles(pairs)]
    kept = _reduction(counts, pairs, frees=False)
    found = {
        "把处在环路上的进程都当作死锁": one_each,
        "把当前请求不能满足的进程都当作死锁": [p for p in everyone if p not in kept],
        "认为所有进程都死锁": everyone,
        "把能化简的进程当作死锁": order,
        "认为有请求边的进程就死锁": [p for p in everyone if any(a == p for a, _ in pairs)],
        "认为资源够多就不会死锁": [],
        "漏掉最后一个死锁进程": [p for p in everyone if p not in order][:-1],
    }
    for why, names in found.items():
        yield Mistake(why, {"deadlocked": names})


def _on_cycles(pairs: Sequence[Edge]) -> set[str]:
    """List the nodes that can reach themselves."""

    def reach(start: str) -> set[str]:
        seen: set[str] = set()
        todo = [start]
        while todo:
            here = todo.pop()
            for a, b in pairs:
                if a == here and b not in seen:
                    seen.add(b)
                    todo.append(b)
        return seen

    return {node for edge in pairs for node in edge if node in reach(node)}


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Draw a graph in which some but not all processes can be reduced."""
    processes = [f"P{i + 1}" for i in range(3 + difficulty // 3)]
    while True:
        resources = [Resource(f"R{i + 1}", rng.randint(1, 2)) for i in range(3 + difficulty // 4)]
        counts = {r.name: r.count for r in resources}
        held = [f"{r}->{rng.choice(processes)}" for r, c in counts.items() for _ in range(c)]
        asked = [f"{p}->{rng.choice(list(counts))}" for p in processes if rng.random() < 0.8]
        pairs = _parsed(counts, [*held, *asked])
        order = _reduction(counts, pairs)
        own = any((b, a) in pairs for a, b in pairs)
        if not own and len(_processes(counts, pairs)) == len(processes) and 0 < len(order) < len(processes) - 1:
            break
    stem = (
        f"系统有资源 {joined([f'{r.name}（{r.count} 个）' for r in resources])}，资源分配图的边为 "
        f"{joined([*held, *asked])}，其中 R→P 为分配边，P→R 为请求边。死锁的进程是（ ）。"
    )
    return Draft(stem, {"resources": resources, "edges": [*held, *asked]}, "deadlocked")
