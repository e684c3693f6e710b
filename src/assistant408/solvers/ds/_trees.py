"""Binary and ordered trees with labels, and their bracket notation ``A(B(D,E),C)``.

A child may be left out: in ``A(,C)`` vertex A has only a right child. Trees of a forest are separated by commas.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from assistant408.core.errors import InputError
from assistant408.core.trace import Tree

__all__ = [
    "Binary",
    "binary",
    "bracket",
    "height",
    "inorder",
    "levelorder",
    "parse_forest",
    "picture",
    "postorder",
    "preorder",
    "random_binary",
    "subtrees",
]


@dataclass(frozen=True)
class Binary:
    """A binary tree (二叉树) with a label in the root."""

    label: str
    left: Binary | None = None
    right: Binary | None = None


def parse_forest(text: str) -> list[Tree]:
    """Read a forest in bracket notation; an empty child is `None`.

    Raises:
        InputError: unbalanced parentheses, a missing or repeated label.

    Examples:
        >>> [t.label for t in parse_forest("A(B,C),D")]
        ['A', 'D']
        >>> parse_forest("A(,C)")[0].children
        (None, Tree(label='C', children=(), mark=False, edge='', note=''))
    """
    text = re.sub(r"\s*([(),])\s*", r"\1", text.translate(str.maketrans("（），", "(),")).strip())
    tokens = re.findall(r"[(),]|[^(),]+", text)
    at = 0

    def read(stop: str) -> list[Tree | None]:
        nonlocal at
        items: list[Tree | None] = []
        while True:
            items.append(read_tree())
            token = tokens[at] if at < len(tokens) else ""
            if token not in (",", stop):
                raise InputError(f"树 {text!r} 在第 {at + 1} 个记号处括号不配对，应形如 A(B(D,E),C)。")
            at += 1
            if token == stop:
                return items

    def read_tree() -> Tree | None:
        nonlocal at
        if at == len(tokens) or tokens[at] in "(),":
            return None
        label = tokens[at]
        at += 1
        if at < len(tokens) and tokens[at] == "(":
            at += 1
            return Tree(label, tuple(read(")")))
        return Tree(label)

    if tokens.count("(") > 200:
        raise InputError(f"树有 {tokens.count('(')!r} 层以上的括号，最多 200 个，请缩小规模。")
    out = [t for t in read("") if t]
    labels = re.findall(r"[^(),]+", text)
    if not labels:
        raise InputError(f"树 {text!r} 中没有结点，应形如 A(B(D,E),C)。")
    for label in labels:
        if labels.count(label) > 1:
            raise InputError(f"树中结点 {label!r} 出现了不止一次，请改成不同的记号。")
    return out


def binary(text: str) -> Binary:
    """Read one binary tree.

    Raises:
        InputError: more than one tree, or a vertex with more than two children.
    """
    trees = parse_forest(text)
    if len(trees) != 1:
        raise InputError(f"{text!r} 含 {len(trees)} 棵树，应为一棵二叉树，形如 A(B(D,E),C)。")

    def convert(tree: Tree | None) -> Binary | None:
        if tree is None:
            return None
        if len(tree.children) > 2:
            raise InputError(f"结点 {tree.label!r} 有 {len(tree.children)} 个孩子，二叉树中至多 2 个，请检查。")
        left, right = [*tree.children, None, None][:2]
        return Binary(tree.label, convert(left), convert(right))

    out = convert(trees[0])
    assert out is not None
    return out


def bracket(tree: Binary | None) -> str:
    """Write a binary tree in bracket notation.

    Examples:
        >>> bracket(binary("A(B(D),C)")), bracket(binary("A(,C)"))
        ('A(B(D),C)', 'A(,C)')
    """
    if tree is None:
        return ""
    if tree.right:
        return f"{tree.label}({bracket(tree.left)},{bracket(tree.right)})"
    return f"{tree.label}({bracket(tree.left)})" if tree.left else tree.label


def preorder(tree: Binary | None) -> list[str]:
    """List the labels in preorder (先序)."""
    return [tree.label, *preorder(tree.left), *preorder(tree.right)] if tree else []


def inorder(tree: Binary | None) -> list[str]:
    """List the labels in inorder (中序)."""
    return [*inorder(tree.left), tree.label, *inorder(tree.right)] if tree else []


def postorder(tree: Binary | None) -> list[str]:
    """List the labels in postorder (后序)."""
    return [*postorder(tree.left), *postorder(tree.right), tree.label] if tree else []


def levelorder(tree: Binary | None) -> list[str]:
    """List the labels level by level (层序)."""
    queue = [tree] if tree else []
    for node in queue:
        queue += [child for child in (node.left, node.right) if child]
    return [node.label for node in queue]


def subtrees(tree: Binary | None) -> Iterator[Binary]:
    """Yield every subtree in preorder."""
    if tree:
        yield tree
        yield from subtrees(tree.left)
        yield from subtrees(tree.right)


def height(tree: Binary | None) -> int:
    """Count the levels; an empty tree has none."""
    return 1 + max(height(tree.left), height(tree.right)) if tree else 0


def picture(tree: Binary | None, marks: Iterable[str] = ()) -> Tree | None:
    """Draw a binary tree, with the labels in `marks` highlighted."""
    if tree is None:
        return None
    marks = set(marks)
    sides = (picture(tree.left, marks), picture(tree.right, marks))
    return Tree(tree.label, sides if any(sides) else (), tree.label in marks)


def random_binary(rng: random.Random, labels: Sequence[str]) -> Binary | None:
    """Draw a binary tree whose preorder is `labels`."""
    if not labels:
        return None
    cut = rng.randint(0, len(labels) - 1)
    return Binary(labels[0], random_binary(rng, labels[1 : cut + 1]), random_binary(rng, labels[cut + 1 :]))
