"""Rebuild a binary tree from two traversals (由遍历序列确定二叉树)."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from typing import Annotated

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Cell, Solution, Step, Table, Value
from assistant408.solvers.ds._answers import integer
from assistant408.solvers.ds._text import distinct, letters, run
from assistant408.solvers.ds._trees import (
    Binary,
    binary,
    bracket,
    height,
    inorder,
    levelorder,
    picture,
    postorder,
    preorder,
    random_binary,
    subtrees,
)

__all__ = ["solve"]

NAMES = {"preorder": "先序", "inorder": "中序", "postorder": "后序", "levelorder": "层序"}
WALKS = {"preorder": preorder, "inorder": inorder, "postorder": postorder, "levelorder": levelorder}
ROOT_RULE = {
    "preorder": "先序序列中最前的结点是根",
    "postorder": "后序序列中最后的结点是根",
    "levelorder": "层序序列中最前的结点是根",
}


@solver(
    "ds.binary_tree_rebuild",
    title="由遍历序列还原二叉树",
    summary="给出二叉树的中序序列和先序、后序或层序序列之一（或先序加后序），还原二叉树，求其余遍历序列、高度和叶结点数。",
    syllabus=("ds.tree.rebuild", "ds.tree.traverse", "ds.tree.sequence-relation"),
    keywords=("先序", "前序", "中序", "后序", "层序", "遍历序列", "还原二叉树", "确定一棵二叉树"),
    answers={
        "count": Out("符合条件的二叉树棵数", "棵"),
        "preorder": Out("先序序列"),
        "inorder": Out("中序序列"),
        "postorder": Out("后序序列"),
        "levelorder": Out("层序序列"),
        "tree": Out("二叉树的括号表示"),
        "height": Out("高度", "层"),
        "leaves": Out("叶结点数", "个"),
    },
    examples=(
        {"preorder": ["A", "B", "D", "E", "C"], "inorder": ["D", "B", "E", "A", "C"]},
        {"inorder": ["D", "B", "E", "A", "C"], "postorder": ["D", "E", "B", "C", "A"]},
        {"inorder": ["D", "B", "A", "C"], "levelorder": ["A", "B", "C", "D"]},
    ),
)
def solve(
    preorder: Annotated[list[str], Param("先序序列", "结点两两不同；单字符可连写", max_len=60)] = [],  # noqa: B006
    inorder: Annotated[list[str], Param("中序序列", "结点两两不同；单字符可连写", max_len=60)] = [],  # noqa: B006
    postorder: Annotated[list[str], Param("后序序列", "结点两两不同；单字符可连写", max_len=60)] = [],  # noqa: B006
    levelorder: Annotated[list[str], Param("层序序列", "结点两两不同；单字符可连写", max_len=60)] = [],  # noqa: B006
) -> Solution:
    """Rebuild a binary tree from two traversals (由遍历序列确定二叉树).

    Args:
        preorder, inorder, postorder, levelorder: exactly two of them, distinct labels, up to 60. Either inorder
            and another one, or preorder and postorder.

    Returns:
        `count` of trees that fit; if it is 1, all four traversals, `tree` in bracket notation, `height`, `leaves`.

    Raises:
        InputError: another choice of sequences, or sequences that no binary tree has.

    Examples:
        >>> solve(preorder=["ABDEC"], inorder=["DBEAC"]).answer["postorder"]
        'DEBCA'
        >>> solve(inorder=["A"], levelorder=["A"]).answer["height"]
        1
        >>> solve(preorder=["abdec"], postorder=["debca"]).answer["count"]
        1
        >>> solve(preorder=["ABC"], postorder=["CBA"]).answer
        {'count': 4}

    Conventions:
        A tree of one node has height 1.

    Source:
        严蔚敏《数据结构（C 语言版）》§6.3; Knuth, TAOCP vol. 1, §2.3.1, exercise 7.
    """
    given = {
        name: letters(items)
        for name, items in (
            ("preorder", preorder),
            ("inorder", inorder),
            ("postorder", postorder),
            ("levelorder", levelorder),
        )
        if items
    }
    _check(given)
    conventions = ["只有一个结点的二叉树高度为 1"]
    if "inorder" not in given:
        return Solution(_without_inorder(given), conventions)
    (other,) = set(given) - {"inorder"}
    rows: list[list[Cell]] = []
    tree = _build(given["inorder"], given[other], other, rows)
    if tree is None or WALKS[other](tree) != given[other]:
        raise InputError(f"没有二叉树同时有{NAMES[other]} {run(given[other])!r} 和所给中序，请检查序列。")
    steps = [
        Step(
            f"{ROOT_RULE[other]}，它在中序序列中的左边是左子树、右边是右子树，对各子树重复，二叉树唯一确定。",
            Table(["根", "左子树（中序）", "右子树（中序）"], rows),
            "由根划分中序序列",
            {"count": 1},
        )
    ]
    return Solution([*steps, _described(tree)], conventions)


def _check(given: dict[str, list[str]]) -> None:
    if set(given) not in [
        {"inorder", "preorder"},
        {"inorder", "postorder"},
        {"inorder", "levelorder"},
        {"preorder", "postorder"},
    ]:
        shown = "、".join(NAMES[name] for name in given) or "空"
        raise InputError(f"给出的序列是 {shown!r}，应为中序加另一种，或先序加后序，请补齐。")
    first, second = given.values()
    distinct(first, "遍历序列")
    if sorted(first) != sorted(second):
        raise InputError(f"两个序列 {run(first)!r} 与 {run(second)!r} 的结点不同，请检查。")


def _build(middle: Sequence[str], other: Sequence[str], name: str, rows: list[list[Cell]]) -> Binary | None:
    """Split the inorder sequence at the root that the other sequence names."""
    if not middle:
        return None
    root = other[-1] if name == "postorder" else other[0]
    cut = middle.index(root)
    sides = middle[:cut], middle[cut + 1 :]
    rows.append([root, run(sides[0]), run(sides[1])])
    parts = [[x for x in other if x in side] for side in sides]
    left, right = (_build(side, part, name, rows) for side, part in zip(sides, parts, strict=True))
    return Binary(root, left, right)


def _described(tree: Binary) -> Step:
    walks = {name: run(walk(tree)) for name, walk in WALKS.items()}
    levels, leaves = height(tree), sum(not (t.left or t.right) for t in subtrees(tree))
    shown = "，".join(f"{NAMES[name]} {walk}" for name, walk in walks.items())
    why = f"还原出的二叉树高 {levels} 层，有 {leaves} 个叶结点；遍历得{shown}。"
    gives: dict[str, Value] = {**walks, "tree": bracket(tree), "height": levels, "leaves": leaves}
    return Step(why, picture(tree), "画出二叉树并写出遍历序列", gives)


def _without_inorder(given: dict[str, list[str]]) -> list[Step]:
    """Count the trees that share preorder and postorder."""
    before, after = given["preorder"], given["postorder"]
    tree = _left_leaning(before, after)
    if tree is None or [WALKS[name](tree) for name in ("preorder", "postorder")] != [before, after]:
        raise InputError(f"没有二叉树同时有先序 {run(before)!r} 和后序 {run(after)!r}，请检查序列。")
    single = [t.label for t in subtrees(tree) if bool(t.left) != bool(t.right)]
    count = 2 ** len(single)
    why = (
        f"先序中 XY 相邻而后序中 YX 相邻时，X 只有一个孩子 Y，左右不定；这样的结点有 {len(single)} 个"
        f"（{run(single) or '无'}），共 $2^{{{len(single)}}}={count}$ 棵二叉树。"
    )
    steps = [Step(why, picture(tree, single), "找出只有一个孩子的结点", {"count": count})]
    return [*steps, _described(tree)] if count == 1 else steps


def _left_leaning(before: Sequence[str], after: Sequence[str]) -> Binary | None:
    """Build the tree in which every only child is a left child."""
    if not before or sorted(before) != sorted(after):
        return None
    if len(before) == 1:
        return Binary(before[0])
    size = after.index(before[1]) + 1
    left = _left_leaning(before[1 : size + 1], after[:size])
    right = _left_leaning(before[size + 1 :], after[size:-1])
    return Binary(before[0], left, right)


def mistakes(preorder: list[str], inorder: list[str], postorder: list[str], levelorder: list[str]) -> Iterator[Mistake]:
    """Yield traversals of the mirrored tree, of another order, and of a misplaced child."""
    answer = solve(preorder, inorder, postorder, levelorder).answer
    count = integer(answer["count"])
    yield Mistake("以为先序加后序总能唯一确定", {"count": 1})
    yield Mistake("把单孩子结点数当作棵数", {"count": count.bit_length() - 1})
    yield Mistake("棵数翻倍，多算了一个单孩子结点", {"count": 2 * count})
    if "tree" not in answer:
        return
    tree = binary(str(answer["tree"]))
    walks = {name: run(walk(tree)) for name, walk in WALKS.items()}
    flipped = {name: run(walk(_mirror(tree))) for name, walk in WALKS.items()}
    yield Mistake("左右子树颠倒", flipped)
    for name in walks:
        for wrong in walks:
            if wrong != name:
                yield Mistake(f"写成了{NAMES[wrong]}序列", {name: walks[wrong]})
    yield Mistake("把先序倒过来当作后序", {"postorder": walks["preorder"][::-1], "preorder": walks["postorder"][::-1]})
    levels = integer(answer["height"])
    yield Mistake("高度从 0 数起", {"height": levels - 1, "leaves": integer(answer["leaves"]) + 1})
    yield Mistake("高度多数一层", {"height": levels + 1, "leaves": integer(answer["leaves"]) - 1})


def _mirror(tree: Binary | None) -> Binary | None:
    return tree and Binary(tree.label, _mirror(tree.right), _mirror(tree.left))


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Draw a random tree and two of its traversals."""
    tree = random_binary(rng, "ABCDEFGHIJKL"[: 4 + difficulty])
    other = rng.choice(["preorder", "postorder"] if difficulty < 4 else ["postorder", "levelorder"])
    ask = rng.choice([name for name in ("preorder", "postorder", "levelorder") if name != other])
    labels = [*"ABCDEFGHIJKL"[: 4 + difficulty]]
    rng.shuffle(labels)
    rename = dict(zip(WALKS["preorder"](tree), labels, strict=True))
    given = {name: [rename[x] for x in WALKS[name](tree)] for name in ("inorder", other)}
    stem = (
        f"某二叉树的中序序列为 {run(given['inorder'])}，{NAMES[other]}序列为 {run(given[other])}，"
        f"则它的{NAMES[ask]}序列是（ ）。"
    )
    return Draft(stem, given, ask)
