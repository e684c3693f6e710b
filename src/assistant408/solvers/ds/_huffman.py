"""k-ary Huffman merging, shared by Huffman trees and optimal merge trees."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from assistant408.core.trace import Cell, Tree
from assistant408.solvers.ds._text import join

__all__ = ["Node", "codes_of", "merge", "picture", "virtual_leaves"]


@dataclass(frozen=True, order=True)
class Node:
    """A node in the order in which it is taken: by weight, then by age."""

    weight: int
    age: int
    name: str = field(compare=False, default="")
    children: tuple[Node, ...] = field(compare=False, default=())


def virtual_leaves(leaves: int, ways: int) -> int:
    """Count the leaves of weight 0 that make every merger a full one.

    Examples:
        >>> virtual_leaves(8, 3), virtual_leaves(7, 3), virtual_leaves(9, 2)
        (1, 0, 0)
    """
    return -(leaves - 1) % (ways - 1)


def merge(names: Sequence[str], weights: Sequence[int], ways: int, virtual: int) -> tuple[Node, list[list[Cell]]]:
    """Merge down to the root, with a row for every merger: number, weights taken, new weight, weights left."""
    forest = [Node(0, k - virtual) for k in range(virtual)]
    forest += [Node(w, k, name) for k, (w, name) in enumerate(zip(weights, names, strict=True))]
    heapq.heapify(forest)
    rows: list[list[Cell]] = []
    while len(forest) > 1:
        taken = tuple(heapq.heappop(forest) for _ in range(ways))
        new = Node(sum(t.weight for t in taken), len(weights) + len(rows), "", taken)
        heapq.heappush(forest, new)
        left = join(sorted(t.weight for t in forest))
        rows.append([len(rows) + 1, join(t.weight for t in taken), new.weight, left])
    return forest[0], rows


def codes_of(node: Node, code: str = "") -> Iterator[tuple[str, str]]:
    """Yield (name, code) for the named leaves."""
    if node.name:
        yield node.name, code
    for digit, child in enumerate(node.children):
        yield from codes_of(child, code + str(digit))


def picture(node: Node, edge: str = "") -> Tree:
    """Draw the tree: weights in the nodes, digits on the edges, names beside the leaves."""
    children = [picture(child, str(k)) for k, child in enumerate(node.children)]
    return Tree(str(node.weight), children, mark=bool(node.name), edge=edge, note=node.name)
