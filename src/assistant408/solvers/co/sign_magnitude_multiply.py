"""Sign-magnitude multiplication (原码一位乘): magnitudes by add and shift, the sign by exclusive or."""

from __future__ import annotations

import random
from collections.abc import Iterator
from fractions import Fraction
from typing import Annotated

from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Solution, Step, Table
from assistant408.solvers.co._bits import binary
from assistant408.solvers.co._fixed import Point, code_of, operand, pointed
from assistant408.solvers.co._text import decimal

__all__ = ["solve"]

SIGNED = r"_{\text{原}}"  # the subscript of a code


@solver(
    "co.sign_magnitude_multiply",
    title="原码一位乘法",
    summary="给出被乘数和乘数，用原码一位乘（符号异或、绝对值移位相加）求乘积的原码和真值、加法次数、移位次数，列出每步部分积。",
    syllabus=("co.data.multiply",),
    keywords=("原码乘法", "原码一位乘", "部分积", "无符号乘法", "移位相加"),
    answers={
        "product_code": Out("乘积的原码"),
        "product": Out("乘积真值"),
        "additions": Out("加被乘数的次数", "次"),
        "shifts": Out("移位次数", "次"),
    },
    examples=(
        {"x": -0.875, "y": -0.8125, "bits": 5, "point": "小数"},
        {"x": 9, "y": -13, "bits": 5},
    ),
)
def solve(
    x: Annotated[Fraction, Param("被乘数", "真值，整数或纯小数")],
    y: Annotated[Fraction, Param("乘数", "真值，整数或纯小数")],
    bits: Annotated[int, Param("字长", "每个操作数的位数，含符号位", min=2, max=32)] = 8,
    point: Annotated[Point, Param("小数点位置", "定点整数或定点小数")] = "整数",
) -> Solution:
    """Multiply sign-magnitude numbers one multiplier bit at a time (原码一位乘).

    Args:
        x: multiplicand, a true value in the range of the code.
        y: multiplier, likewise.
        bits: width n of an operand, sign included, 2 to 32.
        point: fixed-point integers or fractions.

    Returns:
        `product_code` (sign and 2(n-1) bits), `product`, `additions` (multiplier bits that are 1), `shifts`.

    Raises:
        InputError: an operand does not fit.

    Examples:
        >>> solve(Fraction(-14, 16), Fraction(-13, 16), 5, "小数").answer["product_code"]
        '010110110'
        >>> solve(9, -13, 5).answer["product"]
        Fraction(-117, 1)
        >>> solve(0, 3, 4).answer["additions"]
        2

    Conventions:
        n-1 rounds on the magnitudes, each followed by a logical right shift. The sign is the exclusive or
        of the operands' signs, even when the product is 0.

    Source:
        唐朔飞《计算机组成原理》第6章（原码一位乘）.
    """
    a = operand(Fraction(x), bits, point, "被乘数", lowest=False)
    b = operand(Fraction(y), bits, point, "乘数", lowest=False)
    m = bits - 1
    negative = (a < 0) != (b < 0)
    rows, magnitude = _multiply(abs(a), abs(b), m)
    signed = -magnitude if negative else magnitude
    product = Fraction(signed, 1 << (2 * m) if point == "小数" else 1)
    code = code_of(magnitude, 2 * m, negative)
    x_code, y_code = code_of(a, m, a < 0), code_of(b, m, b < 0)
    steps = [
        Step(
            f"$[x]{SIGNED}={pointed(x_code, point)}$，$[y]{SIGNED}={pointed(y_code, point)}$；"
            f"乘积符号 $={int(a < 0)}\\oplus {int(b < 0)}={int(negative)}$。",
            credit="符号位异或",
        ),
        Step(
            f"绝对值移位相加共 {m} 步：乘数末位为 1 加 $|x|$，为 0 加 0，再逻辑右移一位。",
            Table(
                ["步骤", "部分积", "乘数", "操作"],
                rows,
                [(i, 1) for i, row in enumerate(rows) if "|x|" in row[3]],
            ),
            credit="逐步写出部分积",
            gives={"additions": abs(b).bit_count(), "shifts": m},
        ),
        Step(
            f"$[x\\cdot y]{SIGNED}={pointed(code, point)}$，即 $x\\cdot y={decimal(product, 12)}$。",
            credit="写出乘积",
            gives={"product_code": code, "product": product},
        ),
    ]
    return Solution(steps, (f"{m} 位数值，加 {m} 次（含加 0）、移 {m} 次",))


def _multiply(x: int, y: int, m: int) -> tuple[list[list[str]], int]:
    """Return the table and the product of two m-bit magnitudes."""
    acc, low = 0, y
    rows = [["初始", binary(acc, m + 1), binary(low, m), ""]]
    for turn in range(1, m + 1):
        bit = low & 1
        acc += x if bit else 0
        rows.append([str(turn), binary(acc, m + 1), binary(low, m), f"末位 {bit}：{'+|x|' if bit else '+0'}"])
        low = low >> 1 | (acc & 1) << (m - 1)
        acc >>= 1
        rows.append(["", binary(acc, m + 1), binary(low, m), "右移一位"])
    return rows, acc << m | low


def mistakes(x: Fraction, y: Fraction, bits: int, point: Point) -> Iterator[Mistake]:
    """Name the slips: the sign, the sign bit multiplied along, a shift too many."""
    a = operand(Fraction(x), bits, point, "被乘数", lowest=False)
    b = operand(Fraction(y), bits, point, "乘数", lowest=False)
    m = bits - 1
    negative = (a < 0) != (b < 0)
    scale = 1 << (2 * m) if point == "小数" else 1
    size = abs(a * b)

    def gives(magnitude: int, minus: bool) -> dict[str, str | Fraction]:
        value = Fraction(-magnitude if minus else magnitude, scale)
        return {"product_code": code_of(magnitude, 2 * m, minus), "product": value}

    yield Mistake("符号位求错（用了同或）", gives(size, not negative))
    yield Mistake("少移一位", gives(size << 1 & (1 << 2 * m) - 1, negative))
    yield Mistake("多移一位", gives(size >> 1, negative))
    twos = binary(-size if negative else size, 2 * m + 1)
    yield Mistake("把乘积写成补码", {"product_code": twos})
    zeros = m - abs(b).bit_count()
    yield Mistake("乘数末位为 0 时加、为 1 时不加", {"additions": zeros})
    yield Mistake("加 0 也算一次加法", {"additions": m})
    yield Mistake("符号位也参加运算", {"additions": abs(b).bit_count() + (b < 0), "shifts": bits})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Draw two signed numbers, wider with difficulty."""
    bits = 4 + difficulty // 2
    half = 1 << (bits - 1)
    a, b = (rng.choice([-1, 1]) * rng.randint(half // 2 + 1, half - 1) for _ in range(2))
    point: Point = rng.choice(["整数", "小数"])
    scale = half if point == "小数" else 1
    x, y = Fraction(a, scale), Fraction(b, scale)
    stem = (
        f"定点{point} x={decimal(x, 12)}，y={decimal(y, 12)}，均用 {bits} 位原码表示（含 1 位符号位），"
        "用原码一位乘求得乘积的原码是（ ）。"
    )
    return Draft(stem, {"x": x, "y": y, "bits": bits, "point": point}, "product_code")
