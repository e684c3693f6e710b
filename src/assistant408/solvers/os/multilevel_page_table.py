"""Multilevel page tables (多级页表): levels, fields of the address and sizes of the tables."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Annotated

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Bits, Solution, Step, Table
from assistant408.solvers.os._show import joined, size

__all__ = ["solve"]


@solver(
    "os.multilevel_page_table",
    title="多级页表的级数与大小",
    summary="给出虚拟地址位数、页大小和页表项大小，求页表级数、各级位数、每页页表项数、单级页表大小和顶级页表项数。",
    syllabus=("os.memory.multilevel", "os.memory.page-table"),
    keywords=(
        *("多级页表", "二级页表", "页目录", "页表级数", "页表项大小", "页表项", "虚拟地址位数", "页号位数"),
        *("顶级页表", "页表大小", "页表占用空间"),
    ),
    answers={
        "levels": Out("页表级数", "级"),
        "entries_per_page": Out("每页可放的页表项数", "个"),
        "single_level_pages": Out("单级页表占用的页（框）数", "页"),
        "single_level_bytes": Out("单级页表的大小", "B"),
        "top_entries": Out("顶级页表的项数", "个"),
        "level_bits": Out("各级页号的位数（由高级到低级）", "位"),
        "page_number_bits": Out("页号的位数", "位"),
        "offset_bits": Out("页内偏移的位数", "位"),
        "pages": Out("虚拟空间的页数", "页"),
        "table_pages": Out("页表占用的页数", "页"),
        "tables_per_level": Out("各级页表占用的页数（由高级到低级）", "页"),
    },
    examples=({"address_bits": 64, "page_size": 4096, "entry_size": 8},),
)
def solve(
    address_bits: Annotated[int, Param("虚拟地址位数", "按字节编址", min=1, max=128)],
    page_size: Annotated[int, Param("页大小", "字节，2 的幂，如 4096", min=2, max=2**40)],
    entry_size: Annotated[int, Param("页表项大小", "字节", min=1, max=4096)],
    used_pages: Annotated[
        int | None, Param("进程使用的页数", "连续使用；不填则按整个虚拟空间算页表占用的页数", min=1, max=2**100)
    ] = None,
) -> Solution:
    """Size a multilevel page table (多级页表).

    Args:
        address_bits: width of a virtual byte address.
        page_size: bytes in a page, a power of two.
        entry_size: bytes in a page-table entry.
        used_pages: pages in use, from address 0 on; all of them if left out.

    Returns:
        `offset_bits`, `page_number_bits`, `pages`, `single_level_bytes`; `entries_per_page`, `levels`,
        `level_bits` (top first), `top_entries`; `tables_per_level` (top first) and their sum `table_pages`.

    Raises:
        InputError: a page size that is no power of two or above the address space, fewer than two entries
            in a page, more pages used than there are.

    Examples:
        >>> solve(64, 4096, 8).answer["levels"]
        6
        >>> solve(32, 4096, 4).answer["level_bits"]
        [10, 10]
        >>> solve(12, 2048, 2).answer["levels"]  # the page table fits into one page
        1
        >>> solve(32, 4096, 4, used_pages=1025).answer["table_pages"]  # two tables and the directory
        3

    Conventions:
        Every table fits into one page; the lower levels use all index bits that a page holds, and the top level
        takes the rest. A top table counts as one page though it may be smaller.

    Source:
        汤小丹《计算机操作系统》第4章 §两级和多级页表; Silberschatz, Operating System Concepts, 10e, §9.4.1.
    """
    _check(address_bits, page_size, entry_size)
    offset_bits = page_size.bit_length() - 1
    number_bits = address_bits - offset_bits
    per_page = page_size // entry_size
    index_bits = per_page.bit_length() - 1
    split = _level_bits(number_bits, index_bits)
    pages = 2**number_bits
    if used_pages is not None and used_pages > pages:
        raise InputError(f"使用的页数 {used_pages!r} 超过虚拟空间的 {pages} 页，请改小。")
    counts = _tables(used_pages or pages, split)
    top = 2 ** split[0]
    names = [f"{i + 1} 级页号" for i in range(len(split))] if len(split) > 1 else ["页号"]
    fields = [*zip(names, split, strict=True), ("页内偏移", offset_bits)]
    return Solution(
        [
            Step(
                f"页大小 ${page_size}=2^{{{offset_bits}}}$ B，页内偏移 {offset_bits} 位，"
                f"页号 ${address_bits}-{offset_bits}={number_bits}$ 位，虚拟空间共 $2^{{{number_bits}}}$ 页。",
                credit="页内偏移与页号的位数",
                gives={"offset_bits": offset_bits, "page_number_bits": number_bits, "pages": pages},
            ),
            Step(
                f"单级页表有 $2^{{{number_bits}}}$ 项，大小 $2^{{{number_bits}}}\\times {entry_size}$ B，"
                f"即 {size(pages * entry_size)}，占 {-(-pages * entry_size // page_size)} 页。",
                credit="单级页表的大小",
                gives={
                    "single_level_bytes": pages * entry_size,
                    "single_level_pages": -(-pages * entry_size // page_size),
                },
            ),
            Step(
                f"一页可放 $\\lfloor{page_size}/{entry_size}\\rfloor={per_page}$ 个页表项，每级最多用 {index_bits} 位，"
                f"级数 $=\\lceil{number_bits}/{index_bits}\\rceil={len(split)}$，"
                f"各级位数由高到低为 {joined(split)}，顶级页表有 $2^{{{split[0]}}}={top}$ 项。",
                Bits([(name, "x" * bits) for name, bits in fields]),
                credit="每页的页表项数与级数",
                gives={
                    "entries_per_page": per_page,
                    "levels": len(split),
                    "level_bits": split,
                    "top_entries": top,
                },
            ),
            Step(
                f"{'连续使用' if used_pages else '虚拟空间全部使用，即'} {used_pages or pages} 页时，"
                f"由低级到高级逐级除以每页项数并向上取整，各级页表共占 {sum(counts)} 页。",
                Table(["级（1 为顶级）", "页表页数"], [[i + 1, str(c)] for i, c in enumerate(counts)]),
                credit="页表占用的页数",
                gives={"tables_per_level": counts, "table_pages": sum(counts)},
            ),
        ],
        ["每个页表不超过一页；低级用满，余下的位归顶级", "页表占用的页数按整页计"],
    )


def _check(address_bits: int, page_size: int, entry_size: int) -> None:
    if page_size & (page_size - 1):
        raise InputError(f"页大小 {page_size!r} 不是 2 的幂，请改为 2 的幂（字节）。")
    if page_size >= 2**address_bits:
        raise InputError(f"页大小 {page_size!r} 不小于 {address_bits} 位地址的空间，请核对。")
    if page_size // entry_size < 2:
        raise InputError(f"页表项大小 {entry_size!r} 太大，一页放不下两个页表项，请改小。")


def _level_bits(number_bits: int, index_bits: int) -> list[int]:
    """Split the page number, top level first; only the top level may have fewer bits."""
    levels = -(-number_bits // index_bits)
    return [number_bits - (levels - 1) * index_bits, *[index_bits] * (levels - 1)]


def _tables(pages: int, split: list[int]) -> list[int]:
    """Count the tables of each level, top first."""
    counts: list[int] = []
    for bits in reversed(split):
        pages = -(-pages // 2**bits)
        counts.insert(0, pages)
    return counts


def mistakes(address_bits: int, page_size: int, entry_size: int, used_pages: int | None) -> Iterator[Mistake]:
    """Misconceptions: entries miscounted, offset forgotten, bytes and entries confused."""
    offset_bits = page_size.bit_length() - 1
    number_bits = address_bits - offset_bits
    index_bits = (page_size // entry_size).bit_length() - 1
    levels = -(-number_bits // index_bits)
    pages = 2**number_bits
    yield Mistake("没有减去页内偏移的位数", {"levels": -(-address_bits // index_bits)})
    yield Mistake("把页大小当作每页的页表项数", {"levels": -(-number_bits // offset_bits)})
    yield Mistake("向下取整", {"levels": max(1, number_bits // index_bits)})
    yield Mistake("多算一级", {"levels": levels + 1})
    yield Mistake("少算一级", {"levels": max(1, levels - 1)})
    yield Mistake("每页的页表项数多算一位", {"levels": -(-number_bits // (index_bits + 1))})
    yield Mistake("每页的页表项数少算一位", {"levels": -(-number_bits // max(1, index_bits - 1))})
    yield Mistake("把级数加上数据页", {"levels": levels + 2})
    top = 2 ** (number_bits - (levels - 1) * index_bits)
    yield Mistake("顶级页号多算一位", {"top_entries": 2 * top})
    yield Mistake("顶级页号少算一位", {"top_entries": max(1, top // 2)})
    yield Mistake("没有乘页表项大小", {"single_level_bytes": pages})
    yield Mistake("用虚拟空间的字节数乘页表项大小", {"single_level_bytes": 2**address_bits * entry_size})
    yield Mistake("用页大小乘页数", {"single_level_bytes": pages * page_size})
    yield Mistake("按一个页表页计算", {"single_level_bytes": page_size})
    yield Mistake("把每页的页表项数当作顶级页表的项数", {"top_entries": page_size // entry_size})
    yield Mistake("把页数当作顶级页表的项数", {"top_entries": pages})
    yield Mistake("把页大小当作每页的页表项数", {"top_entries": max(1, pages // page_size)})
    yield Mistake("没有除以页表项大小", {"entries_per_page": page_size})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Draw an address width, a page size and an entry size."""
    ask = rng.choice(["levels", "single_level_bytes"] if difficulty < 3 else ["levels", "top_entries"])
    k = rng.randint(10, 13)
    entry = rng.choice([2, 4, 8] if difficulty > 1 else [4])
    index = k - entry.bit_length() + 1
    bits = k + index * rng.randint(1, 1 + difficulty // 2) + rng.randint(1, index - 1)
    words = {
        "levels": "采用多级页表，每个页表不超过一页，则页表的级数是（ ）。",
        "single_level_bytes": "采用单级页表，则页表的大小（B）是（ ）。",
        "top_entries": "采用多级页表，每个页表不超过一页，低级页表用满一页，则顶级页表的项数是（ ）。",
    }
    stem = f"某系统按字节编址，虚拟地址 {bits} 位，页大小为 {size(2**k)}，页表项大小为 {entry} B。{words[ask]}"
    return Draft(stem, {"address_bits": bits, "page_size": 2**k, "entry_size": entry}, ask)
