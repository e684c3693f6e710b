"""A memory with a ROM and a RAM region (ROM 与 RAM 混合的主存): chips of each kind."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Annotated

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Solution, Step, Table
from assistant408.solvers.co._text import memory_shape, show_size, size_bytes

__all__ = ["solve"]


@solver(
    "co.rom_ram",
    title="ROM 与 RAM 混合主存的芯片数",
    summary="主存一部分是 ROM 区，其余是 RAM 区，分别用给定规格的 ROM 芯片和 RAM 芯片构成，求各需多少片。",
    syllabus=("co.memory.expansion", "co.memory.rom"),
    keywords=("ROM 区", "RAM 区", "ROM 芯片", "RAM 芯片", "芯片数", "主存容量"),
    answers={
        "rom_chips": Out("ROM 芯片数", "片"),
        "ram_chips": Out("RAM 芯片数", "片"),
        "total_chips": Out("芯片总数", "片"),
        "ram_bytes": Out("RAM 区容量", "B"),
    },
    examples=({"memory": "64KB", "rom": "4KB", "rom_chip": "2K×8位", "ram_chip": "4K×4位"},),
)
def solve(
    memory: Annotated[str, Param("主存容量", "如 64KB", max_len=20)],
    rom: Annotated[str, Param("ROM 区容量", "如 4KB", max_len=20)],
    rom_chip: Annotated[str | None, Param("ROM 芯片规格", "如 2K×8位；不问时不给", max_len=20)] = None,
    ram_chip: Annotated[str | None, Param("RAM 芯片规格", "如 4K×4位；不问时不给", max_len=20)] = None,
    unit_bits: Annotated[int, Param("编址单位的位数", "按字节编址为 8", min=1, max=128)] = 8,
) -> Solution:
    """Count the chips of a memory of which a part is ROM.

    Args:
        memory: size of the whole memory.
        rom: size of the ROM region; the rest is RAM.
        rom_chip: organisation of a ROM chip.
        ram_chip: organisation of a RAM chip.
        unit_bits: bits of a memory word.

    Returns:
        `rom_chips`, `ram_chips`, `total_chips` and `ram_bytes`.

    Raises:
        InputError: ROM not smaller than the memory, no chip, or a region that chips cannot fill exactly.

    Examples:
        >>> a = solve("64KB", "4KB", "2K×8位", "4K×4位").answer
        >>> a["rom_chips"], a["ram_chips"]
        (2, 30)
        >>> solve("64KB", "8KB", ram_chip="8K×4位").answer["ram_chips"]
        14

    Source:
        408 真题 2009; 唐朔飞《计算机组成原理》第4章.
    """
    whole, fixed = size_bytes(memory, "主存容量"), size_bytes(rom, "ROM 区容量")
    if not 0 < fixed < whole:
        raise InputError(f"ROM 区 {rom!r} 应小于主存容量 {memory!r}，请改正。")
    steps = [
        Step(
            f"RAM 区容量 = {show_size(whole)} − {show_size(fixed)} = {show_size(whole - fixed)}。",
            Table(["区", "容量"], [["ROM", show_size(fixed)], ["RAM", show_size(whole - fixed)]]),
            credit="求 RAM 区容量",
            gives={"ram_bytes": whole - fixed},
        )
    ]
    if rom_chip is None and ram_chip is None:
        raise InputError("请至少给出 ROM 芯片或 RAM 芯片的规格。")
    total = 0
    for name, size, chip in (("ROM", fixed, rom_chip), ("RAM", whole - fixed, ram_chip)):
        if chip is None:
            continue
        words, bits = memory_shape(chip, f"{name} 芯片规格")
        units = size * 8 // unit_bits
        if units % words:
            raise InputError(f"{name} 区的 {units} 个单元不是芯片 {chip!r} 字数的整数倍，请改正。")
        wide = -(-unit_bits // bits)
        count = units // words * wide
        total += count
        steps.append(
            Step(
                f"{name} 芯片 {chip}：字扩展 ${units}/{words}={units // words}$，位扩展 ${wide}$，共 {count} 片。",
                credit=f"求 {name} 芯片数",
                gives={f"{name.lower()}_chips": count},
            )
        )
    if rom_chip is not None and ram_chip is not None:
        steps.append(Step(f"合计 {total} 片。", gives={"total_chips": total}))
    return Solution(steps, ("字扩展与位扩展的片数相乘",))


def mistakes(memory: str, rom: str, rom_chip: str | None, ram_chip: str | None, unit_bits: int) -> Iterator[Mistake]:
    """Name the slips: ROM not taken off, one of the two expansions forgotten."""
    if ram_chip is None:
        return
    whole, fixed = size_bytes(memory, "主存容量"), size_bytes(rom, "ROM 区容量")
    words, bits = memory_shape(ram_chip, "RAM 芯片规格")
    wide = -(-unit_bits // bits)
    units = (whole - fixed) * 8 // unit_bits
    yield Mistake("没有减去 ROM 区", {"ram_chips": whole * 8 // unit_bits // words * wide})
    yield Mistake("漏了位扩展", {"ram_chips": units // words if wide > 1 else 2 * units // words})
    yield Mistake("位扩展与字扩展相加", {"ram_chips": units // words + wide})
    yield Mistake("少算一片", {"ram_chips": units // words * wide - 1})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Ask for the RAM chips."""
    whole, fixed = rng.choice([32, 64, 128]), rng.choice([4, 8])
    chip = rng.choice(["4K×4位", "4K×8位", "2K×4位", "1K×4位"])
    stem = f"某主存容量为 {whole} KB，其中 ROM 区为 {fixed} KB，其余为 RAM 区，按字节编址，用 {chip} 的 RAM 芯片，需 RAM 芯片（ ）片。"
    return Draft(stem, {"memory": f"{whole}KB", "rom": f"{fixed}KB", "ram_chip": chip}, "ram_chips")
