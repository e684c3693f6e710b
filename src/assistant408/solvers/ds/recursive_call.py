"""Running a recursive function (递归函数的返回值、调用次数与时间复杂度)."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from fractions import Fraction
from typing import Annotated

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Cell, Solution, Step, Table, Value
from assistant408.solvers.ds._answers import integer
from assistant408.solvers.ds._functions import Function, Run, call, parse_functions
from assistant408.solvers.ds.loop_count import ORDERS

__all__ = ["solve"]

LIMIT = 200_000
SAMPLE = 20_000


@solver(
    "ds.recursive_call",
    title="递归函数的执行",
    summary="给出 C 语言的递归函数和一次调用，求返回值、输出、函数被调用的次数、递归的最大深度（栈的层数）和时间复杂度。",
    syllabus=("ds.intro.recursion", "ds.stack-queue.recursion"),
    keywords=("递归函数", "返回值", "调用次数", "递归深度", "递归调用", "函数", "输出结果", "时间复杂度", "栈"),
    answers={
        "value": Out("返回值"),
        "calls": Out("函数被调用的次数（含首次）", "次"),
        "depth": Out("递归的最大深度", "层"),
        "printed": Out("输出"),
        "order": Out("时间复杂度"),
    },
    examples=(
        {"code": "int fib(int n){ if(n<=1) return n; return fib(n-1)+fib(n-2); }", "arguments": [5]},
        {"code": "int fact(int n){ if(n<=1) return 1; return n*fact(n-1); }", "arguments": [6]},
    ),
)
def solve(
    code: Annotated[str, Param("函数", "C 语言的函数定义，参数为整数", min_len=1, max_len=2000)],
    arguments: Annotated[list[int], Param("实参", "依次对应各参数；只求时间复杂度可留空", max_len=8)] = [],  # noqa: B006
    name: Annotated[str, Param("调用的函数", "留空则取第一个函数", max_len=40)] = "",
) -> Solution:
    """Run a recursive function and count its calls (递归函数的执行).

    Args:
        code: C functions of integers.
        arguments: of the call.
        name: function that is called; the first one by default.

    Returns:
        With arguments `value`, `calls`, `depth`, `printed`; for a function of one parameter also `order`.

    Raises:
        InputError: code outside the small language, too deep (70 levels) or too long (200,000 steps).

    Examples:
        >>> a = solve("int fib(int n){ if(n<=1) return n; return fib(n-1)+fib(n-2); }", [5]).answer
        >>> a["value"], a["calls"], a["depth"]
        (5, 15, 5)
        >>> solve("int f(int n){ if(n<2) return n; return f(n/2)+n%2; }").answer["order"]
        'O(log n)'
        >>> solve("int f(int n){ return n; }", [0]).answer["calls"]
        1

    Conventions:
        Integer division truncates; the order is measured from exact counts of steps at growing sizes.

    Source:
        严蔚敏《数据结构（C 语言版）》§3.3; 408 真题 2012.
    """
    functions = parse_functions(code)
    name = name or next(iter(functions))
    if name not in functions:
        raise InputError(f"代码中没有函数 {name!r}，有的是 {list(functions)}，请检查。")
    steps = []
    if arguments:
        run = Run(LIMIT)
        value = call(functions, name, arguments, run)
        shown = f"{name}({','.join(map(str, arguments))})"
        gives: dict[str, Value] = {"value": value, "calls": run.calls, "depth": run.deepest}
        if run.printed:
            gives["printed"] = list(run.printed)
        why = f"逐层展开 {shown}：返回 {value}，函数共被调用 {run.calls} 次，最深时栈中有 {run.deepest} 层活动记录"
        why += f"，依次输出 {'，'.join(run.printed)}" if run.printed else ""
        steps.append(Step(f"{why}。", _small(functions, name, arguments), "逐层展开递归", gives))
    order = _order(functions, name) if len(functions[name].parameters) == 1 else ""
    if order:
        rows: list[list[Cell]] = [[n, _steps(functions, name, n)] for n in (2, 4, 6, 8, 10, 12)]
        why = f"规模增大时执行的步数如下表，时间复杂度为 {order}。"
        steps.append(Step(why, Table(["n", "步数"], rows), "时间复杂度", {"order": order}))
    if not steps:
        raise InputError(f"没有给出 {name!r} 的实参，也无法判断它的量级，请给出实参。")
    return Solution(steps, ["整数除法取整；调用次数含第一次"])


def _small(functions: dict[str, Function], name: str, arguments: list[int]) -> Table:
    """Tabulate the function at smaller first arguments."""
    rows: list[list[Cell]] = []
    for first in range(max(0, arguments[0] - 7), arguments[0] + 1):
        run = Run(LIMIT)
        try:
            value = call(functions, name, [first, *arguments[1:]], run)
        except InputError:
            continue
        rows.append([",".join(map(str, [first, *arguments[1:]])), value, run.calls])
    return Table(["实参", "返回值", "调用次数"], rows, [(len(rows) - 1, 1)])


def _steps(functions: dict[str, Function], name: str, n: int) -> int:
    """Count the steps of a call with one argument; −1 if there are too many."""
    run = Run(SAMPLE)
    try:
        call(functions, name, [n], run)
    except InputError:
        return -1
    return SAMPLE - run.budget


def _order(functions: dict[str, Function], name: str) -> str:
    """Measure the order of growth: at powers of 2 if the recursion is shallow, else by differences."""
    large = [_steps(functions, name, 1 << k) for k in range(6, 13)]
    good = [t for t in large if t > 0]
    if large[0] > 0 and large[1] > 0 and len(good) >= 3:
        last = 5 + len(good)
        growth = Fraction(good[-1], good[-3])

        def drift(order: str) -> Fraction:
            quotient = growth * ORDERS[order](1 << last - 2) / ORDERS[order](1 << last)
            return max(quotient, 1 / quotient)

        return min(ORDERS, key=drift)
    row = [_steps(functions, name, n) for n in range(4, 13)]
    if min(row) <= 0:
        return ""
    if all(abs(Fraction(b, a) - 2) < Fraction(1, 10) for a, b in itertools.pairwise(row)):
        return "O(2^n)"
    degree = -1
    while any(row) and len(row) > 3:
        row = [b - a for a, b in itertools.pairwise(row)]
        degree += 1
    return "" if any(row) else f"O({ {0: '1', 1: 'n'}.get(degree, f'n^{degree}') })"


def mistakes(code: str, arguments: list[int], name: str) -> Iterator[Mistake]:
    """Yield counts without the first call, and values of neighbouring sizes."""
    answer = solve(code, arguments, name).answer
    if not arguments:
        return
    value, calls, depth = (integer(answer[k]) for k in ("value", "calls", "depth"))
    yield Mistake("没有算第一次调用", {"calls": calls - 1, "depth": depth - 1, "value": value - 1})
    yield Mistake("把调用次数与深度弄混", {"calls": depth, "depth": calls, "value": calls})
    yield Mistake("把返回值当作调用次数", {"calls": value, "depth": value, "value": depth})
    yield Mistake("多算了一层", {"calls": calls + 1, "depth": depth + 1, "value": value + 1})
    yield Mistake("递归出口处没有停", {"calls": calls + 2, "depth": depth + 2, "value": value + 2})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Draw a function and what is asked."""
    code = rng.choice(
        [
            "int f(int n){ if(n<=1) return n; return f(n-1)+f(n-2); }",
            "int f(int n){ if(n==0) return 0; return f(n/2)+n%2; }",
            "int f(int n){ if(n<=2) return 1; return f(n-1)+2*f(n-3); }",
        ]
    )
    n = rng.randint(5, 6 + difficulty)
    ask, word = rng.choice([("value", "返回值"), ("calls", "函数 f 被调用的次数（含第一次）")])
    return Draft(f"有函数 `{code}`，执行 f({n}) 时{word}是（ ）。", {"code": code, "arguments": [n]}, ask)
