"""Extremes of connectivity (连通性与边数的极值): vertices, edges and components."""

from __future__ import annotations

import random
from collections.abc import Iterator
from math import isqrt
from typing import Annotated

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Cell, Solution, Step, Table, Value
from assistant408.solvers.ds._answers import integer

__all__ = ["solve"]


@solver(
    "ds.graph_bounds",
    title="图的顶点数与边数的极值",
    summary="给出无向简单图的顶点数，求连通所需的最少边数、保证连通的最少边数；给出边数，求非连通图的最少顶点数和连通分量数的范围。",
    syllabus=("ds.graph.connectivity", "ds.graph.terms"),
    keywords=(
        "连通图",
        "最少边数",
        "保证连通",
        "任何情况下都连通",
        "非连通",
        "最少顶点数",
        "连通分量",
        "完全图",
        "强连通",
    ),
    answers={
        "ensure_edges": Out("保证任何情况下都连通的最少边数", "条"),
        "connected_edges": Out("连通图的最少边数", "条"),
        "max_edges": Out("最多边数（完全图）", "条"),
        "max_arcs": Out("有向图的最多弧数（有向完全图）", "条"),
        "strong_arcs": Out("强连通有向图的最少弧数", "条"),
        "min_components": Out("连通分量的最少个数", "个"),
        "max_components": Out("连通分量的最多个数", "个"),
        "disconnected_vertices": Out("非连通图的最少顶点数", "个"),
    },
    examples=({"vertices": 7}, {"vertices": 10, "edges": 6}),
)
def solve(
    vertices: Annotated[int | None, Param("顶点数 n", "只给边数时留空", min=1, max=10**9)] = None,
    edges: Annotated[int | None, Param("边数 e", "只给顶点数时留空", min=0, max=10**15)] = None,
) -> Solution:
    """Find extreme numbers of edges, vertices and components of simple undirected graphs (连通性与边数的极值).

    Args:
        vertices: n.
        edges: e.

    Returns:
        With n: `connected_edges` n-1, `ensure_edges`, `max_edges`, `max_arcs` and `strong_arcs` of a digraph. With both:
        `min_components` and `max_components`. With e alone: `disconnected_vertices`.

    Raises:
        InputError: neither given, or more edges than a simple graph can have.

    Examples:
        >>> solve(7).answer["ensure_edges"]
        16
        >>> solve(edges=28).answer["disconnected_vertices"]
        9
        >>> solve(10, 6).answer["min_components"], solve(10, 6).answer["max_components"]
        (4, 7)

    Conventions:
        Simple graphs: no loops, no parallel edges.

    Source:
        408 真题 2010; 严蔚敏《数据结构（C 语言版）》§7.1.
    """
    if vertices is None and edges is None:
        raise InputError("顶点数与边数都是 None，请至少给出一个。")
    steps = []
    if vertices is not None:
        steps.append(_by_vertices(vertices))
    if edges is not None:
        steps.append(_by_edges(vertices, edges))
    return Solution(steps, ["无向简单图，没有自环和重边"])


def _by_vertices(n: int) -> Step:
    most, sure = n * (n - 1) // 2, (n - 1) * (n - 2) // 2 + 1 if n > 1 else 0
    strong = n if n > 1 else 0
    rows: list[list[Cell]] = [["连通图最少", n - 1], ["保证连通", sure], ["完全图", most], ["强连通有向图最少", strong]]
    why = (
        f"$n={n}$：连通至少 $n-1={n - 1}$ 条边；要保证任何情况下都连通，最坏是 ${n - 1}$ 个顶点已成完全图，"
        f"再加一条，$\\frac{{(n-1)(n-2)}}2+1={sure}$；完全图有 $\\frac{{n(n-1)}}2={most}$ 条，有向完全图有 ${2 * most}$ 条弧；"
        f"强连通有向图至少成一个环，{strong} 条弧。"
    )
    gives = {
        "ensure_edges": sure,
        "connected_edges": n - 1,
        "max_edges": most,
        "max_arcs": 2 * most,
        "strong_arcs": strong,
    }
    return Step(why, Table(["情形", "边数"], rows, [(1, 1)]), "写出公式并代入", gives)


def _by_edges(n: int | None, e: int) -> Step:
    packed = _clique(e)
    if n is None:
        least = packed + 1
        why = (
            f"非连通而顶点最少：{e} 条边集中在一个尽量小的完全图中，需 {packed} 个顶点"
            f"（$\\frac{{{packed}\\times {packed - 1}}}2={packed * (packed - 1) // 2}\\ge {e}$），再加一个孤立顶点，共 {least} 个。"
        )
        rows: list[list[Cell]] = [["边集中的顶点", packed], ["孤立顶点", 1]]
        return Step(why, Table(["部分", "顶点数"], rows), "边尽量集中", {"disconnected_vertices": max(least, 2)})
    if e > n * (n - 1) // 2:
        raise InputError(f"边数 {e!r} 超过 {n} 个顶点的简单图的上限 {n * (n - 1) // 2}，请检查。")
    low, high = max(n - e, 1), n - packed + 1 if e else n
    why = (
        f"每加一条边至多使分量少一个，分量最少 $\\max(n-e,1)={low}$ 个；"
        f"{e} 条边集中在 {packed} 个顶点上时分量最多，为 {high} 个。"
    )
    gives: dict[str, Value] = {"min_components": low, "max_components": high}
    return Step(why, Table(["情形", "连通分量数"], [["最少", low], ["最多", high]]), "边尽量分散或集中", gives)


def _clique(e: int) -> int:
    """Return the least number of vertices that can carry e edges."""
    k = (1 + isqrt(8 * e)) // 2
    while k * (k - 1) // 2 < e:
        k += 1
    return max(k, 1)


def mistakes(vertices: int | None, edges: int | None) -> Iterator[Mistake]:
    """Yield the other extremes and slips by one."""
    answer = solve(vertices, edges).answer
    if vertices is not None:
        n = vertices
        sure, most = integer(answer["ensure_edges"]), integer(answer["max_edges"])
        yield Mistake("把连通图的最少边数当作保证连通的边数", {"ensure_edges": n - 1, "strong_arcs": n - 1})
        yield Mistake("漏加了最后一条边", {"ensure_edges": sure - 1, "connected_edges": n - 2})
        yield Mistake("要求成为完全图", {"ensure_edges": most, "connected_edges": n})
        yield Mistake("以 n 个顶点成环计", {"ensure_edges": n, "connected_edges": n + 1})
        yield Mistake("完全图没有除以 2", {"max_edges": 2 * most, "strong_arcs": 2 * (n - 1)})
        yield Mistake("完全图按 n 的平方计", {"max_edges": n * n, "strong_arcs": n * (n - 1)})
        yield Mistake("按 n(n+1)/2 计", {"max_edges": n * (n + 1) // 2})
    if vertices is not None and edges is not None:
        low, high = integer(answer["min_components"]), integer(answer["max_components"])
        yield Mistake("最多与最少弄反", {"min_components": high, "max_components": low})
        yield Mistake("多算了一个分量", {"min_components": low + 1, "max_components": high + 1})
        yield Mistake("少算了一个分量", {"min_components": low - 1, "max_components": high - 1})
        yield Mistake(
            "每条边用两个顶点", {"max_components": vertices - edges, "min_components": max(vertices - 2 * edges, 1)}
        )
    if "disconnected_vertices" in answer:
        least = integer(answer["disconnected_vertices"])
        yield Mistake("漏了孤立的那个顶点", {"disconnected_vertices": least - 1})
        yield Mistake("多加了一个顶点", {"disconnected_vertices": least + 1})
        yield Mistake("按树的边数计", {"disconnected_vertices": integer(edges) + 2})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Draw a number of vertices or of edges."""
    if difficulty < 3:
        n = rng.randint(5, 12)
        stem = f"无向简单图有 {n} 个顶点，要保证它在任何情况下都是连通的，则边数最少是（ ）。"
        return Draft(stem, {"vertices": n}, "ensure_edges")
    if difficulty == 3:
        e = rng.randint(10, 80)
        return Draft(
            f"一个非连通的无向简单图有 {e} 条边，则它的顶点数最少是（ ）。", {"edges": e}, "disconnected_vertices"
        )
    n, e = rng.randint(10, 20), rng.randint(4, 9)
    ask = rng.choice(["min_components", "max_components"])
    name = "最少" if ask == "min_components" else "最多"
    stem = f"有 {n} 个顶点、{e} 条边的无向简单图，其连通分量的个数{name}是（ ）。"
    return Draft(stem, {"vertices": n, "edges": e}, ask)
