"""Closed arithmetic as choices write it: ``2^128-2^104``, ``-1.5×2^13``, ``(2-2^-23)×2^127``."""

from __future__ import annotations

import re
from fractions import Fraction

__all__ = ["arithmetic"]

_TOKEN = re.compile(r"\s*(\d+(?:\.\d+)?|[-+×*/^()])")
_MAX_POWER = 2000


def arithmetic(text: str) -> Fraction | None:
    """The exact value of numbers joined by ``+ - × / ^`` and brackets; `None` for anything else, a bare number too.

    Examples:
        >>> arithmetic("2^128-2^104") == 2**128 - 2**104, arithmetic("-1.5×2^13"), arithmetic("2^-3")
        (True, Fraction(-12288, 1), Fraction(1, 8))
        >>> arithmetic("256"), arithmetic("2^n-1"), arithmetic("0～1023")
        (None, None, None)
    """
    plain = text.strip().replace("-+", "-")
    if not re.fullmatch(r"[\d\s.×*/^()+\-]+", plain) or not re.search(r"[\^×*]", plain):
        return None
    tokens = _TOKEN.findall(plain)
    if "".join(tokens) != re.sub(r"\s", "", plain):
        return None
    try:
        value, rest = _sum(tokens)
    except (IndexError, ValueError, ZeroDivisionError):
        return None
    return value if not rest else None


def _sum(t: list[str]) -> tuple[Fraction, list[str]]:
    value, t = _product(t)
    while t and t[0] in "+-":
        sign = 1 if t[0] == "+" else -1
        right, t = _product(t[1:])
        value += sign * right
    return value, t


def _product(t: list[str]) -> tuple[Fraction, list[str]]:
    value, t = _signed(t)
    while t and t[0] in "×*/":
        op = t[0]
        right, t = _signed(t[1:])
        value = value / right if op == "/" else value * right
    return value, t


def _signed(t: list[str]) -> tuple[Fraction, list[str]]:
    if t[0] in "+-":
        value, rest = _signed(t[1:])
        return (-value if t[0] == "-" else value), rest
    return _power(t)


def _power(t: list[str]) -> tuple[Fraction, list[str]]:
    if t[0] == "(":
        base, t = _sum(t[1:])
        if t[0] != ")":
            raise ValueError(t)
        t = t[1:]
    else:
        base, t = Fraction(t[0]), t[1:]
    if t and t[0] == "^":
        power, t = _signed(t[1:])
        if power.denominator != 1 or abs(power) > _MAX_POWER:
            raise ValueError(power)
        base = base ** int(power)
    return base, t
