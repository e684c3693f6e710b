"""Heapsort (堆排序): the heap that is built and the sequence after every pass."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Annotated

from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Solution, Step
from assistant408.solvers.ds._heaps import build, picture, sift_up
from assistant408.solvers.ds._sorts import ANSWERS, heap, neighbours, selection, solution, state_after
from assistant408.solvers.ds._text import join

__all__ = ["solve"]


@solver(
    "ds.heap_sort",
    title="堆排序",
    summary="给出待排序序列，求堆排序（升序，大根堆）建成的初始堆、各趟交换调整后的序列和关键字比较次数。",
    syllabus=("ds.sort.heap-sort", "ds.sort.heap-build"),
    keywords=("堆排序", "大根堆", "初始堆", "建堆", "筛选", "调整", "趟", "比较次数"),
    answers={
        **{k: v for k, v in ANSWERS.items() if k != "moves"},
        "initial": Out("初始大根堆"),
        "build_comparisons": Out("建堆的比较次数", "次"),
    },
    examples=({"keys": [49, 38, 65, 97, 76, 13, 27, 49]}, {"keys": [3, 1, 2], "after": 2}),
)
def solve(
    keys: Annotated[list[int], Param("待排序序列", min_len=1, max_len=60)],
    after: Annotated[int, Param("所问的趟", "一趟指堆顶与堆尾交换并调整一次；0 为初始堆", min=0)] = 1,
) -> Solution:
    """Sort by a max-heap (堆排序).

    Args:
        keys: 1 to 60 keys, sorted ascending.
        after: number of the pass whose result is asked for; 0 asks for the initial heap.

    Returns:
        `state` after that pass, all `passes` (without the building), `pass_count`, `initial`, and `comparisons` in
        all, of which `build_comparisons` build the heap.

    Examples:
        >>> a = solve([49, 38, 65, 97, 76, 13, 27, 49]).answer
        >>> a["initial"], a["state"]
        ([97, 76, 65, 49, 49, 13, 27, 38], [76, 49, 65, 38, 49, 13, 27, 97])
        >>> solve([1]).answer["comparisons"]
        0
        >>> solve([2, 2]).answer["initial"]
        [2, 2]

    Conventions:
        Built bottom up. Sifting compares the two children, then the greater one with the parent. Of equal children
        the left one is taken.

    Source:
        严蔚敏《数据结构（C 语言版）》§10.4.3.
    """
    built, *passes = heap(keys)
    out = solution(built.state, passes, after, ["自底向上建大根堆；筛选时先比较两个孩子，再与较大的孩子比较"])
    total = built.comparisons + sum(p.comparisons for p in passes)
    steps = [
        Step(
            f"从最后一个分支结点（第 {len(keys) // 2} 个）起逐个向下筛选，建成大根堆 {join(built.state)}，"
            f"比较 {built.comparisons} 次。",
            picture(built.state),
            "初始堆",
            {"initial": built.state, "build_comparisons": built.comparisons},
        ),
        *(step for step in out.steps if "moves" not in step.gives),
        Step(
            f"共 {len(passes)} 趟，连同建堆共比较 {total} 次。",
            credit="比较次数",
            gives={"pass_count": len(passes), "comparisons": total},
        ),
    ]
    return Solution(steps, out.conventions)


def mistakes(keys: list[int], after: int) -> Iterator[Mistake]:
    """Yield min-heaps, heaps by insertion, missing sifts and slips of counting."""
    built, *passes = heap(keys)
    total = built.comparisons + sum(p.comparisons for p in passes)
    for mistake in neighbours(built.state, passes, after):
        yield Mistake(mistake.why, {k: v for k, v in mistake.gives.items() if k in ("state", "pass_count")})
    small = list(keys)
    build(small, is_max=False)
    yield Mistake("建成了小根堆", {"initial": small, "state": small})
    inserted: list[int] = []
    spent = 0
    for key in keys:
        inserted.append(key)
        spent += sift_up(inserted, len(inserted) - 1, is_max=True)[0]
    yield Mistake("用逐个插入的方法建堆", {"initial": inserted, "build_comparisons": spent})
    yield Mistake("把降序序列当作初始堆", {"initial": sorted(keys, reverse=True)})
    row = list(built.state)
    row[0], row[-1] = row[-1], row[0]
    yield Mistake("交换后没有调整", {"state": row})
    yield Mistake("用了简单选择排序", {"state": state_after(keys, selection(keys), after)})
    yield Mistake("没有计建堆的比较", {"comparisons": total - built.comparisons})
    yield Mistake("筛选时漏了两个孩子之间的比较", {"build_comparisons": len(keys) // 2, "comparisons": total // 2})
    yield Mistake("每次筛选按树高计", {"build_comparisons": len(keys) * len(keys).bit_length()})
    yield Mistake("建堆当作了一趟", {"pass_count": len(passes) + 1})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Draw a sequence and ask for the initial heap or a pass."""
    keys = rng.sample(range(1, 99), 5 + difficulty)
    given = f"对序列 {join(keys)} 进行堆排序（升序，建大根堆），"
    if difficulty < 3:
        return Draft(f"{given}建成的初始堆是（ ）。", {"keys": keys}, "initial")
    after = difficulty - 2
    stem = f"{given}堆顶与最后一个记录交换并调整为一趟，第 {after} 趟后的序列是（ ）。"
    return Draft(stem, {"keys": keys, "after": after}, "state")
