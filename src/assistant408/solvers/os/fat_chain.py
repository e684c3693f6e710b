"""Cluster chain (簇链): following a file through the FAT."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Annotated

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Graph, GraphEdge, GraphNode, Solution, Step
from assistant408.solvers.os._show import joined

__all__ = ["Entry", "solve"]


@dataclass(frozen=True)
class Entry:
    """An entry of the FAT: the cluster after `cluster`, -1 at the end of a file."""

    cluster: Annotated[int, Param("簇号", min=0)]
    next: Annotated[int, Param("下一簇号", "文件结束为 -1", min=-1)]


@solver(
    "os.fat_chain",
    title="FAT 簇链",
    summary="给出 FAT 表的若干表项和文件的起始簇号，求文件占用的簇序列，以及某字节偏移所在的簇号和查 FAT 的次数。",
    syllabus=("os.file.fat", "os.file.alloc-linked"),
    keywords=("FAT", "簇链", "起始簇号", "显式链接", "簇号", "字节偏移", "目录项", "下一簇"),
    answers={
        "chain": Out("文件依次占用的簇"),
        "length": Out("文件占用的簇数", "簇"),
        "cluster": Out("该字节所在的簇号"),
        "lookups": Out("查 FAT 的次数", "次"),
        "disk_accesses": Out("访问磁盘的次数", "次"),
    },
    examples=(
        {
            "fat": [{"cluster": 106, "next": 48}, {"cluster": 48, "next": 72}, {"cluster": 72, "next": -1}],
            "start": 106,
            "offset": 5000,
            "cluster_size": 4096,
        },
    ),
)
def solve(
    fat: Annotated[list[Entry], Param("FAT 表项", "每项 簇号:下一簇号，结束为 -1", min_len=1, max_len=1000)],
    start: Annotated[int, Param("起始簇号", "目录项中的第一个簇", min=0)],
    offset: Annotated[int | None, Param("字节偏移", "求所在的簇时给出，从 0 起", min=0)] = None,
    cluster_size: Annotated[int, Param("簇大小", "字节", min=1, max=2**40)] = 4096,
    fat_in_memory: Annotated[bool, Param("FAT 在内存")] = True,
) -> Solution:
    """Follow a file through the FAT (FAT 簇链).

    Args:
        fat: the entries needed.
        start: first cluster of the file.
        offset: byte that is to be read, from 0.
        cluster_size: bytes in a cluster.
        fat_in_memory: whether a look into the FAT costs no disk access.

    Returns:
        `chain`, `length`; for an `offset`: `cluster`, `lookups` (looks into the FAT), `disk_accesses`.

    Raises:
        InputError: a missing entry, a chain that returns into itself, an offset beyond the file.

    Examples:
        >>> table = [Entry(106, 48), Entry(48, 72), Entry(72, -1)]
        >>> solve(table, 106, 5000).answer["cluster"]
        48
        >>> solve(table, 72).answer["chain"]
        [72]
        >>> solve(table, 106, 4095).answer["lookups"], solve(table, 106, 4096).answer["lookups"]
        (0, 1)

    Conventions:
        The directory entry is in memory. With the FAT on the disk each look is one access.

    Source:
        Silberschatz, Operating System Concepts, 10e, §14.4.2; 汤小丹《计算机操作系统》第9章 §FAT 技术.
    """
    following = {e.cluster: e.next for e in fat}
    chain = _chain(following, start)
    nodes = [GraphNode(str(c), str(c), mark=c == start) for c in chain]
    edges = [GraphEdge(str(a), str(b)) for a, b in pairwise(chain)]
    steps = [
        Step(
            f"从起始簇 {start} 起，逐项查 FAT 得下一簇，直到结束标志：{joined(chain, '→')}，共 {len(chain)} 簇。",
            Graph(nodes, edges),
            credit="写出簇链",
            gives={"chain": chain, "length": len(chain)},
        )
    ]
    if offset is not None:
        index = offset // cluster_size
        if index >= len(chain):
            raise InputError(
                f"字节偏移 {offset!r} 超出文件的 {len(chain)} 簇（{len(chain) * cluster_size} B），请改小。"
            )
        disk = 1 + (0 if fat_in_memory else index)
        where = "FAT 在内存，查表不访盘" if fat_in_memory else f"FAT 在磁盘，查表访盘 {index} 次"
        steps.append(
            Step(
                f"逻辑簇号 $=\\lfloor{offset}/{cluster_size}\\rfloor={index}$，查 FAT {index} 次，"
                f"得簇 {chain[index]}；{where}，再读该簇 1 次，共访盘 {disk} 次。",
                credit="定位所在的簇",
                gives={"cluster": chain[index], "lookups": index, "disk_accesses": disk},
            )
        )
    return Solution(steps, ["目录项在内存", "逻辑簇号从 0 起"])


def _chain(following: dict[int, int], start: int) -> list[int]:
    chain: list[int] = []
    here = start
    while here != -1:
        if here in chain:
            raise InputError(f"簇 {here!r} 在链中出现两次，FAT 有环，请核对表项。")
        if here not in following:
            raise InputError(f"FAT 中没有簇 {here!r} 的表项，请补上。")
        chain.append(here)
        here = following[here]
    return chain


def mistakes(
    fat: list[Entry], start: int, offset: int | None, cluster_size: int, fat_in_memory: bool
) -> Iterator[Mistake]:
    """Misconceptions: one too few or too many, contiguous clusters, accesses miscounted."""
    chain = _chain({e.cluster: e.next for e in fat}, start)
    yield Mistake("漏了起始簇", {"length": len(chain) - 1, "chain": chain[1:]})
    yield Mistake("漏了最后一簇", {"chain": chain[:-1], "length": len(chain) - 1})
    yield Mistake("把结束标志也算一簇", {"length": len(chain) + 1, "chain": [*chain, -1]})
    if offset is None:
        return
    index = offset // cluster_size
    yield Mistake("当作连续存放", {"cluster": start + index})
    yield Mistake("逻辑簇号从 1 起算，少走一步", {"cluster": chain[max(0, index - 1)]})
    yield Mistake("多走一步", {"cluster": chain[min(len(chain) - 1, index + 1)]})
    yield Mistake("直接取起始簇", {"cluster": start})
    yield Mistake("直接把逻辑簇号当作簇号", {"cluster": index})
    yield Mistake("FAT 在不在内存弄反", {"disk_accesses": 1 + (index if fat_in_memory else 0)})
    yield Mistake("漏了读数据", {"disk_accesses": 0 if fat_in_memory else index})
    yield Mistake("多查一次 FAT", {"disk_accesses": index + 2})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Draw the FAT of one file among entries of another."""
    clusters = rng.sample(range(2, 100), 5 + 2 * difficulty)
    chain, other = clusters[: 3 + difficulty], clusters[3 + difficulty :]
    fat = [Entry(a, b) for c in (chain, other) for a, b in zip(c, [*c[1:], -1], strict=True)]
    fat.sort(key=lambda e: e.cluster)
    size = 1024 * 2 ** rng.randint(0, 2)
    offset = rng.randrange(size, size * len(chain))
    shown = "，".join(f"{e.cluster}→{'结束' if e.next == -1 else e.next}" for e in fat)
    stem = (
        f"某 FAT 文件系统簇大小为 {size // 1024} KB，FAT 的部分表项（簇号→下一簇号）为 {shown}。"
        f"某文件的起始簇号为 {chain[0]}，该文件字节偏移 {offset} 所在的簇号是（ ）。"
    )
    args = {"fat": fat, "start": chain[0], "offset": offset, "cluster_size": size}
    return Draft(stem, args, "cluster")
