"""Multiprogramming (多道程序): programs that alternate CPU and I/O bursts on one CPU and exclusive devices."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, Literal

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Gantt, Slice, Solution, Step, Table
from assistant408.solvers.os._show import joined, number

__all__ = ["Program", "solve"]

Policy = Literal["FCFS", "PRIORITY", "PRIORITY_PREEMPTIVE"]
CPU = "CPU"
BURST = re.compile(r"([^\d=\-]+)(\d+)|([^=\-]+)=(\d+)")


@dataclass(frozen=True)
class Program:
    """A program: its bursts in order, such as ``C50-打印机100-C50``, or ``C30-IO1=40`` for names with digits."""

    name: Annotated[str, Param("程序名", min_len=1, max_len=20)]
    bursts: Annotated[
        str, Param("各段时间", "依次写设备名和时间，用 - 连接，C 表示计算，如 C50-打印机100-C50", max_len=400)
    ]
    arrival: Annotated[int, Param("到达时刻", min=0)] = 0


@dataclass(frozen=True)
class Stay:
    """A stay of a program on the CPU or a device."""

    name: str
    where: str
    start: int
    end: int


@solver(
    "os.multiprogramming",
    title="多道程序的并行执行",
    summary="给出几道程序依次的计算与 I/O 时间，在一个 CPU 和若干独占设备上并发执行，"
    "求全部完成的时间、CPU 利用率和设备利用率。",
    syllabus=("os.process.sched-gantt", "os.overview.history"),
    keywords=(
        *("多道程序", "多道批处理", "单道", "CPU利用率", "设备利用率", "I/O", "计算", "输入", "输出", "打印"),
        *("并发执行", "CPU空闲", "最少时间", "作业"),
    ),
    answers={
        "total_time": Out("全部完成所需时间"),
        "cpu_utilization": Out("CPU 利用率"),
        "cpu_idle": Out("CPU 空闲时间"),
        "device_utilization": Out("各设备利用率"),
        "finish": Out("各程序完成时刻"),
        "turnaround": Out("各程序周转时间"),
        "serial_time": Out("单道顺序执行所需时间"),
        "saved": Out("多道比单道节省的时间"),
    },
    examples=(
        {
            "programs": [
                {"name": "P1", "bursts": "C60-IO80-C20"},
                {"name": "P2", "bursts": "C120-IO40-C40", "arrival": 5},
            ]
        },
    ),
)
def solve(
    programs: Annotated[
        list[Program],
        Param("程序表", "每项 名字:各段时间:到达时刻，如 P1:C60-IO80-C20:0；先写者优先级高", min_len=1, max_len=12),
    ],
    policy: Annotated[
        Policy,
        Param("CPU 调度", "FCFS 先来先服务；PRIORITY 非抢占优先级；PRIORITY_PREEMPTIVE 抢占优先级"),
    ] = "FCFS",
) -> Solution:
    """Run programs that alternate computing and I/O (多道程序的并行执行).

    Args:
        programs: 1 to 12 programs of at most 40 bursts each, the one written first having the highest priority.
        policy: how the CPU chooses; devices are exclusive and serve first come, first served.

    Returns:
        `total_time` (from 0 to the last finish), `cpu_utilization` (busy / total), `cpu_idle`,
        `device_utilization`, `finish`, `turnaround` (by name), `serial_time` (the programs one after another),
        `saved` (serial less total).

    Raises:
        InputError: a repeated name, or bursts that are not of the form given.

    Examples:
        >>> solve([Program("P1", "C60-IO80-C20"), Program("P2", "C120-IO40-C40", 5)]).answer["total_time"]
        260
        >>> solve([Program("A", "C1")]).answer["cpu_utilization"]
        1
        >>> solve([Program("A", "C2"), Program("B", "C2")]).answer["finish"]  # a tie: the one written first
        {'A': 2, 'B': 4}

    Conventions:
        Scheduling takes no time. Of programs that become ready for the CPU or a device at the same moment, the
        one written first is served first.

    Source:
        汤小丹《计算机操作系统》第1章 §多道批处理系统.
    """
    bursts = _parsed(programs)
    stays = simulate(programs, bursts, policy)
    total = max(s.end for s in stays)
    finish = {p.name: max(s.end for s in stays if s.name == p.name) for p in programs}
    places = [CPU, *sorted({s.where for s in stays} - {CPU})]
    busy = {w: sum(s.end - s.start for s in stays if s.where == w) for w in places}
    serial = sum(t for b in bursts for _, t in b)
    steps = [
        Step(
            "各程序依次使用的资源和时间如下表；同一程序的各段必须依次进行，不同程序可以同时使用不同的资源。",
            Table(["程序", "到达", "各段"], [[p.name, p.arrival, p.bursts] for p in programs]),
        ),
        *(_step(s) for s in stays),
        Step(
            f"画出各资源的占用图，最后完成的时刻是 {total}，即全部完成需要 {total}。",
            Gantt([Slice(s.where, s.start, s.end, s.name) for w in places for s in stays if s.where == w]),
            credit="画出并行执行图，得总时间",
            gives={
                "total_time": total,
                "finish": finish,
                "turnaround": {p.name: finish[p.name] - p.arrival for p in programs},
            },
        ),
        Step(
            f"CPU 共忙 {busy[CPU]}，空闲 ${total}-{busy[CPU]}={total - busy[CPU]}$，"
            f"利用率为 ${busy[CPU]}/{total}={number(Fraction(busy[CPU], total))}$。"
            + "".join(f"{w} 共忙 {busy[w]}，利用率为 ${busy[w]}/{total}$。" for w in places[1:]),
            credit="利用率",
            gives={
                "cpu_utilization": _ratio(busy[CPU], total),
                "cpu_idle": total - busy[CPU],
                "device_utilization": {w: _ratio(busy[w], total) for w in places[1:]},
            },
        ),
        Step(
            f"单道顺序执行需要各段之和 {serial}，多道执行节省 ${serial}-{total}={serial - total}$。",
            gives={"serial_time": serial, "saved": serial - total},
        ),
    ]
    return Solution(steps, ["设备独占、先来先服务", "同时就绪时，先写的程序优先", "不计调度和切换时间"])


def _ratio(part: int, whole: int) -> Fraction | int:
    value = Fraction(part, whole)
    return value.numerator if value.denominator == 1 else value


def _parsed(programs: Sequence[Program]) -> list[list[tuple[str, int]]]:
    """Read the bursts of every program as (place, time) pairs."""
    names = [p.name for p in programs]
    out = []
    for p in programs:
        if names.count(p.name) > 1:
            raise InputError(f"程序名 {p.name!r} 重复，请给每道程序不同的名字。")
        parts = [BURST.fullmatch(x.strip()) for x in re.split(r"[-→]", p.bursts)]
        pairs = [((m[1] or m[3]).strip(), int(m[2] or m[4])) for m in parts if m]
        if len(pairs) < len(parts) or len(pairs) > 40 or any(not 0 < t <= 10**9 for _, t in pairs):
            raise InputError(f"程序 {p.name} 的各段时间 {p.bursts!r} 不合要求：应如 C50-打印机100-C50，时间大于 0。")
        out.append([(CPU if w.upper() in ("C", "CPU", "计算") else w, t) for w, t in pairs])
    return out


def simulate(programs: Sequence[Program], bursts: Sequence[Sequence[tuple[str, int]]], policy: Policy) -> list[Stay]:
    """List the stays in order of their end; a preempted CPU burst gives several stays."""
    left = [list(b) for b in bursts]
    queues: dict[str, list[int]] = {CPU: [], **{w: [] for b in bursts for w, _ in b}}
    serving: dict[str, tuple[int, int]] = {}  # place -> (program, since)
    stays: list[Stay] = []
    coming = sorted(range(len(programs)), key=lambda i: programs[i].arrival)
    now = 0

    def release(place: str) -> int:
        who, since = serving.pop(place)
        if now > since:
            stays.append(Stay(programs[who].name, place, since, now))
        left[who][0] = (place, left[who][0][1] - (now - since))
        return who

    while coming or serving:
        ends = [since + left[who][0][1] for who, since in serving.values()]
        now = min([*ends, *(programs[i].arrival for i in coming[:1])])
        moved = [p for p, (who, since) in serving.items() if since + left[who][0][1] == now]
        ready = [release(place) for place in moved]
        for who in ready:
            left[who].pop(0)
        while coming and programs[coming[0]].arrival == now:
            ready.append(coming.pop(0))
        for who in sorted(w for w in ready if left[w]):
            queues[left[who][0][0]].append(who)
        if policy != "FCFS":
            queues[CPU].sort()
        interrupts = policy == "PRIORITY_PREEMPTIVE" and CPU in serving and queues[CPU]
        if interrupts and queues[CPU][0] < serving[CPU][0]:
            queues[CPU].append(release(CPU))
            queues[CPU].sort()
        for place, queue in queues.items():
            if queue and place not in serving:
                serving[place] = (queue.pop(0), now)
    return stays


def _step(s: Stay) -> Step:
    verb = "计算" if s.where == CPU else f"使用 {s.where}"
    return Step(f"{s.start} ～ {s.end}：{s.name} {verb} {s.end - s.start}。")


def mistakes(programs: list[Program], policy: Policy) -> Iterator[Mistake]:
    """Misconceptions: no overlap, endless devices, the policy or the priorities the wrong way round."""
    bursts = _parsed(programs)

    def outcome(found: Sequence[Stay]) -> dict[str, int | Fraction]:
        total = max(s.end for s in found)
        busy = sum(s.end - s.start for s in found if s.where == CPU)
        return {"total_time": total, "cpu_utilization": _ratio(busy, total), "cpu_idle": total - busy}

    serial = sum(t for b in bursts for _, t in b)
    busy = sum(t for b in bursts for w, t in b if w == CPU)
    yield Mistake(
        "没有并行，把各段时间全部相加",
        {"total_time": serial, "cpu_utilization": _ratio(busy, serial), "cpu_idle": serial - busy},
    )
    yield Mistake(
        "没有考虑 I/O，只加计算时间",
        {"total_time": busy, "cpu_utilization": 1, "cpu_idle": 0},
    )
    longest = max(p.arrival + sum(t for _, t in b) for p, b in zip(programs, bursts, strict=True))
    yield Mistake(
        "以为完全并行，取最长的一道程序",
        {
            "total_time": longest,
            "cpu_utilization": _ratio(busy, longest),
            "cpu_idle": longest - busy,
        },
    )
    private = [[(w if w == CPU else f"{w}/{i}", t) for w, t in b] for i, b in enumerate(bursts)]
    yield Mistake("忽略设备独占，让几道程序同时使用同一设备", outcome(simulate(programs, private, policy)))
    yield Mistake("优先级次序弄反", outcome(simulate(programs[::-1], bursts[::-1], policy)))
    others: dict[Policy, str] = {
        "FCFS": "按先来先服务调度 CPU",
        "PRIORITY": "按非抢占优先级调度 CPU",
        "PRIORITY_PREEMPTIVE": "按抢占优先级调度 CPU",
    }
    for other, why in others.items():
        if other != policy:
            yield Mistake(why, outcome(simulate(programs, bursts, other)))


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Draw two or three programs that compute, use a device and compute again."""
    count = 2 + difficulty // 3
    devices = ["输入机", "打印机"][: 1 + difficulty // 3]
    rows, shown = [], []
    for i in range(count):
        times = [10 * rng.randint(1, 9) for _ in range(3 if difficulty < 4 else 5)]
        places = ["C" if j % 2 == 0 else rng.choice(devices) for j in range(len(times))]
        name = f"P{i + 1}"
        rows.append(Program(name, "-".join(f"{w}{t}" for w, t in zip(places, times, strict=True))))
        words = [f"{'计算' if w == 'C' else w} {t} ms" for w, t in zip(places, times, strict=True)]
        shown.append(f"{name}：{joined(words, '，')}")
    policy: Policy = "FCFS" if difficulty < 3 else "PRIORITY_PREEMPTIVE"
    how = "先来先服务" if policy == "FCFS" else f"抢占式优先级（优先级由高到低为 {joined([r.name for r in rows])}）"
    ask = rng.choice(["total_time", "cpu_utilization"])
    what = "完成全部程序需要的时间（ms）" if ask == "total_time" else "CPU 的利用率"
    stem = (
        f"单 CPU 系统中同时到达 {count} 道程序，依次的操作为 {'；'.join(shown)}。CPU 采用{how}调度，"
        f"设备各一台，先来先服务，不计调度时间。{what}是（ ）。"
    )
    return Draft(stem, {"programs": rows, "policy": policy}, ask)
