"""Choice questions made from solvers: the key is computed, the wrong choices come from named mistakes."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from assistant408.core.errors import InputError
from assistant408.core.registry import Out, Solver
from assistant408.core.trace import Value, plain

__all__ = ["Variant", "make_question", "show"]


@dataclass(frozen=True)
class Variant:
    """A generated choice question; `explanations` says of each choice what it is or which mistake leads to it."""

    solver: str
    stem: str
    args: Mapping[str, Any]
    ask: str
    choices: Mapping[str, str]
    answer: str
    explanations: Mapping[str, str]

    def to_json(self) -> dict[str, object]:
        """A JSON-ready object."""
        return {
            "solver": self.solver,
            "stem": self.stem,
            "args": plain(self.args),
            "ask": self.ask,
            "choices": dict(self.choices),
            "answer": self.answer,
            "explanations": dict(self.explanations),
        }


def make_question(solver: Solver, rng: random.Random, difficulty: int = 3, tries: int = 60) -> Variant:
    """Draws until three distinct wrong choices come out of named mistakes.

    Raises:
        InputError: the solver can't make one.
    """
    for _ in range(tries):
        draft = solver.generate(rng, difficulty)
        out = solver.answers[draft.ask]
        right = show(solver(**draft.args).answer[draft.ask], out)
        wrong: dict[str, str] = {}
        for mistake in solver.mistakes(**draft.args):
            if draft.ask in mistake.gives:
                text = show(mistake.gives[draft.ask], out)
                if text != right:
                    wrong.setdefault(text, mistake.why)
        if len(wrong) < 3:
            continue
        chosen = rng.sample(sorted(wrong), 3)
        texts = [right, *chosen]
        rng.shuffle(texts)
        letters = dict(zip("ABCD", texts, strict=True))
        return Variant(
            solver=solver.id,
            stem=draft.stem,
            args=draft.args,
            ask=draft.ask,
            choices=letters,
            answer=next(k for k, v in letters.items() if v == right),
            explanations={k: "正确" if v == right else wrong[v] for k, v in letters.items()},
        )
    raise InputError(f"解题器 {solver.id!r} 在难度 {difficulty} 下没有出成题，请换个难度。")


def show(value: Value, out: Out) -> str:
    """A value as it stands in a choice.

    Examples:
        >>> show(Fraction(3, 4), Out("缺页率")), show(12, Out("缺页次数", "次")), show([3, 1], Out("次序"))
        ('75%', '12 次', '3, 1')
    """
    unit = f" {out.unit}" if out.unit else ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Fraction):
        if value.denominator == 1:
            return f"{value.numerator}{unit}"
        if "率" in out.label and not out.unit and 0 < value < 1:
            percent = value * 100
            return f"{float(percent):.4g}%"
        return f"{float(value):.6g}{unit}"
    if isinstance(value, (list, tuple)):
        return ", ".join(show(v, Out(out.label)) for v in value) + unit
    if isinstance(value, Mapping):
        return "；".join(f"{k}：{show(v, Out(out.label))}" for k, v in value.items())
    return f"{value}{unit}"
