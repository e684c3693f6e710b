"""Fields of a fixed-length instruction (定长指令的字段划分): what is left for an address or an offset, and its range."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Annotated

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Bits, Solution, Step
from assistant408.solvers.co._bits import width_for

__all__ = ["solve"]


@solver(
    "co.instruction_fields",
    title="定长指令的字段与地址范围",
    summary="给出指令字长、操作码位数（或指令条数）、寻址方式、通用寄存器个数，求剩余的地址码或偏移量位数和取值范围、寻址范围。",
    syllabus=("co.isa.instr-format", "co.isa.design", "co.isa.addr-basic", "co.isa.addr-offset"),
    keywords=(
        "指令字长",
        "操作码",
        "寻址方式位",
        "寻址特征",
        "通用寄存器",
        "偏移量",
        "取值范围",
        "寻址范围",
        "定长指令",
    ),
    answers={
        "rest_bits": Out("地址码（偏移量）位数", "位"),
        "opcode_bits": Out("操作码位数", "位"),
        "mode_bits": Out("寻址特征位数", "位"),
        "register_bits": Out("寄存器编号位数", "位"),
        "signed_range": Out("补码偏移量的取值范围"),
        "unsigned_range": Out("无符号地址的范围"),
        "reach": Out("直接寻址的范围（单元数）", "个"),
        "max_operations": Out("最多的指令条数", "条"),
    },
    examples=({"instruction_bits": 32, "opcode_bits": 8, "registers": 16, "register_fields": 2},),
)
def solve(
    instruction_bits: Annotated[int, Param("指令字长", "位", min=4, max=256)],
    opcode_bits: Annotated[int | None, Param("操作码位数", "与指令条数给一个", min=0, max=64)] = None,
    operations: Annotated[int | None, Param("指令条数", "操作的种数", min=1, max=100_000)] = None,
    modes: Annotated[int, Param("寻址方式种数", "没有寻址特征字段时为 1", min=1, max=64)] = 1,
    mode_bits: Annotated[int | None, Param("寻址特征位数", "不给时由种数求", min=0, max=16)] = None,
    registers: Annotated[int, Param("通用寄存器个数", "", min=1, max=65536)] = 1,
    register_fields: Annotated[int, Param("寄存器字段个数", "含基址、变址寄存器的编号", min=0, max=4)] = 0,
    other_bits: Annotated[int, Param("其他字段的位数", "", min=0, max=64)] = 0,
) -> Solution:
    """Find what the other fields leave for an address or an offset (指令字段).

    Args:
        instruction_bits: length of the instruction.
        opcode_bits: width of the opcode; or give `operations`.
        operations: kinds of instructions.
        modes: addressing modes, coded in a field of their own.
        mode_bits: width of that field, ⌈log2 modes⌉ by default.
        registers: general registers.
        register_fields: how many fields name a register.
        other_bits: width of further fields.

    Returns:
        `rest_bits`, the widths of the other fields, and of a rest of n bits the `signed_range` (two's complement), the
        `unsigned_range` and the number of units within `reach`; `max_operations` that the opcode can tell apart.

    Raises:
        InputError: neither opcode width nor operations, or nothing is left.

    Examples:
        >>> solve(32, opcode_bits=8, registers=16, register_fields=2).answer["signed_range"]
        '-32768～32767'
        >>> solve(16, operations=48, modes=4).answer["unsigned_range"]
        '0～255'

    Source:
        408 真题 2014、2020; 唐朔飞《计算机组成原理》第7章.
    """
    if opcode_bits is None and operations is None:
        raise InputError("操作码位数与指令条数都没有给出，请至少给出一个。")
    code = width_for(operations or 1) if opcode_bits is None else opcode_bits
    mode = width_for(modes) if mode_bits is None else mode_bits
    register = width_for(registers)
    rest = instruction_bits - code - mode - register * register_fields - other_bits
    if rest < 1:
        raise InputError(f"指令字长 {instruction_bits!r} 位放不下各字段，地址码只剩 {rest} 位，请检查数据。")
    half = 1 << (rest - 1)
    parts = [
        ("操作码", code),
        ("寻址特征", mode),
        *[("寄存器", register)] * register_fields,
        ("其他", other_bits),
        ("地址码", rest),
    ]
    from_count = (
        f"{operations} 种指令，操作码 $\\lceil\\log_2 {operations}\\rceil={code}$ 位；"
        if opcode_bits is None
        else f"操作码 {code} 位；"
    )
    mode_words = f"寻址特征 {mode} 位；" if mode else ""
    register_words = f"{registers} 个寄存器，编号 {register} 位；" if register_fields else ""
    steps = [
        Step(
            f"{from_count}{mode_words}{register_words}地址码（偏移量）剩 {rest} 位。",
            Bits([(n, "x" * b) for n, b in parts if b]),
            credit="划分指令各字段",
            gives={
                "rest_bits": rest,
                "opcode_bits": code,
                "mode_bits": mode,
                "register_bits": register,
                "max_operations": 1 << code,
            },
        ),
        Step(
            f"{rest} 位补码的范围为 $-2^{{{rest - 1}}}\\sim 2^{{{rest - 1}}}-1$，即 {-half}～{half - 1}；"
            f"作为无符号地址，范围为 0～{2 * half - 1}，共 {2 * half} 个单元。",
            credit="求取值范围",
            gives={
                "signed_range": f"{-half}～{half - 1}",
                "unsigned_range": f"0～{2 * half - 1}",
                "reach": 2 * half,
            },
        ),
    ]
    return Solution(steps, ("各字段位数取够用的最少位数",))


def mistakes(
    instruction_bits: int,
    opcode_bits: int | None,
    operations: int | None,
    modes: int,
    mode_bits: int | None,
    registers: int,
    register_fields: int,
    other_bits: int,
) -> Iterator[Mistake]:
    """Name the slips: a field forgotten, one bit off, signed taken for unsigned."""
    code = width_for(operations or 1) if opcode_bits is None else opcode_bits
    mode = width_for(modes) if mode_bits is None else mode_bits
    rest = instruction_bits - code - mode - width_for(registers) * register_fields - other_bits
    for why, n in (
        ("漏了一个字段，多算一位", rest + 1),
        ("多减一位", max(2, rest - 1)),
        ("漏减寄存器字段", rest + width_for(registers) + 2 * (register_fields == 0)),
    ):
        half = 1 << (n - 1)
        yield Mistake(
            why, {"rest_bits": n, "signed_range": f"{-half}～{half - 1}", "unsigned_range": f"0～{2 * half - 1}"}
        )
    half = 1 << (rest - 1)
    yield Mistake("正负范围弄反", {"signed_range": f"{1 - half}～{half}", "unsigned_range": f"{-half}～{half - 1}"})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Ask for the range of an offset, or of a direct address."""
    if difficulty < 3:
        n, modes = rng.choice([(48, 4), (30, 4), (60, 8), (100, 2)])
        stem = f"某机采用 16 位定长指令字，有 {n} 条指令和 {modes} 种寻址方式，单地址指令直接寻址的范围是（ ）。"
        return Draft(stem, {"instruction_bits": 16, "operations": n, "modes": modes}, "unsigned_range")
    code, regs = rng.choice([6, 8]), rng.choice([16, 32])
    stem = (
        f"某机有 {regs} 个通用寄存器，32 位定长指令字的操作码（含寻址方式位）为 {code} 位，一条指令含两个寄存器字段和一个"
        "补码偏移量，偏移量的取值范围是（ ）。"
    )
    args = {"instruction_bits": 32, "opcode_bits": code, "registers": regs, "register_fields": 2}
    return Draft(stem, args, "signed_range")
