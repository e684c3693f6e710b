"""Segmentation with paging (段页式存储管理): translation through the segment table and a page table."""

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
    "os.segment_paging",
    title="段页式地址变换",
    summary="给出段页式系统各段的页表、页大小和逻辑地址，求段号、段内页号、页内偏移、物理地址和访存次数。",
    syllabus=("os.memory.segment-paging",),
    keywords=("段页式", "段号", "段内页号", "页内偏移", "段表", "页表", "访存次数", "地址变换", "物理地址", "快表"),
    answers={
        "physical_address": Out("物理地址"),
        "physical_hex": Out("物理地址（十六进制）"),
        "segment": Out("段号"),
        "page": Out("段内页号"),
        "offset": Out("页内偏移"),
        "frame": Out("页框号"),
        "memory_accesses": Out("取一次数据的访存次数", "次"),
        "outcome": Out("访问结果"),
    },
    examples=({"tables": [[5, 8], [3, 9, 12]], "page_size": 1024, "segment": 1, "offset": 2100},),
)
def solve(
    tables: Annotated[
        list[list[int]],
        Param("各段的页表", "每行一段，从第 0 段起；行内是各页的页框号，-1 为不在内存", min=-1, min_len=1),
    ],
    page_size: Annotated[int, Param("页大小", "字节，2 的幂", min=1, max=2**30)],
    segment: Annotated[int | None, Param("段号", "从 0 起，与段内地址一起给出", min=0)] = None,
    offset: Annotated[int | None, Param("段内地址", "字节，与段号一起给出", min=0, max=2**48)] = None,
    address: Annotated[
        int | None, Param("逻辑地址", "一维地址，给出它时要给页号位数；可写 1A5CH", min=0, max=2**64 - 1)
    ] = None,
    page_bits: Annotated[int | None, Param("段内页号的位数", min=1, max=40)] = None,
    tlb_hit: Annotated[bool, Param("快表命中", "命中时不再查段表和页表")] = False,
) -> Solution:
    """Translate an address through segment and page tables (段页式地址变换).

    Args:
        tables: the page table of each segment from 0: frame numbers of its pages, -1 if not in memory.
        page_size: bytes in a page, a power of two.
        segment, offset: the address as a segment and a byte within it,
        address, page_bits: or as one number whose fields are segment, page (of `page_bits`) and offset.
        tlb_hit: whether the translation is found in the TLB.

    Returns:
        `segment`, `page`, `offset`; `outcome` (正常, 段号越界, 页号越界 or 缺页); if 正常 `frame`,
        `physical_address`, `physical_hex`, `memory_accesses` (3, or 1 on a TLB hit).

    Raises:
        InputError: a page size that is no power of two; neither or both forms of the address.

    Examples:
        >>> solve([[5, 8], [3, 9, 12]], 1024, 1, 2100).answer["physical_address"]
        12340
        >>> solve([[5, 8]], 1024, address=0x400, page_bits=4).answer["frame"]
        8
        >>> solve([[5]], 1024, 0, 1024).answer["outcome"]
        '页号越界'

    Conventions:
        Both tables are in memory: without a TLB hit the segment table, the page table and the datum cost one
        access each.

    Source:
        汤小丹《计算机操作系统》第4章 §段页式存储管理方式.
    """
    if page_size & (page_size - 1):
        raise InputError(f"页大小 {page_size!r} 不是 2 的幂，请改为 2 的幂（字节）。")
    segment, within, bits = _split(page_size, segment, offset, address, page_bits)
    page, rest = divmod(within, page_size)
    width = page_size.bit_length() - 1
    steps = [
        Step(
            f"页大小 $2^{{{width}}}$ B，段内地址 {within}：段内页号 $=\\lfloor{within}/{page_size}\\rfloor={page}$，"
            f"页内偏移 $={rest}$；段号为 {segment}。",
            bits,
            credit="分出段号、段内页号、页内偏移",
            gives={"segment": segment, "page": page, "offset": rest},
        )
    ]
    failure = _failure(tables, segment, page)
    if failure:
        why, outcome = failure
        steps.append(Step(why, credit="检查越界与存在位", gives={"outcome": outcome}))
        return Solution(steps, CONVENTIONS)
    frame = tables[segment][page]
    physical = frame * page_size + rest
    steps += [
        Step(
            f"查段表得段 {segment} 的页表，查页表得页 {page} 在页框 {frame}。",
            Table(["页号", "页框号"], [[i, f] for i, f in enumerate(tables[segment])], [(page, 1)]),
            credit="查段表、查页表",
            gives={"frame": frame, "outcome": "正常"},
        ),
        Step(
            f"物理地址 $={frame}\\times {page_size}+{rest}={physical}$，即 {hexa(physical)}。",
            credit="拼接得物理地址",
            gives={"physical_address": physical, "physical_hex": hexa(physical)},
        ),
        Step(
            "快表命中，只需访存 1 次取数据。" if tlb_hit else "查段表、查页表、取数据各访存 1 次，共 3 次。",
            credit="访存次数",
            gives={"memory_accesses": 1 if tlb_hit else 3},
        ),
    ]
    return Solution(steps, CONVENTIONS)


CONVENTIONS = ["段表和页表都在内存，段号、页号、页框号从 0 起"]


def _split(
    page_size: int, segment: int | None, offset: int | None, address: int | None, page_bits: int | None
) -> tuple[int, int, Bits | None]:
    """Give the segment and the byte within it, and the picture of a one-dimensional address."""
    if (address is None) == (segment is None):
        raise InputError("逻辑地址应写成 段号+段内地址，或 一维地址+段内页号的位数，两种写法取一种。")
    if address is None:
        if offset is None or segment is None:
            raise InputError("给出段号时还要给出段内地址 offset，请补上。")
        return segment, offset, None
    if page_bits is None:
        raise InputError("给出一维逻辑地址时还要给出段内页号的位数 page_bits，请补上。")
    width = page_size.bit_length() - 1
    number, within = divmod(address, page_size << page_bits)
    shown = f"{number:b}", f"{within >> width:0{page_bits}b}", f"{within % page_size:0{width}b}" if width else ""
    return number, within, Bits(list(zip(("段号", "段内页号", "页内偏移"), shown, strict=True)))


def _failure(tables: list[list[int]], segment: int, page: int) -> tuple[str, str] | None:
    if segment >= len(tables):
        return f"共有 {len(tables)} 段，段号 ${segment}\\ge {len(tables)}$，产生越界中断。", "段号越界"
    pages = len(tables[segment])
    if page >= pages:
        return f"段 {segment} 有 {pages} 页，页号 ${page}\\ge {pages}$，产生越界中断。", "页号越界"
    if tables[segment][page] < 0:
        return f"段 {segment} 的页 {page} 不在内存，产生缺页中断。", "缺页"
    return None


def mistakes(
    tables: list[list[int]],
    page_size: int,
    segment: int | None,
    offset: int | None,
    address: int | None,
    page_bits: int | None,
    tlb_hit: bool,
) -> Iterator[Mistake]:
    """Misconceptions: page number as frame, another segment's table, accesses miscounted."""
    number, within, _ = _split(page_size, segment, offset, address, page_bits)
    page, rest = divmod(within, page_size)
    if _failure(tables, number, page):
        return
    frame = tables[number][page]
    flat = [f for table in tables for f in table]
    found = {
        "直接用段内页号作页框号": page * page_size + rest,
        "忽略段号，查了所有页连续编号的页表": flat[page] * page_size + rest,
        "把段内地址整个加到页框起址上": frame * page_size + within,
        "页框号没有乘页大小": frame + rest,
        "漏加页内偏移": frame * page_size,
    }
    for why, value in found.items():
        yield Mistake(why, {"physical_address": value, "physical_hex": hexa(value)})
    yield Mistake("按基本分页计算访存次数", {"memory_accesses": 2})
    yield Mistake("漏了查表的访存", {"memory_accesses": 3 if tlb_hit else 1})
    yield Mistake("段表和页表各多算一次", {"memory_accesses": 4})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Draw two or three segments and an address of one of them."""
    page_size = 1024 * 2 ** rng.randint(0, 2)
    frames = rng.sample(range(2, 40), 12)
    tables = [frames[4 * i : 4 * i + rng.randint(2, 4)] for i in range(2 + difficulty // 4)]
    segment = rng.randrange(len(tables))
    offset = rng.randrange(page_size, page_size * len(tables[segment]))
    shown = "；".join(f"段 {i} 各页的页框号依次为 {'、'.join(map(str, t))}" for i, t in enumerate(tables))
    args = {"tables": tables, "page_size": page_size, "segment": segment, "offset": offset}
    head = f"某段页式系统页大小为 {page_size // 1024} KB，按字节编址，{shown}（页号从 0 起）。"
    if difficulty > 2:
        page_bits = 4
        address = segment * (page_size << page_bits) + offset
        args = {"tables": tables, "page_size": page_size, "address": address, "page_bits": page_bits}
        stem = f"{head}逻辑地址中段内页号占 4 位，逻辑地址 {hexa(address)} 对应的物理地址（十六进制）是（ ）。"
        return Draft(stem, args, "physical_hex")
    return Draft(f"{head}段号 {segment}、段内地址 {offset} 对应的物理地址是（ ）。", args, "physical_address")
