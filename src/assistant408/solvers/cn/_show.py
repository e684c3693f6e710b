"""Numbers and quantities as a good exam answer writes them."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from assistant408.core.trace import Cell, Table

__all__ = [
    "Number",
    "decimal",
    "equals",
    "joined",
    "length_text",
    "listing",
    "percent",
    "power",
    "rate_text",
    "ratio",
    "size_text",
    "tidy",
    "time_text",
]

Number = int | Fraction
Units = Sequence[tuple[str, Number]]

RATES: Units = (("Gb/s", 10**9), ("Mb/s", 10**6), ("kb/s", 10**3), ("b/s", 1))
TIMES: Units = (("s", 1), ("ms", Fraction(1, 10**3)), ("μs", Fraction(1, 10**6)), ("ns", Fraction(1, 10**9)))
LENGTHS: Units = (("km", 1000), ("m", 1))


def tidy(value: Number) -> Number:
    """Turn a whole fraction into an int, so that equal answers look equal.

    Examples:
        >>> tidy(Fraction(8, 2)), tidy(Fraction(1, 2))
        (4, Fraction(1, 2))
    """
    value = Fraction(value)
    return value.numerator if value.denominator == 1 else value


def decimal(value: Number) -> str:
    """Write a number exactly if six decimals suffice, else to four significant digits.

    Examples:
        >>> decimal(Fraction(9, 4)), decimal(Fraction(13, 3)), decimal(7), decimal(Fraction(-1, 2))
        ('2.25', '4.333', '7', '-0.5')
    """
    value = Fraction(value)
    for digits in range(7):
        if (value * 10**digits).denominator == 1:
            return _fixed(value, digits)
    digits = 0
    while abs(value) * 10**digits < 1000:
        digits += 1
    return _fixed(value, digits)


def _fixed(value: Fraction, digits: int) -> str:
    whole, rest = divmod(round(abs(value) * 10**digits), 10**digits)
    tail = f".{rest:0{digits}d}" if digits else ""
    return f"{'-' if value < 0 else ''}{whole}{tail}"


def equals(value: Number) -> str:
    r"""Write the right side of an equation in LaTeX, with ≈ where decimals don't end.

    Examples:
        >>> print(equals(Fraction(1, 4)), equals(Fraction(1, 3)))
        =0.25 \approx0.3333
    """
    exact = (Fraction(value) * 10**6).denominator == 1
    return ("=" if exact else "\\approx") + decimal(value)


def percent(value: Number) -> str:
    """Write a ratio as a percentage with at most one decimal.

    Examples:
        >>> percent(Fraction(2, 3)), percent(Fraction(2, 5)), percent(Fraction(1, 100000))
        ('66.7%', '40%', '0.001%')
    """
    value = Fraction(value) * 100
    if value and value < 1:
        return decimal(value) + "%"
    return decimal(Fraction(round(value * 10), 10)) + "%"


def power(value: Number) -> str:
    r"""Write a great round number with a power of ten, in LaTeX.

    Examples:
        >>> print(power(10**8), power(2 * 10**8), power(15 * 10**9), power(16000), power(Fraction(1, 2)))
        10^{8} 2\times10^{8} 1.5\times10^{10} 16000 0.5
    """
    value = Fraction(value)
    digits = str(value.numerator)
    head = digits.rstrip("0")
    if value.denominator != 1 or len(digits) < 6 or len(digits) - len(head) < 3:
        return decimal(value)
    exponent = f"10^{{{len(digits) - 1}}}"
    mantissa = head[0] + ("." + head[1:] if len(head) > 1 else "")
    return exponent if mantissa == "1" else f"{mantissa}\\times{exponent}"


def ratio(above: Number, below: Number) -> str:
    r"""Write a fraction of two great numbers in LaTeX.

    Examples:
        >>> print(ratio(8000, 10**7))
        \dfrac{8000}{10^{7}}
    """
    return f"\\dfrac{{{power(above)}}}{{{power(below)}}}"


def _in_unit(value: Number, units: Units) -> str:
    value = Fraction(value)
    default = units[-1] if value else units[0]
    unit, factor = next(((u, f) for u, f in units if abs(value) >= Fraction(f)), default)
    return f"{decimal(value / factor)} {unit}"


def rate_text(bps: Number) -> str:
    """Write a data rate in the largest unit that keeps it at or above 1.

    Examples:
        >>> rate_text(10**8), rate_text(4800)
        ('100 Mb/s', '4.8 kb/s')
    """
    return _in_unit(bps, RATES)


def time_text(seconds: Number) -> str:
    """Write a time in s, ms, μs or ns.

    Examples:
        >>> time_text(Fraction(512, 10**7)), time_text(0), time_text(2)
        ('51.2 μs', '0 s', '2 s')
    """
    return _in_unit(seconds, TIMES)


def length_text(metres: Number) -> str:
    """Write a length in m or km.

    Examples:
        >>> length_text(2500), length_text(205)
        ('2.5 km', '205 m')
    """
    return _in_unit(metres, LENGTHS)


def size_text(bits: Number) -> str:
    """Write a size in bytes if it is whole bytes, else in bits.

    Examples:
        >>> size_text(8000), size_text(100)
        ('1000 B', '100 bit')
    """
    whole = Fraction(bits) / 8
    return f"{whole.numerator} B" if whole.denominator == 1 else f"{decimal(bits)} bit"


def joined(items: Sequence[object], sep: str = "、") -> str:
    """Join items for a sentence; an empty sequence reads 无.

    Examples:
        >>> joined([1, 2]), joined([])
        ('1、2', '无')
    """
    return sep.join(str(i) for i in items) if items else "无"


def listing(*rows: tuple[str, Cell]) -> Table:
    """Named values one below the other, as a table.

    Examples:
        >>> listing(("掩码", "255.0.0.0")).rows
        [['掩码', '255.0.0.0']]
    """
    return Table(["量", "值"], [list(row) for row in rows])
