"""Degrees of the vertices of a graph that is given by its edges (各顶点的度)."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Annotated

from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Cell, Solution, Step, Table, Value
from assistant408.solvers.ds._graphs import Arc, random_connected, shown, vertex_list

__all__ = ["solve"]


@solver(
    "ds.vertex_degrees",
    title="各顶点的度",
    summary="给出图的边（或邻接矩阵、邻接表），求各顶点的度、入度、出度，边数，以及邻接矩阵的平方所表示的长度为 2 的路径数。",
    syllabus=("ds.graph.adj-matrix", "ds.graph.adj-list", "ds.graph.terms"),
    keywords=("邻接矩阵", "顶点的度", "入度", "出度", "各顶点的度", "度依次", "长度为 2 的路径"),
    answers={
        "degrees": Out("各顶点的度"),
        "out_degrees": Out("各顶点的出度"),
        "in_degrees": Out("各顶点的入度"),
        "edges": Out("边（弧）数", "条"),
        "two_step": Out("长度为 2 的路径数"),
    },
    examples=({"edges": [{"u": "1", "v": "2"}, {"u": "2", "v": "3"}, {"u": "3", "v": "1"}], "directed": True},),
)
def solve(
    edges: Annotated[list[Arc], Param("边", "如 A:B,A:C；有向图为弧", min_len=1, max_len=300)],
    directed: Annotated[bool, Param("有向图")] = False,
    vertices: Annotated[list[str], Param("顶点表", "按序号排列；留空则取边的端点", max_len=60)] = [],  # noqa: B006
) -> Solution:
    """Count the degrees of all vertices (各顶点的度).

    Args:
        edges: edges, or arcs of a directed graph.
        directed: whether the graph is directed.
        vertices: all vertices in order; by default the ends of the edges in natural order.

    Returns:
        `degrees` in the order of the vertices, for a digraph also `out_degrees` and `in_degrees`; `edges`;
        `two_step`, the square of the adjacency matrix.

    Examples:
        >>> a = solve([Arc("1", "2"), Arc("1", "3"), Arc("3", "1")], True).answer
        >>> a["degrees"], a["out_degrees"], a["in_degrees"]
        ([3, 1, 2], [2, 0, 1], [1, 1, 1])
        >>> solve([Arc("a", "b")]).answer["degrees"]
        [1, 1]

    Conventions:
        The degree in a digraph is the in-degree plus the out-degree.

    Source:
        严蔚敏《数据结构（C 语言版）》§7.2.1; 408 真题 2013.
    """
    names = vertex_list(edges, vertices)
    out = [sum(a.u == v for a in edges) for v in names]
    into = [sum(a.v == v for a in edges) for v in names]
    total = [a + b for a, b in zip(out, into, strict=True)]
    arcs = {(a.u, a.v) for a in edges} | (set() if directed else {(a.v, a.u) for a in edges})
    square = [[sum((u, w) in arcs and (w, v) in arcs for w in names) for v in names] for u in names]
    gives: dict[str, Value] = {"degrees": total, "edges": len(edges), "two_step": square}
    rows: list[list[Cell]] = [[v, *cells] for v, *cells in zip(names, out, into, total, strict=True)]
    if directed:
        gives |= {"out_degrees": out, "in_degrees": into}
        table = Table(["顶点", "出度", "入度", "度"], rows)
        why = "出度是邻接矩阵该行的非零元素个数，入度是该列的，度为二者之和"
    else:
        table = Table(["顶点", "度"], [[row[0], row[3]] for row in rows])
        why = "度是邻接矩阵该行的非零元素个数"
    shown_degrees = "、".join(f"{v} 为 {d}" for v, d in zip(names, total, strict=True))
    return Solution([Step(f"{why}：{shown_degrees}。", table, "度、入度与出度", gives)], ["有向图的度为入度与出度之和"])


def mistakes(edges: list[Arc], directed: bool, vertices: list[str]) -> Iterator[Mistake]:
    """Yield rows for columns, and one direction alone."""
    answer = solve(edges, directed, vertices).answer
    if directed:
        yield Mistake("只数了出度", {"degrees": answer["out_degrees"], "in_degrees": answer["out_degrees"]})
        yield Mistake("只数了入度", {"degrees": answer["in_degrees"], "out_degrees": answer["in_degrees"]})
    degrees = answer["degrees"]
    assert isinstance(degrees, list)
    yield Mistake("度数都加倍", {"degrees": [2 * d for d in degrees]})
    yield Mistake("漏数了最后一条边", {"degrees": [*degrees[:-1], degrees[-1] - 1]})
    yield Mistake("次序取反", {"degrees": degrees[::-1]})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Draw a digraph."""
    names = list("ABCDEFGHI"[: 3 + difficulty])
    edges = [Arc(u, v) for u, v in random_connected(rng, names, difficulty)]
    stem = f"有向图的弧为 {shown(edges, True)}，按字母次序各顶点的度依次是（ ）。"
    return Draft(stem, {"edges": edges, "directed": True}, "degrees")
