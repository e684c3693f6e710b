"""Ranges of fixed-point codes (定点数的表示范围), with numbers or with the letter n."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Annotated, Literal

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Solution, Step, Table, Value

__all__ = ["solve"]

Code = Literal["补码", "原码", "反码", "移码", "无符号"]


@solver(
    "co.integer_range",
    title="定点数的表示范围",
    summary="给出位数和编码（原码、反码、补码、移码、无符号），求定点整数或定点小数的表示范围、最大数、最小数。",
    syllabus=("co.data.fixed-codes", "co.data.c-int-types"),
    keywords=("表示范围", "整数范围", "定点小数", "最大正数", "最小负数", "绝对值最大的负数", "补码"),
    answers={
        "range": Out("表示范围"),
        "largest": Out("最大数"),
        "smallest": Out("最小数"),
        "count": Out("能表示的数的个数", "个"),
    },
    examples=({"bits": 8}, {"bits": 16, "code": "原码", "point": "小数"}),
)
def solve(
    bits: Annotated[int, Param("位数", "含符号位", min=2, max=128)],
    code: Annotated[Code, Param("编码")] = "补码",
    point: Annotated[Literal["整数", "小数"], Param("小数点位置", "小数指定点纯小数")] = "整数",
) -> Solution:
    """State the range of a fixed-point code.

    Args:
        bits: word length, sign bit included.
        code: the code; excess code has the range of two's complement.
        point: integers, or pure fractions.

    Returns:
        `range`, `smallest`, `largest` written with powers of two, and the `count` of numbers.

    Raises:
        InputError: unsigned fractions with a sign.

    Examples:
        >>> solve(32).answer["range"], solve(8, "原码").answer["smallest"]
        ('-2^31～2^31-1', '-(2^7-1)')
        >>> solve(8, "补码", "小数").answer["range"]
        '-1～1-2^-7'

    Source:
        唐朔飞《计算机组成原理》第6章.
    """
    if code == "移码" and point == "小数":
        raise InputError(f"移码只用于整数（阶码），不能是 {point!r}，请改正。")
    n = bits if code == "无符号" else bits - 1
    two = code in ("补码", "移码")
    if point == "整数":
        high = f"2^{n}-1"
        low = "0" if code == "无符号" else f"-2^{n}" if two else f"-(2^{n}-1)"
    else:
        high = f"1-2^-{n}"
        low = "0" if code == "无符号" else "-1" if two else f"-(1-2^-{n})"
    count = (1 << bits) - (0 if two or code == "无符号" else 1)
    zero = "0 有两种编码，正负对称" if code in ("原码", "反码") else "0 只有一种编码" + ("，负数多一个" if two else "")
    why = f"{bits} 位{code}{point}{'' if code == '无符号' else f'，1 位符号位、{n} 位数值位'}：{zero}，范围为 {low}～{high}，共 {count} 个数。"
    gives: dict[str, Value] = {"range": f"{low}～{high}", "largest": high, "smallest": low, "count": count}
    table = Table(["编码", "最小数", "最大数"], [[f"{bits} 位{code}{point}", low, high]])
    return Solution([Step(why, table, "写出表示范围", gives)], ("位数含符号位",))


def mistakes(bits: int, code: Code, point: Literal["整数", "小数"]) -> Iterator[Mistake]:
    """Name the slips: the range of another code, the sign bit counted."""
    for other in ("补码", "原码", "无符号"):
        if other != code and not (other == "无符号" and point == "小数"):
            yield Mistake(f"用成{other}的范围", {"range": str(solve(bits, other, point).answer["range"])})
    if bits < 128:
        yield Mistake("没有去掉符号位", {"range": str(solve(bits + 1, code, point).answer["range"])})
    yield Mistake("正负范围弄反", {"range": f"-(2^{bits - 1}-1)～2^{bits - 1}"})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Ask for the range."""
    n, code = rng.choice([8, 16, 32, 64]), rng.choice(["补码", "原码"])
    return Draft(f"{n} 位{code}能表示的整数范围是（ ）。", {"bits": n, "code": code}, "range")
