"""What each host gets of a hub or a switch (集线器与交换机的带宽)."""

from __future__ import annotations

import random
from collections.abc import Iterator
from fractions import Fraction
from typing import Annotated, Literal

from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Solution, Step
from assistant408.solvers.cn import _quantity as q
from assistant408.solvers.cn._show import listing, rate_text, tidy

__all__ = ["solve"]


@solver(
    "cn.lan_bandwidth",
    title="集线器与交换机的带宽",
    summary="给出集线器或交换机的端口数、端口速率和双工方式，求每台主机平均获得的带宽和设备的总容量。",
    syllabus=("cn.link.switch", "cn.link.domains"),
    keywords=(
        "集线器",
        "交换机的总容量",
        "每台主机的带宽",
        "平均带宽",
        "独占带宽",
        "共享带宽",
        "端口",
        "全双工",
        "半双工",
    ),
    answers={
        "host_bps": Out("每台主机的平均带宽", "b/s"),
        "total_bps": Out("总容量", "b/s"),
    },
    examples=({"ports": 24, "rate": "10Mb/s"}, {"device": "HUB", "ports": 8, "rate": "100Mb/s"}),
)
def solve(
    ports: Annotated[int, Param("端口数", "或所连的主机数", min=1, max=10_000)],
    rate: Annotated[str, Param("端口速率", q.RATE_HELP)],
    device: Annotated[Literal["SWITCH", "HUB"], Param("设备", "SWITCH 交换机，HUB 集线器")] = "SWITCH",
    full_duplex: Annotated[bool, Param("全双工", "交换机工作在全双工方式时为真")] = False,
) -> Solution:
    """A switch gives every port its rate, a hub shares one (集线器与交换机的带宽).

    Args:
        ports: of the device.
        rate: of a port.
        device: switch or hub.
        full_duplex: both directions of a switch count.

    Returns:
        `host_bps`, `total_bps`.

    Raises:
        InputError: the rate can't be read.

    Examples:
        >>> solve(24, "10Mb/s").answer
        {'host_bps': 10000000, 'total_bps': 240000000}
        >>> solve(10, "100Mb/s", "HUB").answer["host_bps"]
        10000000

    Source:
        谢希仁《计算机网络》第8版 §3.4.
    """
    bps = q.rate_bps(rate)
    if device == "HUB":
        each, total = bps / ports, bps
        why = f"集线器的 {ports} 台主机共享 {rate_text(bps)}，平均各得 {rate_text(each)}，总容量为 {rate_text(total)}。"
    else:
        ways = 2 if full_duplex else 1
        each, total = bps * ways, bps * ways * ports
        both = "，全双工时收发可同时进行，再乘 2" if full_duplex else ""
        why = (
            f"交换机的每个端口独占 {rate_text(bps)}{both}，每台主机得 {rate_text(each)}，总容量为 {rate_text(total)}。"
        )
    gives: dict[str, int | Fraction] = {"host_bps": tidy(each), "total_bps": tidy(total)}
    return Solution(
        [Step(why, listing(("每台主机", rate_text(each)), ("总容量", rate_text(total))), credit="求带宽", gives=gives)]
    )


def mistakes(ports: int, rate: str, device: str, full_duplex: bool) -> Iterator[Mistake]:
    """Misconceptions: shared for switched, one port's rate, a factor of two."""
    bps = q.rate_bps(rate)
    ways = 2 if full_duplex else 1
    yield Mistake("以为各端口共享带宽", {"total_bps": tidy(bps)})
    yield Mistake("全双工与半双工弄反", {"total_bps": tidy(bps * ports * (3 - ways))})
    yield Mistake("平均分配", {"total_bps": tidy(bps / ports)})
    yield Mistake("只算一半端口", {"total_bps": tidy(bps * ports / 2 * ways)})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """The capacity of a switch."""
    ports, rate = rng.choice([8, 12, 16, 24, 48]), rng.choice([10, 100, 1000])
    full = rng.random() < 0.5
    stem = f"一台交换机有 {ports} 个 {rate} Mb/s 的端口，工作在{'全' if full else '半'}双工方式，则该交换机的总容量为（ ）。"
    return Draft(stem, {"ports": ports, "rate": f"{rate}Mb/s", "full_duplex": full}, "total_bps")
