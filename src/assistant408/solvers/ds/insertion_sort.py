"""Insertion sort (插入排序), direct and by halving: passes, comparisons and moves."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Annotated, Literal

from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, solver
from assistant408.core.trace import Solution
from assistant408.solvers.ds._sorts import ANSWERS, bubble, insertion, neighbours, selection, solution, state_after
from assistant408.solvers.ds._text import join

__all__ = ["solve"]

Method = Literal["direct", "binary"]
NAMES = {"direct": "直接插入排序", "binary": "折半插入排序"}


@solver(
    "ds.insertion_sort",
    title="插入排序",
    summary="给出待排序序列，用直接插入排序或折半插入排序（升序），求各趟的结果、关键字比较次数和记录移动次数。",
    syllabus=("ds.sort.insertion",),
    keywords=("直接插入排序", "折半插入排序", "插入排序", "比较次数", "移动次数", "趟", "哨兵"),
    answers=ANSWERS,
    examples=({"keys": [49, 38, 65, 97, 76, 13, 27, 49]}, {"keys": [5, 4, 3, 2, 1], "method": "binary", "after": 3}),
)
def solve(
    keys: Annotated[list[int], Param("待排序序列", min_len=1, max_len=60)],
    method: Annotated[Method, Param("方法", "direct 直接插入，binary 折半插入")] = "direct",
    after: Annotated[int, Param("所问的趟", "问第几趟之后的序列", min=0)] = 1,
    sentinel: Annotated[bool, Param("哨兵", "直接插入时与哨兵的比较是否计入")] = False,
) -> Solution:
    """Sort by insertion (插入排序).

    Args:
        keys: 1 to 60 keys, sorted ascending.
        method: search the place from the end of the sorted part, or by halving.
        after: number of the pass whose result is asked for.
        sentinel: whether the last comparison, with the sentinel, counts (direct method).

    Returns:
        `state` after that pass, all `passes`, `pass_count`, `comparisons` of keys, `moves` of records.

    Examples:
        >>> a = solve([3, 1, 2]).answer
        >>> a["state"], a["comparisons"], a["moves"]
        ([1, 3, 2], 3, 6)
        >>> solve([1, 2, 3, 4]).answer["comparisons"]
        3
        >>> solve([2, 2]).answer["moves"]
        0

    Conventions:
        An insertion that shifts m records takes m+2 moves (out, m shifts, in); one that shifts none takes no move.

    Source:
        严蔚敏《数据结构（C 语言版）》§10.2.1、§10.2.2.
    """
    passes = insertion(keys, method == "binary", sentinel)
    note = "计入" if sentinel else "不计入"
    return solution(
        keys,
        passes,
        after,
        [
            f"{NAMES[method]}，升序；后移 m 个记录时移动 m+2 次，不后移时不移动",
            f"与哨兵的比较{note}",
        ],
    )


def mistakes(keys: list[int], method: str, after: int, sentinel: bool) -> Iterator[Mistake]:
    """Yield other methods and slips of counting."""
    passes = insertion(keys, method == "binary", sentinel)
    yield from neighbours(keys, passes, after)
    for why, other in (("用了冒泡排序", bubble(keys)), ("用了简单选择排序", selection(keys))):
        yield Mistake(
            why,
            {
                "state": state_after(keys, other, after),
                "comparisons": sum(p.comparisons for p in other),
                "moves": sum(p.moves for p in other),
            },
        )
    other = insertion(keys, method != "binary", sentinel)
    yield Mistake("直接插入与折半插入混淆", {"comparisons": sum(p.comparisons for p in other)})
    moves = sum(p.moves for p in passes)
    yield Mistake("只数了后移，没有数取出和放回", {"moves": moves - 2 * sum(p.moves > 0 for p in passes)})
    count = sum(p.comparisons for p in passes)
    yield Mistake("漏了每趟最后一次不移动的比较", {"comparisons": count - len(passes)})
    first = sorted(keys[: after + 2]) + list(keys[after + 2 :])
    yield Mistake("以为第一个记录也要一趟", {"state": sorted(keys[:after]) + list(keys[after:])})
    yield Mistake("一趟插入了两个记录", {"state": first})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Draw a sequence and ask for a pass or the comparisons."""
    keys = rng.sample(range(1, 99), 5 + difficulty)
    method: Method = rng.choice(["direct", "direct", "binary"])
    given = f"对序列 {join(keys)} 进行{NAMES[method]}（升序），"
    if difficulty < 3:
        after = rng.randint(2, len(keys) - 2)
        return Draft(
            f"{given}第 {after} 趟后的序列是（ ）。", {"keys": keys, "method": method, "after": after}, "state"
        )
    return Draft(f"{given}关键字的比较次数（不计哨兵）是（ ）。", {"keys": keys, "method": method}, "comparisons")
