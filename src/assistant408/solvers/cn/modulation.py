"""Symbols, their states and the data rate (码元速率、状态数与数据率)."""

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
from assistant408.solvers.cn._show import decimal, listing, tidy

__all__ = ["solve"]


@solver(
    "cn.modulation",
    title="码元速率与数据率",
    summary="给出码元速率（波特率）或码元的持续时间、码元的状态数和数据率中的两项，求另一项：数据率 = 码元速率 × log2(状态数)。",
    syllabus=("cn.physical.symbol", "cn.physical.modulation"),
    keywords=("码元", "波特率", "每个码元", "离散状态数", "调制", "相位", "DPSK", "携带的比特数", "码元宽度"),
    answers={
        "rate_bps": Out("数据传输率", "b/s"),
        "baud": Out("码元速率", "Baud"),
        "levels": Out("每个码元的状态数", "个"),
        "symbol_bits": Out("每个码元携带的比特数", "bit"),
    },
    examples=({"baud": "1600Baud", "levels": 16}, {"baud": "1600Baud", "rate": "6400b/s"}),
)
def solve(
    baud: Annotated[str | None, Param("码元速率", "如 1200Baud")] = None,
    symbol: Annotated[str | None, Param("码元的持续时间", "代替码元速率，如 0.5ms")] = None,
    levels: Annotated[int | None, Param("每个码元的状态数", "2 的幂", min=2, max=2**20)] = None,
    rate: Annotated[str | None, Param("数据率", q.RATE_HELP)] = None,
) -> Solution:
    """Two of symbol rate, states and data rate give the third (码元速率与数据率).

    Args:
        baud: symbols a second, or else `symbol`, the time that one takes.
        levels: states of a symbol.
        rate: bits a second.

    Returns:
        `rate_bps`, `baud`, `levels`, `symbol_bits`.

    Raises:
        InputError: not just two of the three; states that are no power of two, or a rate that needs part of a bit.

    Examples:
        >>> solve(symbol="0.5ms", levels=8).answer["rate_bps"]
        6000
        >>> solve("1600Baud", rate="6400b/s").answer["levels"], solve(levels=4, rate="2400b/s").answer["baud"]
        (16, 1200)

    Source:
        谢希仁《计算机网络》第8版 §2.2.
    """
    if baud is not None and symbol is not None:
        raise InputError(f"码元速率 {baud!r} 与码元的持续时间 {symbol!r} 只应给出一个，请去掉一个。")
    speed = _speed(baud, symbol)
    if (speed is None) + (levels is None) + (rate is None) != 1:
        raise InputError(f"码元速率、状态数 {levels} 和数据率 {rate!r} 应恰好给出两项，请改正。")
    if levels is not None:
        bits = levels.bit_length() - 1
        if levels != 1 << bits:
            raise InputError(f"状态数 {levels} 不是 2 的幂，每个码元的比特数不是整数，请改正。")
        data = q.rate_bps(rate) if rate is not None else (speed or Fraction(0)) * bits
    else:
        data = q.rate_bps(rate or "")
        each = data / (speed or Fraction(1))
        if each.denominator != 1 or not 1 <= each <= 20:
            raise InputError(f"每个码元要携带 {decimal(each)} bit，应为 1 到 20 的整数，请检查数据。")
        bits = int(each)
    symbols = speed if speed is not None else data / bits
    states = 1 << bits
    return Solution(
        [
            Step(
                f"有 {states} 种状态的码元携带 $\\log_2 {states}={bits}$ bit。",
                credit="每个码元的比特数",
                gives={"levels": states, "symbol_bits": bits},
            ),
            Step(
                f"数据率 = 码元速率 × 每码元比特数，即 {decimal(data)} b/s $={decimal(symbols)}\\times{bits}$。",
                listing(("码元速率 (Baud)", decimal(symbols)), ("每码元 (bit)", bits), ("数据率 (b/s)", decimal(data))),
                credit="求数据率或码元速率",
                gives={"rate_bps": tidy(data), "baud": tidy(symbols)},
            ),
        ]
    )


def _speed(baud: str | None, symbol: str | None) -> Fraction | None:
    """Symbols a second."""
    if symbol is not None:
        return 1 / q.time_s(symbol, "码元的持续时间", positive=True)
    if baud is None:
        return None
    return q.rate_bps(baud.replace("Baud", "b/s").replace("baud", "b/s").replace("波特", "b/s"), "码元速率")


def mistakes(baud: str | None, symbol: str | None, levels: int | None, rate: str | None) -> Iterator[Mistake]:
    """Misconceptions: states for bits, one bit a symbol, one bit more."""
    speed = _speed(baud, symbol) or Fraction(1)
    states = levels or 2
    bits = states.bit_length() - 1
    yield Mistake("直接乘以状态数", {"rate_bps": tidy(speed * states)})
    yield Mistake("每个码元只算 1 bit", {"rate_bps": tidy(speed)})
    yield Mistake("多算 1 bit", {"rate_bps": tidy(speed * (bits + 1))})
    yield Mistake("除以比特数", {"rate_bps": tidy(speed / bits)})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """The data rate of a modem."""
    baud, levels = rng.choice([600, 1200, 1600, 2400]), rng.choice([4, 8, 16, 32])
    stem = f"某信道的码元速率为 {baud} Baud，每个码元有 {levels} 种状态，则数据传输率是（ ）。"
    return Draft(stem, {"baud": f"{baud}Baud", "levels": levels}, "rate_bps")
