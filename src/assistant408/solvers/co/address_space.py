"""The address space of a memory (存储空间的地址范围): capacity, first and last address, widths of MAR and MDR."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Annotated

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Solution, Step, Table
from assistant408.solvers.co._bits import hexadecimal, width_for
from assistant408.solvers.co._text import show_size, size_bytes

__all__ = ["solve"]


@solver(
    "co.address_space",
    title="存储容量、地址范围与 MAR、MDR 位数",
    summary="由存储容量、编址单位、首末地址中的几项，求末地址、容量、存储单元数、地址寄存器 MAR 和数据寄存器 MDR 的位数。",
    syllabus=("co.memory.classification", "co.memory.expansion", "co.overview.word-length"),
    keywords=(
        "末地址",
        "首地址",
        "存储容量",
        "按字编址",
        "地址寄存器",
        "MAR",
        "MDR",
        "寻址范围",
        "存储单元",
        "地址空间",
    ),
    answers={
        "last_address": Out("末地址"),
        "capacity_bytes": Out("存储容量", "B"),
        "units": Out("存储单元数", "个"),
        "address_bits": Out("地址（MAR）位数", "位"),
        "data_bits": Out("MDR 位数", "位"),
    },
    examples=(
        {"capacity": "32KB", "unit_bits": 16, "first_address": 0x4000},
        {"first_address": 0x90000, "last_address": 0xCFFFF},
    ),
)
def solve(
    capacity: Annotated[str | None, Param("存储容量", "如 32KB；与末地址给一个", max_len=20)] = None,
    unit_bits: Annotated[int, Param("编址单位的位数", "按字节编址为 8，按字编址为字长", min=1, max=512)] = 8,
    word_bits: Annotated[int | None, Param("存储字长", "MDR 的位数；不给时等于编址单位", min=1, max=512)] = None,
    first_address: Annotated[int, Param("首地址", "", min=0, max=2**64)] = 0,
    last_address: Annotated[int | None, Param("末地址", "", min=0, max=2**64)] = None,
) -> Solution:
    """Relate capacity, addresses and register widths of a memory.

    Args:
        capacity: size of the memory; or give its last address.
        unit_bits: bits of an addressable unit.
        word_bits: bits of a memory word.
        first_address: address of the first unit.
        last_address: address of the last one.

    Returns:
        `units`, `capacity_bytes`, `last_address`, `address_bits` (just enough for the units) and `data_bits`.

    Raises:
        InputError: neither capacity nor last address, a capacity that is no whole number of units.

    Examples:
        >>> solve("32KB", 16, first_address=0x4000).answer["last_address"]
        '7FFFH'
        >>> solve(first_address=0x90000, last_address=0xCFFFF).answer["capacity_bytes"] == 256 * 1024
        True
        >>> solve("64MB").answer["address_bits"]
        26

    Source:
        唐朔飞《计算机组成原理》第4章; 408 真题 2011.
    """
    if capacity is None:
        if last_address is None or last_address < first_address:
            raise InputError(f"请给出存储容量，或不小于首地址 {first_address!r} 的末地址（现为 {last_address!r}）。")
        units = last_address - first_address + 1
        said = f"单元数 = 末地址 − 首地址 + 1，为 {units} 个"
    else:
        bits = 8 * size_bytes(capacity, "存储容量")
        if bits % unit_bits:
            raise InputError(f"存储容量 {capacity!r} 不是编址单位 {unit_bits} 位的整数倍，请改正。")
        units = bits // unit_bits
        said = f"单元数 = 容量 ÷ 编址单位，${bits}/{unit_bits}={units}$ 个"
    size = units * unit_bits // 8
    last = first_address + units - 1
    width = max(16, -(-width_for(last + 1) // 4) * 4)
    need = width_for(units)
    data = word_bits or unit_bits
    steps = [
        Step(
            f"{said}，容量 {show_size(size)}。", credit="求存储单元数", gives={"units": units, "capacity_bytes": size}
        ),
        Step(
            f"末地址 = 首地址 + 单元数 − 1 = {hexadecimal(first_address, width)} + {hexadecimal(units - 1, width)}"
            f" = {hexadecimal(last, width)}。",
            Table(["首地址", "末地址"], [[hexadecimal(first_address, width), hexadecimal(last, width)]]),
            credit="求末地址",
            gives={"last_address": hexadecimal(last, width)},
        ),
        Step(
            f"能表示 {units} 个单元的地址要 $\\lceil\\log_2 {units}\\rceil={need}$ 位，即 MAR 至少 {need} 位；"
            f"MDR 与存储字等长，{data} 位。",
            credit="求 MAR、MDR 的位数",
            gives={"address_bits": need, "data_bits": data},
        ),
    ]
    return Solution(steps, ("MAR 按整个地址空间定位数，与实际装了多少芯片无关",))


def mistakes(
    capacity: str | None, unit_bits: int, word_bits: int | None, first_address: int, last_address: int | None
) -> Iterator[Mistake]:
    """Name the slips: bytes for words, the last address off by one."""
    if capacity is None:
        return
    units = 8 * size_bytes(capacity, "存储容量") // unit_bits
    width = max(16, -(-width_for(first_address + 2 * units) // 4) * 4)

    def last(n: int) -> dict[str, str]:
        return {"last_address": hexadecimal(first_address + n - 1, width)}

    yield Mistake("末地址没有减 1", last(units + 1))
    yield Mistake("按字节数求单元数", last(units * max(2, unit_bits // 8)))
    yield Mistake("单元数少算一半", last(max(1, units // 2)))
    yield Mistake("忘了加首地址", {"last_address": hexadecimal(units, width)})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Ask for the last address."""
    size, bits = rng.choice([8, 16, 32]), rng.choice([8, 16])
    first = rng.choice([0x2000, 0x4000, 0x8000])
    how = "按字节编址" if bits == 8 else "按字编址，字长 16 位"
    stem = f"某存储器容量为 {size} KB，{how}，首地址为 {hexadecimal(first, 16)}，末地址为（ ）。"
    return Draft(stem, {"capacity": f"{size}KB", "unit_bits": bits, "first_address": first}, "last_address")
