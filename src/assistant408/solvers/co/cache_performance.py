"""Cache performance (平均访问时间): hit rate, average access time, efficiency and speedup."""

from __future__ import annotations

import random
from collections.abc import Iterator
from fractions import Fraction
from typing import Annotated, Literal

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Solution, Step, Table
from assistant408.solvers.co._text import decimal, equals, percent

__all__ = ["solve"]

Access = Literal["同时访问", "先Cache后主存"]


@solver(
    "co.cache_performance",
    title="Cache 的命中率与平均访问时间",
    summary="给出命中率（或访问次数与缺失次数）、Cache 和主存的存取时间，求平均访问时间、访问效率和加速比；同时访问或缺失后再访主存。",
    syllabus=("co.memory.cache-performance",),
    keywords=("平均访问时间", "命中率", "缺失率", "访问效率", "加速比", "AMAT", "Cache", "主存"),
    answers={
        "average_ns": Out("平均访问时间", "ns"),
        "hit_rate": Out("命中率"),
        "efficiency": Out("访问效率"),
        "speedup": Out("加速比（相对只用主存）"),
        "miss_rate": Out("缺失率"),
    },
    examples=(
        {"cache_ns": 50, "memory_ns": 200, "hit_rate": 0.95},
        {"cache_ns": 50, "memory_ns": 200, "accesses": 2000, "misses": 100, "access": "先Cache后主存"},
    ),
)
def solve(
    cache_ns: Annotated[Fraction, Param("Cache 存取时间", "命中时间，ns（或时钟周期）", min=0)],
    memory_ns: Annotated[Fraction, Param("主存存取时间", "或缺失损失，单位同上", min=0)],
    hit_rate: Annotated[Fraction | None, Param("命中率", "0～1，或写 95%", min=0, max=1)] = None,
    accesses: Annotated[int | None, Param("访问次数", "没有给命中率时用", min=1)] = None,
    misses: Annotated[int | None, Param("缺失次数", "没有给命中率时用，即访问主存的次数", min=0)] = None,
    access: Annotated[Access, Param("访问方式", "同时访问 Cache 与主存，或先访 Cache、缺失再访主存")] = "同时访问",
) -> Solution:
    """Average the access time over hits and misses (平均访问时间).

    Args:
        cache_ns: access time of the cache, in ns.
        memory_ns: access time of main memory (or the miss penalty), in the same unit.
        hit_rate: hit rate, 0 to 1; or give the two counts.
        accesses: number of accesses.
        misses: how many of them missed.
        access: whether both are accessed at once, or main memory only after a miss.

    Returns:
        `hit_rate`, `miss_rate`, `average_ns`, `efficiency` (cache time / average), `speedup` (memory /
        average).

    Raises:
        InputError: no hit rate and no counts, or more misses than accesses, or a time of 0.

    Examples:
        >>> solve(50, 200, Fraction(95, 100)).answer["average_ns"]
        Fraction(115, 2)
        >>> solve(50, 200, accesses=2000, misses=100, access="先Cache后主存").answer["average_ns"]
        Fraction(60, 1)
        >>> solve(10, 100, 1).answer["efficiency"]
        Fraction(1, 1)

    Conventions:
        同时访问: h·tc + (1-h)·tm, the 408 default; 先Cache后主存: tc + (1-h)·tm.

    Source:
        唐朔飞《计算机组成原理》第4章; 袁春风《计算机系统基础》第6章.
    """
    h = _rate(hit_rate, accesses, misses)
    tc, tm = Fraction(cache_ns), Fraction(memory_ns)
    if tc == 0 or tm == 0:
        raise InputError(f"存取时间 {str(cache_ns)!r}、{str(memory_ns)!r} 都应大于 0，请改正。")
    average = _average(h, tc, tm, access)
    if hit_rate is None:
        first = f"命中率 $h=({accesses}-{misses})/{accesses}{equals(h)}$。"
    else:
        first = f"命中率 $h={decimal(h)}$，缺失率 $1-h={decimal(1 - h)}$。"
    c, m, hs, ms = decimal(tc), decimal(tm), decimal(h), decimal(1 - h)
    formula = (
        f"同时访问：$t_a=h t_c+(1-h)t_m={hs}\\times {c}+{ms}\\times {m}{equals(average)}$ ns。"
        if access == "同时访问"
        else f"命中只访 Cache，缺失再加访主存：$t_a=t_c+(1-h)t_m={c}+{ms}\\times {m}{equals(average)}$ ns。"
    )
    miss_time = tm if access == "同时访问" else tc + tm
    table = Table(
        ["情况", "概率", "时间/ns"],
        [["命中", percent(h), c], ["缺失", percent(1 - h), decimal(miss_time)], ["平均", "", decimal(average)]],
        marks=[(2, 2)],
    )
    steps = [
        Step(first, credit="求命中率", gives={"hit_rate": h, "miss_rate": 1 - h}),
        Step(formula, table, credit="求平均访问时间", gives={"average_ns": average}),
        Step(
            f"访问效率 $e=t_c/t_a={c}/{decimal(average)}{equals(tc / average)}$；"
            f"加速比 $t_m/t_a={m}/{decimal(average)}{equals(tm / average)}$。",
            credit="求效率与加速比",
            gives={"efficiency": tc / average, "speedup": tm / average},
        ),
    ]
    return Solution(steps, (access + ("" if access == "同时访问" else "：缺失时间为两者之和"),))


def _rate(hit_rate: Fraction | None, accesses: int | None, misses: int | None) -> Fraction:
    """Take the hit rate, or find it from the counts."""
    if hit_rate is not None:
        return Fraction(hit_rate)
    if accesses is None or misses is None:
        raise InputError(f"命中率是 {hit_rate!r}，又缺访问次数或缺失次数，请给出命中率，或同时给出两个次数。")
    if misses > accesses:
        raise InputError(f"缺失次数 {misses!r} 多于访问次数 {accesses}，请改正。")
    return 1 - Fraction(misses, accesses)


def _average(h: Fraction, tc: Fraction, tm: Fraction, access: Access) -> Fraction:
    return h * tc + (1 - h) * tm if access == "同时访问" else tc + (1 - h) * tm


def mistakes(
    cache_ns: Fraction,
    memory_ns: Fraction,
    hit_rate: Fraction | None,
    accesses: int | None,
    misses: int | None,
    access: Access,
) -> Iterator[Mistake]:
    """Name the slips: the other way of access, the rates exchanged, a plain average."""
    h, tc, tm = _rate(hit_rate, accesses, misses), Fraction(cache_ns), Fraction(memory_ns)

    def gives(average: Fraction) -> dict[str, Fraction]:
        return {"average_ns": average, "efficiency": tc / average, "speedup": tm / average}

    other: Access = "先Cache后主存" if access == "同时访问" else "同时访问"
    yield Mistake(f"按“{other}”计算", gives(_average(h, tc, tm, other)))
    yield Mistake("命中率与缺失率弄反", gives(_average(1 - h, tc, tm, access)))
    yield Mistake("两种存取时间直接平均", gives((tc + tm) / 2))
    yield Mistake("两种存取时间相加", gives(tc + tm))
    right = _average(h, tc, tm, access)
    yield Mistake("效率与加速比的分子分母弄反", {"efficiency": right / tc, "speedup": right / tm})
    yield Mistake("加速比取成主存与 Cache 时间之比", {"speedup": tm / tc, "efficiency": tc / tm})
    if accesses and misses:
        yield Mistake("把缺失次数加到访问次数里", {"hit_rate": Fraction(accesses, accesses + misses)})
    yield Mistake("求成缺失率", {"hit_rate": 1 - h})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Give the hit rate at first, counts from difficulty 3, and ask for the efficiency at 4."""
    tc = rng.choice([10, 20, 25, 40, 50])
    tm = tc * rng.choice([4, 5, 8, 10])
    access: Access = rng.choice(["同时访问", "先Cache后主存"])
    how = "Cache 与主存同时访问" if access == "同时访问" else "先访问 Cache，缺失后再访问主存"
    args = {"cache_ns": tc, "memory_ns": tm, "access": access}
    if difficulty < 3:
        h = rng.choice([80, 90, 92, 95, 98])
        stem = f"Cache 存取时间 {tc} ns，主存存取时间 {tm} ns，命中率 {h}%，{how}，则平均访问时间为（ ）。"
        return Draft(stem, {**args, "hit_rate": Fraction(h, 100)}, "average_ns")
    n = rng.choice([1000, 2000, 4000, 5000])
    missed = n * rng.randint(1, 10) // 100
    ask, what = ("efficiency", "访问效率") if difficulty > 3 else ("average_ns", "平均访问时间")
    stem = f"CPU 执行某程序访存 {n} 次，其中 Cache 缺失 {missed} 次；Cache 存取时间 {tc} ns，主存 {tm} ns，{how}，则{what}为（ ）。"
    return Draft(stem, {**args, "accesses": n, "misses": missed}, ask)
