"""Machine codes (机器数): sign-magnitude, ones' complement, two's complement and excess codes."""

from __future__ import annotations

import random
from collections.abc import Iterator
from fractions import Fraction
from typing import Annotated, Literal

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Solution, Step, Table
from assistant408.solvers.co._bits import binary, parse_word, signed
from assistant408.solvers.co._text import decimal

__all__ = ["solve"]

Kind = Literal["真值", "原码", "反码", "补码", "移码"]
Point = Literal["整数", "小数"]
NONE = "不存在"


@solver(
    "co.machine_code",
    title="原码、反码、补码与移码",
    summary="已知真值或一种机器数（原码、反码、补码、移码），求真值、其余各码以及该位数下的表示范围；整数或定点小数。",
    syllabus=("co.data.fixed-codes", "co.data.c-int-types"),
    keywords=("原码", "反码", "补码", "移码", "机器数", "真值", "表示范围", "定点小数", "定点整数"),
    answers={
        "twos_complement": Out("补码"),
        "value": Out("真值"),
        "sign_magnitude": Out("原码"),
        "ones_complement": Out("反码"),
        "excess": Out("移码"),
        "twos_range": Out("补码表示范围（最小值、最大值）"),
        "sign_magnitude_range": Out("原码、反码表示范围（最小值、最大值）"),
    },
    examples=(
        {"given": "-105", "kind": "真值", "bits": 8},
        {"given": "1001 0111", "kind": "补码", "bits": 8},
        {"given": "-0.6875", "kind": "真值", "bits": 8, "point": "小数"},
    ),
)
def solve(
    given: Annotated[
        str,
        Param("已知的数", "真值写十进制，如 -105、-0.6875；机器数写 0/1 串或十六进制，如 97H", max_len=80),
    ],
    kind: Annotated[Kind, Param("已知的数是什么", "真值或某种机器数")] = "真值",
    bits: Annotated[int, Param("机器字长", "含符号位的位数", min=2, max=64)] = 8,
    point: Annotated[Point, Param("小数点位置", "定点整数或定点小数（纯小数）")] = "整数",
) -> Solution:
    """Convert between a true value and its machine codes (原码、反码、补码、移码).

    Args:
        given: a decimal true value, or a machine code of `bits` bits.
        kind: what `given` is.
        bits: width of the codes, the sign bit included, 2 to 64.
        point: fixed-point integers, or fractions with the point after the sign bit.

    Returns:
        `value`, the four codes as bit strings, the ranges of two's complement and of sign-magnitude codes.
        A code is "不存在" where the value is out of its range.

    Raises:
        InputError: the true value is out of every code's range, or needs more bits than there are.

    Examples:
        >>> solve("-105").answer["twos_complement"]
        '10010111'
        >>> solve("-128").answer["sign_magnitude"]
        '不存在'
        >>> solve("10000000", "原码").answer["value"], solve("80H", "补码").answer["value"]
        (Fraction(0, 1), Fraction(-128, 1))

    Conventions:
        The excess code's bias is 2**(bits-1), so that it is two's complement with the sign inverted.
        A zero true value is coded as +0.

    Source:
        唐朔飞《计算机组成原理》第6章; 袁春风《计算机系统基础》第2章.
    """
    scale = 1 << (bits - 1) if point == "小数" else 1
    number = _number(given, kind, bits, scale)
    codes = _codes(number, bits)
    if kind in ("原码", "反码", "补码", "移码"):
        codes[kind] = binary(parse_word(given, bits, kind), bits)  # keeps the code of a negative zero
    value = Fraction(number, scale)
    half = 1 << (bits - 1)
    body = binary(abs(number), bits - 1) if abs(number) < half else f"1{'0' * (bits - 1)}"
    shown = ("-" if number < 0 else "+") + ("0." if scale > 1 else "") + body
    steps = [
        Step(
            f"真值 $x={decimal(value, 12)}$，写成二进制是 ${shown}$。" + _how(kind, codes),
            credit="求出真值的二进制形式",
            gives={"value": value},
        ),
        Step(
            _explain(number, codes),
            Table(["码制", "机器数"], [[name, code] for name, code in codes.items()], marks=[(2, 1)]),
            credit="由真值写出各码",
            gives={
                "sign_magnitude": codes["原码"],
                "ones_complement": codes["反码"],
                "twos_complement": codes["补码"],
                "excess": codes["移码"],
            },
        ),
    ]
    unit = Fraction(1, scale)
    low, high = -half * unit, (half - 1) * unit
    power = f"-2^{{{bits - 1}}}\\sim 2^{{{bits - 1}}}-1" if scale == 1 else f"-1\\sim 1-2^{{-{bits - 1}}}"
    steps.append(
        Step(
            f"{bits} 位补码表示 ${power}$；原码、反码的 0 有两个编码，少表示一个最小数。",
            credit="写出表示范围",
            gives={"twos_range": [low, high], "sign_magnitude_range": [-high, high]},
        )
    )
    return Solution(steps, (f"移码偏置常数取 2^{bits - 1}", "真值 0 的原码、反码写作 +0"))


def _number(given: str, kind: Kind, bits: int, scale: int) -> int:
    """Return the value as an integer multiple of the code's last place."""
    half = 1 << (bits - 1)
    if kind == "真值":
        try:
            number = Fraction(given.replace(" ", "")) * scale if len(given) < 80 else None
        except (ValueError, ZeroDivisionError):
            number = None
        if number is None or "e" in given.lower():
            raise InputError(f"真值 {given!r} 不是十进制数，请写成 -105 或 -0.6875 的形式。")
        if number.denominator != 1:
            raise InputError(f"真值 {given!r} 用 {bits} 位定点数表示不了，请增加位数或检查小数点位置。")
        if not -half <= number < half:
            raise InputError(f"真值 {given!r} 超出 {bits} 位机器数的范围，请增加位数或检查小数点位置。")
        return int(number)
    code = parse_word(given, bits, kind)
    if kind == "补码":
        return signed(code, bits)
    if kind == "移码":
        return code - half
    if kind == "原码":
        return -(code - half) if code & half else code
    return -(code ^ (2 * half - 1)) if code & half else code


def _codes(number: int, bits: int) -> dict[str, str]:
    """Return the codes of a number in the range of two's complement."""
    half = 1 << (bits - 1)
    fits = number > -half
    negative = number < 0
    magnitude = half - number if negative else number
    return {
        "原码": binary(magnitude, bits) if fits else NONE,
        "反码": binary(number - 1 if negative else number, bits) if fits else NONE,
        "补码": binary(number, bits),
        "移码": binary(number + half, bits),
    }


def _how(kind: Kind, codes: dict[str, str]) -> str:
    """Say how the true value was read off a code."""
    negative = codes[kind].startswith("1") if kind != "真值" else False
    if kind == "原码":
        return "原码的符号位 1 负 0 正，其余位是绝对值。"
    if kind == "移码":
        return "移码减去偏置常数就是真值。"
    if kind in ("反码", "补码"):
        rule = "符号位为 1，数值位取反" + ("、末位加 1" if kind == "补码" else "") + "，得绝对值"
        return (rule if negative else "符号位为 0，数值位就是绝对值") + "。"
    return ""


def _explain(number: int, codes: dict[str, str]) -> str:
    """Say how the codes follow from the true value."""
    if codes["原码"] == NONE:
        return "最小负数的绝对值在数值位里放不下，原码和反码不存在；补码为 1 后全 0；移码把补码的符号位取反。"
    if number < 0:
        return "负数：原码为符号 1 加绝对值；反码把原码的数值位取反；补码再在末位加 1；移码把补码的符号位取反。"
    return "非负数的原码、反码、补码相同；移码把补码的符号位取反。"


def mistakes(given: str, kind: Kind, bits: int, point: Point) -> Iterator[Mistake]:
    """Name the slips: the codes taken for one another, the sign bit inverted with the rest."""
    scale = 1 << (bits - 1) if point == "小数" else 1
    number = _number(given, kind, bits, scale)
    codes = _codes(number, bits)
    names: tuple[Kind, ...] = ("原码", "反码", "补码", "移码")
    keys = dict(zip(names, ("sign_magnitude", "ones_complement", "twos_complement", "excess"), strict=True))
    for name in names:
        others = [other for other in names if other != name and codes[other] not in (NONE, codes[name])]
        for other in others:
            yield Mistake(f"把{other}当成{name}", {keys[name]: codes[other]})
    negated = binary(-number, bits)
    yield Mistake("连同符号位一起取反加 1", {"twos_complement": negated})
    yield Mistake("末位多加了 1", {"twos_complement": binary(number + 1, bits)})
    yield Mistake("取反后忘了末位加 1，又把符号位写成 0", {"twos_complement": binary(-number - 1, bits)})
    if kind != "真值":
        code = parse_word(given, bits, kind)
        for other in names:
            if other != kind:
                wrong = Fraction(_number(binary(code, bits), other, bits, scale), scale)
                yield Mistake(f"把{kind}当成{other}来求真值", {"value": wrong})
        yield Mistake("把机器数当成无符号数", {"value": Fraction(code, scale)})
        yield Mistake("漏掉负号", {"value": abs(Fraction(number, scale))})
        yield Mistake("末位多加或少加 1", {"value": Fraction(number + 1, scale)})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Ask for a code of a value, or the value of a code; fractions from difficulty 4."""
    bits = 8 if difficulty < 4 else rng.choice([8, 16])
    half = 1 << (bits - 1)
    number = -rng.randint(3, half - 1)
    point = "小数" if difficulty >= 4 and bits == 8 else "整数"
    value = Fraction(number, half) if point == "小数" else Fraction(number)
    kind = "定点小数" if point == "小数" else "整数"
    if rng.random() < 0.5:
        stem = f"机器字长 {bits} 位，{kind} x 的真值为 {decimal(value, 12)}，则 x 的补码是（ ）。"
        args = {"given": decimal(value, 12), "kind": "真值", "bits": bits, "point": point}
        return Draft(stem, args, "twos_complement")
    name = rng.choice(["补码", "原码", "反码"] if difficulty < 3 else ["补码", "移码"])
    code = _codes(number, bits)[name]
    stem = f"某 {bits} 位{kind}的{name}为 {code}，其真值是（ ）。"
    return Draft(stem, {"given": code, "kind": name, "bits": bits, "point": point}, "value")
