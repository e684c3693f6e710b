"""Frames to resend (需要重传的帧): what GBN and SR send again after a timeout."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Annotated, Literal

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Solution, Step, Table
from assistant408.solvers.cn._show import joined

__all__ = ["solve"]

Protocol = Literal["GBN", "SR"]


@solver(
    "cn.arq_resend",
    title="GBN 与 SR 需要重传的帧",
    summary="已发送若干编号的帧，收到其中一些帧的确认后计时器超时，求采用 GBN 或 SR 协议时需要重传哪些帧、重传几帧。",
    syllabus=("cn.link.gbn", "cn.link.sr"),
    keywords=(
        "后退N帧",
        "GBN",
        "选择重传",
        "SR",
        "需要重发的帧数",
        "已经发送了编号为",
        "收到确认",
        "依次超时",
        "累积确认",
    ),
    answers={
        "count": Out("需要重传的帧数", "帧"),
        "resent": Out("需要重传的帧"),
    },
    examples=(
        {"protocol": "GBN", "last": 7, "acks": [0, 2, 3]},
        {"protocol": "SR", "last": 3, "acks": [1], "timed_out": [0, 2]},
    ),
)
def solve(
    protocol: Annotated[Protocol, Param("协议", "GBN 后退 N 帧，SR 选择重传")],
    last: Annotated[int, Param("已发送的最后一帧", "帧号", min=0, max=1000)],
    acks: Annotated[list[int], Param("收到确认的帧", "各确认所确认的帧号", min=0, max_len=1000)],
    first: Annotated[int, Param("已发送的第一帧", "帧号，通常为 0", min=0, max=1000)] = 0,
    timed_out: Annotated[
        list[int], Param("超时的帧", "SR 协议中已超时的帧号；不填则未确认的帧都超时", min=0, max_len=1000)
    ] = [],  # noqa: B006
) -> Solution:
    """Which frames are sent again at a timeout (需要重传的帧).

    Args:
        protocol: GBN with cumulative acknowledgements, or SR with one for each frame.
        last, first: the frames sent so far.
        acks: frames whose acknowledgement has come in.
        timed_out: SR only: frames whose timers have expired; all unacknowledged ones if empty.

    Returns:
        `count` and `resent`.

    Raises:
        InputError: a frame that was not sent, or one that is acknowledged and timed out.

    Examples:
        >>> solve("GBN", 7, [0, 2, 3]).answer
        {'count': 4, 'resent': [4, 5, 6, 7]}
        >>> solve("SR", 3, [1], timed_out=[0, 2]).answer["resent"]
        [0, 2]
        >>> solve("GBN", 3, [3]).answer["count"]  # everything is acknowledged
        0

    Conventions:
        A GBN acknowledgement of frame k covers all frames up to k.

    Source:
        谢希仁《计算机网络》第8版 §5.4; 408 真题 2009-35, 2011-35.
    """
    _check(first, last, acks, timed_out)
    sent = range(first, last + 1)
    if protocol == "GBN":
        done = max(acks, default=first - 1)
        again = [f for f in sent if f > done]
        how = f"最大的确认号是 {done}，累积确认表示 {done} 号及以前的帧都已收到" if acks else "没有收到任何确认"
        why = f"GBN：{how}，超时后重传其后已发送的所有帧：{joined(again)}，共 {len(again)} 帧。"
    else:
        again = sorted(timed_out) if timed_out else [f for f in sent if f not in acks]
        why = f"SR：每个确认只确认一帧，只重传超时的帧：{joined(again)}，共 {len(again)} 帧。"
    covered = (lambda f: f <= max(acks, default=-1)) if protocol == "GBN" else (lambda f: f in acks)
    rows = [[f, "√" if f in acks else "", "√" if covered(f) else "", "重传" if f in again else ""] for f in sent]
    table = Table(["帧号", "收到其确认", "已确认", "处理"], rows, [(f - first, 3) for f in again])
    return Solution([Step(why, table, credit="判断重传的帧", gives={"count": len(again), "resent": again})])


def _check(first: int, last: int, acks: list[int], timed_out: list[int]) -> None:
    for number in [*acks, *timed_out]:
        if not first <= number <= last:
            raise InputError(f"帧号 {number!r} 没有发送过，应在 {first} 到 {last} 之间。")
    for number in timed_out:
        if number in acks:
            raise InputError(f"{number!r} 号帧已确认，不会超时，请改正。")


def mistakes(protocol: Protocol, last: int, acks: list[int], first: int, timed_out: list[int]) -> Iterator[Mistake]:
    """Misconceptions: the other protocol, acknowledgements without accumulation, off by one."""
    sent = range(first, last + 1)
    single = [f for f in sent if f not in acks]
    from_gap = list(range(single[0], last + 1)) if single else []
    after = [f for f in sent if f > max(acks, default=first - 1)]
    if protocol == "GBN":
        yield Mistake("只重传没有收到确认的帧（当成 SR）", {"count": len(single), "resent": single})
        yield Mistake("从第一个缺失的确认起全部重传", {"count": len(from_gap), "resent": from_gap})
        again = [max(acks, default=first), *after]
        yield Mistake("连最后确认的帧也重传", {"count": len(again), "resent": again})
        yield Mistake("只重传超时的一帧", {"count": 1, "resent": after[:1]})
        yield Mistake("全部重传", {"count": len(sent), "resent": list(sent)})
    else:
        yield Mistake("按 GBN 从最大确认号之后全部重传", {"count": len(after), "resent": after})
        yield Mistake("重传所有未确认的帧，不管是否超时", {"count": len(single), "resent": single})
        yield Mistake("从第一个未确认的帧起全部重传", {"count": len(from_gap), "resent": from_gap})
        yield Mistake("全部重传", {"count": len(sent), "resent": list(sent)})
        yield Mistake("只重传一帧", {"count": 1, "resent": (timed_out or single)[:1]})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """A window of frames, some acknowledgements, a timeout."""
    last = rng.randint(4, 5 + difficulty)
    top = rng.randint(1, last - 2)
    acks = sorted({top, *rng.sample(range(top + 1), rng.randint(1, top + 1))} - {rng.randint(0, top - 1)})
    if difficulty % 2:
        stem = (
            f"数据链路层采用后退 N 帧（GBN）协议，发送方已经发送了编号为 0~{last} 的帧。当计时器超时时，若发送方只收到 "
            f"{joined(acks)} 号帧的确认，则发送方需要重发的帧数是（ ）。"
        )
        return Draft(stem, {"protocol": "GBN", "last": last, "acks": acks}, "count")
    waiting = [f for f in range(last + 1) if f not in acks]
    timed_out = waiting[: max(1, len(waiting) - 1)]
    stem = (
        f"数据链路层采用选择重传协议（SR）传输数据，发送方已发送了 0~{last} 号数据帧，现已收到 {joined(acks)} 号帧的确认，"
        f"而 {joined(timed_out)} 号帧依次超时，则此时需要重传的帧数是（ ）。"
    )
    return Draft(stem, {"protocol": "SR", "last": last, "acks": acks, "timed_out": timed_out}, "count")
