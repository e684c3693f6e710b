"""Dynamic partitioning (动态分区分配): first, next, best and worst fit over a sequence of requests."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Annotated, Literal

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Solution, Step, Table
from assistant408.solvers.os._show import joined

__all__ = ["Event", "Hole", "solve"]

Policy = Literal["FF", "NF", "BF", "WF"]
NextStart = Literal["next_hole", "remainder"]

NAMES: dict[Policy, str] = {"FF": "首次适应", "NF": "邻近适应（循环首次适应）", "BF": "最佳适应", "WF": "最坏适应"}
RULE: dict[Policy, str] = {
    "FF": "按地址递增找第一个够大的空闲分区",
    "NF": "从上次分配处往后循环找第一个够大的空闲分区",
    "BF": "找够大的空闲分区中最小的",
    "WF": "找最大的空闲分区",
}


@dataclass(frozen=True)
class Hole:
    """A free partition."""

    start: Annotated[int, Param("起始地址", min=0)]
    size: Annotated[int, Param("大小", min=1)]


@dataclass(frozen=True)
class Event:
    """An allocation, or a release where the size is 0."""

    name: Annotated[str, Param("作业名", min_len=1, max_len=20)]
    size: Annotated[int, Param("大小", "0 表示回收该作业", min=0)] = 0


@dataclass(frozen=True)
class State:
    """The memory after an event: free and allocated partitions, and where next fit goes on."""

    holes: tuple[Hole, ...]
    blocks: dict[str, Hole]
    pointer: int
    failed: bool = False


@solver(
    "os.dynamic_partition",
    title="动态分区分配",
    summary="给出空闲分区和一串分配、回收请求，按首次、邻近、最佳或最坏适应算法求分配的起始地址、剩余空闲分区和最大空闲分区。",
    syllabus=("os.memory.fit", "os.memory.partition"),
    keywords=(
        *("动态分区", "可变分区", "首次适应", "邻近适应", "循环首次适应", "最佳适应", "最坏适应", "空闲分区"),
        *("分配", "回收", "合并", "最大空闲分区", "First Fit", "Best Fit", "Worst Fit", "Next Fit"),
    ),
    answers={
        "largest_hole": Out("最大空闲分区的大小"),
        "holes": Out("空闲分区（起址+大小）"),
        "addresses": Out("各作业分到的起始地址"),
        "hole_count": Out("空闲分区的个数", "个"),
        "free_total": Out("空闲空间总和"),
        "failed": Out("不能满足的请求"),
        "cut_from": Out("各作业所用的初始空闲分区的大小"),
    },
    examples=(
        {
            "holes": [{"start": 0, "size": 55}],
            "events": [
                {"name": "A", "size": 15},
                {"name": "B", "size": 30},
                {"name": "A", "size": 0},
                {"name": "C", "size": 8},
                {"name": "D", "size": 6},
            ],
            "policy": "BF",
        },
    ),
)
def solve(
    holes: Annotated[list[Hole], Param("初始空闲分区", "每项 起始地址:大小，单位与请求相同", min_len=1, max_len=100)],
    events: Annotated[
        list[Event],
        Param("请求序列", "每项 作业名:大小 表示分配，作业名:0 表示回收该作业", min_len=1, max_len=200),
    ],
    policy: Annotated[Policy, Param("分配算法", "FF 首次适应，NF 邻近适应，BF 最佳适应，WF 最坏适应")] = "FF",
    nf_start: Annotated[
        NextStart,
        Param("邻近适应的起点", "next_hole 上次所找分区的下一个空闲分区，remainder 上次切剩的部分"),
    ] = "next_hole",
) -> Solution:
    """Allocate and release partitions (动态分区分配).

    Args:
        holes: 1 to 100 free partitions at the start, disjoint, in one unit.
        events: 1 to 200 requests in order; size 0 releases.
        policy: the fit.
        nf_start: where next fit goes on: after the partition found last, or with what was left of it.

    Returns:
        `largest_hole`, `holes` (pairs [start, size] by address), `addresses` (of every allocation, by name),
        `hole_count`, `free_total`, `failed` (names of requests that found no partition), `cut_from` (by name, the size
        that the partition had at the start).

    Raises:
        InputError: holes that overlap, a name allocated twice, or released without being held.

    Examples:
        >>> ask = [Event("A", 15), Event("B", 30), Event("A"), Event("C", 8), Event("D", 6)]
        >>> solve([Hole(0, 55)], ask, "BF").answer["largest_hole"]
        9
        >>> solve([Hole(0, 5)], [Event("A", 5)]).answer["largest_hole"]
        0
        >>> solve([Hole(0, 5), Hole(9, 5)], [Event("A", 5)], "BF").answer["addresses"]  # a tie: low address
        {'A': 0}

    Conventions:
        A request is cut from the low end of its partition; a remainder of any size stays a free partition. Ties
        go to the lower address. A released partition merges with free neighbours.

    Source:
        汤小丹《计算机操作系统》第4章 §动态分区分配; Silberschatz, Operating System Concepts, 10e, §9.2.2.
    """
    state = State(_checked(holes), {}, 0)
    steps = [Step("初始空闲分区按地址排列如下。", _table(state))]
    failed, addresses = [], {}
    for event in events:
        after = _apply(state, event, policy, nf_start)
        steps.append(_step(state, after, event, policy))
        if after.failed:
            failed.append(event.name)
        elif event.size:
            addresses[event.name] = after.blocks[event.name].start
        state = after
    sizes = [h.size for h in state.holes]
    steps.append(
        Step(
            f"最后空闲分区为 {joined([f'[{h.start}, {h.start + h.size})' for h in state.holes])}，"
            f"大小依次为 {joined(sizes)}，最大的是 {max(sizes, default=0)}。",
            _table(state),
            credit="写出最后的空闲分区",
            gives={
                "largest_hole": max(sizes, default=0),
                "holes": [[h.start, h.size] for h in state.holes],
                "addresses": addresses,
                "hole_count": len(sizes),
                "free_total": sum(sizes),
                "failed": failed,
                "cut_from": {n: h.size for n, a in addresses.items() for h in holes if h.start <= a < h.start + h.size},
            },
        )
    )
    conventions = ["从空闲分区的低地址端切出，剩余部分仍作空闲分区", "大小相同取低地址者", "回收时与相邻空闲分区合并"]
    if policy == "NF":
        where = "所找分区的下一个空闲分区" if nf_start == "next_hole" else "切剩的部分"
        conventions.append(f"邻近适应从上次{where}开始找")
    return Solution(steps, conventions)


def _checked(holes: Sequence[Hole]) -> tuple[Hole, ...]:
    ordered = sorted(holes, key=lambda h: h.start)
    for a, b in pairwise(ordered):
        if a.start + a.size > b.start:
            raise InputError(f"空闲分区 {a.start}:{a.size} 与 {b.start}:{b.size} 重叠，请核对起址和大小。")
    return tuple(ordered)


def _apply(state: State, event: Event, policy: Policy, nf_start: NextStart) -> State:
    if not event.size:
        return _release(state, event.name)
    if event.name in state.blocks:
        raise InputError(f"作业 {event.name!r} 已经分到分区，再次分配前要先回收（{event.name}:0）。")
    hole = _find(state, event.size, policy)
    if hole is None:
        return State(state.holes, state.blocks, state.pointer, failed=True)
    rest = Hole(hole.start + event.size, hole.size - event.size) if hole.size > event.size else None
    holes = tuple(x for h in state.holes for x in ([rest] if h == hole else [h]) if x)
    pointer = hole.start + (hole.size if nf_start == "next_hole" else event.size)
    return State(holes, {**state.blocks, event.name: Hole(hole.start, event.size)}, pointer)


def _find(state: State, size: int, policy: Policy) -> Hole | None:
    """Pick the free partition for a request."""
    fits = [h for h in state.holes if h.size >= size]
    if not fits:
        return None
    if policy == "BF":
        return min(fits, key=lambda h: h.size)
    if policy == "WF":
        return max(fits, key=lambda h: h.size)
    if policy == "NF":
        return next((h for h in fits if h.start >= state.pointer), fits[0])
    return fits[0]


def _release(state: State, name: str) -> State:
    if name not in state.blocks:
        raise InputError(f"作业 {name!r} 没有占用分区，不能回收；请核对请求序列。")
    blocks = dict(state.blocks)
    merged: list[Hole] = []
    for h in sorted([*state.holes, blocks.pop(name)], key=lambda h: h.start):
        if merged and merged[-1].start + merged[-1].size == h.start:
            before = merged.pop()
            h = Hole(before.start, before.size + h.size)
        merged.append(h)
    return State(tuple(merged), blocks, state.pointer)


def _step(before: State, after: State, event: Event, policy: Policy) -> Step:
    if after.failed:
        why = f"{event.name} 申请 {event.size}：没有够大的空闲分区，不能满足。"
    elif event.size:
        block = after.blocks[event.name]
        hole = next(h for h in before.holes if h.start == block.start)
        why = (
            f"{event.name} 申请 {event.size}：{RULE[policy]}，取起址 {hole.start}、大小 {hole.size} 的分区，"
            f"剩余 ${hole.size}-{event.size}={hole.size - event.size}$。"
        )
    else:
        joins = len(before.holes) - len(after.holes) + 1
        merge = ["没有相邻空闲分区", "与一个相邻空闲分区合并", "与前后两个空闲分区合并"][joins]
        why = f"回收 {event.name}（{before.blocks[event.name].size}）：{merge}。"
    return Step(why, _table(after, event.name), credit="" if after.failed else "分配或回收后的空闲分区")


def _table(state: State, marked: str = "") -> Table:
    """Lay memory out by address, free and allocated partitions together."""
    rows = [(h.start, h.size, "空闲") for h in state.holes]
    rows += [(b.start, b.size, name) for name, b in state.blocks.items()]
    rows.sort()
    marks = [(i, 2) for i, row in enumerate(rows) if row[2] == marked]
    return Table(["起址", "大小", "占用者"], rows, marks)


def mistakes(holes: list[Hole], events: list[Event], policy: Policy, nf_start: NextStart) -> Iterator[Mistake]:
    """Misconceptions: another fit, no merging, the sum instead of the largest."""
    for other, name in NAMES.items():
        if other != policy:
            largest = max(_replay(holes, events, other, nf_start), default=0)
            yield Mistake(f"按{name}算法分配", {"largest_hole": largest})
    sizes = sorted(_replay(holes, events, policy, nf_start))
    yield Mistake("求成了空闲空间的总和", {"largest_hole": sum(sizes)})
    if len(sizes) > 1:
        yield Mistake("取成了次大的空闲分区", {"largest_hole": sizes[-2]})
        yield Mistake("取成了最小的空闲分区", {"largest_hole": sizes[0]})
    halted = _replay(holes, events[:-1], policy, nf_start)
    yield Mistake("漏了最后一步", {"largest_hole": max(halted, default=0)})
    if used := [e.size for e in events if e.size]:
        yield Mistake("把最大的分配当作空闲分区", {"largest_hole": max(used)})
        yield Mistake("用初始空间减去全部申请", {"largest_hole": abs(sum(h.size for h in holes) - sum(used))})
    never = _replay(holes, [e for e in events if e.size], policy, nf_start)
    yield Mistake("忘记回收", {"largest_hole": max(never, default=0)})
    loose = _replay(holes, events, policy, nf_start, merge=False)
    yield Mistake("回收时没有与相邻空闲分区合并", {"largest_hole": max(loose, default=0)})


def _replay(
    holes: Sequence[Hole], events: Sequence[Event], policy: Policy, nf_start: NextStart, merge: bool = True
) -> list[int]:
    """List the free sizes after the requests; releases of what another fit couldn't place are void."""
    state = State(_checked(holes), {}, 0)
    for event in events:
        if event.size and event.name not in state.blocks:
            state = _apply(state, event, policy, nf_start)
        elif not event.size and event.name in state.blocks and merge:
            state = _release(state, event.name)
        elif not event.size and event.name in state.blocks:
            blocks = dict(state.blocks)
            loose = sorted([*state.holes, blocks.pop(event.name)], key=lambda h: h.start)
            state = State(tuple(loose), blocks, state.pointer)
    return [h.size for h in state.holes]


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Draw allocations with releases between them."""
    total = 10 * rng.randint(6, 12)
    policy: Policy = rng.choice(["FF", "BF"] if difficulty < 3 else ["NF", "BF", "WF"])
    events: list[Event] = []
    state = State((Hole(0, total),), {}, 0)
    for name in "ABCDEF"[: 4 + difficulty // 3]:
        draws = [Event(name, rng.randint(4, total // 4))]
        if len(state.blocks) > 1 and (name == "C" or rng.random() < 0.6):
            draws.insert(0, Event(rng.choice(list(state.blocks))))
        for event in draws:
            after = _apply(state, event, policy, "next_hole")
            if not after.failed:
                state = after
                events.append(event)
    used = {e.name: e.size for e in events if e.size}
    shown = "，".join(f"{e.name} 分配 {e.size} MB" if e.size else f"{e.name} 释放 {used[e.name]} MB" for e in events)
    stem = (
        f"某系统采用动态分区分配，初始空闲空间为 {total} MB，采用{NAMES[policy]}算法，"
        f"分配和释放的次序为：{shown}。此时最大空闲分区的大小（MB）是（ ）。"
    )
    return Draft(stem, {"holes": [Hole(0, total)], "events": events, "policy": policy}, "largest_hole")
