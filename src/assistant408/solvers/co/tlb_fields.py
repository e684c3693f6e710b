"""Widths of the fields of a virtual address for paging and a TLB (虚拟地址与 TLB 的字段划分)."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Annotated

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Bits, Solution, Step
from assistant408.solvers.co._bits import log2
from assistant408.solvers.co._text import SIZE, size_bytes

__all__ = ["solve"]


@solver(
    "co.tlb_fields",
    title="虚拟地址与 TLB 的字段位数",
    summary="给出虚拟地址位数、页大小、物理地址位数、TLB 的项数和相联度，求虚页号、页内偏移、页框号、TLB 标记和 TLB 组号的位数。",
    syllabus=("co.memory.tlb", "co.memory.vm-page", "os.memory.tlb"),
    keywords=("TLB", "快表", "页表项", "TLB 标记", "TLB 组索引", "虚页号位数", "组相联", "页框号位数"),
    answers={
        "page_bits": Out("虚页号位数", "位"),
        "tlb_tag_bits": Out("TLB 标记位数", "位"),
        "tlb_index_bits": Out("TLB 组号位数", "位"),
        "offset_bits": Out("页内偏移位数", "位"),
        "frame_bits": Out("页框号位数", "位"),
        "tlb_sets": Out("TLB 组数", "组"),
        "pages": Out("页表项数（虚页数）", "个"),
    },
    examples=({"virtual_bits": 32, "page_size": "4KB", "entries": 64, "ways": 4, "physical_bits": 24},),
)
def solve(
    virtual_bits: Annotated[int, Param("虚拟地址位数", "", min=4, max=64)],
    page_size: Annotated[str, Param("页大小", SIZE, max_len=20)],
    entries: Annotated[int | None, Param("TLB 项数", "页表项的个数", min=1, max=65536)] = None,
    ways: Annotated[int, Param("TLB 路数", "每组项数；0 为全相联", min=0, max=65536)] = 0,
    physical_bits: Annotated[int | None, Param("物理地址位数", "", min=4, max=64)] = None,
) -> Solution:
    """Divide a virtual address for its page table and TLB.

    Args:
        virtual_bits: width of a virtual address.
        page_size: size of a page.
        entries: entries of the TLB.
        ways: entries of a set; 0 is fully associative.
        physical_bits: width of a physical address.

    Returns:
        `page_bits`, `offset_bits`, `pages`; with a TLB `tlb_sets`, `tlb_index_bits`, `tlb_tag_bits`; with
        `physical_bits` the `frame_bits`.

    Raises:
        InputError: sizes that are no powers of two or do not fit.

    Examples:
        >>> solve(40, "16KB", 64, 4).answer["tlb_tag_bits"]
        22
        >>> solve(32, "4KB", 16).answer["tlb_tag_bits"]  # fully associative: the whole page number
        20

    Source:
        408 真题 2011、2018; Patterson and Hennessy, Computer Organization and Design §5.7.
    """
    offset = log2(size_bytes(page_size, "页大小"), "页大小")
    page = virtual_bits - offset
    if page < 1 or (physical_bits is not None and physical_bits <= offset):
        raise InputError(
            f"地址位数应大于页内偏移 {offset} 位，请检查虚拟地址 {virtual_bits!r} 位与页大小 {page_size!r}。"
        )
    steps = [
        Step(
            f"页内偏移 {offset} 位，虚页号 ${virtual_bits}-{offset}={page}$ 位，虚页（页表项）共 $2^{{{page}}}$ 个。",
            Bits([("虚页号", "x" * page), ("页内偏移", "x" * offset)]),
            credit="划分虚拟地址",
            gives={"page_bits": page, "offset_bits": offset, "pages": 1 << page},
        )
    ]
    if physical_bits is not None:
        why = f"页框号 ${physical_bits}-{offset}={physical_bits - offset}$ 位。"
        steps.append(Step(why, credit="求页框号位数", gives={"frame_bits": physical_bits - offset}))
    if entries is not None:
        per = ways or entries
        if entries % per:
            raise InputError(f"TLB 路数 {ways!r} 不能整除项数 {entries!r}，请改正。")
        index = log2(entries // per, "TLB 组数")
        tag = page - index
        if tag < 0:
            raise InputError(f"虚页号只有 {page} 位，少于 TLB 组号 {index} 位，请检查数据。")
        how = f"每组 {per} 项，共 {entries // per} 组，组号 {index} 位" if index else "全相联，没有组号"
        steps.append(
            Step(
                f"TLB 有 {entries} 项，{how}；标记 = 虚页号的其余 ${page}-{index}={tag}$ 位。",
                Bits([p for p in (("TLB 标记", "x" * tag), ("TLB 组号", "x" * index)) if p[1]]),
                credit="求 TLB 标记位数",
                gives={"tlb_sets": entries // per, "tlb_index_bits": index, "tlb_tag_bits": tag},
            )
        )
    return Solution(steps, ("TLB 用虚页号查找：低位为组号，高位为标记",))


def mistakes(
    virtual_bits: int, page_size: str, entries: int | None, ways: int, physical_bits: int | None
) -> Iterator[Mistake]:
    """Name the slips: the index not taken off, entries for sets, the offset left in."""
    if entries is None:
        return
    offset = log2(size_bytes(page_size, "页大小"), "页大小")
    page = virtual_bits - offset
    index = log2(entries // (ways or entries), "TLB 组数")
    yield Mistake("用了整个虚页号", {"tlb_tag_bits": page if index else page - 1})
    if entries & (entries - 1) == 0:
        yield Mistake("按项数求组号位数", {"tlb_tag_bits": page - log2(entries, "项数") - (entries == 1)})
    yield Mistake("没有减去页内偏移", {"tlb_tag_bits": virtual_bits - index})
    yield Mistake("多减一位", {"tlb_tag_bits": page - index - 1})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Ask for the tag of a set-associative TLB."""
    bits, page = rng.choice([32, 40, 48]), rng.choice([4, 8, 16])
    entries, ways = rng.choice([16, 32, 64, 128]), rng.choice([2, 4])
    stem = f"某机虚拟地址 {bits} 位，页大小 {page} KB，TLB 为 {ways} 路组相联，共 {entries} 项，TLB 标记为（ ）位。"
    args = {"virtual_bits": bits, "page_size": f"{page}KB", "entries": entries, "ways": ways}
    return Draft(stem, args, "tlb_tag_bits")
