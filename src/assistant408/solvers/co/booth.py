"""Booth multiplication (补码一位乘，Booth 算法): the registers round by round."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated

from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Solution, Step, Table
from assistant408.solvers.co._bits import binary
from assistant408.solvers.co._fixed import Point, operand
from assistant408.solvers.co._text import decimal

__all__ = ["solve"]

TWOS = r"_{\text{补}}"  # the subscript of a code


@dataclass(frozen=True)
class Run:
    """A finished multiplication: the product as an integer, the table, and how often X was added."""

    product: int
    rows: list[list[str]]
    additions: int
    shifts: int


@solver(
    "co.booth",
    title="补码一位乘法（Booth 算法）",
    summary="给出被乘数和乘数，用 Booth 算法做补码一位乘，求乘积的补码和真值、加减与移位次数、是否溢出。",
    syllabus=("co.data.multiply", "co.data.multiply-overflow"),
    keywords=("Booth", "布斯", "补码乘法", "补码一位乘", "部分积", "乘法溢出"),
    answers={
        "product_code": Out("乘积的补码"),
        "product": Out("乘积真值"),
        "additions": Out("加减被乘数的次数", "次"),
        "shifts": Out("移位次数", "次"),
        "overflow": Out("乘积能否仍用 n 位表示：溢出否"),
    },
    examples=(
        {"x": -5, "y": 7, "bits": 4},
        {"x": -0.8125, "y": 0.6875, "bits": 5, "point": "小数"},
    ),
)
def solve(
    x: Annotated[Fraction, Param("被乘数", "真值，整数或纯小数")],
    y: Annotated[Fraction, Param("乘数", "真值，整数或纯小数")],
    bits: Annotated[int, Param("字长", "每个操作数的位数，含符号位", min=2, max=32)] = 8,
    point: Annotated[Point, Param("小数点位置", "定点整数或定点小数")] = "整数",
) -> Solution:
    """Multiply two's complement numbers by Booth's algorithm (补码一位乘).

    Args:
        x: multiplicand, a true value in the range of the code.
        y: multiplier, likewise.
        bits: width n of an operand, sign included, 2 to 32.
        point: integers give a 2n-bit product, fractions one of 2n-1 bits.

    Returns:
        `product_code`, `product`, `additions` (rounds that added or subtracted x), `shifts`, and `overflow`
        (an integer product leaves n bits; a fraction product is +1).

    Raises:
        InputError: an operand does not fit.

    Examples:
        >>> solve(-5, 7, 4).answer["product_code"]
        '11011101'
        >>> solve(Fraction(-13, 16), Fraction(11, 16), 5, "小数").answer["product_code"]
        '101110001'
        >>> solve(-8, -8, 4).answer["product"]  # the most negative number squared
        Fraction(64, 1)

    Conventions:
        The multiplier gets an extra 0 on the right. Pairs 01 add x, 10 subtract it, 00 and 11 only shift.
        Integers shift after each of n rounds (n additions at most, n shifts); fractions do not shift
        after the last (n-1 shifts). The partial product has two sign bits.

    Source:
        Booth 1951; 唐朔飞《计算机组成原理》第6章（补码比较法）; 袁春风《计算机系统基础》第2章.
    """
    a = operand(Fraction(x), bits, point, "被乘数", lowest=True)
    b = operand(Fraction(y), bits, point, "乘数", lowest=True)
    run = _multiply(a, b, bits, point)
    width = 2 * bits if point == "整数" else 2 * bits - 1
    product = Fraction(run.product, 1 << (2 * bits - 2) if point == "小数" else 1)
    half = 1 << (bits - 1)
    overflow = not -half <= product < half if point == "整数" else product >= 1
    code = binary(run.product, width)
    high = code[: bits + 1] if point == "整数" else ""
    check = "溢出" if overflow else "没有溢出"
    why = (
        f"乘积高 {bits} 位与低 {bits} 位的最高位为 {high}，{'不全相同' if overflow else '全相同'}，"
        f"{'需 ' + str(2 * bits) + ' 位才能表示，' if overflow else ''}按 {bits} 位整数看{check}。"
        if point == "整数"
        else f"定点小数乘法只有 $(-1)\\times(-1)$ 会溢出，本题{check}。"
    )
    steps = [
        Step(
            f"$[x]{TWOS}={binary(a, bits)}$，$[-x]{TWOS}={binary(-a, bits + 1)[1:]}$，$[y]{TWOS}={binary(b, bits)}$；"
            "部分积初值为 0，乘数末尾加附加位 0。",
            credit="写出补码与附加位",
        ),
        Step(
            f"每步看乘数末位与附加位：01 加 $[x]{TWOS}$，10 加 $[-x]{TWOS}$，00、11 不加，然后算术右移一位"
            + ("（最后一步不移位）。" if point == "小数" else "。"),
            Table(["步骤", "部分积", "乘数", "附加位", "操作"], run.rows, _marks(run.rows)),
            credit="逐步写出部分积",
            gives={"additions": run.additions, "shifts": run.shifts},
        ),
        Step(
            f"$[x\\cdot y]{TWOS}={code}$，即 $x\\cdot y={decimal(product, 12)}$。",
            credit="写出乘积",
            gives={"product_code": code, "product": product},
        ),
        Step(why, credit="判断溢出", gives={"overflow": overflow}),
    ]
    note = "n 次加减、n 次移位" if point == "整数" else "n 次加减、n-1 次移位，末步不移位"
    return Solution(steps, (f"定点{point}：{note}（n 为含符号位的字长）",))


def _multiply(x: int, y: int, bits: int, point: Point) -> Run:
    """Run the algorithm on integers; `acc` is the signed partial product."""
    acc, low, extra = 0, y % (1 << bits), 0
    rows = [["初始", _shown(acc, bits), binary(low, bits), "0", ""]]
    additions = shifts = 0
    for turn in range(1, bits + 1):
        pair = (low & 1, extra)
        if pair == (0, 1):
            acc, what = acc + x, "01：+[x]补"
        elif pair == (1, 0):
            acc, what = acc - x, "10：+[-x]补"
        else:
            what = f"{pair[0]}{pair[1]}：+0"
        additions += pair[0] != pair[1]
        rows.append([str(turn), _shown(acc, bits), binary(low, bits), str(extra), what])
        if point == "整数" or turn < bits:
            extra = low & 1
            low = low >> 1 | (acc & 1) << (bits - 1)
            acc >>= 1
            shifts += 1
            rows.append(["", _shown(acc, bits), binary(low, bits), str(extra), "右移一位"])
    product = (acc << bits | low) if point == "整数" else (acc << (bits - 1) | low >> 1)
    return Run(product, rows, additions, shifts)


def _shown(acc: int, bits: int) -> str:
    """Write the partial product with two sign bits."""
    code = binary(acc, bits + 1)
    return f"{code[:2]} {code[2:]}"


def _marks(rows: list[list[str]]) -> list[tuple[int, int]]:
    """Mark the partial products that an addition changed."""
    return [(i, 1) for i, row in enumerate(rows) if "x]" in row[4]]


def mistakes(x: Fraction, y: Fraction, bits: int, point: Point) -> Iterator[Mistake]:
    """Name the slips: 01 and 10 exchanged, codes multiplied as unsigned, a correction forgotten."""
    a = operand(Fraction(x), bits, point, "被乘数", lowest=True)
    b = operand(Fraction(y), bits, point, "乘数", lowest=True)
    width = 2 * bits if point == "整数" else 2 * bits - 1
    mask = (1 << bits) - 1
    run = _multiply(a, b, bits, point)
    scale = 1 << (2 * bits - 2) if point == "小数" else 1

    def gives(number: int) -> dict[str, str | Fraction]:
        return {"product_code": binary(number, width), "product": Fraction(number, scale)}

    yield Mistake("01 与 10 的操作弄反", gives(-a * b))
    yield Mistake("把补码当成无符号数相乘", gives((a & mask) * (b & mask)))
    yield Mistake("乘数按无符号数处理，没有做符号位那一步校正", gives(a * (b & mask)))
    yield Mistake("多右移一位", gives(a * b >> 1))
    yield Mistake("少右移一位", gives(a * b << 1))
    ones = bin(b & mask).count("1")
    yield Mistake("按乘数中 1 的个数数加法", {"additions": ones})
    yield Mistake("按乘数中 0 的个数数加法", {"additions": bits - ones})
    yield Mistake("只数了加，没有数减", {"additions": run.additions // 2})
    yield Mistake("移位也计入加减次数", {"additions": run.additions + run.shifts})
    yield Mistake("以为每步都要加减", {"additions": bits})
    yield Mistake("没有算末尾附加位引起的那次减法", {"additions": max(0, run.additions - 1)})
    yield Mistake("把移位次数当成加减次数", {"additions": run.shifts, "shifts": run.additions})
    yield Mistake("移位次数差 1", {"shifts": run.shifts - 1 if point == "整数" else run.shifts + 1})
    yield Mistake("把数值位与符号位都计入两次", {"shifts": 2 * bits})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Draw small signed integers, wider ones and counts of additions later."""
    bits = 4 + (difficulty > 2) + 3 * (difficulty > 4)
    half = 1 << (bits - 1)
    x, y = rng.choice([-1, 1]) * rng.randint(2, half - 1), rng.choice([-1, 1]) * rng.randint(2, half - 1)
    args = {"x": x, "y": y, "bits": bits}
    if difficulty in (2, 4):
        stem = f"用 Booth 算法计算 {x}×({y})，操作数为 {bits} 位补码，运算中加、减被乘数共（ ）。"
        return Draft(stem, args, "additions")
    stem = f"x={x}，y={y}，均用 {bits} 位补码表示，用 Booth 算法求得 {2 * bits} 位乘积的补码是（ ）。"
    return Draft(stem, args, "product_code")
