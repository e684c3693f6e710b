"""Heights and sizes of AVL trees (平衡二叉树的高度与结点数)."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Annotated

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Cell, Solution, Step, Table, Value
from assistant408.solvers.ds._answers import integer

__all__ = ["least_nodes", "solve"]


@solver(
    "ds.avl_bounds",
    title="平衡二叉树的高度与结点数",
    summary="给出平衡二叉树的高度，求结点数的最小与最大值；或给出结点数，求高度的最大与最小值和查找的最多比较次数。",
    syllabus=("ds.search.avl-nodes",),
    keywords=("平衡二叉树", "AVL", "高度", "最少结点数", "最大高度", "平衡因子", "最多比较次数"),
    answers={
        "min_nodes": Out("该高度的最少结点数", "个"),
        "max_nodes": Out("该高度的最多结点数", "个"),
        "max_height": Out("最大高度（最多比较次数）", "层"),
        "min_height": Out("最小高度", "层"),
    },
    examples=({"height": 6}, {"nodes": 12}),
)
def solve(
    height: Annotated[int | None, Param("高度", "层数，单个结点为 1；已知结点数时留空", min=1, max=60)] = None,
    nodes: Annotated[int | None, Param("结点数", "已知高度时留空", min=1, max=10**12)] = None,
) -> Solution:
    """Bound the size of an AVL tree by its height, or the reverse (平衡二叉树的高度与结点数).

    Args:
        height: levels, or
        nodes: number of nodes.

    Returns:
        For a height, `min_nodes` and `max_nodes`. For a number of nodes, `max_height`, `min_height`, and `min_nodes`,
        the least number that reaches the greatest height.

    Raises:
        InputError: both or neither given.

    Examples:
        >>> solve(height=6).answer["min_nodes"]
        20
        >>> solve(nodes=12).answer["max_height"], solve(nodes=11).answer["max_height"]
        (5, 4)
        >>> solve(height=1).answer["max_nodes"]
        1

    Conventions:
        A single node has height 1. N(h) = N(h-1) + N(h-2) + 1 with N(1) = 1, N(2) = 2.

    Source:
        Knuth, TAOCP vol. 3, §6.2.3; 408 真题 2012.
    """
    if (height is None) == (nodes is None):
        raise InputError(f"高度 {height!r} 与结点数 {nodes!r} 应恰好给出一个，请补上或去掉其一。")
    if height is not None:
        tallest = height
    else:
        assert nodes is not None
        tallest = 1
        while least_nodes(tallest + 1) <= nodes:
            tallest += 1
    rows: list[list[Cell]] = [[h, least_nodes(h), 2**h - 1] for h in range(1, tallest + 2)]
    table = Table(["高度 h", "最少结点数 N(h)", "最多结点数"], rows, [(tallest - 1, 1)])
    rule = "高为 h 的平衡二叉树结点最少时，左右子树高为 h-1 和 h-2，$N(h)=N(h-1)+N(h-2)+1$，$N(1)=1,N(2)=2$"
    least = least_nodes(tallest)
    if height is not None:
        most = 2**height - 1
        gives: dict[str, Value] = {"min_nodes": least, "max_nodes": most}
        why = f"{rule}；$N({height})={least}$，最多为 $2^{{{height}}}-1={most}$。"
    else:
        assert nodes is not None
        low = nodes.bit_length()
        gives = {"max_height": tallest, "min_height": low, "min_nodes": least}
        why = (
            f"{rule}；$N({tallest})={least}\\le {nodes}<N({tallest + 1})={least_nodes(tallest + 1)}$，最大高度为 {tallest}；"
            f"最小高度为 $\\lceil\\log_2({nodes}+1)\\rceil={low}$。"
        )
    return Solution([Step(why, table, "最少结点数的递推", gives)], ["单个结点的高度为 1"])


def least_nodes(height: int) -> int:
    """Return the least number of nodes of an AVL tree of a height.

    Examples:
        >>> [least_nodes(h) for h in range(6)]
        [0, 1, 2, 4, 7, 12]
    """
    a, b = 0, 1
    for _ in range(height):
        a, b = b, a + b + 1
    return a


def mistakes(height: int | None, nodes: int | None) -> Iterator[Mistake]:
    """Yield full trees, plain Fibonacci numbers and a shifted height."""
    answer = solve(height, nodes).answer
    if height is not None:
        least = integer(answer["min_nodes"])
        yield Mistake("把最少当作满二叉树", {"min_nodes": 2**height - 1, "max_nodes": 2**height})
        yield Mistake("递推时漏加根结点", {"min_nodes": _fibonacci(height)})
        yield Mistake("根的高度从 0 数起", {"min_nodes": least_nodes(height + 1), "max_nodes": 2 ** (height + 1) - 1})
        yield Mistake("高度少算一层", {"min_nodes": least_nodes(height - 1), "max_nodes": 2 ** (height - 1) - 1})
        yield Mistake("把最少当作完全二叉树最底层一个结点", {"min_nodes": 2 ** (height - 1)})
        yield Mistake("最少与最多混淆", {"max_nodes": least})
    if nodes is not None:
        high, low = integer(answer["max_height"]), integer(answer["min_height"])
        yield Mistake("按完全二叉树的高度", {"max_height": low, "min_height": high})
        yield Mistake("多算了一层", {"max_height": high + 1, "min_height": low + 1})
        yield Mistake("少算了一层", {"max_height": high - 1, "min_height": low - 1})
        yield Mistake("按单支树计", {"max_height": nodes})


def _fibonacci(height: int) -> int:
    a, b = 1, 2
    for _ in range(height - 1):
        a, b = b, a + b
    return a


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Draw a height (easy) or a number of nodes (hard)."""
    if difficulty < 3:
        height = rng.randint(4, 9)
        return Draft(
            f"高度为 {height} 的平衡二叉树（单个结点的高度为 1）最少有的结点个数是（ ）。",
            {"height": height},
            "min_nodes",
        )
    nodes = rng.randint(12, 60 * difficulty)
    return Draft(
        f"含 {nodes} 个结点的平衡二叉树（单个结点的高度为 1）的最大高度是（ ）。", {"nodes": nodes}, "max_height"
    )
