"""Run time after a change (性能变化): instruction count, CPI and clock scaled."""

from __future__ import annotations

import random
from collections.abc import Iterator
from fractions import Fraction
from typing import Annotated

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Solution, Step, Table
from assistant408.solvers.co._text import decimal, equals

__all__ = ["solve"]


@solver(
    "co.cpu_comparison",
    title="指令数、CPI 与主频变化后的执行时间",
    summary="程序原执行时间已知，编译优化或换机后指令条数、CPI、主频各变为原来的若干倍，求新的执行时间和加速比。",
    syllabus=("co.overview.cpu-time",),
    keywords=("执行时间", "编译优化", "指令条数减少", "CPI 增加", "主频提高", "加速比", "性能"),
    answers={
        "time_s": Out("新的执行时间", "s"),
        "speedup": Out("加速比"),
        "ratio": Out("新旧执行时间之比"),
    },
    examples=({"time_s": 20, "instruction_ratio": 0.7, "cpi_ratio": 1.2},),
)
def solve(
    time_s: Annotated[Fraction, Param("原执行时间", "s", min=0)],
    instruction_ratio: Annotated[Fraction, Param("指令条数之比", "新 / 旧，如减少到 70% 为 0.7", min=0)] = Fraction(1),
    cpi_ratio: Annotated[Fraction, Param("CPI 之比", "新 / 旧", min=0)] = Fraction(1),
    clock_ratio: Annotated[Fraction, Param("主频之比", "新 / 旧，如提高 50% 为 1.5", min=0)] = Fraction(1),
) -> Solution:
    """Scale a run time by the three factors of CPU time (CPU 时间公式的应用).

    Args:
        time_s: old run time in s.
        instruction_ratio: new over old number of instructions.
        cpi_ratio: new over old CPI.
        clock_ratio: new over old clock rate.

    Returns:
        `ratio` (new over old time), `time_s`, `speedup` (old over new).

    Raises:
        InputError: a ratio of 0.

    Examples:
        >>> solve(20, Fraction(7, 10), Fraction(12, 10)).answer["time_s"]
        Fraction(84, 5)
        >>> solve(10, 1, 1, 2).answer["speedup"]
        Fraction(2, 1)
        >>> solve(10).answer["ratio"]
        Fraction(1, 1)

    Source:
        袁春风《计算机系统基础》第1章; 408 真题 2014.
    """
    n, c, f = map(Fraction, (instruction_ratio, cpi_ratio, clock_ratio))
    if not n * c * f:
        raise InputError(f"指令数、CPI、主频之比 {str(n)!r}、{str(c)!r}、{str(f)!r} 都应大于 0，请改正。")
    ratio = n * c / f
    new = Fraction(time_s) * ratio
    rows = [["指令条数", decimal(n)], ["CPI", decimal(c)], ["主频", decimal(f)], ["执行时间", decimal(ratio)]]
    steps = [
        Step(
            f"$T=N\\times CPI/f$，新旧之比为 ${decimal(n)}\\times {decimal(c)}/{decimal(f)}{equals(ratio)}$。",
            Table(["量", "新 / 旧"], rows, [(3, 1)]),
            credit="列出 CPU 时间公式",
            gives={"ratio": ratio},
        ),
        Step(
            f"新执行时间 ${decimal(Fraction(time_s))}\\times {decimal(ratio)}{equals(new)}$ s，"
            f"加速比 $1/{decimal(ratio)}{equals(1 / ratio)}$。",
            credit="求新执行时间",
            gives={"time_s": new, "speedup": 1 / ratio},
        ),
    ]
    return Solution(steps)


def mistakes(
    time_s: Fraction, instruction_ratio: Fraction, cpi_ratio: Fraction, clock_ratio: Fraction
) -> Iterator[Mistake]:
    """Name the slips: a factor left out, turned over, or added."""
    t, n, c, f = map(Fraction, (time_s, instruction_ratio, cpi_ratio, clock_ratio))

    def gives(ratio: Fraction) -> dict[str, Fraction]:
        return {"time_s": t * ratio, "ratio": ratio, "speedup": 1 / ratio}

    yield Mistake("漏了 CPI 的变化", gives(n / f))
    yield Mistake("漏了指令条数的变化", gives(c / f))
    yield Mistake("漏了主频的变化", gives(n * c))
    yield Mistake("CPI 之比用反", gives(n / c / f))
    yield Mistake("指令条数之比用反", gives(c / n / f))
    yield Mistake("主频之比用反", gives(n * c * f))
    if n + c > 1:
        yield Mistake("变化的百分比相加", gives((n + c - 1) / f))


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Two factors at first, three from difficulty 4."""
    t = rng.choice([10, 20, 30, 40])
    n = Fraction(rng.choice([6, 7, 8, 9]), 10)
    c = Fraction(rng.choice([11, 12, 125, 15]), 10)
    c = c / 10 if c > 5 else c
    args = {"time_s": t, "instruction_ratio": n, "cpi_ratio": c}
    text = (
        f"程序 P 在某机上运行需 {t} s，编译优化后指令条数减少到原来的 {decimal(n * 100)}%，"
        f"CPI 增加到原来的 {decimal(c)} 倍"
    )
    if difficulty >= 4:
        f = Fraction(rng.choice([12, 15, 20]), 10)
        args["clock_ratio"] = f
        text += f"，主频提高到原来的 {decimal(f)} 倍"
    ask, what = rng.choice([("time_s", "执行时间"), ("speedup", "加速比")])
    return Draft(f"{text}，则优化后的{what}为（ ）。", args, ask)
