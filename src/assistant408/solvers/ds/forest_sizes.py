"""Sizes of a forest and of its binary tree (森林与对应二叉树的结点数)."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Annotated

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Cell, Solution, Step, Table, Value
from assistant408.solvers.ds._answers import integer
from assistant408.solvers.ds._text import join

__all__ = ["solve"]

Count = int | None


@solver(
    "ds.forest_sizes",
    title="森林与对应二叉树的结点数",
    summary="由各树的结点数求对应二叉树中根的左、右子树的结点数；由森林的结点数、叶结点数（分支结点数）求无右孩子或无左孩子的结点数；由结点数与边数求树的棵数。",
    syllabus=("ds.tree.forest-conversion", "ds.tree.terms"),
    keywords=(
        "森林",
        "二叉树",
        "右子树上的结点",
        "左子树上的结点",
        "右指针域为空",
        "无右孩子",
        "非终端结点",
        "叶结点",
        "棵树",
        "边",
    ),
    answers={
        "right_subtree": Out("根的右子树的结点数", "个"),
        "left_subtree": Out("根的左子树的结点数", "个"),
        "no_right": Out("对应二叉树中无右孩子的结点数", "个"),
        "no_left": Out("对应二叉树中无左孩子的结点数", "个"),
        "trees": Out("树的棵数", "棵"),
        "nodes": Out("结点总数", "个"),
        "edges": Out("边数", "条"),
        "first_tree": Out("第一棵树的结点数", "个"),
    },
    examples=({"sizes": [8, 5, 6, 3]}, {"sizes": [10, 4, 3], "leaves": 7}),
)
def solve(
    sizes: Annotated[list[int], Param("各树的结点数", "依次给出；不知道可留空", min=1, max_len=60)] = [],  # noqa: B006
    nodes: Annotated[Count, Param("森林的结点总数", "一棵树也可以；已知时填写", min=1, max=10**9)] = None,
    leaves: Annotated[Count, Param("叶结点数", "森林中的；已知时填写", min=1, max=10**9)] = None,
    inner: Annotated[Count, Param("分支（非终端）结点数", "森林中的；已知时填写", min=0, max=10**9)] = None,
    edges: Annotated[Count, Param("边数", "森林中的；已知时填写", min=0, max=10**9)] = None,
    trees: Annotated[Count, Param("树的棵数", "已知时填写", min=1, max=10**9)] = None,
    left: Annotated[Count, Param("二叉树根的左子树结点数", "由它求第一棵树的结点数", min=0, max=10**9)] = None,
) -> Solution:
    """Relate sizes of a forest with those of its binary tree (森林与对应二叉树的结点数).

    Args:
        sizes: nodes of the trees in order.
        nodes, leaves, inner, edges, trees: of the forest, as far as they are known.
        left: nodes of the root's left subtree in the binary tree.

    Returns:
        `left_subtree`, `right_subtree` from the sizes; `no_right` = inner + 1; `no_left` = leaves; `trees` = n - e;
        `first_tree` = left + 1.

    Raises:
        InputError: too little is given, or numbers that contradict each other.

    Examples:
        >>> solve([8, 5, 6, 3]).answer["right_subtree"]
        14
        >>> solve(nodes=2011, leaves=116).answer["no_right"]
        1896
        >>> solve(nodes=25, edges=15).answer["trees"]
        10

    Conventions:
        First child to the left, next sibling to the right; roots of the trees count as siblings.

    Source:
        严蔚敏《数据结构（C 语言版）》§6.4; 408 真题 2011、2014、2016.
    """
    steps = []
    if sizes:
        nodes, trees = sum(sizes), len(sizes)
        rows: list[list[Cell]] = [["根", 1], ["左子树", sizes[0] - 1], ["右子树", nodes - sizes[0]]]
        why = (
            f"二叉树的根是第一棵树的根，左子树是它的其余 ${sizes[0]}-1={sizes[0] - 1}$ 个结点，"
            f"右子树是其余各树，共 {join(sizes[1:], '+') or 0}{f'={nodes - sizes[0]}' if len(sizes) > 2 else ''} 个。"
        )
        table = Table(["部分", "结点数"], rows)
        gives: dict[str, Value] = {"left_subtree": sizes[0] - 1, "right_subtree": nodes - sizes[0]}
        steps.append(Step(why, table, "左孩子右兄弟", gives))
    if left is not None:
        why = f"左子树是第一棵树除根以外的结点，第一棵树有 ${left}+1={left + 1}$ 个；其余是右子树。"
        gives = {"first_tree": left + 1, "left_subtree": left}
        if nodes is not None:
            gives["right_subtree"] = nodes - left - 1
        steps.append(Step(why, credit="左孩子右兄弟", gives=gives))
    steps += _related(nodes, edges, trees)
    steps += _links(nodes, leaves, inner)
    if not steps:
        raise InputError("已知的数不够，请给出各树的结点数，或结点数、叶结点数、边数中的两个。")
    return Solution(steps, ["左孩子右兄弟；各树的根互为兄弟"])


def _related(nodes: Count, edges: Count, trees: Count) -> list[Step]:
    """Use n - e = number of trees."""
    if [nodes, edges, trees].count(None) > 1:
        return []
    if nodes is None:
        nodes = (edges or 0) + (trees or 0)
    edges = nodes - (trees or 0) if edges is None else edges
    count = nodes - edges
    if count < 1 or (trees is not None and trees != count):
        raise InputError(f"结点数 {nodes!r}、边数 {edges!r} 与树的棵数 {trees!r} 矛盾，请检查。")
    rows: list[list[Cell]] = [["结点", nodes], ["边", edges], ["树", count]]
    why = f"每棵树的边数比结点数少 1，树的棵数为 ${nodes}-{edges}={count}$。"
    gives: dict[str, Value] = {"trees": count, "nodes": nodes, "edges": edges}
    return [Step(why, Table(["项目", "个数"], rows), "n-e 为树的棵数", gives)]


def _links(nodes: Count, leaves: Count, inner: Count) -> list[Step]:
    if inner is None and nodes is not None and leaves is not None:
        inner = nodes - leaves
    if leaves is None and nodes is not None and inner is not None:
        leaves = nodes - inner
    if (inner is not None and inner < 0) or (leaves is not None and leaves < 1):
        raise InputError(f"叶结点数 {leaves!r} 与结点总数 {nodes!r} 矛盾，请检查。")
    out = []
    if inner is not None:
        why = (
            f"每个分支结点的最后一个孩子没有右兄弟，最后一棵树的根也没有，"
            f"故无右孩子的结点有 ${inner}+1={inner + 1}$ 个。"
        )
        table = Table(["项目", "个数"], [["分支结点", inner], ["无右孩子", inner + 1]])
        out.append(Step(why, table, "最后一个孩子没有右兄弟", {"no_right": inner + 1}))
    if leaves is not None:
        why = f"叶结点没有孩子，在二叉树中没有左孩子，共 {leaves} 个。"
        out.append(Step(why, credit="叶结点没有左孩子", gives={"no_left": leaves}))
    return out


def mistakes(
    sizes: list[int], nodes: Count, leaves: Count, inner: Count, edges: Count, trees: Count, left: Count
) -> Iterator[Mistake]:
    """Yield slips of the root, of the last sibling and of n - e."""
    answer = solve(sizes, nodes, leaves, inner, edges, trees, left).answer
    if sizes:
        right, own = integer(answer["right_subtree"]), integer(answer["left_subtree"])
        yield Mistake("左右子树弄反", {"right_subtree": own, "left_subtree": right})
        yield Mistake("把第一棵树也算进右子树", {"right_subtree": right + sizes[0]})
        yield Mistake("只算第二棵树", {"right_subtree": sizes[1] if len(sizes) > 1 else 1, "left_subtree": own + 1})
        yield Mistake("右子树少算一个根", {"right_subtree": right - 1, "left_subtree": own - 1})
    if "no_right" in answer:
        none = integer(answer["no_right"])
        yield Mistake("漏了最后一棵树的根", {"no_right": none - 1})
        yield Mistake("把叶结点数当作无右孩子的结点数", {"no_right": leaves or 0})
        yield Mistake("多算了一个", {"no_right": none + 1})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Draw sizes of trees, or a tree with many leaves."""
    if difficulty < 3:
        sizes = [rng.randint(3, 20) for _ in range(3 + difficulty)]
        stem = f"森林中各树的结点数依次为 {join(sizes, '、')}，对应二叉树中根的右子树的结点个数是（ ）。"
        return Draft(stem, {"sizes": sizes}, "right_subtree")
    nodes = rng.randint(200, 3000)
    leaves = rng.randint(20, nodes // 2)
    stem = f"一棵有 {nodes} 个结点的树有 {leaves} 个叶结点，它对应的二叉树中无右孩子的结点个数是（ ）。"
    return Draft(stem, {"nodes": nodes, "leaves": leaves}, "no_right")
