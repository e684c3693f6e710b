"""Fixed-point addition and subtraction (定点加减): the adder's result and the flags OF, SF, ZF, CF."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Literal

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Solution, Step, Table
from assistant408.solvers.co._bits import binary, grouped, signed, word

__all__ = ["solve"]

Op = Literal["加", "减"]


@dataclass(frozen=True)
class Sum:
    """What an n-bit adder puts out."""

    result: int
    carry_out: int
    of: int
    sf: int
    zf: int
    cf: int


@solver(
    "co.fixed_add",
    title="定点加减运算与标志位",
    summary="两个 n 位补码或无符号数相加、相减，求结果的机器数和值，以及 OF、SF、ZF、CF 标志（是否溢出）。",
    syllabus=("co.data.add-sub-circuit", "co.data.flags", "co.data.overflow"),
    keywords=("补码加减", "溢出", "标志位", "OF", "SF", "ZF", "CF", "借位", "进位标志", "加法器"),
    answers={
        "result": Out("结果机器数"),
        "of": Out("溢出标志 OF"),
        "sf": Out("符号标志 SF"),
        "zf": Out("零标志 ZF"),
        "cf": Out("进位/借位标志 CF"),
        "signed_value": Out("结果按补码解释的值"),
        "unsigned_value": Out("结果按无符号数解释的值"),
        "flags": Out("OF、SF、ZF、CF"),
    },
    examples=(
        {"x": 103, "y": -114, "op": "减", "bits": 8},
        {"x": 246, "y": 138, "op": "加", "bits": 8},
    ),
)
def solve(
    x: Annotated[int, Param("第一个操作数", "真值，或机器数如 0xF5；可为负")],
    y: Annotated[int, Param("第二个操作数", "减法时是减数")],
    op: Annotated[Op, Param("运算")] = "加",
    bits: Annotated[int, Param("字长", "加法器位数", min=2, max=64)] = 8,
) -> Solution:
    """Add or subtract two n-bit words and derive the flags (定点加减与标志位).

    Args:
        x: first operand: a true value, signed or unsigned, or its machine code; -2**(bits-1) to 2**bits-1.
        y: second operand, the subtrahend of a subtraction; the same range.
        op: addition or subtraction.
        bits: width of the adder, 2 to 64.

    Returns:
        `result` (machine code), `signed_value`, `unsigned_value`, the flags `of`, `sf`, `zf`, `cf` and all
        four as `flags`.

    Raises:
        InputError: an operand does not fit the width.

    Examples:
        >>> solve(103, -114, "减").answer["of"], solve(103, -114, "减").answer["signed_value"]
        (1, -39)
        >>> solve(0xF6, 0x8A).answer["result"], solve(0xF6, 0x8A).answer["cf"]
        ('80H', 1)
        >>> solve(5, 5, "减").answer["flags"]
        'OF=0，SF=0，ZF=1，CF=0'

    Conventions:
        A subtraction adds the inverted subtrahend and 1. CF is the carry out of an addition and its inverse,
        the borrow, for a subtraction. The flags do not know whether the operands are signed.

    Source:
        袁春风《计算机系统基础》第2章; 408 真题 2011、2018.
    """
    a, b = _code(x, bits, "第一个操作数"), _code(y, bits, "第二个操作数")
    out = _add(a, b, op, bits)
    addend = b if op == "加" else b ^ ((1 << bits) - 1)
    low = 0 if op == "加" else 1
    columns = ["", "机器数", "无符号值", "带符号值"]
    steps = [
        Step(
            f"把两个操作数写成 {bits} 位机器数。",
            Table(columns, [["x", *_reading(a, bits)], ["y", *_reading(b, bits)]]),
            credit="写出操作数的机器数",
        ),
        Step(
            "加法直接送加法器，低位进位 $C_{in}=0$。"
            if op == "加"
            else "减法转成加法：$[x]-[y]=[x]+\\overline{[y]}+1$，y 按位取反，低位进位 $C_{in}=1$。",
            Table(
                ["", "机器数"],
                [
                    ["x", grouped(binary(a, bits))],
                    ["y" if op == "加" else "y 按位取反", grouped(binary(addend, bits))],
                    ["Cin", str(low)],
                    ["结果", grouped(binary(out.result, bits))],
                    ["Cout", str(out.carry_out)],
                ],
                marks=[(3, 1)],
            ),
            credit="列式求和",
            gives={
                "result": word(out.result, bits),
                "signed_value": signed(out.result, bits),
                "unsigned_value": out.result,
            },
        ),
        Step(_flag_words(a, b, op, out, bits), credit="判断标志位", gives=_flags(out)),
    ]
    return Solution(steps, ("减法的 CF 表示借位，CF = 最高位进位取反",))


def _code(value: int, bits: int, label: str) -> int:
    if not -(1 << (bits - 1)) <= value < 1 << bits:
        raise InputError(f"{label} {value!r} 用 {bits} 位表示不了，请改小数值或增加字长。")
    return value % (1 << bits)


def _reading(code: int, bits: int) -> list[str]:
    return [word(code, bits), str(code), str(signed(code, bits))]


def _add(a: int, b: int, op: Op, bits: int) -> Sum:
    """Run the adder on machine codes."""
    mask = (1 << bits) - 1
    addend, carry_in = (b, 0) if op == "加" else (b ^ mask, 1)
    total = a + addend + carry_in
    result, carry_out = total & mask, total >> bits
    into_sign = ((a & mask >> 1) + (addend & mask >> 1) + carry_in) >> (bits - 1)
    return Sum(
        result=result,
        carry_out=carry_out,
        of=carry_out ^ into_sign,
        sf=result >> (bits - 1),
        zf=int(result == 0),
        cf=carry_out if op == "加" else 1 - carry_out,
    )


def _flags(out: Sum) -> dict[str, int | str]:
    flags = f"OF={out.of}，SF={out.sf}，ZF={out.zf}，CF={out.cf}"
    return {"of": out.of, "sf": out.sf, "zf": out.zf, "cf": out.cf, "flags": flags}


def _flag_words(a: int, b: int, op: Op, out: Sum, bits: int) -> str:
    """Explain each flag with its bits."""
    exact = signed(a, bits) + (signed(b, bits) if op == "加" else -signed(b, bits))
    low, high = -(1 << (bits - 1)), (1 << (bits - 1)) - 1
    into = out.of ^ out.carry_out
    borrow = f"$CF=\\overline{{C_{{out}}}}={out.cf}$" if op == "减" else f"$CF=C_{{out}}={out.cf}$"
    carry_words = (
        "无符号数" + ("够减" if op == "减" else "未越界")
        if not out.cf
        else ("无符号数不够减，有借位" if op == "减" else "无符号数之和越界，有进位")
    )
    range_words = "超出" if out.of else "在"
    return (
        f"最高位进位 $C_{{out}}={out.carry_out}$，次高位向最高位的进位为 {into}，"
        f"$OF={out.carry_out}\\oplus {into}={out.of}$（真实结果 {exact} {range_words}"
        f" $[{low},{high}]${'' if out.of else ' 内'}）；结果最高位为 {out.sf}，$SF={out.sf}$；"
        f"结果{'' if out.zf else '不'}为 0，$ZF={out.zf}$；{borrow}，{carry_words}。"
    )


def mistakes(x: int, y: int, op: Op, bits: int) -> Iterator[Mistake]:
    """Name the slips: no borrow inversion, OF taken for CF, no wrap-around, the wrong operation."""
    a, b = x % (1 << bits), y % (1 << bits)
    out = _add(a, b, op, bits)
    if op == "减":
        raw = Sum(out.result, out.carry_out, out.of, out.sf, out.zf, out.carry_out)
        yield Mistake("减法的 CF 没有取反，直接用最高位进位", _flags(raw))
        short = (out.result - 1) % (1 << bits)
        yield Mistake("减数取反后忘了加 1", _values(short, bits))
    swapped = Sum(out.result, out.carry_out, out.cf, out.sf, out.zf, out.of)
    yield Mistake("混淆 OF 与 CF：用进位判断带符号数溢出", _flags(swapped))
    same = Sum(out.result, out.carry_out, out.cf, out.sf, out.zf, out.cf)
    yield Mistake("以为有进位就溢出，OF 取成 CF", _flags(same))
    truth = Sum(out.result, out.carry_out, out.of, out.sf ^ 1, out.zf, out.cf)
    yield Mistake("SF 按真实结果的符号取，没有看结果的最高位", _flags(truth))
    other = _add(a, b, "减" if op == "加" else "加", bits)
    yield Mistake("加减弄反", {**_values(other.result, bits), **_flags(other)})
    exact = signed(a, bits) + (signed(b, bits) if op == "加" else -signed(b, bits))
    yield Mistake("没有考虑字长，直接写真实结果", {"signed_value": exact})
    yield Mistake("把结果当成无符号数读", {"signed_value": out.result})
    yield Mistake("把结果当成带符号数读", {"unsigned_value": signed(out.result, bits)})
    yield Mistake("把最高位进位加回最低位（循环进位）", _values((out.result + out.carry_out) % (1 << bits), bits))
    sizes = abs(signed(a, bits)) + abs(signed(b, bits))
    yield Mistake("把绝对值相加", _values(sizes % (1 << bits), bits))
    yield Mistake("漏了最低位的进位", _values((out.result ^ 1), bits))
    yield Mistake("符号位算错", _values(out.result ^ (1 << (bits - 1)), bits))


def _values(result: int, bits: int) -> dict[str, int | str]:
    return {"result": word(result, bits), "signed_value": signed(result, bits), "unsigned_value": result}


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Ask for a result at first and for the four flags later."""
    bits = 8 if difficulty < 4 else 16
    half = 1 << (bits - 1)
    op = rng.choice(["加", "减"])
    x, y = (rng.randint(half // 3, half - 1) * rng.choice([1, -1]) for _ in range(2))
    name = "x+y" if op == "加" else "x-y"
    args = {"x": x, "y": y, "op": op, "bits": bits}
    if difficulty < 3:
        stem = f"某 {bits} 位机中，带符号整数 x={x}，y={y}，用补码计算 {name}，所得结果的机器数是（ ）。"
        return Draft(stem, args, "result")
    a, b = word(x, bits), word(y, bits)
    name = "R1+R2" if op == "加" else "R1-R2"
    stem = f"某机字长 {bits} 位，R1、R2 的内容为 {a} 和 {b}，执行 {name} 后，标志位是（ ）。"
    return Draft(stem, args, "flags")
