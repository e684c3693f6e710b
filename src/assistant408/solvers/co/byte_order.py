"""Byte order (大端与小端): how a multi-byte word lies in byte-addressed memory."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Annotated, Literal

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Solution, Step, Table
from assistant408.solvers.co._bits import hexadecimal, signed

__all__ = ["solve"]

Order = Literal["小端", "大端"]


@solver(
    "co.byte_order",
    title="大端与小端存放",
    summary="一个多字节数据按大端或小端方式存放在按字节编址的主存中，求各地址的字节内容、最低/最高有效字节的地址、指定地址的内容。",
    syllabus=("co.data.endian",),
    keywords=("大端", "小端", "字节序", "按字节编址", "最低有效字节", "LSB", "MSB", "存放顺序"),
    answers={
        "memory": Out("从低地址到高地址的各字节"),
        "asked_byte": Out("指定地址的字节"),
        "machine_code": Out("数据的机器数"),
        "true_value": Out("数据的真值（补码）"),
        "lsb_address": Out("最低有效字节的地址"),
        "msb_address": Out("最高有效字节的地址"),
    },
    examples=(
        {"value": 0x12345678, "width_bytes": 4, "address": 0x1000, "order": "小端", "asked_address": 0x1001},
        {"value": -2, "width_bytes": 4, "address": 0xC00, "order": "大端"},
    ),
)
def solve(
    value: Annotated[int, Param("数据", "整数真值或机器数，如 0x12345678；负数按补码存放")],
    width_bytes: Annotated[int, Param("数据字节数", "如 int 为 4", min=1, max=16)] = 4,
    address: Annotated[int, Param("起始地址", "数据所占的最小地址", min=0, max=2**64)] = 0,
    order: Annotated[Order, Param("存放方式", "大端或小端")] = "小端",
    asked_address: Annotated[int | None, Param("要查的地址", "问该地址单元的内容，可不给", min=0)] = None,
) -> Solution:
    """Lay out a word in memory byte by byte (大端方式与小端方式).

    Args:
        value: a true value or a machine code; a negative one is stored in two's complement.
        width_bytes: size of the word.
        address: its lowest address, in bytes.
        order: little-endian puts the least significant byte first.
        asked_address: an address inside the word whose byte is asked for.

    Returns:
        `memory` (bytes from the lowest address), `machine_code`, `true_value` (as two's complement), `lsb_address`, `msb_address`, and `asked_byte` if asked.

    Raises:
        InputError: the value does not fit, or the asked address is outside the word.

    Examples:
        >>> solve(0x12345678, 4, 0x1000).answer["memory"]
        ['78H', '56H', '34H', '12H']
        >>> solve(-2, 4, 0xC00, "大端", 0xC03).answer["asked_byte"]
        'FEH'
        >>> solve(0xAB, 1, 5).answer["lsb_address"] == solve(0xAB, 1, 5).answer["msb_address"]
        True

    Source:
        袁春风《计算机系统基础》第2章; Cohen, On Holy Wars and a Plea for Peace, 1981.
    """
    bits = 8 * width_bytes
    if not -(1 << (bits - 1)) <= value < 1 << bits:
        raise InputError(f"数据 {value!r} 用 {width_bytes} 字节放不下，请增加字节数。")
    if asked_address is not None and not address <= asked_address < address + width_bytes:
        raise InputError(f"要查的地址 {asked_address!r} 不在数据所占的 {width_bytes} 个单元内，请改正。")
    memory = _layout(value, width_bytes, order)
    lsb, msb = (address, address + width_bytes - 1) if order == "小端" else (address + width_bytes - 1, address)
    rows = [[_address(address + i), byte] for i, byte in enumerate(memory)]
    marks = [] if asked_address is None else [(asked_address - address, 1)]
    rule = "最低有效字节存在最小地址" if order == "小端" else "最高有效字节存在最小地址"
    steps = [
        Step(
            f"数据的机器数为 {hexadecimal(value, bits)}，共 {width_bytes} 字节；{order}方式下{rule}，"
            f"从地址 {_address(address)} 起依次存放。",
            Table(["地址", "内容"], rows, marks),
            credit="写出各地址的内容",
            gives={"memory": memory, "lsb_address": _address(lsb), "msb_address": _address(msb)},
        ),
        Step(
            f"反过来，从最高有效字节起拼接各单元，机器数为 {hexadecimal(value, bits)}，作为补码的真值为 {signed(value, bits)}。",
            credit="由各单元写出数据",
            gives={"machine_code": hexadecimal(value, bits), "true_value": signed(value, bits)},
        ),
    ]
    if asked_address is not None:
        byte = memory[asked_address - address]
        why = f"地址 {_address(asked_address)} 与起始地址相差 {asked_address - address}，内容为 {byte}。"
        steps.append(Step(why, credit="写出指定单元的内容", gives={"asked_byte": byte}))
    return Solution(steps, ("按字节编址，负数以补码存放"))


def _layout(value: int, width: int, order: Order) -> list[str]:
    """Return the bytes from the lowest address up."""
    places = range(width) if order == "小端" else range(width - 1, -1, -1)
    return [hexadecimal(value >> 8 * i, 8) for i in places]


def _address(address: int) -> str:
    bits = 16 if address < 1 << 16 else 32 if address < 1 << 32 else 64
    return hexadecimal(address, bits)


def mistakes(value: int, width_bytes: int, address: int, order: Order, asked_address: int | None) -> Iterator[Mistake]:
    """Name the slips: the other byte order, digits reversed, words or bits swapped."""
    other: Order = "大端" if order == "小端" else "小端"
    right = _layout(value, width_bytes, order)
    lsb, msb = (address, address + width_bytes - 1) if order == "小端" else (address + width_bytes - 1, address)

    def gives(memory: list[str]) -> dict[str, str | list[str]]:
        out: dict[str, str | list[str]] = {"memory": memory}
        if asked_address is not None:
            out["asked_byte"] = memory[asked_address - address]
        return out

    ends: dict[str, str] = {"lsb_address": _address(msb), "msb_address": _address(lsb)}
    yield Mistake("大端与小端弄反", {**gives(_layout(value, width_bytes, other)), **ends})
    nibbles = [byte[1] + byte[0] + "H" for byte in right]
    yield Mistake("把每个字节内的十六进制数字也颠倒了", gives(nibbles))
    bits = [hexadecimal(int(format(int(b[:2], 16), "08b")[::-1], 2), 8) for b in right]
    yield Mistake("把字节内的二进制位也颠倒了", gives(bits))
    half = width_bytes // 2
    yield Mistake("以半字为单位颠倒，半字内部没有颠倒", gives(right[half:] + right[:half]))
    shifted = right[1:] + right[:1]
    yield Mistake(
        "起始地址差 1", {**gives(shifted), "lsb_address": _address(lsb + 1), "msb_address": _address(msb + 1)}
    )
    if value < 0:
        yield Mistake("负数存成原码", gives(_layout(-value | 1 << (8 * width_bytes - 1), width_bytes, order)))


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Ask for one byte; negative integers from difficulty 3."""
    value = rng.randint(0x12345678, 0x7FFFFFFF)
    if difficulty >= 3 and rng.random() < 0.6:
        value = -rng.randint(300, 70000)
    address = rng.randrange(0x1000, 0xF000, 16)
    order: Order = rng.choice(["小端", "大端"])
    asked = address + rng.randint(0, 3)
    shown = hexadecimal(value, 32) if value > 0 else str(value)
    what = f"机器数为 {shown}" if value > 0 else f"值为 {shown}"
    stem = (
        f"某计算机按字节编址，采用{order}方式存储，int 型变量 i 的{what}，存放在起始地址 {_address(address)}，"
        f"则地址 {_address(asked)} 中的内容是（ ）。"
    )
    args = {"value": value, "width_bytes": 4, "address": address, "order": order, "asked_address": asked}
    return Draft(stem, args, "asked_byte")
