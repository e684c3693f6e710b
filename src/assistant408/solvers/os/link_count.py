"""Reference counts under hard and symbolic links (链接与引用计数)."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Literal

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Solution, Step, Table, Value
from assistant408.solvers.os._show import joined

__all__ = ["LinkOperation", "solve"]

Kind = Literal["create", "hard", "soft", "delete"]
WORD = {"create": "创建", "hard": "硬链接", "soft": "符号链接", "delete": "删除"}


@dataclass(frozen=True)
class LinkOperation:
    """One operation on names of files."""

    kind: Annotated[Kind, Param("操作", "create 创建文件，hard 建硬链接，soft 建符号链接，delete 删除")]
    name: Annotated[str, Param("文件名", "新建的或被删除的名字", min_len=1, max_len=60)]
    target: Annotated[str, Param("被链接的文件", "建链接时给出", max_len=60)] = ""


@solver(
    "os.link_count",
    title="硬链接、软链接与引用计数",
    summary="依次建立硬链接、符号链接和删除文件名，求各文件名所指索引结点的引用计数，以及哪些名字还能访问到数据。",
    syllabus=("os.file.hard-link", "os.file.soft-link"),
    keywords=("硬链接", "软链接", "符号链接", "引用计数", "链接计数", "链接数", "删除", "索引结点", "文件共享"),
    answers={
        "counts": Out("各文件的引用计数"),
        "inodes": Out("索引结点的个数", "个"),
        "dangling": Out("已失效的符号链接"),
        "accessible": Out("仍能访问到数据的名字"),
    },
    examples=(
        {
            "operations": [
                {"kind": "create", "name": "F1"},
                {"kind": "soft", "name": "F2", "target": "F1"},
                {"kind": "hard", "name": "F3", "target": "F1"},
                {"kind": "delete", "name": "F1"},
            ]
        },
    ),
)
def solve(
    operations: Annotated[list[LinkOperation], Param("操作序列", "按先后次序", min_len=1, max_len=60)],
    initial: Annotated[int, Param("最初的引用计数", "各个 create 的文件", min=1, max=1000)] = 1,
) -> Solution:
    """Follow the reference counts of index nodes (引用计数).

    Args:
        operations: creation, links and deletions in order.
        initial: count of a file when it is created (or first mentioned).

    Returns:
        `counts` by name, of the names that are left; `inodes` (index nodes in use), `dangling` (symbolic links whose
        target is gone) and `accessible` (names that still lead to data).

    Raises:
        InputError: a name used twice, or one that isn't there.

    Examples:
        >>> story = [LinkOperation("create", "F1"), LinkOperation("soft", "F2", "F1"), LinkOperation("hard", "F3", "F1")]
        >>> solve([*story, LinkOperation("delete", "F1")]).answer["counts"]
        {'F2': 1, 'F3': 1}
        >>> solve([LinkOperation("create", "A")]).answer["counts"]
        {'A': 1}

    Conventions:
        A symbolic link is a file of its own with count 1; it finds its target by name.

    Source:
        Silberschatz, Operating System Concepts, 10e, §13.3.6; 汤小丹《计算机操作系统》第8章 §文件共享.
    """
    inode: dict[str, int] = {}
    links: dict[str, str] = {}
    counts: list[int] = []
    rows = []
    for op in operations:
        if op.kind != "delete" and op.name in inode:
            raise InputError(f"文件名 {op.name!r} 已经存在，请改名。")
        if op.kind == "delete" and op.name not in inode:
            raise InputError(f"文件名 {op.name!r} 不存在，不能删除，请核对。")
        if op.kind == "hard":
            if op.target not in inode:
                raise InputError(f"被链接的文件 {op.target!r} 不存在，请核对。")
            inode[op.name] = inode[op.target]
            if op.target in links:
                links[op.name] = links[op.target]
            counts[inode[op.name]] += 1
        elif op.kind == "delete":
            counts[inode.pop(op.name)] -= 1
            links.pop(op.name, None)
        else:
            inode[op.name] = len(counts)
            counts.append(initial if op.kind == "create" else 1)
            if op.kind == "soft":
                links[op.name] = op.target
        shown = "、".join(f"{n}={counts[i]}" for n, i in inode.items())
        rows.append([f"{WORD[op.kind]} {op.name}{'→' + op.target if op.target else ''}", shown])
    now: dict[str, Value] = {n: counts[i] for n, i in inode.items()}
    good = [n for n in inode if _leads(n, inode, links)]
    dead = [n for n in inode if n not in good]
    return Solution(
        [
            Step(
                "建立硬链接使索引结点的计数加 1，符号链接另建文件、不改变原文件的计数，删除一个名字使计数减 1。",
                Table(["操作", "各名字的引用计数"], rows),
                credit="逐步写出引用计数",
                gives={"counts": now, "inodes": len(set(inode.values()))},
            ),
            Step(
                f"计数减到 0 才删除索引结点和数据；仍能访问到数据的名字是 {joined(good)}，失效的符号链接是 {joined(dead)}。",
                gives={"dangling": dead, "accessible": good},
            ),
        ],
        ["符号链接是单独的文件，引用计数为 1，按路径名找原文件"],
    )


def _leads(name: str, inode: dict[str, int], links: dict[str, str]) -> bool:
    seen = set()
    while name in links and name in inode and name not in seen:
        seen.add(name)
        name = links[name]
    return name in inode and name not in seen


def mistakes(operations: list[LinkOperation], initial: int) -> Iterator[Mistake]:
    """Misconceptions: symbolic links counted, deletions forgotten, links that die with the file."""
    right = solve(operations, initial).answer["counts"]
    assert isinstance(right, dict)
    yield Mistake("符号链接也使计数加 1", {"counts": {n: c + 1 for n, c in right.items()}})
    yield Mistake("忘了删除使计数减 1", {"counts": {n: c + 2 for n, c in right.items()}})
    yield Mistake("认为删除原文件后计数清零", {"counts": dict.fromkeys(right, 0)})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Draw a short story of links."""
    names = ["F1", "F2", "F3", "F4", "F5"][: 2 + min(3, difficulty)]
    story = [{"kind": "create", "name": "F1"}]
    text = []
    for n in names[1:]:
        kind = rng.choice(["hard", "soft"])
        story.append({"kind": kind, "name": n, "target": "F1"})
        text.append(f"建立 F1 的{WORD[kind]} {n}")
    if difficulty > 1:
        story.append({"kind": "delete", "name": "F1"})
        text.append("删除 F1")
    stem = f"文件 F1 的引用计数为 1，依次{'，'.join(text)}，则余下各文件的引用计数为（ ）。"
    return Draft(stem, {"operations": story}, "counts")
