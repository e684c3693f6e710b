"""Extreme numbers with a given count of ones (给定 1 的个数的最大、最小数)."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Annotated, Literal

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Solution, Step, Table, Value

__all__ = ["solve"]

Code = Literal["补码", "原码", "反码", "无符号"]


@solver(
    "co.bit_pattern",
    title="由若干个 1 和 0 组成的最大数与最小数",
    summary="由若干个 1 和若干个 0 组成的 n 位机器数，按补码、原码、反码或无符号数解释，求能表示的最大、最小整数。",
    syllabus=("co.data.fixed-codes",),
    keywords=("个 1", "个 0", "组成", "最小整数", "最大整数", "补码"),
    answers={
        "smallest": Out("最小整数"),
        "largest": Out("最大整数"),
        "smallest_code": Out("最小数的机器数"),
        "largest_code": Out("最大数的机器数"),
    },
    examples=({"ones": 3, "zeros": 5},),
)
def solve(
    ones: Annotated[int, Param("1 的个数", "", min=0, max=64)],
    zeros: Annotated[int, Param("0 的个数", "", min=0, max=64)],
    code: Annotated[Code, Param("编码")] = "补码",
) -> Solution:
    """Arrange the bits for the smallest and the largest number.

    Args:
        ones: how many bits are 1.
        zeros: how many are 0.
        code: how the word is read.

    Returns:
        `smallest`, `largest`, and their codes.

    Raises:
        InputError: fewer than two bits, or more than 64.

    Examples:
        >>> solve(3, 5).answer["smallest"], solve(4, 4).answer["largest"]
        (-125, 120)
        >>> solve(3, 5, "原码").answer["smallest"]
        -96

    Source:
        408 真题 2015.
    """
    bits = ones + zeros
    if not 2 <= bits <= 64:
        raise InputError(f"共 {bits!r} 位，应为 2 到 64 位，请改正。")
    up, down = "0" * zeros + "1" * ones, "1" * ones + "0" * zeros
    candidates = {up, down}
    if ones:
        candidates |= {"1" + "0" * zeros + "1" * (ones - 1), "1" + "1" * (ones - 1) + "0" * zeros}
    if zeros:
        candidates |= {"0" + "1" * ones + "0" * (zeros - 1), "0" + "0" * (zeros - 1) + "1" * ones}
    value = {c: _read(c, code) for c in candidates}
    low, high = min(value, key=lambda c: (value[c], c)), max(value, key=lambda c: (value[c], c))
    rule = {
        "补码": "符号位为 1 时数值位越小数越小，所以最小数把其余的 1 放在低位；最大数符号位为 0，1 放在高位",
        "反码": "符号位为 1 时数值位越小数越小；最大数符号位为 0，1 放在高位",
        "原码": "符号位为 1 时数值位越大数越小，所以最小数把其余的 1 放在高位；最大数符号位为 0，1 放在高位",
        "无符号": "1 放在低位最小，放在高位最大",
    }[code]
    why = f"{bits} 位{code}{'数' if code == '无符号' else ''}：{rule}。"
    table = Table(["", "机器数", "真值"], [["最小", low, str(value[low])], ["最大", high, str(value[high])]])
    gives: dict[str, Value] = {
        "smallest": value[low],
        "largest": value[high],
        "smallest_code": low,
        "largest_code": high,
    }
    return Solution([Step(why, table, "排列 1 的位置", gives)], (f"按{code}解释",))


def _read(bits: str, code: Code) -> int:
    n = int(bits, 2)
    if code == "无符号" or bits[0] == "0":
        return n
    rest = int(bits[1:] or "0", 2)
    if code == "原码":
        return -rest
    return n - (1 << len(bits)) + (code == "反码")


def mistakes(ones: int, zeros: int, code: Code) -> Iterator[Mistake]:
    """Name the slips: all ones to one end, the sign bit ignored, another code."""
    bits = ones + zeros
    yield Mistake("把 1 都放在高位", {"smallest": _read("1" * ones + "0" * zeros, code)})
    yield Mistake("把 1 都放在低位", {"smallest": _read("0" * zeros + "1" * ones, code)})
    for other in ("原码", "反码", "补码"):
        if other != code:
            word = "1" + "0" * zeros + "1" * max(0, ones - 1)
            yield Mistake(f"按{other}解释", {"smallest": _read(word[:bits], other)})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Ask for the smallest number."""
    ones = rng.randint(2, 5)
    stem = f"由 {ones} 个 1 和 {8 - ones} 个 0 组成的 8 位补码，能表示的最小整数是（ ）。"
    return Draft(stem, {"ones": ones, "zeros": 8 - ones}, "smallest")
