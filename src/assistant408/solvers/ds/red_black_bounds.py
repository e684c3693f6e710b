"""Heights and sizes of red-black trees (红黑树的黑高与结点数)."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Annotated

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Cell, Solution, Step, Table, Value
from assistant408.solvers.ds._answers import integer

__all__ = ["solve", "tallest"]


@solver(
    "ds.red_black_bounds",
    title="红黑树的黑高与结点数",
    summary="给出红黑树的黑高，求内部结点数的最小与最大值、高度的范围；或给出高度，求最少结点数；或给出结点数，求最大高度。",
    syllabus=("ds.search.rb-def",),
    keywords=("红黑树", "黑高", "内部结点", "最长路径", "最短路径", "高度", "最少结点"),
    answers={
        "min_nodes": Out("内部结点数的最小值", "个"),
        "max_nodes": Out("内部结点数的最大值", "个"),
        "min_height": Out("内部结点高度的最小值", "层"),
        "max_height": Out("内部结点高度的最大值", "层"),
    },
    examples=({"black_height": 3}, {"height": 5}, {"height": 4}),
)
def solve(
    black_height: Annotated[
        int | None, Param("黑高", "从根（不含）到叶结点 NULL（含）的黑结点数", min=1, max=60)
    ] = None,
    height: Annotated[int | None, Param("高度", "内部结点的层数", min=1, max=60)] = None,
) -> Solution:
    """Bound the size of a red-black tree (红黑树的黑高与结点数).

    Args:
        black_height: black nodes on every path from the root (excluded) to a leaf NULL (included), or
        height: levels of internal nodes.

    Returns:
        `min_nodes` and `max_nodes`, and `min_height` and `max_height` of the internal nodes.

    Raises:
        InputError: both or neither given.

    Examples:
        >>> a = solve(black_height=3).answer
        >>> a["min_nodes"], a["max_nodes"], a["max_height"]
        (7, 63, 6)
        >>> [solve(height=h).answer["min_nodes"] for h in (1, 2, 3, 4)]
        [1, 2, 4, 6]

    Conventions:
        The root is black; leaves NULL are black and are no internal nodes.

    Source:
        Cormen et al., Introduction to Algorithms, §13.1.
    """
    if (black_height is None) == (height is None):
        raise InputError(f"黑高 {black_height!r} 与高度 {height!r} 应恰好给出一个，请补上或去掉其一。")
    if black_height is not None:
        low, high = 2**black_height - 1, 4**black_height - 1
        short, tall = black_height, 2 * black_height
        why = (
            f"黑高为 {black_height}：内部结点全黑时是高 {short} 的满二叉树，最少 $2^{{{short}}}-1={low}$ 个；"
            f"黑红相间时每条路径长一倍，最多 $2^{{{tall}}}-1={high}$ 个。"
        )
    else:
        assert height is not None
        low, high, short, tall = tallest(height), 2**height - 1, height, height
        why = (
            f"高度为 {height} 的最长路径上至多一半是红结点，黑结点尽量少；路径外的子树全黑且黑高相同，"
            f"最少 {low} 个结点；最多为满二叉树，{high} 个。"
        )
    rows: list[list[Cell]] = [["最少", low, short], ["最多", high, tall]]
    gives: dict[str, Value] = {"min_nodes": low, "max_nodes": high, "min_height": short, "max_height": tall}
    table = Table(["情形", "内部结点数", "高度"], rows)
    return Solution([Step(why, table, "黑高与路径长度", gives)], ["根为黑；叶结点 NULL 为黑，不算内部结点"])


def tallest(height: int) -> int:
    """Return the least number of internal nodes of a red-black tree of a height.

    Below the root the longest path alternates as far as it can; every subtree beside it is black and full.

    Examples:
        >>> [tallest(h) for h in range(1, 7)]
        [1, 2, 4, 6, 10, 14]
    """
    total = 0
    for level in range(1, height + 1):  # nodes of the path from its lower end; a full black tree beside each
        total += 1 + 2 ** ((level - 1) // 2) - 1
    return total


def mistakes(black_height: int | None, height: int | None) -> Iterator[Mistake]:
    """Yield swapped extremes and heights off by one."""
    answer = solve(black_height, height).answer
    low, high, tall = (integer(answer[k]) for k in ("min_nodes", "max_nodes", "max_height"))
    yield Mistake("最少与最多弄反", {"min_nodes": high, "max_nodes": low, "max_height": tall // 2})
    yield Mistake("漏减了 1", {"min_nodes": low + 1, "max_nodes": high + 1, "max_height": tall + 1})
    yield Mistake("黑高少算一层", {"min_nodes": low // 2, "max_nodes": high // 4, "max_height": tall - 2})
    yield Mistake("黑高多算一层", {"min_nodes": 2 * low + 1, "max_nodes": 4 * high + 3, "max_height": tall + 2})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Draw a black height."""
    b = rng.randint(2, 3 + difficulty)
    ask, word = rng.choice([("min_nodes", "最少"), ("max_nodes", "最多")])
    stem = f"红黑树的黑高为 {b}（从根到叶结点 NULL，不含根、含叶），内部结点{word}有（ ）个。"
    return Draft(stem, {"black_height": b}, ask)
