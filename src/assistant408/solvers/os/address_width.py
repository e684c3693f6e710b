"""Widths of logical and physical addresses (逻辑地址与物理地址的位数)."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Annotated

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Cell, Solution, Step, Table, Value

__all__ = ["solve"]


@solver(
    "os.address_width",
    title="逻辑地址与物理地址的位数",
    summary="给出页数、页大小、页框数，求逻辑地址与物理地址的位数；或给出地址位数和段号（页号）位数，求最大段长、段（页）数。",
    syllabus=("os.memory.paging", "os.memory.segmentation", "os.memory.segment-paging"),
    keywords=("逻辑地址", "物理地址", "位数", "有效位", "最大段长", "段号", "页数", "页框数", "地址长度", "最多段数"),
    answers={
        "logical_bits": Out("逻辑地址的位数", "位"),
        "physical_bits": Out("物理地址的位数", "位"),
        "segment_bytes": Out("最大段长", "B"),
        "segments": Out("最多的段数", "段"),
        "page_bytes": Out("页大小", "B"),
        "number_bits": Out("页号（段号）的位数", "位"),
    },
    examples=({"pages": 16, "page_bytes": 2048, "frames": 64},),
)
def solve(
    pages: Annotated[int | None, Param("逻辑空间的页数", min=1, max=2**50)] = None,
    page_bytes: Annotated[int | None, Param("页大小", "字节", min=1, max=2**40)] = None,
    frames: Annotated[int | None, Param("页框数", "物理空间的块数", min=1, max=2**50)] = None,
    address_bits: Annotated[int | None, Param("逻辑地址位数", min=1, max=64)] = None,
    segment_bits: Annotated[int | None, Param("段号位数", min=1, max=63)] = None,
) -> Solution:
    """Give the widths of addresses, or what they allow (地址位数).

    Args:
        pages, page_bytes, frames: logical pages, size of a page, physical frames.
        address_bits, segment_bits: widths of a logical address and of the segment number in it.

    Returns:
        `logical_bits`, `physical_bits`, `number_bits`, or `segment_bytes` and `segments`.

    Raises:
        InputError: too little is given, or the segment number is too wide.

    Examples:
        >>> solve(16, 2048, 64).answer
        {'number_bits': 4, 'logical_bits': 15, 'physical_bits': 17}
        >>> solve(address_bits=32, segment_bits=8).answer["segment_bytes"] == 2**24
        True

    Conventions:
        Memory is addressed by the byte.

    Source:
        汤小丹《计算机操作系统》第4章 §分页存储管理、§分段存储管理.
    """
    steps = []
    if page_bytes is not None and (pages is not None or frames is not None):
        offset = (page_bytes - 1).bit_length()
        gives: dict[str, Value] = {}
        parts = [f"页大小 {page_bytes} B，页内偏移 {offset} 位"]
        rows: list[list[Cell]] = []
        for count, what, key in ((pages, "逻辑地址", "logical_bits"), (frames, "物理地址", "physical_bits")):
            if count is None:
                continue
            number = (count - 1).bit_length()
            if key == "logical_bits":
                gives["number_bits"] = number
            gives[key] = number + offset
            parts.append(
                f"{count} {'页' if key == 'logical_bits' else '块'}需 {number} 位，{what} ${number}+{offset}={number + offset}$ 位"
            )
            rows.append([what, number, offset, number + offset])
        table = Table(["地址", "页（框）号位数", "偏移位数", "总位数"], rows)
        steps.append(Step("；".join(parts) + "。", table, credit="页号位数加偏移位数", gives=gives))
    if address_bits is not None and segment_bits is not None:
        rest = address_bits - segment_bits
        if rest < 1:
            raise InputError(f"段号 {segment_bits} 位应小于地址的 {address_bits} 位，请核对。")
        steps.append(
            Step(
                f"段内地址 ${address_bits}-{segment_bits}={rest}$ 位，最大段长 $2^{{{rest}}}$ B，最多 $2^{{{segment_bits}}}$ 段。",
                Table(["段号位数", "段内地址位数", "最大段长（B）"], [[segment_bits, rest, str(2**rest)]]),
                credit="段内地址的位数决定段长",
                gives={"segment_bytes": 2**rest, "segments": 2**segment_bits},
            )
        )
    if not steps:
        raise InputError("请给出页大小与页数（页框数），或逻辑地址位数与段号位数。")
    return Solution(steps, ["按字节编址"])


def mistakes(
    pages: int | None, page_bytes: int | None, frames: int | None, address_bits: int | None, segment_bits: int | None
) -> Iterator[Mistake]:
    """Misconceptions: the offset forgotten, the two addresses swapped, segment number and offset swapped."""
    if page_bytes is not None and pages is not None:
        offset, number = (page_bytes - 1).bit_length(), (pages - 1).bit_length()
        yield Mistake("漏了页内偏移", {"logical_bits": number})
        yield Mistake("只算页内偏移", {"logical_bits": offset})
        yield Mistake("多算一位", {"logical_bits": number + offset + 1})
        if frames is not None:
            yield Mistake("与物理地址弄反", {"logical_bits": (frames - 1).bit_length() + offset})
    if address_bits is not None and segment_bits is not None:
        yield Mistake("把段数当作段长", {"segment_bytes": 2**segment_bits})
        yield Mistake("没有去掉段号", {"segment_bytes": 2**address_bits})
        yield Mistake("少算一位", {"segment_bytes": 2 ** (address_bits - segment_bits - 1)})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Draw a paged space, or a segmented one."""
    if difficulty > 2 and rng.random() < 0.5:
        bits, segment = 32, rng.randint(6, 14)
        stem = f"分段系统的逻辑地址长 {bits} 位，其中段号占 {segment} 位，最大段长（B）为（ ）。"
        return Draft(stem, {"address_bits": bits, "segment_bits": segment}, "segment_bytes")
    pages, size, frames = (2 ** rng.randint(a, b) for a, b in ((3, 6), (9, 12), (7, 10)))
    stem = f"逻辑空间有 {pages} 页，每页 {size} B，内存有 {frames} 个页框，逻辑地址的位数为（ ）。"
    return Draft(stem, {"pages": pages, "page_bytes": size, "frames": frames}, "logical_bits")
