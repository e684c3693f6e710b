"""The blueprint of a set of questions (命题细目表): how many of each kind it has in each chapter of the syllabus."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from assistant408.content.questions import Question
from assistant408.content.syllabus import MARKS, Syllabus

__all__ = ["KINDS", "Chapter", "blueprint", "kind_of"]

KINDS = {"concept": "概念", "statements": "多语句", "computed": "计算"}


@dataclass(frozen=True)
class Chapter:
    """One chapter: its questions by kind, and how many its marks in the exam would give it."""

    id: str
    name: str
    subject: str
    leaves: int
    covered: int
    counts: dict[str, int]
    due: Fraction

    @property
    def total(self) -> int:
        """All questions of the chapter."""
        return sum(self.counts.values())


def kind_of(q: Question) -> str:
    """``computed`` if the key is recomputed, ``statements`` if it combines judged statements, else ``concept``.

    A question over numbered statements counts as such even where a program checks it.
    """
    if "Ⅰ" in q.stem:
        return "statements"
    return "computed" if q.check is not None else "concept"


def blueprint(questions: Sequence[Question], syllabus: Syllabus) -> list[Chapter]:
    """Every chapter in the order of the syllabus; a question counts for its first leaf.

    `Chapter.due` is the chapter's share of its subject's marks times the subject's number of questions.
    """
    chapters = [n for n in syllabus.nodes.values() if n.id.count(".") == 1]
    subjects = Counter(q.subject for q in questions)
    out = []
    for chapter in chapters:
        leaves = [n.id for n in syllabus.under(chapter.id)]
        mine = [q for q in questions if q.syllabus[0] in leaves]
        counts = Counter(map(kind_of, mine))
        marks = sum((syllabus.marks(leaf) for leaf in leaves), Fraction())
        out.append(
            Chapter(
                chapter.id,
                chapter.name,
                chapter.subject,
                len(leaves),
                len({leaf for q in mine for leaf in q.syllabus} & set(leaves)),
                {kind: counts[kind] for kind in KINDS},
                subjects[chapter.subject] * marks / MARKS[chapter.subject],
            )
        )
    return out
