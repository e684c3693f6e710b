"""Variable-length subnets (变长子网划分): a block cut to fit demands of different sizes."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Cell, Solution, Step, Table
from assistant408.solvers.cn._ip import Prefix, dotted, length_for, prefix
from assistant408.solvers.cn._show import joined

__all__ = ["Demand", "solve"]


@dataclass(frozen=True)
class Demand:
    """A subnet and how many addresses its hosts and router interfaces need."""

    name: Annotated[str, Param("子网名", min_len=1, max_len=30)]
    hosts: Annotated[int, Param("所需地址数", "主机和路由器接口数之和，不含网络地址和广播地址", min=1, max=2**24)]


@solver(
    "cn.vlsm",
    title="变长子网划分（VLSM）",
    summary="给出一个地址块和若干规模不同的子网所需的主机（接口）数，按从大到小的次序做变长子网划分，求各子网的网络地址、前缀、掩码和剩余地址块。",
    syllabus=("cn.network.vlsm", "cn.network.subnet"),
    keywords=("变长子网", "VLSM", "子网划分", "地址块", "分配", "部门", "主机数", "最小子网", "掩码"),
    answers={
        "subnets": Out("各子网"),
        "subnet": Out("指定子网"),
        "masks": Out("各子网的掩码"),
        "usable": Out("各子网的可用地址数"),
        "leftover": Out("剩余的地址块"),
        "leftover_size": Out("剩余的地址数", "个"),
    },
    examples=(
        {
            "block": "192.168.1.0/24",
            "demands": [
                {"name": "甲", "hosts": 100},
                {"name": "乙", "hosts": 50},
                {"name": "丙", "hosts": 20},
                {"name": "链路", "hosts": 2},
            ],
        },
    ),
)
def solve(
    block: Annotated[str, Param("地址块", "如 192.168.1.0/24", max_len=40)],
    demands: Annotated[
        list[Demand], Param("各子网的需求", "子网名:所需地址数，如 甲:100, 乙:50", min_len=1, max_len=64)
    ],
    focus: Annotated[str | None, Param("要问的子网", "子网名；不填为需求最大的子网")] = None,
) -> Solution:
    """Cut a block into subnets of different sizes (变长子网划分).

    Args:
        block: the block, such as ``192.168.1.0/24``.
        demands: subnets with the addresses that they need.
        focus: the subnet that `subnet` tells; the greatest if left out.

    Returns:
        `subnets`, `masks` and `usable` by name; `subnet`; `leftover`, the largest blocks that are left;
        `leftover_size`.

    Raises:
        InputError: a name twice, an unknown `focus`, or demands that don't fit.

    Examples:
        >>> solve("192.168.1.0/24", [Demand("A", 50), Demand("B", 100)]).answer["subnets"]
        {'B': '192.168.1.0/25', 'A': '192.168.1.128/26'}
        >>> solve("10.0.0.0/30", [Demand("A", 2)]).answer["leftover"]  # filled to the last address
        []
        >>> solve("10.0.0.0/24", [Demand("A", 60), Demand("B", 60)]).answer["subnet"]  # a tie keeps the order given
        '10.0.0.0/26'

    Conventions:
        The greatest demand first, from the low end of the block; equal ones in the order given. Each subnet
        needs two addresses more, for the network and for broadcasts.

    Source:
        RFC 1878; 谢希仁《计算机网络》第8版 §4.2.
    """
    whole, order = _check(block, demands, focus)
    steps, placed, free = [], [], whole.network
    for demand in order:
        part = Prefix(free, length_for(demand.hosts + 2))
        steps.append(_step(demand, part))
        placed.append(part)
        free += part.size
    rest = _blocks(free, whole.last + 1)
    target = focus or order[0].name
    found = next(p for d, p in zip(order, placed, strict=True) if d.name == target)
    rows: list[list[Cell]] = [
        [d.name, d.hosts, str(p), dotted(p.mask), f"{dotted(p.network + 1)}~{dotted(p.last - 1)}", dotted(p.last)]
        for d, p in zip(order, placed, strict=True)
    ]
    steps.append(
        Step(
            f"各子网依次相接；剩余地址块：{joined([str(p) for p in rest])}，共 {whole.last + 1 - free} 个地址。",
            Table(["子网", "需求", "地址块", "掩码", "可用地址", "广播地址"], rows),
            credit="写出各子网的地址块",
            gives={
                "subnets": {d.name: str(p) for d, p in zip(order, placed, strict=True)},
                "subnet": str(found),
                "masks": {d.name: dotted(p.mask) for d, p in zip(order, placed, strict=True)},
                "usable": {d.name: p.size - 2 for d, p in zip(order, placed, strict=True)},
                "leftover": [str(p) for p in rest],
                "leftover_size": whole.last + 1 - free,
            },
        )
    )
    return Solution(steps, ["从大到小依次分配，从地址块低端开始", "网络地址和广播地址不分配给主机"])


def _check(block: str, demands: Sequence[Demand], focus: str | None) -> tuple[Prefix, list[Demand]]:
    whole = prefix(block)
    names = [d.name for d in demands]
    if len(set(names)) < len(names):
        raise InputError(f"子网名 {names!r} 有重复，请改名。")
    if focus is not None and focus not in names:
        raise InputError(f"没有名为 {focus!r} 的子网，应为 {joined(names)} 之一。")
    order = sorted(demands, key=lambda d: -(1 << (32 - length_for(d.hosts + 2))))
    need = sum(1 << (32 - length_for(d.hosts + 2)) for d in order)
    if need > whole.size:
        raise InputError(f"地址块 {block!r} 只有 {whole.size} 个地址，各子网共需 {need} 个，请换更大的块。")
    return whole, order


def _step(demand: Demand, part: Prefix) -> Step:
    width = 32 - part.length
    return Step(
        f"{demand.name} 需 {demand.hosts} 个地址，$2^{{{width}}}-2={part.size - 2}\\ge {demand.hosts}$，主机号取 {width} 位，"
        f"前缀 $32-{width}={part.length}$ 位，分配 {part}，掩码 {dotted(part.mask)}。",
        credit="求前缀并分配",
    )


def _blocks(start: int, end: int) -> list[Prefix]:
    """The fewest aligned blocks that cover the addresses from `start` to `end` - 1."""
    out = []
    while start < end:
        width = min((start & -start).bit_length() - 1 if start else 32, (end - start).bit_length() - 1)
        out.append(Prefix(start, 32 - width))
        start += 1 << width
    return out


def mistakes(block: str, demands: list[Demand], focus: str | None) -> Iterator[Mistake]:
    """Misconceptions: no room for the special addresses, the order given, equal subnets."""
    whole, order = _check(block, demands, focus)
    target = focus or order[0].name

    def lay(sequence: Sequence[Demand], lengths: Sequence[int]) -> dict[str, str | int | dict[str, str]]:
        free, out = whole.network, {}
        for demand, length in zip(sequence, lengths, strict=True):
            part = Prefix(free & ~((1 << (32 - length)) - 1), length)
            out[demand.name] = str(part)
            free = min(part.last + 1, 2**32 - 1)
        return {"subnets": out, "subnet": out[target], "leftover_size": max(0, whole.last + 1 - free)}

    right = [length_for(d.hosts + 2) for d in order]
    yield Mistake("没有给网络地址和广播地址留位置", lay(order, [length_for(d.hosts) for d in order]))
    small = sorted(order, key=lambda d: d.hosts)
    yield Mistake("从小到大分配", lay(small, [length_for(d.hosts + 2) for d in small]))
    yield Mistake("按题目给出的次序分配", lay(demands, [length_for(d.hosts + 2) for d in demands]))
    longest = min(right)
    yield Mistake("各子网取相同的前缀", lay(order, [longest] * len(order)))
    yield Mistake("主机号多留了一位", lay(order, [max(whole.length, n - 1) for n in right]))
    yield Mistake("主机号少留了一位", lay(order, [min(32, n + 1) for n in right]))
    yield Mistake("剩余地址数按主机数相减", {"leftover_size": whole.size - sum(d.hosts for d in order)})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Two departments first, then more of them."""
    base = f"{rng.choice(['192.168', '172.20', '10.8', '202.118'])}.{rng.randrange(256)}.0/24"
    sizes = [rng.randint(70, 120), rng.randint(33, 60), rng.randint(16, 28), rng.randint(8, 13)][: 2 + difficulty // 2]
    demands = [Demand(f"部门{n}", s) for n, s in zip("甲乙丙丁", sizes, strict=False)]
    rng.shuffle(demands)
    what = "、".join(f"{d.name} {d.hosts} 台主机" for d in demands)
    stem = f"某单位分得地址块 {base}，需为各部门划分子网：{what}。按需求从大到小、从低地址开始依次分配规模最小的子网，"
    args: dict[str, object] = {"block": base, "demands": demands}
    if difficulty % 2 == 0:
        return Draft(stem + "则分配后剩余的地址个数是（ ）。", args, "leftover_size")
    name = sorted(demands, key=lambda d: -d.hosts)[min(difficulty // 2, len(demands) - 1)].name
    return Draft(f"{stem}则分配给{name}的地址块是（ ）。", {**args, "focus": name}, "subnet")
