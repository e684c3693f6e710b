"""Counting nodes, links and shapes of binary trees (二叉树的结点数、空指针数与形态数)."""

from __future__ import annotations

import random
from collections.abc import Iterator
from math import comb
from typing import Annotated

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Cell, Solution, Step, Table, Value
from assistant408.solvers.ds._answers import integer

__all__ = ["solve"]

Count = int | None
MOST_SHAPED = 200  # nodes for which the number of shapes is still written out


@solver(
    "ds.binary_tree_counts",
    title="二叉树的结点数、空指针数与形态数",
    summary="由二叉树的叶结点数、度为 1 或 2 的结点数、结点总数或高度，求其余各数，结点数与高度的最大最小值，空指针数，不同形态（卡特兰数）的个数。",
    syllabus=("ds.tree.binary-properties", "ds.tree.count", "ds.tree.binary-types", "ds.tree.binary-storage"),
    keywords=(
        "二叉树",
        "叶结点",
        "度为 2 的结点",
        "度为 1 的结点",
        "只有度为 0 和度为 2 的结点",
        "空指针域",
        "二叉链表",
        "不同的二叉树",
        "形态",
        "卡特兰数",
    ),
    answers={
        "nodes": Out("结点总数", "个"),
        "leaves": Out("叶结点数", "个"),
        "degree_one": Out("度为 1 的结点数", "个"),
        "degree_two": Out("度为 2 的结点数", "个"),
        "null_links": Out("空指针域数", "个"),
        "used_links": Out("非空指针域数", "个"),
        "min_height": Out("最小高度", "层"),
        "max_height": Out("最大高度", "层"),
        "shapes": Out("不同形态的二叉树的个数", "种"),
        "min_nodes": Out("该高度的最少结点数", "个"),
        "max_nodes": Out("该高度的最多结点数", "个"),
        "array_cells": Out("顺序存储至少需要的单元数", "个"),
        "min_leaves": Out("该高度的最少叶结点数", "个"),
        "max_leaves": Out("该高度的最多叶结点数", "个"),
    },
    examples=({"leaves": 10, "degree_one": 8}, {"nodes": 5}, {"nodes": 11, "height": 6, "strict": True}),
)
def solve(
    nodes: Annotated[Count, Param("结点总数", "已知时填写", min=1, max=10**9)] = None,
    leaves: Annotated[Count, Param("叶结点数", "已知时填写", min=1, max=10**9)] = None,
    degree_one: Annotated[Count, Param("度为 1 的结点数", "已知时填写", min=0, max=10**9)] = None,
    degree_two: Annotated[Count, Param("度为 2 的结点数", "已知时填写", min=0, max=10**9)] = None,
    height: Annotated[Count, Param("高度", "层数，单个结点为 1；已知时填写", min=1, max=60)] = None,
    strict: Annotated[bool, Param("只有度为 0 和 2 的结点", "没有度为 1 的结点")] = False,
) -> Solution:
    """Count nodes, links and shapes of a binary tree (二叉树的结点数、空指针数与形态数).

    Args:
        nodes, leaves, degree_one, degree_two: what is known; the others follow from n0 = n2 + 1 and n = n0 + n1 + n2.
        height: levels.
        strict: every branch node has two children.

    Returns:
        The numbers that follow; with `nodes` also `null_links`, `used_links`, `min_height`, `max_height`, `shapes`;
        with `height` also `min_nodes`, `max_nodes`, `array_cells`, `min_leaves`, `max_leaves`.

    Raises:
        InputError: nothing given, or numbers that no binary tree has.

    Examples:
        >>> solve(leaves=10, degree_one=8).answer["nodes"]
        27
        >>> solve(height=6, strict=True).answer["min_nodes"]
        11
        >>> solve(nodes=1).answer["shapes"]
        1

    Conventions:
        A single node has height 1; the links are those of the linked storage with two pointers a node.

    Source:
        严蔚敏《数据结构（C 语言版）》§6.2.1; Knuth, TAOCP vol. 1, §2.3.4.4.
    """
    if nodes is None and leaves is None and degree_two is None and height is None:
        raise InputError("结点数与高度都是 None，请至少给出一个。")
    steps = []
    known = _counted(nodes, leaves, degree_one, degree_two, strict)
    if known:
        total, zero, one, two = known
        why = "每个结点有且只有一个双亲（根除外），故 $n_0=n_2+1$，又 $n=n_0+n_1+n_2$"
        rows: list[list[Cell]] = [["0（叶）", zero], ["1", one], ["2", two], ["合计", total]]
        gives: dict[str, Value] = {"leaves": zero, "degree_two": two}
        if one is not None and total is not None:
            gives |= {"degree_one": one, "nodes": total}
        shown = f"$n_0={zero}$，$n_2={two}$" + ("" if one is None else f"，$n_1={one}$，$n={total}$")
        steps.append(Step(f"{why}；{shown}。", Table(["度", "结点数"], rows), "n0=n2+1", gives))
        nodes = total
    if nodes is not None:
        steps.append(_by_nodes(nodes, strict))
    if height is not None:
        steps.append(_by_height(height, strict))
    return Solution(steps, ["单个结点的高度为 1"])


def _counted(nodes: Count, leaves: Count, one: Count, two: Count, strict: bool) -> tuple[Count, int, Count, int] | None:
    """Return n, n0, n1, n2; n and n1 may stay unknown."""
    if leaves is None and two is not None:
        leaves = two + 1
    if strict:
        one = 0
    if leaves is None and nodes is not None and one is not None:
        if (nodes - one) % 2 == 0:
            raise InputError(f"结点总数 {nodes!r} 减去度为 1 的结点数 {one!r} 应为奇数（n0+n2=2n0-1），请检查。")
        leaves = (nodes - one + 1) // 2
    if leaves is None:
        return None
    if two is not None and two != leaves - 1:
        raise InputError(f"叶结点数 {leaves!r} 应比度为 2 的结点数 {two!r} 多 1，请检查。")
    if one is None and nodes is not None:
        one = nodes - 2 * leaves + 1
    if (one is not None and one < 0) or leaves < 1:
        raise InputError(f"叶结点数 {leaves!r} 与结点总数 {nodes!r} 矛盾，请检查。")
    total = nodes if one is None else 2 * leaves - 1 + one
    if nodes is not None and total != nodes:
        raise InputError(f"结点总数 {nodes!r} 与其余各数（合计 {total!r}）矛盾，请检查。")
    return total, leaves, one, leaves - 1


def _by_nodes(n: int, strict: bool) -> Step:
    tall = (n + 1) // 2 if strict else n
    gives: dict[str, Value] = {
        "nodes": n,
        "null_links": n + 1,
        "used_links": n - 1,
        "min_height": n.bit_length(),
        "max_height": tall,
    }
    why = (
        f"二叉链表共 $2n={2 * n}$ 个指针域，每个非根结点占一个，非空 {n - 1} 个，空 $n+1={n + 1}$ 个；"
        f"最矮为 $\\lfloor\\log_2 n\\rfloor+1={n.bit_length()}$ 层，最高为 {tall} 层"
    )
    if n <= MOST_SHAPED and not strict:
        gives["shapes"] = comb(2 * n, n) // (n + 1)
        why += f"；不同形态有 $\\frac1{{n+1}}\\binom{{2n}}n={gives['shapes']}$ 种"
    rows: list[list[Cell]] = [["空指针域", n + 1], ["非空指针域", n - 1]]
    return Step(f"{why}。", Table(["指针域", "个数"], rows), "指针域与高度", gives)


def _by_height(h: int, strict: bool) -> Step:
    low, high = (2 * h - 1 if strict else h), 2**h - 1
    few = h if strict else 1
    shape = "每层（根除外）恰有 2 个结点" if strict else "每层 1 个结点"
    why = f"高度为 {h}：最少时{shape}，共 {low} 个；最多时为满二叉树，$2^{{{h}}}-1={high}$ 个，顺序存储要按满二叉树留出 {high} 个单元。"
    rows: list[list[Cell]] = [["最少", low, few], ["最多", high, 2 ** (h - 1)]]
    gives: dict[str, Value] = {
        "min_nodes": low,
        "max_nodes": high,
        "array_cells": high,
        "min_leaves": few,
        "max_leaves": 2 ** (h - 1),
    }
    return Step(why, Table(["情形", "结点数", "叶结点数"], rows), "最少与最多的形状", gives)


def mistakes(
    nodes: Count, leaves: Count, degree_one: Count, degree_two: Count, height: Count, strict: bool
) -> Iterator[Mistake]:
    """Yield slips of n0 = n2 + 1, of the links, and of the height."""
    answer = solve(nodes, leaves, degree_one, degree_two, height, strict).answer
    if "nodes" in answer:
        n = integer(answer["nodes"])
        yield Mistake("把空指针域数当作结点数", {"null_links": n, "nodes": n + 1, "used_links": n})
        yield Mistake("把空与非空的指针域弄反", {"null_links": n - 1, "used_links": n + 1, "nodes": n - 1})
        yield Mistake("每个指针域都算空", {"null_links": 2 * n, "used_links": 2 * n, "nodes": n + 2})
        yield Mistake("按满二叉树计", {"shapes": 2**n, "max_height": n.bit_length()})
        yield Mistake("每添一个结点只多一种放法", {"shapes": n * (n + 1) // 2, "min_height": n})
        yield Mistake("卡特兰数少算一项", {"shapes": comb(2 * n - 2, n - 1) // n if n > 1 else 0})
    if "leaves" in answer:
        zero = integer(answer["leaves"])
        yield Mistake("以为 n0=n2", {"leaves": zero - 1, "degree_two": zero})
        yield Mistake("n0 与 n2 的关系弄反", {"leaves": max(zero - 2, 0), "degree_two": zero + 1})
        yield Mistake("漏掉了根结点", {"leaves": zero + 1, "degree_two": zero - 2})
    if "min_nodes" in answer:
        h, low, high = height or 1, integer(answer["min_nodes"]), integer(answer["max_nodes"])
        yield Mistake("最少与最多弄反", {"min_nodes": high, "max_nodes": low})
        yield Mistake("漏掉根结点", {"min_nodes": low - 1, "max_nodes": high - 1})
        yield Mistake("高度从 0 数起", {"min_nodes": 2 * h + 1, "max_nodes": 2 * high + 1})
        yield Mistake("每层都算 2 个结点", {"min_nodes": 2 * h, "max_nodes": high + 1})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Draw degrees, links or a height without nodes of degree 1."""
    if difficulty < 3:
        leaves, one = rng.randint(5, 60), rng.randint(2, 40)
        stem = f"一棵二叉树有 {leaves} 个叶结点，{one} 个度为 1 的结点，则它的结点总数是（ ）。"
        return Draft(stem, {"leaves": leaves, "degree_one": one}, "nodes")
    if difficulty == 3:
        n = rng.randint(10, 90)
        return Draft(f"用二叉链表存储有 {n} 个结点的二叉树，空指针域的个数是（ ）。", {"nodes": n}, "null_links")
    height = rng.randint(4, 9)
    stem = f"高度为 {height} 的二叉树（根的高度为 1）只有度为 0 和度为 2 的结点，它的结点数最少是（ ）。"
    return Draft(stem, {"height": height, "strict": True}, "min_nodes")
