"""TCP throughput (TCP 吞吐率): what a window allows, the bandwidth-delay product, sequence wrap-around."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated

from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Message, Solution, Step, Timeline
from assistant408.solvers.cn import _quantity as q
from assistant408.solvers.cn._show import decimal, equals, percent, power, rate_text, size_text, tidy, time_text

__all__ = ["solve"]

PLAIN_WINDOW = 65535  # bytes that the 16-bit field can tell


@dataclass(frozen=True)
class _Path:
    """A connection, in bits, seconds and b/s; `sending` is 0 unless it is counted."""

    window: Fraction
    rtt: Fraction
    rate: Fraction
    sending: Fraction

    @property
    def cycle(self) -> Fraction:
        return self.rtt + self.sending

    @property
    def throughput(self) -> Fraction:
        return min(self.rate, self.window / self.cycle) if self.cycle else self.rate


@solver(
    "cn.tcp_throughput",
    title="TCP 最大吞吐率与序号回绕",
    summary="给出 TCP 发送窗口、往返时延 RTT 和链路带宽，求窗口受限的最大吞吐率、链路利用率、时延带宽积、充分利用带宽所需的窗口、"
    "窗口扩大因子，以及 32 位序号回绕的时间。",
    syllabus=("cn.transport.throughput", "cn.transport.flow", "cn.transport.mss"),
    keywords=(
        *("吞吐率", "吞吐量", "发送窗口", "最大数据传输速率", "时延带宽积", "利用率", "序号回绕", "序号绕回"),
        *("窗口扩大", "65535", "64KB", "RTT", "TCP窗口"),
    ),
    answers={
        "throughput_bps": Out("最大吞吐率", "b/s"),
        "utilization": Out("链路利用率"),
        "bandwidth_delay_bytes": Out("时延带宽积（所需窗口）", "B"),
        "scale": Out("窗口扩大因子（移位数）"),
        "wrap_s": Out("序号回绕时间", "s"),
        "seq_bits": Out("寿命内不回绕所需的序号位数", "bit"),
    },
    examples=(
        {"window": "65535B", "rtt": "20ms", "rate": "1Gb/s", "count_sending": True},
        {"window": "64KB", "rtt": "100ms", "rate": "100Mb/s", "lifetime": "60s"},
    ),
)
def solve(
    window: Annotated[str, Param("发送窗口", "取拥塞窗口与接收窗口的较小者，如 64KB")],
    rtt: Annotated[str, Param("往返时延", q.TIME_HELP)],
    rate: Annotated[str, Param("链路带宽", q.RATE_HELP)],
    count_sending: Annotated[bool, Param("计入发送时延", "一个周期取 RTT 加整个窗口的发送时延")] = False,
    lifetime: Annotated[str | None, Param("报文段最大生存时间", "求序号位数时填，如 60s")] = None,
) -> Solution:
    """Throughput of a window-limited connection (TCP 吞吐率).

    Args:
        window: send window, such as ``65535B``.
        rtt: round-trip time.
        rate: bandwidth of the path.
        count_sending: whether the sending time of the window is added to the round trip.
        lifetime: how long a segment may live, for the bits of the sequence number.

    Returns:
        `throughput_bps` = min(rate, window / cycle), `utilization`, `bandwidth_delay_bytes`, `scale` (the shift of
        the window scale option that this needs, 0 to 14), `wrap_s` (time to send 2^32 bytes at full rate), and with
        `lifetime` `seq_bits`.

    Raises:
        InputError: a quantity that can't be read.

    Examples:
        >>> solve("65535B", "20ms", "1Gb/s", count_sending=True).answer["throughput_bps"] // 10**5  # 25.5 Mb/s
        255
        >>> solve("1MB", "1ms", "1Mb/s").answer["utilization"]  # the link is the limit
        1
        >>> solve("1000B", "8ms", "1Mb/s").answer["utilization"]  # the window is exactly enough
        1
        >>> solve("64KB", "1ms", "1kb/s", lifetime="8s").answer["seq_bits"]
        10

    Conventions:
        The sending time is ignored unless `count_sending`. KB = 2^10 B.

    Source:
        谢希仁《计算机网络》第8版 习题 5; RFC 7323 §1.1, §2.3.
    """
    path = _parse(window, rtt, rate, count_sending)
    steps = [_throughput(path, count_sending), _product(path), _wrap(path)]
    if lifetime is not None:
        steps.append(_bits(path, q.time_s(lifetime, "生存时间")))
    return Solution(steps, ["计入整个窗口的发送时延" if count_sending else "忽略窗口的发送时延", "KB=2^10 B"])


def _parse(window: str, rtt: str, rate: str, count_sending: bool) -> _Path:
    bits, bps = q.size_bits(window, "发送窗口", positive=True), q.rate_bps(rate, "链路带宽")
    return _Path(bits, q.time_s(rtt, "往返时延"), bps, bits / bps if count_sending else Fraction(0))


def _throughput(path: _Path, counted: bool) -> Step:
    more = f"与发送时延 {time_text(path.sending)} 之和 {time_text(path.cycle)}" if counted else ""
    limited = path.throughput < path.rate
    if not path.cycle:
        why = f"往返时延为 0，吞吐率等于带宽 {rate_text(path.rate)}"
    else:
        allowed = path.window / path.cycle
        end = (
            f"小于带宽 {rate_text(path.rate)}，受窗口限制" if limited else f"不小于带宽 {rate_text(path.rate)}，取带宽"
        )
        why = (
            f"每经过 RTT {time_text(path.rtt)}{more}，最多发送一个窗口 {size_text(path.window)}："
            f"${power(path.window)}/{decimal(path.cycle)}{equals(allowed)}$ b/s，即 {rate_text(allowed)}，{end}"
        )
    half = path.rtt / 2 * 1000
    first = Message("发送方", "接收方", Fraction(0), half, "窗口的第一个报文段")
    answer = Message("接收方", "发送方", half, 2 * half, "确认")
    share = path.throughput / path.rate
    return Step(
        f"{why}；链路利用率为 {percent(share)}。",
        Timeline(["发送方", "接收方"], [first, answer], unit="ms", caption="收到确认后才能继续发送下一个窗口"),
        credit="求最大吞吐率",
        gives={"throughput_bps": tidy(path.throughput), "utilization": tidy(share)},
    )


def _product(path: _Path) -> Step:
    size = path.rate * path.rtt / 8
    scale = next(s for s in range(200) if s == 14 or PLAIN_WINDOW << s >= size)
    return Step(
        f"时延带宽积 = 带宽 × RTT $={power(path.rate)}\\times{decimal(path.rtt)}/8{equals(size)}$ B，窗口不小于它才能充分利用带宽；"
        f"16 位窗口字段最大 65535 B，扩大因子取 {scale}。",
        credit="求时延带宽积与所需窗口",
        gives={"bandwidth_delay_bytes": tidy(size), "scale": scale},
    )


def _wrap(path: _Path) -> Step:
    seconds = 2**32 * 8 / path.rate
    return Step(
        f"32 位序号按字节编号，以 {rate_text(path.rate)} 发送 $2^{{32}}$ B 需 $2^{{32}}\\times8/({power(path.rate)})"
        f"{equals(seconds)}$ s，此后序号回绕。",
        credit="求序号回绕时间",
        gives={"wrap_s": tidy(seconds)},
    )


def _bits(path: _Path, lifetime: Fraction) -> Step:
    count = -(-(path.rate * lifetime / 8) // 1)
    bits = max(1, (count - 1).bit_length())
    return Step(
        f"{time_text(lifetime)} 内最多发送 {count} B，序号至少 {bits} 位（$2^{{{bits}}}\\ge {count}$）才不会重复。",
        credit="求序号位数",
        gives={"seq_bits": bits},
    )


def mistakes(window: str, rtt: str, rate: str, count_sending: bool, lifetime: str | None) -> Iterator[Mistake]:
    """Misconceptions: bytes for bits, one way for round trip, the link's rate as throughput."""
    p = _parse(window, rtt, rate, count_sending)

    def gives(bps: Fraction) -> dict[str, int | Fraction]:
        return {"throughput_bps": tidy(bps), "utilization": tidy(bps / p.rate)}

    if p.cycle:
        yield Mistake("窗口没有由字节换算成位", gives(min(p.rate, p.window / 8 / p.cycle)))
        yield Mistake("把往返时延减半", gives(min(p.rate, p.window / (p.rtt / 2 + p.sending or p.cycle))))
        yield Mistake("往返时延又乘以 2", gives(min(p.rate, p.window / (2 * p.rtt + p.sending or p.cycle))))
        yield Mistake("窗口除以时延后没有与带宽比较", gives(p.window / p.cycle))
    yield Mistake("以为吞吐率等于链路带宽", gives(p.rate))
    sent = p.window / p.rate
    yield Mistake(
        "漏了发送时延" if count_sending else "多算了发送时延",
        gives(min(p.rate, p.window / ((p.rtt if count_sending else p.rtt + sent) or sent))),
    )
    size = p.rate * p.rtt / 8
    for factor, why in ((8, "没有换算成字节"), (Fraction(1, 2), "用了单程时延"), (2, "往返时延又乘以 2")):
        yield Mistake(why, {"bandwidth_delay_bytes": tidy(size * factor)})
    wrap = 2**32 * 8 / p.rate
    for factor, why in ((Fraction(1, 8), "序号按位编号"), (Fraction(1, 2), "只用了一半的序号"), (8, "多乘了 8")):
        yield Mistake(why, {"wrap_s": tidy(wrap * factor)})
    if lifetime is not None:
        bits = _bits(p, q.time_s(lifetime)).gives["seq_bits"]
        if isinstance(bits, int):
            for n, why in (
                (bits + 3, "按位编号"),
                (bits - 1, "少取了一位"),
                (bits + 1, "多取了一位"),
                (32, "总是 32 位"),
            ):
                yield Mistake(why, {"seq_bits": n})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Window-limited throughput, then the window that a path needs, wrap-around and sequence bits."""
    mbps, delay = rng.choice([100, 200, 500, 1000]), rng.choice([10, 20, 40, 50, 100])
    kb = rng.choice([8, 16, 32, 64])
    args: dict[str, object] = {"window": f"{kb}KB", "rtt": f"{delay}ms", "rate": f"{mbps}Mb/s"}
    stem = f"主机甲与主机乙之间的链路带宽为 {mbps} Mb/s，往返时延为 {delay} ms，"
    if difficulty < 3:
        ask, what = (
            ("throughput_bps", "甲的最大吞吐率（单位 b/s）") if difficulty == 1 else ("utilization", "链路利用率最大")
        )
        stem += f"甲、乙之间的 TCP 连接的发送窗口始终为 {kb} KB，忽略发送时延，则{what}为（ ）。"
        return Draft(stem, args, ask)
    if difficulty == 3:
        return Draft(f"{stem}要充分利用带宽，TCP 发送窗口（单位 B）至少应为（ ）。", args, "bandwidth_delay_bytes")
    if difficulty == 4:
        args |= {"window": "65535B", "count_sending": True}
        stem += "TCP 发送窗口为 65535 B，计入整个窗口的发送时延，则可能达到的最大吞吐率（单位 b/s）为（ ）。"
        return Draft(stem, args, "throughput_bps")
    life = rng.choice([30, 60, 120])
    stem = (
        f"某网络允许的报文段最大生存时间为 {life} s，主机以 {mbps} Mb/s 的速率持续发送数据，序号按字节编号。"
        "要使同一连接的序号在报文段生存时间内不重复，序号字段的位数至少为（ ）。"
    )
    return Draft(stem, {**args, "lifetime": f"{life}s"}, "seq_bits")
