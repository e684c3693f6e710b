"""The hit rate that a mean access time demands (由平均访问时间求命中率)."""

from __future__ import annotations

import random
from collections.abc import Iterator
from fractions import Fraction
from typing import Annotated, Literal

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Solution, Step, Table
from assistant408.solvers.co._text import decimal, percent

__all__ = ["solve"]


@solver(
    "co.needed_hit_rate",
    title="由平均访问时间求所需的命中率",
    summary="给出 Cache 和主存的访问时间、要求的平均访问时间，求命中率至少应为多少。",
    syllabus=("co.memory.cache-performance",),
    keywords=("命中率至少", "平均访问时间不超过", "平均访问时间", "Cache", "主存"),
    answers={"hit_rate": Out("所需的命中率"), "miss_rate": Out("允许的缺失率")},
    examples=({"cache_ns": 20, "memory_ns": 200, "average_ns": 29, "access": "同时访问"},),
)
def solve(
    cache_ns: Annotated[Fraction, Param("Cache 访问时间", "ns", min=0)],
    memory_ns: Annotated[Fraction, Param("主存访问时间", "ns；先 Cache 后主存时为缺失的额外时间", min=0)],
    average_ns: Annotated[Fraction, Param("平均访问时间", "ns", min=0)],
    access: Annotated[Literal["同时访问", "先Cache后主存"], Param("访问方式")] = "同时访问",
) -> Solution:
    """Solve the mean access time for the hit rate.

    Args:
        cache_ns: time of a hit.
        memory_ns: time of main memory.
        average_ns: mean access time that is wanted.
        access: both at once (a miss takes the memory's time), or memory only after a miss.

    Returns:
        `hit_rate` and `miss_rate`.

    Raises:
        InputError: a mean that no hit rate gives.

    Examples:
        >>> solve(20, 200, 29).answer["hit_rate"], solve(10, 100, 15, "先Cache后主存").answer["hit_rate"]
        (Fraction(19, 20), Fraction(19, 20))

    Source:
        唐朔飞《计算机组成原理》第4章.
    """
    c, m, t = Fraction(cache_ns), Fraction(memory_ns), Fraction(average_ns)
    worst = m if access == "同时访问" else c + m
    if not c <= t <= worst or worst == c:
        raise InputError(f"平均访问时间 {decimal(t)!r} ns 应在 {decimal(c)} 到 {decimal(worst)} ns 之间，请检查。")
    rate = (worst - t) / (worst - c)
    why = (
        f"设命中率为 h，则 ${decimal(c)}h+{decimal(worst)}(1-h)={decimal(t)}$，"
        f"解得 h = {decimal(rate)}，即 {percent(rate)}；平均时间越短，要求的命中率越高。"
    )
    table = Table(["命中时间/ns", "缺失时间/ns", "平均/ns"], [[decimal(c), decimal(worst), decimal(t)]])
    gives = {"hit_rate": rate, "miss_rate": 1 - rate}
    return Solution([Step(why, table, "求命中率", gives)], (access,))


def mistakes(
    cache_ns: Fraction, memory_ns: Fraction, average_ns: Fraction, access: Literal["同时访问", "先Cache后主存"]
) -> Iterator[Mistake]:
    """Name the slips: the miss rate, the other way of access."""
    c, m, t = Fraction(cache_ns), Fraction(memory_ns), Fraction(average_ns)
    worst = m if access == "同时访问" else c + m
    other = c + m if access == "同时访问" else m
    right = (worst - t) / (worst - c)
    yield Mistake("求成缺失率", {"hit_rate": 1 - right})
    yield Mistake("用错了访问方式", {"hit_rate": (other - t) / (other - c) if other != c else Fraction(1)})
    if t:
        yield Mistake("用 Cache 时间比平均时间", {"hit_rate": c / t})
    yield Mistake("缺失率多算一倍", {"hit_rate": 2 * right - 1})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Ask for the hit rate."""
    c, m = rng.choice([(20, 200), (10, 100), (10, 110), (20, 220)])
    h = rng.choice([Fraction(9, 10), Fraction(19, 20), Fraction(49, 50)])
    t = c * h + m * (1 - h)
    stem = f"CPU 同时访问 Cache 和主存，二者的周期为 {c} ns 和 {m} ns，要使平均访问时间为 {decimal(t)} ns，命中率应为（ ）。"
    return Draft(stem, {"cache_ns": c, "memory_ns": m, "average_ns": t}, "hit_rate")
