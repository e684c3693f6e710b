"""Marking an answer: a pure function of the question and what was answered."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from assistant408.content.questions import Question
from assistant408.core.errors import InputError

__all__ = ["Verdict", "grade"]


@dataclass(frozen=True)
class Verdict:
    """The result: whether it is right (`None` where only a person can tell), the key, and why."""

    correct: bool | None
    key: str
    explanation: str
    trap: str
    traps: dict[str, str]
    evidence: list[dict[str, str]]
    parts: list[dict[str, Any]]


def grade(q: Question, answer: str) -> Verdict:
    """Marks an answer.

    Args:
        answer: a letter, 对 or 错, or the text of a blank; ignored for a big question, which gives its key and rubric.

    Raises:
        InputError: it isn't an answer to this kind of question.
    """
    text = answer.strip()
    correct: bool | None = None
    if q.kind == "single":
        text = text.upper()
        if text not in q.choices:
            raise InputError(f"答案 {answer!r} 应为 {'、'.join(q.choices)} 之一。")
        correct = text in q.answer
    elif q.kind == "judge":
        text = {"true": "对", "t": "对", "√": "对", "false": "错", "f": "错", "×": "错"}.get(text.casefold(), text)
        if text not in ("对", "错"):
            raise InputError(f"答案 {answer!r} 应为“对”或“错”。")
        correct = text in q.answer
    elif q.kind == "blank":
        if not text:
            raise InputError("填空题的答案是空的，请填写后再提交。")
        correct = any(_same(text, key) for key in q.answer)
    return Verdict(
        correct=correct,
        key=" / ".join(q.answer),
        explanation=q.explanation,
        trap="" if correct else q.traps.get(text, ""),
        traps=dict(q.traps),
        evidence=[{"note": e.note, "quote": e.quote} for e in q.evidence],
        parts=[
            {
                "prompt": p.prompt,
                "points": p.points,
                "answer": p.answer,
                "rubric": [{"points": n, "text": t} for n, t in p.rubric],
            }
            for p in q.parts
        ],
    )


def _same(text: str, key: str) -> bool:
    """Equal as numbers, or as words without spaces, width and case."""
    a, b = _plain(text), _plain(key)
    if a == b:
        return True
    try:
        return _number(a) == _number(b)
    except (ValueError, ZeroDivisionError):
        return False


def _plain(text: str) -> str:
    return re.sub(r"[\s$\\{}，,。、;；]", "", unicodedata.normalize("NFKC", text)).casefold()


def _number(text: str) -> Fraction:
    if len(text) > 40 or "e" in text:
        raise ValueError(text)
    if text.endswith("%"):
        return Fraction(text[:-1]) / 100
    return Fraction(text)
