"""Block search (分块查找): average search length, and the best block size."""

from __future__ import annotations

import random
from collections.abc import Iterator
from fractions import Fraction
from math import isqrt
from typing import Annotated, Literal

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Cell, Solution, Step, Table
from assistant408.solvers.ds._answers import fraction, integer

__all__ = ["solve"]

Index = Literal["sequential", "binary"]


@solver(
    "ds.block_search",
    title="分块查找",
    summary="给出元素个数和每块的长度，求分块查找（索引顺序查找）的平均查找长度、块数，以及平均查找长度最小时的块长。",
    syllabus=("ds.search.block", "ds.search.sequential"),
    keywords=("分块查找", "索引顺序查找", "索引表", "块", "块内顺序查找", "平均查找长度", "ASL", "最佳块长"),
    answers={
        "asl": Out("平均查找长度"),
        "blocks": Out("块数", "块"),
        "index_asl": Out("查索引表的平均比较次数", "次"),
        "block_asl": Out("块内查找的平均比较次数", "次"),
        "best_block": Out("使平均查找长度最小的块长"),
        "best_asl": Out("最小的平均查找长度"),
        "comparisons": Out("查找所问元素的比较次数", "次"),
    },
    examples=(
        {"count": 65025, "block": 255},
        {"count": 900, "block": 30, "index": "binary"},
    ),
)
def solve(
    count: Annotated[int, Param("元素个数 n", min=1, max=1_000_000)],
    block: Annotated[int, Param("块长 s", "每块的元素个数，最后一块可以不满", min=1, max=1_000_000)],
    index: Annotated[Index, Param("索引表的查找方法", "sequential 顺序查找，binary 折半查找")] = "sequential",
    position: Annotated[int | None, Param("所问元素的位置", "从 1 开始的序号；不问则留空", min=1)] = None,
) -> Solution:
    """Compute the average search length of block search (分块查找).

    Args:
        count: n elements, 1 to 10^6.
        block: s elements a block; the last block holds the rest.
        index: how the index is searched; blocks are searched sequentially.
        position: 1-based position of one element.

    Returns:
        `asl` = `index_asl` + `block_asl`, all as exact averages over the elements; `blocks`; `best_block` and
        `best_asl`, the block size of the least average with a sequential index; `comparisons` for `position`.

    Raises:
        InputError: a block longer than the table, or a position outside it.

    Examples:
        >>> solve(65025, 255).answer["asl"]
        Fraction(256, 1)
        >>> solve(1, 1).answer["asl"]
        Fraction(2, 1)
        >>> solve(900, 30, "binary").answer["index_asl"]
        Fraction(5, 1)

    Conventions:
        Binary search of an index of b blocks is taken as ceil(log2(b+1)) comparisons.

    Source:
        严蔚敏《数据结构（C 语言版）》§9.1.4; 408 真题 2013.
    """
    if block > count:
        raise InputError(f"块长 {block!r} 应不超过元素个数 {count}，请检查。")
    if position is not None and position > count:
        raise InputError(f"元素的位置 {position!r} 应在 1～{count} 之间，请检查。")
    blocks = -(-count // block)
    index_asl, block_asl = _averages(count, block, index)
    how = "顺序" if index == "sequential" else "折半"
    first = (
        f"(1+2+\\dots+{blocks})/{blocks}"
        if index == "sequential" and count % block == 0
        else f"\\lceil\\log_2({blocks}+1)\\rceil"
        if index == "binary"
        else "\\text{按各块元素数加权}"
    )
    rows: list[list[Cell]] = [["查索引表（" + how + "）", blocks, index_asl], ["块内顺序查找", block, block_asl]]
    steps = [
        Step(f"共 $\\lceil {count}/{block}\\rceil={blocks}$ 块。", credit="块数", gives={"blocks": blocks}),
        Step(
            f"查索引表平均 ${first}={index_asl}$ 次，块内顺序查找平均 {block_asl} 次。",
            Table(["阶段", "长度", "平均比较次数"], rows),
            "两个阶段分别计算",
            {"index_asl": index_asl, "block_asl": block_asl},
        ),
        Step(
            f"$ASL={index_asl}+{block_asl}={index_asl + block_asl}$。",
            credit="平均查找长度相加",
            gives={"asl": index_asl + block_asl},
        ),
    ]
    best = min(_near_root(count), key=lambda s: sum(_averages(count, s, "sequential")))
    least = sum(_averages(count, best, "sequential"), Fraction(0))
    why = f"索引与块内都顺序查找时，块长取 $\\sqrt{{{count}}}$ 附近的 {best}，平均查找长度最小，为 {least}。"
    steps.append(Step(why, gives={"best_block": best, "best_asl": least}))
    if position is not None:
        at, inside = divmod(position - 1, block)
        probes = at + 1 if index == "sequential" else blocks.bit_length()
        why = f"第 {position} 个元素在第 {at + 1} 块的第 {inside + 1} 个，比较 ${probes}+{inside + 1}={probes + inside + 1}$ 次。"
        steps.append(Step(why, gives={"comparisons": probes + inside + 1}))
    conventions = ["各元素的查找概率相等", f"索引表{how}查找，块内顺序查找"]
    if index == "binary":
        conventions.append("折半查找索引表按最多比较次数 ⌈log₂(b+1)⌉ 计")
    return Solution(steps, conventions)


def _averages(count: int, block: int, index: str) -> tuple[Fraction, Fraction]:
    """Return the average comparisons in the index and in the block."""
    full, rest = divmod(count, block)
    blocks = full + (rest > 0)
    inside = full * block * (block + 1) // 2 + rest * (rest + 1) // 2
    if index == "binary":
        return Fraction(blocks.bit_length()), Fraction(inside, count)
    outside = block * full * (full + 1) // 2 + rest * (full + 1)
    return Fraction(outside, count), Fraction(inside, count)


def _near_root(count: int) -> range:
    """Return the block sizes around the square root, where the best one is."""
    root = isqrt(count)
    return range(max(1, root - root // 2), min(count, root * 2 + 1) + 1)


def mistakes(count: int, block: int, index: str, position: int | None) -> Iterator[Mistake]:
    """Yield sums without the +1, swapped sizes and the other index method."""
    answer = solve(count, block, index, position).answer
    blocks = integer(answer["blocks"])
    first, second = fraction(answer["index_asl"]), fraction(answer["block_asl"])
    yield Mistake("平均比较次数用了 n/2 而不是 (n+1)/2", {"asl": Fraction(blocks + block, 2)})
    yield Mistake("两个阶段相乘而不是相加", {"asl": first * second})
    yield Mistake("只算块内查找", {"asl": second})
    yield Mistake("按整个表顺序查找", {"asl": Fraction(count + 1, 2)})
    other = _averages(count, block, "binary" if index == "sequential" else "sequential")[0]
    yield Mistake("索引表的查找方法弄错", {"asl": other + second, "index_asl": other})
    yield Mistake("按最坏情况计算", {"asl": Fraction(blocks + block), "index_asl": Fraction(blocks)})
    yield Mistake("漏了与索引项的最后一次比较", {"asl": first + second - 1, "index_asl": first - 1})
    best = integer(answer["best_block"])
    yield Mistake("块长取 n/2", {"best_block": count // 2, "best_asl": Fraction(count, 4)})
    yield Mistake("块长取 log n", {"best_block": count.bit_length()})
    yield Mistake("最佳块长差 1", {"best_block": best + 1})
    if "comparisons" in answer:
        yield Mistake("没有计查索引表的比较", {"comparisons": (integer(position) - 1) % block + 1})
        yield Mistake("按整个表顺序查找", {"comparisons": position})
        yield Mistake("少算一次", {"comparisons": integer(answer["comparisons"]) - 1})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Draw a square table (easy), or a binary index (hard)."""
    block = rng.randint(8, 10 + 15 * difficulty)
    if difficulty < 3:
        stem = (
            f"对长度为 {block * block} 的查找表分块查找，每块 {block} 个元素，"
            "索引表和块内都用顺序查找，等概率下查找成功的平均查找长度是（ ）。"
        )
        return Draft(stem, {"count": block * block, "block": block}, "asl")
    blocks = rng.randint(10, 60)
    index = rng.choice(["sequential", "binary"])
    how = "折半查找（按最多比较次数计）" if index == "binary" else "顺序查找"
    stem = (
        f"{block * blocks} 个元素的查找表均匀分成 {blocks} 块，索引表用{how}，块内用顺序查找，"
        "等概率下查找成功的平均查找长度是（ ）。"
    )
    return Draft(stem, {"count": block * blocks, "block": block, "index": index}, "asl")
