"""Buffering (缓冲): time to read and process blocks with one, two or more buffers."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated

from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Gantt, Slice, Solution, Step
from assistant408.solvers.os._show import Number, number, tidy

__all__ = ["solve"]


@dataclass(frozen=True)
class Block:
    """Times at which a block is read into a buffer, moved to the work area and processed."""

    read: Fraction
    ready: Fraction
    move: Fraction
    moved: Fraction
    done: Fraction


@solver(
    "os.buffering",
    title="单缓冲与双缓冲",
    summary="给出读入缓冲区的时间 T、传送到用户区的时间 M、处理时间 C 和块数，求单缓冲或双缓冲下处理完 n 块的总时间和每块的平均时间。",
    syllabus=("os.io.buffer",),
    keywords=("缓冲区", "单缓冲", "双缓冲", "缓冲池", "用户区", "读入", "传送", "处理", "分析", "数据块"),
    answers={
        "total": Out("处理完全部数据块的时间"),
        "per_block": Out("稳定后处理一块的时间"),
        "saved": Out("比没有重叠时节省的时间"),
    },
    examples=({"read": 100, "move": 50, "process": 50, "blocks": 10, "buffers": 1},),
)
def solve(
    read: Annotated[Fraction, Param("读入时间 T", "从设备读一块到缓冲区", min=0)],
    move: Annotated[Fraction, Param("传送时间 M", "从缓冲区传一块到用户区，忽略时为 0", min=0)],
    process: Annotated[Fraction, Param("处理时间 C", "处理用户区中的一块", min=0)],
    blocks: Annotated[int, Param("块数", min=1, max=500)] = 10,
    buffers: Annotated[int, Param("缓冲区个数", "单缓冲 1，双缓冲 2", min=1, max=64)] = 1,
) -> Solution:
    """Time the reading and processing of blocks through buffers (单缓冲与双缓冲).

    Args:
        read: T, device to buffer; all times in one unit.
        move: M, buffer to work area.
        process: C, work on one block.
        blocks: number of blocks.
        buffers: number of buffers.

    Returns:
        `total`; `per_block` in the steady state, max(T, C) + M for one buffer and max(T, C + M) for more; `saved`
        against blocks (T + M + C).

    Examples:
        >>> solve(100, 50, 50, 10, 1).answer["total"], solve(100, 50, 50, 10, 2).answer["total"]
        (1550, 1100)
        >>> solve(100, 5, 90, 1).answer["total"]
        195

    Conventions:
        A buffer is filled only when its last block has been moved out; a block is moved only when the work area is
        free, that is when the block before has been processed.

    Source:
        汤小丹《计算机操作系统》第6章 §缓冲区管理; 统考 2011、2013 年操作系统选择题.
    """
    plan = _plan(read, move, process, blocks, buffers)
    total = plan[-1].done
    steady = max(read, process) + move if buffers == 1 else max(read, process + move)
    t, m, c = number(read), number(move), number(process)
    formula = f"\\max({t},{c})+{m}" if buffers == 1 else f"\\max({t},{c}+{m})"
    rule = (
        "单缓冲：读入下一块与处理本块可以重叠，传送时缓冲区和用户区都被占用"
        if buffers == 1
        else "双缓冲：读入一个缓冲区时，可以传送和处理另一个缓冲区的块"
    )
    serial = blocks * (read + move + process)
    return Solution(
        [
            Step(
                f"{rule}，稳定后每块的时间 $={formula}={number(steady)}$。",
                credit="判断哪些操作可以重叠",
                gives={"per_block": tidy(steady)},
            ),
            Step(
                f"画出各块的读入、传送、处理，第 {blocks} 块处理完的时刻为 {number(total)}。",
                _picture(plan[:8]),
                credit="求出总时间",
                gives={"total": tidy(total)},
            ),
            Step(
                f"没有重叠时需 ${blocks}\\times({t}+{m}+{c})={number(serial)}$，节省 {number(serial - total)}。",
                gives={"saved": tidy(serial - total)},
            ),
        ],
        ["用户工作区只有一个，上一块处理完才能传入下一块", "缓冲区中的块传走后才能再读入"],
    )


def _plan(read: Number, move: Number, process: Number, blocks: int, buffers: int) -> list[Block]:
    plan: list[Block] = []
    for i in range(blocks):
        device_free = plan[-1].ready if plan else Fraction(0)
        buffer_free = plan[i - buffers].moved if i >= buffers else Fraction(0)
        area_free = plan[-1].done if plan else Fraction(0)
        start = max(device_free, buffer_free)
        ready = start + read
        moving = max(ready, area_free)
        plan.append(Block(start, ready, moving, moving + move, moving + move + process))
    return plan


def _picture(plan: list[Block]) -> Gantt:
    bars = []
    for i, b in enumerate(plan, 1):
        spans = (("读入 T", b.read, b.ready), ("传送 M", b.move, b.moved), ("处理 C", b.moved, b.done))
        bars += [Slice(lane, tidy(a), tidy(z), str(i)) for lane, a, z in spans if z > a]
    bars.sort(key=lambda s: ("读入 T", "传送 M", "处理 C").index(s.lane))
    return Gantt(bars, caption=f"前 {len(plan)} 块")


def mistakes(read: Fraction, move: Fraction, process: Fraction, blocks: int, buffers: int) -> Iterator[Mistake]:
    """Misconceptions: no overlap, the wrong number of buffers, head or tail of the pipeline forgotten."""
    total = _plan(read, move, process, blocks, buffers)[-1].done
    single = max(read, process) + move
    double = max(read, process + move)
    steady = single if buffers == 1 else double
    other = _plan(read, move, process, blocks, 2 if buffers == 1 else 1)[-1].done
    found: dict[str, Number] = {
        "没有考虑重叠": blocks * (read + move + process),
        "把单缓冲与双缓冲弄反": other,
        "只用每块的稳定时间乘块数，漏了首尾": blocks * steady,
        "只计读入时间": blocks * read,
        "漏了最后一块的处理": total - process,
        "漏了传送时间": _plan(read, 0, process, blocks, buffers)[-1].done,
        "以为传送也能与读入重叠到同一缓冲区": blocks * max(read, move, process) + move + process,
    }
    for why, value in found.items():
        yield Mistake(why, {"total": tidy(value)})
    yield Mistake("用了另一种缓冲的公式", {"per_block": tidy(double if buffers == 1 else single)})
    yield Mistake("没有考虑重叠", {"per_block": tidy(read + move + process)})
    yield Mistake("取了三者中的最大者", {"per_block": tidy(max(read, move, process))})
    yield Mistake("漏了传送时间", {"per_block": tidy(max(read, process))})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Draw times in steps of 10."""
    read, move, process = 10 * rng.randint(5, 15), 10 * rng.randint(1, 5), 10 * rng.randint(3, 12)
    blocks = rng.randint(2, 4 + 2 * difficulty)
    buffers = rng.choice([1, 2]) if difficulty > 1 else 1
    stem = (
        f"从磁盘读一块数据到缓冲区需 {read} μs，从缓冲区传送到用户区需 {move} μs，CPU 处理一块需 {process} μs，"
        f"用户区只能放一块。采用{'双' if buffers == 2 else '单'}缓冲，读入并处理完 {blocks} 块的最短时间（μs）是（ ）。"
    )
    args = {
        "read": Fraction(read),
        "move": Fraction(move),
        "process": Fraction(process),
        "blocks": blocks,
        "buffers": buffers,
    }
    return Draft(stem, args, "total")
