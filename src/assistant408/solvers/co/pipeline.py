"""Pipeline metrics (流水线性能指标): time, throughput, speedup and efficiency, with unequal stages."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Annotated, Literal

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Gantt, Slice, Solution, Step
from assistant408.core.trace import Value as Result
from assistant408.solvers.co._text import decimal, equals, listed

__all__ = ["solve"]

Clocking = Literal["统一时钟", "各段时间"]


@solver(
    "co.pipeline",
    title="流水线的吞吐率、加速比与效率",
    summary="给出流水线各段时间和指令（任务）条数，求时钟周期、完成时间、吞吐率、加速比、效率和瓶颈段，画时空图。",
    syllabus=("co.cpu.pipeline-metrics", "co.cpu.pipeline-concept"),
    keywords=("流水线", "吞吐率", "加速比", "效率", "时空图", "流水段", "时钟周期", "瓶颈段", "流水段寄存器"),
    answers={
        "total_ns": Out("完成时间", "ns"),
        "cycle_ns": Out("流水线时钟周期", "ns"),
        "throughput": Out("实际吞吐率", "条/s"),
        "max_throughput": Out("最大吞吐率", "条/s"),
        "speedup": Out("加速比"),
        "efficiency": Out("效率"),
        "bottleneck": Out("瓶颈段"),
        "sequential_ns": Out("不用流水线的时间", "ns"),
    },
    examples=(
        {"stages_ns": [90, 80, 70, 60], "tasks": 100},
        {"stages_ns": [1, 1, 3, 1], "tasks": 4, "clocking": "各段时间"},
    ),
)
def solve(
    stages_ns: Annotated[list[Fraction], Param("各段时间", "ns，从第 1 段起", min=0, min_len=1, max_len=30)],
    tasks: Annotated[int, Param("指令（任务）条数", "连续流入", min=1, max=10**9)] = 100,
    latch_ns: Annotated[Fraction, Param("流水段寄存器延时", "ns，每段都加", min=0)] = Fraction(0),
    clocking: Annotated[Clocking, Param("定时方式", "统一时钟：周期取最长段；各段时间：每段用自己的时间")] = "统一时钟",
) -> Solution:
    """Measure a linear pipeline (流水线性能指标).

    Args:
        stages_ns: delays of the stages in ns.
        tasks: instructions that flow through without a gap.
        latch_ns: delay of the register behind each stage.
        clocking: one clock whose cycle is the longest stage, or each stage at its own pace.

    Returns:
        `cycle_ns`, `total_ns`, `throughput` and `max_throughput` per second, `speedup` against running
        without a pipeline (the sum of the stages, no latches), `efficiency`, `bottleneck` (1-based stages).

    Raises:
        InputError: a stage of 0.

    Examples:
        >>> solve([90, 80, 70, 60], 100).answer["total_ns"]
        Fraction(9270, 1)
        >>> solve([1, 1, 3, 1], 4, clocking="各段时间").answer["total_ns"]
        Fraction(15, 1)
        >>> solve([5], 10).answer["speedup"]  # one stage is no pipeline
        Fraction(1, 1)

    Conventions:
        统一时钟: (k+n-1)·Δt with Δt the longest stage, as instruction pipelines are run. 各段时间: Σt +
            (n-1)·max t,
        as in time-space diagrams of unequal stages. Efficiency is the shaded share of the time-space diagram.

    Source:
        唐朔飞《计算机组成原理》第8章（指令流水）; 408 真题 2009、2013.
    """
    delays = [Fraction(t) for t in stages_ns]
    if not all(delays):
        raise InputError(f"各段时间 {listed([decimal(t) for t in delays])!r} 都应大于 0，请改正。")
    latch, n, k = Fraction(latch_ns), tasks, len(delays)
    paced = [t + latch for t in delays]
    cycle = max(paced)
    total = _total(paced, n, clocking)
    sequential = n * sum(delays, Fraction(0))
    slow = [i for i, t in enumerate(delays, start=1) if t == max(delays)]
    c, shown = decimal(cycle), decimal(total)
    first = "+".join(decimal(t) for t in paced)
    plus = f"，加上寄存器延时 {decimal(latch)} ns" if latch else ""
    formula = (
        f"$(k+n-1)\\Delta t=({k}+{n}-1)\\times {c}={shown}$ ns"
        if clocking == "统一时钟"
        else f"$\\sum t_i+(n-1)t_{{max}}=({first})+{n - 1}\\times {c}={shown}$ ns"
    )
    rate = n * 10**9 / total
    speedup, efficiency = sequential / total, sequential / (k * total)
    steps = [
        Step(
            f"最长的是第 {listed(slow)} 段，{decimal(max(delays))} ns{plus}，"
            f"{'时钟周期' if clocking == '统一时钟' else '瓶颈段时间'}为 {c} ns。",
            credit="确定时钟周期与瓶颈段",
            gives={"cycle_ns": cycle, "bottleneck": slow, "max_throughput": 10**9 / cycle},
        ),
        Step(
            f"完成 {n} 条：{formula}。",
            _diagram(paced, min(n, 8), clocking),
            credit="求完成时间",
            gives={"total_ns": total},
        ),
        Step(
            f"实际吞吐率 $TP={n}/{shown}$（条/ns），即 {decimal(rate / 10**6)} 百万条/秒；最大吞吐率 $1/{c}$（条/ns）。",
            credit="求吞吐率",
            gives={"throughput": rate},
        ),
        Step(
            f"不用流水线需 ${n}\\times {decimal(sum(delays, Fraction(0)))}={decimal(sequential)}$ ns，"
            f"加速比 ${decimal(sequential)}/{shown}{equals(speedup)}$；"
            f"效率 ${decimal(sequential)}/({k}\\times {shown}){equals(efficiency)}$。",
            credit="求加速比与效率",
            gives={"sequential_ns": sequential, "speedup": speedup, "efficiency": efficiency},
        ),
    ]
    return Solution(steps, (f"定时方式：{clocking}", "不用流水线时每条用各段时间之和，不含寄存器延时"))


def _total(paced: Sequence[Fraction], n: int, clocking: Clocking) -> Fraction:
    if clocking == "统一时钟":
        return (len(paced) + n - 1) * max(paced)
    return sum(paced, Fraction(0)) + (n - 1) * max(paced)


def _diagram(paced: Sequence[Fraction], n: int, clocking: Clocking) -> Gantt:
    """Draw the time-space diagram of the first n tasks."""
    slices = []
    free = [Fraction(0)] * len(paced)
    for task in range(1, n + 1):
        now = Fraction(0)
        for i, t in enumerate(paced):
            width = max(paced) if clocking == "统一时钟" else t
            start = max(now, free[i])
            now = free[i] = start + width
            slices.append(Slice(f"S{i + 1}", start, now, str(task)))
    return Gantt(slices, "ns", f"前 {n} 条的时空图")


def mistakes(stages_ns: list[Fraction], tasks: int, latch_ns: Fraction, clocking: Clocking) -> Iterator[Mistake]:
    """Name the slips: the mean or the sum for the cycle, n or k off by one, the other clocking."""
    delays = [Fraction(t) for t in stages_ns]
    k, n, latch = len(delays), tasks, Fraction(latch_ns)
    paced = [t + latch for t in delays]
    whole = sum(delays, Fraction(0))
    sequential = n * whole
    cycle = max(paced)

    def gives(total: Fraction, c: Fraction) -> dict[str, Result]:
        return {
            "total_ns": total,
            "cycle_ns": c,
            "throughput": n * 10**9 / total,
            "speedup": sequential / total,
            "efficiency": sequential / (k * total),
        }

    mean = sum(paced, Fraction(0)) / k
    yield Mistake("时钟周期取各段的平均值", gives((k + n - 1) * mean, mean))
    yield Mistake("时钟周期取最短段", gives((k + n - 1) * min(paced), min(paced)))
    yield Mistake("时钟周期取各段之和", gives(sum(paced, Fraction(0)) * n, sum(paced, Fraction(0))))
    yield Mistake("没有减 1，算成 k+n 个周期", gives((k + n) * cycle, cycle))
    yield Mistake("只算 n 个周期，漏了装满流水线的时间", gives(n * cycle, cycle))
    yield Mistake("不用流水线", gives(sequential, cycle))
    if latch:
        yield Mistake("漏加流水段寄存器延时", gives((k + n - 1) * max(delays), max(delays)))
    other: Clocking = "各段时间" if clocking == "统一时钟" else "统一时钟"
    yield Mistake(f"按“{other}”定时", gives(_total(paced, n, other), cycle))
    yield Mistake("吞吐率取成最大吞吐率", {"throughput": 10**9 / cycle})
    yield Mistake("加速比取成段数", {"speedup": Fraction(k), "efficiency": Fraction(1)})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Ask for the cycle or time, then speedup and throughput."""
    k = 4 + difficulty // 3
    stages = [Fraction(rng.randint(4, 12) * 10) for _ in range(k)]
    n = rng.choice([10, 20, 100])
    latch = rng.choice([5, 10]) if difficulty > 3 else 0
    args = {"stages_ns": stages, "tasks": n, "latch_ns": latch}
    plus = f"，流水段寄存器延时 {latch} ns" if latch else ""
    text = f"某 {k} 段指令流水线各段时间依次为 {listed([decimal(t) for t in stages])} ns{plus}，"
    if difficulty == 1:
        return Draft(f"{text}则流水线的时钟周期至少为（ ）。", args, "cycle_ns")
    ask, what = rng.choice([("total_ns", "所需时间"), ("speedup", "加速比"), ("throughput", "吞吐率")][:difficulty])
    return Draft(f"{text}统一时钟，连续执行 {n} 条指令，无阻塞，则{what}为（ ）。", args, ask)
