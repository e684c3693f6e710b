"""The syntax tree of the small C in `_c`, and what its expressions mean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from assistant408.core.errors import InputError

__all__ = [
    "LEVELS",
    "Assign",
    "Binary",
    "Block",
    "Call",
    "Declare",
    "Do",
    "Expr",
    "If",
    "Increment",
    "Jump",
    "Loop",
    "Name",
    "Num",
    "Process",
    "Section",
    "Statement",
    "Str",
    "Unary",
    "arithmetic",
    "text_of",
]

MAX_INTEGER = 10**18
# Binary operators by precedence, loosest first.
LEVELS = (("||",), ("&&",), ("==", "!="), ("<", ">", "<=", ">="), ("+", "-"), ("*", "/", "%"))


@dataclass(frozen=True)
class Num:
    """An integer."""

    value: int


@dataclass(frozen=True)
class Str:
    """A string literal."""

    text: str


@dataclass(frozen=True)
class Name:
    """A variable."""

    name: str


@dataclass(frozen=True)
class Call:
    """A function call."""

    name: str
    args: tuple[Expr, ...]


@dataclass(frozen=True)
class Unary:
    """``!x`` or ``-x``."""

    op: str
    operand: Expr


@dataclass(frozen=True)
class Binary:
    """A binary operation."""

    op: str
    left: Expr
    right: Expr


@dataclass(frozen=True)
class Assign:
    """``name = value``."""

    name: str
    value: Expr


@dataclass(frozen=True)
class Increment:
    """``name++``, ``--name`` and the like; `prefix` gives the new value."""

    name: str
    delta: int
    prefix: bool


Expr = Num | Str | Name | Call | Unary | Binary | Assign | Increment


@dataclass(frozen=True)
class Do:
    """An expression as a statement."""

    expr: Expr


@dataclass(frozen=True)
class If:
    """A branch."""

    condition: Expr
    then: Statement
    other: Statement | None


@dataclass(frozen=True)
class Loop:
    """``while`` and ``for``; a condition of `None` holds always."""

    condition: Expr | None
    step: Expr | None
    body: Statement


@dataclass(frozen=True)
class Block:
    """Statements in order."""

    body: tuple[Statement, ...]


@dataclass(frozen=True)
class Jump:
    """``break``, ``continue`` or ``return``."""

    kind: str


@dataclass(frozen=True)
class Declare:
    """A variable (``int``) or semaphore with its initial value."""

    kind: str
    name: str
    value: Expr | None


@dataclass(frozen=True)
class Section:
    """A named stretch of code, such as a critical section."""

    name: str
    body: Statement


@dataclass(frozen=True)
class Process:
    """A process, in `copies` copies."""

    name: str
    copies: int
    body: Statement


Statement = Do | If | Loop | Block | Jump | Declare | Section | Process


def text_of(expr: Expr) -> str:
    """Write an expression back, with the brackets that precedence needs.

    Examples:
        >>> text_of(Binary("*", Binary("+", Name("a"), Num(1)), Num(2)))
        '(a+1)*2'
    """
    if isinstance(expr, Num):
        return str(expr.value)
    if isinstance(expr, Str):
        return f'"{expr.text}"'
    if isinstance(expr, Name):
        return expr.name
    if isinstance(expr, Call):
        return f"{expr.name}({', '.join(map(text_of, expr.args))})"
    if isinstance(expr, Unary):
        inner = text_of(expr.operand)
        return expr.op + (f"({inner})" if isinstance(expr.operand, Binary) else inner)
    if isinstance(expr, Binary):
        return _side(expr.left, expr.op, 0) + expr.op + _side(expr.right, expr.op, 1)
    if isinstance(expr, Assign):
        return f"{expr.name}={text_of(expr.value)}"
    sign = "++" if expr.delta > 0 else "--"
    return sign + expr.name if expr.prefix else expr.name + sign


def _side(expr: Expr, op: str, bias: int) -> str:
    loose = isinstance(expr, Assign) or (isinstance(expr, Binary) and _rank(expr.op) < _rank(op) + bias)
    return f"({text_of(expr)})" if loose else text_of(expr)


def _rank(op: str) -> int:
    return next(i for i, ops in enumerate(LEVELS) if op in ops)


def arithmetic(op: str, a: int, b: int) -> int:
    """Apply an operator other than ``&&`` and ``||``; division truncates as in C.

    Raises:
        InputError: division by zero, or a result of more than 18 digits.

    Examples:
        >>> arithmetic("/", -7, 2), arithmetic("%", -7, 2), arithmetic("<=", 1, 1)
        (-3, -1, 1)
    """
    if op in ("/", "%"):
        if b == 0:
            raise InputError(f"表达式中出现 {a} {op} 0，除数不能为 0，请核对程序。")
        quotient = abs(a) // abs(b) * (1 if (a < 0) == (b < 0) else -1)
        return quotient if op == "/" else a - quotient * b
    if max(abs(a), abs(b)) >= MAX_INTEGER:
        raise InputError(f"表达式中的数超过 18 位（{op!r} 的一端），请缩小取值。")
    table: Mapping[str, int] = {
        "+": a + b,
        "-": a - b,
        "*": a * b,
        "==": int(a == b),
        "!=": int(a != b),
        "<": int(a < b),
        ">": int(a > b),
        "<=": int(a <= b),
        ">=": int(a >= b),
    }
    return table[op]
