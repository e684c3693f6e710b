"""Congestion window (拥塞窗口): cwnd round by round under Tahoe and Reno, and the send window."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Cell, Plot, Series, Solution, Step, Table, Value
from assistant408.solvers.cn._show import joined

__all__ = ["Loss", "solve"]

Algorithm = Literal["RENO", "TAHOE"]
Kind = Literal["timeout", "dup3"]
LIMIT = 2000  # rounds that are searched for a target
UNLIMITED = 2**60  # a threshold that was never given


@dataclass(frozen=True)
class Loss:
    """A loss that shows in a round."""

    round: Annotated[int, Param("轮次", "在第几轮发现，从 1 起", min=1, max=500)]
    kind: Annotated[Kind, Param("发现方式", "timeout 超时，dup3 收到 3 个重复确认")]


@dataclass(frozen=True)
class _Setting:
    """How the window moves, in MSS."""

    algorithm: Algorithm
    add_three: bool

    def grow(self, cwnd: int, threshold: int) -> int:
        """The window after a round without loss."""
        return min(2 * cwnd, threshold) if cwnd < threshold else cwnd + 1

    def shrink(self, cwnd: int, kind: Kind) -> tuple[int, int]:
        """The window and the threshold after a loss."""
        threshold = max(2, cwnd // 2)
        if kind == "timeout" or self.algorithm == "TAHOE":
            return 1, threshold
        return threshold + (3 if self.add_three else 0), threshold


@dataclass(frozen=True)
class _Round:
    """A round: the window and threshold that it is sent with, and the loss that it ends with."""

    cwnd: int
    threshold: int
    loss: Kind | None


@solver(
    "cn.congestion_window",
    title="TCP 拥塞窗口的变化",
    summary="给出初始拥塞窗口、慢开始门限、每轮的超时或 3 个重复确认，求各传输轮次（RTT）的 cwnd、ssthresh，以及接收窗口限制下的发送窗口、"
    "达到某窗口所需的 RTT 数和发送的报文段数。",
    syllabus=("cn.transport.slow-start", "cn.transport.fast-recovery", "cn.transport.send-window"),
    keywords=(
        *("拥塞窗口", "cwnd", "ssthresh", "慢开始", "慢启动", "拥塞避免", "快重传", "快恢复", "门限", "阈值"),
        *("超时", "重复确认", "Reno", "Tahoe", "发送窗口", "接收窗口", "rwnd", "RTT", "传输轮次", "MSS", "接收缓存"),
    ),
    answers={
        "cwnd": Out("最后的拥塞窗口", "MSS"),
        "ssthresh": Out("最后的慢开始门限", "MSS"),
        "send_window": Out("最后的发送窗口", "MSS"),
        "cwnd_by_round": Out("各轮的拥塞窗口", "MSS"),
        "ssthresh_by_round": Out("各轮的慢开始门限", "MSS"),
        "send_window_by_round": Out("各轮的发送窗口", "MSS"),
        "segments_sent": Out("共发送的报文段数", "段"),
        "rounds_to_target": Out("达到目标窗口所需的 RTT 数", "个"),
        "time_to_target_ms": Out("达到目标窗口所需的时间", "ms"),
    },
    examples=(
        {"ssthresh": 16, "rounds": 16, "losses": [{"round": 13, "kind": "timeout"}]},
        {"initial_cwnd": 16, "rounds": 5, "losses": [{"round": 1, "kind": "timeout"}]},
        {"ssthresh": 32, "rounds": 4, "buffer": 16},
    ),
)
def solve(
    rounds: Annotated[int, Param("经过的轮数", "经过几个 RTT；发生损失的那一轮也算一轮", min=0, max=500)] = 0,
    ssthresh: Annotated[int | None, Param("慢开始门限", "单位 MSS；题目没有给出则不填", min=1, max=2**30)] = None,
    initial_cwnd: Annotated[int, Param("初始拥塞窗口", "第 1 轮的 cwnd，单位 MSS", min=1, max=2**20)] = 1,
    losses: Annotated[list[Loss], Param("损失", "轮次:timeout 或 轮次:dup3，如 12:timeout, 20:dup3", max_len=100)] = [],  # noqa: B006
    algorithm: Annotated[Algorithm, Param("算法", "RENO 有快恢复，TAHOE 收到重复确认也从 1 开始")] = "RENO",
    rwnd: Annotated[int | None, Param("接收窗口", "始终不变的接收窗口，单位 MSS", min=0, max=2**30)] = None,
    buffer: Annotated[
        int | None, Param("接收缓存", "收到的数据不被取走时的缓存大小，单位 MSS", min=1, max=2**30)
    ] = None,
    target: Annotated[int | None, Param("目标窗口", "问达到多大发送窗口需多久时填，单位 MSS", min=1, max=2**20)] = None,
    rtt_ms: Annotated[int, Param("RTT", "单位 ms，只用于求时间", min=1, max=10**6)] = 1,
    add_three: Annotated[
        bool, Param("快恢复加 3", "快恢复时 cwnd=ssthresh+3（RFC 5681）；408 取 cwnd=ssthresh")
    ] = False,
) -> Solution:
    """Follow the congestion window round by round (拥塞窗口).

    Args:
        rounds: round trips that pass; the answer is the window after them.
        ssthresh: slow-start threshold in MSS; no limit if it isn't given.
        initial_cwnd: window of round 1.
        losses: rounds that end with a timeout or with three duplicate ACKs.
        algorithm: Reno, or Tahoe, which restarts at 1 after duplicate ACKs too.
        rwnd: receive window that stays the same.
        buffer: receive buffer from which nothing is read; the receive window is what is left.
        target: send window to wait for.
        rtt_ms: round-trip time.
        add_three: whether fast recovery starts at ssthresh + 3.

    Returns:
        After `rounds`: `cwnd`, `ssthresh`, `send_window` = min(cwnd, receive window). `cwnd_by_round` and the others
        list rounds 1 to `rounds` + 1. `segments_sent` in the first `rounds`. With `target`, `rounds_to_target` and
        `time_to_target_ms`. A threshold that is not known yet is `None`.

    Raises:
        InputError: two losses in a round, a loss after the last round, both `rwnd` and `buffer`, or a target that
            isn't reached.

    Examples:
        >>> solve(4, ssthresh=8).answer["cwnd_by_round"]
        [1, 2, 4, 8, 9]
        >>> solve(5, initial_cwnd=16, losses=[Loss(1, "timeout")]).answer["cwnd"]
        9
        >>> solve(2, ssthresh=3).answer["cwnd"]  # doubling stops at the threshold
        3
        >>> solve(4, ssthresh=32, buffer=16).answer["send_window"]
        1

    Conventions:
        Each round acknowledges the whole window: cwnd doubles below ssthresh, but not past it, then grows by 1. A
        loss sets ssthresh to half of cwnd (at least 2, rounded down). cwnd grows even where rwnd limits sending.

    Source:
        RFC 5681; 谢希仁《计算机网络》第8版 §5.8; 408 真题 2009-39, 2015-39, 2017-39, 2020.
    """
    _check(rounds, losses, rwnd, buffer)
    setting = _Setting(algorithm, add_three)
    kinds: dict[int, Kind] = {loss.round: loss.kind for loss in losses}
    wanted = rounds + 1 if target is None else max(rounds + 1, LIMIT)
    log = _run(setting, initial_cwnd, ssthresh or UNLIMITED, kinds, wanted)
    windows, sent = _send_windows([r.cwnd for r in log], rwnd, buffer)
    steps = _stages(log[: rounds + 1])
    steps.append(_picture(log[: rounds + 1], windows, rwnd is not None or buffer is not None))
    steps.append(_end(log[: rounds + 1], windows, sum(sent[:rounds]), rwnd, buffer))
    if target is not None:
        steps.append(_target(windows, target, rtt_ms))
    return Solution(steps, _conventions(algorithm, add_three))


def _check(rounds: int, losses: Sequence[Loss], rwnd: int | None, buffer: int | None) -> None:
    numbers = [loss.round for loss in losses]
    if len(set(numbers)) < len(numbers):
        raise InputError(f"损失的轮次 {numbers!r} 有重复，每轮只写一次，请改正。")
    for number in numbers:
        if number > rounds:
            raise InputError(f"第 {number!r} 轮的损失在经过的 {rounds} 轮之后，请增大轮数。")
    if rwnd is not None and buffer is not None:
        raise InputError(f"接收窗口 {rwnd!r} 与接收缓存 {buffer!r} 只能给出一个，请去掉一个。")


def _run(setting: _Setting, cwnd: int, threshold: int, losses: dict[int, Kind], rounds: int) -> list[_Round]:
    log = []
    for number in range(1, rounds + 1):
        loss = losses.get(number)
        log.append(_Round(cwnd, threshold, loss))
        if loss:
            cwnd, threshold = setting.shrink(cwnd, loss)
        else:
            cwnd = setting.grow(cwnd, threshold)
    return log


def _send_windows(cwnds: Sequence[int], rwnd: int | None, buffer: int | None) -> tuple[list[int], list[int]]:
    """The send window at the start of each round, and the segments sent in it."""
    windows = []
    left = buffer
    for cwnd in cwnds:
        limit = rwnd if left is None else left
        window = cwnd if limit is None else min(cwnd, limit)
        windows.append(window)
        if left is not None:
            left -= window
    return windows, windows


def _stages(log: Sequence[_Round]) -> list[Step]:
    """One step for each stretch of slow start or congestion avoidance, and one for each loss."""
    steps = []
    start = 0
    for i, now in enumerate(log):
        last = i + 1 == len(log)
        phase = _phase(now)
        if last or now.loss or _phase(log[i + 1]) != phase:
            values = joined([r.cwnd for r in log[start : i + 1]], "，")
            how = "每经过一个 RTT 加倍，但不超过门限" if phase == "慢开始" else "每经过一个 RTT 加 1"
            span = f"第 {start + 1} 轮" if start == i else f"第 {start + 1}~{i + 1} 轮"
            steps.append(
                Step(f"{span}：{phase}（{_limit(now.threshold)}），cwnd 为 {values}，{how}。", credit="逐轮写出 cwnd")
            )
            start = i + 1
        if now.loss and not last:
            cause = "超时" if now.loss == "timeout" else "收到 3 个重复确认"
            after = log[i + 1]
            steps.append(
                Step(
                    f"第 {i + 1} 轮{cause}：门限减半为 $\\max(2,\\lfloor{now.cwnd}/2\\rfloor)={after.threshold}$，"
                    f"cwnd 置为 {after.cwnd}，"
                    + ("执行慢开始。" if after.cwnd < after.threshold else "执行拥塞避免（快恢复）。"),
                    credit="损失后调整门限与 cwnd",
                )
            )
    return steps


def _shown(threshold: int) -> int | None:
    """The threshold, or nothing if there is none yet."""
    return None if threshold == UNLIMITED else threshold


def _limit(threshold: int) -> str:
    return "没有给出门限" if threshold == UNLIMITED else f"门限 {threshold}"


def _phase(now: _Round) -> str:
    return "慢开始" if now.cwnd < now.threshold else "拥塞避免"


def _picture(log: Sequence[_Round], windows: Sequence[int], limited: bool) -> Step:
    series = [Series("cwnd", [(i, r.cwnd) for i, r in enumerate(log, 1)])]
    if max(r.threshold for r in log) <= 4 * max(r.cwnd for r in log):
        series.append(Series("ssthresh", [(i, r.threshold) for i, r in enumerate(log, 1)]))
    if limited:
        series.append(Series("发送窗口", list(enumerate(windows[: len(log)], 1))))
    return Step("cwnd 随轮次的变化如图。", Plot(series, x="传输轮次", y="窗口（MSS）"), credit="画出 cwnd 的变化曲线")


def _end(log: Sequence[_Round], windows: Sequence[int], sent: int, rwnd: int | None, buffer: int | None) -> Step:
    last, window = log[-1], windows[len(log) - 1]
    shown = log[-24:]
    first = len(log) - len(shown) + 1
    rows: list[list[Cell]] = [
        ["cwnd", *(r.cwnd for r in shown)],
        ["ssthresh", *(_shown(r.threshold) for r in shown)],
        ["发送窗口", *windows[first - 1 : len(log)]],
        ["损失", *({"timeout": "超时", "dup3": "3 个重复确认", None: ""}[r.loss] for r in shown)],
    ]
    limit = ""
    if rwnd is not None:
        limit = f"，发送窗口 $=\\min({last.cwnd},{rwnd})={window}$"
    if buffer is not None:
        left = buffer - sent
        limit = (
            f"；缓存中已有 {sent}，接收窗口 ${buffer}-{sent}={left}$，发送窗口 $=\\min({last.cwnd},{left})={window}$"
        )
    return Step(
        f"经过 {len(log) - 1} 轮后 cwnd 为 {last.cwnd}，{_limit(last.threshold)}{limit}（单位 MSS）。",
        Table(["轮次", *(str(i) for i in range(first, len(log) + 1))], rows, [(0, len(shown)), (1, len(shown))]),
        credit="求发送窗口",
        gives={
            "cwnd": last.cwnd,
            "ssthresh": _shown(last.threshold),
            "send_window": window,
            "cwnd_by_round": [r.cwnd for r in log],
            "ssthresh_by_round": [_shown(r.threshold) for r in log],
            "send_window_by_round": list(windows[: len(log)]),
            "segments_sent": sent,
        },
    )


def _target(windows: Sequence[int], target: int, rtt_ms: int) -> Step:
    needed = next((i for i, w in enumerate(windows) if w >= target), None)
    if needed is None:
        raise InputError(f"目标窗口 {target!r} 在 {LIMIT} 轮内达不到，请检查接收窗口或减小目标。")
    gives: dict[str, Value] = {"rounds_to_target": needed, "time_to_target_ms": needed * rtt_ms}
    return Step(
        f"发送窗口第一次达到 {target} 是在经过 {needed} 个 RTT 之后，需 ${needed}\\times{rtt_ms}={needed * rtt_ms}$ ms。",
        credit="求达到目标窗口的时间",
        gives=gives,
    )


def _conventions(algorithm: Algorithm, add_three: bool) -> list[str]:
    out = [
        "每轮的报文段全部得到确认后 cwnd 才增大",
        "慢开始加倍时不超过门限",
        "损失时门限取 cwnd 的一半，向下取整，不小于 2",
    ]
    if algorithm == "TAHOE":
        return [*out, "Tahoe：超时和 3 个重复确认都把 cwnd 置为 1"]
    return [*out, f"Reno：3 个重复确认后 cwnd=ssthresh{'+3' if add_three else ''}"]


def mistakes(
    rounds: int,
    ssthresh: int | None,
    initial_cwnd: int,
    losses: list[Loss],
    algorithm: Algorithm,
    rwnd: int | None,
    buffer: int | None,
    target: int | None,
    rtt_ms: int,
    add_three: bool,
) -> Iterator[Mistake]:
    """Misconceptions: one round off, no threshold, the wrong reaction to a loss, no receive window."""
    kinds: dict[int, Kind] = {loss.round: loss.kind for loss in losses}

    def view(log: Sequence[_Round], at: int = rounds) -> dict[str, Value]:
        windows, sent = _send_windows([r.cwnd for r in log], rwnd, buffer)
        out: dict[str, Value] = {
            "cwnd": log[at].cwnd,
            "ssthresh": _shown(log[at].threshold),
            "send_window": windows[at],
        }
        out |= {"segments_sent": sum(sent[:at]), "cwnd_by_round": [r.cwnd for r in log[: at + 1]]}
        needed = next((i for i, w in enumerate(windows) if target is not None and w >= target), None)
        return out if needed is None else out | {"rounds_to_target": needed, "time_to_target_ms": needed * rtt_ms}

    size = max(rounds + 3, 300 if target else 0)
    setting, start = _Setting(algorithm, add_three), ssthresh or UNLIMITED
    right = _run(setting, initial_cwnd, start, kinds, size)
    yield Mistake("多数了一轮", view(right, rounds + 1))
    if rounds:
        yield Mistake("少数了一轮", view(right, rounds - 1))
    other: Algorithm = "TAHOE" if algorithm == "RENO" else "RENO"
    yield Mistake(
        f"按 {other.title()} 处理重复确认", view(_run(_Setting(other, add_three), initial_cwnd, start, kinds, size))
    )
    flipped: dict[int, Kind] = {n: "dup3" if k == "timeout" else "timeout" for n, k in kinds.items()}
    yield Mistake("把超时与重复确认的处理弄反", view(_run(setting, initial_cwnd, start, flipped, size)))
    yield Mistake("没有处理损失", view(_run(setting, initial_cwnd, start, {}, size)))
    yield Mistake("不受门限限制，一直加倍", view(_run(setting, initial_cwnd, UNLIMITED, {}, rounds + 3)))
    yield Mistake("从一开始就每轮加 1", view(_run(setting, initial_cwnd, 1, kinds, size)))
    yield Mistake("快恢复时加了 3", view(_run(_Setting(algorithm, True), initial_cwnd, start, kinds, size)))
    last = right[rounds]
    yield Mistake("没有考虑接收窗口", {"send_window": last.cwnd})
    if rwnd is not None:
        yield Mistake("发送窗口取了接收窗口", {"send_window": rwnd})
    if buffer is not None:
        yield Mistake("没有扣除缓存中的数据", {"send_window": min(last.cwnd, buffer)})
    if target is not None:
        needed = view(right).get("rounds_to_target")
        if isinstance(needed, int):
            for shift, why in ((1, "多数了一个 RTT"), (-1, "少数了一个 RTT")):
                n = needed + shift
                yield Mistake(why, {"rounds_to_target": n, "time_to_target_ms": n * rtt_ms})
            yield Mistake("窗口每轮加 1", {"time_to_target_ms": (target - initial_cwnd) * rtt_ms})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Timeouts and what follows, receive buffers, and the time to reach a window."""
    if difficulty == 1:
        window, after = rng.choice([12, 16, 20, 24, 32]), rng.randint(3, 5)
        stem = (
            f"一个 TCP 连接总是以 1 KB 的最大段长发送 TCP 段，发送方有足够多的数据要发送。当拥塞窗口为 {window} KB 时发生了超时，"
            f"如果接下来的 {after} 个 RTT（往返时间）内的 TCP 段的传输都是成功的，那么当第 {after} 个 RTT 内发送的所有 TCP 段都"
            "得到肯定应答时，拥塞窗口大小（单位 KB）是（ ）。"
        )
        args = {"initial_cwnd": window, "rounds": after + 1, "losses": [Loss(1, "timeout")]}
        return Draft(stem, args, "cwnd")
    if difficulty == 2:
        target, rtt = rng.choice([8, 16, 32]), rng.choice([2, 5, 10])
        stem = (
            f"若甲向乙发起一个 TCP 连接，最大段长 MSS=1 KB，RTT={rtt} ms，乙开辟的接收缓存为 64 KB，则甲从连接建立成功至发送窗口"
            f"达到 {target} KB，需经过的时间至少是（单位 ms）（ ）。"
        )
        return Draft(stem, {"target": target, "rtt_ms": rtt, "rwnd": 64}, "time_to_target_ms")
    if difficulty == 3:
        buffer, rounds = rng.choice([16, 20, 24, 32]), rng.randint(3, 4)
        stem = (
            "主机甲和主机乙新建一个 TCP 连接，甲的拥塞控制初始阈值为 32 KB，甲向乙始终以 MSS=1 KB 大小的段发送数据，并一直有数据发送；"
            f"乙为该连接分配 {buffer} KB 接收缓存，并对每个数据段进行确认，忽略段传输延迟。若乙收到的数据全部存入缓存，不被取走，"
            f"则甲从连接建立成功时刻起，未出现发送超时的情况下，经过 {rounds} 个 RTT 后，甲的发送窗口（单位 KB）是（ ）。"
        )
        return Draft(stem, {"rounds": rounds, "ssthresh": 32, "buffer": buffer}, "send_window")
    threshold, first = rng.choice([8, 16]), rng.randint(6, 9)
    kind: Kind = rng.choice(["timeout", "dup3"])
    rounds = first + rng.randint(2, 5)
    args = {"ssthresh": threshold, "rounds": rounds, "losses": [Loss(first, kind)]}
    what = "发生超时" if kind == "timeout" else "收到 3 个重复的确认"
    stem = (
        f"一个 TCP Reno 连接的初始拥塞窗口为 1 个 MSS，慢开始门限为 {threshold} 个 MSS，第 1 个传输轮次的拥塞窗口为 1。"
        f"若在第 {first} 个传输轮次{what}，此后没有丢失，"
    )
    if difficulty == 4:
        return Draft(f"{stem}则第 {rounds + 1} 个传输轮次的拥塞窗口（单位 MSS）是（ ）。", args, "cwnd")
    args["algorithm"] = "RENO"
    return Draft(f"{stem}则前 {rounds} 个传输轮次共发送的报文段数（含丢失的）是（ ）。", args, "segments_sent")
