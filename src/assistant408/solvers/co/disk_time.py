"""Disk access time (磁盘存取时间): seek, rotation, transfer; the data rate and the capacity."""

from __future__ import annotations

import random
from collections.abc import Iterator
from fractions import Fraction
from typing import Annotated

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Gantt, Slice, Solution, Step
from assistant408.core.trace import Value as Result
from assistant408.solvers.co._text import decimal, equals

__all__ = ["solve"]


@solver(
    "co.disk_time",
    title="磁盘存取时间、传输率与容量",
    summary="给出磁盘转速、平均寻道时间、每道扇区数等，求平均存取时间、旋转延迟、传输时间、数据传输率和磁盘容量。",
    syllabus=("co.memory.disk-time", "co.memory.disk-structure"),
    keywords=("磁盘", "转速", "寻道时间", "旋转延迟", "传输时间", "平均存取时间", "数据传输率", "磁道", "扇区", "柱面"),
    answers={
        "access_ms": Out("平均存取时间", "ms"),
        "rotation_ms": Out("平均旋转延迟", "ms"),
        "transfer_ms": Out("传输时间", "ms"),
        "revolution_ms": Out("转一圈的时间", "ms"),
        "rate_bytes_per_s": Out("数据传输率", "B/s"),
        "track_bytes": Out("每道容量", "B"),
        "capacity_bytes": Out("磁盘容量", "B"),
    },
    examples=(
        {"rpm": 7200, "seek_ms": 8, "sectors_per_track": 1000},
        {"rpm": 6000, "seek_ms": 10, "sectors_per_track": 100, "sectors": 8, "surfaces": 4, "cylinders": 1000},
    ),
)
def solve(
    rpm: Annotated[int, Param("转速", "r/min（RPM）", min=1, max=1_000_000)],
    sectors_per_track: Annotated[int | None, Param("每道扇区数", "与数据传输率二选一", min=1, max=100_000)] = None,
    seek_ms: Annotated[Fraction, Param("平均寻道时间", "ms", min=0)] = Fraction(0),
    sector_bytes: Annotated[int, Param("扇区字节数", "", min=1, max=65536)] = 512,
    sectors: Annotated[int, Param("传送的扇区数", "同一磁道上连续的扇区", min=1, max=100_000)] = 1,
    controller_ms: Annotated[Fraction, Param("控制器延迟", "ms，不考虑时为 0", min=0)] = Fraction(0),
    rate_mb_per_s: Annotated[Fraction | None, Param("数据传输率", "MB/s，M=10^6；已知时代替每道扇区数", min=0)] = None,
    surfaces: Annotated[int | None, Param("记录面数", "求容量时给出", min=1, max=1000)] = None,
    cylinders: Annotated[int | None, Param("柱面数", "每面磁道数，求容量时给出", min=1, max=10_000_000)] = None,
) -> Solution:
    """Time a disk access (磁盘存取时间).

    Args:
        rpm: revolutions per minute.
        sectors_per_track: sectors on a track; give this or `rate_mb_per_s`.
        seek_ms: mean seek time in ms.
        sector_bytes: bytes of a sector.
        sectors: consecutive sectors to transfer.
        controller_ms: controller overhead in ms.
        rate_mb_per_s: data rate of the disk, instead of the sectors per track.
        surfaces: recording surfaces, for the capacity.
        cylinders: tracks of a surface, for the capacity.

    Returns:
        `revolution_ms`, `rotation_ms` (half of it), `transfer_ms`, `access_ms`, `rate_bytes_per_s`,
        `track_bytes`, and `capacity_bytes`.

    Raises:
        InputError: only one of surfaces and cylinders, or not exactly one of sectors per track and data rate.

    Examples:
        >>> solve(7200, 1000, 8).answer["access_ms"]
        Fraction(487, 40)
        >>> solve(6000, 100, 10).answer["rotation_ms"]
        Fraction(5, 1)
        >>> solve(6000, 100, sectors=100).answer["transfer_ms"]  # a whole track is one revolution
        Fraction(10, 1)

    Conventions:
        Access time = seek + half a revolution + transfer (+ controller). The sectors lie on one track.

    Source:
        唐朔飞《计算机组成原理》第4章（辅助存储器）; 408 真题 2013、2015.
    """
    if (surfaces is None) != (cylinders is None):
        raise InputError(f"记录面数 {surfaces!r} 与柱面数 {cylinders!r} 要一起给出才能求容量，请补上。")
    turn = Fraction(60_000, rpm)
    track = _track(turn, sectors_per_track, sector_bytes, rate_mb_per_s)
    wait, transfer = turn / 2, turn * sectors * sector_bytes / track
    seek, overhead = Fraction(seek_ms), Fraction(controller_ms)
    access = seek + wait + transfer + overhead
    rate = track * 1000 / turn
    edges = [Fraction(0), overhead, overhead + seek, overhead + seek + wait, access]
    names = ("控制器", "寻道", "旋转等待", "传输")
    bars = [Slice(n, a, b) for n, a, b in zip(names, edges, edges[1:], strict=False) if b > a]
    plus = f"+{decimal(overhead)}" if overhead else ""
    steps = [
        Step(
            f"转一圈 $60\\times 10^3/{rpm}{equals(turn)}$ ms，平均旋转延迟取半圈，{decimal(wait)} ms。",
            credit="求旋转延迟",
            gives={"revolution_ms": turn, "rotation_ms": wait},
        ),
        Step(
            _transfer_words(turn, sectors_per_track, sectors, sector_bytes, rate, transfer),
            credit="求传输时间",
            gives={"transfer_ms": transfer},
        ),
        Step(
            f"平均存取时间 = 寻道 + 旋转延迟 + 传输{' + 控制器' if overhead else ''}："
            f"${decimal(seek)}+{decimal(wait)}+{decimal(transfer)}{plus}{equals(access)}$ ms。",
            Gantt(bars, "ms"),
            credit="求平均存取时间",
            gives={"access_ms": access},
        ),
        Step(
            f"每道容量 {decimal(track)} B，数据传输率 = 每道容量 × 每秒转数，为 {decimal(rate)} B/s。",
            credit="求数据传输率",
            gives={"track_bytes": track, "rate_bytes_per_s": rate},
        ),
    ]
    if surfaces is not None and cylinders is not None:
        size = surfaces * cylinders * track
        why = f"容量 = 面数 × 柱面数 × 每道容量 = ${surfaces}\\times {cylinders}\\times {decimal(track)}={decimal(size)}$ B。"
        steps.append(Step(why, credit="求磁盘容量", gives={"capacity_bytes": size}))
    return Solution(steps, ("平均旋转延迟取转半圈的时间", "传送的扇区在同一磁道上连续"))


def _track(turn: Fraction, sectors: int | None, sector_bytes: int, rate: Fraction | None) -> Fraction:
    """Return the bytes of a track."""
    if (sectors is None) == (not rate):
        raise InputError(f"每道扇区数 {sectors!r} 与数据传输率 {rate!r} 应恰好给出一个，请改正。")
    if sectors is not None:
        return Fraction(sectors * sector_bytes)
    return Fraction(rate or 0) * 1000 * turn


def _transfer_words(
    turn: Fraction, per_track: int | None, sectors: int, sector_bytes: int, rate: Fraction, transfer: Fraction
) -> str:
    """Explain the transfer time."""
    if per_track is None:
        amount = sectors * sector_bytes
        return f"传送 {amount} B 用 ${amount}/({decimal(rate / 10**6)}\\times 10^6)$ s，即 {decimal(transfer)} ms。"
    return (
        f"每道 {per_track} 个扇区，传送 {sectors} 个用 "
        f"${decimal(turn)}\\times {sectors}/{per_track}{equals(transfer)}$ ms。"
    )


def mistakes(
    rpm: int,
    sectors_per_track: int | None,
    seek_ms: Fraction,
    sector_bytes: int,
    sectors: int,
    controller_ms: Fraction,
    rate_mb_per_s: Fraction | None,
    surfaces: int | None,
    cylinders: int | None,
) -> Iterator[Mistake]:
    """Name the slips: a full turn for the delay, a part left out, seconds for minutes."""
    turn = Fraction(60_000, rpm)
    track = _track(turn, sectors_per_track, sector_bytes, rate_mb_per_s)
    wait, sector = turn / 2, turn * sector_bytes / track
    transfer = sectors * sector
    seek, overhead = Fraction(seek_ms), Fraction(controller_ms)
    access = seek + wait + transfer + overhead
    yield Mistake("旋转延迟取转一圈的时间", {"access_ms": access + wait, "rotation_ms": turn})
    yield Mistake("漏了旋转延迟", {"access_ms": access - wait})
    yield Mistake("漏了寻道时间", {"access_ms": access - seek})
    yield Mistake("漏了传输时间", {"access_ms": access - transfer})
    yield Mistake("传输时间取转一圈", {"access_ms": access - transfer + turn, "transfer_ms": turn})
    yield Mistake("每个扇区都重新寻道和等待", {"access_ms": overhead + sectors * (seek + wait + sector)})
    if overhead:
        yield Mistake("漏了控制器延迟", {"access_ms": access - overhead})
    yield Mistake("转速的分没有换算成秒", {"rotation_ms": wait / 60, "access_ms": seek + wait / 60 + transfer})
    yield Mistake("旋转延迟取四分之一圈", {"rotation_ms": turn / 4})
    rate = track * 1000 / turn
    yield Mistake("传输率按每分钟计", {"rate_bytes_per_s": rate * 60})
    yield Mistake("传输率按半圈时间计", {"rate_bytes_per_s": rate * 2})
    yield Mistake("传输率用平均存取时间计算", {"rate_bytes_per_s": sectors * sector_bytes * 1000 / access})
    yield Mistake("传输率以位计", {"rate_bytes_per_s": rate * 8})
    if surfaces is not None and cylinders is not None:
        size = surfaces * cylinders * track
        yield Mistake("漏乘记录面数", {"capacity_bytes": size / surfaces})
        yield Mistake("把盘片数当面数，多乘 2", {"capacity_bytes": size * 2})
        yield Mistake("漏乘柱面数", {"capacity_bytes": size / cylinders})
        yield Mistake("每面少算一半", {"capacity_bytes": size / 2})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Ask for one sector's access time, several sectors, or the data rate."""
    rpm = rng.choice([3600, 5400, 6000, 7200, 10000, 12000])
    per, seek = rng.choice([100, 200, 500, 1000]), rng.choice([4, 5, 6, 8, 10])
    args: dict[str, Result] = {"rpm": rpm, "sectors_per_track": per, "seek_ms": seek}
    text = f"某磁盘转速为 {rpm} r/min，平均寻道时间 {seek} ms，每道 {per} 个扇区，每个扇区 512 B，"
    if difficulty < 3:
        return Draft(f"{text}则读一个扇区的平均存取时间约为（ ）。", args, "access_ms")
    if difficulty == 3:
        return Draft(f"{text}则磁盘的数据传输率为（ ）。", args, "rate_bytes_per_s")
    if difficulty == 4:
        count = rng.choice([8, 16, 32])
        stem = f"{text}则读同一磁道上连续 {count} 个扇区的平均时间约为（ ）。"
        return Draft(stem, {**args, "sectors": count}, "access_ms")
    surfaces, cylinders = rng.choice([4, 6, 8, 10]), rng.choice([1000, 2000, 5000])
    stem = f"{text}共 {surfaces} 个记录面，每面 {cylinders} 个磁道，则磁盘容量为（ ）。"
    return Draft(stem, {**args, "surfaces": surfaces, "cylinders": cylinders}, "capacity_bytes")
