"""Counting with semaphores (信号量取值): value, waiting processes, and the range of values."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Annotated

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Plot, Series, Solution, Step, Value
from assistant408.solvers.os._show import joined

__all__ = ["solve"]


@solver(
    "os.semaphore_count",
    title="信号量的取值与等待进程数",
    summary="给出信号量初值和执行过的 P、V 操作（次数或次序），求当前值、等待的进程数和可用资源数；"
    "或给出进程数，求信号量取值的范围。",
    syllabus=("os.sync.semaphore-value", "os.sync.semaphore"),
    keywords=(
        *("信号量", "初值", "当前值", "等待进程", "阻塞", "P操作", "V操作", "wait", "signal", "取值范围"),
        *("资源可用", "等待队列", "临界资源"),
    ),
    answers={
        "value": Out("信号量的当前值"),
        "waiting": Out("等待的进程数", "个"),
        "available": Out("可用的资源数", "个"),
        "blocked": Out("发生过阻塞的 P 操作次数", "次"),
        "lowest": Out("信号量的最小值"),
        "highest": Out("信号量的最大值"),
        "most_waiting": Out("最多等待的进程数", "个"),
        "range": Out("信号量的取值范围"),
        "initial_value": Out("信号量的初值"),
    },
    examples=({"initial": 3, "p_count": 8, "v_count": 3},),
)
def solve(
    initial: Annotated[int | None, Param("信号量初值", "即资源数；求初值时不填而给当前值", min=0, max=10**9)] = None,
    p_count: Annotated[int, Param("P 操作次数", "已执行的 P（wait）操作", min=0, max=10**9)] = 0,
    v_count: Annotated[int, Param("V 操作次数", "已执行的 V（signal）操作", min=0, max=10**9)] = 0,
    operations: Annotated[
        str, Param("操作次序", "如 PPVP，代替 P、V 的次数", max_len=1000, pattern=r"[PVpv\s,，]*")
    ] = "",
    processes: Annotated[
        int | None, Param("进程数", "各进程一次申请一个资源；求取值范围时给出", min=1, max=10**9)
    ] = None,
    current: Annotated[int | None, Param("当前值", "由当前值反推初值时给出", min=-(10**9), max=10**9)] = None,
) -> Solution:
    """Follow the value of a semaphore (信号量的取值).

    Args:
        initial: initial value, at least 0; leave out to find it from `current`.
        p_count, v_count: numbers of P and V operations done.
        operations: their order, such as ``PPVP``, instead of the numbers.
        processes: number of processes that each hold at most one instance, for the range of values.
        current: the value now, to find the initial one.

    Returns:
        `value` (initial - P + V), `waiting` (max(0, -value)), `available` (max(0, value)); for `operations` also
        `blocked`; for `processes` `lowest`, `highest`, `range` (both), `most_waiting`; `initial_value` if it was asked.

    Raises:
        InputError: both or neither of `initial` and `current`, or an initial value that comes out negative.

    Examples:
        >>> solve(3, 8, 3).answer
        {'value': -2, 'waiting': 2, 'available': 0}
        >>> solve(1, processes=5).answer["lowest"]
        -4
        >>> solve(0).answer["value"]
        0
        >>> solve(1, operations="PPV").answer["blocked"]
        1

    Conventions:
        A record semaphore: P subtracts 1 first and blocks if the value is then negative; V adds 1 and wakes one
        if the value is then at most 0.

    Source:
        汤小丹《计算机操作系统》第2章 §信号量机制（记录型信号量）.
    """
    ordered = [c for c in operations.upper() if c in "PV"]
    p, v = (ordered.count("P"), ordered.count("V")) if ordered else (p_count, v_count)
    if (initial is None) == (current is None):
        raise InputError("信号量初值 initial 与当前值 current 应给出其中一个，请补上或删去一个。")
    steps: list[Step] = []
    if initial is None:
        assert current is not None
        initial = current + p - v
        if initial < 0:
            raise InputError(f"由当前值 {current!r} 反推的初值 {initial} 小于 0，请核对 P、V 的次数。")
        why = f"初值 = 当前值 + P 次数 − V 次数 $={current}+{p}-{v}={initial}$。"
        steps.append(Step(why, credit="反推初值", gives={"initial_value": initial}))
    value = initial - p + v
    picture = _picture(initial, ordered or ["P"] * min(p, 50) + ["V"] * min(v, 50))
    steps.append(
        Step(
            f"每次 P 减 1，每次 V 加 1，当前值 $={initial}-{p}+{v}={value}$。",
            picture if max(p, v) <= 50 or ordered else _picture(initial, []),
            credit="P 减 1、V 加 1",
            gives={"value": value},
        )
    )
    meaning = (
        f"值为负，绝对值 {-value} 就是等待的进程数，没有可用资源"
        if value < 0
        else f"值不为负，没有进程等待，可用资源数就是 {value}"
    )
    waits: dict[str, Value] = {"waiting": max(0, -value), "available": max(0, value)}
    steps.append(Step(f"{meaning}。", credit="信号量取值的含义", gives=waits))
    if ordered:
        steps.append(_blocked(initial, ordered))
    if processes is not None:
        steps.append(_range(initial, processes))
    return Solution(steps, ["记录型信号量：P 先减 1，小于 0 则阻塞；V 先加 1，不大于 0 则唤醒一个"])


def _blocked(initial: int, operations: list[str]) -> Step:
    value, blocked = initial, 0
    for op in operations:
        value += 1 if op == "V" else -1
        blocked += op == "P" and value < 0
    return Step(f"P 后值为负的共 {blocked} 次，即有 {blocked} 次阻塞。", gives={"blocked": blocked})


def _range(initial: int, n: int) -> Step:
    low = initial - n
    return Step(
        f"{n} 个进程都执行 P 而没有 V 时最小，为 ${initial}-{n}={low}$；没有进程占用时最大，为 {initial}；"
        f"最多 {max(0, -low)} 个进程等待。",
        credit="取值范围",
        gives={"lowest": low, "highest": initial, "range": [low, initial], "most_waiting": max(0, -low)},
    )


def _picture(initial: int, operations: list[str]) -> Plot:
    points = [(0, initial)]
    for i, op in enumerate(operations, 1):
        points.append((i, points[-1][1] + (1 if op == "V" else -1)))
    return Plot([Series("信号量的值", points)], x="操作次序", y="值")


def mistakes(
    initial: int | None,
    p_count: int,
    v_count: int,
    operations: str,
    processes: int | None,
    current: int | None,
) -> Iterator[Mistake]:
    """Misconceptions: signs, the initial value forgotten, waiting confused with the value."""
    text = operations.upper()
    p, v = (text.count("P"), text.count("V")) if text.strip() else (p_count, v_count)
    start = initial if initial is not None else (current or 0) + p - v
    value = start - p + v
    yield Mistake("P、V 的加减弄反", {"value": start + p - v, "waiting": max(0, -(start + p - v))})
    yield Mistake("漏了初值", {"value": v - p, "waiting": p - v})
    yield Mistake("把值当作等待进程数", {"waiting": abs(value) + 1})
    yield Mistake("没有考虑 V 操作", {"value": start - p, "waiting": max(0, p - start)})
    yield Mistake("信号量不会小于 0", {"value": max(0, value)})
    yield Mistake("只用 P 的次数", {"waiting": p, "value": -p})
    yield Mistake("多算了正在使用资源的进程", {"waiting": max(0, -value) + start})
    if processes is not None:
        yield Mistake("认为最小值是 0", {"lowest": 0})
        yield Mistake("漏了初值", {"lowest": -processes, "most_waiting": processes})
        yield Mistake("多减了 1", {"lowest": start - processes - 1})
        yield Mistake("少减了 1", {"lowest": start - processes + 1, "most_waiting": processes - 1 - start})
    if current is not None:
        yield Mistake("P、V 的加减弄反", {"initial_value": current - p + v})
        yield Mistake("把当前值当作初值", {"initial_value": current})
        yield Mistake("没有考虑 V 操作", {"initial_value": current + p})
        yield Mistake("漏了一次操作", {"initial_value": start + 1})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Draw counts of operations, or the range of values."""
    initial = rng.randint(1, 3 + difficulty)
    if difficulty < 3 or rng.random() < 0.4:
        v = rng.randint(1, 4 + difficulty)
        p = initial + v + rng.randint(1, 5)
        stem = (
            f"信号量 S 的初值为 {initial}，执行了 {p} 次 P(S) 操作和 {v} 次 V(S) 操作后，等待在 S 上的进程数是（ ）。"
        )
        return Draft(stem, {"initial": initial, "p_count": p, "v_count": v}, "waiting")
    if rng.random() < 0.5:
        n = initial + rng.randint(2, 9)
        stem = f"{n} 个进程共享某类资源 {initial} 个，每个进程一次申请一个，用信号量 S 控制，S 的最小值是（ ）。"
        return Draft(stem, {"initial": initial, "processes": n}, "lowest")
    order = [rng.choice("PV") for _ in range(6 + difficulty)]
    stem = f"信号量 S 的初值为 {initial}，各进程对 S 依次执行 {joined(order)} 操作后，S 的值是（ ）。"
    return Draft(stem, {"initial": initial, "operations": "".join(order)}, "value")
