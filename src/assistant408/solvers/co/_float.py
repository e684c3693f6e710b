"""IEEE 754 binary formats over exact fractions: encode with round-half-even, and decode."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

__all__ = ["FORMATS", "Format", "Rounded", "decode", "encode", "floor_log2", "round_half_even"]


@dataclass(frozen=True)
class Format:
    """A binary interchange format: widths of the exponent and of the fraction."""

    exponent_bits: int
    fraction_bits: int

    @property
    def bits(self) -> int:
        """Width of the whole code."""
        return 1 + self.exponent_bits + self.fraction_bits

    @property
    def bias(self) -> int:
        """Return 127 for single precision."""
        return (1 << (self.exponent_bits - 1)) - 1

    @property
    def top(self) -> int:
        """Return the exponent field of all ones, kept for infinities and NaN."""
        return (1 << self.exponent_bits) - 1


FORMATS = {"半精度": Format(5, 10), "单精度": Format(8, 23), "双精度": Format(11, 52)}


@dataclass(frozen=True)
class Rounded:
    """A code and how it came about: whether bits were lost, whether the exponent overflowed."""

    code: int
    exact: bool
    overflow: bool


def floor_log2(value: Fraction) -> int:
    """Return e with 2**e <= value < 2**(e+1), for a positive value.

    Examples:
        >>> floor_log2(Fraction(6)), floor_log2(Fraction(1, 3))
        (2, -2)
    """
    e = value.numerator.bit_length() - value.denominator.bit_length()
    return e if value >= Fraction(2) ** e else e - 1


def round_half_even(value: Fraction) -> int:
    """Round to the nearest integer, ties to the even one.

    Examples:
        >>> [round_half_even(Fraction(n, 2)) for n in (1, 3, 5)]
        [0, 2, 2]
    """
    return round(value)


def encode(value: Fraction, form: Format, negative_zero: bool = False) -> Rounded:
    """Round a number to the format, to nearest, ties to even.

    Examples:
        >>> hex(encode(Fraction(-8, 1), FORMATS["单精度"]).code)
        '0xc1000000'
    """
    sign = 1 if value < 0 or (value == 0 and negative_zero) else 0
    top = sign << (form.bits - 1)
    if value == 0:
        return Rounded(top, True, False)
    exponent = max(floor_log2(abs(value)), 1 - form.bias)
    scaled = abs(value) / Fraction(2) ** (exponent - form.fraction_bits)
    significand = round_half_even(scaled)
    # The hidden bit, when there is one, adds 1 to the exponent field; so does a carry out of rounding.
    code = ((exponent + form.bias - 1) << form.fraction_bits) + significand
    infinity = form.top << form.fraction_bits
    return Rounded(top | min(code, infinity), scaled == significand, code >= infinity)


def decode(code: int, form: Format) -> Fraction | None:
    """Return the value of a finite code, and None for an infinity or NaN.

    Examples:
        >>> decode(0xC1000000, FORMATS["单精度"])
        Fraction(-8, 1)
    """
    exponent = (code >> form.fraction_bits) & form.top
    fraction = code & ((1 << form.fraction_bits) - 1)
    if exponent == form.top:
        return None
    significand = fraction + (1 << form.fraction_bits if exponent else 0)
    magnitude = significand * Fraction(2) ** (max(exponent, 1) - form.bias - form.fraction_bits)
    return -magnitude if code >> (form.bits - 1) else magnitude
