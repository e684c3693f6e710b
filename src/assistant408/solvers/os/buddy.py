"""Buddy system (伙伴系统): splitting and merging blocks of powers of two."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Solution, Step, Table
from assistant408.solvers.os._show import joined

__all__ = ["Event", "solve"]

Block = tuple[int, int]  # start, size


@dataclass(frozen=True)
class Event:
    """An allocation, or a release where the size is 0."""

    name: Annotated[str, Param("作业名", min_len=1, max_len=20)]
    size: Annotated[int, Param("大小", "0 表示回收该作业", min=0)] = 0


@dataclass(frozen=True)
class State:
    """Free blocks by address, and allocated blocks by name."""

    free: tuple[Block, ...]
    blocks: dict[str, Block]
    note: str = ""
    failed: bool = False


@solver(
    "os.buddy",
    title="伙伴系统",
    summary="给出 2 的幂大小的内存和一串分配、回收请求，按伙伴系统求每次分配的块大小和起始地址、空闲块和内部碎片。",
    syllabus=("os.memory.buddy", "os.memory.fragmentation"),
    keywords=("伙伴系统", "伙伴", "2的幂", "内部碎片", "合并", "分裂", "块大小", "空闲块"),
    answers={
        "addresses": Out("各作业分到的起始地址"),
        "block_sizes": Out("各作业分到的块大小"),
        "free_blocks": Out("空闲块（起址+大小）"),
        "free_count": Out("空闲块的个数", "个"),
        "largest_free": Out("最大空闲块的大小"),
        "free_total": Out("空闲空间总和"),
        "internal_fragmentation": Out("在用块的内部碎片总和"),
        "failed": Out("不能满足的请求"),
    },
    examples=(
        {
            "total": 1024,
            "events": [{"name": "A", "size": 100}, {"name": "B", "size": 240}, {"name": "A", "size": 0}],
        },
    ),
)
def solve(
    total: Annotated[int, Param("内存大小", "2 的幂，单位与请求相同", min=1, max=2**40)],
    events: Annotated[
        list[Event],
        Param("请求序列", "每项 作业名:大小 表示分配，作业名:0 表示回收该作业", min_len=1, max_len=100),
    ],
    min_block: Annotated[int, Param("最小块", "2 的幂", min=1, max=2**40)] = 1,
) -> Solution:
    """Allocate by the buddy system (伙伴系统).

    Args:
        total: size of memory, a power of two.
        events: 1 to 100 requests in order; size 0 releases.
        min_block: the smallest block, a power of two that is not above `total`.

    Returns:
        `addresses` and `block_sizes` (of every allocation, by name), `free_blocks` (pairs [start, size] by
        address), `free_count`, `largest_free`, `free_total`, `internal_fragmentation` (of blocks in use), `failed`.

    Raises:
        InputError: a size that is no power of two, a name allocated twice or released without being held.

    Examples:
        >>> solve(1024, [Event("A", 100), Event("B", 240)]).answer["addresses"]
        {'A': 0, 'B': 256}
        >>> solve(64, [Event("A", 64)]).answer["free_blocks"]
        []
        >>> solve(64, [Event("A", 16), Event("A")]).answer["free_blocks"]  # everything merges again
        [[0, 64]]

    Conventions:
        A request gets the smallest power of two that holds it, cut from the smallest free block that is large
        enough, at the lowest address if there are several; the lower half is split further.

    Source:
        Knowlton, CACM 8(10), 1965; 汤小丹《计算机操作系统》第4章 §伙伴系统.
    """
    for label, value in (("内存大小", total), ("最小块", min_block)):
        if value & (value - 1):
            raise InputError(f"{label} {value!r} 不是 2 的幂，请改为 2 的幂。")
    if min_block > total:
        raise InputError(f"最小块 {min_block!r} 超过内存大小 {total!r}，请改小。")
    state = State(((0, total),), {})
    steps, failed = [Step(f"开始时只有一个大小为 {total} 的空闲块。", _table(state))], []
    placed: dict[str, Block] = {}
    sizes: dict[str, int] = {}
    for event in events:
        state = _apply(state, event, min_block)
        if state.failed:
            failed.append(event.name)
        elif event.size:
            placed[event.name] = state.blocks[event.name]
            sizes[event.name] = event.size
        steps.append(Step(state.note, _table(state, event.name), credit="分配或回收后的块"))
    waste = sum(size - sizes[name] for name, (_, size) in state.blocks.items())
    steps.append(
        Step(
            f"最后的空闲块为 {joined([f'[{a}, {a + s})' for a, s in state.free])}，在用块的内部碎片共 {waste}。",
            _table(state),
            credit="写出最后的空闲块",
            gives={
                "addresses": {n: b[0] for n, b in placed.items()},
                "block_sizes": {n: b[1] for n, b in placed.items()},
                "free_blocks": [list(b) for b in state.free],
                "free_count": len(state.free),
                "largest_free": max((s for _, s in state.free), default=0),
                "free_total": sum(s for _, s in state.free),
                "internal_fragmentation": waste,
                "failed": failed,
            },
        )
    )
    return Solution(steps, ["取够大的空闲块中最小、地址最低的一块，不断对半分裂", "伙伴空闲时立即合并"])


def _apply(state: State, event: Event, min_block: int) -> State:
    return _allocate(state, event, min_block) if event.size else _release(state, event.name)


def _allocate(state: State, event: Event, min_block: int) -> State:
    if event.name in state.blocks:
        raise InputError(f"作业 {event.name!r} 已经分到块，再次分配前要先回收（{event.name}:0）。")
    wanted = max(min_block, 1 << (event.size - 1).bit_length())
    fits = [b for b in state.free if b[1] >= wanted]
    if not fits:
        note = f"{event.name} 申请 {event.size}：需要大小 {wanted} 的块，没有够大的空闲块，不能满足。"
        return State(state.free, state.blocks, note, failed=True)
    start, size = min(fits, key=lambda b: (b[1], b[0]))
    halves = []
    rest = [b for b in state.free if b != (start, size)]
    while size > wanted:
        size //= 2
        halves.append(str(size))
        rest.append((start + size, size))
    split = f"，分裂 {len(halves)} 次，剩下 {joined(halves)}" if halves else ""
    note = f"{event.name} 申请 {event.size}：取不小于它的 2 的幂 {wanted}{split}，分到起址 {start} 的块。"
    return State(tuple(sorted(rest)), {**state.blocks, event.name: (start, size)}, note)


def _release(state: State, name: str) -> State:
    if name not in state.blocks:
        raise InputError(f"作业 {name!r} 没有占用块，不能回收；请核对请求序列。")
    blocks = dict(state.blocks)
    start, size = blocks.pop(name)
    free = set(state.free)
    merged = 0
    while (buddy := (start ^ size, size)) in free:
        free.remove(buddy)
        start, size, merged = min(start, buddy[0]), size * 2, merged + 1
    free.add((start, size))
    note = f"回收 {name}：" + (
        f"与空闲的伙伴合并 {merged} 次，成为起址 {start}、大小 {size} 的空闲块。"
        if merged
        else f"伙伴（起址 {start ^ size}、大小 {size}）不全空闲或不存在，不合并。"
    )
    return State(tuple(sorted(free)), blocks, note)


def _table(state: State, marked: str = "") -> Table:
    rows = [(a, s, "空闲") for a, s in state.free]
    rows += [(a, s, name) for name, (a, s) in state.blocks.items()]
    rows.sort()
    return Table(["起址", "块大小", "占用者"], rows, [(i, 2) for i, r in enumerate(rows) if r[2] == marked])


def mistakes(total: int, events: list[Event], min_block: int) -> Iterator[Mistake]:
    """Misconceptions: no merging, exact sizes, blocks counted wrongly."""
    answer = _replay(total, events, min_block)
    sizes = {e.name: e.size for e in events if e.size}
    exact = total - sum(sizes[n] for n in answer.blocks)
    free = [s for _, s in answer.free]
    yield Mistake("把伙伴块当作按申请大小切出", {"free_total": exact, "largest_free": exact})
    yield Mistake("把空闲空间之和当作最大空闲块", {"largest_free": sum(free)})
    yield Mistake("把最大空闲块当作空闲空间之和", {"free_total": max(free, default=0)})
    never = _replay(total, [e for e in events if e.size], min_block)
    kept = [s for _, s in never.free]
    yield Mistake(
        "忘记回收",
        {"largest_free": max(kept, default=0), "free_total": sum(kept), "free_count": len(kept)},
    )
    unmerged = _replay(total, events, min_block, merge=False)
    loose = [s for _, s in unmerged.free]
    yield Mistake("回收时没有合并伙伴", {"largest_free": max(loose, default=0), "free_count": len(loose)})
    yield Mistake("漏数了一块空闲块", {"free_count": len(free) - 1})
    yield Mistake("多分裂了一次", {"free_count": len(free) + 1, "largest_free": max(free, default=0) // 2})
    yield Mistake("少分裂了一次", {"largest_free": 2 * max(free, default=0)})
    yield Mistake("取成了次大的空闲块", {"largest_free": sorted([0, 0, *free])[-2]})
    yield Mistake("数成了在用块的个数", {"free_count": len(answer.blocks)})
    yield Mistake("把空闲块与在用块一起数", {"free_count": len(answer.blocks) + len(free)})
    waste = [s - sizes[n] for n, (_, s) in answer.blocks.items()]
    yield Mistake("只计最后一个在用块", {"internal_fragmentation": waste[-1] if waste else 0})
    yield Mistake("取了在用块中最大的内部碎片", {"internal_fragmentation": max(waste, default=0)})
    every = sum(1 << (s - 1).bit_length() for s in sizes.values()) - sum(sizes.values())
    yield Mistake("把已回收的块也计入内部碎片", {"internal_fragmentation": every})
    yield Mistake("把空闲空间当作内部碎片", {"internal_fragmentation": sum(free)})
    yield Mistake("认为伙伴系统没有内部碎片", {"internal_fragmentation": 0})


def _replay(total: int, events: Sequence[Event], min_block: int, merge: bool = True) -> State:
    state = State(((0, total),), {})
    for event in events:
        if event.size and event.name not in state.blocks:
            state = _allocate(state, event, min_block)
        elif not event.size and event.name in state.blocks:
            blocks = dict(state.blocks)
            block = blocks.pop(event.name)
            loose = State(tuple(sorted([*state.free, block])), blocks)
            state = _release(state, event.name) if merge else loose
    return state


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Draw allocations of odd sizes and a release or two."""
    total = 1024
    names = "ABCDE"[: 2 + (difficulty + 1) // 2]
    events = [Event(n, rng.randint(30, 240 if i < 3 else 120)) for i, n in enumerate(names)]
    for name in rng.sample(names, 1 + difficulty // 4):
        events.append(Event(name))
    ask = rng.choice(["largest_free", "free_count", "internal_fragmentation"])
    words = {
        "largest_free": "最大空闲块的大小（KB）",
        "free_count": "空闲块的个数",
        "internal_fragmentation": "在用块的内部碎片总和（KB）",
    }
    shown = "，".join(f"{e.name} 申请 {e.size} KB" if e.size else f"回收 {e.name}" for e in events)
    stem = (
        f"某系统用伙伴系统管理 {total} KB 的内存，初始全空，依次：{shown}。"
        f"分配总取够大的空闲块中最小的一块。此时{words[ask]}是（ ）。"
    )
    return Draft(stem, {"total": total, "events": events}, ask)
