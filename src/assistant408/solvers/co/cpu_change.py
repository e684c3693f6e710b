"""What a change of program or machine does to CPU time (性能公式的比例式), for whichever ratio is missing."""

from __future__ import annotations

import random
from collections.abc import Iterator
from fractions import Fraction
from typing import Annotated

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Solution, Step, Table
from assistant408.solvers.co._text import decimal

__all__ = ["solve"]


@solver(
    "co.cpu_change",
    title="执行时间、指令数、CPI 与主频的比例关系",
    summary="优化或换机前后，执行时间、指令条数、CPI（或时钟周期数）、主频四个比值中三个已知，求第四个，以及新的 CPI 或主频。",
    syllabus=("co.overview.cpu-time",),
    keywords=("优化后的 CPI", "主频至少", "时钟周期数是", "原来的", "执行时间降为", "指令条数减少"),
    answers={
        "new_cpi": Out("新的 CPI"),
        "new_clock_mhz": Out("新的主频", "MHz"),
        "cpi_ratio": Out("CPI 之比"),
        "clock_ratio": Out("主频之比"),
    },
    examples=({"instruction_ratio": 0.75, "time_ratio": 0.9, "old_cpi": 1.5},),
)
def solve(
    instruction_ratio: Annotated[Fraction | None, Param("指令条数之比", "新 / 旧；不变时不给", min=0)] = None,
    cpi_ratio: Annotated[Fraction | None, Param("CPI 之比", "新 / 旧", min=0)] = None,
    cycle_ratio: Annotated[Fraction | None, Param("时钟周期数之比", "新 / 旧；代替指令条数与 CPI 之比", min=0)] = None,
    clock_ratio: Annotated[Fraction | None, Param("主频之比", "新 / 旧；不变时不给", min=0)] = None,
    time_ratio: Annotated[Fraction | None, Param("执行时间之比", "新 / 旧", min=0)] = None,
    old_cpi: Annotated[Fraction | None, Param("原 CPI", "", min=0)] = None,
    old_clock_mhz: Annotated[Fraction | None, Param("原主频", "MHz", min=0)] = None,
) -> Solution:
    """Solve T'/T = (N'/N)(CPI'/CPI)/(f'/f) for the CPI or the clock.

    Args:
        instruction_ratio: new over old instruction count, 1 by default.
        cpi_ratio: new over old CPI.
        cycle_ratio: new over old number of cycles, instead of the two above.
        clock_ratio: new over old clock rate.
        time_ratio: new over old run time.
        old_cpi: CPI before; then the CPI after is wanted.
        old_clock_mhz: clock before, in MHz; then the clock after is wanted.

    Returns:
        The missing ratio, and `new_cpi` or `new_clock_mhz`.

    Raises:
        InputError: the time is not given, a ratio of 0, or neither CPI nor clock is wanted.

    Examples:
        >>> solve(Fraction(3, 4), time_ratio=Fraction(9, 10), old_cpi=Fraction(3, 2)).answer["new_cpi"]
        Fraction(9, 5)
        >>> solve(cycle_ratio=Fraction(6, 5), time_ratio=Fraction(3, 5), old_clock_mhz=2000).answer["new_clock_mhz"]
        Fraction(4000, 1)

    Source:
        408 真题 2013、2014; Patterson and Hennessy, Computer Organization and Design §1.6.
    """
    given = (instruction_ratio, cpi_ratio, cycle_ratio, clock_ratio, time_ratio, old_cpi, old_clock_mhz)
    if any(x is not None and not x for x in given) or time_ratio is None:
        raise InputError("请给出执行时间之比，各比值都应大于 0。")
    time = Fraction(time_ratio)
    if old_cpi is not None and cpi_ratio is None and cycle_ratio is None:
        n, f = Fraction(instruction_ratio or 1), Fraction(clock_ratio or 1)
        ratio = time * f / n
        new = ratio * Fraction(old_cpi)
        why = (
            f"CPU 时间 = 指令条数 × CPI ÷ 主频，所以 CPI 之比 = 时间之比 × 主频之比 ÷ 指令条数之比 = "
            f"${decimal(time)}\\times {decimal(f)}/{decimal(n)}={decimal(ratio)}$，新的 CPI 为 "
            f"${decimal(Fraction(old_cpi))}\\times {decimal(ratio)}={decimal(new)}$。"
        )
        table = Table(["时间之比", "主频之比", "指令条数之比", "CPI 之比"], [[decimal(x) for x in (time, f, n, ratio)]])
        return Solution([Step(why, table, "求新的 CPI", {"new_cpi": new, "cpi_ratio": ratio})], ("比值均为新比旧",))
    if old_clock_mhz is not None and clock_ratio is None:
        cycles = Fraction(cycle_ratio or 1) * Fraction(instruction_ratio or 1) * Fraction(cpi_ratio or 1)
        ratio = cycles / time
        new = ratio * Fraction(old_clock_mhz)
        why = (
            f"主频 = 时钟周期数 ÷ CPU 时间，所以主频之比 = ${decimal(cycles)}/{decimal(time)}={decimal(ratio)}$，"
            f"新的主频为 ${decimal(Fraction(old_clock_mhz))}\\times {decimal(ratio)}={decimal(new)}$ MHz。"
        )
        gives = {"new_clock_mhz": new, "clock_ratio": ratio}
        table = Table(["时间之比", "周期数之比", "主频之比"], [[decimal(x) for x in (time, cycles, ratio)]])
        return Solution([Step(why, table, "求新的主频", gives)], ("比值均为新比旧",))
    raise InputError("请给出原 CPI（求新 CPI）或原主频（求新主频）中恰当的一个。")


def mistakes(
    instruction_ratio: Fraction | None,
    cpi_ratio: Fraction | None,
    cycle_ratio: Fraction | None,
    clock_ratio: Fraction | None,
    time_ratio: Fraction | None,
    old_cpi: Fraction | None,
    old_clock_mhz: Fraction | None,
) -> Iterator[Mistake]:
    """Name the slips: a ratio left out or used upside down."""
    time = Fraction(time_ratio or 1)
    if old_cpi is not None:
        c, n = Fraction(old_cpi), Fraction(instruction_ratio or 1)
        yield Mistake("没有计入指令条数", {"new_cpi": c * time})
        yield Mistake("两个比值相乘", {"new_cpi": c * time * n})
        yield Mistake("比值用反", {"new_cpi": c * n / time})
        yield Mistake("只除以指令条数之比", {"new_cpi": c / n})
    elif old_clock_mhz is not None:
        f, k = Fraction(old_clock_mhz), Fraction(cycle_ratio or 1)
        yield Mistake("没有计入周期数", {"new_clock_mhz": f / time})
        yield Mistake("比值用反", {"new_clock_mhz": f * time / k})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Ask for the CPI after an optimisation."""
    n, t = (
        rng.choice([Fraction(3, 4), Fraction(4, 5), Fraction(7, 10)]),
        rng.choice([Fraction(9, 10), Fraction(19, 20)]),
    )
    c = rng.choice([Fraction(2), Fraction(3), Fraction(3, 2)])
    stem = (
        f"编译优化使程序的指令条数减少到原来的 {decimal(n * 100)}%，执行时间降为原来的 {decimal(t * 100)}%，主频不变，"
        f"优化前的 CPI 为 {decimal(c)}，优化后的 CPI 约为（ ）。"
    )
    return Draft(stem, {"instruction_ratio": n, "time_ratio": t, "old_cpi": c}, "new_cpi")
