"""Address translation (虚拟地址转换): TLB, page table and cache looked up in turn for one virtual address."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Bits, Cell, Solution, Step, Table
from assistant408.core.trace import Value as Result
from assistant408.solvers.co._bits import binary, field, hexadecimal, log2
from assistant408.solvers.co._text import SIZE, listed, size_bytes

__all__ = ["CacheEntry", "PageEntry", "TlbEntry", "solve"]


@dataclass(frozen=True)
class TlbEntry:
    """A line of the TLB; fully associative ones have set 0 and the whole page number as tag."""

    set: Annotated[int, Param("组号", "全相联时为 0", min=0)]
    tag: Annotated[int, Param("标记", "全相联时为虚页号", min=0)]
    frame: Annotated[int, Param("页框号", min=0)]
    valid: Annotated[int, Param("有效位", min=0, max=1)] = 1


@dataclass(frozen=True)
class PageEntry:
    """An entry of the page table."""

    page: Annotated[int, Param("虚页号", min=0)]
    frame: Annotated[int, Param("页框号", min=0)]
    valid: Annotated[int, Param("有效位（装入位）", min=0, max=1)] = 1


@dataclass(frozen=True)
class CacheEntry:
    """A line of the cache."""

    set: Annotated[int, Param("组号（行号）", min=0)]
    tag: Annotated[int, Param("标记", min=0)]
    valid: Annotated[int, Param("有效位", min=0, max=1)] = 1


@dataclass(frozen=True)
class Lookup:
    """Where a page was found: frame None on a page fault."""

    page: int
    offset: int
    tlb_hit: bool
    frame: int | None


@solver(
    "co.address_translation",
    title="TLB、页表与 Cache 的联合地址变换",
    summary="给出虚拟地址、页大小、TLB、页表和 Cache 的内容，求虚页号、TLB 是否命中、是否缺页、物理地址和 Cache 是否命中。",
    syllabus=(
        "co.memory.tlb-cache",
        "co.memory.tlb",
        "co.memory.vm-page",
        "co.memory.vm-multilevel",
        "co.memory.tlb-cache-combo",
    ),
    keywords=("TLB", "快表", "页表", "虚拟地址", "物理地址", "虚页号", "页框号", "缺页", "多级页表", "Cache 命中"),
    answers={
        "physical_address": Out("物理地址"),
        "page": Out("虚页号"),
        "page_offset": Out("页内偏移"),
        "tlb_hit": Out("TLB 是否命中"),
        "page_fault": Out("是否缺页"),
        "frame": Out("页框号"),
        "tlb_tag": Out("TLB 标记"),
        "tlb_set": Out("TLB 组号"),
        "level_indexes": Out("各级页表的索引"),
        "cache_set": Out("Cache 组号（行号）"),
        "cache_tag": Out("Cache 标记"),
        "cache_hit": Out("Cache 是否命中"),
        "page_bits": Out("虚页号位数", "位"),
        "memory_accesses": Out("访问主存的次数", "次"),
    },
    examples=(
        {
            "virtual_address": 0x03FFF180,
            "virtual_bits": 32,
            "physical_bits": 24,
            "page_size": "4KB",
            "tlb": [
                {"set": 0, "tag": 0x03FFF, "frame": 0x0153, "valid": 1},
                {"set": 0, "tag": 0x00001, "frame": 0x0020, "valid": 0},
            ],
            "pages": [{"page": 0x03FFF, "frame": 0x0153, "valid": 1}],
            "cache_sets": 8,
            "block_size": "32B",
            "cache": [{"set": 4, "tag": 0x001531, "valid": 1}],
        },
    ),
)
def solve(
    virtual_address: Annotated[int, Param("虚拟地址", "十六进制写作 0x03FFF180", min=0)],
    virtual_bits: Annotated[int, Param("虚拟地址位数", "", min=4, max=64)],
    physical_bits: Annotated[int, Param("物理地址位数", "", min=4, max=64)],
    page_size: Annotated[str, Param("页大小", SIZE, max_len=20)],
    pages: Annotated[list[PageEntry], Param("页表", "虚页号:页框号:有效位", max_len=500)],
    tlb: Annotated[
        list[TlbEntry] | None, Param("TLB 内容", "组号:标记:页框号:有效位；没有 TLB 时不给", max_len=256)
    ] = None,
    tlb_sets: Annotated[int, Param("TLB 组数", "1 为全相联", min=1, max=256)] = 1,
    level_bits: Annotated[
        list[int] | None, Param("各级页表索引位数", "从最高级起，如 10,10；单级时不给", min=1, max=32, max_len=6)
    ] = None,
    cache_sets: Annotated[int, Param("Cache 组数", "直接映射时即行数；0 表示不看 Cache", min=0, max=65536)] = 0,
    block_size: Annotated[str, Param("Cache 块大小", SIZE, max_len=20)] = "32B",
    cache: Annotated[list[CacheEntry] | None, Param("Cache 内容", "组号:标记:有效位", max_len=500)] = None,
) -> Solution:
    """Translate one virtual address and look it up in the cache (TLB、页表与 Cache 联合地址变换).

    Args:
        virtual_address: address to translate, in bytes.
        virtual_bits: width of a virtual address.
        physical_bits: width of a physical address.
        page_size: such as 4KB.
        pages: the page table's entries; a page that is missing counts as invalid.
        tlb: entries of the TLB.
        tlb_sets: sets of the TLB; 1 means fully associative.
        level_bits: widths of the indexes of a multi-level page table, the highest level first.
        cache_sets: sets of the physically addressed cache; 0 leaves the cache out.
        block_size: size of a cache block.
        cache: valid lines of the cache.

    Returns:
        `page`, `page_offset`, `page_bits`, TLB fields and `tlb_hit`, `page_fault`, and without a fault
        `frame`, `physical_address`, the cache fields and `cache_hit`; `memory_accesses` counts page-table
        levels read and the access on a cache miss.

    Raises:
        InputError: an address, frame or index that does not fit its width.

    Examples:
        >>> table = [PageEntry(3, 9), PageEntry(4, 2, 0)]
        >>> solve(0x3180, 16, 16, "4KB", table).answer["physical_address"]
        '9180H'
        >>> solve(0x4180, 16, 16, "4KB", table).answer["page_fault"]
        True
        >>> solve(0x3180, 16, 16, "4KB", table, [TlbEntry(0, 3, 9)]).answer["tlb_hit"]
        True

    Conventions:
        TLB first, then the page table; page tables lie in main memory and are not cached. The cache is
        addressed physically. A TLB hit implies that the page is in memory.

    Source:
        袁春风《计算机系统基础》第6章; 408 真题 2013.
    """
    offset_bits = log2(size_bytes(page_size, "页大小"), "页大小")
    page_bits, frame_bits = virtual_bits - offset_bits, physical_bits - offset_bits
    levels = level_bits or []
    conventions = ("页表在主存中，不经过 Cache", "先查 TLB，缺失再查页表" if tlb else "没有 TLB")
    _check(virtual_address, virtual_bits, physical_bits, offset_bits, levels, pages, tlb or [], tlb_sets)
    found = _lookup(virtual_address, offset_bits, pages, tlb or [], tlb_sets)
    steps = [_split(virtual_address, virtual_bits, offset_bits, levels)]
    if tlb:
        steps.append(_tlb_step(found, tlb, tlb_sets, page_bits, frame_bits))
    if not found.tlb_hit:
        steps.append(_page_step(found, pages, page_bits, frame_bits, levels))
    reads = 0 if found.tlb_hit else max(1, len(levels))
    if found.frame is None:
        why = "缺页，由操作系统把该页调入主存后重新执行指令，此时没有物理地址。"
        steps.append(Step(why, credit="判断缺页", gives={"memory_accesses": reads}))
        return Solution(steps, conventions)
    physical = found.frame << offset_bits | found.offset
    steps.append(
        Step(
            f"页框号 {hexadecimal(found.frame, physical_bits - offset_bits)} 与页内偏移 "
            f"{hexadecimal(found.offset, offset_bits)} 拼接，物理地址为 {hexadecimal(physical, physical_bits)}。",
            Bits(
                [
                    ("页框号", binary(found.frame, physical_bits - offset_bits)),
                    ("页内偏移", binary(found.offset, offset_bits)),
                ]
            ),
            credit="拼接物理地址",
            gives={"physical_address": hexadecimal(physical, physical_bits)},
        )
    )
    miss = 1
    if cache_sets:
        step, hit = _cache_step(physical, physical_bits, cache_sets, block_size, cache or [])
        steps.append(step)
        miss = 0 if hit else 1
    total = reads + miss
    what = ("Cache 缺失，取块" if miss else "Cache 命中，取数据") if cache_sets else "取数据"
    why = f"查页表访存 {reads} 次；{what}访存 {miss} 次；共访问主存 {total} 次。"
    steps.append(Step(why, gives={"memory_accesses": total}))
    return Solution(steps, conventions)


def _check(
    address: int,
    virtual_bits: int,
    physical_bits: int,
    offset_bits: int,
    levels: Sequence[int],
    pages: Sequence[PageEntry],
    tlb: Sequence[TlbEntry],
    tlb_sets: int,
) -> None:
    """Refuse values that do not fit their widths."""
    if address >> virtual_bits:
        raise InputError(f"虚拟地址 {address!r} 超过 {virtual_bits} 位，请改正。")
    if not 1 <= offset_bits < min(virtual_bits, physical_bits):
        raise InputError(f"页内偏移 {offset_bits!r} 位，应至少 1 位且小于地址位数，请检查页大小。")
    if tlb_sets >> (virtual_bits - offset_bits):
        raise InputError(f"TLB 组数 {tlb_sets!r} 应小于虚页数，请改正。")
    if levels and sum(levels) != virtual_bits - offset_bits:
        raise InputError(f"各级索引位数 {list(levels)!r} 之和应等于虚页号的 {virtual_bits - offset_bits} 位，请改正。")
    for frame in [e.frame for e in pages] + [e.frame for e in tlb]:
        if frame >> (physical_bits - offset_bits):
            raise InputError(f"页框号 {frame!r} 超过 {physical_bits - offset_bits} 位，请检查物理地址位数。")


def _lookup(
    address: int, offset_bits: int, pages: Sequence[PageEntry], tlb: Sequence[TlbEntry], tlb_sets: int
) -> Lookup:
    """Look the page up in the TLB, then in the page table."""
    page, offset = address >> offset_bits, field(address, 0, offset_bits)
    index, tag = page % tlb_sets, page // tlb_sets
    hit = next((e for e in tlb if e.valid and e.set == index and e.tag == tag), None)
    if hit:
        return Lookup(page, offset, True, hit.frame)
    entry = next((e for e in pages if e.valid and e.page == page), None)
    return Lookup(page, offset, False, entry.frame if entry else None)


def _split(address: int, virtual_bits: int, offset_bits: int, levels: Sequence[int]) -> Step:
    """Cut the virtual address into page number and offset."""
    page, offset = address >> offset_bits, field(address, 0, offset_bits)
    page_bits = virtual_bits - offset_bits
    pieces, indexes, low = [], [], page_bits
    for i, bits in enumerate(levels, start=1):
        low -= bits
        indexes.append(field(page, low, bits))
        pieces.append((f"第 {i} 级索引", binary(indexes[-1], bits)))
    if not levels:
        pieces.append(("虚页号", binary(page, page_bits)))
    gives: dict[str, Result] = {
        "page": hexadecimal(page, page_bits),
        "page_offset": hexadecimal(offset, offset_bits),
        "page_bits": page_bits,
    }
    if levels:
        gives["level_indexes"] = indexes
    return Step(
        f"页大小 $2^{{{offset_bits}}}$ B，页内偏移 {offset_bits} 位、虚页号 {page_bits} 位；"
        f"虚页号为 {hexadecimal(page, page_bits)}，页内偏移为 {hexadecimal(offset, offset_bits)}"
        + (f"，各级索引依次为 {listed(indexes)}。" if levels else "。"),
        Bits([*pieces, ("页内偏移", binary(offset, offset_bits))]),
        credit="划分虚拟地址",
        gives=gives,
    )


def _tlb_step(found: Lookup, tlb: Sequence[TlbEntry], tlb_sets: int, page_bits: int, frame_bits: int) -> Step:
    """Search the TLB."""
    index_bits = log2(tlb_sets, "TLB 组数")
    index, tag = found.page % tlb_sets, found.page // tlb_sets
    rows: list[list[Cell]] = [
        [e.set, hexadecimal(e.tag, page_bits - index_bits), hexadecimal(e.frame, frame_bits), e.valid] for e in tlb
    ]
    marks = [(i, 1) for i, e in enumerate(tlb) if e.set == index and e.tag == tag]
    where = f"低 {index_bits} 位为组号 {index}，其余" if index_bits else "全相联，虚页号"
    shown = hexadecimal(tag, page_bits - index_bits)
    if found.tlb_hit:
        result = "标记相同且有效位为 1，TLB 命中"
    else:
        result = "标记相同但有效位为 0，TLB 缺失" if marks else "没有相同的标记，TLB 缺失"
    gives: dict[str, Result] = {"tlb_set": index, "tlb_tag": shown, "tlb_hit": found.tlb_hit}
    if found.tlb_hit:
        gives |= {"page_fault": False, "frame": hexadecimal(found.frame or 0, frame_bits)}
    return Step(
        f"查 TLB：{where}为标记 {shown}；{result}。",
        Table(["组号", "标记", "页框号", "有效位"], rows, marks),
        credit="判断 TLB 是否命中",
        gives=gives,
    )


def _page_step(
    found: Lookup, pages: Sequence[PageEntry], page_bits: int, frame_bits: int, levels: Sequence[int]
) -> Step:
    """Search the page table."""
    rows: list[list[Cell]] = [
        [hexadecimal(e.page, page_bits), hexadecimal(e.frame, frame_bits), e.valid] for e in pages
    ]
    marks = [(i, 2) for i, e in enumerate(pages) if e.page == found.page]
    how = f"依次访问 {len(levels)} 级页表" if levels else "查页表"
    gives: dict[str, Result] = {"page_fault": found.frame is None}
    if found.frame is None:
        why = f"{how}：虚页 {hexadecimal(found.page, page_bits)} 的有效位为 0，不在主存，缺页。"
    else:
        gives["frame"] = hexadecimal(found.frame, frame_bits)
        why = f"{how}：虚页 {hexadecimal(found.page, page_bits)} 的有效位为 1，页框号为 {gives['frame']}。"
    return Step(why, Table(["虚页号", "页框号", "有效位"], rows, marks), credit="查页表", gives=gives)


def _cache_step(
    physical: int, physical_bits: int, sets: int, block_size: str, cache: Sequence[CacheEntry]
) -> tuple[Step, bool]:
    """Look the physical address up in the cache."""
    offset_bits = log2(size_bytes(block_size, "Cache 块大小"), "Cache 块大小")
    index_bits = log2(sets, "Cache 组数")
    tag_bits = physical_bits - offset_bits - index_bits
    if tag_bits < 1:
        raise InputError(f"Cache 组数 {sets!r} 与块大小所用的位数不小于物理地址位数，请改正。")
    index, tag = field(physical, offset_bits, index_bits), physical >> (offset_bits + index_bits)
    same = [e for e in cache if e.set == index and e.tag == tag]
    hit = any(e.valid for e in same)
    rows: list[list[Cell]] = [[e.set, hexadecimal(e.tag, tag_bits), e.valid] for e in cache]
    result = "标记相同且有效，Cache 命中" if hit else "没有标记相同的有效行，Cache 缺失"
    step = Step(
        f"物理地址划分为标记 {tag_bits} 位、组号 {index_bits} 位、块内地址 {offset_bits} 位："
        f"组号 {index}，标记 {hexadecimal(tag, tag_bits)}；{result}。",
        Table(["组号", "标记", "有效位"], rows, [(i, 1) for i, e in enumerate(cache) if e in same]),
        credit="判断 Cache 是否命中",
        gives={"cache_set": index, "cache_tag": hexadecimal(tag, tag_bits), "cache_hit": hit},
    )
    return step, hit


def mistakes(
    virtual_address: int,
    virtual_bits: int,
    physical_bits: int,
    page_size: str,
    pages: list[PageEntry],
    tlb: list[TlbEntry] | None,
    tlb_sets: int,
    level_bits: list[int] | None,
    cache_sets: int,
    block_size: str,
    cache: list[CacheEntry] | None,
) -> Iterator[Mistake]:
    """Name the slips: valid bits ignored, the page number added instead of concatenated, tags mixed up."""
    offset_bits = log2(size_bytes(page_size, "页大小"), "页大小")
    found = _lookup(virtual_address, offset_bits, pages, tlb or [], tlb_sets)
    page_bits = virtual_bits - offset_bits
    stale = [e.frame for e in pages if e.page == found.page]
    stale += [e.frame for e in tlb or [] if e.tag == found.page // tlb_sets and e.set == found.page % tlb_sets]
    for frame in stale:
        if frame != found.frame:
            address = hexadecimal(frame << offset_bits | found.offset, physical_bits)
            yield Mistake("没有看有效位", {"physical_address": address, "page_fault": False})
    others = [e.frame for e in tlb or [] if e.tag == found.page] + [e.frame for e in pages]
    for frame in others[:4]:
        address = hexadecimal(frame << offset_bits | found.offset, physical_bits)
        yield Mistake("查错了表项", {"physical_address": address})
    if found.frame is not None:
        added = hexadecimal((found.frame << offset_bits) + virtual_address, physical_bits)
        yield Mistake("把页框首地址与整个虚拟地址相加", {"physical_address": added})
        digits = hexadecimal(found.frame << (offset_bits + 1) | found.offset, physical_bits)
        yield Mistake("页内偏移多取一位", {"physical_address": digits})
        digits = hexadecimal(found.frame << (offset_bits - 1) | found.offset, physical_bits)
        yield Mistake("页内偏移少取一位", {"physical_address": digits})
    yield Mistake("把虚拟地址当成物理地址", {"physical_address": hexadecimal(virtual_address, physical_bits)})
    yield Mistake("TLB 缺失就当成缺页", {"page_fault": not found.tlb_hit, "tlb_hit": not found.tlb_hit})
    for shift, why in ((1, "页内偏移多算一位"), (-1, "页内偏移少算一位"), (-offset_bits, "没有去掉页内偏移")):
        yield Mistake(why, {"page": hexadecimal(virtual_address >> (offset_bits + shift), page_bits - shift)})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Draw a small page table, with a TLB from difficulty 2."""
    shift = rng.choice([10, 12])
    shown = f"{1 << (shift - 10)} KB"
    numbers = rng.sample(range(2, 60), 5)
    frames = [f for f in rng.sample(range(2, 62), 10) if f not in numbers][:5]
    pages = [PageEntry(p, f, int(i != 4)) for i, (p, f) in enumerate(zip(numbers, frames, strict=True))]
    want = rng.choice(pages[:4])
    address = want.page << shift | rng.randrange(1 << shift)
    args: dict[str, Result] = {
        "virtual_address": address,
        "virtual_bits": 16 if shift == 10 else 18,
        "physical_bits": 18,
    }
    text = "、".join(f"{p.page}→{p.frame}（有效位 {p.valid}）" for p in pages)
    tlb = [TlbEntry(0, e.page, e.frame) for e in rng.sample(pages[:4], 2)] if difficulty > 1 else None
    quick = "；TLB 全相联，其中有 " + "、".join(f"{e.tag}→{e.frame}" for e in tlb) if tlb else ""
    draft = {**args, "page_size": shown, "pages": pages, **({"tlb": tlb} if tlb else {})}
    stem = (
        f"某系统按字节编址，页大小 {shown}，物理地址 18 位，页表（虚页号→页框号，十进制）为 {text}{quick}。"
        f"虚拟地址 {hexadecimal(address, 20)} 对应的物理地址是（ ）。"
    )
    return Draft(stem, draft, "physical_address")
