"""What the wordings of computer organisation share."""

from __future__ import annotations

from assistant408.tutor.extract import num

N = r"(\d+|[一二两三四五六七八九十]+)"

HEX = r"(?:0[xX][0-9A-Fa-f]+|[0-9A-F]{1,8}H(?![A-Za-z]))"

CLOCK = num(
    "(?:主频|时钟频率|工作频率|CPU(?:的)?(?:主频|频率|时钟)|处理器(?:频率|主频))",
    before=["的?(?:CPU|处理器|主频|计算机)"],
    unit="mhz",
)
