"""Multilevel feedback queue (多级反馈队列)."""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, Literal

from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Solution, Step, Table
from assistant408.solvers.os._schedule import (
    ANSWERS,
    Process,
    Run,
    averages,
    check,
    closing_steps,
    names_in_order,
    times,
)
from assistant408.solvers.os._show import joined, mean, number

__all__ = ["Process", "solve"]

Place = Literal["tail", "head"]


@dataclass(frozen=True)
class Turn:
    """One run: the queues when it was chosen, its level (from 0), and what became of it."""

    run: Run
    level: int
    queues: tuple[tuple[str, ...], ...]
    outcome: Literal["done", "preempted", "expired"]


@solver(
    "os.mlfq",
    title="多级反馈队列调度",
    summary="给出各进程的到达时刻、运行时间和各级队列的时间片，按多级反馈队列调度求执行次序、完成时刻和平均周转时间。",
    syllabus=("os.process.sched-mlfq",),
    keywords=("多级反馈队列", "多级队列", "反馈队列", "时间片", "MLFQ", "就绪队列", "抢占", "周转时间"),
    answers={**ANSWERS, "final_level": Out("完成时所在队列（从 1 起）")},
    examples=(
        {
            "processes": [
                {"name": "A", "arrival": 0, "burst": 5},
                {"name": "B", "arrival": 3, "burst": 4},
                {"name": "C", "arrival": 4, "burst": 1},
            ],
            "quanta": [1, 2, 4],
        },
    ),
)
def solve(
    processes: Annotated[list[Process], Param("进程表", "每项 名字:到达时刻:运行时间", min_len=1, max_len=50)],
    quanta: Annotated[
        list[Fraction],
        Param("各级时间片", "由高优先级到低优先级；最后一级也按时间片轮转", min=0, min_len=1, max_len=10),
    ],
    preemptive: Annotated[bool, Param("是否抢占", "新进程到达时抢占低级队列中正在运行的进程")] = True,
    preempted_to: Annotated[
        Place, Param("被抢占者的位置", "tail 回原队列队尾、重新计时间片；head 回原队列队首、用完剩余时间片")
    ] = "tail",
    last_fcfs: Annotated[bool, Param("最后一级先来先服务", "是则最后一级不用时间片")] = False,
) -> Solution:
    """Schedule processes by a multilevel feedback queue (多级反馈队列).

    Args:
        processes: 1 to 50 processes: arrival and burst in one unit of time.
        quanta: time slices of the queues from the highest priority down, 1 to 10 of them, above 0.
        preemptive: whether an arrival (which enters queue 1) interrupts a process of a lower queue.
        preempted_to: where an interrupted process goes in its own queue.
        last_fcfs: whether the last queue runs its processes to the end.

    Returns:
        As `os.cpu_scheduling`, and `final_level`: name to the 1-based queue in which it finished.

    Raises:
        InputError: repeated names, a burst or quantum of 0, more than 2000 runs.

    Examples:
        >>> jobs = [Process("A", 0, 5), Process("B", 3, 4), Process("C", 4, 1)]
        >>> solve(jobs, [1, 2, 4]).answer["order"]
        ['A', 'B', 'C', 'B', 'A', 'B']
        >>> solve([Process("A", 0, 1)], [2]).answer["final_level"]
        {'A': 1}
        >>> solve([Process("A", 0, 2), Process("B", 0, 2)], [1, 1]).answer["order"]  # a tie: order given
        ['A', 'B', 'A', 'B']

    Conventions:
        A process that uses up its slice goes to the tail of the next queue; in the last queue, to its tail. An
        arrival at the very moment a slice ends does not count as preemption.

    Source:
        汤小丹《计算机操作系统》第3章 §多级反馈队列; Silberschatz, Operating System Concepts, 10e, §5.3.6.
    """
    check(processes, quanta)
    turns = list(_turns(processes, quanta, preemptive, preempted_to, last_fcfs))
    steps = [_step(t, len(quanta)) for t in turns]
    last = {t.run.name: t.level + 1 for t in turns}
    steps.append(
        Step(
            "各进程完成时所在的队列：" + joined([f"{p.name} 在第 {last[p.name]} 级" for p in processes]) + "。",
            gives={"final_level": {p.name: last[p.name] for p in processes}},
        )
    )
    steps += closing_steps(processes, [t.run for t in turns])
    return Solution(steps, _conventions(preemptive, preempted_to, last_fcfs))


def _conventions(preemptive: bool, preempted_to: Place, last_fcfs: bool) -> list[str]:
    place = "原队列队尾，时间片重新计" if preempted_to == "tail" else "原队列队首，用完剩余的时间片"
    return [
        "新进程进入第 1 级队尾；时间片用完未完成者进入下一级队尾，最后一级回本级队尾",
        f"新进程到达时抢占低级队列的进程，被抢占者回{place}" if preemptive else "不抢占，时间片用完才重新选择",
        "最后一级先来先服务" if last_fcfs else "最后一级按时间片轮转",
    ]


def _turns(
    processes: Sequence[Process],
    quanta: Sequence[Fraction],
    preemptive: bool,
    preempted_to: Place,
    last_fcfs: bool,
) -> Iterator[Turn]:
    remaining = {p.name: Fraction(p.burst) for p in processes}
    coming = deque(sorted(processes, key=lambda p: p.arrival))
    queues: list[deque[str]] = [deque() for _ in quanta]
    slice_left: dict[str, Fraction] = {}
    now, bottom = Fraction(0), len(quanta) - 1
    while coming or any(queues):
        if not any(queues):
            now = max(now, Fraction(coming[0].arrival))
        while coming and coming[0].arrival <= now:
            queues[0].append(coming.popleft().name)
        level = next(i for i, q in enumerate(queues) if q)
        before = tuple(map(tuple, queues))
        name = queues[level].popleft()
        unlimited = last_fcfs and level == bottom
        allowed = remaining[name] if unlimited else slice_left.pop(name, Fraction(quanta[level]))
        end = now + min(allowed, remaining[name])
        preempted = preemptive and level > 0 and bool(coming) and coming[0].arrival < end
        if preempted:
            end = Fraction(coming[0].arrival)
        remaining[name] -= end - now
        outcome: Literal["done", "preempted", "expired"] = "preempted" if preempted else "expired"
        outcome = outcome if remaining[name] else "done"
        yield Turn(Run(name, now, end), level, before, outcome)
        if outcome == "preempted" and preempted_to == "head":
            slice_left[name] = allowed - (end - now)
            queues[level].appendleft(name)
        elif outcome == "preempted":
            queues[level].append(name)
        elif outcome == "expired":
            while coming and coming[0].arrival <= end:
                queues[0].append(coming.popleft().name)
            queues[min(level + 1, bottom)].append(name)
        now = end


def _step(turn: Turn, levels: int) -> Step:
    run, level = turn.run, turn.level
    after = {
        "done": "完成",
        "preempted": f"被新到达的进程抢占，回第 {level + 1} 级",
        "expired": f"时间片用完未完成，进入第 {min(level + 2, levels)} 级队尾",
    }[turn.outcome]
    why = (
        f"$t={number(run.start)}$：第 {level + 1} 级是最高的非空队列，队首 {run.name} 运行到 "
        f"{number(run.end)}，{after}。"
    )
    rows = [[f"第 {i + 1} 级", joined(q) if q else ""] for i, q in enumerate(turn.queues)]
    return Step(why, Table(["队列", "进程（队首在左）"], rows, marks=[(level, 1)]))


def mistakes(
    processes: list[Process], quanta: list[Fraction], preemptive: bool, preempted_to: Place, last_fcfs: bool
) -> Iterator[Mistake]:
    """Misconceptions: preemption or its place the wrong way, plain round robin, arrivals forgotten."""

    def runs(quanta: Sequence[Fraction], preemptive: bool, place: Place) -> list[Run]:
        return [t.run for t in _turns(processes, quanta, preemptive, place, last_fcfs)]

    def wrong(why: str, found: list[Run]) -> Mistake:
        finish = times(processes, found)
        return Mistake(
            why,
            {
                **averages(processes, found),
                "finish": {n: t.finish for n, t in finish.items()},
                "order": names_in_order(found),
            },
        )

    flipped: Place = "head" if preempted_to == "tail" else "tail"
    mine = runs(quanta, preemptive, preempted_to)
    yield wrong("抢占与否弄反", runs(quanta, not preemptive, preempted_to))
    yield wrong("被抢占的进程放错位置", runs(quanta, preemptive, flipped))
    yield wrong("只有一级队列，按第 1 级的时间片轮转", runs(quanta[:1], preemptive, preempted_to))
    yield wrong("各级时间片都取第 1 级的", runs([quanta[0]] * len(quanta), preemptive, preempted_to))
    finish = mean(t.finish for t in times(processes, mine).values())
    yield Mistake("没有减去到达时刻，把完成时刻当作周转时间", {"average_turnaround": finish})
    waiting = averages(processes, mine)["average_waiting"]
    yield Mistake("把等待时间当作周转时间", {"average_turnaround": waiting})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Draw 3 or 4 processes and two or three queues with doubling slices."""
    count, levels = 3 + difficulty // 4, 2 + difficulty // 3
    quanta = [Fraction(2**i) for i in range(levels)]
    arrivals = [0, *sorted(rng.sample(range(1, 8), count - 1))]
    rows = [Process(f"P{i + 1}", Fraction(a), Fraction(rng.randint(2, 8))) for i, a in enumerate(arrivals)]
    shown = "；".join(f"{p.name} 到达时刻 {p.arrival}、运行时间 {p.burst}" for p in rows)
    stem = (
        f"系统采用 {levels} 级反馈队列调度，第 1 至 {levels} 级的时间片依次为 {joined(quanta)}（单位 ms），"
        "最后一级也按时间片轮转；新进程到达时抢占低级队列的进程，被抢占者回原队列队尾。"
        f"现有进程：{shown}。平均周转时间是（ ）。"
    )
    return Draft(stem, {"processes": rows, "quanta": quanta}, "average_turnaround")
