"""Average search lengths of sequential search (顺序查找的平均查找长度)."""

from __future__ import annotations

import random
from collections.abc import Iterator
from fractions import Fraction
from typing import Annotated

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Cell, Solution, Step, Table, Value
from assistant408.solvers.ds._answers import fraction

__all__ = ["solve"]


@solver(
    "ds.search_length",
    title="顺序查找的平均查找长度",
    summary="对 n 个元素的线性表顺序查找（有序或无序、等概率或给出各元素的查找概率），求查找成功与失败时的平均查找长度。",
    syllabus=("ds.search.sequential",),
    keywords=("顺序查找", "平均查找长度", "查找概率", "等概率", "查找成功", "查找失败", "线性表"),
    answers={
        "success": Out("查找成功的平均查找长度"),
        "failure": Out("查找失败的平均查找长度"),
        "best_success": Out("按概率降序排列时查找成功的平均查找长度"),
    },
    examples=({"n": 100}, {"probabilities": [0.35, 0.15, 0.15, 0.35]}),
)
def solve(
    n: Annotated[int | None, Param("元素个数 n", "给出概率时留空", min=1, max=10**9)] = None,
    probabilities: Annotated[list[Fraction], Param("各元素的查找概率", "依次给出；等概率可留空", max_len=60)] = [],  # noqa: B006
    ordered: Annotated[bool, Param("有序表", "失败时遇到更大的关键字就停")] = False,
) -> Solution:
    """Find average search lengths of sequential search (顺序查找的平均查找长度).

    Args:
        n: number of elements, equally likely, or
        probabilities: of the elements in order.
        ordered: the list is sorted, so that a failing search may stop early.

    Returns:
        `success` and `failure`; with probabilities also `best_success` for the best arrangement.

    Raises:
        InputError: neither or both given, or probabilities that do not sum to 1.

    Examples:
        >>> solve(100).answer["success"], solve(100).answer["failure"]
        (Fraction(101, 2), 101)
        >>> a = solve(probabilities=[Fraction(35, 100), Fraction(15, 100), Fraction(15, 100), Fraction(35, 100)]).answer
        >>> a["success"], a["best_success"]
        (Fraction(5, 2), Fraction(21, 10))
        >>> solve(1).answer["success"]
        Fraction(1, 1)

    Conventions:
        Search goes from the front; in an unordered list a failing search ends at the sentinel, n + 1 comparisons.

    Source:
        严蔚敏《数据结构（C 语言版）》§9.1; 408 真题 2013.
    """
    if (n is None) == (not probabilities):
        raise InputError(f"元素个数 {n!r} 与查找概率应恰好给出一种，请补上或去掉其一。")
    if probabilities and sum(probabilities) != 1:
        raise InputError(f"查找概率之和 {sum(probabilities)} 应为 1，请检查。")
    size = n if n is not None else len(probabilities)
    if probabilities:
        success = sum((k * p for k, p in enumerate(probabilities, 1)), Fraction(0))
        best = sum((k * p for k, p in enumerate(sorted(probabilities, reverse=True), 1)), Fraction(0))
        rows: list[list[Cell]] = [[k, p, k * p] for k, p in enumerate(probabilities, 1)]
        table = Table(["位置", "概率", "乘积"], rows)
        why = f"第 k 个元素要比较 k 次，$\\sum k p_k={float(success):g}$；按概率降序排列时为 {float(best):g}。"
        steps = [Step(why, table, "加权平均", {"success": success, "best_success": best})]
    else:
        success = Fraction(size + 1, 2)
        table = Table(["查找", "平均查找长度"], [["成功", success]])
        why = f"等概率时 $ASL_{{成功}}=\\frac{{n+1}}2={float(success):g}$。"
        steps = [Step(why, table, "等概率平均", {"success": success})]
    fails: Value = size + 1
    why = f"每次都要比较到表外的哨兵，共 ${size}+1={size + 1}$ 次。"
    if ordered:
        fails = Fraction(size * (size + 1) // 2 + size, size + 1)
        why = f"{size + 1} 个失败区间的比较次数依次为 $1,2,…,n,n$，平均 $\\frac n2+\\frac n{{n+1}}={float(fails):g}$。"
    steps.append(Step(f"查找失败：{why}", credit="失败的比较次数", gives={"failure": fails}))
    return Solution(steps, ["从前向后查找；无序表失败时比较到哨兵"])


def mistakes(n: int | None, probabilities: list[Fraction], ordered: bool) -> Iterator[Mistake]:
    """Yield averages off by a half, and the other end of the list."""
    answer = solve(n, probabilities, ordered).answer
    mean = fraction(answer["success"])
    size = n if n is not None else len(probabilities)
    yield Mistake("少加了 1", {"success": mean - Fraction(1, 2), "failure": size})
    yield Mistake("多加了 1", {"success": mean + Fraction(1, 2), "failure": size + 2})
    yield Mistake("以为总要查到表尾", {"success": Fraction(size), "failure": Fraction(size + 1, 2)})
    yield Mistake("从另一端查找", {"success": size + 1 - mean, "failure": Fraction(size, 2)})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Draw a length."""
    n = rng.randint(10, 50 * difficulty)
    stem = f"对长度为 {n} 的线性表顺序查找，各元素查找概率相等，查找成功的平均查找长度是（ ）。"
    return Draft(stem, {"n": n}, "success")
