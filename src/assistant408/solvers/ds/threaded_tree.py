"""Threaded binary trees (线索二叉树): where the empty links of a node point."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from typing import Annotated, Literal

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Cell, Graph, GraphEdge, GraphNode, Solution, Step, Table
from assistant408.solvers.ds._answers import integer
from assistant408.solvers.ds._text import run
from assistant408.solvers.ds._trees import (
    Binary,
    binary,
    bracket,
    inorder,
    postorder,
    preorder,
    random_binary,
    subtrees,
)

__all__ = ["solve"]

Order = Literal["preorder", "inorder", "postorder"]
NAMES = {"preorder": "先序", "inorder": "中序", "postorder": "后序"}
WALKS = {"preorder": preorder, "inorder": inorder, "postorder": postorder}
NIL = "NULL"


@solver(
    "ds.threaded_tree",
    title="线索二叉树",
    summary="给出二叉树和线索化的次序，求某结点左右指针（线索）所指的结点、ltag 与 rtag、前驱与后继，以及线索总数。",
    syllabus=("ds.tree.threaded-def", "ds.tree.threaded-find"),
    keywords=("线索二叉树", "线索化", "前驱", "后继", "ltag", "rtag", "左线索", "右线索", "空指针"),
    answers={
        "right": Out("右指针所指结点"),
        "left": Out("左指针所指结点"),
        "rtag": Out("右标志 rtag（1 为线索）"),
        "ltag": Out("左标志 ltag（1 为线索）"),
        "predecessor": Out("前驱"),
        "successor": Out("后继"),
        "sequence": Out("遍历序列"),
        "threads": Out("线索总数（含空线索）", "条"),
        "nil_threads": Out("空线索数", "条"),
    },
    examples=(
        {"tree": "A(B(D,E),C)", "order": "inorder", "node": "E"},
        {"tree": "A(B(,D),C)", "order": "postorder", "node": "D"},
        {"tree": "A", "order": "preorder", "node": "A"},
    ),
)
def solve(
    tree: Annotated[str, Param("二叉树", "括号表示，如 A(B(D,E),C)；只有右孩子写 B(,D)", min_len=1, max_len=400)],
    node: Annotated[str, Param("问到的结点", "结点的记号", min_len=1, max_len=20)],
    order: Annotated[Order, Param("线索化次序", "preorder 先序，inorder 中序，postorder 后序")] = "inorder",
) -> Solution:
    """Thread a binary tree and read one node (线索二叉树).

    Args:
        tree: bracket notation, distinct labels.
        node: the label asked about.
        order: the traversal whose neighbours the threads point to.

    Returns:
        `left` and `right` (labels, or NULL at the ends of the traversal), `ltag`, `rtag`, `predecessor`,
        `successor`, `sequence`, `threads` (empty links, n+1) and `nil_threads`.

    Raises:
        InputError: no binary tree, or no such node.

    Examples:
        >>> a = solve("A(B(D,E),C)", "E").answer
        >>> a["left"], a["right"], a["ltag"]
        ('B', 'A', 1)
        >>> solve("A", "A").answer["right"]
        'NULL'

    Conventions:
        Tag 1 marks a thread, 0 a child. There is no head node.

    Source:
        严蔚敏《数据结构（C 语言版）》§6.3.2.
    """
    root = binary(tree)
    walk = WALKS[order](root)
    if node not in walk:
        raise InputError(f"二叉树中没有结点 {node!r}，结点有 {run(walk)}，请检查。")
    nodes = {t.label: t for t in subtrees(root)}
    before = dict(zip(walk[1:], walk, strict=False))
    after = dict(itertools.pairwise(walk))
    rows: list[list[Cell]] = []
    for label in walk:
        at = nodes[label]
        left = at.left.label if at.left else before.get(label, NIL)
        right = at.right.label if at.right else after.get(label, NIL)
        rows.append([label, left, int(not at.left), int(not at.right), right])
    mine = rows[walk.index(node)]
    threads = sum(int(row[2] == 1) + int(row[3] == 1) for row in rows)
    nil = sum(row[k] == NIL for row in rows for k in (1, 4))
    steps = [
        Step(f"{NAMES[order]}遍历得 {run(walk)}。", credit="写出遍历序列", gives={"sequence": run(walk)}),
        Step(
            "左指针空则指向前驱（ltag=1），右指针空则指向后继（rtag=1）；首结点无前驱、末结点无后继。",
            Table(["结点", "左指针", "ltag", "rtag", "右指针"], rows, [(walk.index(node), k) for k in (1, 4)]),
            "逐个结点线索化",
        ),
        Step(
            f"结点 {node} 的前驱是 {before.get(node, '无')}，后继是 {after.get(node, '无')}；"
            f"左指针指向 {mine[1]}（ltag={mine[2]}），右指针指向 {mine[4]}（rtag={mine[3]}）。",
            _drawn(root, rows),
            "指出所问结点的指针",
            {
                "right": mine[4],
                "left": mine[1],
                "rtag": mine[3],
                "ltag": mine[2],
                "predecessor": before.get(node, NIL),
                "successor": after.get(node, NIL),
            },
        ),
        Step(
            f"{len(walk)} 个结点有 {2 * len(walk)} 个指针，{len(walk) - 1} 个指向孩子，其余 {threads} 个为线索。",
            gives={"threads": threads, "nil_threads": nil},
        ),
    ]
    return Solution(steps, ["标志为 1 表示线索，为 0 表示孩子；不设头结点"])


def _drawn(root: Binary, rows: list[list[Cell]]) -> Graph:
    """Draw children as plain edges and threads as marked ones."""
    edges = []
    for label, left, ltag, rtag, right in rows:
        for target, tag, name in ((left, ltag, "左"), (right, rtag, "右")):
            if target != NIL:
                thread = f"{name}线索" if tag else ""
                edges.append(GraphEdge(str(label), str(target), thread, mark=bool(tag)))
    return Graph([GraphNode(t.label) for t in subtrees(root)], edges, caption="高亮的边为线索")


def mistakes(tree: str, node: str, order: str) -> Iterator[Mistake]:
    """Yield pointers of other orders, swapped ends, and children taken for threads."""
    right = solve(tree, node, order).answer
    for other in NAMES:
        if other != order:
            wrong = solve(tree, node, other).answer
            keys = ("right", "left", "predecessor", "successor", "sequence")
            yield Mistake(f"按{NAMES[other]}线索化", {key: wrong[key] for key in keys})
    swapped = {"left": right["right"], "right": right["left"]}
    swapped |= {"predecessor": right["successor"], "successor": right["predecessor"]}
    yield Mistake("前驱与后继颠倒", swapped)
    parent = next((t.label for t in subtrees(binary(tree)) for s in (t.left, t.right) if s and s.label == node), NIL)
    pointers = ("left", "right", "predecessor", "successor")
    yield Mistake("以为空指针一律指向双亲", dict.fromkeys(pointers, parent))
    root = binary(tree).label
    yield Mistake("以为首末结点的线索指向根", dict.fromkeys(pointers, root))
    yield Mistake("标志的含义记反", {"ltag": 1 - integer(right["ltag"]), "rtag": 1 - integer(right["rtag"])})
    yield Mistake("把结点数当作线索数", {"threads": integer(right["threads"]) - 1})
    yield Mistake("把空线索都不算", {"threads": integer(right["threads"]) - integer(right["nil_threads"])})
    yield Mistake("以为全部指针都成为线索", {"threads": 2 * (integer(right["threads"]) - 1)})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Draw a tree and ask for a thread of a node that has one."""
    root = random_binary(rng, "ABCDEFGHIJ"[: 4 + difficulty])
    assert root is not None
    order: Order = "inorder" if difficulty < 3 else rng.choice(["preorder", "postorder", "inorder"])
    ask = rng.choice(["left", "right"])
    node = rng.choice([t.label for t in subtrees(root) if not (t.left if ask == "left" else t.right)])
    side = "左" if ask == "left" else "右"
    stem = (
        f"二叉树的括号表示为 {bracket(root)}，对它进行{NAMES[order]}线索化，"
        f"则结点 {node} 的{side}线索指向的结点是（ ）。"
    )
    return Draft(stem, {"tree": bracket(root), "node": node, "order": order}, ask)
