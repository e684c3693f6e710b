"""Recurrences of running time (递推式的时间复杂度)."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Annotated

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Cell, Solution, Step, Table, Value

__all__ = ["solve"]

LARGEST_SHOWN = 10**30
WORK = {  # what is done beside the recursive calls: (power of n, power of log n)
    "1": (0, 0),
    "log n": (0, 1),
    "n": (1, 0),
    "n log n": (1, 1),
    "n^2": (2, 0),
    "n^2 log n": (2, 1),
    "n^3": (3, 0),
}


@solver(
    "ds.recurrence",
    title="递推式的时间复杂度",
    summary="给出递归算法的递推式 T(n)=aT(n/b)+f(n) 或 T(n)=aT(n-c)+f(n)，求时间复杂度的量级和某个 n 的值（如汉诺塔的移动次数）。",
    syllabus=("ds.intro.recursion", "ds.intro.asymptotic"),
    keywords=("递推式", "递归算法", "时间复杂度", "T(n)", "主定理", "分治", "汉诺塔", "移动次数"),
    answers={"order": Out("时间复杂度"), "value": Out("T(n) 的值")},
    examples=(
        {"calls": 2, "divisor": 2, "work": "n"},
        {"calls": 2, "less": 1, "work": "1", "base": 1, "n": 6},
    ),
)
def solve(
    calls: Annotated[int, Param("子问题个数 a", min=1, max=100)],
    divisor: Annotated[int | None, Param("规模除以 b", "T(n/b) 时填写", min=2, max=100)] = None,
    less: Annotated[int | None, Param("规模减少 c", "T(n-c) 时填写", min=1, max=100)] = None,
    work: Annotated[
        str, Param("其余工作量 f(n)", "1、log n、n、n log n、n^2、n^2 log n、n^3，可带系数如 2n", max_len=20)
    ] = "1",
    base: Annotated[int, Param("T(1)", "n=1（或 n≤1）时的值", min=0, max=10**6)] = 1,
    n: Annotated[int | None, Param("规模 n", "求值时填写", min=1, max=10**6)] = None,
) -> Solution:
    """Solve a recurrence for its order, and for one value (递推式的时间复杂度).

    Args:
        calls: a.
        divisor: b of T(n/b), or
        less: c of T(n-c).
        work: f(n), maybe with a whole factor.
        base: T(1).
        n: size to evaluate exactly, if the work is a number or a power of n.

    Returns:
        `order` such as ``O(n log n)`` or ``O(2^n)``, and `value` of T(n).

    Raises:
        InputError: not exactly one of the two forms, or work of another kind.

    Examples:
        >>> solve(2, divisor=2, work="n").answer["order"], solve(1, divisor=2).answer["order"]
        ('O(n log n)', 'O(log n)')
        >>> a = solve(2, less=1, work="1", n=6).answer
        >>> a["order"], a["value"]
        ('O(2^n)', 63)
        >>> solve(8, divisor=2, work="n^2").answer["order"]
        'O(n^3)'

    Conventions:
        n/b is cut to a whole number when a value is computed.

    Source:
        Cormen et al., Introduction to Algorithms, §4.5 (master theorem); 408 真题 2012.
    """
    if (divisor is None) == (less is None):
        raise InputError(f"规模除以 {divisor!r} 与减少 {less!r} 应恰好给出一种，请补上或去掉其一。")
    factor, kind = _work(work)
    power, logs = WORK[kind]
    order, why = _divided(calls, divisor, power, logs) if divisor else _lessened(calls, less or 1, power, logs)
    rows: list[list[Cell]] = [
        ["子问题个数", calls],
        ["子问题规模", f"n/{divisor}" if divisor else f"n-{less}"],
        ["其余工作", work],
    ]
    steps = [Step(f"{why}，故 $T(n)={_tex(order)}$。", Table(["项目", "内容"], rows), "判断量级", {"order": order})]
    if n is not None:
        if logs:
            raise InputError(f"其余工作 {work!r} 含对数，不能求 T({n}) 的准确值，请只求量级。")
        steps.append(_value(calls, divisor, less, factor, power, base, n))
    return Solution(steps, ["规模除以 b 时取整"])


def _work(text: str) -> tuple[int, str]:
    """Return the factor and the kind of the work."""
    plain = re.sub(r"[\s*·$]", "", text).replace("²", "^2").replace("³", "^3")
    plain = re.sub(r"^O\((.*)\)$", r"\1", plain)
    m = re.fullmatch(r"(\d*)((?:n(?:\^\{?([123])\}?)?)?)((?:lo?g_?2?\(?n\)?)?)", plain)
    if not m or not plain:
        raise InputError(f"其余工作量 {text!r} 应为 {'、'.join(WORK)} 之一（可带系数），请改写。")
    kind = " ".join(p for p in (f"n^{m[3]}" if m[3] and m[3] != "1" else m[2][:1], "log n" if m[4] else "") if p) or "1"
    if kind not in WORK:
        raise InputError(f"其余工作量 {text!r} 应为 {'、'.join(WORK)} 之一（可带系数），请改写。")
    return int(m[1] or 1), kind


def _divided(a: int, b: int, power: int, logs: int) -> tuple[str, str]:
    """Return the order by the master theorem, and the reason."""
    at = b**power
    lead = f"$a={a},b={b}$，$n^{{\\log_b a}}=n^{{\\log_{b}{a}}}$"
    if a < at:
        return _order(power, logs), f"{lead} 的量级小于 $f(n)$，由 $f(n)$ 决定"
    if a == at:
        return _order(power, logs + 1), f"{lead} 与 $f(n)$ 的幂相同，每层工作量相当，共 $\\log n$ 层"
    exact = next((k for k in range(1, 9) if b**k == a), None)
    return _order(exact, 0) if exact else f"O(n^(log_{b}({a})))", f"{lead} 的量级大于 $f(n)$，由叶子的个数决定"


def _lessened(a: int, c: int, power: int, logs: int) -> tuple[str, str]:
    if a == 1:
        return _order(
            power + 1, logs
        ), f"共递归约 $n/{c}$ 层，每层做 $f$，累加得高一次的幂" if c > 1 else "共递归 n 层，各层的工作量累加"
    exponent = "n" if c == 1 else f"(n/{c})"
    return f"O({a}^{exponent})", f"每减少 {c}，子问题个数就乘以 {a}，叶子约有 ${a}^{{{exponent}}}$ 个"


def _order(power: int, logs: int) -> str:
    n = "" if power == 0 else "n" if power == 1 else f"n^{power}"
    log = "" if not logs else "log n" if logs == 1 else f"(log n)^{logs}"
    return f"O({' '.join(p for p in (n, log) if p) or '1'})"


def _tex(order: str) -> str:
    return order.replace("log n", "\\log n")


def _value(a: int, b: int | None, c: int | None, factor: int, power: int, base: int, n: int) -> Step:
    sizes = [n]
    while sizes[-1] > 1 and len(sizes) < 2000:
        sizes.append(max(sizes[-1] // b if b else sizes[-1] - (c or 1), 1))
    if sizes[-1] > 1:
        raise InputError(f"n={n!r} 的递归太深，请减小 n。")
    rows: list[list[Cell]] = []
    value = Fraction(base)
    for k, size in enumerate(reversed(sizes)):
        if k:
            value = a * value + factor * size**power
        if value > LARGEST_SHOWN:
            raise InputError(f"T({n!r}) 超过 {LARGEST_SHOWN}，请减小 n。")
        rows.append([size, int(value)])
    gives: dict[str, Value] = {"value": int(value)}
    return Step(f"由 $T(1)={base}$ 逐级代入，$T({n})={value}$。", Table(["n", "T(n)"], rows), "逐级代入", gives)


def mistakes(
    calls: int, divisor: int | None, less: int | None, work: str, base: int, n: int | None
) -> Iterator[Mistake]:
    """Yield other orders and values of a neighbouring size."""
    order = solve(calls, divisor, less, work, base).answer["order"]
    for other, why in (
        ("O(n)", "只看了递归的一层"),
        ("O(n log n)", "一律按分治的 n log n"),
        ("O(n^2)", "把每层的工作量都按 n 计、共 n 层"),
        ("O(log n)", "只数了递归的层数"),
        ("O(2^n)", "以为每次递归都使问题加倍"),
    ):
        if other != order:
            yield Mistake(why, {"order": other})
    if n is not None and n > 1:
        value = solve(calls, divisor, less, work, base, n).answer["value"]
        assert isinstance(value, int)
        yield Mistake("少代入了一次", {"value": (value - 1) // max(calls, 1)})
        yield Mistake("漏掉了末项", {"value": value - 1})
        yield Mistake("多加了 1", {"value": value + 1})
        yield Mistake("多代入了一次", {"value": calls * value + 1})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Draw a divide-and-conquer recurrence, or Hanoi's."""
    if difficulty > 3:
        n = rng.randint(4, 10)
        stem = f"递归算法满足 T(1)=1，T(n)=2T(n-1)+1，则 T({n}) 的值是（ ）。"
        return Draft(stem, {"calls": 2, "less": 1, "work": "1", "n": n}, "value")
    a, b, work = rng.choice([(1, 2, "1"), (2, 2, "n"), (2, 2, "1"), (4, 2, "n"), (1, 2, "n"), (4, 2, "n^2")])
    stem = f"某算法的时间满足 T(1)=1，T(n)={a if a > 1 else ''}T(n/{b})+{work}，则时间复杂度是（ ）。"
    return Draft(stem, {"calls": a, "divisor": b, "work": work}, "order")
