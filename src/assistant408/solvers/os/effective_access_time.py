"""Effective access time (有效访问时间) with a TLB, page tables in memory and page faults."""

from __future__ import annotations

import random
from collections.abc import Iterator
from fractions import Fraction
from typing import Annotated, Literal

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Solution, Step, Table
from assistant408.solvers.os._show import Number, number, tidy

__all__ = ["solve"]

AfterFault = Literal["restart", "access", "included"]
FaultBase = Literal["all", "tlb_miss"]


@solver(
    "os.effective_access_time",
    title="有效访问时间",
    summary="给出访存时间、快表查询时间与命中率、页表级数、缺页率和缺页处理时间，求平均（有效）访问时间以及各种情况的访问时间。",
    syllabus=("os.memory.eat", "os.memory.demand-eat", "os.memory.tlb"),
    keywords=(
        *("有效访问时间", "平均访问时间", "EAT", "快表", "TLB", "命中率", "联想寄存器", "缺页率", "缺页中断处理"),
        *("访存时间", "页表级数", "并行查快表"),
    ),
    answers={
        "eat": Out("有效访问时间"),
        "hit_time": Out("快表命中时的访问时间"),
        "miss_time": Out("快表未命中、不缺页时的访问时间"),
        "fault_time": Out("缺页时的访问时间"),
        "no_tlb_time": Out("没有快表、不缺页时的访问时间"),
    },
    examples=({"memory_time": 100, "tlb_time": 10, "hit_rate": 0.9},),
)
def solve(
    memory_time: Annotated[Fraction, Param("访存时间", "一次访问内存的时间，各时间用同一单位", min=0)],
    tlb_time: Annotated[Fraction, Param("快表查询时间", "忽略或没有快表时为 0", min=0)] = Fraction(0),
    hit_rate: Annotated[Fraction, Param("快表命中率", "0 到 1，没有快表时为 0", min=0, max=1)] = Fraction(0),
    levels: Annotated[int, Param("页表级数", "0 表示不计查页表的时间", min=0, max=8)] = 1,
    fault_rate: Annotated[Fraction, Param("缺页率", "0 到 1", min=0, max=1)] = Fraction(0),
    fault_service: Annotated[Fraction, Param("缺页处理时间", "处理一次缺页的时间，同一单位", min=0)] = Fraction(0),
    fault_base: Annotated[
        FaultBase, Param("缺页率的基数", "all 占全部访问的比例，tlb_miss 占快表未命中访问的比例")
    ] = "all",
    parallel: Annotated[bool, Param("并行查快表", "查快表与查页表同时开始")] = False,
    after_fault: Annotated[
        AfterFault,
        Param("缺页处理之后", "restart 重新查快表再访存，access 直接访存，included 处理时间已含全部访问"),
    ] = "restart",
) -> Solution:
    """Average the time of a memory reference (有效访问时间).

    Args:
        memory_time: one access to memory; all times in one unit.
        tlb_time: one look into the TLB.
        hit_rate: part of the references that the TLB translates.
        levels: levels of the page table, each costing one access to memory.
        fault_rate: part of the references (or, see `fault_base`, of the TLB misses) that fault.
        fault_service: time to serve a page fault.
        fault_base: what `fault_rate` is a part of.
        parallel: whether the page table is looked up at the same time as the TLB.
        after_fault: what follows the service of a fault.

    Returns:
        `hit_time`, `miss_time`, `no_tlb_time`, with faults `fault_time`, and `eat`.

    Raises:
        InputError: hit rate and fault rate add up to more than 1.

    Examples:
        >>> solve(100, 10, Fraction(9, 10)).answer["eat"]
        120
        >>> solve(100).answer["eat"]  # no TLB: page table and datum
        200
        >>> solve(100, 10, Fraction(9, 10), parallel=True).answer["eat"]
        119

    Conventions:
        Times of TLB refill are ignored. After a fault the TLB holds the translation, so the restarted reference
        hits it. A page that is in the TLB is in memory.

    Source:
        Silberschatz, Operating System Concepts, 10e, §9.3.2 and §10.2.3; 统考 2009 年操作系统综合题.
    """
    rates = _rates(hit_rate, fault_rate, fault_base)
    times = _times(memory_time, tlb_time, levels, fault_service, parallel, after_fault)
    t, m = number(tlb_time), number(memory_time)
    walk = f"{levels}\\times {m}" if levels != 1 else m
    look = f"\\max({t},{walk})" if parallel else f"{t}+{walk}"
    steps = [
        Step(
            f"快表命中：查快表后访存一次，$T_1={t}+{m}={number(times[0])}$。",
            credit="快表命中的时间",
            gives={"hit_time": times[0]},
        ),
        Step(
            f"快表未命中、不缺页：再查 {levels} 级页表，访存 {levels} 次，取数据 1 次，"
            f"$T_2={look}+{m}={number(times[1])}$。没有快表时需 $({levels}+1)\\times {m}={number((levels + 1) * memory_time)}$。",
            credit="快表未命中的时间",
            gives={"miss_time": times[1], "no_tlb_time": tidy((levels + 1) * memory_time)},
        ),
    ]
    if fault_rate:
        steps.append(_fault_step(times[2], look, t, m, number(fault_service), after_fault))
    labels = ["快表命中", "快表未命中、不缺页", "缺页"]
    rows = [
        [label, number(rate), number(time)]
        for label, rate, time in zip(labels, rates, times, strict=True)
        if rate or label == "快表命中"
    ]
    eat = tidy(sum((r * x for r, x in zip(rates, times, strict=True)), Fraction(0)))
    terms = "+".join(f"{number(r)}\\times {number(x)}" for r, x in zip(rates, times, strict=True) if r)
    steps.append(
        Step(
            f"按各情况的比例加权，$EAT={terms}={number(eat)}$。",
            Table(["情况", "比例", "时间"], rows),
            credit="加权得有效访问时间",
            gives={"eat": eat},
        )
    )
    return Solution(steps, _conventions(bool(fault_rate), parallel, fault_base))


def _rates(hit_rate: Fraction, fault_rate: Fraction, base: FaultBase) -> list[Fraction]:
    hit = Fraction(hit_rate)
    fault = Fraction(fault_rate) * ((1 - hit) if base == "tlb_miss" else 1)
    if hit + fault > 1:
        raise InputError(
            f"快表命中率 {str(hit)!r} 与缺页率 {str(fault)!r} 之和超过 1，缺页只能发生在快表未命中时，请核对。"
        )
    return [hit, 1 - hit - fault, fault]


def _times(
    memory: Fraction, tlb: Fraction, levels: int, service: Fraction, parallel: bool, after: AfterFault
) -> list[Number]:
    """Give the times of a TLB hit, a TLB miss and a page fault."""
    look = max(tlb, levels * memory) if parallel else tlb + levels * memory
    rest = {"restart": look + tlb + memory, "access": look + memory, "included": Fraction(0)}[after]
    return [tidy(x) for x in (tlb + memory, look + memory, rest + service)]


def _fault_step(time: Number, look: str, t: str, m: str, service: str, after: AfterFault) -> Step:
    ways = {
        "restart": ("查页表发现缺页，处理后更新快表，重新执行指令时快表命中", f"{look}+{service}+{t}+{m}"),
        "access": ("查页表发现缺页，处理后访存一次", f"{look}+{service}+{m}"),
        "included": ("题给的缺页处理时间已包含全部访问", service),
    }
    why, formula = ways[after]
    return Step(f"缺页：{why}，$T_3={formula}={number(time)}$。", credit="缺页的时间", gives={"fault_time": time})


def _conventions(faults: bool, parallel: bool, base: FaultBase) -> list[str]:
    out = ["查快表与查页表同时开始" if parallel else "先查快表，未命中再查页表", "不计更新快表的时间"]
    if faults:
        out.append("缺页率是" + ("占全部访问的比例" if base == "all" else "占快表未命中访问的比例"))
    return out


def mistakes(
    memory_time: Fraction,
    tlb_time: Fraction,
    hit_rate: Fraction,
    levels: int,
    fault_rate: Fraction,
    fault_service: Fraction,
    fault_base: FaultBase,
    parallel: bool,
    after_fault: AfterFault,
) -> Iterator[Mistake]:
    """Misconceptions: an access or the TLB forgotten, levels, order of lookup, rates swapped."""

    def eat(
        tlb: Fraction = tlb_time,
        hit: Fraction = hit_rate,
        levels: int = levels,
        parallel: bool = parallel,
        service: Fraction = fault_service,
        saved: Number = 0,
    ) -> Number:
        times = _times(memory_time, tlb, levels, service, parallel, after_fault)
        rates = _rates(hit, min(fault_rate, 1 - hit), fault_base)
        return tidy(sum((r * (x - saved) for r, x in zip(rates, times, strict=True)), Fraction(0)))

    yield Mistake("漏了取数据的那次访存", {"eat": eat(saved=memory_time)})
    yield Mistake("漏了查快表的时间", {"eat": eat(tlb=Fraction(0))})
    yield Mistake("把先后查与并行查弄反", {"eat": eat(parallel=not parallel)})
    yield Mistake("按少一级页表计算", {"eat": eat(levels=max(0, levels - 1))})
    yield Mistake("按多一级页表计算", {"eat": eat(levels=levels + 1)})
    if 0 < hit_rate < 1:
        yield Mistake("命中率与未命中率弄反", {"eat": eat(hit=1 - hit_rate)})
        yield Mistake("当作快表总是命中", {"eat": tidy(tlb_time + memory_time)})
        yield Mistake("没有快表的时间", {"eat": tidy((levels + 1) * memory_time)})
    if fault_rate:
        yield Mistake("漏了缺页处理时间", {"eat": eat(service=Fraction(0))})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Draw TLB questions; more levels and page faults with difficulty."""
    memory = Fraction(10 * rng.randint(5, 20))
    tlb = Fraction(rng.choice([2, 5, 10, 20]))
    hit = Fraction(rng.choice([80, 85, 90, 95, 98]), 100)
    levels = 1 if difficulty < 3 else rng.randint(2, 3)
    args: dict[str, object] = {"memory_time": memory, "tlb_time": tlb, "hit_rate": hit, "levels": levels}
    stem = (
        f"某系统采用 {levels} 级页表，页表在内存，一次访存 {memory} ns，查快表 {tlb} ns，"
        f"快表命中率为 {hit * 100}%，先查快表，未命中再查页表，不计更新快表的时间。"
    )
    if difficulty > 3:
        fault, service = Fraction(rng.choice([1, 2, 5]), 1000), Fraction(10**6 * rng.randint(1, 9))
        args |= {"fault_rate": fault, "fault_service": service}
        stem += f"缺页率为 {number(fault)}，缺页处理需 {service} ns，处理后重新执行指令。"
    return Draft(stem + "有效访问时间（ns）是（ ）。", args, "eat")
