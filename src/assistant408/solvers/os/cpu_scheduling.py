"""CPU scheduling (处理机调度): FCFS, SJF, SRTF, HRRN, priority and round robin."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, Literal

from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, solver
from assistant408.core.trace import Solution, Step, Table
from assistant408.solvers.os._schedule import ANSWERS, Process, Run, averages, check, closing_steps
from assistant408.solvers.os._show import mean, number, tidy

__all__ = ["Process", "schedule", "solve"]

Policy = Literal["FCFS", "SJF", "SRTF", "HRRN", "PRIORITY", "PRIORITY_PREEMPTIVE", "RR"]
PriorityOrder = Literal["small_first", "large_first"]
Tie = Literal["new_first", "preempted_first"]

RULE = {
    "FCFS": "先来先服务，选最早到达者",
    "SJF": "短作业优先，选运行时间最短者",
    "SRTF": "最短剩余时间优先，选剩余时间最短者",
    "HRRN": "高响应比优先，响应比 =（等待时间 + 运行时间）÷ 运行时间，选最大者",
    "PRIORITY": "非抢占优先级，选优先级最高者",
    "PRIORITY_PREEMPTIVE": "抢占优先级，选优先级最高者",
    "RR": "时间片轮转，选队首",
}


@dataclass(frozen=True)
class Decision:
    """One choice: when, among whom (in queue order), with what remaining times, and the run that follows."""

    time: Fraction
    ready: tuple[str, ...]
    remaining: dict[str, Fraction]
    run: Run


@solver(
    "os.cpu_scheduling",
    title="处理机调度",
    summary="给出各进程（作业）的到达时刻、运行时间和优先数，"
    "按 FCFS、SJF、SRTF、HRRN、优先级或时间片轮转调度，"
    "求执行次序、平均周转时间、带权周转时间、等待时间和响应时间。",
    syllabus=(
        "os.process.sched-fcfs-sjf",
        "os.process.sched-hrrn",
        "os.process.sched-priority",
        "os.process.sched-rr",
        "os.process.sched-criteria",
    ),
    keywords=(
        *("处理机调度", "进程调度", "作业调度", "周转时间", "带权周转时间", "等待时间", "响应比", "优先数"),
        *("先来先服务", "短作业优先", "最短剩余时间", "高响应比优先", "优先级", "时间片轮转", "甘特图"),
        *("FCFS", "SJF", "SRTF", "HRRN", "RR", "抢占"),
    ),
    answers=ANSWERS,
    examples=(
        {
            "processes": [
                {"name": "P1", "arrival": 0, "burst": 7},
                {"name": "P2", "arrival": 2, "burst": 4},
                {"name": "P3", "arrival": 4, "burst": 1},
                {"name": "P4", "arrival": 5, "burst": 4},
            ],
            "policy": "SRTF",
        },
    ),
)
def solve(
    processes: Annotated[list[Process], Param("进程表", "每项 名字:到达时刻:运行时间:优先数", min_len=1, max_len=50)],
    policy: Annotated[
        Policy, Param("调度算法", "PRIORITY 非抢占，PRIORITY_PREEMPTIVE 抢占；SRTF 是抢占的 SJF")
    ] = "FCFS",
    quantum: Annotated[Fraction, Param("时间片", "只有 RR 使用，大于 0", min=0)] = Fraction(1),
    priority_order: Annotated[
        PriorityOrder, Param("优先数的方向", "small_first 优先数小者优先，large_first 优先数大者优先")
    ] = "small_first",
    rr_tie: Annotated[
        Tie,
        Param("同时入队次序", "进程到达时恰有进程用完时间片：new_first 新到者先入队，preempted_first 后入队"),
    ] = "new_first",
    start: Annotated[Fraction, Param("开始调度的时刻", "此前到达的进程都已就绪", min=0)] = Fraction(0),
    switch_time: Annotated[Fraction, Param("切换开销", "每次换进程上 CPU 前所花时间", min=0)] = Fraction(0),
) -> Solution:
    """Schedule processes on one CPU (处理机调度).

    Args:
        processes: 1 to 50 processes: arrival and burst in one unit of time, priority number.
        policy: the scheduling algorithm.
        quantum: time slice of RR, above 0.
        priority_order: whether a small or a large priority number is served first.
        rr_tie: who enters the queue first when one arrives just as another's slice ends.
        start: time at which scheduling begins.
        switch_time: overhead before each dispatch of a process other than the last one that ran.

    Returns:
        The averages `average_turnaround`, `average_weighted`, `average_waiting`, `average_response`; the
        `order` of runs; `finish`, `turnaround`, `weighted`, `waiting`, `response` by name; `makespan`.

    Raises:
        InputError: repeated names, a burst or quantum of 0, a quantum that gives more than 2000 runs.

    Examples:
        >>> jobs = [Process("A", 0, 3), Process("B", 1, 5), Process("C", 2, 2)]
        >>> solve(jobs, "SJF").answer["order"]
        ['A', 'C', 'B']
        >>> solve(jobs, "RR", Fraction(2)).answer["order"]
        ['A', 'B', 'C', 'A', 'B']
        >>> solve([Process("A", 3, 1)]).answer["average_turnaround"]
        1
        >>> solve([Process("A", 0, 2), Process("B", 0, 2)], "SJF").answer["order"]  # a tie goes by position
        ['A', 'B']

    Conventions:
        Ties go to the running process, then the earlier arrival, then the order given. Waiting time is turnaround
        less burst; response time is first run less arrival.

    Source:
        汤小丹《计算机操作系统》第3章; Silberschatz, Operating System Concepts, 10e, §5.3.
    """
    check(processes, [quantum] if policy == "RR" else [])
    decisions = schedule(
        processes, policy, quantum, priority_order=priority_order, rr_tie=rr_tie, start=start, switch=switch_time
    )
    steps = [_step(d, processes, policy) for d in decisions]
    steps += closing_steps(processes, [d.run for d in decisions])
    conventions = ["条件相同时，正在运行者优先，其次先到达者，再次按给出的次序"]
    if policy.startswith("PRIORITY"):
        conventions.append(f"优先数{'小' if priority_order == 'small_first' else '大'}者优先级高")
    if policy == "RR":
        first = "新到达的进程先入队" if rr_tie == "new_first" else "用完时间片的进程先入队"
        conventions.append(f"进程到达与时间片用完同时发生时，{first}")
    if switch_time:
        conventions.append("换进程上 CPU（包括第一次）前都要花切换开销")
    return Solution(steps, conventions)


def schedule(
    processes: Sequence[Process],
    policy: Policy,
    quantum: Fraction = Fraction(1),
    *,
    priority_order: PriorityOrder = "small_first",
    rr_tie: Tie = "new_first",
    start: Fraction = Fraction(0),
    switch: Fraction = Fraction(0),
) -> list[Decision]:
    """List the decisions of a scheduler, in order of time."""
    if policy == "RR":
        return list(_round_robin(processes, quantum, rr_tie, start, switch))
    return _merged(_by_rank(processes, policy, priority_order, start, switch))


def _by_rank(
    processes: Sequence[Process], policy: Policy, order: PriorityOrder, now: Fraction, switch: Fraction
) -> Iterator[Decision]:
    """At each choice the process of the least rank runs: to its end, or to the next arrival if preemptive."""
    preemptive = policy in ("SRTF", "PRIORITY_PREEMPTIVE")
    remaining = {p.name: Fraction(p.burst) for p in processes}
    last = ""
    while any(remaining.values()):
        ready = [p for p in processes if p.arrival <= now and remaining[p.name]]
        if not ready:
            now = Fraction(min(p.arrival for p in processes if remaining[p.name]))
            continue
        ranks = {p.name: _rank(p, policy, order, now, remaining[p.name]) for p in ready}
        best = min(ready, key=lambda p: (ranks[p.name], p.name != last, p.arrival))
        begin = now if best.name == last else now + switch
        end = begin + remaining[best.name]
        if preemptive:
            end = min([end, *(Fraction(p.arrival) for p in processes if begin < p.arrival)])
        yield Decision(now, tuple(p.name for p in ready), dict(remaining), Run(best.name, begin, end))
        remaining[best.name] -= end - begin
        now, last = end, best.name


def _rank(p: Process, policy: Policy, order: PriorityOrder, now: Fraction, remaining: Fraction) -> Fraction:
    if policy == "FCFS":
        return Fraction(p.arrival)
    if policy in ("SJF", "SRTF"):
        return remaining
    if policy == "HRRN":
        return -_ratio(p, now)
    return Fraction(p.priority if order == "small_first" else -p.priority)


def _ratio(p: Process, now: Fraction) -> Fraction:
    return Fraction(now - p.arrival + p.burst) / p.burst


def _round_robin(
    processes: Sequence[Process], quantum: Fraction, tie: Tie, now: Fraction, switch: Fraction
) -> Iterator[Decision]:
    remaining = {p.name: Fraction(p.burst) for p in processes}
    coming = sorted(processes, key=lambda p: p.arrival)
    queue: list[str] = []
    last = ""
    while coming or queue:
        if not queue:
            now = max(now, Fraction(coming[0].arrival))
        while coming and coming[0].arrival <= now:
            queue.append(coming.pop(0).name)
        name = queue[0]
        begin = now if name == last else now + switch
        end = begin + min(quantum, remaining[name])
        yield Decision(now, tuple(queue), dict(remaining), Run(name, begin, end))
        queue.pop(0)
        remaining[name] -= end - begin
        now, last = end, name
        while coming and (coming[0].arrival < now or (coming[0].arrival == now and tie == "new_first")):
            queue.append(coming.pop(0).name)
        if remaining[name]:
            queue.append(name)


def _merged(decisions: Iterator[Decision]) -> list[Decision]:
    """Join decisions that let the same process go on."""
    out: list[Decision] = []
    for d in decisions:
        if out and out[-1].run.name == d.run.name and out[-1].run.end == d.run.start:
            before = out.pop()
            d = Decision(before.time, before.ready, before.remaining, Run(d.run.name, before.run.start, d.run.end))
        out.append(d)
    return out


def _step(d: Decision, processes: Sequence[Process], policy: Policy) -> Step:
    """Word one decision, with the ready queue as a table and the chosen process marked."""
    by_name = {p.name: p for p in processes}
    columns = ["就绪进程", "到达", "剩余时间"]
    if policy == "HRRN":
        columns.append("响应比")
    if policy.startswith("PRIORITY"):
        columns.append("优先数")
    rows = []
    for name in d.ready:
        p = by_name[name]
        row = [name, number(p.arrival), number(d.remaining[name])]
        if policy == "HRRN":
            row.append(number(_ratio(p, d.time)))
        if policy.startswith("PRIORITY"):
            row.append(str(p.priority))
        rows.append(row)
    done = d.run.end - d.run.start == d.remaining[d.run.name]
    why = (
        f"$t={number(d.time)}$：{RULE[policy]}，{d.run.name} 从 {number(d.run.start)} 运行到 {number(d.run.end)}，"
        f"{'完成' if done else '未完成，让出 CPU'}。"
    )
    return Step(why, Table(columns, rows, marks=[(d.ready.index(d.run.name), 0)]))


def mistakes(
    processes: list[Process],
    policy: Policy,
    quantum: Fraction,
    priority_order: PriorityOrder,
    rr_tie: Tie,
    start: Fraction,
    switch_time: Fraction,
) -> Iterator[Mistake]:
    """Misconceptions: arrivals forgotten, times confused, preemption or direction or ties the wrong way."""

    def runs(policy: Policy, order: PriorityOrder = priority_order, tie: Tie = rr_tie) -> list[Run]:
        found = schedule(processes, policy, quantum, priority_order=order, rr_tie=tie, start=start, switch=switch_time)
        return [d.run for d in found]

    mine = runs(policy)
    right = averages(processes, mine)
    finish = mean(max(r.end for r in mine if r.name == p.name) for p in processes)
    yield Mistake("没有减去到达时刻，把完成时刻当作周转时间", {"average_turnaround": finish})
    yield Mistake("把平均等待时间当作平均周转时间", {"average_turnaround": right["average_waiting"]})
    yield Mistake("把平均周转时间当作平均等待时间", {"average_waiting": right["average_turnaround"]})
    ratio = Fraction(right["average_turnaround"]) / mean(p.burst for p in processes)
    yield Mistake("用平均周转时间除以平均运行时间求平均带权周转时间", {"average_weighted": tidy(ratio)})
    others: dict[Policy, str] = {
        "FCFS": "按先来先服务调度",
        "SJF": "没有抢占，按非抢占的短作业优先调度",
        "SRTF": "允许抢占，按最短剩余时间优先调度",
        "PRIORITY": "没有抢占，按非抢占的优先级调度",
        "PRIORITY_PREEMPTIVE": "允许抢占，按抢占的优先级调度",
        "HRRN": "按高响应比优先调度",
    }
    for other, why in others.items():
        if other != policy:
            yield Mistake(why, {**averages(processes, runs(other))})
    flipped: PriorityOrder = "large_first" if priority_order == "small_first" else "small_first"
    if policy.startswith("PRIORITY"):
        yield Mistake("把优先数的方向弄反", {**averages(processes, runs(policy, flipped))})
    swapped: Tie = "preempted_first" if rr_tie == "new_first" else "new_first"
    if policy == "RR":
        yield Mistake("同时入队的次序弄反", {**averages(processes, runs(policy, tie=swapped))})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Draw 3 to 5 processes; preemptive policies and round robin come with difficulty."""
    count = 3 + difficulty // 3
    pool: list[Policy] = ["FCFS", "SJF", "HRRN", "PRIORITY"]
    if difficulty > 2:
        pool = ["SRTF", "HRRN", "PRIORITY_PREEMPTIVE", "RR"]
    policy = rng.choice(pool)
    arrivals = [0, *sorted(rng.sample(range(1, 2 * count + 1), count - 1))]
    ranks = rng.sample(range(1, count + 1), count)
    rows = [
        Process(f"P{i + 1}", Fraction(a), Fraction(rng.randint(1, 9)), r)
        for i, (a, r) in enumerate(zip(arrivals, ranks, strict=True))
    ]
    quantum = rng.randint(1, 3)
    by_rank = policy.startswith("PRIORITY")
    shown = "；".join(
        f"{p.name} 到达时刻 {p.arrival}、运行时间 {p.burst}" + (f"、优先数 {p.priority}" if by_rank else "")
        for p in rows
    )
    words = {
        "FCFS": "先来先服务",
        "SJF": "非抢占的短作业优先",
        "SRTF": "抢占的短作业优先（最短剩余时间优先）",
        "HRRN": "高响应比优先",
        "PRIORITY": "非抢占的优先级（优先数小者优先）",
        "PRIORITY_PREEMPTIVE": "抢占的优先级（优先数小者优先）",
        "RR": f"时间片为 {quantum} 的轮转（同时入队时新到达者在前）",
    }
    ask = rng.choice(["average_turnaround", "average_waiting"] if difficulty > 1 else ["average_turnaround"])
    stem = (
        f"单处理机系统中有 {count} 个进程（时间单位 ms）：{shown}。"
        f"采用{words[policy]}调度算法，不计调度开销，{ANSWERS[ask].label}是（ ）。"
    )
    args: dict[str, object] = {"processes": rows, "policy": policy}
    if policy == "RR":
        args["quantum"] = Fraction(quantum)
    return Draft(stem, args, ask)
