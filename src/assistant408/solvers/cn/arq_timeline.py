"""ARQ (自动重传请求): frames, acknowledgements and retransmissions of GBN and SR over time."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Annotated

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Message, Solution, Step, Timeline
from assistant408.solvers.cn._arq import Log, Protocol, simulate
from assistant408.solvers.cn._show import joined

__all__ = ["solve"]

NAMES = {"SW": "停止-等待协议", "GBN": "后退 N 帧协议", "SR": "选择重传协议"}


@solver(
    "cn.arq_timeline",
    title="GBN 与 SR 的收发过程",
    summary="给出停等、GBN 或 SR 协议、发送窗口、帧数、丢失的帧或确认、超时时间，画出收发时序，求重传的帧、发送总帧数和完成时间。",
    syllabus=("cn.link.gbn", "cn.link.sr", "cn.link.stop-wait"),
    keywords=("GBN", "SR", "停等", "后退N帧", "选择重传", "重传", "丢失", "超时", "累积确认", "发送总帧数", "时序"),
    answers={
        "transmissions": Out("发送的总帧数", "帧"),
        "retransmitted": Out("依次重传的帧"),
        "sequence": Out("依次发送的帧"),
        "discarded": Out("接收方丢弃的帧"),
        "finish": Out("收到最后确认的时刻", "与输入同单位"),
    },
    examples=(
        {"frames": 6, "window": 4, "protocol": "GBN", "delay": 2, "timeout": 6, "lost": [2]},
        {"frames": 6, "window": 4, "protocol": "SR", "delay": 2, "timeout": 6, "lost": [2], "lost_acks": [0]},
    ),
)
def solve(
    frames: Annotated[int, Param("帧数", "要发送的帧数，编号从 0 起", min=1, max=40)],
    window: Annotated[int, Param("发送窗口", "单位帧，停等协议为 1", min=1, max=40)],
    protocol: Annotated[Protocol, Param("协议", "SW 停止-等待，GBN 后退 N 帧，SR 选择重传")] = "GBN",
    frame_time: Annotated[int, Param("一帧的发送时间", "任意时间单位，各时间同单位", min=1, max=10**6)] = 1,
    delay: Annotated[int, Param("单向传播时延", "与发送时间同单位", min=0, max=10**6)] = 1,
    timeout: Annotated[int | None, Param("超时时间", "从帧发完算起；不填取 2 倍传播时延加 1 帧发送时间", min=0)] = None,
    lost: Annotated[list[int], Param("丢失的帧", "第一次发送就丢失的帧号，从 0 起", min=0, max_len=40)] = [],  # noqa: B006
    lost_acks: Annotated[
        list[int], Param("丢失的确认", "第一次发出就丢失的确认号（确认的帧号），从 0 起", min=0, max_len=40)
    ] = [],  # noqa: B006
) -> Solution:
    """Follow a transfer with losses frame by frame (后退 N 帧与选择重传的过程).

    Args:
        frames: number of frames, 0 to `frames` - 1, at most 40.
        window: send window.
        protocol: the protocol; stop-and-wait is GBN with a window of 1.
        frame_time: time to send a frame.
        delay: one-way propagation delay.
        timeout: from the end of sending to the timeout, at least 2 × `delay`.
        lost: frames whose first copy is lost.
        lost_acks: frames whose first acknowledgement is lost.

    Returns:
        `transmissions` (first copies and repeats), `retransmitted`, `sequence`, `discarded`, `finish`.

    Raises:
        InputError: a frame that does not exist, or a timeout shorter than the round trip.

    Examples:
        >>> solve(4, 4, "GBN", lost=[1]).answer["sequence"]
        [0, 1, 2, 3, 1, 2, 3]
        >>> solve(4, 4, "SR", lost=[1]).answer["transmissions"]
        5
        >>> solve(1, 1, "SW").answer["finish"]  # nothing lost: sending and a round trip
        3
        >>> solve(3, 3, "GBN", lost_acks=[0]).answer["retransmitted"]  # the next acknowledgement covers it
        []

    Conventions:
        Each frame has its timer. GBN's receiver discards what is out of order and repeats its last
        acknowledgement; on a timeout everything from that frame on is sent again. SR repeats one frame.

    Source:
        谢希仁《计算机网络》第8版 §5.4; Kurose and Ross, Computer Networking, §3.4.
    """
    wait = _check(frames, window, protocol, frame_time, delay, timeout, lost, lost_acks)
    log = simulate(
        protocol,
        frames,
        window,
        frame_time=frame_time,
        delay=delay,
        timeout=wait,
        lost=lost,
        lost_acks=lost_acks,
    )
    steps = [_start(protocol, window, wait), *(_timeout_step(protocol, log, t, f) for t, f in log.timeouts)]
    steps.append(_end(log))
    return Solution(
        steps,
        ["每帧各有一个计时器，从该帧发完时启动", "忽略确认帧的发送时间", "丢失只发生在第一次发送时"],
    )


def _check(
    frames: int,
    window: int,
    protocol: Protocol,
    frame_time: int,
    delay: int,
    timeout: int | None,
    lost: list[int],
    lost_acks: list[int],
) -> int:
    for number in [*lost, *lost_acks]:
        if number >= frames:
            raise InputError(f"帧号 {number!r} 不存在，应在 0 到 {frames - 1} 之间。")
    if protocol == "SW" and window != 1:
        raise InputError(f"停止-等待协议的发送窗口 {window!r} 应为 1，请改正。")
    wait = 2 * delay + frame_time if timeout is None else timeout
    if wait < 2 * delay:
        raise InputError(f"超时时间 {wait!r} 短于往返时延 {2 * delay}，确认未到就会超时，请改大。")
    return wait


def _start(protocol: Protocol, window: int, wait: int) -> Step:
    rule = {
        "SW": "发一帧等一个确认",
        "GBN": "接收方只按序接收、丢弃失序的帧，确认是累积的；超时后从该帧起全部重传",
        "SR": "接收方逐帧接收和确认，失序的帧先缓存；只重传超时的帧",
    }[protocol]
    return Step(f"{NAMES[protocol]}：发送窗口 {window}，超时时间 {wait}；{rule}。", credit="写出协议规则")


def _timeout_step(protocol: Protocol, log: Log, time: int, frame: int) -> Step:
    later = [s.number for s in log.frames if s.again and s.start >= time]
    if protocol == "SR":
        return Step(f"时刻 {time}：{frame} 号帧超时，只重传 {frame} 号帧。", credit="判断重传的帧")
    run = [n for i, n in enumerate(later) if n == frame + i]
    return Step(f"时刻 {time}：{frame} 号帧超时，从它起重传已发送的 {joined(run)} 号帧。", credit="判断重传的帧")


def _end(log: Log) -> Step:
    frames = [
        Message("发送方", "接收方", s.start, s.end, f"{'重传 ' if s.again else ''}帧 {s.number}") for s in log.frames
    ]
    replies = [Message("接收方", "发送方", s.start, s.end, f"确认 {s.number}") for s in log.replies]
    messages = sorted([*frames, *replies], key=lambda m: m.start)
    again = [s.number for s in log.frames if s.again]
    order = [s.number for s in log.frames]
    return Step(
        f"依次发送 {joined(order)}，共 {len(order)} 帧，其中重传 {joined(again)}；时刻 {log.finish} 收到最后的确认。",
        Timeline(["发送方", "接收方"], messages, caption="没有终点的箭头表示丢失"),
        credit="画出收发过程",
        gives={
            "transmissions": len(order),
            "retransmitted": again,
            "sequence": order,
            "discarded": [f for _, f in log.discarded],
            "finish": log.finish,
        },
    )


def mistakes(
    frames: int,
    window: int,
    protocol: Protocol,
    frame_time: int,
    delay: int,
    timeout: int | None,
    lost: list[int],
    lost_acks: list[int],
) -> Iterator[Mistake]:
    """Misconceptions: the other protocol, no repeats counted, acknowledgements taken one by one."""
    wait = 2 * delay + frame_time if timeout is None else timeout

    def run(how: Protocol, size: int, gone: list[int], gone_acks: list[int]) -> dict[str, int | list[int]]:
        log = simulate(
            how, frames, size, frame_time=frame_time, delay=delay, timeout=wait, lost=gone, lost_acks=gone_acks
        )
        return {
            "transmissions": len(log.frames),
            "retransmitted": [s.number for s in log.frames if s.again],
            "sequence": [s.number for s in log.frames],
            "finish": log.finish,
        }

    other: Protocol = "GBN" if protocol == "SR" else "SR"
    yield Mistake(f"按{NAMES[other]}重传", run(other, window, lost, lost_acks))
    yield Mistake("没有计入重传的帧", run(protocol, window, [], []))
    yield Mistake("丢失的确认也当成丢失的帧", run(protocol, window, sorted({*lost, *lost_acks}), []))
    yield Mistake("发送窗口按 1 计算", run("GBN", 1, lost, lost_acks))
    yield Mistake("重传整个窗口", {"transmissions": frames + window * len({*lost, *lost_acks})})
    yield Mistake("所有帧都重传一遍", {"transmissions": 2 * frames})
    yield Mistake("每次丢失只多发一帧", {"transmissions": frames + len(lost) + len(lost_acks)})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """One lost frame at first, then lost acknowledgements and the finishing time."""
    frames, window = rng.randint(5, 6 + difficulty), rng.randint(3, 5)
    protocol: Protocol = rng.choice(["GBN", "SR"])
    lost = sorted(rng.sample(range(frames - 1), 1 + difficulty // 4))
    lost_acks = [] if difficulty < 3 else [rng.choice([f for f in range(frames) if f not in lost])]
    args = {"frames": frames, "window": window, "protocol": protocol, "lost": lost, "lost_acks": lost_acks}
    args |= {"frame_time": 1, "delay": 2, "timeout": 5}
    what = f"{joined(lost)} 号帧第一次发送时丢失"
    if lost_acks:
        what += f"，对 {lost_acks[0]} 号帧的第一个确认丢失"
    stem = (
        f"采用{NAMES[protocol]}（{protocol}）发送编号为 0~{frames - 1} 的 {frames} 个帧，发送窗口为 {window}，一帧的发送时间为 "
        f"1 ms，单向传播时延为 2 ms，超时时间为 5 ms（从帧发完算起），忽略确认帧的发送时间。若 {what}，其余传输均无差错，"
    )
    if difficulty == 5:
        return Draft(stem + "则从开始发送到收到最后一个确认共需（单位 ms）（ ）。", args, "finish")
    return Draft(stem + "则发送方共需发送的帧数（含重传）是（ ）。", args, "transmissions")
