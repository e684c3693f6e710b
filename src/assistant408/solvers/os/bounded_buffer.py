"""Values of the semaphores of a bounded buffer (生产者—消费者的信号量取值)."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Annotated

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Solution, Step, Table

__all__ = ["solve"]


@solver(
    "os.bounded_buffer",
    title="生产者—消费者的信号量取值",
    summary="缓冲池有 n 个缓冲区，求 empty、full、mutex 的初值；给出已放入、取走的产品数，求 empty、full 的当前值。",
    syllabus=("os.sync.producer-consumer", "os.sync.semaphore-value"),
    keywords=("生产者", "消费者", "缓冲区", "缓冲池", "empty", "full", "mutex", "初值", "空缓冲区", "产品"),
    answers={
        "initial": Out("empty、full、mutex 的初值"),
        "empty": Out("empty 的当前值"),
        "full": Out("full 的当前值"),
        "most": Out("还可连续放入的产品数", "件"),
    },
    examples=({"capacity": 5, "produced": 9, "consumed": 6},),
)
def solve(
    capacity: Annotated[int, Param("缓冲区数", min=1, max=10**9)],
    produced: Annotated[int, Param("已放入的产品数", min=0, max=10**9)] = 0,
    consumed: Annotated[int, Param("已取走的产品数", min=0, max=10**9)] = 0,
) -> Solution:
    """Give the semaphores of a bounded buffer (生产者—消费者).

    Args:
        capacity: places in the buffer.
        produced: items put in so far.
        consumed: items taken out so far.

    Returns:
        `initial` (empty, full, mutex), the present `empty` and `full`, and `most`, what still fits.

    Raises:
        InputError: more taken than put in, or more in the buffer than fits.

    Examples:
        >>> solve(5, 9, 6).answer["empty"]
        2
        >>> solve(1).answer["initial"]
        [1, 0, 1]

    Conventions:
        Nobody is in the middle of an operation or waits; empty counts free places, full counts items.

    Source:
        汤小丹《计算机操作系统》第2章 §生产者—消费者问题.
    """
    inside = produced - consumed
    if not 0 <= inside <= capacity:
        raise InputError(f"放入 {produced} 件、取走 {consumed} 件后缓冲区中有 {inside} 件，应在 0 到 {capacity} 之间。")
    return Solution(
        [
            Step(
                f"empty 表示空缓冲区数，初值 {capacity}；full 表示产品数，初值 0；mutex 用于互斥，初值 1。",
                credit="三个信号量的初值",
                gives={"initial": [capacity, 0, 1]},
            ),
            Step(
                f"缓冲区中有 ${produced}-{consumed}={inside}$ 件，full 为 {inside}，"
                f"empty $={capacity}-{inside}={capacity - inside}$。",
                Table(["信号量", "初值", "当前值"], [["empty", capacity, capacity - inside], ["full", 0, inside]]),
                credit="由放入、取走的件数求当前值",
                gives={"empty": capacity - inside, "full": inside, "most": capacity - inside},
            ),
        ],
        ["没有进程正在放入、取出或等待"],
    )


def mistakes(capacity: int, produced: int, consumed: int) -> Iterator[Mistake]:
    """Misconceptions: empty and full swapped, the other direction."""
    inside = produced - consumed
    yield Mistake("把 empty 与 full 弄反", {"empty": inside, "full": capacity - inside, "initial": [0, capacity, 1]})
    yield Mistake("P、V 的加减弄反", {"empty": capacity + inside})
    yield Mistake("只看放入的件数", {"empty": capacity - produced, "full": produced})
    yield Mistake("只看取走的件数", {"empty": capacity - consumed, "full": consumed})
    yield Mistake("mutex 的初值写成 0", {"initial": [capacity, 0, 0]})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Draw a buffer that was used for a while."""
    capacity = rng.randint(4, 6 + 4 * difficulty)
    inside = rng.randint(1, capacity - 1)
    consumed = rng.randint(2, 20)
    stem = (
        f"缓冲池有 {capacity} 个缓冲区，生产者已放入 {consumed + inside} 件产品，消费者已取走 {consumed} 件，"
        "此时信号量 empty 的值为（ ）。"
    )
    args = {"capacity": capacity, "produced": consumed + inside, "consumed": consumed}
    return Draft(stem, args, "empty")
