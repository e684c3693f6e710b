"""What came of an assignment, by student, by point of the syllabus (考点) and by question.

The queries themselves leave out who gave no consent; see `assistant408.store.assignments`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from assistant408.practice.marking import earned
from assistant408.practice.paper import Paper
from assistant408.store.assignments import Assignment
from assistant408.store.attempts import PASS
from assistant408.store.users import User
from assistant408.web.accounts.desk import Accounts
from assistant408.web.learner import Learner
from assistant408.web.services import Services

__all__ = ["results"]


@dataclass(frozen=True)
class Result:
    """What a student got for one question; `key` names it within the assignment, `got` counts out of `points`."""

    student: str
    key: str
    got: float
    points: float
    at: str


def results(services: Services, accounts: Accounts, teacher: User, a: Assignment) -> dict[str, Any]:
    """See GET ``/api/teaching/assignments/{id}``."""
    members = accounts.classes.students(teacher.id, a.class_id)
    if a.paper is None:
        found = [Result(g.user, g.question, g.score, 1.0, g.at) for g in accounts.assignments.answers(teacher.id, a.id)]
        items = {q: services.questions[q] for q in a.questions if q in services.questions}
    else:
        found = _of_exams(services, accounts.assignments.exams(teacher.id, a.id))
        items = {str(i.number): i.question for i in Paper.from_json(a.paper).items}
    leaves = {leaf: [r for r in found if r.key in items and leaf in items[r.key].syllabus] for leaf in _leaves(items)}
    return {
        "students": [_student(m, [r for r in found if r.student == m["id"]], a.due) for m in members if m["consent"]],
        "hidden": sum(not m["consent"] for m in members),
        "leaves": [
            {"leaf": leaf, "name": services.syllabus.nodes[leaf].name, **_rate(rs)}
            for leaf, rs in leaves.items()
            if leaf in services.syllabus.nodes
        ],
        "questions": [
            {"id": key, "stem": q.stem, **_rate([r for r in found if r.key == key])} for key, q in items.items()
        ],
    }


def _of_exams(services: Services, exams: dict[str, str]) -> list[Result]:
    """The marks of those exams that are closed."""
    found = []
    for student, id in exams.items():
        own = Learner(services, student).exams
        row = own.row(id)
        if row.state == "closed":
            points = {i.number: i.question.points for i in Paper.from_json(row.paper).items}
            found += [
                Result(student, str(m["number"]), earned(m), points[m["number"]], str(row.closed_at))
                for m in own.marks(id)
            ]
    return found


def _leaves(items: dict[str, Any]) -> list[str]:
    return list(dict.fromkeys(leaf for q in items.values() for leaf in q.syllabus))


def _rate(found: list[Result]) -> dict[str, Any]:
    points = sum(r.points for r in found)
    return {"answered": len(found), "rate": round(sum(r.got for r in found) / points, 4) if points else None}


def _student(member: dict[str, Any], found: list[Result], due: str | None) -> dict[str, Any]:
    last = max((datetime.fromisoformat(r.at) for r in found), default=None)
    return {
        "id": member["id"],
        "name": member["name"],
        "done": len(found),
        "right": sum(r.got >= PASS * r.points for r in found),
        "earned": round(sum(r.got for r in found), 2),
        "points": sum(r.points for r in found),
        "late": last is not None and due is not None and last > datetime.fromisoformat(due),
    }
