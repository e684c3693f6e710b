"""Addressing modes (寻址方式): effective address and operand of one instruction."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Solution, Step, Table
from assistant408.core.trace import Value as Result
from assistant408.solvers.co._bits import hexadecimal

__all__ = ["Cell", "solve"]

Mode = Literal[
    "立即",
    "直接",
    "间接",
    "寄存器",
    "寄存器间接",
    "相对",
    "基址",
    "变址",
    "先变址后间接",
    "先间接后变址",
]


@dataclass(frozen=True)
class Cell:
    """A word of memory."""

    address: Annotated[int, Param("地址", min=0)]
    content: Annotated[int, Param("内容")]


@dataclass(frozen=True)
class Run:
    """The effective address (None for immediate and register operands), the operand, the reads."""

    address: int | None
    operand: int | None
    reads: int
    formula: str


@solver(
    "co.addressing",
    title="寻址方式与有效地址",
    summary="给出寻址方式、形式地址 A、寄存器内容和主存单元内容，求有效地址 EA、操作数和取操作数的访存次数。",
    syllabus=("co.isa.addr-basic", "co.isa.addr-offset", "co.isa.addr-relative"),
    keywords=("寻址方式", "有效地址", "EA", "形式地址", "间接寻址", "变址寻址", "基址寻址", "相对寻址", "寄存器间接"),
    answers={
        "effective_address": Out("有效地址 EA"),
        "operand": Out("操作数"),
        "memory_reads": Out("取操作数的访存次数", "次"),
    },
    examples=(
        {
            "mode": "先变址后间接",
            "offset": 0x20,
            "register": 0x100,
            "memory": [{"address": 0x120, "content": 0x3000}, {"address": 0x3000, "content": 7}],
        },
        {"mode": "相对", "offset": -6, "pc": 0x2000, "instruction_bytes": 4},
    ),
)
def solve(
    mode: Annotated[Mode, Param("寻址方式")],
    offset: Annotated[int, Param("形式地址 A", "指令中的地址码（立即数、位移量），可为负")] = 0,
    register: Annotated[int, Param("寄存器内容", "寄存器、基址寄存器或变址寄存器的内容")] = 0,
    scale: Annotated[int, Param("比例因子", "变址量乘以元素字节数，一般为 1", min=1, max=64)] = 1,
    pc: Annotated[int, Param("本指令地址", "相对寻址用：取指令前的 PC", min=0)] = 0,
    instruction_bytes: Annotated[int, Param("指令字长", "相对寻址用：PC 自增的量，地址单元数", min=0, max=64)] = 0,
    memory: Annotated[list[Cell] | None, Param("主存内容", "地址:内容，如 0x120:0x3000", max_len=200)] = None,
    address_bits: Annotated[int, Param("地址位数", "有效地址按此位数取模", min=4, max=64)] = 32,
) -> Solution:
    """Find an effective address and, where memory is given, the operand (寻址方式).

    Args:
        mode: addressing mode.
        offset: formal address A, sign-extended already.
        register: content of the register that the mode uses.
        scale: factor of the index register.
        pc: address of the instruction itself.
        instruction_bytes: addressable units the PC advances by.
        memory: known words of memory.
        address_bits: width of an address.

    Returns:
        `effective_address` (hexadecimal; a word for immediate and register operands), `operand` if known,
        `memory_reads` to fetch the operand.

    Raises:
        InputError: an indirect mode whose pointer is not among `memory`.

    Examples:
        >>> solve("变址", 0x100, 0x20).answer["effective_address"]
        '00000120H'
        >>> solve("间接", 0x10, memory=[Cell(0x10, 0x40), Cell(0x40, 9)]).answer["operand"]
        9
        >>> solve("相对", -6, pc=0x2000, instruction_bytes=4, address_bits=16).answer["effective_address"]
        '1FFEH'

    Conventions:
        Relative: EA = (PC) + A with the PC already past the instruction. Indirect is a single level.

    Source:
        唐朔飞《计算机组成原理》第7章（寻址方式）.
    """
    words = {cell.address: cell.content for cell in memory or []}
    run = _find(mode, offset, register, scale, pc, instruction_bytes, words, address_bits)
    where = _special(mode) if run.address is None else hexadecimal(run.address, address_bits)
    rows = [[hexadecimal(a, address_bits), str(v)] for a, v in sorted(words.items())]
    marks = [(i, 1) for i, a in enumerate(sorted(words)) if a == run.address]
    picture = Table(["地址", "内容"], rows, marks) if rows else Table(["寻址方式", "EA"], [[mode, where]], [(0, 1)])
    gives: dict[str, Result] = {"memory_reads": run.reads}
    if run.operand is not None:
        gives["operand"] = run.operand
    steps = [
        Step(
            f"{mode}寻址：{run.formula}，有效地址为 {where}。"
            if run.address is not None
            else f"{mode}寻址：{run.formula}。",
            picture,
            credit="求有效地址",
            gives={"effective_address": where},
        ),
        Step(
            f"取操作数要访存 {run.reads} 次" + (f"，操作数为 {run.operand}。" if run.operand is not None else "。"),
            credit="取操作数",
            gives=gives,
        ),
    ]
    return Solution(steps, ("相对寻址中 PC 已指向下一条指令", "间接寻址为一次间址"))


def _special(mode: Mode) -> str:
    return "操作数在指令中" if mode == "立即" else "操作数在寄存器中"


def _find(mode: Mode, a: int, r: int, scale: int, pc: int, step: int, words: Mapping[int, int], bits: int) -> Run:
    """Compute the effective address by mode."""
    top = 1 << bits

    def pointer(at: int) -> int:
        if at not in words:
            raise InputError(f"{mode}寻址要用主存单元 {hexadecimal(at, bits)} 的内容，但没有给出，请补上。")
        return words[at]

    def done(address: int, formula: str, pointers: int = 0) -> Run:
        return Run(address % top, words.get(address % top), 1 + pointers, formula)

    indexed = f"R×{scale}" if scale > 1 else "R"
    if mode == "立即":
        return Run(None, a, 0, f"操作数就是形式地址字段的 {a}")
    if mode == "寄存器":
        return Run(None, r, 0, f"操作数在寄存器中，为 {r}")
    if mode == "直接":
        return done(a, f"EA=A={_hex(a)}")
    if mode == "间接":
        return done(pointer(a % top), f"EA=(A)=({_hex(a)})", 1)
    if mode == "寄存器间接":
        return done(r, f"EA=(R)={_hex(r)}")
    if mode == "相对":
        return done(pc + step + a, f"EA=(PC)+A=({_hex(pc)}+{step})+({a})")
    if mode in ("基址", "变址"):
        name = "BR" if mode == "基址" else indexed
        return done(r * scale + a, f"EA=({name})+A={_hex(r * scale)}+{_hex(a)}")
    if mode == "先变址后间接":
        at = (r * scale + a) % top
        return done(pointer(at), f"EA=(({indexed})+A)=({_hex(at)})", 1)
    at = pointer(a % top)
    return done(at + r * scale, f"EA=(A)+({indexed})={_hex(at)}+{_hex(r * scale)}", 1)


def _hex(value: int) -> str:
    return ("-" if value < 0 else "") + f"{abs(value):X}H"


def mistakes(
    mode: Mode,
    offset: int,
    register: int,
    scale: int,
    pc: int,
    instruction_bytes: int,
    memory: list[Cell] | None,
    address_bits: int,
) -> Iterator[Mistake]:
    """Name the slips: another mode, the PC not yet advanced, the sign of the offset."""
    words = {cell.address: cell.content for cell in memory or []}

    def at(value: int, why: str) -> Mistake:
        address = value % (1 << address_bits)
        gives: dict[str, Result] = {"effective_address": hexadecimal(address, address_bits)}
        if address in words:
            gives["operand"] = words[address]
        return Mistake(why, gives)

    if mode == "相对":
        yield at(pc + offset, "PC 没有先加上指令字长")
        yield at(pc + instruction_bytes - offset, "位移量的符号弄反")
        yield at(pc + 2 * instruction_bytes + offset, "PC 多加了一次")
        yield at(pc + instruction_bytes + offset % 256, "位移量没有符号扩展")
    others: tuple[Mode, ...] = ("直接", "间接", "寄存器间接", "变址", "先变址后间接", "先间接后变址")
    for other in others:
        if other != mode:
            try:
                run = _find(other, offset, register, scale, pc, instruction_bytes, words, address_bits)
            except InputError:
                continue
            if run.address is not None:
                yield at(run.address, f"按{other}寻址处理")
    if scale > 1:
        yield at(offset + register, "漏乘比例因子")
    yield at(offset + register * scale + 1, "地址多加 1")
    yield Mistake("把形式地址当操作数", {"operand": offset})
    yield Mistake("把寄存器内容当操作数", {"operand": register})
    yield Mistake("少数一次访存", {"memory_reads": 0})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Draw simple modes first, composed ones from difficulty 3."""
    a, r = rng.randrange(0x10, 0x80, 4), rng.randrange(0x100, 0x400, 4)
    if difficulty < 3:
        mode: Mode = rng.choice(["变址", "相对"])
        if mode == "相对":
            pc, size, back = rng.randrange(0x1000, 0x3000, 4), rng.choice([2, 4]), -rng.randrange(4, 60, 2)
            stem = (
                f"某机按字节编址，一条长 {size} 字节的相对寻址指令存放在 {pc:04X}H，形式地址字段为补码，其值为 {back}，"
                "则有效地址为（ ）。"
            )
            args: dict[str, Any] = {
                "mode": mode,
                "offset": back,
                "pc": pc,
                "instruction_bytes": size,
                "address_bits": 16,
            }
            return Draft(stem, args, "effective_address")
    else:
        mode = rng.choice(["先变址后间接", "先间接后变址", "间接", "寄存器间接"])
    cells = [Cell(a, rng.randrange(0x500, 0x600, 4)), Cell(r, rng.randrange(0x600, 0x700, 4))]
    cells.append(Cell(a + r, rng.randrange(0x700, 0x800, 4)))
    for address in [c.content for c in cells] + [cells[0].content + r]:
        cells.append(Cell(address, rng.randrange(0x10, 0xFF)))
    cells = list({c.address: c for c in cells}.values())
    shown = "，".join(f"({c.address:04X}H)={c.content:04X}H" for c in sorted(cells, key=lambda c: c.address))
    args = {"mode": mode, "offset": a, "register": r, "memory": cells, "address_bits": 16}
    name = {"变址": "变址寄存器", "寄存器间接": "寄存器"}.get(mode, "变址寄存器")
    ask, what = ("operand", "操作数") if difficulty > 3 else ("effective_address", "有效地址")
    stem = f"形式地址 A={a:04X}H，{name}内容为 {r:04X}H，主存中 {shown}，采用{mode}寻址，则{what}为（ ）。"
    return Draft(stem, args, ask)
