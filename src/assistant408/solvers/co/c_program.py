"""Straight-line C programs (C 语言整型与浮点运算): what each variable holds, and its machine code."""

from __future__ import annotations

import math
import random
import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Annotated

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Solution, Step, Table
from assistant408.core.trace import Value as Result
from assistant408.solvers.co._c import CType, CValue, ctype, evaluate, put

__all__ = ["solve"]

_TYPE = (
    r"(?:(?:unsigned|signed|char|short|int|long|float|double)\s+)*(?:unsigned|signed|char|short|int|long|float|double)"
)
_DECLARES = re.compile(rf"({_TYPE})\s+(?=[A-Za-z_])")
_ASSIGNS = re.compile(r"\s*([A-Za-z_]\w*)\s*(?:(<<|>>|[-+*/%&|^])?=(?!=)\s*(.+))?\s*", re.DOTALL)


@solver(
    "co.c_program",
    title="C 语言表达式与赋值的机器级结果",
    summary="顺序执行若干条 C 变量定义和赋值语句（char、short、int、unsigned、float、double），求变量的值、机器数，或表达式的真假。",
    syllabus=("co.data.c-int-types", "co.data.c-conversion", "co.data.c-float-conversion", "co.data.multiply-overflow"),
    keywords=("C 语言", "程序段", "unsigned", "short", "int", "表达式", "赋值语句", "强制类型转换", "机器数"),
    answers={
        "values": Out("各变量的值"),
        "codes": Out("各变量的机器数"),
        "results": Out("各表达式的值"),
        "true_items": Out("结果为真的表达式"),
        "false_items": Out("结果为假的表达式"),
        "relation": Out("两个变量的关系"),
        "result_codes": Out("各表达式的机器数"),
    },
    examples=(
        {"code": "unsigned short x = 65530; short y = x;"},
        {"code": "int x = -1; unsigned y = 1;", "expressions": ["x > y", "x > (int)y"]},
    ),
)
def solve(
    code: Annotated[str, Param("C 语句", "以分号隔开的定义和赋值，如 short x=-1; int y=x;", min_len=1, max_len=600)],
    expressions: Annotated[list[str] | None, Param("要求值的表达式", "如 x>y；可不给", max_len=8)] = None,
) -> Solution:
    """Run declarations and assignments of C on a 32-bit machine, exactly.

    Args:
        code: declarations with initial values and assignments, separated by semicolons.
        expressions: expressions to evaluate afterwards.

    Returns:
        `values` and `codes` (hexadecimal machine codes) by variable; `results` and `result_codes` of the expressions;
        of several comparisons the numbers of the `true_items` and `false_items`; of two variables their `relation`.

    Raises:
        InputError: what isn't a declaration or an assignment, an unknown name, what C leaves undefined.

    Examples:
        >>> solve("unsigned short x = 65530; short y = x;").answer["values"]
        {'x': 65530, 'y': -6}
        >>> solve("int x = -1; unsigned y = 1;", ["x > y"]).answer["results"]
        [1]
        >>> solve("int i = 16777217; float f = i;").answer["codes"]["f"]
        '4B800000H'

    Conventions:
        char is signed; int and long have 32 bits; signed overflow wraps; >> of a signed value is arithmetic; float
        follows IEEE 754 with round to nearest even.

    Source:
        ISO C (conversions, 6.3); 袁春风《计算机系统基础》第2章; 408 真题 2012、2016.
    """
    variables: dict[str, CValue] = {}
    steps: list[Step] = []
    for statement in filter(None, (s.strip() for s in code.split(";"))):
        m = _DECLARES.match(statement)
        kind, rest = (ctype(m[1]), statement[m.end() :]) if m else (None, statement)
        for part in rest.split(",") if kind else [rest]:
            step = _assign(part, kind, variables, statement)
            if step is not None:
                steps.append(step)
    if not variables:
        raise InputError(f"C 语句 {code!r} 里没有变量，请写成 short x=-1; int y=x; 的形式。")
    if expressions:
        found = [evaluate(e, variables) for e in expressions]
        said = "；".join(
            f"{e} 按 {v.type.name} 计算，值为 {_words(v)}" for e, v in zip(expressions, found, strict=True)
        )
        steps.append(
            Step(
                f"求表达式的值：{said}。有一个操作数是无符号数时，按无符号数运算和比较。",
                credit="求表达式的值",
                gives={
                    "results": [_exact(v) for v in found],
                    "result_codes": [v.code for v in found],
                    **_truths(expressions, found),
                },
            )
        )
    rows = [[n, v.type.name, _words(v), v.code] for n, v in variables.items()]
    gives: dict[str, Result] = {
        "values": {n: _exact(v) for n, v in variables.items()},
        "codes": {n: v.code for n, v in variables.items()},
    }
    if len(variables) == 2:
        gives["relation"] = _relation(*variables.items())
    steps.append(Step("各变量最后的值和机器数如表。", Table(["变量", "类型", "值", "机器数"], rows), "写出结果", gives))
    return Solution(steps, ("int 为 32 位，char 为带符号数", "带符号数右移为算术右移，运算结果只保留低位"))


def _assign(part: str, kind: CType | None, variables: dict[str, CValue], statement: str) -> Step | None:
    """Runs one declarator or assignment; explains it."""
    m = _ASSIGNS.fullmatch(part)
    if m is None or (kind is None and (m[3] is None or m[1] not in variables)):
        raise InputError(f"语句 {statement!r} 不是已定义变量的赋值，请先写明变量的类型和初值。")
    name = m[1]
    if m[3] is None:
        return None  # declared only
    to = kind or variables[name].type
    source = evaluate(f"{name} {m[2]} ({m[3]})" if m[2] else m[3], variables)
    value = put(source, to)
    variables[name] = value
    return Step(
        f"执行 {name} = {m[3].strip()}：{_how(source, value)}，{name} 的机器数为 {value.code}，值为 {_words(value)}。",
        credit="执行赋值并转换类型",
    )


def _how(a: CValue, b: CValue) -> str:
    """The conversion in words."""
    x, y = a.type, b.type
    if x.floating or y.floating:
        if x == y:
            return f"按 {x.name} 计算"
        lost = "，有效位数不够，舍入" if y.floating and a.value != b.value else ""
        return f"{x.name} 转换为 {y.name}{'，舍去小数部分' if not y.floating else lost}"
    if y.bits < x.bits:
        return f"右边的机器数为 {a.code}，截取低 {y.bits} 位"
    if y.bits > x.bits:
        return f"右边的机器数为 {a.code}，{'符号扩展' if x.signed else '零扩展'}到 {y.bits} 位"
    return f"机器数不变，按{'带符号' if y.signed else '无符号'}数解释" if x.signed != y.signed else f"按 {x.name} 计算"


def _truths(expressions: list[str], found: list[CValue]) -> dict[str, Result]:
    """Which of several comparisons hold, by Roman numerals."""
    if len(found) < 2 or not all(re.search(r"[=!<>]=|(?<![<>])[<>](?![<>])", e) for e in expressions):
        return {}
    names = [("I", "II", "III", "IV", "V", "VI", "VII", "VIII")[i] for i in range(len(found))]
    true = [n for n, v in zip(names, found, strict=True) if v.value]
    false = [n for n, v in zip(names, found, strict=True) if not v.value]
    return {"true_items": "、".join(true) or "无", "false_items": "、".join(false) or "无"}


def _relation(a: tuple[str, CValue], b: tuple[str, CValue]) -> str:
    """``x<y 且符号相同``."""
    x, y = a[1].value, b[1].value
    sign = "<" if x < y else ">" if x > y else "="
    return f"{a[0]}{sign}{b[0]} 且符号{'相同' if (x < 0) == (y < 0) else '不同'}"


def _exact(v: CValue) -> Result:
    """An integer or a fraction; the name of a special value."""
    if isinstance(v.value, int):
        return v.value
    if not math.isfinite(v.value):
        return "NaN" if math.isnan(v.value) else "+∞" if v.value > 0 else "-∞"
    exact = Fraction(v.value)
    return int(exact) if exact.denominator == 1 else exact


def _words(v: CValue) -> str:
    return str(_exact(v)) if isinstance(v.value, int) else f"{v.value:.9g}"


def mistakes(code: str, expressions: list[str] | None) -> Iterator[Mistake]:
    """Name the slips of one conversion: the sign kept, the value cut, the wrong extension."""
    if expressions:
        return
    answer = solve(code).answer
    values = answer["values"]
    assert isinstance(values, dict)
    name, value = list(values.items())[-1]
    first = next(iter(values.values()))

    def gives(v: int) -> dict[str, Result]:
        return {"values": {**values, name: v}}

    if isinstance(value, int) and isinstance(first, int):
        yield Mistake("以为值不变", gives(first if first != value else -value))
        yield Mistake("符号弄反", gives(-value - (value == 0)))
        yield Mistake("按位取反后没有加 1", gives(value - 1))
        yield Mistake("差一个模", gives(value + 65536 if value < 0 else value - 65536))


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Ask for the values after a conversion between short types."""
    if difficulty < 3:
        n = rng.choice([-1, -9, -100, -32767, -8190])
        code = f"short x = {n}; unsigned short y = x;"
    else:
        n = rng.choice([65530, 40000, 65535, 33000])
        code = f"unsigned short x = {n}; short y = x;"
    return Draft(f"执行 C 语句 {code} 后，x、y 的值为（ ）。", {"code": code}, "values")
