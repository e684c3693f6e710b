"""Share of the data in a UDP datagram and in a TCP segment (UDP 与 TCP 的传输效率)."""

from __future__ import annotations

import random
from collections.abc import Iterator
from fractions import Fraction
from typing import Annotated

from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Solution, Step
from assistant408.solvers.cn._show import equals, listing

__all__ = ["solve"]

UDP, TCP = 8, 20


@solver(
    "cn.transport_efficiency",
    title="UDP 与 TCP 的传输效率",
    summary="给出应用层数据的长度，求用一个 UDP 数据报和一个 TCP 段传输时，有效载荷占数据报或段的比例（最大传输效率）。",
    syllabus=("cn.transport.udp", "cn.transport.tcp-header"),
    keywords=("UDP 数据报", "TCP 段", "有效载荷", "最大传输效率", "应用层数据"),
    answers={
        "efficiencies": Out("UDP 与 TCP 的传输效率"),
        "udp_efficiency": Out("UDP 的传输效率"),
        "tcp_efficiency": Out("TCP 的传输效率"),
    },
    examples=({"data": 12},),
)
def solve(
    data: Annotated[int, Param("应用层数据长度", "单位 B", min=1, max=65_507)],
    options: Annotated[int, Param("TCP 选项长度", "单位 B，4 的倍数", min=0, max=40)] = 0,
) -> Solution:
    """Data over data and header (传输效率).

    Args:
        data: bytes of the application in one datagram or segment.
        options: bytes of TCP options.

    Returns:
        `udp_efficiency`, `tcp_efficiency`, and both in `efficiencies`.

    Examples:
        >>> solve(12).answer["efficiencies"]
        [Fraction(3, 5), Fraction(3, 8)]
        >>> solve(8).answer["udp_efficiency"]  # as much header as data
        Fraction(1, 2)

    Source:
        RFC 768, RFC 9293 §3.1.
    """
    header = TCP + options
    udp, tcp = Fraction(data, data + UDP), Fraction(data, data + header)
    return Solution(
        [
            Step(
                f"UDP 首部 {UDP} B，效率为 ${data}/({data}+{UDP}){equals(udp)}$。",
                credit="求 UDP 的效率",
                gives={"udp_efficiency": udp},
            ),
            Step(
                f"TCP 首部最短 {header} B，效率为 ${data}/({data}+{header}){equals(tcp)}$。",
                listing(("数据 (B)", data), ("UDP 首部 (B)", UDP), ("TCP 首部 (B)", header)),
                credit="求 TCP 的效率",
                gives={"tcp_efficiency": tcp, "efficiencies": [udp, tcp]},
            ),
        ]
    )


def mistakes(data: int, options: int) -> Iterator[Mistake]:
    """Misconceptions: the protocols' headers mixed up, IP's header added."""
    yield Mistake("用了 TCP 的首部长度", {"udp_efficiency": Fraction(data, data + TCP)})
    yield Mistake("加上了 IP 首部", {"udp_efficiency": Fraction(data, data + UDP + 20)})
    yield Mistake("首部按 16 B", {"udp_efficiency": Fraction(data, data + 16)})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """UDP alone."""
    data = rng.choice([8, 12, 20, 24, 32, 72, 92])
    stem = f"把 {data} B 的应用层数据封装在一个 UDP 数据报中传输，UDP 的最大传输效率约为（ ）。"
    return Draft(stem, {"data": data}, "udp_efficiency")
