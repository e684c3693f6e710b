"""Forwarding delay of a switch (交换机的转发时延): cut-through or store and forward."""

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

Mode = Literal["CUT_THROUGH", "FRAGMENT_FREE", "STORE"]
READS = {"CUT_THROUGH": 6, "FRAGMENT_FREE": 64}
WHY = {
    "CUT_THROUGH": "直通交换收到目的地址（6 B）就开始转发",
    "FRAGMENT_FREE": "无碎片直通交换收满 64 B 才转发",
    "STORE": "存储转发收完整个帧才转发",
}


@solver(
    "cn.switch_latency",
    title="交换机的转发时延",
    summary="给出以太网交换机的端口速率和交换方式（直通交换、存储转发），求转发一帧引入的最小时延。",
    syllabus=("cn.link.switch-modes",),
    keywords=("直通交换", "存储转发", "转发延迟", "转发时延", "检查目的地址", "直通方式", "无碎片", "以太网交换机"),
    answers={"latency_us": Out("转发时延", "μs"), "read_bytes": Out("转发前要收到的字节数", "B")},
    examples=({"rate": "100Mb/s"}, {"rate": "1Gb/s", "mode": "STORE", "frame": "1518B"}),
)
def solve(
    rate: Annotated[str, Param("端口速率", q.RATE_HELP)],
    mode: Annotated[
        Mode, Param("交换方式", "CUT_THROUGH 直通，FRAGMENT_FREE 无碎片直通，STORE 存储转发")
    ] = "CUT_THROUGH",
    frame: Annotated[str, Param("帧长", "只用于存储转发，" + q.SIZE_HELP)] = "64B",
    preamble: Annotated[bool, Param("计入前导码", "是否把 8 B 的前导码也算在内")] = False,
) -> Solution:
    """Time to receive what must be read before forwarding begins (交换机的转发时延).

    Args:
        rate: of the port.
        mode: what is read first: the destination, 64 B, or all.
        frame: length of the frame, for store and forward.
        preamble: count its 8 B too.

    Returns:
        `latency_us`, `read_bytes`.

    Raises:
        InputError: a quantity can't be read.

    Examples:
        >>> solve("100Mb/s").answer["latency_us"]
        Fraction(12, 25)
        >>> solve("100Mb/s", preamble=True).answer["read_bytes"]
        14

    Source:
        谢希仁《计算机网络》第8版 §3.4; IEEE 802.3 §3.1.1.
    """
    bps = q.rate_bps(rate)
    own = Fraction(READS[mode] * 8) if mode != "STORE" else q.size_bits(frame, "帧长", positive=True)
    bits = own + (64 if preamble else 0)
    extra = "，连同 8 B 前导码" if preamble else ""
    time = bits / bps * 10**6
    return Solution(
        [
            Step(
                f"{WHY[mode]}{extra}，共 {decimal(bits / 8)} B。",
                listing(("先收到 (B)", decimal(bits / 8)), ("端口速率 (b/s)", decimal(bps))),
                credit="要收到的字节数",
                gives={"read_bytes": tidy(bits / 8)},
            ),
            Step(
                f"转发时延至少为 ${decimal(bits)}/{decimal(bps)}$ s $={decimal(time)}$ μs。",
                credit="求时延",
                gives={"latency_us": tidy(time)},
            ),
        ]
    )


def mistakes(rate: str, mode: Mode, frame: str, preamble: bool) -> Iterator[Mistake]:
    """Misconceptions: bytes for bits, both addresses, the least frame, the preamble."""
    byte = Fraction(8 * 10**6) / q.rate_bps(rate)
    yield Mistake("把字节当成位", {"latency_us": tidy(6 * byte / 8)})
    yield Mistake("收完源地址才转发", {"latency_us": tidy(12 * byte)})
    yield Mistake("收满 64 B 才转发", {"latency_us": tidy(64 * byte)})
    yield Mistake("计入了前导码", {"latency_us": tidy(14 * byte)})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Cut through."""
    rate = rng.choice(["10Mb/s", "100Mb/s", "1Gb/s"])
    stem = f"以太网交换机的端口速率为 {rate}，采用直通交换方式，只检查目的地址（不计前导码），转发一帧引入的时延至少是（ ）。"
    return Draft(stem, {"rate": rate}, "latency_us")
