"""What the CPU schedulers share: processes, their runs, and the times that follow from the runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Out
from assistant408.core.trace import Gantt, Slice, Step, Table, Value
from assistant408.solvers.os._show import Number, mean, number, tidy

__all__ = ["ANSWERS", "Process", "Run", "Times", "averages", "check", "closing_steps", "names_in_order", "times"]

MAX_RUNS = 2000

ANSWERS = {
    "average_turnaround": Out("平均周转时间"),
    "average_weighted": Out("平均带权周转时间"),
    "average_waiting": Out("平均等待时间"),
    "average_response": Out("平均响应时间"),
    "order": Out("依次占用 CPU 的进程"),
    "finish": Out("完成时刻"),
    "turnaround": Out("周转时间"),
    "weighted": Out("带权周转时间"),
    "waiting": Out("等待时间"),
    "response": Out("响应时间"),
    "makespan": Out("全部完成的时刻"),
    "finish_order": Out("完成的次序"),
    "first": Out("首先被选中的进程"),
}


@dataclass(frozen=True)
class Process:
    """A process or job to schedule."""

    name: Annotated[str, Param("进程名", min_len=1, max_len=20)]
    arrival: Annotated[Fraction, Param("到达时刻", min=0)]
    burst: Annotated[Fraction, Param("运行时间", "大于 0", min=0)]
    priority: Annotated[int, Param("优先数", "只有优先级调度使用")] = 0


@dataclass(frozen=True)
class Run:
    """One stay of a process on the CPU."""

    name: str
    start: Fraction
    end: Fraction


@dataclass(frozen=True)
class Times:
    """The times of one process."""

    finish: Number
    turnaround: Number
    weighted: Number
    waiting: Number
    response: Number


def check(processes: Sequence[Process], quanta: Sequence[Fraction] = ()) -> None:
    """Refuse repeated names, empty bursts and quanta, and schedules of more than 2000 runs.

    Raises:
        InputError: as said above.
    """
    names = [p.name for p in processes]
    for p in processes:
        if names.count(p.name) > 1:
            raise InputError(f"进程名 {p.name!r} 重复，请给每个进程不同的名字。")
        if p.burst <= 0:
            raise InputError(f"进程 {p.name} 的运行时间 {str(p.burst)!r} 不合要求：应大于 0。")
    for q in quanta:
        if q <= 0:
            raise InputError(f"时间片 {str(q)!r} 不合要求：应大于 0。")
    if quanta and sum(p.burst for p in processes) / min(quanta) > MAX_RUNS:
        raise InputError(f"时间片 {min(quanta)!s} 太小，运行段会超过 {MAX_RUNS} 个，请加大时间片。")


def times(processes: Sequence[Process], runs: Sequence[Run]) -> dict[str, Times]:
    """Derive each process's times from the runs."""
    out = {}
    for p in processes:
        mine = [r for r in runs if r.name == p.name]
        turnaround = mine[-1].end - p.arrival
        out[p.name] = Times(
            finish=tidy(mine[-1].end),
            turnaround=tidy(turnaround),
            weighted=tidy(turnaround / p.burst),
            waiting=tidy(turnaround - p.burst),
            response=tidy(mine[0].start - p.arrival),
        )
    return out


def averages(processes: Sequence[Process], runs: Sequence[Run]) -> dict[str, Number]:
    """Give the four averages under their answer keys."""
    known = times(processes, runs).values()
    return {f"average_{kind}": mean(getattr(t, kind) for t in known) for kind in AVERAGED}


AVERAGED = {"turnaround": "周转", "weighted": "带权周转", "waiting": "等待", "response": "响应"}


def names_in_order(runs: Sequence[Run]) -> list[str]:
    """List who holds the CPU, one entry for consecutive runs of the same process."""
    return [r.name for i, r in enumerate(runs) if i == 0 or runs[i - 1].name != r.name]


def closing_steps(processes: Sequence[Process], runs: Sequence[Run]) -> Iterator[Step]:
    """Give the steps that end every solution: Gantt chart, times, averages."""
    yield Step(
        f"由以上次序画出甘特图，全部进程在 $t={number(runs[-1].end)}$ 完成。",
        Gantt([Slice("CPU", tidy(r.start), tidy(r.end), r.name) for r in runs]),
        credit="画出执行过程（甘特图）",
        gives={"order": names_in_order(runs), "first": runs[0].name, "makespan": tidy(runs[-1].end)},
    )
    known = times(processes, runs)
    done: list[str] = sorted(known, key=lambda name: known[name].finish)
    yield Step(
        "周转时间 = 完成时刻 − 到达时刻，带权周转时间 = 周转时间 ÷ 运行时间，"
        "等待时间 = 周转时间 − 运行时间，响应时间 = 首次运行时刻 − 到达时刻。",
        Table(
            ["进程", "到达", "运行", "完成", "周转", "带权周转", "等待", "响应"],
            [
                [
                    p.name,
                    *map(number, (p.arrival, p.burst, t.finish, t.turnaround, t.weighted, t.waiting, t.response)),
                ]
                for p in processes
                for t in [known[p.name]]
            ],
        ),
        credit="各进程的完成时刻与周转时间",
        gives={
            **{
                kind: _column(known, lambda t, kind=kind: getattr(t, kind))  # type: ignore[misc]
                for kind in ("finish", *AVERAGED)
            },
            "finish_order": done,
        },
    )
    found = averages(processes, runs)
    lines = [
        f"平均{label}时间 $=({'+'.join(number(getattr(t, kind)) for t in known.values())})"
        f"/{len(known)}={number(found['average_' + kind])}$"
        for kind, label in AVERAGED.items()
        if kind != "weighted"
    ]
    lines.insert(1, f"平均带权周转时间 $={number(found['average_weighted'])}$")
    yield Step("；".join(lines) + "。", credit="各平均值", gives=found)


def _column(known: Mapping[str, Times], pick: Callable[[Times], Number]) -> Mapping[str, Value]:
    return {name: pick(t) for name, t in known.items()}
