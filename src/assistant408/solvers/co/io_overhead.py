"""I/O overhead (输入输出的 CPU 开销): polling, interrupts and DMA as a share of processor time."""

from __future__ import annotations

import random
from collections.abc import Iterator
from fractions import Fraction
from typing import Annotated, Literal

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Solution, Step, Table
from assistant408.core.trace import Value as Result
from assistant408.solvers.co._text import decimal, equals, percent

__all__ = ["solve"]

Method = Literal["程序查询", "中断", "DMA"]


@solver(
    "co.io_overhead",
    title="I/O 方式的 CPU 开销",
    summary="给出主频、外设传输率、每次传送单位和每次处理的时钟周期（或指令条数与 CPI），求查询、中断或 DMA 占 CPU 时间的百分比。",
    syllabus=("co.io.interrupt-cost", "co.io.dma-cost", "co.io.polling"),
    keywords=("中断方式", "DMA", "程序查询", "CPU 时间的百分比", "外设", "数据传输率", "CPI", "I/O 开销"),
    answers={
        "share": Out("占整个 CPU 时间的比例"),
        "operations_per_s": Out("每秒处理次数", "次/s"),
        "cycles_per_operation": Out("每次处理的时钟周期数", "个"),
        "cycles_per_s": Out("每秒用于 I/O 的时钟周期数", "个/s"),
        "interval_us": Out("相邻两次处理的间隔", "μs"),
    },
    examples=(
        {"method": "中断", "clock_mhz": 500, "rate_kb_per_s": 500, "unit_bytes": 4, "instructions": 20, "cpi": 5},
        {"method": "DMA", "clock_mhz": 500, "rate_kb_per_s": 5000, "unit_bytes": 5000, "cycles": 500},
    ),
)
def solve(
    method: Annotated[Method, Param("I/O 方式")],
    clock_mhz: Annotated[Fraction, Param("主频", "MHz", min=0)],
    rate_kb_per_s: Annotated[Fraction | None, Param("外设数据传输率", "kB/s，1 MB/s 写 1000", min=0)] = None,
    unit_bytes: Annotated[
        Fraction | None, Param("每次传送的字节数", "中断或查询一次传的数据；DMA 一次预处理传的数据块", min=0)
    ] = None,
    cycles: Annotated[
        Fraction | None, Param("每次处理的时钟周期数", "查询、中断或 DMA 预处理加后处理一次", min=0)
    ] = None,
    instructions: Annotated[
        Fraction | None, Param("每次处理的指令条数", "没有给周期数时用，含中断响应等折合的条数", min=0)
    ] = None,
    cpi: Annotated[Fraction | None, Param("CPI", "没有给周期数时用", min=0)] = None,
    operations_per_s: Annotated[
        Fraction | None, Param("每秒处理次数", "如每秒查询 100 次；没有给传输率时用", min=0)
    ] = None,
) -> Solution:
    """Find the share of processor time that I/O takes (I/O 的 CPU 开销).

    Args:
        method: polling, interrupts or DMA.
        clock_mhz: clock rate in MHz.
        rate_kb_per_s: rate of the device in kB/s, k = 1000.
        unit_bytes: bytes moved by one operation.
        cycles: cycles of the processor for one operation; or give `instructions` and `cpi`.
        instructions: instructions of one operation.
        cpi: cycles of an instruction.
        operations_per_s: operations a second, when the device's rate does not decide it.

    Returns:
        `operations_per_s`, `cycles_per_operation`, `cycles_per_s`, `share` of processor time, `interval_us`.

    Raises:
        InputError: too little is given, or the processor cannot keep up.

    Examples:
        >>> solve("中断", 500, 500, 4, instructions=20, cpi=5).answer["share"]
        Fraction(1, 40)
        >>> solve("DMA", 500, 5000, 5000, 500).answer["share"]
        Fraction(1, 1000)
        >>> solve("程序查询", 500, cycles=400, operations_per_s=30).answer["share"]
        Fraction(3, 125000)

    Conventions:
        k = 10**3 in rates. DMA counts set-up and completion only, not the stolen memory cycles.

    Source:
        408 真题 2009、2011; Patterson and Hennessy, Computer Organization and Design.
    """
    f = Fraction(clock_mhz) * 10**6
    per = _cycles(cycles, instructions, cpi)
    rate = _rate(rate_kb_per_s, unit_bytes, operations_per_s)
    if f == 0:
        raise InputError(f"主频 {str(clock_mhz)!r} 应大于 0，请改正。")
    used = rate * per
    if used > f:
        raise InputError(f"每秒要用 {decimal(used)!r} 个周期，超过主频，CPU 来不及处理，请检查单位或换用 DMA。")
    steps = []
    if cycles is None:
        why = f"每次处理 ${decimal(Fraction(instructions or 0))}\\times {decimal(Fraction(cpi or 0))}={decimal(per)}$ 个时钟周期。"
    else:
        why = f"每次{_name(method)}用 {decimal(per)} 个时钟周期。"
    steps.append(Step(why, credit="求每次处理的周期数", gives={"cycles_per_operation": per}))
    if operations_per_s is None:
        b, u = decimal(Fraction(rate_kb_per_s or 0)), decimal(Fraction(unit_bytes or 1))
        why = f"每次传送 {u} B，每秒{_name(method)} ${b}\\times 10^3/{u}{equals(rate)}$ 次。"
    else:
        why = f"每秒{_name(method)} {decimal(rate)} 次。"
    gap = {"interval_us": 10**6 / rate} if rate else {}
    steps.append(Step(why, credit="求每秒处理次数", gives={"operations_per_s": rate, **gap}))
    share = used / f
    steps.append(
        Step(
            f"每秒用 ${decimal(rate)}\\times {decimal(per)}={decimal(used)}$ 个周期，占 CPU 时间 "
            f"${decimal(used)}/({decimal(Fraction(clock_mhz))}\\times 10^6)={percent(share)}$。".replace("%", "\\%"),
            Table(
                ["量", "值"],
                [
                    ["每次处理周期数", decimal(per)],
                    ["每秒处理次数", decimal(rate)],
                    ["每秒 I/O 周期数", decimal(used)],
                    ["占 CPU 时间", percent(share)],
                ],
                marks=[(3, 1)],
            ),
            credit="求占 CPU 时间的比例",
            gives={"cycles_per_s": used, "share": share},
        )
    )
    extra = ("DMA 只计预处理和后处理的 CPU 时间",) if method == "DMA" else ()
    return Solution(steps, ("速率中 k = 10^3", *extra))


def _name(method: Method) -> str:
    return {"程序查询": "查询", "中断": "中断", "DMA": " DMA 处理"}[method]


def _cycles(cycles: Fraction | None, instructions: Fraction | None, cpi: Fraction | None) -> Fraction:
    if cycles is not None:
        return Fraction(cycles)
    if instructions is None or cpi is None:
        raise InputError(f"每次处理的时钟周期数 {cycles!r} 未知，请给出周期数，或指令条数与 CPI。")
    return Fraction(instructions) * Fraction(cpi)


def _rate(rate: Fraction | None, unit: Fraction | None, operations: Fraction | None) -> Fraction:
    if operations is not None:
        return Fraction(operations)
    if rate is None or not unit:
        raise InputError(f"传输率 {rate!r} 或每次传送的字节数 {unit!r} 未知，请给出二者，或每秒处理次数。")
    return Fraction(rate) * 1000 / Fraction(unit)


def mistakes(
    method: Method,
    clock_mhz: Fraction,
    rate_kb_per_s: Fraction | None,
    unit_bytes: Fraction | None,
    cycles: Fraction | None,
    instructions: Fraction | None,
    cpi: Fraction | None,
    operations_per_s: Fraction | None,
) -> Iterator[Mistake]:
    """Name the slips: instructions for cycles, bytes for bits, the unit of a transfer."""
    f = Fraction(clock_mhz) * 10**6
    per = _cycles(cycles, instructions, cpi)
    rate = _rate(rate_kb_per_s, unit_bytes, operations_per_s)

    def gives(times: Fraction, each: Fraction) -> dict[str, Result]:
        out: dict[str, Result] = {"operations_per_s": times, "cycles_per_s": times * each, "share": times * each / f}
        return out | ({"interval_us": 10**6 / times} if times else {})

    if cycles is None and instructions is not None:
        yield Mistake("用指令条数代替时钟周期数，漏乘 CPI", gives(rate, Fraction(instructions)))
        yield Mistake(
            "指令条数漏了折合的中断响应等开销", gives(rate, (Fraction(instructions) - 2) * Fraction(cpi or 1))
        )
    if operations_per_s is None and unit_bytes:
        yield Mistake("每次只传 1 字节", gives(rate * unit_bytes, per))
        yield Mistake("把每次传送的字节数当成位数", gives(rate * 8, per))
        yield Mistake("每次传送的字节数少算一半", gives(2 * rate, per))
        yield Mistake("速率的 k 取 1024", gives(rate * Fraction(1024, 1000), per))
    yield Mistake("少除以 10（数量级错）", gives(rate * 10, per))
    yield Mistake("多除以 10（数量级错）", gives(rate / 10, per))
    yield Mistake("求成 CPU 的剩余时间比例", {"share": 1 - rate * per / f})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Polling, then interrupts by instructions, then DMA."""
    clock = rng.choice([50, 100, 200, 500, 1000])
    if difficulty == 1:
        times, each = rng.choice([100, 1000, 10000]), rng.choice([50, 100, 200, 400])
        stem = f"CPU 主频 {clock} MHz，程序查询方式下每秒查询设备 {times} 次，每次用 {each} 个时钟周期，则查询占 CPU 时间的比例为（ ）。"
        args: dict[str, object] = {"method": "程序查询", "clock_mhz": clock, "cycles": each, "operations_per_s": times}
        return Draft(stem, args, "share")
    if difficulty < 4:
        rate, unit = rng.choice([20, 40, 100, 200]), rng.choice([2, 4, 8])
        count, cpi = rng.choice([10, 20]), rng.choice([4, 5])
        stem = (
            f"CPU 主频 {clock} MHz，CPI 为 {cpi}；外设数据传输率 {rate} kB/s，用中断方式传送，每次传 {8 * unit} 位，"
            f"中断响应和处理共相当于执行 {count} 条指令，则 CPU 用于该外设 I/O 的时间占整个 CPU 时间的（ ）。"
        )
        args = {
            "method": "中断",
            "clock_mhz": clock,
            "rate_kb_per_s": rate,
            "unit_bytes": unit,
            "instructions": count,
            "cpi": cpi,
        }
        return Draft(stem, args, "share")
    rate, block, each = rng.choice([2000, 4000, 5000]), rng.choice([1000, 2000, 5000]), rng.choice([500, 1000])
    stem = (
        f"CPU 主频 {clock} MHz，外设数据传输率 {rate // 1000} MB/s，用 DMA 方式传送，每次 DMA 传送 {block} B，"
        f"预处理和后处理共用 {each} 个时钟周期，则 CPU 用于该外设 I/O 的时间占整个 CPU 时间的（ ）。"
    )
    args = {"method": "DMA", "clock_mhz": clock, "rate_kb_per_s": rate, "unit_bytes": block, "cycles": each}
    return Draft(stem, args, "share")
