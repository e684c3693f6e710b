"""A tiny interpreter for the recursive C functions of exam questions, which counts calls and their depth.

Known: functions of ``int`` parameters, ``if``-``else``, ``while``, ``for``, ``return``, declarations, assignments, ``++``
and ``--``, arithmetic with ``/`` truncating, comparisons, ``&& || !``, ``?:``, calls, and ``printf("%d", x)``.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from assistant408.core.errors import InputError
from assistant408.solvers.ds._code import LEVELS, Code

__all__ = ["Run", "call", "parse_functions"]

TOKEN = re.compile(r'\s*(\d+|[A-Za-z_]\w*|"[^"]*"|\+\+|--|[-+*/%]=|[<>=!]=|&&|\|\||[-+*/%<>=!(){};,?:])')
TYPES = {"int", "long", "void", "unsigned", "float", "double", "char"}
DEEPEST = 70


@dataclass
class Run:
    """What a run did: steps left, calls, greatest depth of calls, printed values."""

    budget: int
    calls: int = 0
    depth: int = 0
    deepest: int = 0
    printed: list[str] = field(default_factory=list)

    def spend(self) -> None:
        """Use one step.

        Raises:
            InputError: none are left.
        """
        self.budget -= 1
        if self.budget < 0:
            raise InputError("函数执行的步数过多（可能不终止），请减小参数或检查递归出口。")


Scope = dict[str, int]
Evaluate = Callable[[Run, Scope], int]
Execute = Callable[[Run, Scope], "int | None"]  # a value is what the function returns


@dataclass(frozen=True)
class Function:
    """A function: its parameters, and its body once it is read."""

    parameters: tuple[str, ...]
    body: list[Execute]


def parse_functions(code: str) -> dict[str, Function]:
    """Parse C functions.

    Raises:
        InputError: something outside the small language.

    Examples:
        >>> f = parse_functions("int f(int n){ if(n<=1) return 1; return n*f(n-1); }")
        >>> run = Run(1000)
        >>> call(f, "f", [5], run), run.calls, run.deepest
        (120, 5, 5)
    """
    return _Parser(code).functions()


def call(functions: dict[str, Function], name: str, arguments: list[int], run: Run) -> int:
    """Call a function.

    Raises:
        InputError: an unknown function, a wrong number of arguments, or too many steps.
    """
    f = functions.get(name)
    if f is None or len(f.parameters) != len(arguments):
        raise InputError(f"代码中没有 {len(arguments)} 个参数的函数 {name!r}，请检查调用。")
    run.spend()
    run.calls += 1
    run.depth += 1
    run.deepest = max(run.deepest, run.depth)
    if run.depth > DEEPEST:
        raise InputError(f"递归超过 {DEEPEST} 层，请减小参数。")
    value = f.body[0](run, dict(zip(f.parameters, arguments, strict=True)))
    run.depth -= 1
    return value or 0


class _Parser:
    """Recursive descent into closures."""

    def __init__(self, code: str) -> None:
        self.code = Code(code, TOKEN, "整数、判断、循环和函数调用")
        self.known: dict[str, Function] = {}

    def functions(self) -> dict[str, Function]:
        while self.code.more:
            while self.code.peek() in TYPES:
                self.code.take()
            name = self.code.take()
            self.code.take("(")
            parameters = []
            while not self.code.skip(")"):
                token = self.code.take()
                if token.isidentifier() and token not in TYPES:
                    parameters.append(token)
            body: list[Execute] = []
            self.known[name] = Function(tuple(parameters), body)
            body.append(self.block())
        if not self.known:
            raise InputError("代码 '' 中没有函数，请给出完整的函数定义。")
        return self.known

    def block(self) -> Execute:
        self.code.take("{")
        parts = []
        while not self.code.skip("}"):
            parts.append(self.statement())

        def execute(run: Run, scope: Scope) -> int | None:
            for part in parts:
                value = part(run, scope)
                if value is not None:
                    return value
            return None

        return execute

    def statement(self) -> Execute:
        if self.code.peek() == "{":
            return self.block()
        if self.code.skip("if"):
            return self.branch()
        if self.code.skip("while"):
            return _loop(self.bracketed(), self.statement(), None)
        if self.code.skip("for"):
            return self.for_loop()
        if self.code.skip("return"):
            value = (lambda run, scope: 0) if self.code.peek() == ";" else self.expression()
            self.code.take(";")
            return value
        return _plain(self.listed(";"))

    def bracketed(self) -> Evaluate:
        self.code.take("(")
        value = self.expression()
        self.code.take(")")
        return value

    def branch(self) -> Execute:
        test, yes = self.bracketed(), self.statement()
        no = self.statement() if self.code.skip("else") else None

        def execute(run: Run, scope: Scope) -> int | None:
            if test(run, scope):
                return yes(run, scope)
            return no(run, scope) if no else None

        return execute

    def for_loop(self) -> Execute:
        self.code.take("(")
        start = self.listed(";")
        test = (lambda run, scope: 1) if self.code.peek() == ";" else self.expression()
        self.code.take(";")
        step = self.listed(")")
        loop = _loop(test, self.statement(), step)

        def execute(run: Run, scope: Scope) -> int | None:
            start(run, scope)
            return loop(run, scope)

        return execute

    def listed(self, end: str) -> Evaluate:
        """Parse expressions with commas up to `end`, which is taken."""
        declared = self.code.peek() in TYPES
        while self.code.peek() in TYPES:
            self.code.take()
        parts: list[Evaluate] = []
        while not self.code.skip(end):
            bare = declared and self.code.peek(1) in (",", end)
            parts.append(_zero(self.code.take()) if bare else self.expression())
            self.code.skip(",")

        def evaluate(run: Run, scope: Scope) -> int:
            run.spend()
            for part in parts:
                part(run, scope)
            return 0

        return evaluate

    def expression(self) -> Evaluate:
        name, sign = self.code.peek(), self.code.peek(1)
        if name.isidentifier() and sign in ("=", "+=", "-=", "*=", "/=", "%="):
            self.code.at += 2
            right = self.expression()

            def assign(run: Run, scope: Scope) -> int:
                value = right(run, scope)
                scope[name] = value if sign == "=" else _apply(sign[0], scope.get(name, 0), value)
                return scope[name]

            return assign
        test = self.binary(0)
        if not self.code.skip("?"):
            return test
        yes = self.expression()
        self.code.take(":")
        no = self.expression()
        return lambda run, scope: yes(run, scope) if test(run, scope) else no(run, scope)

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
            if token == "!":
                return lambda run, scope: int(not inner(run, scope))
            return (lambda run, scope: -inner(run, scope)) if token == "-" else inner
        if token in ("++", "--"):
            return _changed(self.code.take(), 1 if token == "++" else -1, before=True)
        if token == "(":
            value = self.expression()
            self.code.take(")")
            return value
        if token.isdigit():
            constant = int(token)
            return lambda run, scope: constant
        if token[0] == '"':
            return lambda run, scope: 0
        if not token.isidentifier():
            raise InputError(f"代码中的 {token!r} 处不合语法，请检查表达式。")
        if self.code.skip("("):
            return self.called(token)
        if self.code.peek() in ("++", "--"):
            return _changed(token, 1 if self.code.take() == "++" else -1, before=False)
        return lambda run, scope: _read(scope, token)

    def called(self, name: str) -> Evaluate:
        arguments = []
        while not self.code.skip(")"):
            arguments.append(self.expression())
            self.code.skip(",")
        known = self.known

        def evaluate(run: Run, scope: Scope) -> int:
            values = [a(run, scope) for a in arguments]
            if name == "printf":
                run.printed += [str(v) for v in values[1:]]
                return 0
            return call(known, name, values, run)

        return evaluate


def _zero(name: str) -> Evaluate:
    return lambda run, scope: scope.setdefault(name, 0)


def _plain(value: Evaluate) -> Execute:
    def execute(run: Run, scope: Scope) -> int | None:
        value(run, scope)
        return None

    return execute


def _loop(test: Evaluate, body: Execute, step: Evaluate | None) -> Execute:
    def execute(run: Run, scope: Scope) -> int | None:
        while test(run, scope):
            run.spend()
            value = body(run, scope)
            if value is not None:
                return value
            if step:
                step(run, scope)
        return None

    return execute


def _read(scope: Scope, name: str) -> int:
    if name not in scope:
        raise InputError(f"变量 {name!r} 没有赋初值，请补上。")
    return scope[name]


def _changed(name: str, by: int, before: bool) -> Evaluate:
    def evaluate(run: Run, scope: Scope) -> int:
        old = _read(scope, name)
        scope[name] = old + by
        return old + by if before else old

    return evaluate


def _joined(operator: str, left: Evaluate, right: Evaluate) -> Evaluate:
    if operator == "&&":
        return lambda run, scope: int(bool(left(run, scope)) and bool(right(run, scope)))
    if operator == "||":
        return lambda run, scope: int(bool(left(run, scope)) or bool(right(run, scope)))
    return lambda run, scope: _apply(operator, left(run, scope), right(run, scope))


def _apply(operator: str, a: int, b: int) -> int:
    if operator in ("/", "%"):
        if b == 0:
            raise InputError(f"代码中出现除以 0（{a}{operator}0），请检查。")
        quotient = abs(a) // abs(b) * (1 if (a < 0) == (b < 0) else -1)
        return quotient if operator == "/" else a - b * quotient
    results = {"+": a + b, "-": a - b, "*": a * b}
    if operator in results:
        return results[operator]
    compare = {"<": a < b, ">": a > b, "<=": a <= b, ">=": a >= b, "==": a == b, "!=": a != b}
    return int(compare[operator])
