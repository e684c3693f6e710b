"""Optimal merge trees (最佳归并树): virtual runs, the tree and the records read and written."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Annotated

from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Solution, Step, Table
from assistant408.solvers.ds._answers import integer
from assistant408.solvers.ds._huffman import codes_of, merge, picture, virtual_leaves
from assistant408.solvers.ds._text import join

__all__ = ["solve"]


@solver(
    "ds.optimal_merge_tree",
    title="最佳归并树",
    summary="给出各初始归并段的长度和归并路数 k，求补充的虚段数、最佳归并树的带权路径长度 WPL 和归并中读写的总量。",
    syllabus=("ds.sort.best-merge",),
    keywords=("最佳归并树", "虚段", "初始归并段", "k 路归并", "读写次数", "I/O", "WPL", "哈夫曼"),
    answers={
        "wpl": Out("带权路径长度 WPL（读的记录数）"),
        "total_io": Out("读写总量（2·WPL）"),
        "virtual": Out("补充的虚段数", "个"),
        "merges": Out("归并次数", "次"),
        "first_merge": Out("第一次归并的段（不含虚段）"),
        "levels": Out("归并趟数（树高减 1）", "趟"),
    },
    examples=(
        {"lengths": [9, 30, 12, 18, 3, 17, 2, 6, 24], "ways": 3},
        {"lengths": [9, 30, 12, 18, 3, 17, 2, 6], "ways": 3},
    ),
)
def solve(
    lengths: Annotated[list[int], Param("各初始归并段的长度", "记录数或块数", min=0, min_len=2, max_len=100)],
    ways: Annotated[int, Param("归并路数 k", min=2, max=20)],
) -> Solution:
    """Find the optimal order of merging runs (最佳归并树).

    Args:
        lengths: lengths of 2 to 100 initial runs, in records or blocks.
        ways: k.

    Returns:
        `virtual` runs of length 0, `wpl`, `total_io` = 2·`wpl`, number of `merges`, the lengths of the `first_merge`
        (without virtual runs), and `levels`, the height of the tree in edges.

    Examples:
        >>> solve([9, 30, 12, 18, 3, 17, 2, 6, 24], 3).answer["wpl"]
        223
        >>> solve([9, 30, 12, 18, 3, 17, 2, 6], 3).answer["virtual"]
        1
        >>> solve([1, 1], 2).answer["total_io"]
        4

    Conventions:
        Virtual runs join the first merger. Every merger reads and writes its records once.

    Source:
        严蔚敏《数据结构（C 语言版）》§11.5; 408 真题 2012、2013、2019.
    """
    n = len(lengths)
    virtual = virtual_leaves(n, ways)
    names = [f"R{k}" for k in range(1, n + 1)]
    root, rows = merge(names, lengths, ways, virtual)
    depths = {name: len(code) for name, code in codes_of(root)}
    wpl = sum(w * depths[name] for w, name in zip(lengths, names, strict=True))
    first = sorted(lengths)[: ways - virtual]
    terms = "+".join(f"{w}\\times {depths[name]}" for w, name in zip(lengths, names, strict=True))
    rest = (n - 1) % (ways - 1)
    steps = [
        Step(
            f"$(n-1)\\bmod(k-1)=({n}-1)\\bmod({ways}-1)={rest}$，"
            + (f"补 $k-1-{rest}={virtual}$ 个长度为 0 的虚段。" if virtual else "不必补虚段。"),
            credit="虚段数",
            gives={"virtual": virtual},
        ),
        Step(
            f"每次归并最短的 {ways} 段，共 {len(rows)} 次；第一次归并 {join(first)}。",
            Table(["次", "归并的段长", "新段长", "其余段长"], rows, [(k, 2) for k in range(len(rows))]),
            "最佳归并树的构造",
            {"merges": len(rows), "first_merge": first},
        ),
        Step(
            f"$WPL={terms}={wpl}$，读、写各 {wpl}，总读写量 $2\\times {wpl}={2 * wpl}$。",
            picture(root),
            "带权路径长度与读写量",
            {"wpl": wpl, "total_io": 2 * wpl, "levels": max(depths.values())},
        ),
    ]
    return Solution(steps, ["虚段参加第一次归并；每次归并把其中的记录读、写各一次"])


def mistakes(lengths: list[int], ways: int) -> Iterator[Mistake]:
    """Yield trees without virtual runs or in the given order, and halved transfers."""
    answer = solve(lengths, ways).answer
    wpl, virtual = integer(answer["wpl"]), integer(answer["virtual"])
    short, count = _short_last(lengths, ways)
    yield Mistake("没有补虚段，最后一次归并不足 k 段", {"wpl": short, "total_io": 2 * short, "virtual": 0})
    row, total = list(lengths), 0
    while len(row) > 1:
        groups = [row[k : k + ways] for k in range(0, len(row), ways)]
        total += sum(sum(g) for g in groups if len(g) > 1)
        row = [sum(g) for g in groups]
    yield Mistake("按给出的次序平衡归并，没有先取短段", {"wpl": total, "total_io": 2 * total, "merges": count})
    yield Mistake("读写量没有乘 2", {"total_io": wpl})
    yield Mistake("漏了最后一次归并", {"wpl": wpl - sum(lengths), "total_io": 2 * (wpl - sum(lengths))})
    yield Mistake("多计了一趟", {"wpl": wpl + sum(lengths), "total_io": 2 * (wpl + sum(lengths))})
    yield Mistake("用余数当作虚段数", {"virtual": (len(lengths) - 1) % (ways - 1)})
    yield Mistake("按 n 对 k 取余补虚段", {"virtual": -len(lengths) % ways})
    yield Mistake("虚段数差 1", {"virtual": virtual + 1, "merges": integer(answer["merges"]) + 1})
    yield Mistake("第一次归并取满 k 个实段", {"first_merge": sorted(lengths)[:ways]})
    yield Mistake("先归并长段", {"first_merge": sorted(lengths, reverse=True)[: ways - virtual]})
    yield Mistake("按给出的次序归并", {"first_merge": list(lengths[:ways])})


def _short_last(lengths: list[int], ways: int) -> tuple[int, int]:
    """Return WPL and mergers when no virtual runs are added."""
    row, wpl, count = sorted(lengths), 0, 0
    while len(row) > 1:
        new = sum(row[:ways])
        wpl, count = wpl + new, count + 1
        row = sorted([*row[ways:], new])
    return wpl, count


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Draw run lengths and ask for virtual runs, WPL or transfers."""
    ways = 3 if difficulty < 4 else rng.choice([3, 4, 5])
    lengths = rng.sample(range(2, 60), 6 + difficulty)
    ask = rng.choice(["virtual", "wpl"] if difficulty < 3 else ["wpl", "total_io"])
    name = {"virtual": "需要补充的虚段数", "wpl": "最佳归并树的带权路径长度", "total_io": "归并中读写的总块数"}[ask]
    stem = f"设外存上有 {len(lengths)} 个初始归并段，长度（块）为 {join(lengths)}，做 {ways} 路归并，则{name}是（ ）。"
    return Draft(stem, {"lengths": lengths, "ways": ways}, ask)
