"""Minimum spanning trees (最小生成树): Prim's and Kruskal's algorithms, step by step."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from typing import Annotated

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Cell, Solution, Step, Table
from assistant408.solvers.ds._answers import integer
from assistant408.solvers.ds._graphs import Edge, draw, random_connected, shown, vertex_list
from assistant408.solvers.ds._text import join

__all__ = ["solve"]


@solver(
    "ds.mst",
    title="最小生成树",
    summary="给出带权无向连通图，用 Prim 算法（从指定顶点出发）和 Kruskal 算法求最小生成树的代价、依次选中的边，以及是否唯一。",
    syllabus=("ds.graph.prim", "ds.graph.kruskal", "ds.graph.mst-property"),
    keywords=("最小生成树", "Prim", "Kruskal", "普里姆", "克鲁斯卡尔", "代价", "权值之和", "选中的边"),
    answers={
        "weight": Out("最小生成树的代价"),
        "prim_edges": Out("Prim 依次选中的边"),
        "kruskal_edges": Out("Kruskal 依次选中的边"),
        "prim_vertices": Out("Prim 依次加入的顶点"),
        "unique": Out("最小生成树是否唯一"),
    },
    examples=(
        {
            "edges": [
                {"u": "1", "v": "2", "weight": 6},
                {"u": "1", "v": "3", "weight": 1},
                {"u": "1", "v": "4", "weight": 5},
                {"u": "2", "v": "3", "weight": 5},
                {"u": "3", "v": "4", "weight": 5},
                {"u": "2", "v": "5", "weight": 3},
                {"u": "3", "v": "5", "weight": 6},
                {"u": "3", "v": "6", "weight": 4},
                {"u": "4", "v": "6", "weight": 2},
                {"u": "5", "v": "6", "weight": 6},
            ],
            "start": "1",
        },
    ),
)
def solve(
    edges: Annotated[list[Edge], Param("带权边", "如 A:B:6,A:C:1", min_len=1, max_len=300)],
    start: Annotated[str, Param("Prim 的出发顶点", "留空则取序号最小的顶点", max_len=10)] = "",
) -> Solution:
    """Find a minimum spanning tree by Prim and by Kruskal (最小生成树).

    Args:
        edges: weighted undirected edges of a connected graph.
        start: where Prim begins.

    Returns:
        `weight` of the tree, the edges such as ``1-3`` in order of choice for both algorithms, the vertices in the
        order in which Prim adds them, and whether the tree is `unique`.

    Raises:
        InputError: a graph that is not connected, or an unknown start.

    Examples:
        >>> edges = [Edge("A", "B", 1), Edge("B", "C", 2), Edge("A", "C", 2)]
        >>> solve(edges).answer["weight"], solve(edges).answer["unique"]
        (3, False)
        >>> solve([Edge("A", "B", 7)], "B").answer["prim_edges"]
        ['B-A']

    Conventions:
        Of equal weights the edge given first is chosen.

    Source:
        严蔚敏《数据结构（C 语言版）》§7.4.3.
    """
    names = vertex_list(edges, [])
    start = start or names[0]
    if start not in names:
        raise InputError(f"出发顶点 {start!r} 不在图中，顶点有 {join(names)}，请检查。")
    prim, prim_rows = _prim(edges, start)
    if len(prim) != len(names) - 1:
        raise InputError(f"图不连通（从 {start!r} 只能到 {len(prim) + 1} 个顶点），没有生成树，请检查边。")
    kruskal, kruskal_rows = _kruskal(edges, names)
    weight = sum(e.weight for _, _, e in prim)
    order = [f"{u}-{v}" for u, v, _ in prim]
    chosen = [f"{e.u}-{e.v}" for e in kruskal]
    rival = _rival(edges, kruskal)
    unique = (
        "每条未选的边都严格大于它与树所成回路上的其他边，最小生成树唯一"
        if rival is None
        else f"未选的边 ({rival.u},{rival.v}) 与回路上的一条树边权值相等，可以互换，最小生成树不唯一"
    )
    steps = [
        Step(
            f"Prim：从 {start} 出发，每次选一端在树内、一端在树外的最小边，依次选 {join(order)}。",
            Table(["次", "树内的顶点", "选中的边", "权值"], prim_rows, [(k, 2) for k in range(len(prim_rows))]),
            "Prim 选边的次序",
            {"prim_edges": order, "prim_vertices": [start, *(v for _, v, _ in prim)]},
        ),
        Step(
            f"Kruskal：按权值递增考察各边，两端不连通才选，依次选 {join(chosen)}。",
            Table(["边", "权值", "取舍"], kruskal_rows, [(k, 2) for k, r in enumerate(kruskal_rows) if r[2] == "选中"]),
            "Kruskal 选边的次序",
            {"kruskal_edges": chosen},
        ),
        Step(
            f"最小生成树的代价为 ${'+'.join(str(e.weight) for e in kruskal)}={weight}$；{unique}。",
            draw(names, edges, False, [(e.u, e.v) for e in kruskal]),
            "最小生成树及其代价",
            {"weight": weight, "unique": rival is None},
        ),
    ]
    return Solution(steps, ["权值相等时先选先给出的边"])


def _prim(edges: Sequence[Edge], start: str) -> tuple[list[tuple[str, str, Edge]], list[list[Cell]]]:
    """Grow the tree; list (inside, outside, edge)."""
    inside = [start]
    chosen: list[tuple[str, str, Edge]] = []
    rows: list[list[Cell]] = []
    while True:
        crossing = [e for e in edges if (e.u in inside) != (e.v in inside)]
        if not crossing:
            return chosen, rows
        edge = min(crossing, key=lambda e: e.weight)
        u, v = (edge.u, edge.v) if edge.u in inside else (edge.v, edge.u)
        row: list[Cell] = [len(rows) + 1, join(inside), f"{u}-{v}", edge.weight]
        rows.append(row)
        chosen.append((u, v, edge))
        inside.append(v)


def _kruskal(edges: Sequence[Edge], names: Sequence[str]) -> tuple[list[Edge], list[list[Cell]]]:
    """Take edges by weight unless they close a cycle."""
    component = {v: v for v in names}
    chosen: list[Edge] = []
    rows: list[list[Cell]] = []
    for e in sorted(edges, key=lambda e: e.weight):
        if len(chosen) == len(names) - 1:
            break
        a, b = component[e.u], component[e.v]
        rows.append([f"({e.u},{e.v})", e.weight, "选中" if a != b else "成回路，舍去"])
        if a != b:
            chosen.append(e)
            component = {v: a if c == b else c for v, c in component.items()}
    return chosen, rows


def _rival(edges: Sequence[Edge], tree: Sequence[Edge]) -> Edge | None:
    """Return an edge outside the tree that can replace a tree edge of equal weight."""
    for e in edges:
        if e in tree or e.u == e.v:
            continue
        reached, frontier = {e.u}, [e.u]
        for u in frontier:  # over tree edges lighter than e only
            for t in tree:
                for a, b in ((t.u, t.v), (t.v, t.u)):
                    if a == u and b not in reached and t.weight < e.weight:
                        reached.add(b)
                        frontier.append(b)
        if e.v not in reached:
            return e
    return None


def mistakes(edges: list[Edge], start: str) -> Iterator[Mistake]:
    """Yield greedy slips: cycles allowed, shortest paths instead, the other algorithm."""
    answer = solve(edges, start).answer
    names = vertex_list(edges, [])
    root = start or names[0]
    weight = integer(answer["weight"])
    lightest = sorted(edges, key=lambda e: e.weight)[: len(names) - 1]
    yield Mistake(
        "只取最小的 n-1 条边，没有检查回路",
        {
            "weight": sum(e.weight for e in lightest),
            "kruskal_edges": [f"{e.u}-{e.v}" for e in lightest],
        },
    )
    path, inside, here = 0, [root], root
    order = []
    while True:
        out = [e for e in edges if here in (e.u, e.v) and ({e.u, e.v} - {here}) - set(inside)]
        if not out:
            break
        e = min(out, key=lambda e: e.weight)
        there = e.v if e.u == here else e.u
        path += e.weight
        order.append(f"{here}-{there}")
        inside.append(there)
        here = there
    yield Mistake("Prim 只从最后加入的顶点选边", {"weight": path, "prim_edges": order, "prim_vertices": inside})
    yield Mistake(
        "把 Kruskal 的次序当作 Prim 的次序",
        {
            "prim_edges": answer["kruskal_edges"],
            "kruskal_edges": answer["prim_edges"],
        },
    )
    for other in names:
        if other != root:
            order = [f"{u}-{v}" for u, v, _ in _prim(edges, other)[0]]
            yield Mistake(f"Prim 从顶点 {other} 出发", {"prim_edges": order})
    by_weight = [f"{e.u}-{e.v}" for e in sorted(_kruskal(edges, names)[0], key=lambda e: (e.u, e.v))]
    yield Mistake("按顶点次序写边，没有按权值递增", {"kruskal_edges": by_weight})
    tree, total = _shortest_path_tree(edges, root)
    yield Mistake("求成了单源最短路径树（Dijkstra）", {"weight": total, "prim_edges": tree})
    heaviest, _ = _kruskal([Edge(e.u, e.v, -e.weight) for e in edges], names)
    yield Mistake(
        "求成了最大生成树",
        {
            "weight": -sum(e.weight for e in heaviest),
            "kruskal_edges": [f"{e.u}-{e.v}" for e in heaviest],
        },
    )
    yield Mistake("多选了一条边", {"weight": weight + min((e.weight for e in edges), default=1)})
    yield Mistake("判断唯一时只看有没有权值相等的边", {"unique": len({e.weight for e in edges}) == len(edges)})
    yield Mistake("以为最小生成树总唯一", {"unique": True})


def _shortest_path_tree(edges: Sequence[Edge], root: str) -> tuple[list[str], int]:
    distance, total = {root: 0}, 0
    tree: list[str] = []
    while True:
        best: tuple[int, str, str, int] | None = None
        for e in edges:
            for u, v in ((e.u, e.v), (e.v, e.u)):
                if u in distance and v not in distance and (best is None or distance[u] + e.weight < best[0]):
                    best = (distance[u] + e.weight, u, v, e.weight)
        if best is None:
            return tree, total
        distance[best[2]] = best[0]
        tree.append(f"{best[1]}-{best[2]}")
        total += best[3]


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Draw a connected graph with distinct weights."""
    names = list("ABCDEFGHI"[: 4 + (difficulty + 1) // 2])
    pairs = random_connected(rng, names, 3 + difficulty)
    weights = rng.sample(range(1, 10 + 4 * difficulty + len(pairs)), len(pairs))
    edges = [Edge(u, v, w) for (u, v), w in zip(pairs, weights, strict=True)]
    start = rng.choice(names)
    given = f"带权无向图的边（括号后为权）为 {shown(edges, False)}。"
    if difficulty < 3:
        return Draft(f"{given}其最小生成树的代价是（ ）。", {"edges": edges, "start": start}, "weight")
    ask = rng.choice(["prim_edges", "kruskal_edges"])
    how = f"从顶点 {start} 出发用 Prim 算法" if ask == "prim_edges" else "用 Kruskal 算法"
    return Draft(f"{given}{how}求最小生成树，依次选中的边是（ ）。", {"edges": edges, "start": start}, ask)
