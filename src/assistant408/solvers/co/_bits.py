"""Machine words: two's complement codes, how they are written and how they are read."""

from __future__ import annotations

import re

from assistant408.core.errors import InputError

__all__ = ["binary", "field", "grouped", "hexadecimal", "log2", "parse_word", "signed", "width_for", "word"]


def binary(value: int, bits: int) -> str:
    """Write `value` modulo 2**bits as `bits` binary digits: the two's complement code of a negative one.

    Examples:
        >>> binary(-3, 4), binary(5, 8)
        ('1101', '00000101')
    """
    return format(value % (1 << bits), f"0{bits}b") if bits else ""


def signed(code: int, bits: int) -> int:
    """Read the low `bits` bits of `code` as a two's complement number.

    Examples:
        >>> signed(0b1101, 4), signed(0b0101, 4)
        (-3, 5)
    """
    code %= 1 << bits
    return code - (1 << bits) if code >> (bits - 1) else code


def hexadecimal(value: int, bits: int) -> str:
    """Write `value` modulo 2**bits in hexadecimal with the suffix H.

    Examples:
        >>> hexadecimal(-1, 12), hexadecimal(10, 3)
        ('FFFH', '2H')
    """
    return format(value % (1 << bits), f"0{-(-bits // 4)}X") + "H"


def word(value: int, bits: int) -> str:
    """Write a machine word as exams do: hexadecimal when whole digits fill it, otherwise binary.

    Examples:
        >>> word(-1, 8), word(5, 6)
        ('FFH', '000101B')
    """
    return hexadecimal(value, bits) if bits % 4 == 0 and bits > 4 else binary(value, bits) + "B"


def grouped(code: str, size: int = 4) -> str:
    """Set a bit string in groups counted from the right.

    Examples:
        >>> grouped("110010111")
        '1 1001 0111'
    """
    head = len(code) % size
    parts = [code[:head]] if head else []
    return " ".join(parts + [code[i : i + size] for i in range(head, len(code), size)])


def field(value: int, low: int, bits: int) -> int:
    """Take `bits` bits of `value` from bit `low` up.

    Examples:
        >>> field(0xABCD, 4, 8) == 0xBC
        True
    """
    return (value >> low) & ((1 << bits) - 1)


def parse_word(text: str, bits: int, label: str) -> int:
    """Read a code of at most `bits` bits written as 0x1F, 1FH, 0b11111, 11111B or a row of binary digits.

    Raises:
        InputError: not such a code, or it does not fit.

    Examples:
        >>> parse_word("C1H", 8, "机器数"), parse_word("1100 0001", 8, "机器数")
        (193, 193)
    """
    digits = re.sub(r"[\s_]", "", text)
    if match := re.fullmatch(r"0[xX]([0-9a-fA-F]+)|([0-9a-fA-F]+)[hH]", digits):
        code = int(match[1] or match[2], 16)
    elif match := re.fullmatch(r"(?:0[bB])?([01]+)|([01]+)[bB]", digits):
        code = int(match[1] or match[2], 2)
    else:
        raise InputError(f"{label} {text!r} 不是机器数：请写成 C1H、0xC1 或一串 0、1。")
    if code >> bits:
        raise InputError(f"{label} {text!r} 超过 {bits} 位，请检查位数。")
    return code


def width_for(states: int) -> int:
    """Count the bits that tell `states` states apart: ⌈log2 states⌉.

    Examples:
        >>> [width_for(n) for n in (1, 2, 3, 130)]
        [0, 1, 2, 8]
    """
    return (states - 1).bit_length()


def log2(value: int, label: str) -> int:
    """Take the exact binary logarithm.

    Raises:
        InputError: `value` is not a power of two.

    Examples:
        >>> log2(64, "块大小")
        6
    """
    if value < 1 or value & (value - 1):
        raise InputError(f"{label} {value!r} 不是 2 的整数次幂，无法按二进制位划分地址，请改正。")
    return value.bit_length() - 1
