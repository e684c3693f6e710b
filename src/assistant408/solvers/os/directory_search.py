"""Disk accesses of a search in a directory (目录检索的访盘次数)."""

from __future__ import annotations

import random
from collections.abc import Iterator
from fractions import Fraction
from typing import Annotated

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Solution, Step, Table
from assistant408.solvers.os._show import number, tidy

__all__ = ["solve"]


@solver(
    "os.directory_search",
    title="目录检索的访盘次数",
    summary="给出目录项（或 FCB）个数与大小、盘块大小，求目录占的盘块数和顺序检索一个文件平均访盘次数；"
    "目录项只含文件名与索引结点号时可再加一次读索引结点。",
    syllabus=("os.file.directory", "os.file.inode", "os.file.concept"),
    keywords=("目录项", "FCB", "文件控制块", "检索", "查找一个文件", "平均", "启动磁盘", "访盘次数", "索引结点"),
    answers={
        "average": Out("平均访盘次数", "次"),
        "blocks": Out("目录占的盘块数", "块"),
        "per_block": Out("每块的目录项数", "个"),
        "most": Out("最多访盘次数", "次"),
    },
    examples=({"entries": 320, "entry_bytes": 64, "block_bytes": 1024},),
)
def solve(
    entries: Annotated[int, Param("目录项数", "即文件数", min=1, max=10**9)],
    entry_bytes: Annotated[int, Param("目录项大小", "字节", min=1, max=2**20)],
    block_bytes: Annotated[int, Param("盘块大小", "字节", min=1, max=2**40)],
    inode: Annotated[bool, Param("另读索引结点", "找到目录项后还要读一次索引结点")] = False,
) -> Solution:
    """Count the disk accesses of a linear search in a directory (目录检索).

    Args:
        entries: entries of the directory.
        entry_bytes: bytes of an entry.
        block_bytes: bytes of a block.
        inode: whether the index node is read after the entry was found.

    Returns:
        `per_block`, `blocks`, `average` ((blocks + 1) / 2, and 1 for the index node) and `most`.

    Raises:
        InputError: an entry larger than a block.

    Examples:
        >>> solve(320, 64, 1024).answer["average"]
        Fraction(21, 2)
        >>> solve(256, 16, 1024, inode=True).answer["average"]
        Fraction(7, 2)

    Conventions:
        Entries don't cross blocks; every entry is equally likely; the blocks are full.

    Source:
        汤小丹《计算机操作系统》第8章 §文件目录（索引结点的引入）.
    """
    per = block_bytes // entry_bytes
    if not per:
        raise InputError(f"目录项 {entry_bytes} B 比盘块 {block_bytes} B 还大，请核对。")
    blocks = -(-entries // per)
    average = Fraction(blocks + 1, 2) + inode
    tail = "，再加读索引结点 1 次" if inode else ""
    return Solution(
        [
            Step(
                f"每块放 $\\lfloor{block_bytes}/{entry_bytes}\\rfloor={per}$ 项，{entries} 项占 {blocks} 块。",
                credit="目录占的盘块数",
                gives={"per_block": per, "blocks": blocks},
            ),
            Step(
                f"顺序检索最少读 1 块、最多读 {blocks} 块，平均 $({blocks}+1)/2={number(tidy(Fraction(blocks + 1, 2)))}$ 次"
                f"{tail}，共 {number(tidy(average))} 次。",
                Table(["每块项数", "目录块数", "平均次数"], [[per, blocks, number(tidy(average))]], [(0, 2)]),
                credit="平均访盘次数",
                gives={"average": tidy(average), "most": blocks + inode},
            ),
        ],
        ["各目录项被查找的可能性相同，目录项不跨块"],
    )


def mistakes(entries: int, entry_bytes: int, block_bytes: int, inode: bool) -> Iterator[Mistake]:
    """Misconceptions: half the blocks, all of them, entries for blocks."""
    blocks = -(-entries // max(1, block_bytes // entry_bytes))
    yield Mistake("取块数的一半", {"average": tidy(Fraction(blocks, 2) + inode)})
    yield Mistake("把最多次数当作平均次数", {"average": blocks + inode})
    yield Mistake("按目录项数平均", {"average": tidy(Fraction(entries + 1, 2))})
    yield Mistake("读索引结点的次数弄错", {"average": tidy(Fraction(blocks + 1, 2) + (not inode))})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Draw a directory; index nodes with difficulty."""
    entry = rng.choice([32, 64, 128])
    blocks = rng.randint(4, 12 * difficulty)
    entries = blocks * 1024 // entry
    if difficulty < 4:
        stem = f"目录有 {entries} 个目录项，每项 {entry} B，盘块 1 KB，顺序查找一个文件平均访问磁盘（ ）次。"
        return Draft(stem, {"entries": entries, "entry_bytes": entry, "block_bytes": 1024}, "average")
    stem = (
        f"目录有 {entries} 个目录项，每项含文件名与索引结点号共 {entry} B，盘块 1 KB，"
        "顺序查找一个文件并读出索引结点，平均访问磁盘（ ）次。"
    )
    return Draft(stem, {"entries": entries, "entry_bytes": entry, "block_bytes": 1024, "inode": True}, "average")
