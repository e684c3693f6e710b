"""A small C: the expressions and statements that fork and PV questions use.

The grammar, for `fork_tree`, `pv_checker` and `race_outcomes` together::

    program    = { "int" "main" "(" ... ")" block | statement | process }
    process    = "process" NAME [ "*" NUMBER ] block
    statement  = block | ";" | declare ";" | expression ";" | STRING ";"
               | "if" "(" expression ")" statement [ "else" statement ]
               | "while" "(" expression ")" statement
               | "for" "(" [ expression | declare ] ";" [ expression ] ";" [ expression ] ")" statement
               | "section" NAME block | "break" ";" | "continue" ";" | "return" [ expression ] ";"
    declare    = ( "int" | "pid_t" | "semaphore" ) NAME [ "=" expression ] { "," NAME [ "=" expression ] }
    expression = NAME ( "=" | "+=" | "-=" ) expression | operators of C down to "!", "++", "--", calls

Comments are ``//``, ``/* */`` and lines that begin with ``#``. Chinese punctuation is read as ASCII.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from assistant408.core.errors import InputError
from assistant408.solvers.os._ast import (
    LEVELS,
    Assign,
    Binary,
    Block,
    Call,
    Declare,
    Do,
    Expr,
    If,
    Increment,
    Jump,
    Loop,
    Name,
    Num,
    Process,
    Section,
    Statement,
    Str,
    Unary,
)

__all__ = ["parse", "parse_expression"]

TOKEN = re.compile(
    r"\s+|//[^\n]*|/\*.*?\*/|^[ \t]*#[^\n]*"
    r"|(?P<number>\d+)|(?P<name>[^\W\d]\w*)|(?P<string>\"(?:[^\"\\\n]|\\.)*\")"
    r"|(?P<op>&&|\|\||[=!<>+\-*/%]=|\+\+|--|[-+*/%<>=!(){};,])",
    re.S | re.M,
)
MAX_DEPTH = 80  # of statements and expressions in one another
MAX_OPERATORS = 200  # in one chain
CHINESE = str.maketrans("（）｛｝；，＝＋－＜＞！“”", '(){};,=+-<>!""')
TYPES = ("int", "pid_t", "semaphore")


def parse(source: str) -> Block:
    """Parse a program.

    Raises:
        InputError: naming the line and what was expected.

    Examples:
        >>> parse("int x = 1; x += 2;").body[1]
        Do(expr=Assign(name='x', value=Binary(op='+', left=Name(name='x'), right=Num(value=2))))
    """
    parser = _Parser(source)
    body: list[Statement] = []
    while parser.kind:
        body += parser.statements()
    return Block(tuple(body))


def parse_expression(source: str) -> Expr:
    """Parse one expression.

    Examples:
        >>> parse_expression("a <= 1")
        Binary(op='<=', left=Name(name='a'), right=Num(value=1))
    """
    parser = _Parser(source)
    out = parser.expression()
    if parser.kind:
        raise parser.error("表达式结束")
    return out


class _Parser:
    """Recursive descent over tokens (kind, text, line)."""

    def __init__(self, source: str) -> None:
        self.tokens: list[tuple[str, str, int]] = []
        source = source.translate(CHINESE)
        at = 0
        while at < len(source):
            match = TOKEN.match(source, at)
            line = source.count("\n", 0, at) + 1
            if not match:
                raise InputError(f"第 {line} 行：不认识 {source[at]!r}，请改用 C 的写法。")
            if match.lastgroup == "number" and len(match[0]) > 18:
                raise InputError(f"第 {line} 行：整数 {match[0][:20]!r} 超过 18 位，请改小。")
            if match.lastgroup:
                self.tokens.append((match.lastgroup, match[0], line))
            at = match.end()
        self.at = 0
        self.depth = 0

    @contextmanager
    def deeper(self) -> Iterator[None]:
        """Count one level of nesting, so that no program exhausts the stack."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise InputError(f"第 {self.line} 行：括号和语句嵌套超过 {MAX_DEPTH} 层，请简化程序。")
        yield
        self.depth -= 1

    @property
    def kind(self) -> str:
        return self.tokens[self.at][0] if self.at < len(self.tokens) else ""

    @property
    def text(self) -> str:
        return self.tokens[self.at][1] if self.at < len(self.tokens) else ""

    @property
    def line(self) -> int:
        return self.tokens[min(self.at, len(self.tokens) - 1)][2] if self.tokens else 1

    def error(self, expected: str) -> InputError:
        return InputError(f"第 {self.line} 行：{self.text or '程序结尾'!r} 处应为{expected}，请核对程序。")

    def next(self) -> str:
        self.at += 1
        return self.tokens[self.at - 1][1]

    def accept(self, text: str) -> bool:
        found = self.text == text and self.kind != "string"
        self.at += found
        return found

    def expect(self, text: str) -> None:
        if not self.accept(text):
            raise self.error(f" {text!r}")

    def name(self) -> str:
        if self.kind != "name":
            raise self.error("名字")
        return self.next()

    def statements(self) -> list[Statement]:
        """Parse one statement; a declaration of several names gives several."""
        if self.text in TYPES and self.kind == "name":
            if self.tokens[self.at + 2 : self.at + 3] and self.tokens[self.at + 2][1] == "(":
                return [self.main()]
            out: list[Statement] = list(self.declare())
            self.expect(";")
            return out
        if self.accept(";"):
            return []
        with self.deeper():
            return [self.statement()]

    def main(self) -> Statement:
        self.at += 2
        while not self.accept(")"):
            if not self.kind:
                raise self.error(" ')'")
            self.at += 1
        return self.block()

    def block(self) -> Block:
        self.expect("{")
        body: list[Statement] = []
        while not self.accept("}"):
            if not self.kind:
                raise self.error(" '}'")
            body += self.statements()
        return Block(tuple(body))

    def declare(self) -> list[Declare]:
        kind = "semaphore" if self.next() == "semaphore" else "int"
        out = []
        while True:
            name = self.name()
            out.append(Declare(kind, name, self.expression() if self.accept("=") else None))
            if not self.accept(","):
                return out

    def statement(self) -> Statement:
        if self.text == "{":
            return self.block()
        if self.accept("if"):
            condition = self.bracketed()
            then = self.one()
            return If(condition, then, self.one() if self.accept("else") else None)
        if self.accept("while"):
            condition = self.bracketed()
            always = isinstance(condition, Num) and condition.value != 0
            return Loop(None if always else condition, None, self.one())
        if self.accept("for"):
            return self.for_loop()
        if self.accept("section"):
            return Section(self.name(), self.block())
        if self.accept("process"):
            name = self.name()
            copies = int(self.next()) if self.accept("*") and self.kind == "number" else 1
            if self.accept("("):
                self.expect(")")
            return Process(name, copies, self.block())
        if self.text in ("break", "continue", "return"):
            kind = self.next()
            if self.text != ";":
                self.expression()
            self.expect(";")
            return Jump(kind)
        expr = self.expression()
        self.expect(";")
        return Do(expr)

    def one(self) -> Statement:
        body = self.statements()
        return body[0] if len(body) == 1 else Block(tuple(body))

    def bracketed(self) -> Expr:
        self.expect("(")
        out = self.expression()
        self.expect(")")
        return out

    def for_loop(self) -> Statement:
        self.expect("(")
        first: list[Statement] = []
        if self.text in TYPES:
            first = list(self.declare())
        elif self.text != ";":
            first = [Do(self.expression())]
        self.expect(";")
        condition = None if self.text == ";" else self.expression()
        self.expect(";")
        step = None if self.text == ")" else self.expression()
        self.expect(")")
        return Block((*first, Loop(condition, step, self.one())))

    def expression(self) -> Expr:
        after = self.tokens[self.at + 1][1] if self.at + 1 < len(self.tokens) else ""
        if self.kind == "name" and after in ("=", "+=", "-="):
            name = self.next()
            op = self.next()
            with self.deeper():
                value = self.expression()
            return Assign(name, value if op == "=" else Binary(op[0], Name(name), value))
        return self.binary(0)

    def binary(self, level: int) -> Expr:
        if level == len(LEVELS):
            return self.unary()
        left = self.binary(level + 1)
        chain = 0
        while self.kind == "op" and self.text in LEVELS[level]:
            op = self.next()
            chain += 1
            if chain > MAX_OPERATORS:
                raise InputError(f"第 {self.line} 行：一个表达式的运算符超过 {MAX_OPERATORS} 个，请拆开。")
            left = Binary(op, left, self.binary(level + 1))
        return left

    def unary(self) -> Expr:
        if self.kind == "op" and self.text in ("!", "-"):
            with self.deeper():
                return Unary(self.next(), self.unary())
        if self.kind == "op" and self.text in ("++", "--"):
            delta = 1 if self.next() == "++" else -1
            return Increment(self.name(), delta, prefix=True)
        return self.primary()

    def primary(self) -> Expr:
        if self.accept("("):
            with self.deeper():
                out = self.expression()
            self.expect(")")
            return out
        if self.kind == "number":
            return Num(int(self.next()))
        if self.kind == "string":
            return Str(self.next()[1:-1])
        name = self.name()
        if name in ("true", "TRUE", "false", "FALSE", "NULL"):
            return Num(int(name.lower() == "true"))
        if self.accept("("):
            args: list[Expr] = []
            while not self.accept(")"):
                with self.deeper():
                    args.append(self.expression())
                if self.text != ")":
                    self.expect(",")
            return Call(name, tuple(args))
        if self.kind == "op" and self.text in ("++", "--"):
            return Increment(name, 1 if self.next() == "++" else -1, prefix=False)
        return Name(name)
