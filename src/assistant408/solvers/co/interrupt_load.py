"""Processor time that a periodic service takes (中断服务占 CPU 时间的比例), from times rather than cycles."""

from __future__ import annotations

import random
from collections.abc import Iterator
from fractions import Fraction
from typing import Annotated

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Gantt, Slice, Solution, Step
from assistant408.solvers.co._text import decimal, equals, percent

__all__ = ["solve"]


@solver(
    "co.interrupt_load",
    title="中断占用 CPU 时间的比例",
    summary="给出每次中断响应和处理的时间、相邻两次中断请求的间隔，求 CPU 用于该设备的时间占整个 CPU 时间的百分比。",
    syllabus=("co.io.interrupt-cost",),
    keywords=("中断请求", "响应和处理时间", "最长延迟时间", "占整个 CPU 时间的百分比"),
    answers={
        "share": Out("占整个 CPU 时间的比例"),
        "left": Out("可用于其他程序的比例"),
    },
    examples=({"service": 100, "interval": 400},),
)
def solve(
    service: Annotated[Fraction, Param("每次响应和处理的时间", "与间隔同一单位", min=0)],
    interval: Annotated[Fraction, Param("相邻两次请求的间隔", "", min=0)],
) -> Solution:
    """Divide the time of one service by the interval between requests.

    Args:
        service: time of one response and service.
        interval: time between two requests, in the same unit.

    Returns:
        `share` of processor time and what is `left`.

    Raises:
        InputError: the services take longer than the intervals.

    Examples:
        >>> solve(100, 400).answer["share"]
        Fraction(1, 4)

    Source:
        408 真题 2016（中断方式的 CPU 开销）.
    """
    if not 0 < service <= interval:
        raise InputError(f"处理时间 {str(service)!r} 应大于 0 且不超过请求间隔 {str(interval)!r}，请检查单位。")
    share = Fraction(service) / Fraction(interval)
    why = (
        f"每 {decimal(Fraction(interval))} 时间内有一次请求，其中 {decimal(Fraction(service))} 用于响应和处理，"
        f"占 ${decimal(Fraction(service))}/{decimal(Fraction(interval))}{equals(share)}$，即 {percent(share)}。"
        "允许的最长延迟只限制何时开始响应，不增加 CPU 的工作量。"
    )
    bars = [Slice("CPU", i * Fraction(interval), i * Fraction(interval) + Fraction(service), "处理") for i in range(3)]
    return Solution(
        [Step(why, Gantt(bars), "求占 CPU 时间的比例", {"share": share, "left": 1 - share})],
        ("持续工作时每次请求都得到处理",),
    )


def mistakes(service: Fraction, interval: Fraction) -> Iterator[Mistake]:
    """Name the slips: the interval taken for the time between, halves."""
    s, t = Fraction(service), Fraction(interval)
    yield Mistake("间隔另加处理时间", {"share": s / (s + t)})
    yield Mistake("间隔减去处理时间", {"share": s / (t - s) if t > s else s / t / 2})
    yield Mistake("求成剩余的比例", {"share": 1 - s / t})
    yield Mistake("少算一半", {"share": s / t / 2})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Ask for the share."""
    s = rng.choice([50, 100, 150, 200])
    t = s * rng.choice([4, 5, 8, 10])
    stem = f"某设备每 {t} ns 发出一次中断请求，每次响应和处理共需 {s} ns，持续工作时占整个 CPU 时间的（ ）。"
    return Draft(stem, {"service": s, "interval": t}, "share")
