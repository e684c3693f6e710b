"""Loop frequency (循环语句的频度): executions of a statement in nested loops, and their order of growth."""

from __future__ import annotations

import itertools
import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from math import factorial, isqrt
from typing import Annotated

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Cell, Solution, Step, Table, Value
from assistant408.solvers.ds._answers import integer
from assistant408.solvers.ds._loops import Program, TooLong, parse
from assistant408.solvers.ds._text import join

__all__ = ["solve"]

LIMIT = 200_000
SAMPLE = 8_000
LARGEST = 1 << 20


def _root(n: int) -> Fraction:
    return Fraction(isqrt(n << 40), 1 << 20)


def _cube_root(n: int) -> Fraction:
    root = 1 << (n.bit_length() + 61) // 3
    while root**3 > n << 60:
        root = (2 * root + (n << 60) // root**2) // 3
    return Fraction(root, 1 << 20)


def _log(n: int) -> Fraction:
    return Fraction(n.bit_length() - 1)


ORDERS: Mapping[str, Callable[[int], Fraction]] = {
    "O(1)": lambda n: Fraction(1),
    "O(log log n)": lambda n: _log(n.bit_length() - 1),
    "O(log n)": _log,
    "O((log n)^2)": lambda n: _log(n) ** 2,
    "O(n^(1/3))": _cube_root,
    "O(n^(1/2))": _root,
    "O(n^(1/2) log n)": lambda n: _root(n) * _log(n),
    "O(n)": lambda n: Fraction(n),
    "O(n log n)": lambda n: n * _log(n),
    "O(n (log n)^2)": lambda n: n * _log(n) ** 2,
    "O(n^(3/2))": lambda n: n * _root(n),
    "O(n^2)": lambda n: Fraction(n * n),
    "O(n^2 log n)": lambda n: n * n * _log(n),
    "O(n^3)": lambda n: Fraction(n**3),
    "O(n^4)": lambda n: Fraction(n**4),
}
SLOW = ["O(1)", "O(log log n)", "O(log n)", "O((log n)^2)"]


@solver(
    "ds.loop_count",
    title="循环语句的频度",
    summary="给出 C 语言形式的循环程序段，求某语句在规模为 n 时的执行次数（频度）、频度的表达式和时间复杂度的量级。",
    syllabus=("ds.intro.loop-frequency", "ds.intro.asymptotic"),
    keywords=("时间复杂度", "频度", "执行次数", "循环", "嵌套循环", "语句", "基本运算", "程序段", "while", "for"),
    answers={
        "order": Out("时间复杂度"),
        "count": Out("规模为 n 时的执行次数", "次"),
        "formula": Out("频度的表达式"),
        "statement": Out("所数的语句"),
        "samples": Out("几个规模下的执行次数"),
        "variables": Out("结束时各变量的值"),
    },
    examples=(
        {"code": "count=0; for(k=1;k<=n;k*=2) for(j=1;j<=n;j++) count++;", "n": 16},
        {"code": "int i=0,sum=0; while(sum<n) sum+=++i;", "n": 100},
        {"code": "for(i=n-1;i>1;i--) for(j=1;j<i;j++) x++;", "n": 10},
    ),
)
def solve(
    code: Annotated[str, Param("程序段", "C 语言形式，规模用 n 表示，其余变量要有初值", min_len=1, max_len=1500)],
    n: Annotated[int, Param("规模 n", "求执行次数时 n 的值", min=1, max=10**6)] = 16,
    statement: Annotated[str, Param("所数的语句", "如 m++；留空则数执行最多的语句", max_len=100)] = "",
) -> Solution:
    """Count how often a statement is executed, and its order of growth (循环语句的频度).

    Args:
        code: loops in C without functions, the problem size being n. Variables that only count may lack a start.
        n: the size for which executions are counted.
        statement: the statement to count; by default the one that is executed most.

    Returns:
        `order` such as ``O(n log n)``, `count` for n, `formula` if the count is a polynomial in n, `statement`,
        `samples` of counts by size, final `variables`.

    Raises:
        InputError: code outside the small language, a loop that doesn't end, or too many steps (200,000).

    Examples:
        >>> a = solve("for(i=1;i<=n;i++) for(j=1;j<=i;j++) m++;", 10).answer
        >>> a["count"], a["formula"], a["order"]
        (55, '1/2·n^2 + 1/2·n', 'O(n^2)')
        >>> solve("x=2; while(x<n/2) x=2*x;").answer["order"]
        'O(log n)'
        >>> solve("for(i=0;i<n;i++) ;  m++;", 5).answer["count"]
        1

    Conventions:
        Integer division truncates. The order is found from exact counts at growing sizes, among the usual orders; it
        is a measurement that agrees with the analysis, not a proof (for polynomials it is their degree).

    Source:
        严蔚敏《数据结构（C 语言版）》§1.4.3; 408 真题 2011、2014、2017、2019、2022.
    """
    program = parse(code)
    try:
        state = program.run(n, LIMIT)
    except TooLong:
        raise InputError(f"n={n!r} 时执行超过 {LIMIT} 步，循环可能不终止，请检查代码或减小 n。") from None
    chosen = _chosen(program, state.counts, statement)
    text, depth = program.statements[chosen]
    count = state.counts.get(chosen, 0)
    samples = _samples(program, chosen, _factor(code))
    polynomial = _polynomial(program, chosen, samples)
    formula = _written(polynomial) if polynomial else ""
    order = f"O({_power(len(polynomial) - 1) or 1})" if polynomial else _order(program, chosen, samples)
    rows: list[list[Cell]] = [[m, t] for m, t in samples.items()]
    values = {name: value for name, value in state.variables.items() if name != "n"}
    shape = f"，频度为 ${formula.replace('·', '')}$" if formula else ""
    gives: dict[str, Value] = {"order": order, "samples": {str(m): t for m, t in samples.items()}}
    if formula:
        gives["formula"] = formula
    steps = [
        Step(
            f"语句 `{text}` 在 {depth} 层循环内，逐次执行循环可得它的频度。",
            credit="找出基本运算",
            gives={"statement": text},
        ),
        Step(
            f"$n={n}$ 时 `{text}` 执行 {count} 次；结束时 {join(f'{k}={v}' for k, v in values.items()) or '无变量'}。",
            credit="执行次数",
            gives={"count": count, "variables": values},
        ),
        Step(
            f"n 成倍增大时频度如下表{shape}；增长的量级与 {order} 一致，时间复杂度为 {order}。",
            Table(["n", f"{text} 的频度"], rows),
            "时间复杂度",
            gives,
        ),
    ]
    return Solution(steps, ["整数除法取整；量级由各规模下的准确频度比较得出"])


def _chosen(program: Program, counts: Mapping[int, int], statement: str) -> int:
    """Return the number of the statement to count: the named one, or the most executed and deepest."""
    if statement.strip():
        wanted = "".join(statement.split()).rstrip(";；")
        for number, (text, _) in enumerate(program.statements):
            if text == wanted:
                return number
        shown = "、".join(text for text, _ in program.statements)
        raise InputError(f"代码中没有语句 {statement!r}，可数的语句有：{shown}。")
    return max(range(len(program.statements)), key=lambda k: (counts.get(k, 0), program.statements[k][1], k))


def _factor(code: str) -> int:
    """Return the factor by which a loop variable grows, so that counts at its powers grow evenly; 2 by default."""
    factors = [int(f) for f in re.findall(r"[*/]=?\s*(\d+)", code)]
    return next((f for f in factors if f in (3, 5, 6, 7, 10)), 2)


def _samples(program: Program, chosen: int, factor: int = 2) -> dict[int, int]:
    """Count at n = 4, 8, 16, ... (or powers of another factor) as far as the sampling budget goes."""
    out: dict[int, int] = {}
    budget, size = SAMPLE, 4 if factor == 2 else factor
    while size <= LARGEST:
        try:
            state = program.run(size, budget)
        except TooLong:
            break
        budget = state.budget
        out[size] = state.counts.get(chosen, 0)
        size *= factor
    return out


def _order(program: Program, chosen: int, samples: Mapping[int, int]) -> str:
    """Choose the order whose quotient with the counts changes least from n to 4n."""
    sizes = list(samples)
    if len(sizes) < 3:
        raise InputError(f"n={4 << len(sizes)!r} 时步数已超过 {SAMPLE}，增长过快，无法判断量级，请检查循环条件。")
    last, before, names = sizes[-1], sizes[-3], list(ORDERS)
    top, bottom = samples[last], samples[before]
    if last * 10 > LARGEST and 20 * top < 27 * bottom:  # slow growth: far greater sizes tell the logarithms apart
        last, before, names = 1 << 128, 1 << 32, SLOW
        top, bottom = (_count(program, chosen, size, LIMIT) for size in (last, before))
    if not bottom:
        return "O(1)"
    growth = Fraction(top, bottom)

    def drift(name: str) -> Fraction:
        quotient = growth * ORDERS[name](before) / ORDERS[name](last)
        return max(quotient, 1 / quotient)

    return min(names, key=drift)


def _count(program: Program, chosen: int, size: int, budget: int) -> int:
    return program.run(size, budget).counts.get(chosen, 0)


def _polynomial(program: Program, chosen: int, samples: Mapping[int, int]) -> list[Fraction]:
    """Return the count's coefficients as a polynomial in n, lowest first, or nothing if it is none."""
    try:
        row = [Fraction(_count(program, chosen, size, SAMPLE)) for size in range(4, 13)]
    except TooLong:
        return []
    differences = [row[0]]
    while len(row) > 1:
        row = [b - a for a, b in itertools.pairwise(row)]
        differences.append(row[0])
    while differences and not differences[-1]:
        differences.pop()
    if len(differences) > 5:
        return []
    # Newton's form, sum of d_k (n-4)(n-5)...(n-3-k)/k!, multiplied out
    total, product = [Fraction(0)] * max(len(differences), 1), [Fraction(1)]
    for k, d in enumerate(differences):
        for power, c in enumerate(product):
            total[power] += d * c / factorial(k)
        product = [a - (4 + k) * b for a, b in zip([Fraction(0), *product], [*product, Fraction(0)], strict=True)]
    fits = all(sum(c * m**power for power, c in enumerate(total)) == t for m, t in samples.items())
    return total if fits else []


def _written(coefficients: Sequence[Fraction]) -> str:
    """Write a polynomial, highest power first."""
    parts = []
    for power in range(len(coefficients) - 1, -1, -1):
        c = coefficients[power]
        if c:
            name = _power(power)
            factor = str(abs(c)) if not name or abs(c) != 1 else ""
            parts.append(("-" if c < 0 else "+", f"{factor}{'·' if factor and name else ''}{name}"))
    if not parts:
        return "0"
    first = ("-" if parts[0][0] == "-" else "") + parts[0][1]
    return " ".join([first, *(f"{sign} {term}" for sign, term in parts[1:])])


def _power(exponent: int) -> str:
    return "" if exponent == 0 else "n" if exponent == 1 else f"n^{exponent}"


def mistakes(code: str, n: int, statement: str) -> Iterator[Mistake]:
    """Yield orders that ignore how the loop variables move, and counts off by one."""
    answer = solve(code, n, statement).answer
    count, order = integer(answer["count"]), str(answer["order"])
    depth = code.count("for") + code.count("while")
    rectangular = {1: "O(n)", 2: "O(n^2)", 3: "O(n^3)"}.get(depth, "O(n^4)")
    yield Mistake("见到几层循环就是 n 的几次方", {"order": rectangular, "count": n**depth})
    yield Mistake("把成倍变化的循环变量当作逐次加 1", {"order": "O(n^2)" if depth > 1 else "O(n)"})
    yield Mistake("把逐次加 1 的循环变量当作成倍变化", {"order": "O(n log n)" if depth > 1 else "O(log n)"})
    yield Mistake("内层次数随外层变化，却按最大次数相乘", {"order": "O(n log n)" if order == "O(n)" else "O(n)"})
    yield Mistake("累加到 n 的循环当作 n 次", {"order": "O(n)" if order != "O(n)" else "O(n^(1/2))"})
    yield Mistake("只看外层循环", {"order": "O(log n)" if order != "O(log n)" else "O(n^(1/2))"})
    yield Mistake("循环条件多判断的一次也算执行", {"count": count + 1})
    yield Mistake("漏了首次或末次执行", {"count": count - 1})
    yield Mistake("内层循环总按 n 次计", {"count": n * n if count != n * n else n * (n + 1) // 2})
    yield Mistake("等差求和时忘了除以 2", {"count": 2 * count})


PATTERNS = [
    (1, "for(i=1;i<=n;i++) for(j=1;j<=i;j++) m++;", "m++"),
    (1, "i=1; while(i<=n) i=i*{c};", "i=i*{c}"),
    (1, "for(i=1;i<=n;i+=2) for(j=i;j<=n;j++) m++;", "m++"),
    (2, "for(i=1;i<=n;i*=2) for(j=1;j<=n;j++) m++;", "m++"),
    (2, "for(i=n-1;i>1;i--) for(j=1;j<i;j++) m++;", "m++"),
    (3, "i=0; s=0; while(s<n) {{ i++; s=s+i; }}", "i++"),
    (3, "for(i=1;i<n;i*=2) for(j=0;j<i;j++) m++;", "m++"),
    (3, "x=0; while(n>=(x+{c})*(x+{c})) x=x+1;", "x=x+1"),
    (4, "for(i=1;i<=n;i++) for(j=1;j<=i;j++) for(k=1;k<=j;k++) m++;", "m++"),
    (4, "for(i=1;i<=n;i++) for(j=1;j<=n;j+=i) m++;", "m++"),
    (5, "for(i=1;i*i<=n;i++) for(j=1;j<=n;j*={c}) m++;", "m++"),
    (5, "for(i=1;i<=n;i++) for(j=1;j<=i;j*=2) m++;", "m++"),
]


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Draw one of the exam's patterns; easy ones also ask for the exact count."""
    near = [p for p in PATTERNS if abs(p[0] - difficulty) <= 1]
    _, code, statement = rng.choice(near)
    c = rng.choice([2, 3])
    code, statement = code.format(c=c), statement.format(c=c)
    n = rng.choice([8, 10, 12, 16, 20])
    args = {"code": code, "n": n, "statement": statement}
    if rng.random() < 0.4:
        return Draft(f"程序段 `{code}` 中，当 n={n} 时，语句 `{statement}` 的执行次数是（ ）。", args, "count")
    return Draft(f"程序段 `{code}` 中，n 为正整数，该程序段的时间复杂度是（ ）。", args, "order")
