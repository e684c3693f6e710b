"""RTO (超时重传时间): smoothed round-trip time, its deviation and Karn's algorithm."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, Literal

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Cell, Solution, Step, Table
from assistant408.solvers.cn._show import decimal, equals, tidy

__all__ = ["solve"]

Order = Literal["old_srtt", "new_srtt"]


@dataclass(frozen=True)
class _State:
    """The estimates, in ms; `srtt` is `None` before the first sample."""

    srtt: Fraction | None
    deviation: Fraction
    rto: Fraction


@solver(
    "cn.rto",
    title="超时重传时间 RTO 的估算",
    summary="给出若干 RTT 样本（可有初始 RTTS）、系数 α 和 β，求加权平均往返时间 RTTS、偏差 RTTD 和超时重传时间 RTO；重传的样本按 Karn 算法处理。",
    syllabus=("cn.transport.rto",),
    keywords=(
        "RTO",
        "超时重传时间",
        "RTTS",
        "RTTD",
        "SRTT",
        "RTTVAR",
        "RTT样本",
        "加权平均",
        "往返时间",
        "Karn",
        "偏差",
    ),
    answers={
        "srtt_ms": Out("RTTS（SRTT）", "ms"),
        "deviation_ms": Out("RTTD（RTTVAR）", "ms"),
        "rto_ms": Out("RTO", "ms"),
        "srtts_ms": Out("各次的 RTTS", "ms"),
        "rtos_ms": Out("各次的 RTO", "ms"),
    },
    examples=(
        {"samples": [26, 32, 24], "initial_srtt": 30, "alpha": 0.1},
        {"samples": [1500, 2500], "retransmitted": [2]},
    ),
)
def solve(
    samples: Annotated[list[Fraction], Param("RTT 样本", "依次测得的往返时间，单位 ms", min=0, min_len=1, max_len=50)],
    initial_srtt: Annotated[
        Fraction | None, Param("初始 RTTS", "已有的估计值，单位 ms；不填则由第一个样本得出", min=0)
    ] = None,
    initial_deviation: Annotated[
        Fraction | None, Param("初始 RTTD", "已有的偏差，单位 ms；不填取初始 RTTS 的一半", min=0)
    ] = None,
    alpha: Annotated[Fraction, Param("系数 α", "新样本的权", min=0, max=1)] = Fraction(1, 8),
    beta: Annotated[Fraction, Param("系数 β", "新偏差的权", min=0, max=1)] = Fraction(1, 4),
    deviation_from: Annotated[
        Order, Param("偏差的算法", "old_srtt 用更新前的 RTTS（RFC 6298），new_srtt 用更新后的")
    ] = "old_srtt",
    retransmitted: Annotated[
        list[int], Param("重传的样本", "第几个样本属于重传的报文段，从 1 起；不采用，RTO 加倍", min=1, max_len=50)
    ] = [],  # noqa: B006
) -> Solution:
    """Estimate the retransmission timeout (超时重传时间).

    Args:
        samples: measured round-trip times in ms.
        initial_srtt, initial_deviation: estimates at the start, in ms.
        alpha, beta: weights of the new sample and the new deviation.
        deviation_from: whether the deviation is taken from the smoothed time before or after its update.
        retransmitted: samples, from 1, of retransmitted segments: Karn's algorithm drops them and doubles the RTO.

    Returns:
        `srtt_ms`, `deviation_ms` and `rto_ms` = RTTS + 4 × RTTD after the last sample; `srtts_ms`, `rtos_ms` after
        each. A first sample R gives RTTS = R and RTTD = R/2.

    Raises:
        InputError: a retransmitted sample that doesn't exist, or the first of all with nothing to fall back on; a
            deviation without a smoothed time.

    Examples:
        >>> solve([26, 32, 24], initial_srtt=30, alpha=Fraction(1, 10)).answer["srtts_ms"]
        [Fraction(148, 5), Fraction(746, 25), Fraction(3657, 125)]
        >>> solve([100]).answer["rto_ms"]  # 100 + 4 × 50
        300
        >>> solve([100, 500], retransmitted=[2]).answer["rto_ms"]  # doubled, the sample dropped
        600

    Conventions:
        RFC 6298 without its lower bound of 1 s and without clock granularity.

    Source:
        RFC 6298 §2; 谢希仁《计算机网络》第8版 §5.6.2; Karn and Partridge 1987.
    """
    _check(samples, initial_srtt, initial_deviation, retransmitted)
    a, b = Fraction(alpha), Fraction(beta)
    state = _start(initial_srtt, initial_deviation)
    steps, log = [], []
    for i, sample in enumerate(samples, 1):
        before, state = state, _next(state, Fraction(sample), a, b, deviation_from, i in retransmitted)
        log.append(state)
        steps.append(_step(i, Fraction(sample), before, state, a, b, deviation_from, i in retransmitted))
    rows: list[list[Cell]] = [
        [i, tidy(Fraction(r)), _cell(s.srtt), decimal(s.deviation), decimal(s.rto)]
        for i, (r, s) in enumerate(zip(samples, log, strict=True), 1)
    ]
    final = log[-1]
    steps.append(
        Step(
            f"最后 RTTS$={_cell(final.srtt)}$ ms，RTTD$={decimal(final.deviation)}$ ms，RTO$={decimal(final.rto)}$ ms。",
            Table(["样本", "RTT", "RTTS", "RTTD", "RTO"], rows, [(len(rows) - 1, c) for c in (2, 3, 4)]),
            credit="求 RTO",
            gives={
                "srtt_ms": tidy(final.srtt or Fraction(0)),
                "deviation_ms": tidy(final.deviation),
                "rto_ms": tidy(final.rto),
                "srtts_ms": [tidy(s.srtt or Fraction(0)) for s in log],
                "rtos_ms": [tidy(s.rto) for s in log],
            },
        )
    )
    which = "更新前" if deviation_from == "old_srtt" else "更新后"
    return Solution(steps, [f"偏差用{which}的 RTTS 计算", "不考虑 RTO 的下限和时钟粒度"])


def _cell(value: Fraction | None) -> str:
    return "" if value is None else decimal(value)


def _check(
    samples: list[Fraction], srtt: Fraction | None, deviation: Fraction | None, retransmitted: list[int]
) -> None:
    if deviation is not None and srtt is None:
        raise InputError(f"给出了初始 RTTD {str(deviation)!r} 而没有初始 RTTS，请补上。")
    for i in retransmitted:
        if i > len(samples):
            raise InputError(f"第 {i!r} 个样本不存在，共 {len(samples)} 个，请改正。")
    if srtt is None and 1 in retransmitted:
        raise InputError(f"第 {1!r} 个样本属于重传，又没有初始 RTTS，无法得出 RTO，请补上初始 RTTS。")


def _start(srtt: Fraction | None, deviation: Fraction | None) -> _State:
    if srtt is None:
        return _State(None, Fraction(0), Fraction(0))
    spread = Fraction(srtt) / 2 if deviation is None else Fraction(deviation)
    return _State(Fraction(srtt), spread, Fraction(srtt) + 4 * spread)


def _next(state: _State, r: Fraction, a: Fraction, b: Fraction, order: Order, again: bool) -> _State:
    if again:
        return _State(state.srtt, state.deviation, 2 * state.rto)
    if state.srtt is None:
        return _State(r, r / 2, r + 2 * r)
    srtt = (1 - a) * state.srtt + a * r
    base = state.srtt if order == "old_srtt" else srtt
    deviation = (1 - b) * state.deviation + b * abs(base - r)
    return _State(srtt, deviation, srtt + 4 * deviation)


def _step(i: int, r: Fraction, old: _State, new: _State, a: Fraction, b: Fraction, order: Order, again: bool) -> Step:
    if again or new.srtt is None:
        why = f"样本 {i}：报文段重传过，按 Karn 算法不采用，RTO 加倍为 $2\\times{decimal(old.rto)}={decimal(new.rto)}$ ms。"
        return Step(why, credit="Karn 算法")
    if old.srtt is None:
        why = (
            f"样本 {i}：第一次测量，RTTS$={decimal(r)}$，RTTD$={decimal(r)}/2={decimal(r / 2)}$，"
            f"RTO$={decimal(r)}+4\\times{decimal(r / 2)}={decimal(new.rto)}$ ms。"
        )
        return Step(why, credit="求 RTTS 与 RTTD")
    base = old.srtt if order == "old_srtt" else new.srtt
    return Step(
        f"样本 {i}：RTTS$=(1-{decimal(a)})\\times{decimal(old.srtt)}+{decimal(a)}\\times{decimal(r)}{equals(new.srtt)}$，"
        f"RTTD$=(1-{decimal(b)})\\times{decimal(old.deviation)}+{decimal(b)}\\times|{decimal(base)}-{decimal(r)}|"
        f"{equals(new.deviation)}$，RTO$={decimal(new.srtt)}+4\\times{decimal(new.deviation)}{equals(new.rto)}$ ms。",
        credit="求 RTTS 与 RTTD",
    )


def mistakes(
    samples: list[Fraction],
    initial_srtt: Fraction | None,
    initial_deviation: Fraction | None,
    alpha: Fraction,
    beta: Fraction,
    deviation_from: Order,
    retransmitted: list[int],
) -> Iterator[Mistake]:
    """Misconceptions: the weights exchanged, the other deviation, retransmitted samples used, a plain mean."""

    def run(a: Fraction, b: Fraction, order: Order, dropped: list[int]) -> dict[str, int | Fraction]:
        state = _start(initial_srtt, initial_deviation)
        for i, r in enumerate(samples, 1):
            state = _next(state, Fraction(r), a, b, order, i in dropped)
        srtt = state.srtt or Fraction(0)
        return {"srtt_ms": tidy(srtt), "deviation_ms": tidy(state.deviation), "rto_ms": tidy(state.rto)}

    a, b = Fraction(alpha), Fraction(beta)
    right = run(a, b, deviation_from, retransmitted)
    yield Mistake("新旧样本的权弄反", run(1 - a, 1 - b, deviation_from, retransmitted))
    yield Mistake("α 与 β 弄反", run(b, a, deviation_from, retransmitted))
    other: Order = "new_srtt" if deviation_from == "old_srtt" else "old_srtt"
    yield Mistake("偏差用了更新前后的另一个 RTTS", run(a, b, other, retransmitted))
    if retransmitted:
        yield Mistake("采用了重传的样本", run(a, b, deviation_from, []))
    mean = Fraction(sum(Fraction(s) for s in samples)) / len(samples)
    yield Mistake("取了样本的平均值", {"srtt_ms": tidy(mean), "rto_ms": tidy(2 * mean)})
    yield Mistake("RTTS 取最后的样本", {"srtt_ms": tidy(Fraction(samples[-1]))})
    srtt, deviation = right["srtt_ms"], right["deviation_ms"]
    yield Mistake("RTO 取 RTTS 的 2 倍", {"rto_ms": tidy(2 * Fraction(srtt))})
    yield Mistake("RTTD 没有乘以 4", {"rto_ms": tidy(Fraction(srtt) + deviation)})
    yield Mistake("RTO 就是 RTTS", {"rto_ms": srtt})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """One smoothing step, then several, then the RTO and Karn's algorithm."""
    base = rng.choice([20, 30, 40, 50, 100])
    count = 1 if difficulty < 3 else 2
    samples = [base + rng.choice([-8, -4, 4, 8, 12, 16]) for _ in range(count)]
    shown = "、".join(map(str, samples))
    args: dict[str, object] = {"samples": samples}
    if difficulty < 4:
        args |= {"initial_srtt": base}
        if difficulty == 1:
            args["alpha"] = Fraction(1, 10)
        share = "0.1" if difficulty == 1 else "0.125"
        stem = f"某 TCP 连接当前的加权平均往返时间 RTTS 为 {base} ms，随后收到确认，测得 RTT 样本依次为 {shown} ms。若 α={share}，"
        return Draft(stem + "则新的 RTTS（单位 ms）是（ ）。", args, "srtt_ms")
    stem = f"某 TCP 连接依次测得 RTT 样本 {base}、{shown} ms，取 α=1/8，β=1/4，偏差用更新前的 RTTS 计算，"
    args["samples"] = [base, *samples]
    if difficulty == 5:
        args["retransmitted"] = [3]
        stem += "其中第 3 个样本属于重传的报文段，按 Karn 算法处理，"
    return Draft(stem + "则最后的超时重传时间 RTO（单位 ms）是（ ）。", args, "rto_ms")
