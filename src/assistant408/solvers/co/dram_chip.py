"""DRAM chip organisation (DRAM 芯片的引脚与阵列): multiplexed addresses, rows and columns."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Annotated

from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Bits, Solution, Step
from assistant408.solvers.co._bits import log2
from assistant408.solvers.co._text import memory_shape, show_size

__all__ = ["solve"]


@solver(
    "co.dram_chip",
    title="DRAM 芯片的地址引脚与存储阵列",
    summary="给出 DRAM 芯片规格（如 4M×8 位），地址复用时求地址引脚数、地址与数据引脚总数、行列划分、行缓冲大小。",
    syllabus=("co.memory.dram-chip", "co.memory.sram-dram"),
    keywords=("DRAM", "地址引脚", "地址复用", "行地址", "列地址", "数据引脚", "存储阵列", "行缓冲"),
    answers={
        "total_pins": Out("地址引脚与数据引脚总数", "根"),
        "address_pins": Out("地址引脚数", "根"),
        "data_pins": Out("数据引脚数", "根"),
        "rows": Out("行数", "行"),
        "columns": Out("列数", "列"),
        "row_buffer_bits": Out("行缓冲容量", "位"),
    },
    examples=({"chip": "4M×8位"}, {"chip": "2K×1位"}),
)
def solve(
    chip: Annotated[str, Param("芯片规格", "字数×位数，如 4M×8位", max_len=20)],
    multiplexed: Annotated[bool, Param("地址复用", "行、列地址分两次从同一组引脚送入（DRAM）")] = True,
) -> Solution:
    """Split the address of a DRAM chip (DRAM 芯片的地址复用).

    Args:
        chip: organisation, words × bits, the words a power of two.
        multiplexed: whether row and column addresses share the pins, as in DRAM; SRAM does not.

    Returns:
        `address_pins`, `data_pins`, `total_pins` of both, `rows`, `columns`, `row_buffer_bits`.

    Raises:
        InputError: a malformed organisation, or words that are no power of two.

    Examples:
        >>> solve("4M×8位").answer["total_pins"]
        19
        >>> solve("2K×1位").answer["rows"], solve("2K×1位").answer["columns"]
        (32, 64)
        >>> solve("4M×8位", multiplexed=False).answer["address_pins"]
        22

    Conventions:
        Rows and columns are split as evenly as possible, which needs the fewest pins; an odd bit goes to the
        column, so that fewer rows have to be refreshed.

    Source:
        408 真题 2014、2018; 袁春风《计算机系统基础》第6章.
    """
    words, data = memory_shape(chip, "芯片规格")
    bits = log2(words, "芯片字数")
    row, column = bits // 2, bits - bits // 2
    pins = column if multiplexed else bits
    shown = show_size(words, "")
    how = (
        f"地址复用，行、列地址分两次传送，地址引脚 $\\lceil {bits}/2\\rceil={pins}$ 根"
        if multiplexed
        else f"地址不复用，地址引脚 {pins} 根"
    )
    steps = [
        Step(
            f"${shown}=2^{{{bits}}}$，地址共 {bits} 位；{how}；数据引脚 {data} 根，合计 ${pins}+{data}={pins + data}$ 根。",
            Bits([("行地址", "x" * row), ("列地址", "x" * column)] if row else [("列地址", "x" * column)]),
            credit="求地址引脚数与数据引脚数",
            gives={"address_pins": pins, "data_pins": data, "total_pins": pins + data},
        ),
        Step(
            f"行、列地址尽量等长，引脚最少；刷新按行进行，行数应少，取行地址 {row} 位、列地址 {column} 位，"
            f"阵列为 {1 << row} 行、{1 << column} 列，行缓冲 ${1 << column}\\times {data}={data << column}$ 位。",
            credit="划分行列",
            gives={"rows": 1 << row, "columns": 1 << column, "row_buffer_bits": data << column},
        ),
    ]
    return Solution(steps, ("行列地址尽量等长，不等时行少列多",))


def mistakes(chip: str, multiplexed: bool) -> Iterator[Mistake]:
    """Name the slips: no multiplexing, data pins forgotten, the halves exchanged."""
    words, data = memory_shape(chip, "芯片规格")
    bits = log2(words, "芯片字数")
    half = -(-bits // 2)
    right = half if multiplexed else bits
    other = bits if multiplexed else half
    yield Mistake(
        "没有考虑地址复用" if multiplexed else "误以为地址复用",
        {"address_pins": other, "total_pins": other + data},
    )
    yield Mistake("漏了数据引脚", {"total_pins": right})
    yield Mistake("数据引脚也减半", {"data_pins": max(1, data // 2), "total_pins": right + max(1, data // 2)})
    total = bits + data.bit_length() - 1
    yield Mistake("按位数求地址线", {"address_pins": total, "total_pins": total + data})
    yield Mistake("地址引脚少算一根", {"address_pins": right - 1, "total_pins": right - 1 + data})
    yield Mistake("行列弄反", {"rows": 1 << half, "columns": 1 << (bits // 2)})
    yield Mistake("只有一行", {"rows": 1, "columns": words})
    yield Mistake("行列不等长", {"rows": 1 << max(0, bits // 2 - 1), "columns": 1 << (half + 1)})
    yield Mistake("行缓冲只算一位", {"row_buffer_bits": 1 << half})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Ask for pins, then for rows."""
    size = rng.choice(["1M", "2M", "4M", "16M", "64M"] if difficulty > 1 else ["1M", "4M", "16M"])
    data = rng.choice([4, 8, 16])
    chip = f"{size}×{data}位"
    if difficulty < 4:
        stem = f"某 DRAM 芯片的规格为 {chip}，采用地址复用，则其地址引脚与数据引脚的总数是（ ）。"
        return Draft(stem, {"chip": chip}, "total_pins")
    size = rng.choice(["2K", "8K", "32K", "128K"])
    chip = f"{size}×1位"
    stem = f"某 DRAM 芯片的规格为 {chip}，为使地址引脚最少并尽量减少刷新开销，存储阵列的行数应为（ ）。"
    return Draft(stem, {"chip": chip}, "rows")
