"""Formulas of Word and PowerPoint (OMML, ECMA-376 part 1 §22.1) as LaTeX."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from assistant408.kb.parse.xml import attribute, child, children, local

__all__ = ["latex"]

_SIGNS = {
    "∑": r"\sum", "∏": r"\prod", "∫": r"\int", "∬": r"\iint", "∮": r"\oint", "⋃": r"\bigcup", "⋂": r"\bigcap",
    "⋁": r"\bigvee", "⋀": r"\bigwedge", "×": r"\times", "÷": r"\div", "±": r"\pm", "∓": r"\mp", "⋅": r"\cdot", "·": r"\cdot",
    "≤": r"\le", "≥": r"\ge", "≠": r"\ne", "≈": r"\approx", "≡": r"\equiv", "∝": r"\propto", "∞": r"\infty", "→": r"\to",
    "←": r"\leftarrow", "⇒": r"\Rightarrow", "⇔": r"\Leftrightarrow", "∈": r"\in", "∉": r"\notin", "⊂": r"\subset",
    "⊆": r"\subseteq", "∪": r"\cup", "∩": r"\cap", "∅": r"\emptyset", "∀": r"\forall", "∃": r"\exists", "¬": r"\neg",
    "∧": r"\land", "∨": r"\lor", "⊕": r"\oplus", "⌈": r"\lceil", "⌉": r"\rceil", "⌊": r"\lfloor", "⌋": r"\rfloor",
    "⟨": r"\langle", "⟩": r"\rangle", "∂": r"\partial", "∇": r"\nabla", "√": r"\surd", "…": r"\dots", "⋯": r"\cdots",
    "′": "'", "−": "-", "∼": r"\sim", "∥": r"\parallel", "∠": r"\angle", "°": r"^{\circ}", "∣": r"\mid", "‖": r"\Vert",
    "α": r"\alpha", "β": r"\beta", "γ": r"\gamma", "δ": r"\delta", "ε": r"\varepsilon", "ϵ": r"\epsilon", "ζ": r"\zeta",
    "η": r"\eta", "θ": r"\theta", "ϑ": r"\vartheta", "ι": r"\iota", "κ": r"\kappa", "λ": r"\lambda", "μ": r"\mu", "ν": r"\nu",
    "ξ": r"\xi", "π": r"\pi", "ρ": r"\rho", "σ": r"\sigma", "ς": r"\varsigma", "τ": r"\tau", "υ": r"\upsilon",
    "φ": r"\varphi", "ϕ": r"\phi", "χ": r"\chi", "ψ": r"\psi", "ω": r"\omega", "Γ": r"\Gamma", "Δ": r"\Delta",
    "Θ": r"\Theta", "Λ": r"\Lambda", "Ξ": r"\Xi", "Π": r"\Pi", "Σ": r"\Sigma", "Φ": r"\Phi", "Ψ": r"\Psi", "Ω": r"\Omega",
    "%": r"\%", "#": r"\#", "&": r"\&", "$": r"\$", "_": r"\_", "{": r"\{", "}": r"\}", "\\": r"\backslash", "~": r"\sim",
}  # fmt: skip
_ACCENTS = {
    "̂": r"\hat", "̃": r"\tilde", "̅": r"\overline", "̄": r"\bar", "⃗": r"\vec", "→": r"\vec", "̇": r"\dot", "̈": r"\ddot",
    "̌": r"\check", "̆": r"\breve",
}  # fmt: skip
_FUNCTIONS = frozenset(
    {"sin", "cos", "tan", "cot", "sec", "csc", "log", "ln", "lg", "exp", "lim", "max", "min", "sup", "inf", "det", "gcd", "arcsin", "arccos", "arctan", "sinh", "cosh", "tanh"}
)  # fmt: skip
_PROPERTIES = frozenset({"ctrlPr", "rPr", "argPr"})


def latex(element: Any) -> str:
    """An ``m:oMath`` element (or one inside it) as LaTeX without dollar signs.

    Unknown elements give what they contain.

    Examples:
        >>> from assistant408.kb.parse.xml import parse
        >>> m = "http://schemas.openxmlformats.org/officeDocument/2006/math"
        >>> def omml(body): return parse(f'<m:oMath xmlns:m="{m}">{body}</m:oMath>'.encode())
        >>> latex(omml("<m:f><m:num><m:r><m:t>1</m:t></m:r></m:num><m:den><m:r><m:t>n</m:t></m:r></m:den></m:f>"))
        '\\\\frac{1}{n}'
    """
    return " ".join(_all(element).split())


def _all(element: Any) -> str:
    out = ""
    for item in children(element):
        name = local(item)
        if name.endswith("Pr") or name in _PROPERTIES:
            continue
        piece = _KNOWN.get(name, _all)(item)
        if out and piece and out[-1].isalpha() and _command_at_end(out) and piece[0].isalpha():
            out += " "
        out += piece
    return out


def _command_at_end(text: str) -> bool:
    """Whether `text` ends in a command such as ``\\alpha``, from which a letter must be kept apart."""
    stem = text.rstrip("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return stem.endswith("\\")


def _run(element: Any) -> str:
    text = "".join(t.text or "" for t in element.iter() if local(t) == "t")
    style = child(child(element, "rPr"), "sty")
    upright = attribute(style, "val") == "p" or child(child(element, "rPr"), "nor") is not None
    if text.strip() in _FUNCTIONS:
        return rf"\{text.strip()} "
    out = ""
    for c in text:
        sign = _SIGNS.get(c, c)
        if out and sign[0].isalpha() and _command_at_end(out):
            out += " "
        out += sign
    word = text.strip()
    if upright and len(word) > 1 and word.isalpha():
        return rf"\text{{{word}}}" if any(c > "\u2e7f" for c in word) else rf"\mathrm{{{word}}}"
    return rf"\text{{{out}}}" if any("\u2e7f" < c < "\ua000" for c in text) else out


def _part(element: Any, name: str) -> str:
    inner = child(element, name)
    return _all(inner).strip() if inner is not None else ""


def _property(element: Any, name: str, default: str = "") -> str:
    """The ``m:val`` of a property; `default` if it isn't set."""
    for properties in children(element):
        if local(properties).endswith("Pr"):
            found = child(properties, name)
            if found is not None:
                return attribute(found, "val")
    return default


def _fraction(e: Any) -> str:
    kind = _property(e, "type")
    num, den = _part(e, "num"), _part(e, "den")
    if kind == "lin":
        return f"{num}/{den}"
    return rf"\binom{{{num}}}{{{den}}}" if kind == "noBar" else rf"\frac{{{num}}}{{{den}}}"


def _base(e: Any) -> str:
    base = _part(e, "e")
    return base if len(base) <= 1 or (base.startswith("\\") and base[1:].isalpha()) else f"{{{base}}}"


def _radical(e: Any) -> str:
    degree = _part(e, "deg")
    return rf"\sqrt[{degree}]{{{_part(e, 'e')}}}" if degree else rf"\sqrt{{{_part(e, 'e')}}}"


def _nary(e: Any) -> str:
    sign = _property(e, "chr", "∫")
    sub, sup = _part(e, "sub"), _part(e, "sup")
    out = _SIGNS.get(sign, sign) + (f"_{{{sub}}}" if sub else "") + (f"^{{{sup}}}" if sup else "")
    return f"{out} {_part(e, 'e')}"


def _delimited(e: Any) -> str:
    left, right = _property(e, "begChr", "("), _property(e, "endChr", ")")
    between = _property(e, "sepChr", "|")
    inner = [_all(x).strip() for x in children(e) if local(x) == "e"]
    left, right, between = (_SIGNS.get(s, s) for s in (left, right, between))
    return rf"\left{left or '.'} {f' {between} '.join(inner)} \right{right or '.'}"


def _accent(e: Any) -> str:
    return rf"{_ACCENTS.get(_property(e, 'chr', '̂'), chr(92) + 'hat')}{{{_part(e, 'e')}}}"


def _bar(e: Any) -> str:
    return rf"\{'overline' if _property(e, 'pos', 'bot') == 'top' else 'underline'}{{{_part(e, 'e')}}}"


def _group(e: Any) -> str:
    below = _property(e, "pos", "bot") == "bot"
    return rf"\{'underbrace' if below else 'overbrace'}{{{_part(e, 'e')}}}"


def _limit(e: Any, where: str) -> str:
    base, limit = _part(e, "e"), _part(e, "lim")
    if base.startswith(("\\lim", "\\max", "\\min", "\\sup", "\\inf", "\\underbrace", "\\overbrace")):
        return f"{base}{where}{{{limit}}}"
    return rf"\{'underset' if where == '_' else 'overset'}{{{limit}}}{{{base}}}"


def _matrix(e: Any) -> str:
    rows = [
        " & ".join(_all(c).strip() for c in children(r) if local(c) == "e") for r in children(e) if local(r) == "mr"
    ]
    return r"\begin{matrix} " + r" \\ ".join(rows) + r" \end{matrix}"


def _lines(e: Any) -> str:
    rows = [_all(x).strip().replace(r"\&", "&") for x in children(e) if local(x) == "e"]
    return r"\begin{aligned} " + r" \\ ".join(rows) + r" \end{aligned}"


_KNOWN: dict[str, Callable[[Any], str]] = {
    "r": _run,
    "f": _fraction,
    "sSup": lambda e: f"{_base(e)}^{{{_part(e, 'sup')}}}",
    "sSub": lambda e: f"{_base(e)}_{{{_part(e, 'sub')}}}",
    "sSubSup": lambda e: f"{_base(e)}_{{{_part(e, 'sub')}}}^{{{_part(e, 'sup')}}}",
    "sPre": lambda e: f"{{}}_{{{_part(e, 'sub')}}}^{{{_part(e, 'sup')}}}{_base(e)}",
    "rad": _radical,
    "nary": _nary,
    "d": _delimited,
    "func": lambda e: f"{_part(e, 'fName')} {_part(e, 'e')}",
    "acc": _accent,
    "bar": _bar,
    "groupChr": _group,
    "limLow": lambda e: _limit(e, "_"),
    "limUpp": lambda e: _limit(e, "^"),
    "m": _matrix,
    "eqArr": _lines,
    "borderBox": lambda e: rf"\boxed{{{_part(e, 'e')}}}",
}
