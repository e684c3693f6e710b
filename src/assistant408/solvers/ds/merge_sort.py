"""Two-way merge sort (二路归并排序): passes and comparisons."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Annotated

from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, solver
from assistant408.core.trace import Solution
from assistant408.solvers.ds._sorts import ANSWERS, insertion, merge, neighbours, shell, solution, state_after
from assistant408.solvers.ds._text import join

__all__ = ["solve"]


@solver(
    "ds.merge_sort",
    title="二路归并排序",
    summary="给出待排序序列，求二路归并排序（升序）各趟的结果、趟数和关键字比较次数。",
    syllabus=("ds.sort.merge",),
    keywords=("归并排序", "二路归并", "2 路归并", "有序段", "趟", "比较次数"),
    answers=ANSWERS,
    examples=({"keys": [49, 38, 65, 97, 76, 13, 27]}, {"keys": [5, 4, 3, 2, 1], "after": 2}),
)
def solve(
    keys: Annotated[list[int], Param("待排序序列", min_len=1, max_len=64)],
    after: Annotated[int, Param("所问的趟", "问第几趟之后的序列", min=0)] = 1,
) -> Solution:
    """Sort by merging neighbouring runs (二路归并排序).

    Args:
        keys: 1 to 64 keys, sorted ascending.
        after: number of the pass whose result is asked for.

    Returns:
        `state` after that pass, all `passes`, `pass_count` (ceil(log2 n)), `comparisons`, `moves`.

    Examples:
        >>> a = solve([49, 38, 65, 97, 76, 13, 27]).answer
        >>> a["state"], a["pass_count"]
        ([38, 49, 65, 97, 13, 76, 27], 3)
        >>> solve([1]).answer["comparisons"]
        0
        >>> solve([2, 2]).answer["comparisons"]
        1

    Conventions:
        Bottom up: runs of 1, 2, 4, ... records; a run without a partner is copied. Every pass moves n records.

    Source:
        严蔚敏《数据结构（C 语言版）》§10.5.
    """
    return solution(keys, merge(keys), after, ["自底向上，段长依次为 1，2，4，…；轮空的段直接复制；每趟移动 n 次"])


def mistakes(keys: list[int], after: int) -> Iterator[Mistake]:
    """Yield other groupings and slips of counting."""
    passes = merge(keys)
    yield from neighbours(keys, passes, after)
    n = len(keys)
    cut = (n + 1) // 2
    yield Mistake("先对半分，两半各自排好", {"state": sorted(keys[:cut]) + sorted(keys[cut:])})
    chunks = [sorted(keys[k : k + after + 1]) for k in range(0, n, after + 1)]
    yield Mistake("段长每趟加 1 而不是加倍", {"state": [k for chunk in chunks for k in chunk]})
    half = max(n >> after, 1)
    yield Mistake(
        "当作希尔排序，相距一定增量的记录为一组", {"state": shell(keys, [half])[0].state if n > half else list(keys)}
    )
    yield Mistake("用了直接插入排序", {"state": state_after(keys, insertion(keys), after)})
    yield Mistake("趟数取 log n 的下整", {"pass_count": n.bit_length() - 1})
    yield Mistake("每趟都按 n-1 次比较", {"comparisons": len(passes) * (n - 1), "moves": len(passes) * (n - 1)})
    yield Mistake("每趟都按 n 次比较", {"comparisons": len(passes) * n})
    yield Mistake("每趟都按 n/2 次比较", {"comparisons": len(passes) * (n // 2)})
    yield Mistake("没有计放回原数组的移动", {"moves": len(passes) * n // 2})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Draw a sequence and ask for a pass or the comparisons."""
    keys = rng.sample(range(1, 99), 6 + difficulty)
    given = f"对序列 {join(keys)} 进行二路归并排序（升序，初始每个记录为一段），"
    if difficulty < 4:
        return Draft(f"{given}第 2 趟后的序列是（ ）。", {"keys": keys, "after": 2}, "state")
    return Draft(f"{given}关键字的比较总次数是（ ）。", {"keys": keys}, "comparisons")
