"""Relative jumps (相对转移): target address from an offset, and the offset that reaches a target."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Annotated

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Bits, Solution, Step
from assistant408.core.trace import Value as Result
from assistant408.solvers.co._bits import binary, hexadecimal, signed, word

__all__ = ["solve"]


@solver(
    "co.relative_jump",
    title="相对转移的目标地址与位移量",
    summary="给出转移指令的地址、指令字长和位移量（补码），求转移目标地址；或已知目标地址求位移量字段；以及转移范围。",
    syllabus=("co.isa.addr-relative", "co.isa.instr-addressing"),
    keywords=("相对转移", "转移指令", "目标地址", "位移量", "相对寻址", "PC", "转移范围", "分支"),
    answers={
        "target": Out("转移目标地址"),
        "offset_code": Out("位移量字段（补码）"),
        "offset": Out("位移量真值（以编码单位计）"),
        "next_pc": Out("取指后的 PC"),
        "lowest": Out("能转到的最小地址"),
        "highest": Out("能转到的最大地址"),
        "span": Out("转移范围（相对本指令，向前、向后的地址数）"),
    },
    examples=(
        {"address": 2000, "instruction_bytes": 2, "offset_bits": 8, "offset": 6},
        {"address": 0x200, "instruction_bytes": 2, "offset_bits": 8, "target": 0x1F4},
    ),
)
def solve(
    address: Annotated[int, Param("转移指令的地址", "按编址单位", min=0)],
    instruction_bytes: Annotated[int, Param("指令字长", "取指后 PC 增加的地址数", min=1, max=16)] = 2,
    offset_bits: Annotated[int, Param("位移量字段位数", "", min=2, max=48)] = 8,
    offset: Annotated[int | None, Param("位移量", "真值，或机器数如 0xF6；与目标地址二选一")] = None,
    target: Annotated[int | None, Param("目标地址", "已知目标地址求位移量时给出", min=0)] = None,
    offset_unit: Annotated[
        int, Param("位移量的单位", "位移量 1 对应几个地址；以指令为单位时等于指令字长", min=1, max=16)
    ] = 1,
    address_bits: Annotated[int, Param("地址位数", "", min=4, max=64)] = 16,
) -> Solution:
    """Relate a branch's offset and its target (相对转移).

    Args:
        address: address of the branch instruction.
        instruction_bytes: addresses the PC advances by on fetching it.
        offset_bits: width of the two's complement offset field.
        offset: the offset, as a value or as the code in the field; give this or `target`.
        target: the address to reach.
        offset_unit: addresses per unit of offset.
        address_bits: width of an address.

    Returns:
        `next_pc`, `target`, `offset`, `offset_code`, `lowest` and `highest` reachable addresses, and
        `span`, the distances from the instruction itself as [lowest, highest].

    Raises:
        InputError: both or none of offset and target, or a target out of reach.

    Examples:
        >>> solve(2000, 2, 8, 6).answer["target"]  # 2000 + 2 + 6 = 2008
        '07D8H'
        >>> solve(0x200, 2, 8, target=0x1F4).answer["offset_code"]
        'F2H'
        >>> solve(1000, 4, 8, 0x80, offset_unit=4).answer["span"]
        [-508, 512]

    Conventions:
        Target = (PC) + offset × unit, with the PC already past the branch instruction.

    Source:
        唐朔飞《计算机组成原理》第7章（相对寻址）; 408 真题 2009.
    """
    next_pc = address + instruction_bytes
    if (offset is None) == (target is None):
        raise InputError(f"位移量 {offset!r} 与目标地址 {target!r} 应恰好给出一个，请二选一。")
    half = 1 << (offset_bits - 1)
    known = offset is not None
    value = _value(offset, offset_bits) if offset is not None else _reach(target or 0, next_pc, offset_unit, half)
    goal = next_pc + value * offset_unit
    low, high = -half * offset_unit, (half - 1) * offset_unit
    code = word(value, offset_bits)
    shown = hexadecimal(goal, address_bits)
    unit = f"\\times {offset_unit}" if offset_unit > 1 else ""
    forward: dict[str, Result] = {"target": shown}
    backward: dict[str, Result] = {"offset": value, "offset_code": code}
    solved = (
        f"位移量 {code} 的真值为 {value}，目标地址 $={next_pc}+({value}){unit}={goal}$，即 {shown}。"
        if known
        else f"位移量 $=({goal}-{next_pc}){f'/{offset_unit}' if offset_unit > 1 else ''}={value}$，补码为 {code}。"
    )
    steps = [
        Step(
            f"取出转移指令后，PC 指向下一条指令：${address}+{instruction_bytes}={next_pc}$，"
            f"即 {hexadecimal(next_pc, address_bits)}。",
            credit="求更新后的 PC",
            gives={"next_pc": hexadecimal(next_pc, address_bits)},
        ),
        Step(
            solved,
            Bits([("符号", binary(value, offset_bits)[0]), ("位移量", binary(value, offset_bits)[1:])]),
            credit="求目标地址" if known else "求位移量",
            gives=forward | backward if known else backward | forward,
        ),
        Step(
            f"位移量范围 $-{half}\\sim {half - 1}$，目标地址相对本指令为 ${low + instruction_bytes}\\sim "
            f"{high + instruction_bytes}$。",
            credit="求转移范围",
            gives={
                "lowest": hexadecimal(next_pc + low, address_bits),
                "highest": hexadecimal(next_pc + high, address_bits),
                "span": [low + instruction_bytes, high + instruction_bytes],
            },
        ),
    ]
    return Solution(steps, ("取指后 PC 先自增，再加位移量", f"位移量以 {offset_unit} 个地址为单位，用补码表示"))


def _value(offset: int, bits: int) -> int:
    """Read an offset given as a value or as a code."""
    if not -(1 << (bits - 1)) <= offset < 1 << bits:
        raise InputError(f"位移量 {offset!r} 超过 {bits} 位补码的范围，请改正。")
    return signed(offset, bits)


def _reach(target: int, next_pc: int, unit: int, half: int) -> int:
    """Return the offset from the next instruction to `target`."""
    distance = target - next_pc
    if distance % unit:
        raise InputError(f"目标地址 {target!r} 与 PC 之差 {distance} 不是 {unit} 的倍数，请改正。")
    if not -half <= distance // unit < half:
        raise InputError(f"目标地址 {target!r} 太远：位移量 {distance // unit} 超出 [{-half},{half - 1}]，请增加位数。")
    return distance // unit


def mistakes(
    address: int,
    instruction_bytes: int,
    offset_bits: int,
    offset: int | None,
    target: int | None,
    offset_unit: int,
    address_bits: int,
) -> Iterator[Mistake]:
    """Name the slips: the PC not advanced, the unit forgotten, the sign ignored."""
    next_pc = address + instruction_bytes
    half = 1 << (offset_bits - 1)
    value = _value(offset, offset_bits) if offset is not None else _reach(target or 0, next_pc, offset_unit, half)
    goal = next_pc + value * offset_unit

    def to(place: int) -> dict[str, Result]:
        return {"target": hexadecimal(place, address_bits)}

    def by(amount: int) -> dict[str, Result]:
        return {"offset": amount, "offset_code": word(amount, offset_bits)}

    yield Mistake("没有先把 PC 加上指令字长", {**to(goal - instruction_bytes), **by((goal - address) // offset_unit)})
    yield Mistake("位移量没有乘编址单位", to(next_pc + value))
    yield Mistake("位移量多乘或少乘了单位", {**to(next_pc + value * instruction_bytes), **by(goal - next_pc)})
    yield Mistake("位移量当成无符号数", to(next_pc + value % (1 << offset_bits) * offset_unit))
    yield Mistake("方向弄反", {**to(next_pc - value * offset_unit), **by(-value)})
    yield Mistake("PC 多加了一条指令", {**to(goal + instruction_bytes), **by(value - instruction_bytes // offset_unit)})
    yield Mistake("位移量用原码表示", {"offset_code": word(half | abs(value), offset_bits)})
    yield Mistake("范围没有加上指令字长", {"span": [-half * offset_unit, (half - 1) * offset_unit]})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Ask for a target at first, for the offset's code from difficulty 3."""
    size = rng.choice([2, 4])
    unit = size if difficulty > 3 else 1
    address = rng.randrange(0x1000, 0x4000, size)
    value = rng.randint(-100, -3) if difficulty > 1 else rng.randint(3, 100)
    if difficulty < 3 or difficulty == 4:
        code = word(value, 8)
        how = "，位移量以指令条数为单位" if unit > 1 else ""
        stem = (
            f"某机按字节编址，转移指令占 {size} 字节，采用相对寻址，存放在 {address:04X}H，8 位补码位移量字段的内容为 {code}{how}，"
            "取指后 PC 自增，则转移目标地址为（ ）。"
        )
        args: dict[str, Result] = {
            "address": address,
            "instruction_bytes": size,
            "offset": value,
            "offset_unit": unit,
        }
        return Draft(stem, args, "target")
    value -= value % (unit or 1)
    target = address + size + value * unit
    how = "，位移量以指令条数为单位" if unit > 1 else ""
    stem = (
        f"某机按字节编址，转移指令占 {size} 字节，存放在 {address:04X}H，要转移到 {target:04X}H，位移量为 8 位补码{how}，"
        "取指后 PC 自增，则位移量字段的内容是（ ）。"
    )
    args = {"address": address, "instruction_bytes": size, "target": target, "offset_unit": unit}
    return Draft(stem, args, "offset_code")
