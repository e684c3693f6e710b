"""AVL trees (平衡二叉树): insertions and deletions with LL, RR, LR and RL rotations."""

from __future__ import annotations

import random
from collections.abc import Iterator
from fractions import Fraction
from typing import Annotated, Literal

from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Solution, Step
from assistant408.solvers.ds._answers import integer, strings
from assistant408.solvers.ds._search_trees import (
    Node,
    attach,
    bracket,
    check_operations,
    find,
    height,
    levelorder,
    picture,
    postorder,
    preorder,
    replace,
    rotate,
    success_sum,
)
from assistant408.solvers.ds._text import join

__all__ = ["solve"]

ROTATIONS = {
    "LL": "右单旋",
    "RR": "左单旋",
    "LR": "先左旋再右旋",
    "RL": "先右旋再左旋",
}


@solver(
    "ds.avl",
    title="平衡二叉树",
    summary="给出依次插入（和删除）的关键字，构造平衡二叉树（AVL），求每次的旋转类型、最后的树形、遍历序列、高度和平均查找长度。",
    syllabus=("ds.search.avl-rotate", "ds.search.avl-delete"),
    keywords=("平衡二叉树", "AVL", "平衡因子", "旋转", "LL", "RR", "LR", "RL", "最小不平衡子树", "调整"),
    answers={
        "levelorder": Out("层序序列"),
        "rotations": Out("依次发生的旋转类型"),
        "preorder": Out("先序序列"),
        "postorder": Out("后序序列"),
        "tree": Out("树的括号表示"),
        "root": Out("根的关键字"),
        "root_children": Out("根的左、右孩子"),
        "height": Out("高度", "层"),
        "leaves": Out("叶结点数", "个"),
        "balanced_inner": Out("平衡因子为 0 的分支结点数", "个"),
        "asl_success": Out("查找成功的平均查找长度"),
    },
    examples=(
        {"inserts": [48, 26, 12, 60, 90, 70, 33]},
        {"inserts": [20, 10, 30, 5, 25, 35, 40], "deletes": [5, 10]},
    ),
)
def solve(
    inserts: Annotated[list[int], Param("依次插入的关键字", "从空树开始，互异", min_len=1, max_len=60)],
    deletes: Annotated[list[int], Param("随后依次删除的关键字", "没有则留空", max_len=60)] = [],  # noqa: B006
    substitute: Annotated[
        Literal["successor", "predecessor"],
        Param("删除双孩子结点的替代者", "successor 中序后继，predecessor 中序前驱"),
    ] = "successor",
) -> Solution:
    """Build and shrink an AVL tree (平衡二叉树).

    Args:
        inserts: distinct keys, inserted in order into an empty tree.
        deletes: keys of the tree, deleted in order afterwards.
        substitute: what takes the place of a deleted node with two children.

    Returns:
        `rotations` in order (LL, RR, LR, RL), and the final tree: `levelorder`, `preorder`, `postorder`, `tree`,
        `root`, `root_children` (`None` for a missing one), `height`, `leaves`, `asl_success`.
        An emptied tree has only `levelorder`, `tree`, `height` and `rotations`.

    Raises:
        InputError: a repeated key, or a deletion of an absent key.

    Examples:
        >>> a = solve([48, 26, 12, 60, 90]).answer
        >>> a["rotations"], a["levelorder"]
        (['LL', 'RR'], [26, 12, 60, 48, 90])
        >>> solve([1]).answer["rotations"]
        []
        >>> solve([2, 1, 4, 3, 5], deletes=[1]).answer["rotations"]  # the sibling leans neither way: single
        ['RR']

    Conventions:
        Balance factor = height of the left subtree - height of the right one. In a deletion a child of balance 0
        is treated by a single rotation.

    Source:
        严蔚敏《数据结构（C 语言版）》§9.2.1; Adelson-Velsky, Landis 1962.
    """
    check_operations(inserts, deletes)
    root: Node | None = None
    rotations: list[str] = []
    steps: list[Step] = []
    for key in inserts:
        root, leaf = attach(root, key)
        root, done = _rebalance(root, leaf.parent)
        steps.append(_told(f"插入 {key}", done, root, key))
        rotations += [kind for _, kind in done]
    for key in deletes:
        assert root is not None
        root, start, note = _remove(root, key, substitute)
        root, done = _rebalance(root, start)
        steps.append(_told(f"删除 {key}{note}", done, root, None))
        rotations += [kind for _, kind in done]
    nodes = levelorder(root)
    keys = [n.key for n in nodes]
    steps.append(
        Step(
            f"最后的平衡二叉树为 {bracket(root) or '空树'}，高 {height(root)} 层，"
            f"依次旋转 {join(rotations) or '0 次'}。",
            picture(root, note=_factor),
            "画出最后的树",
            {"levelorder": keys, "rotations": rotations, "tree": bracket(root), "height": height(root)},
        )
    )
    if root:
        steps.append(_measured(root, nodes))
    return Solution(steps, ["平衡因子＝左子树高度－右子树高度，图中结点旁为平衡因子"])


def _factor(node: Node) -> str:
    return str(height(node.left) - height(node.right))


def _remove(root: Node, key: int, substitute: str) -> tuple[Node | None, Node | None, str]:
    """Delete as in a BST; return the root, the lowest node that may be unbalanced, and a note."""
    node, note = find(root, key), ""
    if node.left and node.right:
        if substitute == "successor":
            other, name = node.right, "后继"
            while other.left:
                other = other.left
        else:
            other, name = node.left, "前驱"
            while other.right:
                other = other.right
        node.key, node, note = other.key, other, f"（用中序{name} {other.key} 代替）"
    return replace(root, node, node.left or node.right), node.parent, note


def _rebalance(root: Node | None, node: Node | None, slip: str = "") -> tuple[Node | None, list[tuple[int, str]]]:
    """Walk up from `node`, rotating every unbalanced subtree; list (its root's key, type).

    The slips of `mistakes`: ``single`` rotates once where two rotations are needed, ``highest`` begins at the highest
    unbalanced subtree instead of the lowest.
    """
    done: list[tuple[int, str]] = []
    if slip == "highest":
        path = []
        while node:
            path.append(node)
            node = node.parent
        node = next((n for n in reversed(path) if abs(height(n.left) - height(n.right)) > 1), None)
    while node:
        lean = height(node.left) - height(node.right)
        if abs(lean) > 1:
            assert root is not None
            heavy = node.left if lean > 1 else node.right
            assert heavy is not None
            inner = height(heavy.left) - height(heavy.right)
            first, second = ("L", "R") if lean > 1 else ("R", "L")
            crossed = slip != "single" and (inner < 0 if lean > 1 else inner > 0)
            if crossed:
                root = rotate(root, heavy, to_left=lean > 1)
            root = rotate(root, node, to_left=lean < -1)
            done.append((node.key, first + (second if crossed else first)))
            node = node.parent if slip else node
        node = node.parent if node else None
    return root, done


def _told(what: str, done: list[tuple[int, str]], root: Node | None, mark: int | None) -> Step:
    if not done:
        return Step(f"{what}：各结点平衡，不必调整。", picture(root, [mark] if mark is not None else []))
    parts = [f"最小不平衡子树的根为 {key}，属 {kind} 型，{ROTATIONS[kind]}" for key, kind in done]
    return Step(f"{what}：{'；'.join(parts)}。", picture(root, [key for key, _ in done], _factor), "判断旋转类型")


def _measured(root: Node, nodes: list[Node]) -> Step:
    total, leaves = success_sum(root), sum(not (n.left or n.right) for n in nodes)
    children = [child.key if child else None for child in (root.left, root.right)]
    return Step(
        f"根为 {root.key}；先序为 {join(preorder(root))}；叶结点 {leaves} 个；查找成功 $ASL={total}/{len(nodes)}$。",
        credit="树的各项指标",
        gives={
            "preorder": preorder(root),
            "postorder": postorder(root),
            "root": root.key,
            "root_children": children,
            "leaves": leaves,
            "balanced_inner": sum(bool(n.left or n.right) and height(n.left) == height(n.right) for n in nodes),
            "asl_success": Fraction(total, len(nodes)),
        },
    )


def mistakes(inserts: list[int], deletes: list[int], substitute: str) -> Iterator[Mistake]:
    """Yield the unbalanced tree, the perfectly balanced one, and mixed-up rotation names."""
    answer = solve(inserts, deletes, substitute).answer
    if "root" not in answer:
        return
    rotations = strings(answer["rotations"])
    plain: Node | None = None
    for key in inserts:
        if key not in deletes:
            plain, _ = attach(plain, key)
    even: Node | None = None
    for key in _balanced_order(sorted(k for k in inserts if k not in deletes)):
        even, _ = attach(even, key)
    wrong = [("没有做平衡调整", plain), ("直接按有序序列的中点建树", even)]
    wrong.append(("该双旋时只旋转一次", _slipped(inserts, deletes, substitute, "single")))
    wrong.append(("从最上面的不平衡结点开始旋转", _slipped(inserts, deletes, substitute, "highest")))
    for why, root in wrong:
        assert root is not None
        nodes = levelorder(root)
        yield Mistake(
            why,
            {
                "levelorder": [n.key for n in nodes],
                "preorder": preorder(root),
                "postorder": postorder(root),
                "tree": bracket(root),
                "root": root.key,
                "root_children": [child.key if child else None for child in (root.left, root.right)],
                "height": height(root),
                "leaves": sum(not (n.left or n.right) for n in nodes),
                "asl_success": Fraction(success_sum(root), len(nodes)),
            },
        )
    yield Mistake(
        "把 LL 与 RR、LR 与 RL 混淆", {"rotations": [r.translate(str.maketrans("LR", "RL")) for r in rotations]}
    )
    yield Mistake("把双旋误作单旋", {"rotations": [r[0] * 2 for r in rotations]})
    yield Mistake("漏了第一次旋转", {"rotations": rotations[1:]})
    yield Mistake("漏了最后一次旋转", {"rotations": rotations[:-1]})
    yield Mistake("写成了先序", {"levelorder": answer["preorder"], "postorder": answer["preorder"]})
    yield Mistake("写成了层序", {"preorder": answer["levelorder"], "postorder": answer["levelorder"]})
    yield Mistake("根从第 0 层数起", {"height": integer(answer["height"]) - 1})
    other = solve(inserts, deletes, "predecessor" if substitute == "successor" else "successor").answer
    keys = ("levelorder", "preorder", "postorder", "root", "root_children", "rotations")
    yield Mistake("删除时用错了替代结点", {key: other[key] for key in keys})
    order = sorted(k for k in inserts if k not in deletes)
    yield Mistake("把中间的关键字当作根", {"root": order[len(order) // 2], "leaves": (len(order) + 1) // 2})


def _slipped(inserts: list[int], deletes: list[int], substitute: str, slip: str) -> Node | None:
    """Build the tree with a slip in every rebalancing."""
    root: Node | None = None
    for key in inserts:
        root, leaf = attach(root, key)
        root, _ = _rebalance(root, leaf.parent, slip)
    for key in deletes:
        assert root is not None
        root, start, _ = _remove(root, key, substitute)
        root, _ = _rebalance(root, start, slip)
    return root


def _balanced_order(keys: list[int]) -> list[int]:
    if not keys:
        return []
    cut = (len(keys) - 1) // 2
    return [keys[cut], *_balanced_order(keys[:cut]), *_balanced_order(keys[cut + 1 :])]


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Draw insertions that rotate at least once; deletions for the hardest."""
    while True:
        inserts = rng.sample(range(5, 99), 5 + difficulty)
        deletes = [rng.choice(inserts)] if difficulty > 3 else []
        args: dict[str, object] = {"inserts": inserts, "deletes": deletes}
        rotations = solve(inserts, deletes).answer["rotations"]
        if rotations:
            break
    ask = rng.choice(["levelorder", "preorder", "root_children"])
    name = {"levelorder": "层序遍历序列", "preorder": "先序遍历序列", "root_children": "根的左、右孩子的关键字"}[ask]
    then = f"，再删除 {deletes[0]}（有两个孩子时用中序后继代替）" if deletes else ""
    stem = f"将关键字 {join(inserts, '、')} 依次插入初始为空的平衡二叉树{then}，则所得平衡二叉树的{name}是（ ）。"
    return Draft(stem, args, ask)
