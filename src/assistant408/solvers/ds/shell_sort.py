"""Shell sort (希尔排序): passes for a sequence of gaps, and gaps that explain a result."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from typing import Annotated

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Solution, Step
from assistant408.solvers.ds._sorts import ANSWERS, insertion, neighbours, shell, solution, state_after
from assistant408.solvers.ds._text import join

__all__ = ["solve"]


@solver(
    "ds.shell_sort",
    title="希尔排序",
    summary="给出待排序序列和增量序列，求希尔排序（升序）各趟的结果、比较与移动次数；或由一趟的结果求可能的增量。",
    syllabus=("ds.sort.shell",),
    keywords=("希尔排序", "增量", "步长", "间隔", "缩小增量", "趟", "子序列"),
    answers={**ANSWERS, "gaps_found": Out("能得到所给结果的增量")},
    examples=(
        {"keys": [49, 38, 65, 97, 76, 13, 27, 49, 55, 4], "gaps": [5, 3, 1]},
        {"keys": [9, 1, 4, 13, 7, 8, 20, 23, 15], "gaps": [3], "result": [9, 1, 4, 13, 7, 8, 20, 23, 15]},
    ),
)
def solve(
    keys: Annotated[list[int], Param("待排序序列", min_len=1, max_len=60)],
    gaps: Annotated[list[int], Param("增量序列", "如 5,3,1；留空则为 n/2, n/4, …, 1", min=1, max_len=20)] = [],  # noqa: B006
    after: Annotated[int, Param("所问的趟", "问第几趟之后的序列", min=0)] = 1,
    result: Annotated[list[int], Param("已知的第一趟结果", "由它求第一趟的增量；不问则留空", max_len=60)] = [],  # noqa: B006
) -> Solution:
    """Sort by decreasing gaps (希尔排序).

    Args:
        keys: 1 to 60 keys, sorted ascending.
        gaps: gap of each pass; by default n/2 halved down to 1.
        after: number of the pass whose result is asked for.
        result: the known sequence after the first pass, from which its gap is found; if it equals the keys, which may
            then be unknown, every gap whose groups are in order counts.

    Returns:
        `state` after that pass, all `passes`, `pass_count`, `comparisons`, `moves`; with a result `gaps_found`.

    Raises:
        InputError: gaps that don't decrease, or a result that is no rearrangement of the keys.

    Examples:
        >>> solve([49, 38, 65, 97, 76, 13, 27, 49, 55, 4], [5]).answer["state"]
        [13, 27, 49, 55, 4, 49, 38, 65, 97, 76]
        >>> solve([1]).answer["pass_count"]
        0
        >>> solve([3, 4, 1, 2], [2], result=[1, 2, 3, 4]).answer["gaps_found"]
        [1, 2]

    Conventions:
        Within a group, direct insertion without a sentinel; m shifts take m+2 moves.

    Source:
        严蔚敏《数据结构（C 语言版）》§10.2.3; 408 真题 2014、2018.
    """
    steps_of = gaps or halves(len(keys))
    if any(a <= b for a, b in itertools.pairwise(steps_of)):
        raise InputError(f"增量序列 {join(gaps)!r} 应递减，请检查。")
    out = solution(keys, shell(keys, steps_of), after, [f"增量依次为 {join(steps_of)}，组内直接插入排序，升序"])
    if not result:
        return out
    if sorted(result) != sorted(keys):
        raise InputError(f"所给结果 {join(result)!r} 应是原序列的一个排列，请检查。")
    found = [gap for gap in range(1, len(keys)) if shell(keys, [gap])[0].state == result]
    why = f"检查各增量：相距 d 的记录组内有序且由原组排成者，d={join(found, ' 或 ') or '无'}。"
    return Solution([*out.steps, Step(why, credit="由结果反推增量", gives={"gaps_found": found})], out.conventions)


def halves(n: int) -> list[int]:
    """Return Shell's own gaps n/2, n/4, ..., 1.

    Examples:
        >>> halves(10), halves(1)
        ([5, 2, 1], [])
    """
    return [n >> k for k in range(1, n.bit_length()) if n >> k]


def mistakes(keys: list[int], gaps: list[int], after: int, result: list[int]) -> Iterator[Mistake]:
    """Yield passes with neighbouring gaps, groups of consecutive records and slips of counting."""
    used = gaps or halves(len(keys))
    passes = shell(keys, used)
    yield from neighbours(keys, passes, after)
    for change in (1, -1):
        wrong = [max(1, gap + change) for gap in used]
        yield Mistake("增量差了 1", {"state": state_after(keys, shell(keys, wrong), after), "gaps_found": wrong[:1]})
    if used:
        gap = used[0]
        chunks = [sorted(keys[k : k + gap]) for k in range(0, len(keys), gap)]
        yield Mistake("把相邻的若干个记录分为一组", {"state": [k for chunk in chunks for k in chunk]})
        swapped = list(keys)
        for i in range(gap, len(keys)):
            if swapped[i - gap] > swapped[i]:
                swapped[i - gap], swapped[i] = swapped[i], swapped[i - gap]
        yield Mistake("组内只比较交换一遍，没有插入到位", {"state": swapped})
        yield Mistake("把每组的记录数当作增量", {"gaps_found": [len(keys) // gap]})
    plain = insertion(keys)
    yield Mistake(
        "按直接插入排序计数",
        {
            "comparisons": sum(p.comparisons for p in plain),
            "moves": sum(p.moves for p in plain),
        },
    )
    yield Mistake("以为增量总取 n/2", {"gaps_found": [len(keys) // 2]})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Draw a sequence and ask for the first pass, or for the gap behind it."""
    keys = rng.sample(range(1, 99), 7 + difficulty)
    gap = rng.randint(2, len(keys) // 2)
    if difficulty < 4:
        stem = f"对序列 {join(keys)} 进行希尔排序（升序），第一趟的增量为 {gap}，则第一趟后的序列是（ ）。"
        return Draft(stem, {"keys": keys, "gaps": [gap], "after": 1}, "state")
    state = shell(keys, [gap])[0].state
    stem = f"对序列 {join(keys)} 进行希尔排序（升序），第一趟后的序列为 {join(state)}，则第一趟的增量是（ ）。"
    return Draft(stem, {"keys": keys, "gaps": [gap], "result": state}, "gaps_found")
