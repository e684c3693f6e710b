"""Hit rate from counts (Cache 命中率): hits, misses and accesses."""

from __future__ import annotations

import random
from collections.abc import Iterator
from fractions import Fraction
from typing import Annotated

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Solution, Step, Table, Value
from assistant408.solvers.co._text import percent

__all__ = ["solve"]


@solver(
    "co.hit_rate",
    title="由次数求 Cache 命中率",
    summary="给出访存总次数、Cache 命中次数、缺失（访问主存）次数中的两个，求命中率和缺失率。",
    syllabus=("co.memory.cache-performance",),
    keywords=("命中率", "访存次数", "缺失次数", "未命中", "Cache 完成存取的次数", "主存完成存取的次数"),
    answers={
        "hit_rate": Out("命中率"),
        "miss_rate": Out("缺失率"),
        "hits": Out("命中次数", "次"),
        "misses": Out("缺失次数", "次"),
    },
    examples=({"accesses": 1000, "misses": 50}, {"hits": 3800, "misses": 200}),
)
def solve(
    accesses: Annotated[int | None, Param("访存总次数", "", min=1)] = None,
    hits: Annotated[int | None, Param("命中次数", "", min=0)] = None,
    misses: Annotated[int | None, Param("缺失次数", "", min=0)] = None,
) -> Solution:
    """Divide the hits by the accesses.

    Args:
        accesses: accesses in all.
        hits: those that the cache served.
        misses: those that went to main memory.

    Returns:
        `hit_rate`, `miss_rate`, `hits`, `misses`.

    Raises:
        InputError: not two of the three, or they contradict each other.

    Examples:
        >>> solve(1000, misses=50).answer["hit_rate"], solve(hits=3800, misses=200).answer["hit_rate"]
        (Fraction(19, 20), Fraction(19, 20))

    Source:
        408 真题 2009; 唐朔飞《计算机组成原理》第4章.
    """
    if sum(x is None for x in (accesses, hits, misses)) > 1:
        raise InputError("请在访存总次数、命中次数、缺失次数中给出两个。")
    total = accesses if accesses is not None else (hits or 0) + (misses or 0)
    good = hits if hits is not None else total - (misses or 0)
    bad = misses if misses is not None else total - good
    if total < 1 or good < 0 or bad < 0 or good + bad != total:
        raise InputError(f"命中 {good!r} 次与缺失 {bad!r} 次之和应等于访存 {total!r} 次，请检查。")
    rate = Fraction(good, total)
    why = (
        f"访存共 {total} 次，命中 {good} 次、缺失 {bad} 次，命中率 ${good}/{total}={percent(rate)}$，缺失率 {percent(1 - rate)}。"
    ).replace("%$", "\\%$")
    gives: dict[str, Value] = {"hit_rate": rate, "miss_rate": 1 - rate, "hits": good, "misses": bad}
    table = Table(["命中", "缺失", "合计"], [[good, bad, total]])
    return Solution([Step(why, table, "求命中率", gives)], ("命中率 = 命中次数 ÷ 总访问次数",))


def mistakes(accesses: int | None, hits: int | None, misses: int | None) -> Iterator[Mistake]:
    """Name the slips: the miss rate, misses over hits."""
    answer = solve(accesses, hits, misses).answer
    good, bad = int(str(answer["hits"])), int(str(answer["misses"]))
    yield Mistake("求成缺失率", {"hit_rate": Fraction(bad, good + bad)})
    yield Mistake("缺失次数除以命中次数", {"hit_rate": Fraction(bad, good) if good else Fraction(0)})
    yield Mistake("总次数另加缺失次数", {"hit_rate": Fraction(good + bad, good + 2 * bad)})
    yield Mistake("命中次数减去缺失次数", {"hit_rate": Fraction(abs(good - bad), good + bad)})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Ask for the hit rate."""
    total = rng.choice([1000, 2000, 4000, 5000])
    bad = total // rng.choice([10, 20, 25, 40])
    if difficulty < 3:
        stem = f"某程序访存 {total} 次，其中 Cache 缺失 {bad} 次，Cache 的命中率为（ ）。"
        return Draft(stem, {"accesses": total, "misses": bad}, "hit_rate")
    stem = f"某段时间内 Cache 完成存取 {total - bad} 次，主存完成存取 {bad} 次，Cache 的命中率为（ ）。"
    return Draft(stem, {"hits": total - bad, "misses": bad}, "hit_rate")
