"""Asynchronous serial lines (异步串行通信): bits of a frame, baud rate, useful rate."""

from __future__ import annotations

import random
from collections.abc import Iterator
from fractions import Fraction
from typing import Annotated

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Bits, Solution, Step
from assistant408.solvers.co._text import decimal

__all__ = ["solve"]


@solver(
    "co.async_serial",
    title="异步串行通信的波特率",
    summary="每个字符由起始位、数据位、校验位、停止位组成，由每秒字符数求波特率和有效数据传输率，或反过来求字符数。",
    syllabus=("co.bus.timing-async",),
    keywords=("异步串行", "起始位", "停止位", "波特率", "比特率", "校验位", "字符", "有效数据传输率"),
    answers={
        "baud": Out("波特率（总位速率）", "b/s"),
        "useful_bps": Out("有效数据传输率（比特率）", "b/s"),
        "characters_per_s": Out("每秒字符数", "个"),
        "frame_bits": Out("每个字符的总位数", "位"),
        "efficiency": Out("效率"),
    },
    examples=({"data_bits": 8, "parity_bits": 1, "stop_bits": 1, "characters_per_s": 240},),
)
def solve(
    data_bits: Annotated[int, Param("数据位", "", min=1, max=64)],
    start_bits: Annotated[int, Param("起始位", "", min=0, max=4)] = 1,
    parity_bits: Annotated[int, Param("校验位", "", min=0, max=4)] = 0,
    stop_bits: Annotated[Fraction, Param("停止位", "1、1.5 或 2", min=0, max=8)] = Fraction(1),
    characters_per_s: Annotated[Fraction | None, Param("每秒字符数", "与波特率给一个", min=0)] = None,
    baud: Annotated[Fraction | None, Param("波特率", "b/s", min=0)] = None,
) -> Solution:
    """Relate characters a second and bits a second on an asynchronous line.

    Args:
        data_bits: data bits of a character.
        start_bits: start bits.
        parity_bits: check bits.
        stop_bits: stop bits.
        characters_per_s: characters a second; or give `baud`.
        baud: all bits a second.

    Returns:
        `frame_bits`, `efficiency`, and with a speed `characters_per_s`, `baud` and `useful_bps` (data bits a second).

    Raises:
        InputError: both speeds are given.

    Examples:
        >>> a = solve(8, parity_bits=1, characters_per_s=240).answer
        >>> a["baud"], a["useful_bps"]
        (Fraction(2640, 1), Fraction(1920, 1))
        >>> solve(7, parity_bits=1, baud=1200).answer["characters_per_s"]
        Fraction(120, 1)

    Source:
        唐朔飞《计算机组成原理》第3章（异步通信）.
    """
    if characters_per_s is not None and baud is not None:
        raise InputError(f"每秒字符数 {str(characters_per_s)!r} 与波特率 {str(baud)!r} 只能给一个，请去掉一个。")
    frame = start_bits + data_bits + parity_bits + Fraction(stop_bits)
    parts = [("起始", start_bits), ("数据", data_bits), ("校验", parity_bits), ("停止", int(stop_bits))]
    steps = [
        Step(
            f"每个字符共 ${start_bits}+{data_bits}+{parity_bits}+{decimal(Fraction(stop_bits))}={decimal(frame)}$ 位，"
            f"其中数据 {data_bits} 位，效率 {decimal(data_bits / frame)}。",
            Bits([(n, "x" * b) for n, b in parts if b]),
            credit="求每个字符的位数",
            gives={"frame_bits": frame, "efficiency": data_bits / frame},
        )
    ]
    if characters_per_s is not None or baud is not None:
        n = Fraction(characters_per_s) if characters_per_s is not None else Fraction(baud or 0) / frame
        steps.append(
            Step(
                f"每秒 {decimal(n)} 个字符，波特率 ${decimal(n)}\\times {decimal(frame)}={decimal(n * frame)}$ b/s，"
                f"有效数据传输率 ${decimal(n)}\\times {data_bits}={decimal(n * data_bits)}$ b/s。",
                credit="求波特率与比特率",
                gives={"characters_per_s": n, "baud": n * frame, "useful_bps": n * data_bits},
            )
        )
    return Solution(steps, ("波特率计入起始、校验、停止位；比特率只计有效数据",))


def mistakes(
    data_bits: int,
    start_bits: int,
    parity_bits: int,
    stop_bits: Fraction,
    characters_per_s: Fraction | None,
    baud: Fraction | None,
) -> Iterator[Mistake]:
    """Name the slips: start, check or stop bits forgotten, both rates mixed up."""
    if characters_per_s is None:
        return
    n, frame = Fraction(characters_per_s), start_bits + data_bits + parity_bits + Fraction(stop_bits)
    yield Mistake("波特率只计数据位", {"baud": n * data_bits, "useful_bps": n * frame})
    yield Mistake("漏了起始位", {"baud": n * (frame - start_bits), "useful_bps": n * (data_bits - 1)})
    yield Mistake("漏了停止位和校验位", {"baud": n * (start_bits + data_bits), "useful_bps": n * (data_bits + 1)})
    yield Mistake("按字节计", {"baud": n * frame / 8, "useful_bps": n})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Ask for the baud rate, or for the useful rate."""
    data, n = rng.choice([7, 8]), rng.choice([120, 240, 480, 960])
    stem = f"异步串行传送中，每个字符含 1 位起始位、{data} 位数据位、1 位校验位、1 位停止位，每秒传送 {n} 个字符，"
    ask, what = ("baud", "波特率") if difficulty < 3 else ("useful_bps", "有效数据传输率")
    return Draft(f"{stem}则{what}为（ ）b/s。", {"data_bits": data, "parity_bits": 1, "characters_per_s": n}, ask)
