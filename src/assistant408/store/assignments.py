"""Assignments (作业): questions or a paper that a teacher gives to a class, and what came of them.

Of a member's own rows a teacher's query reads the answers to assigned questions since they were assigned, and the exam
that was begun as the assignment; only while the member's consent stands, which every such statement checks itself.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

import sqlalchemy as sa

from assistant408.core.errors import InputError

__all__ = ["Assignment", "Assignments", "Given"]

_COLUMNS = "a.id, a.class_id, c.name AS class_name, a.title, a.questions, a.paper, a.due, a.created_at"
_TAUGHT = f"SELECT {_COLUMNS} FROM assignments a JOIN classes c ON c.id = a.class_id WHERE c.teacher = :u"
_ASSIGNED = (
    f"SELECT {_COLUMNS} FROM assignments a JOIN classes c ON c.id = a.class_id "
    "JOIN members m ON m.class_id = c.id WHERE m.user_id = :u"
)
_CONSENTED = (
    "JOIN members m ON m.user_id = {who} AND m.consent_at IS NOT NULL JOIN assignments g ON g.class_id = m.class_id "
    "JOIN classes c ON c.id = g.class_id AND c.teacher = :u WHERE g.id = :id"
)


def _utc_now() -> datetime:
    return datetime.now(timezone.utc)


@dataclass(frozen=True)
class Assignment:
    """What is to be done: `questions` by id, or a `paper` as it was set; `due` is an ISO moment."""

    id: str
    class_id: str
    class_name: str
    title: str
    questions: tuple[str, ...]
    paper: dict[str, Any] | None
    due: str | None
    created_at: str


@dataclass(frozen=True)
class Given:
    """The first marked answer of a member's to an assigned question; `score` from 0 to 1."""

    user: str
    question: str
    score: float
    at: str


class Assignments:
    """Reads and writes assignments; `now` is the clock."""

    def __init__(self, engine: sa.Engine, now: Callable[[], datetime] = _utc_now) -> None:
        self._engine = engine
        self._now = now

    # --- for the teacher -------------------------------------------------------------------------------------------

    def add(
        self,
        teacher: str,
        class_id: str,
        title: str,
        questions: Sequence[str],
        paper: dict[str, Any] | None,
        due: str | None,
    ) -> str:
        """Gives an assignment to a class of his; its id.

        Raises:
            InputError: he has no such class.
        """
        id = f"a{secrets.token_hex(6)}"
        with self._engine.begin() as db:
            done = db.execute(
                sa.text(
                    "INSERT INTO assignments(id, class_id, title, questions, paper, due, created_at) "
                    "SELECT CAST(:id AS TEXT), id, CAST(:title AS TEXT), CAST(:q AS TEXT), CAST(:p AS TEXT), "
                    "CAST(:due AS TEXT), CAST(:t AS TEXT) FROM classes WHERE id = :class AND teacher = :u"
                ),
                {
                    "id": id,
                    "class": class_id,
                    "u": teacher,
                    "title": title,
                    "q": json.dumps(list(questions)),
                    "p": None if paper is None else json.dumps(paper, ensure_ascii=False),
                    "due": due,
                    "t": self._now().isoformat(timespec="microseconds"),
                },
            )
        if not done.rowcount:
            raise InputError(f"没有班级 {class_id!r}。")
        return id

    def taught(self, teacher: str, class_id: str) -> list[Assignment]:
        """The assignments of a class of his, the newest first."""
        return self._all(f"{_TAUGHT} AND c.id = :id ORDER BY a.created_at DESC, a.id", teacher, class_id)

    def of_teacher(self, teacher: str, id: str) -> Assignment:
        """One of his.

        Raises:
            InputError: he has none of that id.
        """
        return self._one(_TAUGHT, teacher, id)

    def remove(self, teacher: str, id: str) -> None:
        """Deletes an assignment; what was answered stays with those who did.

        Raises:
            InputError: he has none of that id.
        """
        self.of_teacher(teacher, id)
        with self._engine.begin() as db:
            db.execute(sa.text("DELETE FROM assignments WHERE id = :id"), {"id": id})

    def answers(self, teacher: str, id: str) -> list[Given]:
        """The first marked answers of the members who consent, since the assignment was given."""
        questions = self.of_teacher(teacher, id).questions
        statement = sa.text(
            "SELECT t.owner, t.question_id, t.score, t.created_at FROM attempts t "
            f"{_CONSENTED.format(who='t.owner')} AND t.score IS NOT NULL AND t.created_at >= g.created_at "
            "AND t.question_id IN :questions ORDER BY t.id"
        ).bindparams(sa.bindparam("questions", expanding=True))
        with self._engine.connect() as db:
            rows = db.execute(statement, {"u": teacher, "id": id, "questions": list(questions)})
            first: dict[tuple[str, str], Given] = {}
            for row in rows:
                first.setdefault((row[0], row[1]), Given(*row))
        return list(first.values())

    def exams(self, teacher: str, id: str) -> dict[str, str]:
        """The exams that members who consent have begun as this assignment, by member."""
        with self._engine.connect() as db:
            rows = db.execute(
                sa.text(
                    "SELECT x.user_id, x.exam_id FROM assignment_exams x "
                    f"{_CONSENTED.format(who='x.user_id')} AND x.assignment_id = g.id"
                ),
                {"u": teacher, "id": id},
            )
            return {row[0]: row[1] for row in rows}

    # --- for a member ----------------------------------------------------------------------------------------------

    def assigned(self, user: str) -> list[Assignment]:
        """The assignments of all classes that a user is in, the newest first."""
        return self._all(f"{_ASSIGNED} ORDER BY a.created_at DESC, a.id", user)

    def of_member(self, user: str, id: str) -> Assignment:
        """One of these.

        Raises:
            InputError: he has none of that id.
        """
        return self._one(_ASSIGNED, user, id)

    def exam_of(self, user: str, id: str) -> str | None:
        """The exam that a user has begun as this assignment."""
        with self._engine.connect() as db:
            found = db.execute(
                sa.text("SELECT exam_id FROM assignment_exams WHERE assignment_id = :id AND user_id = :u"),
                {"id": id, "u": user},
            ).scalar()
        return None if found is None else str(found)

    def begin(self, user: str, id: str, exam: str) -> str:
        """Notes that an exam is this assignment, unless another one is already; the exam that counts."""
        with self._engine.begin() as db:
            db.execute(
                sa.text(
                    "INSERT INTO assignment_exams(assignment_id, user_id, exam_id) VALUES (:id, :u, :e) "
                    "ON CONFLICT (assignment_id, user_id) DO NOTHING"
                ),
                {"id": id, "u": user, "e": exam},
            )
        return self.exam_of(user, id) or exam

    def _one(self, statement: str, user: str, id: str) -> Assignment:
        rows = self._all(f"{statement} AND a.id = :id", user, id)
        if not rows:
            raise InputError(f"没有作业 {id!r}，它可能已被撤回。")
        return rows[0]

    def _all(self, statement: str, user: str, id: str = "") -> list[Assignment]:
        with self._engine.connect() as db:
            rows = db.execute(sa.text(statement), {"u": user, "id": id}).mappings()
            return [_assignment(row) for row in rows]


def _assignment(row: Any) -> Assignment:
    read = {"questions": tuple(json.loads(row["questions"])), "paper": row["paper"] and json.loads(row["paper"])}
    return Assignment(**{**row, **read})
