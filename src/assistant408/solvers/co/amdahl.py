"""Amdahl's law (Amdahl 定律): overall speedup when a part is improved."""

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
    "co.amdahl",
    title="Amdahl 定律与加速比",
    summary="某部分占原执行时间的比例和该部分的加速倍数已知，求系统总加速比、改进后的时间和加速比上限；或求达到目标所需的部分加速倍数。",
    syllabus=("co.overview.amdahl",),
    keywords=("Amdahl", "阿姆达尔", "加速比", "改进部分", "比例", "执行时间"),
    answers={
        "speedup": Out("总加速比"),
        "new_time": Out("改进后的执行时间", "与原时间同单位"),
        "limit": Out("总加速比的上限"),
        "needed_part_speedup": Out("达到目标所需的部分加速比"),
    },
    examples=({"fraction": 0.4, "part_speedup": 10, "time": 100},),
)
def solve(
    fraction: Annotated[Fraction, Param("可改进部分的比例", "占原执行时间，如 40%", min=0, max=1)],
    part_speedup: Annotated[Fraction, Param("该部分的加速倍数", "改进后快几倍", min=0)] = Fraction(2),
    time: Annotated[Fraction, Param("原执行时间", "任意单位", min=0)] = Fraction(1),
    target_speedup: Annotated[Fraction | None, Param("目标总加速比", "问需要把该部分加快到几倍时给出", min=0)] = None,
) -> Solution:
    """Apply Amdahl's law (Amdahl 定律).

    Args:
        fraction: part of the old run time that is improved, 0 to 1.
        part_speedup: how many times faster this part gets.
        time: old run time.
        target_speedup: an overall speedup to reach.

    Returns:
        `speedup`, `new_time`, `limit` (absent when everything is improved), and `needed_part_speedup` when a
        target is given.

    Raises:
        InputError: a speedup of 0, or a target at or beyond the limit.

    Examples:
        >>> solve(Fraction(2, 5), 10).answer["speedup"]
        Fraction(25, 16)
        >>> solve(1, 4).answer["speedup"]
        Fraction(4, 1)
        >>> solve(Fraction(1, 2), 2, target_speedup=Fraction(3, 2)).answer["needed_part_speedup"]
        Fraction(3, 1)

    Source:
        Amdahl 1967; Hennessy and Patterson, Computer Architecture, §1.9.
    """
    p, k, t = Fraction(fraction), Fraction(part_speedup), Fraction(time)
    if k == 0 or t == 0 or target_speedup == 0:
        raise InputError(f"加速倍数 {str(k)!r}、执行时间 {str(t)!r} 和目标加速比都应大于 0，请改正。")
    rest, part = 1 - p, p / k
    speedup = 1 / (rest + part)
    new = t / speedup
    picture = Gantt(
        [
            Slice("改进前", Fraction(0), t * rest, "不变部分"),
            Slice("改进前", t * rest, t, "可改进部分"),
            Slice("改进后", Fraction(0), t * rest, "不变部分"),
            Slice("改进后", t * rest, new, "改进部分"),
        ]
    )
    gives: dict[str, Result] = {"speedup": speedup, "new_time": new}
    steps = [
        Step(
            f"总加速比 $S=\\dfrac{{1}}{{(1-{decimal(p)})+{decimal(p)}/{decimal(k)}}}{equals(speedup)}$，"
            f"执行时间由 {decimal(t)} 变为 ${decimal(t)}/S{equals(new)}$。",
            picture,
            credit="代入 Amdahl 公式",
            gives=gives,
        )
    ]
    if rest:
        why = f"改进部分再快，时间也不少于不变部分，加速比上限 $1/(1-{decimal(p)}){equals(1 / rest)}$。"
        steps.append(Step(why, credit="求上限", gives={"limit": 1 / rest}))
    if target_speedup is not None:
        goal = Fraction(target_speedup)
        left = 1 / goal - rest
        if left <= 0 or p == 0:
            raise InputError(f"目标加速比 {str(goal)!r} 达不到：上限为 {decimal(1 / rest) if rest else '∞'}，请改小。")
        why = f"由 $1/S=(1-p)+p/k$ 得 $k={decimal(p)}/(1/{decimal(goal)}-{decimal(rest)}){equals(p / left)}$。"
        steps.append(Step(why, credit="反求部分加速比", gives={"needed_part_speedup": p / left}))
    return Solution(steps)


def mistakes(
    fraction: Fraction, part_speedup: Fraction, time: Fraction, target_speedup: Fraction | None
) -> Iterator[Mistake]:
    """Name the slips: the parts exchanged, speedups averaged, the part's speedup taken for the whole."""
    p, k, t = Fraction(fraction), Fraction(part_speedup), Fraction(time)

    def gives(speedup: Fraction) -> dict[str, Fraction]:
        return {"speedup": speedup, "new_time": t / speedup}

    yield Mistake("改进部分与不变部分弄反", gives(1 / (p + (1 - p) / k)))
    yield Mistake("加速倍数按比例加权平均", gives(1 - p + p * k))
    yield Mistake("把部分加速比当成总加速比", gives(k))
    if p < 1:
        yield Mistake("以为改进部分不再花时间", gives(1 / (1 - p)))
    if p:
        yield Mistake("比例乘以加速倍数", gives(p * k))
    yield Mistake("求成上限的倒数", {"limit": 1 - p})
    if target_speedup is not None and p:
        yield Mistake("目标加速比除以比例", {"needed_part_speedup": Fraction(target_speedup) / p})
        yield Mistake("以为部分加速比等于总加速比", {"needed_part_speedup": Fraction(target_speedup)})
        yield Mistake("把目标加速比乘以比例", {"needed_part_speedup": Fraction(target_speedup) * (1 + p)})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Ask for the speedup, the new time, or the speedup a target needs."""
    p = Fraction(rng.choice([20, 25, 40, 50, 60, 75, 80]), 100)
    k = rng.choice([2, 4, 5, 10])
    text = f"某程序中浮点运算占总执行时间的 {decimal(p * 100)}%，"
    if difficulty < 3:
        stem = f"{text}将浮点部件的速度提高到原来的 {k} 倍，则该程序的加速比为（ ）。"
        return Draft(stem, {"fraction": p, "part_speedup": k}, "speedup")
    if difficulty < 5:
        t = rng.choice([20, 40, 60, 100])
        stem = f"{text}程序原来运行 {t} s，将浮点部件的速度提高到原来的 {k} 倍，则运行时间变为（ ）。"
        return Draft(stem, {"fraction": p, "part_speedup": k, "time": t}, "new_time")
    goal = 1 / (1 - p + p / k)
    stem = f"{text}要使程序的加速比达到 {goal.numerator}/{goal.denominator}，浮点部件的速度应提高到原来的（ ）。"
    return Draft(stem, {"fraction": p, "part_speedup": 2, "target_speedup": goal}, "needed_part_speedup")
