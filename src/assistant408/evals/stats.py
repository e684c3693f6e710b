"""Intervals and paired tests."""

from __future__ import annotations

import math

__all__ = ["mcnemar", "wilson"]


def wilson(correct: int, n: int, z: float = 1.959964) -> tuple[float, float]:
    """The 95% Wilson score interval of a proportion.

    Examples:
        >>> [round(x, 3) for x in wilson(8, 10)]
        [0.49, 0.943]

    Source: Wilson, JASA 22 (1927).
    """
    if n == 0:
        return 0.0, 1.0
    p = correct / n
    centre = p + z * z / (2 * n)
    half = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    scale = 1 + z * z / n
    return (centre - half) / scale, (centre + half) / scale


def mcnemar(only_first: int, only_second: int) -> float:
    """The exact two-sided p-value that two paired systems are equally often right.

    Args:
        only_first, only_second: items that only the first, only the second got right.

    Examples:
        >>> mcnemar(1, 9)
        0.021484375

    Source: McNemar, Psychometrika 12 (1947), binomial form.
    """
    n = only_first + only_second
    if n == 0:
        return 1.0
    tail: float = sum(math.comb(n, k) for k in range(min(only_first, only_second) + 1)) / 2**n
    return min(1.0, 2 * tail)
