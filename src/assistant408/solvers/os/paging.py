"""Paging (分页存储管理): translation of a logical address by the page table."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Annotated

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Bits, Solution, Step, Table
from assistant408.solvers.os._show import hexa

__all__ = ["solve"]


@solver(
    "os.paging",
    title="分页地址变换",
    summary="给出页大小、页表（各页的页框号）和逻辑地址，求页号、页内偏移和物理地址，判断越界或缺页。",
    syllabus=("os.memory.page-table", "os.memory.paging"),
    keywords=("分页", "页表", "地址变换", "逻辑地址", "物理地址", "页号", "页内偏移", "页框号", "虚拟地址", "越界"),
    answers={
        "physical_address": Out("物理地址"),
        "physical_hex": Out("物理地址（十六进制）"),
        "page": Out("页号"),
        "offset": Out("页内偏移"),
        "frame": Out("页框号"),
        "outcome": Out("访问结果"),
    },
    examples=({"address": 2500, "page_size": 1024, "frames": [2, 4, 7]},),
)
def solve(
    address: Annotated[int, Param("逻辑地址", "按字节编址；十六进制写 1A5CH 或 0x1A5C", min=0, max=2**64 - 1)],
    page_size: Annotated[int, Param("页大小", "字节，2 的幂，如 4096", min=1, max=2**40)],
    frames: Annotated[
        list[int], Param("页表", "从第 0 页起各页的页框号，-1 表示不在内存", min=-1, min_len=1, max_len=1000)
    ],
) -> Solution:
    """Translate a logical address by a page table (分页地址变换).

    Args:
        address: logical byte address.
        page_size: bytes in a page, a power of two.
        frames: frame numbers of pages 0, 1, ...; -1 for a page that is not in memory.

    Returns:
        `page` and `offset`; `outcome` (正常, 缺页 or 越界); if 正常 also `frame`, `physical_address`, `physical_hex`.

    Raises:
        InputError: a page size that is no power of two.

    Examples:
        >>> solve(2500, 1024, [2, 4, 7]).answer["physical_address"]
        7620
        >>> solve(3072, 1024, [2, 4, 7]).answer["outcome"]  # page 3 of pages 0 to 2
        '越界'
        >>> solve(1023, 1024, [0]).answer["physical_address"], solve(1024, 1024, [0, -1]).answer["outcome"]
        (1023, '缺页')

    Conventions:
        Byte addressing. Page and frame numbers begin at 0.

    Source:
        汤小丹《计算机操作系统》第4章 §基本分页存储管理方式; Silberschatz, Operating System Concepts, 10e, §9.3.1.
    """
    if page_size & (page_size - 1):
        raise InputError(f"页大小 {page_size!r} 不是 2 的幂，请改为 2 的幂（字节）。")
    page, offset = divmod(address, page_size)
    width = page_size.bit_length() - 1
    shown = f"{address:0{max(width + 1, address.bit_length())}b}"
    steps = [
        Step(
            f"页大小 ${page_size}=2^{{{width}}}$ B，低 {width} 位是页内偏移："
            f"页号 $=\\lfloor{address}/{page_size}\\rfloor={page}$，"
            f"页内偏移 $={address}\\bmod {page_size}={offset}$。",
            Bits([("页号", shown[: len(shown) - width]), ("页内偏移", shown[len(shown) - width :])]),
            credit="分出页号与页内偏移",
            gives={"page": page, "offset": offset},
        )
    ]
    table = Table(["页号", "页框号"], [[i, f if f >= 0 else "—"] for i, f in enumerate(frames)], [(page, 1)])
    if page >= len(frames):
        why = f"页表长度为 {len(frames)}，页号 ${page}\\ge {len(frames)}$，产生越界中断。"
        table = Table(table.columns, table.rows)
        steps.append(Step(why, table, credit="检查越界", gives={"outcome": "越界"}))
    elif frames[page] < 0:
        why = f"页 {page} 不在内存，产生缺页中断。"
        steps.append(Step(why, table, credit="查页表", gives={"outcome": "缺页"}))
    else:
        frame = frames[page]
        physical = frame * page_size + offset
        steps.append(
            Step(
                f"查页表，页 {page} 在页框 {frame}。",
                table,
                credit="查页表得页框号",
                gives={"frame": frame, "outcome": "正常"},
            )
        )
        steps.append(
            Step(
                f"物理地址 = 页框号 × 页大小 + 页内偏移 "
                f"$={frame}\\times {page_size}+{offset}={physical}$，即 {hexa(physical)}。",
                credit="拼接得物理地址",
                gives={"physical_address": physical, "physical_hex": hexa(physical)},
            )
        )
    return Solution(steps, ["按字节编址，页号和页框号从 0 起"])


def mistakes(address: int, page_size: int, frames: list[int]) -> Iterator[Mistake]:
    """Misconceptions: page number as frame, neighbours in the table, adding instead of joining."""
    page, offset = divmod(address, page_size)
    if page >= len(frames) or frames[page] < 0:
        return
    found = {
        "没有查页表，直接用页号作页框号": page * page_size + offset,
        "页号从 1 起算，查了前一页": frames[max(0, page - 1)] * page_size + offset,
        "查了后一页": frames[min(len(frames) - 1, page + 1)] * page_size + offset,
        "页框号没有乘页大小，直接相加": frames[page] + offset,
        "把页框号加到逻辑地址上": frames[page] * page_size + address,
        "漏加页内偏移": frames[page] * page_size,
    }
    for why, value in found.items():
        yield Mistake(why, {"physical_address": value, "physical_hex": hexa(value)})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Draw decimal addresses at first, hexadecimal ones later."""
    page_size = 1024 * 2 ** rng.randint(0, 2)
    frames = rng.sample(range(2, 30), 4 + difficulty)
    address = page_size * rng.randrange(1, len(frames)) + rng.randint(1, page_size - 1)
    shown = "，".join(f"{i}→{f}" for i, f in enumerate(frames))
    in_hex = difficulty > 2
    asked = hexa(address, 16) if in_hex else str(address)
    stem = (
        f"某系统采用分页存储管理，按字节编址，页大小为 {page_size // 1024} KB，"
        f"进程的页表（页号→页框号，十进制）为 {shown}。逻辑地址 {asked} 对应的物理地址{'（十六进制）' if in_hex else ''}是（ ）。"
    )
    args = {"address": address, "page_size": page_size, "frames": frames}
    return Draft(stem, args, "physical_hex" if in_hex else "physical_address")
