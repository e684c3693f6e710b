"""Disk accesses of file operations (文件操作的访盘次数) under contiguous, linked and indexed allocation."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Literal, get_args

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Solution, Step, Table

__all__ = ["solve"]

Method = Literal["contiguous", "linked", "indexed"]
Operation = Literal["read", "insert", "delete"]
Room = Literal["both", "after", "before"]

METHODS: dict[Method, str] = {"contiguous": "连续分配", "linked": "链接分配", "indexed": "索引分配"}


@dataclass(frozen=True)
class Cost:
    """Blocks read and written, and why."""

    reads: int
    writes: int
    why: str


@solver(
    "os.file_allocation_access",
    title="文件操作的访盘次数",
    summary="文件按连续、链接（隐式）或索引方式存放，求读出、插入、删除第几块时读写磁盘的次数。",
    syllabus=("os.file.access-count", "os.file.alloc-contiguous", "os.file.alloc-linked", "os.file.alloc-indexed"),
    keywords=(
        *("连续分配", "链接分配", "隐式链接", "索引分配", "插入", "删除", "访问磁盘次数", "移动", "盘块", "记录"),
        *("读写磁盘", "顺序文件", "文件物理结构"),
    ),
    answers={
        "accesses": Out("访问磁盘的次数", "次"),
        "reads": Out("读磁盘的次数", "次"),
        "writes": Out("写磁盘的次数", "次"),
    },
    examples=({"method": "contiguous", "operation": "insert", "blocks": 200, "position": 30},),
)
def solve(
    method: Annotated[Method, Param("分配方式", "contiguous 连续，linked 隐式链接，indexed 索引")],
    operation: Annotated[Operation, Param("操作", "read 读一块，insert 插入一块，delete 删除一块")],
    blocks: Annotated[int, Param("文件的块数", "操作前", min=1, max=10**9)],
    position: Annotated[int, Param("块的序号", "从 1 起；插入时是新块插入后的序号，追加为块数加 1", min=1, max=10**9)],
    room: Annotated[
        Room,
        Param("连续分配可移动的方向", "both 前后都有空间（取移动少的），after 只能移动后面的，before 只能移动前面的"),
    ] = "both",
    tail_pointer: Annotated[bool, Param("链接分配有尾指针", "文件控制块中记录最后一块")] = True,
    index_in_memory: Annotated[bool, Param("索引块在内存", "文件控制块总在内存")] = True,
) -> Solution:
    """Count disk accesses of a file operation (文件操作的访盘次数).

    Args:
        method: how the file is stored, one record a block.
        operation: what is done to one block.
        blocks: length of the file before.
        position: 1-based place of the block; for an insertion the place that the new block gets.
        room: which neighbours contiguous allocation can move.
        tail_pointer: whether the last block of a linked file is known.
        index_in_memory: whether the index block need not be read or written.

    Returns:
        `reads`, `writes` and their sum `accesses`.

    Raises:
        InputError: a position outside of the file.

    Examples:
        >>> solve("contiguous", "insert", 200, 30).answer["accesses"]
        59
        >>> solve("linked", "insert", 200, 30).answer["accesses"]
        31
        >>> solve("indexed", "insert", 200, 30).answer["accesses"]
        1
        >>> solve("linked", "insert", 100, 101).answer["accesses"]  # appending by the tail pointer
        3

    Conventions:
        The file control block is in memory and its update isn't counted. Links are in the blocks. Moving a block
        is a read and a write. Writing a new block, link included, is one write.

    Source:
        Silberschatz, Operating System Concepts, 10e, practice exercises of chapter 14; 统考 2014 年操作系统综合题.
    """
    last = blocks + 1 if operation == "insert" else blocks
    if position > last:
        raise InputError(f"块的序号 {position!r} 不存在，应在 1 到 {last} 之间。")
    cost = _cost(method, operation, blocks, position, room, tail_pointer, index_in_memory)
    total = cost.reads + cost.writes
    return Solution(
        [
            Step(f"{METHODS[method]}：{cost.why}。", credit="说明读写哪些块"),
            Step(
                f"读 {cost.reads} 次，写 {cost.writes} 次，共 ${cost.reads}+{cost.writes}={total}$ 次。",
                Table(["", "次数"], [["读", cost.reads], ["写", cost.writes], ["合计", total]], [(2, 1)]),
                credit="访盘次数",
                gives={"reads": cost.reads, "writes": cost.writes, "accesses": total},
            ),
        ],
        ["文件控制块在内存，修改文件控制块不计访盘", "移动一块要读一次、写一次", "一个记录占一块"],
    )


def _cost(
    method: Method, operation: Operation, n: int, p: int, room: Room, tail_pointer: bool, index_in_memory: bool
) -> Cost:
    if method == "contiguous":
        return _contiguous(operation, n, p, room)
    if method == "linked":
        return _linked(operation, n, p, tail_pointer)
    index = 0 if index_in_memory else 1
    note = "" if index_in_memory else "读一次索引块，"
    if operation == "read":
        return Cost(1 + index, 0, f"{note}由索引表得到第 {p} 块的盘块号，直接读出")
    back = "在内存修改索引表" if index_in_memory else "修改索引表并写回"
    if operation == "insert":
        return Cost(index, 1 + index, f"{note}写入新块，{back}，其他块不动")
    return Cost(index, index, f"{note}{back}，数据块不动")


def _contiguous(operation: Operation, n: int, p: int, room: Room) -> Cost:
    if operation == "read":
        return Cost(1, 0, f"第 {p} 块的盘块号 = 首块号 + {p - 1}，直接读出")
    front = p - 1
    back = n - p + 1 if operation == "insert" else n - p
    moved = {"both": min(front, back), "after": back, "before": front}[room]
    side = "前" if moved == front and room != "after" else "后"
    if operation == "insert":
        return Cost(moved, moved + 1, f"把第 {p} 块位置{side}面的 {moved} 块各移动一块，再写入新块")
    return Cost(moved, moved, f"把第 {p} 块{side}面的 {moved} 块各移动一块，覆盖被删除的块")


def _linked(operation: Operation, n: int, p: int, tail: bool) -> Cost:
    if operation == "read":
        if p == n and tail:
            return Cost(1, 0, "由尾指针直接读最后一块")
        return Cost(p, 0, f"从首块起沿链读 {p} 块")
    if operation == "insert":
        if p == 1:
            return Cost(0, 1, "新块的链指针指向原首块，写入新块，修改文件控制块的首块号")
        if p == n + 1 and tail:
            return Cost(1, 2, "由尾指针读最后一块，写入新块，再写回修改了链指针的原最后一块")
        return Cost(p - 1, 2, f"沿链读前 {p - 1} 块，写入新块，再写回修改了链指针的第 {p - 1} 块")
    if n == 1:
        return Cost(0, 0, "只有一块，只需修改文件控制块")
    if p == 1:
        return Cost(1, 0, "读首块得到第 2 块的盘块号，修改文件控制块的首块号")
    if p == n:
        return Cost(n - 1, 1, f"沿链读前 {n - 1} 块，把第 {n - 1} 块的链指针改为结束标志后写回")
    return Cost(p, 1, f"沿链读前 {p} 块得到后继，修改第 {p - 1} 块的链指针后写回")


def mistakes(
    method: Method,
    operation: Operation,
    blocks: int,
    position: int,
    room: Room,
    tail_pointer: bool,
    index_in_memory: bool,
) -> Iterator[Mistake]:
    """Misconceptions: another method, reading back forgotten, off by one, the wrong side moved."""

    def total(method: Method, room: Room = room, tail: bool = tail_pointer) -> int:
        cost = _cost(method, operation, blocks, position, room, tail, index_in_memory)
        return cost.reads + cost.writes

    right = _cost(method, operation, blocks, position, room, tail_pointer, index_in_memory)
    for other, name in METHODS.items():
        if other != method:
            yield Mistake(f"按{name}计算", {"accesses": total(other)})
    yield Mistake("只算读，没有算写", {"accesses": right.reads})
    yield Mistake("只算写，没有算读", {"accesses": right.writes})
    yield Mistake("少算一块", {"accesses": max(0, right.reads + right.writes - 1)})
    yield Mistake("把修改文件控制块也计为一次", {"accesses": right.reads + right.writes + 1})
    if method == "contiguous":
        for side in get_args(Room):
            if side != room:
                yield Mistake("移动的一侧取错", {"accesses": total(method, side)})
    if method == "linked":
        yield Mistake("有无尾指针弄反", {"accesses": total(method, tail=not tail_pointer)})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Draw an operation in the middle of a file."""
    method: Method = rng.choice(["contiguous", "linked"])
    operation: Operation = rng.choice(["insert", "delete"] if difficulty > 1 else ["insert"])
    n = 20 * rng.randint(2, 10)
    p = rng.randint(3, n - 2)
    room: Room = "both" if difficulty > 2 else "after"
    where = {
        "contiguous": "文件前后都有足够的空闲磁盘空间" if room == "both" else "只有文件后面有空闲磁盘空间",
        "linked": "链指针存放在盘块中",
        "indexed": "索引块已在内存",
    }[method]
    what = f"插入一个记录作为第 {p} 个记录" if operation == "insert" else f"删除第 {p} 个记录"
    stem = (
        f"某文件有 {n} 个记录，每个记录占一个盘块，采用{METHODS[method]}，{where}，文件控制块在内存，"
        f"其修改不计访盘。{what}，至少要访问磁盘的次数是（ ）。"
    )
    args = {"method": method, "operation": operation, "blocks": n, "position": p, "room": room}
    return Draft(stem, args, "accesses")
