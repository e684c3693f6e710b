"""Address of a buddy (伙伴的地址)."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Annotated

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Bits, Solution, Step
from assistant408.solvers.os._show import hexa

__all__ = ["solve"]


@solver(
    "os.buddy_address",
    title="伙伴块的地址",
    summary="给出伙伴系统中一块的起始地址和大小，求伙伴块的起始地址以及合并后的块。",
    syllabus=("os.memory.buddy",),
    keywords=("伙伴系统", "伙伴地址", "起始地址", "合并", "异或", "2的幂"),
    answers={
        "buddy": Out("伙伴块的起始地址"),
        "merged": Out("合并后块的起始地址"),
        "merged_size": Out("合并后块的大小"),
        "buddy_hex": Out("伙伴块的起始地址（十六进制）"),
    },
    examples=({"address": 96, "size": 32},),
)
def solve(
    address: Annotated[int, Param("起始地址", "块的起始地址，是块大小的整数倍；可写十六进制 60H", min=0, max=2**48)],
    size: Annotated[int, Param("块大小", "2 的幂，单位与地址相同", min=1, max=2**40)],
) -> Solution:
    """Find the buddy of a block (伙伴块的地址).

    Args:
        address: start of the block, a multiple of its size.
        size: size of the block, a power of two.

    Returns:
        `buddy` (address XOR size), `buddy_hex`, `merged` and `merged_size` (the block that both make up).

    Raises:
        InputError: a size that is no power of two, an address that is no multiple of it.

    Examples:
        >>> solve(96, 32).answer["buddy"]
        64
        >>> solve(0, 1).answer["buddy"]
        1

    Conventions:
        Memory begins at address 0.

    Source:
        Knuth, The Art of Computer Programming 1, 3e, §2.5; 汤小丹《计算机操作系统》第4章 §伙伴系统.
    """
    if size & (size - 1):
        raise InputError(f"块大小 {size!r} 不是 2 的幂，请改为 2 的幂。")
    if address % size:
        raise InputError(f"起始地址 {address!r} 不是块大小 {size} 的整数倍，请核对。")
    k = size.bit_length() - 1
    quotient = address // size
    buddy = address ^ size
    width = max(address, buddy).bit_length() or 1
    bits = f"{address:0{width}b}"
    cut = width - k - 1
    parity, sign = ("偶数", "+") if quotient % 2 == 0 else ("奇数", "-")
    return Solution(
        [
            Step(
                f"块大小 ${size}=2^{{{k}}}$，${address}/{size}={quotient}$ 是{parity}，"
                f"伙伴在{'后' if sign == '+' else '前'}，起始地址为 ${address}{sign}{size}={buddy}$，"
                f"即把地址的第 {k} 位（从 0 起）取反。",
                Bits([("高位", bits[:cut]), (f"第 {k} 位", bits[cut : cut + 1]), ("块内", bits[cut + 1 :])]),
                credit="判断起址除以块大小的奇偶",
                gives={"buddy": buddy, "buddy_hex": hexa(buddy)},
            ),
            Step(
                f"两块合并后从较低的地址 {min(address, buddy)} 开始，大小 ${size}\\times 2={2 * size}$。",
                credit="合并后的块",
                gives={"merged": min(address, buddy), "merged_size": 2 * size},
            ),
        ],
        ["内存从地址 0 开始"],
    )


def mistakes(address: int, size: int) -> Iterator[Mistake]:
    """Misconceptions: always after, always before, the wrong bit."""
    yield Mistake("认为伙伴总在后面", {"buddy": address + size})
    yield Mistake("认为伙伴总在前面", {"buddy": abs(address - size)})
    yield Mistake("把高一位取反", {"buddy": address ^ (2 * size)})
    yield Mistake("把低一位取反", {"buddy": address ^ (size // 2)})
    yield Mistake("求成合并后块的地址", {"buddy": address & ~size})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Draw a block; larger addresses with difficulty."""
    size = 2 ** rng.randint(3, 4 + difficulty)
    address = size * rng.randint(1, 4 + 4 * difficulty)
    stem = (
        f"伙伴系统管理的内存从地址 0 开始，某空闲块起始地址为 {address}、大小为 {size}，"
        "与它互为伙伴的块的起始地址是（ ）。"
    )
    return Draft(stem, {"address": address, "size": size}, "buddy")
