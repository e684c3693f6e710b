"""Dijkstra's algorithm (单源最短路径): distances, paths and the order in which they become final."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from typing import Annotated

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Cell, Solution, Step, Table, Value
from assistant408.solvers.ds._answers import integer, strings
from assistant408.solvers.ds._graphs import Edge, draw, natural, random_connected, shown, vertex_list
from assistant408.solvers.ds._text import join

__all__ = ["solve"]

INFINITY = "∞"


@solver(
    "ds.dijkstra",
    title="Dijkstra 最短路径",
    summary="给出带权图和源点，用 Dijkstra 算法求到各顶点的最短路径长度与路径、依次求得最短路径的终点，以及每趟的距离。",
    syllabus=("ds.graph.dijkstra",),
    keywords=("Dijkstra", "迪杰斯特拉", "单源最短路径", "源点", "最短路径长度", "dist", "path", "依次求得"),
    answers={
        "distances": Out("到各顶点的最短路径长度"),
        "order": Out("依次求得最短路径的终点"),
        "paths": Out("到各顶点的最短路径"),
        "distance": Out("到所问终点的最短路径长度"),
        "path": Out("到所问终点的最短路径"),
        "round": Out("第几个求得所问终点"),
    },
    examples=(
        {
            "edges": [
                {"u": "1", "v": "2", "weight": 10},
                {"u": "1", "v": "5", "weight": 5},
                {"u": "2", "v": "3", "weight": 1},
                {"u": "2", "v": "5", "weight": 2},
                {"u": "5", "v": "2", "weight": 3},
                {"u": "5", "v": "3", "weight": 9},
                {"u": "5", "v": "4", "weight": 2},
                {"u": "3", "v": "4", "weight": 4},
                {"u": "4", "v": "3", "weight": 6},
                {"u": "4", "v": "1", "weight": 7},
            ],
            "source": "1",
            "target": "3",
        },
    ),
)
def solve(
    edges: Annotated[list[Edge], Param("带权边（弧）", "如 A:B:6,A:C:1，权非负", min_len=1, max_len=300)],
    source: Annotated[str, Param("源点", min_len=1, max_len=10)],
    target: Annotated[str, Param("所问的终点", "不问则留空", max_len=10)] = "",
    directed: Annotated[bool, Param("有向图")] = True,
) -> Solution:
    """Run Dijkstra's algorithm from one source (单源最短路径).

    Args:
        edges: arcs with weights at least 0.
        source: where all paths begin.
        target: one vertex of interest.
        directed: whether edges go one way only.

    Returns:
        `distances` by vertex (``∞`` if unreachable), `order` in which vertices become final, `paths` by vertex;
        with a target `distance`, `path`, and the `round` (from 1) in which it became final.

    Raises:
        InputError: an unknown vertex, or a target that can't be reached.

    Examples:
        >>> edges = [Edge("A", "B", 4), Edge("A", "C", 1), Edge("C", "B", 2)]
        >>> a = solve(edges, "A", "B").answer
        >>> a["distance"], a["path"], a["order"]
        (3, ['A', 'C', 'B'], ['C', 'B'])
        >>> solve([Edge("A", "B", 4)], "B").answer["distances"]
        {'A': '∞'}

    Conventions:
        Of equal distances the vertex of the smaller number becomes final first; an equal path does not replace.

    Source:
        严蔚敏《数据结构（C 语言版）》§7.6.1; Dijkstra, Numerische Mathematik 1 (1959).
    """
    names = vertex_list(edges, [])
    for v in (source, target or source):
        if v not in names:
            raise InputError(f"顶点 {v!r} 不在图中，顶点有 {join(names)}，请检查。")
    weights = _weights(edges, directed)
    distance: dict[str, int] = {source: 0}
    before: dict[str, str] = {}
    final = [source]
    rows: list[list[Cell]] = []
    steps: list[Step] = []
    here = source
    while True:
        changed = []
        for v in names:
            if v not in final and (here, v) in weights:
                through = distance[here] + weights[here, v]
                if v not in distance or through < distance[v]:
                    distance[v], before[v] = through, here
                    changed.append(v)
        open_ = [v for v in names if v in distance and v not in final]
        cells: list[Cell] = ["" if v in final else distance.get(v, INFINITY) for v in names if v != source]
        rows.append([here, *cells, min(open_, key=distance.__getitem__) if open_ else "—"])
        columns = ["刚并入 S", *(v for v in names if v != source), "选中"]
        marks = [(len(rows) - 1, columns.index(v)) for v in changed]
        note = f"经 {here} 更新 {join(f'{v}={distance[v]}' for v in changed)}" if changed else f"经 {here} 无更新"
        if not open_:
            steps.append(Step(f"{note}；没有可选的顶点，结束。", Table(columns, list(rows), marks), "各趟的距离"))
            break
        here = min(open_, key=distance.__getitem__)
        why = f"{note}；在未求得的顶点中 {here} 的距离 {distance[here]} 最小，选中。"
        steps.append(Step(why, Table(columns, list(rows), marks)))
        final.append(here)
    paths = {v: _path(before, v) for v in names if v in distance and v != source}
    distances: dict[str, Value] = {v: distance.get(v, INFINITY) for v in names if v != source}
    tree = [(before[v], v) for v in before]
    steps.append(
        Step(
            f"依次求得 {join(final[1:]) or '无'} 的最短路径；长度为 {join(f'{v}:{d}' for v, d in distances.items())}。",
            draw(names, edges, directed, tree, {v: str(d) for v, d in distances.items()}),
            "最短路径及长度",
            {"distances": distances, "order": final[1:], "paths": paths},
        )
    )
    if target and target != source:
        if target not in distance:
            raise InputError(f"从 {source} 不能到达终点 {target!r}，请检查弧的方向。")
        at = final.index(target)
        why = f"到 {target} 的最短路径为 {'→'.join(paths[target])}，长度 {distance[target]}，第 {at} 个求得。"
        steps.append(Step(why, gives={"distance": distance[target], "path": paths[target], "round": at}))
    return Solution(steps, ["距离相等时先选序号小的顶点；等长的路径不替换原路径"])


def _weights(edges: list[Edge], directed: bool) -> dict[tuple[str, str], int]:
    out: dict[tuple[str, str], int] = {}
    for e in edges:
        for pair in [(e.u, e.v)] if directed else [(e.u, e.v), (e.v, e.u)]:
            out[pair] = min(e.weight, out.get(pair, e.weight))
    return out


def _path(before: Mapping[str, str], v: str) -> list[str]:
    return [*_path(before, before[v]), v] if v in before else [v]


def mistakes(edges: list[Edge], source: str, target: str, directed: bool) -> Iterator[Mistake]:
    """Yield distances without relaxation, by fewest edges, and by Prim's rule."""
    answer = solve(edges, source, target, directed).answer
    names = vertex_list(edges, [])
    weights = _weights(edges, directed)
    right = [v for v in names if v != source]

    def gives(distance: Mapping[str, Value], order: list[str]) -> dict[str, Value]:
        out: dict[str, Value] = {"distances": {v: distance.get(v, INFINITY) for v in right}, "order": order}
        if target and target in distance:
            out["distance"] = distance[target]
        return out

    direct = {v: weights[source, v] for v in right if (source, v) in weights}
    by_direct = sorted(direct, key=direct.__getitem__)
    yield Mistake("只看源点到各顶点的直接边", gives(direct, by_direct))
    for why, rule in (("按 Prim 的规则，用边权代替路径长度", "edge"), ("求成了边数最少的路径", "count")):
        distance, order = _grow(names, weights, source, rule)
        yield Mistake(why, gives(distance, order))
    if directed:
        wrong = solve(edges, source, target, False).answer
        yield Mistake("把有向边当作无向边", {k: wrong[k] for k in ("distances", "order", "distance") if k in wrong})
    order = strings(answer["order"])
    by_number: list[str] = sorted(order, key=natural)
    yield Mistake("按顶点序号写次序", {"order": by_number})
    if "round" in answer:
        yield Mistake("把源点也算作一个", {"round": integer(answer["round"]) + 1})
        yield Mistake("按边数计路径长度", {"distance": len(strings(answer["path"])) - 1, "path": [source, target]})
        yield Mistake("漏了最后一次更新", {"distance": integer(answer["distance"]) + 1, "path": order})


def _grow(
    names: list[str], weights: Mapping[tuple[str, str], int], source: str, rule: str
) -> tuple[dict[str, int], list[str]]:
    """Grow from the source by single edges (`edge`) or by fewest edges (`count`), summing real weights."""
    real, key, order = {source: 0}, {source: 0}, [source]
    while True:
        best: tuple[int, str, str] | None = None
        for u in order:
            for v in names:
                if v in real or (u, v) not in weights:
                    continue
                cost = weights[u, v] if rule == "edge" else key[u] + 1
                if best is None or cost < best[0]:
                    best = (cost, u, v)
        if best is None:
            return real, order[1:]
        cost, u, v = best
        real[v], key[v] = (cost if rule == "edge" else real[u] + weights[u, v]), cost
        order.append(v)


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Draw a strongly knit digraph from a connected graph with arcs both ways."""
    names = list("ABCDEFGH"[: 4 + (difficulty + 1) // 2])
    pairs = random_connected(rng, names, 3 + difficulty)
    edges = [Edge(u, v, rng.randint(1, 12 + 4 * difficulty)) for u, v in pairs]
    source = names[0]
    given = f"带权有向图的弧（括号后为权）为 {shown(edges, True)}，用 Dijkstra 算法求从 {source} 出发的最短路径，"
    order = strings(solve(edges, source).answer["order"])
    if difficulty > 2 and rng.random() < 0.5:
        return Draft(f"{given}依次求得最短路径的终点是（ ）。", {"edges": edges, "source": source}, "order")
    target = order[-1]
    args = {"edges": edges, "source": source, "target": target}
    return Draft(f"{given}则到顶点 {target} 的最短路径长度是（ ）。", args, "distance")
