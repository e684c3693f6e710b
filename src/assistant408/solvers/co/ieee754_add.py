"""IEEE 754 addition (IEEE 754 浮点加减): align, add, normalise and round with guard, round and sticky bits."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, Literal

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Solution, Step, Table
from assistant408.solvers.co._bits import binary, hexadecimal, parse_word
from assistant408.solvers.co._float import FORMATS, Format, decode, encode
from assistant408.solvers.co._text import decimal, parse_number

__all__ = ["solve"]

Name = Literal["单精度", "双精度", "半精度"]
Op = Literal["加", "减"]
EXTRA = 3  # guard, round, sticky


@dataclass(frozen=True)
class Parts:
    """An operand: sign, exponent field (1 for subnormals), significand with its hidden bit."""

    sign: int
    exponent: int
    significand: int


@dataclass(frozen=True)
class Sum:
    """The addition stage by stage; significands carry three extra bits."""

    big: Parts
    small: Parts
    aligned: int
    raw: int
    exponent: int
    normal: int
    rounded: int
    code: int


@solver(
    "co.ieee754_add",
    title="IEEE 754 浮点加减运算",
    summary="两个 IEEE 754 单精度或双精度浮点数相加减，写出对阶、尾数加减、规格化、就近舍入各步，求结果机器数和真值、是否上溢。",
    syllabus=("co.data.float-add", "co.data.rounding", "co.data.float-overflow"),
    keywords=("浮点加法", "IEEE 754", "对阶", "规格化", "就近舍入", "附加位", "保护位", "舍入位", "大数吃小数"),
    answers={
        "code": Out("结果机器数"),
        "value": Out("结果真值"),
        "shift": Out("对阶时右移的位数", "位"),
        "exact": Out("结果是否精确"),
        "overflow": Out("是否上溢"),
    },
    examples=(
        {"x": "0.5", "y": "-0.4375", "op": "加", "format": "单精度"},
        {"x": "4B800000H", "y": "3F800000H", "op": "加", "format": "单精度"},
    ),
)
def solve(
    x: Annotated[str, Param("第一个操作数", "真值如 -0.4375，或机器数如 3F800000H", max_len=80)],
    y: Annotated[str, Param("第二个操作数", "真值或机器数；减法时是减数", max_len=80)],
    op: Annotated[Op, Param("运算")] = "加",
    format: Annotated[Name, Param("格式", "单精度 32 位，双精度 64 位")] = "单精度",
) -> Solution:
    """Add or subtract two IEEE 754 numbers (IEEE 754 浮点加减).

    Args:
        x: first operand, a value (rounded to the format) or a code with H or 0x.
        y: second operand, likewise.
        op: addition or subtraction.
        format: width of the codes.

    Returns:
        `code`, `value`, `shift` (places of alignment), `exact` (nothing was rounded off), `overflow`.

    Raises:
        InputError: an operand is malformed, infinite or NaN.

    Examples:
        >>> solve("0.5", "-0.4375").answer["code"]
        '3D800000H'
        >>> solve("16777216", "1").answer["exact"]  # half of a last place: a tie, to even
        False
        >>> solve("7F7FFFFFH", "7F7FFFFFH").answer["value"]
        '+∞'

    Conventions:
        Three extra bits: guard, round and a sticky bit that collects all the rest; to nearest, ties to even.
        An exact zero is +0 unless both operands are -0.

    Source:
        Patterson and Hennessy, Computer Organization and Design, §3.5; IEEE 754-2019 §4.3, §6.3.
    """
    form = FORMATS[format]
    a, b = _operand(x, form, "第一个操作数"), _operand(y, form, "第二个操作数")
    if op == "减":
        b ^= 1 << (form.bits - 1)
    out = _add(a, b, form)
    shift = out.big.exponent - out.small.exponent
    value = decode(out.code, form)
    exact = value == (decode(a, form) or 0) + (decode(b, form) or 0)
    overflow = value is None
    sign = "-" if out.code >> (form.bits - 1) else "+"
    rows = [["大阶数", *_row(out.big, form)], ["小阶数", *_row(out.small, form)]]
    columns = ["", "符号", "阶码", "尾数（含隐藏位）"]
    width = form.fraction_bits + 2 + EXTRA
    stages = [
        ["大阶数", _cells(out.big.significand << EXTRA, width)],
        ["小阶数（已右移）", _cells(out.aligned, width)],
        ["和" if out.big.sign == out.small.sign else "差", _cells(out.raw, width)],
        ["规格化", _cells(out.normal, width)],
        ["舍入", _cells(out.rounded << EXTRA, width)],
    ]
    same = out.big.sign == out.small.sign
    steps = [
        Step("把减法化为加相反数，取出符号、阶码和含隐藏位的尾数。", Table(columns, rows), "拆分字段"),
        Step(
            f"对阶：阶差 ${out.big.exponent}-{out.small.exponent}={shift}$，小阶的尾数右移 {shift} 位，"
            "保留保护位、舍入位和粘位。",
            credit="对阶",
            gives={"shift": shift},
        ),
        Step(
            f"两数{'同号，尾数相加' if same else '异号，尾数相减'}；规格化后阶码为 {out.exponent}；"
            + _rounding_words(out),
            Table(["", "尾数（末三位是附加位）"], stages, marks=[(4, 1)]),
            credit="尾数运算、规格化、舍入",
        ),
        Step(
            f"结果为 {hexadecimal(out.code, form.bits)}，"
            + ("阶码全 1，上溢为无穷大。" if overflow else f"真值 ${decimal(value or 0, 12)}$，没有上溢。"),
            credit="判断溢出并写出结果",
            gives={
                "code": hexadecimal(out.code, form.bits),
                "value": f"{sign}∞" if value is None else value,
                "exact": exact,
                "overflow": overflow,
            },
        ),
    ]
    return Solution(steps, ("就近舍入，中间值取偶；保护位、舍入位、粘位共 3 位",))


def _operand(text: str, form: Format, label: str) -> int:
    """Read a code or round a value to the format."""
    if text.strip().lower().startswith("0x") or text.strip().lower().endswith("h"):
        code = parse_word(text, form.bits, label)
    else:
        code = encode(parse_number(text), form, negative_zero=text.strip().startswith("-")).code
    if decode(code, form) is None:
        raise InputError(f"{label} {text!r} 是无穷大或 NaN，请给有限数。")
    return code


def _parts(code: int, form: Format) -> Parts:
    exponent = code >> form.fraction_bits & form.top
    fraction = code & ((1 << form.fraction_bits) - 1)
    hidden = 1 << form.fraction_bits if exponent else 0
    return Parts(code >> (form.bits - 1), max(exponent, 1), hidden | fraction)


def _add(a: int, b: int, form: Format) -> Sum:
    """Add two finite codes."""
    first, second = _parts(a, form), _parts(b, form)
    big, small = sorted((first, second), key=lambda p: (p.exponent, p.significand), reverse=True)
    aligned = _sticky(small.significand << EXTRA, big.exponent - small.exponent)
    head = big.significand << EXTRA
    raw = head + aligned if big.sign == small.sign else head - aligned
    exponent, normal = big.exponent, raw
    one = 1 << (form.fraction_bits + EXTRA)
    if normal >= 2 * one:
        exponent, normal = exponent + 1, _sticky(normal, 1)
    while normal and normal < one and exponent > 1:
        exponent, normal = exponent - 1, normal << 1
    rounded, rest = normal >> EXTRA, normal & 7
    rounded += rest > 4 or (rest == 4 and rounded & 1)
    magnitude = ((exponent - 1) << form.fraction_bits) + rounded if rounded else 0
    magnitude = min(magnitude, form.top << form.fraction_bits)
    sign = big.sign if raw else big.sign & small.sign
    return Sum(big, small, aligned, raw, exponent, normal, rounded, sign << (form.bits - 1) | magnitude)


def _sticky(value: int, places: int) -> int:
    """Shift right, or-ing the bits lost into the last one."""
    return value >> places | (value & ((1 << places) - 1) != 0)


def _row(parts: Parts, form: Format) -> list[str]:
    text = binary(parts.significand, form.fraction_bits + 1)
    return [str(parts.sign), str(parts.exponent), f"{text[0]}.{text[1:]}"]


def _cells(value: int, width: int) -> str:
    text = binary(value, width)
    return f"{text[:2]}.{text[2:-EXTRA]} {text[-EXTRA:]}"


def _rounding_words(out: Sum) -> str:
    rest = out.normal & 7
    if rest == 0:
        return "附加位为 000，不用舍入。"
    if rest == 4:
        how = "进 1" if out.rounded != out.normal >> EXTRA else "舍去"
        return f"附加位为 100，恰在中间，取偶，{how}。"
    return f"附加位为 {binary(rest, 3)}，{'大于一半，进 1' if rest > 4 else '小于一半，舍去'}。"


def mistakes(x: str, y: str, op: Op, format: Name) -> Iterator[Mistake]:
    """Name the slips: no hidden bit, no rounding, the exponent after normalisation, the operation."""
    form = FORMATS[format]
    a, b = _operand(x, form, "第一个操作数"), _operand(y, form, "第二个操作数")
    flip = 1 << (form.bits - 1)
    right = _add(a, b ^ flip if op == "减" else b, form)
    one = 1 << form.fraction_bits

    def gives(code: int) -> dict[str, str | Fraction]:
        value = decode(code % (1 << form.bits), form)
        return {"code": hexadecimal(code, form.bits), "value": "+∞" if value is None else value}

    yield Mistake("加减弄反", gives(_add(a, b if op == "减" else b ^ flip, form).code))
    yield Mistake("规格化后阶码多加 1", gives(right.code + one))
    yield Mistake("规格化后阶码少加 1", gives(right.code - one))
    yield Mistake("符号位取错", gives(right.code ^ flip))
    cut = right.normal >> EXTRA
    yield Mistake("直接截断，没有舍入", gives(right.code - right.rounded + cut))
    yield Mistake("附加位不为 0 就进 1", gives(right.code - right.rounded + cut + (right.normal & 7 > 0)))
    yield Mistake("对阶位数少算 1", {"shift": max(0, right.big.exponent - right.small.exponent - 1)})
    yield Mistake("大数吃掉小数，以为结果不变", gives(a if decode(a, form) else b))


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Add short numbers; from difficulty 4, numbers far enough apart that rounding matters."""
    if difficulty >= 4:
        a = Fraction(rng.randint(2**23, 2**24 - 1) * 4)
        b = Fraction(rng.randint(1, 31))
    else:
        a, b = (Fraction(rng.randint(5, 40 * difficulty), 8) * rng.choice([1, -1]) for _ in range(2))
    form = FORMATS["单精度"]
    x, y = (hexadecimal(encode(v, form).code, form.bits) for v in (a, b))
    op: Op = rng.choice(["加", "减"])
    stem = f"float 型变量 x、y 的机器数分别为 {x}、{y}（IEEE 754），则 x{'+' if op == '加' else '-'}y 的机器数为（ ）。"
    return Draft(stem, {"x": x, "y": y, "op": op}, "code")
