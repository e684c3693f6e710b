"""Throughput of ALOHA (ALOHA 的吞吐量)."""

from __future__ import annotations

import random
from collections.abc import Iterator
from fractions import Fraction
from typing import Annotated, Literal

from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Solution, Step
from assistant408.solvers.cn import _quantity as q
from assistant408.solvers.cn._show import decimal, listing, tidy

__all__ = ["solve"]

BEST = {"PURE": Fraction(184, 1000), "SLOTTED": Fraction(368, 1000)}


@solver(
    "cn.aloha",
    title="ALOHA 的最大吞吐量与站数",
    summary="给出信道数据率、每个站发送帧的频度和帧长，求纯 ALOHA 或时隙 ALOHA 信道可用的最大速率和可容纳的最大站数。",
    syllabus=("cn.link.aloha",),
    keywords=("ALOHA", "纯 ALOHA", "时隙 ALOHA", "最大利用率", "18.4%", "36.8%", "站数", "吞吐量"),
    answers={
        "stations": Out("最大站数", "个"),
        "usable_bps": Out("可用的最大速率", "b/s"),
        "station_bps": Out("每站的平均速率", "b/s"),
    },
    examples=({"rate": "56kb/s", "frame": "1000bit", "interval": "100s"},),
)
def solve(
    rate: Annotated[str, Param("信道数据率", q.RATE_HELP)],
    frame: Annotated[str, Param("帧长", q.SIZE_HELP)],
    interval: Annotated[str, Param("每站发送两帧的平均间隔", q.TIME_HELP)],
    protocol: Annotated[Literal["PURE", "SLOTTED"], Param("协议", "PURE 纯 ALOHA，SLOTTED 时隙 ALOHA")] = "PURE",
    best: Annotated[Fraction | None, Param("最高利用率", "题目给出时填；不填为 0.184 或 0.368", min=0, max=1)] = None,
) -> Solution:
    """How many stations a channel under ALOHA bears (ALOHA 的站数).

    Args:
        rate: of the channel.
        frame: length of a frame; a station sends one every `interval` on average.
        protocol: pure, at best 1/(2e) of the channel, or slotted, 1/e.
        best: that share as the question states it.

    Returns:
        `stations` (rounded down), `usable_bps`, `station_bps`.

    Raises:
        InputError: a quantity can't be read.

    Examples:
        >>> solve("56kb/s", "1000bit", "100s").answer["stations"]
        1030
        >>> solve("10b/s", "1000bit", "1s").answer["stations"]  # not even one
        0

    Source:
        Tanenbaum《计算机网络》第5版 §4.2.1.
    """
    share = best if best else BEST[protocol]
    usable = q.rate_bps(rate) * share
    each = q.size_bits(frame, "帧长", positive=True) / q.time_s(interval, "发送间隔", positive=True)
    name = "纯 ALOHA" if protocol == "PURE" else "时隙 ALOHA"
    stations = usable // each
    return Solution(
        [
            Step(
                f"{name} 的信道利用率最高为 {decimal(share)}，可用的最大速率为 {decimal(usable)} b/s。",
                credit="求可用速率",
                gives={"usable_bps": tidy(usable)},
            ),
            Step(
                f"每站平均 {decimal(each)} b/s，最多容纳 $\\lfloor{decimal(usable)}/{decimal(each)}\\rfloor={stations}$ 个站。",
                listing(
                    ("可用速率 (b/s)", decimal(usable)), ("每站速率 (b/s)", decimal(each)), ("站数", int(stations))
                ),
                credit="求站数",
                gives={"station_bps": tidy(each), "stations": int(stations)},
            ),
        ]
    )


def mistakes(rate: str, frame: str, interval: str, protocol: str, best: Fraction | None) -> Iterator[Mistake]:
    """Misconceptions: the channel used in full, the other protocol, bytes for bits."""
    each = q.size_bits(frame) / q.time_s(interval)
    full = q.rate_bps(rate)
    yield Mistake("信道全部可用", {"stations": int(full // each)})
    yield Mistake(
        "用了另一种 ALOHA 的利用率", {"stations": int(full * BEST["SLOTTED" if protocol == "PURE" else "PURE"] // each)}
    )
    yield Mistake("把位当成字节", {"stations": int(full * BEST["PURE"] // each // 8)})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """How many stations."""
    kilo, bits, seconds = rng.choice([9.6, 56, 64, 100]), rng.choice([500, 1000, 2000]), rng.choice([50, 100, 200])
    name, protocol = rng.choice([("纯", "PURE"), ("时隙", "SLOTTED")])
    stem = f"N 个站共享一条 {kilo} kb/s 的{name} ALOHA 信道，每个站平均每 {seconds} s 发送一个 {bits} bit 的帧，N 的最大值约为（ ）。"
    return Draft(
        stem,
        {"rate": f"{kilo}kb/s", "frame": f"{bits}bit", "interval": f"{seconds}s", "protocol": protocol},
        "stations",
    )
