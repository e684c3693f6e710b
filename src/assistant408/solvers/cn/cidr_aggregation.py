"""Route aggregation (路由聚合): the smallest prefix that covers several, and the exact fewest prefixes."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from typing import Annotated

from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Cell, Solution, Step, Table
from assistant408.solvers.cn._ip import Prefix, dotted, prefix
from assistant408.solvers.cn._show import joined

__all__ = ["solve"]


@solver(
    "cn.cidr_aggregation",
    title="路由聚合（构造超网）",
    summary="给出若干 CIDR 地址块，求聚合后的目的网络地址（最长公共前缀）、是否恰好覆盖、多覆盖的地址数，以及不引入额外地址时的最少地址块。",
    syllabus=("cn.network.aggregation", "cn.network.cidr"),
    keywords=("路由聚合", "聚合后", "超网", "CIDR", "最长公共前缀", "地址块", "路由表项", "汇聚", "转发接口相同"),
    answers={
        "aggregate": Out("聚合后的地址块"),
        "mask": Out("聚合后的子网掩码"),
        "exact": Out("不引入额外地址的最少地址块"),
        "covers_exactly": Out("是否恰好覆盖"),
        "extra_addresses": Out("多覆盖的地址数", "个"),
        "addresses": Out("聚合块的地址总数", "个"),
    },
    examples=({"blocks": ["35.230.32.0/21", "35.230.40.0/21", "35.230.48.0/21", "35.230.56.0/21"]},),
)
def solve(
    blocks: Annotated[list[str], Param("各地址块", "如 35.230.32.0/21", min_len=1, max_len=64)],
) -> Solution:
    """Aggregate routes (路由聚合).

    Args:
        blocks: CIDR blocks, 1 to 64 of them.

    Returns:
        `aggregate`, the longest prefix that covers all; `mask`; `exact`, the fewest blocks that cover just
        these addresses; `covers_exactly`; `extra_addresses` covered besides; `addresses` of the aggregate.

    Raises:
        InputError: a block that can't be read or whose host bits are not 0.

    Examples:
        >>> solve(["35.230.32.0/21", "35.230.40.0/21", "35.230.48.0/21", "35.230.56.0/21"]).answer["aggregate"]
        '35.230.32.0/19'
        >>> solve(["10.0.0.0/24"]).answer["aggregate"]  # nothing to aggregate
        '10.0.0.0/24'
        >>> solve(["10.0.1.0/24", "10.0.2.0/24"]).answer["extra_addresses"]  # neighbours that are no pair
        512

    Source:
        RFC 4632 §5; 谢希仁《计算机网络》第8版 §4.2.3; 408 真题 2018-38.
    """
    parts = [prefix(b) for b in blocks]
    whole = _cover(parts)
    exact = _merge(parts)
    covered = sum(p.size for p in exact)
    extra = whole.size - covered
    cover = Step(
        f"把各网络地址写成二进制，前 {whole.length} 位相同（各块前缀也不短于它），聚合为 {whole}，掩码 {dotted(whole.mask)}。",
        _table(parts, whole),
        credit="求最长公共前缀",
        gives={"aggregate": str(whole), "mask": dotted(whole.mask), "addresses": whole.size},
    )
    if extra:
        why = f"{whole} 共 {whole.size} 个地址，各块只有 {covered} 个，多覆盖 {extra} 个；不引入额外地址时最少为 {joined(exact)}。"
    else:
        why = f"{whole} 共 {whole.size} 个地址，恰为各块之和，没有多覆盖的地址。"
    check = Step(
        why,
        credit="检查是否恰好覆盖",
        gives={"covers_exactly": not extra, "extra_addresses": extra, "exact": [str(p) for p in exact]},
    )
    return Solution([cover, check])


def _cover(parts: Sequence[Prefix]) -> Prefix:
    differ = 0
    for p in parts:
        differ |= p.network ^ parts[0].network
    length = min(32 - differ.bit_length(), *(p.length for p in parts), 32)
    return Prefix(parts[0].network >> (32 - length) << (32 - length), length)


def _merge(parts: Sequence[Prefix]) -> list[Prefix]:
    """Drop what lies inside another block, then join halves until there are no two halves left."""
    blocks = {p for p in parts if not any(p != other and p in other for other in parts)}
    for length in range(32, 0, -1):
        for block in sorted(b for b in blocks if b.length == length):
            twin = Prefix(block.network ^ block.size, length)
            if block in blocks and twin in blocks:
                blocks -= {block, twin}
                blocks.add(Prefix(min(block, twin).network, length - 1))
    return sorted(blocks)


def _table(parts: Sequence[Prefix], whole: Prefix) -> Table:
    rows: list[list[Cell]] = [[str(p), *_octets(p.network)] for p in parts]
    rows.append([f"聚合 {whole}", *_octets(whole.network)])
    octet = min(3, whole.length // 8)
    marks = [(r, octet + 1) for r in range(len(rows))]
    return Table(["地址块", *(f"字节 {i}" for i in range(1, 5))], rows, marks, caption=f"公共前缀 {whole.length} 位")


def _octets(number: int) -> list[str]:
    return [format(number >> shift & 255, "08b") for shift in (24, 16, 8, 0)]


def mistakes(blocks: list[str]) -> Iterator[Mistake]:
    """Misconceptions: a prefix too long or too short, cuts at bytes, the first block taken for all."""
    parts = [prefix(b) for b in blocks]
    whole = _cover(parts)

    def view(base: int, length: int) -> dict[str, str | int]:
        block = Prefix(base >> (32 - length) << (32 - length), length)
        return {"aggregate": str(block), "mask": dotted(block.mask), "addresses": block.size}

    if whole.length < 32:
        yield Mistake("公共前缀多取了一位", view(whole.network, whole.length + 1))
        yield Mistake("公共前缀多取了一位，取了后一半", view(whole.last, whole.length + 1))
    if whole.length > 0:
        yield Mistake("公共前缀少取了一位", view(whole.network, whole.length - 1))
    yield Mistake("只按整字节比较", view(whole.network, whole.length // 8 * 8))
    first = min(parts)
    yield Mistake("直接取了最小的地址块", view(first.network, first.length))
    joined_length = max(0, first.length - (len(parts) - 1).bit_length())
    yield Mistake("前缀减少的位数只看块数，网络地址没有对齐", {"aggregate": f"{dotted(first.network)}/{joined_length}"})
    count = sum(p.size for p in _merge(parts))
    yield Mistake("以为恰好覆盖", {"extra_addresses": 0, "addresses": count})
    yield Mistake("求成了各块的地址总数", {"extra_addresses": count})
    yield Mistake("求成了聚合块的地址总数", {"extra_addresses": whole.size})
    yield Mistake("没有聚合", {"extra_addresses": whole.size + count})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Blocks in a row that fill the aggregate; with gaps and unequal lengths later."""
    length = rng.randint(20, 24)
    log = 2 if difficulty < 4 else 3
    base = rng.choice([35, 121, 172, 202]) << 24 | rng.randrange(256) << 16
    whole = Prefix((base | rng.randrange(2**16)) >> (32 - length + log) << (32 - length + log), length - log)
    step = 1 << (32 - length)
    parts = [Prefix(whole.network + i * step, length) for i in range(2**log)]
    if difficulty in (3, 5):
        parts = [parts[0], *rng.sample(parts[1:-1], len(parts) - 4 if log == 3 else 1), parts[-1]]
        parts.sort()
    shown = [str(p) for p in parts]
    if difficulty == 5:
        stem = f"将地址块 {joined(shown)} 聚合为一条路由，聚合后的地址块中不属于这些地址块的地址个数是（ ）。"
        return Draft(stem, {"blocks": shown}, "extra_addresses")
    stem = (
        f"某路由表中有转发接口相同的 {len(shown)} 条路由表项，其目的网络地址分别为 {joined(shown)}，"
        f"将该 {len(shown)} 条路由聚合后的目的网络地址为（ ）。"
    )
    return Draft(stem, {"blocks": shown}, "aggregate")
