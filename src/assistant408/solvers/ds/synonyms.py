"""Probes that synonyms need (同义词的探测次数)."""

from __future__ import annotations

import random
from collections.abc import Iterator
from fractions import Fraction
from typing import Annotated

from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Cell, Solution, Step, Table, Value
from assistant408.solvers.ds._answers import integer

__all__ = ["solve"]


@solver(
    "ds.synonyms",
    title="同义词的探测次数",
    summary="把 k 个互为同义词的关键字依次存入散列表（线性探测等开放定址法，或链地址法），求探测（比较）的总次数与平均次数。",
    syllabus=("ds.search.hash-collision", "ds.search.hash-asl"),
    keywords=("同义词", "探测次数", "线性探测", "散列表", "冲突", "至少要进行", "开放定址"),
    answers={
        "probes": Out("探测的总次数", "次"),
        "collisions": Out("冲突的总次数", "次"),
        "average": Out("查找成功的平均查找长度"),
    },
    examples=({"count": 8},),
)
def solve(
    count: Annotated[int, Param("同义词个数 k", min=1, max=10**6)],
) -> Solution:
    """Count the probes that store k synonyms (同义词的探测次数).

    Args:
        count: k keys of one hash address.

    Returns:
        `probes` at least k(k+1)/2, `collisions` k(k-1)/2, `average` (k+1)/2.

    Examples:
        >>> solve(8).answer["probes"]
        36
        >>> solve(1).answer["collisions"]
        0

    Conventions:
        The table holds nothing else, so that the i-th synonym meets i-1 collisions before its own place.

    Source:
        严蔚敏《数据结构（C 语言版）》§9.3.3.
    """
    k = count
    probes, clashes = k * (k + 1) // 2, k * (k - 1) // 2
    rows: list[list[Cell]] = [[i, i - 1, i] for i in range(1, min(k, 12) + 1)]
    why = (
        f"第 i 个同义词先与前 $i-1$ 个冲突，第 i 次才探测到空位；总次数至少 $1+2+…+{k}=\\frac{{{k}\\times{k + 1}}}2={probes}$，"
        f"冲突 {clashes} 次，查找成功平均 $\\frac{{{k}+1}}2$ 次。"
    )
    table = Table(["第几个", "冲突次数", "探测次数"], rows)
    gives: dict[str, Value] = {"probes": probes, "collisions": clashes, "average": Fraction(k + 1, 2)}
    return Solution([Step(why, table, "逐个累加", gives)], ["表中没有其他关键字"])


def mistakes(count: int) -> Iterator[Mistake]:
    """Yield collisions for probes, and slips of the sum."""
    probes = integer(solve(count).answer["probes"])
    yield Mistake("只算了冲突次数", {"probes": probes - count, "collisions": probes})
    yield Mistake("没有除以 2", {"probes": 2 * probes, "collisions": count * (count - 1)})
    yield Mistake("按 k 的平方计", {"probes": count * count, "collisions": count})
    yield Mistake("多算了一个关键字", {"probes": probes + count + 1})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Draw a number of synonyms."""
    k = rng.randint(4, 8 + 4 * difficulty)
    stem = f"用线性探测法把 {k} 个互为同义词的关键字依次存入空的散列表，探测的总次数至少是（ ）。"
    return Draft(stem, {"count": k}, "probes")
