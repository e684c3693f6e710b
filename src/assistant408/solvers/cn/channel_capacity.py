"""Channel capacity (信道极限容量): the Nyquist theorem and the Shannon theorem, solved for any quantity."""

from __future__ import annotations

import random
from collections.abc import Iterator
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import Annotated, Literal

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Plot, Series, Solution, Step
from assistant408.solvers.cn import _quantity as q
from assistant408.solvers.cn._show import Number, decimal, equals, power, rate_text, tidy

__all__ = ["solve"]

Find = Literal["rate", "bandwidth", "levels", "snr", "baud"]
PLACES = 4  # decimals of a logarithm or a power that is not exact


@solver(
    "cn.channel_capacity",
    title="奈奎斯特定理与香农定理",
    summary="给出信道带宽（Hz）和信号状态数（电平数、相位×振幅）或信噪比（dB），求极限数据率；"
    "也可由数据率反求带宽、状态数、信噪比或波特率。",
    syllabus=("cn.physical.nyquist", "cn.physical.shannon", "cn.physical.symbol", "cn.physical.modulation"),
    keywords=(
        *("奈奎斯特", "奈氏准则", "香农", "信噪比", "dB", "极限数据传输速率", "最大数据传输速率", "码元"),
        *("无噪声信道", "带宽", "电平", "信号状态数", "QAM", "调相", "波特率", "调制"),
    ),
    answers={
        "max_rate_bps": Out("极限数据率", "b/s"),
        "nyquist_bps": Out("奈奎斯特极限", "b/s"),
        "shannon_bps": Out("香农极限", "b/s"),
        "levels": Out("信号状态数", "种"),
        "bandwidth_hz": Out("带宽", "Hz"),
        "snr": Out("信噪比 S/N"),
        "snr_db": Out("信噪比", "dB"),
        "baud": Out("波特率", "Baud"),
        "bits_per_symbol": Out("每码元携带的比特数", "bit"),
    },
    examples=(
        {"bandwidth": "3kHz", "levels": 16},
        {"bandwidth": "8kHz", "snr_db": 30, "efficiency": 0.5},
    ),
)
def solve(
    bandwidth: Annotated[str | None, Param("信道带宽", "频率带宽，带单位，如 8kHz")] = None,
    levels: Annotated[
        int | None, Param("信号状态数", "每个码元有几种取值，如 4 个相位×4 种振幅=16", min=2, max=2**20)
    ] = None,
    snr_db: Annotated[Fraction | None, Param("信噪比", "单位 dB，如 30", min=0, max=200)] = None,
    snr: Annotated[Fraction | None, Param("信噪功率比 S/N", "不是 dB 而是比值时填，如 1000", min=0)] = None,
    rate: Annotated[str | None, Param("数据率", "已知数据率、求其他量时填，" + q.RATE_HELP)] = None,
    find: Annotated[
        Find, Param("所求", "rate 数据率，bandwidth 带宽，levels 状态数，snr 信噪比，baud 波特率")
    ] = "rate",
    efficiency: Annotated[Fraction, Param("实际速率与极限之比", "如实际约为理论最大的 50%", min=0, max=1)] = Fraction(
        1
    ),
) -> Solution:
    """Nyquist's and Shannon's limits (奈氏准则与香农公式).

    Args:
        bandwidth: width of the band, such as ``8kHz``.
        levels: values that a symbol can take, 2 or more.
        snr_db: signal-to-noise ratio in dB; or `snr` as a power ratio.
        rate: a known data rate, for the other questions.
        find: what is asked.
        efficiency: share of the limit that is reached, above 0.

    Returns:
        For `rate`: `nyquist_bps`, `shannon_bps` (those whose inputs are given) and `max_rate_bps`, the smaller
        one times `efficiency`. For the others, the quantity itself. `levels` is the smallest number whose
        Nyquist limit reaches `rate` or, without a rate, the Shannon limit; it need not be a power of two.

    Raises:
        InputError: something that `find` needs is missing.

    Examples:
        >>> solve("3kHz", 16).answer["max_rate_bps"]
        24000
        >>> solve("1kHz", snr=1).answer["shannon_bps"]  # noise as strong as the signal
        1000
        >>> solve("1kHz", 2, snr=3).answer["max_rate_bps"]  # both limits are 2000 b/s
        2000
        >>> solve("8kHz", snr_db=30, find="levels").answer["levels"]
        32

    Conventions:
        A logarithm or power that is not exact is rounded to four decimals.

    Source:
        谢希仁《计算机网络》第8版 §2.2.3; 408 真题 2009-34, 2011-34, 2016-34, 2017-34.
    """
    ratio = _ratio(snr_db, snr)
    if efficiency == 0:
        raise InputError("实际速率与极限之比 0 不合要求：应大于 0，请改正。")
    hz = None if bandwidth is None else q.frequency_hz(bandwidth)
    bps = None if rate is None else q.rate_bps(rate) / efficiency
    steps = [] if snr_db is None or snr is not None else [_db_step(snr_db, ratio)]
    if find == "rate":
        steps += _rate(_need(hz, "信道带宽"), levels, ratio, Fraction(efficiency))
    elif find == "baud":
        steps += _baud(hz, bps, _need(levels, "信号状态数"))
    elif find == "bandwidth":
        steps.append(_bandwidth(_need(bps, "数据率"), levels, ratio))
    elif find == "levels":
        steps += _levels(_need(hz, "信道带宽"), bps, ratio)
    else:
        steps.append(_snr(_need(hz, "信道带宽"), _need(bps, "数据率")))
    return Solution(steps, [f"不能整除的对数和幂取 {PLACES} 位小数", "kb/s=10^3 b/s"])


def _need(value: Number | None, name: str) -> Fraction:
    if value is None:
        raise InputError(f"缺少{name} {value!r}，求解需要它，请补上。")
    return Fraction(value)


def _ratio(snr_db: Fraction | None, snr: Fraction | None) -> Fraction | None:
    """The power ratio S/N, exact where the decibels are a multiple of 10."""
    if snr is not None:
        return Fraction(snr)
    if snr_db is None:
        return None
    bels = Fraction(snr_db) / 10
    if bels.denominator == 1:
        return Fraction(10) ** bels.numerator
    with localcontext() as c:
        c.prec = 60
        return _rounded(Decimal(10) ** (Decimal(bels.numerator) / bels.denominator))


def _rounded(value: Decimal) -> Fraction:
    return Fraction(round(Fraction(value) * 10**PLACES), 10**PLACES)


def _log2(value: Number) -> Fraction:
    """Log to base 2, exact for powers of two.

    Examples:
        >>> _log2(16), _log2(1001)
        (Fraction(4, 1), Fraction(12459, 1250))
    """
    value = Fraction(value)
    if value.denominator == 1 and value > 0 and value.numerator & (value.numerator - 1) == 0:
        return Fraction(value.numerator.bit_length() - 1)
    with localcontext() as c:
        c.prec = 60
        return _rounded((Decimal(value.numerator) / Decimal(value.denominator)).ln() / Decimal(2).ln())


def _db_step(snr_db: Fraction, ratio: Fraction | None) -> Step:
    value = ratio or Fraction(1)
    return Step(
        f"由 $10\\log_{{10}}(S/N)={decimal(snr_db)}$ 得 $S/N{equals(value)}$。",
        credit="由分贝换算信噪比",
        gives={"snr": tidy(value)},
    )


def _rate(hz: Fraction, levels: int | None, ratio: Fraction | None, share: Fraction) -> list[Step]:
    if levels is None and ratio is None:
        raise InputError(f"信号状态数 {levels!r} 和信噪比 {ratio!r} 都没有给出，求极限数据率至少需要一个，请补上。")
    steps, limits = [], []
    if levels is not None:
        limits.append(nyquist := 2 * hz * _log2(levels))
        why = f"奈奎斯特定理：$2W\\log_2V=2\\times{power(hz)}\\times\\log_2{levels}{equals(nyquist)}$ b/s。"
        steps.append(Step(why, _plot(hz, ratio), credit="代入奈奎斯特公式", gives={"nyquist_bps": tidy(nyquist)}))
    if ratio is not None:
        limits.append(shannon := hz * _log2(1 + ratio))
        why = f"香农定理：$W\\log_2(1+S/N)={power(hz)}\\times\\log_2(1+{decimal(ratio)}){equals(shannon)}$ b/s。"
        steps.append(Step(why, _plot(hz, ratio), credit="代入香农公式", gives={"shannon_bps": tidy(shannon)}))
    best = min(limits) * share
    why = "两个极限都不能超过，取较小者" if len(limits) > 1 else "信道的极限数据率即上值"
    if share != 1:
        why += f"，实际达到其 {decimal(share * 100)}%"
    steps.append(
        Step(f"{why}：${equals(best).lstrip('=')}$ b/s，即 {rate_text(best)}。", gives={"max_rate_bps": tidy(best)})
    )
    return steps


def _plot(hz: Fraction, ratio: Fraction | None) -> Plot:
    """The Nyquist limit against bits per symbol, and the ceiling that Shannon sets."""
    top = 8 if ratio is None else max(6, int(_log2(1 + ratio)) // 2 + 2)
    series = [Series("奈奎斯特极限", [(n, tidy(2 * hz * n / 1000)) for n in range(1, top + 1)])]
    if ratio is not None:
        ceiling = tidy(hz * _log2(1 + ratio) / 1000)
        series.append(Series("香农极限", [(1, ceiling), (top, ceiling)]))
    return Plot(series, x="每码元比特数 log2 V", y="数据率（kb/s）", caption="状态数再多，也不能超过香农极限")


def _baud(hz: Fraction | None, bps: Fraction | None, levels: Fraction) -> list[Step]:
    bits = _log2(levels)
    first = Step(
        f"每个码元携带 $\\log_2{levels}{equals(bits)}$ bit。",
        credit="每码元比特数",
        gives={"bits_per_symbol": tidy(bits)},
    )
    if bps is not None:
        value = bps / bits
        why = f"波特率 = 数据率/每码元比特数 $={power(bps)}/{decimal(bits)}{equals(value)}$ Baud。"
    else:
        value = 2 * _need(hz, "信道带宽")
        why = f"无噪声信道的最大码元传输速率 $=2W{equals(value)}$ Baud。"
    return [first, Step(why, credit="波特率", gives={"baud": tidy(value)})]


def _bandwidth(bps: Fraction, levels: int | None, ratio: Fraction | None) -> Step:
    if levels is not None:
        value = bps / (2 * _log2(levels))
        why = f"由 $R=2W\\log_2V$ 得 $W={power(bps)}/(2\\log_2{levels}){equals(value)}$ Hz。"
    elif ratio:
        value = bps / _log2(1 + ratio)
        why = f"由 $R=W\\log_2(1+S/N)$ 得 $W={power(bps)}/\\log_2(1+{decimal(ratio)}){equals(value)}$ Hz。"
    else:
        raise InputError(f"求带宽需要信号状态数 {levels!r} 或大于 0 的信噪比 {ratio!r}，请补上一个。")
    return Step(why, credit="反求带宽", gives={"bandwidth_hz": tidy(value)})


def _levels(hz: Fraction, bps: Fraction | None, ratio: Fraction | None) -> list[Step]:
    if bps is not None:
        need = bps / (2 * hz)
        count = _ceil_power_of_two(need)
        why = f"由 $2W\\log_2V\\ge R$ 得 $\\log_2V\\ge {power(bps)}/(2\\times{power(hz)}){equals(need)}$，"
    elif ratio is not None:
        count = next(v for v in range(_isqrt(1 + ratio), 2**40) if v * v >= 1 + ratio)
        why = f"由 $2W\\log_2V\\ge W\\log_2(1+S/N)$ 得 $V^2\\ge 1+S/N={decimal(1 + ratio)}$，"
    else:
        raise InputError(f"求信号状态数需要数据率 {bps!r} 或信噪比 {ratio!r}，请补上一个。")
    count = max(2, count)
    return [Step(f"{why}最小的 $V={count}$。", _plot(hz, ratio), credit="反求信号状态数", gives={"levels": count})]


def _isqrt(value: Fraction) -> int:
    low, high = 0, 1
    while high * high < value:
        high *= 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if middle * middle <= value else (low, middle)
    return low


def _ceil_power_of_two(exponent: Fraction) -> int:
    """The smallest whole number at or above 2 to the `exponent`."""
    if exponent > 20:
        raise InputError(f"每码元需携带 {decimal(exponent)!r} bit，超出 20 bit 的范围，请检查数据率和带宽。")
    if exponent.denominator == 1:
        return int(2**exponent.numerator)
    with localcontext() as c:
        c.prec = 60
        return int(
            (Decimal(2) ** (Decimal(exponent.numerator) / exponent.denominator)).to_integral_value("ROUND_CEILING")
        )


def _snr(hz: Fraction, bps: Fraction) -> Step:
    exponent = bps / hz
    if exponent > 60:
        raise InputError(f"频带利用率 {decimal(exponent)!r} b/s/Hz 过大（上限 60），请检查数据率和带宽。")
    with localcontext() as c:
        c.prec = 60
        grown = Decimal(2) ** (Decimal(exponent.numerator) / exponent.denominator)
        ratio = _rounded(grown - 1)
        decibels = _rounded(10 * (grown - 1).log10())
    return Step(
        f"由 $R=W\\log_2(1+S/N)$ 得 $S/N=2^{{R/W}}-1=2^{{{decimal(exponent)}}}-1{equals(ratio)}$，"
        f"即 $10\\log_{{10}}(S/N){equals(decibels)}$ dB。",
        credit="反求信噪比",
        gives={"snr": tidy(ratio), "snr_db": tidy(decibels)},
    )


def mistakes(
    bandwidth: str | None,
    levels: int | None,
    snr_db: Fraction | None,
    snr: Fraction | None,
    rate: str | None,
    find: Find,
    efficiency: Fraction,
) -> Iterator[Mistake]:
    """Misconceptions: the factor 2, decibels taken as a ratio, levels in place of bits, the wrong theorem."""
    ratio = _ratio(snr_db, snr)
    hz = None if bandwidth is None else q.frequency_hz(bandwidth)
    bps = None if rate is None else q.rate_bps(rate)
    if find == "rate" and hz is not None:
        yield from _rate_mistakes(hz, levels, ratio, snr_db, Fraction(efficiency))
    if find == "baud" and levels is not None and bps is not None:
        yield Mistake("波特率等于数据率", {"baud": tidy(bps)})
        yield Mistake("数据率除以状态数", {"baud": tidy(bps / levels)})
        yield Mistake("数据率乘以每码元比特数", {"baud": tidy(bps * _log2(levels))})
    if find == "levels" and hz is not None and ratio is not None:
        yield Mistake("漏了奈氏公式中的系数 2", {"levels": tidy(1 + ratio)})
        yield Mistake("把 V 的平方当成 2V", {"levels": -(-(1 + ratio) // 2)})
        yield Mistake("把每码元比特数当成状态数", {"levels": -(-_log2(1 + ratio) // 2)})
        yield Mistake("把分贝数当成信噪比", {"levels": 4 if snr_db is None else _isqrt(1 + snr_db)})
    if find == "levels" and hz is not None and bps is not None:
        yield Mistake("漏了奈氏公式中的系数 2", {"levels": _ceil_power_of_two(min(Fraction(20), bps / hz))})
        yield Mistake("把每码元比特数当成状态数", {"levels": -(-bps // (2 * hz))})
        yield Mistake("每码元比特数多取一位", {"levels": 2 * _ceil_power_of_two(min(Fraction(20), bps / hz / 2))})
        yield Mistake("系数 2 乘成了 4", {"levels": _ceil_power_of_two(min(Fraction(20), bps / hz / 4))})
    if find == "bandwidth" and levels is not None and bps is not None:
        yield Mistake("漏了奈氏公式中的系数 2", {"bandwidth_hz": tidy(bps / _log2(levels))})
        yield Mistake("用状态数代替每码元比特数", {"bandwidth_hz": tidy(bps / (2 * levels))})
        yield Mistake("以为带宽等于数据率", {"bandwidth_hz": tidy(bps)})


def _rate_mistakes(
    hz: Fraction, levels: int | None, ratio: Fraction | None, snr_db: Fraction | None, share: Fraction
) -> Iterator[Mistake]:
    if levels is not None:
        yield Mistake("漏了奈氏公式中的系数 2", {"max_rate_bps": tidy(hz * _log2(levels) * share)})
        yield Mistake("用状态数代替每码元比特数", {"max_rate_bps": tidy(2 * hz * levels * share)})
        yield Mistake("求成了波特率", {"max_rate_bps": tidy(2 * hz)})
        yield Mistake("只用了奈氏公式", {"max_rate_bps": tidy(2 * hz * _log2(levels) * share)})
        yield Mistake("系数 2 多乘了一次", {"max_rate_bps": tidy(4 * hz * _log2(levels) * share)})
    if ratio is not None:
        shannon = hz * _log2(1 + ratio)
        yield Mistake("只用了香农公式", {"max_rate_bps": tidy(shannon * share)})
        yield Mistake("香农公式多乘了 2", {"max_rate_bps": tidy(2 * shannon * share)})
        yield Mistake("忘了实际速率只是极限的一部分", {"max_rate_bps": tidy(shannon)})
    if snr_db is not None:
        yield Mistake("把分贝数当成信噪比", {"max_rate_bps": tidy(hz * _log2(1 + snr_db) * share)})
        yield Mistake("带宽直接乘分贝数", {"max_rate_bps": tidy(hz * snr_db * share)})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Nyquist first, then symbol rates, Shannon, and the two combined."""
    khz = rng.choice([2, 3, 4, 6, 8, 10])
    phases, amplitudes = rng.choice([(4, 1), (8, 1), (4, 4), (8, 2), (4, 2)])
    levels = phases * amplitudes
    how = (
        f"采用 {phases} 个相位、每个相位 {amplitudes} 种振幅的 QAM 调制"
        if amplitudes > 1
        else f"采用 {phases} 相位调制"
    )
    if difficulty == 1:
        stem = f"在无噪声情况下，若某通信链路的带宽为 {khz} kHz，{how}，则该链路的最大数据传输速率（单位 b/s）是（ ）。"
        return Draft(stem, {"bandwidth": f"{khz}kHz", "levels": levels}, "max_rate_bps")
    if difficulty == 2:
        bits = rng.choice([1200, 2400, 4800, 9600]) * (levels.bit_length() - 1)
        stem = f"若某通信链路的数据传输速率为 {bits} b/s，{how}，则该链路的波特率是（ ）。"
        return Draft(stem, {"rate": f"{bits}b/s", "levels": levels, "find": "baud"}, "baud")
    if difficulty == 3:
        bits = rng.choice([3, 4, 5, 6])
        rate = 2 * khz * bits
        stem = f"某无噪声理想信道的带宽为 {khz} kHz，若其最大数据传输速率为 {rate} kb/s，则信号状态数至少是（ ）。"
        return Draft(stem, {"bandwidth": f"{khz}kHz", "rate": f"{rate}kb/s", "find": "levels"}, "levels")
    decibels = rng.choice([10, 20, 30, 40])
    args = {"bandwidth": f"{khz}kHz", "snr_db": decibels}
    if difficulty == 4:
        stem = (
            f"若信道在无噪声情况下的极限数据传输速率不小于信噪比为 {decibels} dB 条件下的极限数据传输速率，"
            f"信道带宽为 {khz} kHz，则信号状态数至少是（ ）。"
        )
        return Draft(stem, {**args, "find": "levels"}, "levels")
    stem = (
        f"某链路的频率带宽为 {khz} kHz，信噪比为 {decibels} dB，{how}，"
        "则该链路的最大数据传输速率（单位 b/s，对数取 4 位小数）是（ ）。"
    )
    return Draft(stem, {**args, "levels": levels}, "max_rate_bps")
