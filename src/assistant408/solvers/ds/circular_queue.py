"""Circular queues (循环队列): pointers, length, and the conditions for empty and full."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Annotated, Literal

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Cell, Solution, Step, Table
from assistant408.solvers.ds._answers import integer

__all__ = ["solve"]

Layout = Literal["rear_after", "front_before", "both_on"]
Full = Literal["one_free", "counter", "tag"]

LAYOUTS = {
    "rear_after": "front 指向队头元素，rear 指向队尾元素的后一位置",
    "front_before": "front 指向队头元素的前一位置，rear 指向队尾元素",
    "both_on": "front 指向队头元素，rear 指向队尾元素",
}


@solver(
    "ds.circular_queue",
    title="循环队列",
    summary="给出循环队列的数组大小、front、rear 和入队出队操作，求队列长度、操作后的指针、队空和队满条件。",
    syllabus=("ds.stack-queue.circular-queue",),
    keywords=("循环队列", "队空", "队满", "front", "rear", "队头指针", "队尾指针", "入队", "出队", "取模"),
    answers={
        "length": Out("队列长度", "个"),
        "front": Out("操作后的 front"),
        "rear": Out("操作后的 rear"),
        "usable": Out("最多容纳的元素数", "个"),
        "empty_condition": Out("队空条件"),
        "full_condition": Out("队满条件"),
        "initial_front": Out("首个元素存入 A[0] 时 front 的初值"),
        "initial_rear": Out("首个元素存入 A[0] 时 rear 的初值"),
    },
    examples=(
        {"size": 21, "front": 15, "rear": 6},
        {"size": 6, "front": 3, "rear": 0, "operations": [-1, 2]},
        {"size": 10, "front": 0, "rear": 9, "layout": "both_on", "operations": [1]},
    ),
)
def solve(
    size: Annotated[int, Param("数组大小", "数组的单元数，下标从 0 到 size-1", min=2, max=1_000_000)],
    front: Annotated[int, Param("队头指针 front", "当前值，0 到 size-1", min=0)],
    rear: Annotated[int, Param("队尾指针 rear", "当前值，0 到 size-1", min=0)],
    layout: Annotated[
        Layout,
        Param("指针含义", "rear_after：rear 在队尾之后；front_before：front 在队头之前；both_on：都在元素上"),
    ] = "rear_after",
    full: Annotated[Full, Param("区分空满的方法", "one_free：牺牲一个单元；counter：计数；tag：标志位")] = "one_free",
    operations: Annotated[
        list[int], Param("后续操作", "正数 k 表示入队 k 个，负数 -k 表示出队 k 个，依次执行", max_len=50)
    ] = [],  # noqa: B006
    initially_full: Annotated[bool, Param("指针位置两可时是否队满", "仅用于 counter 和 tag")] = False,
) -> Solution:
    """Find length and pointers of a circular queue (循环队列).

    Args:
        size: number of cells M of the array A[0..M-1], 2 to 10^6.
        front, rear: the pointers now, 0-based, below `size`.
        layout: what the pointers stand on.
        full: how an empty queue is told from a full one.
        operations: enqueue k (k > 0) or dequeue k (k < 0), in order.
        initially_full: whether pointers that allow both 0 and M elements mean M; ignored for `one_free`.

    Returns:
        `length` after the operations, `front`, `rear`, `usable` cells, the two conditions in C, and the
        initial pointers that put the first element into A[0].

    Raises:
        InputError: a pointer outside the array, an overflow or an underflow.

    Examples:
        >>> solve(21, 15, 6).answer["length"]
        12
        >>> solve(6, 3, 0, operations=[-1, 2]).answer["rear"], solve(6, 3, 3).answer["length"]
        (2, 0)
        >>> solve(5, 2, 2, full="tag", initially_full=True).answer["length"]
        5

    Conventions:
        One cell is left free unless `full` says otherwise; pointers move upwards modulo M.

    Source:
        严蔚敏《数据结构（C 语言版）》§3.4.3; 408 真题 2011 与 2014 的两种指针约定.
    """
    for name, value in (("front", front), ("rear", rear)):
        if value >= size:
            raise InputError(f"{name} 的值 {value!r} 超出数组下标 0～{size - 1}，请检查。")
    gap = 1 if layout == "both_on" else 0
    usable = size - 1 if full == "one_free" else size
    length = (rear - front + gap) % size
    formula = f"({rear}-{front}{'+1' if gap else ''}+{size})\\bmod {size}={length}"
    if length == 0 and initially_full and full != "one_free":
        length = size
    steps = [
        Step(
            f"{LAYOUTS[layout]}，当前元素数为 ${formula}$"
            + (f"；题设此时队满，实为 {size} 个。" if length == size else "。"),
            credit="写出长度公式并代入",
            gives={"length": length, "front": front, "rear": rear},
        ),
        Step(
            f"数组有 {size} 个单元，{_usable_reason(full)}，最多容纳 {usable} 个元素。",
            gives={"usable": usable},
        ),
    ]
    rows: list[list[Cell]] = [["初始", front, rear, length]]
    for count in operations:
        front, rear, length = _apply(count, front, rear, length, size, usable)
        name = f"入队 {count} 个" if count > 0 else f"出队 {-count} 个"
        pointer = f"rear 前进 {count} 格到 {rear}" if count > 0 else f"front 前进 {-count} 格到 {front}"
        rows.append([name, front, rear, length])
        steps.append(
            Step(
                f"{name}：{pointer}（对 {size} 取模），长度变为 {length}。",
                credit="指针加 1 后对数组大小取模",
                gives={"length": length, "front": front, "rear": rear},
            )
        )
    empty, filled = _conditions(layout, full)
    first_front = size - 1 if layout == "front_before" else 0
    first_rear = 0 if layout == "rear_after" else size - 1
    steps.append(
        Step(
            f"队空条件：`{empty}`；队满条件：`{filled}`。首个元素要存入 A[0]，"
            f"则初始 front={first_front}，rear={first_rear}。",
            Table(["操作", "front", "rear", "长度"], rows, marks=[(len(rows) - 1, 3)]),
            credit="队空与队满条件",
            gives={
                "empty_condition": empty,
                "full_condition": filled,
                "initial_front": first_front,
                "initial_rear": first_rear,
            },
        )
    )
    return Solution(steps, [LAYOUTS[layout], _usable_reason(full)])


def _usable_reason(full: str) -> str:
    return {
        "one_free": "牺牲一个单元来区分队空与队满",
        "counter": "用计数器区分队空与队满",
        "tag": "用标志 tag 区分队空与队满",
    }[full]


def _apply(count: int, front: int, rear: int, length: int, size: int, usable: int) -> tuple[int, int, int]:
    """Enqueue (count > 0) or dequeue (count < 0) that many elements."""
    if length + count > usable:
        raise InputError(f"操作 {count!r} 使元素数达到 {length + count}，超过上限 {usable}，请减少入队个数。")
    if length + count < 0:
        raise InputError(f"操作 {count!r} 时队中只有 {length} 个元素，不够出队，请减少出队个数。")
    if count > 0:
        return front, (rear + count) % size, length + count
    return (front - count) % size, rear, length + count


def _conditions(layout: str, full: str) -> tuple[str, str]:
    """Return the C conditions for empty and full."""
    if full == "counter":
        return "count==0", "count==M"
    meet = "(rear+1)%M==front" if layout == "both_on" else "front==rear"
    if full == "tag":
        return f"{meet} && tag==0", f"{meet} && tag==1"
    return meet, "(rear+2)%M==front" if layout == "both_on" else "(rear+1)%M==front"


def mistakes(
    size: int, front: int, rear: int, layout: str, full: str, operations: list[int], initially_full: bool
) -> Iterator[Mistake]:
    """Yield slips of the modulus, of the pointer convention and of the free cell."""
    out = solve(size, front, rear, layout, full, operations, initially_full).answer
    length, end, start = integer(out["length"]), integer(out["rear"]), integer(out["front"])
    other = (end - start) % size if layout == "both_on" else (end - start + 1) % size
    yield Mistake("直接用 rear-front，没有加数组大小再取模", {"length": end - start})
    yield Mistake("弄错指针约定，长度差了 1", {"length": other})
    yield Mistake("把 front 与 rear 颠倒，求成了空闲单元数", {"length": size - length})
    yield Mistake("空闲单元数又减去牺牲的一个", {"length": max(size - length - 1, 0)})
    pushed = sum(k for k in operations if k > 0)
    popped = -sum(k for k in operations if k < 0)
    yield Mistake(
        "入队时移动了 front，出队时移动了 rear",
        {
            "front": (front + pushed) % size,
            "rear": (rear + popped) % size,
        },
    )
    yield Mistake("指针移动后没有取模", {"front": front + popped, "rear": rear + pushed})
    yield Mistake("指针多移动了一格", {"front": (start + 1) % size, "rear": (end + 1) % size})
    yield Mistake("忘了区分空满所占的单元", {"usable": size if full == "one_free" else size - 1})
    for name, wrong_layout in (
        ("rear_after", "both_on"),
        ("both_on", "rear_after"),
        ("front_before", "both_on"),
    ):
        if name == layout:
            empty, filled = _conditions(wrong_layout, full)
            yield Mistake("套用了另一种指针约定的条件", {"empty_condition": empty, "full_condition": filled})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Draw a length question (easy) or one with operations and an unusual convention (hard)."""
    size = rng.randint(6, 10) if difficulty < 3 else rng.randint(20, 60)
    layout: Layout = "rear_after" if difficulty < 3 else rng.choice(["front_before", "both_on"])
    front = rng.randrange(size // 2, size)
    length = rng.randint(2, size - 3)
    rear = (front + length - (1 if layout == "both_on" else 0)) % size
    args: dict[str, object] = {"size": size, "front": front, "rear": rear, "layout": layout}
    stem = (
        f"循环队列存储在数组 A[0..{size - 1}] 中，{LAYOUTS[layout]}，用牺牲一个单元的方法区分队空与队满。"
        f"当前 front={front}，rear={rear}"
    )
    if rng.random() < 0.5:
        return Draft(stem + "，则队列中的元素个数是（ ）。", args, "length")
    popped = rng.randint(1, length - 1)
    pushed = rng.randint(1, size - 1 - (length - popped))
    args["operations"] = [-popped, pushed]
    ask = rng.choice(["front", "rear", "length"])
    name = {"front": "front 的值", "rear": "rear 的值", "length": "队列中的元素个数"}[ask]
    return Draft(f"{stem}。再依次出队 {popped} 个、入队 {pushed} 个元素后，{name}是（ ）。", args, ask)
