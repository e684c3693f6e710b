"""File allocation table (文件分配表): entries, size, and the greatest disk."""

from __future__ import annotations

import random
from collections.abc import Iterator
from fractions import Fraction
from typing import Annotated

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Solution, Step, Table
from assistant408.solvers.os._show import Number, number, size, tidy

__all__ = ["solve"]


@solver(
    "os.fat",
    title="FAT 表的大小",
    summary="给出磁盘容量、盘块（簇）大小和 FAT 表项长度，求 FAT 的表项数、表项位数、占用空间和盘块数，以及该表项长度支持的最大容量。",
    syllabus=("os.file.fat",),
    keywords=("FAT", "文件分配表", "表项", "簇", "盘块大小", "FAT12", "FAT16", "FAT32", "磁盘容量", "占用空间"),
    answers={
        "fat_bytes": Out("FAT 的大小", "B"),
        "entries": Out("FAT 的表项数", "个"),
        "entry_bits": Out("表项的位数", "位"),
        "fat_blocks": Out("FAT 占用的盘块数", "块"),
        "max_disk_bytes": Out("该表项位数可表示的最大容量", "B"),
    },
    examples=({"disk_bytes": 540 * 2**20, "block_size": 1024},),
)
def solve(
    disk_bytes: Annotated[int, Param("磁盘容量", "字节；1 MB=2^20", min=1, max=2**80)],
    block_size: Annotated[int, Param("盘块大小", "字节，即簇的大小", min=1, max=2**40)],
    entry_bits: Annotated[
        int | None, Param("表项位数", "如 16；不填则取够用的最少位数并按下一参数取整", min=1, max=256)
    ] = None,
    round_bits: Annotated[int, Param("表项取整", "表项位数取几的整数倍，4 为半字节，8 为整字节", min=1, max=64)] = 4,
) -> Solution:
    """Size a file allocation table (FAT 表的大小).

    Args:
        disk_bytes: capacity of the disk.
        block_size: bytes in a block (cluster).
        entry_bits: bits in an entry; if left out the fewest that number all blocks, rounded up.
        round_bits: multiple to which that number is rounded up.

    Returns:
        `entries` (one a block), `entry_bits`, `fat_bytes`, `fat_blocks` (rounded up), `max_disk_bytes`
        (2^entry_bits blocks).

    Raises:
        InputError: entries too short to number the blocks, a disk smaller than a block.

    Examples:
        >>> solve(540 * 2**20, 1024).answer["fat_bytes"] == 540 * 1024 * 5 // 2  # 20 bits
        True
        >>> solve(2**31, 2**15, 16).answer["fat_bytes"]
        131072
        >>> solve(2**20, 2**20).answer["entry_bits"]  # one block: still one rounded entry
        4

    Conventions:
        Every block has an entry, those of the FAT itself too; no codes are reserved. K = 2^10.

    Source:
        汤小丹《计算机操作系统》第9章 §FAT 技术.
    """
    entries = disk_bytes // block_size
    if not entries:
        raise InputError(f"磁盘容量 {disk_bytes!r} 不足一块（{block_size} B），请核对单位。")
    least = max(1, (entries - 1).bit_length())
    if entry_bits is not None and entry_bits < least:
        raise InputError(f"表项位数 {entry_bits!r} 不能编号 {entries} 块，至少要 {least} 位，请改大。")
    bits = entry_bits or -(-least // round_bits) * round_bits
    how = (
        "题给表项"
        if entry_bits
        else f"$2^{{{least - 1}}}<{entries}\\le 2^{{{least}}}$，盘块号至少 {least} 位，取 {round_bits} 的整数倍，表项"
    )
    table_bytes = _bytes(entries, bits)
    return Solution(
        [
            Step(
                f"盘块数 $={disk_bytes}/{block_size}={entries}$，每块一个表项，共 {entries} 项。",
                credit="表项数等于盘块数",
                gives={"entries": entries},
            ),
            Step(
                f"{how} {bits} 位，即 {number(tidy(_per_entry(bits)))} B。",
                credit="表项的位数",
                gives={"entry_bits": bits},
            ),
            Step(
                f"FAT 大小 $={entries}\\times {number(_per_entry(bits))}={table_bytes}$ B，即 {size(table_bytes)}，"
                f"占 {-(-table_bytes // block_size)} 块。",
                Table(["盘块数", "表项位数", "FAT 大小"], [[entries, bits, size(table_bytes)]], [(0, 2)]),
                credit="FAT 的大小",
                gives={"fat_bytes": table_bytes, "fat_blocks": -(-table_bytes // block_size)},
            ),
            Step(
                f"{bits} 位的表项最多表示 $2^{{{bits}}}$ 块，容量 $2^{{{bits}}}\\times {block_size}$ B，"
                f"即 {size(2**bits * block_size)}。",
                gives={"max_disk_bytes": 2**bits * block_size},
            ),
        ],
        ["每个盘块一个表项，不扣除 FAT 自身占用的块和保留编号"],
    )


def _per_entry(bits: int) -> Number:
    return tidy(Fraction(bits, 8))


def _bytes(entries: int, bits: int) -> int:
    return -(-entries * bits // 8)


def mistakes(disk_bytes: int, block_size: int, entry_bits: int | None, round_bits: int) -> Iterator[Mistake]:
    """Misconceptions: other roundings, bits for bytes, capacity for blocks."""
    entries = max(1, disk_bytes // block_size)
    least = max(1, (entries - 1).bit_length())
    bits = entry_bits or -(-least // round_bits) * round_bits
    found = {
        "表项位数没有取整": _bytes(entries, least),
        "表项取整到整字节": _bytes(entries, -(-least // 8) * 8),
        "表项取成 4 字节": 4 * entries,
        "表项取成 2 字节": 2 * entries,
        "没有把位换算成字节": entries * bits,
        "把表项数当作字节数": entries,
        "用磁盘容量代替盘块数": _bytes(disk_bytes, bits),
    }
    for why, value in found.items():
        yield Mistake(why, {"fat_bytes": value})
    limit = 2**bits * block_size
    yield Mistake("没有乘盘块大小", {"max_disk_bytes": 2**bits})
    yield Mistake("少算一位", {"max_disk_bytes": limit // 2})
    yield Mistake("把位数当作盘块数", {"max_disk_bytes": bits * block_size})
    yield Mistake("多乘了表项的字节数", {"max_disk_bytes": limit * bits // 8})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Draw a disk whose entries need rounding."""
    block = 1024 * 2 ** rng.randint(0, 3)
    if difficulty < 3:
        bits = rng.choice([16, 32])
        blocks = 2 ** rng.randint(12, 16)
        stem = (
            f"某磁盘容量为 {size(block * blocks)}，盘块大小为 {size(block)}，采用 FAT 文件系统，"
            f"每个表项 {bits} 位，则 FAT 的大小（B）是（ ）。"
        )
        return Draft(stem, {"disk_bytes": block * blocks, "block_size": block, "entry_bits": bits}, "fat_bytes")
    disk = rng.randint(5, 15) * 100 * 2**20
    stem = (
        f"某磁盘容量为 {size(disk)}，盘块大小为 {size(block)}，采用 FAT 文件系统，表项长度取半字节（4 位）的整数倍，"
        "则 FAT 的大小（B）是（ ）。"
    )
    return Draft(stem, {"disk_bytes": disk, "block_size": block}, "fat_bytes")
