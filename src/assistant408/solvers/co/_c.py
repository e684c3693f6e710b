"""C's arithmetic on a 32-bit machine: types, conversions, and the value of an expression, without side effects."""

from __future__ import annotations

import math
import re
import struct
from collections.abc import Mapping
from dataclasses import dataclass

from assistant408.core.errors import InputError
from assistant408.solvers.co._bits import hexadecimal, signed

__all__ = ["DOUBLE", "FLOAT", "INT", "CType", "CValue", "ctype", "evaluate", "put"]


@dataclass(frozen=True)
class CType:
    """A C type: its spelling, width in bits, and whether it is signed or a floating one."""

    name: str
    bits: int
    signed: bool = True
    floating: bool = False


INT, UNSIGNED = CType("int", 32), CType("unsigned int", 32, False)
FLOAT, DOUBLE = CType("float", 32, floating=True), CType("double", 64, floating=True)
_TYPES = {t.name: t for t in (INT, UNSIGNED, FLOAT, DOUBLE)} | {
    "char": CType("char", 8),
    "unsigned char": CType("unsigned char", 8, False),
    "short": CType("short", 16),
    "unsigned short": CType("unsigned short", 16, False),
    "long": CType("long", 32),
    "unsigned long": CType("unsigned long", 32, False),
    "long long": CType("long long", 64),
    "unsigned long long": CType("unsigned long long", 64, False),
}
_LONGEST = 60  # tokens of an expression: each may be a parenthesis, which is a dozen calls deep
_TOKEN = re.compile(
    r"\s*(?:(?P<hex>0[xX][0-9A-Fa-f]+|[0-9][0-9A-Fa-f]*H\b)(?P<hu>[uU]?)|(?P<real>\d+\.\d*(?:[eE][+-]?\d+)?|\d+[eE][+-]?\d+)(?P<rf>[fF]?)"
    r"|(?P<int>\d+)(?P<u>[uU]?)[lL]*|(?P<name>[A-Za-z_]\w*)|(?P<op><<|>>|<=|>=|==|!=|&&|\|\||[-+*/%&|^~!<>()?:]))"
)
_LEVELS = (
    ("||",),
    ("&&",),
    ("|",),
    ("^",),
    ("&",),
    ("==", "!="),
    ("<", ">", "<=", ">="),
    ("<<", ">>"),
    ("+", "-"),
    ("*", "/", "%"),
)


@dataclass(frozen=True)
class CValue:
    """A value of a type: an `int`, or a `float` for floating types."""

    type: CType
    value: int | float

    @property
    def code(self) -> str:
        """Its machine code in hexadecimal."""
        if self.type.floating:
            packed = struct.pack(">f" if self.type.bits == 32 else ">d", self.value)
            return packed.hex().upper() + "H"
        return hexadecimal(int(self.value), self.type.bits)


def ctype(words: str) -> CType:
    """The type that C words name, in any order and with `int` left out.

    Raises:
        InputError: no such type.

    Examples:
        >>> ctype("unsigned").name, ctype("short int").name, ctype("signed char").bits
        ('unsigned int', 'short', 8)
    """
    parts = words.split()
    base = " ".join(p for p in parts if p not in ("unsigned", "signed", "const")) or "int"
    base = base if base == "int" else base.replace(" int", "").replace("int ", "")
    name = f"unsigned {base}" if "unsigned" in parts else base
    if name not in _TYPES:
        raise InputError(f"不认识 C 类型 {words!r}，请用 char、short、int、long long、float、double 及 unsigned 形式。")
    return _TYPES[name]


def put(v: CValue, to: CType) -> CValue:
    """Converts as an assignment or a cast does.

    Raises:
        InputError: a floating value outside the integer type, which C leaves undefined.

    Examples:
        >>> put(CValue(INT, 65530), ctype("short")).value, put(CValue(INT, 16777217), FLOAT).value
        (-6, 16777216.0)
    """
    value = v.value
    if to.floating:
        x = float(value)
        if to.bits == 32 and math.isfinite(x):
            try:
                x = struct.unpack(">f", struct.pack(">f", x))[0]
            except OverflowError:
                x = math.copysign(math.inf, x)
        return CValue(to, x)
    if isinstance(value, float):
        if not math.isfinite(value) or not _fits(math.trunc(value), to):
            raise InputError(f"浮点数 {value!r} 超出 {to.name} 的范围，转换的结果 C 语言没有规定。")
        value = math.trunc(value)
    return CValue(to, signed(value, to.bits) if to.signed else value % (1 << to.bits))


def _fits(n: int, to: CType) -> bool:
    low = -(1 << (to.bits - 1)) if to.signed else 0
    return low <= n < low + (1 << to.bits)


def _promoted(v: CValue) -> CValue:
    return put(v, INT) if not v.type.floating and v.type.bits < 32 else v


def _common(a: CType, b: CType) -> CType:
    """The type of the usual arithmetic conversions, of promoted operands."""
    if a.floating or b.floating:
        return max((t for t in (a, b) if t.floating), key=lambda t: t.bits)
    if a.bits != b.bits:
        return a if a.bits > b.bits else b
    return a if not a.signed else b


def evaluate(text: str, variables: Mapping[str, CValue]) -> CValue:
    """The value of an expression.

    Raises:
        InputError: it is malformed, names an unknown variable, or divides by zero.

    Examples:
        >>> x = {"x": CValue(INT, -1)}
        >>> evaluate("(unsigned)x > 1", x).value, evaluate("x >> 4", x).value, evaluate("-7 / 2 * 2.0", x).value
        (1, -1, -6.0)
    """
    parser = _Parser(text, variables)
    value = parser.ternary()
    if parser.at < len(parser.tokens):
        raise InputError(f"表达式 {text!r} 在 {parser.tokens[parser.at][0]!r} 处不合语法，请检查。")
    return value


class _Parser:
    """Recursive descent over the tokens of one expression."""

    def __init__(self, text: str, variables: Mapping[str, CValue]) -> None:
        self.text, self.variables, self.at = text, variables, 0
        self.tokens: list[tuple[str, CValue | None]] = []
        at = 0
        while text[at:].strip():
            m = _TOKEN.match(text, at)
            if m is None:
                raise InputError(f"表达式 {text!r} 中 {text[at:].strip()[:6]!r} 不能识别，请检查。")
            self.tokens.append((m[0].strip(), _literal(m)))
            at = m.end()
        if len(self.tokens) > _LONGEST:
            raise InputError(f"表达式 {text[:40]!r}… 有 {len(self.tokens)} 个记号，至多 {_LONGEST} 个，请拆开。")

    def peek(self) -> str:
        return self.tokens[self.at][0] if self.at < len(self.tokens) else ""

    def take(self, wanted: str) -> None:
        if self.peek() != wanted:
            raise InputError(f"表达式 {self.text!r} 缺少 {wanted!r}，请检查。")
        self.at += 1

    def ternary(self) -> CValue:
        test = self.binary(0)
        if self.peek() != "?":
            return test
        self.take("?")
        yes = self.ternary()
        self.take(":")
        no = self.ternary()
        kind = _common(_promoted(yes).type, _promoted(no).type)
        return put(yes if test.value else no, kind)

    def binary(self, level: int) -> CValue:
        if level == len(_LEVELS):
            return self.unary()
        left = self.binary(level + 1)
        while self.peek() in _LEVELS[level]:
            op = self.peek()
            self.at += 1
            left = _apply(op, left, self.binary(level + 1))
        return left

    def unary(self) -> CValue:
        op = self.peek()
        if op in ("-", "+", "~", "!"):
            self.at += 1
            v = _promoted(self.unary())
            if op == "!":
                return CValue(INT, int(not v.value))
            if op == "~":
                return put(CValue(v.type, ~int(v.value)), v.type)
            return put(CValue(v.type, -v.value), v.type) if op == "-" else v
        if op == "(":
            self.at += 1
            words = []
            while self.peek() in ("unsigned", "signed", "char", "short", "int", "long", "float", "double"):
                words.append(self.peek())
                self.at += 1
            if words:
                self.take(")")
                return put(self.unary(), ctype(" ".join(words)))
            v = self.ternary()
            self.take(")")
            return v
        if self.at >= len(self.tokens):
            raise InputError(f"表达式 {self.text!r} 不完整，请补全。")
        name, literal = self.tokens[self.at]
        self.at += 1
        if literal is not None:
            return literal
        if name not in self.variables:
            raise InputError(f"表达式中的 {name!r} 没有给出值，请先定义这个变量。")
        return self.variables[name]


def _literal(m: re.Match[str]) -> CValue | None:
    if m["hex"]:
        n = int(m["hex"][:-1] if m["hex"][-1] == "H" else m["hex"], 16)
        kind = UNSIGNED if m["hu"] or n >= 1 << 31 else INT
    elif m["real"]:
        return put(CValue(DOUBLE, float(m["real"])), FLOAT if m["rf"] else DOUBLE)
    elif m["int"]:
        n = int(m["int"].lstrip("0")[:30] or "0")  # no type has more digits; too large is refused below
        kind = UNSIGNED if m["u"] else INT
    else:
        return None
    if n >= 1 << 64:
        raise InputError(f"常量 {m[0].strip()!r} 超出 64 位，请改小。")
    return CValue(kind if _fits(n, kind) else _TYPES["long long" if n < 1 << 63 else "unsigned long long"], n)


def _apply(op: str, a: CValue, b: CValue) -> CValue:
    if op in ("&&", "||"):
        return CValue(INT, int(bool(a.value and b.value) if op == "&&" else bool(a.value or b.value)))
    a, b = _promoted(a), _promoted(b)
    if op in ("<<", ">>"):
        n = int(b.value)
        if a.type.floating or b.type.floating or not 0 <= n < a.type.bits:
            raise InputError(f"不能移动 {b.value!r} 位，请给 0 到 {a.type.bits - 1} 的整数。")
        shifted = int(a.value) << n if op == "<<" else int(a.value) >> n
        return put(CValue(a.type, shifted), a.type)
    kind = _common(a.type, b.type)
    x, y = put(a, kind).value, put(b, kind).value
    if op in ("==", "!=", "<", ">", "<=", ">="):
        said = {"==": x == y, "!=": x != y, "<": x < y, ">": x > y, "<=": x <= y, ">=": x >= y}[op]
        return CValue(INT, int(said))
    if op in ("/", "%") and y == 0:
        raise InputError("除数为 0，C 语言没有规定结果，请检查数据。")
    if isinstance(x, float) or isinstance(y, float):
        if op not in ("+", "-", "*", "/"):
            raise InputError(f"浮点数不能做 {op!r} 运算，请检查表达式。")
        return put(CValue(kind, {"+": x + y, "-": x - y, "*": x * y, "/": x / y if y else 0.0}[op]), kind)
    if op in ("/", "%"):
        q = abs(x) // abs(y) * (1 if (x < 0) == (y < 0) else -1)
        return put(CValue(kind, q if op == "/" else x - q * y), kind)
    results = {"+": x + y, "-": x - y, "*": x * y, "&": x & y, "|": x | y, "^": x ^ y}
    return put(CValue(kind, results[op]), kind)
