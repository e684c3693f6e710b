"""How many keys and subtrees a node of a B tree may have (B 树结点的关键字数与子树数)."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Annotated

from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Cell, Solution, Step, Table, Value
from assistant408.solvers.ds._answers import integer

__all__ = ["solve"]


@solver(
    "ds.b_tree_node",
    title="B 树结点的关键字数与子树数",
    summary="给出 B 树或 B+ 树的阶 m，求根结点与非根结点的关键字个数、子树棵数的取值范围。",
    syllabus=("ds.search.btree-def", "ds.search.bplus"),
    keywords=("B 树", "B+ 树", "m 阶", "关键字个数的范围", "子树", "根结点", "非根结点", "内部结点", "至少", "至多"),
    answers={
        "keys": Out("非根结点的关键字数（最少、最多）", "个"),
        "children": Out("非根分支结点的子树数（最少、最多）", "棵"),
        "least_keys": Out("非根结点的最少关键字数", "个"),
        "most_keys": Out("结点的最多关键字数", "个"),
        "least_children": Out("非根分支结点的最少子树数", "棵"),
        "most_children": Out("结点的最多子树数", "棵"),
        "least_root_keys": Out("根结点的最少关键字数", "个"),
        "least_root_children": Out("根结点（非叶）的最少子树数", "棵"),
    },
    examples=({"order": 6}, {"order": 5, "plus": True}),
)
def solve(
    order: Annotated[int, Param("阶 m", "每个结点至多 m 棵子树", min=3, max=10_000)],
    plus: Annotated[bool, Param("B+ 树", "关键字数与子树数相等")] = False,
) -> Solution:
    """Give the range of keys and subtrees of a node (B 树结点的关键字数与子树数).

    Args:
        order: m.
        plus: a B+ tree, whose nodes have as many keys as subtrees.

    Returns:
        `keys` and `children` of nodes other than the root, least and greatest; each of these alone; the least of the
        root, if it is no leaf.

    Examples:
        >>> a = solve(6).answer
        >>> a["keys"], a["children"], a["least_root_keys"]
        ([2, 5], [3, 6], 1)
        >>> solve(5, plus=True).answer["keys"]
        [3, 5]

    Conventions:
        A node other than the root has ceil(m/2) to m subtrees; a B tree has one key less than subtrees.

    Source:
        严蔚敏《数据结构（C 语言版）》§9.2.2.
    """
    low, less = (order + 1) // 2, 0 if plus else 1
    gives: dict[str, Value] = {
        "keys": [low - less, order - less],
        "children": [low, order],
        "least_keys": low - less,
        "most_keys": order - less,
        "least_children": low,
        "most_children": order,
        "least_root_keys": 2 - less,
        "least_root_children": 2,
    }
    name = "B+ 树" if plus else "B 树"
    why = (
        f"{order} 阶 {name}：非根分支结点有 $\\lceil {order}/2\\rceil={low}$～{order} 棵子树，"
        f"关键字数{'等于' if plus else '比'}子树数{'' if plus else '少 1'}，为 {low - less}～{order - less} 个；根（非叶）至少 2 棵子树。"
    )
    rows: list[list[Cell]] = [["根", 2, order, 2 - less, order - less], ["非根", low, order, low - less, order - less]]
    table = Table(["结点", "最少子树", "最多子树", "最少关键字", "最多关键字"], rows)
    return Solution([Step(why, table, "B 树的定义", gives)], ["根若是叶结点，可以只有 1 个关键字"])


def mistakes(order: int, plus: bool) -> Iterator[Mistake]:
    """Yield keys for subtrees, floors for ceilings, and the root's minimum."""
    answer = solve(order, plus).answer
    low, high = integer(answer["least_children"]), integer(answer["most_children"])
    yield Mistake("把子树数当作关键字数", {"keys": [low, high], "least_keys": low, "most_keys": high})
    yield Mistake(
        "向下取整", {"keys": [order // 2 - 1, order - 1], "least_keys": order // 2 - 1, "most_keys": high - 2}
    )
    yield Mistake("用了根的下限", {"keys": [1, order - 1], "least_keys": 1, "most_keys": high + 1})
    yield Mistake("上下限都加 1", {"keys": [low, order + 1], "least_keys": low + 1})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Draw an order."""
    order = rng.randint(4, 5 + 3 * difficulty)
    stem = f"{order} 阶 B 树中，除根以外的结点的关键字个数最少、最多分别是（ ）。"
    return Draft(stem, {"order": order}, "keys")
