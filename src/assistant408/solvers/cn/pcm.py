"""Data rate of pulse code modulation (脉冲编码调制的数据率)."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Annotated

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Solution, Step
from assistant408.solvers.cn import _quantity as q
from assistant408.solvers.cn._show import decimal, listing, tidy

__all__ = ["solve"]


@solver(
    "cn.pcm",
    title="PCM 的数据率",
    summary="给出模拟信号的最高频率（或采样频率）和量化级数（或每样本比特数），求 PCM 编码的采样频率、每样本的比特数和数据传输率。",
    syllabus=("cn.physical.pcm",),
    keywords=("PCM", "脉冲编码调制", "采样", "抽样", "量化级数", "最高频率", "采样定理", "模拟信号数字化", "量化"),
    answers={
        "rate_bps": Out("数据传输率", "b/s"),
        "sampling_hz": Out("采样频率", "Hz"),
        "sample_bits": Out("每个样本的比特数", "bit"),
    },
    examples=({"highest": "4kHz", "levels": 256}, {"sampling": "8kHz", "bits": 7, "channels": 24}),
)
def solve(
    highest: Annotated[str | None, Param("信号的最高频率", "如 4kHz")] = None,
    sampling: Annotated[str | None, Param("采样频率", "直接给出时填，如 8kHz")] = None,
    levels: Annotated[int | None, Param("量化级数", min=2, max=2**24)] = None,
    bits: Annotated[int | None, Param("每个样本的比特数", min=1, max=64)] = None,
    channels: Annotated[int, Param("路数", "几路信号时分复用", min=1, max=10_000)] = 1,
) -> Solution:
    """Sample at twice the highest frequency and number the levels (PCM).

    Args:
        highest: highest frequency of the signal, or else `sampling`, the sampling rate.
        levels: of quantization, or else `bits` a sample.
        channels: signals of the kind on the line.

    Returns:
        `rate_bps`, `sampling_hz`, `sample_bits`.

    Raises:
        InputError: not just one of each pair.

    Examples:
        >>> solve("4kHz", levels=256).answer["rate_bps"]
        64000
        >>> solve("4kHz", levels=100).answer["sample_bits"]  # rounded up
        7

    Source:
        谢希仁《计算机网络》第8版 §2.5; 采样定理.
    """
    if (highest is None) == (sampling is None):
        raise InputError(f"最高频率 {highest!r} 与采样频率 {sampling!r} 应恰好给出一个，请改正。")
    if (levels is None) == (bits is None):
        raise InputError(f"量化级数 {levels!r} 与每样本比特数 {bits!r} 应恰好给出一个，请改正。")
    each = bits if bits is not None else ((levels or 2) - 1).bit_length()
    rate = q.frequency_hz(sampling, "采样频率") if sampling else 2 * q.frequency_hz(highest or "", "最高频率")
    by = "采样频率" if sampling else "采样频率至少为最高频率的 2 倍，即"
    coded = (
        f"{levels} 个量化级用 $\\lceil\\log_2 {levels}\\rceil={each}$ bit 编码" if levels else f"每个样本 {each} bit"
    )
    total = rate * each * channels
    many = f"\\times{channels}" if channels > 1 else ""
    return Solution(
        [
            Step(f"{by} {decimal(rate)} Hz。", credit="求采样频率", gives={"sampling_hz": tidy(rate)}),
            Step(f"{coded}。", credit="求每个样本的比特数", gives={"sample_bits": each}),
            Step(
                f"数据传输率为 ${decimal(rate)}\\times{each}{many}={decimal(total)}$ b/s。",
                listing(("采样频率 (Hz)", decimal(rate)), ("每样本 (bit)", each), ("路数", channels)),
                credit="求数据率",
                gives={"rate_bps": tidy(total)},
            ),
        ]
    )


def mistakes(
    highest: str | None, sampling: str | None, levels: int | None, bits: int | None, channels: int
) -> Iterator[Mistake]:
    """Misconceptions: sampled at the highest frequency, levels for bits, a factor too many."""
    each = bits if bits is not None else ((levels or 2) - 1).bit_length()
    rate = 2 * q.frequency_hz(highest or "1Hz")
    yield Mistake("按最高频率采样", {"rate_bps": tidy(rate / 2 * each)})
    yield Mistake("直接乘以量化级数", {"rate_bps": tidy(rate * (levels or 2))})
    yield Mistake("按最高频率的 4 倍采样", {"rate_bps": tidy(2 * rate * each)})
    yield Mistake("少取一位", {"rate_bps": tidy(rate * (each - 1))})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """One signal."""
    kilo, bits = rng.choice([4, 5, 8, 10, 15, 20]), rng.randint(6, 12)
    stem = f"模拟信号的最高频率为 {kilo} kHz，量化级数为 {2**bits}，用 PCM 编码时所需的最低数据传输率是（ ）。"
    return Draft(stem, {"highest": f"{kilo}kHz", "levels": 2**bits}, "rate_bps")
