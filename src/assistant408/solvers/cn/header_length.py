"""Lengths that follow from the length fields of IP, TCP and UDP headers (由长度字段求长度)."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Annotated, Literal

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Solution, Step
from assistant408.solvers.cn._show import listing

__all__ = ["solve"]

FIXED = 20
TOP = 15


@solver(
    "cn.header_length",
    title="由长度字段求首部、选项和数据的长度",
    summary="给出 IP 首部长度字段（或 TCP 数据偏移字段）的值和总长度字段的值，求首部长度、选项长度和数据部分的长度。",
    syllabus=("cn.network.ip-header", "cn.transport.tcp-header"),
    keywords=(
        "首部长度字段",
        "数据偏移字段",
        "总长度字段",
        "选项部分",
        "选项的最大长度",
        "4 字节为单位",
        "首部长度的值",
    ),
    answers={
        "data_bytes": Out("数据部分长度", "B"),
        "header_bytes": Out("首部长度", "B"),
        "option_bytes": Out("选项（含填充）长度", "B"),
    },
    examples=({"words": 8, "total": 1052}, {"words": 15, "total": 1500}),
)
def solve(
    words: Annotated[int, Param("长度字段的值", "首部长度或数据偏移字段，以 4 B 为单位", min=5, max=TOP)],
    total: Annotated[
        int | None, Param("总长度", "总长度字段的值，单位 B；不求数据长度时不填", min=FIXED, max=65535)
    ] = None,
    protocol: Annotated[Literal["IP", "TCP"], Param("协议", "IP 首部或 TCP 首部")] = "IP",
) -> Solution:
    """The field counts words of 4 bytes (首部长度).

    Args:
        words: value of IHL or of the data offset.
        total: value of the total length, of an IP datagram.
        protocol: whose header it is.

    Returns:
        `header_bytes` = 4 · words; `option_bytes` beyond the 20 fixed ones; `data_bytes`, if `total` is given.

    Raises:
        InputError: a total shorter than the header.

    Examples:
        >>> solve(8, 1052).answer["data_bytes"], solve(15).answer["option_bytes"]
        (1020, 40)
        >>> solve(5, 20).answer["data_bytes"]  # a header alone
        0

    Source:
        RFC 791 §3.1, RFC 9293 §3.1.
    """
    header = 4 * words
    if total is not None and total < header:
        raise InputError(f"总长度 {total} 小于首部长度 {header}，请改正。")
    field = "首部长度字段" if protocol == "IP" else "数据偏移字段"
    steps = [
        Step(
            f"{field}以 4 B 为单位，首部长 $4\\times{words}={header}$ B；固定部分 {FIXED} B，"
            f"选项（含填充）为 ${header}-{FIXED}={header - FIXED}$ B。",
            listing(("字段的值", words), ("首部 (B)", header), ("选项 (B)", header - FIXED)),
            credit="求首部和选项的长度",
            gives={"header_bytes": header, "option_bytes": header - FIXED},
        )
    ]
    if total is not None:
        steps.append(
            Step(
                f"总长度以 1 B 为单位，数据部分为 ${total}-{header}={total - header}$ B。",
                credit="求数据的长度",
                gives={"data_bytes": total - header},
            )
        )
    return Solution(steps)


def mistakes(words: int, total: int | None, protocol: str) -> Iterator[Mistake]:
    """Misconceptions: words for bytes, the fixed part alone, the options forgotten."""
    whole = total or 0
    yield Mistake("首部长度以 1 B 为单位", {"data_bytes": whole - words})
    yield Mistake("只减去固定部分", {"data_bytes": whole - FIXED})
    yield Mistake("没有减去首部", {"data_bytes": whole})
    yield Mistake("首部长度以 8 B 为单位", {"data_bytes": whole - 8 * words})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """An IP datagram with options."""
    words, total = rng.randint(6, 15), rng.randint(200, 1500)
    stem = f"IP 数据报的首部长度字段的值为 {words}，总长度字段的值为 {total}，则数据部分的长度是（ ）。"
    return Draft(stem, {"words": words, "total": total}, "data_bytes")
