"""Grouped free list (成组链接法): allocation and release of blocks, as in UNIX."""

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

__all__ = ["solve"]

Stack = tuple[int, ...]


@dataclass(frozen=True)
class State:
    """The stack of free blocks (bottom first), and the stacks stored in leader blocks on the disk."""

    stack: Stack
    stored: dict[int, Stack]
    note: str = ""
    block: int | None = None  # what an allocation gave


@solver(
    "os.grouped_free_list",
    title="成组链接法",
    summary="给出超级块中的空闲盘块号栈和磁盘上各组的内容，按成组链接法依次分配、回收盘块，求分到的盘块号和栈的变化。",
    syllabus=("os.file.group-link", "os.file.free-list"),
    keywords=("成组链接", "成组链接法", "空闲盘块号栈", "超级块", "专用块", "分配", "回收", "盘块号", "UNIX"),
    answers={
        "last_allocated": Out("最后一次分到的盘块号"),
        "allocated": Out("依次分到的盘块号"),
        "stack": Out("最后的空闲盘块号栈（栈底在前）"),
        "count": Out("栈中的空闲盘块数", "块"),
        "free_total": Out("空闲盘块总数", "块"),
        "disk_reads": Out("为取下一组读盘的次数", "次"),
        "disk_writes": Out("为存当前组写盘的次数", "次"),
    },
    examples=(
        {
            "stack": [300, 299, 298],
            "groups": [[300, 0, 303, 302]],
            "operations": [0, 0, 0, 0, 299],
            "group_size": 3,
        },
    ),
)
def solve(
    stack: Annotated[
        list[int],
        Param("空闲盘块号栈", "超级块中的盘块号，栈底（下一组的首块）在前；栈底为 0 表示没有下一组", min=0, min_len=1),
    ],
    operations: Annotated[
        list[int], Param("操作序列", "0 表示分配一块，正数表示回收该盘块", min=0, min_len=1, max_len=200)
    ],
    groups: Annotated[
        list[list[int]],
        Param("磁盘上的各组", "每行一组：首块的盘块号，然后是该块中记录的栈（栈底在前）", min=0, max_len=100),
    ] = [],  # noqa: B006
    group_size: Annotated[int, Param("每组最多的盘块数", "栈的容量", min=1, max=1000)] = 100,
) -> Solution:
    """Allocate and release blocks of a grouped free list (成组链接法).

    Args:
        stack: numbers of free blocks in the superblock, bottom first; the bottom one leads the next group, 0 if
            there is none.
        operations: 0 to allocate, a block number to release it.
        groups: for each group on the disk its leader, then the stack that the leader holds.
        group_size: capacity of the stack.

    Returns:
        `allocated` in order, `last_allocated`; `stack` afterwards and its `count` of free blocks (a bottom 0 is
        not counted); `free_total`; `disk_reads`, `disk_writes`.

    Raises:
        InputError: a stack above its capacity, a group that is missing, no free block left, a block released
            that is free already.

    Examples:
        >>> solve([300, 299, 298], [0, 0, 0, 0], [[300, 0, 303, 302]], 3).answer["allocated"]
        [298, 299, 300, 302]
        >>> solve([300, 299, 298], [297, 0], [[300, 0, 303, 302]], 3).answer["stack"]  # a full stack is stored
        [300, 299, 298]
        >>> solve([0, 5], [0]).answer["count"]
        0
        >>> solve([200, 160], [0, 0]).answer["allocated"]  # the group in 200 is not asked for any more
        [160, 200]

    Conventions:
        When the last number is taken from the stack, the stack held in that block is read first. A block released
        to a full stack becomes the leader of a new group and receives the stack.

    Source:
        Bach, The Design of the UNIX Operating System, §4.7; 汤小丹《计算机操作系统》第9章 §成组链接法.
    """
    stored = _stored(groups)
    for one in [tuple(stack), *stored.values()]:
        if len(one) > group_size:
            raise InputError(f"栈 {list(one)!r} 超过每组 {group_size} 块，请核对。")
    state = State(tuple(stack), stored)
    steps = [Step("超级块中的空闲盘块号栈如下，栈底是下一组的首块。", _table(state))]
    taken: list[int] = []
    reads = writes = 0
    for i, operation in enumerate(operations, 1):
        before = state
        last = 1 < i == len(operations)
        state = _release(state, operation, group_size) if operation else _allocate(state, last)
        reads += len(state.stored) < len(before.stored)
        writes += len(state.stored) > len(before.stored)
        if state.block is not None:
            taken.append(state.block)
        steps.append(Step(state.note, _table(state), credit="每次操作后的栈"))
    free = [b for s in (state.stack, *state.stored.values()) for b in s if b]
    steps.append(
        Step(
            f"依次分到 {joined(taken)}；栈为 {joined(state.stack, ' ')}，栈中有 {sum(map(bool, state.stack))} 个空闲块，"
            f"全部空闲块 {len(free)} 个；读下一组 {reads} 次，存当前组 {writes} 次。",
            credit="分到的盘块与最后的栈",
            gives={
                "allocated": taken,
                **({"last_allocated": taken[-1]} if taken else {}),
                "stack": list(state.stack),
                "count": sum(map(bool, state.stack)),
                "free_total": len(free),
                "disk_reads": reads,
                "disk_writes": writes,
            },
        )
    )
    return Solution(steps, ["栈底为 0 表示没有下一组", "取到栈底的块时，先把其中记录的下一组读入栈，再分配该块"])


def _stored(groups: Sequence[Sequence[int]]) -> dict[int, Stack]:
    for row in groups:
        if len(row) < 2:
            raise InputError(f"组 {list(row)!r} 不合要求：应为首块号和至少一个盘块号。")
    return {row[0]: tuple(row[1:]) for row in groups}


def _allocate(state: State, last: bool) -> State:
    *rest, block = state.stack
    if rest:
        note = f"分配：栈顶出栈，分到 {block}，栈中还有 {len(rest)} 项。"
        return State(tuple(rest), state.stored, note, block)
    if block == 0:
        raise InputError("空闲盘块已用完（栈底为 0），不能再分配；请减少分配次数。")
    if block not in state.stored and last:  # what the next group holds is of no account
        note = f"分配：{block} 是栈底，先把它记录的下一组读入栈，再分配 {block}。"
        return State((), state.stored, note, block)
    if block not in state.stored:
        raise InputError(f"缺少以 {block!r} 为首块的组的内容，请在 groups 中补上。")
    stored = dict(state.stored)
    stack = stored.pop(block)
    note = f"分配：{block} 是栈底，先把它记录的下一组（{joined(stack, ' ')}）读入栈，再分配 {block}。"
    return State(stack, stored, note, block)


def _release(state: State, block: int, group_size: int) -> State:
    if any(block in s for s in (state.stack, *state.stored.values())):
        raise InputError(f"盘块 {block!r} 已经空闲，不能再回收；请核对操作序列。")
    if len(state.stack) < group_size:
        note = f"回收 {block}：栈未满，入栈。"
        return State((*state.stack, block), state.stored, note)
    note = f"回收 {block}：栈已满（{group_size} 项），把栈的内容写入 {block}，{block} 成为新组的首块，单独入栈。"
    return State((block,), {**state.stored, block: state.stack}, note)


def _table(state: State) -> Table:
    rows = [["超级块", joined(state.stack, " ")]]
    rows += [[f"盘块 {b}", joined(s, " ")] for b, s in state.stored.items()]
    return Table(["位置", "栈（栈底在左）"], rows, [(0, 1)])


def mistakes(stack: list[int], operations: list[int], groups: list[list[int]], group_size: int) -> Iterator[Mistake]:
    """Misconceptions: a queue for the stack, the next group forgotten, the bottom skipped."""
    state = State(tuple(stack), _stored(groups))
    taken: list[int] = []
    for i, operation in enumerate(operations, 1):
        state = _release(state, operation, group_size) if operation else _allocate(state, 1 < i == len(operations))
        if state.block is not None:
            taken.append(state.block)
    depth = sum(map(bool, state.stack))
    yield Mistake("数了栈底的结束标志", {"count": depth + 1})
    yield Mistake("少数了栈底的块", {"count": depth - 1})
    releases = sum(map(bool, operations))
    yield Mistake("只做加减，没有考虑换组", {"count": len(stack) - len(operations) + 2 * releases})
    yield Mistake("把栈的容量当作块数", {"count": group_size})
    if not taken:
        return
    if state.stack:
        yield Mistake("最后一次分配多取了一块", {"last_allocated": state.stack[-1]})
    if len(taken) > 1:
        yield Mistake("最后一次分配少取了一块", {"last_allocated": taken[-2]})
    yield Mistake("从栈底开始分配", {"last_allocated": (stack * len(operations))[len(taken) - 1]})
    if state.stack:
        yield Mistake("把首块留着不分配", {"last_allocated": state.stack[max(0, len(state.stack) - 2)]})
    for row in groups:
        yield Mistake("读入下一组后取了栈底", {"last_allocated": row[1] or row[-1]})
        yield Mistake("读入下一组后按从左到右取", {"last_allocated": row[2] if len(row) > 2 else row[-1]})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Draw a stack that runs out or overflows."""
    size = 3 + difficulty // 2
    numbers = rng.sample(range(100, 400), 2 * size + 2)
    stack, second, spare = numbers[:size][: rng.randint(2, size)], numbers[size : 2 * size - 1], numbers[-2:]
    groups = [[stack[0], 0, *second]]
    operations = [0] * len(stack) + [0]
    if difficulty > 2:
        operations = [spare[0], *operations, spare[1], 0, 0]
        operations = operations[: 1 + len(stack) + rng.randint(1, 4)]
    ask = rng.choice(["last_allocated", "count"]) if operations[-1] == 0 else "count"
    did = "，".join("分配一块" if op == 0 else f"回收盘块 {op}" for op in operations)
    stem = (
        f"某系统用成组链接法管理空闲盘块，每组最多 {size} 块。超级块中的空闲盘块号栈（从栈底到栈顶）为 {joined(stack)}，"
        f"盘块 {stack[0]} 中记录的栈（从栈底到栈顶）为 {joined(groups[0][1:])}，栈底的 0 表示没有下一组。"
        f"依次执行：{did}。"
        + (
            "最后一次分到的盘块号是（ ）。"
            if ask == "last_allocated"
            else "此时栈中的空闲盘块数（不计标志 0）是（ ）。"
        )
    )
    args = {"stack": stack, "operations": operations, "groups": groups, "group_size": size}
    return Draft(stem, args, ask)
