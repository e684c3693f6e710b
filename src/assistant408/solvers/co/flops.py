"""FLOPS and MIPS prefixes (每秒运算次数的单位换算)."""

from __future__ import annotations

import random
from collections.abc import Iterator
from fractions import Fraction
from typing import Annotated, Literal

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Solution, Step, Table
from assistant408.solvers.co._text import decimal

__all__ = ["solve"]

Prefix = Literal["", "K", "M", "G", "T", "P", "E", "Z"]
_POWERS = {"": 0, "K": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18, "Z": 21}


@solver(
    "co.flops",
    title="FLOPS 的换算",
    summary="把 GFLOPS、TFLOPS、PFLOPS 等换算成每秒浮点运算次数，或由运算次数与时间求 FLOPS。",
    syllabus=("co.overview.mips-flops",),
    keywords=("FLOPS", "PFLOPS", "TFLOPS", "GFLOPS", "EFLOPS", "浮点操作次数", "每秒浮点运算"),
    answers={
        "per_second": Out("每秒浮点运算次数", "次"),
        "flops": Out("FLOPS", "次/s"),
        "time_s": Out("运算时间", "s"),
    },
    examples=({"value": 93.0146, "prefix": "P"},),
)
def solve(
    value: Annotated[Fraction | None, Param("速度的数值", "如 93.0146 PFLOPS 的 93.0146", min=0)] = None,
    prefix: Annotated[Prefix, Param("单位前缀", "K M G T P E Z，各差 1000 倍")] = "",
    operations: Annotated[Fraction | None, Param("浮点运算次数", "", min=0)] = None,
    time_s: Annotated[Fraction | None, Param("时间", "s", min=0)] = None,
) -> Solution:
    """Convert FLOPS, or find it from operations and time.

    Args:
        value: a speed, in units of `prefix` FLOPS.
        prefix: decimal prefix of the unit.
        operations: floating-point operations of a program.
        time_s: time that it takes, in s.

    Returns:
        `per_second` (of a speed), `flops` (of operations and time), or `time_s` (of operations at a speed).

    Raises:
        InputError: neither a speed nor operations with a time, or a zero.

    Examples:
        >>> solve(Fraction("93.0146"), "P").answer["per_second"] == 930146 * 10**11
        True
        >>> solve(operations=6 * 10**9, time_s=2).answer["flops"]
        Fraction(3000000000, 1)
        >>> solve(2, "G", operations=6 * 10**9).answer["time_s"]
        Fraction(3, 1)

    Conventions:
        K, M, G, T, P, E, Z are powers of 10**3.

    Source:
        408 真题 2021; 袁春风《计算机系统基础》第1章.
    """
    steps = []
    speed = None
    if value is not None:
        speed = Fraction(value) * 10 ** _POWERS[prefix]
        why = f"1 {prefix}FLOPS 是每秒 10^{_POWERS[prefix]} 次浮点运算，每秒运算 {decimal(Fraction(value))}×10^{_POWERS[prefix]} 次。"
        rows = [[f"{p}FLOPS", f"10^{n}"] for p, n in _POWERS.items() if p]
        marks = [(i, 1) for i, (p, _) in enumerate(rows) if p == f"{prefix}FLOPS"]
        table = Table(["单位", "每秒浮点运算次数"], rows, marks)
        steps.append(Step(why, table, "换算单位", {"per_second": speed}))
    if operations is not None and (speed or time_s):
        n = Fraction(operations)
        if speed:
            why = f"时间 = 运算次数 ÷ 每秒运算次数，为 {decimal(n / speed)} s。"
            steps.append(Step(why, credit="求时间", gives={"time_s": n / speed}))
        else:
            rate = n / Fraction(time_s or 1)
            why = f"FLOPS = 运算次数 ÷ 时间，为每秒 {decimal(rate)} 次。"
            steps.append(Step(why, credit="求 FLOPS", gives={"flops": rate}))
    if not steps:
        raise InputError("请给出速度（如 93.0146 PFLOPS），或浮点运算次数与时间（都大于 0）。")
    return Solution(steps, ("K、M、G、T、P、E、Z 依次相差 10^3 倍",))


def mistakes(
    value: Fraction | None, prefix: Prefix, operations: Fraction | None, time_s: Fraction | None
) -> Iterator[Mistake]:
    """Name the slips: a neighbouring prefix, binary powers."""
    if value is None:
        return
    v, p = Fraction(value), _POWERS[prefix]
    yield Mistake("前缀小了一级", {"per_second": v * 10 ** max(0, p - 3)})
    yield Mistake("前缀大了一级", {"per_second": v * 10 ** (p + 3)})
    yield Mistake("前缀小了两级", {"per_second": v * 10 ** max(0, p - 6)})
    yield Mistake("按 2 的幂换算", {"per_second": v * 2 ** (p * 10 // 3)})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Ask for operations a second."""
    prefix = rng.choice(["G", "T", "P"])
    v = rng.choice([12, 25, 48, 93, 125])
    stem = f"某超级计算机的浮点运算速度为 {v} {prefix}FLOPS，它每秒能完成的浮点运算次数为（ ）。"
    return Draft(stem, {"value": v, "prefix": prefix}, "per_second")
