"""Mock exams (模拟考试): the paper as it was set, how far its clock has run, every answer, the marks and who changed them.

An answer is a row of its own with the client's sequence number, so that a late packet never overwrites a newer one. All
that one call changes is one transaction; what was committed survives the loss of the process.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import sqlalchemy as sa

from assistant408.core.errors import InputError
from assistant408.store.attempts import PASS
from assistant408.store.db import writing

__all__ = ["Attempted", "Entry", "ExamRow", "ExamStore"]

_JSON = ("paper", "seconds", "breaks", "marks")


@dataclass(frozen=True)
class ExamRow:
    """An exam. Moments are ISO texts with a zone; `used_s` and `seconds` (by number) count while the clock ran.

    Attributes:
        state: ``new``, ``running``, ``paused`` or ``closed``.
        item: the number of the question that lay open at `seen_at`, the last contact.
        breaks: ``{kind, from, to}``, `to` being `None` while it lasts.
        marks: what marking gave, `None` before.
    """

    id: str
    title: str
    source: str
    paper: dict[str, Any]
    created_at: str
    state: str = "new"
    used_s: float = 0.0
    item: int = 1
    seconds: Mapping[str, float] | None = None
    breaks: Sequence[Mapping[str, Any]] = ()
    started_at: str | None = None
    seen_at: str | None = None
    closed_at: str | None = None
    timed_out: bool = False
    marks: list[dict[str, Any]] | None = None


@dataclass(frozen=True)
class Entry:
    """What stands in one place of an answer sheet: slot ``answer`` of a choice, ``1``… of a big question, or ``flag``."""

    number: int
    slot: str
    value: str
    seq: int


@dataclass(frozen=True)
class Attempted:
    """An attempt at a question of the bank, for the wrong-question notebook and the mastery of points.

    `score` is the share of the points, `None` while undecided.
    """

    question: str
    answer: str
    score: float | None
    seconds: float | None
    at: str


_COLUMNS = ", ".join(f.name for f in fields(ExamRow))


class ExamStore:
    """Reads and writes the exams of `owner`."""

    def __init__(self, engine: sa.Engine, owner: str = "") -> None:
        self._engine = engine
        self._owner = owner

    def add(self, row: ExamRow) -> None:
        """Keeps a new exam."""
        values = {"owner": self._owner, **_values(row)}
        with self._engine.begin() as db:
            db.execute(
                sa.text(f"INSERT INTO exams({', '.join(values)}) VALUES ({', '.join(':' + v for v in values)})"), values
            )

    def all(self) -> list[ExamRow]:
        """Every exam, the newest first."""
        with self._engine.connect() as db:
            rows = db.execute(
                sa.text(f"SELECT {_COLUMNS} FROM exams WHERE owner = :owner ORDER BY created_at DESC, id"),
                {"owner": self._owner},
            )
            return [_row(r) for r in rows.mappings()]

    def get(self, id: str) -> ExamRow:
        """One exam.

        Raises:
            InputError: there is none of that id.
        """
        with self._engine.connect() as db:
            return _find(db, self._owner, id)

    def entries(self, id: str) -> list[Entry]:
        """The answer sheet."""
        with self._engine.connect() as db:
            rows = db.execute(
                sa.text(
                    "SELECT number, slot, value, seq FROM exam_entries "
                    "WHERE owner = :owner AND exam_id = :id ORDER BY number, slot"
                ),
                {"owner": self._owner, "id": id},
            )
            return [Entry(*row) for row in rows]

    def change(self, id: str, edit: Callable[[ExamRow], ExamRow], entries: Sequence[Entry] = ()) -> ExamRow:
        """Replaces an exam by what `edit` makes of it, no other change coming between.

        Args:
            entries: kept if the exam is running after that, each unless a newer one is there.
        """
        with writing(self._engine) as db:
            key = {"owner": self._owner, "id": id}
            db.execute(
                sa.text("UPDATE exams SET state = state WHERE owner = :owner AND id = :id"), key
            )  # locks the row
            old = _find(db, self._owner, id)
            new = edit(old)
            if new != old:
                before = _values(old)
                changed = {k: v for k, v in _values(new).items() if v != before[k]}  # the paper is long and stays
                sets = ", ".join(f"{name} = :{name}" for name in changed)
                db.execute(sa.text(f"UPDATE exams SET {sets} WHERE owner = :owner AND id = :id"), {**changed, **key})
            if new.state == "running":
                for e in entries:
                    db.execute(
                        sa.text(
                            "INSERT INTO exam_entries(owner, exam_id, number, slot, value, seq) "
                            "VALUES (:owner, :id, :n, :slot, :v, :s) "
                            "ON CONFLICT (owner, exam_id, number, slot) DO UPDATE SET value = excluded.value, "
                            "seq = excluded.seq WHERE exam_entries.seq < excluded.seq"
                        ),
                        {**key, "n": e.number, "slot": e.slot, "v": e.value, "s": e.seq},
                    )
        return new

    def mark(self, id: str, marks: Sequence[Mapping[str, Any]], attempts: Sequence[Attempted]) -> None:
        """Keeps the marks of an exam that has none yet, and the attempts with them, once."""
        with writing(self._engine) as db:
            done = db.execute(
                sa.text("UPDATE exams SET marks = :m WHERE owner = :owner AND id = :id AND marks IS NULL"),
                {"owner": self._owner, "id": id, "m": _dump(marks)},
            )
            if done.rowcount:
                _attempt(db, self._owner, attempts)

    def override(self, id: str, place: tuple[int, int, int], points: int, reason: str, at: str) -> None:
        """Records the learner's own mark of line `place` (question, part, line)."""
        with self._engine.begin() as db:
            db.execute(
                sa.text(
                    "INSERT INTO exam_overrides(owner, exam_id, number, part, line, points, reason, created_at) "
                    "VALUES (:owner, :id, :n, :p, :l, :points, :reason, :at)"
                ),
                {
                    "owner": self._owner,
                    "id": id,
                    "n": place[0],
                    "p": place[1],
                    "l": place[2],
                    "points": points,
                    "reason": reason,
                    "at": at,
                },
            )

    def overrides(self, id: str) -> list[dict[str, Any]]:
        """``{number, part, line, points, reason, created_at}``, the oldest first."""
        with self._engine.connect() as db:
            rows = db.execute(
                sa.text(
                    "SELECT number, part, line, points, reason, created_at FROM exam_overrides "
                    "WHERE owner = :owner AND exam_id = :id ORDER BY id"
                ),
                {"owner": self._owner, "id": id},
            )
            return [dict(row) for row in rows.mappings()]

    def attempt(self, attempts: Sequence[Attempted]) -> None:
        """Records attempts that were decided after the marking."""
        with self._engine.begin() as db:
            _attempt(db, self._owner, attempts)


def _attempt(db: sa.Connection, owner: str, attempts: Sequence[Attempted]) -> None:
    for a in attempts:
        db.execute(
            sa.text(
                "INSERT INTO attempts(owner, question_id, answer, correct, score, seconds, created_at) "
                "VALUES (:owner, :q, :a, :c, :p, :s, :t)"
            ),
            {
                "owner": owner,
                "q": a.question,
                "a": a.answer,
                "c": None if a.score is None else int(a.score >= PASS),
                "p": a.score,
                "s": a.seconds,
                "t": a.at,
            },
        )


def _find(db: sa.Connection, owner: str, id: str) -> ExamRow:
    found = db.execute(
        sa.text(f"SELECT {_COLUMNS} FROM exams WHERE owner = :owner AND id = :id"), {"owner": owner, "id": id}
    )
    row = found.mappings().first()
    if row is None:
        raise InputError(f"没有考试 {id!r}，用 a408 exam list 查看全部。")
    return _row(row)


def _row(row: sa.RowMapping) -> ExamRow:
    read = {k: json.loads(v) if k in _JSON and v is not None else v for k, v in row.items()}
    return ExamRow(**{**read, "timed_out": bool(read["timed_out"])})


def _values(row: ExamRow) -> dict[str, Any]:
    values = dict(vars(row))
    values.update({k: None if values[k] is None else _dump(values[k]) for k in _JSON})
    values["timed_out"] = int(row.timed_out)
    return values


def _dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
