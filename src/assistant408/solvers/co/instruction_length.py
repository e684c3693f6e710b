"""The shortest fixed instruction length (最短的定长指令字): variable opcodes, given numbers of instructions."""

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
    "co.instruction_length",
    title="扩展操作码的最短指令字长",
    summary="定长指令字，地址字段位数已知，给出三地址、二地址、一地址指令各多少条，操作码可扩展，求指令字长至少多少位。",
    syllabus=("co.isa.expanding-opcode", "co.isa.instr-format"),
    keywords=(
        "指令字长至少",
        "三地址指令",
        "二地址指令",
        "双操作数指令",
        "单操作数指令",
        "操作码长度可变",
        "地址字段",
        "定长指令字",
    ),
    answers={
        "bits": Out("最短指令字长", "位"),
        "byte_bits": Out("取字节整数倍的最短指令字长", "位"),
        "opcode_bits": Out("最短的操作码位数", "位"),
    },
    examples=({"addresses": 3, "counts": [29, 107], "address_bits": 6},),
)
def solve(
    addresses: Annotated[int, Param("最多的地址个数", "", min=1, max=4)],
    counts: Annotated[
        list[int], Param("各种指令的条数", "从地址最多的写起，依次少一个地址", min=0, min_len=1, max_len=5)
    ],
    address_bits: Annotated[int, Param("地址字段位数", "每个地址的", min=1, max=32)],
) -> Solution:
    """Find the least opcode width for which the expanding opcodes hold all instructions.

    Args:
        addresses: most addresses of an instruction.
        counts: instructions with that many addresses, with one fewer, and so on.
        address_bits: width of an address field.

    Returns:
        `opcode_bits` of the instructions with most addresses, `bits` of the instruction, and `byte_bits`: rounded up
        to whole bytes.

    Raises:
        InputError: more kinds of instructions than addresses allow, or no instruction.

    Examples:
        >>> a = solve(3, [29, 107], 6).answer
        >>> a["bits"], a["byte_bits"]
        (23, 24)
        >>> solve(2, [41, 52], 6).answer["bits"]
        18

    Source:
        408 真题 2022（指令字长）; 唐朔飞《计算机组成原理》第7章.
    """
    if len(counts) > addresses + 1 or not any(counts):
        raise InputError(f"指令种类 {counts!r} 与最多 {addresses} 个地址不符，请检查。")
    width = 0
    while _free(width, counts, address_bits) is None:
        width += 1
    rows: list[list[str | int]] = []
    free = 1 << width
    for i, n in enumerate(counts):
        rows.append([f"{addresses - i} 地址", free, n, free - n])
        free = (free - n) << address_bits
    total = width + addresses * address_bits
    rounded = -(-total // 8) * 8
    steps = [
        Step(
            f"操作码取 {width} 位时，各级可用的编码数都不少于指令条数；取 {width - 1} 位则不够。"
            if width
            else "只有一条指令，不需要操作码。",
            Table(["指令", "可用编码", "已用", "留给扩展"], rows),
            credit="求最短的操作码",
            gives={"opcode_bits": width},
        ),
        Step(
            f"指令字长 ${width}+{addresses}\\times {address_bits}={total}$ 位；若须为字节的整数倍，则取 {rounded} 位。",
            credit="求指令字长",
            gives={"bits": total, "byte_bits": rounded},
        ),
    ]
    return Solution(steps, ("少一个地址的指令用它的地址字段扩展操作码",))


def _free(width: int, counts: list[int], address_bits: int) -> int | None:
    """Codes left over at the end, or None if some level has too few."""
    free = 1 << width
    for i, n in enumerate(counts):
        if i:
            free <<= address_bits
        if n > free:
            return None
        free -= n
    return free


def mistakes(addresses: int, counts: list[int], address_bits: int) -> Iterator[Mistake]:
    """Name the slips: only the first kind counted, all kinds in one opcode, rounding."""
    right = int(str(solve(addresses, counts, address_bits).answer["bits"]))
    yield Mistake("少算一位", {"bits": right - 1})
    yield Mistake("多算一位", {"bits": right + 1})
    yield Mistake("各种指令共用一个定长操作码", {"bits": (sum(counts) - 1).bit_length() + addresses * address_bits})
    yield Mistake("取成字节的整数倍", {"bits": -(-right // 8) * 8})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Ask for the shortest length."""
    a, n, m = rng.choice([4, 5, 6]), rng.randint(10, 45), rng.randint(30, 120)
    stem = f"某定长指令系统有 {n} 条二地址指令和 {m} 条一地址指令，地址字段均为 {a} 位，操作码长度可变，指令字长至少为（ ）位。"
    return Draft(stem, {"addresses": 2, "counts": [n, m], "address_bits": a}, "bits")
