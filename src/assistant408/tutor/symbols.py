"""Questions whose choices are formulas (``n+1``, ``2n-1``): the letters made numbers, so that a solver can compute.

A question with formulas is solved for several sizes; its letter holds only if it is the same for each of them.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor, log2

__all__ = ["Numbered", "evaluate", "numbered"]

SIZES = {  # values of a letter, one a try
    "n": (24, 31, 37),
    "e": (41, 47, 53),
    "h": (4, 5, 6),
    "m": (5, 6, 7),
    "k": (6, 9, 11),
    "i": (7, 8, 9),
    "j": (3, 4, 5),
}
_FORMULA = re.compile(r"(?<![A-Za-z\d_.])[\dA-Za-z(⌈⌊][\dA-Za-z+\-*/^()⌈⌉⌊⌋× ]*")
_CONDITION = re.compile(r"\([^()<,]*(?:≥|≤|>=|<=|>|<|≠)[^()>,]*\)")
_LEFT_OPEN = re.compile(r"…|\.\.\.|;|\{|T\s?\(|O\s?\(|[a-z]\s?\[|\b[a-z]\d\b", re.ASCII)


@dataclass(frozen=True)
class Numbered:
    """A question with numbers for letters: its text, the values taken, and what each choice comes to."""

    question: str
    values: Mapping[str, int]
    choices: Mapping[str, str]


def numbered(stem: str, choices: Mapping[str, str]) -> Iterator[Numbered]:
    """The question for several sizes; none unless every choice is a formula and the stem names its letters.

    Args:
        stem, choices: of a prepared question.

    Examples:
        >>> first = next(numbered("F 中有 n 个非终端结点,则 B 中右指针域为空的结点有( )个。", {"A": "n-1", "B": "n", "C": "n+1", "D": "n+2"}))
        >>> first.question.splitlines()[0], first.choices["C"]
        ('F 中有 24 个非终端结点,则 B 中右指针域为空的结点有( )个。', '25')
        >>> list(numbered("缺页次数是( )。", {"A": "5", "B": "6", "C": "7", "D": "8"}))
        []
    """
    stem = _CONDITION.sub("", stem)
    letters = sorted({c for t in choices.values() for c in re.findall(r"(?<![A-Za-z])[a-z](?![A-Za-z])", t)})
    if not letters or any(c not in SIZES for c in letters) or _LEFT_OPEN.search(stem):
        return
    for k in range(3):
        values = {c: sizes[k] for c, sizes in SIZES.items() if c in letters or _stands(c, stem)}
        worth = {letter: evaluate(text, values) for letter, text in choices.items()}
        if None in worth.values():
            return
        if len(set(worth.values())) < len(worth):
            continue
        shown = {letter: _written(v) for letter, v in worth.items() if v is not None}
        text = _FORMULA.sub(lambda m, values=values: _put(m[0], values), stem)  # type: ignore[misc]
        if any(_stands(c, text) for c in letters) or text == stem:
            return
        yield Numbered(text + "\n" + "\n".join(f"{c}. {t}" for c, t in shown.items()), values, shown)


def _stands(letter: str, text: str) -> bool:
    return re.search(rf"(?<![A-Za-z]){letter}(?![A-Za-z])", text) is not None


def _put(formula: str, values: Mapping[str, int]) -> str:
    bare = formula.rstrip()
    if not any(_stands(c, bare) for c in values):
        return formula
    value = evaluate(bare, values)
    return formula if value is None else _written(value) + formula[len(bare) :]


def _written(value: Fraction) -> str:
    if value.denominator == 1:
        return str(value.numerator)
    return f"{float(value):g}" if (value * 1000).denominator == 1 else f"{value.numerator}/{value.denominator}"


LONGEST = 200  # characters of a formula that a choice may be


def evaluate(formula: str, values: Mapping[str, int]) -> Fraction | None:
    """What a formula of single letters comes to, `None` if it is no formula.

    Examples:
        >>> evaluate("n(n+1)/2", {"n": 4}), evaluate("⌈log2(n+1)⌉", {"n": 8}), evaluate("2^h-1", {"h": 3})
        (Fraction(10, 1), Fraction(4, 1), Fraction(7, 1))
        >>> evaluate("队列为空", {}) is None
        True
    """
    text = re.sub(r"\s", "", formula).replace("×", "*").replace("^", "**")
    text = re.sub(r"lo?g_?2?(?=\()", "§", text)
    text = re.sub(r"lo?g_?2?([a-z]|\d+)", r"§(\1)", text)
    text = text.replace("⌈", "¢(").replace("⌉", ")").replace("⌊", "¥(").replace("⌋", ")")
    text = re.sub(r"(?<=[\da-z)])(?=[a-z(§¢¥])(?<![§¢¥])", "*", re.sub(r"(?<=\d)(?=[a-z])", "*", text))
    text = text.replace("§", "log2").replace("¢", "ceil").replace("¥", "floor")
    if not text.isascii() or len(text) > LONGEST:
        return None
    try:
        return _worth(ast.parse(text, mode="eval").body, values)
    except (SyntaxError, ValueError, KeyError, ZeroDivisionError, OverflowError, RecursionError, MemoryError):
        return None


def _worth(node: ast.expr, values: Mapping[str, int]) -> Fraction:
    """The value of a node.

    Raises:
        ValueError: something else than arithmetic.
        KeyError: a letter without a value.
    """
    if isinstance(node, ast.Constant) and isinstance(node.value, int):
        return Fraction(node.value)
    if isinstance(node, ast.Name):
        return Fraction(values[node.id])
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return -_worth(node.operand, values)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and len(node.args) == 1:
        inner = _worth(node.args[0], values)
        exact = {"ceil": ceil, "floor": floor}.get(node.func.id)
        return Fraction(exact(inner)) if exact else Fraction(log2(inner)).limit_denominator(10**6)
    if isinstance(node, ast.BinOp):
        a, b = _worth(node.left, values), _worth(node.right, values)
        if isinstance(node.op, ast.Pow):
            if b.denominator != 1 or abs(b) > 60 or a.numerator.bit_length() > 400:
                raise ValueError(f"power {b}")
            return a ** int(b)
        for kind, value in ((ast.Add, a + b), (ast.Sub, a - b), (ast.Mult, a * b)):
            if isinstance(node.op, kind):
                return value
        if isinstance(node.op, ast.Div):
            return a / b
        if isinstance(node.op, ast.Mod):
            return a % b
    raise ValueError(ast.dump(node))
