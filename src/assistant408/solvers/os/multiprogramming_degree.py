"""CPU utilization by the number of processes in memory (多道程序度与 CPU 利用率)."""

from __future__ import annotations

import random
from collections.abc import Iterator
from fractions import Fraction
from typing import Annotated

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Cell, Solution, Step, Table
from assistant408.solvers.os._show import number, tidy

__all__ = ["solve"]

MOST = 200


@solver(
    "os.multiprogramming_degree",
    title="多道程序度与 CPU 利用率",
    summary="各进程等待 I/O 的时间比例相同且相互独立，求 n 道程序时 CPU 的利用率 1−pⁿ，或达到某利用率至少要几道。",
    syllabus=("os.overview.features", "os.overview.history"),
    keywords=("多道程序", "CPU利用率", "等待I/O的时间", "道数", "道程序", "驻留内存", "独立"),
    answers={
        "utilization": Out("CPU 的利用率"),
        "idle": Out("CPU 空闲的概率"),
        "least": Out("至少需要的道数", "道"),
    },
    examples=({"wait": 0.8, "processes": 3},),
)
def solve(
    wait: Annotated[Fraction, Param("等待 I/O 的比例", "0 到 1 之间", min=0, max=1)],
    processes: Annotated[int | None, Param("道数", "内存中的进程数", min=1, max=MOST)] = None,
    target: Annotated[Fraction | None, Param("要求的利用率", "求至少要几道时给出", min=0, max=1)] = None,
) -> Solution:
    """Estimate the use of the CPU under multiprogramming (CPU 利用率).

    Args:
        wait: share of its time that a process waits for input and output, between 0 and 1.
        processes: processes in memory.
        target: utilization that is wanted.

    Returns:
        `utilization` and `idle` for `processes`; `least` for `target`.

    Raises:
        InputError: neither of the two given, a share of 0 or 1 where it makes no sense, or too many processes.

    Examples:
        >>> solve(Fraction(4, 5), 3).answer["utilization"]
        Fraction(61, 125)
        >>> solve(Fraction(1, 2), target=Fraction(9, 10)).answer["least"]
        4

    Conventions:
        Processes wait independently of each other; the CPU is idle only when all of them wait.

    Source:
        Tanenbaum, Modern Operating Systems, 4e, §2.1.7.
    """
    if processes is None and target is None:
        raise InputError("请给出内存中的道数 processes，或要求的利用率 target。")
    wait = Fraction(wait)
    steps = []
    if processes is not None:
        idle = wait**processes
        steps.append(
            Step(
                f"CPU 只在 {processes} 道都等待 I/O 时空闲，概率 ${number(wait)}^{{{processes}}}={number(tidy(idle))}$，"
                f"利用率 $=1-{number(tidy(idle))}={number(tidy(1 - idle))}$。",
                _table(wait, processes),
                credit="利用率 $1-p^n$",
                gives={"utilization": tidy(1 - idle), "idle": tidy(idle)},
            )
        )
    if target is not None:
        least = next((n for n in range(1, MOST + 1) if 1 - wait**n >= target), None)
        if least is None:
            raise InputError(f"利用率 {number(target)} 在 {MOST} 道以内达不到，请核对等待比例与要求。")
        steps.append(
            Step(
                f"要 $1-{number(wait)}^n\\ge {number(tidy(Fraction(target)))}$，逐个代入，$n={least}$ 时首次满足。",
                _table(wait, least),
                credit="求出最少的道数",
                gives={"least": least},
            )
        )
    return Solution(steps, ["各进程等待 I/O 相互独立"])


def _table(wait: Fraction, last: int) -> Table:
    rows: list[list[Cell]] = [[n, number(tidy(1 - wait**n))] for n in range(max(1, last - 5), last + 1)]
    return Table(["道数", "利用率"], rows, [(len(rows) - 1, 1)])


def mistakes(wait: Fraction, processes: int | None, target: Fraction | None) -> Iterator[Mistake]:
    """Misconceptions: the idle share, one process, shares added."""
    wait = Fraction(wait)
    if processes is not None:
        yield Mistake("把空闲概率当作利用率", {"utilization": tidy(wait**processes)})
        yield Mistake("只算一道", {"utilization": tidy(1 - wait)})
        yield Mistake("把各道的利用率乘起来", {"utilization": tidy((1 - wait) ** processes)})
        yield Mistake("把各道的利用率加起来", {"utilization": tidy(min(Fraction(1), processes * (1 - wait)))})
    if target is not None:
        least = next((n for n in range(1, MOST + 1) if 1 - wait**n >= target), MOST)
        for d, why in ((-1, "少算一道"), (1, "多算一道"), (2, "多算两道")):
            yield Mistake(why, {"least": least + d})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Draw either direction."""
    wait = Fraction(rng.choice([2, 5, 6, 8]), 10)
    percent = f"{wait * 100}%"
    if difficulty < 3:
        n = rng.randint(2, 4)
        stem = f"每个进程有 {percent} 的时间等待 I/O 且相互独立，内存中有 {n} 道进程时 CPU 的利用率是（ ）。"
        return Draft(stem, {"wait": wait, "processes": n}, "utilization")
    target = Fraction(rng.choice([80, 90, 95]), 100)
    stem = (
        f"每个进程有 {percent} 的时间等待 I/O 且相互独立，要使 CPU 利用率不低于 {target * 100}%，至少需要（ ）道进程。"
    )
    return Draft(stem, {"wait": wait, "target": target}, "least")
