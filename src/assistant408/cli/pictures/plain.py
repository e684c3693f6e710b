"""A step's `why` (Markdown with LaTeX) as plain text with Unicode signs, for places that set no formulas."""

from __future__ import annotations

import re

__all__ = ["plain_text"]

_UP = dict(zip("0123456789+-=()abcdefghijklmnoprstuvwxyzT", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᵀ", strict=True))
_DOWN = dict(zip("0123456789+-=()aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", strict=True))
_SIGNS = {
    "times": "×", "div": "÷", "cdot": "·", "pm": "±", "oplus": "⊕", "le": "≤", "leq": "≤", "ge": "≥", "geq": "≥",
    "ne": "≠", "neq": "≠", "approx": "≈", "sim": "～", "to": "→", "rightarrow": "→", "leftarrow": "←",
    "Rightarrow": "⇒", "lceil": "⌈", "rceil": "⌉", "lfloor": "⌊", "rfloor": "⌋", "dots": "…", "ldots": "…",
    "cdots": "…", "infty": "∞", "sum": "∑", "prod": "∏", "in": "∈", "subseteq": "⊆", "cup": "∪", "cap": "∩",
    "lvert": "|", "rvert": "|", "ll": "≪", "gg": "≫", "bmod": " mod ", "alpha": "α", "beta": "β", "gamma": "γ",
    "delta": "δ", "Delta": "Δ", "varepsilon": "ε", "epsilon": "ε", "eta": "η", "lambda": "λ", "mu": "μ", "rho": "ρ",
    "tau": "τ", "Theta": "Θ", "Omega": "Ω", "quad": "  ", "qquad": "    ", "left": "", "right": "",
    ",": " ", ";": " ", " ": " ", "!": "", "\\": "；",
}  # fmt: skip
_TOKEN = re.compile(r"\\[a-zA-Z]+|\\.|[{}_^]|[^\\{}_^]")
_MATH = re.compile(r"\$\$(.+?)\$\$|\$(?=\S)([^$]+?)(?<=\S)\$(?!\d)", re.S)


def plain_text(markdown: str) -> str:
    r"""Markdown of one paragraph without its marks, formulas in Unicode.

    Examples:
        >>> plain_text(r"共 $\lceil\log_{2}6\rceil=3$ 位，**最少** $2^{-7}$，`rear`")
        '共 ⌈log₂6⌉=3 位，最少 2⁻⁷，rear'
        >>> plain_text(r"$\frac{n(n-1)}2=\dfrac{4}{3}$，$\sqrt{x+1}$，$T_{out}$")
        '(n(n-1))/2=4/3，√(x+1)，Tₒᵤₜ'
        >>> plain_text(r"$O(n\log n)$，$6\times 2$，$t=\text{1 ms}\bmod 3$")
        'O(nlog n)，6×2，t=1 ms mod 3'
        >>> plain_text("价格 $5 与 $6")
        '价格 $5 与 $6'
    """
    code: list[str] = []

    def keep(m: re.Match[str]) -> str:
        code.append(m[1])
        return f"\0{len(code) - 1}\0"

    out = re.sub(r"`([^`]+)`", keep, markdown)
    out = _MATH.sub(lambda m: _Formula(m[1] or m[2]).all(), out)
    out = re.sub(r"\*\*(.+?)\*\*", r"\1", out)
    return re.sub("\0(\\d+)\0", lambda m: code[int(m[1])], out)


class _Formula:
    """Reads the LaTeX that solutions write; a command that isn't known keeps its name."""

    def __init__(self, tex: str) -> None:
        self.tokens: list[str] = _TOKEN.findall(tex)
        self.at = 0

    def all(self, until: str = "") -> str:
        out = ""
        while self.at < len(self.tokens) and self.tokens[self.at] != until:
            out += self.one()
        self.at += 1
        return out

    def one(self) -> str:
        if self.at >= len(self.tokens):
            return ""
        token = self.tokens[self.at]
        self.at += 1
        if token == "{":
            return self.all("}")
        if token in "_^":
            return _script(self.one().strip(), _DOWN if token == "_" else _UP, token)
        if not token.startswith("\\"):
            return token.strip()
        return self.command(token[1:])

    def command(self, name: str) -> str:
        if name in ("frac", "dfrac", "tfrac"):
            return f"{_whole(self.one())}/{_whole(self.one())}"
        if name == "binom":
            return f"C({self.one()},{self.one()})"
        if name == "sqrt":
            return f"√{_whole(self.one())}"
        if name == "overline":
            return "".join(c + "\u0305" for c in self.one())
        if name in ("text", "mathrm", "mathbf", "operatorname"):
            return self.words()
        following = self.tokens[self.at : self.at + 2]
        apart = following[:1] == [" "] and following[1:] and following[1].isalnum()  # \log n
        return _SIGNS.get(name, f"{name} " if apart else name)

    def words(self) -> str:
        """A group as it stands, blanks too."""
        if self.tokens[self.at : self.at + 1] != ["{"]:
            return self.one()
        end = self.tokens.index("}", self.at) if "}" in self.tokens[self.at :] else len(self.tokens)
        out = "".join(_SIGNS.get(t[1:], t[1:]) if t[0] == "\\" else t for t in self.tokens[self.at + 1 : end])
        self.at = end + 1
        return out


def _script(value: str, table: dict[str, str], sign: str) -> str:
    if value and all(c in table for c in value):
        return "".join(table[c] for c in value)
    return f"{sign}{_whole(value)}" if sign == "^" else f"_{value}"


def _whole(value: str) -> str:
    value = value.strip()
    return value if re.fullmatch(r"[\w.⌈⌉⌊⌋⁰¹²³⁴-⁹₀-₉]+", value) else f"({value})"
