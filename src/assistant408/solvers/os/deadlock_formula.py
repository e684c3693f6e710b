"""Resources that n processes need at least, as a formula (不死锁的资源数公式)."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Annotated

from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Solution, Step, Table

__all__ = ["solve"]


@solver(
    "os.deadlock_formula",
    title="n 个进程不死锁的资源数公式",
    summary="n 个进程各最多需要 k 个同类资源，写出一定不会死锁的最少资源数 n(k−1)+1 的式子。",
    syllabus=("os.deadlock.resource-count",),
    keywords=("不会发生死锁", "n个进程", "临界资源", "资源总数至少", "表达式", "同类资源"),
    answers={
        "formula": Out("不会死锁的最少资源数"),
        "stuck": Out("可能死锁的最多资源数"),
    },
    examples=({"need": 3},),
)
def solve(need: Annotated[int, Param("每个进程最多需要的资源数", min=1, max=1000)]) -> Solution:
    """Write the least number of resources without deadlock as a formula in n (资源数公式).

    Args:
        need: what each of the n processes needs at most.

    Returns:
        `formula` in n, and `stuck`, one less.

    Raises:
        InputError: none beyond the limits of the parameter.

    Examples:
        >>> solve(2).answer["formula"], solve(3).answer["formula"]
        ('n+1', '2n+1')
        >>> solve(1).answer["formula"]
        '1'

    Conventions:
        All processes need the same number of instances of one resource.

    Source:
        汤小丹《计算机操作系统》第3章 §死锁（习题）.
    """
    k = need - 1
    lead = "" if k == 0 else "n" if k == 1 else f"{k}n"
    return Solution(
        [
            Step(
                f"最坏情况下 n 个进程各占有 ${need}-1={k}$ 个，共 {lead or 0} 个，都还差 1 个。",
                Table(["进程数", "每个进程占有", "还差"], [["n", k, 1]]),
                credit="最坏情况",
                gives={"stuck": lead or "0"},
            ),
            Step(
                f"只要再多 1 个，就有一个进程能得到全部资源并释放，至少需要 {lead + '+1' if lead else '1'} 个。",
                credit="再加一个",
                gives={"formula": f"{lead}+1" if lead else "1"},
            ),
        ],
        ["各进程需要的资源数相同"],
    )


def mistakes(need: int) -> Iterator[Mistake]:
    """Misconceptions: everything at once, the one forgotten."""
    yield Mistake("让每个进程都得到全部资源", {"formula": f"{need}n" if need > 1 else "n"})
    yield Mistake("漏了加 1", {"formula": f"{need - 1}n" if need > 2 else "n"})
    yield Mistake("多算一个", {"formula": f"{need}n+1"})
    yield Mistake("少减一个", {"formula": f"{need}n-1"})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Draw the need."""
    need = rng.randint(2, 3 + difficulty)
    stem = f"n 个进程各需要同类资源 {need} 个，系统一定不会死锁的资源数至少是（ ）。"
    return Draft(stem, {"need": need}, "formula")
