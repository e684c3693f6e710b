"""States that a noiseless channel needs to match a noisy one (奈氏与香农极限相等时的状态数)."""

from __future__ import annotations

import random
from collections.abc import Iterator
from fractions import Fraction
from math import isqrt
from typing import Annotated

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Solution, Step
from assistant408.solvers.cn._show import decimal, listing

__all__ = ["solve"]


@solver(
    "cn.noise_levels",
    title="由信噪比求信号状态数",
    summary="信道在无噪声情况下的极限数据传输速率不小于给定信噪比下的极限速率时，求信号状态数至少是多少。",
    syllabus=("cn.physical.nyquist", "cn.physical.shannon"),
    keywords=("无噪声情况下的极限", "信噪比条件下", "信号状态数至少", "不小于", "奈奎斯特", "香农"),
    answers={"levels": Out("信号状态数", "个"), "snr": Out("信噪功率比")},
    examples=({"snr_db": 30},),
)
def solve(
    snr_db: Annotated[int, Param("信噪比", "单位 dB，10 的倍数，如 30", min=0, max=120)],
    power_of_two: Annotated[bool, Param("取 2 的幂", "状态数取 2 的整数次幂时为真")] = True,
) -> Solution:
    """Least V with 2W·log2 V ≥ W·log2(1 + S/N), that is V² ≥ 1 + S/N (信号状态数).

    Args:
        snr_db: signal to noise in decibels, a multiple of 10.
        power_of_two: round V up to a power of two.

    Returns:
        `levels`; `snr`, as a ratio.

    Raises:
        InputError: no multiple of 10.

    Examples:
        >>> solve(30).answer["levels"], solve(30, False).answer["levels"]
        (32, 32)
        >>> solve(0).answer["levels"]  # S = N
        2

    Source:
        谢希仁《计算机网络》第8版 §2.2.
    """
    if snr_db % 10:
        raise InputError(f"信噪比 {snr_db} dB 不是 10 的倍数，功率比不是整数，请换用公式直接计算。")
    ratio = 10 ** (snr_db // 10)
    least = isqrt(ratio) + 1  # the least V with V² ≥ 1 + ratio
    levels = 1 << (least - 1).bit_length() if power_of_two else least
    rounded = f"，取 2 的幂为 {levels}" if levels != least else ""
    return Solution(
        [
            Step(
                f"{snr_db} dB 对应 $S/N=10^{{{snr_db}/10}}={decimal(Fraction(ratio))}$。",
                credit="换算信噪比",
                gives={"snr": ratio},
            ),
            Step(
                f"由 $2W\\log_2V\\ge W\\log_2(1+S/N)$ 得 $V^2\\ge {1 + ratio}$，$V\\ge {least}${rounded}。",
                listing(("S/N", ratio), ("V 的最小值", least), ("状态数", levels)),
                credit="由两个极限比较求状态数",
                gives={"levels": levels},
            ),
        ]
    )


def mistakes(snr_db: int, power_of_two: bool) -> Iterator[Mistake]:
    """Misconceptions: a power too few or too many, the square forgotten."""
    least = isqrt(10 ** (snr_db // 10)) + 1
    levels = 1 << (least - 1).bit_length()
    yield Mistake("少取一位", {"levels": levels // 2})
    yield Mistake("多取一位", {"levels": levels * 2})
    yield Mistake("忘了开平方", {"levels": 1 << (10 ** (snr_db // 10)).bit_length()})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Nyquist's limit not under Shannon's."""
    db = rng.choice([10, 20, 30, 40])
    stem = f"若信道在无噪声情况下的极限数据传输速率不小于信噪比为 {db} dB 条件下的极限速率，则信号状态数（取 2 的幂）至少是（ ）。"
    return Draft(stem, {"snr_db": db}, "levels")
