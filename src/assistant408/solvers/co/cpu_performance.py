"""CPU performance (CPI、MIPS 与执行时间): from an instruction mix."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Solution, Step, Table
from assistant408.core.trace import Value as Result
from assistant408.solvers.co._text import decimal, equals

__all__ = ["InstructionClass", "solve"]


@dataclass(frozen=True)
class InstructionClass:
    """A kind of instruction: its share of the mix, or how many there are, and its CPI."""

    name: Annotated[str, Param("指令类型", max_len=20)]
    share: Annotated[Fraction, Param("比例或条数", "如 50% 或 2000000", min=0)]
    cpi: Annotated[Fraction, Param("CPI", "每条的时钟周期数", min=0)]


@solver(
    "co.cpu_performance",
    title="CPI、MIPS 与程序执行时间",
    summary="给出各类指令的比例（或条数）和 CPI、主频、指令总数，求平均 CPI、MIPS、总时钟周期数和程序执行时间。",
    syllabus=("co.overview.cpu-time", "co.overview.mips-flops"),
    keywords=("CPI", "MIPS", "执行时间", "主频", "时钟周期", "指令条数", "平均 CPI", "CPU 时间"),
    answers={
        "cpi": Out("平均 CPI"),
        "mips": Out("MIPS", "百万条/秒"),
        "time_s": Out("执行时间", "s"),
        "cycles": Out("总时钟周期数"),
    },
    examples=(
        {
            "classes": [
                {"name": "A", "share": 0.5, "cpi": 2},
                {"name": "B", "share": 0.2, "cpi": 3},
                {"name": "C", "share": 0.1, "cpi": 4},
                {"name": "D", "share": 0.2, "cpi": 5},
            ],
            "clock_mhz": 1200,
        },
    ),
)
def solve(
    classes: Annotated[
        list[InstructionClass], Param("指令类型", "名称:比例或条数:CPI，如 A:50%:2", min_len=1, max_len=30)
    ],
    clock_mhz: Annotated[Fraction | None, Param("主频", "MHz；1 GHz 写 1000", min=0)] = None,
    instructions: Annotated[Fraction | None, Param("指令总数", "给比例时，程序执行的指令条数", min=1)] = None,
) -> Solution:
    """Average the CPI of an instruction mix and time a program (CPU 性能).

    Args:
        classes: kinds of instructions with their shares (adding up to 1) or counts, and CPIs.
        clock_mhz: clock rate in MHz.
        instructions: number of instructions; by default the sum of the counts.

    Returns:
        `cpi`, with a clock rate `mips`, with a number of instructions `cycles`, with both `time_s` in s.

    Raises:
        InputError: shares of 0 in all, or a clock of 0.

    Examples:
        >>> mix = [InstructionClass("A", Fraction(1, 2), 2), InstructionClass("B", Fraction(1, 2), 4)]
        >>> solve(mix, 600).answer["mips"]
        Fraction(200, 1)
        >>> solve([InstructionClass("A", 10, 1), InstructionClass("B", 30, 2)], 1000).answer["cycles"]
        Fraction(70, 1)
        >>> solve([InstructionClass("A", 1, 5)]).answer["cpi"]
        Fraction(5, 1)

    Conventions:
        MIPS counts 10**6 instructions per second: clock in MHz / CPI.

    Source:
        唐朔飞《计算机组成原理》第1章; 408 真题 2013.
    """
    total = Fraction(sum(c.share for c in classes))
    if total == 0 or (clock_mhz is not None and clock_mhz == 0):
        raise InputError(f"比例之和 {str(total)!r} 与主频都应大于 0，请改正。")
    weighted = sum((Fraction(c.share) * c.cpi for c in classes), Fraction(0))
    cpi = weighted / total
    terms = "+".join(f"{decimal(c.share)}\\times {decimal(c.cpi)}" for c in classes)
    divide = "" if total == 1 else f"({terms})/{decimal(total)}"
    rows = [[c.name, decimal(c.share), decimal(c.cpi), decimal(Fraction(c.share) * c.cpi)] for c in classes]
    steps = [
        Step(
            f"平均 $CPI={divide or terms}{equals(cpi)}$。",
            Table(
                ["类型", "比例" if total == 1 else "条数", "CPI", "乘积"],
                [*rows, ["合计", decimal(total), "", decimal(weighted)]],
                marks=[(len(rows), 3)],
            ),
            credit="加权求平均 CPI",
            gives={"cpi": cpi},
        )
    ]
    count = Fraction(instructions) if instructions is not None else (total if total > 1 else None)
    if clock_mhz is not None:
        f = Fraction(clock_mhz)
        why = f"$MIPS=f/(CPI\\times 10^6)={decimal(f)}/{decimal(cpi)}{equals(f / cpi)}$。"
        steps.append(Step(why, credit="求 MIPS", gives={"mips": f / cpi}))
    if count is not None:
        why = f"总周期数 ${decimal(count)}\\times {decimal(cpi)}{equals(count * cpi)}$。"
        steps.append(Step(why, credit="求总周期数", gives={"cycles": count * cpi}))
    if count is not None and clock_mhz is not None:
        time = count * cpi / (Fraction(clock_mhz) * 10**6)
        why = f"执行时间 ${decimal(count * cpi)}/({decimal(Fraction(clock_mhz))}\\times 10^6){equals(time, 9)}$ s。"
        steps.append(Step(why, credit="求执行时间", gives={"time_s": time}))
    return Solution(steps, ("MIPS 的 M = 10^6",))


def _results(cpi: Fraction, count: Fraction | None, clock: Fraction | None) -> dict[str, Result]:
    out: dict[str, Result] = {"cpi": cpi}
    if clock and cpi:
        out["mips"] = clock / cpi
    if count is not None:
        out["cycles"] = count * cpi
    if count is not None and clock:
        out["time_s"] = count * cpi / (clock * 10**6)
    return out


def mistakes(
    classes: Sequence[InstructionClass], clock_mhz: Fraction | None, instructions: Fraction | None
) -> Iterator[Mistake]:
    """Name the slips: a plain mean, a harmonic mean, CPI multiplied where it divides."""
    total = Fraction(sum(c.share for c in classes))
    cpi = sum((Fraction(c.share) * c.cpi for c in classes), Fraction(0)) / total
    count = Fraction(instructions) if instructions is not None else (total if total > 1 else None)
    clock = Fraction(clock_mhz) if clock_mhz is not None else None
    plain = sum((Fraction(c.cpi) for c in classes), Fraction(0)) / len(classes)
    yield Mistake("各类 CPI 直接平均，没有加权", _results(plain, count, clock))
    inverse = sum((Fraction(c.share) / c.cpi for c in classes if c.cpi), Fraction(0))
    if inverse:
        yield Mistake("对 CPI 的倒数加权", _results(total / inverse, count, clock))
    low = min(Fraction(c.cpi) for c in classes)
    yield Mistake("只按最快的一类计算", _results(low, count, clock))
    high = max(Fraction(c.cpi) for c in classes)
    yield Mistake("只按最慢的一类计算", _results(high, count, clock))
    if clock:
        yield Mistake("主频乘以 CPI", {"mips": clock * cpi})
        yield Mistake("没有除以 CPI", {"mips": clock})
        if count is not None:
            yield Mistake("没有乘 CPI", {"time_s": count / (clock * 10**6)})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Ask for the CPI, then MIPS, then the run time."""
    k = 3 + difficulty // 3
    cuts = sorted(rng.sample(range(1, 10), k - 1))
    shares = [Fraction(b - a, 10) for a, b in zip([0, *cuts], [*cuts, 10], strict=True)]
    mix = [InstructionClass("ABCDE"[i], s, Fraction(rng.randint(1, 6))) for i, s in enumerate(shares)]
    shown = "，".join(f"{c.name} 类占 {decimal(c.share * 100)}%、CPI 为 {c.cpi}" for c in mix)
    args: dict[str, object] = {"classes": mix}
    if difficulty == 1:
        return Draft(f"某程序的指令中，{shown}，则平均 CPI 为（ ）。", args, "cpi")
    clock = rng.choice([500, 800, 1000, 1200, 2000])
    args["clock_mhz"] = clock
    if difficulty < 4:
        return Draft(f"某机主频 {clock} MHz，执行某程序时 {shown}，则该机的 MIPS 约为（ ）。", args, "mips")
    count = rng.choice([2, 5, 10]) * 10**8
    args["instructions"] = count
    stem = f"某机主频 {clock} MHz，某程序共执行 {count // 10**8}×10^8 条指令，其中 {shown}，则执行时间为（ ）。"
    return Draft(stem, args, "time_s")
