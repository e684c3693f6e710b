"""Least and greatest subnet when a block is cut into so many of unequal sizes (变长划分的极值)."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Annotated

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Solution, Step
from assistant408.solvers.cn._ip import address, mask_length
from assistant408.solvers.cn._show import listing

__all__ = ["solve"]


@solver(
    "cn.split_bounds",
    title="变长子网划分的极值",
    summary="把一个地址块划分为若干个大小可以不等的子网，求可能的最小子网和最大子网的可分配 IP 地址数。",
    syllabus=("cn.network.vlsm",),
    keywords=("可能的最小子网", "最小子网", "最大子网", "可分配的 IP 地址数", "划分为几个子网", "长度不等", "变长划分"),
    answers={
        "smallest_hosts": Out("可能的最小子网的可分配地址数", "个"),
        "largest_hosts": Out("可能的最大子网的可分配地址数", "个"),
        "smallest_prefix": Out("可能的最小子网的前缀长度"),
        "largest_prefix": Out("可能的最大子网的前缀长度"),
        "shape": Out("各子网的前缀长度"),
    },
    examples=({"block": "130.20.64.0/20", "parts": 4},),
)
def solve(
    block: Annotated[str, Param("地址块", "如 130.20.64.0/20", max_len=40)],
    parts: Annotated[int, Param("子网个数", "划分成几个子网，用尽全部地址", min=2, max=31)],
) -> Solution:
    """Cut a block in two again and again, always the same end: the extremes of unequal subnets (变长划分的极值).

    Args:
        block: the address block with its prefix.
        parts: number of subnets that fill it.

    Returns:
        `smallest_hosts`: usable addresses of the least subnet that a cut may leave, p + parts − 1 bits of prefix;
        `largest_hosts`: of the greatest, p + 1 bits; `smallest_prefix`, `largest_prefix`, and the `shape` with both.

    Raises:
        InputError: the block has no prefix, or is too small for the least subnet to have a usable address.

    Examples:
        >>> solve("101.200.16.0/20", 5).answer["smallest_hosts"]
        254
        >>> solve("10.0.0.0/8", 2).answer["shape"]  # one cut: equal halves
        [9, 9]

    Source:
        RFC 4632; 谢希仁《计算机网络》第8版 §4.2.
    """
    head, _, tail = block.replace(" ", "").partition("/")
    address(head)
    if not tail:
        raise InputError(f"地址块 {block!r} 没有前缀长度，请写成 {head}/20 的形式。")
    p = mask_length(tail)
    least = p + parts - 1
    if least > 30:
        raise InputError(f"子网个数 {parts} 太多：最小的子网前缀将达 {least} 位，没有可分配的地址，请改小。")
    shape = [*range(p + 1, least + 1), least]
    small, large = 2 ** (32 - least) - 2, 2 ** (31 - p) - 2
    return Solution(
        [
            Step(
                f"每次对分使前缀加长 1 位。要得到尽可能小的子网，每次都把上次得到的一半再对分，{parts - 1} 次对分得到 {parts} 个子网，"
                f"前缀长度依次为 {'、'.join(map(str, shape))}。",
                listing(*((f"子网 {i}", f"/{n}") for i, n in enumerate(shape, 1))),
                credit="逐次对分",
                gives={"shape": shape, "smallest_prefix": least, "largest_prefix": p + 1},
            ),
            Step(
                f"最小的子网主机号有 {32 - least} 位，可分配 $2^{{{32 - least}}}-2={small}$ 个地址；"
                f"最大的子网主机号有 {31 - p} 位，可分配 $2^{{{31 - p}}}-2={large}$ 个地址。",
                credit="求可分配的地址数",
                gives={"smallest_hosts": small, "largest_hosts": large},
            ),
        ],
        ["主机号全 0、全 1 的地址不分配"],
    )


def mistakes(block: str, parts: int) -> Iterator[Mistake]:
    """Misconceptions: equal subnets, a bit too few or too many, the reserved addresses forgotten."""
    p = mask_length(block.partition("/")[2])
    least = p + parts - 1
    yield Mistake("按等长划分", {"smallest_hosts": 2 ** (32 - p - (parts - 1).bit_length()) - 2})
    yield Mistake("多分了一次", {"smallest_hosts": 2 ** (31 - least) - 2})
    yield Mistake("少分了一次", {"smallest_hosts": 2 ** (33 - least) - 2})
    yield Mistake("没有减去全 0 和全 1 的主机号", {"smallest_hosts": 2 ** (32 - least)})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """The least subnet of an unequal cut."""
    p, parts = rng.choice([16, 18, 19, 20, 21]), rng.randint(3, 6)
    block = (
        f"{rng.randint(60, 190)}.{rng.randint(1, 250)}.{rng.choice([0, 64, 128])}.0/{p}"
        if p > 16
        else f"{rng.randint(130, 190)}.20.0.0/16"
    )
    stem = f"将地址块 {block} 划分为 {parts} 个大小可以不等的子网，则可能的最小子网的可分配 IP 地址数是（ ）。"
    return Draft(stem, {"block": block, "parts": parts}, "smallest_hosts")
