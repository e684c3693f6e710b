"""Forests and binary trees (树、森林与二叉树的转换): left child, right sibling."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from typing import Annotated, Literal

from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Solution, Step, Table, Tree
from assistant408.solvers.ds._answers import integer
from assistant408.solvers.ds._text import run
from assistant408.solvers.ds._trees import (
    Binary,
    binary,
    bracket,
    height,
    inorder,
    levelorder,
    parse_forest,
    picture,
    postorder,
    preorder,
    random_binary,
    subtrees,
)

__all__ = ["solve"]


@solver(
    "ds.forest",
    title="树、森林与二叉树的转换",
    summary="给出树或森林（或二叉树），按左孩子右兄弟互相转换，求转换结果、遍历序列、叶结点数、无右孩子的结点数和高度。",
    syllabus=("ds.tree.forest-conversion", "ds.tree.forest-traverse"),
    keywords=("森林", "树", "二叉树", "转换", "左孩子右兄弟", "孩子兄弟表示", "先根遍历", "后根遍历", "无右孩子"),
    answers={
        "result": Out("转换结果的括号表示"),
        "preorder": Out("森林的先序（二叉树的先序）"),
        "postorder": Out("森林的后根（二叉树的中序）"),
        "trees": Out("森林中的树数", "棵"),
        "leaves": Out("森林的叶结点数", "个"),
        "no_right": Out("二叉树中无右孩子的结点数", "个"),
        "no_left": Out("二叉树中无左孩子的结点数", "个"),
        "forest_height": Out("森林的高度", "层"),
        "binary_height": Out("二叉树的高度", "层"),
    },
    examples=(
        {"text": "A(B,C(E),D),F(G,H)", "direction": "to_binary"},
        {"text": "A(B(,C(E,D)),F(G(,H)))", "direction": "to_forest"},
    ),
)
def solve(
    text: Annotated[str, Param("树、森林或二叉树", "括号表示，如 A(B,C),D(E)；结点互异", min_len=1, max_len=400)],
    direction: Annotated[
        Literal["to_binary", "to_forest"],
        Param("转换方向", "to_binary 树或森林转二叉树，to_forest 二叉树转森林"),
    ] = "to_binary",
) -> Solution:
    """Convert between a forest and its binary tree (树、森林与二叉树的转换).

    Args:
        text: bracket notation with distinct labels: a forest, or for `to_forest` one binary tree.
        direction: which way.

    Returns:
        `result` in bracket notation, the forest's `preorder` and `postorder`, numbers of `trees` and `leaves`,
        nodes without a right (`no_right`) or left child (`no_left`) in the binary tree, both heights.

    Raises:
        InputError: text that is no forest or binary tree.

    Examples:
        >>> solve("A(B,C(E),D),F(G,H)").answer["result"]
        'A(B(,C(E,D)),F(G(,H)))'
        >>> solve("A").answer["no_right"], solve("A(,B)", "to_forest").answer["result"]
        (1, 'A,B')

    Conventions:
        Postorder of a forest visits each tree's children before its root; some books call it inorder (中序).

    Source:
        严蔚敏《数据结构（C 语言版）》§6.4.
    """
    if direction == "to_binary":
        trees = parse_forest(text)
        tree = _to_binary(trees)
        result = bracket(tree)
    else:
        tree = binary(text)
        trees = _to_forest(tree)
        result = ",".join(_written(t) for t in trees)
    assert tree is not None
    nodes = list(subtrees(tree))
    no_left, no_right = sum(not t.left for t in nodes), sum(not t.right for t in nodes)
    drawn = Tree("森林", trees) if len(trees) > 1 else trees[0]
    pictures = [drawn, picture(tree)] if direction == "to_binary" else [picture(tree), drawn]
    rule = (
        "每个结点的第一个孩子作左孩子，右边紧邻的兄弟作右孩子，各树的根互为兄弟"
        if direction == "to_binary"
        else "左孩子还原为第一个孩子，沿右孩子的一串还原为兄弟；根的右链上每个结点是一棵树的根"
    )
    walks = run(preorder(tree)), run(inorder(tree))
    rows = [[t.label, t.left.label if t.left else "", t.right.label if t.right else ""] for t in nodes]
    steps = [
        Step(f"转换前有 {len(nodes)} 个结点。", pictures[0]),
        Step(
            f"{rule}。",
            Table(["结点", "左孩子（第一个孩子）", "右孩子（下一个兄弟）"], rows),
            "左孩子右兄弟",
        ),
        Step(f"转换结果为 {result}。", pictures[1], "画出转换结果", {"result": result, "trees": len(trees)}),
        Step(
            f"森林的先序与二叉树的先序相同，为 {walks[0]}；森林的后根与二叉树的中序相同，为 {walks[1]}。",
            credit="遍历序列的对应",
            gives={"preorder": walks[0], "postorder": walks[1]},
        ),
        Step(
            f"森林的叶即二叉树中无左孩子的结点，有 {no_left} 个；每个分支结点的最后一个孩子与最后一棵树的根无右孩子，"
            f"共 ${len(nodes) - no_left}+1={no_right}$ 个。",
            credit="叶结点与无右孩子结点",
            gives={"leaves": no_left, "no_right": no_right, "no_left": no_left},
        ),
        Step(
            f"森林高 {_levels(trees)} 层，二叉树高 {height(tree)} 层。",
            gives={"forest_height": _levels(trees), "binary_height": height(tree)},
        ),
    ]
    return Solution(steps, ["森林的后根遍历：先遍历各子树，再访问根；有的教材称为中序遍历"])


def _to_binary(trees: Sequence[Tree | None]) -> Binary | None:
    kept = [t for t in trees if t]
    return Binary(kept[0].label, _to_binary(kept[0].children), _to_binary(kept[1:])) if kept else None


def _to_forest(tree: Binary | None) -> list[Tree]:
    return [Tree(tree.label, _to_forest(tree.left)), *_to_forest(tree.right)] if tree else []


def _written(tree: Tree) -> str:
    children = ",".join(_written(t) for t in tree.children if t)
    return f"{tree.label}({children})" if children else tree.label


def _levels(trees: Sequence[Tree | None]) -> int:
    return max((1 + _levels(t.children) for t in trees if t), default=0)


def mistakes(text: str, direction: str) -> Iterator[Mistake]:
    """Yield mirrored conversions, wrong correspondences and miscounts."""
    answer = solve(text, direction).answer
    tree = _to_binary(parse_forest(text)) if direction == "to_binary" else binary(text)
    assert tree is not None
    if direction == "to_binary":
        yield Mistake("写成了右孩子左兄弟", {"result": bracket(_mirrored(tree))})
        yield Mistake("漏掉了各树的根之间的兄弟关系", {"result": bracket(Binary(tree.label, tree.left))})
    nodes = list(subtrees(tree))
    no_left, no_right = integer(answer["leaves"]), integer(answer["no_right"])
    yield Mistake("以为森林的后根对应二叉树的后序", {"postorder": run(postorder(tree))})
    yield Mistake("写成了先序", {"postorder": answer["preorder"]})
    yield Mistake("写成了中序", {"preorder": answer["postorder"]})
    yield Mistake("写成了二叉树的层序", {"preorder": run(levelorder(tree)), "postorder": run(levelorder(tree))})
    yield Mistake("漏了最后一棵树的根", {"no_right": no_right - 1})
    yield Mistake("把叶结点数当成无右孩子的结点数", {"no_right": no_left})
    yield Mistake("叶结点对应成了无右孩子的结点", {"leaves": no_right, "no_left": no_right})
    both = sum(not t.left and not t.right for t in nodes)
    yield Mistake("数成了二叉树的叶结点", {"leaves": both, "no_right": both, "no_left": both})
    yield Mistake("把非叶结点数当作结果", {"leaves": len(nodes) - no_left, "no_right": len(nodes) - no_right})
    yield Mistake(
        "两个高度混淆",
        {
            "forest_height": answer["binary_height"],
            "binary_height": answer["forest_height"],
        },
    )
    yield Mistake("右链上的树少数一棵", {"trees": integer(answer["trees"]) - 1})


def _mirrored(tree: Binary | None) -> Binary | None:
    return tree and Binary(tree.label, _mirrored(tree.right), _mirrored(tree.left))


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Draw a forest by way of a random binary tree."""
    tree = random_binary(rng, "ABCDEFGHIJKL"[: 5 + difficulty])
    trees = _to_forest(tree)
    text = ",".join(_written(t) for t in trees)
    names = {"no_right": "无右孩子的结点个数", "postorder": "中序遍历序列", "binary_height": "高度"}
    ask = rng.choice(["no_right", "postorder"] if difficulty > 2 else ["postorder", "binary_height"])
    stem = f"将森林 {text} 转换为对应的二叉树，则该二叉树的{names[ask]}是（ ）。"
    return Draft(stem, {"text": text, "direction": "to_binary"}, ask)
