"""Block numbers and cylinder, head, sector (盘块号与柱面、磁头、扇区)."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Annotated

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Solution, Step, Table

__all__ = ["solve"]


@solver(
    "os.disk_address",
    title="盘块号与柱面、磁头、扇区号的换算",
    summary="给出每柱面的磁头（盘面）数和每道扇区数，由块号求（柱面，磁头，扇区），或反过来求块号。",
    syllabus=("os.io.disk-address",),
    keywords=("柱面号", "磁头号", "扇区号", "盘面号", "逻辑块号", "盘块号", "换算", "物理地址", "磁道"),
    answers={
        "place": Out("（柱面号，磁头号，扇区号）"),
        "block": Out("块号"),
        "cylinder": Out("柱面号"),
        "head": Out("磁头号"),
        "sector": Out("扇区号"),
    },
    examples=({"heads": 4, "sectors": 32, "block": 1000},),
)
def solve(
    heads: Annotated[int, Param("磁头数", "每柱面的磁道数", min=1, max=10**4)],
    sectors: Annotated[int, Param("每道扇区（块）数", min=1, max=10**5)],
    block: Annotated[int | None, Param("块号", "从 0 起，求所在位置时给出", min=0)] = None,
    cylinder: Annotated[int | None, Param("柱面号", "求块号时给出", min=0)] = None,
    head: Annotated[int | None, Param("磁头号", "求块号时给出", min=0)] = None,
    sector: Annotated[int | None, Param("扇区号", "求块号时给出", min=0)] = None,
) -> Solution:
    """Convert between a block number and its place on the disk (盘块号换算).

    Args:
        heads: tracks of a cylinder.
        sectors: sectors (blocks) of a track.
        block: number of the block.
        cylinder, head, sector: a place.

    Returns:
        `place` and its parts, and `block`.

    Raises:
        InputError: neither a block nor a whole place, or numbers out of range.

    Examples:
        >>> solve(4, 32, block=1000).answer["place"]
        [7, 3, 8]
        >>> solve(16, 63, cylinder=2, head=5, sector=10).answer["block"]
        2341

    Conventions:
        All numbers begin at 0; blocks are numbered along the track, then by head, then by cylinder.

    Source:
        Silberschatz, Operating System Concepts, 10e, §11.1.6 Address mapping.
    """
    if block is not None:
        track, s = divmod(block, sectors)
        c, h = divmod(track, heads)
        why = (
            f"柱面号 $=\\lfloor {block}/({heads}\\times {sectors})\\rfloor={c}$，余 {block - c * heads * sectors}；"
            f"磁头号 $=\\lfloor {block - c * heads * sectors}/{sectors}\\rfloor={h}$，扇区号为余数 {s}。"
        )
        found = block
    else:
        if cylinder is None or head is None or sector is None:
            raise InputError("请给出块号，或同时给出柱面号、磁头号和扇区号。")
        if head >= heads or sector >= sectors:
            raise InputError(f"磁头号应小于 {heads}、扇区号应小于 {sectors}，请核对。")
        c, h, s = cylinder, head, sector
        found = (c * heads + h) * sectors + s
        why = f"块号 $=({c}\\times {heads}+{h})\\times {sectors}+{s}={found}$。"
    return Solution(
        [
            Step(
                why,
                Table(["块号", "柱面号", "磁头号", "扇区号"], [[found, c, h, s]]),
                credit="按柱面、磁头、扇区的次序换算",
                gives={"place": [c, h, s], "block": found, "cylinder": c, "head": h, "sector": s},
            )
        ],
        ["柱面、磁头、扇区和块号都从 0 编号，先排满一道，再换磁头，最后换柱面"],
    )


def mistakes(
    heads: int, sectors: int, block: int | None, cylinder: int | None, head: int | None, sector: int | None
) -> Iterator[Mistake]:
    """Misconceptions: heads and cylinders swapped, numbering from 1."""
    if block is not None:
        track, s = divmod(block, sectors)
        c, h = divmod(track, heads)
        yield Mistake("磁头与柱面弄反", {"place": [h, c, s], "cylinder": h, "head": c})
        yield Mistake("从 1 编号", {"place": [c, h, s + 1], "sector": s + 1})
        yield Mistake("用扇区数除柱面", {"place": [track, 0, s], "cylinder": track})
    elif cylinder is not None and head is not None and sector is not None:
        right = (cylinder * heads + head) * sectors + sector
        yield Mistake("从 1 编号", {"block": right + 1})
        yield Mistake("少减一个扇区", {"block": right - 1})
        yield Mistake("漏了磁头号", {"block": cylinder * heads * sectors + sector})
        yield Mistake("磁头与柱面弄反", {"block": (head * heads + cylinder) * sectors + sector})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Draw either direction."""
    heads, sectors = 2 * rng.randint(1, 4 + difficulty), rng.choice([17, 32, 63])
    c, h, s = rng.randint(1, 20), rng.randrange(heads), rng.randrange(sectors)
    head = f"磁盘每柱面有 {heads} 个磁头，每道 {sectors} 个扇区，均从 0 编号，块号依次按扇区、磁头、柱面递增。"
    if rng.random() < 0.5:
        stem = f"{head}（柱面 {c}，磁头 {h}，扇区 {s}）的块号是（ ）。"
        return Draft(stem, {"heads": heads, "sectors": sectors, "cylinder": c, "head": h, "sector": s}, "block")
    block = (c * heads + h) * sectors + s
    stem = f"{head}块号 {block} 所在的（柱面，磁头，扇区）为（ ）。"
    return Draft(stem, {"heads": heads, "sectors": sectors, "block": block}, "place")
