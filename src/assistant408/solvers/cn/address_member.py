"""Whether an address belongs to a network and may be given to a host (地址与子网的关系)."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Annotated

from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Solution, Step
from assistant408.solvers.cn._ip import Prefix, dotted, mask_length
from assistant408.solvers.cn._ip import address as parse
from assistant408.solvers.cn._show import listing

__all__ = ["solve"]


@solver(
    "cn.address_member",
    title="地址是否属于某子网",
    summary="给出子网（或一台主机的地址与子网掩码）和另一个地址，判断两者是否在同一子网、该地址能否分配给主机或作默认网关。",
    syllabus=("cn.network.subnet", "cn.network.cidr"),
    keywords=("同一子网", "同一网络", "默认网关", "可分配给主机", "前缀匹配", "属于该子网", "不在同一"),
    answers={
        "member": Out("是否属于该子网"),
        "assignable": Out("能否分配给主机"),
        "network": Out("子网地址"),
        "broadcast": Out("广播地址"),
    },
    examples=({"subnet": "10.1.67.8", "mask": "255.255.192.0", "address": "10.1.126.5"},),
)
def solve(
    subnet: Annotated[str, Param("子网", "如 86.32.0.0/12，或主机地址 10.1.67.8")],
    address: Annotated[str, Param("要判断的地址", "如 86.33.224.123")],
    mask: Annotated[str | None, Param("子网掩码", "子网没有写前缀长度时填，如 255.255.192.0 或 /18")] = None,
) -> Solution:
    """Compare the network bits of two addresses (同一子网的判定).

    Args:
        subnet: a block with its prefix, or any host of it together with `mask`.
        address: the address in question.

    Returns:
        `member`: whether the network bits agree; `assignable`: a member that is neither the network's own nor its
        broadcast address, nor the host that was given itself; `network`, `broadcast`.

    Raises:
        InputError: an address or the mask can't be read.

    Examples:
        >>> solve("86.32.0.0/12", "86.33.224.123").answer["member"]
        True
        >>> solve("192.168.10.100", "192.168.10.127", "255.255.255.192").answer["assignable"]  # broadcast
        False

    Source:
        RFC 4632; 谢希仁《计算机网络》第8版 §4.2.
    """
    host, _, prefix = subnet.replace(" ", "").partition("/")
    given, length = parse(host), mask_length(mask or f"/{prefix}")
    block = Prefix(given >> (32 - length) << (32 - length), length)
    asked = parse(address)
    member = asked in block
    ends = (block.network, block.last)
    free = member and asked not in ends and (asked != given)
    range_step = Step(
        f"网络前缀 {length} 位，子网地址为 {dotted(block.network)}，广播地址为 {dotted(block.last)}。",
        credit="求子网的范围",
        gives={"network": dotted(block.network), "broadcast": dotted(block.last)},
    )
    if not member:
        why = f"{dotted(asked)} 的前 {length} 位与之不同，不在该子网内。"
    elif asked in ends:
        what = "0，是子网地址" if asked == block.network else "1，是广播地址"
        why = f"{dotted(asked)} 的主机号全为 {what}，不能分配给主机。"
    else:
        rest = "，可分配给主机" if asked != given else "，但已是所给的主机"
        why = f"{dotted(asked)} 的前 {length} 位与之相同，在该子网内{rest}。"
    return Solution(
        [
            range_step,
            Step(
                why,
                listing(("子网", str(block)), ("地址", dotted(asked)), ("在子网内", "是" if member else "否")),
                credit="比较网络前缀",
                gives={"member": member, "assignable": free},
            ),
        ]
    )


def mistakes(subnet: str, address: str, mask: str | None) -> Iterator[Mistake]:
    """Misconceptions: the octet boundary for the prefix, the network's or the host's own address."""
    given, length = parse(subnet.partition("/")[0]), mask_length(mask or subnet.partition("/")[2])
    for wrong in (length // 8 * 8, length + 1, length + 2):
        block = Prefix(given >> (32 - wrong) << (32 - wrong), wrong)
        yield Mistake(f"前缀按 {wrong} 位计算", {"broadcast": dotted(block.last)})
    yield Mistake("求成了子网地址", {"broadcast": dotted(given >> (32 - length) << (32 - length))})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """The broadcast address of the subnet of a host."""
    host = ".".join(str(rng.randint(1, 250)) for _ in range(4))
    length = rng.choice([18, 20, 21, 22, 26, 27])
    mask = dotted(Prefix(0, length).mask)
    stem = f"主机的 IP 地址为 {host}，子网掩码为 {mask}，则与它同一子网的主机发送子网广播时的目的地址是（ ）。"
    return Draft(stem, {"subnet": host, "mask": mask, "address": host}, "broadcast")
