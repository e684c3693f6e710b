"""Whether a network cut into so many subnets may have two given ones (划分方案中可能的子网)."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Annotated

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Solution, Step
from assistant408.solvers.cn._ip import Prefix, address, mask_length
from assistant408.solvers.cn._show import listing

__all__ = ["solve"]


@solver(
    "cn.subnet_partition",
    title="划分方案中可能的子网",
    summary="把一个网络恰好划分为若干个子网，已知其中一个子网，判断另一个地址块是否可能是其余子网之一。",
    syllabus=("cn.network.vlsm", "cn.network.cidr"),
    keywords=("划分为 3 个子网", "其中一个子网是", "不可能是另外", "另外两个子网之一", "其余子网"),
    answers={
        "possible": Out("是否可能是其余子网之一"),
        "least": Out("同时含有两者的划分至少有几个子网", "个"),
        "network": Out("两者所在的最小网络"),
    },
    examples=({"known": "192.168.9.128/26", "parts": 3, "other": "192.168.9.0/25"},),
)
def solve(
    known: Annotated[str, Param("已知的子网", "如 192.168.9.128/26")],
    parts: Annotated[int, Param("子网个数", "网络划分成几个子网", min=2, max=64)],
    other: Annotated[str, Param("要判断的地址块", "如 192.168.9.0/25")],
) -> Solution:
    """Count the leaves of the tree of halvings that has both blocks as leaves (划分方案).

    Args:
        known: one subnet.
        parts: how many subnets the network is cut into.
        other: may it be another one?

    Returns:
        `possible`; `least` number of subnets of a network that has both; that `network`.

    Raises:
        InputError: a block has no prefix, or isn't at its own boundary.

    Examples:
        >>> [solve("192.168.9.128/26", 3, b).answer["possible"] for b in ("192.168.9.0/25", "192.168.9.0/26")]
        [True, False]
        >>> solve("10.0.0.0/9", 2, "10.128.0.0/9").answer["least"]  # two halves
        2

    Source:
        RFC 4632; 谢希仁《计算机网络》第8版 §4.2.
    """
    a, b = _block(known), _block(other)
    if a in b or b in a:
        why = f"{b} 与 {a} 重叠，不能同时是同一网络的两个子网。"
        return Solution(
            [Step(why, listing(("已知", str(a)), ("要判断的", str(b))), credit="判断重叠", gives={"possible": False})]
        )
    length = 32 - (a.network ^ b.network).bit_length()
    root = Prefix(a.network >> (32 - length) << (32 - length), length)
    # below the root each block's path leaves one sibling a level; a larger root adds one leaf a level
    least = (a.length - length) + (b.length - length)
    possible = parts >= least and not (parts > least == 2 and length == 0)
    return Solution(
        [
            Step(
                f"同时含有 {a} 和 {b} 的最小网络是 {root}，从它逐次对分到这两个子网，"
                f"至少得到 $({a.length}-{length})+({b.length}-{length})={least}$ 个子网。",
                listing(("已知", str(a)), ("要判断的", str(b)), ("最小网络", str(root)), ("最少子网数", least)),
                credit="求最少的子网数",
                gives={"network": str(root), "least": least},
            ),
            Step(
                f"题目恰有 {parts} 个子网，{'不少于' if possible else '少于'} {least}，"
                f"{b} {'可能' if possible else '不可能'}是其余子网之一。",
                credit="比较子网数",
                gives={"possible": possible},
            ),
        ]
    )


def _block(text: str) -> Prefix:
    head, _, tail = text.replace(" ", "").partition("/")
    if not tail:
        raise InputError(f"地址块 {text!r} 没有前缀长度，请写成 {head}/26 的形式。")
    length, number = mask_length(tail), address(head)
    if number % (1 << (32 - length)):
        raise InputError(f"地址块 {text!r} 的主机号不全为 0，请改正。")
    return Prefix(number, length)


def mistakes(known: str, parts: int, other: str) -> Iterator[Mistake]:
    """Misconceptions: one too few or too many, the levels of one block alone."""
    a, b = _block(known), _block(other)
    length = 32 - (a.network ^ b.network).bit_length()
    least = a.length + b.length - 2 * length
    yield Mistake("少算一个", {"least": least - 1})
    yield Mistake("多算一个", {"least": least + 1})
    yield Mistake("两条路径合并计算出错", {"least": least + 2})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """The least number of subnets with both."""
    length, other = rng.randint(25, 28), rng.randint(25, 28)
    a = Prefix((192 << 24) + (168 << 16) + (rng.randint(1, 200) << 8) + 128, length)
    b = Prefix(a.network - 128, other)
    stem = f"划分某网络得到的子网中有 {a} 和 {b}，则该网络至少被划分成了（ ）个子网。"
    return Draft(stem, {"known": str(a), "parts": 8, "other": str(b)}, "least")
