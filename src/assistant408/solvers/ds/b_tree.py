"""B trees (B 树): splitting on insertion, borrowing and merging on deletion."""

from __future__ import annotations

import random
from bisect import bisect_left
from collections.abc import Iterator
from typing import Annotated, Literal

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Solution, Step
from assistant408.solvers.ds._answers import integer
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
Substitute = Literal["successor", "predecessor"]


@solver(
    "ds.b_tree",
    title="B 树的插入与删除",
    summary="给出 B 树的阶、依次插入和删除的关键字（可先给一棵现成的 B 树），求操作后的 B 树、根中的关键字、高度、结点数和分裂次数。",
    syllabus=("ds.search.btree-insert", "ds.search.btree-delete", "ds.search.btree-def"),
    keywords=("B 树", "B-树", "m 阶", "分裂", "合并", "借关键字", "兄弟结点", "插入", "删除", "关键字"),
    answers={
        "tree": Out("操作后的 B 树"),
        "root": Out("根中的关键字"),
        "height": Out("高度（不计外部结点）", "层"),
        "nodes": Out("结点数", "个"),
        "leaves": Out("最底层各结点的关键字"),
        "splits": Out("分裂次数", "次"),
        "borrows": Out("借关键字的次数", "次"),
        "merges": Out("合并次数", "次"),
    },
    examples=(
        {"order": 3, "inserts": [20, 30, 50, 52, 60, 68, 70]},
        {"order": 5, "start": "30 60(10 20,40 50,70 80)", "deletes": [50]},
    ),
)
def solve(
    order: Annotated[int, Param("阶 m", "每个结点至多 m 棵子树", min=3, max=20)],
    inserts: Annotated[list[int], Param("依次插入的关键字", "互异", max_len=80)] = [],  # noqa: B006
    deletes: Annotated[list[int], Param("随后依次删除的关键字", "没有则留空", max_len=80)] = [],  # noqa: B006
    start: Annotated[str, Param("现成的 B 树", "形如 30 60(10 20,40 50,70 80)；从空树开始则留空", max_len=600)] = "",
    sibling: Annotated[Side, Param("借与合并时先看哪边的兄弟", "right 右，left 左")] = "right",
    substitute: Annotated[
        Substitute, Param("删除非底层关键字的替代者", "successor 后继，predecessor 前驱")
    ] = "successor",
) -> Solution:
    """Insert into and delete from a B tree (B 树).

    Args:
        order: m, the most subtrees of a node (3 to 20); a node but the root has at least ceil(m/2).
        inserts: distinct keys, inserted in order.
        deletes: keys deleted in order afterwards.
        start: the tree at the beginning, or empty.
        sibling: the neighbour that is asked first to lend a key, and then to merge.
        substitute: what replaces a deleted key above the bottom level.

    Returns:
        `tree` in the notation of `start`, `root` (its keys), `height`, `nodes`, `leaves` (keys of the nodes on the
        bottom level), and how often nodes were split (`splits`), lent a key (`borrows`) and merged (`merges`).

    Raises:
        InputError: a start that is no B tree of this order, a repeated key, a deletion of an absent key.

    Examples:
        >>> solve(3, [20, 30, 50, 52, 60]).answer["tree"]
        '30 52(20,50,60)'
        >>> solve(4, [1, 2, 3, 4]).answer["tree"]
        '2(1,3 4)'
        >>> solve(3, start="30(10,40 50)", deletes=[10]).answer["tree"]
        '40(30,50)'

    Conventions:
        A node of m keys is split at its ceil(m/2)-th key, which moves up. External nodes are not counted as a level.

    Source:
        严蔚敏《数据结构（C 语言版）》§9.2.2; Bayer, McCreight, Acta Informatica 1 (1972).
    """
    root = parse(start) if start.strip() else Node([])
    if start.strip():
        _check_tree(root, order)
    steps = [Step(f"初始 B 树为 {bracket(root)}。", picture(root))] if start.strip() else []
    total = Report()
    for key in inserts:
        root, report = _insert(root, key, order)
        _add(total, report)
        why = f"插入 {key}：{'；'.join(report.told)}。"
        steps.append(Step(why, picture(root, [key]), "分裂时中间关键字上移" if report.splits else ""))
    for key in deletes:
        root, report = _delete(root, key, order, sibling, substitute)
        _add(total, report)
        steps.append(Step(f"删除 {key}：{'；'.join(report.told)}。", picture(root), "判断够删、够借或合并"))
    nodes = list(walk(root))
    steps.append(
        Step(
            f"最后的 {order} 阶 B 树为 {bracket(root) or '空树'}，高 {height(root)} 层，{len(nodes)} 个结点；"
            f"共分裂 {total.splits} 次、借 {total.borrows} 次、合并 {total.merges} 次。",
            picture(root),
            "画出最后的 B 树",
            {
                "tree": bracket(root),
                "root": root.keys,
                "height": height(root),
                "nodes": len(nodes),
                "leaves": leaf_keys(root),
                "splits": total.splits,
                "borrows": total.borrows,
                "merges": total.merges,
            },
        )
    )
    side = "右" if sibling == "right" else "左"
    name = "后继" if substitute == "successor" else "前驱"
    return Solution(
        steps,
        [
            f"分裂时第 ⌈m/2⌉＝{(order + 1) // 2} 个关键字上移；高度不计外部结点",
            f"借与合并先看{side}兄弟；删除非底层的关键字时用{name}代替",
        ],
    )


def _add(total: Report, report: Report) -> None:
    total.splits += report.splits
    total.borrows += report.borrows
    total.merges += report.merges


def _check_tree(root: Node, order: int) -> None:
    """Refuse a tree that breaks the rules of a B tree."""
    least = (order + 1) // 2 - 1
    for node in walk(root):
        low = 1 if node is root else least
        if not low <= len(node.keys) < order:
            raise InputError(f"结点 {join(node.keys)!r} 的关键字应有 {low}～{order - 1} 个，请检查阶数。")
        if node.children and len(node.children) != len(node.keys) + 1:
            raise InputError(f"结点 {join(node.keys)!r} 应有 {len(node.keys) + 1} 棵子树，请检查。")
    keys = _inorder(root)
    if keys != sorted(set(keys)):
        raise InputError(f"B 树的中序 {join(keys)!r} 应严格递增，请检查。")


def _inorder(node: Node) -> list[int]:
    if not node.children:
        return list(node.keys)
    out = _inorder(node.children[0])
    for key, child in zip(node.keys, node.children[1:], strict=True):
        out += [key, *_inorder(child)]
    return out


def _insert(root: Node, key: int, order: int) -> tuple[Node, Report]:
    """Insert into the bottom level and split upwards."""
    report = Report()
    path = route(root, lambda node: bisect_left(node.keys, key))
    if any(key in node.keys for node, _ in path):
        raise InputError(f"关键字 {key!r} 已在 B 树中，请勿重复插入。")
    leaf = path.pop()[0]
    leaf.keys.insert(bisect_left(leaf.keys, key), key)
    report.told.append(f"放入底层结点 {join(leaf.keys, ' ')}")
    node = leaf
    while len(node.keys) == order:
        middle = (order + 1) // 2 - 1
        up = node.keys[middle]
        right = Node(node.keys[middle + 1 :], node.children[middle + 1 :])
        node.keys, node.children = node.keys[:middle], node.children[: middle + 1]
        report.splits += 1
        report.told.append(f"关键字达 {order} 个，分裂为 {join(node.keys, ' ')} 与 {join(right.keys, ' ')}，{up} 上移")
        if not path:
            return Node([up], [node, right]), report
        parent, k = path.pop()
        parent.keys.insert(k, up)
        parent.children.insert(k + 1, right)
        node = parent
    return root, report


def _delete(root: Node, key: int, order: int, sibling: str, substitute: str) -> tuple[Node, Report]:
    """Delete from the bottom level, then borrow or merge upwards."""
    report = Report()
    path: list[tuple[Node, int]] = []
    node = root
    while key not in node.keys:
        if not node.children:
            raise InputError(f"关键字 {key!r} 不在 B 树中，无法删除，请检查。")
        k = bisect_left(node.keys, key)
        path.append((node, k))
        node = node.children[k]
    at = node.keys.index(key)
    if node.children:
        holder, k = node, at + 1 if substitute == "successor" else at
        path.append((node, k))
        node = node.children[k]
        while node.children:
            k = 0 if substitute == "successor" else len(node.children) - 1
            path.append((node, k))
            node = node.children[k]
        other = node.keys[0 if substitute == "successor" else -1]
        holder.keys[at] = other
        name = "后继" if substitute == "successor" else "前驱"
        report.told.append(f"不在底层，用{name} {other} 代替，改为删除底层的 {other}")
        key = other
    node.keys.remove(key)
    least = (order + 1) // 2 - 1
    if len(node.keys) >= least or not path:
        report.told.append(f"底层结点余 {len(node.keys)} 个关键字，直接删除")
    while path and len(node.keys) < least:
        node = _repair(*path.pop(), least, sibling, report)
    return (root.children[0] if not root.keys and root.children else root), report


def _repair(parent: Node, k: int, least: int, sibling: str, report: Report) -> Node:
    """Give the k-th child of `parent` a key, or merge it; return the parent."""
    node = parent.children[k]
    sides = [k + 1, k - 1] if sibling == "right" else [k - 1, k + 1]
    sides = [s for s in sides if 0 <= s < len(parent.children)]
    for s in sides:
        lender = parent.children[s]
        if len(lender.keys) > least:
            report.borrows += 1
            report.told.append(f"关键字不足，{_name(s, k)}兄弟 {join(lender.keys, ' ')} 够借，父子换位")
            if s > k:
                node.keys.append(parent.keys[k])
                parent.keys[k] = lender.keys.pop(0)
                node.children += [lender.children.pop(0)] if lender.children else []
            else:
                node.keys.insert(0, parent.keys[s])
                parent.keys[s] = lender.keys.pop()
                node.children[:0] = [lender.children.pop()] if lender.children else []
            return parent
    s = sides[0]
    low, high = min(s, k), max(s, k)
    left, right = parent.children[low], parent.children[high]
    down = parent.keys.pop(low)
    left.keys += [down, *right.keys]
    left.children += right.children
    del parent.children[high]
    report.merges += 1
    report.told.append(f"兄弟不够借，与{_name(s, k)}兄弟及父结点的 {down} 合并为 {join(left.keys, ' ')}")
    return parent


def _name(sibling: int, k: int) -> str:
    return "右" if sibling > k else "左"


def mistakes(
    order: int, inserts: list[int], deletes: list[int], start: str, sibling: str, substitute: str
) -> Iterator[Mistake]:
    """Yield trees under other rules and miscounts."""
    answer = solve(order, inserts, deletes, start, sibling, substitute).answer
    keys = ("tree", "root", "height", "nodes", "leaves")
    variants = [
        ("借与合并时先看了另一边的兄弟", order, "left" if sibling == "right" else "right", substitute),
        ("用错了替代的关键字", order, sibling, "predecessor" if substitute == "successor" else "successor"),
    ]
    if not start.strip():
        variants.append(("把 m 当作结点的最多关键字数", order + 1, sibling, substitute))
        variants.append(("把最多关键字数当作 m-2", max(order - 1, 3), sibling, substitute))
    for why, m, side, other in variants:
        wrong = solve(m, inserts, deletes, start, side, other).answer
        yield Mistake(why, {**{key: wrong[key] for key in keys}, "splits": wrong["splits"]})
    count, levels = integer(answer["nodes"]), integer(answer["height"])
    yield Mistake("高度把外部结点也算一层", {"height": levels + 1, "nodes": count + 1})
    yield Mistake("根从第 0 层数起", {"height": levels - 1, "nodes": count - 1})
    yield Mistake("新根的产生没有算作分裂", {"splits": max(integer(answer["splits"]) - 1, 0)})
    yield Mistake("把新建结点数当作分裂次数", {"splits": count})
    yield Mistake("把删除都当作合并", {"merges": len(deletes), "borrows": 0})
    yield Mistake("把删除都当作借", {"merges": 0, "borrows": len(deletes)})
    yield Mistake("只看底层，没有向上传递合并", {"merges": max(integer(answer["merges"]) - 1, 0)})
    every = sorted({*inserts} - {*deletes})
    if every:
        yield Mistake("把中间的关键字当作根", {"root": [every[len(every) // 2]], "nodes": len(every)})
        yield Mistake("把最先插入的关键字留在根中", {"root": sorted(inserts[: order - 1])})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Draw insertions into an empty tree; a deletion for the hardest."""
    order = rng.choice([3, 4] if difficulty < 3 else [3, 5])
    inserts = rng.sample(range(5, 99), 5 + 2 * difficulty)
    shown = join(inserts, "、")
    if difficulty > 3:
        deletes = rng.sample(inserts, 2)
        ask = rng.choice(["root", "tree"])
        name = "根结点中的关键字" if ask == "root" else "形态（括号表示）"
        stem = (
            f"将关键字 {shown} 依次插入初始为空的 {order} 阶 B 树，再依次删除 {join(deletes, '、')}"
            f"（先考虑右兄弟，非底层关键字用后继代替），则所得 B 树的{name}是（ ）。"
        )
        return Draft(stem, {"order": order, "inserts": inserts, "deletes": deletes}, ask)
    ask = rng.choice(["root", "nodes", "splits"])
    name = {"root": "根结点中的关键字", "nodes": "结点个数", "splits": "分裂次数"}[ask]
    tail = "插入过程中结点的" if ask == "splits" else "则所得 B 树的"
    stem = f"将关键字 {shown} 依次插入初始为空的 {order} 阶 B 树，{tail}{name}是（ ）。"
    return Draft(stem, {"order": order, "inserts": inserts}, ask)
