"""Fixed-point expressions of short words (补码表达式的运算与溢出): x−y, 2x+y/2, r1×r2 in n bits."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Annotated

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Solution, Step, Table
from assistant408.solvers.co._bits import binary, hexadecimal, signed

__all__ = ["solve"]

_TOKEN = re.compile(r"\s*(?:(\d+)|([A-Za-z]\w*)|([-+×*/()]))")


@solver(
    "co.fixed_expression",
    title="补码表达式的值与溢出",
    summary="已知若干 n 位补码整数，求由它们组成的表达式（加、减、乘、除以 2 的幂）的机器数，判断是否溢出。",
    syllabus=("co.data.overflow", "co.data.shift", "co.data.multiply-overflow"),
    keywords=("会发生溢出", "补码表示", "表达式", "机器数", "8 位寄存器", "运算结果", "2×x", "y/2"),
    answers={
        "code": Out("结果的机器数"),
        "overflow": Out("是否溢出"),
        "binary": Out("结果的机器数（二进制）"),
        "outcome": Out("定点小数的结果"),
        "value": Out("结果的真值"),
        "exact": Out("不限位数时的值"),
    },
    examples=({"names": ["x", "y"], "values": [-12, -80], "bits": 8, "expression": "2×x+y/2"},),
)
def solve(
    names: Annotated[list[str], Param("变量名", "", min_len=1, max_len=8)],
    values: Annotated[list[int], Param("真值", "与变量名依次对应；机器数先按补码换成真值", min_len=1, max_len=8)],
    expression: Annotated[str, Param("表达式", "如 2×x+y/2；除法只能除以 2 的幂", min_len=1, max_len=60)],
    bits: Annotated[int, Param("字长", "位", min=2, max=64)] = 8,
) -> Solution:
    """Evaluate an expression step by step in n-bit two's complement.

    Args:
        names: names of the variables.
        values: their true values, or machine codes below 2**bits.
        expression: sums, differences, products and divisions by powers of two (arithmetic shifts).
        bits: word length; every result is cut to it.

    Returns:
        `code` (hexadecimal), `binary`, `outcome` (the word as a fraction with its sign bit before the point, or 溢出), `value` of the n-bit result, the `exact` value, and `overflow`: some step
        leaves the range of n bits.

    Raises:
        InputError: names and values that don't pair, a malformed expression, a division by anything else.

    Examples:
        >>> solve(["x", "y"], [0xF4, 0xB0], "2×x+y/2").answer["code"]
        'C0H'
        >>> solve(["x", "y"], [103, -25], "x-y").answer["overflow"], solve(["x", "y"], [103, -25], "x+y").answer["overflow"]
        (True, False)

    Source:
        408 真题 2010、2013、2014; 袁春风《计算机系统基础》第2章.
    """
    if len(names) != len(values):
        raise InputError(f"变量名有 {len(names)} 个，真值有 {len(values)} 个，应当一样多。")
    words: dict[str, int] = {}
    for name, v in zip(names, values, strict=True):
        if not -(1 << (bits - 1)) <= v < 1 << bits:
            raise InputError(f"{name} 的值 {v!r} 超出 {bits} 位，请检查数据或字长。")
        words[name] = signed(v, bits)
    run = _Run(expression, words, bits)
    final, exact = run.sum()
    if run.tokens:
        raise InputError(f"表达式 {expression!r} 在 {run.tokens[0]!r} 处不合语法，请检查。")
    rows = [[n, hexadecimal(v, bits), str(v)] for n, v in words.items()]
    low, high = -(1 << (bits - 1)), (1 << (bits - 1)) - 1
    steps = [
        Step(
            f"{bits} 位补码的范围为 {low}～{high}，各数的真值如表。", Table(["变量", "机器数", "真值"], rows), "求真值"
        )
    ]
    steps += [Step(s, credit="逐步运算") for s in run.steps]
    steps.append(
        Step(
            f"结果的机器数为 {hexadecimal(final, bits)}，真值 {final}；{'运算中发生了溢出' if run.overflow else '没有溢出'}。",
            credit="写出结果，判断溢出",
            gives={
                "overflow": run.overflow,
                "code": hexadecimal(final, bits),
                "binary": binary(final, bits),
                "outcome": "溢出" if run.overflow else f"{binary(final, bits)[0]}.{binary(final, bits)[1:]}",
                "value": final,
                "exact": exact,
            },
        )
    )
    return Solution(steps, ("乘以、除以 2 的幂用算术移位，每步结果只保留低位",))


class _Run:
    """Recursive descent; each result is (n-bit value, exact value)."""

    def __init__(self, text: str, words: dict[str, int], bits: int) -> None:
        self.tokens = [a or b or c for a, b, c in _TOKEN.findall(text)]
        if "".join(self.tokens) != re.sub(r"\s", "", text):
            raise InputError(f"表达式 {text!r} 含有不认识的符号，请只用变量、整数和 + - × / ( )。")
        self.words, self.bits = words, bits
        self.steps: list[str] = []
        self.overflow = False

    def sum(self) -> tuple[int, Fraction]:
        left = self.product()
        while self.tokens and self.tokens[0] in "+-":
            left = self.apply(self.tokens.pop(0), left, self.product())
        return left

    def product(self) -> tuple[int, Fraction]:
        left = self.factor()
        while self.tokens and self.tokens[0] in "×*/":
            left = self.apply(self.tokens.pop(0), left, self.factor())
        return left

    def factor(self) -> tuple[int, Fraction]:
        if not self.tokens:
            raise InputError("表达式不完整，请补全。")
        t = self.tokens.pop(0)
        if t == "-":
            return self.apply("-", (0, Fraction(0)), self.factor())
        if t == "(":
            inner = self.sum()
            if not self.tokens or self.tokens.pop(0) != ")":
                raise InputError("表达式缺少右括号，请补上。")
            return inner
        if t.isdigit():
            return int(t), Fraction(int(t))
        if t in self.words:
            return self.words[t], Fraction(self.words[t])
        raise InputError(f"表达式中的 {t!r} 没有给出值，请补上。")

    def apply(self, op: str, a: tuple[int, Fraction], b: tuple[int, Fraction]) -> tuple[int, Fraction]:
        (x, ex), (y, ey) = a, b
        if op == "/":
            if y <= 0 or y & (y - 1):
                raise InputError(f"只能除以 2 的正整数次幂，不能除以 {y!r}。")
            value, exact = x // y, ex / ey
        else:
            value = x + y if op == "+" else x - y if op == "-" else x * y
            exact = ex + ey if op == "+" else ex - ey if op == "-" else ex * ey
        kept = signed(value, self.bits)
        over = kept != value
        self.overflow |= over
        shown = f"({y})" if y < 0 else str(y)
        left = "" if op == "-" and not x and not ex else str(x)
        self.steps.append(
            f"{left}{op}{shown} = {value}"
            + (f"，超出 {self.bits} 位补码的范围，溢出，低位为 {kept}。" if over else "，在范围内。")
        )
        return kept, exact


def mistakes(names: list[str], values: list[int], expression: str, bits: int) -> Iterator[Mistake]:
    """Name the slips: one bit off, signs dropped, saturation."""
    right = signed(int(str(solve(names, values, expression, bits).answer["value"])), bits)
    for why, v in (
        ("末位加错", right + 1),
        ("求成相反数", -right),
        ("符号位弄错", right ^ 1 << (bits - 1)),
        ("多移了一位", right * 2),
        ("逐位取反", ~right),
    ):
        yield Mistake(why, {"code": hexadecimal(v, bits), "value": signed(v, bits)})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Ask for the machine code of 2x + y/2 or x − y."""
    x, y = rng.randint(-30, 30), 2 * rng.randint(-40, 40)
    text = rng.choice(["2×x+y/2", "x-y", "2×x-y"]) if difficulty > 2 else "x-y"
    stem = f"8 位补码整数 x={x}，y={y}，z={text}，z 的机器数为（ ）。"
    return Draft(stem, {"names": ["x", "y"], "values": [x, y], "expression": text}, "code")
