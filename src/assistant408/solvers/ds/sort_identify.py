"""Identify a sorting method from an intermediate result (由中间结果判断排序方法)."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Annotated

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Cell, Solution, Step, Table
from assistant408.solvers.ds._answers import strings
from assistant408.solvers.ds._sorts import bubble, heap, insertion, merge, quick, radix, selection, shell, state_after
from assistant408.solvers.ds._text import join

__all__ = ["solve"]

METHODS: Mapping[str, Callable[[Sequence[int], int], list[int]]] = {
    "直接插入排序": lambda keys, k: state_after(keys, insertion(keys), k),
    "冒泡排序（大的沉底）": lambda keys, k: state_after(keys, bubble(keys), k),
    "冒泡排序（小的上浮）": lambda keys, k: state_after(keys, bubble(keys, to_front=True), k),
    "简单选择排序": lambda keys, k: state_after(keys, selection(keys), k),
    "快速排序": lambda keys, k: state_after(keys, quick(keys)[0], k),
    "堆排序": lambda keys, k: state_after(keys, heap(keys)[1:], k) if k else list(keys),
    "二路归并排序": lambda keys, k: state_after(keys, merge(keys), k),
    "基数排序": lambda keys, k: state_after(keys, radix(keys, 10), k) if min(keys) >= 0 else list(keys),
}


@solver(
    "ds.sort_identify",
    title="由中间结果判断排序方法",
    summary="给出初始序列和某一趟之后的序列，判断可能是哪些排序方法，并判断它能否是快速排序若干趟的结果。",
    syllabus=("ds.sort.identify", "ds.sort.compare"),
    keywords=("排序方法", "可能采用", "第二趟", "中间结果", "某一趟", "快速排序", "不可能是", "最终位置"),
    answers={
        "methods": Out("能得到该结果的排序方法"),
        "quick_possible": Out("能否是快速排序该趟后的结果"),
        "placed": Out("已在最终位置的记录"),
        "states": Out("各方法该趟后的序列"),
    },
    examples=(
        {"keys": [2, 12, 16, 88, 5, 10], "result": [2, 5, 10, 12, 16, 88], "after": 3},
        {"keys": [11, 12, 13, 7, 8, 9, 23, 4, 5], "result": [11, 12, 13, 7, 8, 9, 23, 4, 5], "after": 2},
    ),
)
def solve(
    keys: Annotated[list[int], Param("初始序列", "不知道可留空", max_len=40)] = [],  # noqa: B006
    result: Annotated[list[int], Param("该趟后的序列", "必须给出", max_len=40)] = [],  # noqa: B006
    after: Annotated[int, Param("趟数", "所给结果是第几趟之后的", min=1, max=40)] = 1,
    later: Annotated[list[list[int]], Param("其后各趟的序列", "依次给出；没有则留空", max_len=20)] = [],  # noqa: B006
) -> Solution:
    """Find the sorting methods that give a result after some passes (由中间结果判断排序方法).

    Args:
        keys: the sequence at the beginning; without it, methods are judged by what they leave in place.
        result: the sequence after `after` passes of an ascending sort.
        after: number of passes.
        later: sequences after the passes that follow.

    Returns:
        `methods` that give exactly this result (without keys, those that may); `quick_possible`, whether quicksort with any pivots and any way of
        partitioning could; `placed`, the records in their final places; `states` of all methods.

    Raises:
        InputError: a result that is no rearrangement of the keys.

    Examples:
        >>> solve([3, 1, 2, 0], [1, 3, 2, 0], 1).answer["methods"]
        ['直接插入排序']
        >>> solve([2, 1, 3], [1, 2, 3], 1).answer["quick_possible"]
        True
        >>> solve([4, 1, 3, 2], [4, 1, 3, 2], 1).answer["quick_possible"]
        False
        >>> solve(result=[11, 12, 13, 7, 8, 9, 23, 4, 5], after=2).answer["methods"]
        ['直接插入排序']

    Conventions:
        Quicksort takes the first record as the pivot and fills holes; a pass partitions every interval once. Heapsort
        counts its passes from the initial heap. For Shell sort, every gap of the first pass is tried.

    Source:
        408 真题 2009、2010、2014、2019.
    """
    if len(result) < 2:
        raise InputError(f"某趟后的序列 {result!r} 至少有 2 个记录，请给出。")
    if not keys:
        return Solution([*_by_places(result, after)], ["升序"])
    if any(sorted(keys) != sorted(row) for row in (result, *later)):
        raise InputError(f"所给结果 {join(result)!r} 应是初始序列的一个排列，请检查。")
    states = {name: run(keys, after) for name, run in METHODS.items()}
    methods = [
        name
        for name, state in states.items()
        if state == result and all(METHODS[name](keys, k) == row for k, row in enumerate(later, after + 1))
    ]
    if after == 1 and not later:
        gaps = [gap for gap in range(2, len(keys)) if shell(keys, [gap])[0].state == result]
        methods += [f"希尔排序（增量 {gap}）" for gap in gaps]
    rows: list[list[Cell]] = [[name, join(state), "√" if state == result else ""] for name, state in states.items()]
    marks = [(k, 2) for k, row in enumerate(rows) if row[2]]
    steps = [
        Step(
            f"各方法第 {after} 趟后的序列如下，与所给结果相同的是：{join(methods, '、') or '没有'}。",
            Table(["方法", f"第 {after} 趟后", "相符"], rows, marks),
            "逐一检验",
            {"methods": methods, "states": states},
        ),
        _quick(result, after),
    ]
    return Solution(steps, ["升序；快速排序以首个记录为枢轴；堆排序从建成初始堆之后算第 1 趟"])


def _quick(result: list[int], after: int) -> Step:
    final, possible = sorted(result), quick_possible(result, after)
    placed = [a for a, b in zip(result, final, strict=True) if a == b]
    return Step(
        f"排好序为 {join(final)}，已在最终位置的有 {join(placed, '、') or '0 个'}。快速排序第 {after} 趟后，"
        f"每个未排好的区间每趟都有一个枢轴到位且左小右大，所给结果{'符合' if possible else '不符合'}。",
        credit="由最终位置的记录判断",
        gives={"quick_possible": possible, "placed": placed},
    )


def _by_places(row: list[int], k: int) -> list[Step]:
    """Judge methods by what k passes leave in place, whatever the keys were."""
    n, final = len(row), sorted(row)
    blocks = [row[i : i + 2**k] for i in range(0, n, 2**k)]
    checks = {
        "直接插入排序": (f"前 {k + 1} 个有序", row[: k + 1] == sorted(row[: k + 1])),
        "冒泡排序": (f"最大的 {k} 个或最小的 {k} 个到位", row[-k:] == final[-k:] or row[:k] == final[:k]),
        "简单选择排序": (f"最小的 {k} 个（或最大的）到位", row[:k] == final[:k] or row[-k:] == final[-k:]),
        "堆排序": (f"最大的 {k} 个到位", row[-k:] == final[-k:]),
        "快速排序": ("枢轴到位且左小右大", quick_possible(row, k)),
        "二路归并排序": (f"每 {2**k} 个一组有序", all(b == sorted(b) for b in blocks)),
    }
    methods = [name for name, (_, fits) in checks.items() if fits]
    rows: list[list[Cell]] = [[name, need, "√" if fits else ""] for name, (need, fits) in checks.items()]
    table = Table(["方法", f"第 {k} 趟后应有", "符合"], rows)
    why = f"逐个方法检查第 {k} 趟后应有的性质，符合的是：{join(methods, '、') or '没有'}。"
    return [Step(why, table, "逐一检验", {"methods": methods}), _quick(row, k)]


def quick_possible(row: Sequence[int], passes: int) -> bool:
    """Tell whether pivots of that many passes can be found in the row.

    Examples:
        >>> quick_possible([2, 3, 5, 4, 6, 7, 9], 2), quick_possible([4, 2, 3, 1], 1)
        (True, False)
    """
    if passes == 0 or len(row) <= 1:
        return True
    for i, pivot in enumerate(row):
        left, right = row[:i], row[i + 1 :]
        split = all(k <= pivot for k in left) and all(k >= pivot for k in right)
        if split and quick_possible(left, passes - 1) and quick_possible(right, passes - 1):
            return True
    return False


def mistakes(keys: list[int], result: list[int], after: int, later: list[list[int]]) -> Iterator[Mistake]:
    """Yield methods whose neighbouring passes fit, and hasty verdicts."""
    answer = solve(keys, result, after, later).answer
    right = strings(answer["methods"])
    for why, number in (("趟数少数了一趟", after - 1), ("趟数多数了一趟", after + 1)):
        wrong = [name for name, run in METHODS.items() if keys and run(keys, number) == result]
        yield Mistake(why, {"methods": wrong})
    for name in METHODS:
        if name not in right:
            yield Mistake(f"误认为是{name}", {"methods": [name]})
    yield Mistake("只数最终位置的个数，没有看左小右大的层次", {"quick_possible": not answer["quick_possible"]})
    placed = [a for a, b in zip(result, sorted(result), strict=True) if a == b]
    yield Mistake("只看开头连续的记录", {"placed": placed[:1]})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Draw a result that exactly one method gives."""
    names = ["直接插入排序", "冒泡排序（大的沉底）", "简单选择排序", "快速排序", "二路归并排序", "堆排序"]
    while True:
        keys = rng.sample(range(1, 99), 6 + difficulty)
        after = rng.choice([1, 2]) if difficulty < 4 else 2
        name = rng.choice(names[: 3 + difficulty])
        result = METHODS[name](keys, after)
        if solve(keys, result, after).answer["methods"] == [name]:
            break
    stem = f"对序列 {join(keys)} 进行升序排序，第 {after} 趟后的序列为 {join(result)}，则采用的排序方法可能是（ ）。"
    return Draft(stem, {"keys": keys, "result": result, "after": after}, "methods")
