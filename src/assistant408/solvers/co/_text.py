"""Numbers and sizes in Chinese prose, and sizes read from it."""

from __future__ import annotations

import re
from fractions import Fraction

from assistant408.core.errors import InputError

__all__ = ["SIZE", "decimal", "equals", "listed", "memory_shape", "parse_number", "percent", "show_size", "size_bytes"]

UNITS = {"": 0, "K": 10, "M": 20, "G": 30, "T": 40}
SIZE = "如 64B、32KB、4MB；K=2^10，只写数字时以字节计"


def decimal(value: Fraction | int, digits: int = 4) -> str:
    """Write a number exactly when up to 12 decimals do, otherwise rounded to `digits` decimals (half up).

    Examples:
        >>> decimal(Fraction(5, 4)), decimal(Fraction(10, 3)), decimal(7)
        ('1.25', '3.3333', '7')
    """
    value = Fraction(value)
    places = next((p for p in range(13) if (value * 10**p).denominator == 1), digits)
    scaled = abs(value) * 10**places
    whole = int(scaled) if scaled.denominator == 1 else int(scaled + Fraction(1, 2))
    sign = "-" if value < 0 and whole else ""
    if not places:
        return f"{sign}{whole}"
    text = f"{whole:0{places + 1}d}"
    return f"{sign}{text[:-places]}.{text[-places:]}"


def equals(value: Fraction | int, digits: int = 4) -> str:
    r"""Write "=1.25" for an exact decimal and "≈3.3333" otherwise, in LaTeX.

    Examples:
        >>> equals(Fraction(1, 4)), equals(Fraction(1, 3))
        ('=0.25', '\\approx 0.3333')
    """
    exact = (Fraction(value) * 10**12).denominator == 1
    return ("=" if exact else "\\approx ") + decimal(value, digits)


def percent(value: Fraction | int) -> str:
    """Write a ratio as a percentage.

    Examples:
        >>> percent(Fraction(19, 20)), percent(Fraction(1, 3))
        ('95%', '33.3333%')
    """
    return decimal(Fraction(value) * 100) + "%"


def listed(items: list[int] | list[str]) -> str:
    """Join items with the Chinese comma for lists.

    Examples:
        >>> listed([1, 2])
        '1、2'
    """
    return "、".join(map(str, items))


def size_bytes(text: str, label: str) -> int:
    """Read a size such as 64B, 32KB or 4096 in bytes.

    Raises:
        InputError: it is not a size.

    Examples:
        >>> size_bytes("32KB", "Cache 容量"), size_bytes("64", "块大小"), size_bytes("1.5 K", "容量")
        (32768, 64, 1536)
    """
    match = re.fullmatch(
        r"(\d{1,9}(?:\.\d{1,6})?)([KMGT]?)I?B?(?:YTES?)?", text.upper().replace(" ", "").replace("字节", "B")
    )
    value = Fraction(match[1]) * 2 ** UNITS[match[2]] if match else Fraction(1, 2)
    if value.denominator != 1 or value < 1:
        raise InputError(f"{label} {text!r} 不是容量：请写成 64B、32KB、4MB 的形式。")
    return int(value)


def memory_shape(text: str, label: str) -> tuple[int, int]:
    """Read an organisation such as 2K×4位 as (words, bits a word).

    Raises:
        InputError: it is not one.

    Examples:
        >>> memory_shape("2K×4位", "芯片"), memory_shape("64K*8", "存储器")
        ((2048, 4), (65536, 8))
    """
    match = re.fullmatch(r"(\d{1,9})([KMG]?)[×xX*](\d{1,4})(?:位|BITS?|B)?", text.upper().replace(" ", ""))
    if not match or not int(match[1]) or not int(match[3]):
        raise InputError(f"{label} {text!r} 应写成 字数×位数，如 2K×4位。")
    return int(match[1]) << UNITS[match[2]], int(match[3])


def show_size(count: int, unit: str = "B") -> str:
    """Write a count in the largest binary unit that leaves it whole.

    Examples:
        >>> show_size(32768), show_size(1536), show_size(100), show_size(2048, "")
        ('32KB', '1536B', '100B', '2K')
    """
    for prefix in ("T", "G", "M", "K"):
        if count and count % (1 << UNITS[prefix]) == 0:
            return f"{count >> UNITS[prefix]}{prefix}{unit}"
    return f"{count}{unit}"


def parse_number(text: str) -> Fraction:
    """Read a decimal, a fraction, m×2^e or 2^e×m.

    Raises:
        InputError: it is not one of these.

    Examples:
        >>> parse_number("-1.5×2^-3"), parse_number("2^7×29/32"), parse_number("-2^10")
        (Fraction(-3, 16), Fraction(116, 1), Fraction(-1024, 1))
    """
    body = re.sub(r"[\s{}()（）]", "", text).replace("*", "×").replace("x", "×").replace("X", "×")
    number, power = r"([+-]?\d[\d./]{0,60}(?:[eE][+-]?\d{1,3})?)", r"2\^([+-]?\d{1,4})"
    try:
        if match := re.fullmatch(f"{number}(?:×{power})?", body):
            return Fraction(match[1]) * Fraction(2) ** int(match[2] or 0)
        if match := re.fullmatch(f"([+-]?){power}(?:×{number})?", body):
            return int(match[1] + "1") * Fraction(2) ** int(match[2]) * Fraction(match[3] or 1)
    except (ValueError, ZeroDivisionError):
        pass
    raise InputError(f"真值 {text!r} 不是数，请写成 -8.25、1.5×2^-3 的形式。")
