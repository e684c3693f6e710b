"""Hit rate or fault rate that a wanted effective access time takes (由有效访问时间反求)."""

from __future__ import annotations

import random
from collections.abc import Iterator
from fractions import Fraction
from typing import Annotated, Literal

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Solution, Step, Table
from assistant408.solvers.os._show import number, tidy

__all__ = ["solve"]

Seek = Literal["hit_rate", "fault_rate"]


@solver(
    "os.eat_target",
    title="由有效访问时间反求命中率或缺页率",
    summary="给出访存时间和要求的有效访问时间，反求快表命中率至少应为多少，或缺页率最多可为多少。",
    syllabus=("os.memory.eat", "os.memory.demand-eat"),
    keywords=(
        "有效访问时间不超过",
        "平均访问时间不大于",
        "命中率至少",
        "缺页率不超过",
        "缺页率最大",
        "快表",
        "缺页处理",
    ),
    answers={
        "rate": Out("所求的比率"),
        "hit_rate": Out("快表命中率"),
        "fault_rate": Out("缺页率"),
        "best": Out("总是命中（不缺页）时的时间"),
        "worst": Out("总不命中（缺页）时的时间"),
    },
    examples=({"memory_time": 100, "target": 120, "seek": "hit_rate"},),
)
def solve(
    memory_time: Annotated[Fraction, Param("访存时间", "一次访问内存的时间，各时间用同一单位", min=0)],
    target: Annotated[Fraction, Param("要求的有效访问时间", "同一单位", min=0)],
    seek: Annotated[Seek, Param("所求", "hit_rate 快表命中率，fault_rate 缺页率")] = "hit_rate",
    tlb_time: Annotated[Fraction, Param("快表查询时间", "忽略时为 0", min=0)] = Fraction(0),
    levels: Annotated[int, Param("页表级数", "求命中率时使用", min=1, max=8)] = 1,
    fault_service: Annotated[Fraction, Param("缺页处理时间", "求缺页率时使用", min=0)] = Fraction(0),
) -> Solution:
    """Find the rate that a wanted average takes (由有效访问时间反求).

    Args:
        memory_time: one access to memory; all times in one unit.
        target: the average that is wanted.
        seek: what is looked for.
        tlb_time: one look into the TLB.
        levels: levels of the page table, each an access on a TLB miss.
        fault_service: time to serve a page fault.

    Returns:
        `rate`, which is also `hit_rate` or `fault_rate`; `best` and `worst`, the two times that are averaged.

    Raises:
        InputError: a target outside of the two times, or no difference between them.

    Examples:
        >>> solve(Fraction(200), Fraction(240)).answer["hit_rate"]
        Fraction(4, 5)
        >>> solve(Fraction(100), Fraction(180), "fault_rate", fault_service=Fraction(8_000_000)).answer["fault_rate"]
        Fraction(1, 100000)

    Conventions:
        A TLB hit costs the look and one access, a miss one access a level more. For the fault rate, a reference
        costs one access and a fault its service besides.

    Source:
        Silberschatz, Operating System Concepts, 10e, §9.3.2 and §10.2.3.
    """
    best = tidy(tlb_time + memory_time)
    more = levels * memory_time if seek == "hit_rate" else fault_service
    if not more:
        raise InputError("没有额外的时间，比率取什么值都一样；求缺页率时请给出缺页处理时间。")
    worst = tidy(best + more)
    if not best <= target <= worst:
        raise InputError(f"要求的有效访问时间 {number(target)} 应在 {number(best)} 到 {number(worst)} 之间，请核对。")
    part = Fraction(Fraction(target) - best, 1) / Fraction(more)
    rate = 1 - part if seek == "hit_rate" else part
    good, bad = ("快表命中", "快表未命中") if seek == "hit_rate" else ("不缺页", "缺页")
    names = ("h", "1-h") if seek == "hit_rate" else ("1-p", "p")
    name = "命中率 $h\\ge" if seek == "hit_rate" else "缺页率 $p\\le"
    return Solution(
        [
            Step(
                f"{good}时需 {number(best)}，{bad}时多用 {number(more)}，共 {number(worst)}。",
                Table(["情况", "比例", "时间"], [[good, names[0], number(best)], [bad, names[1], number(worst)]]),
                credit="两种情况的访问时间",
                gives={"best": best, "worst": worst},
            ),
            Step(
                f"有效访问时间 $={number(best)}+({'1-h' if seek == 'hit_rate' else 'p'})\\times {number(more)}"
                f"\\le {number(target)}$，解得{name} {number(tidy(rate))}$。",
                credit="列式求出比率",
                gives={"rate": tidy(rate), seek: tidy(rate)},
            ),
        ],
        ["快表未命中时每级页表访存一次"] if seek == "hit_rate" else ["缺页时的时间为访存时间加缺页处理时间"],
    )


def mistakes(
    memory_time: Fraction, target: Fraction, seek: Seek, tlb_time: Fraction, levels: int, fault_service: Fraction
) -> Iterator[Mistake]:
    """Misconceptions: the complement, the access forgotten, the target over the whole."""
    best = tlb_time + memory_time
    more = Fraction(levels * memory_time if seek == "hit_rate" else fault_service)
    part = (Fraction(target) - best) / more
    rate = 1 - part if seek == "hit_rate" else part
    yield Mistake("把比率与其补数弄反", {"rate": tidy(1 - rate)})
    yield Mistake("漏了总要花的访存时间", {"rate": tidy(Fraction(target) / more)})
    yield Mistake("以总不命中的时间为分母", {"rate": tidy((Fraction(target) - best) / (best + more))})
    yield Mistake("用要求的时间去除", {"rate": tidy(Fraction(best) / Fraction(target))})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Draw a wanted hit rate or fault rate."""
    memory = Fraction(50 * rng.randint(1, 6))
    if difficulty < 3:
        target = memory + memory * Fraction(rng.choice([2, 5, 10, 20, 25]), 100)
        stem = (
            f"某分页系统的页表在内存，一次访存需 {memory} ns。增设快表并忽略查快表的时间，"
            f"要使平均访问时间不超过 {number(target)} ns，快表命中率至少为（ ）。"
        )
        return Draft(stem, {"memory_time": memory, "target": target}, "rate")
    service = Fraction(10**6 * rng.randint(2, 10))
    target = memory + service * Fraction(rng.randint(1, 9), 10**5)
    stem = (
        f"请求分页系统一次访存需 {memory} ns，缺页处理需 {service} ns。"
        f"要使有效访问时间不超过 {number(target)} ns，缺页率最大为（ ）。"
    )
    args = {"memory_time": memory, "target": target, "seek": "fault_rate", "fault_service": service}
    return Draft(stem, args, "rate")
