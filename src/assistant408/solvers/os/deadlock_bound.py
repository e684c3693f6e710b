"""Resource counts that exclude deadlock (不发生死锁的资源数)."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from typing import Annotated

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Solution, Step, Table, Value
from assistant408.solvers.os._show import joined

__all__ = ["solve"]


@solver(
    "os.deadlock_bound",
    title="不发生死锁的资源数",
    summary="若干进程竞争一类资源，每个进程最多需要几个：求不会死锁的最少资源数，或最多进程数、每进程最大需求数，"
    "或判断是否可能死锁。",
    syllabus=("os.deadlock.resource-count",),
    keywords=("不会发生死锁", "可能死锁", "最少资源数", "同类资源", "每个进程最多需要", "竞争", "最小值", "死锁"),
    answers={
        "min_resources": Out("不死锁的最少资源数", "个"),
        "max_processes": Out("不死锁的最多进程数", "个"),
        "min_deadlock_processes": Out("可能死锁的最少进程数", "个"),
        "max_need": Out("不死锁的每进程最大需求", "个"),
        "deadlock_free": Out("是否一定不死锁"),
        "max_deadlock_resources": Out("可能死锁的最多资源数", "个"),
        "shortage": Out("还差的资源数", "个"),
    },
    examples=({"processes": 3, "need": 4},),
)
def solve(
    processes: Annotated[int | None, Param("进程数", "求最多进程数时不填", min=1, max=10**6)] = None,
    need: Annotated[int | None, Param("每进程最大需求", "求最大需求时不填", min=1, max=10**6)] = None,
    resources: Annotated[int | None, Param("资源总数", "求最少资源数时不填", min=1, max=10**12)] = None,
    needs: Annotated[
        list[int] | None,
        Param("各进程最大需求", "各进程需求不同时逐个写出，代替进程数和每进程需求", min=1, min_len=1, max_len=100),
    ] = None,
) -> Solution:
    """Bound one resource class so that deadlock can't happen (不发生死锁的资源数).

    Args:
        processes: number of processes n; leave out to find the most that are safe.
        need: the most that one process needs, k; leave out to find the greatest that is safe.
        resources: number of instances m; leave out to find the fewest that are safe.
        needs: the most that each process needs, where these differ, instead of `processes` and `need`.

    Returns:
        What the arguments determine: `min_resources` and `max_deadlock_resources` from n and k;
        `max_processes` (and `min_deadlock_processes`, one more) from k and m; `max_need` from n and m; `deadlock_free` from all three.

    Raises:
        InputError: fewer than two of the three given, a need above m, or k = 1 where the number of
            processes is asked (it has no bound then).

    Examples:
        >>> solve(processes=3, need=4).answer["min_resources"]
        10
        >>> solve(need=3, resources=8).answer["max_processes"]
        3
        >>> solve(processes=4, resources=11).answer["max_need"]
        3
        >>> solve(needs=[3, 4, 5], resources=9).answer["deadlock_free"]  # all one short: 2+3+4 = 9
        False

    Conventions:
        Processes ask for one instance at a time, hold what they have, and give everything back at the end.

    Source:
        汤小丹《计算机操作系统》第3章; Silberschatz, Operating System Concepts, 10e, exercises of chapter 8.
    """
    if needs is not None:
        return _different(needs, resources)
    known = [x is not None for x in (processes, need, resources)]
    if sum(known) < 2:
        raise InputError("进程数、每进程最大需求、资源总数至少给出两个，或给出各进程最大需求，请补上。")
    if need is not None and resources is not None and need > resources:
        raise InputError(f"每进程最大需求 {need!r} 超过资源总数 {resources!r}，进程不可能完成，请核对。")
    steps = [
        Step(
            "最坏情况是 $n$ 个进程都只差一个资源，各占 $k-1$ 个，共 $n(k-1)$ 个。再有一个资源，"
            "就有进程能完成并归还资源。因此不死锁的条件是 $m\\ge n(k-1)+1$。",
            credit="写出不死锁的条件 m≥n(k−1)+1",
        )
    ]
    if processes is not None and need is not None:
        steps.append(_uniform(processes, need))
        if resources is not None:
            steps.append(_verdict(processes * (need - 1), resources))
    elif need is not None and resources is not None:
        steps.append(_most_processes(need, resources))
    elif processes is not None and resources is not None:
        steps.append(_greatest_need(processes, resources))
    return Solution(steps, CONVENTIONS)


CONVENTIONS = ["只有一类资源，进程逐个申请、不放弃已占有的资源、完成后全部归还"]


def _uniform(n: int, k: int) -> Step:
    held = n * (k - 1)
    shown = min(n, 8)
    rows = [[f"P{i + 1}", str(k - 1), "1"] for i in range(shown)]
    if n > shown:
        rows.append(["…", str(k - 1), "1"])
    return Step(
        f"$n={n}$，$k={k}$：各占 {k - 1} 个共 ${n}\\times({k}-1)={held}$ 个时可能死锁，"
        f"最少需要 ${held}+1={held + 1}$ 个资源。",
        Table(["进程", "已占有", "还差"], rows),
        credit="代入求资源数",
        gives={"min_resources": held + 1, "max_deadlock_resources": held},
    )


def _verdict(held: int, m: int) -> Step:
    free = m > held
    sign, result = (">", "一定不死锁") if free else ("\\le", "可能死锁")
    gives: dict[str, Value] = {"deadlock_free": free}
    if not free:
        gives["shortage"] = held + 1 - m
    return Step(f"$m={m}{sign}{held}$，{result}。", credit="结论", gives=gives)


def _most_processes(k: int, m: int) -> Step:
    if k == 1:
        raise InputError("每进程只需 1 个资源时永不死锁，进程数没有上限，请改每进程最大需求 '1'。")
    most = (m - 1) // (k - 1)
    return Step(
        f"由 $n({k}-1)+1\\le {m}$ 得 $n\\le ({m}-1)/({k}-1)$，$n$ 最大为 {most}。",
        _around("进程数", most, lambda n: n * (k - 1) + 1, m),
        credit="解出 n",
        gives={"max_processes": most, "min_deadlock_processes": most + 1},
    )


def _greatest_need(n: int, m: int) -> Step:
    most = (m - 1) // n + 1
    return Step(
        f"由 ${n}(k-1)+1\\le {m}$ 得 $k\\le ({m}-1)/{n}+1$，$k$ 最大为 {most}。",
        _around("每进程需求", most, lambda k: n * (k - 1) + 1, m),
        credit="解出 k",
        gives={"max_need": most},
    )


def _around(label: str, most: int, least: Callable[[int], int], m: int) -> Table:
    rows = [[str(x), str(least(x)), "不死锁" if least(x) <= m else "可能死锁"] for x in (most, most + 1)]
    return Table([label, "不死锁的最少资源数", f"有 {m} 个资源时"], rows, marks=[(0, 2)])


def _different(needs: list[int], resources: int | None) -> Solution:
    if resources is not None and max(needs) > resources:
        raise InputError(f"最大需求 {max(needs)!r} 超过资源总数 {resources!r}，进程不可能完成，请核对。")
    held = sum(k - 1 for k in needs)
    steps = [
        Step(
            f"最坏情况是每个进程都只差一个资源，共占 ${joined([f'({k}-1)' for k in needs], '+')}={held}$ 个，"
            f"最少需要 ${held}+1={held + 1}$ 个资源才一定不死锁。",
            Table(
                ["进程", "最大需求", "已占有", "还差"],
                [[f"P{i + 1}", str(k), str(k - 1), "1"] for i, k in enumerate(needs)],
            ),
            credit="求出最坏情况下占有的资源数",
            gives={"min_resources": held + 1, "max_deadlock_resources": held},
        )
    ]
    if resources is not None:
        steps.append(_verdict(held, resources))
    return Solution(steps, CONVENTIONS)


def mistakes(
    processes: int | None, need: int | None, resources: int | None, needs: list[int] | None
) -> Iterator[Mistake]:
    """Misconceptions: nk, n(k-1) without the 1, roundings."""
    if needs or (processes and need):
        n = len(needs) if needs else processes or 0
        total = sum(needs) if needs else n * (need or 0)
        largest = max(needs) if needs else need or 0
        yield Mistake("让每个进程同时得到全部资源", {"min_resources": total})
        yield Mistake("忘记加 1，此时正好可能死锁", {"min_resources": total - n})
        yield Mistake("在全部需求上再加 1", {"min_resources": total + 1})
        yield Mistake("只比最大的一个需求多出进程数减 1", {"min_resources": largest + n - 1})
        yield Mistake("以为满足一个进程就够", {"min_resources": largest})
    elif need and resources and need > 1:
        most = (resources - 1) // (need - 1)
        yield Mistake("让每个进程同时得到全部资源", {"max_processes": resources // need})
        yield Mistake("忘记多出的一个资源", {"max_processes": resources // (need - 1)})
        yield Mistake("向上取整", {"max_processes": most + 1})
        yield Mistake("按每进程占 k 个再加一个计算", {"max_processes": (resources - 1) // need})
    elif processes and resources:
        most = (resources - 1) // processes + 1
        yield Mistake("让每个进程同时得到全部资源", {"max_need": resources // processes})
        yield Mistake("向上取整", {"max_need": most + 1})
        yield Mistake("忘记把减去的 1 加回来", {"max_need": most - 1})
        yield Mistake("把进程数与资源数之差当作需求", {"max_need": resources - processes})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Draw one of the unknowns; needs differ at higher difficulty."""
    n, k = rng.randint(3, 5 + difficulty), rng.randint(3, 4 + difficulty)
    kind = rng.choice(["m"] if difficulty == 1 else ["m", "n", "k"] if difficulty < 4 else ["needs", "n", "k"])
    if kind == "needs":
        needs = [rng.randint(2, 7) for _ in range(rng.randint(3, 5))]
        stem = (
            f"{len(needs)} 个进程竞争同一类资源，最大需求数分别为 {joined(needs)}，"
            "系统一定不会发生死锁的最少资源数是（ ）。"
        )
        return Draft(stem, {"needs": needs}, "min_resources")
    if kind == "m":
        stem = f"{n} 个进程竞争同一类资源，每个进程最多需要 {k} 个，系统一定不会发生死锁的最少资源数是（ ）。"
        return Draft(stem, {"processes": n, "need": k}, "min_resources")
    m = n * (k - 1) + rng.randint(1, 3)
    if kind == "n":
        stem = f"系统有某类资源 {m} 个，每个进程最多需要 {k} 个，系统一定不会发生死锁的最多进程数是（ ）。"
        return Draft(stem, {"need": k, "resources": m}, "max_processes")
    stem = f"系统有某类资源 {m} 个，由 {n} 个进程竞争，一定不会发生死锁时每个进程最多可申请的资源数是（ ）。"
    return Draft(stem, {"processes": n, "resources": m}, "max_need")
