"""The tokens of a C-like text, read one by one: what the small interpreters for loops and functions share."""

from __future__ import annotations

import itertools
import re

from assistant408.core.errors import InputError

__all__ = ["LEVELS", "Code"]

LEVELS = [["||"], ["&&"], ["==", "!="], ["<", ">", "<=", ">="], ["+", "-"], ["*", "/", "%"]]
"""Binary operators, the weakest first."""

_DEEPEST = 40  # of brackets, or signs in a row: each is a dozen calls deep
_WIDE = str.maketrans("；，（）｛｝＜＞＝＋－＊／", ";,(){}<>=+-*/")


class Code:
    """A place in a list of tokens.

    Args:
        text: C-like code; comments and lines of the preprocessor are left out.
        token: what a token looks like, with what precedes it.
        hint: what the user may write, for the message.

    Raises:
        InputError: something that is no token, or brackets or signs too deep.

    Examples:
        >>> code = Code("i = 1; // one", re.compile(r"\\s*(\\w+|[=;])"), "赋值")
        >>> code.take(), code.skip("="), code.peek(), code.peek(1)
        ('i', True, '1', ';')
    """

    def __init__(self, text: str, token: re.Pattern[str], hint: str) -> None:
        text = re.sub(r"//[^\n]*|/\*.*?\*/|#[^\n]*", " ", text, flags=re.S).translate(_WIDE).rstrip()
        self.tokens: list[str] = []
        self.at = at = 0
        while at < len(text):
            found = token.match(text, at)
            if found is None:
                raise InputError(f"代码在 {text[at : at + 12]!r} 处无法识别，请只用{hint}。")
            self.tokens.append(found[0].strip())
            at = found.end()
        deepest = max(
            itertools.accumulate((t in ("(", "{", "[")) - (t in (")", "}", "]")) for t in self.tokens), default=0
        )
        signs = max(
            (len(list(run)) for sign, run in itertools.groupby(t in ("-", "+", "!") for t in self.tokens) if sign),
            default=0,
        )
        if max(deepest, signs) > _DEEPEST:
            raise InputError(f"代码的括号或符号叠了 {max(deepest, signs)} 层，至多 {_DEEPEST} 层，请化简。")

    @property
    def more(self) -> bool:
        """Whether any token is left."""
        return self.at < len(self.tokens)

    def peek(self, ahead: int = 0) -> str:
        """A token to come; empty at the end."""
        return self.tokens[self.at + ahead] if self.at + ahead < len(self.tokens) else ""

    def take(self, expected: str = "") -> str:
        """The next token, gone past.

        Raises:
            InputError: there is none, or another than `expected`.
        """
        token = self.peek()
        if not token or (expected and token != expected):
            near = " ".join(self.tokens[max(self.at - 4, 0) : self.at + 1])
            raise InputError(f"代码在 {near!r} 附近不合语法，应为 {expected or '更多内容'}，请检查括号和分号。")
        self.at += 1
        return token

    def skip(self, token: str) -> bool:
        """Goes past a token if it is the next one; whether it was."""
        found = self.peek() == token
        self.at += found
        return found
