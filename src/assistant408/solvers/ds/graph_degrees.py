"""Degrees, edges and storage sizes of graphs (图的度数、边数与存储)."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Cell, Solution, Step, Table, Value
from assistant408.solvers.ds._answers import integer

__all__ = ["VertexDegree", "solve"]


@dataclass(frozen=True)
class VertexDegree:
    """How many vertices have a degree."""

    degree: Annotated[int, Param("度", min=0, max=1000)]
    number: Annotated[int, Param("顶点数", "该度的顶点个数", min=0, max=10**6)]


@solver(
    "ds.graph_degrees",
    title="图的度数、边数与存储",
    summary="由顶点数、边数和各度的顶点个数，用“度数之和等于边数的 2 倍”求其余；并求森林的树数、邻接表的边结点数、邻接矩阵中非零与零元素的个数。",
    syllabus=("ds.graph.terms", "ds.graph.adj-matrix", "ds.graph.adj-list", "ds.graph.connectivity"),
    keywords=(
        "度数之和",
        "边数",
        "顶点的度",
        "其余顶点的度",
        "邻接表",
        "边结点",
        "邻接矩阵",
        "非零元素",
        "森林",
        "生成树",
    ),
    answers={
        "edges": Out("边数", "条"),
        "least_vertices": Out("顶点数的最小值", "个"),
        "degree_sum": Out("各顶点度数之和"),
        "list_nodes": Out("邻接表中边结点数", "个"),
        "matrix_cells": Out("邻接矩阵的元素个数", "个"),
        "nonzero": Out("邻接矩阵中非零元素个数", "个"),
        "zero": Out("邻接矩阵中零元素个数", "个"),
        "trees": Out("森林中树的棵数", "棵"),
        "spanning_edges": Out("生成树的边数", "条"),
        "cycle_edges": Out("化为生成树要去掉的边数", "条"),
    },
    examples=(
        {"edges": 16, "degrees": [{"degree": 4, "number": 3}, {"degree": 3, "number": 4}], "rest": 2},
        {"vertices": 8, "edges": 11, "degrees": [], "rest": 4},
    ),
)
def solve(
    vertices: Annotated[int | None, Param("顶点数", "已知时填写", min=1, max=10**6)] = None,
    edges: Annotated[int | None, Param("边数", "有向图为弧数；已知时填写", min=0, max=10**9)] = None,
    degrees: Annotated[list[VertexDegree], Param("各度的顶点个数", "度:个数", max_len=30)] = [],  # noqa: B006
    rest: Annotated[
        int | None, Param("其余顶点的度的上限", "其余顶点的度至多为它（或恰为它）", min=1, max=1000)
    ] = None,
    directed: Annotated[bool, Param("有向图")] = False,
    nonzero: Annotated[int | None, Param("邻接矩阵的非零元素个数", "可由它求边数", min=0, max=10**9)] = None,
) -> Solution:
    """Count vertices, edges and the sizes of storage of a graph (图的度数、边数与存储).

    Args:
        vertices: n.
        edges: e.
        degrees: numbers of vertices by degree.
        rest: the greatest degree that the remaining vertices may have.
        directed: e counts arcs.
        nonzero: entries of the adjacency matrix that are not 0, instead of e.

    Returns:
        `edges`, `degree_sum`; with `rest`, `least_vertices`; with n the sizes of storage, and `trees` = n - e if the
        graph has no cycle.

    Raises:
        InputError: too little is given, an odd sum of degrees, or more edges than a simple graph can have.

    Examples:
        >>> solve(edges=16, degrees=[VertexDegree(4, 3), VertexDegree(3, 4)], rest=2).answer["least_vertices"]
        11
        >>> solve(25, 15).answer["trees"]
        10
        >>> solve(1, 0).answer["zero"]
        1

    Conventions:
        An undirected edge stands twice in the adjacency list and in the adjacency matrix.

    Source:
        严蔚敏《数据结构（C 语言版）》§7.1–7.2; 408 真题 2016、2017.
    """
    if nonzero is not None:
        edges = nonzero if directed else nonzero // 2
    used = sum(d.degree * d.number for d in degrees)
    counted = sum(d.number for d in degrees)
    total = _sum_of(vertices, edges, degrees, rest)
    e = total // 2
    rows: list[list[Cell]] = [[d.degree, d.number, d.degree * d.number] for d in degrees]
    rows.append(["合计", counted if vertices is None else vertices, total])
    steps = [
        Step(
            f"每条边给两个端点各贡献 1 度，度数之和 $2e={total}$，$e={e}$。",
            Table(["度", "顶点数", "度数之和"], rows),
            "度数之和等于边数的 2 倍",
            {"degree_sum": total, "edges": e},
        )
    ]
    if rest is not None and vertices is None:
        left = total - used
        if left < 0:
            raise InputError(f"已知顶点的度数之和 {used!r} 超过边数的 2 倍 {total!r}，请检查。")
        more = -(-left // rest)
        why = f"其余顶点的度数之和为 ${total}-{used}={left}$，每个至多 {rest}，至少还有 {more} 个，共 {counted + more} 个。"
        steps.append(Step(why, credit="其余顶点尽量少", gives={"least_vertices": counted + more}))
    if vertices is not None:
        steps.append(_stored(vertices, e, directed))
    return Solution(steps, ["无向图的一条边在邻接表和邻接矩阵中各出现两次"])


def _sum_of(n: int | None, e: int | None, degrees: Sequence[VertexDegree], rest: int | None) -> int:
    """Return the sum of degrees, from the edges or from all vertices."""
    if e is not None:
        return 2 * e
    used, counted = sum(d.degree * d.number for d in degrees), sum(d.number for d in degrees)
    if n is not None and counted < n:
        if rest is None:
            raise InputError(f"{n!r} 个顶点中只给出了 {counted!r} 个的度，请补上其余顶点的度或边数。")
        used += rest * (n - counted)
    elif not degrees:
        raise InputError("边数和各顶点的度都没有给出，请至少给出其一。")
    if used % 2:
        raise InputError(f"度数之和 {used!r} 是奇数，没有这样的图，请检查。")
    return used


def _stored(n: int, e: int, directed: bool) -> Step:
    twice = e if directed else 2 * e
    if twice > n * (n - 1):
        raise InputError(f"{n!r} 个顶点的简单图没有 {e!r} 条边，请检查。")
    gives: dict[str, Value] = {
        "list_nodes": twice,
        "matrix_cells": n * n,
        "nonzero": twice,
        "zero": n * n - twice,
        "spanning_edges": n - 1,
    }
    why = (
        f"邻接矩阵有 $n^2={n * n}$ 个元素，{'每条弧占 1 个' if directed else '每条边占 2 个'}，非零 {twice} 个，"
        f"零 {n * n - twice} 个；邻接表的边结点也是 {twice} 个"
    )
    if not directed and e < n:
        gives["trees"] = n - e
        why += f"；若无回路，则是有 $n-e={n - e}$ 棵树的森林"
    if not directed and e >= n - 1:
        gives["cycle_edges"] = e - n + 1
        why += f"；若连通，生成树有 {n - 1} 条边，要去掉 {e - n + 1} 条"
    rows: list[list[Cell]] = [["边结点", twice], ["非零元素", twice], ["零元素", n * n - twice]]
    return Step(f"{why}。", Table(["存储", "个数"], rows), "边在存储中出现的次数", gives)


def mistakes(
    vertices: int | None,
    edges: int | None,
    degrees: list[VertexDegree],
    rest: int | None,
    directed: bool,
    nonzero: int | None,
) -> Iterator[Mistake]:
    """Yield slips of the factor 2 and of the number of remaining vertices."""
    answer = solve(vertices, edges, degrees, rest, directed, nonzero).answer
    total, e = integer(answer["degree_sum"]), integer(answer["edges"])
    yield Mistake("度数之和当作边数", {"edges": total, "degree_sum": e})
    yield Mistake("边数多算一条", {"edges": e + 1, "degree_sum": total + 1})
    yield Mistake("边数少算一条", {"edges": e - 1, "degree_sum": total - 1})
    if "least_vertices" in answer:
        least, counted = integer(answer["least_vertices"]), sum(d.number for d in degrees)
        yield Mistake("只数了其余的顶点", {"least_vertices": least - counted})
        yield Mistake("以边数代替度数之和", {"least_vertices": max(counted, least - e // (rest or 1))})
        yield Mistake("其余顶点的度都按 1 计", {"least_vertices": total})
        yield Mistake("多算了一个顶点", {"least_vertices": least + 1})
    if vertices is not None:
        twice = integer(answer["list_nodes"])
        yield Mistake("无向边只算一次", {"list_nodes": e, "nonzero": e, "zero": vertices**2 - e})
        yield Mistake("以顶点数代替边数", {"list_nodes": vertices, "nonzero": vertices, "zero": vertices**2})
        yield Mistake("把表头结点也算上", {"list_nodes": twice + vertices, "zero": vertices**2 - vertices - twice})
        yield Mistake("以为每棵树的边数等于结点数", {"trees": max(vertices - e - 1, 0), "spanning_edges": vertices})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Draw a list of degrees with the rest bounded, or an adjacency list."""
    if difficulty < 3:
        n, e = rng.randint(8, 30), rng.randint(8, 40)
        stem = f"一个无向图有 {n} 个顶点、{e} 条边，用邻接表存储，边表中的结点个数是（ ）。"
        return Draft(stem, {"vertices": n, "edges": e}, "list_nodes")
    four, three = rng.randint(2, 4), rng.choice([2, 4])
    e = 2 * four + 3 * three // 2 + rng.randint(3, 8)
    rows = [VertexDegree(4, four), VertexDegree(3, three)]
    stem = f"无向图有 {e} 条边，度为 4 的顶点 {four} 个，度为 3 的顶点 {three} 个，其余顶点的度均不超过 2，顶点数至少是（ ）。"
    return Draft(stem, {"edges": e, "degrees": rows, "rest": 2}, "least_vertices")
