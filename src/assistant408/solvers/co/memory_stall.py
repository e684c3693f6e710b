"""Memory stalls and CPI (Cache 缺失对 CPI 的影响): effective CPI, run time and bandwidth to main memory."""

from __future__ import annotations

import random
from collections.abc import Iterator
from fractions import Fraction
from typing import Annotated

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Solution, Step, Table
from assistant408.core.trace import Value as Result
from assistant408.solvers.co._text import decimal, equals

__all__ = ["solve"]


@solver(
    "co.memory_stall",
    title="Cache 缺失与 CPI",
    summary="给出理想 CPI、每条指令访存次数、Cache 缺失率和缺失损失，求实际 CPI、访存阻塞时间、程序执行时间和主存带宽需求。",
    syllabus=("co.memory.cache-performance", "co.overview.cpu-time"),
    keywords=("缺失损失", "CPI", "阻塞周期", "缺失率", "每条指令访存次数", "主存带宽", "执行时间"),
    answers={
        "cpi": Out("实际 CPI"),
        "stall_cpi": Out("每条指令的访存阻塞周期数"),
        "slowdown": Out("实际与理想的执行时间之比"),
        "time_s": Out("执行时间", "s"),
        "memory_bytes_per_s": Out("所需主存带宽", "B/s"),
    },
    examples=(
        {"base_cpi": 4, "accesses_per_instruction": 1.5, "miss_rate": 0.01, "penalty_cycles": 20, "clock_mhz": 800},
    ),
)
def solve(
    base_cpi: Annotated[Fraction, Param("理想 CPI", "Cache 全部命中时", min=0)],
    accesses_per_instruction: Annotated[Fraction, Param("每条指令的访存次数", "取指与取数合计，如 1.5", min=0)],
    miss_rate: Annotated[Fraction, Param("缺失率", "1 减命中率，如 5%", min=0, max=1)],
    penalty_cycles: Annotated[Fraction, Param("缺失损失", "每次缺失多用的时钟周期数", min=0)],
    clock_mhz: Annotated[Fraction | None, Param("主频", "MHz", min=1)] = None,
    instructions: Annotated[Fraction | None, Param("指令条数", "程序执行的指令数", min=1)] = None,
    block_bytes: Annotated[int | None, Param("块大小", "每次缺失调入的字节数", min=1)] = None,
) -> Solution:
    """Add the cycles lost to cache misses to the CPI (访存阻塞与 CPI).

    Args:
        base_cpi: cycles per instruction when every access hits.
        accesses_per_instruction: memory accesses per instruction.
        miss_rate: misses per access, 0 to 1.
        penalty_cycles: cycles lost by a miss.
        clock_mhz: clock rate in MHz, for times and rates.
        instructions: instructions executed, for the run time.
        block_bytes: bytes loaded on a miss, for the bandwidth.

    Returns:
        `stall_cpi`, `cpi`, `slowdown`, and where the data allow `time_s` and `memory_bytes_per_s`.

    Raises:
        InputError: a base CPI of 0.

    Examples:
        >>> solve(4, Fraction(3, 2), Fraction(1, 100), 20).answer["cpi"]
        Fraction(43, 10)
        >>> solve(1, 1, 0, 100).answer["slowdown"]
        Fraction(1, 1)
        >>> solve(2, 1, Fraction(1, 10), 20, 1000, 10**9).answer["time_s"]
        Fraction(4, 1)

    Conventions:
        Misses stall the processor; reads and writes cost the same. The bandwidth is that of a processor
        that also spends the stalls.

    Source:
        Patterson and Hennessy, Computer Organization and Design, §5.4.
    """
    if not base_cpi:
        raise InputError(f"理想 CPI {str(base_cpi)!r} 应大于 0，请改正。")
    base, per, rate, penalty = map(Fraction, (base_cpi, accesses_per_instruction, miss_rate, penalty_cycles))
    stall = per * rate * penalty
    cpi = base + stall
    steps = [
        Step(
            f"每条指令的阻塞周期数：访存 {decimal(per)} 次，缺失率 {decimal(rate)}，每次损失 {decimal(penalty)} 个周期，"
            f"${decimal(per)}\\times {decimal(rate)}\\times {decimal(penalty)}{equals(stall)}$。",
            credit="求阻塞周期数",
            gives={"stall_cpi": stall},
        ),
        Step(
            f"实际 $CPI={decimal(base)}+{decimal(stall)}{equals(cpi)}$，是理想情况的 "
            f"${decimal(cpi)}/{decimal(base)}{equals(cpi / base)}$ 倍。",
            Table(
                ["", "每条指令周期数"],
                [["执行", decimal(base)], ["阻塞", decimal(stall)], ["合计", decimal(cpi)]],
                marks=[(2, 1)],
            ),
            credit="求实际 CPI",
            gives={"cpi": cpi, "slowdown": cpi / base},
        ),
    ]
    if clock_mhz is not None and instructions is not None:
        time = Fraction(instructions) * cpi / (Fraction(clock_mhz) * 10**6)
        why = (
            f"执行时间 ${decimal(Fraction(instructions))}\\times {decimal(cpi)}"
            f"/({decimal(Fraction(clock_mhz))}\\times 10^6){equals(time)}$ s。"
        )
        steps.append(Step(why, credit="求执行时间", gives={"time_s": time}))
    if clock_mhz is not None and block_bytes is not None:
        band = Fraction(clock_mhz) * 10**6 / cpi * per * rate * block_bytes
        why = (
            f"每秒执行 ${decimal(Fraction(clock_mhz))}\\times 10^6/{decimal(cpi)}$ 条指令，每条缺失 "
            f"{decimal(per * rate)} 次，每次调入 {block_bytes} B，主存带宽至少 {decimal(band / 10**6)} MB/s。"
        )
        steps.append(Step(why, credit="求主存带宽", gives={"memory_bytes_per_s": band}))
    return Solution(steps, ("缺失时 CPU 阻塞，读写缺失的损失相同", "速率中 M = 10^6"))


def mistakes(
    base_cpi: Fraction,
    accesses_per_instruction: Fraction,
    miss_rate: Fraction,
    penalty_cycles: Fraction,
    clock_mhz: Fraction | None,
    instructions: Fraction | None,
    block_bytes: int | None,
) -> Iterator[Mistake]:
    """Name the slips: one access per instruction, the hit rate used, a weighted instead of an added penalty."""
    base, per, rate, penalty = map(Fraction, (base_cpi, accesses_per_instruction, miss_rate, penalty_cycles))

    def gives(stall: Fraction, start: Fraction) -> dict[str, Result]:
        cpi = start + stall
        out: dict[str, Result] = {"stall_cpi": stall, "cpi": cpi, "slowdown": cpi / base}
        if clock_mhz is not None and instructions is not None:
            out["time_s"] = Fraction(instructions) * cpi / (Fraction(clock_mhz) * 10**6)
        if clock_mhz is not None and block_bytes is not None and cpi:
            out["memory_bytes_per_s"] = Fraction(clock_mhz) * 10**6 / cpi * per * rate * block_bytes
        return out

    yield Mistake("没有乘每条指令的访存次数", gives(rate * penalty, base))
    yield Mistake("用命中率代替缺失率", gives(per * (1 - rate) * penalty, base))
    yield Mistake("以为每次访存都有缺失损失", gives(per * penalty, base))
    yield Mistake("执行部分又乘了命中率", gives(per * rate * penalty, base * (1 - rate)))
    yield Mistake("没有考虑访存阻塞", gives(Fraction(0), base))
    yield Mistake("只算数据访问，漏了取指", gives((per - 1) * rate * penalty if per > 1 else Fraction(0), base))


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Ask for the CPI at first, for run times later."""
    base = rng.choice([1, 2, 4])
    per = Fraction(rng.choice([12, 13, 14, 15]), 10)
    rate = Fraction(rng.choice([1, 2, 4, 5]), 100)
    penalty = rng.choice([20, 40, 50, 100])
    args: dict[str, Result] = {
        "base_cpi": base,
        "accesses_per_instruction": per,
        "miss_rate": rate,
        "penalty_cycles": penalty,
    }
    text = (
        f"某处理器在 Cache 全部命中时 CPI 为 {base}，每条指令平均访存 {decimal(per)} 次，Cache 缺失率为 {decimal(rate * 100)}%，"
        f"缺失损失为 {penalty} 个时钟周期"
    )
    if difficulty < 3:
        return Draft(f"{text}，则实际的 CPI 为（ ）。", args, "cpi")
    clock = rng.choice([500, 800, 1000, 2000])
    args |= {"clock_mhz": clock}
    if difficulty < 5:
        count = rng.choice([10**8, 10**9])
        args["instructions"] = count
        stem = f"{text}，主频 {clock} MHz，执行 {count // 10**8}×10^8 条指令的程序所需时间为（ ）。"
        return Draft(stem, args, "time_s")
    args["block_bytes"] = 64
    return Draft(
        f"{text}，主频 {clock} MHz，块大小 64 B，不考虑写回，主存带宽至少为（ ）。", args, "memory_bytes_per_s"
    )
