"""Delay (时延): transmission, propagation and total delay of one link, bandwidth-delay product."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Message, Solution, Step, Timeline
from assistant408.solvers.cn import _quantity as q
from assistant408.solvers.cn._show import decimal, equals, ratio, tidy

__all__ = ["solve"]


@dataclass(frozen=True)
class _Link:
    """The parsed question, in bits, b/s, m, m/s and s."""

    bits: Fraction
    rate: Fraction
    propagation: Fraction
    processing: Fraction
    queuing: Fraction

    @property
    def transmission(self) -> Fraction:
        return self.bits / self.rate

    @property
    def total(self) -> Fraction:
        return self.transmission + self.propagation + self.processing + self.queuing


@solver(
    "cn.delay",
    title="时延与时延带宽积",
    summary="给出数据长度、数据率（带宽）、链路距离和传播速度，求发送时延、传播时延、总时延、时延带宽积（链路上的比特数）；"
    "给出网络利用率时求实际时延。",
    syllabus=("cn.overview.delay", "cn.overview.rate"),
    keywords=(
        *("时延", "发送时延", "传输时延", "传播时延", "排队时延", "处理时延", "总时延", "延迟"),
        *("时延带宽积", "带宽时延积", "链路上的比特数", "网络利用率", "往返时间"),
    ),
    answers={
        "total_ms": Out("总时延", "ms"),
        "transmission_ms": Out("发送时延", "ms"),
        "propagation_ms": Out("传播时延", "ms"),
        "bandwidth_delay_bits": Out("时延带宽积", "bit"),
        "bits_on_link": Out("链路上同时存在的最大比特数", "bit"),
        "loaded_ms": Out("网络当前时延", "ms"),
    },
    examples=(
        {"size": "1000B", "rate": "10Mb/s", "distance": "2000km", "speed": "2×10^8m/s"},
        {"size": "10^7bit", "rate": "1Gb/s", "propagation": "5ms", "queuing": "2ms", "utilization": 0.5},
    ),
)
def solve(
    size: Annotated[str, Param("数据长度", q.SIZE_HELP)],
    rate: Annotated[str, Param("数据率", q.RATE_HELP)],
    distance: Annotated[str, Param("链路长度", q.LENGTH_HELP)] = "0m",
    speed: Annotated[str, Param("传播速度", q.SPEED_HELP)] = "2×10^8m/s",
    propagation: Annotated[str | None, Param("传播时延", "题目直接给出单向传播时延时填，如 5ms")] = None,
    processing: Annotated[str, Param("处理时延", q.TIME_HELP)] = "0s",
    queuing: Annotated[str, Param("排队时延", q.TIME_HELP)] = "0s",
    utilization: Annotated[
        Fraction, Param("网络利用率", "0 到 1 之间，如 0.5；求 D=D0/(1-U)", min=0, max=1)
    ] = Fraction(0),
) -> Solution:
    """Delay of one hop and the bandwidth-delay product (时延与时延带宽积).

    Args:
        size: data length, such as ``1000B``.
        rate: data rate of the link, such as ``10Mb/s``.
        distance: length of the link.
        speed: speed of the signal.
        propagation: one-way propagation delay; replaces `distance` and `speed`.
        processing, queuing: the other two delays.
        utilization: share of the network in use, 0 to less than 1.

    Returns:
        `total_ms`, `transmission_ms`, `propagation_ms`, `bandwidth_delay_bits` (propagation × rate),
        `bits_on_link` (no more than the data has), and `loaded_ms` if `utilization` is above 0.

    Raises:
        InputError: a quantity can't be read, a rate of 0, or a utilization of 1.

    Examples:
        >>> solve("1000B", "10Mb/s", "2000km").answer["total_ms"]
        Fraction(54, 5)
        >>> solve("100bit", "1Mb/s").answer["propagation_ms"]  # no distance
        0
        >>> solve("1000bit", "1Mb/s", propagation="1ms").answer["total_ms"]  # both delays are equal
        2

    Conventions:
        KB = 2^10 B, kb/s = 10^3 b/s.

    Source:
        谢希仁《计算机网络》第8版 §1.6.2.
    """
    link = _parse(size, rate, distance, speed, propagation, processing, queuing)
    if utilization == 1:
        raise InputError(f"网络利用率 {str(utilization)!r} 使时延无穷大，应小于 1，请改小。")
    steps = [_transmission(link), _propagation(link, distance, speed, propagation), _total(link), _product(link)]
    if utilization:
        steps.append(_loaded(link, Fraction(utilization)))
    return Solution(steps, ["KB=2^10 B，kb/s=10^3 b/s"])


def _parse(
    size: str, rate: str, distance: str, speed: str, propagation: str | None, processing: str, queuing: str
) -> _Link:
    if propagation is None:
        one_way = q.length_m(distance, "链路长度") / q.speed_mps(speed)
    else:
        one_way = q.time_s(propagation, "传播时延")
    return _Link(
        q.size_bits(size, "数据长度", positive=True),
        q.rate_bps(rate),
        one_way,
        q.time_s(processing, "处理时延"),
        q.time_s(queuing, "排队时延"),
    )


def _ms(seconds: Fraction) -> str:
    return decimal(seconds * 1000)


def _transmission(link: _Link) -> Step:
    value = link.transmission * 1000
    return Step(
        f"发送时延 = 数据长度/数据率 $={ratio(link.bits, link.rate)}$ s${equals(value)}$ ms。",
        credit="发送时延",
        gives={"transmission_ms": tidy(value)},
    )


def _propagation(link: _Link, distance: str, speed: str, given: str | None) -> Step:
    value = link.propagation * 1000
    if given is None:
        metres, mps = q.length_m(distance), q.speed_mps(speed)
        why = f"传播时延 = 距离/传播速度 $={ratio(metres, mps)}$ s${equals(value)}$ ms。"
    else:
        why = f"传播时延已知，为 {_ms(link.propagation)} ms。"
    return Step(why, credit="传播时延", gives={"propagation_ms": tidy(value)})


def _total(link: _Link) -> Step:
    parts = [link.transmission, link.propagation, link.processing, link.queuing]
    terms = "+".join(_ms(p) for i, p in enumerate(parts) if i < 2 or p)
    picture = Timeline(
        ["发送方", "接收方"],
        [
            Message("发送方", "接收方", Fraction(0), _rounded(link.propagation), "第一个比特"),
            Message(
                "发送方",
                "接收方",
                _rounded(link.transmission),
                _rounded(link.transmission + link.propagation),
                "最后一个比特",
            ),
        ],
        unit="ms",
        caption="最后一个比特在发送时延结束时离开，再经传播时延到达",
    )
    return Step(
        f"总时延 = 发送时延 + 传播时延 + 处理时延 + 排队时延 $={terms}{equals(link.total * 1000)}$ ms。",
        picture,
        credit="总时延",
        gives={"total_ms": tidy(link.total * 1000)},
    )


def _rounded(seconds: Fraction) -> Fraction:
    """Milliseconds to the nanosecond, which is finer than a drawing needs."""
    return Fraction(round(seconds * 10**9), 10**6)


def _product(link: _Link) -> Step:
    product = link.propagation * link.rate
    held = min(product, link.bits)
    return Step(
        f"时延带宽积 = 传播时延 × 数据率 ${equals(product)}$ bit，即链路可容纳的比特数；"
        f"数据共 {decimal(link.bits)} bit，链路上最多同时有 {decimal(held)} bit。",
        credit="时延带宽积",
        gives={"bandwidth_delay_bits": tidy(product), "bits_on_link": tidy(held)},
    )


def _loaded(link: _Link, utilization: Fraction) -> Step:
    value = link.total / (1 - utilization) * 1000
    return Step(
        f"网络空闲时的时延 $D_0={_ms(link.total)}$ ms，利用率为 $U$ 时 "
        f"$D=D_0/(1-U)={_ms(link.total)}/(1-{decimal(utilization)}){equals(value)}$ ms。",
        credit="由利用率求时延",
        gives={"loaded_ms": tidy(value)},
    )


def mistakes(
    size: str,
    rate: str,
    distance: str,
    speed: str,
    propagation: str | None,
    processing: str,
    queuing: str,
    utilization: Fraction,
) -> Iterator[Mistake]:
    """Misconceptions: a delay left out, bytes taken for bits, round trip for one way, delays mixed up."""
    link = _parse(size, rate, distance, speed, propagation, processing, queuing)

    def ms(seconds: Fraction) -> int | Fraction:
        return tidy(seconds * 1000)

    send, travel, total = link.transmission, link.propagation, link.total
    yield Mistake(
        "数据长度没有由字节换算成位",
        {"total_ms": ms(total - send * Fraction(7, 8)), "transmission_ms": ms(send / 8)},
    )
    yield Mistake("漏了传播时延", {"total_ms": ms(total - travel)})
    yield Mistake("漏了发送时延", {"total_ms": ms(total - send)})
    yield Mistake("传播时延按往返计算", {"total_ms": ms(total + travel), "propagation_ms": ms(2 * travel)})
    yield Mistake("把发送时延与传播时延弄反", {"transmission_ms": ms(travel), "propagation_ms": ms(send)})
    yield Mistake("求成了总时延", {"transmission_ms": ms(total), "propagation_ms": ms(total)})
    yield Mistake("单位换算差 10 倍", {"propagation_ms": ms(travel * 10)})
    product = travel * link.rate
    yield Mistake("用往返时延求时延带宽积", {"bandwidth_delay_bits": tidy(2 * product)})
    yield Mistake("用发送时延求时延带宽积", {"bandwidth_delay_bits": tidy(link.bits)})
    yield Mistake("用总时延求时延带宽积", {"bandwidth_delay_bits": tidy(total * link.rate)})
    yield Mistake("把时延带宽积当成字节数", {"bandwidth_delay_bits": tidy(product / 8)})
    if 0 < utilization < 1:
        yield Mistake("用 D0 乘以 (1-U)", {"loaded_ms": ms(total * (1 - utilization))})
        yield Mistake("用 D0 除以 U", {"loaded_ms": ms(total / utilization)})
        yield Mistake("用 D0 乘以 (1+U)", {"loaded_ms": ms(total * (1 + utilization))})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Ask for one delay, then the total, then the bandwidth-delay product."""
    size = rng.choice([500, 1000, 1250, 1500, 2000])
    rate = rng.choice([1, 2, 5, 10, 100])
    km = rng.choice([10, 20, 50, 100, 200, 500, 1000, 2000])
    args = {"size": f"{size}B", "rate": f"{rate}Mb/s", "distance": f"{km}km", "speed": "2×10^8m/s"}
    stem = (
        f"主机甲通过一条长 {km} km、数据率为 {rate} Mb/s 的链路向主机乙发送一个长 {size} B 的分组，"
        "信号传播速度为 $2\\times10^8$ m/s，"
    )
    asks = {
        1: ("transmission_ms", "发送时延（单位 ms）是（ ）。"),
        2: ("propagation_ms", "传播时延（单位 ms）是（ ）。"),
        3: ("total_ms", "忽略处理时延和排队时延，从开始发送到乙收完分组所需的时间（单位 ms）是（ ）。"),
        4: ("bandwidth_delay_bits", "该链路的时延带宽积（单位 bit）是（ ）。"),
    }
    if difficulty >= 5:
        share = rng.choice([Fraction(1, 2), Fraction(4, 5), Fraction(3, 5)])
        stem += f"网络利用率为 {decimal(share * 100)}%，以上述时延为空闲时的时延，则当前时延（单位 ms）是（ ）。"
        return Draft(stem, {**args, "utilization": share}, "loaded_ms")
    ask, tail = asks[difficulty]
    return Draft(stem + tail, args, ask)
