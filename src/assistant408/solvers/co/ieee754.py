"""IEEE 754 floating-point codes (IEEE 754 浮点数): a value to its code and back, special values included."""

from __future__ import annotations

import random
from collections.abc import Iterator
from fractions import Fraction
from typing import Annotated, Literal

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Bits, Solution, Step
from assistant408.core.trace import Value as Result
from assistant408.solvers.co._bits import binary, grouped, hexadecimal, parse_word
from assistant408.solvers.co._float import FORMATS, Format, decode, encode, floor_log2
from assistant408.solvers.co._text import decimal, parse_number

__all__ = ["solve"]

Name = Literal["单精度", "双精度", "半精度"]


@solver(
    "co.ieee754",
    title="IEEE 754 浮点数",
    summary="十进制真值与 IEEE 754 单精度（float）、双精度（double）机器数互换，求符号、阶码、尾数、类别，含非规格化数、无穷大、NaN。",
    syllabus=("co.data.ieee754", "co.data.ieee754-special", "co.data.float-format", "co.data.float-range"),
    keywords=("IEEE 754", "IEEE754", "单精度", "双精度", "float", "阶码", "尾数", "移码", "规格化", "NaN", "无穷大"),
    answers={
        "code": Out("机器数"),
        "value": Out("真值"),
        "sign": Out("符号位"),
        "biased_exponent": Out("阶码（含偏置）"),
        "exponent": Out("阶的真值"),
        "fraction": Out("尾数字段"),
        "kind": Out("类别"),
        "exact": Out("能否精确表示"),
    },
    examples=(
        {"value": "-8.25", "format": "单精度"},
        {"code": "C6400000H", "format": "单精度"},
        {"code": "80000001H", "format": "单精度"},
    ),
)
def solve(
    value: Annotated[
        str | None, Param("真值", "十进制数或 1.5×2^-3 的形式；+inf、-inf、nan 也可；与机器数二选一", max_len=80)
    ] = None,
    code: Annotated[str | None, Param("机器数", "十六进制如 C6400000H，或 0/1 串；与真值二选一", max_len=100)] = None,
    format: Annotated[Name, Param("格式", "单精度 32 位（float），双精度 64 位（double）")] = "单精度",
) -> Solution:
    """Convert between a value and its IEEE 754 code (IEEE 754 浮点数).

    Args:
        value: a decimal number, m×2^e, inf or nan; give this or `code`.
        code: the machine code.
        format: width of the code.

    Returns:
        `code` (hexadecimal), `value`, `sign`, `biased_exponent`, `exponent` (true exponent of a finite
        number), `fraction` (its bits), `kind` and `exact` (no rounding was needed).

    Raises:
        InputError: neither or both of `value` and `code`, or one that is malformed.

    Examples:
        >>> solve("-8.25").answer["code"]
        'C1040000H'
        >>> solve(code="C6400000H").answer["value"]
        Fraction(-12288, 1)
        >>> solve(code="00000001H").answer["kind"], solve("1×2^128").answer["kind"]
        ('非规格化数', '无穷大')

    Conventions:
        Rounding to nearest, ties to even. A NaN is written with the quiet bit set.

    Source:
        IEEE 754-2019 §3; 袁春风《计算机系统基础》第2章.
    """
    form = FORMATS[format]
    if (value is None) == (code is None):
        raise InputError(f"真值 {value!r} 与机器数 {code!r} 应恰好给出一个，请二选一。")
    if code is not None:
        return _decoded(parse_word(code, form.bits, "机器数"), form)
    return _encoded(str(value), form)


def _encoded(text: str, form: Format) -> Solution:
    """Go from a value to its code."""
    word = text.strip().lower().replace("无穷大", "inf").replace("∞", "inf")
    if word in ("nan", "inf", "+inf", "-inf"):
        fraction = 1 << (form.fraction_bits - 1) if word == "nan" else 0
        special = (word.startswith("-") << (form.bits - 1)) | form.top << form.fraction_bits | fraction
        return _decoded(special, form)
    number = parse_number(text)
    rounded = encode(number, form, negative_zero=text.strip().startswith("-"))
    kind = _kind(rounded.code, form)
    if number == 0 or kind in ("无穷大", "零"):
        why = "真值的绝对值太大，阶码上溢，记作无穷大" if kind == "无穷大" else "真值为 0 或太小，记作零"
        step = Step(why + "。", credit="判断特殊值", gives={"exact": rounded.exact and number == 0})
        return Solution([step, *_decoded(rounded.code, form).steps], ("就近舍入，中间值取偶",))
    e = floor_log2(abs(number))
    steps = [
        Step(
            f"规格化：$x={'-' if number < 0 else ''}{_binary_text(abs(number) / Fraction(2) ** e)}_2"
            f"\\times 2^{{{e}}}$，符号位为 {int(number < 0)}。",
            credit="写成规格化形式，定符号位",
            gives={"sign": int(number < 0)},
        ),
        _exponent_step(rounded.code, form, e),
        Step(
            ("尾数舍去整数部分的 1，" if kind == "规格化数" else "尾数不含隐藏位，")
            + f"取小数部分 {form.fraction_bits} 位"
            + ("。" if rounded.exact else "，多余的位就近舍入（中间值取偶）。"),
            _picture(rounded.code, form),
            credit="写出尾数字段",
            gives={"fraction": binary(rounded.code, form.fraction_bits), "exact": rounded.exact},
        ),
        Step(
            f"合起来，机器数为 {hexadecimal(rounded.code, form.bits)}"
            + ("。" if rounded.exact else f"，它的真值是 {decimal(decode(rounded.code, form) or 0, 12)}。"),
            credit="写出十六进制机器数",
            gives={
                "code": hexadecimal(rounded.code, form.bits),
                "kind": kind,
                "value": decode(rounded.code, form),
            },
        ),
    ]
    return Solution(steps, () if rounded.exact else ("就近舍入，中间值取偶",))


def _exponent_step(code: int, form: Format, e: int) -> Step:
    biased = code >> form.fraction_bits & form.top
    if biased == 0:
        why = f"$2^{{{e}}}$ 小于最小规格化数 $2^{{{1 - form.bias}}}$，用非规格化数，阶码全 0，阶取 {1 - form.bias}。"
        return Step(why, credit="判断为非规格化数", gives={"biased_exponent": 0, "exponent": 1 - form.bias})
    carried = "（尾数舍入进位后阶加 1）" if biased - form.bias != e else ""
    e = biased - form.bias
    return Step(
        f"阶码用移码，偏置常数 {form.bias}：${e}+{form.bias}={biased}=({binary(biased, form.exponent_bits)})_2$"
        f"{carried}。",
        credit="求阶码",
        gives={"biased_exponent": biased, "exponent": e},
    )


def _decoded(code: int, form: Format) -> Solution:
    """Go from a code to its value."""
    sign = code >> (form.bits - 1)
    biased = code >> form.fraction_bits & form.top
    fraction = binary(code, form.fraction_bits)
    kind = _kind(code, form)
    steps = [
        Step(
            f"{hexadecimal(code, form.bits)} 展开成二进制，切成符号 1 位、阶码 {form.exponent_bits} 位、"
            f"尾数 {form.fraction_bits} 位。",
            _picture(code, form),
            credit="按格式划分字段",
            gives={"code": hexadecimal(code, form.bits), "sign": sign, "fraction": fraction},
        )
    ]
    exponent: dict[str, Result] = {"biased_exponent": biased, "kind": kind}
    if kind == "规格化数":
        exponent["exponent"] = biased - form.bias
        why = f"阶码 {biased} 既非全 0 也非全 1，是规格化数，阶为 ${biased}-{form.bias}={biased - form.bias}$。"
    elif kind == "非规格化数":
        exponent["exponent"] = 1 - form.bias
        why = f"阶码全 0、尾数非 0，是非规格化数，阶固定为 ${1 - form.bias}$，隐藏位为 0。"
    else:
        filled = "全 0" if kind == "零" else "全 1"
        why = f"阶码{filled}、尾数{'非 0' if kind == 'NaN' else '全 0'}，表示{kind}。"
    steps.append(Step(why, credit="判断类别，求阶", gives=exponent))
    value = decode(code, form)
    text = fraction.rstrip("0") or "0"
    if kind in ("规格化数", "非规格化数"):
        power = biased - form.bias if kind == "规格化数" else 1 - form.bias
        lead = "1" if kind == "规格化数" else "0"
        why = f"真值 $=(-1)^{sign}\\times {lead}.{text}_2\\times 2^{{{power}}}={_power_text(value or Fraction(0))}$。"
    else:
        why = f"所以真值为 {_special(kind, sign)}。"
    shown: Result = value if value else _special(kind, sign)
    steps.append(Step(why, credit="求真值", gives={"value": shown}))
    return Solution(steps)


def _kind(code: int, form: Format) -> str:
    biased = code >> form.fraction_bits & form.top
    fraction = code & ((1 << form.fraction_bits) - 1)
    if biased == form.top:
        return "NaN" if fraction else "无穷大"
    if biased == 0:
        return "非规格化数" if fraction else "零"
    return "规格化数"


def _special(kind: str, sign: int) -> str:
    if kind == "NaN":
        return "NaN"
    return ("-" if sign else "+") + ("0" if kind == "零" else "∞")


def _picture(code: int, form: Format) -> Bits:
    fields = [
        ("符号", binary(code >> (form.bits - 1), 1)),
        ("阶码", binary(code >> form.fraction_bits, form.exponent_bits)),
        ("尾数", binary(code, form.fraction_bits)),
    ]
    return Bits(fields, caption=grouped(binary(code, form.bits)))


def _binary_text(value: Fraction) -> str:
    """Write 1 <= value < 2 in binary, at most 56 places."""
    scaled = int(value * 2**56)
    text = f"{scaled & (1 << 56) - 1:056b}".rstrip("0")
    return "1" + ("." + text if text else "")


def _power_text(value: Fraction) -> str:
    """Write an exact decimal when it is short, otherwise an odd integer times a power of two."""
    text = decimal(value, 12)
    if len(text) < 16 and Fraction(text) == value:
        return text
    twos = (value.numerator & -value.numerator).bit_length() - 1 - (value.denominator.bit_length() - 1)
    return f"{int(value / Fraction(2) ** twos)}\\times 2^{{{twos}}}"


def mistakes(value: str | None, code: str | None, format: Name) -> Iterator[Mistake]:
    """Name the slips: the bias, the hidden bit, the sign, an unnormalised significand."""
    form = FORMATS[format]
    if code is not None:
        yield from _decoding_mistakes(parse_word(code, form.bits, "机器数"), form)
        return
    try:
        right = encode(parse_number(str(value)), form).code
    except InputError:
        return
    one = 1 << form.fraction_bits
    fraction = right & (one - 1)
    head = right - fraction

    def gives(wrong: int) -> dict[str, Result]:
        return {
            "code": hexadecimal(wrong, form.bits),
            "biased_exponent": wrong >> form.fraction_bits & form.top,
            "fraction": binary(wrong, form.fraction_bits),
        }

    yield Mistake(f"偏置常数取 {form.bias + 1}", gives(right + one))
    yield Mistake("尾数写成 0.1××× 的形式，阶多 1，又保留了最高位的 1", gives(head + one + (fraction + one >> 1)))
    yield Mistake("没有省去隐藏的 1，把它写进了尾数字段", gives(head + (fraction + one >> 1)))
    yield Mistake("符号位写反", gives(right ^ 1 << (form.bits - 1)))
    yield Mistake("阶的真值直接当阶码，没有加偏置", gives(right - form.bias * one))
    if right >> (form.bits - 1):
        yield Mistake("尾数用了补码，IEEE 754 的尾数是原码", gives(head + (-fraction & (one - 1))))


def _decoding_mistakes(code: int, form: Format) -> Iterator[Mistake]:
    value = decode(code, form)
    if value is None or value == 0:
        yield Mistake("把全 1 或全 0 的阶码当成规格化数", {"kind": "规格化数"})
        return
    biased = code >> form.fraction_bits & form.top
    exponent = biased - form.bias
    fraction = Fraction(code & ((1 << form.fraction_bits) - 1), 1 << form.fraction_bits)
    sign = -1 if value < 0 else 1
    power = Fraction(2) ** exponent
    yield Mistake("漏掉隐藏的 1", {"value": sign * fraction * power})
    yield Mistake("符号位看反", {"value": -value})
    yield Mistake(f"偏置常数取 {form.bias + 1}", {"value": value / 2, "exponent": exponent - 1})
    yield Mistake("偏置常数取小 1", {"value": value * 2, "exponent": exponent + 1})
    yield Mistake("尾数按 0.1××× 解释，隐藏位放到小数点后", {"value": sign * (1 + fraction) / 2 * power})
    if fraction:
        yield Mistake("把尾数当成补码", {"value": sign * (2 - fraction) * power})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Encode or decode a short number; smaller exponents and double precision later."""
    format: Name = "双精度" if difficulty == 5 else "单精度"
    e = rng.randint(1, 4 + difficulty) * (rng.choice([1, -1]) if difficulty > 2 else 1)
    significand = Fraction(rng.randrange(17, 32, 2), 16)
    number = significand * Fraction(2) ** e * rng.choice([1, -1])
    form = FORMATS[format]
    width = "float" if format == "单精度" else "double"
    if rng.random() < 0.5:
        text = decimal(number, 12)
        stem = f"{width} 型变量 x 采用 IEEE 754 {format}格式，x={text}，则 x 的机器数为（ ）。"
        return Draft(stem, {"value": text, "format": format}, "code")
    code = hexadecimal(encode(number, form).code, form.bits)
    stem = f"某 {width} 型变量采用 IEEE 754 {format}格式，机器数为 {code}，其真值为（ ）。"
    return Draft(stem, {"code": code, "format": format}, "value")
