"""Class and kind of an IPv4 address (IP 地址的类别)."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Annotated

from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Solution, Step
from assistant408.solvers.cn._ip import Prefix, dotted
from assistant408.solvers.cn._ip import address as parse
from assistant408.solvers.cn._show import listing

__all__ = ["solve"]

CLASSES = (("A", 0, 8), ("B", 128, 16), ("C", 192, 24), ("D", 224, 0), ("E", 240, 0))
KINDS = (
    ("本网络上的本主机", Prefix(0, 8)),
    ("私有地址", Prefix(10 << 24, 8)),
    ("环回地址", Prefix(127 << 24, 8)),
    ("链路本地地址", Prefix(169 << 24 | 254 << 16, 16)),
    ("私有地址", Prefix(172 << 24 | 16 << 16, 12)),
    ("私有地址", Prefix(192 << 24 | 168 << 16, 16)),
    ("组播地址", Prefix(224 << 24, 4)),
    ("受限广播地址", Prefix((1 << 32) - 1, 32)),
    ("保留地址", Prefix(240 << 24, 4)),
)


@solver(
    "cn.address_kind",
    title="IP 地址的类别",
    summary="给出一个 IP 地址，求它属于 A、B、C、D、E 哪一类、默认子网掩码，以及是否私有地址、组播地址、环回地址，能否作源地址或目的地址。",
    syllabus=("cn.network.classful", "cn.network.special-address"),
    keywords=(
        "哪一类",
        "A 类",
        "B 类",
        "C 类",
        "D 类",
        "默认子网掩码",
        "私有地址",
        "专用地址",
        "组播地址",
        "环回地址",
        "公网地址",
    ),
    answers={
        "letter": Out("类别"),
        "class_mask": Out("类别与默认子网掩码"),
        "mask": Out("默认子网掩码"),
        "kind": Out("地址种类"),
        "private": Out("是否私有地址"),
        "public": Out("是否可在因特网上使用的单播地址"),
        "network": Out("网络地址"),
        "source_only": Out("是否只能作源地址"),
        "destination_only": Out("是否只能作目的地址"),
    },
    examples=({"address": "190.33.2.254"}, {"address": "172.31.0.1"}),
)
def solve(address: Annotated[str, Param("IP 地址", "如 190.33.2.254", max_len=20)]) -> Solution:
    """Class by the first octet, kind by the blocks set aside (IP 地址的类别).

    Args:
        address: dotted decimal.

    Returns:
        `letter` A to E; for A to C also `mask`, `class_mask`, `network`; `kind`; `private`; `public`: a unicast
        address of the Internet; `source_only`: 0.0.0.0/8; `destination_only`: multicast and broadcast.

    Raises:
        InputError: no address.

    Examples:
        >>> solve("190.33.2.254").answer["class_mask"]
        'B 类, 255.255.0.0'
        >>> solve("172.32.0.1").answer["private"]  # just above 172.16.0.0/12
        False

    Source:
        RFC 791 §3.2, RFC 1918, RFC 6890.
    """
    number = parse(address)
    top = number >> 24
    letter, _, length = next(c for c in reversed(CLASSES) if top >= c[1])
    kind = next((name for name, block in KINDS if number in block), "普通的单播地址")
    gives: dict[str, str] = {"letter": letter}
    tail = ""
    if length:
        block = Prefix(number >> (32 - length) << (32 - length), length)
        mask = dotted(block.mask)
        gives |= {"mask": mask, "class_mask": f"{letter} 类, {mask}", "network": dotted(block.network)}
        if number in (block.network, block.last) and kind == "普通的单播地址":
            kind = "网络地址" if number == block.network else "定向广播地址"
        tail = f"，默认子网掩码为 {mask}"
    return Solution(
        [
            Step(
                f"第一个字节 {top} 的二进制为 {top:08b}，属于 {letter} 类{tail}。",
                credit="由第一个字节判断类别",
                gives=dict(gives),
            ),
            Step(
                f"{dotted(number)} 是{kind}。",
                listing(("第一个字节", f"{top:08b}"), ("类别", letter), ("种类", kind)),
                credit="对照特殊地址",
                gives={
                    "kind": kind,
                    "private": kind == "私有地址",
                    "public": kind == "普通的单播地址",
                    "source_only": kind == KINDS[0][0],
                    "destination_only": kind in ("组播地址", "受限广播地址", "定向广播地址"),
                },
            ),
        ]
    )


def mistakes(address: str) -> Iterator[Mistake]:
    """Misconceptions: another class's mask."""
    for letter, _, length in CLASSES[:3]:
        wrong = {"A": "255.0.0.0", "B": "255.255.0.0", "C": "255.255.255.0"}[letter]
        yield Mistake(f"看成 {letter} 类（网络号 {length} 位）", {"class_mask": f"{letter} 类, {wrong}"})
    yield Mistake("类别与掩码不对应", {"class_mask": "B 类, 255.255.255.0"})
    yield Mistake("类别与掩码不对应", {"class_mask": "A 类, 255.255.0.0"})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Class and default mask."""
    first = rng.choice([rng.randint(1, 126), rng.randint(128, 191), rng.randint(192, 223)])
    address = f"{first}.{rng.randint(1, 250)}.{rng.randint(1, 250)}.{rng.randint(1, 250)}"
    stem = f"按分类编址，IP 地址 {address} 的类别和默认子网掩码分别是（ ）。"
    return Draft(stem, {"address": address}, "class_mask")
