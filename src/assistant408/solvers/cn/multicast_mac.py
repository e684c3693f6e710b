"""The Ethernet address of an IP multicast address (组播地址到 MAC 地址的映射)."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Annotated

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Solution, Step
from assistant408.solvers.cn._ip import address as parse
from assistant408.solvers.cn._ip import dotted
from assistant408.solvers.cn._show import listing

__all__ = ["solve"]


@solver(
    "cn.multicast_mac",
    title="组播地址到 MAC 地址的映射",
    summary="给出 IP 组播地址，求它映射成的以太网组播 MAC 地址，以及与它映射成同一 MAC 地址的 IP 组播地址个数。",
    syllabus=("cn.network.multicast",),
    keywords=("组播地址", "多播地址", "硬件组播地址", "MAC 地址", "映射", "01-00-5E", "硬件地址"),
    answers={
        "mac": Out("以太网组播 MAC 地址"),
        "sharing": Out("映射成同一 MAC 地址的 IP 组播地址数", "个"),
        "low_bits": Out("低 23 位"),
    },
    examples=({"address": "224.215.145.230"},),
)
def solve(address: Annotated[str, Param("IP 组播地址", "如 224.215.145.230", max_len=20)]) -> Solution:
    """Put the low 23 bits behind 01-00-5E and a zero (组播 MAC 地址).

    Args:
        address: a class D address.

    Returns:
        `mac`, the `low_bits` that are kept, and `sharing`: 2^5 addresses have the same.

    Raises:
        InputError: the address isn't one of 224.0.0.0/4.

    Examples:
        >>> solve("224.215.145.230").answer["mac"]
        '01-00-5E-57-91-E6'
        >>> solve("239.128.0.1").answer["mac"] == solve("224.0.0.1").answer["mac"]  # the same low 23 bits
        True

    Source:
        RFC 1112 §6.4.
    """
    number = parse(address)
    if number >> 28 != 0b1110:
        raise InputError(f"{address!r} 不是组播地址，应在 224.0.0.0～239.255.255.255 内，请改正。")
    low = number & 0x7FFFFF
    mac = "-".join(f"{b:02X}" for b in (0x01005E000000 | low).to_bytes(6, "big"))
    return Solution(
        [
            Step(
                f"D 类地址的前 4 位固定为 1110，其后 28 位中只映射低 23 位，{dotted(number)} 的低 23 位为 {low:023b}。",
                credit="取低 23 位",
                gives={"low_bits": f"{low:023b}"},
            ),
            Step(
                f"MAC 地址的前 25 位固定为 01-00-5E 和一个 0，接上低 23 位得 {mac}；"
                "舍去的 5 位任意，有 $2^5=32$ 个 IP 组播地址映射成它。",
                listing(("IP 地址", dotted(number)), ("低 23 位", f"{low:023b}"), ("MAC 地址", mac)),
                credit="拼成 MAC 地址",
                gives={"mac": mac, "sharing": 32},
            ),
        ]
    )


def mistakes(address: str) -> Iterator[Mistake]:
    """Misconceptions: 24 bits kept, 28 bits kept, the wrong prefix."""
    number = parse(address)

    def mac(prefix: int, bits: int) -> str:
        return "-".join(f"{b:02X}" for b in (prefix | number & ((1 << bits) - 1)).to_bytes(6, "big"))

    yield Mistake("映射了低 24 位", {"mac": mac(0x01005E000000, 24)})
    yield Mistake(
        "第 24 位取反", {"mac": mac(0x01005E000000, 23)[:9] + f"{(number >> 16 & 255) ^ 128:02X}" + mac(0, 16)[11:]}
    )
    yield Mistake("前缀记错", {"mac": mac(0x00005E000000, 23)})
    yield Mistake("只映射低 16 位", {"mac": mac(0x01005E000000, 16)})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """The MAC address of a group."""
    address = f"{rng.randint(224, 239)}.{rng.randint(129, 250)}.{rng.randint(1, 250)}.{rng.randint(1, 250)}"
    stem = f"IP 组播地址 {address} 映射成的以太网组播 MAC 地址是（ ）。"
    return Draft(stem, {"address": address}, "mac")
