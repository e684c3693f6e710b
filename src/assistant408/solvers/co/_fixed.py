"""Fixed-point operands of the multiplication and division solvers."""

from __future__ import annotations

from fractions import Fraction
from typing import Literal

from assistant408.core.errors import InputError

__all__ = ["Point", "code_of", "operand", "pointed"]

Point = Literal["整数", "小数"]


def operand(value: Fraction, bits: int, point: Point, label: str, lowest: bool) -> int:
    """Return `value` as an integer multiple of the last place of a `bits`-bit fixed-point code.

    Args:
        value: true value.
        bits: width, the sign bit included.
        point: integers, or fractions with the point after the sign.
        label: name of the operand in messages.
        lowest: whether the most negative value, which only two's complement has, is allowed.

    Raises:
        InputError: the value does not fit.

    Examples:
        >>> operand(Fraction(-11, 16), 5, "小数", "x", True)
        -11
    """
    half = 1 << (bits - 1)
    scaled = value * (half if point == "小数" else 1)
    if scaled.denominator != 1:
        raise InputError(f"{label} {str(value)!r} 用 {bits} 位定点{point}表示不了，请增加位数或改小数点位置。")
    if not (-half if lowest else 1 - half) <= scaled < half:
        raise InputError(f"{label} {str(value)!r} 超出 {bits} 位定点{point}的范围，请增加位数或改小数点位置。")
    return int(scaled)


def code_of(number: int, magnitude_bits: int, negative: bool) -> str:
    """Write a sign-magnitude code: the sign bit and `magnitude_bits` bits of |number|.

    Examples:
        >>> code_of(-5, 4, True)
        '10101'
    """
    return ("1" if negative else "0") + format(abs(number), f"0{magnitude_bits}b")


def pointed(code: str, point: Point) -> str:
    """Set the point (or comma) after the sign bit, as textbooks print fixed-point codes.

    Examples:
        >>> pointed("11010", "小数"), pointed("11010", "整数")
        ('1.1010', '1,1010')
    """
    return code[0] + ("." if point == "小数" else ",") + code[1:]
