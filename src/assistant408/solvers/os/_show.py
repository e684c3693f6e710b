"""Numbers as a good exam answer writes them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

__all__ = ["Number", "hexa", "joined", "mean", "number", "size", "tidy"]

Number = int | Fraction

UNITS = ("B", "KB", "MB", "GB", "TB", "PB", "EB")


def tidy(value: Number) -> Number:
    """Turn a whole fraction into an int, so that equal answers look equal.

    Examples:
        >>> tidy(Fraction(8, 2)), tidy(Fraction(1, 2))
        (4, Fraction(1, 2))
    """
    value = Fraction(value)
    return value.numerator if value.denominator == 1 else value


def mean(values: Iterable[Number]) -> Number:
    """Give the exact arithmetic mean.

    Examples:
        >>> mean([1, 2]), mean([2, 4])
        (Fraction(3, 2), 3)
    """
    known = list(values)
    return tidy(Fraction(sum(known)) / len(known))


def number(value: Number) -> str:
    """Write a number exactly if that is short, else as a fraction with two decimals.

    Examples:
        >>> number(Fraction(9, 4)), number(Fraction(13, 3)), number(7)
        ('2.25', '13/3≈4.33', '7')
    """
    value = Fraction(value)
    if value.denominator == 1:
        return str(value.numerator)
    for digits in range(1, 7):
        if (value * 10**digits).denominator == 1:
            return _decimal(value, digits)
    return f"{value.numerator}/{value.denominator}≈{_decimal(value, 2)}"


def _decimal(value: Fraction, digits: int) -> str:
    scaled = round(abs(value) * 10**digits)
    whole, rest = divmod(scaled, 10**digits)
    return f"{'-' if value < 0 else ''}{whole}.{rest:0{digits}d}"


def size(count_bytes: Number) -> str:
    """Write a capacity in the largest unit that divides it, K = 2^10.

    Examples:
        >>> size(4096), size(1500), size(3 * 2**20)
        ('4 KB', '1500 B', '3 MB')
    """
    value, unit = Fraction(count_bytes), 0
    while value and value % 1024 == 0 and unit + 1 < len(UNITS):
        value, unit = value / 1024, unit + 1
    return f"{number(value)} {UNITS[unit]}"


def hexa(value: int, bits: int = 0) -> str:
    """Write an address in hexadecimal with the suffix H, padded to `bits`.

    Examples:
        >>> hexa(0x1A5, 16), hexa(10)
        ('01A5H', 'AH')
    """
    return f"{value:0{-(-bits // 4)}X}H"


def joined(items: Sequence[object], sep: str = "、") -> str:
    """Join items for a sentence; an empty sequence reads 无.

    Examples:
        >>> joined([1, 2]), joined([])
        ('1、2', '无')
    """
    return sep.join(str(i) for i in items) if items else "无"
