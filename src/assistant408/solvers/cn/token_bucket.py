"""The longest burst that a token bucket lets pass (令牌桶的最大突发时间)."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Annotated

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Solution, Step
from assistant408.solvers.cn import _quantity as q
from assistant408.solvers.cn._show import decimal, equals, listing, tidy

__all__ = ["solve"]


@solver(
    "cn.token_bucket",
    title="令牌桶的突发时间",
    summary="给出令牌桶的容量、令牌产生速率和主机的最大发送速率，求能以最大速率突发发送的最长时间、突发的数据量和一段时间内最多发送的数据量。",
    syllabus=("cn.network.congestion",),
    keywords=("令牌桶", "令牌产生速率", "突发", "流量整形", "桶的容量", "最大速率发送"),
    answers={
        "burst_s": Out("以最大速率发送的最长时间", "s"),
        "burst_bits": Out("突发期间发送的数据量", "bit"),
    },
    examples=({"capacity": "8Mb", "token_rate": "2Mb/s", "peak": "10Mb/s"},),
)
def solve(
    capacity: Annotated[str, Param("桶的容量", q.SIZE_HELP)],
    token_rate: Annotated[str, Param("令牌产生速率", q.RATE_HELP)],
    peak: Annotated[str, Param("最大发送速率", q.RATE_HELP)],
) -> Solution:
    """The bucket and what flows in meanwhile last for the burst: C + ρS = MS (令牌桶).

    Args:
        capacity: tokens in the full bucket, as the data that they let pass.
        token_rate: at which tokens come.
        peak: at which the host can send.

    Returns:
        `burst_s`, S = C/(M − ρ); `burst_bits`, M·S.

    Raises:
        InputError: the peak isn't above the token rate, so the burst would never end.

    Examples:
        >>> solve("8Mb", "2Mb/s", "10Mb/s").answer["burst_s"]
        1
        >>> solve("1Mb", "1b/s", "1Mb/s").answer["burst_s"] > 1  # tokens come meanwhile
        True

    Source:
        Tanenbaum《计算机网络》第5版 §5.4.2.
    """
    c = q.size_bits(capacity, "桶的容量", positive=True)
    rho, top = q.rate_bps(token_rate, "令牌产生速率"), q.rate_bps(peak, "最大发送速率")
    if top <= rho:
        raise InputError(f"最大发送速率 {peak!r} 不高于令牌产生速率 {token_rate!r}，突发没有尽头，请改正。")
    time = c / (top - rho)
    return Solution(
        [
            Step("突发期间送出的数据等于桶中原有的令牌加上这段时间新产生的令牌：$C+\\rho S=MS$。", credit="列式"),
            Step(
                f"$S=\\dfrac{{C}}{{M-\\rho}}=\\dfrac{{{decimal(c)}}}{{{decimal(top)}-{decimal(rho)}}}{equals(time)}$ s，"
                f"期间发送 {decimal(top * time)} bit。",
                listing(
                    ("C (bit)", decimal(c)),
                    ("ρ (b/s)", decimal(rho)),
                    ("M (b/s)", decimal(top)),
                    ("S (s)", decimal(time)),
                ),
                credit="求突发时间",
                gives={"burst_s": tidy(time), "burst_bits": tidy(top * time)},
            ),
        ]
    )


def mistakes(capacity: str, token_rate: str, peak: str) -> Iterator[Mistake]:
    """Misconceptions: tokens that come meanwhile forgotten, the rates added, the wrong rate."""
    c, rho, top = q.size_bits(capacity), q.rate_bps(token_rate), q.rate_bps(peak)
    yield Mistake("忘了突发期间新产生的令牌", {"burst_s": tidy(c / top)})
    yield Mistake("除以令牌产生速率", {"burst_s": tidy(c / rho)})
    yield Mistake("两个速率相加", {"burst_s": tidy(c / (top + rho))})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """The longest burst."""
    rho, more, seconds = rng.randint(1, 6), rng.randint(2, 12), rng.randint(1, 8)
    args = {"capacity": f"{more * seconds}Mb", "token_rate": f"{rho}Mb/s", "peak": f"{rho + more}Mb/s"}
    stem = (
        f"令牌桶的容量为 {more * seconds} Mb，令牌产生速率为 {rho} Mb/s，主机的最大发送速率为 {rho + more} Mb/s。"
        "桶满时，主机能以最大速率突发发送的最长时间是（ ）。"
    )
    return Draft(stem, args, "burst_s")
