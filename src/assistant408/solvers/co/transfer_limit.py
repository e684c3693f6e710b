"""Limits of programmed, interrupt-driven and DMA transfers (传输率的上限与周期占用)."""

from __future__ import annotations

import random
from collections.abc import Iterator
from fractions import Fraction
from typing import Annotated

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Gantt, Slice, Solution, Step
from assistant408.solvers.co._text import decimal, percent

__all__ = ["solve"]


@solver(
    "co.transfer_limit",
    title="设备数据率的上限与周期挪用的比例",
    summary="给出每次中断（或 DMA 周期）传送的数据量和所需时间，求不丢失数据的最高数据率；给出数据率求 DMA 占用主存周期的比例。",
    syllabus=("co.io.interrupt-cost", "co.io.dma-transfer"),
    keywords=("数据缓冲寄存器", "不丢失", "数据率最高", "周期挪用", "存取周期", "占用主存周期的比例", "DMA"),
    answers={
        "max_rate": Out("最高数据率", "B/s"),
        "share": Out("占用的比例"),
        "per_second": Out("每秒传送次数", "次"),
        "interval_ns": Out("相邻两次传送的间隔", "ns"),
    },
    examples=({"unit_bytes": 2, "time_ns": 800}, {"unit_bytes": 8, "time_ns": 50, "rate_bytes": 24_000_000}),
)
def solve(
    unit_bytes: Annotated[Fraction, Param("每次传送的字节数", "", min=0)],
    time_ns: Annotated[Fraction, Param("每次所需的时间", "中断处理时间或存取周期，ns", min=0)],
    rate_bytes: Annotated[Fraction | None, Param("设备数据率", "B/s，求占用比例时给出", min=0)] = None,
) -> Solution:
    """Relate the time of one transfer to the rate of the device.

    Args:
        unit_bytes: bytes of one transfer.
        time_ns: time that one transfer takes, in ns.
        rate_bytes: rate of the device in bytes a second.

    Returns:
        `max_rate`; with a rate `per_second`, `interval_ns` and the `share` of the time that transfers take.

    Raises:
        InputError: a zero, or a rate above the limit.

    Examples:
        >>> solve(2, 800).answer["max_rate"]
        Fraction(2500000, 1)
        >>> solve(8, 50, 24_000_000).answer["share"]
        Fraction(3, 20)

    Source:
        唐朔飞《计算机组成原理》第5章; 408 真题 2012.
    """
    unit, time = Fraction(unit_bytes), Fraction(time_ns)
    if not unit or not time:
        raise InputError("每次传送的字节数和时间都应大于 0，请改正。")
    limit = unit * 10**9 / time
    why = f"前一次处理完才能接收下一次的数据，最高数据率 = ${decimal(unit)}$ B ÷ {decimal(time)} ns = {decimal(limit)} B/s。"
    bars = [Slice("处理", i * time, (i + 1) * time, f"{decimal(unit)} B") for i in range(3)]
    steps = [Step(why, Gantt(bars, "ns"), "求最高数据率", {"max_rate": limit})]
    if rate_bytes is not None:
        rate = Fraction(rate_bytes)
        if not 0 < rate <= limit:
            raise InputError(f"数据率 {decimal(rate)!r} B/s 应大于 0 且不超过 {decimal(limit)} B/s，请检查单位。")
        n = rate / unit
        share = rate / limit
        why = f"每秒传送 {decimal(n)} 次，每次占 {decimal(time)} ns，占用比例为 {percent(share)}。"
        gives = {"per_second": n, "interval_ns": 10**9 / n, "share": share}
        steps.append(Step(why, credit="求占用比例", gives=gives))
    return Solution(steps, ("速率中 M = 10^6",))


def mistakes(unit_bytes: Fraction, time_ns: Fraction, rate_bytes: Fraction | None) -> Iterator[Mistake]:
    """Name the slips: bits for bytes, the unit left out, the time doubled."""
    right = Fraction(unit_bytes) * 10**9 / Fraction(time_ns)
    yield Mistake("以位计", {"max_rate": 8 * right})
    yield Mistake("漏乘每次的字节数", {"max_rate": right / Fraction(unit_bytes) / (1 + (unit_bytes == 1))})
    yield Mistake("时间算了两遍", {"max_rate": right / 2})
    yield Mistake("差了 10 倍", {"max_rate": right * 10})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Ask for the greatest rate."""
    unit, time = rng.choice([1, 2, 4]), rng.choice([400, 500, 800, 1000])
    stem = f"某设备的数据缓冲寄存器为 {8 * unit} 位，每次中断处理共需 {time} ns，要使数据不丢失，数据率最高为（ ）B/s。"
    return Draft(stem, {"unit_bytes": unit, "time_ns": time}, "max_rate")
