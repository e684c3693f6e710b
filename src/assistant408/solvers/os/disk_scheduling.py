"""Disk scheduling (磁盘调度): FCFS, SSTF, SCAN, LOOK, C-SCAN and C-LOOK."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Annotated, Literal, get_args

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Plot, Series, Solution, Step, Table
from assistant408.solvers.os._show import joined, number, tidy

__all__ = ["route", "solve"]

Policy = Literal["FCFS", "SSTF", "SCAN", "LOOK", "C-SCAN", "C-LOOK"]
Direction = Literal["up", "down"]
Tie = Literal["keep_direction", "low", "high"]

NAMES: dict[Policy, str] = {
    "FCFS": "先来先服务",
    "SSTF": "最短寻道时间优先",
    "SCAN": "扫描（到磁盘端点才折返）",
    "LOOK": "LOOK（到最后一个请求即折返）",
    "C-SCAN": "循环扫描（到磁盘端点后回到另一端）",
    "C-LOOK": "C-LOOK（到最后一个请求后回到另一端的请求）",
}


@solver(
    "os.disk_scheduling",
    title="磁盘调度",
    summary="给出磁道请求序列、磁头位置和移动方向，按 FCFS、SSTF、SCAN、LOOK、C-SCAN 或 C-LOOK 求服务次序、"
    "磁头移动的总磁道数和平均寻道长度。",
    syllabus=("os.io.disk-fcfs-sstf", "os.io.disk-scan"),
    keywords=(
        *("磁盘调度", "磁头", "磁道", "柱面", "寻道", "移动方向", "电梯算法", "平均寻道长度", "磁头移动"),
        *("FCFS", "SSTF", "SCAN", "LOOK", "C-SCAN", "C-LOOK", "循环扫描", "最短寻道时间优先"),
    ),
    answers={
        "total": Out("磁头移动的总磁道数"),
        "order": Out("服务次序"),
        "average": Out("平均寻道长度"),
        "path": Out("磁头经过的位置"),
        "last": Out("最后服务的磁道"),
        "seek_total": Out("寻道总时间"),
    },
    examples=(
        {
            "requests": [98, 183, 37, 122, 14, 124, 65, 67],
            "head": 53,
            "policy": "SSTF",
        },
    ),
)
def solve(
    requests: Annotated[list[int], Param("请求序列", "按到达次序的磁道号", min=0, min_len=1, max_len=200)],
    head: Annotated[int, Param("磁头位置", "当前所在磁道号", min=0)],
    policy: Annotated[
        Policy, Param("调度算法", "SCAN、C-SCAN 到端点才折返；LOOK、C-LOOK 到最后一个请求即折返")
    ] = "FCFS",
    direction: Annotated[Direction, Param("移动方向", "up 向磁道号增大的方向，down 向磁道号减小的方向")] = "up",
    max_cylinder: Annotated[int, Param("最大磁道号", "磁道从 0 起编号；SCAN 与 C-SCAN 使用", min=0, max=10**9)] = 199,
    jump_counts: Annotated[bool, Param("返回是否计入", "C-SCAN、C-LOOK 返回另一端的移动是否计入总数")] = True,
    sstf_tie: Annotated[
        Tie, Param("SSTF 平局", "两侧距离相同：keep_direction 保持方向，low 取小磁道号，high 取大磁道号")
    ] = "keep_direction",
    seek_per_cylinder: Annotated[Fraction | None, Param("每移动一个磁道的时间", "给出时求寻道总时间", min=0)] = None,
) -> Solution:
    """Order disk requests and measure the head's way (磁盘调度).

    Args:
        requests: 1 to 200 track numbers in order of arrival.
        head: track of the head.
        policy: the scheduling algorithm.
        direction: where the head is going, up or down in track numbers.
        max_cylinder: the last track, the first being 0.
        jump_counts: whether the return of C-SCAN and C-LOOK is part of the way.
        sstf_tie: whom SSTF takes of two requests equally far away.
        seek_per_cylinder: time to move by one track, if the time is asked.

    Returns:
        `order`, `path` (head positions, ends of the disk included), `total`, `average` (per request), `last`,
        and `seek_total` if a time is given.

    Raises:
        InputError: a request or the head beyond the last track.

    Examples:
        >>> asked = [98, 183, 37, 122, 14, 124, 65, 67]
        >>> solve(asked, 53, "SSTF").answer["total"], solve(asked, 53, "SCAN", "down").answer["total"]
        (236, 236)
        >>> solve([53], 53).answer["total"]
        0
        >>> solve([50, 70], 60, "SSTF").answer["order"]  # a tie: on in the same direction
        [70, 50]

    Conventions:
        SCAN and C-SCAN go to the end of the disk only if requests are left on the other side.

    Source:
        Silberschatz, Operating System Concepts, 10e, §11.2; 汤小丹《计算机操作系统》第8章 §磁盘调度算法.
    """
    for track in [*requests, head]:
        if track > max_cylinder:
            raise InputError(f"磁道号 {track!r} 超过最大磁道号 {max_cylinder}，请核对。")
    order, legs = route(requests, head, policy, direction, max_cylinder, sstf_tie)
    path = [head, *(to for to, _ in legs)]
    counted = [abs(b - a) for a, b in pairwise(path)]
    counted = [0 if jump and not jump_counts else d for d, (_, jump) in zip(counted, legs, strict=True)]
    total = sum(counted)
    average = tidy(Fraction(total, len(requests)))
    toward = "增大" if direction == "up" else "减小"
    steps = [
        Step(
            f"采用{NAMES[policy]}，磁头从 {head} 出发"
            + (f"，向磁道号{toward}的方向移动" if policy != "FCFS" else "")
            + f"，服务次序为 {joined(order, '，')}。",
            Plot([Series(policy, list(enumerate(path)))], x="移动次序", y="磁道号"),
            credit="写出服务次序",
            gives={"order": order, "path": path, "last": order[-1]},
        ),
        Step(
            f"移动的磁道数 $={'+'.join(map(str, counted))}={total}$，"
            f"平均寻道长度 $={total}/{len(requests)}={number(average)}$。",
            Table(
                ["从", "到", "移动", "说明"],
                [
                    [a, b, d, "返回" if jump else "" if b in requests else "端点"]
                    for (a, b), d, (_, jump) in zip(pairwise(path), counted, legs, strict=True)
                ],
            ),
            credit="总移动磁道数",
            gives={"total": total, "average": average},
        ),
    ]
    if seek_per_cylinder is not None:
        time = tidy(total * seek_per_cylinder)
        why = f"寻道总时间 $={total}\\times {number(seek_per_cylinder)}={number(time)}$。"
        steps.append(Step(why, credit="寻道总时间", gives={"seek_total": time}))
    return Solution(steps, _conventions(policy, jump_counts, max_cylinder))


def _conventions(policy: Policy, jump_counts: bool, last: int) -> list[str]:
    out = []
    if policy in ("SCAN", "C-SCAN"):
        out.append(f"另一侧还有请求时，磁头先移到端点（0 或 {last}）")
    if policy in ("C-SCAN", "C-LOOK"):
        out.append(f"返回另一端的移动{'计入' if jump_counts else '不计入'}总数")
    return out


def route(
    requests: Sequence[int],
    head: int,
    policy: Policy,
    direction: Direction,
    max_cylinder: int,
    tie: Tie = "keep_direction",
) -> tuple[list[int], list[tuple[int, bool]]]:
    """Give the order of service, and the head's stops as (track, whether it is a return)."""
    if policy == "FCFS":
        return list(requests), [(r, False) for r in requests]
    if policy == "SSTF":
        order = _nearest_first(requests, head, direction, tie)
        return order, [(r, False) for r in order]
    sign = 1 if direction == "up" else -1
    ahead = sorted((r for r in requests if (r - head) * sign >= 0), key=lambda r: r * sign)
    behind = sorted((r for r in requests if (r - head) * sign < 0), key=lambda r: r * sign)
    far, near = (max_cylinder, 0) if direction == "up" else (0, max_cylinder)
    legs = [(r, False) for r in ahead]
    if not behind:
        return ahead, legs
    to_end = policy in ("SCAN", "C-SCAN")
    if to_end and (ahead or [head])[-1] != far:
        legs.append((far, False))
    if policy in ("SCAN", "LOOK"):
        behind.reverse()
    elif to_end:
        legs.append((near, True))
        if behind[0] == near:
            return ahead + behind, legs + [(r, False) for r in behind[1:]]
    first_is_return = policy == "C-LOOK"
    legs += [(r, first_is_return and i == 0) for i, r in enumerate(behind)]
    return ahead + behind, legs


def _nearest_first(requests: Sequence[int], head: int, direction: Direction, tie: Tie) -> list[int]:
    left, order = list(requests), list[int]()
    sign = 1 if direction == "up" else -1
    while left:
        preferred = {"keep_direction": sign, "low": -1, "high": 1}[tie]
        best = min(left, key=lambda r: (abs(r - head), -(r - head) * preferred))
        if best != head:
            sign = 1 if best > head else -1
        left.remove(best)
        order.append(best)
        head = best
    return order


def mistakes(
    requests: list[int],
    head: int,
    policy: Policy,
    direction: Direction,
    max_cylinder: int,
    jump_counts: bool,
    sstf_tie: Tie,
    seek_per_cylinder: Fraction | None,
) -> Iterator[Mistake]:
    """Misconceptions: another algorithm, the other direction, the return, the way to the first request."""

    def measure(policy: Policy, direction: Direction, counts: bool) -> tuple[list[int], int]:
        order, legs = route(requests, head, policy, direction, max_cylinder, sstf_tie)
        stops = pairwise([head, *(to for to, _ in legs)])
        return order, sum(abs(b - a) for (a, b), (_, j) in zip(stops, legs, strict=True) if counts or not j)

    def wrong(why: str, found: tuple[list[int], int]) -> Mistake:
        order, total = found
        average = tidy(Fraction(total, len(requests)))
        return Mistake(why, {"total": total, "order": order, "average": average, "last": order[-1]})

    for other, name in NAMES.items():
        if other != policy:
            yield wrong(f"按{name}算法", measure(other, direction, jump_counts))
    flipped: Direction = "down" if direction == "up" else "up"
    yield wrong("移动方向弄反", measure(policy, flipped, jump_counts))
    order, total = measure(policy, direction, not jump_counts)
    yield wrong("返回的移动该不该计入弄反", (order, total))
    order, total = measure(policy, direction, jump_counts)
    yield Mistake("漏了从磁头当前位置到第一个请求的移动", {"total": total - abs(order[0] - head)})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Draw 5 to 9 requests; the circular algorithms come with difficulty."""
    count = 4 + difficulty
    pool: list[Policy] = ["FCFS", "SSTF", "LOOK"] if difficulty < 3 else ["SSTF", "SCAN", "C-SCAN", "C-LOOK"]
    policy = rng.choice(pool)
    direction: Direction = rng.choice(["up", "down"])
    while True:
        requests = rng.sample(range(5, 195), count)
        head = rng.choice([t for t in range(40, 160) if t not in requests])
        orders = [route(requests, head, policy, direction, 199, tie)[0] for tie in get_args(Tie)]
        if orders[0] == orders[1] == orders[2]:  # no tie of SSTF
            break
    toward = "增大" if direction == "up" else "减小"
    note = "，返回的移动计入总数" if policy in ("C-SCAN", "C-LOOK") else ""
    stem = (
        f"某磁盘的磁道编号为 0～199，磁头当前在 {head} 号磁道，正向磁道号{toward}的方向移动，"
        f"磁道请求依次为 {joined(requests, '，')}。采用{NAMES[policy]}算法{note}，磁头移动的总磁道数是（ ）。"
    )
    args = {"requests": requests, "head": head, "policy": policy, "direction": direction}
    return Draft(stem, args, "total")
