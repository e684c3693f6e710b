"""Expressions (表达式): infix to postfix and prefix with the operator stack, and evaluation."""

from __future__ import annotations

import random
from collections.abc import Iterator
from fractions import Fraction
from typing import Annotated, Literal

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Cell, Solution, Step, Table, Tree, Value
from assistant408.solvers.ds._answers import integer
from assistant408.solvers.ds._expressions import (
    Expression,
    apply,
    convert,
    from_postfix,
    from_prefix,
    infix,
    postfix,
    prefix,
    tokenize,
)
from assistant408.solvers.ds._text import join

__all__ = ["solve"]


@solver(
    "ds.expression",
    title="表达式转换与求值",
    summary="给出中缀、后缀或前缀表达式，求后缀和前缀式、表达式的值、转换时运算符栈的内容与最大深度、求值时操作数栈的最大深度。",
    syllabus=("ds.stack-queue.infix-postfix", "ds.stack-queue.expression-eval"),
    keywords=(
        "中缀表达式",
        "后缀表达式",
        "前缀表达式",
        "逆波兰式",
        "运算符栈",
        "操作数栈",
        "表达式求值",
        "栈中元素",
    ),
    answers={
        "postfix": Out("后缀表达式"),
        "prefix": Out("前缀表达式"),
        "infix": Out("中缀表达式"),
        "value": Out("表达式的值"),
        "max_operators": Out("运算符栈的最大深度", "个"),
        "max_operands": Out("操作数栈的最大深度", "个"),
        "stack_at": Out("扫描到指定符号后运算符栈的内容（底→顶）"),
    },
    examples=(
        {"text": "a/b+(c*d-e*f)/g", "stop": "f"},
        {"text": "a+b-a*((c+d)/e-f)+g"},
        {"text": "8 2 3 ^ / 2 3 * + 5 1 * -", "notation": "postfix"},
    ),
)
def solve(
    text: Annotated[
        str, Param("表达式", "数、变量、+ - * / % ^ 和圆括号；多位数之间用空格隔开", min_len=1, max_len=200)
    ],
    notation: Annotated[
        Literal["infix", "postfix", "prefix"], Param("所给的形式", "infix 中缀，postfix 后缀，prefix 前缀")
    ] = "infix",
    stop: Annotated[str, Param("问到的符号", "转换时扫描到该符号后看栈；不问则留空", max_len=10)] = "",
    integer_division: Annotated[bool, Param("整除", "/ 是否按 C 语言整数相除取整")] = False,
) -> Solution:
    """Convert an expression between notations and evaluate it (表达式转换与求值).

    Args:
        text: up to 200 characters; a variable is one letter with optional digits.
        notation: how `text` is written.
        stop: a token; the operator stack just after it was scanned is reported (its first occurrence).
        integer_division: whether / truncates towards zero as in C.

    Returns:
        `postfix`, `prefix` and `infix` as text; `max_operators` and `stack_at` of the conversion (infix
        only); `max_operands` of the evaluation; `value` if every operand is a number.

    Raises:
        InputError: an unknown character, unbalanced parentheses, a missing operand, division by zero.

    Examples:
        >>> a = solve("a+b-a*((c+d)/e-f)+g").answer
        >>> a["postfix"], a["max_operators"]
        ('ab+acd+e/f-*-g+', 5)
        >>> solve("7").answer["value"], solve("2^3^2").answer["value"]
        (7, 512)
        >>> solve("a/b+(c*d-e*f)/g", stop="f").answer["stack_at"]
        ['+', '(', '-', '*']

    Conventions:
        Left associative, except ^. An operator pops those of higher or equal priority. Parentheses count in
        the operator stack's depth.

    Source:
        严蔚敏《数据结构（C 语言版）》§3.2.5; 408 真题 2012、2014.
    """
    tokens = tokenize(text)
    steps: list[Step] = []
    if notation == "infix":
        tree, converting = _converted(tokens, stop)
        steps += converting
    else:
        tree = from_postfix(tokens) if notation == "postfix" else from_prefix(tokens)
    back = postfix(tree)
    steps.append(
        Step(
            f"按优先级画出表达式树，先序得前缀式 {_joined(prefix(tree))}，后序得后缀式 {_joined(back)}。",
            _picture(tree),
            "前缀式与后缀式",
            {"postfix": _joined(back), "prefix": _joined(prefix(tree)), "infix": infix(tree)},
        )
    )
    steps.append(_evaluated(back, integer_division))
    return Solution(steps, ["同级运算符从左到右结合，^ 从右到左结合；栈深度把左括号计算在内"])


def _joined(tokens: list[str]) -> str:
    return "".join(tokens) if all(len(t) == 1 and not t.isdigit() for t in tokens) else " ".join(tokens)


def _converted(tokens: list[str], stop: str) -> tuple[Expression, list[Step]]:
    """Trace the conversion with an operator stack."""
    events = convert(tokens)
    rows: list[list[Cell]] = [[e.token, join(e.stack, " "), "".join(e.output)] for e in events]
    deepest = max(e.depth for e in events)
    at = next((k for k, e in enumerate(events) if e.depth == deepest), 0)
    gives: dict[str, Value] = {"max_operators": deepest, "postfix": _joined(events[-1].output)}
    why = (
        "从左到右扫描：操作数直接输出；运算符先弹出栈中优先级不低于自己的运算符再入栈；右括号弹到左括号为止。"
        f"后缀式为 {_joined(events[-1].output)}，栈最深时有 {deepest} 个。"
    )
    table = Table(["扫描", "运算符栈（底→顶）", "输出"], rows, [(at, 1)])
    steps = [Step(why, table, "运算符栈的变化", gives)]
    if stop:
        found = next((e for e in events if e.token == stop), None)
        if found is None:
            raise InputError(f"表达式中没有符号 {stop!r}，请检查。")
        why = f"扫描到 {stop} 时，运算符栈自底向顶为 {join(found.stack, ' ') or '空'}。"
        steps.append(Step(why, credit="写出此刻栈的内容", gives={"stack_at": found.stack}))
    return from_postfix(events[-1].output), steps


def _evaluated(tokens: list[str], integer_division: bool) -> Step:
    """Trace the evaluation of a postfix expression with an operand stack."""
    numeric = all(t[0].isdigit() for t in tokens if t not in "+-*/%^")
    numbers: list[Fraction] = []
    names: list[str] = []
    rows: list[list[Cell]] = []
    deepest = 0
    for token in tokens:
        if token not in "+-*/%^":
            names.append(token)
            if numeric:
                numbers.append(Fraction(token))
        elif numeric:
            right, left = numbers.pop(), numbers.pop()
            numbers.append(apply(token, left, right, integer_division))
            names[-2:] = [str(numbers[-1])]
        else:
            names[-2:] = [f"({names[-2]}{token}{names[-1]})"]
        deepest = max(deepest, len(names))
        rows.append([token, join(names, " ")])
    table = Table(["扫描", "操作数栈（底→顶）"], rows, [(len(rows) - 1, 1)])
    gives: dict[str, Value] = {"max_operands": deepest}
    why = f"扫描后缀式，遇操作数入栈，遇运算符弹出两个操作数、结果入栈；栈中最多 {deepest} 个操作数。"
    if numeric:
        value = numbers[0]
        gives["value"] = int(value) if value.denominator == 1 else value
        why += f"结果为 {value}。"
    return Step(why, table, "求值过程", gives)


def _picture(tree: Expression) -> Tree:
    return Tree(tree.token, [_picture(side) for side in (tree.left, tree.right) if side])


def mistakes(text: str, notation: str, stop: str, integer_division: bool) -> Iterator[Mistake]:
    """Yield slips of priority, associativity and counting."""
    answer = solve(text, notation, stop, integer_division).answer
    tokens = tokenize(text)
    tree = _tree(tokens, notation)
    yield Mistake("把前缀式当成后缀式", {"postfix": answer["prefix"]})
    yield Mistake("把后缀式当成前缀式", {"prefix": answer["postfix"]})
    operands = [t for t in tokens if t[0].isalnum()]
    operators = [t for t in tokens if t in "+-*/%^"]
    yield Mistake("只把操作数写在前、运算符依次写在后", {"postfix": _joined(operands + operators)})
    yield Mistake("只把运算符依次写在前", {"prefix": _joined(operators + operands)})
    yield Mistake("操作数次序随运算符一起颠倒", {"postfix": _joined(prefix(tree)[::-1])})
    depth = integer(answer["max_operands"])
    yield Mistake("把运算后的结果漏掉，少算 1 个", {"max_operands": depth - 1})
    yield Mistake("把操作数总数当作栈深", {"max_operands": len(operands)})
    yield Mistake("把入栈时的运算符也算进操作数栈", {"max_operands": depth + 1})
    if notation == "infix":
        events = convert(tokens)
        without = max(sum(t != "(" for t in e.stack) for e in events)
        yield Mistake("没有把左括号算在栈内", {"max_operators": without})
        yield Mistake("没有算刚入栈的运算符", {"max_operators": integer(answer["max_operators"]) - 1})
        yield Mistake("右括号到来后，左括号仍算在栈内", {"max_operators": integer(answer["max_operators"]) + 1})
        yield Mistake("运算符只进栈，遇到右括号才弹出", {"max_operators": _hoarded(tokens)})
        flat = convert([t for t in tokens if t not in "()"])
        yield Mistake("忽略了括号", {"postfix": _joined(flat[-1].output)})
        if stop:
            k = next(k for k, e in enumerate(events) if e.token == stop)
            stack = events[k].stack
            yield Mistake("把左括号提前弹出", {"stack_at": [t for t in stack if t != "("]})
            yield Mistake("写成了自顶向底", {"stack_at": stack[::-1]})
            yield Mistake("看成了扫描下一符号之后的栈", {"stack_at": events[min(k + 1, len(events) - 1)].stack})
            yield Mistake("漏了刚入栈的运算符", {"stack_at": stack[:-1]})
    if "value" in answer and notation == "infix":
        left_to_right = [t for t in tokens if t not in "()"]
        yield from _slips(left_to_right, integer_division)


def _hoarded(tokens: list[str]) -> int:
    """Return the greatest depth when operators leave the stack at a right parenthesis only."""
    stack: list[str] = []
    deepest = 0
    for token in tokens:
        if token == ")":
            while stack.pop() != "(":
                pass
        elif not token[0].isalnum():
            stack.append(token)
        deepest = max(deepest, len(stack))
    return deepest


def _tree(tokens: list[str], notation: str) -> Expression:
    if notation == "infix":
        return from_postfix(convert(tokens)[-1].output)
    return from_postfix(tokens) if notation == "postfix" else from_prefix(tokens)


def _slips(tokens: list[str], integer_division: bool) -> Iterator[Mistake]:
    """Yield the values without parentheses and without priorities."""
    orders = {
        "忽略了括号": convert(tokens)[-1].output,
        "不分优先级，从左到右计算": tokens[:1]
        + [t for pair in zip(tokens[2::2], tokens[1::2], strict=True) for t in pair],
    }
    for why, order in orders.items():
        try:
            yield Mistake(why, {"value": _evaluated(order, integer_division).gives["value"]})
        except InputError:
            continue


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Draw an infix expression with parentheses and ask for postfix, depth or the stack."""
    names = iter("abcdefghij")

    def term(depth: int) -> str:
        if depth == 0:
            return next(names)
        left, right = term(rng.randrange(depth)), term(depth - 1)
        text = left + rng.choice("+-*/") + right
        return f"({text})" if rng.random() < 0.6 else text

    text = term(2) + rng.choice("+-") + term(1 + difficulty // 3) + rng.choice("*/") + term(1)
    ask = rng.choice(["postfix", "max_operators"] if difficulty < 4 else ["max_operators", "stack_at"])
    args = {"text": text}
    if ask == "postfix":
        return Draft(f"中缀表达式 {text} 的等价后缀表达式是（ ）。", args, ask)
    if ask == "max_operators":
        stem = (
            f"用栈将中缀表达式 {text} 转换为后缀表达式，转换过程中同时保存在栈中的操作符（含括号）的最大个数是（ ）。"
        )
        return Draft(stem, args, ask)
    stop = [c for c in text if c.isalpha()][-3]
    stem = f"用栈将中缀表达式 {text} 转换为后缀表达式，当扫描到 {stop} 时，栈中的元素自底向顶依次是（ ）。"
    return Draft(stem, {**args, "stop": stop}, ask)
