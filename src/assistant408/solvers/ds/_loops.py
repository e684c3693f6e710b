"""A tiny interpreter for the C-like loops of exam questions, which counts executions of each statement.

Known: ``for``, ``while``, ``do``-``while``, ``if``-``else``, blocks, integer variables, declarations, assignments,
``++`` and ``--``, arithmetic with ``/`` truncating, comparisons, ``&& || !``. A call such as ``printf("*")`` or a
bare name such as ``S`` counts as a statement without effect.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from assistant408.core.errors import InputError
from assistant408.solvers.ds._code import LEVELS, Code

__all__ = ["Program", "TooLong", "parse"]

TOKEN = re.compile(r'\s*(?:(\d+)|([A-Za-z_]\w*)|("[^"]*")|(\+\+|--|[-+*/%]=|[<>=!]=|&&|\|\||[-+*/%<>=!(){};,\[\]]))')
TYPES = {"int", "long", "unsigned", "float", "double"}


class TooLong(Exception):
    """The step limit was reached."""


@dataclass
class State:
    """Variables, executions by statement, and the steps left."""

    variables: dict[str, int]
    budget: int
    counts: dict[int, int] = field(default_factory=dict)

    def spend(self) -> None:
        """Use one step."""
        self.budget -= 1
        if self.budget < 0:
            raise TooLong


Evaluate = Callable[[State], int]
Execute = Callable[[State], object]


@dataclass(frozen=True)
class Program:
    """Parsed code: what to execute, and the text and loop depth of every simple statement."""

    execute: Execute
    statements: list[tuple[str, int]]

    def run(self, n: int, budget: int) -> State:
        """Run for a value of n.

        Raises:
            TooLong: more than `budget` steps were needed.
        """
        state = State({"n": n}, budget)
        self.execute(state)
        return state


def parse(code: str) -> Program:
    """Parse C-like code.

    Raises:
        InputError: something outside the small language.

    Examples:
        >>> program = parse("for(i=1;i<=n;i++) m++;")
        >>> program.statements
        [('m++', 1)]
        >>> program.run(5, 100).counts
        {0: 5}
    """
    return _Parser(code).program()


class _Parser:
    """Recursive descent into closures."""

    def __init__(self, code: str) -> None:
        self.code = Code(code, TOKEN, "循环、赋值和算术运算")
        self.depth = 0
        self.statements: list[tuple[str, int]] = []

    def program(self) -> Program:
        parts = []
        while self.code.more:
            parts.append(self.statement())
        if not self.statements:
            raise InputError("代码 '' 中没有语句，请写出循环体。")

        def execute(state: State) -> None:
            for part in parts:
                part(state)

        return Program(execute, self.statements)

    def statement(self) -> Execute:
        token = self.code.peek()
        if token == "{":
            return self.block()
        if token == "for":
            return self.for_loop()
        if token == "while":
            self.code.take()
            test = self.bracketed()
            return self.looping(test, self.body(), None)
        if token == "do":
            return self.do_loop()
        if token == "if":
            return self.branch()
        if self.code.skip(";"):
            return lambda state: None
        return self.simple()

    def block(self) -> Execute:
        self.code.take("{")
        parts = []
        while not self.code.skip("}"):
            parts.append(self.statement())

        def execute(state: State) -> None:
            for part in parts:
                part(state)

        return execute

    def bracketed(self) -> Evaluate:
        self.code.take("(")
        value = self.expression()
        self.code.take(")")
        return value

    def body(self) -> Execute:
        self.depth += 1
        out = self.statement()
        self.depth -= 1
        return out

    def for_loop(self) -> Execute:
        self.code.take("for")
        self.code.take("(")
        start = self.listed(";")
        test = (lambda state: 1) if self.code.peek() == ";" else self.expression()
        self.code.take(";")
        step = self.listed(")")
        loop = self.looping(test, self.body(), step)

        def execute(state: State) -> None:
            start(state)
            loop(state)

        return execute

    @staticmethod
    def looping(test: Evaluate, body: Execute, step: Evaluate | None) -> Execute:
        def execute(state: State) -> None:
            while test(state):
                state.spend()
                body(state)
                if step:
                    step(state)

        return execute

    def do_loop(self) -> Execute:
        self.code.take("do")
        body = self.body()
        self.code.take("while")
        test = self.bracketed()
        self.code.skip(";")

        def execute(state: State) -> None:
            while True:
                state.spend()
                body(state)
                if not test(state):
                    return

        return execute

    def branch(self) -> Execute:
        self.code.take("if")
        test = self.bracketed()
        yes = self.statement()
        no: Execute = self.statement() if self.code.skip("else") else lambda state: None

        def execute(state: State) -> None:
            yes(state) if test(state) else no(state)

        return execute

    def listed(self, end: str) -> Evaluate:
        """Parse expressions with commas up to `end`, which is taken."""
        while self.code.peek() in TYPES:
            self.code.take()
        parts = []
        while not self.code.skip(end):
            parts.append(self.expression())
            self.code.skip(",")

        def evaluate(state: State) -> int:
            for part in parts:
                part(state)
            return 0

        return evaluate

    def simple(self) -> Execute:
        declared = self.code.peek() in TYPES
        begin = self.code.at
        value = self.listed(";")
        text = "".join(self.code.tokens[begin : self.code.at - 1])
        if declared and not self.depth:
            return value
        number = len(self.statements)
        self.statements.append((text, self.depth))

        def execute(state: State) -> None:
            state.spend()
            state.counts[number] = state.counts.get(number, 0) + 1
            value(state)

        return execute

    def expression(self) -> Evaluate:
        """Parse an assignment or a value."""
        name, sign = self.code.peek(), self.code.peek(1)
        if name.isidentifier() and sign in ("=", "+=", "-=", "*=", "/=", "%="):
            self.code.at += 2
            right = self.expression()

            def assign(state: State) -> int:
                state.variables.setdefault(name, 0)
                value = right(state)
                if sign != "=":
                    value = _apply(sign[0], state.variables[name], value)
                state.variables[name] = value
                return value

            return assign
        return self.binary(0)

    def binary(self, level: int) -> Evaluate:
        if level == len(LEVELS):
            return self.unary()
        left = self.binary(level + 1)
        while self.code.peek() in LEVELS[level]:
            left = _joined(self.code.take(), left, self.binary(level + 1))
        return left

    def unary(self) -> Evaluate:
        token = self.code.take()
        if token in ("-", "+", "!"):
            inner = self.unary()
            return {
                "-": lambda state: -inner(state),
                "+": inner,
                "!": lambda state: int(not inner(state)),
            }[token]
        if token in ("++", "--"):
            return _changed(self.code.take(), 1 if token == "++" else -1, before=True)
        if token == "(":
            value = self.expression()
            self.code.take(")")
            return value
        if token.isdigit():
            constant = int(token)
            return lambda state: constant
        if token[0] == '"':
            return lambda state: 0
        if not token.isidentifier():
            raise InputError(f"代码中的 {token!r} 处不合语法，请检查表达式。")
        return self.named(token)

    def named(self, name: str) -> Evaluate:
        if self.code.skip("("):
            return self.listed(")")
        if self.code.peek() in ("++", "--"):
            return _changed(name, 1 if self.code.take() == "++" else -1, before=False)
        bare = self.code.peek() in (";", "[")
        while self.code.skip("["):
            self.listed("]")
            if self.code.skip("="):
                self.expression()
        return lambda state: state.variables.get(name, 0) if bare else _read(state.variables, name)


def _read(variables: Mapping[str, int], name: str) -> int:
    if name not in variables:
        raise InputError(f"变量 {name!r} 没有赋初值，请补上初值（规模用 n 表示）。")
    return variables[name]


def _changed(name: str, by: int, before: bool) -> Evaluate:
    def evaluate(state: State) -> int:
        old = state.variables.get(name, 0)
        state.variables[name] = old + by
        return old + by if before else old

    return evaluate


def _joined(operator: str, left: Evaluate, right: Evaluate) -> Evaluate:
    if operator == "&&":
        return lambda state: int(bool(left(state)) and bool(right(state)))
    if operator == "||":
        return lambda state: int(bool(left(state)) or bool(right(state)))
    return lambda state: _apply(operator, left(state), right(state))


def _apply(operator: str, a: int, b: int) -> int:
    if operator in ("/", "%"):
        if b == 0:
            raise InputError(f"代码中出现除以 0（{a}{operator}0），请检查循环变量。")
        quotient = abs(a) // abs(b) * (1 if (a < 0) == (b < 0) else -1)
        return quotient if operator == "/" else a - b * quotient
    if operator == "+":
        return a + b
    if operator == "-":
        return a - b
    if operator == "*":
        return a * b
    compare = {"<": a < b, ">": a > b, "<=": a <= b, ">=": a >= b, "==": a == b, "!=": a != b}
    return int(compare[operator])
