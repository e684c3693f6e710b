"""Two machines on one program (两台机器的性能比较): clock, CPI and instruction count of each."""

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
    "co.machine_pair",
    title="两台机器执行时间的比较",
    summary="两台指令集相同（或指令数不同）的计算机，给出各自的主频和 CPI，求同一程序的执行时间之比和快多少倍。",
    syllabus=("co.overview.cpu-time",),
    keywords=("运行时间之比", "主频分别为", "CPI 分别为", "两台计算机", "指令集", "执行速度"),
    answers={
        "time_ratio": Out("第一台与第二台的时间之比"),
        "speed_ratio": Out("第一台与第二台的速度之比"),
        "faster": Out("较快者是较慢者的倍数", "倍"),
        "instruction_ns": Out("平均每条指令的时间", "ns"),
        "mips": Out("各机的 MIPS"),
    },
    examples=({"clocks_mhz": [1500, 1200], "cpis": [2, 1]},),
)
def solve(
    clocks_mhz: Annotated[list[Fraction], Param("主频", "两台机器的，MHz", min=0, min_len=2, max_len=2)],
    cpis: Annotated[list[Fraction], Param("CPI", "两台机器的", min=0, min_len=2, max_len=2)],
    instructions: Annotated[
        list[Fraction] | None, Param("指令条数", "两台机器的；指令集相同时不给", min=0, min_len=2, max_len=2)
    ] = None,
) -> Solution:
    """Compare the run times of one program on two machines (性能比较).

    Args:
        clocks_mhz: clock rates in MHz.
        cpis: mean cycles of an instruction.
        instructions: instruction counts (or their ratio); equal by default.

    Returns:
        `time_ratio` (first : second), its inverse `speed_ratio`, `faster` (the greater of the two), the mean
        `instruction_ns` and `mips` of each.

    Raises:
        InputError: a value of 0.

    Examples:
        >>> solve([1500, 1200], [2, 1]).answer["time_ratio"]
        Fraction(8, 5)
        >>> solve([1000, 1000], [2, 1], [1, 3]).answer["faster"]
        Fraction(3, 2)

    Source:
        408 真题 2013、2014; Patterson and Hennessy, Computer Organization and Design §1.6.
    """
    counts = [Fraction(n) for n in instructions] if instructions else [Fraction(1)] * 2
    clocks, rates = [Fraction(f) for f in clocks_mhz], [Fraction(c) for c in cpis]
    if not all([*counts, *clocks, *rates]):
        raise InputError("主频、CPI 和指令条数都应大于 0，请改正。")
    each = [1000 * c / f for c, f in zip(rates, clocks, strict=True)]
    times = [n * t for n, t in zip(counts, each, strict=True)]
    ratio = times[0] / times[1]
    rows = [[str(i + 1), decimal(clocks[i]), decimal(rates[i]), decimal(each[i])] for i in (0, 1)]
    same = "指令条数相同" if instructions is None else f"指令条数之比 {decimal(counts[0] / counts[1])}"
    steps = [
        Step(
            "平均每条指令的时间 = CPI ÷ 主频。",
            Table(["机器", "主频/MHz", "CPI", "每条指令/ns"], rows),
            credit="求各机每条指令的时间",
            gives={"instruction_ns": list(each), "mips": [1000 / t for t in each]},
        ),
        Step(
            f"{same}，执行时间之比为 ${decimal(times[0])}:{decimal(times[1])}{equals(ratio)}$，"
            f"第 {1 if ratio < 1 else 2} 台较快，速度是另一台的 {decimal(max(ratio, 1 / ratio))} 倍。",
            credit="求执行时间之比",
            gives={"time_ratio": ratio, "speed_ratio": 1 / ratio, "faster": max(ratio, 1 / ratio)},
        ),
    ]
    return Solution(steps, ("同一程序；CPU 时间 = 指令条数 × CPI ÷ 主频",))


def mistakes(
    clocks_mhz: list[Fraction], cpis: list[Fraction], instructions: list[Fraction] | None
) -> Iterator[Mistake]:
    """Name the slips: only the clocks, only the CPIs, the ratio upside down."""
    f = Fraction(clocks_mhz[0]) / Fraction(clocks_mhz[1])
    c = Fraction(cpis[0]) / Fraction(cpis[1])
    right = c / f
    yield Mistake("比值颠倒", {"time_ratio": 1 / right, "faster": min(right, 1 / right)})
    yield Mistake("只比较主频", {"time_ratio": 1 / f, "faster": max(f, 1 / f)})
    yield Mistake("只比较 CPI", {"time_ratio": c, "faster": max(c, 1 / c)})
    yield Mistake("主频与 CPI 相乘", {"time_ratio": c * f, "faster": max(c * f, 1 / (c * f))})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Ask for the ratio of the run times."""
    clocks = rng.sample([1000, 1200, 1500, 2000, 2400], 2)
    cpis = rng.sample([1, 2, 3, 4], 2)
    args = {"clocks_mhz": clocks, "cpis": cpis}
    stem = (
        f"计算机 M1 和 M2 指令集相同，主频分别为 {clocks[0]} MHz 和 {clocks[1]} MHz，运行同一程序的 CPI 分别为 "
        f"{cpis[0]} 和 {cpis[1]}，则该程序在 M1 与 M2 上的运行时间之比为（ ）。"
    )
    return Draft(stem, args, "time_ratio")
