"""Quicksort (快速排序): partitions, passes, recursion depth, comparisons and moves."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Annotated, Literal

from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Solution, Step, Table
from assistant408.solvers.ds._sorts import ANSWERS, neighbours, quick, solution, state_after
from assistant408.solvers.ds._text import join

__all__ = ["solve"]

Pivot = Literal["first", "last", "middle"]


@solver(
    "ds.quick_sort",
    title="快速排序",
    summary="给出待排序序列，求快速排序（升序）一次划分和各趟的结果、枢轴的位置、递归深度、划分次数、比较次数和移动次数。",
    syllabus=("ds.sort.quick-partition", "ds.sort.quick-analysis"),
    keywords=("快速排序", "划分", "枢轴", "基准", "一趟", "递归深度", "递归次数", "比较次数"),
    answers={
        **ANSWERS,
        "partition": Out("第一次划分后的序列"),
        "pivots": Out("依次到位的枢轴"),
        "partitions": Out("划分次数（区间长大于 1）", "次"),
        "depth": Out("递归树的高度", "层"),
    },
    examples=(
        {"keys": [49, 38, 65, 97, 76, 13, 27, 49]},
        {"keys": [72, 6, 57, 88, 60, 42, 83, 73, 48, 85], "after": 2},
    ),
)
def solve(
    keys: Annotated[list[int], Param("待排序序列", min_len=1, max_len=60)],
    after: Annotated[int, Param("所问的趟", "一趟指对所有未排好的区间各划分一次", min=0)] = 1,
    pivot: Annotated[Pivot, Param("枢轴的选取", "first 首个，last 末个，middle 中间（与首个交换）")] = "first",
) -> Solution:
    """Sort by partitioning (快速排序).

    Args:
        keys: 1 to 60 keys, sorted ascending.
        after: number of the pass whose result is asked for.
        pivot: which record of an interval is the pivot.

    Returns:
        `state` after that pass, `passes` level by level, `pass_count`, `comparisons`, `moves`; `partition`, the
        sequence after the first partition, `pivots` in order, number of `partitions`, `depth` of the recursion tree
        (single records are leaves).

    Examples:
        >>> a = solve([49, 38, 65, 97, 76, 13, 27, 49]).answer
        >>> a["partition"], a["depth"]
        ([27, 38, 13, 49, 76, 97, 65, 49], 4)
        >>> solve([1, 2, 3]).answer["comparisons"]
        3
        >>> solve([2, 2]).answer["state"]
        [2, 2]

    Conventions:
        The pivot leaves a hole that is filled from the right and from the left in turn; equal keys stay on their
        side. A pass partitions every interval of two or more records once.

    Source:
        严蔚敏《数据结构（C 语言版）》§10.3, 算法 10.6; 408 真题 2010、2014、2019.
    """
    levels, partitions, depth = quick(keys, pivot)
    out = solution(
        keys,
        levels,
        after,
        [
            "枢轴取出后从两端交替填坑；一趟指对每个长度大于 1 的区间各划分一次",
            {"first": "以首个记录为枢轴", "last": "以末个记录为枢轴", "middle": "以中间记录为枢轴，先与首个交换"}[
                pivot
            ],
        ],
    )
    first = partitions[0].state if partitions else list(keys)
    pivots = [p.state[p.marks[0]] for p in partitions]
    rows = [[k, *p.state] for k, p in enumerate(partitions, 1)]
    marks = [(k, p.marks[0] + 1) for k, p in enumerate(partitions)]
    steps = [
        Step(
            f"第一次划分：{partitions[0].note}，得 {join(first)}。" if partitions else "只有一个记录，不必划分。",
            Table(["次", *map(str, range(1, len(keys) + 1))], rows, marks, "逐次划分（按层）"),
            "一次划分",
            {"partition": first},
        ),
        *out.steps,
        Step(
            f"共划分 {len(partitions)} 次，枢轴依次为 {join(pivots)}，递归树高 {depth} 层。",
            credit="递归深度",
            gives={"pivots": pivots, "partitions": len(partitions), "depth": depth},
        ),
    ]
    return Solution(steps, out.conventions)


def mistakes(keys: list[int], after: int, pivot: str) -> Iterator[Mistake]:
    """Yield other pivots, stable partitions and slips of counting."""
    levels, partitions, depth = quick(keys, pivot)
    yield from neighbours(keys, levels, after)
    first = partitions[0].state if partitions else list(keys)
    for other in ("first", "last", "middle"):
        if other != pivot:
            wrong, parts, deep = quick(keys, other)
            yield Mistake(
                "选错了枢轴",
                {
                    "state": state_after(keys, wrong, after),
                    "partition": parts[0].state if parts else list(keys),
                    "depth": deep,
                    "comparisons": sum(p.comparisons for p in wrong),
                    "partitions": len(parts),
                },
            )
    key = keys[0] if pivot == "first" else keys[-1]
    rest = list(keys)
    rest.remove(key)
    stable = [k for k in rest if k < key] + [key] + [k for k in rest if k >= key]
    yield Mistake("以为划分保持原来的先后次序", {"partition": stable, "state": stable})
    swapped = _exchange(keys)
    yield Mistake("用了左右指针交换的划分方法", {"partition": swapped, "state": swapped})
    yield Mistake(
        "把一次划分当作一趟", {"state": partitions[min(after, len(partitions)) - 1].state if partitions else first}
    )
    n = len(keys)
    yield Mistake("按最坏情况估计", {"depth": n, "comparisons": n * (n - 1) // 2, "partitions": n - 1})
    yield Mistake("按最好情况估计", {"depth": n.bit_length(), "partitions": n // 2})
    yield Mistake("没有把单个记录的叶算作一层", {"depth": depth - 1, "partitions": len(partitions) - 1})
    yield Mistake("把空区间也算一层", {"depth": depth + 1, "partitions": len(partitions) + 1})


def _exchange(keys: list[int]) -> list[int]:
    """Partition by exchanging from both ends, the first record being the pivot."""
    row, low, high = list(keys), 0, len(keys) - 1
    while low < high:
        while low < high and row[high] >= row[0]:
            high -= 1
        while low < high and row[low] <= row[0]:
            low += 1
        row[low], row[high] = row[high], row[low]
    row[0], row[low] = row[low], row[0]
    return row


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Draw a sequence and ask for the partition, the second pass or the depth."""
    keys = rng.sample(range(1, 99), 6 + difficulty)
    given = f"对序列 {join(keys)} 进行快速排序（升序），以首个记录为枢轴，"
    if difficulty < 3:
        return Draft(f"{given}第一次划分后的序列是（ ）。", {"keys": keys}, "partition")
    if difficulty == 3 or rng.random() < 0.5:
        stem = f"{given}一趟指对每个未排好的区间各划分一次，第二趟后的序列是（ ）。"
        return Draft(stem, {"keys": keys, "after": 2}, "state")
    return Draft(f"{given}递归树的高度（单个记录为叶，计一层）是（ ）。", {"keys": keys}, "depth")
