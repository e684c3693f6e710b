"""Sliding window (滑动窗口): utilization, rate, window and sequence bits of stop-and-wait, GBN and SR."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, Literal

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Message, Solution, Step, Timeline, Value
from assistant408.solvers.cn import _quantity as q
from assistant408.solvers.cn._show import decimal, equals, percent, power, rate_text, ratio, tidy, time_text

__all__ = ["solve"]

Protocol = Literal["SW", "GBN", "SR"]

NAMES = {"SW": "停止-等待协议", "GBN": "后退 N 帧协议", "SR": "选择重传协议"}
DRAWN = 6  # frames that the timeline shows


@dataclass(frozen=True)
class _Line:
    """A line and its frames, in b/s and seconds; `window` frames may be outstanding."""

    protocol: Protocol
    rate: Fraction
    frame: Fraction
    reply: Fraction
    round_trip: Fraction
    window: int

    @property
    def sending(self) -> Fraction:
        return self.frame / self.rate

    @property
    def cycle(self) -> Fraction:
        """From the start of a frame to the receipt of its acknowledgement."""
        return self.sending + self.round_trip + self.reply / self.rate

    @property
    def utilization(self) -> Fraction:
        return min(Fraction(1), self.window * self.sending / self.cycle)

    @property
    def full_window(self) -> int:
        """The smallest window that keeps the sender busy."""
        return -(-self.cycle // self.sending)


def _bits_for(protocol: Protocol, window: int) -> int:
    """Sequence bits that a send window needs: GBN 2^n - 1, SR 2^(n-1).

    Examples:
        >>> _bits_for("GBN", 7), _bits_for("GBN", 8), _bits_for("SR", 8), _bits_for("SW", 1)
        (3, 4, 4, 1)
    """
    numbers = {"SW": 2, "GBN": window + 1, "SR": 2 * window}[protocol]
    return (numbers - 1).bit_length()


def _greatest(protocol: Protocol, bits: int) -> int:
    return {"SW": 1, "GBN": (1 << bits) - 1, "SR": 1 << (bits - 1)}[protocol]


@solver(
    "cn.sliding_window",
    title="滑动窗口协议的信道利用率与窗口",
    summary="给出停等、GBN 或 SR 协议的数据率、帧长、单向传播时延（或 RTT）、发送窗口或序号位数，求信道利用率、最大平均数据率、"
    "最大发送窗口、使利用率最高所需的窗口和序号位数；或由目标利用率求最短帧长。",
    syllabus=(
        *("cn.link.utilization", "cn.link.sliding-window", "cn.link.stop-wait"),
        *("cn.link.gbn", "cn.link.sr"),
    ),
    keywords=(
        *("信道利用率", "停等协议", "停止-等待", "后退N帧", "GBN", "选择重传", "SR", "滑动窗口", "发送窗口"),
        *("序号位数", "帧序号", "最大平均数据传输速率", "确认帧", "捎带确认", "接收窗口", "比特编号"),
    ),
    answers={
        "utilization": Out("信道利用率"),
        "max_rate_bps": Out("最大平均数据率", "b/s"),
        "window": Out("发送窗口", "帧"),
        "max_window": Out("序号位数允许的最大发送窗口", "帧"),
        "full_window": Out("使利用率最高的最小发送窗口", "帧"),
        "seq_bits": Out("使利用率最高的最少序号位数", "bit"),
        "receive_window": Out("最大接收窗口", "帧"),
        "min_frame_bits": Out("达到目标利用率的最短帧长", "bit"),
    },
    examples=(
        {"rate": "16kb/s", "frame": "128B", "delay": "270ms", "protocol": "GBN", "window": 4},
        {"rate": "100Mb/s", "frame": "1000B", "delay": "50ms", "protocol": "GBN", "window": 1000},
        {"rate": "3kb/s", "delay": "200ms", "protocol": "SW", "target": 0.4},
    ),
)
def solve(
    rate: Annotated[str, Param("数据率", q.RATE_HELP)],
    frame: Annotated[str | None, Param("数据帧长", "长度不定时填最短者；由目标利用率求帧长时不填，如 1000B")] = None,
    delay: Annotated[str | None, Param("单向传播时延", "如 270ms；与往返时延填一个")] = None,
    rtt: Annotated[str | None, Param("往返传播时延", "RTT，不含发送时延；与单向传播时延填一个")] = None,
    protocol: Annotated[Protocol, Param("协议", "SW 停止-等待，GBN 后退 N 帧，SR 选择重传")] = "SW",
    window: Annotated[int | None, Param("发送窗口", "单位帧；不填时取序号位数允许的最大值", min=1, max=2**32)] = None,
    bits: Annotated[int | None, Param("序号位数", "帧序号（编号）的比特数", min=1, max=32)] = None,
    ack: Annotated[str, Param("确认帧长", "忽略时填 0B；" + q.SIZE_HELP)] = "0B",
    piggyback: Annotated[bool, Param("确认帧与数据帧等长", "捎带确认，或题目说明两者等长")] = False,
    target: Annotated[Fraction | None, Param("目标利用率", "求最短帧长时填，如 40%", min=0, max=1)] = None,
) -> Solution:
    """Channel utilization of a sliding-window protocol (信道利用率).

    Args:
        rate: data rate of the line, such as ``100Mb/s``.
        frame: length of a data frame; not needed with `target`.
        delay, rtt: one-way or round-trip propagation delay, one of the two.
        protocol: stop-and-wait, go-back-N or selective repeat.
        window: send window in frames, 1 or more; the greatest for `bits` if left out.
        bits: bits of a sequence number, 1 to 32.
        ack: length of an acknowledgement; `piggyback` makes it as long as a data frame.
        target: utilization to reach, above 0.

    Returns:
        `utilization`, `max_rate_bps`, `window`; `full_window` and `seq_bits` that keep the sender busy; with
        `bits`, `max_window` and `receive_window`; with `target`, `min_frame_bits`.

    Raises:
        InputError: no delay, no window, a window too great for the sequence numbers, or a target out of reach.

    Examples:
        >>> solve("10kb/s", "1000B", "200ms", piggyback=True).answer["utilization"]
        Fraction(2, 5)
        >>> solve("3kb/s", delay="200ms", target=Fraction(2, 5)).answer["min_frame_bits"]
        800
        >>> solve("1Mb/s", "1000bit", "0ms", protocol="GBN", window=1).answer["utilization"]  # no delay at all
        1
        >>> solve("1kb/s", "1000bit", "1s", protocol="GBN", window=3).answer["full_window"]  # exactly enough
        3

    Conventions:
        The receiver acknowledges each frame at once. GBN: window ≤ 2^n - 1. SR: send + receive ≤ 2^n, and the
        greatest send window is 2^(n-1), both windows being equal.

    Source:
        谢希仁《计算机网络》第8版 §5.4; 408 真题 2012-36, 2014-36, 2018-36, 2019-35, 2020-36.
    """
    line = _parse(rate, frame, delay, rtt, protocol, window, bits, ack, piggyback, target)
    steps = [] if bits is None else [_window_step(line, bits)]
    if target is not None:
        steps.append(_frame_step(line, Fraction(target), piggyback))
    steps += [_cycle_step(line), _utilization_step(line), _full_step(line)]
    return Solution(steps, ["接收方每收到一帧立即确认", *(["忽略确认帧的发送时延"] if not line.reply else [])])


def _parse(
    rate: str,
    frame: str | None,
    delay: str | None,
    rtt: str | None,
    protocol: Protocol,
    window: int | None,
    bits: int | None,
    ack: str,
    piggyback: bool,
    target: Fraction | None,
) -> _Line:
    if (delay is None) == (rtt is None):
        raise InputError(f"单向传播时延 {delay!r} 和往返时延 {rtt!r} 应恰好给出一个，请改正。")
    trip = 2 * q.time_s(delay, "单向传播时延") if delay is not None else q.time_s(rtt or "", "往返时延")
    used = _usable(protocol, window, bits)
    bps, reply = q.rate_bps(rate), q.size_bits(ack, "确认帧长")
    if target is not None:
        length = _shortest(Fraction(target), bps, used, reply, trip, piggyback)
    elif frame is None:
        raise InputError(f"缺少数据帧长 {frame!r}，求利用率需要它，请补上。")
    else:
        length = q.size_bits(frame, "数据帧长", positive=True)
    return _Line(protocol, bps, length, length if piggyback else reply, trip, used)


def _usable(protocol: Protocol, window: int | None, bits: int | None) -> int:
    limit = None if bits is None else 2**bits - 1 if protocol == "SR" else _greatest(protocol, bits)
    if protocol == "SW":
        if window not in (None, 1):
            raise InputError(f"停止-等待协议的发送窗口 {window!r} 应为 1，请改正。")
        return 1
    if window is None:
        if bits is None:
            raise InputError(f"{NAMES[protocol]}的发送窗口 {window!r} 和序号位数都没有给出，请补上一个。")
        return _greatest(protocol, bits)
    if limit is not None and window > limit:
        raise InputError(f"发送窗口 {window!r} 超过 {bits} 位序号允许的 {limit}，请改小。")
    return window


def _shortest(target: Fraction, bps: Fraction, window: int, reply: Fraction, trip: Fraction, equal: bool) -> Fraction:
    """The frame length in bits at which the window gives the target, rounded up to a whole bit."""
    share = window - (2 * target if equal else target)
    if not target > 0 or share <= 0:
        raise InputError(f"目标利用率 {str(target)!r} 达不到：应大于 0 且小于所能达到的极限，请改正。")
    wait = trip * bps + (0 if equal else reply)
    return Fraction(max(1, -(-target * wait // share)))


def _window_step(line: _Line, bits: int) -> Step:
    top = _greatest(line.protocol, bits)
    if line.protocol == "SR":
        receive = 2**bits - line.window
        why = (
            f"{bits} 位序号共 $2^{{{bits}}}={2**bits}$ 个，SR 要求发送窗口与接收窗口之和不超过它；两窗口相等时发送窗口"
            f"最大为 $2^{{{bits - 1}}}={top}$。发送窗口为 {line.window} 时接收窗口最大为 "
            f"${2**bits}-{line.window}={receive}$。"
        )
    else:
        receive = 1
        why = (
            f"{bits} 位序号，GBN 的发送窗口最大为 $2^{{{bits}}}-1={top}$，接收窗口为 1。"
            if line.protocol == "GBN"
            else "停止-等待协议的发送窗口和接收窗口都为 1。"
        )
    return Step(why, credit="由序号位数求窗口", gives={"max_window": top, "receive_window": receive})


def _frame_step(line: _Line, target: Fraction, equal: bool) -> Step:
    wait = decimal(line.round_trip * 1000)
    reply = "+T_f" if equal else f"+{decimal(line.reply / line.rate * 1000)}" if line.reply else ""
    n = "" if line.window == 1 else str(line.window)
    return Step(
        f"设帧的发送时延为 $T_f$ ms，由 $\\dfrac{{{n}T_f}}{{T_f+{wait}{reply}}}\\ge {decimal(target)}$ 得"
        f"帧长至少为 ${power(line.rate)}\\times T_f={decimal(line.frame)}$ bit（$T_f{equals(line.sending * 1000)}$ ms）。",
        credit="由目标利用率求帧长",
        gives={"min_frame_bits": tidy(line.frame)},
    )


def _cycle_step(line: _Line) -> Step:
    reply = line.reply / line.rate
    return Step(
        f"帧的发送时延 $T_f={ratio(line.frame, line.rate)}$ s = {time_text(line.sending)}，"
        f"往返传播时延 {time_text(line.round_trip)}，确认帧发送时延 {time_text(reply)}；从开始发送一帧到收到其确认共需 "
        f"{time_text(line.cycle)}。",
        _timeline(line),
        credit="求一个发送周期",
        gives={"window": line.window},
    )


def _timeline(line: _Line) -> Timeline:
    way, sending, reply = line.round_trip / 2 * 1000, line.sending * 1000, line.reply / line.rate * 1000
    count = min(line.window, DRAWN)
    frames = [Message("甲", "乙", i * sending, (i + 1) * sending + way, f"帧 {i}") for i in range(count)]
    first = Message("乙", "甲", sending + way, sending + 2 * way + reply, "确认 0")
    note = f"发送窗口 {line.window}，只画前 {DRAWN} 帧" if line.window > DRAWN else f"发送窗口 {line.window}"
    return Timeline(["甲", "乙"], [*frames, first], unit="ms", caption=note)


def _utilization_step(line: _Line) -> Step:
    share = line.utilization
    n = "" if line.window == 1 else f"{line.window}\\times"
    ratio = line.window * line.sending / line.cycle
    top = "，超过 1，发送方可以一直发送，取 1" if ratio > 1 else f"，即 {percent(ratio)}"
    gives: dict[str, Value] = {"utilization": tidy(share), "max_rate_bps": tidy(share * line.rate)}
    return Step(
        f"一个周期内最多发送 {line.window} 帧，利用率 $U={n}{decimal(line.sending * 1000)}/"
        f"{decimal(line.cycle * 1000)}{equals(ratio)}${top}；最大平均数据率 = 利用率 × 数据率 = "
        f"{rate_text(share * line.rate)}。",
        credit="求信道利用率",
        gives=gives,
    )


def _full_step(line: _Line) -> Step:
    full = line.full_window
    protocol: Protocol = "GBN" if line.protocol == "SW" else line.protocol
    bits = _bits_for(protocol, full)
    numbers = f"2^n-1\\ge {full}" if protocol == "GBN" else f"2^{{n-1}}\\ge {full}"
    return Step(
        f"要使利用率最高，发送窗口至少为 $\\lceil {decimal(line.cycle * 1000)}/{decimal(line.sending * 1000)}\\rceil"
        f"={full}$；采用 {protocol} 时由 ${numbers}$ 得序号至少 {bits} 位。",
        credit="求窗口与序号位数",
        gives={"full_window": full, "seq_bits": bits},
    )


def mistakes(
    rate: str,
    frame: str | None,
    delay: str | None,
    rtt: str | None,
    protocol: Protocol,
    window: int | None,
    bits: int | None,
    ack: str,
    piggyback: bool,
    target: Fraction | None,
) -> Iterator[Mistake]:
    """Misconceptions: one way for round trip, the sending time forgotten, the wrong window rule."""
    line = _parse(rate, frame, delay, rtt, protocol, window, bits, ack, piggyback, target)
    t, trip, reply, n = line.sending, line.round_trip, line.reply / line.rate, line.window

    def use(share: Fraction) -> dict[str, int | Fraction]:
        share = min(Fraction(1), share)
        return {"utilization": tidy(share), "max_rate_bps": tidy(share * line.rate)}

    yield Mistake("只算了单程传播时延", use(n * t / (t + trip / 2 + reply)))
    yield Mistake("周期中漏了帧的发送时延", use(n * t / (trip + reply or t)))
    yield Mistake("没有乘以发送窗口", use(t / line.cycle))
    if line.reply:
        yield Mistake("忽略了确认帧的发送时延", use(n * t / (t + trip)))
    else:
        yield Mistake("把确认帧当成与数据帧等长", use(n * t / (2 * t + trip)))
    yield Mistake("帧长没有由字节换算成位", use(n * t / 8 / (t / 8 + trip + reply)))
    yield Mistake("求成了空闲的比例", use(1 - line.utilization))
    yield Mistake("以为利用率能达到 1", use(Fraction(1)))
    top: Protocol = "GBN" if protocol == "SW" else protocol
    need = line.full_window
    yield Mistake("忘了序号要比窗口多一个", {"seq_bits": max(1, (need - 1).bit_length())})
    yield Mistake("GBN 与 SR 的窗口规则弄反", {"seq_bits": _bits_for("SR" if top == "GBN" else "GBN", need)})
    yield Mistake("只算了单程传播时延", {"seq_bits": _bits_for(top, -(-(t + trip / 2 + reply) // t))})
    yield Mistake("多算了一位", {"seq_bits": _bits_for(top, need) + 1})
    yield Mistake("直接取窗口大小", {"seq_bits": need})
    yield Mistake("漏了帧的发送时延", {"full_window": -(-(trip + reply) // t)})
    yield Mistake("向下取整", {"full_window": line.cycle // t})
    if bits is not None:
        yield Mistake("最大窗口取为序号个数", {"max_window": 2**bits, "receive_window": 2**bits})
        yield Mistake("GBN 与 SR 的窗口规则弄反", {"max_window": _greatest("GBN" if protocol == "SR" else "SR", bits)})
        yield Mistake("最大窗口取为序号位数", {"max_window": bits, "receive_window": n})
        yield Mistake("减了 1", {"receive_window": 2**bits - n - 1})
        yield Mistake("以为接收窗口总是 1", {"receive_window": 1})
    if target is not None:
        half = _shortest(Fraction(target), line.rate, n, line.reply, trip / 2, piggyback)
        yield Mistake("只算了单程传播时延", {"min_frame_bits": tidy(half)})
        yield Mistake("周期中漏了帧的发送时延", {"min_frame_bits": tidy(Fraction(target) * trip * line.rate / n)})
        yield Mistake("传播时延按四个单程计算", {"min_frame_bits": tidy(2 * line.frame)})
        yield Mistake("求成了字节数", {"min_frame_bits": tidy(line.frame / 8)})
        yield Mistake("把目标利用率当成 1", {"min_frame_bits": tidy(trip * line.rate)})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Stop-and-wait, target frame lengths, windows by sequence bits, GBN rates and sequence bits."""
    delay = rng.choice([50, 100, 200, 270])
    if difficulty == 1:
        rate, frame = rng.choice([10, 16, 20]), rng.choice([500, 1000, 2000])
        stem = (
            f"主机甲采用停止-等待协议向主机乙发送数据帧，数据帧长与确认帧长均为 {frame} B，数据传输速率为 {rate} kb/s，"
            f"单向传播时延为 {delay} ms，则甲的最大信道利用率为（ ）。"
        )
        args = {"rate": f"{rate}kb/s", "frame": f"{frame}B", "delay": f"{delay}ms", "piggyback": True}
        return Draft(stem, args, "utilization")
    if difficulty == 2:
        rate, share = rng.choice([2, 3, 4, 6]), rng.choice([Fraction(2, 5), Fraction(1, 2), Fraction(4, 5)])
        stem = (
            f"主机甲采用停止-等待协议向主机乙发送数据，数据传输速率是 {rate} kb/s，单向传播时延是 {delay} ms，"
            f"忽略确认帧的传输时延。当信道利用率等于 {decimal(share * 100)}% 时，数据帧的长度（单位 bit）为（ ）。"
        )
        return Draft(stem, {"rate": f"{rate}kb/s", "delay": f"{delay}ms", "target": share}, "min_frame_bits")
    if difficulty == 3:
        bits = rng.randint(3, 6)
        window = rng.randint(2 ** (bits - 1) + 1, 2**bits - 2)
        stem = f"对于采用选择重传的滑动窗口协议，如果分组序号采用 {bits} 比特编号，发送窗口大小为 {window}，则接收窗口最大是（ ）。"
        args = {"rate": "1Mb/s", "frame": "1000B", "delay": "1ms", "protocol": "SR", "bits": bits, "window": window}
        return Draft(stem, args, "receive_window")
    if difficulty == 4:
        window, mbps = rng.choice([100, 200, 500, 800]), rng.choice([50, 100])
        stem = (
            f"主机甲与主机乙之间使用后退 N 帧协议（GBN）传输数据，甲的发送窗口尺寸为 {window}，数据帧长为 1000 B，信道带宽为 "
            f"{mbps} Mb/s，乙每收到一个数据帧立即利用一个短帧（忽略其传输时延）进行确认。若甲、乙之间的单向传播时延是 "
            f"{delay} ms，则甲可以达到的最大平均数据传输速率（单位 b/s）约为（ ）。"
        )
        args = {"rate": f"{mbps}Mb/s", "frame": "1000B", "delay": f"{delay}ms", "protocol": "GBN", "window": window}
        return Draft(stem, args, "max_rate_bps")
    low, rate = rng.choice([64, 128, 256]), rng.choice([16, 32, 64])
    protocol = rng.choice(["GBN", "SR"])
    stem = (
        f"两台主机之间的数据链路层采用{NAMES[protocol]}（{protocol}）传输数据，数据传输速率为 {rate} kb/s，单向传播时延为 "
        f"{delay} ms，数据帧长度范围是 {low}~{4 * low} B，接收方总是以与数据帧等长的帧进行确认。"
        "为使信道利用率达到最高，帧序号的比特数至少为（ ）。"
    )
    args = {
        **{"rate": f"{rate}kb/s", "frame": f"{low}B", "delay": f"{delay}ms"},
        **{"protocol": protocol, "window": 1, "piggyback": True},
    }
    return Draft(stem, args, "seq_bits")
