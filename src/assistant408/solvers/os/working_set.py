"""Working set (工作集): the pages of the last accesses."""

from __future__ import annotations

import random
from collections.abc import Iterator
from fractions import Fraction
from typing import Annotated

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Plot, Series, Solution, Step, Table
from assistant408.solvers.os._show import Number, joined, number, tidy

__all__ = ["solve"]


@solver(
    "os.working_set",
    title="工作集",
    summary="给出页面访问序列和工作集窗口大小，求某时刻的工作集、各时刻工作集的大小和缺页次数。",
    syllabus=("os.memory.working-set", "os.memory.thrashing"),
    keywords=("工作集", "工作集窗口", "窗口大小", "驻留集", "抖动", "局部性", "最近访问"),
    answers={
        "working_set": Out("工作集"),
        "size": Out("工作集的大小", "页"),
        "sizes": Out("各时刻工作集的大小", "页"),
        "max_size": Out("工作集大小的最大值", "页"),
        "average_size": Out("工作集的平均大小", "页"),
        "faults": Out("按工作集驻留的缺页次数", "次"),
    },
    examples=({"refs": [1, 3, 4, 5, 6, 0, 3, 2, 3, 2], "window": 6},),
)
def solve(
    refs: Annotated[list[int], Param("页面访问序列", "依次访问的页号", min=0, min_len=1, max_len=500)],
    window: Annotated[int, Param("窗口大小", "访问次数", min=1, max=500)],
    time: Annotated[int | None, Param("时刻", "完成第几次访问之后，从 1 起；不填为最后一次", min=1, max=500)] = None,
) -> Solution:
    """Find working sets (工作集).

    Args:
        refs: page numbers in order of access, 1 to 500 of them.
        window: size of the window, in accesses.
        time: number of accesses made so far, from 1; all of them if left out.

    Returns:
        `working_set` (ascending) and `size` at `time`; `sizes` after each access, `max_size`, `average_size`;
        `faults` (accesses to a page outside of the working set of the moment before).

    Raises:
        InputError: a time beyond the last access.

    Examples:
        >>> solve([1, 3, 4, 5, 6, 0, 3, 2, 3, 2], 6).answer["working_set"]
        [0, 2, 3, 6]
        >>> solve([1, 2, 3], 5, 2).answer["size"]  # fewer accesses than the window
        2

    Conventions:
        The window holds the last `window` accesses, the current one included.

    Source:
        Denning, CACM 11(5), 1968; Silberschatz, Operating System Concepts, 10e, §10.6.2.
    """
    moment = len(refs) if time is None else time
    if moment > len(refs):
        raise InputError(f"时刻 {time!r} 超出访问序列，应在 1 到 {len(refs)} 之间。")
    low = max(0, moment - window)
    inside = refs[low:moment]
    sizes = [len(set(refs[max(0, t - window) : t])) for t in range(1, len(refs) + 1)]
    missing = [t for t, page in enumerate(refs) if page not in refs[max(0, t - window) : t]]
    pages = sorted(set(inside))
    average = tidy(Fraction(sum(sizes), len(sizes)))
    return Solution(
        [
            Step(
                f"完成第 {moment} 次访问后，窗口内是最近 {len(inside)} 次访问 {joined(inside, ',')}。",
                Table(
                    ["次序", *map(str, range(1, len(refs) + 1))],
                    [["页号", *map(str, refs)]],
                    [(0, i + 1) for i in range(low, moment)],
                ),
                credit="找出窗口内的访问",
            ),
            Step(
                f"去掉重复，工作集为 {{{joined(pages, ', ')}}}，大小为 {len(pages)}。",
                credit="去重得工作集",
                gives={"working_set": pages, "size": len(pages)},
            ),
            Step(
                f"逐次求出工作集的大小，最大为 {max(sizes)}，平均为 ${sum(sizes)}/{len(sizes)}={number(average)}$。",
                Plot([Series("工作集大小", list(enumerate(sizes, 1)))], x="访问次序", y="页"),
                gives={"sizes": sizes, "max_size": max(sizes), "average_size": average},
            ),
            Step(
                f"只保留工作集中的页时，访问的页不在前一时刻的工作集中则缺页，共 {len(missing)} 次。",
                gives={"faults": len(missing)},
            ),
        ],
        ["窗口包含当前这次访问，窗口内的访问不足时取已有的全部"],
    )


def mistakes(refs: list[int], window: int, time: int | None) -> Iterator[Mistake]:
    """Misconceptions: the window shifted, repeats counted, all pages so far, the next accesses."""
    moment = len(refs) if time is None else time
    low = max(0, moment - window)
    found = {
        "窗口不含当前这次访问": refs[max(0, low - 1) : moment - 1],
        "窗口多取了一次访问": refs[max(0, low - 1) : moment],
        "窗口少取了一次访问": refs[low + 1 : moment],
        "取了此后的访问": refs[moment : moment + window] or refs[:window],
        "取了到此为止访问过的全部页": refs[:moment],
        "取了最早的几次访问": refs[:window],
    }
    for why, pages in found.items():
        yield Mistake(why, _as_set(pages))
    yield Mistake("没有去掉重复的页", {"size": moment - low})


def _as_set(pages: list[int]) -> dict[str, list[int] | Number]:
    return {"working_set": sorted(set(pages)), "size": len(set(pages))}


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Draw a string in which the program moves from one locality to another."""
    window = rng.randint(4, 5 + difficulty)
    first, second = rng.sample(range(7), 3 + difficulty // 3), rng.sample(range(3, 10), 3)
    refs = [rng.choice(first) for _ in range(window)] + [rng.choice(second) for _ in range(window)]
    time = rng.randint(window + 1, len(refs) - 1)
    shown = "，".join(map(str, refs))
    stem = (
        f"某进程的页面访问序列为 {shown}，工作集窗口为 {window} 次访问。完成第 {time} 次访问后，该进程的工作集是（ ）。"
    )
    return Draft(stem, {"refs": refs, "window": window, "time": time}, "working_set")
