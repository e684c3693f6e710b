"""What conversations are made of: our own notes, questions and solvers, and the prompts that the program itself uses."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

from assistant408.content.glossary import Glossary
from assistant408.content.notes import Note, Section
from assistant408.content.questions import Question
from assistant408.core.registry import Solver
from assistant408.kb.cite import key_units, readable
from assistant408.llm.types import Message

__all__ = ["AskChoice", "Drawn", "Material", "answer_units", "parts_of"]

AskChoice = Callable[[str, Mapping[str, str], str], Sequence[Message]]
_PART = re.compile(r"^### (考点|讲解|易错|例题)[ \t]*$", re.M)


class Drawn(Protocol):
    """A choice question made by a solver; `explanations` says of each choice which mistake leads to it."""

    @property
    def stem(self) -> str: ...  # noqa: D102
    @property
    def args(self) -> Mapping[str, Any]: ...  # noqa: D102
    @property
    def choices(self) -> Mapping[str, str]: ...  # noqa: D102
    @property
    def answer(self) -> str: ...  # noqa: D102
    @property
    def explanations(self) -> Mapping[str, str]: ...  # noqa: D102


@dataclass(frozen=True)
class Material:
    """Everything that a builder may use.

    Attributes:
        asked: how students ask, by leaf.
        prompts: the tutor's own texts: ``system``, ``shared`` (with ``{passages}``), ``question`` (with ``{history}``
            and ``{question}``), ``history`` (with ``{question}`` and ``{answer}``).
        refusal: what the tutor says when it doesn't know.
        introduction: what the tutor says of itself.
        letter: the evaluation's chat that asks for a letter, from a question, its choices and evidence (may be empty).
        reasoned: the same for an analysis that ends in ``答案：字母``.
        draw: makes a choice question by a solver; raises `InputError` where it can't.
        seed: everything random is drawn from it and from the conversation's id.
    """

    notes: Sequence[Note]
    bank: Sequence[Question]
    asked: Mapping[str, Sequence[str]]
    glossary: Glossary
    solvers: Mapping[str, Solver]
    prompts: Mapping[str, str]
    refusal: str
    introduction: str
    letter: AskChoice
    reasoned: AskChoice
    draw: Callable[[Solver, random.Random, int], Drawn]
    seed: int = 0

    @cached_property
    def sections(self) -> dict[str, Section]:
        """By leaf."""
        return {s.leaf: s for n in self.notes for s in n.sections}

    def rng(self, *key: object) -> random.Random:
        """A generator of its own for each conversation, so that one more source changes no other."""
        return random.Random("/".join(map(str, (self.seed, *key))))

    def grounded(self, passages: str, question: str, before: tuple[str, str] | None = None) -> list[Message]:
        """The tutor's own request over passages."""
        history = self.prompts["history"].format(question=before[0], answer=before[1][:160]) if before else ""
        asked = self.prompts["question"].format(history=history, question=question)
        return [
            Message("system", self.prompts["system"]),
            Message("user", self.prompts["shared"].format(passages=passages) + asked),
        ]


def parts_of(section: Section) -> dict[str, str]:
    """The text under 考点, 讲解, 易错, 例题.

    Examples:
        >>> parts_of(Section("x", "X", "### 考点\\n甲。\\n\\n### 易错\\n- 乙。"))
        {'考点': '甲。', '易错': '- 乙。'}
    """
    pieces = _PART.split(section.body)
    return {name: text.strip() for name, text in zip(pieces[1::2], pieces[2::2], strict=True) if text.strip()}


def answer_units(question: str, section: Section, budget: int) -> list[str]:
    """The sentences of a section that speak most to a question, readable on their own, in the order of reading.

    Args:
        budget: characters at most, though at least one sentence is given.
    """
    parts = parts_of(section)
    texts = [parts[name] for name in ("考点", "讲解", "易错") if name in parts]
    prior = [{"考点": 0.25, "易错": -0.1}.get(name, 0.0) for name in ("考点", "讲解", "易错") if name in parts]
    found = key_units(f"{section.title} {question}", texts, budget, prior=prior, ratio=0.45)
    ordered = sorted(found, key=lambda f: (f[0], texts[f[0]].find(f[1])))
    return [readable(unit, texts[i]) for i, unit in ordered]
