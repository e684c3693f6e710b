"""Bubble sort (冒泡排序): passes, comparisons and moves, with the early stop."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from typing import Annotated, Literal

from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Solution, Step
from assistant408.solvers.ds._sorts import ANSWERS, bubble, insertion, neighbours, selection, solution, state_after
from assistant408.solvers.ds._text import join

__all__ = ["solve"]

Direction = Literal["to_back", "to_front"]


@solver(
    "ds.bubble_sort",
    title="冒泡排序",
    summary="给出待排序序列，求冒泡排序（升序）各趟的结果、趟数、比较次数、交换次数（逆序数）和移动次数。",
    syllabus=("ds.sort.bubble",),
    keywords=("冒泡排序", "起泡排序", "交换排序", "趟", "交换次数", "逆序", "比较次数"),
    answers={**ANSWERS, "swaps": Out("交换次数（逆序对数）", "次")},
    examples=({"keys": [49, 38, 65, 97, 76, 13, 27, 49]}, {"keys": [3, 1, 2], "direction": "to_front"}),
)
def solve(
    keys: Annotated[list[int], Param("待排序序列", min_len=1, max_len=60)],
    after: Annotated[int, Param("所问的趟", "问第几趟之后的序列", min=0)] = 1,
    direction: Annotated[
        Direction, Param("扫描方向", "to_back 从前往后、大的沉到最后；to_front 从后往前、小的冒到最前")
    ] = "to_back",
) -> Solution:
    """Sort by exchanging neighbours (冒泡排序).

    Args:
        keys: 1 to 60 keys, sorted ascending.
        after: number of the pass whose result is asked for.
        direction: which end the passes fill.

    Returns:
        `state` after that pass, all `passes`, `pass_count`, `comparisons`, `moves`, `swaps`.

    Examples:
        >>> a = solve([3, 1, 2]).answer
        >>> a["state"], a["pass_count"], a["swaps"]
        ([1, 2, 3], 2, 2)
        >>> solve([1, 2, 3]).answer["comparisons"]
        2
        >>> solve([2, 2]).answer["swaps"]
        0

    Conventions:
        A pass without an exchange is the last one and counts. An exchange is 3 moves.

    Source:
        严蔚敏《数据结构（C 语言版）》§10.3.
    """
    passes = bubble(keys, direction == "to_front")
    way = "从前往后，大的沉底" if direction == "to_back" else "从后往前，小的上浮"
    out = solution(keys, passes, after, [f"{way}；一趟没有交换即结束（该趟计入）；一次交换计 3 次移动"])
    swaps = sum(p.moves for p in passes) // 3
    why = f"相邻交换每次消去一个逆序，交换次数等于逆序对数 {swaps}。"
    return Solution([*out.steps, Step(why, credit="交换次数", gives={"swaps": swaps})], out.conventions)


def mistakes(keys: list[int], after: int, direction: str) -> Iterator[Mistake]:
    """Yield the other direction, other methods and slips of counting."""
    passes = bubble(keys, direction == "to_front")
    yield from neighbours(keys, passes, after)
    other = bubble(keys, direction != "to_front")
    yield Mistake(
        "扫描方向弄反",
        {
            "state": state_after(keys, other, after),
            "pass_count": len(other),
            "comparisons": sum(p.comparisons for p in other),
        },
    )
    for why, wrong in (("用了直接插入排序", insertion(keys)), ("用了简单选择排序", selection(keys))):
        yield Mistake(
            why,
            {
                "state": state_after(keys, wrong, after),
                "comparisons": sum(p.comparisons for p in wrong),
                "swaps": sum(p.moves > 0 for p in wrong),
            },
        )
    n, swaps = len(keys), sum(p.moves for p in passes) // 3
    yield Mistake("总按 n-1 趟计", {"pass_count": n - 1, "swaps": n * (n - 1) // 2})
    yield Mistake("没有计最后一趟无交换的扫描", {"pass_count": len(passes) - 1})
    yield Mistake("把移动次数当作交换次数", {"swaps": 3 * swaps, "moves": swaps})
    yield Mistake("只数相邻的逆序", {"swaps": sum(a > b for a, b in itertools.pairwise(keys))})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Draw a sequence and ask for a pass, the exchanges or the passes."""
    keys = rng.sample(range(1, 99), 5 + difficulty)
    given = f"对序列 {join(keys)} 进行冒泡排序（升序，从前往后扫描，一趟无交换即结束），"
    if difficulty < 3:
        after = rng.randint(1, 2)
        return Draft(f"{given}第 {after} 趟后的序列是（ ）。", {"keys": keys, "after": after}, "state")
    ask = rng.choice(["swaps", "comparisons", "pass_count"])
    name = {"swaps": "交换次数", "comparisons": "关键字比较次数", "pass_count": "趟数"}[ask]
    return Draft(f"{given}总的{name}是（ ）。", {"keys": keys}, ask)
