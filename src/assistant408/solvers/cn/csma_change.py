"""How the greatest distance of CSMA/CD changes with the least frame (帧长变化引起的距离变化)."""

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
    "cn.csma_change",
    title="CSMA/CD 帧长与距离的变化",
    summary="CSMA/CD 网络的数据率和传播速度不变，最小帧长减少或增加若干比特，求最远两站的距离至少要减少或最多可以增加多少；反之由距离的变化求帧长的变化。",
    syllabus=("cn.link.min-frame",),
    keywords=("最小帧长减少", "最短帧长增加", "距离至少需要减少", "最远两站", "CSMA/CD", "帧长变化", "距离变化"),
    answers={
        "distance_change": Out("最远距离的变化"),
        "frame_change": Out("最短帧长的变化"),
        "metres": Out("距离变化的大小", "m"),
        "bits": Out("帧长变化的大小", "bit"),
    },
    examples=({"rate": "100Mb/s", "frame": "1000bit", "grows": False},),
)
def solve(
    rate: Annotated[str, Param("数据率", q.RATE_HELP)],
    frame: Annotated[str | None, Param("帧长的变化量", "求距离的变化时填，" + q.SIZE_HELP)] = None,
    distance: Annotated[str | None, Param("距离的变化量", "求帧长的变化时填，" + q.LENGTH_HELP)] = None,
    grows: Annotated[bool, Param("是否增加", "所给的量增加时为真，减少时为假")] = True,
    speed: Annotated[str, Param("传播速度", q.SPEED_HELP)] = "2×10^8m/s",
) -> Solution:
    """Differences on both sides of L = 2 · d/v · R (最短帧长与距离的变化).

    Args:
        rate: data rate.
        frame: how much the least frame changes, or else `distance`: how much the distance does.
        grows: whether it grows.
        speed: speed of the signal.

    Returns:
        `distance_change` and `frame_change` in words, ``减少 80 m``; `metres`, `bits`: their sizes.

    Raises:
        InputError: not just one of the changes, or a quantity that can't be read.

    Examples:
        >>> solve("1Gb/s", "800bit", grows=False).answer["distance_change"]
        '减少 80 m'
        >>> solve("10Mb/s", distance="1km").answer["bits"]
        100

    Source:
        IEEE 802.3; 谢希仁《计算机网络》第8版 §3.3.
    """
    if (frame is None) == (distance is None):
        raise InputError(f"帧长的变化量 {frame!r} 与距离的变化量 {distance!r} 应恰好给出一个，请改正。")
    bps, mps = q.rate_bps(rate), q.speed_mps(speed)
    word = "增加" if grows else "减少"
    rule = "最短帧长 $L=2\\tau R=2dR/v$，$R$、$v$ 不变时 $\\Delta L=2R\\,\\Delta d/v$"
    if frame is not None:
        bits = q.size_bits(frame, "帧长的变化量", positive=True)
        metres = bits * mps / (2 * bps)
        value = f"$\\Delta d=v\\Delta L/(2R)={decimal(bits)}\\times{decimal(mps)}/(2\\times{decimal(bps)})$"
        why = f"{value}，即最远距离{word} {decimal(metres)} m。"
    else:
        metres = q.length_m(distance or "", "距离的变化量", positive=True)
        bits = 2 * metres * bps / mps
        value = f"$\\Delta L=2\\times{decimal(metres)}\\times{decimal(bps)}/{decimal(mps)}$"
        why = f"{value}，即最短帧长{word} {decimal(bits)} bit。"
    return Solution(
        [
            Step(f"{rule}。", credit="写出关系"),
            Step(
                why,
                listing(("帧长的变化 (bit)", decimal(bits)), ("距离的变化 (m)", decimal(metres))),
                credit="求变化量",
                gives={
                    "distance_change": f"{word} {decimal(metres)} m",
                    "frame_change": f"{word} {decimal(bits)} bit",
                    "metres": tidy(metres),
                    "bits": tidy(bits),
                },
            ),
        ]
    )


def mistakes(rate: str, frame: str | None, distance: str | None, grows: bool, speed: str) -> Iterator[Mistake]:
    """Misconceptions: one way for the round trip, both ways counted twice, the wrong direction."""
    metres = q.size_bits(frame or "1bit") * q.speed_mps(speed) / (2 * q.rate_bps(rate))
    word, other = ("增加", "减少") if grows else ("减少", "增加")
    yield Mistake("没有除以 2", {"distance_change": f"{word} {decimal(2 * metres)} m"})
    yield Mistake("方向弄反", {"distance_change": f"{other} {decimal(metres)} m"})
    yield Mistake("方向弄反且没有除以 2", {"distance_change": f"{other} {decimal(2 * metres)} m"})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """The least frame shrinks or grows."""
    mbps, bits = rng.choice([10, 100, 1000]), rng.choice([100, 200, 400, 800])
    grows = rng.random() < 0.5
    stem = (
        f"CSMA/CD 网络的数据率为 {mbps} Mb/s，信号传播速度为 200000 km/s。若最小帧长{'增加' if grows else '减少'} {bits} b，"
        f"则最远的两个站点之间的距离{'最多可以' if grows else '至少需要'}（ ）。"
    )
    return Draft(stem, {"rate": f"{mbps}Mb/s", "frame": f"{bits}bit", "grows": grows}, "distance_change")
