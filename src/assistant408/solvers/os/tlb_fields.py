"""Fields of a virtual page number in a TLB (TLB 的标记与组号)."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Annotated

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Solution, Step, Table

__all__ = ["solve"]


@solver(
    "os.tlb_fields",
    title="TLB 的标记、组号与容量",
    summary="给出虚拟地址位数、页大小、TLB 表项数与相联路数，求虚页号、TLB 标记和组号的位数。",
    syllabus=("os.memory.tlb",),
    keywords=("TLB", "快表", "标记字段", "标记位数", "TLBT", "TLBI", "组相联", "全相联", "组号", "虚页号"),
    answers={
        "tag_bits": Out("TLB 标记的位数", "位"),
        "index_bits": Out("TLB 组号的位数", "位"),
        "page_bits": Out("虚页号的位数", "位"),
        "sets": Out("TLB 的组数", "组"),
    },
    examples=({"address_bits": 32, "page_bytes": 8192, "entries": 64, "ways": 4},),
)
def solve(
    address_bits: Annotated[int, Param("虚拟地址位数", min=1, max=64)],
    page_bytes: Annotated[int, Param("页大小", "字节，2 的幂", min=1, max=2**40)],
    entries: Annotated[int, Param("TLB 表项数", "2 的幂", min=1, max=2**20)],
    ways: Annotated[int, Param("相联路数", "全相联时填 0，直接映射时填 1", min=0, max=2**20)] = 0,
) -> Solution:
    """Cut a virtual page number for a TLB (TLB 的标记与组号).

    Args:
        address_bits: bits of a virtual address.
        page_bytes: bytes of a page, a power of two.
        entries: entries of the TLB.
        ways: entries of a set; 0 for a fully associative one.

    Returns:
        `page_bits`, `sets`, `index_bits` and `tag_bits`.

    Raises:
        InputError: sizes that are no powers of two, or a page that is larger than the space.

    Examples:
        >>> solve(32, 8192, 64, 4).answer["tag_bits"]
        15
        >>> solve(32, 4096, 16).answer["tag_bits"]  # fully associative: the whole page number
        20

    Conventions:
        The low bits of the virtual page number choose the set, the rest is the tag.

    Source:
        Bryant, O'Hallaron, Computer Systems: A Programmer's Perspective, 3e, §9.6.2.
    """
    each = ways or entries
    for value, what in ((page_bytes, "页大小"), (entries, "TLB 表项数"), (each, "相联路数")):
        if value & (value - 1):
            raise InputError(f"{what} {value!r} 不是 2 的幂，请核对。")
    if each > entries:
        raise InputError(f"相联路数 {ways!r} 超过表项数 {entries}，请核对。")
    page_bits = address_bits - (page_bytes.bit_length() - 1)
    sets = entries // each
    index = sets.bit_length() - 1
    if page_bits < index:
        raise InputError(f"虚拟地址 {address_bits} 位不够，请核对页大小与 TLB 的组数。")
    return Solution(
        [
            Step(
                f"页大小 $2^{{{address_bits - page_bits}}}$ B，虚页号 ${address_bits}-{address_bits - page_bits}={page_bits}$ 位。",
                credit="虚页号的位数",
                gives={"page_bits": page_bits},
            ),
            Step(
                f"TLB 有 ${entries}/{each}={sets}$ 组，组号 {index} 位，标记 ${page_bits}-{index}={page_bits - index}$ 位。",
                Table(
                    ["TLB 标记", "TLB 组号", "页内偏移"],
                    [[page_bits - index, index, address_bits - page_bits]],
                    [(0, 0)],
                ),
                credit="组号与标记的位数",
                gives={"sets": sets, "index_bits": index, "tag_bits": page_bits - index},
            ),
        ],
        ["虚页号的低位作组号，高位作标记"],
    )


def mistakes(address_bits: int, page_bytes: int, entries: int, ways: int) -> Iterator[Mistake]:
    """Misconceptions: entries for sets, the offset forgotten, fully associative."""
    right = solve(address_bits, page_bytes, entries, ways).answer
    page, index = right["page_bits"], right["index_bits"]
    assert isinstance(page, int) and isinstance(index, int)
    yield Mistake(
        "用表项数求组号", {"tag_bits": page - (entries.bit_length() - 1), "index_bits": entries.bit_length() - 1}
    )
    yield Mistake("当作全相联", {"tag_bits": page, "index_bits": 0})
    yield Mistake("没有去掉页内偏移", {"tag_bits": address_bits - index})
    yield Mistake("多减了一位", {"tag_bits": page - index - 1, "index_bits": index + 1})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Draw a TLB."""
    bits, page = rng.choice([32, 36, 40]), 1024 * 2 ** rng.randint(1, 3)
    ways = rng.choice([2, 4, 8]) if difficulty > 1 else 0
    entries = 2 ** rng.randint(4, 7)
    how = f"{ways} 路组相联" if ways else "全相联"
    stem = f"虚拟地址 {bits} 位，页大小 {page // 1024} KB，TLB 采用{how}、共 {entries} 个表项，TLB 标记的位数是（ ）。"
    args = {"address_bits": bits, "page_bytes": page, "entries": entries, "ways": ways}
    return Draft(stem, args, "tag_bits")
