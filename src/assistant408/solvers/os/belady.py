"""Belady's anomaly (Belady 异常): page faults as the number of frames grows."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Annotated, get_args

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Plot, Series, Solution, Step, Table
from assistant408.solvers.os._replacement import Policy, simulate

__all__ = ["solve"]


@solver(
    "os.belady",
    title="Belady 异常的判定",
    summary="给出页面访问序列和置换算法，比较不同页框数下的缺页次数，判断增加页框时缺页是否反而增多（Belady 异常）。",
    syllabus=("os.memory.belady",),
    keywords=("Belady", "Belady异常", "增加页框", "缺页次数反而增加", "物理块数", "FIFO异常"),
    answers={
        "faults": Out("各页框数下的缺页次数", "次"),
        "anomaly": Out("是否出现 Belady 异常"),
        "anomalies": Out("出现异常的页框数"),
        "extra_faults": Out("从最少页框到最多页框，缺页次数的增加量", "次"),
    },
    examples=(
        {
            "refs": [1, 2, 3, 4, 1, 2, 5, 1, 2, 3, 4, 5],
            "min_frames": 3,
            "max_frames": 4,
            "policy": "FIFO",
        },
    ),
)
def solve(
    refs: Annotated[list[int], Param("页面访问序列", "依次访问的页号", min=0, min_len=1, max_len=500)],
    min_frames: Annotated[int, Param("最少页框数", "比较从这个页框数开始", min=1, max=64)] = 1,
    max_frames: Annotated[int, Param("最多页框数", "比较到这个页框数为止", min=1, max=64)] = 5,
    policy: Annotated[Policy, Param("置换算法")] = "FIFO",
) -> Solution:
    """Compare page faults over numbers of frames (Belady 异常).

    Args:
        refs: page numbers in order of access, 1 to 500 of them.
        min_frames, max_frames: the numbers of frames compared, both inclusive, 1 to 64.
        policy: which page is evicted.

    Returns:
        `faults` (number of frames, as text, to faults), `anomaly`, `anomalies` (numbers n of frames with more
        faults than n-1 frames), `extra_faults` (faults at `max_frames` less those at `min_frames`).

    Raises:
        InputError: `max_frames` is not above `min_frames`.

    Examples:
        >>> solve([1, 2, 3, 4, 1, 2, 5, 1, 2, 3, 4, 5], 3, 4).answer["faults"]
        {'3': 9, '4': 10}
        >>> solve([1, 2, 3, 4, 1, 2, 5, 1, 2, 3, 4, 5], 3, 4, "LRU").answer["anomaly"]
        False
        >>> solve([1, 2, 1, 2], 1, 2).answer["extra_faults"]  # fewer, as one expects
        -2

    Conventions:
        Frames are empty at first. Stack algorithms (LRU, OPT) never show the anomaly.

    Source:
        Belady, Nelson, Shedler, CACM 12(6), 1969; Silberschatz, Operating System Concepts, 10e, §10.4.2.
    """
    if max_frames <= min_frames:
        raise InputError(f"最多页框数 {max_frames!r} 应大于最少页框数 {min_frames!r}，请改大。")
    counts = range(min_frames, max_frames + 1)
    steps, faults = [], {}
    for n in counts:
        log = simulate(refs, n, policy)
        faults[n] = sum(a.fault for a in log)
        missed = Table(
            ["页框数", *map(str, refs)],
            [[str(n), *("×" if a.fault else "" for a in log)]],
            marks=[(0, i + 1) for i, a in enumerate(log) if a.fault],
        )
        steps.append(Step(f"页框数为 {n} 时，缺页 {faults[n]} 次（× 处）。", missed, credit=f"{n} 个页框的缺页次数"))
    worse = [n for n in counts if n > min_frames and faults[n] > faults[n - 1]]
    trend = "，".join(f"{n} 框 {f} 次" for n, f in faults.items())
    verdict = (
        f"页框增加到 {worse[0]} 时，缺页由 {faults[worse[0] - 1]} 次增为 {faults[worse[0]]} 次，出现 Belady 异常"
        if worse
        else "页框增加时缺页次数不增，没有出现 Belady 异常"
    )
    steps.append(
        Step(
            f"{trend}。{verdict}。",
            Plot([Series(policy, list(faults.items()))], x="页框数", y="缺页次数"),
            credit="判定并说明理由",
            gives={
                "faults": {str(n): f for n, f in faults.items()},
                "anomaly": bool(worse),
                "anomalies": worse,
                "extra_faults": faults[max_frames] - faults[min_frames],
            },
        )
    )
    return Solution(steps, ["页框最初全空，装入空页框也算缺页"])


def mistakes(refs: list[int], min_frames: int, max_frames: int, policy: Policy) -> Iterator[Mistake]:
    """Misconceptions: another policy, replacements instead of faults, the sign of the difference."""

    def difference(policy: Policy, only_evicting: bool = False) -> int:
        low, high = (
            sum(a.fault and (a.victim is not None or not only_evicting) for a in simulate(refs, n, policy))
            for n in (min_frames, max_frames)
        )
        return high - low

    right = difference(policy)
    yield Mistake("认为页框增加时缺页必然减少，把差的符号弄反", {"extra_faults": -right})
    yield Mistake("只数了需要淘汰的缺页", {"extra_faults": difference(policy, True)})
    yield Mistake("认为页框数不影响缺页次数", {"extra_faults": 0})
    for other in get_args(Policy):
        if other != policy:
            yield Mistake(f"按 {other} 算法淘汰", {"extra_faults": difference(other)})
    yield Mistake("认为每多一个页框就少缺页一次", {"extra_faults": min_frames - max_frames})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Draw from Belady's own string with new page numbers and a longer tail, or a random string."""
    if rng.random() < 0.6:
        names = rng.sample(range(1, 8), 5)
        refs = [names[i] for i in (0, 1, 2, 3, 0, 1, 4, 0, 1, 2, 3, 4)]
        refs += [rng.choice(names) for _ in range(difficulty - 1)]
    else:
        refs = [rng.randint(1, 5) for _ in range(10 + difficulty)]
    shown = "，".join(map(str, refs))
    stem = (
        f"某进程的页面访问序列为 {shown}，页框最初全空，采用 FIFO 置换算法。"
        "页框数由 3 增加到 4 时，缺页次数的增加量（减少记为负）是（ ）。"
    )
    args = {"refs": refs, "min_frames": 3, "max_frames": 4, "policy": "FIFO"}
    return Draft(stem, args, "extra_faults")
