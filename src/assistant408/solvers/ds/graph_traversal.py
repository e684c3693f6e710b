"""Graph traversal (图的遍历): DFS and BFS on adjacency lists, and whether a sequence is one."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from itertools import permutations
from typing import Annotated, Literal

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Cell, Solution, Step, Table, Value
from assistant408.solvers.ds._graphs import Arc, adjacency, draw, random_connected, shown, vertex_list
from assistant408.solvers.ds._text import join

__all__ = ["solve"]

MOST_COUNTED = 7  # vertices reached, for which every order is tried
Order = Literal["ascending", "listed"]


@solver(
    "ds.graph_traversal",
    title="图的深度与广度优先遍历",
    summary="给出图的边和出发顶点，按邻接点的次序求深度优先和广度优先遍历序列、生成树、层次，并判断某序列是否为 DFS 或 BFS 序列。",
    syllabus=("ds.graph.dfs", "ds.graph.bfs", "ds.graph.traverse-app"),
    keywords=("深度优先", "广度优先", "DFS", "BFS", "遍历序列", "邻接表", "生成树", "连通分量", "出发"),
    answers={
        "dfs": Out("深度优先遍历序列"),
        "bfs": Out("广度优先遍历序列"),
        "dfs_tree": Out("深度优先生成树（森林）的边"),
        "bfs_tree": Out("广度优先生成树（森林）的边"),
        "levels": Out("到出发顶点的最短边数"),
        "components": Out("遍历中重新出发的次数（含首次）", "次"),
        "dfs_count": Out("从出发顶点开始的深度优先序列的个数", "个"),
        "bfs_count": Out("从出发顶点开始的广度优先序列的个数", "个"),
        "dfs_valid": Out("所给序列是否为深度优先序列"),
        "bfs_valid": Out("所给序列是否为广度优先序列"),
    },
    examples=(
        {
            "edges": [
                {"u": "A", "v": "B"},
                {"u": "A", "v": "C"},
                {"u": "B", "v": "D"},
                {"u": "C", "v": "D"},
                {"u": "D", "v": "E"},
            ],
            "start": "A",
            "candidate": ["A", "C", "D", "B", "E"],
        },
    ),
)
def solve(
    edges: Annotated[list[Arc], Param("边", "如 A:B,A:C；有向图为弧", max_len=200)],
    start: Annotated[str, Param("出发顶点", min_len=1, max_len=10)],
    directed: Annotated[bool, Param("有向图")] = False,
    order: Annotated[Order, Param("邻接点的次序", "ascending 按顶点序号从小到大；listed 按边给出的次序")] = "ascending",
    candidate: Annotated[list[str], Param("待判定的序列", "不判定则留空", max_len=60)] = [],  # noqa: B006
    vertices: Annotated[list[str], Param("顶点表", "按序号排列；留空则取边的端点", max_len=60)] = [],  # noqa: B006
) -> Solution:
    """Traverse a graph depth first and breadth first (图的遍历).

    Args:
        edges: edges, or arcs of a directed graph.
        start: vertex to start from.
        directed: whether the graph is directed.
        order: neighbours by vertex order, or as the edges list them.
        candidate: a sequence to judge, whatever the order of the neighbours.
        vertices: all vertices in order; by default the ends of the edges in natural order.

    Returns:
        `dfs`, `bfs`, the tree edges `dfs_tree`, `bfs_tree` such as ``A-B``, `levels` of the vertices that are
        reached from `start`, the numbers `dfs_count`, `bfs_count` of sequences from it (up to 7 vertices), `components` (starts needed), and with a candidate `dfs_valid`, `bfs_valid`.

    Raises:
        InputError: an unknown vertex, or a candidate that doesn't list every vertex once.

    Examples:
        >>> edges = [Arc("A", "B"), Arc("A", "C"), Arc("B", "D"), Arc("C", "D")]
        >>> a = solve(edges, "A").answer
        >>> a["dfs"], a["bfs"]
        (['A', 'B', 'D', 'C'], ['A', 'B', 'C', 'D'])
        >>> solve([], "A", vertices=["A", "B"]).answer["components"]
        2
        >>> solve(edges, "A", candidate=["A", "B", "C", "D"]).answer["dfs_valid"]
        False

    Conventions:
        When vertices are left over, the traversal starts again from the first of them.

    Source:
        严蔚敏《数据结构（C 语言版）》§7.3.
    """
    names = vertex_list(edges, vertices)
    start = next((v for v in names if v.casefold() == start.casefold()), start) if start not in names else start
    if start not in names:
        raise InputError(f"出发顶点 {start!r} 不在图中，顶点有 {join(names)}，请检查。")
    near = adjacency(edges, names, directed, order == "listed")
    starts = [start, *(v for v in names if v != start)]
    dfs, dfs_tree, components = depth_first(near, starts)
    bfs, bfs_tree, levels = breadth_first(near, starts)
    rows: list[list[Cell]] = [[v, join(near[v])] for v in names]
    steps = [
        Step("写出各顶点的邻接点。", Table(["顶点", "邻接点（按访问次序）"], rows)),
        Step(
            f"深度优先：每到一个顶点就访问它的第一个未访问的邻接点，走不通则回溯，得 {join(dfs)}。",
            draw(names, edges, directed, dfs_tree, {v: str(k) for k, v in enumerate(dfs, 1)}),
            "深度优先遍历序列",
            {"dfs": dfs, "dfs_tree": [f"{u}-{v}" for u, v in dfs_tree], "components": components},
        ),
        Step(
            f"广度优先：用队列，依次访问队头顶点的所有未访问的邻接点，得 {join(bfs)}。",
            draw(names, edges, directed, bfs_tree, {v: str(k) for k, v in enumerate(bfs, 1)}),
            "广度优先遍历序列",
            {"bfs": bfs, "bfs_tree": [f"{u}-{v}" for u, v in bfs_tree], "levels": levels},
        ),
    ]
    if len(levels) <= MOST_COUNTED:
        steps.append(_counted(start, list(levels), near))
    if candidate:
        if sorted(candidate) != sorted(names):
            raise InputError(f"序列 {join(candidate)!r} 应恰好列出每个顶点一次，请检查。")
        steps.append(_judged(candidate, near))
    note = "邻接点按顶点序号从小到大访问" if order == "ascending" else "邻接点按边给出的次序访问"
    return Solution(steps, [note, "还有顶点未访问时，从其中序号最小者重新出发"])


def depth_first(
    near: Mapping[str, Sequence[str]], starts: Sequence[str]
) -> tuple[list[str], list[tuple[str, str]], int]:
    """Return the DFS sequence, the tree edges and the number of starts."""
    seen: list[str] = []
    tree: list[tuple[str, str]] = []
    components = 0

    def visit(u: str) -> None:
        seen.append(u)
        for v in near[u]:
            if v not in seen:
                tree.append((u, v))
                visit(v)

    for s in starts:
        if s not in seen:
            components += 1
            visit(s)
    return seen, tree, components


def breadth_first(
    near: Mapping[str, Sequence[str]], starts: Sequence[str]
) -> tuple[list[str], list[tuple[str, str]], dict[str, int]]:
    """Return the BFS sequence, the tree edges and the levels of what the first start reaches."""
    seen: list[str] = []
    tree: list[tuple[str, str]] = []
    levels: dict[str, int] = {}
    for s in starts:
        if s in seen:
            continue
        queue, depth = [s], {s: 0}
        seen.append(s)
        for u in queue:
            for v in near[u]:
                if v not in seen:
                    seen.append(v)
                    queue.append(v)
                    depth[v] = depth[u] + 1
                    tree.append((u, v))
        levels = levels or depth
    return seen, tree, levels


def _stacked(near: Mapping[str, Sequence[str]], starts: Sequence[str]) -> list[str]:
    """Search with a stack on which neighbours count as visited already, which is no depth-first search."""
    seen: set[str] = set()
    out: list[str] = []
    for s in starts:
        stack = [] if s in seen else [s]
        seen.add(s)
        while stack:
            u = stack.pop()
            out.append(u)
            fresh = [v for v in near[u] if v not in seen]
            seen.update(fresh)
            stack += fresh
    return out


def _judged(candidate: Sequence[str], near: Mapping[str, Sequence[str]]) -> Step:
    bad_dfs, bad_bfs = dfs_violation(candidate, near), bfs_violation(candidate, near)
    gives: dict[str, Value] = {"dfs_valid": bad_dfs is None, "bfs_valid": bad_bfs is None}
    verdicts = []
    for name, bad in (("深度优先", bad_dfs), ("广度优先", bad_bfs)):
        verdicts.append(f"是{name}序列" if bad is None else f"不是{name}序列（到 {bad} 处矛盾）")
    return Step(f"不限邻接点的次序，{join(candidate)} {'，'.join(verdicts)}。", credit="判定序列", gives=gives)


def _counted(start: str, reached: Sequence[str], near: Mapping[str, Sequence[str]]) -> Step:
    """Count the sequences from the start over all orders of the neighbours, by trying every order of the vertices."""
    rest = [v for v in reached if v != start]
    orders = [(start, *p) for p in permutations(rest)]
    inside = {u: [v for v in near[u] if v in reached] for u in reached}
    deep = sum(dfs_violation(order, inside) is None for order in orders)
    wide = sum(bfs_violation(order, inside) is None for order in orders)
    why = (
        f"邻接点的次序任意时，从 {start} 出发的深度优先序列有 {deep} 个，广度优先序列有 {wide} 个（逐一检验各种排列）。"
    )
    return Step(why, credit="不同序列的个数", gives={"dfs_count": deep, "bfs_count": wide})


def dfs_violation(sequence: Sequence[str], near: Mapping[str, Sequence[str]]) -> str | None:
    """Return the first vertex that no depth-first search visits then."""
    seen: set[str] = set()
    stack: list[str] = []
    for v in sequence:
        while stack and all(w in seen for w in near[stack[-1]]):
            stack.pop()
        if stack and v not in near[stack[-1]]:
            return v
        seen.add(v)
        stack.append(v)
    return None


def bfs_violation(sequence: Sequence[str], near: Mapping[str, Sequence[str]]) -> str | None:
    """Return the first vertex that no breadth-first search visits then."""
    seen: set[str] = set()
    queue: list[str] = []
    for v in sequence:
        while queue and all(w in seen for w in near[queue[0]]):
            queue.pop(0)
        if queue and v not in near[queue[0]]:
            return v
        seen.add(v)
        queue.append(v)
    return None


def mistakes(
    edges: list[Arc], start: str, directed: bool, order: str, candidate: list[str], vertices: list[str]
) -> Iterator[Mistake]:
    """Yield the other traversal, the other neighbour order and the other direction."""
    answer = solve(edges, start, directed, order, candidate, vertices).answer
    keys = ("dfs", "bfs", "dfs_tree", "bfs_tree", "components")
    yield Mistake(
        "深度优先与广度优先混淆",
        {
            "dfs": answer["bfs"],
            "bfs": answer["dfs"],
            "dfs_tree": answer["bfs_tree"],
            "bfs_tree": answer["dfs_tree"],
        },
    )
    names = vertex_list(edges, vertices)
    flipped = adjacency(edges, names, directed, order == "listed")
    back = {u: vs[::-1] for u, vs in flipped.items()}
    starts = [start, *(v for v in names if v != start)]
    yield Mistake(
        "邻接点的次序取反（栈实现时未注意入栈次序）",
        {
            "dfs": depth_first(back, starts)[0],
            "bfs": breadth_first(back, starts)[0],
        },
    )
    yield Mistake("用栈代替递归，但邻接点一进栈就当作已访问", {"dfs": _stacked(flipped, starts)})
    yield Mistake("广度优先时把队列用成了栈", {"bfs": _stacked(flipped, starts)})
    wrong = solve(edges, start, directed, "listed" if order == "ascending" else "ascending", [], names).answer
    yield Mistake("邻接点没有按规定的次序访问", {key: wrong[key] for key in keys})
    if directed:
        wrong = solve(edges, start, False, order, [], names).answer
        yield Mistake("把有向图当作无向图", {key: wrong[key] for key in keys})
    yield Mistake("按顶点序号依次访问", {"dfs": starts, "bfs": starts})
    yield Mistake("只从出发顶点遍历一次", {"components": 1})
    yield Mistake("把边数当作出发次数", {"components": len(edges)})
    if candidate:
        yield Mistake("只看相邻两个顶点之间有无边", {"dfs_valid": not answer["dfs_valid"]})
        yield Mistake("没有按层次检查", {"bfs_valid": not answer["bfs_valid"]})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Draw a connected graph."""
    names = list("ABCDEFGHI"[: 4 + difficulty])
    edges = [Arc(u, v) for u, v in random_connected(rng, names, difficulty)]
    directed = difficulty > 3
    start = names[0]
    ask = rng.choice(["dfs", "bfs"])
    name = "深度优先" if ask == "dfs" else "广度优先"
    kind, noun = ("有向图", "弧") if directed else ("无向图", "边")
    stem = (
        f"{kind}的{noun}为 {shown(edges, directed)}，邻接点按字母顺序访问，从顶点 {start} 出发的{name}遍历序列是（ ）。"
    )
    return Draft(stem, {"edges": edges, "start": start, "directed": directed}, ask)
