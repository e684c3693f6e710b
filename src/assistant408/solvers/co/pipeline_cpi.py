"""Cycles of an instruction pipeline (指令流水线的时钟周期数与 CPI): filling, stalls, branch penalties."""

from __future__ import annotations

import random
from collections.abc import Iterator
from fractions import Fraction
from typing import Annotated

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Gantt, Slice, Solution, Step, Table
from assistant408.solvers.co._text import decimal, equals

__all__ = ["solve"]


@solver(
    "co.pipeline_cpi",
    title="指令流水线的周期数与实际 CPI",
    summary="k 段指令流水线执行 n 条指令的时钟周期数、吞吐率；分支预测失败、阻塞的周期数对平均 CPI 的影响。",
    syllabus=("co.cpu.pipeline-metrics", "co.cpu.hazard-control", "co.cpu.superscalar"),
    keywords=("流水线", "时钟周期数", "分支预测", "预测失败", "分支指令", "实际 CPI", "吞吐率", "流水段", "阻塞"),
    answers={
        "cycles": Out("时钟周期数", "个"),
        "cpi": Out("平均 CPI"),
        "throughput": Out("吞吐率", "条/s"),
        "time_ns": Out("执行时间", "ns"),
        "slowdown": Out("与理想流水线的时间之比"),
    },
    examples=(
        {"stages": 4, "instructions": 100, "clock_mhz": 1030},
        {"stages": 5, "instructions": 12, "stall_cycles": 3},
    ),
)
def solve(
    stages: Annotated[int | None, Param("流水段数", "求周期数时给出", min=1, max=100)] = None,
    instructions: Annotated[int | None, Param("指令条数", "", min=1, max=10**12)] = None,
    clock_mhz: Annotated[Fraction | None, Param("主频", "MHz", min=0)] = None,
    branch_share: Annotated[Fraction, Param("分支指令的比例", "会引起阻塞的指令所占比例", min=0, max=1)] = Fraction(0),
    mispredict_rate: Annotated[Fraction, Param("预测失败率", "不预测时为 1", min=0, max=1)] = Fraction(1),
    penalty_cycles: Annotated[Fraction, Param("每次损失的周期数", "", min=0)] = Fraction(0),
    base_cpi: Annotated[Fraction, Param("理想 CPI", "", min=0)] = Fraction(1),
    stall_cycles: Annotated[int, Param("阻塞的总周期数", "", min=0, max=10**9)] = 0,
    issue: Annotated[int, Param("每周期发射的指令数", "超标量时大于 1", min=1, max=16)] = 1,
) -> Solution:
    """Count the cycles of a pipeline, or its CPI with stalls.

    Args:
        stages: stages, one cycle each.
        instructions: instructions executed.
        clock_mhz: clock in MHz.
        branch_share: share of instructions that may stall.
        mispredict_rate: how often such an instruction does.
        penalty_cycles: cycles lost each time.
        base_cpi: CPI without stalls.
        stall_cycles: stalls in all, counted in cycles.
        issue: instructions that enter in a cycle.

    Returns:
        With stages and instructions `cycles` = k + ⌈n/issue⌉ − 1 + stalls and, with a clock, `time_ns` and `throughput`;
        with a penalty `cpi` = base + share·rate·penalty and `slowdown`.

    Raises:
        InputError: neither is given.

    Examples:
        >>> solve(4, 100, 1030).answer["throughput"]
        Fraction(1000000000, 1)
        >>> solve(branch_share=Fraction(1, 5), mispredict_rate=Fraction(1, 10), penalty_cycles=3).answer["cpi"]
        Fraction(53, 50)
        >>> solve(5, 12).answer["cycles"]
        16

    Source:
        408 真题 2013、2018; Patterson and Hennessy, Computer Organization and Design §4.
    """
    steps = []
    lost = Fraction(branch_share) * Fraction(mispredict_rate) * Fraction(penalty_cycles)
    if lost:
        cpi = Fraction(base_cpi) + lost
        why = (
            f"平均每条指令因阻塞多用 ${decimal(Fraction(branch_share))}\\times {decimal(Fraction(mispredict_rate))}"
            f"\\times {decimal(Fraction(penalty_cycles))}={decimal(lost)}$ 个周期，实际 CPI 为 {decimal(cpi)}，"
            f"时间是理想时的 {decimal(cpi / base_cpi) if base_cpi else '—'} 倍。"
        )
        more = {"slowdown": cpi / base_cpi} if base_cpi else {}
        if clock_mhz:
            more["throughput"] = Fraction(clock_mhz) * 10**6 / cpi
        table = Table(
            ["理想 CPI", "阻塞增加的 CPI", "实际 CPI"], [[decimal(Fraction(base_cpi)), decimal(lost), decimal(cpi)]]
        )
        steps.append(Step(why, table, "求实际 CPI", {"cpi": cpi, **more}))
    elif stages is not None and instructions is not None:
        groups = -(-instructions // issue)
        cycles = stages + groups - 1 + stall_cycles
        many = f"\\lceil {instructions}/{issue}\\rceil" if issue > 1 else str(instructions)
        plus = f"+{stall_cycles}" if stall_cycles else ""
        why = (
            f"第一条指令用 {stages} 个周期，以后每周期完成 {issue} 条，共 ${stages}+({many}-1){plus}={cycles}$ 个周期。"
        )
        cpi = Fraction(cycles, instructions)
        shown = min(4, instructions)
        bars = [Slice(f"I{i + 1}", i // issue, i // issue + stages, f"{stages} 个周期") for i in range(shown)]
        steps.append(Step(why, Gantt(bars, "周期"), "求时钟周期数", {"cycles": cycles, "cpi": cpi}))
        if clock_mhz:
            time = cycles * 1000 / Fraction(clock_mhz)
            rate = instructions * 10**9 / time
            why = f"执行时间{equals(time)} ns，吞吐率 = 指令条数 ÷ 时间，为每秒 {decimal(rate)} 条。".replace(
                "=", " ", 1
            )
            steps.append(Step(why, credit="求吞吐率", gives={"time_ns": time, "throughput": rate}))
    else:
        raise InputError("请给出流水段数与指令条数，或会阻塞的指令的比例与每次损失的周期数。")
    return Solution(steps, ("每段一个时钟周期",))


def mistakes(
    stages: int | None,
    instructions: int | None,
    clock_mhz: Fraction | None,
    branch_share: Fraction,
    mispredict_rate: Fraction,
    penalty_cycles: Fraction,
    base_cpi: Fraction,
    stall_cycles: int,
    issue: int,
) -> Iterator[Mistake]:
    """Name the slips: no filling time, no overlap, the share or the rate left out."""
    if stages is not None and instructions is not None:
        n = -(-instructions // issue)
        yield Mistake("漏了充满流水线的时间", {"cycles": n})
        yield Mistake("多算一个周期", {"cycles": stages + n + stall_cycles})
        yield Mistake("按不重叠执行", {"cycles": stages * n})
        yield Mistake("少算一个周期", {"cycles": stages + n - 2 + stall_cycles})
    share, rate, lost = Fraction(branch_share), Fraction(mispredict_rate), Fraction(penalty_cycles)
    if share * rate * lost:
        yield Mistake("漏乘预测失败率", {"cpi": base_cpi + share * lost})
        yield Mistake("用了预测成功率", {"cpi": base_cpi + share * (1 - rate) * lost})
        yield Mistake("漏乘分支的比例", {"cpi": base_cpi + rate * lost})
        yield Mistake("只加失败的比例", {"cpi": base_cpi + share * rate})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Ask for cycles, or for the CPI with mispredictions."""
    if difficulty < 3:
        k, n = rng.choice([4, 5, 6]), rng.choice([10, 12, 20, 100])
        stem = f"{k} 段指令流水线每段用 1 个时钟周期，无阻塞地执行 {n} 条指令共需时钟周期（ ）个。"
        return Draft(stem, {"stages": k, "instructions": n}, "cycles")
    share, miss, lost = rng.choice([10, 20, 25]), rng.choice([5, 10, 20]), rng.choice([2, 3, 4])
    stem = f"某流水线理想 CPI 为 1，分支指令占 {share}%，预测失败率为 {miss}%，每次失败损失 {lost} 个周期，实际 CPI 为（ ）。"
    args = {"branch_share": Fraction(share, 100), "mispredict_rate": Fraction(miss, 100), "penalty_cycles": lost}
    return Draft(stem, args, "cpi")
