"""What the wordings of computer organisation share."""

from __future__ import annotations

from assistant408.tutor.extract import Hint, num, pick, text

N = r"(\d+|[一二两三四五六七八九十]+)"

HEX = r"(?:0[xX][0-9A-Fa-f]+|[0-9A-F]{3,4}(?: [0-9A-F]{4}){1,3}H(?![A-Za-z])|[0-9A-F]{1,8}H(?![A-Za-z]))"

CLOCK = num(
    "(?:主频|时钟频率|工作频率|CPU(?:的)?(?:主频|频率|时钟)|处理器(?:频率|主频))",
    before=["的?(?:CPU|处理器|主频|计算机)"],
    unit="mhz",
)


REAL = r"[+-]?\d+(?:\.\d+)?(?:/\d+)?"


def squeezed(*patterns: str) -> Hint:
    """The first group as text, blanks taken out."""
    hint = text(*patterns)
    return lambda r: None if (v := hint(r)) is None else v.replace(" ", "")


OPERATION = pick(
    {
        "减": r"[xXaA]\s?-\s?[yYbB]|相减|减法|之差|减去|R\d\s?-\s?R\d|求差|-\s?\[?[yY]",
        "加": r"[xXaA]\s?\+\s?[yYbB]|相加|加法|之和|加上|R\d\s?\+\s?R\d|求和",
    }
)
