"""Bus bandwidth (总线带宽): peak rate, and the time of a burst transaction."""

from __future__ import annotations

import random
from collections.abc import Iterator
from fractions import Fraction
from typing import Annotated

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Gantt, Slice, Solution, Step
from assistant408.core.trace import Value as Result
from assistant408.solvers.co._text import decimal, equals

__all__ = ["solve"]


@solver(
    "co.bus_bandwidth",
    title="总线带宽与突发传送",
    summary="给出总线宽度、时钟频率和每周期传送次数，求总线带宽；给出突发传送的数据量、地址和等待周期，求总线事务的时间和实际速率。",
    syllabus=("co.bus.bandwidth", "co.bus.transaction", "co.bus.timing-sync"),
    keywords=("总线带宽", "总线宽度", "总线时钟频率", "突发传送", "总线周期", "总线事务", "传输速率"),
    answers={
        "bandwidth_mb_per_s": Out("总线带宽（最大数据传输率）", "MB/s"),
        "transaction_ns": Out("一次总线事务的时间", "ns"),
        "transaction_cycles": Out("一次总线事务的时钟周期数", "个"),
        "effective_mb_per_s": Out("事务的实际传输率", "MB/s"),
        "cycle_ns": Out("总线时钟周期", "ns"),
    },
    examples=(
        {"width_bits": 32, "clock_mhz": 66, "transfers_per_cycle": 2},
        {"width_bits": 32, "clock_mhz": 100, "data_bits": 128},
    ),
)
def solve(
    width_bits: Annotated[int, Param("总线宽度", "数据线的位数", min=1, max=4096)],
    clock_mhz: Annotated[Fraction, Param("总线时钟频率", "MHz", min=0)],
    transfers_per_cycle: Annotated[
        Fraction, Param("每个时钟周期传送次数", "两个周期传一次为 1/2，一周期两次为 2", min=0)
    ] = Fraction(1),
    data_bits: Annotated[int | None, Param("一次事务的数据量", "位；问突发传送时间时给出", min=1)] = None,
    address_cycles: Annotated[int, Param("传送地址的周期数", "", min=0, max=100)] = 1,
    wait_cycles: Annotated[int, Param("等待（存储器准备）的周期数", "", min=0, max=10000)] = 0,
    channels: Annotated[int, Param("通道数", "几个通道或两个方向同时传送时给出", min=1, max=64)] = 1,
) -> Solution:
    """Rate a bus and time a burst (总线带宽、突发传送).

    Args:
        width_bits: data lines.
        clock_mhz: bus clock in MHz.
        transfers_per_cycle: transfers in a clock cycle.
        data_bits: bits of one transaction.
        address_cycles: cycles that carry the address and the command.
        wait_cycles: cycles until the first datum.
        channels: channels, or directions, that transfer at the same time.

    Returns:
        `bandwidth_mb_per_s`, `cycle_ns`, and with `data_bits` the `transaction_cycles`, `transaction_ns` and
        `effective_mb_per_s`.

    Raises:
        InputError: a clock or a rate of 0.

    Examples:
        >>> solve(32, 66, 2).answer["bandwidth_mb_per_s"]
        Fraction(528, 1)
        >>> solve(32, 100, data_bits=128).answer["transaction_ns"]
        Fraction(50, 1)
        >>> solve(32, 33, Fraction(1, 2)).answer["bandwidth_mb_per_s"]
        Fraction(66, 1)

    Conventions:
        M = 10**6. A burst sends the address once, then data back to back; whole cycles are counted.

    Source:
        唐朔飞《计算机组成原理》第3章; 408 真题 2009、2012、2014.
    """
    f, per = Fraction(clock_mhz), Fraction(transfers_per_cycle)
    if not f * per:
        raise InputError(f"时钟频率 {str(f)!r} 与每周期传送次数 {str(per)!r} 都应大于 0，请改正。")
    cycle = 1000 / f
    band = Fraction(width_bits, 8) * f * per * channels
    width = decimal(Fraction(width_bits, 8))
    steps = [
        Step(
            f"总线时钟周期 $1/({decimal(f)}\\times 10^6){equals(cycle)}$ ns；每周期传送 {decimal(per)} 次，每次 {width} B，"
            f"{f'{channels} 个通道（方向）同时传送，' if channels > 1 else ''}"
            f"带宽 ${width}\\times {decimal(f)}\\times {decimal(per)}"
            f"{f'{chr(92)}times {channels}' if channels > 1 else ''}{equals(band)}$ MB/s。",
            _beats(cycle, per),
            credit="求总线带宽",
            gives={"bandwidth_mb_per_s": band, "cycle_ns": cycle},
        )
    ]
    if data_bits is not None:
        beats = -(-data_bits // width_bits)
        data_cycles = -(-beats // per)
        cycles = address_cycles + wait_cycles + data_cycles
        time = cycles * cycle
        rate = Fraction(data_bits, 8) / time * 1000
        steps.append(
            Step(
                f"突发传送：地址 {address_cycles} 个周期，等待 {wait_cycles} 个，数据 ${data_bits}/{width_bits}$ 共 {beats} 次、"
                f"{data_cycles} 个周期，合计 {cycles} 个周期，用 ${cycles}\\times {decimal(cycle)}{equals(time)}$ ns，"
                f"实际传输率 {decimal(rate)} MB/s。",
                _burst(cycle, address_cycles, wait_cycles, data_cycles),
                credit="求总线事务时间",
                gives={"transaction_cycles": cycles, "transaction_ns": time, "effective_mb_per_s": rate},
            )
        )
    return Solution(steps, ("速率中 M = 10^6", "突发传送只送一次首地址"))


def _beats(cycle: Fraction, per: Fraction) -> Gantt:
    """Draw the transfers of the first four cycles."""
    slices = [Slice("时钟", i * cycle, (i + 1) * cycle, f"T{i + 1}") for i in range(4)]
    length = cycle / per
    count = min(16, int(4 * per))
    slices += [Slice("数据", i * length, (i + 1) * length, f"D{i + 1}") for i in range(count)]
    return Gantt(slices, "ns")


def _burst(cycle: Fraction, address: int, wait: int, data: int) -> Gantt:
    """Draw the phases of a burst."""
    edges = [0, address, address + wait, address + wait + data]
    slices = [
        Slice(name, a * cycle, b * cycle, f"{b - a} 个周期")
        for name, a, b in zip(("地址", "等待", "数据"), edges, edges[1:], strict=False)
        if b > a
    ]
    return Gantt(slices, "ns")


def mistakes(
    width_bits: int,
    clock_mhz: Fraction,
    transfers_per_cycle: Fraction,
    data_bits: int | None,
    address_cycles: int,
    wait_cycles: int,
    channels: int,
) -> Iterator[Mistake]:
    """Name the slips: bits for bytes, transfers per cycle forgotten, addresses sent with every datum."""
    f, per = Fraction(clock_mhz), Fraction(transfers_per_cycle)
    band = Fraction(width_bits, 8) * f * per
    yield Mistake("位没有换算成字节", {"bandwidth_mb_per_s": band * 8})
    yield Mistake("漏乘每周期的传送次数", {"bandwidth_mb_per_s": band / per})
    yield Mistake("每周期的传送次数用反", {"bandwidth_mb_per_s": band / per / per})
    yield Mistake("多乘 2，把上升沿和下降沿都算传送", {"bandwidth_mb_per_s": 2 * band})
    yield Mistake("带宽减半，以为地址占一半周期", {"bandwidth_mb_per_s": band / 2})
    if data_bits is None:
        return
    cycle = 1000 / f
    beats = -(-data_bits // width_bits)
    data = -(-beats // per)

    def gives(cycles: int | Fraction) -> dict[str, Result]:
        time = cycles * cycle
        rate = Fraction(data_bits or 0, 8) / time * 1000 if time else band
        return {"transaction_cycles": cycles, "transaction_ns": time, "effective_mb_per_s": rate}

    yield Mistake("漏了传送地址的周期", gives(wait_cycles + data))
    yield Mistake("每个数据都重新送地址", gives(beats * address_cycles + wait_cycles + data))
    yield Mistake("漏了等待周期", gives(address_cycles + data))
    yield Mistake("每个数据都等待", gives(address_cycles + beats * wait_cycles + data))
    yield Mistake("只算一次数据传送", gives(address_cycles + wait_cycles + 1))
    yield Mistake("没有换算成实际速率，用了总线带宽", {"effective_mb_per_s": band})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Ask for the bandwidth at first, for a burst later."""
    width = rng.choice([16, 32, 64])
    clock = rng.choice([33, 50, 66, 100, 133, 200])
    if difficulty < 3:
        per = rng.choice([Fraction(1), Fraction(2), Fraction(1, 2)])
        how = {1: "每个时钟周期传送一次", 2: "每个时钟周期传送两次"}.get(int(per), "每两个时钟周期传送一次")
        stem = f"某同步总线的时钟频率为 {clock} MHz，宽度为 {width} 位，{how}数据，则总线带宽为（ ）。"
        args: dict[str, object] = {"width_bits": width, "clock_mhz": clock, "transfers_per_cycle": per}
        return Draft(stem, args, "bandwidth_mb_per_s")
    clock = rng.choice([50, 100, 200])
    beats = rng.choice([4, 8])
    wait = rng.randint(1, 5) if difficulty > 3 else 0
    args = {"width_bits": width, "clock_mhz": clock, "data_bits": width * beats, "wait_cycles": wait}
    waiting = f"，存储器准备数据需 {wait} 个周期" if wait else ""
    ask, what = ("transaction_ns", "时间至少") if difficulty < 5 else ("effective_mb_per_s", "数据传输率")
    stem = (
        f"某同步总线时钟频率 {clock} MHz，宽度 {width} 位，传送一个地址或一个数据占一个时钟周期{waiting}，支持突发传送，"
        f"则传送 {width * beats} 位数据的一次总线事务的{what}为（ ）。"
    )
    return Draft(stem, args, ask)
