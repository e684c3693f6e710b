"""DRAM refresh (DRAM 刷新): centralised, distributed and asynchronous."""

from __future__ import annotations

import random
from collections.abc import Iterator
from fractions import Fraction
from typing import Annotated, Literal

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Gantt, Slice, Solution, Step
from assistant408.solvers.co._text import decimal, equals, percent

__all__ = ["solve"]

Mode = Literal["集中刷新", "分散刷新", "异步刷新"]


@solver(
    "co.dram_refresh",
    title="DRAM 刷新",
    summary="给出 DRAM 的行数、刷新周期和存取周期，用集中、分散或异步刷新，求刷新次数、刷新信号的时间间隔、死时间和死时间率。",
    syllabus=("co.memory.dram-refresh",),
    keywords=("DRAM", "刷新", "集中刷新", "分散刷新", "异步刷新", "死时间", "刷新周期", "刷新间隔"),
    answers={
        "interval_us": Out("两次刷新的时间间隔", "μs"),
        "refreshes": Out("一个刷新周期内的刷新次数", "次"),
        "dead_time_us": Out("死时间", "μs"),
        "dead_rate": Out("死时间率"),
        "system_cycle_us": Out("系统的存取周期", "μs"),
    },
    examples=({"rows": 128, "period_ms": 2, "cycle_us": 0.5, "mode": "异步刷新"},),
)
def solve(
    rows: Annotated[int, Param("行数", "存储矩阵的行数，每次刷新一行", min=1, max=2**20)],
    period_ms: Annotated[Fraction, Param("刷新周期", "ms，如 2、64", min=0)] = Fraction(2),
    cycle_us: Annotated[Fraction, Param("存取周期", "μs，刷新一行也要这么久", min=0)] = Fraction(1, 2),
    mode: Annotated[Mode, Param("刷新方式")] = "异步刷新",
) -> Solution:
    """Time the refresh of a DRAM (DRAM 刷新).

    Args:
        rows: rows of the cell array; a refresh does one row.
        period_ms: every row is refreshed once in this time, in ms.
        cycle_us: memory cycle, and the time a refresh takes, in µs.
        mode: how the refreshes are spread.

    Returns:
        `refreshes` in a period, `interval_us` between two refreshes, `dead_time_us` (when the memory
        cannot be
        accessed: in a whole period if centralised, in an interval if asynchronous, none if distributed),
        `dead_rate`, `system_cycle_us`.

    Raises:
        InputError: a time that is 0, or a period too short for its refreshes.

    Examples:
        >>> solve(128, 2, Fraction(1, 2)).answer["interval_us"]
        Fraction(125, 8)
        >>> solve(128, 2, Fraction(1, 2), "集中刷新").answer["dead_rate"]
        Fraction(4, 125)
        >>> solve(128, 2, Fraction(1, 2), "分散刷新").answer["refreshes"]
        2000

    Conventions:
        Distributed refresh doubles the system's cycle (access, then refresh) and has no dead time.
        Refresh works on rows; all chips refresh at once.

    Source:
        唐朔飞《计算机组成原理》第4章（动态 RAM 的刷新）.
    """
    period = Fraction(period_ms) * 1000
    cycle = Fraction(cycle_us)
    if cycle == 0 or period < 2 * cycle * rows:
        raise InputError(f"刷新周期 {str(period_ms)!r} ms 内安排不下 {rows} 次刷新和读写，请检查时间的单位。")
    refreshes, interval, dead = _times(rows, period, cycle, mode)
    rate = dead / (period if mode == "集中刷新" else interval)
    c, p = decimal(cycle), decimal(period)
    system = 2 * cycle if mode == "分散刷新" else cycle
    if mode == "集中刷新":
        why = (
            f"集中刷新：在 {p} μs 末尾连续刷新 {rows} 行，死时间 ${rows}\\times {c}={decimal(dead)}$ μs，"
            f"死时间率 ${decimal(dead)}/{p}={_percent(rate)}$；集中的刷新之间相隔 {c} μs。"
        )
    elif mode == "分散刷新":
        why = (
            f"分散刷新：每个系统周期为 $2\\times {c}={decimal(system)}$ μs，前半读写、后半刷新，没有死时间；"
            f"{p} μs 内刷新 ${p}/{decimal(system)}$，即 {refreshes} 次，远多于 {rows} 次。"
        )
    else:
        why = (
            f"异步刷新：把 {rows} 次刷新平均分到 {p} μs，每隔 ${p}/{rows}{equals(interval)}$ μs 刷新一行；"
            f"每个间隔死时间 {c} μs，死时间率 ${c}/{decimal(interval)}={_percent(rate)}$。"
        )
    steps = [
        Step(f"每次刷新一行，刷新 {rows} 行须在 {decimal(Fraction(period_ms))} ms 内完成，刷新一行用一个存取周期。"),
        Step(
            why,
            _picture(mode, rows, period, cycle, interval),
            credit="按刷新方式求间隔与死时间",
            gives={
                "refreshes": refreshes,
                "interval_us": interval,
                "dead_time_us": dead,
                "dead_rate": rate,
                "system_cycle_us": system,
            },
        ),
    ]
    return Solution(steps, ("刷新按行进行，所有芯片同时刷新",))


def _times(rows: int, period: Fraction, cycle: Fraction, mode: Mode) -> tuple[int, Fraction, Fraction]:
    """Return refreshes a period, interval and dead time."""
    if mode == "集中刷新":
        return rows, cycle, rows * cycle
    if mode == "分散刷新":
        return int(period / (2 * cycle)), 2 * cycle, Fraction(0)
    return rows, period / rows, cycle


def _percent(rate: Fraction) -> str:
    return percent(rate).replace("%", "\\%")


def _picture(mode: Mode, rows: int, period: Fraction, cycle: Fraction, interval: Fraction) -> Gantt:
    """Draw accesses and refreshes: a whole period if centralised, otherwise the first intervals."""
    if mode == "集中刷新":
        edge = period - rows * cycle
        slices = [Slice("读写", Fraction(0), edge, "读写或维持"), Slice("刷新", edge, period, f"刷新 {rows} 行")]
    else:
        slices = []
        for i in range(min(rows, 3)):
            start, end = i * interval, (i + 1) * interval
            slices += [Slice("读写", start, end - cycle), Slice("刷新", end - cycle, end, f"第 {i} 行")]
    return Gantt(slices, "μs", mode)


def mistakes(rows: int, period_ms: Fraction, cycle_us: Fraction, mode: Mode) -> Iterator[Mistake]:
    """Name the slips: another mode's figures, the period divided by the wrong thing."""
    period, cycle = Fraction(period_ms) * 1000, Fraction(cycle_us)
    modes: tuple[Mode, ...] = ("集中刷新", "分散刷新", "异步刷新")
    for other in modes:
        if other != mode:
            refreshes, interval, dead = _times(rows, period, cycle, other)
            rate = dead / (period if other == "集中刷新" else interval)
            yield Mistake(
                f"按{other}计算",
                {"refreshes": refreshes, "interval_us": interval, "dead_time_us": dead, "dead_rate": rate},
            )
    yield Mistake("用刷新周期除以存取周期", {"refreshes": int(period / cycle), "dead_rate": cycle / period})
    yield Mistake("以为行、列都要刷新", {"refreshes": 2 * rows, "interval_us": period / (2 * rows)})
    yield Mistake("间隔中扣除了刷新本身的时间", {"interval_us": period / rows - cycle})
    yield Mistake("刷新一行要两个存取周期", {"dead_time_us": 2 * rows * cycle, "dead_rate": 2 * rows * cycle / period})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Draw an array; the interval of asynchronous refresh or the dead-time rate."""
    rows = rng.choice([64, 128, 256, 512][: 2 + (difficulty > 1) + (difficulty > 3)])
    cycle = Fraction(rng.choice([1, 2, 4, 5]), 10)
    period = rng.choice([2, 4, 8]) if difficulty > 2 else 2
    mode: Mode = rng.choice(["异步刷新", "集中刷新"])
    args = {"rows": rows, "period_ms": period, "cycle_us": cycle, "mode": mode}
    text = f"某 DRAM 芯片的存储矩阵有 {rows} 行，存取周期为 {decimal(cycle)} μs，刷新周期为 {period} ms，采用{mode}，"
    if mode == "集中刷新":
        ask, what = rng.choice([("dead_time_us", "死时间"), ("dead_rate", "死时间率")])
        return Draft(f"{text}则{what}为（ ）。", args, ask)
    return Draft(f"{text}则刷新信号的间隔时间为（ ）。", args, "interval_us")
