"""Where on the disk the bit of a block lies (位图中某盘块对应位的位置)."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Annotated

from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Solution, Step, Table

__all__ = ["solve"]


@solver(
    "os.bitmap_place",
    title="位图中某盘块对应位的位置",
    summary="位图存放在若干盘块中，给出位图的起始盘块号、盘块大小和要分配（释放）的盘块号，求要修改的位所在的盘块号、块内字节号和位号。",
    syllabus=("os.file.bitmap",),
    keywords=("位图", "位示图", "要修改的位", "块内字节序号", "盘块号", "释放的盘块号", "位图存于"),
    answers={
        "map_block": Out("要修改的位所在的盘块号"),
        "byte": Out("块内字节序号"),
        "bit": Out("字节内的位号"),
    },
    examples=({"first": 16, "block_bytes": 1024, "block": 204829},),
)
def solve(
    first: Annotated[int, Param("位图的起始盘块号", min=0)],
    block_bytes: Annotated[int, Param("盘块大小", "字节", min=1, max=2**30)],
    block: Annotated[int, Param("要修改的盘块号", "从 0 编号", min=0)],
) -> Solution:
    """Find the bit of a block in a bit map on the disk (位图中的位置).

    Args:
        first: number of the first block of the map.
        block_bytes: bytes of a block.
        block: the block that is allocated or released.

    Returns:
        `map_block`, `byte` in it and `bit` in the byte, all from 0.

    Raises:
        InputError: none beyond the limits of the parameters.

    Examples:
        >>> solve(16, 1024, 204829).answer
        {'map_block': 41, 'byte': 3, 'bit': 5}
        >>> solve(0, 1, 7).answer["bit"]
        7

    Conventions:
        Blocks and bytes are numbered from 0; a byte holds the bits of 8 blocks.

    Source:
        汤小丹《计算机操作系统》第9章 §位示图法.
    """
    bits = 8 * block_bytes
    which, rest = divmod(block, bits)
    byte, bit = divmod(rest, 8)
    return Solution(
        [
            Step(
                f"每个盘块存 ${block_bytes}\\times 8={bits}$ 位，${block}={which}\\times {bits}+{rest}$，"
                f"所在盘块号 $={first}+{which}={first + which}$。",
                credit="求位所在的盘块",
                gives={"map_block": first + which},
            ),
            Step(
                f"块内第 {rest} 位，字节序号 $=\\lfloor {rest}/8\\rfloor={byte}$，字节内位号为 {bit}。",
                Table(["盘块号", "块内字节", "位号"], [[first + which, byte, bit]]),
                credit="求块内字节与位",
                gives={"byte": byte, "bit": bit},
            ),
        ],
        ["盘块与块内字节都从 0 编号"],
    )


def mistakes(first: int, block_bytes: int, block: int) -> Iterator[Mistake]:
    """Misconceptions: bytes for bits, numbering from 1, the start forgotten."""
    which, rest = divmod(block, 8 * block_bytes)
    yield Mistake("把盘块字节数当作位数", {"map_block": first + block // block_bytes})
    yield Mistake("从 1 编号", {"map_block": first + which + 1, "byte": rest // 8 + 1})
    yield Mistake("漏了位图的起始盘块号", {"map_block": which})
    yield Mistake("少算一块", {"map_block": first + which - 1})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Draw a map and a block."""
    first, size = rng.randint(1, 64), 512 * 2 ** rng.randint(0, 2)
    block = rng.randint(2 * size, 100 * size * difficulty)
    stem = (
        f"位图从 {first} 号盘块开始存放，盘块大小为 {size} B，盘块与块内字节都从 0 编号。"
        f"释放盘块 {block} 时，要修改的位所在的盘块号是（ ）。"
    )
    return Draft(stem, {"first": first, "block_bytes": size, "block": block}, "map_block")
