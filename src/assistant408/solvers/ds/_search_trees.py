"""Mutable binary search trees with parent links, shared by BST, AVL and red-black trees."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from assistant408.core.errors import InputError
from assistant408.core.trace import Tree

__all__ = [
    "Node",
    "attach",
    "bracket",
    "check_operations",
    "failure_sum",
    "find",
    "height",
    "inorder",
    "levelorder",
    "picture",
    "postorder",
    "preorder",
    "replace",
    "rotate",
    "search",
    "success_sum",
]


@dataclass(eq=False)
class Node:
    """A node with its key; `red` is used by red-black trees only."""

    key: int
    parent: Node | None = None
    left: Node | None = None
    right: Node | None = None
    red: bool = False


def check_operations(inserts: list[int], deletes: list[int]) -> None:
    """Refuse repeated insertions and deletions of absent keys.

    Raises:
        InputError: one of these.
    """
    for key in inserts:
        if inserts.count(key) > 1:
            raise InputError(f"插入序列中 {key!r} 出现了不止一次，关键字应互异，请检查。")
    for key in deletes:
        if key not in inserts or deletes.count(key) > 1:
            raise InputError(f"要删除的关键字 {key!r} 不在树中，请检查删除序列。")


def search(root: Node | None, key: int) -> list[Node]:
    """List the nodes compared with `key`, the last one being its place if it is there."""
    path = []
    while root:
        path.append(root)
        if root.key == key:
            break
        root = root.left if key < root.key else root.right
    return path


def find(root: Node | None, key: int) -> Node:
    """Return the node of a key that is known to be there."""
    return search(root, key)[-1]


def attach(root: Node | None, key: int) -> tuple[Node, Node]:
    """Hang a new leaf under its place; return the root and the leaf."""
    path = search(root, key)
    leaf = Node(key, path[-1] if path else None)
    if path and key < path[-1].key:
        path[-1].left = leaf
    elif path:
        path[-1].right = leaf
    return root or leaf, leaf


def replace(root: Node | None, old: Node, new: Node | None) -> Node | None:
    """Put the subtree `new` in the place of `old`; return the root."""
    if new:
        new.parent = old.parent
    if old.parent is None:
        return new
    if old is old.parent.left:
        old.parent.left = new
    else:
        old.parent.right = new
    return root


def rotate(root: Node, node: Node, to_left: bool) -> Node:
    """Rotate `node` down to the left or to the right; return the root."""
    up = node.right if to_left else node.left
    assert up is not None
    new_root = replace(root, node, up)
    inner = up.left if to_left else up.right
    if to_left:
        node.right, up.left = inner, node
    else:
        node.left, up.right = inner, node
    if inner:
        inner.parent = node
    node.parent = up
    assert new_root is not None
    return new_root


def height(node: Node | None) -> int:
    """Count the levels; an empty tree has none."""
    return 1 + max(height(node.left), height(node.right)) if node else 0


def preorder(node: Node | None) -> list[int]:
    """List the keys in preorder."""
    return [node.key, *preorder(node.left), *preorder(node.right)] if node else []


def inorder(node: Node | None) -> Iterator[Node]:
    """Yield the nodes in order of their keys."""
    if node:
        yield from inorder(node.left)
        yield node
        yield from inorder(node.right)


def postorder(node: Node | None) -> list[int]:
    """List the keys in postorder."""
    return [*postorder(node.left), *postorder(node.right), node.key] if node else []


def levelorder(node: Node | None) -> list[Node]:
    """List the nodes level by level."""
    queue = [node] if node else []
    for at in queue:
        queue += [child for child in (at.left, at.right) if child]
    return queue


def success_sum(node: Node | None, level: int = 1) -> int:
    """Sum the comparisons of finding every key."""
    return level + success_sum(node.left, level + 1) + success_sum(node.right, level + 1) if node else 0


def failure_sum(node: Node | None, level: int = 0) -> int:
    """Sum the comparisons of reaching every empty link."""
    return failure_sum(node.left, level + 1) + failure_sum(node.right, level + 1) if node else level


def bracket(node: Node | None) -> str:
    """Write the tree as ``30(20,40)``; a missing left child leaves the place before the comma empty."""
    if node is None:
        return ""
    if node.right:
        return f"{node.key}({bracket(node.left)},{bracket(node.right)})"
    return f"{node.key}({bracket(node.left)})" if node.left else str(node.key)


def picture(node: Node | None, marks: Collection[int] = (), note: Callable[[Node], str] = lambda _: "") -> Tree | None:
    """Draw the tree; keys in `marks` are highlighted, and `note` writes beside a node."""
    if node is None:
        return None
    sides = (picture(node.left, marks, note), picture(node.right, marks, note))
    return Tree(str(node.key), sides if any(sides) else (), node.key in marks, note=note(node))
