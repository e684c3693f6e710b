"""Length of data under MIME's transfer encodings (MIME 编码后的长度)."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Annotated, Literal

from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Solution, Step
from assistant408.solvers.cn._show import listing

__all__ = ["solve"]


@solver(
    "cn.mail_encoding",
    title="MIME 编码后的长度",
    summary="给出二进制数据的字节数，求用 Base64 或 quoted-printable 编码后的字节数和增加的开销。",
    syllabus=("cn.app.mime",),
    keywords=("Base64", "base64 编码", "quoted-printable", "MIME", "邮件附件", "编码后的长度", "非 ASCII 字符"),
    answers={
        "encoded_bytes": Out("编码后的长度", "B"),
        "padding": Out("补的等号个数", "个"),
        "extra_bytes": Out("增加的字节数", "B"),
    },
    examples=({"size": 3000}, {"size": 8, "method": "QP"}),
)
def solve(
    size: Annotated[int, Param("数据长度", "单位 B；QP 时为需要编码的非 ASCII 字节数", min=0, max=10**9)],
    method: Annotated[Literal["BASE64", "QP"], Param("编码", "BASE64，QP quoted-printable")] = "BASE64",
    plain: Annotated[int, Param("可直接传送的 ASCII 字节数", "只用于 QP", min=0, max=10**9)] = 0,
) -> Solution:
    """Three bytes become four characters, or one byte three (MIME 编码).

    Args:
        size: bytes to encode.
        method: Base64, or quoted-printable, which leaves `plain` ASCII bytes as they are.

    Returns:
        `encoded_bytes` without line breaks, `padding`, `extra_bytes`.

    Examples:
        >>> solve(3000).answer["encoded_bytes"], solve(4).answer["padding"]
        (4000, 2)
        >>> solve(2, "QP", plain=5).answer["encoded_bytes"]
        11

    Source:
        RFC 2045 §6.7, §6.8.
    """
    if method == "QP":
        out, padding = 3 * size + plain, 0
        why = f"每个非 ASCII 字节编成“=”和两个十六进制数字，$3\\times{size}"
        why += f"+{plain}={out}$ B。" if plain else f"={out}$ B。"
        extra = out - size - plain
    else:
        groups = -(-size // 3)
        out, padding = 4 * groups, 3 * groups - size
        why = f"每 3 B（24 位）分成 4 个 6 位、各编成一个字符，共 $\\lceil {size}/3\\rceil={groups}$ 组，"
        why += f"$4\\times{groups}={out}$ B" + (f"，最后补 {padding} 个“=”。" if padding else "。")
        extra = out - size
    return Solution(
        [
            Step(
                why,
                listing(("编码前 (B)", size + plain), ("编码后 (B)", out)),
                credit="求编码后的长度",
                gives={"encoded_bytes": out, "padding": padding, "extra_bytes": extra},
            )
        ]
    )


def mistakes(size: int, method: str, plain: int) -> Iterator[Mistake]:
    """Misconceptions: the ratio upside down, another ratio, no encoding."""
    yield Mistake("比例用反了", {"encoded_bytes": size * 3 // 4})
    yield Mistake("没有编码", {"encoded_bytes": size})
    yield Mistake("按每字节两个字符", {"encoded_bytes": 2 * size})
    yield Mistake("按每字节三个字符", {"encoded_bytes": 3 * size + 3})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Base64."""
    size = 300 * rng.randint(1, 40)
    stem = f"一个 {size} B 的二进制附件用 Base64 编码后（不计换行）的长度是（ ）。"
    return Draft(stem, {"size": size}, "encoded_bytes")
