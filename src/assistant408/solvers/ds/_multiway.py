"""Multiway search trees, shared by B trees and B+ trees.

The notation is ``30 60(10 20,40 50,70 80)``: a node's keys with spaces, its children in parentheses.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field

from assistant408.core.errors import InputError
from assistant408.core.trace import Tree
from assistant408.solvers.ds._trees import parse_forest

__all__ = ["Node", "Report", "bracket", "height", "leaf_keys", "parse", "picture", "route", "walk"]


@dataclass(eq=False)
class Node:
    """A node with its keys in order and its children from left to right."""

    keys: list[int]
    children: list[Node] = field(default_factory=list)


@dataclass
class Report:
    """What an operation did: sentences, and how many splits, borrowings and merges."""

    told: list[str] = field(default_factory=list)
    splits: int = 0
    borrows: int = 0
    merges: int = 0


def parse(text: str) -> Node:
    """Read one tree from its notation.

    Raises:
        InputError: keys that are no numbers, or out of order in a node, or leaves on different levels.

    Examples:
        >>> bracket(parse("30(10 20, 40)"))
        '30(10 20,40)'
    """
    trees = parse_forest(text)
    if len(trees) != 1:
        raise InputError(f"{text!r} 应是一棵树，形如 30 60(10 20,40 50,70 80)，请检查括号。")

    def convert(tree: Tree | None) -> Node:
        words = tree.label.split() if tree else []
        if tree is None or not words or not all(w.lstrip("-").isdigit() for w in words):
            raise InputError(f"{text!r} 中有结点没有写成以空格隔开的整数，请检查。")
        keys = [int(w) for w in words]
        if keys != sorted(set(keys)):
            raise InputError(f"结点 {tree.label!r} 中的关键字应递增，请检查。")
        return Node(keys, [convert(child) for child in tree.children])

    root = convert(trees[0])
    if len(set(_leaf_levels(root))) != 1:
        raise InputError(f"{text!r} 的叶结点不在同一层，请检查。")
    return root


def _leaf_levels(node: Node, level: int = 1) -> Iterator[int]:
    if not node.children:
        yield level
    for child in node.children:
        yield from _leaf_levels(child, level + 1)


def bracket(node: Node) -> str:
    """Write a tree in its notation."""
    keys = " ".join(map(str, node.keys))
    return f"{keys}({','.join(map(bracket, node.children))})" if node.children else keys


def walk(node: Node) -> Iterator[Node]:
    """Yield all nodes, parents first."""
    yield node
    for child in node.children:
        yield from walk(child)


def leaf_keys(node: Node) -> list[list[int]]:
    """List the leaves' keys from left to right."""
    return [list(n.keys) for n in walk(node) if not n.children]


def height(node: Node) -> int:
    """Count the levels."""
    return 1 + height(node.children[0]) if node.children else 1


def route(root: Node, choose: Callable[[Node], int]) -> list[tuple[Node, int]]:
    """List the nodes from the root to a leaf, each with the index of the child taken (-1 in the leaf)."""
    path = []
    node = root
    while node.children:
        k = choose(node)
        path.append((node, k))
        node = node.children[k]
    path.append((node, -1))
    return path


def picture(node: Node, marks: Collection[int] = ()) -> Tree:
    """Draw the tree, with the nodes that hold a key of `marks` highlighted."""
    label = " ".join(map(str, node.keys)) or "空"
    return Tree(label, [picture(c, marks) for c in node.children], not set(marks).isdisjoint(node.keys))
