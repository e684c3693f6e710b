"""Floating-point addition in a general format (浮点加减): complement exponent and complement mantissa."""

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
from assistant408.solvers.co._bits import binary
from assistant408.solvers.co._float import floor_log2
from assistant408.solvers.co._text import decimal, parse_number

__all__ = ["solve"]

Op = Literal["加", "减"]
Rounding = Literal["0舍1入", "截断", "恒置1"]


@dataclass(frozen=True)
class Format:
    """Magnitude bits of the exponent and of the mantissa, signs excluded."""

    exponent_bits: int
    fraction_bits: int

    @property
    def lowest(self) -> int:
        """Smallest exponent."""
        return -(1 << self.exponent_bits)

    @property
    def highest(self) -> int:
        """Largest exponent."""
        return (1 << self.exponent_bits) - 1


@dataclass(frozen=True)
class Number:
    """mantissa × 2**exponent."""

    exponent: int
    mantissa: Fraction

    @property
    def value(self) -> Fraction:
        """The true value."""
        return self.mantissa * Fraction(2) ** self.exponent


@solver(
    "co.float_add",
    title="浮点加减运算（补码阶码、补码尾数）",
    summary="阶码和尾数用补码的一般浮点格式，做浮点加减：对阶、尾数加减、规格化、舍入、判溢出，求结果的阶码、尾数和真值。",
    syllabus=("co.data.float-add", "co.data.rounding", "co.data.float-overflow"),
    keywords=("浮点加减", "对阶", "尾数求和", "规格化", "左规", "右规", "舍入", "0舍1入", "双符号位", "附加位"),
    answers={
        "result": Out("结果（阶码；尾数，双符号位补码）"),
        "single": Out("结果的阶码与尾数（单符号位）"),
        "double": Out("结果的阶码与尾数（双符号位）"),
        "value": Out("结果真值"),
        "overflow": Out("溢出情况"),
        "exponent": Out("结果的阶"),
        "mantissa": Out("结果尾数（双符号位补码）"),
        "shift": Out("对阶时右移的位数", "位"),
        "normalization": Out("规格化移位（正数左规、负数右规）", "位"),
    },
    examples=(
        {"x": "2^1×0.8125", "y": "2^3×-0.625", "op": "加", "exponent_bits": 2, "fraction_bits": 4},
        {"x": "2^7×29/32", "y": "2^5×5/8", "op": "加", "exponent_bits": 3, "fraction_bits": 5},
    ),
)
def solve(
    x: Annotated[str, Param("第一个操作数", "真值，如 2^7×29/32 或 0.8125×2^1", max_len=60)],
    y: Annotated[str, Param("第二个操作数", "真值；减法时是减数", max_len=60)],
    op: Annotated[Op, Param("运算")] = "加",
    exponent_bits: Annotated[int, Param("阶码数值位数", "不含符号位", min=1, max=15)] = 3,
    fraction_bits: Annotated[int, Param("尾数数值位数", "不含符号位", min=2, max=60)] = 5,
    rounding: Annotated[Rounding, Param("舍入方法")] = "0舍1入",
    guard_bits: Annotated[int, Param("附加位数", "对阶时多保留的位数；0 表示移出时立即舍入", min=0, max=16)] = 0,
) -> Solution:
    """Add or subtract floating-point numbers step by step (浮点加减运算).

    Args:
        x: first operand, a true value that the format holds exactly.
        y: second operand, likewise.
        op: addition or subtraction.
        exponent_bits: magnitude bits k of the two's complement exponent, which spans -2**k to 2**k-1.
        fraction_bits: magnitude bits of the two's complement mantissa.
        rounding: what happens to bits that are cut off.
        guard_bits: extra bits kept while aligning; with 0, bits shifted out are rounded at once.

    Returns:
        `result` ("阶码；尾数" with two sign bits, or the kind of overflow), `value`, `overflow` (无, 上溢
        or 下溢), `exponent`, `mantissa`, `shift` (places of alignment), `normalization` (left positive,
        right negative).

    Raises:
        InputError: an operand is not representable.

    Examples:
        >>> solve("2^1×0.8125", "2^3×-0.625", "加", 2, 4).answer["result"]
        '00,10；11.0010'
        >>> solve("2^7×29/32", "2^5×5/8").answer["overflow"]
        '上溢'
        >>> solve("0.5", "0.5", "减").answer["value"]
        Fraction(0, 1)

    Conventions:
        A normalised mantissa is 0.1… or 1.0…: in [1/2, 1) or [-1, -1/2). The smaller exponent aligns to
        the larger. 0舍1入 adds one in the last place when the highest bit cut off is 1; 恒置1 sets the
        last bit to 1 when a 1 is cut off. An exponent too small gives machine zero.

    Source:
        唐朔飞《计算机组成原理》第6章（浮点四则运算）; 408 真题 2009.
    """
    form = Format(exponent_bits, fraction_bits)
    a, b = _operand(x, form, "第一个操作数"), _operand(y, form, "第二个操作数")
    shift = abs(a.exponent - b.exponent)
    top = max(a.exponent, b.exponent)
    ma, mb = (_align(n, top, form, rounding, guard_bits) for n in (a, b))
    total = ma + mb if op == "加" else ma - mb
    exact = _normalize(Number(top, total), form)
    final = _round(exact, form, rounding)
    moved = top - final.exponent if total else 0
    overflow = _overflow(final, form)
    rows = [[name, *_codes(n, form)] for name, n in (("x", a), ("y", b))]
    aligned = [["x", *_codes(Number(top, ma), form, guard_bits)], ["y", *_codes(Number(top, mb), form, guard_bits)]]
    columns = ["", "阶码", "尾数"]
    smaller = "x" if a.exponent < b.exponent else "y"
    align_why = (
        f"对阶：阶差 $|\\Delta E|=|{a.exponent}-{_paren(b.exponent)}|={shift}$，小阶向大阶看齐，{smaller} 的尾数右移 {shift} 位。"
        if shift
        else "对阶：两数阶码相等，不用移位。"
    )
    result, mantissa = _final(final, overflow, form)
    steps = [
        Step("把操作数写成规格化浮点数，阶码和尾数用双符号位补码。", Table(columns, rows), "写出机器数"),
        Step(
            align_why,
            Table(columns, aligned, [(0 if smaller == "x" else 1, 2)] if shift else []),
            "对阶",
            {"shift": shift},
        ),
        Step(
            f"尾数{op}：$M={decimal(ma, 12)}{'+' if op == '加' else '-'}{_paren(mb)}={decimal(total, 12)}$。",
            Table(columns, [["结果", *_codes(Number(top, total), form, guard_bits)]]),
            f"尾数{'求和' if op == '加' else '求差'}",
        ),
        Step(
            _normal_words(total, top, exact) + _round_words(exact, final, form, rounding),
            Table(columns, [["结果", *_codes(final, form)]]) if overflow != "上溢" else None,
            "规格化与舍入",
            {"exponent": final.exponent, "normalization": moved},
        ),
        Step(
            _overflow_words(final, overflow, form, result),
            None,
            "判断溢出",
            {
                "overflow": overflow,
                "result": result,
                "double": _plain(result, overflow),
                "single": " ".join(c[1:] for c in _plain(result, overflow).split(" "))
                if overflow == "无"
                else "发生溢出",
                "mantissa": mantissa,
                "value": Fraction(0) if overflow == "下溢" else final.value,
            },
        ),
    ]
    guard = "对阶移出的位立即舍入" if guard_bits == 0 else f"对阶时保留 {guard_bits} 位附加位，结果最后统一舍入"
    return Solution(steps, (f"舍入用“{rounding}”法，{guard}", "补码尾数规格化形式为 0.1… 或 1.0…，-1 是规格化数"))


def _paren(value: Fraction | int) -> str:
    """Write a number, a negative one in parentheses."""
    return f"({decimal(value, 12)})" if value < 0 else decimal(value, 12)


def _operand(text: str, form: Format, label: str) -> Number:
    """Normalise an operand and check that the format holds it exactly."""
    value = parse_number(text)
    if value == 0:
        return Number(form.lowest, Fraction(0))
    number = _normalize(Number(0, value), form)
    if (number.mantissa * 2**form.fraction_bits).denominator != 1:
        raise InputError(f"{label} {text!r} 用 {form.fraction_bits} 位尾数表示不了，请增加尾数位数。")
    if not form.lowest <= number.exponent <= form.highest:
        raise InputError(
            f"{label} {text!r} 的阶 {number.exponent} 超出 [{form.lowest},{form.highest}]，请增加阶码位数。"
        )
    return number


def _normalize(number: Number, form: Format) -> Number:
    """Shift the mantissa into [1/2, 1) or [-1, -1/2)."""
    m = number.mantissa
    if m == 0:
        return Number(form.lowest, m)
    e = floor_log2(abs(m)) + 1
    if m < 0 and abs(m) == Fraction(2) ** (e - 1):
        e -= 1  # a negative power of two is written as -1
    return Number(number.exponent + e, m / Fraction(2) ** e)


def _align(number: Number, top: int, form: Format, rounding: Rounding, guard: int) -> Fraction:
    """Shift the mantissa right until its exponent is `top`."""
    exact = number.mantissa / Fraction(2) ** (top - number.exponent)
    if guard == 0:
        return _cut(exact, form.fraction_bits, rounding)
    return _cut(exact, form.fraction_bits + guard, "截断")


def _cut(value: Fraction, places: int, rounding: Rounding) -> Fraction:
    """Cut a two's complement fraction to `places` bits."""
    scaled = value * 2**places
    kept = scaled // 1
    if rounding == "0舍1入" and scaled - kept >= Fraction(1, 2):
        kept += 1
    elif rounding == "恒置1" and scaled != kept:
        kept |= 1
    return Fraction(kept, 2**places)


def _round(number: Number, form: Format, rounding: Rounding) -> Number:
    """Round the mantissa, and normalise again if that carried."""
    return _normalize(Number(number.exponent, _cut(number.mantissa, form.fraction_bits, rounding)), form)


def _overflow(number: Number, form: Format) -> str:
    if number.mantissa and number.exponent > form.highest:
        return "上溢"
    return "下溢" if number.mantissa and number.exponent < form.lowest else "无"


def _codes(number: Number, form: Format, guard: int = 0) -> list[str]:
    """Write exponent and mantissa with two sign bits each."""
    e = binary(number.exponent, form.exponent_bits + 2)
    places = form.fraction_bits + guard
    m = binary(int(number.mantissa * 2**places // 1), places + 2)
    return [f"{e[:2]},{e[2:]}", f"{m[:2]}.{m[2:]}"]


def _final(number: Number, overflow: str, form: Format) -> tuple[str, str]:
    """Write the result; a machine zero after underflow."""
    if overflow == "下溢":
        number = Number(form.lowest, Fraction(0))
    e, m = _codes(number, form)
    return (f"{e}；{m}" if overflow == "无" else overflow), m


def _normal_words(total: Fraction, top: int, exact: Number) -> str:
    if total == 0:
        return "尾数为 0，结果是机器零。"
    moved = top - exact.exponent
    if moved < 0:
        return f"尾数两个符号位不同，右规 1 位，阶加 1，得 $E={exact.exponent}$。"
    if moved > 0:
        return f"最高数值位与符号位相同，左规 {moved} 位，阶减 {moved}，得 $E={exact.exponent}$。"
    return "尾数已是规格化数，不用移位。"


def _round_words(exact: Number, final: Number, form: Format, rounding: Rounding) -> str:
    if (exact.mantissa * 2**form.fraction_bits).denominator == 1:
        return "规格化后没有多余的位。"
    again = f"舍入后再规格化一次，阶变为 {final.exponent}。" if final.exponent != exact.exponent else ""
    return f"多余的位用“{rounding}”法处理，尾数为 {decimal(final.mantissa, 12)}。{again}"


def _overflow_words(final: Number, overflow: str, form: Format, result: str) -> str:
    spans = f"$[{form.lowest},{form.highest}]$"
    if overflow == "上溢":
        return f"阶 {final.exponent} 超出 {spans}，阶码双符号位为 01，结果上溢。"
    if overflow == "下溢":
        return f"阶 {final.exponent} 小于 {form.lowest}，阶码双符号位为 10，结果下溢，按机器零处理。"
    return f"阶 {final.exponent} 在 {spans} 内，没有溢出；结果为 {result}，真值 ${decimal(final.value, 12)}$。"


def _plain(result: str, overflow: str) -> str:
    """The codes of exponent and mantissa without marks, as choices write them."""
    return result.replace(",", "").replace(".", "").replace("；", " ") if overflow == "无" else "发生溢出"


def mistakes(
    x: str, y: str, op: Op, exponent_bits: int, fraction_bits: int, rounding: Rounding, guard_bits: int
) -> Iterator[Mistake]:
    """Name the slips of each of the five stages."""
    form = Format(exponent_bits, fraction_bits)
    a, b = _operand(x, form, "第一个操作数"), _operand(y, form, "第二个操作数")
    top = max(a.exponent, b.exponent)
    ma, mb = (_align(n, top, form, rounding, guard_bits) for n in (a, b))
    total = ma + mb if op == "加" else ma - mb
    exact = _normalize(Number(top, total), form)
    final = _round(exact, form, rounding)

    def gives(number: Number) -> dict[str, str | Fraction | int]:
        overflow = _overflow(number, form)
        result, mantissa = _final(number, overflow, form)
        value = Fraction(0) if overflow == "下溢" else number.value
        return {"result": result, "mantissa": mantissa, "value": value, "exponent": number.exponent}

    yield Mistake("左规、右规时忘了修改阶码", gives(Number(top, final.mantissa)))
    yield Mistake("规格化时阶码改反了方向", gives(Number(2 * top - final.exponent, final.mantissa)))
    if -1 <= total < 1 and (total * 2**fraction_bits).denominator == 1:
        yield Mistake("没有规格化就结束", gives(Number(top, total)))
    low = min(a.exponent, b.exponent)
    yield Mistake("大阶向小阶看齐", gives(Number(low + final.exponent - top, final.mantissa)))
    raw = _round(_normalize(Number(top, a.mantissa + b.mantissa), form), form, rounding)
    yield Mistake("没有对阶，直接把尾数相加", gives(raw))
    wrong = _round(_normalize(Number(top, ma - mb if op == "加" else ma + mb), form), form, rounding)
    yield Mistake("加减弄反", gives(wrong))
    others: tuple[Rounding, ...] = ("截断", "0舍1入", "恒置1")
    for other in others:
        if other != rounding:
            yield Mistake(f"用“{other}”法舍入", gives(_round(exact, form, other)))
    if _overflow(final, form) == "无":
        yield Mistake("把尾数运算的溢出当成结果溢出", {"result": "上溢", "overflow": "上溢"})
    else:
        yield Mistake("没有检查阶码溢出", {"result": "；".join(_codes(final, form)), "overflow": "无"})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Draw two normalised numbers whose exponents differ; a longer mantissa and subtraction later."""
    k, f = 3, 4 + difficulty // 2
    e = rng.randint(1, 4)
    gap = rng.randint(1, 2)
    half = 1 << (f - 1)

    def mantissa() -> Fraction:
        return rng.choice([1, -1]) * Fraction(rng.randint(half + 1, 2 * half - 1), 2 * half)

    ma, mb = mantissa(), mantissa()
    op: Op = "加" if difficulty < 3 else rng.choice(["加", "减"])
    x, y = f"2^{e}×({ma})", f"2^{e + gap}×({mb})"
    sign = "+" if op == "加" else "-"
    stem = (
        f"某机浮点数的阶码和尾数均用补码，阶码 {k} 位、尾数 {f} 位（均不含符号位），运算时用双符号位，"
        f"对阶移出的位按 0 舍 1 入处理。已知 x={x}，y={y}，则 x{sign}y 的结果（阶码；尾数）是（ ）。"
    )
    return Draft(stem, {"x": x, "y": y, "op": op, "exponent_bits": k, "fraction_bits": f}, "result")
