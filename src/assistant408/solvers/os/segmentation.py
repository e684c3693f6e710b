"""Segmentation (分段存储管理): translation of a two-dimensional address by the segment table."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated

from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Solution, Step, Table
from assistant408.solvers.os._show import hexa

__all__ = ["Segment", "solve"]


@dataclass(frozen=True)
class Segment:
    """A row of the segment table."""

    base: Annotated[int, Param("段基址", "段在内存的起始地址", min=0, max=2**64)]
    length: Annotated[int, Param("段长", "字节", min=0, max=2**64)]


@solver(
    "os.segmentation",
    title="分段地址变换",
    summary="给出段表（各段的基址和段长）和逻辑地址（段号、段内偏移），求物理地址或判断段号、段内地址越界。",
    syllabus=("os.memory.segmentation", "os.memory.relocation"),
    keywords=("分段", "段表", "段号", "段内地址", "段内偏移", "段基址", "段长", "越界中断", "地址变换", "物理地址"),
    answers={
        "physical_address": Out("物理地址"),
        "outcome": Out("访问结果"),
        "physical_hex": Out("物理地址（十六进制）"),
        "base": Out("段基址"),
        "length": Out("段长"),
        "valid": Out("地址是否合法"),
    },
    examples=(
        {
            "segments": [{"base": 219, "length": 600}, {"base": 2300, "length": 14}],
            "segment": 0,
            "offset": 430,
        },
    ),
)
def solve(
    segments: Annotated[list[Segment], Param("段表", "从第 0 段起，每项 段基址:段长", min_len=1, max_len=1000)],
    segment: Annotated[int, Param("段号", "从 0 起", min=0, max=10**6)],
    offset: Annotated[int, Param("段内偏移", "字节，从 0 起", min=0, max=2**64)],
) -> Solution:
    """Translate a logical address by a segment table (分段地址变换).

    Args:
        segments: base and length in bytes of segments 0, 1, ...
        segment: segment number, from 0.
        offset: byte within the segment, from 0.

    Returns:
        `outcome` (正常, 段号越界 or 段内越界) and `valid`; if 正常 `physical_address` and `physical_hex`; `base` and `length`
        unless the segment number is out of range.

    Examples:
        >>> solve([Segment(219, 600), Segment(2300, 14)], 0, 430).answer["physical_address"]
        649
        >>> solve([Segment(219, 600)], 0, 600).answer["outcome"]  # the last byte is 599
        '段内越界'
        >>> solve([Segment(219, 600)], 1, 0).answer["outcome"]
        '段号越界'

    Conventions:
        Legal offsets are 0 to length - 1.

    Source:
        Silberschatz, Operating System Concepts, 9e, §8.4; 汤小丹《计算机操作系统》第4章 §基本分段存储管理方式.
    """
    rows = [[i, s.base, s.length] for i, s in enumerate(segments)]
    columns = ["段号", "段基址", "段长"]
    if segment >= len(segments):
        why = f"段表有 {len(segments)} 项，段号 ${segment}\\ge {len(segments)}$，产生越界中断。"
        bad = Step(why, Table(columns, rows), credit="检查段号", gives={"outcome": "段号越界", "valid": False})
        return Solution([bad], CONVENTIONS)
    row = segments[segment]
    steps = [
        Step(
            f"段号 {segment} 在段表内，查得段基址 {row.base}、段长 {row.length}。",
            Table(columns, rows, [(segment, 1), (segment, 2)]),
            credit="查段表",
            gives={"base": row.base, "length": row.length},
        )
    ]
    if offset >= row.length:
        why = f"段内偏移 ${offset}\\ge {row.length}$（段长），产生越界中断。"
        steps.append(Step(why, credit="检查段内偏移", gives={"outcome": "段内越界", "valid": False}))
        return Solution(steps, CONVENTIONS)
    physical = row.base + offset
    steps.append(
        Step(
            f"段内偏移 ${offset}<{row.length}$，未越界。"
            f"物理地址 = 段基址 + 段内偏移 $={row.base}+{offset}={physical}$。",
            credit="相加得物理地址",
            gives={"outcome": "正常", "valid": True, "physical_address": physical, "physical_hex": hexa(physical)},
        )
    )
    return Solution(steps, CONVENTIONS)


CONVENTIONS = ["段内偏移的合法范围是 0 到 段长−1"]


def mistakes(segments: list[Segment], segment: int, offset: int) -> Iterator[Mistake]:
    """Misconceptions: no check, base and length confused, joining as in paging, numbers from 1."""
    if segment >= len(segments):
        return
    row = segments[segment]
    before, after = segments[max(0, segment - 1)], segments[min(len(segments) - 1, segment + 1)]
    yield Mistake("没有检查越界，直接相加", {"physical_address": row.base + offset})
    yield Mistake("把段长当作段基址", {"physical_address": row.length + offset})
    yield Mistake("段号从 1 起算，查了前一段", {"physical_address": before.base + offset})
    yield Mistake("查了后一段", {"physical_address": after.base + offset})
    yield Mistake("段基址加段长再加偏移", {"physical_address": row.base + row.length + offset})
    legal = offset < row.length
    yield Mistake("把段内偏移与段基址比较", {"outcome": "段内越界" if offset > row.base else "正常"})
    yield Mistake("越界判断弄反", {"outcome": "段内越界" if legal else "正常"})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Draw a segment table and a legal address."""
    count = 3 + difficulty // 2
    segments, at = [], rng.randint(50, 400)
    for _ in range(count):
        length = rng.randint(20, 200 * (1 + difficulty))
        segments.append(Segment(at, length))
        at += length + rng.randint(0, 500)
    rng.shuffle(segments)
    segment = rng.randrange(count)
    offset = rng.randrange(segments[segment].length)
    shown = "；".join(f"段 {i} 基址 {s.base}、段长 {s.length}" for i, s in enumerate(segments))
    stem = f"某进程的段表为：{shown}（单位 B）。逻辑地址（{segment}，{offset}）对应的物理地址是（ ）。"
    return Draft(stem, {"segments": segments, "segment": segment, "offset": offset}, "physical_address")
