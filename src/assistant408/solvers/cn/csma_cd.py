"""CSMA/CD (最短帧长与争用期): the least frame, the greatest distance, the time to detect a collision."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Message, Solution, Step, Timeline, Value
from assistant408.solvers.cn import _quantity as q
from assistant408.solvers.cn._show import decimal, equals, power, ratio, tidy, time_text

__all__ = ["solve"]


@dataclass(frozen=True)
class _Cable:
    """A collision domain, in b/s, m/s, m and s; `travel` is one way between the farthest stations."""

    rate: Fraction
    speed: Fraction
    extra: Fraction
    travel: Fraction
    frame: Fraction
    distance: Fraction | None


@solver(
    "cn.csma_cd",
    title="CSMA/CD 的最短帧长与最远距离",
    summary="给出以太网（CSMA/CD）的数据率、信号传播速度和两站距离（或单向传播时延），求争用期、最短帧长、检测到冲突的最短和最长时间；"
    "或由最短帧长求两站最远距离。",
    syllabus=("cn.link.min-frame", "cn.link.csma-cd"),
    keywords=(
        *("CSMA/CD", "最短帧长", "最小帧长", "争用期", "冲突窗口", "检测到冲突", "最远距离", "以太网"),
        *("集线器", "Hub", "延时", "端到端", "往返", "单向传播延时"),
    ),
    answers={
        "min_frame_bits": Out("最短帧长", "bit"),
        "contention_us": Out("争用期", "μs"),
        "one_way_us": Out("单向传播时延", "μs"),
        "max_distance_m": Out("两站最远距离", "m"),
        "detect_earliest_us": Out("从冲突开始到双方检测到的最短时间", "μs"),
        "detect_latest_us": Out("从冲突开始到双方检测到的最长时间", "μs"),
    },
    examples=(
        {"rate": "10Mb/s", "distance": "2km", "speed": "200000km/s"},
        {"rate": "100Mb/s", "frame": "64B", "speed": "200m/us", "extra": "1.535us"},
    ),
)
def solve(
    rate: Annotated[str, Param("数据率", q.RATE_HELP)],
    distance: Annotated[str | None, Param("两站距离", "求最短帧长时填，" + q.LENGTH_HELP)] = None,
    delay: Annotated[str | None, Param("单向传播时延", "题目直接给出时填，代替距离和传播速度，如 5us")] = None,
    frame: Annotated[str | None, Param("最短帧长", "求最远距离时填，" + q.SIZE_HELP)] = None,
    speed: Annotated[str, Param("传播速度", q.SPEED_HELP)] = "2×10^8m/s",
    extra: Annotated[str, Param("单向附加时延", "途经中继器、集线器的延时，单程合计，如 1.535us")] = "0s",
) -> Solution:
    """Least frame and greatest distance of CSMA/CD (最短帧长与最远距离).

    Args:
        rate: data rate.
        distance: between the farthest two stations; or `delay`, the one-way propagation time.
        frame: the least frame, to find the distance; give just one of `distance`, `delay`, `frame`.
        speed: speed of the signal.
        extra: one-way delay in repeaters and hubs.

    Returns:
        `min_frame_bits`, `contention_us` (2τ), `one_way_us` (τ), `max_distance_m`, `detect_earliest_us` (τ: both
        start at once) and `detect_latest_us` (2τ: one starts just before the other's signal comes).

    Raises:
        InputError: none or several of the three are given, or the frame is too short for the hubs' delay.

    Examples:
        >>> solve("10Mb/s", "2km", speed="200000km/s").answer["min_frame_bits"]
        200
        >>> solve("100Mb/s", frame="64B", speed="200m/us", extra="1.535us").answer["max_distance_m"]
        205
        >>> solve("1Gb/s", delay="0us").answer["min_frame_bits"]  # no distance, no least frame
        0

    Conventions:
        A frame is sent for at least 2τ. `extra` is passed once each way. No preamble.

    Source:
        谢希仁《计算机网络》第8版 §3.3.2; 408 真题 2009-37, 2010-47, 2016-36, 2019-36.
    """
    cable = _parse(rate, distance, delay, frame, speed, extra)
    steps = [_distance(cable)] if frame is not None else [_one_way(cable)]
    return Solution([*steps, _contention(cable), _frame(cable)], ["发送时间不短于争用期 2τ", "不考虑前导码"])


def _parse(rate: str, distance: str | None, delay: str | None, frame: str | None, speed: str, extra: str) -> _Cable:
    given = [x for x in (distance, delay, frame) if x is not None]
    if len(given) != 1:
        raise InputError(f"两站距离、单向传播时延、最短帧长应恰好给出一个，现有 {given!r}，请改正。")
    bps, mps, more = q.rate_bps(rate), q.speed_mps(speed), q.time_s(extra, "附加时延")
    if frame is not None:
        bits = q.size_bits(frame, "最短帧长", positive=True)
        travel = bits / bps / 2
        if travel < more:
            raise InputError(f"最短帧长 {frame!r} 的发送时间不足附加时延的两倍，请改大帧长。")
        return _Cable(bps, mps, more, travel, bits, (travel - more) * mps)
    metres = None if distance is None else q.length_m(distance)
    travel = more + (metres / mps if metres is not None else q.time_s(delay or "", "单向传播时延"))
    return _Cable(bps, mps, more, travel, 2 * travel * bps, metres)


def _us(seconds: Fraction) -> str:
    return decimal(seconds * 10**6)


def _one_way(cable: _Cable) -> Step:
    more = f"，加上附加时延 {time_text(cable.extra)}" if cable.extra else ""
    if cable.distance is None:
        why = f"单向传播时延{more} $\\tau={_us(cable.travel)}$ μs。"
    else:
        why = (
            f"单向传播时延 = 距离/传播速度 $={ratio(cable.distance, cable.speed)}$ s{more}，"
            f"$\\tau{equals(cable.travel * 10**6)}$ μs。"
        )
    return Step(why, credit="单向传播时延", gives={"one_way_us": tidy(cable.travel * 10**6)})


def _distance(cable: _Cable) -> Step:
    less = f"，扣除附加时延 {time_text(cable.extra)} 后为 {_us(cable.travel - cable.extra)} μs" if cable.extra else ""
    metres = cable.distance or Fraction(0)
    return Step(
        f"最短帧的发送时间 $={ratio(cable.frame, cable.rate)}$ s$={_us(2 * cable.travel)}$ μs，不得短于往返时延，"
        f"单程至多 $\\tau={_us(cable.travel)}$ μs{less}；最远距离 $={_us(cable.travel - cable.extra)}\\times10^{{-6}}"
        f"\\times{power(cable.speed)}{equals(metres)}$ m。",
        credit="由最短帧长求最远距离",
        gives={"one_way_us": tidy(cable.travel * 10**6), "max_distance_m": tidy(metres)},
    )


def _contention(cable: _Cable) -> Step:
    tau = cable.travel * 10**6
    late = tau * 9 / 10  # B starts just before A's signal comes in
    picture = Timeline(
        ["A", "B"],
        [Message("A", "B", Fraction(0), tau, "A 的信号"), Message("B", "A", late, late + tau, "B 的信号（冲突）")],
        unit="μs",
        caption="最坏情形：A 的信号将到 B 时 B 开始发送，A 约经 2τ 才检测到冲突",
    )
    gives: dict[str, Value] = {
        "contention_us": tidy(2 * tau),
        "detect_earliest_us": tidy(tau),
        "detect_latest_us": tidy(2 * tau),
    }
    return Step(
        f"争用期 $2\\tau={decimal(2 * tau)}$ μs。两站同时发送时，双方经 $\\tau={decimal(tau)}$ μs 检测到冲突，时间最短；"
        f"一站的信号将到达时另一站才发送，则需 $2\\tau={decimal(2 * tau)}$ μs，时间最长。",
        picture,
        credit="求争用期",
        gives=gives,
    )


def _frame(cable: _Cable) -> Step:
    return Step(
        f"最短帧长 = 数据率 × 争用期 $={power(cable.rate)}\\times{_us(2 * cable.travel)}\\times10^{{-6}}"
        f"{equals(cable.frame)}$ bit。",
        credit="求最短帧长",
        gives={"min_frame_bits": tidy(cable.frame)},
    )


def mistakes(
    rate: str, distance: str | None, delay: str | None, frame: str | None, speed: str, extra: str
) -> Iterator[Mistake]:
    """Misconceptions: one way for round trip, hubs forgotten or passed once, bits taken for bytes."""
    c = _parse(rate, distance, delay, frame, speed, extra)

    def us(seconds: Fraction) -> int | Fraction:
        return tidy(seconds * 10**6)

    yield Mistake("只算了单程时延", {"min_frame_bits": tidy(c.frame / 2), "contention_us": us(c.travel)})
    yield Mistake("往返算成两个来回", {"min_frame_bits": tidy(c.frame * 2), "contention_us": us(4 * c.travel)})
    yield Mistake("把位当成字节", {"min_frame_bits": tidy(c.frame / 8)})
    yield Mistake("把字节当成位", {"min_frame_bits": tidy(c.frame * 8)})
    yield Mistake("以为最短帧长总是 64 B", {"min_frame_bits": 512, "contention_us": Fraction(256, 5)})
    if c.extra:
        yield Mistake("附加时延只算了一次", {"min_frame_bits": tidy(c.frame - c.extra * c.rate)})
    yield Mistake("忘了往返要除以 2", {"one_way_us": us(2 * c.travel), "detect_earliest_us": us(2 * c.travel)})
    yield Mistake("除以了 4", {"one_way_us": us(c.travel / 2), "detect_earliest_us": us(c.travel / 2)})
    yield Mistake("把两个方向的时延都加倍", {"detect_earliest_us": us(4 * c.travel)})
    yield Mistake("以为只需单程时延", {"detect_latest_us": us(c.travel)})
    yield Mistake("按三个单程计算", {"detect_latest_us": us(3 * c.travel)})
    yield Mistake("按往返的两倍计算", {"detect_latest_us": us(4 * c.travel)})
    yield Mistake("帧长没有由字节换算成位", {"one_way_us": us(c.travel / 8)})
    if frame is not None:
        whole = c.travel * c.speed
        yield Mistake("忘了往返要除以 2", {"max_distance_m": tidy(2 * whole - c.extra * c.speed)})
        yield Mistake("没有扣除附加时延", {"max_distance_m": tidy(whole)})
        yield Mistake("附加时延扣了两次", {"max_distance_m": tidy(max(Fraction(0), whole - 2 * c.extra * c.speed))})
        yield Mistake("帧长没有由字节换算成位", {"max_distance_m": tidy(whole / 8)})
        yield Mistake("往返除以了 4", {"max_distance_m": tidy(whole / 2)})
        yield Mistake("求成了往返的总路程", {"max_distance_m": tidy(2 * whole)})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Least frames, one-way delays, detection times, and distances with a hub."""
    mbps = rng.choice([10, 100, 1000])
    km = rng.choice([1, 2, 3, 4, 5]) if mbps < 1000 else rng.choice([1, 2])
    rate = f"{mbps} Mb/s" if mbps < 1000 else "1 Gb/s"
    both = {"rate": rate, "distance": f"{km}km", "speed": "200000km/s"}
    net = f"某局域网采用 CSMA/CD 协议实现介质访问控制，数据传输速率为 {rate}，主机甲和主机乙之间的距离为 {km} km，信号传播速度是 200 000 km/s。"
    if difficulty == 1:
        return Draft(f"{net}若甲、乙是相距最远的两站，则最短帧长（单位 bit）为（ ）。", both, "min_frame_bits")
    if difficulty == 2:
        size = rng.choice([64, 128, 256, 512])
        stem = (
            f"假设一个采用 CSMA/CD 协议的 {rate} 局域网，最小帧长是 {size} B，则在一个冲突域内两个站点之间的单向传播时延"
            "最多是（单位 μs）（ ）。"
        )
        return Draft(stem, {"rate": rate, "frame": f"{size}B"}, "one_way_us")
    if difficulty == 3:
        ask, word = rng.choice([("detect_earliest_us", "最短"), ("detect_latest_us", "最长")])
        stem = (
            f"{net}若甲和乙发送数据时发生冲突，则从开始发送数据时刻起，到两台主机均检测到冲突时刻止，"
            f"{word}需经过的时间（单位 μs）是（ ）。"
        )
        return Draft(stem, both, ask)
    size = rng.choice([64, 128])
    slack = Fraction(size * 8, 2 * mbps)  # one way, in μs
    hub = tidy(slack * rng.choice([2, 4, 5, 6]) / 10) if difficulty == 5 else 0
    stem = f"在一个采用 CSMA/CD 协议的 {rate} 局域网中，最短帧长为 {size} B，信号传播速度为 200 m/μs，不考虑以太网帧的前导码"
    if hub:
        stem += f"。两台主机经一个 Hub 相连，Hub 再生比特流的过程中产生 {decimal(hub)} μs 延时"
    stem += "，则两台主机之间理论上可以相距的最远距离（单位 m）是（ ）。"
    args = {"rate": rate, "frame": f"{size}B", "speed": "200m/us", "extra": f"{hub}us"}
    return Draft(stem, args, "max_distance_m")
