"""Sifting in binary heaps, with the comparisons it takes."""

from __future__ import annotations

from collections.abc import Sequence

from assistant408.core.trace import Tree

__all__ = ["before", "build", "picture", "sift_down", "sift_up"]


def before(a: int, b: int, is_max: bool) -> bool:
    """Tell whether `a` belongs strictly above `b`."""
    return a > b if is_max else a < b


def sift_down(keys: list[int], at: int, size: int, is_max: bool) -> tuple[int, list[int]]:
    """Sift the key at a 0-based index down in place; return the comparisons and the indices on its way."""
    comparisons, path = 0, [at]
    while 2 * at + 1 < size:
        child = 2 * at + 1
        if child + 1 < size:
            comparisons += 1
            child += before(keys[child + 1], keys[child], is_max)
        comparisons += 1
        if not before(keys[child], keys[at], is_max):
            break
        keys[at], keys[child] = keys[child], keys[at]
        at = child
        path.append(at)
    return comparisons, path


def sift_up(keys: list[int], at: int, is_max: bool) -> tuple[int, list[int]]:
    """Sift the key at a 0-based index up in place; return the comparisons and the indices on its way."""
    comparisons, path = 0, [at]
    while at:
        parent = (at - 1) // 2
        comparisons += 1
        if not before(keys[at], keys[parent], is_max):
            break
        keys[at], keys[parent] = keys[parent], keys[at]
        at = parent
        path.append(at)
    return comparisons, path


def build(keys: list[int], is_max: bool) -> int:
    """Make a heap in place, bottom up; return the comparisons."""
    return sum(sift_down(keys, at, len(keys), is_max)[0] for at in range(len(keys) // 2 - 1, -1, -1))


def picture(keys: Sequence[int], marks: Sequence[int] = (), at: int = 0) -> Tree | None:
    """Draw a heap; `marks` are 0-based indices."""
    if at >= len(keys):
        return None
    sides = picture(keys, marks, 2 * at + 1), picture(keys, marks, 2 * at + 2)
    return Tree(str(keys[at]), sides if any(sides) else (), at in marks)
