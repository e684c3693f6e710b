"""Sign-magnitude division (原码除法): restoring and non-restoring (恢复余数法、加减交替法)."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Annotated, Literal

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Solution, Step, Table
from assistant408.solvers.co._bits import binary
from assistant408.solvers.co._fixed import Point, code_of, operand, pointed
from assistant408.solvers.co._text import decimal

__all__ = ["solve"]

SIGNED = r"_{\text{原}}"  # the subscript of a code

Method = Literal["加减交替法", "恢复余数法"]


@dataclass
class Run:
    """The registers of a division: remainder, quotient bits, and what was done."""

    remainder: int
    quotient: int = 0
    operations: int = 0
    restores: int = 0
    rows: list[list[str]] = field(default_factory=list)


@solver(
    "co.division",
    title="原码除法（恢复余数法、加减交替法）",
    summary="给出被除数和除数，用原码加减交替法（不恢复余数法）或恢复余数法求商、余数、加减次数和移位次数，列出每步余数和上商。",
    syllabus=("co.data.divide",),
    keywords=("原码除法", "恢复余数法", "加减交替法", "不恢复余数法", "上商", "余数"),
    answers={
        "quotient": Out("商的真值"),
        "remainder": Out("余数的真值"),
        "quotient_code": Out("商的原码"),
        "operations": Out("加减除数的次数", "次"),
        "restores": Out("恢复余数的次数", "次"),
        "shifts": Out("左移次数", "次"),
    },
    examples=(
        {"x": -0.6875, "y": 0.8125, "bits": 5, "point": "小数", "method": "加减交替法"},
        {"x": 13, "y": -4, "bits": 5, "method": "恢复余数法"},
    ),
)
def solve(
    x: Annotated[Fraction, Param("被除数", "真值；定点小数时 |x| 须小于 |y|")],
    y: Annotated[Fraction, Param("除数", "真值，不为 0")],
    bits: Annotated[int, Param("字长", "每个操作数的位数，含符号位", min=2, max=32)] = 8,
    point: Annotated[Point, Param("小数点位置", "定点整数或定点小数")] = "整数",
    method: Annotated[Method, Param("除法算法")] = "加减交替法",
) -> Solution:
    """Divide sign-magnitude numbers (原码除法).

    Args:
        x: dividend, a true value in the range of the code.
        y: divisor, not 0; for fractions |x| < |y|, or the quotient overflows.
        bits: width n of an operand, sign included, 2 to 32.
        point: integers, or fractions whose quotient gets n-1 bits after the point.
        method: what happens when a remainder turns negative.

    Returns:
        `quotient` (truncated toward 0) and `remainder` (sign of the dividend) with x = quotient·y +
        remainder, `quotient_code`, `operations` (additions and subtractions of |y|), `restores`, `shifts`.

    Raises:
        InputError: y is 0, an operand does not fit, or the quotient overflows.

    Examples:
        >>> answer = solve(Fraction(-11, 16), Fraction(13, 16), 5, "小数").answer
        >>> answer["quotient_code"], answer["remainder"]
        ('11101', Fraction(-7, 256))
        >>> solve(13, -4, 5).answer["quotient"], solve(13, -4, 5).answer["remainder"]
        (Fraction(-3, 1), Fraction(1, 1))
        >>> solve(0, 5, 4).answer["quotient"]
        Fraction(0, 1)

    Conventions:
        The first subtraction checks for overflow; n-1 rounds of shift and add or subtract follow. A
        negative last remainder is restored by one more addition, which counts as an operation. Integers
        divide the dividend extended with zeros on the left.

    Source:
        唐朔飞《计算机组成原理》第6章（原码除法）; 袁春风《计算机系统基础》第2章.
    """
    a = operand(Fraction(x), bits, point, "被除数", lowest=False)
    b = operand(Fraction(y), bits, point, "除数", lowest=False)
    if b == 0:
        raise InputError("除数不能为 0，请改正。")
    if point == "小数" and abs(a) >= abs(b):
        raise InputError(f"定点小数除法要求 |x|<|y|，{str(x)!r}÷{str(y)!r} 的商溢出，请先调整比例因子。")
    m = bits - 1
    run = _divide(abs(a), abs(b), m, point, method)
    scale = 1 << m if point == "小数" else 1
    negative = (a < 0) != (b < 0)
    quotient = Fraction(-run.quotient if negative else run.quotient, scale)
    remainder = Fraction(-run.remainder if a < 0 else run.remainder, scale * scale)
    code = code_of(run.quotient, m, negative)
    x_code, y_code = code_of(a, m, a < 0), code_of(b, m, b < 0)
    steps = [
        Step(
            f"$[x]{SIGNED}={pointed(x_code, point)}$，$[y]{SIGNED}={pointed(y_code, point)}$；"
            f"商的符号 $={int(a < 0)}\\oplus {int(b < 0)}={int(negative)}$，绝对值相除。",
            credit="商的符号位异或",
        ),
        Step(
            _rule(method),
            Table(["步骤", "余数", "商", "操作"], run.rows, [(i, 2) for i, r in enumerate(run.rows) if r[0]]),
            credit="逐步写出余数与上商",
            gives={"operations": run.operations, "restores": run.restores, "shifts": m},
        ),
        Step(
            f"$[x\\div y]{SIGNED}={pointed(code, point)}$，商 $={decimal(quotient, 12)}$；"
            f"余数与被除数同号，为 ${decimal(remainder, 12)}$。",
            credit="写出商和余数",
            gives={"quotient": quotient, "remainder": remainder, "quotient_code": code},
        ),
    ]
    return Solution(steps, ("余数与被除数同号", "先减一次判断溢出，再做 n-1 轮；末次余数为负要加回除数"))


def _rule(method: Method) -> str:
    if method == "恢复余数法":
        return "每步左移后减 $|y|$：余数为正上商 1；为负上商 0，并加 $|y|$ 恢复余数。"
    return "余数为正上商 1，左移后减 $|y|$；余数为负上商 0，左移后加 $|y|$；末次余数为负再加 $|y|$。"


def _divide(x: int, y: int, m: int, point: Point, method: Method) -> Run:
    """Divide magnitudes: a 2m-bit dividend, high half in the remainder, by an m-bit divisor."""
    dividend = x << m if point == "小数" else x
    run, low = Run(dividend >> m), dividend & ((1 << m) - 1)
    _record(run, "初始", "", m)
    for turn in range(m + 1):
        what = ""
        if turn:
            low <<= 1
            run.remainder = 2 * run.remainder + (low >> m & 1)
            run.quotient <<= 1
            what = "左移，"
        adds = turn > 0 and method == "加减交替法" and not run.quotient & 2
        run.remainder += y if adds else -y
        run.operations += 1
        run.quotient |= run.remainder >= 0
        _record(run, str(turn), f"{what}{'+' if adds else '-'}|y|，上商 {run.quotient & 1}", m)
        if run.remainder < 0 and (method == "恢复余数法" or turn == m):
            run.remainder += y
            run.operations += 1
            run.restores += 1
            _record(run, "", "+|y| 恢复余数", m)
    return run


def _record(run: Run, name: str, what: str, m: int) -> None:
    """Append a row: the remainder with two sign bits and the quotient so far."""
    code = binary(run.remainder, m + 2)
    digits = "" if name == "初始" else format(run.quotient, f"0{1 + int(name)}b") if name else run.rows[-1][2]
    run.rows.append([name, f"{code[:2]} {code[2:]}", digits, what])


def mistakes(x: Fraction, y: Fraction, bits: int, point: Point, method: Method) -> Iterator[Mistake]:
    """Name the slips: the remainder's sign and scale, the final restoration, the quotient's sign."""
    a = operand(Fraction(x), bits, point, "被除数", lowest=False)
    b = operand(Fraction(y), bits, point, "除数", lowest=False)
    m = bits - 1
    run = _divide(abs(a), abs(b), m, point, method)
    scale = 1 << m if point == "小数" else 1
    negative = (a < 0) != (b < 0)
    quotient = Fraction(-run.quotient if negative else run.quotient, scale)
    remainder = Fraction(-run.remainder if a < 0 else run.remainder, scale * scale)
    yield Mistake("商的符号弄反", {"quotient": -quotient, "quotient_code": code_of(run.quotient, m, not negative)})
    yield Mistake("最后一位商上错", _quotient(run.quotient ^ 1, m, negative, scale))
    yield Mistake("少做一步", _quotient(run.quotient >> 1, m, negative, scale))
    yield Mistake("余数的符号与被除数相反", {"remainder": -remainder})
    yield Mistake("末次余数为负时没有加回除数", {"remainder": remainder - Fraction(abs(b), scale * scale)})
    yield Mistake("余数漏乘比例因子", {"remainder": remainder * scale})
    yield Mistake("向下取整而不是向 0 截断", {"quotient": quotient - Fraction(1, scale)})
    other: Method = "恢复余数法" if method == "加减交替法" else "加减交替法"
    alternative = _divide(abs(a), abs(b), m, point, other)
    yield Mistake(f"按{other}数加减次数", {"operations": alternative.operations})
    yield Mistake("漏数第一次判断溢出的减法", {"operations": run.operations - 1})
    yield Mistake("以为每步只有一次加减", {"operations": m})


def _quotient(digits: int, m: int, negative: bool, scale: int) -> dict[str, Fraction | str]:
    return {
        "quotient": Fraction(-digits if negative else digits, scale),
        "quotient_code": code_of(digits, m, negative),
    }


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Draw a division of fractions; counts of operations and remainders from difficulty 3."""
    bits = 4 + (difficulty + 1) // 2
    half = 1 << (bits - 1)
    b = rng.randint(half // 2 + 1, half - 1)
    a = rng.randint(half // 4, b - 1)
    x = Fraction(a * rng.choice([1, -1]), half)
    y = Fraction(b * rng.choice([1, -1]), half)
    method: Method = rng.choice(["加减交替法", "恢复余数法"])
    args = {"x": x, "y": y, "bits": bits, "point": "小数", "method": method}
    given = f"x={decimal(x, 12)}，y={decimal(y, 12)}，用 {bits} 位原码表示（含 1 位符号位），"
    if difficulty >= 4:
        return Draft(f"{given}用{method}求 x÷y，余数的真值是（ ）。", args, "remainder")
    return Draft(f"{given}用{method}求 x÷y，商的原码是（ ）。", args, "quotient_code")
