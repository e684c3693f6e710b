"""Topological sorting (拓扑排序): one order, all orders, their number, and cycles."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import islice
from math import factorial
from typing import Annotated

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Cell, Solution, Step, Table, Value
from assistant408.solvers.ds._answers import integer, strings
from assistant408.solvers.ds._graphs import Arc, draw, random_dag, shown, vertex_list
from assistant408.solvers.ds._text import join

__all__ = ["solve"]


@solver(
    "ds.topological_sort",
    title="拓扑排序",
    summary="给出有向图，求拓扑序列的个数与全部序列，判断某序列是否为拓扑序列，或判断图中有无回路。",
    syllabus=("ds.graph.topo", "ds.graph.topo-properties"),
    keywords=("拓扑排序", "拓扑序列", "拓扑有序", "AOV 网", "有向无环图", "入度", "回路", "不同的拓扑序列"),
    answers={
        "count": Out("拓扑序列的个数", "个"),
        "order": Out("一个拓扑序列（入度为 0 者取序号最小）"),
        "orders": Out("全部拓扑序列"),
        "acyclic": Out("是否为有向无环图"),
        "stuck": Out("无法输出的顶点"),
        "valid": Out("所给序列是否为拓扑序列"),
        "violated": Out("所给序列违反的弧"),
    },
    examples=(
        {
            "arcs": [
                {"u": "a", "v": "b"},
                {"u": "a", "v": "e"},
                {"u": "b", "v": "c"},
                {"u": "e", "v": "c"},
                {"u": "c", "v": "d"},
            ],
            "candidate": ["a", "e", "b", "c", "d"],
        },
        {"arcs": [{"u": "1", "v": "2"}, {"u": "2", "v": "3"}, {"u": "3", "v": "2"}]},
    ),
)
def solve(
    arcs: Annotated[list[Arc], Param("弧", "如 a:b,a:e", min_len=1, max_len=120)],
    candidate: Annotated[list[str], Param("待判定的序列", "不判定则留空", max_len=16)] = [],  # noqa: B006
    limit: Annotated[int, Param("最多列出的序列数", min=1, max=500)] = 50,
    vertices: Annotated[list[str], Param("顶点表", "含孤立顶点时填写；留空则取弧的端点", max_len=16)] = [],  # noqa: B006
) -> Solution:
    """Sort a digraph of at most 16 vertices topologically (拓扑排序).

    Args:
        arcs: arcs u to v, meaning u before v.
        candidate: a sequence to judge.
        limit: how many orders to list at most.
        vertices: all vertices in order; by default the ends of the arcs.

    Returns:
        `count` (0 if there is a cycle), `acyclic`; `order` and `orders` of an acyclic graph, or `stuck`, the vertices
        that never get in-degree 0; with a candidate `valid` and the first arc `violated`.

    Raises:
        InputError: more than 16 vertices, or a candidate that doesn't list every vertex once.

    Examples:
        >>> arcs = [Arc("a", "b"), Arc("a", "c"), Arc("b", "d"), Arc("c", "d")]
        >>> solve(arcs).answer["count"], solve(arcs).answer["order"]
        (2, ['a', 'b', 'c', 'd'])
        >>> solve([Arc("a", "b"), Arc("b", "a")]).answer["stuck"]
        ['a', 'b']
        >>> solve(arcs, candidate=["a", "b", "d", "c"]).answer["violated"]
        'c→d'

    Conventions:
        `orders` is in lexicographic order of the vertex numbers.

    Source:
        严蔚敏《数据结构（C 语言版）》§7.5.1.
    """
    names = vertex_list(arcs, vertices)
    if len(names) > 16:
        raise InputError(f"图有 {len(names)!r} 个顶点，列举拓扑序列最多 16 个，请缩小规模。")
    before = {v: {e.u for e in arcs if e.v == v} for v in names}
    order, rows = _one(names, before)
    degrees = {v: f"入度 {len(before[v])}" for v in names}
    table = Table(["步", "入度为 0 的顶点", "输出", "入度减 1 的顶点"], rows)
    steps = [Step("统计各顶点的入度。", draw(names, arcs, True, notes=degrees))]
    if len(order) < len(names):
        stuck = [v for v in names if v not in order]
        why = f"输出 {join(order) or '0 个顶点'} 后，{join(stuck)} 的入度都不为 0，图中有回路，没有拓扑序列。"
        steps.append(Step(why, table, "判断有回路", {"count": 0, "acyclic": False, "stuck": stuck}))
    else:
        why = f"每次输出入度为 0 的顶点并删去它的出弧，得拓扑序列 {join(order)}。"
        steps.append(Step(why, table, "一个拓扑序列", {"order": order, "acyclic": True}))
        steps.append(_counted(names, before, limit))
    if candidate:
        steps.append(_judged(candidate, names, arcs))
    return Solution(steps, ["有多个入度为 0 的顶点时，先输出序号小的"])


def _one(names: Sequence[str], before: Mapping[str, set[str]]) -> tuple[list[str], list[list[Cell]]]:
    """Output the first vertex of in-degree 0 again and again."""
    order: list[str] = []
    rows: list[list[Cell]] = []
    while True:
        free = [v for v in names if v not in order and before[v] <= set(order)]
        if not free:
            return order, rows
        order.append(free[0])
        after = [v for v in names if free[0] in before[v]]
        rows.append([len(order), join(free), free[0], join(after) or "无"])


def _counted(names: Sequence[str], before: Mapping[str, set[str]], limit: int) -> Step:
    """Count over sets of output vertices, and list the first orders."""
    bit = {v: 1 << k for k, v in enumerate(names)}
    need = {v: sum(bit[u] for u in before[v]) for v in names}

    @cache
    def ways(done: int) -> int:
        if done == (1 << len(names)) - 1:
            return 1
        return sum(ways(done | bit[v]) for v in names if not done & bit[v] and need[v] & ~done == 0)

    def listed(done: int, prefix: list[str]) -> Iterator[list[str]]:
        if len(prefix) == len(names):
            yield prefix
        for v in names:
            if not done & bit[v] and need[v] & ~done == 0:
                yield from listed(done | bit[v], [*prefix, v])

    count, orders = ways(0), list(islice(listed(0, []), limit))
    note = "" if count <= limit else f"，下表只列前 {limit} 个"
    rows: list[list[Cell]] = [[k, join(o)] for k, o in enumerate(orders, 1)]
    why = f"逐步对每个入度为 0 的顶点分情况，共 {count} 个拓扑序列{note}。"
    return Step(why, Table(["序号", "拓扑序列"], rows), "列举不重不漏", {"count": count, "orders": orders})


def _judged(candidate: Sequence[str], names: Sequence[str], arcs: Sequence[Arc]) -> Step:
    if sorted(candidate) != sorted(names):
        raise InputError(f"序列 {join(candidate)!r} 应恰好列出每个顶点一次，请检查。")
    wrong = next((e for e in arcs if candidate.index(e.u) >= candidate.index(e.v)), None)
    gives: dict[str, Value] = {"valid": wrong is None}
    if wrong is None:
        return Step(f"每条弧的起点都在终点之前，{join(candidate)} 是拓扑序列。", credit="判定", gives=gives)
    gives["violated"] = f"{wrong.u}→{wrong.v}"
    why = f"有弧 {wrong.u}→{wrong.v}，但 {wrong.v} 排在 {wrong.u} 之前，{join(candidate)} 不是拓扑序列。"
    return Step(why, credit="判定", gives=gives)


def mistakes(arcs: list[Arc], candidate: list[str], limit: int, vertices: list[str]) -> Iterator[Mistake]:
    """Yield miscounts, reversed arcs and traversals taken for topological orders."""
    answer = solve(arcs, candidate, limit, vertices).answer
    count = integer(answer["count"])
    names = vertex_list(arcs, vertices)
    yield Mistake("以为拓扑序列唯一", {"count": 1})
    yield Mistake("漏了一种情形", {"count": count - 1})
    yield Mistake("重复计了一种情形", {"count": count + 1})
    yield Mistake("首尾固定，其余任意排列", {"count": factorial(max(len(names) - 2, 0))})
    yield Mistake("任意排列都算", {"count": factorial(len(names))})
    yield Mistake("把分支数相乘而没有考虑交错", {"count": 2 * count})
    yield Mistake("按顶点序号排列", {"order": names})
    if "order" in answer:
        yield Mistake("弄反了弧的方向", {"order": strings(answer["order"])[::-1]})
    if candidate:
        yield Mistake("只检查相邻的顶点", {"valid": not answer["valid"]})
    yield Mistake("没有看出（或误以为有）回路", {"acyclic": not answer["acyclic"]})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Draw a DAG with few arcs and ask how many orders it has."""
    names = list("abcdefgh"[: 4 + (difficulty + 1) // 2])
    arcs = [Arc(u, v) for u, v in random_dag(rng, names, difficulty // 2)]
    stem = f"有向图的弧为 {shown(arcs, True)}，则该图不同的拓扑序列的个数是（ ）。"
    return Draft(stem, {"arcs": arcs}, "count")
