"""Whether two root-to-leaf paths can belong to one Huffman tree (哈夫曼树中两条路径的判定)."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import pairwise
from typing import Annotated

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Cell, Solution, Step, Table
from assistant408.solvers.ds._text import join

__all__ = ["solve"]


@solver(
    "ds.huffman_paths",
    title="哈夫曼树中两条路径的判定",
    summary="给出从根到两个叶结点的路径上的权值序列，判断它们能否属于同一棵哈夫曼树：父结点的权值等于两个孩子之和，且上层的权值不小于下层。",
    syllabus=("ds.tree.huffman-properties", "ds.tree.huffman-build"),
    keywords=("哈夫曼树", "路径上的权值序列", "两个叶结点", "同一棵", "权值"),
    answers={"valid": Out("能否属于同一棵哈夫曼树"), "reason": Out("理由")},
    examples=({"first": [24, 10, 5], "second": [24, 14, 6]}, {"first": [24, 10, 5], "second": [24, 10, 7]}),
)
def solve(
    first: Annotated[list[int], Param("第一条路径", "从根到叶的权值", min=1, min_len=2, max_len=20)],
    second: Annotated[list[int], Param("第二条路径", "从根到另一叶的权值", min=1, min_len=2, max_len=20)],
) -> Solution:
    """Judge whether two paths fit in one Huffman tree (哈夫曼树中两条路径的判定).

    Args:
        first, second: weights from the root to two different leaves.

    Returns:
        `valid`, and the `reason`.

    Raises:
        InputError: a path of one node.

    Examples:
        >>> solve([24, 10, 5], [24, 14, 6]).answer["valid"], solve([24, 10, 5], [24, 10, 7]).answer["valid"]
        (True, False)
        >>> solve([24, 10, 10], [24, 14, 11]).answer["valid"]
        False

    Conventions:
        Weights are positive; where the paths part, the two nodes are siblings. A node on an upper level never weighs
        less than one on a lower level.

    Source:
        Huffman, Proc. IRE 40 (1952); Gallager (1978), sibling property; 408 真题 2015.
    """
    reason = _broken(first, second)
    rows: list[list[Cell]] = [
        [k + 1, first[k] if k < len(first) else "", second[k] if k < len(second) else ""]
        for k in range(max(len(first), len(second)))
    ]
    why = reason or "每个分支结点的权值都等于两个孩子之和，且上层权值不小于下层，可以属于同一棵哈夫曼树"
    step = Step(
        f"{join(first)} 与 {join(second)}：{why}。",
        Table(["层", "第一条", "第二条"], rows),
        "父子与上下层的权值关系",
        {"valid": not reason, "reason": why},
    )
    return Solution([step], ["权值都为正；两条路径从分叉处起互为左右子树"])


def _broken(first: list[int], second: list[int]) -> str:
    """Return what speaks against the paths, or the empty string."""
    if min(len(first), len(second)) < 2:
        raise InputError(f"路径 {first!r} 与 {second!r} 至少各有 2 个结点，请检查。")
    if first[0] != second[0]:
        return f"两条路径的根 {first[0]} 与 {second[0]} 不同"
    known: list[set[int]] = []  # weights by level, siblings included
    for path in (first, second):
        for level, (parent, child) in enumerate(pairwise(path)):
            if child >= parent:
                return f"孩子的权值 {child} 不小于双亲 {parent}"
            while len(known) <= level:
                known.append(set())
            known[level] |= {child, parent - child}
    split = _split(first, second)
    if split is None:
        return "一个叶结点落在到另一个叶结点的路径上"
    apart = first[split - 1], first[split], second[split]
    if apart[1] + apart[2] != apart[0] and apart[1] != apart[2]:
        return f"分叉处 {apart[1]}+{apart[2]} 不等于双亲 {apart[0]}"
    if apart[1] + apart[2] != apart[0]:
        return f"第 {split + 1} 层的两个 {apart[1]} 不能同为 {apart[0]} 的孩子"
    for level in range(len(known) - 1):
        if min(known[level]) < max(known[level + 1]):
            return f"第 {level + 2} 层的 {min(known[level])} 小于第 {level + 3} 层的 {max(known[level + 1])}"
    return ""


def _split(first: list[int], second: list[int]) -> int | None:
    """Return the level where the paths part; equal weights part if nothing later differs but their sum fits."""
    for k in range(1, min(len(first), len(second))):
        if first[k] != second[k]:
            return k
        if first[k] + second[k] == first[k - 1]:  # equal siblings
            return k
    return None


def mistakes(first: list[int], second: list[int]) -> Iterator[Mistake]:
    """Yield the other verdict and reasons that are beside the point."""
    answer = solve(first, second).answer
    yield Mistake("只看根是否相同", {"valid": not answer["valid"], "reason": "根相同就可以"})
    yield Mistake("以为两条路径要一样长", {"valid": len(first) == len(second), "reason": "两条路径要一样长"})
    yield Mistake("以为叶的权值要递增", {"valid": first[-1] < second[-1], "reason": "叶的权值要递增"})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Draw two paths that fit or not, and ask why."""
    leaves = sorted(rng.randint(3, 9) for _ in range(4))
    left, right = leaves[0] + leaves[1], leaves[2] + leaves[3]
    root = left + right
    first, second = [root, left, leaves[0]], [root, right, leaves[3]]
    if rng.random() < 0.5:
        second = [root, left, leaves[1] + 1]
    stem = f"权值序列 {join(first)} 与 {join(second)} 是从根到两个叶结点的路径，它们能否属于同一棵哈夫曼树？（ ）。"
    return Draft(stem, {"first": first, "second": second}, "reason")
