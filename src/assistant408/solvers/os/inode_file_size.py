"""Mixed index (混合索引): greatest file, and disk accesses for a byte."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Annotated

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Solution, Step, Table, Tree
from assistant408.solvers.os._show import joined, size

__all__ = ["solve"]

LEVELS = ("直接", "一级间接", "二级间接", "三级间接")


@solver(
    "os.inode_file_size",
    title="混合索引的文件大小与访盘次数",
    summary="给出索引结点中直接与各级间接地址项的个数、盘块大小和盘块号大小，求最大文件长度、某字节偏移所在的级和访问磁盘次数、"
    "一个文件所需的索引块数。",
    syllabus=("os.file.mixed-index", "os.file.alloc-indexed", "os.file.access-count"),
    keywords=(
        *("混合索引", "索引结点", "inode", "直接地址", "一级间接", "二级间接", "三级间接", "最大文件长度"),
        *("盘块号", "地址项", "访问磁盘次数", "字节偏移", "多级索引"),
    ),
    answers={
        "max_file_bytes": Out("文件的最大长度", "B"),
        "disk_accesses": Out("读该字节访问磁盘的次数", "次"),
        "level": Out("该字节所用的间接级数（0 为直接）"),
        "max_blocks": Out("文件最多的盘块数", "块"),
        "pointers_per_block": Out("一个盘块可放的盘块号数", "个"),
        "block": Out("逻辑块号"),
        "block_offset": Out("块内偏移", "B"),
        "kind": Out("定位该字节的地址项"),
        "index_path": Out("各级索引表中的下标"),
        "data_blocks": Out("文件的数据块数", "块"),
        "index_blocks": Out("文件的索引块数", "块"),
        "total_blocks": Out("文件共占的盘块数（含索引块）", "块"),
    },
    examples=({"block_size": 1024, "pointer_size": 4, "direct": 10, "offset": 300000},),
)
def solve(
    block_size: Annotated[int, Param("盘块大小", "字节", min=1, max=2**30)],
    pointer_size: Annotated[int, Param("盘块号大小", "一个地址项的字节数", min=1, max=64)],
    direct: Annotated[int, Param("直接地址项数", min=0, max=1000)] = 10,
    single: Annotated[int, Param("一级间接地址项数", min=0, max=100)] = 1,
    double: Annotated[int, Param("二级间接地址项数", min=0, max=100)] = 1,
    triple: Annotated[int, Param("三级间接地址项数", min=0, max=100)] = 1,
    offset: Annotated[int | None, Param("字节偏移", "求访问哪个字节，从 0 起", min=0)] = None,
    file_bytes: Annotated[int | None, Param("文件长度", "字节，求该文件的数据块和索引块数", min=0)] = None,
    inode_in_memory: Annotated[bool, Param("索引结点已在内存")] = True,
) -> Solution:
    """Size a file with direct and indirect blocks (混合索引).

    Args:
        block_size: bytes in a disk block.
        pointer_size: bytes in a block number.
        direct, single, double, triple: numbers of entries of each kind in the inode.
        offset: byte whose reading is asked, from 0.
        file_bytes: length of a file whose blocks are counted.
        inode_in_memory: whether the inode need not be read.

    Returns:
        `pointers_per_block`, `max_blocks`, `max_file_bytes`; for an `offset`: `block`, `block_offset`, `level`,
        `index_path` (entry in the inode, then the index in each index block, from 0), `disk_accesses`; for
        `file_bytes`: `data_blocks`, `index_blocks`.

    Raises:
        InputError: a block that holds no block number, an offset or length beyond the greatest file.

    Examples:
        >>> solve(4096, 4, 10, 1, 1, 0).answer["max_file_bytes"] == (10 + 1024 + 1024**2) * 4096
        True
        >>> solve(1024, 4, offset=10 * 1024 - 1).answer["disk_accesses"]  # the last direct byte
        1
        >>> solve(1024, 4, offset=10 * 1024).answer["disk_accesses"]
        2
        >>> solve(1024, 4, file_bytes=11 * 1024).answer["index_blocks"]
        1

    Conventions:
        Index blocks are on the disk and not cached; the data block is one access. The width of a block number does
        not limit the file.

    Source:
        汤小丹《计算机操作系统》第9章 §增量式索引组织方式; Silberschatz, Operating System Concepts, 10e, §14.4.3.
    """
    per_block = block_size // pointer_size
    if not per_block:
        raise InputError(f"盘块号大小 {pointer_size!r} 超过盘块大小 {block_size}，请核对。")
    counts = (direct, single, double, triple)
    spans = [c * per_block**level for level, c in enumerate(counts)]
    blocks = sum(spans)
    terms = "+".join(f"{c}\\times {per_block}^{i}" if i else str(c) for i, c in enumerate(counts) if c)
    firsts = [sum(spans[:i]) for i in range(4)]
    steps = [
        Step(
            f"一个盘块可放 ${block_size}/{pointer_size}={per_block}$ 个盘块号。",
            credit="每块的盘块号数",
            gives={"pointers_per_block": per_block},
        ),
        Step(
            f"最多 ${terms or 0}={blocks}$ 块，文件最大 ${blocks}\\times {block_size}$ B，即 {size(blocks * block_size)}。",
            Table(
                ["地址项", "个数", "盘块数", "逻辑块号范围"],
                [
                    [LEVELS[i], c, spans[i], f"{firsts[i]}～{firsts[i] + spans[i] - 1}" if spans[i] else "无"]
                    for i, c in enumerate(counts)
                ],
            ),
            credit="各级盘块数之和乘盘块大小",
            gives={"max_blocks": blocks, "max_file_bytes": blocks * block_size},
        ),
    ]
    if offset is not None:
        if offset >= blocks * block_size:
            raise InputError(f"字节偏移 {offset!r} 超出最大文件长度 {blocks * block_size}，请改小。")
        steps += _byte_steps(offset, block_size, per_block, spans, counts, inode_in_memory)
    if file_bytes is not None:
        if file_bytes > blocks * block_size:
            raise InputError(f"文件长度 {file_bytes!r} 超出最大文件长度 {blocks * block_size}，请改小。")
        steps.append(_file_step(file_bytes, block_size, per_block, spans))
    return Solution(steps, ["间接索引块在磁盘上且不在缓存，读数据块计一次访盘", "不计盘块号位数对文件长度的限制"])


def _byte_steps(
    offset: int, block_size: int, per_block: int, spans: list[int], counts: tuple[int, ...], in_memory: bool
) -> Iterator[Step]:
    block, rest = divmod(offset, block_size)
    yield Step(
        f"逻辑块号 $=\\lfloor{offset}/{block_size}\\rfloor={block}$，块内偏移 {rest}。",
        credit="求逻辑块号",
        gives={"block": block, "block_offset": rest},
    )
    level, path = _locate(block, per_block, spans, counts)
    before = sum(spans[:level])
    tree = Tree(f"数据块 {block}", mark=True)
    for depth, index in enumerate(reversed(path)):
        tree = Tree("索引结点" if depth == len(path) - 1 else "索引块", [tree], edge="", note=f"第 {index} 项")
    accesses = level + 1 + (not in_memory)
    parts = (["读索引结点 1 次"] if not in_memory else []) + ([f"读索引块 {level} 次"] if level else [])
    yield Step(
        f"前面各级共 {before} 块，${before}\\le {block}<{before + spans[level]}$，由{LEVELS[level]}地址项定位。"
        f"{joined([*parts, '读数据块 1 次'], '，')}，共访盘 {accesses} 次。",
        tree,
        credit="判断所在的级与访盘次数",
        gives={"level": level, "kind": f"{LEVELS[level]}地址", "index_path": path, "disk_accesses": accesses},
    )


def _locate(block: int, per_block: int, spans: list[int], counts: tuple[int, ...]) -> tuple[int, list[int]]:
    """Give the level of a block, and the index in the inode and in each index block on the way."""
    level, rest = 0, block
    while rest >= spans[level]:
        rest -= spans[level]
        level += 1
    entry, rest = divmod(rest, per_block**level)
    path = [sum(counts[:level]) + entry]
    for below in reversed(range(level)):
        index, rest = divmod(rest, per_block**below)
        path.append(index)
    return level, path


def _file_step(file_bytes: int, block_size: int, per_block: int, spans: list[int]) -> Step:
    data = -(-file_bytes // block_size)
    index, parts = 0, []
    rest = data
    for level, span in enumerate(spans):
        here = min(rest, span)
        rest -= here
        blocks = sum(-(-here // per_block**k) for k in range(1, level + 1))
        if blocks:
            parts.append(f"{LEVELS[level]} {blocks} 块")
        index += blocks
    return Step(
        f"数据块 $\\lceil{file_bytes}/{block_size}\\rceil={data}$ 块，索引块（{joined(parts)}）共 {index} 块，合计 ${data}+{index}={data + index}$ 块。",
        credit="数据块数与索引块数",
        gives={"data_blocks": data, "index_blocks": index, "total_blocks": data + index},
    )


def mistakes(
    block_size: int,
    pointer_size: int,
    direct: int,
    single: int,
    double: int,
    triple: int,
    offset: int | None,
    file_bytes: int | None,
    inode_in_memory: bool,
) -> Iterator[Mistake]:
    """Misconceptions: a level forgotten, entries miscounted, accesses miscounted."""
    n = block_size // pointer_size
    spans = [direct, single * n, double * n**2, triple * n**3]
    total = sum(spans)
    for level, span in enumerate(spans):
        if span:
            yield Mistake(f"漏了{LEVELS[level]}地址项", {"max_file_bytes": (total - span) * block_size})
    yield Mistake("把地址项总数当作盘块数", {"max_file_bytes": sum((direct, single, double, triple)) * block_size})
    wrong = direct + single * block_size + double * block_size**2 + triple * block_size**3
    yield Mistake("把盘块大小当作每块的盘块号数", {"max_file_bytes": wrong * block_size})
    yield Mistake("没有乘盘块大小", {"max_file_bytes": total})
    if offset is not None:
        level, _ = _locate(offset // block_size, n, spans, (direct, single, double, triple))
        accesses = level + 1 + (not inode_in_memory)
        yield Mistake("漏了读数据块的一次", {"disk_accesses": accesses - 1})
        yield Mistake("索引结点在不在内存弄反", {"disk_accesses": level + 1 + inode_in_memory})
        yield Mistake("以为间接级数就是访盘次数的两倍", {"disk_accesses": 2 * level + 1})
        yield Mistake("按三级间接计算", {"disk_accesses": 4})
        yield Mistake("按直接地址计算", {"disk_accesses": 1})
    if file_bytes is not None:
        data = -(-file_bytes // block_size)
        yield Mistake("把数据块数当作索引块数", {"index_blocks": data})
        yield Mistake("所有数据块都按一级间接计算", {"index_blocks": -(-data // n)})
        yield Mistake("漏了上一级的索引块", {"index_blocks": -(-max(0, data - direct) // n)})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Draw inodes; byte offsets come with difficulty."""
    block, pointer = 1024 * 2 ** rng.randint(0, 2), 4
    direct, single, double = rng.randint(6, 12), rng.randint(1, 2), 1
    triple = int(difficulty > 3)
    n = block // pointer
    head = (
        f"某文件系统的索引结点有 {direct} 个直接地址项、{single} 个一级间接地址项、{double} 个二级间接地址项"
        f"{'、1 个三级间接地址项' if triple else ''}，每项 {pointer} B，盘块大小为 {block // 1024} KB。"
    )
    args = {
        "block_size": block,
        "pointer_size": pointer,
        "direct": direct,
        "single": single,
        "double": double,
        "triple": triple,
    }
    if difficulty < 3 or rng.random() < 0.4:
        return Draft(f"{head}单个文件的最大长度（B）是（ ）。", args, "max_file_bytes")
    limit = direct + single * n + rng.choice([0, n**2])
    offset = rng.randrange(direct * block, limit * block)
    args |= {"offset": offset}
    stem = f"{head}索引结点已在内存，其余不在，读该文件字节偏移 {offset} 处的一个字节，访问磁盘的次数是（ ）。"
    return Draft(stem, args, "disk_accesses")
