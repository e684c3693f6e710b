"""Fields of a virtual address and where its table entries lie (多级页表的查表过程)."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Annotated

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Cell, Solution, Step, Table, Value
from assistant408.solvers.os._show import hexa, joined

__all__ = ["solve"]


@solver(
    "os.page_walk",
    title="虚拟地址的划分与页表项地址",
    summary="给出虚拟地址和页内偏移位数（多级页表还给各级索引的位数），求页号、页内偏移、各级索引；"
    "给出页表（页目录）始址和表项大小，求对应页表项（页目录项）的地址。",
    syllabus=("os.memory.multilevel", "os.memory.page-table"),
    keywords=(
        *("页目录号", "页表索引", "页内偏移", "虚拟地址格式", "两级页表", "二级页表", "页目录项", "页表项的地址"),
        *("页表始址", "页目录基址", "虚页号", "页表基址寄存器"),
    ),
    answers={
        "page": Out("页号（虚页号）"),
        "offset": Out("页内偏移"),
        "indexes": Out("各级索引"),
        "top_index": Out("顶级索引（页目录号）"),
        "indexes_hex": Out("各级索引（十六进制）"),
        "entry_address": Out("顶级页表项的物理地址"),
        "entry_hex": Out("顶级页表项的物理地址（十六进制）"),
        "page_hex": Out("页号（十六进制）"),
        "offset_hex": Out("页内偏移（十六进制）"),
        "physical_hex": Out("物理地址（十六进制）"),
        "physical_address": Out("物理地址"),
    },
    examples=({"address": 0x01806B2C, "offset_bits": 12, "index_bits": [10, 10]},),
)
def solve(
    address: Annotated[int, Param("虚拟地址", "可写十六进制", min=0, max=2**64)],
    offset_bits: Annotated[int, Param("页内偏移位数", "页大小为 2 的几次方", min=0, max=63)],
    index_bits: Annotated[list[int], Param("各级索引的位数", "从顶级起；一级页表不填", min=1, max=32, max_len=5)] = [],  # noqa: B006
    base: Annotated[int | None, Param("顶级页表的始址", "求表项地址时给出", min=0, max=2**64)] = None,
    entry_bytes: Annotated[int, Param("表项大小", "字节", min=1, max=64)] = 4,
    frame: Annotated[int | None, Param("页框号", "已知该页的页框号，求物理地址", min=0, max=2**52)] = None,
) -> Solution:
    """Cut a virtual address and find its table entry (虚拟地址的划分).

    Args:
        address: virtual address.
        offset_bits: bits of the offset.
        index_bits: bits of the index of each level, from the top; leave out for one level.
        base: where the top table begins.
        entry_bytes: bytes of an entry.
        frame: frame of the page, for the physical address.

    Returns:
        `page`, `offset`, `indexes`; with `base` `entry_address` and `entry_hex` of the top level; with `frame`
        `physical_address` and `physical_hex`.

    Raises:
        InputError: an address that doesn't fit the bits.

    Examples:
        >>> solve(0x01806B2C, 12, [10, 10]).answer["indexes"]
        [6, 6]
        >>> solve(0x12345, 12, base=0x402000).answer["entry_hex"]
        '402048H'
        >>> solve(0, 12).answer["page"]
        0

    Conventions:
        Entry address = base of the table + index × size of an entry.

    Source:
        汤小丹《计算机操作系统》第4章 §两级和多级页表.
    """
    page, offset = address >> offset_bits, address & ((1 << offset_bits) - 1)
    width = sum(index_bits)
    if index_bits and page >> width:
        raise InputError(f"虚拟地址 {hexa(address)} 超出 {width + offset_bits} 位，请核对各级索引的位数。")
    indexes, rest = [], width
    for bits in index_bits:
        rest -= bits
        indexes.append(page >> rest & ((1 << bits) - 1))
    indexes = indexes or [page]
    names = ["页号"] if len(indexes) == 1 else [f"第 {i + 1} 级索引" for i in range(len(indexes))]
    rows: list[list[Cell]] = [[n, x, hexa(x)] for n, x in [*zip(names, indexes, strict=True), ("页内偏移", offset)]]
    gives: dict[str, Value] = {
        "page": page,
        "offset": offset,
        "indexes": indexes,
        "top_index": indexes[0],
        "indexes_hex": [hexa(x, b) for x, b in zip(indexes, index_bits or [0], strict=True)],
        "page_hex": hexa(page),
        "offset_hex": hexa(offset),
    }
    steps = [
        Step(
            f"低 {offset_bits} 位是页内偏移 {offset}，其余高位是页号 {page}（{hexa(page)}）"
            + (f"，按 {joined(index_bits)} 位再分为 {joined(indexes)}。" if index_bits else "。"),
            Table(["字段", "十进制", "十六进制"], rows),
            credit="划分虚拟地址",
            gives=gives,
        )
    ]
    if base is not None:
        at = base + indexes[0] * entry_bytes
        steps.append(
            Step(
                f"表项地址 = 始址 + 索引 × 表项大小 $={hexa(base)}+{indexes[0]}\\times {entry_bytes}={hexa(at)}$。",
                credit="求表项的地址",
                gives={"entry_address": at, "entry_hex": hexa(at)},
            )
        )
    if frame is not None:
        physical = frame << offset_bits | offset
        steps.append(
            Step(
                f"页框号 {hexa(frame)} 与页内偏移拼接，物理地址为 {hexa(physical)}。",
                credit="拼接得物理地址",
                gives={"physical_address": physical, "physical_hex": hexa(physical)},
            )
        )
    return Solution(steps, ["虚拟地址从高位到低位依次是各级索引、页内偏移"])


def mistakes(
    address: int, offset_bits: int, index_bits: list[int], base: int | None, entry_bytes: int, frame: int | None
) -> Iterator[Mistake]:
    """Misconceptions: offset and page swapped, a bit off, entries not multiplied."""
    page, offset = address >> offset_bits, address & ((1 << offset_bits) - 1)
    yield Mistake("把页内偏移当作页号", {"page": offset, "offset": page})
    yield Mistake("偏移少取一位", {"page": address >> max(0, offset_bits - 1)})
    yield Mistake("偏移多取一位", {"page": address >> (offset_bits + 1)})
    if base is not None:
        top = page >> sum(index_bits[1:]) if index_bits else page
        for why, value in (
            ("没有乘表项大小", base + top),
            ("用页号代替顶级索引", base + page * entry_bytes + entry_bytes * (not index_bits)),
            ("多加一项", base + (top + 1) * entry_bytes),
        ):
            yield Mistake(why, {"entry_address": value, "entry_hex": hexa(value)})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Draw an address; two levels with difficulty."""
    if difficulty < 3:
        address = rng.randint(2**13, 2**18)
        stem = f"页面大小为 4 KB，虚拟地址 {hexa(address)} 的页号（十进制）是（ ）。"
        return Draft(stem, {"address": address, "offset_bits": 12}, "page")
    address = rng.randint(2**22, 2**31)
    base = 2**20 * rng.randint(1, 15)
    stem = (
        f"虚拟地址为：页目录号 10 位、页表索引 10 位、页内偏移 12 位，表项占 4 B，页目录始址为 {hexa(base)}。"
        f"虚拟地址 {hexa(address)} 对应的页目录项的物理地址是（ ）。"
    )
    args = {"address": address, "offset_bits": 12, "index_bits": [10, 10], "base": base}
    return Draft(stem, args, "entry_hex")
