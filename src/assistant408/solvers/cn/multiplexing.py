"""Rate of a line that several signals share by time or frequency division (时分与频分复用)."""

from __future__ import annotations

import random
from collections.abc import Iterator
from fractions import Fraction
from typing import Annotated

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Solution, Step
from assistant408.solvers.cn import _quantity as q
from assistant408.solvers.cn._show import decimal, listing, percent, tidy

__all__ = ["solve"]


@solver(
    "cn.multiplexing",
    title="时分复用与频分复用",
    summary="给出各路信号的数据率（或带宽）、路数和开销，求同步时分复用、统计时分复用线路的数据率，或频分复用所需的总带宽。",
    syllabus=("cn.physical.multiplexing",),
    keywords=("时分复用", "频分复用", "TDM", "FDM", "统计时分", "复用", "多路", "保护频带", "路数"),
    answers={
        "rate_bps": Out("线路的数据率", "b/s"),
        "bandwidth_hz": Out("频分复用的总带宽", "Hz"),
    },
    examples=(
        {"channels": 10, "rate": "9.6kb/s", "overhead": 0.04},
        {"channels": 24, "rate": "64kb/s"},
    ),
)
def solve(
    channels: Annotated[int, Param("路数", min=1, max=100_000)],
    rate: Annotated[str | None, Param("每路的数据率", "时分复用时填，" + q.RATE_HELP)] = None,
    overhead: Annotated[Fraction, Param("开销占线路速率的比例", "0 到 1 之间，如 4%", min=0, max=1)] = Fraction(0),
    busy: Annotated[Fraction, Param("平均有数据的时间比例", "只用于统计时分复用，如 10%", min=0, max=1)] = Fraction(1),
    bandwidth: Annotated[str | None, Param("每路的带宽", "频分复用时填，如 4kHz")] = None,
    guard: Annotated[str, Param("保护频带", "相邻两路之间的间隔，如 500Hz")] = "0Hz",
) -> Solution:
    """Add up the channels, and what is lost between them (复用).

    Args:
        channels: number of channels.
        rate: of one, for time division, or else `bandwidth`.
        overhead: share of the line's rate that is lost on framing.
        busy: share of time that a channel has data; under 1 for statistical multiplexing.
        bandwidth: of one, for frequency division, with `guard` between neighbours.

    Returns:
        `rate_bps` or `bandwidth_hz`.

    Raises:
        InputError: not just one of `rate` and `bandwidth`; an overhead of all.

    Examples:
        >>> solve(10, "9.6kb/s", Fraction(4, 100)).answer["rate_bps"]
        100000
        >>> solve(1, bandwidth="4kHz", guard="1kHz").answer["bandwidth_hz"]  # no neighbour, no guard
        4000

    Source:
        谢希仁《计算机网络》第8版 §2.4.
    """
    if (rate is None) == (bandwidth is None):
        raise InputError(f"每路的数据率 {rate!r} 与带宽 {bandwidth!r} 应恰好给出一个，请改正。")
    if overhead == 1:
        raise InputError(f"开销的比例 {str(overhead)!r} 使线路全被占用，应小于 1，请改小。")
    if bandwidth is not None:
        each, gap = q.frequency_hz(bandwidth), _gap(guard)
        total = each * channels + gap * (channels - 1)
        between = f"+{decimal(gap)}\\times{channels - 1}" if gap else ""
        why = f"各路占用不同的频段，总带宽为 ${decimal(each)}\\times{channels}{between}={decimal(total)}$ Hz。"
        return Solution(
            [
                Step(
                    why,
                    listing(("每路 (Hz)", decimal(each)), ("路数", channels), ("总带宽 (Hz)", decimal(total))),
                    credit="求总带宽",
                    gives={"bandwidth_hz": tidy(total)},
                )
            ]
        )
    data = q.rate_bps(rate or "") * channels * busy
    share = f"，平均只有 {percent(busy)} 的时间有数据" if busy < 1 else ""
    total = data / (1 - overhead)
    lost = f"，开销占线路速率的 {percent(overhead)}，除以 {decimal(1 - overhead)}" if overhead else ""
    why = f"{channels} 路信号的数据率之和（每路 {rate}{share}）为 {decimal(data)} b/s{lost}，线路的数据率为 {decimal(total)} b/s。"
    return Solution(
        [
            Step(
                why,
                listing(("各路之和 (b/s)", decimal(data)), ("线路 (b/s)", decimal(total))),
                credit="求线路的数据率",
                gives={"rate_bps": tidy(total)},
            )
        ]
    )


def _gap(text: str) -> Fraction:
    """A guard band in Hz, which may be 0."""
    return Fraction(0) if text.strip().rstrip("HhZz") in ("0", "0k") else q.frequency_hz(text, "保护频带")


def mistakes(
    channels: int, rate: str | None, overhead: Fraction, busy: Fraction, bandwidth: str | None, guard: str
) -> Iterator[Mistake]:
    """Misconceptions: the overhead forgotten, added to the data, or taken away."""
    data = q.rate_bps(rate or "1b/s") * channels
    yield Mistake("漏了开销", {"rate_bps": tidy(data)})
    yield Mistake("开销按数据的比例加", {"rate_bps": tidy(data * (1 + overhead))})
    yield Mistake("减去了开销", {"rate_bps": tidy(data * (1 - overhead))})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Time division with some overhead."""
    channels, kilo = rng.randint(4, 24), rng.choice([9.6, 32, 64])
    percent_ = rng.choice([4, 5, 10, 20])
    stem = f"{channels} 路数据率均为 {kilo} kb/s 的信号用同步时分复用合用一条线路，开销占线路速率的 {percent_}%，线路的数据率至少是（ ）。"
    return Draft(stem, {"channels": channels, "rate": f"{kilo}kb/s", "overhead": Fraction(percent_, 100)}, "rate_bps")
