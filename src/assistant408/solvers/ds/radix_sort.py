"""Radix sort (基数排序): distribution and collection digit by digit, lowest first."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Annotated

from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Cell, Solution, Step, Table
from assistant408.solvers.ds._sorts import ANSWERS, neighbours, radix, solution, state_after
from assistant408.solvers.ds._text import join

__all__ = ["solve"]


@solver(
    "ds.radix_sort",
    title="基数排序",
    summary="给出待排序的关键字，求基数排序（最低位优先，升序）各趟分配和收集的结果、趟数和所需队列数。",
    syllabus=("ds.sort.radix",),
    keywords=("基数排序", "最低位优先", "LSD", "分配", "收集", "趟", "队列"),
    answers={
        **{k: v for k, v in ANSWERS.items() if k != "moves"},
        "queues": Out("队列数（基数）", "个"),
        "buckets": Out("所问那一趟各队列的内容"),
    },
    examples=({"keys": [278, 109, 63, 930, 589, 184, 505, 269, 8, 83]}, {"keys": [110, 119, 7, 911, 114, 120, 122]}),
)
def solve(
    keys: Annotated[list[int], Param("待排序的关键字", "非负整数", min=0, max=10**9, min_len=1, max_len=60)],
    after: Annotated[int, Param("所问的趟", "问第几趟分配收集之后的序列", min=1)] = 1,
    base: Annotated[int, Param("基数", "每一位的取值个数，十进制为 10", min=2, max=36)] = 10,
) -> Solution:
    """Sort by digits from the lowest (基数排序).

    Args:
        keys: 1 to 60 keys of at least 0.
        after: number of the pass whose result is asked for.
        base: the radix r.

    Returns:
        `state` after that pass, all `passes`, `pass_count` d, `comparisons` (none), `queues` r, and `buckets`, the
        queues of that pass that are not empty.

    Examples:
        >>> a = solve([278, 109, 63, 930, 589, 184, 505, 269, 8, 83]).answer
        >>> a["state"]
        [930, 63, 83, 184, 505, 278, 8, 109, 589, 269]
        >>> solve([0]).answer["pass_count"]
        1
        >>> solve([21, 11]).answer["buckets"]
        {'1': [21, 11]}

    Conventions:
        The queues are first in, first out, so that every pass is stable.

    Source:
        严蔚敏《数据结构（C 语言版）》§10.6; 408 真题 2013.
    """
    passes = radix(keys, base)
    number = min(after, len(passes))
    given = state_after(keys, passes, number - 1)
    buckets: dict[str, list[int]] = {}
    for digit in range(base):
        queue = [k for k in given if k // base ** (number - 1) % base == digit]
        if queue:
            buckets[str(digit)] = queue
    rows: list[list[Cell]] = [[digit, join(queue, "→")] for digit, queue in buckets.items()]
    out = solution(keys, passes, after, [f"最低位优先，基数为 {base}；队列先进先出，每趟都稳定"])
    steps = [step for step in out.steps if "moves" not in step.gives]
    steps += [
        Step(
            f"第 {number} 趟分配时，各队列的内容如下，依次收集。",
            Table(["队列", "队头→队尾"], rows),
            "分配与收集",
            {"buckets": buckets},
        ),
        Step(
            f"最大关键字有 {len(passes)} 位，共 {len(passes)} 趟，需 {base} 个队列；不比较关键字。",
            gives={"pass_count": len(passes), "queues": base, "comparisons": 0},
        ),
    ]
    return Solution(steps, out.conventions)


def mistakes(keys: list[int], after: int, base: int) -> Iterator[Mistake]:
    """Yield passes by other digits, unstable ones, and a highest-first order."""
    passes = radix(keys, base)
    for mistake in neighbours(keys, passes, after):
        yield Mistake(mistake.why, {k: v for k, v in mistake.gives.items() if k in ("state", "pass_count")})
    given = state_after(keys, passes, min(after, len(passes)) - 1)
    weight = base ** (min(after, len(passes)) - 1)
    top = base ** (len(passes) - 1)
    yield Mistake("从最高位开始分配", {"state": sorted(keys, key=lambda k: k // top % base)})
    backwards = given[::-1]
    yield Mistake("收集时把队列当作栈", {"state": sorted(backwards, key=lambda k: k // weight % base)})
    yield Mistake("每趟都从初始序列分配", {"state": sorted(keys, key=lambda k: k // weight % base)})
    yield Mistake("直接排成了有序", {"state": sorted(keys)})
    yield Mistake("按数值大小的前几位排序", {"state": sorted(given, key=lambda k: (k // weight % base, k))})
    yield Mistake("趟数当作了队列数", {"pass_count": base, "queues": len(passes)})
    yield Mistake("队列数当作了记录数", {"queues": len(keys), "pass_count": len(keys)})
    yield Mistake("队列数少算了 0", {"queues": base - 1, "pass_count": len(passes) + 1})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Draw three-digit keys and ask for a pass."""
    keys = [rng.randint(1, 999) for _ in range(6 + difficulty)]
    after = 1 if difficulty < 3 else 2
    stem = f"对关键字序列 {join(keys)} 进行基数排序（最低位优先，升序），第 {after} 趟分配收集后的序列是（ ）。"
    return Draft(stem, {"keys": keys, "after": after}, "state")
