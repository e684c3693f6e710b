"""Disk access time (磁盘存取时间): seek, rotational latency and transfer."""

from __future__ import annotations

import random
from collections.abc import Iterator
from fractions import Fraction
from typing import Annotated, Literal

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Gantt, Slice, Solution, Step
from assistant408.solvers.os._show import Number, number, tidy

__all__ = ["solve"]

Placement = Literal["sequential", "random"]


@solver(
    "os.disk_access_time",
    title="磁盘存取时间",
    summary="给出转速、平均寻道时间、每磁道扇区数，求读写一个或多个扇区的平均时间（寻道、旋转延迟与传输之和），扇区连续或随机分布。",
    syllabus=("os.io.disk-time", "os.io.disk-address"),
    keywords=("存取时间", "寻道时间", "旋转延迟", "传输时间", "转速", "rpm", "扇区", "每磁道扇区数", "平均存取时间"),
    answers={
        "total_ms": Out("总时间", "ms"),
        "rotation_ms": Out("转一圈的时间", "ms"),
        "latency_ms": Out("平均旋转延迟", "ms"),
        "sector_ms": Out("传输一个扇区的时间", "ms"),
    },
    examples=({"rpm": 7200, "seek_ms": 8, "sectors_per_track": 1000},),
)
def solve(
    rpm: Annotated[int, Param("转速", "转/分（rpm）", min=1, max=10**6)],
    seek_ms: Annotated[Fraction, Param("平均寻道时间", "毫秒", min=0)],
    sectors_per_track: Annotated[int, Param("每磁道扇区数", min=1, max=10**6)],
    sectors: Annotated[int, Param("读写的扇区数", min=1, max=10**9)] = 1,
    placement: Annotated[
        Placement,
        Param("扇区的分布", "sequential 在一个柱面上连续，只寻道一次；random 随机分布，每个扇区都要寻道"),
    ] = "sequential",
    extra_ms: Annotated[Fraction, Param("控制器等其他延迟", "毫秒，每次寻道计一次", min=0)] = Fraction(0),
) -> Solution:
    """Add up the time to read sectors (磁盘存取时间).

    Args:
        rpm: turns a minute.
        seek_ms: average seek time in ms.
        sectors_per_track: sectors on a track.
        sectors: sectors to read or write.
        placement: contiguous in one cylinder (one seek), or scattered (one seek each).
        extra_ms: other delay in ms for each seek.

    Returns:
        `rotation_ms`, `latency_ms` (half a turn), `sector_ms`, `total_ms`.

    Examples:
        >>> solve(7200, 8, 1000).answer["total_ms"]
        Fraction(487, 40)
        >>> solve(6000, 5, 100, 10, "random").answer["total_ms"]
        101
        >>> solve(6000, 0, 1).answer["total_ms"]  # a sector as long as the track
        15

    Conventions:
        The average rotational latency is half a turn; contiguous sectors follow each other without a gap.

    Source:
        汤小丹《计算机操作系统》第8章 §磁盘存储器; Silberschatz, Operating System Concepts, 10e, §11.1.1.
    """
    rotation, latency, sector = _parts(rpm, sectors_per_track)
    steps = [
        Step(
            f"转一圈 $60000/{rpm}={number(rotation)}$ ms，平均旋转延迟为半圈 {number(latency)} ms。",
            credit="平均旋转延迟取半圈",
            gives={"rotation_ms": rotation, "latency_ms": latency},
        ),
        Step(
            f"传输一个扇区 ${number(rotation)}/{sectors_per_track}={number(sector)}$ ms。",
            credit="一个扇区的传输时间",
            gives={"sector_ms": sector},
        ),
    ]
    other = f"+{number(extra_ms)}" if extra_ms else ""
    start = seek_ms + extra_ms + latency
    if placement == "random":
        total = sectors * (start + sector)
        formula = f"{sectors}\\times({number(seek_ms)}{other}+{number(latency)}+{number(sector)})"
        why = "扇区随机分布，每个扇区都要寻道和等待旋转"
        bars = _bars(seek_ms + extra_ms, latency, sector)
    else:
        total = start + sectors * sector
        formula = f"{number(seek_ms)}{other}+{number(latency)}+{sectors}\\times {number(sector)}"
        why = "扇区连续，只寻道、等待旋转一次"
        bars = _bars(seek_ms + extra_ms, latency, sectors * sector)
    steps.append(
        Step(
            f"{why}，总时间 $={formula}={number(total)}$ ms。",
            Gantt(bars, "ms", "一次寻道、等待与传输"),
            credit="三部分相加",
            gives={"total_ms": tidy(total)},
        )
    )
    return Solution(steps, ["平均旋转延迟取半圈", "连续的扇区之间没有间隔"])


def _parts(rpm: int, sectors_per_track: int) -> tuple[Number, Number, Number]:
    if rpm <= 0:
        raise InputError(f"转速 {rpm!r} 不合要求：应大于 0。")
    rotation = Fraction(60000, rpm)
    return tidy(rotation), tidy(rotation / 2), tidy(rotation / sectors_per_track)


def _bars(seek: Number, latency: Number, transfer: Number) -> list[Slice]:
    bars, now = [], Fraction(0)
    for label, length in (("寻道", seek), ("旋转", latency), ("传输", transfer)):
        bars.append(Slice("磁盘", tidy(now), tidy(now + length), label))
        now += length
    return bars


def mistakes(
    rpm: int, seek_ms: Fraction, sectors_per_track: int, sectors: int, placement: Placement, extra_ms: Fraction
) -> Iterator[Mistake]:
    """Misconceptions: a whole turn, a part forgotten, seeks once or every time."""
    rotation, latency, sector = _parts(rpm, sectors_per_track)
    seeks = sectors if placement == "random" else 1
    once, each = seek_ms + extra_ms + latency, sectors * sector

    def wrong(why: str, total: Number) -> Mistake:
        return Mistake(why, {"total_ms": tidy(total)})

    yield wrong("旋转延迟取了整圈", seeks * (seek_ms + extra_ms + rotation) + each)
    yield wrong("漏了旋转延迟", seeks * (seek_ms + extra_ms) + each)
    yield wrong("漏了寻道时间", seeks * latency + each)
    yield wrong("漏了传输时间", seeks * once)
    yield wrong("把连续与随机分布弄反", (1 if placement == "random" else sectors) * once + each)
    yield wrong("只计寻道时间", seeks * seek_ms)
    yield wrong("每个扇区都转一整圈", seeks * once + sectors * rotation)


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Draw a disk; several sectors and their placement with difficulty."""
    rpm = rng.choice([3000, 6000, 7500, 10000, 12000, 15000])
    seek = rng.randint(3, 12)
    per_track = rng.choice([50, 100, 200, 400, 500, 1000])
    args: dict[str, object] = {"rpm": rpm, "seek_ms": Fraction(seek), "sectors_per_track": per_track}
    head = f"某磁盘转速为 {rpm} rpm，平均寻道时间为 {seek} ms，每磁道有 {per_track} 个扇区，"
    if difficulty < 3:
        return Draft(f"{head}访问一个扇区的平均存取时间（ms）是（ ）。", args, "total_ms")
    sectors = rng.randint(4, per_track // 5)
    placement: Placement = rng.choice(["sequential", "random"])
    args |= {"sectors": sectors, "placement": placement}
    where = "随机分布在磁盘上" if placement == "random" else "在同一磁道上连续存放"
    stem = f"{head}某文件占 {sectors} 个扇区，{where}，读该文件平均需要的时间（ms）是（ ）。"
    return Draft(stem, args, "total_ms")
