"""Sector interleaving (扇区交替编号): time to read and process a track's sectors in order."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import ceil
from typing import Annotated

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Cell, Solution, Step, Table
from assistant408.solvers.os._show import Number, joined, number, tidy

__all__ = ["solve"]


@solver(
    "os.interleaving",
    title="扇区交替编号",
    summary="磁道上的记录依次读出并处理：给出每转时间、每道扇区数、处理一个扇区的时间和交替间隔，求读完全部记录的时间和最优排列。",
    syllabus=("os.io.disk-optimization", "os.io.disk-time"),
    keywords=("交替编号", "交叉编号", "扇区", "逻辑记录", "优化分布", "旋转一周", "处理时间", "磁道", "最优"),
    answers={
        "total_ms": Out("读出并处理全部记录的时间", "ms"),
        "best_total_ms": Out("最优排列的时间", "ms"),
        "best_gap": Out("最优间隔的扇区数", "个"),
        "layout": Out("各物理扇区存放的记录"),
        "best_layout": Out("最优排列"),
        "sector_ms": Out("读一个扇区的时间", "ms"),
        "saved_ms": Out("最优排列节省的时间", "ms"),
    },
    examples=({"sectors": 10, "rotation_ms": 20, "process_ms": 4},),
)
def solve(
    sectors: Annotated[int, Param("每道扇区数", "也是记录数", min=1, max=200)],
    rotation_ms: Annotated[Fraction, Param("旋转一周的时间", "毫秒，大于 0", min=0)],
    process_ms: Annotated[Fraction, Param("处理一个记录的时间", "毫秒，处理完才能读下一个", min=0, max=10**6)],
    gap: Annotated[int, Param("间隔的扇区数", "相邻编号的记录之间隔几个扇区，顺序排列为 0", min=0, max=200)] = 0,
) -> Solution:
    """Time the reading of a track with interleaved sectors (扇区交替编号).

    Args:
        sectors: sectors on the track, each holding one record.
        rotation_ms: time of a turn in ms, above 0.
        process_ms: time to process a record, during which none can be read.
        gap: sectors left between records that follow each other; 0 for plain order.

    Returns:
        `sector_ms`, `layout` (record numbers, from 1, in physical order), `total_ms`; `best_gap`, `best_layout`,
        `best_total_ms`, `saved_ms` for the fastest arrangement.

    Examples:
        >>> solve(10, 20, 4).answer["total_ms"], solve(10, 20, 4).answer["best_total_ms"]
        (204, 60)
        >>> solve(10, 20, 4, gap=2).answer["layout"]
        [1, 8, 5, 2, 9, 6, 3, 10, 7, 4]
        >>> solve(1, 20, 4).answer["total_ms"]  # the only record fills the track
        24

    Conventions:
        The head is at the start of record 1. The time ends when the last record is processed. Where the place due
        for a record is taken, the next free sector is used.

    Source:
        汤小丹《计算机操作系统》第8章习题（磁道上记录的优化分布）.
    """
    turn = _positive(rotation_ms)
    sector = Fraction(turn) / sectors
    layout = _layout(sectors, gap)
    total = _time(layout, sector, process_ms)
    best = min(range(sectors), key=lambda g: (_time(_layout(sectors, g), sector, process_ms), g))
    best_layout = _layout(sectors, best)
    best_total = _time(best_layout, sector, process_ms)
    passed = ceil(process_ms / sector)
    return Solution(
        [
            Step(
                f"读一个扇区 ${number(turn)}/{sectors}={number(sector)}$ ms，"
                f"处理一个记录 {number(process_ms)} ms，期间磁头经过 "
                f"${number(process_ms)}/{number(sector)}={number(process_ms / sector)}$ 个扇区。",
                credit="读一个扇区的时间",
                gives={"sector_ms": tidy(sector)},
            ),
            Step(
                f"间隔 {gap} 个扇区，物理扇区依次存放记录 {joined(layout)}。逐个记录等待其扇区到达磁头、"
                f"读出、处理，共 {number(total)} ms。",
                _table(layout, sector, process_ms),
                credit="按给定排列求总时间",
                gives={"layout": layout, "total_ms": tidy(total)},
            ),
            Step(
                f"最优排列使处理完时下一个记录正好（或最早）到达磁头：间隔 {best} 个扇区（处理期间经过 {passed} 个），"
                f"总时间 {number(best_total)} ms，节省 {number(total - best_total)} ms。",
                Table(["物理扇区", *map(str, range(1, sectors + 1))], [["记录", *map(str, best_layout)]]),
                credit="最优排列及其时间",
                gives={
                    "best_gap": best,
                    "best_layout": best_layout,
                    "best_total_ms": tidy(best_total),
                    "saved_ms": tidy(total - best_total),
                },
            ),
        ],
        ["磁头开始时在记录 1 的起点", "时间算到最后一个记录处理完"],
    )


def _positive(rotation_ms: Fraction) -> Fraction:
    if rotation_ms <= 0:
        raise InputError(f"旋转一周的时间 {str(rotation_ms)!r} 不合要求：应大于 0。")
    return rotation_ms


def _layout(sectors: int, gap: int) -> list[int]:
    """Place records 1, 2, ... with `gap` sectors between; a taken place gives way to the next free one."""
    out = [0] * sectors
    place = 0
    for record in range(1, sectors + 1):
        while out[place]:
            place = (place + 1) % sectors
        out[place] = record
        place = (place + gap + 1) % sectors
    return out


def _starts(layout: Sequence[int], sector: Fraction, process: Fraction) -> list[Fraction]:
    """Give the time at which the reading of each record starts."""
    turn = sector * len(layout)
    place = {record: i for i, record in enumerate(layout)}
    now, starts = Fraction(0), []
    for record in range(1, len(layout) + 1):
        wait = (place[record] * sector - now) % turn
        starts.append(now + wait)
        now += wait + sector + process
    return starts


def _time(layout: Sequence[int], sector: Fraction, process: Fraction) -> Fraction:
    return _starts(layout, sector, process)[-1] + sector + process


def _table(layout: Sequence[int], sector: Fraction, process: Fraction) -> Table:
    rows: list[list[Cell]] = [
        [record, layout.index(record) + 1, number(at), number(at + sector), number(at + sector + process)]
        for record, at in enumerate(_starts(layout, sector, process), 1)
    ]
    return Table(["记录", "物理扇区", "开始读", "读完", "处理完"], rows)


def mistakes(sectors: int, rotation_ms: Fraction, process_ms: Fraction, gap: int) -> Iterator[Mistake]:
    """Misconceptions: a turn for every record, no waiting, processing forgotten."""
    sector = Fraction(rotation_ms) / sectors
    total = _time(_layout(sectors, gap), sector, process_ms)
    both = sectors * (sector + process_ms)
    found: dict[str, Number] = {
        "不等待，只加读和处理的时间": both,
        "只计旋转一周": rotation_ms,
        "每个记录都等一整圈": sectors * (rotation_ms + sector + process_ms),
        "每个记录都转一圈再处理": sectors * (rotation_ms + process_ms),
        "漏了最后一个记录的处理": total - process_ms,
        "漏了处理时间": total - sectors * process_ms,
        "等待时间少算一个扇区": total - (sectors - 1) * sector,
    }
    for why, value in found.items():
        yield Mistake(why, {"total_ms": tidy(value)})
    best = min(_time(_layout(sectors, g), sector, process_ms) for g in range(sectors))
    yield Mistake("按顺序排列计算", {"best_total_ms": tidy(_time(_layout(sectors, 0), sector, process_ms))})
    yield Mistake("只计旋转一周", {"best_total_ms": tidy(rotation_ms)})
    yield Mistake("漏了最后一个记录的处理", {"best_total_ms": tidy(best - process_ms)})
    yield Mistake("只计处理时间", {"best_total_ms": tidy(sectors * process_ms)})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Draw a track whose sector time is a whole number of ms."""
    sectors = rng.randint(6, 8 + difficulty)
    sector = rng.randint(1, 4)
    process = rng.randint(1, 3 * sector) if difficulty > 2 else sector * rng.randint(1, 3)
    ask = "best_total_ms" if difficulty > 1 and rng.random() < 0.5 else "total_ms"
    where = "优化排列使总时间最短时" if ask == "best_total_ms" else "各记录按编号顺序存放，磁头开始在第 1 个记录处"
    stem = (
        f"某磁盘旋转一周需 {sectors * sector} ms，每磁道分为 {sectors} 个扇区，存放 {sectors} 个记录，"
        f"程序依次读出每个记录并处理 {process} ms，处理完才能读下一个。"
        f"{where}，读出并处理完全部记录的时间（ms）是（ ）。"
    )
    args = {"sectors": sectors, "rotation_ms": Fraction(sectors * sector), "process_ms": Fraction(process)}
    return Draft(stem, args, ask)
