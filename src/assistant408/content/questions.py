"""Questions: practice bank and bench. The format is described in ``docs/authoring.md``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from assistant408.core.errors import ContentError
from assistant408.core.toml import TOMLDecodeError, parse

__all__ = ["Check", "Evidence", "Part", "Question", "load_bank", "load_bench", "load_questions"]

Kind = Literal["single", "judge", "blank", "big"]


@dataclass(frozen=True)
class Check:
    """How a computed key is recomputed: by a solver's `value`, or by a small program."""

    solver: str = ""
    args: Mapping[str, Any] = field(default_factory=dict)
    value: str = ""
    equals: Any = None
    python: str = ""


@dataclass(frozen=True)
class Evidence:
    """The words of a note that settle a key."""

    note: str
    quote: str


@dataclass(frozen=True)
class Part:
    """One part of a big question; `rubric` is (points, what earns them) pairs."""

    prompt: str
    points: int
    answer: str
    rubric: Sequence[tuple[int, str]]
    check: Check | None = None
    evidence: Sequence[Evidence] = ()


@dataclass(frozen=True)
class Question:
    """A question with its key; what a learner may see of it is `public`."""

    id: str
    kind: Kind
    syllabus: Sequence[str]
    difficulty: int
    stem: str
    choices: Mapping[str, str]
    answer: Sequence[str]
    explanation: str
    traps: Mapping[str, str]
    check: Check | None
    evidence: Sequence[Evidence]
    parts: Sequence[Part]
    points: int

    @property
    def subject(self) -> str:
        """``ds``, ``co``, ``os`` or ``cn``."""
        return self.syllabus[0].split(".")[0]

    def public(self) -> dict[str, Any]:
        """The question without anything that gives its answer away."""
        return {
            "id": self.id,
            "kind": self.kind,
            "syllabus": list(self.syllabus),
            "difficulty": self.difficulty,
            "stem": self.stem,
            "choices": dict(self.choices),
            "points": self.points,
            "parts": [{"prompt": p.prompt, "points": p.points} for p in self.parts],
        }


def load_questions(path: Path) -> list[Question]:
    """The questions of one file.

    Raises:
        ContentError: naming the question and the rule.
    """
    try:
        entries = parse(path.read_text(encoding="utf-8")).get("question", [])
    except TOMLDecodeError as e:
        raise ContentError(f"题目文件 {path.name!r} 不是合法的 TOML：{e}。") from None
    return [_question(entry, path) for entry in entries]


def load_bank(content: Path) -> list[Question]:
    """The practice bank."""
    return [q for path in sorted((content / "questions").rglob("*.toml")) for q in load_questions(path)]


def load_bench(content: Path) -> list[Question]:
    """The 408-bench: for measuring only, never indexed, never trained on."""
    return [q for path in sorted((content / "bench" / "408").glob("*.toml")) for q in load_questions(path)]


def _question(e: Mapping[str, Any], path: Path) -> Question:
    id = str(e.get("id", "")) or f"{path.name} 中没有 id 的题"
    try:
        kind = e["kind"]
        answer = e.get("answer", [])
        question = Question(
            id=id,
            kind=kind,
            syllabus=tuple(e["syllabus"]),
            difficulty=int(e["difficulty"]),
            stem=str(e["stem"]).strip(),
            choices=dict(e.get("choices", {})),
            answer=(str(answer),) if not isinstance(answer, list) else tuple(map(str, answer)),
            explanation=str(e.get("explanation", "")).strip(),
            traps=dict(e.get("traps", {})),
            check=_check(e.get("check")),
            evidence=_evidence(e),
            parts=tuple(_part(p) for p in e.get("parts", [])),
            points=int(e.get("points", 2)),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ContentError(f"题目 {id!r}（{path.name}）写错了：{type(error).__name__} {error}。") from None
    if question.kind not in ("single", "judge", "blank", "big"):
        raise ContentError(f"题目 {id!r} 的 kind {question.kind!r} 应为 single、judge、blank 或 big。")
    return question


def _part(p: Mapping[str, Any]) -> Part:
    rubric = tuple((int(r["points"]), str(r["text"])) for r in p.get("rubric", []))
    return Part(str(p["prompt"]), int(p["points"]), str(p["answer"]), rubric, _check(p.get("check")), _evidence(p))


def _check(value: Any) -> Check | None:
    return None if value is None else Check(**value)


def _evidence(e: Mapping[str, Any]) -> tuple[Evidence, ...]:
    return tuple(Evidence(**item) for item in e.get("evidence", []))
