"""Type conversion in C (C 语言类型转换): integers of all widths, float and double, step by step."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Solution, Step, Table
from assistant408.solvers.co._bits import hexadecimal, parse_word, signed
from assistant408.solvers.co._float import FORMATS, decode, encode
from assistant408.solvers.co._text import decimal

__all__ = ["solve"]

INTEGERS = {
    "char": (8, True),
    "unsigned char": (8, False),
    "short": (16, True),
    "unsigned short": (16, False),
    "int": (32, True),
    "unsigned int": (32, False),
    "long long": (64, True),
    "unsigned long long": (64, False),
}
FLOATS = {"float": FORMATS["单精度"], "double": FORMATS["双精度"]}
SHORTER = {"unsigned": "unsigned int", "signed char": "char", "long": "int", "unsigned long": "unsigned int"}


@dataclass(frozen=True)
class Typed:
    """An object of a C type: its machine code, and its value (None for an infinity)."""

    type: str
    code: int
    value: Fraction | None

    @property
    def bits(self) -> int:
        """Width of the type."""
        return INTEGERS[self.type][0] if self.type in INTEGERS else FLOATS[self.type].bits

    @property
    def hex(self) -> str:
        """The machine code in hexadecimal."""
        return hexadecimal(self.code, self.bits)

    @property
    def shown(self) -> str:
        """The value as a decimal, or an infinity."""
        if self.value is None:
            return "-∞" if self.code >> (self.bits - 1) else "+∞"
        return decimal(self.value, 12)


@solver(
    "co.c_conversion",
    title="C 语言类型转换",
    summary="C 变量在 char、short、int、unsigned、long long、float、double 之间依次赋值或强制转换，求最后的值和机器数，是否改变。",
    syllabus=("co.data.c-conversion", "co.data.c-float-conversion", "co.data.c-int-types"),
    keywords=("C语言", "类型转换", "强制类型转换", "unsigned short", "符号扩展", "零扩展", "截断", "float", "double"),
    answers={
        "value": Out("最后的值"),
        "code": Out("最后的机器数"),
        "changed": Out("值是否改变"),
        "values": Out("每个类型下的值"),
    },
    examples=(
        {"value": "-32767", "types": "short → unsigned short → unsigned int"},
        {"value": "16777217", "types": "int → float → int"},
    ),
)
def solve(
    value: Annotated[
        str, Param("初值", "十进制数，如 -32767、1.5；或第一个类型的机器数，如 FFFFH", min_len=1, max_len=60)
    ],
    types: Annotated[
        str,
        Param("类型序列", "依次经过的 C 类型，用 → 隔开，如 short → unsigned short → int", min_len=3, max_len=300),
    ],
) -> Solution:
    """Follow a value through C types (C 语言类型转换).

    Args:
        value: the initial value, or the machine code of the first type.
        types: types in order, separated by → or -> or commas: char, short, int, long long and their unsigned
            forms, float, double.

    Returns:
        `value` of the last type, its machine `code`, `changed` (some conversion altered the value) and
        `values`, one for each type.

    Raises:
        InputError: an unknown type, a value that is no number, or a floating value out of an integer's range.

    Examples:
        >>> solve("-32767", "short → unsigned short → unsigned int").answer["value"]
        Fraction(32769, 1)
        >>> solve("65535", "unsigned short -> short -> int").answer["code"]
        'FFFFFFFFH'
        >>> solve("16777217", "int → float → int").answer["value"]  # a tie, to even
        Fraction(16777216, 1)

    Conventions:
        char is signed with 8 bits, short has 16, int and long 32, long long 64. Widening extends the sign
        of a signed source and zeros of an unsigned one; narrowing cuts off; the same width keeps the
        code. To float: round to nearest, ties to even; to an integer: truncate toward 0. A value out of
        int's range converts to 80000000H, as x86 does (undefined in C).

    Source:
        ISO/IEC 9899:2018 §6.3.1; 袁春风《计算机系统基础》第2章.
    """
    names = _types(types)
    chain = [_initial(value, names[0])]
    for name in names[1:]:
        chain.append(_convert(chain[-1], name))
    columns = ["类型", "机器数", "值"]
    steps = [
        Step(
            f"{names[0]} 型变量的机器数为 {chain[0].hex}，值为 {chain[0].shown}。",
            Table(columns, [[chain[0].type, chain[0].hex, chain[0].shown]]),
            credit="写出初值的机器数",
        )
    ]
    for i in range(1, len(chain)):
        rows = [[t.type, t.hex, t.shown] for t in chain[: i + 1]]
        changed = chain[i].value != chain[i - 1].value
        steps.append(
            Step(
                _rule(chain[i - 1], chain[i]) + f"得 {chain[i].hex}，值为 {chain[i].shown}。",
                Table(columns, rows, marks=[(i, 2)] if changed else []),
                credit=f"转换为 {chain[i].type}",
            )
        )
    last = chain[-1]
    changed = any(t.value != chain[0].value for t in chain)
    steps.append(
        Step(
            f"最后的值为 {last.shown}，转换过程中值{'发生了改变' if changed else '没有改变'}。",
            gives={
                "value": last.shown if last.value is None else last.value,
                "code": last.hex,
                "changed": changed,
                "values": [t.shown for t in chain],
            },
        )
    )
    return Solution(steps, ("char 带符号；short 16 位，int 和 long 32 位，long long 64 位", "浮点转整型向 0 截断"))


def _types(text: str) -> list[str]:
    """Split and check the chain of types."""
    names = []
    for part in re.split(r"→|->|=>|[,，、;；]", text):
        name = re.sub(r"\s+", " ", part.strip().strip("()")).lower()
        name = SHORTER.get(name, name)
        if name not in INTEGERS and name not in FLOATS:
            known = "、".join([*INTEGERS, *FLOATS])
            raise InputError(f"C 类型 {part.strip()!r} 不认识，可用：{known}；多个类型用 → 隔开。")
        names.append(name)
    return names


def _initial(text: str, name: str) -> Typed:
    """Give the first type its value, which may be a machine code."""
    stripped = text.replace(" ", "")
    if re.fullmatch(r"0[xX].+|.+[hH]", stripped):
        bits = Typed(name, 0, None).bits
        code = parse_word(stripped, bits, "初值")
        value = decode(code, FLOATS[name]) if name in FLOATS else Fraction(_read(code, name))
        return Typed(name, code, value)
    try:
        number = Fraction(stripped.rstrip("fFuUlL"))
    except (ValueError, ZeroDivisionError):
        raise InputError(f"初值 {text!r} 不是数，请写成 -32767、1.5 或 FFFFH 的形式。") from None
    if re.search(r"[eE][+-]?\d{3,}", stripped):
        raise InputError(f"初值 {text!r} 的指数太大，请改小。")
    return _make(number, name)


def _read(code: int, name: str) -> int:
    bits, is_signed = INTEGERS[name]
    return signed(code, bits) if is_signed else code


def _make(number: Fraction, name: str) -> Typed:
    """Store a number in a type: round, truncate or wrap as the type does."""
    if name in FLOATS:
        code = encode(number, FLOATS[name]).code
        return Typed(name, code, decode(code, FLOATS[name]))
    bits, _ = INTEGERS[name]
    code = int(number) % (1 << bits)
    return Typed(name, code, Fraction(_read(code, name)))


def _convert(source: Typed, name: str) -> Typed:
    """Convert as an assignment does."""
    if source.type not in FLOATS:
        return _make(Fraction(source.value or 0), name)
    if name in FLOATS:
        if source.value is not None:
            return _make(source.value, name)
        form = FLOATS[name]
        sign = source.code >> (source.bits - 1)
        return Typed(name, sign << (form.bits - 1) | form.top << form.fraction_bits, None)
    bits, is_signed = INTEGERS[name]
    low, high = (-(1 << (bits - 1)), (1 << (bits - 1)) - 1) if is_signed else (0, (1 << bits) - 1)
    if source.value is not None and low <= int(source.value) <= high:
        return _make(source.value, name)
    if name == "int":
        return Typed(name, 1 << 31, Fraction(-(1 << 31)))
    raise InputError(f"{source.type} 值 {source.shown!r} 超出 {name} 的范围，C 语言没有定义结果，请换一个值。")


def _rule(source: Typed, target: Typed) -> str:
    """Say what the conversion does to the code."""
    if source.type in FLOATS and target.type in INTEGERS:
        if source.value is None or int(source.value) != target.value:
            return f"{source.type}→{target.type}：超出 {target.type} 范围，x86 上结果取最小整数，"
        return f"{source.type}→{target.type}：去掉小数部分（向 0 截断），"
    if target.type in FLOATS:
        p = FLOATS[target.type].fraction_bits + 1
        if source.value is not None and target.value is None:
            return f"{source.type}→{target.type}：阶码上溢，"
        if source.value == target.value:
            return f"{source.type}→{target.type}：有效数字不超过 {p} 位，能精确表示，"
        return f"{source.type}→{target.type}：{target.type} 只有 {p} 位有效数字，就近舍入，"
    if target.bits > source.bits:
        is_signed = INTEGERS[source.type][1]
        how = "源类型带符号，符号扩展" if is_signed else "源类型无符号，零扩展"
        return f"{source.type}→{target.type}：{source.bits} 位变 {target.bits} 位，{how}，"
    if target.bits < source.bits:
        return f"{source.type}→{target.type}：截断，保留低 {target.bits} 位，"
    return f"{source.type}→{target.type}：位数相同，机器数不变，重新解释，"


def mistakes(value: str, types: str) -> Iterator[Mistake]:
    """Name the slips: the value believed unchanged, the wrong extension, the wrong reading of the top bit."""
    names = _types(types)
    chain = [_initial(value, names[0])]
    for name in names[1:]:
        chain.append(_convert(chain[-1], name))
    last = chain[-1]
    first = chain[0]
    if first.value is not None:
        yield Mistake("以为类型转换不改变值", {"value": first.value, "changed": False})
        size = _make(abs(first.value), last.type)
        yield Mistake("以为负号被丢掉", {"value": abs(first.value), "code": size.hex})
    if last.type not in INTEGERS:
        return
    bits, is_signed = INTEGERS[last.type]
    mask = (1 << bits) - 1

    def gives(code: int, as_signed: bool) -> dict[str, Fraction | str]:
        number = signed(code, bits) if as_signed else code & mask
        return {"value": Fraction(number), "code": hexadecimal(code, bits)}

    yield Mistake("结果的最高位解释错：带符号与无符号弄反", gives(last.code, not is_signed))
    for source in chain[:-1]:
        if source.type in INTEGERS and source.bits < bits:
            yield Mistake("该符号扩展时做了零扩展", gives(source.code, is_signed))
            yield Mistake("该零扩展时做了符号扩展", gives(signed(source.code, source.bits), is_signed))
        elif source.type in INTEGERS and source.bits > bits:
            yield Mistake("截断时留下了高位", gives(source.code >> (source.bits - bits), is_signed))
    raw = last.hex.rstrip("H")
    turned = "".join(raw[i : i + 2] for i in range(len(raw) - 2, -1, -2))
    yield Mistake("把小端存放的字节次序当成机器数", {"code": f"{turned}H"})
    magnitude = last.code ^ (1 << (bits - 1))
    yield Mistake("把机器数当成原码", gives(-magnitude if last.code >> (bits - 1) else last.code, is_signed))
    yield Mistake("取反后没有加 1", gives(last.code - 1, is_signed))
    if any(t.type in FLOATS for t in chain) and first.value is not None:
        yield Mistake("浮点数转整型时四舍五入或进位", gives(last.code + 1, is_signed))
        yield Mistake("舍入方向取错", gives(last.code + 2, is_signed))


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Draw a chain of two or three types; floats from difficulty 4."""
    if difficulty >= 4 and rng.random() < 0.5:
        n = (1 << rng.randint(25, 29)) + rng.randrange(1, 63, 2)
        stem = f"int i={n}；float f=(float)i；int j=(int)f；则 j 的值是（ ）。"
        return Draft(stem, {"value": str(n), "types": "int → float → int"}, "value")
    n = -rng.randint(2, 32000)
    chains = ["short → unsigned short", "short → unsigned short → unsigned int", "short → int → unsigned int"]
    if difficulty >= 3:
        chains = ["short → unsigned short → int", "short → char → int", "int → short → unsigned int"]
        n = n if difficulty < 4 else -rng.randint(40000, 10**6)
    types = rng.choice(chains if difficulty < 4 else chains[-1:])
    names = types.split(" → ")
    body = "；".join(f"{name} {v}={e}" for name, v, e in zip(names, "xyz", [str(n), "x", "y"], strict=False))
    ask, what = rng.choice([("value", "值"), ("code", "机器数")])
    stem = f"C 程序段：{body}；执行后 {'xyz'[len(names) - 1]} 的{what}是（ ）。"
    return Draft(stem, {"value": str(n), "types": types}, ask)
