"""Complete binary trees (完全二叉树): heights, leaves and numbering."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Annotated

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Cell, Solution, Step, Table, Value
from assistant408.solvers.ds._answers import integer

__all__ = ["solve"]


@solver(
    "ds.complete_tree",
    title="完全二叉树的计算",
    summary="给出完全二叉树的结点数、叶结点数或某层的叶结点数，求结点数的最大最小值、高度、叶结点数，以及某编号结点的双亲和孩子。",
    syllabus=("ds.tree.complete", "ds.tree.binary-properties", "ds.tree.binary-types"),
    keywords=("完全二叉树", "叶结点", "结点数最多", "结点数最少", "高度", "编号", "双亲", "层"),
    answers={
        "max_nodes": Out("结点数的最大值", "个"),
        "min_nodes": Out("结点数的最小值", "个"),
        "leaves": Out("叶结点数", "个"),
        "height": Out("高度", "层"),
        "degree_one": Out("度为 1 的结点数", "个"),
        "degree_two": Out("度为 2 的结点数", "个"),
        "last_level": Out("最底层的结点数", "个"),
        "parent": Out("所问结点的双亲编号"),
        "children": Out("所问结点的孩子编号"),
        "level": Out("所问结点的层数"),
    },
    examples=(
        {"nodes": 768, "index": 100},
        {"leaves": 10},
        {"level": 6, "level_leaves": 8},
    ),
)
def solve(
    nodes: Annotated[int | None, Param("结点数 n", "已知结点数时填写", min=1, max=10**12)] = None,
    leaves: Annotated[int | None, Param("叶结点数", "已知叶结点数时填写", min=1, max=10**12)] = None,
    level: Annotated[int | None, Param("层数", "已知某层的叶结点数时填写，根为第 1 层", min=1, max=40)] = None,
    level_leaves: Annotated[int | None, Param("该层的叶结点数", min=1, max=10**12)] = None,
    index: Annotated[int | None, Param("所问结点的编号", "层序编号，根为 1；需已知结点数", min=1)] = None,
) -> Solution:
    """Compute with a complete binary tree (完全二叉树).

    Args:
        nodes: number of nodes n, or
        leaves: number of leaves, or
        level, level_leaves: number of leaves on a level (the root is on level 1).
        index: number of a node in level order, from 1, if n is known.

    Returns:
        `max_nodes` and `min_nodes` that agree with what is given; with n also `height`, `leaves`, `degree_one`,
        `degree_two`, `last_level`, and with an index its `parent` (`None` for the root), `children`, `level`.

    Raises:
        InputError: not exactly one of the three, or numbers that no complete tree has.

    Examples:
        >>> solve(level=6, level_leaves=8).answer["max_nodes"]
        111
        >>> solve(nodes=768).answer["leaves"]
        384
        >>> solve(nodes=1, index=1).answer["parent"] is None
        True

    Conventions:
        Level order from 1, the root on level 1.

    Source:
        严蔚敏《数据结构（C 语言版）》§6.2.2; 408 真题 2009、2011.
    """
    given = [nodes is not None, leaves is not None, level is not None and level_leaves is not None]
    if sum(given) != 1 or (level is None) != (level_leaves is None):
        raise InputError(f"结点数 {nodes!r}、叶结点数 {leaves!r}、某层的叶结点数 {level_leaves!r} 应恰好给出一种。")
    if index is not None and (nodes is None or index > nodes):
        raise InputError(f"编号 {index!r} 应在 1～n 之间，且需给出结点数 n，请检查。")
    if nodes is not None:
        steps = _by_nodes(nodes, index)
    elif leaves is not None:
        steps = [_by_leaves(leaves)]
    else:
        assert level is not None
        assert level_leaves is not None
        steps = [_by_level(level, level_leaves)]
    return Solution(steps, ["根为第 1 层，层序编号从 1 起"])


def _by_nodes(n: int, index: int | None) -> list[Step]:
    height = n.bit_length()
    leaves, two = (n + 1) // 2, (n - 1) // 2
    last = n - (2 ** (height - 1) - 1)
    gives: dict[str, Value] = {
        "max_nodes": n,
        "min_nodes": n,
        "height": height,
        "leaves": leaves,
        "degree_one": n - leaves - two,
        "degree_two": two,
        "last_level": last,
    }
    rows: list[list[Cell]] = [["度为 2", two], ["度为 1", n - leaves - two], ["叶", leaves]]
    why = (
        f"高度 $\\lfloor\\log_2 {n}\\rfloor+1={height}$；最后一个分支结点的编号为 $\\lfloor {n}/2\\rfloor={n // 2}$，"
        f"叶结点有 ${n}-{n // 2}={leaves}$ 个；度为 1 的结点有 {n - leaves - two} 个；最底层有 {last} 个。"
    )
    steps = [Step(why, Table(["结点", "个数"], rows), "高度与叶结点数", gives)]
    if index is not None:
        children = [c for c in (2 * index, 2 * index + 1) if c <= n]
        parent = index // 2 or None
        why = f"编号 {index} 的双亲为 {parent or '无'}，孩子为 {children or '无'}，在第 {index.bit_length()} 层。"
        found: dict[str, Value] = {"parent": parent, "children": children, "level": index.bit_length()}
        steps.append(Step(why, credit="编号的关系", gives=found))
    return steps


def _by_leaves(leaves: int) -> Step:
    high, low = 2 * leaves, 2 * leaves - 1
    why = (
        f"$n_0=n_2+1$，故 $n_2={leaves - 1}$；完全二叉树中 $n_1$ 只能是 0 或 1，"
        f"结点数最多 ${leaves}+{leaves - 1}+1={high}$，最少 {low}。"
    )
    rows: list[list[Cell]] = [["最多", leaves, 1, leaves - 1, high], ["最少", leaves, 0, leaves - 1, low]]
    table = Table(["情形", "n0", "n1", "n2", "n"], rows)
    return Step(why, table, "n1 为 0 或 1", {"max_nodes": high, "min_nodes": low, "leaves": leaves})


def _by_level(level: int, count: int) -> Step:
    full = 2 ** (level - 1)
    if count > full:
        raise InputError(f"第 {level} 层至多有 {full} 个结点，叶结点数 {count!r} 过多，请检查。")
    low, high = full - 1 + count, 2 * full - 1 + 2 * (full - count)
    why = (
        f"最少：第 {level} 层是最底层，有 $({full}-1)+{count}={low}$ 个；最多：第 {level} 层满，"
        f"其余 ${full}-{count}$ 个各有两个孩子，有 $({2 * full}-1)+2\\times {full - count}={high}$ 个。"
    )
    rows: list[list[Cell]] = [["最少", full - 1, count, 0, low], ["最多", full - 1, full, 2 * (full - count), high]]
    table = Table(["情形", f"前 {level - 1} 层", f"第 {level} 层", f"第 {level + 1} 层", "合计"], rows)
    return Step(why, table, "该层可以不是最底层", {"max_nodes": high, "min_nodes": low})


def mistakes(
    nodes: int | None, leaves: int | None, level: int | None, level_leaves: int | None, index: int | None
) -> Iterator[Mistake]:
    """Yield slips of the level, of the last branch node and of full trees."""
    answer = solve(nodes, leaves, level, level_leaves, index).answer
    high, low = integer(answer["max_nodes"]), integer(answer["min_nodes"])
    yield Mistake("最多与最少弄反", {"max_nodes": low, "min_nodes": high})
    if level is not None and level_leaves is not None:
        yield Mistake("按满二叉树计算", {"max_nodes": 2**level - 1, "min_nodes": 2**level - 1})
        yield Mistake("下一层的孩子只算了一个", {"max_nodes": 2**level - 1 + 2 ** (level - 1) - level_leaves})
        yield Mistake("下一层按满层计", {"max_nodes": 2 ** (level + 1) - 1, "min_nodes": low - 1})
    if leaves is not None:
        yield Mistake("以为没有度为 1 的结点", {"max_nodes": 2 * leaves - 1})
        yield Mistake("以为度为 1 的结点可以有多个", {"max_nodes": 2 * leaves + 1, "min_nodes": 2 * leaves - 2})
        yield Mistake(
            "按下一个满二叉树计", {"max_nodes": 2 ** (leaves.bit_length() + 1) - 1, "min_nodes": 2 * leaves + 1}
        )
    if nodes is not None:
        h, n0 = integer(answer["height"]), integer(answer["leaves"])
        yield Mistake("高度漏加 1", {"height": h - 1, "leaves": nodes // 2, "last_level": 2 ** (h - 1)})
        yield Mistake("只数了最底层的叶", {"leaves": answer["last_level"], "height": h + 1})
        yield Mistake("把分支结点数当作叶结点数", {"leaves": nodes - n0, "degree_two": n0, "degree_one": nodes % 2})
        yield Mistake("把叶结点数多算 1 个", {"leaves": n0 + 1, "degree_two": n0 - 2})
    if index is not None:
        yield Mistake(
            "按从 0 编号计算",
            {
                "parent": (index - 1) // 2,
                "children": [2 * index + 1, 2 * index + 2],
                "level": index.bit_length() - 1,
            },
        )


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Draw a node count, a leaf count or a level with leaves."""
    if difficulty < 3:
        n = rng.randint(50, 500 * difficulty)
        return Draft(f"一棵完全二叉树有 {n} 个结点，则叶结点的个数是（ ）。", {"nodes": n}, "leaves")
    if difficulty == 3:
        leaves = rng.randint(20, 300)
        return Draft(f"一棵完全二叉树有 {leaves} 个叶结点，则它的结点数最多是（ ）。", {"leaves": leaves}, "max_nodes")
    level = rng.randint(5, 8)
    count = rng.randint(2, 2 ** (level - 1) - 2)
    ask = rng.choice(["max_nodes", "min_nodes"])
    name = "最多" if ask == "max_nodes" else "最少"
    stem = f"一棵完全二叉树的第 {level} 层（根为第 1 层）有 {count} 个叶结点，则它的结点个数{name}是（ ）。"
    return Draft(stem, {"level": level, "level_leaves": count}, ask)
