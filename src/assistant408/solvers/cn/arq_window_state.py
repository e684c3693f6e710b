"""Where the send window may be, given what the receiver awaits (发送窗口的可能位置)."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Annotated, Literal

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Solution, Step, Table

__all__ = ["solve"]


@solver(
    "cn.arq_window_state",
    title="滑动窗口的可能位置",
    summary="给出帧序号的比特数、发送窗口大小和接收方正期待的帧号，求此时发送窗口内可能的序号；判断给出的发送窗口和接收窗口大小是否会使新旧帧混淆。",
    syllabus=("cn.link.gbn", "cn.link.sr", "cn.link.sliding-window"),
    keywords=("发送窗口内的序号", "可能的发送窗口", "期待", "窗口的位置", "窗口大小之和", "序号混淆", "新旧帧"),
    answers={
        "windows": Out("可能的发送窗口"),
        "possible": Out("给出的发送窗口是否可能"),
        "count": Out("可能的位置数", "种"),
    },
    examples=({"bits": 3, "window": 4, "expected": 5}, {"bits": 3, "window": 4, "expected": 5, "shown": [6, 7, 0, 1]}),
)
def solve(
    bits: Annotated[int, Param("序号的比特数", min=1, max=16)],
    window: Annotated[int, Param("发送窗口大小", min=1, max=2**15)],
    expected: Annotated[int, Param("接收方期待的帧号", "此前各帧都已正确收到", min=0)],
    shown: Annotated[
        list[int] | None, Param("要判断的发送窗口", "其中的序号，按次序；不判断时不填", max_len=2**15)
    ] = None,
    protocol: Annotated[Literal["GBN", "SR"], Param("协议", "GBN 后退 N 帧，SR 选择重传")] = "GBN",
) -> Solution:
    """The window begins anywhere from W before the frame awaited up to it (发送窗口的可能位置).

    Args:
        bits: of a sequence number.
        window: size of the send window.
        expected: the frame that the receiver awaits; all before it came, their acknowledgements perhaps not.
        shown: numbers of a window that is to be judged.
        protocol: GBN lets the window be 2^n − 1, SR 2^(n − 1).

    Returns:
        `windows`: the numbers in each possible window, the oldest first; `count`; `possible`, if `shown` is given.

    Raises:
        InputError: a window too large for the numbers, or a frame number too large.

    Examples:
        >>> solve(2, 2, 0).answer["windows"]
        [[2, 3], [3, 0], [0, 1]]
        >>> solve(3, 4, 5, [6, 7, 0, 1]).answer["possible"]
        False

    Source:
        Kurose & Ross《计算机网络：自顶向下方法》第7版 §3.4; 谢希仁 §5.4.
    """
    space = 1 << bits
    most = space - 1 if protocol == "GBN" else space // 2
    if window > most:
        raise InputError(f"发送窗口 {window} 太大：{bits} 位序号时至多为 {most}，请改小。")
    if expected >= space:
        raise InputError(f"期待的帧号 {expected} 超出 {bits} 位序号的范围 0～{space - 1}，请改正。")
    windows = [[(expected - back + i) % space for i in range(window)] for back in range(window, -1, -1)]
    rows: list[list[int | str]] = [[w[0], "、".join(map(str, w[:16]))] for w in windows]
    steps = [
        Step(
            f"接收方期待 {expected} 号帧，说明此前的帧都已收到。若它们的确认都已到达，窗口从 {expected} 开始；"
            f"若最近 {window} 帧的确认都没有到达，窗口从 {windows[0][0]} 开始；其间都有可能，共 {window + 1} 种。",
            Table(["窗口的起点", "窗口内的序号"], rows[:32]),
            credit="求窗口的可能位置",
            gives={"windows": windows, "count": len(windows)},
        )
    ]
    if shown is not None:
        ok = shown in windows
        word = "在其中，可能" if ok else "不在其中，不可能"
        steps.append(Step(f"窗口 {'、'.join(map(str, shown))} {word}。", credit="对照", gives={"possible": ok}))
    return Solution(steps)


def mistakes(bits: int, window: int, expected: int, shown: list[int] | None, protocol: str) -> Iterator[Mistake]:
    """Misconceptions: one place only, one too few or too many, all the numbers."""
    yield Mistake("以为窗口的位置是唯一的", {"count": 1})
    yield Mistake("漏了确认都已到达的情况", {"count": window})
    yield Mistake("多算一种", {"count": window + 2})
    yield Mistake("取为序号的个数", {"count": 1 << bits})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """How many places there are."""
    bits = rng.choice([3, 4])
    window, expected = rng.randint(2, 2**bits - 3), rng.randrange(2**bits)
    stem = (
        f"后退 N 帧协议用 {bits} bit 编号，发送窗口大小为 {window}。某时刻接收方正期待 {expected} 号帧，"
        "此前的帧都已正确收到，但确认可能丢失，则此时发送窗口可能的位置有（ ）。"
    )
    return Draft(stem, {"bits": bits, "window": window, "expected": expected}, "count")
