"""Base conversion (进位计数制转换): any base from 2 to 36, with a fraction."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Annotated

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Bits, Solution, Step, Table
from assistant408.solvers.co._text import decimal as shown

__all__ = ["solve"]

DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
SUFFIX = {2: "B", 8: "OQ", 10: "D", 16: "H"}
GROUP = {2: 1, 4: 2, 8: 3, 16: 4, 32: 5}


@solver(
    "co.base_conversion",
    title="进制转换",
    summary="把一个数（可带小数、可为负）从一种进位计数制换成另一种：二、八、十、十六进制互换，求转换结果。",
    syllabus=("co.data.radix",),
    keywords=("进制转换", "二进制", "八进制", "十进制", "十六进制", "除基取余", "乘基取整", "按权展开"),
    answers={
        "value": Out("转换结果"),
        "true_value": Out("十进制真值"),
        "exact": Out("是否精确"),
    },
    examples=(
        {"number": "123.6875", "source": 10, "target": 2},
        {"number": "3AF.C", "source": 16, "target": 8},
    ),
)
def solve(
    number: Annotated[str, Param("待转换的数", "只写数字，如 1011.01、3AF、-12.5", min_len=1, max_len=100)],
    source: Annotated[int, Param("原进制", "number 所用的基数", min=2, max=36)] = 10,
    target: Annotated[int, Param("目标进制", "要转换成的基数", min=2, max=36)] = 2,
    places: Annotated[int, Param("小数位数上限", "除不尽时最多保留的小数位数", min=0, max=64)] = 16,
) -> Solution:
    """Convert a number between positional systems (进制转换).

    Args:
        number: digits in base `source`, with an optional sign and point; A is 10, B is 11, and so on.
        source: base of `number`, 2 to 36.
        target: base wanted, 2 to 36.
        places: most fraction digits to produce, 0 to 64.

    Returns:
        `value` in base `target`, `true_value` as an exact fraction, `exact` (no digits were cut off).

    Raises:
        InputError: a digit does not belong to base `source`.

    Examples:
        >>> solve("123.6875").answer["value"]
        '1111011.1011'
        >>> solve("1011.01", 2, 16).answer["value"]
        'B.4'
        >>> solve("0.1", 10, 2, 8).answer["value"], solve("0.1").answer["exact"]
        ('0.00011001', False)

    Conventions:
        A fraction that does not terminate is cut off (截断) after `places` digits, not rounded.

    Source:
        唐朔飞《计算机组成原理》第6章; Knuth, TAOCP vol. 2, §4.4.
    """
    text = _clean(number, source)
    value = _read(text, source)
    result, exact = _write(value, target, places)
    steps = []
    if source in GROUP and target in GROUP and exact:
        steps += _by_groups(text, source, target)
    else:
        if source != 10:
            steps.append(_expand(text, source, value))
        if target != 10:
            steps += _divide_and_multiply(abs(value), target, places)
    note = "" if exact else f"（小数部分除不尽，截取 {places} 位）"
    steps.append(
        Step(
            f"$({text})_{{{source}}}=({result})_{{{target}}}${note}。",
            credit="写出转换结果",
            gives={"value": result, "true_value": value, "exact": exact},
        )
    )
    return Solution(steps, () if exact else (f"小数部分截断到 {places} 位，不舍入",))


def _clean(number: str, source: int) -> str:
    """Check the digits and return them in capitals, without a base suffix."""
    text = number.replace(" ", "").replace("_", "").upper().rstrip(SUFFIX.get(source, ""))
    allowed = DIGITS[:source]
    if not re.fullmatch(rf"-?[{allowed}]+(\.[{allowed}]+)?", text):
        raise InputError(f"{number!r} 不是 {source} 进制数：只能用数字 {allowed[0]}～{allowed[-1]} 和小数点，请检查。")
    return text


def _read(text: str, base: int) -> Fraction:
    """Return the value of checked digits."""
    whole, _, part = text.lstrip("-").partition(".")
    value = int(whole + part, base) / Fraction(base) ** len(part)
    return -value if text.startswith("-") else value


def _write(value: Fraction, base: int, places: int) -> tuple[str, bool]:
    """Write `value` in `base`, cut off after `places` fraction digits; whether nothing was lost."""
    whole, rest = divmod(abs(value), 1)
    head = ""
    while whole or not head:
        whole, digit = divmod(whole, base)
        head = DIGITS[digit] + head
    tail = ""
    while rest and len(tail) < places:
        digit, rest = divmod(rest * base, 1)
        tail += DIGITS[digit]
    sign = "-" if value < 0 else ""
    return sign + head + ("." + tail if tail else ""), rest == 0


def _expand(text: str, base: int, value: Fraction) -> Step:
    """Sum the digits by their weights."""
    whole, _, part = text.lstrip("-").partition(".")
    weights = [len(whole) - 1 - i for i in range(len(whole + part))]
    terms = "+".join(
        f"{int(d, 36)}\\times{base}^{{{w}}}" for d, w in zip(whole + part, weights, strict=True) if d != "0"
    )
    sign = "-" if value < 0 else ""
    body = f"{sign}({terms or 0})" if sign else terms or "0"
    return Step(
        f"按权展开求真值：${body}={shown(value, 12)}$。",
        Table(["数位", *whole, *part], [["权", *(f"{base}^{w}" for w in weights)]]),
        credit="按权展开",
    )


def _divide_and_multiply(value: Fraction, base: int, places: int) -> list[Step]:
    """Find the integer digits by division and the fraction digits by multiplication."""
    whole, rest = divmod(value, 1)
    rows: list[list[int | str]] = []
    while whole or not rows:
        quotient, digit = divmod(whole, base)
        rows.append([whole, quotient, DIGITS[digit]])
        whole = quotient
    marks = [(i, 2) for i in range(len(rows))]
    steps = [
        Step(
            f"整数部分除以 {base} 取余，直到商为 0；先得到的余数是低位，从下往上读。",
            Table(["被除数", "商", "余数"], rows, marks),
            credit="整数部分：除基取余，逆序读出",
        )
    ]
    if rest:
        lines: list[list[str]] = []
        while rest and len(lines) < places:
            digit, after = divmod(rest * base, 1)
            lines.append([shown(rest), shown(rest * base), DIGITS[digit]])
            rest = after
        marks = [(i, 2) for i in range(len(lines))]
        steps.append(
            Step(
                f"小数部分乘以 {base} 取整，先得到的整数是高位，从上往下读。",
                Table(["小数", f"乘以 {base}", "取整"], lines, marks),
                credit="小数部分：乘基取整，顺序读出",
            )
        )
    return steps


def _by_groups(text: str, source: int, target: int) -> list[Step]:
    """Convert between powers of two by regrouping binary digits from the point outward."""
    whole, _, part = text.lstrip("-").partition(".")
    size = GROUP[source]
    fields = [(d, format(int(d, 36), f"0{size}b")) for d in whole]
    fields += [(".", ".")] if part else []
    fields += [(d, format(int(d, 36), f"0{size}b")) for d in part]
    steps = []
    if size > 1:
        why = f"一位 {source} 进制数对应 {size} 位二进制数，逐位展开。"
        steps.append(Step(why, Bits(fields), credit="逐位展开成二进制"))
    if GROUP[target] > 1:
        size = GROUP[target]
        left, right = _regroup(*_binary_parts(text, source), size)
        groups = [(DIGITS[int(g, 2)], g) for g in left]
        groups += [(".", "."), *((DIGITS[int(g, 2)], g) for g in right)] if right else []
        why = f"以小数点为界，向左、向右每 {size} 位一组，不足补 0，每组写成一位 {target} 进制数。"
        steps.append(Step(why, Bits(groups), credit=f"以小数点为界每 {size} 位一组"))
    return steps


def _binary_parts(text: str, source: int) -> tuple[str, str]:
    """Return the binary digits before and after the point."""
    whole, _, part = text.lstrip("-").partition(".")
    size = GROUP[source]
    left = "".join(format(int(d, 36), f"0{size}b") for d in whole).lstrip("0")
    right = "".join(format(int(d, 36), f"0{size}b") for d in part).rstrip("0")
    return left or "0", right


def _regroup(left: str, right: str, size: int) -> tuple[list[str], list[str]]:
    """Cut into groups of `size` from the point outward, padded with zeros."""
    left = left.rjust(-(-len(left) // size) * size, "0")
    right = right.ljust(-(-len(right) // size) * size, "0")
    return [left[i : i + size] for i in range(0, len(left), size)], [
        right[i : i + size] for i in range(0, len(right), size)
    ]


def mistakes(number: str, source: int, target: int, places: int) -> Iterator[Mistake]:
    """Name the slips: digits read in the wrong order, groups cut from the wrong end, a lost part."""
    text = _clean(number, source)
    value = _read(text, source)
    result, _ = _write(value, target, places)
    if target == 10:
        yield from _weight_mistakes(text, source, value, places)
        return
    sign = "-" if value < 0 else ""
    whole, point, part = result.lstrip("-").partition(".")
    yield Mistake("整数部分的余数从上往下读，次序颠倒", {"value": sign + whole[::-1] + point + part})
    if len(whole) > 1:
        yield Mistake("除法没有做到商为 0，漏掉最高位", {"value": sign + whole[1:] + point + part})
    if part:
        yield Mistake("小数部分的整数从下往上读，次序颠倒", {"value": sign + whole + point + part[::-1]})
        yield Mistake("漏掉小数部分", {"value": sign + whole})
    if source in GROUP and target in GROUP and GROUP[target] > 1:
        left, right = _binary_parts(text, source)
        size = GROUP[target]
        left = left.ljust(-(-len(left) // size) * size, "0")
        right = right.rjust(-(-len(right) // size) * size, "0")
        wrong = f"{int(left, 2):b}.{right}".rstrip(".")
        digits, _ = _write(_read(wrong, 2), target, places)
        yield Mistake("分组时在错误的一端补 0", {"value": sign + digits})
    if any(d.isalpha() for d in whole + part):
        spelled = "".join(str(int(d, 36)) for d in whole)
        tail = "".join(str(int(d, 36)) for d in part)
        yield Mistake("大于 9 的数字没有写成字母", {"value": sign + spelled + point + tail})
    yield Mistake("整数部分的余数多取或少取 1", {"value": _write(value + (1 if value >= 0 else -1), target, places)[0]})


def _weight_mistakes(text: str, source: int, value: Fraction, places: int) -> Iterator[Mistake]:
    """Name the slips of summing by weights."""

    def gives(wrong: Fraction) -> dict[str, str]:
        return {"value": _write(wrong, 10, places)[0]}

    yield Mistake(f"个位的权当成 {source}，整个数多乘一次基数", gives(value * source))
    yield Mistake("最高位的权少乘一次基数", gives(value / source))
    whole, _, part = text.lstrip("-").partition(".")
    sign = -1 if value < 0 else 1
    digits = Fraction(int(part or "0", source), 10 ** max(1, len(part)))
    yield Mistake("小数部分按整数换算后直接写在小数点后", gives(sign * (int(whole, source) + digits)))
    yield Mistake("漏掉小数部分", gives(Fraction(sign * int(whole, source))))
    yield Mistake("各位的次序读反", gives(sign * _read(whole[::-1] + (f".{part}" if part else ""), source)))
    yield Mistake("漏加最低位的 1", gives(value - sign))


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Draw an integer at first, a fraction from difficulty 3, and awkward base pairs from 4."""
    pairs = [(10, 2), (2, 10), (2, 16), (16, 2)] if difficulty < 4 else [(16, 8), (8, 16), (10, 16), (10, 8)]
    source, target = rng.choice(pairs)
    value = Fraction(rng.randint(20, 60 * difficulty + 40))
    if difficulty >= 3:
        value += Fraction(rng.randint(1, 15), 16)
    number, _ = _write(value, source, 16)
    names = {2: "二", 8: "八", 10: "十", 16: "十六"}
    stem = f"将{names[source]}进制数 {number} 转换为{names[target]}进制数，结果是（ ）。"
    return Draft(stem, {"number": number, "source": source, "target": target}, "value")
