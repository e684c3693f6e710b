"""Floyd's algorithm (各对顶点间的最短路径): the matrices after every intermediate vertex."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from typing import Annotated

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Cell, Solution, Step, Table, Value
from assistant408.solvers.ds._graphs import Edge, random_connected, shown, vertex_list
from assistant408.solvers.ds._text import join

__all__ = ["solve"]

INFINITY = "∞"
Matrix = list[list[int | None]]


@solver(
    "ds.floyd",
    title="Floyd 最短路径",
    summary="给出带权有向图，用 Floyd 算法求各对顶点间的最短路径长度、以前 k 个顶点为中间点的矩阵，以及指定两点间的最短路径。",
    syllabus=("ds.graph.floyd",),
    keywords=("Floyd", "弗洛伊德", "各对顶点", "每对顶点", "最短路径", "距离矩阵", "中间顶点"),
    answers={
        "matrix": Out("最短路径长度矩阵"),
        "matrix_after": Out("前 k 个顶点作中间点后的矩阵"),
        "distance": Out("所问两点的最短路径长度"),
        "path": Out("所问两点的最短路径"),
        "changes": Out("各中间点改变的元素数", "个"),
    },
    examples=(
        {
            "edges": [
                {"u": "A", "v": "B", "weight": 4},
                {"u": "A", "v": "C", "weight": 11},
                {"u": "B", "v": "A", "weight": 6},
                {"u": "B", "v": "C", "weight": 2},
                {"u": "C", "v": "A", "weight": 3},
            ],
            "after": 1,
            "source": "C",
            "target": "B",
        },
    ),
)
def solve(
    edges: Annotated[list[Edge], Param("带权边（弧）", "如 A:B:4,B:C:2，权非负", min_len=1, max_len=150)],
    after: Annotated[int | None, Param("中间顶点数 k", "问以前 k 个顶点为中间点的矩阵；不问则留空", min=0)] = None,
    source: Annotated[str, Param("所问的起点", "不问则留空", max_len=10)] = "",
    target: Annotated[str, Param("所问的终点", "不问则留空", max_len=10)] = "",
    directed: Annotated[bool, Param("有向图")] = True,
    vertices: Annotated[list[str], Param("顶点表", "决定行列与中间点的次序；留空则取边的端点", max_len=12)] = [],  # noqa: B006
) -> Solution:
    """Run Floyd's algorithm on at most 12 vertices (Floyd 算法).

    Args:
        edges: arcs with weights at least 0.
        after: k; the matrix with the first k vertices as intermediates is reported.
        source, target: a pair of interest.
        directed: whether edges go one way only.
        vertices: order of rows, columns and intermediates.

    Returns:
        `matrix` (rows of distances, ``∞`` where there is no path), `changes` per intermediate vertex; with `after`
        `matrix_after`; with a pair `distance` and `path`.

    Raises:
        InputError: more than 12 vertices, an unknown vertex, k above their number, or a pair without a path.

    Examples:
        >>> edges = [Edge("A", "B", 4), Edge("B", "C", 2), Edge("A", "C", 11), Edge("C", "A", 3)]
        >>> solve(edges).answer["matrix"]
        [[0, 4, 6], [5, 0, 2], [3, 7, 0]]
        >>> solve([Edge("A", "B", 1)], after=0).answer["matrix_after"]
        [[0, 1], ['∞', 0]]

    Conventions:
        The diagonal is 0. An equal path does not replace the old one.

    Source:
        严蔚敏《数据结构（C 语言版）》§7.6.2; Floyd, CACM 5 (1962).
    """
    names = vertex_list(edges, vertices)
    _check(names, after, source, target)
    matrix = _start(edges, names, directed)
    middle: dict[tuple[int, int], int] = {}
    steps = [Step("初始矩阵为各弧的权，不相邻为 ∞。", _table(names, matrix, []), "初始矩阵")]
    snapshots = [_shown(matrix)]
    changes = []
    for k, through in enumerate(names):
        marks = _relax(matrix, k)
        middle |= dict.fromkeys(marks, k)
        changes.append(len(marks))
        snapshots.append(_shown(matrix))
        what = join(f"{names[i]}→{names[j]}={matrix[i][j]}" for i, j in marks)
        why = f"以 {through} 为中间点：{'更新 ' + what if marks else '无更新'}。"
        steps.append(Step(why, _table(names, matrix, marks), "逐个加入中间点" if k == len(names) - 1 else ""))
    steps.append(
        Step(
            "得到各对顶点间的最短路径长度。",
            _table(names, matrix, []),
            gives={"matrix": snapshots[-1], "changes": changes},
        )
    )
    if after is not None:
        why = f"以前 {after} 个顶点（{join(names[:after]) or '无'}）为中间点的矩阵如下。"
        rows = [[v, *row] for v, row in zip(names, snapshots[after], strict=True)]
        steps.append(Step(why, Table(["", *names], rows), "第 k 个矩阵", {"matrix_after": snapshots[after]}))
    if source and target:
        i, j = names.index(source), names.index(target)
        if matrix[i][j] is None:
            raise InputError(f"从 {source} 到 {target!r} 没有路径，请检查弧的方向。")
        path = [names[v] for v in _path(middle, i, j)]
        why = f"从 {source} 到 {target} 的最短路径为 {'→'.join(path)}，长度为 {matrix[i][j]}。"
        steps.append(Step(why, credit="最短路径", gives={"distance": matrix[i][j], "path": path}))
    return Solution(steps, ["对角线为 0；等长的路径不替换原路径"])


def _check(names: Sequence[str], after: int | None, source: str, target: str) -> None:
    if len(names) > 12:
        raise InputError(f"图有 {len(names)!r} 个顶点，最多 12 个，请缩小规模。")
    if after is not None and after > len(names):
        raise InputError(f"中间顶点数 {after!r} 应不超过顶点数 {len(names)}，请检查。")
    for v in (source, target):
        if v and v not in names:
            raise InputError(f"顶点 {v!r} 不在图中，顶点有 {join(names)}，请检查。")


def _start(edges: Sequence[Edge], names: Sequence[str], directed: bool) -> Matrix:
    at = {v: k for k, v in enumerate(names)}
    matrix: Matrix = [[0 if i == j else None for j in range(len(names))] for i in range(len(names))]
    for e in edges:
        for u, v in [(e.u, e.v)] if directed else [(e.u, e.v), (e.v, e.u)]:
            old = matrix[at[u]][at[v]]
            matrix[at[u]][at[v]] = e.weight if old is None else min(old, e.weight)
    return matrix


def _relax(matrix: Matrix, k: int) -> list[tuple[int, int]]:
    """Allow the k-th vertex as an intermediate; list the cells that changed."""
    marks = []
    for i, row in enumerate(matrix):
        for j, old in enumerate(row):
            a, b = matrix[i][k], matrix[k][j]
            if a is not None and b is not None and (old is None or a + b < old):
                row[j] = a + b
                marks.append((i, j))
    return marks


def _shown(matrix: Matrix) -> list[list[Cell]]:
    return [[INFINITY if d is None else d for d in row] for row in matrix]


def _table(names: Sequence[str], matrix: Matrix, marks: Sequence[tuple[int, int]]) -> Table:
    rows = [[v, *row] for v, row in zip(names, _shown(matrix), strict=True)]
    return Table(["", *names], rows, [(i, j + 1) for i, j in marks])


def _path(middle: dict[tuple[int, int], int], i: int, j: int) -> list[int]:
    if (i, j) not in middle:
        return [i] if i == j else [i, j]
    k = middle[i, j]
    return [*_path(middle, i, k), *_path(middle, k, j)[1:]]


def mistakes(
    edges: list[Edge], after: int | None, source: str, target: str, directed: bool, vertices: list[str]
) -> Iterator[Mistake]:
    """Yield matrices with an intermediate too few, too many, or with the loops in the wrong order."""
    names = vertex_list(edges, vertices)
    n = len(names)

    def gives(matrix: Matrix) -> dict[str, Value]:
        out: dict[str, Value] = {"matrix": _shown(matrix), "matrix_after": _shown(matrix)}
        if source and target:
            out["distance"] = _shown(matrix)[names.index(source)][names.index(target)]
        return out

    def run(ks: Sequence[int]) -> Matrix:
        matrix = _start(edges, names, directed)
        for k in ks:
            _relax(matrix, k)
        return matrix

    asked = n if after is None else after
    yield Mistake("少用了一个中间点", gives(run(range(max(asked - 1, 0)))))
    yield Mistake("多用了一个中间点", gives(run(range(min(asked + 1, n)))))
    yield Mistake("只看直接的弧", gives(run([])))
    yield Mistake("中间点从最后一个顶点用起", gives(run(range(n - 1, n - 1 - asked, -1))))
    wrong = _start(edges, names, directed)
    for i in range(n):
        for j in range(n):
            for k in range(n):
                a, b, old = wrong[i][k], wrong[k][j], wrong[i][j]
                if a is not None and b is not None and (old is None or a + b < old):
                    wrong[i][j] = a + b
    yield Mistake("把中间点放在最内层循环", gives(wrong))
    other = _start(edges, names, not directed)
    for k in range(asked):
        _relax(other, k)
    yield Mistake("弄错了有向与无向", gives(other))


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Draw a small digraph with arcs in both directions."""
    names = list("ABCDE"[: 3 + difficulty // 2])
    pairs = random_connected(rng, names, 2 + difficulty)
    pairs += [(v, u) for u, v in pairs if rng.random() < 0.6]
    edges = [Edge(u, v, rng.randint(1, 15)) for u, v in pairs]
    given = f"带权有向图的弧（括号后为权）为 {shown(edges, True)}，顶点次序为 {join(names)}。用 Floyd 算法，"
    args: dict[str, object] = {"edges": edges, "vertices": names}
    if difficulty < 3:
        source, target = names[0], names[-1]
        full = _start(edges, names, True)
        for k in range(len(names)):
            _relax(full, k)
        if full[0][-1] is not None:
            stem = f"{given}求得从 {source} 到 {target} 的最短路径长度是（ ）。"
            return Draft(stem, {**args, "source": source, "target": target}, "distance")
    k = rng.randint(1, len(names) - 1)
    return Draft(f"{given}以前 {k} 个顶点为中间点之后的距离矩阵是（ ）。", {**args, "after": k}, "matrix_after")
