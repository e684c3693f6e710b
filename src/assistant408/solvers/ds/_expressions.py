"""Tokens, trees and conversions of arithmetic expressions."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from assistant408.core.errors import InputError

__all__ = [
    "Event",
    "Expression",
    "apply",
    "convert",
    "from_postfix",
    "from_prefix",
    "infix",
    "postfix",
    "prefix",
    "tokenize",
]

PRIORITY = {"+": 1, "-": 1, "*": 2, "/": 2, "%": 2, "^": 3}
ALIASES = str.maketrans("＋－×÷（）−·", "+-*/()-*")


@dataclass(frozen=True)
class Expression:
    """A binary expression tree; operands are leaves."""

    token: str
    left: Expression | None = None
    right: Expression | None = None


@dataclass(frozen=True)
class Event:
    """The conversion after one token: operator stack, output, and the stack's depth."""

    token: str
    stack: list[str]
    output: list[str]
    depth: int


def tokenize(text: str) -> list[str]:
    """Cut an expression into numbers, variables, operators and parentheses.

    Raises:
        InputError: a character that belongs to none.

    Examples:
        >>> tokenize("12×(a1-b)")
        ['12', '*', '(', 'a1', '-', 'b', ')']
    """
    tokens = re.findall(r"\d+|[A-Za-z]\d*|\S", text.translate(ALIASES))
    for token in tokens:
        if token not in PRIORITY and token not in "()" and not token.isascii():
            raise InputError(f"表达式中的 {token!r} 无法识别，请只用数、变量、+-*/%^ 和圆括号。")
        if not token[0].isalnum() and token not in PRIORITY and token not in "()":
            raise InputError(f"表达式中的 {token!r} 无法识别，请只用数、变量、+-*/%^ 和圆括号。")
    return tokens


def convert(tokens: list[str]) -> list[Event]:
    """Convert infix to postfix with an operator stack; the last event holds the whole output.

    Raises:
        InputError: the tokens are no infix expression.
    """
    _check_infix(tokens)
    stack: list[str] = []
    output: list[str] = []
    events: list[Event] = []
    for token in tokens:
        if token == "(":
            stack.append(token)
        elif token == ")":
            while stack[-1] != "(":
                output.append(stack.pop())
            stack.pop()
        elif token in PRIORITY:
            while stack and stack[-1] != "(" and _pops(stack[-1], token):
                output.append(stack.pop())
            stack.append(token)
        else:
            output.append(token)
        events.append(Event(token, list(stack), list(output), len(stack)))
    output += reversed(stack)
    events.append(Event("结束", [], output, 0))
    return events


def _pops(top: str, token: str) -> bool:
    """Tell whether `top` leaves the stack before `token` enters."""
    return PRIORITY[top] > PRIORITY[token] or (PRIORITY[top] == PRIORITY[token] and token != "^")


def _check_infix(tokens: list[str]) -> None:
    depth, operand_expected = 0, True
    for token in tokens:
        opens = token == "(" or token[0].isalnum()
        if opens != operand_expected:
            raise InputError(f"中缀表达式在 {token!r} 处不合语法（缺运算符或操作数，不支持一元负号），请检查。")
        depth += {"(": 1, ")": -1}.get(token, 0)
        if depth < 0:
            raise InputError(f"中缀表达式 {''.join(tokens)!r} 多了右括号，请检查。")
        operand_expected = token == "(" or token in PRIORITY
    if depth or operand_expected:
        raise InputError(f"中缀表达式 {''.join(tokens)!r} 不完整，请检查括号和操作数。")


def from_postfix(tokens: list[str]) -> Expression:
    """Build the tree of a postfix expression.

    Raises:
        InputError: operands and operators do not fit.
    """
    stack: list[Expression] = []
    for token in tokens:
        if token in PRIORITY and len(stack) >= 2:
            right, left = stack.pop(), stack.pop()
            stack.append(Expression(token, left, right))
        elif token[0].isalnum():
            stack.append(Expression(token))
        else:
            raise InputError(f"后缀表达式在 {token!r} 处缺少操作数，请检查。")
    if len(stack) != 1:
        raise InputError(f"后缀表达式 {' '.join(tokens)!r} 的操作数多于运算符所需，请检查。")
    return stack[0]


def from_prefix(tokens: list[str]) -> Expression:
    """Build the tree of a prefix expression."""
    mirrored = from_postfix(tokens[::-1])

    def mirror(tree: Expression | None) -> Expression | None:
        return tree and Expression(tree.token, mirror(tree.right), mirror(tree.left))

    out = mirror(mirrored)
    assert out is not None
    return out


def prefix(tree: Expression | None) -> list[str]:
    """List the tokens in preorder."""
    return [tree.token, *prefix(tree.left), *prefix(tree.right)] if tree else []


def postfix(tree: Expression | None) -> list[str]:
    """List the tokens in postorder."""
    return [*postfix(tree.left), *postfix(tree.right), tree.token] if tree else []


def infix(tree: Expression) -> str:
    """Write the tree with as few parentheses as its shape needs.

    Examples:
        >>> infix(from_postfix(list("abc-*d-")))
        'a*(b-c)-d'
    """
    if tree.left is None or tree.right is None:
        return tree.token
    own = PRIORITY[tree.token]

    def side(child: Expression, is_right: bool) -> str:
        inner = PRIORITY.get(child.token, 9)
        tight = inner > own or (inner == own and is_right == (tree.token == "^"))
        return infix(child) if tight else f"({infix(child)})"

    return side(tree.left, False) + tree.token + side(tree.right, True)


def apply(operator: str, left: Fraction, right: Fraction, integer_division: bool) -> Fraction:
    """Apply one operator exactly.

    Raises:
        InputError: division by zero, or an exponent outside 0 to 64.
    """
    if operator == "+":
        return left + right
    if operator == "-":
        return left - right
    if operator == "*":
        return left * right
    if operator == "^":
        if right.denominator != 1 or not 0 <= right <= 64 or abs(left) > 10**6:
            raise InputError(f"乘方 {left}^{right} 的指数应为 0～64 的整数、底数不超过 10^6，请检查。")
        return Fraction(left) ** int(right)
    if right == 0:
        raise InputError(f"{left}{operator}{right} 的除数为 0，请检查表达式。")
    if operator == "/" and not integer_division:
        return left / right
    quotient = abs(left) // abs(right) * (1 if (left < 0) == (right < 0) else -1)
    return Fraction(quotient) if operator == "/" else left - right * quotient
