"""Parity check (奇偶校验码): the check bit, the code word, or whether a received one is right."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Annotated, Literal

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Bits, Solution, Step
from assistant408.solvers.co._bits import hexadecimal

__all__ = ["solve"]


@solver(
    "co.parity_code",
    title="奇偶校验码",
    summary="给数据加一位奇校验或偶校验位，求校验位和编码；或检查收到的编码是否有奇数位出错。",
    syllabus=("co.data.parity",),
    keywords=("奇偶校验", "奇校验", "偶校验", "校验位", "ASCII"),
    answers={
        "code": Out("编码"),
        "hex_code": Out("编码的十六进制"),
        "check_bit": Out("校验位"),
        "ones": Out("1 的个数", "个"),
        "valid": Out("收到的编码是否正确"),
    },
    examples=({"bits": "1000101", "parity": "奇校验"},),
)
def solve(
    bits: Annotated[str, Param("二进制串", "数据，或（检查时）收到的编码", pattern=r"[01\s]{1,80}")],
    parity: Annotated[Literal["奇校验", "偶校验"], Param("校验方式")] = "偶校验",
    place: Annotated[Literal["最高位", "最低位"], Param("校验位的位置")] = "最高位",
) -> Solution:
    """Add a parity bit, and tell whether the bits are a right code word as they stand.

    Args:
        bits: data, or a received code word with its check bit.
        parity: the number of ones in the code word is odd or even.
        place: the check bit goes before or behind the data.

    Returns:
        `check_bit`, `code`, `hex_code`, the number of `ones` in `bits`, and `valid`: `bits` themselves have the parity.

    Raises:
        InputError: no bits.

    Examples:
        >>> solve("1000101", "奇校验").answer["code"]
        '01000101'
        >>> solve("1011", "偶校验", "最低位").answer["code"], solve("1011", "奇校验").answer["valid"]
        ('10111', True)

    Source:
        唐朔飞《计算机组成原理》第4章.
    """
    text = "".join(bits.split())
    if not text:
        raise InputError(f"二进制串 {bits!r} 是空的，请给出 0、1 串。")
    ones = text.count("1")
    odd = parity == "奇校验"
    check = (ones + odd) % 2
    code = f"{check}{text}" if place == "最高位" else f"{text}{check}"
    valid = ones % 2 == odd
    steps = [
        Step(
            f"数据 {text} 中有 {ones} 个 1，{parity}要求 1 的总数为{'奇' if odd else '偶'}数，校验位取 {check}，"
            f"放在{place}，编码为 {code}，即 {hexadecimal(int(code, 2), len(code))}。",
            Bits(
                [("校验位", str(check)), ("数据", text)]
                if place == "最高位"
                else [("数据", text), ("校验位", str(check))]
            ),
            credit="求校验位和编码",
            gives={"ones": ones, "check_bit": check, "code": code, "hex_code": hexadecimal(int(code, 2), len(code))},
        ),
        Step(
            f"若它本身是收到的编码，1 的个数为 {ones}，{'符合' if valid else '不符合'}{parity}。",
            gives={"valid": valid},
        ),
    ]
    return Solution(steps, ("一位奇偶校验能发现奇数位出错，不能纠错",))


def mistakes(bits: str, parity: Literal["奇校验", "偶校验"], place: Literal["最高位", "最低位"]) -> Iterator[Mistake]:
    """Name the slips: the other parity, the other end, the complement."""
    text = "".join(bits.split())
    check = (text.count("1") + (parity == "奇校验")) % 2
    flipped = text.translate(str.maketrans("01", "10"))
    yield Mistake("奇校验与偶校验弄反", {"code": f"{1 - check}{text}" if place == "最高位" else f"{text}{1 - check}"})
    yield Mistake("校验位放错了一端", {"code": f"{text}{check}" if place == "最高位" else f"{check}{text}"})
    yield Mistake("数据取反", {"code": f"{check}{flipped}" if place == "最高位" else f"{flipped}{check}"})
    yield Mistake("放错一端又弄反", {"code": f"{text}{1 - check}" if place == "最高位" else f"{1 - check}{text}"})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Ask for the code word."""
    bits = "".join(rng.choice("01") for _ in range(7))
    parity = rng.choice(["奇校验", "偶校验"])
    stem = f"数据 {bits} 采用{parity}，校验位放在最高位，得到的 8 位编码为（ ）。"
    return Draft(stem, {"bits": bits, "parity": parity}, "code")
