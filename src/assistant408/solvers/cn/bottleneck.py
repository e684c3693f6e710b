"""Throughput of a path of links (瓶颈链路的吞吐量)."""

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
from assistant408.solvers.cn._show import listing, rate_text, tidy, time_text

__all__ = ["solve"]


@solver(
    "cn.bottleneck",
    title="端到端的吞吐量",
    summary="给出路径上各段链路的带宽，求端到端的吞吐量（瓶颈链路），以及传送一个文件大约需要的时间。",
    syllabus=("cn.overview.rate",),
    keywords=("吞吐量", "瓶颈链路", "各段链路", "端到端", "链路带宽依次为", "传送文件的时间"),
    answers={
        "throughput_bps": Out("吞吐量", "b/s"),
        "time_s": Out("传送时间", "s"),
    },
    examples=({"rates": ["2Mb/s", "500kb/s", "1Mb/s"], "size": "4000000B"},),
)
def solve(
    rates: Annotated[list[str], Param("各段链路的带宽", q.RATE_HELP, min_len=1, max_len=100)],
    size: Annotated[str | None, Param("文件长度", "求时间时填，" + q.SIZE_HELP)] = None,
) -> Solution:
    """The slowest link of a path sets its throughput (瓶颈链路).

    Args:
        rates: of the links.
        size: of a file to send.

    Returns:
        `throughput_bps`, and `time_s` if a size is given; propagation and headers left aside.

    Raises:
        InputError: a quantity can't be read.

    Examples:
        >>> solve(["2Mb/s", "500kb/s", "1Mb/s"], "32Mb").answer
        {'throughput_bps': 500000, 'time_s': 64}

    Source:
        Kurose & Ross《计算机网络：自顶向下方法》第7版 §1.4.4.
    """
    if not rates:
        raise InputError("各段链路的带宽 [] 是空的，至少应有一段，请补上。")
    least = min(q.rate_bps(r, "链路带宽") for r in rates)
    steps = [
        Step(
            f"端到端的吞吐量等于最慢的链路（瓶颈）的带宽，为 {rate_text(least)}。",
            listing(*((f"链路 {i}", r) for i, r in enumerate(rates, 1))),
            credit="找出瓶颈链路",
            gives={"throughput_bps": tidy(least)},
        )
    ]
    if size is not None:
        time = q.size_bits(size, "文件长度") / least
        steps.append(
            Step(
                f"传送时间约为文件长度除以吞吐量，即 {time_text(time)}。", credit="求时间", gives={"time_s": tidy(time)}
            )
        )
    return Solution(steps)


def mistakes(rates: list[str], size: str | None) -> Iterator[Mistake]:
    """Misconceptions: the fastest link, the mean, the times added."""
    each = [q.rate_bps(r) for r in rates]
    yield Mistake("取了最快的链路", {"throughput_bps": tidy(max(each))})
    yield Mistake("取了平均值", {"throughput_bps": tidy(sum(each, Fraction(0)) / len(each))})
    yield Mistake("取了总和", {"throughput_bps": tidy(sum(each))})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Three links."""
    rates = rng.sample([200, 300, 500, 800, 1000, 2000], 3)
    stem = f"主机间的路径有 3 段链路，带宽依次为 {rates[0]} kb/s、{rates[1]} kb/s 和 {rates[2]} kb/s，没有其他流量，则端到端的吞吐量是（ ）。"
    return Draft(stem, {"rates": [f"{r}kb/s" for r in rates]}, "throughput_bps")
