"""Disk accesses on the way along a path (按路径名查找文件的访盘次数)."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Annotated

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Cell, Solution, Step, Table
from assistant408.solvers.os._show import joined

__all__ = ["solve"]


@solver(
    "os.path_lookup",
    title="按路径名查找文件的访盘次数",
    summary="给出绝对路径，已在内存的根目录或其索引结点，求逐级查找目录、读索引结点直到文件（或其数据块）需访问磁盘的次数。",
    syllabus=("os.file.directory", "os.file.access-count", "os.file.inode"),
    keywords=("路径名", "绝对路径", "逐级", "目录文件", "查找", "根目录", "索引结点", "访问磁盘", "读盘次数"),
    answers={
        "accesses": Out("访问磁盘的次数", "次"),
        "directory_reads": Out("读目录块的次数", "次"),
        "inode_reads": Out("读索引结点的次数", "次"),
        "data_reads": Out("读数据块的次数", "次"),
    },
    examples=({"path": "/home/u1/f", "data_blocks": 1},),
)
def solve(
    path: Annotated[str, Param("路径名", "以 / 开头，如 /usr/a/f", min_len=2, max_len=300, pattern=r"/.*")],
    inodes: Annotated[bool, Param("有索引结点", "目录项只存索引结点号，各级都要读索引结点")] = True,
    root_inode_in_memory: Annotated[bool, Param("根目录的索引结点在内存")] = True,
    root_in_memory: Annotated[bool, Param("根目录在内存", "根目录的内容已在内存")] = False,
    blocks_each: Annotated[int, Param("每级目录读的块数", min=1, max=1000)] = 1,
    read_inode: Annotated[bool, Param("读文件的索引结点", "有索引结点时")] = True,
    data_blocks: Annotated[int, Param("再读的数据块数", min=0, max=10**6)] = 0,
) -> Solution:
    """Count the disk accesses that a path takes (按路径名查找).

    Args:
        path: absolute path; the last part is the file.
        inodes: whether entries hold numbers of index nodes, which are read one by one.
        root_inode_in_memory, root_in_memory: what of the root is in memory.
        blocks_each: blocks read of each directory.
        read_inode: whether the file's own index node is read.
        data_blocks: blocks of data read in the end.

    Returns:
        `accesses`, and of them `directory_reads`, `inode_reads` and `data_reads`.

    Raises:
        InputError: a path without a name.

    Examples:
        >>> solve("/home/u1/f", data_blocks=1).answer["accesses"]
        7
        >>> solve("/f", root_in_memory=True, read_inode=False).answer["accesses"]
        0

    Conventions:
        Each index node is in a block of its own; nothing else is cached.

    Source:
        Tanenbaum, Modern Operating Systems, 4e, §4.5.3 (looking up /usr/ast/mbox).
    """
    parts = [p for p in path.split("/") if p]
    if not parts:
        raise InputError(f"路径名 {path!r} 没有文件名，请写成 /目录/文件 的样子。")
    rows: list[list[Cell]] = []
    directories, nodes = 0, 0
    for i, part in enumerate(parts):
        place = "根目录" if i == 0 else f"目录 {parts[i - 1]}"
        if i == 0 and not root_in_memory and inodes and not root_inode_in_memory:
            nodes += 1
            rows.append(["根目录的索引结点", 1])
        reads = 0 if i == 0 and root_in_memory else blocks_each
        directories += reads
        rows.append([f"{place}，找到 {part}", reads])
        if inodes and (i < len(parts) - 1 or read_inode):
            nodes += 1
            rows.append([f"{part} 的索引结点", 1])
    if data_blocks:
        rows.append(["文件的数据块", data_blocks])
    total = directories + nodes + data_blocks
    return Solution(
        [
            Step(
                f"沿路径 {joined(parts, ' → ')} 逐级查找，读目录 {directories} 次、索引结点 {nodes} 次、数据块 {data_blocks} 次，"
                f"共访问磁盘 {total} 次。",
                Table(["读的内容", "次数"], rows),
                credit="逐级列出访问磁盘的次数",
                gives={
                    "accesses": total,
                    "directory_reads": directories,
                    "inode_reads": nodes,
                    "data_reads": data_blocks,
                },
            )
        ],
        ["每次读一块，各索引结点在不同的盘块中"],
    )


def mistakes(
    path: str,
    inodes: bool,
    root_inode_in_memory: bool,
    root_in_memory: bool,
    blocks_each: int,
    read_inode: bool,
    data_blocks: int,
) -> Iterator[Mistake]:
    """Misconceptions: index nodes, the root or the data forgotten."""
    right = solve(path, inodes, root_inode_in_memory, root_in_memory, blocks_each, read_inode, data_blocks).answer
    total, nodes = right["accesses"], right["inode_reads"]
    assert isinstance(total, int) and isinstance(nodes, int)
    yield Mistake("漏了读索引结点", {"accesses": total - nodes})
    yield Mistake("多读了根目录的索引结点", {"accesses": total + 1})
    yield Mistake("漏了读根目录", {"accesses": total - 1})
    yield Mistake("按路径的级数计", {"accesses": len([p for p in path.split("/") if p])})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Draw a path of some directories."""
    names = rng.sample(["usr", "home", "a", "b", "work", "doc"], 1 + min(4, difficulty))
    path = "/" + "/".join(names) + "/f"
    stem = (
        f"根目录的索引结点已在内存，其余索引结点与目录都在磁盘，每个目录占 1 块，各索引结点在不同盘块。"
        f"查找 {path} 并读出它的第一个数据块，需访问磁盘（ ）次。"
    )
    return Draft(stem, {"path": path, "data_blocks": 1}, "accesses")
