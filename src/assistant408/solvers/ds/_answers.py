"""Typed reading of a solution's answers, for the functions that build on them."""

from __future__ import annotations

from fractions import Fraction

from assistant408.core.trace import Value

__all__ = ["fraction", "integer", "integers", "strings"]


def integer(value: Value) -> int:
    """Return an answer that is known to be an integer."""
    assert isinstance(value, int)
    return value


def fraction(value: Value) -> Fraction:
    """Return an answer that is known to be a number."""
    assert isinstance(value, (int, Fraction))
    return Fraction(value)


def integers(value: Value) -> list[int]:
    """Return an answer that is known to be a list of integers."""
    assert isinstance(value, list)
    return list(value)


def strings(value: Value) -> list[str]:
    """Return an answer that is known to be a list of strings."""
    assert isinstance(value, list)
    return list(value)
