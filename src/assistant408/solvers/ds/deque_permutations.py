"""Restricted deques (受限的双端队列): which output orders they allow."""

from __future__ import annotations

import random
from collections.abc import Iterator
from math import comb, factorial
from typing import Annotated, Literal

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Cell, Solution, Step, Table, Value
from assistant408.solvers.ds._answers import integer
from assistant408.solvers.ds._text import distinct, join, letters

__all__ = ["solve"]

Kind = Literal["one_exit", "one_entrance", "both"]
NAMES = {"one_exit": "输出受限的双端队列", "one_entrance": "输入受限的双端队列", "both": "双端队列"}


@solver(
    "ds.deque_permutations",
    title="双端队列的输出序列",
    summary="给出依次进入双端队列（输入受限或输出受限）的元素，判断某输出序列是否可能，并求可能的输出序列个数。",
    syllabus=("ds.stack-queue.deque",),
    keywords=("双端队列", "输入受限", "输出受限", "输出序列", "不可能得到", "两端入队", "一端出队"),
    answers={
        "count": Out("可能的输出序列数", "种"),
        "valid": Out("所给输出序列是否可能"),
        "operations": Out("操作序列"),
    },
    examples=(
        {"pushes": ["a", "b", "c", "d", "e"], "kind": "one_exit", "pops": ["b", "a", "c", "d", "e"]},
        {"pushes": ["1", "2", "3", "4"], "kind": "one_entrance", "pops": ["4", "2", "1", "3"]},
    ),
)
def solve(
    pushes: Annotated[list[str], Param("入队序列", "依次入队的元素，两两不同；单字符可连写", min_len=1, max_len=8)],
    kind: Annotated[
        Kind, Param("种类", "one_exit 输出受限（两端入、一端出），one_entrance 输入受限（一端入、两端出），both 不受限")
    ] = "one_exit",
    pops: Annotated[list[str], Param("待判定的输出序列", "不判定则留空", max_len=8)] = [],  # noqa: B006
) -> Solution:
    """Decide and count the output orders of a restricted deque (受限的双端队列).

    Args:
        pushes: up to 8 distinct elements in the order of entry.
        kind: exits at the left end only, entrances at the right end only, or both ends for both.
        pops: the output order to decide.

    Returns:
        `count`; with `pops` also `valid`, and `operations` if it is possible.

    Raises:
        InputError: repeated elements, or `pops` not made of them.

    Examples:
        >>> solve(["abcde"], "one_exit", ["dbcae"]).answer["valid"]
        False
        >>> solve(["1234"], "one_entrance").answer["count"]
        22
        >>> solve(["a"]).answer["count"]
        1

    Conventions:
        Entering and leaving may interleave. A one-exit deque is left at its left end; a one-entrance deque is entered
        at its right end.

    Source:
        Knuth, TAOCP vol. 1, §2.2.1; 408 真题 2010.
    """
    pushes, pops = letters(pushes), letters(pops)
    if len(pushes) > 8:
        raise InputError(f"元素有 {len(pushes)!r} 个，最多 8 个，请缩小规模。")
    distinct(pushes, "入队序列")
    if pops and sorted(pops) != sorted(pushes):
        raise InputError(f"输出序列 {join(pops)!r} 应是入队序列的一个排列，请检查。")
    reached = _outputs(tuple(pushes), kind)
    steps = []
    if pops:
        steps.append(_judged(pops, reached, kind))
    n = len(pushes)
    firsts: list[list[Cell]] = [[x, sum(out[0] == x for out in reached)] for x in pushes]
    why = f"逐步分“入队”“出队”的各种情况，{n} 个元素的{NAMES[kind]}共有 {len(reached)} 种输出序列。"
    steps.append(Step(why, Table(["首个输出", "输出序列数"], firsts), "分情况计数", {"count": len(reached)}))
    return Solution(steps, ["入队与出队可以交替进行"])


def _outputs(pushes: tuple[str, ...], kind: str) -> dict[tuple[str, ...], list[str]]:
    """Return every output order with operations that give it."""
    start: tuple[tuple[str, ...], tuple[str, ...], int] = ((), (), 0)
    states: dict[tuple[tuple[str, ...], tuple[str, ...], int], list[str]] = {start: []}
    for _ in range(2 * len(pushes)):
        after: dict[tuple[tuple[str, ...], tuple[str, ...], int], list[str]] = {}
        for (queue, out, entered), operations in states.items():
            if entered < len(pushes):
                x = pushes[entered]
                after.setdefault(((*queue, x), out, entered + 1), [*operations, f"{x} 右入"])
                if kind != "one_entrance":
                    after.setdefault(((x, *queue), out, entered + 1), [*operations, f"{x} 左入"])
            if queue:
                after.setdefault((queue[1:], (*out, queue[0]), entered), [*operations, f"{queue[0]} 左出"])
                if kind != "one_exit":
                    after.setdefault((queue[:-1], (*out, queue[-1]), entered), [*operations, f"{queue[-1]} 右出"])
        states = after
    return {out: operations for (_, out, _), operations in states.items()}


def _judged(pops: list[str], reached: dict[tuple[str, ...], list[str]], kind: str) -> Step:
    operations = reached.get(tuple(pops))
    gives: dict[str, Value] = {"valid": operations is not None}
    if operations is None:
        why = f"各种操作都得不到 {join(pops, '')}，它不是{NAMES[kind]}的输出序列。"
        return Step(why, credit="判定", gives=gives)
    gives["operations"] = operations
    return Step(f"依次 {join(operations)}，可以得到 {join(pops, '')}。", credit="写出操作过程", gives=gives)


def mistakes(pushes: list[str], kind: str, pops: list[str]) -> Iterator[Mistake]:
    """Yield counts of a stack, of an unrestricted deque and of the other restriction."""
    answer = solve(pushes, kind, pops).answer
    n = len(letters(pushes))
    count = integer(answer["count"])
    yield Mistake("当作栈来计数", {"count": comb(2 * n, n) // (n + 1)})
    yield Mistake("以为任何排列都能得到", {"count": factorial(n)})
    yield Mistake("当作普通队列", {"count": 1})
    yield Mistake("只数了全部入队再出队的情形", {"count": 2 ** (n - 1)})
    yield Mistake("漏了一种情形", {"count": count - 1})
    if pops:
        yield Mistake("输入受限与输出受限混淆，或只试了一种操作", {"valid": not answer["valid"]})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Ask for the number of output orders."""
    n = 3 + (difficulty + 1) // 2
    kind: Kind = rng.choice(["one_exit", "one_entrance"])
    pushes = list(rng.choice(["abcdef", "123456", "PQRSTU"])[:n])
    stem = f"元素 {join(pushes, '、')} 依次进入{NAMES[kind]}，入队与出队可以交替进行，则不同的输出序列的个数是（ ）。"
    return Draft(stem, {"pushes": pushes, "kind": kind}, "count")
