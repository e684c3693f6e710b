"""What an answer is made of, in the order in which it appears. The shapes are those of ``docs/reference/http.md``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, TypeAlias

__all__ = ["Answer", "Citation", "Commit", "Event", "Passage", "Passages", "Solved", "Status", "Token"]


@dataclass(frozen=True)
class Passage:
    """A passage shown to the learner; `quote` is the unit of it that speaks most to the question, `box` its place on the
    page of the user's own document (left, top, right, bottom).
    """

    n: int
    doc: str
    title: str
    section: str
    anchor: str
    page: int | None
    text: str
    quote: str
    score: float
    box: tuple[float, float, float, float] | None = None


@dataclass(frozen=True)
class Citation:
    """A checked citation: `quote` occurs word for word in the document."""

    n: int
    doc: str
    title: str
    section: str
    anchor: str
    page: int | None
    quote: str
    score: float
    box: tuple[float, float, float, float] | None = None


@dataclass(frozen=True)
class Passages:
    """What was found, before any token."""

    passages: Sequence[Passage]
    ms: int


@dataclass(frozen=True)
class Solved:
    """An exact solution."""

    solution: dict[str, Any]


@dataclass(frozen=True)
class Status:
    """A sentence about what is going on."""

    text: str


@dataclass(frozen=True)
class Token:
    """Provisional text."""

    text: str


@dataclass(frozen=True)
class Commit:
    """Checked text that replaces the provisional text before it."""

    text: str


@dataclass(frozen=True)
class Answer:
    """The whole, as ``a408 ask --json`` prints it."""

    question: str
    answer: str
    refused: bool
    citations: Sequence[Citation]
    solver: dict[str, Any] | None
    model: str | None
    prompt: str | None
    timings: dict[str, int | None]
    nearest: Sequence[dict[str, str]] = field(default_factory=tuple)

    def to_json(self) -> dict[str, Any]:
        """A JSON-ready object."""
        return asdict(self)


Event: TypeAlias = Passages | Solved | Status | Token | Commit | Answer
