"""Binary search trees (二叉排序树): insertion, deletion, search and average search length."""

from __future__ import annotations

import random
from collections.abc import Iterator
from fractions import Fraction
from typing import Annotated, Literal

from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Solution, Step, Value
from assistant408.solvers.ds._answers import fraction, integer
from assistant408.solvers.ds._search_trees import (
    Node,
    attach,
    bracket,
    check_operations,
    failure_sum,
    find,
    height,
    inorder,
    levelorder,
    picture,
    postorder,
    preorder,
    replace,
    search,
    success_sum,
)
from assistant408.solvers.ds._text import join

__all__ = ["solve"]

Substitute = Literal["successor", "predecessor"]


@solver(
    "ds.bst",
    title="二叉排序树",
    summary="给出依次插入（和删除）的关键字，构造二叉排序树，求树形、遍历序列、高度、查找路径和查找成功、失败的平均查找长度。",
    syllabus=("ds.search.bst-search", "ds.search.bst-delete", "ds.search.bst-asl"),
    keywords=("二叉排序树", "二叉查找树", "二叉搜索树", "BST", "插入", "删除", "平均查找长度", "ASL", "查找路径"),
    answers={
        "levelorder": Out("层序序列"),
        "preorder": Out("先序序列"),
        "postorder": Out("后序序列"),
        "tree": Out("树的括号表示"),
        "root": Out("根的关键字"),
        "height": Out("高度", "层"),
        "asl_success": Out("查找成功的平均查找长度"),
        "asl_failure": Out("查找失败的平均查找长度"),
        "path": Out("查找时依次比较的关键字"),
        "comparisons": Out("查找的比较次数", "次"),
    },
    examples=(
        {"inserts": [50, 30, 70, 20, 40, 60, 80], "deletes": [50], "target": 60},
        {"inserts": [25, 18, 46, 2, 53, 39, 32, 4, 74, 67, 60, 11]},
    ),
)
def solve(
    inserts: Annotated[list[int], Param("依次插入的关键字", "从空树开始，互异", min_len=1, max_len=60)],
    deletes: Annotated[list[int], Param("随后依次删除的关键字", "没有则留空", max_len=60)] = [],  # noqa: B006
    target: Annotated[int | None, Param("要查找的关键字", "不查找则留空")] = None,
    substitute: Annotated[
        Substitute, Param("删除双孩子结点的替代者", "successor 中序后继，predecessor 中序前驱")
    ] = "successor",
) -> Solution:
    """Build, shrink and search a binary search tree (二叉排序树).

    Args:
        inserts: distinct keys, inserted in order into an empty tree.
        deletes: keys of the tree, deleted in order afterwards.
        target: a key to search for in the final tree.
        substitute: what takes the place of a deleted node with two children.

    Returns:
        `tree`, `levelorder`, `preorder`, `postorder`, `root`, `height` (levels), `asl_success`, `asl_failure`
        (comparisons of keys until an empty link, over n+1 links); with a target `path` and `comparisons`.
        An emptied tree has only `levelorder`, `tree` and `height`.

    Raises:
        InputError: a repeated key, or a deletion of an absent key.

    Examples:
        >>> solve([50, 30, 70, 20, 40]).answer["asl_success"]
        Fraction(11, 5)
        >>> solve([2, 1, 3], deletes=[2]).answer["levelorder"]
        [3, 1]
        >>> solve([2, 1, 3], deletes=[2], substitute="predecessor").answer["levelorder"]
        [1, 3]

    Conventions:
        An empty link costs no comparison.

    Source:
        严蔚敏《数据结构（C 语言版）》§9.2.1.
    """
    check_operations(inserts, deletes)
    root: Node | None = None
    for key in inserts:
        root, _ = attach(root, key)
    why = f"依次插入 {join(inserts)}，每个新结点都成为叶结点。"
    steps = [Step(why, picture(root), "画出二叉排序树")]
    for key in deletes:
        why, root = delete(root, key, substitute)
        steps.append(Step(why, picture(root), "删除后的树形"))
    nodes = levelorder(root)
    steps.append(
        Step(
            f"最后的二叉排序树为 {bracket(root) or '空树'}，高 {height(root)} 层。",
            picture(root),
            gives={"levelorder": [n.key for n in nodes], "tree": bracket(root), "height": height(root)},
        )
    )
    if root:
        steps += _measured(root, len(nodes))
    if root and target is not None:
        steps.append(_searched(root, target))
    name = "后继" if substitute == "successor" else "前驱"
    return Solution(steps, [f"删除有两个孩子的结点时，用中序{name}代替", "落到空指针不另计比较"])


def delete(root: Node | None, key: int, substitute: str) -> tuple[str, Node | None]:
    """Delete a key that is there; return the reason and the root."""
    node = find(root, key)
    if node.left is None or node.right is None:
        child = node.left or node.right
        how = f"只有一个孩子，由孩子 {child.key} 顶替" if child else "是叶结点，直接删除"
        return f"{key} {how}。", replace(root, node, child)
    if substitute == "successor":
        other, name = node.right, "后继"
        while other.left:
            other = other.left
    else:
        other, name = node.left, "前驱"
        while other.right:
            other = other.right
    root = replace(root, other, other.left or other.right)
    node.key = other.key
    return f"{key} 有两个孩子，用中序{name} {other.key} 代替，再删去原来的 {other.key}。", root


def _measured(root: Node, count: int) -> list[Step]:
    success, failure = success_sum(root), failure_sum(root)
    gives: dict[str, Value] = {"asl_success": Fraction(success, count), "asl_failure": Fraction(failure, count + 1)}
    why = (
        f"查找成功：各结点层数之和为 {success}，$ASL={success}/{count}$；"
        f"查找失败：{count + 1} 个空指针的比较次数之和为 {failure}，$ASL={failure}/{count + 1}$。"
    )
    return [
        Step(
            f"根为 {root.key}；先序为 {join(preorder(root))}，后序为 {join(postorder(root))}，"
            f"中序 {join(n.key for n in inorder(root))} 递增有序。",
            gives={"root": root.key, "preorder": preorder(root), "postorder": postorder(root)},
        ),
        Step(why, credit="平均查找长度", gives=gives),
    ]


def _searched(root: Node, target: int) -> Step:
    path = [n.key for n in search(root, target)]
    outcome = "查找成功" if path[-1] == target else "落到空指针，查找失败"
    why = f"查找 {target}：依次与 {join(path)} 比较 {len(path)} 次，{outcome}。"
    return Step(why, picture(root, path), "查找路径", {"path": path, "comparisons": len(path)})


def mistakes(inserts: list[int], deletes: list[int], target: int | None, substitute: str) -> Iterator[Mistake]:
    """Yield trees from the other substitute and averages with a wrong level or divisor."""
    answer = solve(inserts, deletes, target, substitute).answer
    if "root" not in answer:
        return
    other: Substitute = "predecessor" if substitute == "successor" else "successor"
    keys = ("levelorder", "preorder", "postorder", "tree", "root")
    wrong = solve(inserts, deletes, target, other).answer
    yield Mistake("删除时用错了替代结点", {key: wrong[key] for key in keys})
    wrong = solve([k for k in inserts if k not in deletes]).answer
    yield Mistake("删除后把其余关键字重新插入建树", {key: wrong[key] for key in keys})
    wrong = solve(sorted(k for k in inserts if k not in deletes)).answer
    yield Mistake("把关键字排序后再插入", {key: wrong[key] for key in keys})
    yield Mistake("写成了先序", {"levelorder": answer["preorder"], "postorder": answer["preorder"]})
    yield Mistake("写成了层序", {"preorder": answer["levelorder"], "postorder": answer["levelorder"]})
    yield Mistake("写成了后序", {"preorder": answer["postorder"], "levelorder": answer["postorder"]})
    n, levels = len(inserts) - len(deletes), integer(answer["height"])
    success, failure = fraction(answer["asl_success"]), fraction(answer["asl_failure"])
    yield Mistake("根的层数从 0 数起", {"asl_success": success - 1, "asl_failure": failure - 1, "height": levels - 1})
    yield Mistake(
        "除数弄错，成功时除以 n+1、失败时除以 n",
        {
            "asl_success": success * n / (n + 1),
            "asl_failure": failure * (n + 1) / n,
        },
    )
    yield Mistake("落到空指针也算一次比较", {"asl_failure": failure + 1})
    yield Mistake("成功与失败的 ASL 混淆", {"asl_success": failure, "asl_failure": success})
    yield Mistake("按平衡时的最小高度计算", {"height": n.bit_length(), "asl_success": Fraction(levels + 1, 2)})
    if "comparisons" in answer:
        count = integer(answer["comparisons"])
        yield Mistake("没有计入与根的比较", {"comparisons": count - 1})
        yield Mistake("落到空指针也算一次比较", {"comparisons": count + 1})
        yield Mistake("按顺序查找计数", {"comparisons": n})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Draw an insertion order; deletions of inner nodes come with difficulty."""
    inserts = rng.sample(range(5, 99), 6 + difficulty)
    shown = join(inserts, "、")
    if difficulty < 3:
        ask = rng.choice(["asl_success", "asl_failure"])
        name = {"asl_success": "查找成功", "asl_failure": "查找失败"}[ask]
        stem = f"将关键字 {shown} 依次插入初始为空的二叉排序树，则在等概率下{name}的平均查找长度是（ ）。"
        return Draft(stem, {"inserts": inserts}, ask)
    root: Node | None = None
    for key in inserts:
        root, _ = attach(root, key)
    inner = [n.key for n in levelorder(root) if n.left and n.right] or inserts[:1]
    deletes = [rng.choice(inner)]
    ask = rng.choice(["preorder", "postorder", "levelorder"])
    name = {"preorder": "先序", "postorder": "后序", "levelorder": "层序"}[ask]
    stem = (
        f"将关键字 {shown} 依次插入初始为空的二叉排序树，再删除 {deletes[0]}"
        f"（有两个孩子时用中序后继代替），则所得二叉排序树的{name}遍历序列是（ ）。"
    )
    return Draft(stem, {"inserts": inserts, "deletes": deletes}, ask)
