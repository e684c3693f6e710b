"""Replacement selection (置换-选择排序): the initial runs it makes."""

from __future__ import annotations

import random
from collections.abc import Iterator
from fractions import Fraction
from typing import Annotated

from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Cell, Solution, Step, Table
from assistant408.solvers.ds._text import join

__all__ = ["solve"]


@solver(
    "ds.replacement_selection",
    title="置换-选择排序",
    summary="给出文件的关键字和工作区能容纳的记录数，求置换-选择排序得到的初始归并段、段数和各段长度。",
    syllabus=("ds.sort.replacement-selection",),
    keywords=("置换选择排序", "置换-选择", "初始归并段", "工作区", "外部排序", "MINIMAX", "段长"),
    answers={
        "run_count": Out("初始归并段数", "个"),
        "lengths": Out("各段长度"),
        "runs": Out("各初始归并段"),
        "average_length": Out("平均段长"),
        "plain_count": Out("普通内部排序得到的段数", "个"),
    },
    examples=(
        {"keys": [17, 21, 5, 44, 10, 12, 56, 32, 29], "memory": 3},
        {
            "keys": [51, 49, 39, 46, 38, 29, 14, 61, 15, 30, 1, 48, 52, 3, 63, 27, 4, 13, 89, 24, 46, 58, 33, 76],
            "memory": 6,
        },
    ),
)
def solve(
    keys: Annotated[list[int], Param("输入文件的关键字", "按读入次序", min_len=1, max_len=200)],
    memory: Annotated[int, Param("工作区容量 w", "内存能容纳的记录数", min=1, max=100)],
) -> Solution:
    """Make initial runs by replacement selection (置换-选择排序).

    Args:
        keys: the input in order, 1 to 200 keys.
        memory: w, how many records the work area holds.

    Returns:
        `runs`, their number `run_count`, `lengths`, `average_length`, and `plain_count`, the number of runs that
        sorting w records at a time would make.

    Examples:
        >>> solve([17, 21, 5, 44, 10, 12, 56, 32, 29], 3).answer["runs"]
        [[5, 17, 21, 44, 56], [10, 12, 29, 32]]
        >>> solve([3], 5).answer["run_count"]
        1
        >>> solve([2, 2, 1], 1).answer["runs"]
        [[2, 2], [1]]

    Conventions:
        A key equal to the last one written still joins the run.

    Source:
        严蔚敏《数据结构（C 语言版）》§11.4; Knuth, TAOCP vol. 3, §5.4.1.
    """
    work, rest = list(keys[:memory]), list(keys[memory:])
    runs: list[list[int]] = []
    rows: list[list[Cell]] = []
    marks = []
    while work:
        run: list[int] = []
        frozen: list[int] = []
        while work:
            out = min(work)
            area = join(work, " ") + (f"（{join(frozen, ' ')}）" if frozen else "")
            work.remove(out)
            run.append(out)
            read = rest.pop(0) if rest else None
            if read is not None:
                (work if read >= out else frozen).append(read)
            rows.append([area, out, "" if read is None else read, len(runs) + 1])
        marks.append((len(rows) - 1, 3))
        runs.append(run)
        work = frozen
    lengths = [len(run) for run in runs]
    shown = join((f"第 {k} 段 {join(run)}" for k, run in enumerate(runs, 1)), "；")
    average = Fraction(len(keys), len(runs))
    plain = -(-len(keys) // memory)
    steps = [
        Step(
            "每次从工作区输出不小于上一输出的最小关键字，读入一个补上；比上一输出小的留给下一段（括号内）。",
            Table(["工作区", "输出", "读入", "段"], rows, marks),
            "置换-选择的过程",
            {"runs": runs},
        ),
        Step(
            f"{shown}；共 {len(runs)} 段，平均段长 $ {len(keys)}/{len(runs)}={average}$。",
            credit="初始归并段",
            gives={"run_count": len(runs), "lengths": lengths, "average_length": average},
        ),
        Step(
            f"若每次读入 {memory} 个做内部排序，得 $\\lceil {len(keys)}/{memory}\\rceil={plain}$ 段。",
            gives={"plain_count": plain},
        ),
    ]
    return Solution(steps, ["与上一输出相等的关键字仍可进入本段"])


def mistakes(keys: list[int], memory: int) -> Iterator[Mistake]:
    """Yield runs of fixed length, runs cut at descents, and a work area of the wrong size."""
    fixed = [sorted(keys[k : k + memory]) for k in range(0, len(keys), memory)]
    yield Mistake("每次读满工作区做内部排序", _as_answer(fixed))
    natural: list[list[int]] = []
    for key in keys:
        if natural and key >= natural[-1][-1]:
            natural[-1].append(key)
        else:
            natural.append([key])
    yield Mistake("按输入中的递增段划分", _as_answer(natural))
    for why, size in (("工作区多算了一个记录", memory + 1), ("工作区少算了一个记录", max(memory - 1, 1))):
        wrong = solve(keys, size).answer
        yield Mistake(why, {k: wrong[k] for k in ("run_count", "lengths", "runs", "average_length")})
    yield Mistake(
        "以为平均段长恰为 2w", {"average_length": Fraction(2 * memory), "run_count": -(-len(keys) // (2 * memory))}
    )
    double = [sorted(keys[k : k + 2 * memory]) for k in range(0, len(keys), 2 * memory)]
    yield Mistake("以为每段恰有 2w 个记录", _as_answer(double))


def _as_answer(runs: list[list[int]]) -> dict[str, list[list[int]] | list[int] | int]:
    return {"run_count": len(runs), "lengths": [len(r) for r in runs], "runs": runs}


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Draw a file and ask for the runs' number or lengths."""
    memory = rng.randint(3, 3 + difficulty // 2)
    keys = rng.sample(range(1, 99), 4 * memory + difficulty)
    ask = rng.choice(["run_count", "lengths"] if difficulty < 4 else ["lengths", "runs"])
    name = {"run_count": "初始归并段的个数", "lengths": "各初始归并段的长度依次", "runs": "各初始归并段依次"}[ask]
    stem = f"输入文件的关键字为 {join(keys)}，用容量为 {memory} 个记录的工作区做置换-选择排序（升序），{name}是（ ）。"
    return Draft(stem, {"keys": keys, "memory": memory}, ask)
