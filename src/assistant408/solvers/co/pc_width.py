"""Widths of PC and IR (程序计数器与指令寄存器的位数), from the address space and the alignment of instructions."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Annotated

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Bits, Solution, Step, Value
from assistant408.solvers.co._bits import log2
from assistant408.solvers.co._text import SIZE, size_bytes

__all__ = ["solve"]


@solver(
    "co.pc_width",
    title="PC 与 IR 的位数",
    summary="给出主存空间、编址单位、指令字长以及指令是否按字边界对齐，求程序计数器 PC 和指令寄存器 IR 至少多少位。",
    syllabus=("co.cpu.registers", "co.isa.instr-addressing"),
    keywords=("程序计数器", "指令寄存器", "PC", "IR", "位数", "按字边界对齐", "指令字长"),
    answers={
        "pc_bits": Out("PC 的位数", "位"),
        "ir_bits": Out("IR 的位数", "位"),
        "address_bits": Out("地址位数", "位"),
    },
    examples=({"memory": "4GB", "instruction_bits": 32, "aligned": True},),
)
def solve(
    memory: Annotated[str, Param("主存空间", SIZE, max_len=20)],
    instruction_bits: Annotated[int, Param("指令字长", "位", min=8, max=256)],
    aligned: Annotated[bool, Param("指令按字边界对齐", "对齐时 PC 不必保存低位的 0")] = True,
    unit_bytes: Annotated[int, Param("编址单位", "字节数", min=1, max=16)] = 1,
) -> Solution:
    """Count the bits that PC and IR need at least.

    Args:
        memory: size of the address space.
        instruction_bits: length of an instruction.
        aligned: instructions start at multiples of their length, so that the PC can leave out the low zeros.
        unit_bytes: bytes of an addressable unit.

    Returns:
        `pc_bits`, `ir_bits` and the `address_bits` of the memory.

    Raises:
        InputError: an instruction that is no power of two of units.

    Examples:
        >>> a = solve("4GB", 32).answer
        >>> a["pc_bits"], a["ir_bits"]
        (30, 32)

    Source:
        408 真题 2016.
    """
    address = log2(size_bytes(memory, "主存空间") // unit_bytes, "主存单元数")
    step = instruction_bits // 8 // unit_bytes
    if instruction_bits % 8 or step < 1:
        raise InputError(f"指令字长 {instruction_bits!r} 位应是编址单位的整数倍，请改正。")
    spare = log2(step, "指令所占的单元数") if aligned else 0
    why = f"主存有 $2^{{{address}}}$ 个编址单元，地址 {address} 位；"
    why += (
        f"指令占 {step} 个单元并对齐存放，地址的低 {spare} 位恒为 0，PC 至少 ${address}-{spare}={address - spare}$ 位；"
        if spare
        else f"PC 至少 {address} 位；"
    )
    gives: dict[str, Value] = {"address_bits": address, "pc_bits": address - spare, "ir_bits": instruction_bits}
    parts = [("PC", "x" * (address - spare)), ("恒为 0", "0" * spare)]
    picture = Bits([p for p in parts if p[1]])
    only = Step(f"{why}IR 存放一条指令，{instruction_bits} 位。", picture, "求 PC、IR 的位数", gives)
    return Solution([only], ("PC 取够用的最少位数",))


def mistakes(memory: str, instruction_bits: int, aligned: bool, unit_bytes: int) -> Iterator[Mistake]:
    """Name the slips: the alignment ignored, or assumed; the instruction's length for the PC."""
    answer = solve(memory, instruction_bits, aligned, unit_bytes).answer
    address, pc = int(str(answer["address_bits"])), int(str(answer["pc_bits"]))
    yield Mistake("没有用上对齐", {"pc_bits": address if pc < address else address - 2})
    yield Mistake("PC 取指令字长", {"pc_bits": instruction_bits + 2 * (instruction_bits in (pc, address))})
    yield Mistake("少省一位", {"pc_bits": pc + 1})
    yield Mistake("多省一位", {"pc_bits": pc - 1})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Ask for the PC."""
    size, bits = rng.choice(["1GB", "2GB", "4GB", "64MB", "256MB"]), rng.choice([16, 32, 64])
    stem = f"某机主存空间为 {size}，按字节编址，指令字长 {bits} 位并按边界对齐存放，PC 至少（ ）位。"
    return Draft(stem, {"memory": size, "instruction_bits": bits}, "pc_bits")
