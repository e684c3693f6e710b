"""B+ trees (B+ 树): insertion and deletion, every key kept in the leaves."""

from __future__ import annotations

import random
from bisect import bisect_left
from collections.abc import Iterator
from typing import Annotated, Literal

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Solution, Step
from assistant408.solvers.ds._answers import integer, integers
from assistant408.solvers.ds._multiway import (
    Node,
    Report,
    bracket,
    height,
    leaf_keys,
    parse,
    picture,
    route,
    walk,
)
from assistant408.solvers.ds._text import join

__all__ = ["solve"]

Side = Literal["right", "left"]


@solver(
    "ds.b_plus_tree",
    title="B+ 树的插入与删除",
    summary="给出 B+ 树的阶、依次插入和删除的关键字（可先给一棵现成的 B+ 树），求操作后的 B+ 树、叶结点、根、高度和结点数。",
    syllabus=("ds.search.bplus",),
    keywords=("B+ 树", "B+树", "m 阶", "叶结点", "索引", "分裂", "合并", "插入", "删除", "顺序查找"),
    answers={
        "tree": Out("操作后的 B+ 树"),
        "root": Out("根中的关键字"),
        "leaves": Out("各叶结点的关键字"),
        "height": Out("高度", "层"),
        "nodes": Out("结点数", "个"),
        "leaf_count": Out("叶结点数", "个"),
        "splits": Out("分裂次数", "次"),
        "borrows": Out("借关键字的次数", "次"),
        "merges": Out("合并次数", "次"),
    },
    examples=(
        {"order": 3, "inserts": [10, 15, 37, 21, 44, 51, 59]},
        {"order": 3, "start": "15 44(10 15,21 37 44)", "inserts": [40], "deletes": [10]},
    ),
)
def solve(
    order: Annotated[int, Param("阶 m", "每个结点至多 m 个关键字（m 棵子树）", min=3, max=20)],
    inserts: Annotated[list[int], Param("依次插入的关键字", "互异", max_len=80)] = [],  # noqa: B006
    deletes: Annotated[list[int], Param("随后依次删除的关键字", "没有则留空", max_len=80)] = [],  # noqa: B006
    start: Annotated[str, Param("现成的 B+ 树", "形如 15 44(10 15,21 37 44)；从空树开始则留空", max_len=600)] = "",
    sibling: Annotated[Side, Param("借与合并时先看哪边的兄弟", "right 右，left 左")] = "right",
) -> Solution:
    """Insert into and delete from a B+ tree (B+ 树).

    Args:
        order: m, the most keys and subtrees of a node (3 to 20); a node but the root has at least ceil(m/2).
        inserts: distinct keys, inserted in order.
        deletes: keys deleted in order afterwards.
        start: the tree at the beginning, or empty.
        sibling: the neighbour that is asked first to lend a key, and then to merge.

    Returns:
        `tree` in the notation of `start`, `root` (its keys), `leaves` (their keys), `height`, `nodes`,
        `leaf_count`, `splits`, `borrows`, `merges`.

    Raises:
        InputError: a start that is no B+ tree of this order, a repeated key, a deletion of an absent key.

    Examples:
        >>> solve(3, [10, 15, 37, 21]).answer["tree"]
        '15 37(10 15,21 37)'
        >>> solve(3, [10, 15, 37, 21], [37]).answer["tree"]
        '10 15 21'
        >>> solve(4, [5]).answer["height"]
        1

    Conventions:
        As in Chinese textbooks, a branch node has as many keys as children, each key being the greatest of its
        child's subtree; the keys above are kept exact. m+1 keys are split into ceil((m+1)/2) and the rest.

    Source:
        严蔚敏《数据结构（C 语言版）》§9.2.2.
    """
    root = parse(start) if start.strip() else Node([])
    if start.strip():
        _check_tree(root, order)
    steps = [Step(f"初始 B+ 树为 {bracket(root)}。", picture(root))] if start.strip() else []
    total = Report()
    for key in inserts:
        root, report = _insert(root, key, order)
        total.splits += report.splits
        why = f"插入 {key}：{'；'.join(report.told)}。"
        steps.append(Step(why, picture(root, [key]), "两个结点的最大关键字都进入父结点" if report.splits else ""))
    for key in deletes:
        root, report = _delete(root, key, order, sibling)
        total.borrows += report.borrows
        total.merges += report.merges
        steps.append(Step(f"删除 {key}：{'；'.join(report.told)}。", picture(root), "判断够删、够借或合并"))
    leaves = leaf_keys(root)
    count = sum(1 for _ in walk(root))
    steps.append(
        Step(
            f"最后的 {order} 阶 B+ 树为 {bracket(root) or '空树'}，高 {height(root)} 层，"
            f"{count} 个结点，其中叶结点 {len(leaves)} 个，叶结点从左到右链接。",
            picture(root),
            "画出最后的 B+ 树",
            {
                "tree": bracket(root),
                "root": root.keys,
                "leaves": leaves,
                "height": height(root),
                "nodes": count,
                "leaf_count": len(leaves),
                "splits": total.splits,
                "borrows": total.borrows,
                "merges": total.merges,
            },
        )
    )
    side = "右" if sibling == "right" else "左"
    return Solution(
        steps,
        [
            "分支结点的关键字是对应子树中的最大关键字，关键字数等于子树数",
            f"借与合并先看{side}兄弟；删除后逐层更新最大关键字",
        ],
    )


def _check_tree(root: Node, order: int) -> None:
    """Refuse a tree that breaks the rules of a B+ tree."""
    least = (order + 1) // 2
    for node in walk(root):
        low = (2 if node.children else 1) if node is root else least
        if not low <= len(node.keys) <= order:
            raise InputError(f"结点 {join(node.keys)!r} 的关键字应有 {low}～{order} 个，请检查阶数。")
        if node.children and node.keys != [child.keys[-1] for child in node.children]:
            raise InputError(f"结点 {join(node.keys)!r} 的关键字应是各子树的最大关键字，请检查。")
    keys = [key for leaf in leaf_keys(root) for key in leaf]
    if keys != sorted(set(keys)):
        raise InputError(f"叶结点的关键字 {join(keys)!r} 应严格递增，请检查。")


def _child(node: Node, key: int) -> int:
    return min(bisect_left(node.keys, key), len(node.keys) - 1)


def _refresh(path: list[tuple[Node, int]]) -> None:
    """Set the keys above to the greatest keys of the children."""
    for node, _ in reversed(path):
        node.keys = [child.keys[-1] for child in node.children]


def _insert(root: Node, key: int, order: int) -> tuple[Node, Report]:
    """Insert into a leaf and split upwards."""
    report = Report()
    path = route(root, lambda node: _child(node, key))
    node = path.pop()[0]
    if key in node.keys:
        raise InputError(f"关键字 {key!r} 已在 B+ 树中，请勿重复插入。")
    node.keys.insert(bisect_left(node.keys, key), key)
    report.told.append(f"放入叶结点 {join(node.keys, ' ')}")
    while len(node.keys) > order:
        half = (order + 2) // 2
        right = Node(node.keys[half:], node.children[half:])
        node.keys, node.children = node.keys[:half], node.children[:half]
        report.splits += 1
        report.told.append(f"超过 {order} 个，分裂为 {join(node.keys, ' ')} 与 {join(right.keys, ' ')}")
        if not path:
            return Node([node.keys[-1], right.keys[-1]], [node, right]), report
        parent, k = path.pop()
        parent.children.insert(k + 1, right)
        parent.keys = [child.keys[-1] for child in parent.children]
        node = parent
    _refresh(path)
    return root, report


def _delete(root: Node, key: int, order: int, sibling: str) -> tuple[Node, Report]:
    """Delete from a leaf, then borrow or merge upwards."""
    report = Report()
    path = route(root, lambda node: _child(node, key))
    node = path.pop()[0]
    if key not in node.keys:
        raise InputError(f"关键字 {key!r} 不在 B+ 树中，无法删除，请检查。")
    node.keys.remove(key)
    least = (order + 1) // 2
    if len(node.keys) >= least or not path:
        report.told.append(f"叶结点余 {len(node.keys)} 个关键字，直接删除")
    while path and len(node.keys) < least:
        parent, k = path.pop()
        _repair(parent, k, least, sibling, report)
        parent.keys = [child.keys[-1] for child in parent.children]
        node = parent
    _refresh(path)
    return (root.children[0] if len(root.children) == 1 else root), report


def _repair(parent: Node, k: int, least: int, sibling: str, report: Report) -> None:
    """Give the k-th child of `parent` a key from a neighbour, or merge the two."""
    node = parent.children[k]
    sides = [k + 1, k - 1] if sibling == "right" else [k - 1, k + 1]
    sides = [s for s in sides if 0 <= s < len(parent.children)]
    for s in sides:
        lender = parent.children[s]
        if len(lender.keys) > least:
            take, put = (0, len(node.keys)) if s > k else (-1, 0)
            moved = lender.keys.pop(take)
            node.keys.insert(put, moved)
            if lender.children:
                node.children.insert(put, lender.children.pop(take))
            report.borrows += 1
            report.told.append(f"关键字不足，从{'右' if s > k else '左'}兄弟借来 {moved}")
            return
    s = sides[0]
    left, right = parent.children[min(s, k)], parent.children[max(s, k)]
    left.keys += right.keys
    left.children += right.children
    del parent.children[max(s, k)]
    report.merges += 1
    report.told.append(f"兄弟不够借，与{'右' if s > k else '左'}兄弟合并为 {join(left.keys, ' ')}")


def mistakes(order: int, inserts: list[int], deletes: list[int], start: str, sibling: str) -> Iterator[Mistake]:
    """Yield trees under other rules and miscounts."""
    answer = solve(order, inserts, deletes, start, sibling).answer
    keys = ("tree", "root", "leaves", "height", "nodes", "leaf_count", "splits")
    wrong = solve(order, inserts, deletes, start, "left" if sibling == "right" else "right").answer
    yield Mistake("借与合并时先看了另一边的兄弟", {key: wrong[key] for key in keys})
    if not start.strip():
        wrong = solve(order + 1, inserts, deletes, start, sibling).answer
        yield Mistake("把结点的最多关键字数当作 m+1", {key: wrong[key] for key in keys})
        if order > 3:
            wrong = solve(order - 1, inserts, deletes, start, sibling).answer
            yield Mistake("照 B 树的规定，以为最多 m-1 个关键字", {key: wrong[key] for key in keys})
    count, levels = integer(answer["nodes"]), integer(answer["height"])
    leaves = integer(answer["leaf_count"])
    yield Mistake("只数了叶结点", {"nodes": leaves, "height": levels - 1})
    yield Mistake("只数了分支结点", {"nodes": count - leaves, "leaf_count": count - leaves})
    yield Mistake("漏数了根结点", {"nodes": count - 1, "leaf_count": leaves - 1})
    yield Mistake("多数一层", {"height": levels + 1, "leaf_count": leaves + 1, "nodes": count + 1})
    yield Mistake("新根的产生没有算作分裂", {"splits": max(integer(answer["splits"]) - 1, 0)})
    root = integers(answer["root"])
    yield Mistake("漏了最右子树的最大关键字，照 B 树写根", {"root": root[:-1]})
    if root:
        bottom = leaf_keys(parse(str(answer["tree"])))
        yield Mistake("索引用了子树的最小关键字", {"root": [leaf[0] for leaf in bottom[: len(root)]]})
        yield Mistake("根中只留最大关键字", {"root": root[-1:]})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Draw insertions into an empty tree; a deletion for the hardest."""
    order = rng.choice([3, 4])
    inserts = rng.sample(range(5, 99), 5 + 2 * difficulty)
    deletes = rng.sample(inserts, 1) if difficulty > 3 else []
    ask = rng.choice(["root", "nodes", "leaf_count"])
    name = {"root": "根结点中的关键字", "nodes": "结点个数", "leaf_count": "叶结点个数"}[ask]
    then = f"，再删除 {deletes[0]}（先考虑右兄弟）" if deletes else ""
    stem = (
        f"将关键字 {join(inserts, '、')} 依次插入初始为空的 {order} 阶 B+ 树{then}"
        f"（分支结点存放各子树的最大关键字），则所得 B+ 树的{name}是（ ）。"
    )
    return Draft(stem, {"order": order, "inserts": inserts, "deletes": deletes}, ask)
