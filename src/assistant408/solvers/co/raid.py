"""RAID (磁盘阵列): usable capacity, tolerated failures, the cost of a small write and parity blocks."""

from __future__ import annotations

import random
from collections.abc import Iterator
from fractions import Fraction
from functools import reduce
from operator import xor
from typing import Annotated, Literal

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Solution, Step, Table
from assistant408.solvers.co._bits import hexadecimal
from assistant408.solvers.co._text import decimal, percent

__all__ = ["solve"]

Level = Literal["RAID0", "RAID1", "RAID3", "RAID4", "RAID5", "RAID6", "RAID10"]

FEATURE = {
    "RAID0": "条带化，无冗余",
    "RAID1": "镜像，每份数据写两块盘",
    "RAID3": "按位（字节）交叉，一块专用奇偶校验盘",
    "RAID4": "按块交叉，一块专用奇偶校验盘",
    "RAID5": "按块交叉，奇偶校验块分布在各盘",
    "RAID6": "按块交叉，两种校验块分布在各盘",
    "RAID10": "先镜像再条带化",
}
LEAST = {"RAID0": 2, "RAID1": 2, "RAID3": 3, "RAID4": 3, "RAID5": 3, "RAID6": 4, "RAID10": 4}
SMALL_WRITE = {"RAID0": 1, "RAID1": 2, "RAID4": 4, "RAID5": 4, "RAID6": 6, "RAID10": 2}


@solver(
    "co.raid",
    title="磁盘阵列 RAID",
    summary="给出 RAID 级别、磁盘数和单盘容量，求可用容量、利用率、能容忍的坏盘数、小写操作的访盘次数；由条带各块求奇偶校验块。",
    syllabus=("co.memory.raid",),
    keywords=("RAID", "磁盘阵列", "可用容量", "镜像", "奇偶校验", "条带", "容错", "RAID5", "RAID1"),
    answers={
        "usable_gb": Out("可用容量", "GB"),
        "utilization": Out("利用率"),
        "tolerance": Out("保证能容忍的坏盘数", "块"),
        "small_write_accesses": Out("小写操作的访盘次数", "次"),
        "parity": Out("奇偶校验块"),
    },
    examples=(
        {"level": "RAID5", "disks": 5, "disk_gb": 500, "blocks": [0x3A, 0x5C, 0xF0, 0x11]},
        {"level": "RAID10", "disks": 8, "disk_gb": 1000},
    ),
)
def solve(
    level: Annotated[Level, Param("RAID 级别")],
    disks: Annotated[int, Param("磁盘数", "", min=2, max=1000)],
    disk_gb: Annotated[Fraction, Param("单盘容量", "GB", min=0)] = Fraction(1),
    blocks: Annotated[
        list[int] | None, Param("一个条带的各块", "数据块（机器数），或剩下的数据块和校验块", min=0, max_len=100)
    ] = None,
) -> Solution:
    """Describe a disk array (磁盘阵列).

    Args:
        level: RAID level.
        disks: number of disks.
        disk_gb: capacity of one, in GB.
        blocks: blocks of a stripe whose exclusive or, the parity or the lost block, is wanted.

    Returns:
        `usable_gb`, `utilization`, `tolerance` (failures survived whichever disks fail),
        `small_write_accesses` (reads and writes for changing one block; not for RAID 3), `parity`.

    Raises:
        InputError: too few disks, an odd number for mirrors, or parity asked of a level without it.

    Examples:
        >>> solve("RAID5", 5, 500).answer["usable_gb"]
        Fraction(2000, 1)
        >>> solve("RAID1", 2, 100).answer["utilization"]
        Fraction(1, 2)
        >>> solve("RAID5", 3, blocks=[0b1100, 0b1010]).answer["parity"]
        '06H'

    Conventions:
        RAID 1 mirrors in pairs. RAID 10 survives any one failure (more only if they hit different pairs).
        A small write of RAID 4 and 5 reads the old data and parity and writes both anew.

    Source:
        Patterson, Gibson and Katz 1988; 袁春风《计算机系统基础》第6章.
    """
    if disks < LEAST[level] or (level in ("RAID1", "RAID10") and disks % 2):
        raise InputError(f"{level} 用 {disks!r} 块盘不行：至少 {LEAST[level]} 块，镜像要偶数块，请改正。")
    lost, tolerance = _redundancy(level, disks)
    usable = (disks - lost) * Fraction(disk_gb)
    rate = Fraction(disks - lost, disks)
    steps = [
        Step(
            f"{level}：{FEATURE[level]}。冗余占 {lost} 块盘的容量，可用 ${disks}-{lost}={disks - lost}$ 块盘，"
            f"共 {decimal(usable)} GB，利用率 {percent(rate)}；任意坏 {tolerance} 块盘数据不丢失。",
            Table(
                ["级别", "特点", "可用盘数", "容错"],
                [
                    [name, text, str(disks - _redundancy(name, disks)[0]), str(_redundancy(name, disks)[1])]
                    for name, text in FEATURE.items()
                ],
                [(list(FEATURE).index(level), c) for c in range(4)],
            ),
            credit="求可用容量与容错能力",
            gives={"usable_gb": usable, "utilization": rate, "tolerance": tolerance},
        )
    ]
    if level in SMALL_WRITE:
        n = SMALL_WRITE[level]
        how = {1: "直接写", 2: "写两块镜像盘", 4: "读旧数据、读旧校验、写新数据、写新校验"}
        why = f"只改一块数据时，{how.get(n, '读写数据块和两个校验块')}，共访盘 {n} 次。"
        steps.append(Step(why, credit="求小写的访盘次数", gives={"small_write_accesses": n}))
    if blocks:
        steps.append(_parity_step(level, blocks))
    return Solution(steps, ("镜像成对", "容忍的坏盘数指最坏情况"))


def _redundancy(level: str, disks: int) -> tuple[int, int]:
    """Return (disks' worth of redundancy, failures always survived)."""
    if level == "RAID0":
        return 0, 0
    if level in ("RAID1", "RAID10"):
        return disks // 2, 1
    return (2, 2) if level == "RAID6" else (1, 1)


def _parity_step(level: Level, blocks: list[int]) -> Step:
    """Exclusive-or the blocks of a stripe."""
    if level not in ("RAID3", "RAID4", "RAID5"):
        raise InputError(f"{level!r} 不用异或校验块，求校验块请选 RAID3、RAID4 或 RAID5。")
    bits = max(8, -(-max(blocks).bit_length() // 4) * 4)
    total = reduce(xor, blocks)
    shown = "\\oplus ".join(hexadecimal(b, bits) for b in blocks)
    text = hexadecimal(total, bits)
    why = f"同一条带各块按位异或得校验块：${shown}={text}$；坏一块时用其余各块异或也能恢复它。"
    return Step(why, credit="求奇偶校验块", gives={"parity": text})


def mistakes(level: Level, disks: int, disk_gb: Fraction, blocks: list[int] | None) -> Iterator[Mistake]:
    """Name the slips: another level's figures, the sum or the or for the parity."""
    size = Fraction(disk_gb)
    right = _redundancy(level, disks)
    for other in FEATURE:
        lost, tolerance = _redundancy(other, disks)
        if (lost, tolerance) != right:
            gives = {"usable_gb": (disks - lost) * size, "utilization": Fraction(disks - lost, disks)}
            yield Mistake(f"当成 {other}", {**gives, "tolerance": tolerance})
    yield Mistake("只算一块盘", {"usable_gb": size, "utilization": Fraction(1, disks)})
    yield Mistake("以为能容忍一半的盘损坏", {"tolerance": disks // 2})
    for count, why in (
        (1, "以为只写数据块"),
        (2, "漏了读旧数据和旧校验"),
        (3, "漏了写新校验"),
        (disks, "读写了所有盘"),
    ):
        yield Mistake(why, {"small_write_accesses": count})
    if blocks:
        bits = max(8, -(-max(blocks).bit_length() // 4) * 4)
        total = reduce(xor, blocks)
        yield Mistake("校验块用相加", {"parity": hexadecimal(sum(blocks), bits)})
        yield Mistake("校验块用按位或", {"parity": hexadecimal(reduce(lambda a, b: a | b, blocks), bits)})
        yield Mistake("异或后又取反", {"parity": hexadecimal(~total, bits)})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Ask for capacities at first, for parity blocks from difficulty 3."""
    if difficulty >= 3:
        blocks = [rng.randrange(16, 256) for _ in range(3 + (difficulty > 4))]
        shown = "、".join(hexadecimal(b, 8) for b in blocks)
        stem = f"RAID5 阵列由 {len(blocks) + 1} 块磁盘组成，某条带的数据块依次为 {shown}，则该条带的校验块为（ ）。"
        return Draft(stem, {"level": "RAID5", "disks": len(blocks) + 1, "blocks": blocks}, "parity")
    level = rng.choice(["RAID0", "RAID1", "RAID5", "RAID6", "RAID10"])
    disks, size = rng.choice([4, 6, 8, 10]), rng.choice([500, 1000, 2000])
    stem = f"用 {disks} 块容量为 {size} GB 的磁盘组成 {level} 磁盘阵列，可用容量为（ ）。"
    return Draft(stem, {"level": level, "disks": disks, "disk_gb": size}, "usable_gb")
