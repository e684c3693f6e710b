"""Small text helpers that the ds solvers share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from assistant408.core.errors import InputError

__all__ = ["distinct", "join", "letters", "run"]


def join(items: Iterable[object], separator: str = "，") -> str:
    """Join items for a sentence.

    Examples:
        >>> join([3, 1, 2])
        '3，1，2'
    """
    return separator.join(map(str, items))


def letters(items: Sequence[str]) -> list[str]:
    """Split a single run such as ``ABDEC`` into its letters; longer lists stay as they are.

    Examples:
        >>> letters(["ABD"]), letters(["A1", "B"])
        (['A', 'B', 'D'], ['A1', 'B'])
    """
    return list(items[0]) if len(items) == 1 else list(items)


def distinct(items: Sequence[object], label: str) -> None:
    """Refuse repeated items.

    Raises:
        InputError: an item occurs twice.
    """
    for item in items:
        if items.count(item) > 1:
            raise InputError(f"{label}中 {str(item)!r} 出现了不止一次，应两两不同，请改成不同的记号。")


def run(items: Sequence[object]) -> str:
    """Write a sequence as exam papers do: single letters in one run, longer names apart.

    Examples:
        >>> run(["A", "B"]), run([10, 2])
        ('AB', '10,2')
    """
    words = [str(item) for item in items]
    return "".join(words) if all(len(w) == 1 and not w.isdigit() for w in words) else ",".join(words)
