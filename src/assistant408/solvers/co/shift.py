"""Shifts (移位): logical, arithmetic and rotate, with or without carry."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Annotated, Literal

from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Solution, Step, Table
from assistant408.solvers.co._bits import binary, grouped, parse_word, signed, word

__all__ = ["solve"]

Kind = Literal[
    "逻辑左移", "逻辑右移", "算术左移", "算术右移", "循环左移", "循环右移", "带进位循环左移", "带进位循环右移"
]
Code = Literal["补码", "原码", "反码"]

WHY = {
    "逻辑左移": "高位移出，低位补 0",
    "逻辑右移": "低位移出，高位补 0",
    "循环左移": "最高位移到最低位，同时送 CF",
    "循环右移": "最低位移到最高位，同时送 CF",
    "带进位循环左移": "最高位进 CF，原 CF 进最低位",
    "带进位循环右移": "最低位进 CF，原 CF 进最高位",
}


@solver(
    "co.shift",
    title="移位运算",
    summary="把一个机器数逻辑、算术或循环（可带进位）左移、右移若干位，求移位后的机器数、真值、移出的位和算术左移是否溢出。",
    syllabus=("co.data.shift",),
    keywords=("移位", "逻辑移位", "算术移位", "循环移位", "左移", "右移", "带进位循环", "溢出"),
    answers={
        "result": Out("移位后的机器数"),
        "signed_value": Out("按补码解释的值"),
        "carry": Out("最后移出的位（CF）"),
        "overflow": Out("算术左移是否溢出"),
        "shifted_out": Out("依次移出的位"),
    },
    examples=(
        {"code": "1011 0100", "kind": "算术右移", "count": 2, "bits": 8},
        {"code": "94H", "kind": "带进位循环左移", "count": 1, "bits": 8, "carry_in": 1},
    ),
)
def solve(
    code: Annotated[str, Param("机器数", "0/1 串或十六进制，如 10110100、B4H", max_len=80)],
    kind: Annotated[Kind, Param("移位方式")],
    count: Annotated[int, Param("移位位数", "移几位", min=1, max=64)] = 1,
    bits: Annotated[int, Param("字长", "机器数的位数", min=2, max=64)] = 8,
    representation: Annotated[Code, Param("码制", "只影响算术移位")] = "补码",
    carry_in: Annotated[int, Param("移位前的 CF", "带进位循环移位时用", min=0, max=1)] = 0,
) -> Solution:
    """Shift a word bit by bit (移位运算).

    Args:
        code: the word, as binary digits or in hexadecimal.
        kind: how it is shifted.
        count: number of places, 1 to 64.
        bits: width of the word, 2 to 64.
        representation: code of an arithmetic shift's operand; it decides what moves in.
        carry_in: the carry flag before, for rotations through carry.

    Returns:
        `result`, `signed_value` (as two's complement), `carry` (the last bit moved out), `overflow` (an
        arithmetic left shift lost a significant bit), `shifted_out` (bits in the order they left).

    Examples:
        >>> solve("10110100", "算术右移", 2).answer["result"]
        'EDH'
        >>> solve("01000000", "算术左移", 1).answer["overflow"]
        True
        >>> solve("94H", "带进位循环左移", 1, carry_in=1).answer["result"]
        '29H'

    Conventions:
        An arithmetic shift of two's complement moves all bits: left fills 0, right repeats the sign, and a
        left shift overflows once the sign bit changes. In sign-magnitude and ones' complement the sign stays
        in place; zeros move in for the first, copies of the sign for the second.

    Source:
        唐朔飞《计算机组成原理》第6章（移位运算）; 袁春风《计算机系统基础》第2章.
    """
    start = parse_word(code, bits, "机器数")
    now, carry, lost, outs = start, carry_in, False, ""
    rows = [["初始", grouped(binary(now, bits)), str(carry) if kind.startswith("带") else ""]]
    for turn in range(1, count + 1):
        now, carry, bad = _once(now, kind, bits, representation, carry)
        lost = lost or bad
        outs += str(carry)
        rows.append([f"第 {turn} 次", grouped(binary(now, bits)), str(carry)])
    last = len(rows) - 1
    steps = [
        Step(
            f"{kind}：{_rule(kind, representation)}。共移 {count} 位。",
            Table(["", "机器数", "移出的位"], rows, marks=[(last, 1)]),
            credit="按规则逐位移动",
            gives={"result": word(now, bits), "carry": carry, "shifted_out": outs},
        )
    ]
    value = signed(now, bits)
    why = f"按补码解释，移位前为 {signed(start, bits)}，移位后为 {value}。"
    if kind == "算术左移":
        why += "移出了有效数值位，溢出。" if lost else "移出的都是符号位的复制，没有溢出。"
    steps.append(Step(why, credit="判断结果与溢出", gives={"signed_value": value, "overflow": lost}))
    return Solution(steps, (f"算术移位按{representation}规则",) if kind.startswith("算术") else ())


def _rule(kind: Kind, code: Code) -> str:
    if kind == "算术左移":
        fills = {
            "补码": "低位补 0，符号位改变即溢出",
            "原码": "符号位不变，数值位左移补 0",
            "反码": "符号位不变，数值位左移补符号位",
        }
        return fills[code]
    if kind == "算术右移":
        fills = {
            "补码": "高位补符号位",
            "原码": "符号位不变，数值位右移补 0",
            "反码": "符号位不变，数值位右移补符号位",
        }
        return fills[code]
    return WHY[kind]


def _once(value: int, kind: Kind, bits: int, code: Code, carry: int) -> tuple[int, int, bool]:
    """Shift by one place: the word, the bit moved out, and whether significance was lost."""
    top, mask = 1 << (bits - 1), (1 << bits) - 1
    high, low = value >> (bits - 1), value & 1
    if kind.startswith("算术") and code != "补码":
        fill = high if code == "反码" else 0
        body = value & (top - 1)
        if kind == "算术左移":
            out = body >> (bits - 2)
            return high * top + ((body << 1) & (top - 1)) + fill, out, out != fill
        return high * top + (body >> 1) + fill * (top >> 1), low, False
    if kind in ("逻辑左移", "算术左移"):
        after = (value << 1) & mask
        return after, high, kind == "算术左移" and after >> (bits - 1) != high
    if kind == "逻辑右移":
        return value >> 1, low, False
    if kind == "算术右移":
        return value >> 1 | high * top, low, False
    if kind.endswith("左移"):
        return (value << 1) & mask | (carry if kind.startswith("带") else high), high, False
    return value >> 1 | (carry if kind.startswith("带") else low) * top, low, False


def _shift(value: int, kind: Kind, count: int, bits: int, code: Code, carry: int) -> int:
    for _ in range(count):
        value, carry, _ = _once(value, kind, bits, code, carry)
    return value


def mistakes(code: str, kind: Kind, count: int, bits: int, representation: Code, carry_in: int) -> Iterator[Mistake]:
    """Name the slips: another kind of shift, the other direction, a place too few."""
    start = parse_word(code, bits, "机器数")
    side = kind[-2:]
    others: list[Kind] = ["逻辑左移", "算术左移", "循环左移", "带进位循环左移"]
    if side == "右移":
        others = ["逻辑右移", "算术右移", "循环右移", "带进位循环右移"]
    for other in others:
        if other != kind:
            wrong = _shift(start, other, count, bits, "补码", carry_in)
            yield Mistake(f"按{other}处理", {"result": word(wrong, bits), "signed_value": signed(wrong, bits)})
    flip: Kind = kind.replace(side, "右移" if side == "左移" else "左移")  # type: ignore[assignment]
    wrong = _shift(start, flip, count, bits, representation, carry_in)
    yield Mistake("移动方向弄反", {"result": word(wrong, bits), "signed_value": signed(wrong, bits)})
    wrong = _shift(start, kind, count - 1, bits, representation, carry_in)
    yield Mistake("少移一位", {"result": word(wrong, bits), "signed_value": signed(wrong, bits)})
    for other_code in ("补码", "原码", "反码"):
        if kind.startswith("算术") and other_code != representation:
            wrong = _shift(start, kind, count, bits, other_code, carry_in)
            yield Mistake(f"按{other_code}的规则移位", {"result": word(wrong, bits)})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Shift a negative number, further and by rarer kinds as difficulty grows."""
    bits = 8 if difficulty < 4 else 16
    value = rng.randrange(1 << (bits - 1), 1 << bits) | 1 << rng.randrange(bits - 1)
    kinds: list[Kind] = ["算术右移", "逻辑右移"] if difficulty < 3 else ["算术右移", "循环左移", "算术左移"]
    kind = rng.choice(kinds + (["带进位循环右移", "带进位循环左移"] if difficulty > 3 else []))
    count = rng.randint(1, 1 + difficulty)
    carry = rng.randint(0, 1)
    flag = f"、CF={carry}" if kind.startswith("带") else ""
    stem = f"{bits} 位寄存器 R 中为补码 {word(value, bits)}{flag}，{kind} {count} 位后，R 的内容是（ ）。"
    args = {"code": word(value, bits), "kind": kind, "count": count, "bits": bits, "carry_in": carry}
    return Draft(stem, args, "result")
