"""Symbols a second of a line code (编码后的码元速率)."""

from __future__ import annotations

import random
from collections.abc import Iterator
from fractions import Fraction
from typing import Annotated, Literal

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Solution, Step
from assistant408.solvers.cn import _quantity as q
from assistant408.solvers.cn._show import decimal, listing, percent, tidy

__all__ = ["solve"]

Code = Literal["MANCHESTER", "DIFF_MANCHESTER", "NRZ", "4B5B", "8B10B", "64B66B"]
PER_BIT = {
    "MANCHESTER": Fraction(2),
    "DIFF_MANCHESTER": Fraction(2),
    "NRZ": Fraction(1),
    "4B5B": Fraction(5, 4),
    "8B10B": Fraction(5, 4),
    "64B66B": Fraction(33, 32),
}
WHY = {
    "MANCHESTER": "每个比特中间有一次跳变，即每比特用 2 个码元",
    "DIFF_MANCHESTER": "每个比特中间有一次跳变，即每比特用 2 个码元",
    "NRZ": "每个比特用 1 个码元",
    "4B5B": "每 4 比特编成 5 个码元",
    "8B10B": "每 8 比特编成 10 个码元",
    "64B66B": "每 64 比特编成 66 个码元",
}


@solver(
    "cn.symbol_rate",
    title="编码后的码元速率",
    summary="给出数据传输率和线路编码（曼彻斯特、4B/5B、8B/10B 等），求码元传输速率（波特率）和编码效率，或由码元速率求数据传输率。",
    syllabus=("cn.physical.symbol", "cn.physical.line-coding"),
    keywords=("码元传输速率", "波特率", "曼彻斯特编码", "4B/5B", "8B/10B", "64B/66B", "编码效率", "信号速率", "Baud"),
    answers={
        "baud": Out("码元传输速率", "Baud"),
        "rate_bps": Out("数据传输率", "b/s"),
        "efficiency": Out("编码效率"),
    },
    examples=({"code": "MANCHESTER", "rate": "10Mb/s"}, {"code": "4B5B", "baud": "125MBaud"}),
)
def solve(
    code: Annotated[
        Code,
        Param("线路编码", "MANCHESTER 曼彻斯特，DIFF_MANCHESTER 差分曼彻斯特，NRZ 不归零，4B5B，8B10B，64B66B"),
    ],
    rate: Annotated[str | None, Param("数据传输率", "求码元速率时填，" + q.RATE_HELP)] = None,
    baud: Annotated[str | None, Param("码元速率", "求数据传输率时填，如 20MBaud")] = None,
) -> Solution:
    """Convert between bits and symbols a second under a two-level line code (码元速率).

    Args:
        code: the line code.
        rate: data rate, or else
        baud: symbol rate.

    Returns:
        `baud`, `rate_bps`, and `efficiency`, bits a symbol.

    Raises:
        InputError: not just one of the rates, or one that can't be read.

    Examples:
        >>> solve("MANCHESTER", "10Mb/s").answer["baud"]
        20000000
        >>> solve("4B5B", baud="125MBaud").answer["rate_bps"]
        100000000

    Source:
        IEEE 802.3 §7, §24; 谢希仁《计算机网络》第8版 §2.2.
    """
    if (rate is None) == (baud is None):
        raise InputError(f"数据传输率 {rate!r} 与码元速率 {baud!r} 应恰好给出一个，请改正。")
    each = PER_BIT[code]
    if rate is not None:
        bits = q.rate_bps(rate)
    else:
        bits = q.rate_bps((baud or "").replace("Baud", "b/s").replace("波特", "b/s"), "码元速率") / each
    return Solution(
        [
            Step(
                f"{WHY[code]}，编码效率为 {percent(1 / each)}。",
                credit="每比特的码元数",
                gives={"efficiency": 1 / each},
            ),
            Step(
                f"码元速率 = 数据传输率 × {decimal(each)}：数据传输率 {decimal(bits / 10**6)} Mb/s，"
                f"码元速率 {decimal(bits * each / 10**6)} MBaud。",
                listing(
                    ("数据传输率 (Mb/s)", decimal(bits / 10**6)), ("码元速率 (MBaud)", decimal(bits * each / 10**6))
                ),
                credit="换算速率",
                gives={"baud": tidy(bits * each), "rate_bps": tidy(bits)},
            ),
        ]
    )


def mistakes(code: Code, rate: str | None, baud: str | None) -> Iterator[Mistake]:
    """Misconceptions: one symbol a bit, the ratio upside down, another code's ratio."""
    bits = q.rate_bps(rate or "1b/s")
    each = PER_BIT[code]
    yield Mistake("每比特一个码元", {"baud": tidy(bits)})
    yield Mistake("比例用反了", {"baud": tidy(bits / each)})
    yield Mistake("按别的编码计算", {"baud": tidy(bits * (Fraction(5, 4) if each == 2 else 2))})
    yield Mistake("又乘了一次比例", {"baud": tidy(bits * each * each)})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """The symbol rate of a network."""
    name, code = rng.choice(
        [("曼彻斯特", "MANCHESTER"), ("差分曼彻斯特", "DIFF_MANCHESTER"), ("4B/5B", "4B5B"), ("8B/10B", "8B10B")]
    )
    rate = rng.choice([10, 16, 20, 40, 100, 1000])
    stem = f"数据传输率为 {rate} Mb/s 的网络采用 {name} 编码，则线路上的码元传输速率是（ ）。"
    return Draft(stem, {"code": code, "rate": f"{rate}Mb/s"}, "baud")
