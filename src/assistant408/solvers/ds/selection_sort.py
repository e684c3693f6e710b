"""Simple selection sort (简单选择排序): passes, comparisons and moves."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Annotated

from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Solution, Step
from assistant408.solvers.ds._sorts import ANSWERS, bubble, insertion, neighbours, selection, solution, state_after
from assistant408.solvers.ds._text import join

__all__ = ["solve"]


@solver(
    "ds.selection_sort",
    title="简单选择排序",
    summary="给出待排序序列，求简单选择排序（升序）各趟的结果、比较次数、交换次数和移动次数。",
    syllabus=("ds.sort.selection",),
    keywords=("简单选择排序", "选择排序", "趟", "交换次数", "比较次数", "移动次数"),
    answers={**ANSWERS, "swaps": Out("交换次数", "次")},
    examples=({"keys": [49, 38, 65, 97, 76, 13, 27, 49]}, {"keys": [2, 1, 3], "after": 2}),
)
def solve(
    keys: Annotated[list[int], Param("待排序序列", min_len=1, max_len=60)],
    after: Annotated[int, Param("所问的趟", "问第几趟之后的序列", min=0)] = 1,
) -> Solution:
    """Sort by selecting the smallest of the rest (简单选择排序).

    Args:
        keys: 1 to 60 keys, sorted ascending.
        after: number of the pass whose result is asked for.

    Returns:
        `state` after that pass, all `passes`, `pass_count`, `comparisons`, `moves`, `swaps`.

    Examples:
        >>> a = solve([3, 1, 2]).answer
        >>> a["state"], a["comparisons"], a["swaps"]
        ([1, 3, 2], 3, 2)
        >>> solve([1, 2, 3, 4]).answer["moves"]
        0
        >>> solve([2, 2, 1]).answer["state"]
        [1, 2, 2]

    Conventions:
        A record that is in its place is not exchanged. An exchange is 3 moves. Of equal keys the first is taken.

    Source:
        严蔚敏《数据结构（C 语言版）》§10.4.1.
    """
    passes = selection(keys)
    out = solution(keys, passes, after, ["最小者已在原位时不交换；一次交换计 3 次移动；相等时取最前者"])
    swaps = sum(p.moves for p in passes) // 3
    n = len(keys)
    why = f"比较次数与初始次序无关，为 $n(n-1)/2={n * (n - 1) // 2}$；实际交换 {swaps} 次。"
    return Solution([*out.steps, Step(why, credit="比较与交换次数", gives={"swaps": swaps})], out.conventions)


def mistakes(keys: list[int], after: int) -> Iterator[Mistake]:
    """Yield the mirrored method, shifting instead of exchanging, and other methods."""
    passes = selection(keys)
    yield from neighbours(keys, passes, after)
    row = list(keys)
    for k in range(min(after, len(row) - 1)):
        end = len(row) - 1 - k
        big = max(range(end + 1), key=row.__getitem__)
        row[big], row[end] = row[end], row[big]
    yield Mistake("每趟选最大的放到最后", {"state": row})
    rest = list(keys)
    front = []
    for _ in range(min(after, len(keys))):
        front.append(min(rest))
        rest.remove(front[-1])
    yield Mistake("选出最小者后其余依次后移，而不是交换", {"state": front + rest})
    for why, other in (("用了冒泡排序", bubble(keys)), ("用了直接插入排序", insertion(keys))):
        yield Mistake(
            why,
            {
                "state": state_after(keys, other, after),
                "comparisons": sum(p.comparisons for p in other),
                "swaps": sum(p.moves for p in other) // 3,
            },
        )
    n = len(keys)
    yield Mistake("每趟都算交换一次", {"swaps": n - 1, "moves": 3 * (n - 1)})
    yield Mistake("比较次数多算了 n", {"comparisons": n * (n + 1) // 2})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Draw a sequence and ask for a pass or the exchanges."""
    keys = rng.sample(range(1, 99), 5 + difficulty)
    given = f"对序列 {join(keys)} 进行简单选择排序（升序，每趟把最小者与首个未排记录交换），"
    if difficulty < 4:
        after = rng.randint(2, 2 + difficulty)
        return Draft(f"{given}第 {after} 趟后的序列是（ ）。", {"keys": keys, "after": after}, "state")
    return Draft(f"{given}交换的次数是（ ）。", {"keys": keys}, "swaps")
