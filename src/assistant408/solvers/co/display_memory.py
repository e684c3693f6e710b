"""Display memory (显示存储器): capacity of the frame buffer and the bandwidth that refresh needs."""

from __future__ import annotations

import random
from collections.abc import Iterator
from fractions import Fraction
from typing import Annotated

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Solution, Step, Table
from assistant408.solvers.co._text import decimal, percent

__all__ = ["solve"]


@solver(
    "co.display_memory",
    title="显示存储器的容量与带宽",
    summary="给出分辨率、颜色深度（或灰度级）、帧频和刷新所占带宽比例，求显存（VRAM）容量和显存总带宽。",
    syllabus=("co.io.devices",),
    keywords=("显存", "VRAM", "分辨率", "颜色深度", "灰度级", "帧频", "刷新带宽", "显示器"),
    answers={
        "bandwidth_mbps": Out("显存总带宽", "Mb/s"),
        "refresh_mbps": Out("刷新所需带宽", "Mb/s"),
        "capacity_bytes": Out("显存容量", "B"),
    },
    examples=({"width": 1600, "height": 1200, "color_bits": 24, "frame_hz": 85, "refresh_share": 0.5},),
)
def solve(
    width: Annotated[int, Param("水平分辨率", "每行像素数", min=1, max=100_000)],
    height: Annotated[int, Param("垂直分辨率", "行数", min=1, max=100_000)],
    color_bits: Annotated[int, Param("颜色深度", "每像素位数；256 级灰度为 8", min=1, max=64)] = 24,
    frame_hz: Annotated[Fraction, Param("帧频（刷新率）", "Hz", min=0)] = Fraction(60),
    refresh_share: Annotated[
        Fraction, Param("刷新占显存带宽的比例", "如 50%；全部用于刷新为 1", min=0, max=1)
    ] = Fraction(1),
) -> Solution:
    """Size a frame buffer (显示存储器).

    Args:
        width: pixels of a line.
        height: lines.
        color_bits: bits of a pixel.
        frame_hz: frames per second.
        refresh_share: part of the memory's bandwidth that refreshing the screen takes.

    Returns:
        `capacity_bytes`, `refresh_mbps` and `bandwidth_mbps` in Mb/s, M = 10**6.

    Raises:
        InputError: a share or a frame rate of 0.

    Examples:
        >>> solve(1600, 1200, 24, 85, Fraction(1, 2)).answer["bandwidth_mbps"]
        Fraction(39168, 5)
        >>> solve(1024, 768, 8).answer["capacity_bytes"]
        Fraction(786432, 1)
        >>> solve(1, 1, 1, 1).answer["refresh_mbps"]
        Fraction(1, 1000000)

    Source:
        唐朔飞《计算机组成原理》第5章（显示器）; 408 真题 2010.
    """
    share, hz = Fraction(refresh_share), Fraction(frame_hz)
    if not share * hz:
        raise InputError(f"刷新所占比例 {str(share)!r} 与帧频 {str(hz)!r} 都应大于 0，请改正。")
    bits = width * height * color_bits
    refresh = bits * hz / 10**6
    rows = [
        ["一帧", f"{bits} b"],
        ["刷新带宽", f"{decimal(refresh)} Mb/s"],
        ["总带宽", f"{decimal(refresh / share)} Mb/s"],
    ]
    steps = [
        Step(
            f"一帧 ${width}\\times {height}\\times {color_bits}={bits}$ 位，显存容量 ${bits}/8={decimal(Fraction(bits, 8))}$ B。",
            credit="求显存容量",
            gives={"capacity_bytes": Fraction(bits, 8)},
        ),
        Step(
            f"刷新带宽 = 分辨率 × 颜色深度 × 帧频 = ${bits}\\times {decimal(hz)}$ b/s，即 {decimal(refresh)} Mb/s；"
            f"它占 {percent(share)}，总带宽 ${decimal(refresh)}/{decimal(share)}={decimal(refresh / share)}$ Mb/s。",
            Table(["量", "值"], rows, [(2, 1)]),
            credit="求显存带宽",
            gives={"refresh_mbps": refresh, "bandwidth_mbps": refresh / share},
        ),
    ]
    return Solution(steps, ("速率中 M = 10^6",))


def mistakes(
    width: int, height: int, color_bits: int, frame_hz: Fraction, refresh_share: Fraction
) -> Iterator[Mistake]:
    """Name the slips: the share multiplied, bytes for bits, the colour depth or frame rate left out."""
    share, hz = Fraction(refresh_share), Fraction(frame_hz)
    bits = width * height * color_bits
    rate = bits * hz / 10**6
    yield Mistake("没有考虑刷新只占部分带宽", {"bandwidth_mbps": rate})
    yield Mistake("乘以刷新所占比例", {"bandwidth_mbps": rate * share})
    yield Mistake("按字节计", {"bandwidth_mbps": rate / share / 8, "refresh_mbps": rate / 8})
    yield Mistake(
        "漏乘颜色深度", {"bandwidth_mbps": rate / share / color_bits, "capacity_bytes": Fraction(bits, 8 * color_bits)}
    )
    yield Mistake("位没有换算成字节", {"capacity_bytes": Fraction(bits)})
    yield Mistake("容量乘了帧频", {"capacity_bytes": bits * hz / 8})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Ask for the capacity at first, for the bandwidth later."""
    width, height = rng.choice([(1024, 768), (1280, 1024), (1600, 1200), (1920, 1080)])
    depth, hz = rng.choice([8, 16, 24, 32]), rng.choice([60, 75, 85, 100])
    text = f"显示器分辨率为 {width}×{height}，颜色深度 {depth} 位，帧频 {hz} Hz，"
    args: dict[str, object] = {"width": width, "height": height, "color_bits": depth, "frame_hz": hz}
    if difficulty < 3:
        return Draft(f"{text}则显存容量至少为（ ）。", args, "capacity_bytes")
    share = rng.choice([Fraction(1, 2), Fraction(2, 5), Fraction(4, 5)])
    stem = f"{text}显存总带宽的 {decimal(share * 100)}% 用于刷新屏幕，则显存总带宽至少约为（ ）。"
    return Draft(stem, {**args, "refresh_share": share}, "bandwidth_mbps")
