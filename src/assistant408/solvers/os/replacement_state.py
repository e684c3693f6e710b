"""The page to be replaced in a given state of memory (由页面状态求被置换的页)."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Literal

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Solution, Step, Table
from assistant408.solvers.os._show import joined

__all__ = ["PageState", "solve"]

Policy = Literal["FIFO", "LRU", "NRU", "CLOCK", "ENHANCED_CLOCK"]
NAME = {
    "FIFO": "先进先出",
    "LRU": "最近最久未使用",
    "NRU": "访问位、修改位",
    "CLOCK": "时钟",
    "ENHANCED_CLOCK": "改进型时钟",
}


@dataclass(frozen=True)
class PageState:
    """A page in memory."""

    page: Annotated[str, Param("页", min_len=1, max_len=20)]
    loaded: Annotated[int, Param("装入时刻", min=0)] = 0
    used: Annotated[int, Param("上次访问时刻", min=0)] = 0
    accessed: Annotated[int, Param("访问位", min=0, max=1)] = 0
    modified: Annotated[int, Param("修改位", min=0, max=1)] = 0


@solver(
    "os.replacement_state",
    title="由页面状态求被置换的页",
    summary="给出内存中各页的装入时刻、上次访问时刻、访问位、修改位和指针，求按 FIFO、LRU、CLOCK 或改进型 CLOCK 置换出的页。",
    syllabus=("os.memory.replacement-clock", "os.memory.replacement-clock-enhanced", "os.memory.replacement-lru"),
    keywords=("装入时刻", "上次访问时刻", "访问位", "修改位", "指针", "置换的页", "淘汰的页", "CLOCK", "LRU", "改进型"),
    answers={
        "victim": Out("被置换的页"),
        "pointer": Out("置换后指针指向的页"),
        "cleared": Out("访问位被清零的页"),
    },
    examples=(
        {
            "pages": [
                {"page": "6", "accessed": 1},
                {"page": "2"},
                {"page": "9", "accessed": 1},
                {"page": "4", "accessed": 1},
            ],
            "policy": "CLOCK",
            "pointer": "9",
        },
    ),
)
def solve(
    pages: Annotated[list[PageState], Param("内存中的页", "按循环队列的次序", min_len=1, max_len=64)],
    policy: Annotated[
        Policy, Param("置换算法", "FIFO、LRU、CLOCK，ENHANCED_CLOCK 改进型，NRU 按访问位、修改位分类")
    ] = "CLOCK",
    pointer: Annotated[str | None, Param("指针所指的页", "不填为第一页", max_len=20)] = None,
) -> Solution:
    """Choose the page to be replaced from the state of memory (被置换的页).

    Args:
        pages: in the order of the circular queue.
        policy: the algorithm.
        pointer: page at which the scan begins, the first one if left out.

    Returns:
        `victim`; for the clocks also `pointer`, the page that it points at afterwards, and `cleared`.

    Raises:
        InputError: repeated pages or an unknown pointer.

    Examples:
        >>> ring = [PageState("6", accessed=1), PageState("2"), PageState("9", accessed=1), PageState("4", accessed=1)]
        >>> solve(ring, "CLOCK", "9").answer["victim"]
        '2'
        >>> bits = [PageState(n, accessed=a, modified=m) for n, a, m in (("A", 1, 0), ("B", 1, 1), ("C", 0, 1))]
        >>> solve(bits, "ENHANCED_CLOCK").answer["victim"]
        'C'

    Conventions:
        Enhanced clock: a scan for (0, 0), then one for (0, 1) that clears access bits, then both again. After a
        replacement the pointer goes to the next page. Ties go to the earlier page of the queue.

    Source:
        汤小丹《计算机操作系统》第5章 §Clock 置换算法.
    """
    names = [p.page for p in pages]
    if len(set(names)) < len(names):
        raise InputError(f"页 {joined(names)} 有重复，请核对。")
    if pointer is not None and pointer not in names:
        raise InputError(f"指针所指的页 {pointer!r} 不在内存中，应为 {joined(names)} 之一。")
    table = Table(
        ["页", "装入时刻", "上次访问", "访问位", "修改位"],
        [[p.page, p.loaded, p.used, p.accessed, p.modified] for p in pages],
    )
    start = names.index(pointer) if pointer is not None else 0
    ring = [*range(start, len(pages)), *range(start)]
    if policy == "FIFO":
        at = min(ring, key=lambda i: pages[i].loaded)
        why = f"FIFO 置换最早装入的页，装入时刻最小的是 {names[at]}（{pages[at].loaded}）。"
    elif policy == "LRU":
        at = min(ring, key=lambda i: pages[i].used)
        why = f"LRU 置换最久没有访问的页，上次访问时刻最小的是 {names[at]}（{pages[at].used}）。"
    elif policy == "NRU":
        at = min(ring, key=lambda i: (pages[i].accessed, pages[i].modified))
        why = f"按（访问位，修改位）从 (0,0) 到 (1,1) 选最小的一类，应置换 {names[at]}。"
    else:
        return _clock(pages, ring, policy, table)
    return Solution(
        [Step(why, table, credit="按算法选出被置换的页", gives={"victim": names[at]})], [f"按{NAME[policy]}选择"]
    )


def _clock(pages: list[PageState], ring: list[int], policy: Policy, table: Table) -> Solution:
    accessed = [p.accessed for p in pages]
    cleared: list[str] = []
    rows: list[list[str]] = []
    at = -1
    for scan in range(4):
        for i in ring:
            p = pages[i]
            clears = policy == "CLOCK" or scan % 2 == 1
            wanted = not accessed[i] and (policy == "CLOCK" or p.modified == scan % 2)
            rows.append([f"第 {scan + 1} 轮", p.page, f"({accessed[i]},{p.modified})", "置换" if wanted else "跳过"])
            if wanted:
                at = i
                break
            if clears and accessed[i]:
                accessed[i] = 0
                cleared.append(p.page)
        if at >= 0:
            break
    after = pages[(at + 1) % len(pages)].page
    return Solution(
        [
            Step("各页按循环队列排列，状态如下。", table),
            Step(
                f"从 {pages[ring[0]].page} 开始扫描，置换 {pages[at].page}，指针前进到 {after}；"
                f"被清零访问位的页：{joined(cleared)}。",
                Table(["轮次", "页", "（访问位，修改位）", "结果"], rows),
                credit="按指针逐页检查",
                gives={"victim": pages[at].page, "pointer": after, "cleared": cleared},
            ),
        ],
        ["改进型：奇数轮找 (0,0)，偶数轮找 (0,1) 并清访问位" if policy != "CLOCK" else "访问位为 1 则清零并跳过"],
    )


def mistakes(pages: list[PageState], policy: Policy, pointer: str | None) -> Iterator[Mistake]:
    """Misconceptions: the other algorithms, the page at the pointer."""
    right = solve(pages, policy, pointer).answer["victim"]
    others = ("FIFO", "LRU", "NRU", "CLOCK", "ENHANCED_CLOCK")
    for other in others:
        value = solve(pages, other, pointer).answer["victim"]
        if value != right:
            yield Mistake(f"按 {other} 选择", {"victim": value})
    for p in pages:
        if p.page != right:
            yield Mistake(f"误选 {p.page}", {"victim": p.page})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Draw four pages with bits and a pointer."""
    names = [str(n) for n in rng.sample(range(10), 4)]
    bits = [(rng.randint(0, 1), rng.randint(0, 1)) for _ in names]
    policy = "ENHANCED_CLOCK" if difficulty > 3 else "CLOCK"
    pointer = rng.choice(names)
    shown = "、".join(f"页 {n} 为 ({a},{m})" for n, (a, m) in zip(names, bits, strict=True))
    stem = (
        f"循环队列中依次有页 {'、'.join(names)}，（访问位，修改位）：{shown}，指针指向页 {pointer}。"
        f"按{'改进型 CLOCK' if policy != 'CLOCK' else 'CLOCK'} 算法，被置换的页是（ ）。"
    )
    rows = [{"page": n, "accessed": a, "modified": m} for n, (a, m) in zip(names, bits, strict=True)]
    return Draft(stem, {"pages": rows, "policy": policy, "pointer": pointer}, "victim")
