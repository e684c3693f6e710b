"""What a learner leaves on a question or a point of the syllabus: favourites (收藏), notes (笔记), reports of errors (报错).

Whatever is removed is only hidden, and can be brought back.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any, Literal

import sqlalchemy as sa

from assistant408.store.conversations import like

__all__ = ["Favourites", "NoteKind", "PersonalNotes", "Reports"]

NoteKind = Literal["question", "leaf"]


def _utc_now() -> datetime:
    return datetime.now(timezone.utc)


class Favourites:
    """Questions that `owner` keeps for another look; `now` is the clock."""

    def __init__(self, engine: sa.Engine, now: Callable[[], datetime] = _utc_now, owner: str = "") -> None:
        self._engine = engine
        self._now = now
        self._owner = owner

    def add(self, question: str) -> None:
        """Keeps a question; keeping it twice changes nothing, keeping a removed one undoes the removal."""
        _run(
            self._engine,
            "INSERT INTO favourites(owner, question_id, created_at) VALUES (:owner, :id, :t) "
            "ON CONFLICT (owner, question_id) DO UPDATE SET deleted_at = NULL",
            owner=self._owner,
            id=question,
            t=_stamp(self._now),
        )

    def remove(self, question: str) -> bool:
        """Whether it was kept until now."""
        where = "owner = :owner AND question_id = :id AND deleted_at IS NULL"
        statement = f"UPDATE favourites SET deleted_at = :t WHERE {where}"
        return _run(self._engine, statement, owner=self._owner, id=question, t=_stamp(self._now))

    def all(self) -> list[dict[str, Any]]:
        """``{question_id, created_at}`` of the questions kept, the newest first."""
        return _rows(
            self._engine,
            "SELECT question_id, created_at FROM favourites WHERE owner = :owner AND deleted_at IS NULL "
            "ORDER BY created_at DESC, question_id",
            owner=self._owner,
        )


class PersonalNotes:
    """The learner's own words, `owner`'s, one text for each question and each leaf of the syllabus; `now` is the clock."""

    def __init__(self, engine: sa.Engine, now: Callable[[], datetime] = _utc_now, owner: str = "") -> None:
        self._engine = engine
        self._now = now
        self._owner = owner

    def put(self, kind: NoteKind, target: str, text: str) -> None:
        """Writes the note on a question or leaf, in place of what was there."""
        _run(
            self._engine,
            "INSERT INTO notes(owner, kind, target, text, created_at, updated_at) VALUES (:owner, :kind, :id, :text, :t, :t) "
            "ON CONFLICT (owner, kind, target) DO UPDATE SET text = excluded.text, updated_at = excluded.updated_at, "
            "deleted_at = NULL",
            owner=self._owner,
            kind=kind,
            id=target,
            text=text,
            t=_stamp(self._now),
        )

    def get(self, kind: NoteKind, target: str) -> dict[str, Any] | None:
        """``{text, updated_at}``, or `None`."""
        rows = _rows(
            self._engine,
            "SELECT text, updated_at FROM notes "
            "WHERE owner = :owner AND kind = :kind AND target = :id AND deleted_at IS NULL",
            owner=self._owner,
            kind=kind,
            id=target,
        )
        return rows[0] if rows else None

    def remove(self, kind: NoteKind, target: str) -> bool:
        """Whether there was one; `restore` brings it back."""
        where = "owner = :owner AND kind = :kind AND target = :id AND deleted_at IS NULL"
        statement = f"UPDATE notes SET deleted_at = :t WHERE {where}"
        return _run(self._engine, statement, owner=self._owner, kind=kind, id=target, t=_stamp(self._now))

    def restore(self, kind: NoteKind, target: str) -> bool:
        """Undoes `remove`; whether there is such a note."""
        statement = "UPDATE notes SET deleted_at = NULL WHERE owner = :owner AND kind = :kind AND target = :id"
        return _run(self._engine, statement, owner=self._owner, kind=kind, id=target)

    def all(self, query: str = "") -> list[dict[str, Any]]:
        """``{kind, target, text, updated_at}`` of the notes in which `query` occurs, the newest first."""
        return _rows(
            self._engine,
            "SELECT kind, target, text, updated_at FROM notes WHERE owner = :owner AND deleted_at IS NULL "
            "AND lower(text) LIKE lower(:like) ESCAPE '\\' ORDER BY updated_at DESC, kind, target",
            owner=self._owner,
            like=like(query),
        )


class Reports:
    """Errors that `owner` found in questions; `now` is the clock."""

    def __init__(self, engine: sa.Engine, now: Callable[[], datetime] = _utc_now, owner: str = "") -> None:
        self._engine = engine
        self._now = now
        self._owner = owner

    def add(self, question: str, part: str, text: str) -> int:
        """Records what is wrong (`part`: stem, choices, answer, explanation, other); the report's number."""
        with self._engine.begin() as db:
            number = db.execute(
                sa.text(
                    "INSERT INTO reports(owner, question_id, part, text, created_at) "
                    "VALUES (:owner, :q, :part, :text, :t) RETURNING id"
                ),
                {"owner": self._owner, "q": question, "part": part, "text": text, "t": _stamp(self._now)},
            ).scalar_one()
        return int(number)

    def remove(self, number: int) -> bool:
        """Whether there was one; `restore` brings it back."""
        statement = "UPDATE reports SET deleted_at = :t WHERE owner = :owner AND id = :id AND deleted_at IS NULL"
        return _run(self._engine, statement, owner=self._owner, id=number, t=_stamp(self._now))

    def restore(self, number: int) -> bool:
        """Undoes `remove`; whether there is such a report."""
        statement = "UPDATE reports SET deleted_at = NULL WHERE owner = :owner AND id = :id"
        return _run(self._engine, statement, owner=self._owner, id=number)

    def all(self) -> list[dict[str, Any]]:
        """``{id, question_id, part, text, created_at}``, the newest first."""
        return _rows(
            self._engine,
            "SELECT id, question_id, part, text, created_at FROM reports WHERE owner = :owner AND deleted_at IS NULL "
            "ORDER BY id DESC",
            owner=self._owner,
        )


def _run(engine: sa.Engine, statement: str, **values: object) -> bool:
    """Whether a row was changed."""
    with engine.begin() as db:
        return db.execute(sa.text(statement), values).rowcount > 0


def _rows(engine: sa.Engine, statement: str, **values: object) -> list[dict[str, Any]]:
    with engine.connect() as db:
        return [dict(row) for row in db.execute(sa.text(statement), values).mappings()]


def _stamp(now: Callable[[], datetime]) -> str:
    return now().isoformat(timespec="microseconds")
