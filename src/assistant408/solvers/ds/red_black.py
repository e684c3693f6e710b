"""Red-black trees (红黑树): insertion and deletion with recolouring and rotations."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Annotated

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
    inorder,
    levelorder,
    picture,
    preorder,
    replace,
    rotate,
)
from assistant408.solvers.ds._text import join
from assistant408.solvers.ds.avl import solve as avl

__all__ = ["solve"]


@solver(
    "ds.red_black",
    title="红黑树",
    summary="给出依次插入（和删除）的关键字，构造红黑树，求各结点的颜色、最后的树形、调整的类型、黑高和红结点数。",
    syllabus=("ds.search.rb-insert", "ds.search.rb-def"),
    keywords=("红黑树", "红结点", "黑结点", "黑高", "旋转", "变色", "叔结点", "重新着色"),
    answers={
        "colors": Out("层序的结点与颜色"),
        "levelorder": Out("层序序列"),
        "preorder": Out("先序序列"),
        "tree": Out("树的括号表示"),
        "root": Out("根的关键字"),
        "red_keys": Out("红结点的关键字（递增）"),
        "red_count": Out("红结点数", "个"),
        "black_count": Out("黑结点数（不计外部叶结点）", "个"),
        "black_height": Out("黑高（不计根，计外部叶结点）"),
        "height": Out("高度（内部结点）", "层"),
        "rotations": Out("旋转次数", "次"),
        "last_fixes": Out("最后一次操作的调整"),
    },
    examples=(
        {"inserts": [20, 10, 5, 30, 40, 57, 3, 2, 4, 35, 25, 18, 22, 23, 24, 19, 17]},
        {"inserts": [41, 38, 31, 12, 19, 8], "deletes": [8, 12]},
    ),
)
def solve(
    inserts: Annotated[list[int], Param("依次插入的关键字", "从空树开始，互异", min_len=1, max_len=60)],
    deletes: Annotated[list[int], Param("随后依次删除的关键字", "没有则留空", max_len=60)] = [],  # noqa: B006
) -> Solution:
    """Build and shrink a red-black tree (红黑树).

    Args:
        inserts: distinct keys, inserted in order into an empty tree.
        deletes: keys of the tree, deleted in order afterwards.

    Returns:
        `colors` such as ``38黑`` level by level, `levelorder`, `preorder`, `tree`, `root`, `red_keys`,
        `red_count`, `black_count`, `black_height`, `height`, `rotations` in all, `last_fixes`.

    Raises:
        InputError: a repeated key, or a deletion of an absent key.

    Examples:
        >>> solve([41, 38, 31, 12, 19, 8]).answer["colors"]
        ['38黑', '19红', '41黑', '12黑', '31黑', '8红']
        >>> solve([7]).answer["black_height"]
        1
        >>> solve([2, 1, 3], deletes=[2]).answer["colors"]
        ['3黑', '1红']

    Conventions:
        New nodes are red. A deleted node with two children is replaced by its inorder successor. The black height
        counts the black nodes below the root down to an external leaf, which is included.

    Source:
        Cormen et al., Introduction to Algorithms, 3e, §13.3 and §13.4.
    """
    check_operations(inserts, deletes)
    root: Node | None = None
    steps: list[Step] = []
    turns = 0
    fixes: list[str] = []
    for key in inserts:
        root, leaf = attach(root, key)
        leaf.red = True
        root, fixes, count = _fix_insertion(root, leaf)
        turns += count
        steps.append(_told(f"插入红结点 {key}", fixes, root, key))
    for key in deletes:
        assert root is not None
        root, fixes, count = _delete(root, key)
        turns += count
        steps.append(_told(f"删除 {key}", fixes, root, None))
    nodes = levelorder(root)
    reds = [n.key for n in inorder(root) if n.red]
    shown = [f"{n.key}{_color(n)}" for n in nodes]
    black_height = _black_height(root)
    steps.append(
        Step(
            f"最后的红黑树层序为 {join(shown) or '空'}；红结点 {len(reds)} 个，黑高 {black_height}，共旋转 {turns} 次。",
            picture(root, reds, _color),
            "画出红黑树并注明颜色",
            {
                "colors": shown,
                "levelorder": [n.key for n in nodes],
                "preorder": preorder(root),
                "tree": bracket(root),
                "root": root.key if root else None,
                "red_keys": reds,
                "red_count": len(reds),
                "black_count": len(nodes) - len(reds),
                "black_height": black_height,
                "height": height(root),
                "rotations": turns,
                "last_fixes": fixes,
            },
        )
    )
    return Solution(
        steps,
        ["新结点为红色；删除有两个孩子的结点时用中序后继代替", "黑高不计本结点，计外部叶结点；图中高亮的是红结点"],
    )


def _color(node: Node) -> str:
    return "红" if node.red else "黑"


def _red(node: Node | None) -> bool:
    return node is not None and node.red


def _black_height(root: Node | None) -> int:
    blacks = 0
    while root:
        root = root.left
        blacks += not _red(root)
    return blacks


def _told(what: str, fixes: list[str], root: Node | None, mark: int | None) -> Step:
    marks = [n.key for n in inorder(root) if n.red]
    if not fixes:
        return Step(f"{what}：性质都满足，不必调整。", picture(root, marks, _color))
    at = "叔结点的颜色决定变色还是旋转" if mark is not None else "由兄弟结点的颜色分情况"
    return Step(f"{what}：{'；'.join(fixes)}。", picture(root, marks, _color), f"调整（{at}）")


def _fix_insertion(root: Node, node: Node) -> tuple[Node, list[str], int]:
    """Repair a red node under a red parent; list the reasons and count the rotations."""
    fixes: list[str] = []
    turns = 0
    while node.parent and node.parent.red:
        parent = node.parent
        grand = parent.parent
        assert grand is not None
        on_left = parent is grand.left
        uncle = grand.right if on_left else grand.left
        if uncle and uncle.red:
            parent.red = uncle.red = False
            grand.red = True
            fixes.append(f"叔结点 {uncle.key} 为红，父 {parent.key}、叔变黑，爷 {grand.key} 变红")
            node = grand
            continue
        kind = ("L" if on_left else "R") + ("L" if node is parent.left else "R")
        if kind in ("LR", "RL"):
            root = rotate(root, parent, to_left=on_left)
            node, parent = parent, node
            turns += 1
        root = rotate(root, grand, to_left=not on_left)
        turns += 1
        parent.red, grand.red = False, True
        name = {"LL": "右旋", "RR": "左旋", "LR": "先左旋后右旋", "RL": "先右旋后左旋"}[kind]
        fixes.append(f"叔结点为黑，属 {kind} 型，{name}，{parent.key} 变黑、{grand.key} 变红")
    if root.red:
        root.red = False
        fixes.append(f"根 {root.key} 染黑")
    return root, fixes, turns


def _delete(root: Node, key: int) -> tuple[Node | None, list[str], int]:
    """Delete a key and repair the black height."""
    node = find(root, key)
    fixes: list[str] = []
    if node.left and node.right:
        other = node.right
        while other.left:
            other = other.left
        node.key, node = other.key, other
        fixes.append(f"用中序后继 {other.key} 代替（颜色不变），改为删除原来的 {other.key}")
    child, parent = node.left or node.right, node.parent
    new_root = replace(root, node, child)
    if node.red or new_root is None:
        return new_root, fixes, 0
    new_root, more, turns = _fix_deletion(new_root, child, parent)
    return new_root, fixes + more, turns


def _fix_deletion(root: Node, node: Node | None, parent: Node | None) -> tuple[Node, list[str], int]:
    """Repair the place `node` under `parent`, which lacks one black node (双黑)."""
    fixes: list[str] = []
    turns = 0
    while parent and not _red(node):
        on_left = node is parent.left
        sibling = parent.right if on_left else parent.left
        assert sibling is not None
        if sibling.red:
            fixes.append(f"兄弟 {sibling.key} 为红，与父 {parent.key} 换色后旋转")
            sibling.red, parent.red = False, True
            root = rotate(root, parent, to_left=on_left)
            turns += 1
            continue
        near, far = (sibling.left, sibling.right) if on_left else (sibling.right, sibling.left)
        if not _red(near) and not _red(far):
            sibling.red = True
            fixes.append(f"兄弟 {sibling.key} 为黑且无红孩子，染红，问题上移到 {parent.key}")
            node, parent = parent, parent.parent
            continue
        if not _red(far):
            assert near is not None
            near.red, sibling.red = False, True
            root = rotate(root, sibling, to_left=not on_left)
            turns += 1
            fixes.append(f"兄弟 {sibling.key} 的近侄 {near.key} 为红，换色后旋转兄弟")
            sibling, far = near, sibling
        assert far is not None
        sibling.red, parent.red, far.red = parent.red, False, False
        root = rotate(root, parent, to_left=on_left)
        turns += 1
        fixes.append(f"兄弟 {sibling.key} 的远侄 {far.key} 为红，旋转父 {parent.key}，兄弟取父色，父与远侄染黑")
        return root, fixes, turns
    if node and node.red:
        node.red = False
        fixes.append(f"{node.key} 染黑")
    return root, fixes, turns


def mistakes(inserts: list[int], deletes: list[int]) -> Iterator[Mistake]:
    """Yield the tree without repairs, AVL-like counts and colour slips."""
    answer = solve(inserts, deletes).answer
    nodes = strings(answer["colors"])
    reds, blacks = integer(answer["red_count"]), integer(answer["black_count"])
    balanced = avl(inserts, deletes).answer
    keys = ("levelorder", "preorder", "tree", "root", "height")
    yield Mistake("当作平衡二叉树（AVL）来调整", {key: balanced.get(key) for key in keys})
    plain: Node | None = None
    for key in inserts:
        if key not in deletes:
            plain, _ = attach(plain, key)
    yield Mistake(
        "没有调整",
        {
            "levelorder": [n.key for n in levelorder(plain)],
            "preorder": preorder(plain),
            "tree": bracket(plain),
            "root": plain.key if plain else None,
            "height": height(plain),
            "red_count": max(len(nodes) - 1, 0),
            "rotations": 0,
        },
    )
    yield Mistake("红黑颜色颠倒", {"red_count": blacks, "black_count": reds, "colors": [_flipped(c) for c in nodes]})
    yield Mistake(
        "变色时忘了把叔结点也染黑",
        {
            "red_count": reds + 1,
            "black_count": blacks - 1,
            "rotations": integer(answer["rotations"]) + 1,
        },
    )
    yield Mistake(
        "变色后忘了把根染黑", {"colors": [_flipped(nodes[0]), *nodes[1:]] if nodes else [], "red_count": reds + 1}
    )
    height_ = integer(answer["black_height"])
    yield Mistake("黑高把根也计入", {"black_height": height_ + 1})
    yield Mistake("黑高没有计外部叶结点", {"black_height": height_ - 1})
    yield Mistake("把树高当作黑高", {"black_height": answer["height"]})
    yield Mistake("双旋只数成一次", {"rotations": max(integer(answer["rotations"]) - 1, 0)})
    yield Mistake(
        "最后插入的结点总是红的，其余都黑",
        {
            "red_count": 1,
            "red_keys": [inserts[-1]],
            "black_count": len(nodes) - 1,
        },
    )
    order = sorted(int(c[:-1]) for c in nodes)
    yield Mistake("把中间的关键字当作根", {"root": order[len(order) // 2] if order else None})
    yield Mistake("把先插入的关键字当作根", {"root": inserts[0]})
    yield Mistake("把最后插入的关键字当作根", {"root": inserts[-1]})
    yield Mistake("写成了先序", {"levelorder": answer["preorder"]})
    yield Mistake("写成了中序", {"levelorder": order, "preorder": order})
    yield Mistake("按完全二叉树估计", {"height": len(nodes).bit_length() + 1})


def _flipped(name: str) -> str:
    return name[:-1] + ("黑" if name[-1] == "红" else "红")


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Draw an insertion order and ask for the root, the red nodes or the level order."""
    inserts = rng.sample(range(5, 99), 5 + difficulty)
    ask = rng.choice(["red_count", "root"] if difficulty < 3 else ["red_count", "levelorder", "root"])
    name = {"red_count": "红色结点的个数", "levelorder": "层序遍历序列", "root": "根结点的关键字"}[ask]
    stem = f"将关键字 {join(inserts, '、')} 依次插入初始为空的红黑树，则所得红黑树的{name}是（ ）。"
    return Draft(stem, {"inserts": inserts}, ask)
