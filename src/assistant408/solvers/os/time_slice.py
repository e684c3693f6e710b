"""Time slice, response time and switching overhead (时间片与响应时间)."""

from __future__ import annotations

import random
from collections.abc import Iterator
from fractions import Fraction
from typing import Annotated

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Cell, Solution, Step, Table
from assistant408.solvers.os._show import number, tidy

__all__ = ["solve"]


@solver(
    "os.time_slice",
    title="时间片、响应时间与切换开销",
    summary="分时系统中给出用户（进程）数与时间片求最长响应时间，或由响应时间求最大时间片、最多用户数；"
    "给出切换开销求 CPU 的有效利用率。",
    syllabus=("os.process.sched-rr", "os.overview.history"),
    keywords=("时间片", "响应时间", "分时系统", "终端用户", "轮转", "切换开销", "CPU利用率", "时间片大小"),
    answers={
        "quantum": Out("最大的时间片"),
        "response": Out("最长响应时间"),
        "users": Out("最多的用户（进程）数", "个"),
        "utilization": Out("CPU 的有效利用率"),
        "overhead": Out("切换开销所占的比例"),
    },
    examples=({"users": 40, "response": 2000},),
)
def solve(
    users: Annotated[int | None, Param("用户（进程）数", min=1, max=10**6)] = None,
    quantum: Annotated[Fraction | None, Param("时间片", "各时间用同一单位", min=0)] = None,
    response: Annotated[Fraction | None, Param("响应时间", "每个用户在这段时间内轮到一次", min=0)] = None,
    switch: Annotated[Fraction, Param("切换开销", "每次换进程的时间", min=0)] = Fraction(0),
    burst: Annotated[Fraction | None, Param("阻塞前的运行时间", "进程平均运行多久后因 I/O 阻塞", min=0)] = None,
) -> Solution:
    """Relate time slice, users and response time of round robin (时间片与响应时间).

    Args:
        users: users or processes in the queue, one request each.
        quantum: the time slice.
        response: time in which everybody has one turn.
        switch: overhead of each switch.
        burst: mean time that a process runs before it blocks, for the utilization.

    Returns:
        The one of `quantum`, `response` and `users` that was not given, if two were; with a quantum and a switch
        time `utilization` and `overhead`.

    Raises:
        InputError: too little is given, or a response time shorter than the switches.

    Examples:
        >>> solve(40, response=Fraction(2000)).answer["quantum"]
        50
        >>> solve(quantum=Fraction(5), switch=Fraction(1), burst=Fraction(20)).answer["utilization"]
        Fraction(5, 6)
        >>> solve(quantum=Fraction(30), switch=Fraction(1), burst=Fraction(20)).answer["utilization"]
        Fraction(20, 21)

    Conventions:
        Response time = users × (slice + switch). A process that blocks before its slice ends is switched then.

    Source:
        汤小丹《计算机操作系统》第3章 §时间片轮转; Tanenbaum, Modern Operating Systems, 4e, §2.4.
    """
    given = [x is not None for x in (users, quantum, response)].count(True)
    steps: list[Step] = []
    s = number(tidy(Fraction(switch)))
    plus = f"+{s}" if switch else ""
    if given == 2:
        if response is None:
            assert users is not None and quantum is not None
            response = users * (quantum + switch)
            why = f"最长响应时间 $={users}\\times ({number(quantum)}{plus})={number(tidy(response))}$。"
            gives = {"response": tidy(response)}
        elif quantum is None:
            assert users is not None
            quantum = Fraction(response) / users - switch
            if quantum <= 0:
                raise InputError(f"响应时间 {number(response)} 不够 {users} 次切换，请核对。")
            why = f"时间片 $\\le {number(response)}/{users}{'-' + s if switch else ''}={number(tidy(quantum))}$。"
            gives = {"quantum": tidy(quantum)}
        else:
            if not quantum + switch:
                raise InputError("时间片应大于 0，请核对。")
            users = int(Fraction(response) / (quantum + switch))
            why = f"用户数 $\\le {number(response)}/({number(quantum)}{plus})$，最多 {users} 个。"
            gives = {"users": users}
        row: list[Cell] = [users, number(tidy(Fraction(quantum))), s, number(tidy(Fraction(response)))]
        table = Table(["用户数", "时间片", "切换开销", "响应时间"], [row])
        steps.append(Step(why, table, credit="响应时间 = 用户数 ×（时间片 + 切换开销）", gives=gives))
    if quantum is not None and switch:
        run = min(Fraction(quantum), Fraction(burst)) if burst is not None else Fraction(quantum)
        use = run / (run + switch)
        steps.append(
            Step(
                f"每运行 {number(tidy(run))} 就切换一次，用去 {s}，"
                f"利用率 $={number(tidy(run))}/({number(tidy(run))}+{s})={number(tidy(use))}$。",
                Table(["运行", "切换", "利用率"], [[number(tidy(run)), s, number(tidy(use))]]),
                credit="有效运行时间所占的比例",
                gives={"utilization": tidy(use), "overhead": tidy(1 - use)},
            )
        )
    if not steps:
        raise InputError("请给出用户数、时间片、响应时间中的两个，或给出时间片与切换开销。")
    return Solution(steps, ["每个用户的请求在一个时间片内处理完"])


def mistakes(
    users: int | None, quantum: Fraction | None, response: Fraction | None, switch: Fraction, burst: Fraction | None
) -> Iterator[Mistake]:
    """Misconceptions: the switch forgotten, one user too many or too few."""
    if users is not None and response is not None and users > 1:
        yield Mistake("漏了切换开销", {"quantum": tidy(Fraction(response) / users)})
        yield Mistake("少算一个用户", {"quantum": tidy(Fraction(response) / (users - 1) - switch)})
        yield Mistake("多算一个用户", {"quantum": tidy(Fraction(response) / (users + 1) - switch)})
        yield Mistake("把用户数当作时间片", {"quantum": users})
    if users is not None and quantum is not None:
        yield Mistake("漏了切换开销", {"response": tidy(users * quantum)})
        yield Mistake("少算一个用户", {"response": tidy((users - 1) * (quantum + switch))})
        yield Mistake("多算一个用户", {"response": tidy((users + 1) * (quantum + switch))})
        yield Mistake("只算一个时间片", {"response": tidy(quantum)})
    if quantum is not None and switch:
        yield Mistake("切换开销算了两次", {"utilization": tidy(quantum / (quantum + 2 * switch))})
        yield Mistake("用切换开销除以时间片", {"utilization": tidy(1 - switch / quantum)})
        if burst is not None:
            yield Mistake("按阻塞前的运行时间算", {"utilization": tidy(burst / (burst + switch))})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Draw users and a response time; switches with difficulty."""
    users, quantum = 10 * rng.randint(2, 9), 10 * rng.randint(1, 6)
    switch = rng.randint(1, 4) if difficulty > 2 else 0
    response = users * (quantum + switch)
    stem = (
        f"分时系统有 {users} 个用户，{f'每次切换用 {switch} ms' if switch else '忽略切换开销'}，"
        f"要使响应时间不超过 {response} ms，时间片（ms）最大为（ ）。"
    )
    return Draft(stem, {"users": users, "response": response, "switch": switch}, "quantum")
