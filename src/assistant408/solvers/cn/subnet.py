"""Subnets (子网划分): network and broadcast address, usable range, equal subnets of a block."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Annotated

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Bits, Cell, Solution, Step, Table, Value
from assistant408.solvers.cn._ip import Prefix, address, dotted, length_for, mask_length

__all__ = ["solve"]

DRAWN = 16  # subnets that the table shows


@solver(
    "cn.subnet",
    title="子网划分与地址范围",
    summary="给出 IP 地址和子网掩码（或前缀长度），求网络地址、广播地址、可用地址范围和可用主机数；"
    "或把地址块等分成若干子网，求新掩码、各子网地址和每个子网的主机数。",
    syllabus=("cn.network.subnet", "cn.network.cidr", "cn.network.special-address"),
    keywords=(
        *("子网划分", "子网掩码", "网络地址", "子网地址", "广播地址", "可用地址", "主机数", "前缀", "CIDR"),
        *("可分配的IP地址", "最大可分配", "等长子网", "网络前缀", "主机号"),
    ),
    answers={
        "network": Out("网络地址"),
        "broadcast": Out("广播地址"),
        "first_host": Out("最小可用地址"),
        "last_host": Out("最大可用地址"),
        "host_range": Out("可用地址范围"),
        "hosts": Out("可用主机数", "台"),
        "mask": Out("子网掩码"),
        "prefix": Out("前缀长度"),
        "block_size": Out("地址总数", "个"),
        "host_id": Out("主机号"),
        "subnet_mask": Out("划分后的子网掩码"),
        "subnet_prefix": Out("划分后的前缀长度"),
        "subnet_count": Out("子网个数", "个"),
        "hosts_each": Out("每个子网的可用主机数", "台"),
        "subnets": Out("各子网"),
        "subnet_networks": Out("各子网的网络地址"),
    },
    examples=(
        {"address": "192.168.1.77", "mask": "255.255.255.192"},
        {"address": "192.168.4.0", "mask": "24", "subnets": 4},
    ),
)
def solve(
    address: Annotated[str, Param("IP 地址", "可带前缀长度，如 192.168.1.77/26", max_len=40)],
    mask: Annotated[str | None, Param("子网掩码", "如 255.255.255.192 或 26；地址已带前缀时不填", max_len=40)] = None,
    subnets: Annotated[
        int | None, Param("子网个数", "把该网络等分成几个子网（向上取 2 的幂）", min=1, max=2**16)
    ] = None,
    hosts: Annotated[
        int | None, Param("每个子网的主机数", "按每个子网至少容纳的主机数划分时填", min=1, max=2**24)
    ] = None,
) -> Solution:
    """Network, broadcast and usable addresses, and equal subnets (子网划分).

    Args:
        address: an address, with or without ``/length``.
        mask: dotted mask or length, if `address` has none.
        subnets: number of equal subnets, rounded up to a power of two.
        hosts: usable addresses that each subnet must have.

    Returns:
        `network`, `broadcast`, `first_host`, `last_host`, `host_range`, `hosts`, `mask`, `prefix`, `block_size` of the network
        that holds the address, and its `host_id` there. With `subnets` or `hosts` also `subnet_mask`, `subnet_prefix`, `subnet_count`,
        `hosts_each`, and of the first 256 subnets `subnets` and `subnet_networks`.

    Raises:
        InputError: no mask or two, or a network too small to divide.

    Examples:
        >>> solve("192.168.1.77/26").answer["network"]
        '192.168.1.64'
        >>> solve("192.168.1.77", "255.255.255.192").answer["broadcast"]
        '192.168.1.127'
        >>> solve("10.0.0.0/31").answer["hosts"]  # both addresses are special
        0
        >>> solve("192.168.4.0/24", subnets=4).answer["subnet_mask"]
        '255.255.255.192'
        >>> solve("192.168.4.0/24", hosts=62).answer["subnet_prefix"]  # exactly full
        26

    Conventions:
        All-zero and all-one host parts are not usable; all-zero and all-one subnets are (CIDR).

    Source:
        RFC 950, RFC 4632; 谢希仁《计算机网络》第8版 §4.2.
    """
    block, number = _read(address, mask)
    steps = [_mask_step(block, number), _range_step(block)]
    if subnets is not None or hosts is not None:
        steps.append(_divide(block, subnets, hosts))
    return Solution(steps, ["主机号全 0 为网络地址、全 1 为广播地址，不分配给主机", "子网号全 0 和全 1 可用（CIDR）"])


def _read(text: str, mask: str | None) -> tuple[Prefix, int]:
    head, slash, tail = text.strip().partition("/")
    if bool(slash) == (mask is not None):
        raise InputError(f"地址 {text!r} 与子网掩码 {mask!r}：前缀长度应恰好给出一次，请改正。")
    number = address(head)
    length = mask_length(tail if slash else mask or "")
    return Prefix(number >> (32 - length) << (32 - length), length), number


def _usable(block: Prefix) -> int:
    return max(0, block.size - 2)


def _mask_step(block: Prefix, number: int) -> Step:
    bits = format(number, "032b")
    fields = [
        (f"网络号 {block.length} 位", bits[: block.length]),
        (f"主机号 {32 - block.length} 位", bits[block.length :]),
    ]
    return Step(
        f"前缀长 {block.length} 位，子网掩码为 {dotted(block.mask)}；{dotted(number)} 与掩码按位与，"
        f"得网络地址 {dotted(block.network)}，主机号为 {number - block.network}。",
        Bits([f for f in fields if f[1]], caption=dotted(number)),
        credit="求网络地址",
        gives={
            "prefix": block.length,
            "mask": dotted(block.mask),
            "network": dotted(block.network),
            "host_id": number - block.network,
        },
    )


def _range_step(block: Prefix) -> Step:
    width = 32 - block.length
    count = _usable(block)
    gives: dict[str, Value] = {"broadcast": dotted(block.last), "block_size": block.size, "hosts": count}
    span = "没有可分配给主机的地址"
    if count:
        first, last = dotted(block.network + 1), dotted(block.last - 1)
        gives |= {"first_host": first, "last_host": last, "host_range": f"{first}~{last}"}
        span = f"可用地址为 {first}~{last}，共 $2^{{{width}}}-2={count}$ 个"
    return Step(
        f"主机号 {width} 位，共 $2^{{{width}}}={block.size}$ 个地址；主机号全 1 为广播地址 {dotted(block.last)}；{span}。",
        credit="求广播地址和可用范围",
        gives=gives,
    )


def _divide(block: Prefix, subnets: int | None, hosts: int | None) -> Step:
    by_count = 0 if subnets is None else (subnets - 1).bit_length()
    longest = 30 if hosts is None else length_for(hosts + 2)
    length = block.length + by_count if subnets is not None else longest
    if length > longest or longest < block.length:
        wanted = f"{subnets or 1} 个子网、每个 {hosts or 1} 台主机"
        raise InputError(f"地址块 {str(block)!r} 太小，容不下{wanted}，请减少子网或主机。")
    parts = [
        Prefix(block.network + i * (1 << (32 - length)), length) for i in range(min(256, 2 ** (length - block.length)))
    ]
    count = 1 << (length - block.length)
    rows: list[list[Cell]] = [
        [str(p), f"{dotted(p.network + 1)}~{dotted(p.last - 1)}", dotted(p.last)] for p in parts[:DRAWN]
    ]
    borrowed = length - block.length
    if subnets is not None:
        why = f"要 {subnets} 个子网，$2^{{{borrowed}}}\\ge {subnets}$，从主机号借 {borrowed} 位"
    else:
        why = f"每个子网要 {hosts} 台主机，$2^{{{32 - length}}}-2\\ge {hosts}$，主机号留 {32 - length} 位，借 {borrowed} 位"
    return Step(
        f"{why}，新前缀 {length} 位，掩码 {dotted(parts[0].mask)}，共 {count} 个子网，"
        f"每个可用 $2^{{{32 - length}}}-2={_usable(parts[0])}$ 个地址。",
        Table(["子网", "可用地址", "广播地址"], rows, caption="" if count <= DRAWN else f"只列前 {DRAWN} 个子网"),
        credit="划分子网",
        gives={
            "subnet_mask": dotted(parts[0].mask),
            "subnet_prefix": length,
            "subnet_count": count,
            "hosts_each": _usable(parts[0]),
            "subnets": [str(p) for p in parts],
            "subnet_networks": [dotted(p.network) for p in parts],
        },
    )


def mistakes(address: str, mask: str | None, subnets: int | None, hosts: int | None) -> Iterator[Mistake]:
    """Misconceptions: classful thinking, special addresses counted, one bit more or less."""
    block, number = _read(address, mask)
    width = 32 - block.length

    def view(length: int, why: str) -> Mistake:
        b = Prefix(number >> (32 - length) << (32 - length), length)
        gives: dict[str, Value] = {"network": dotted(b.network), "broadcast": dotted(b.last), "mask": dotted(b.mask)}
        gives |= {"hosts": _usable(b), "prefix": length}
        return Mistake(why, gives | {"first_host": dotted(b.network + 1), "last_host": dotted(b.last - 1)})

    if block.length < 30:
        yield view(block.length + 1, "前缀多取了一位")
    if block.length > 1:
        yield view(block.length - 1, "前缀少取了一位")
    yield view(min(24, max(8, block.length // 8 * 8)), "只按整字节划分网络号")
    yield Mistake("没有去掉网络地址和广播地址", {"hosts": block.size, "first_host": dotted(block.network)})
    yield Mistake("只去掉了一个特殊地址", {"hosts": block.size - 1, "last_host": dotted(block.last)})
    yield Mistake("把广播地址当成可用地址", {"last_host": dotted(block.last), "broadcast": dotted(block.last - 1)})
    yield Mistake("以为广播地址总是以 255 结尾", {"broadcast": dotted(number | 255)})
    yield Mistake("求成了下一个网络的地址", {"broadcast": dotted(min(block.last + 1, 2**32 - 1))})
    yield Mistake("直接写了该 IP 地址", {"network": dotted(number)})
    yield Mistake("求成了广播地址", {"network": dotted(block.last)})
    if subnets is None and hosts is None:
        return
    divided = _divide(block, subnets, hosts).gives
    each, count, length = divided["hosts_each"], divided["subnet_count"], divided["subnet_prefix"]
    if isinstance(each, int) and isinstance(count, int) and isinstance(length, int):
        yield Mistake("没有去掉网络地址和广播地址", {"hosts_each": each + 2})
        yield Mistake("用原网络的主机数计算", {"hosts_each": 2**width - 2})
        yield Mistake("多借了一位", _split(length + 1, max(0, each // 2 - 1), 2 * count))
        yield Mistake("少借了一位", _split(length - 1, 2 * each + 2, max(1, count // 2)))
        yield Mistake("去掉了全 0 和全 1 的子网", {"subnet_count": max(0, count - 2)})
        yield Mistake("没有划分子网", _split(block.length, _usable(block), 1))


def _split(length: int, each: int, count: int) -> dict[str, Value]:
    mask = Prefix(0, min(32, length)).mask
    return {"subnet_prefix": length, "subnet_mask": dotted(mask), "hosts_each": each, "subnet_count": count}


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Networks of one address, then broadcast addresses and equal subnets."""
    top = rng.choice(["192.168", "172.16", "10.1", "202.118"])
    length = rng.choice([26, 27, 28] if difficulty < 3 else [20, 21, 22, 25, 27, 29])
    host = rng.randrange(1, 2 ** (32 - length) - 1) + (rng.randrange(256) << 8)
    number = address(f"{top}.0.0") | host | rng.choice([0, 64, 128]) * (length > 25)
    args: dict[str, object] = {"address": dotted(number), "mask": dotted(Prefix(0, length).mask)}
    who = f"某主机的 IP 地址为 {dotted(number)}，子网掩码为 {args['mask']}，"
    if difficulty < 4:
        asks = [("network", "该主机所在的网络地址是"), ("broadcast", "该网络的广播地址是")]
        asks += [("last_host", "该网络中最大的可分配地址是")] if difficulty > 1 else []
        ask, what = rng.choice(asks)
        return Draft(f"{who}则{what}（ ）。", args, ask)
    base = f"{top}.{rng.randrange(256)}.0"
    args = {"address": f"{base}/24"}
    if difficulty == 4:
        n = rng.choice([3, 4, 5, 6, 8, 12])
        ask, what = rng.choice([("subnet_mask", "子网掩码应为"), ("hosts_each", "每个子网最多可分配的主机地址数是")])
        return Draft(
            f"将地址块 {base}/24 划分为 {n} 个规模相同的子网，地址浪费最少，则{what}（ ）。",
            {**args, "subnets": n},
            ask,
        )
    n = rng.choice([10, 14, 20, 28, 40, 60])
    ask, what = rng.choice([("subnet_count", "最多可划分的子网个数是"), ("subnet_mask", "子网掩码应为")])
    stem = f"将地址块 {base}/24 划分为若干规模相同的子网，每个子网至少有 {n} 个可分配的主机地址，且子网数最多，则{what}（ ）。"
    return Draft(stem, {**args, "hosts": n}, ask)
