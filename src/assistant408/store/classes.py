"""Classes (班级): who teaches, who has joined, and whether he lets the teacher see his results.

Every statement names the teacher or the member on whose behalf it runs.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any

import sqlalchemy as sa

from assistant408.core.errors import InputError

__all__ = ["Classes", "join"]

_JOINED = (
    "SELECT c.id, c.name, t.name AS teacher, m.consent_at IS NOT NULL AS consent, m.joined_at "
    "FROM members m JOIN classes c ON c.id = m.class_id JOIN users t ON t.id = c.teacher WHERE m.user_id = :u"
)


def _utc_now() -> datetime:
    return datetime.now(timezone.utc)


class Classes:
    """Reads and writes classes; `now` is the clock."""

    def __init__(self, engine: sa.Engine, now: Callable[[], datetime] = _utc_now) -> None:
        self._engine = engine
        self._now = now

    # --- for the teacher -------------------------------------------------------------------------------------------

    def add(self, teacher: str, name: str) -> str:
        """A new class; its id."""
        id = f"c{secrets.token_hex(6)}"
        self._run(
            "INSERT INTO classes(id, teacher, name, created_at) VALUES (:id, :u, :n, :t)", teacher, id, n=_named(name)
        )
        return id

    def taught(self, teacher: str) -> list[dict[str, Any]]:
        """``{id, name, members, created_at}`` of a teacher's classes, by age."""
        return self._rows(
            "SELECT c.id, c.name, count(m.user_id) AS members, c.created_at FROM classes c "
            "LEFT JOIN members m ON m.class_id = c.id WHERE c.teacher = :u "
            "GROUP BY c.id, c.name, c.created_at ORDER BY c.created_at, c.id",
            teacher,
        )

    def of_teacher(self, teacher: str, id: str) -> dict[str, Any]:
        """One of these.

        Raises:
            InputError: he has none of that id.
        """
        return _found([c for c in self.taught(teacher) if c["id"] == id], id)

    def rename(self, teacher: str, id: str, name: str) -> None:
        """Gives a class another name.

        Raises:
            InputError: he has none of that id.
        """
        if not self._run("UPDATE classes SET name = :n WHERE id = :id AND teacher = :u", teacher, id, n=_named(name)):
            _found([], id)

    def remove(self, teacher: str, id: str) -> None:
        """Deletes a class with its assignments.

        Raises:
            InputError: he has none of that id.
        """
        if not self._run("DELETE FROM classes WHERE id = :id AND teacher = :u", teacher, id):
            _found([], id)

    def students(self, teacher: str, id: str) -> list[dict[str, Any]]:
        """``{id, name, joined_at, consent}`` of the members, in the order in which they joined."""
        rows = self._rows(
            "SELECT u.id, u.name, m.joined_at, m.consent_at IS NOT NULL AS consent FROM members m "
            "JOIN classes c ON c.id = m.class_id JOIN users u ON u.id = m.user_id "
            "WHERE c.teacher = :u AND c.id = :id ORDER BY m.joined_at, u.id",
            teacher,
            id,
        )
        return [{**row, "consent": bool(row["consent"])} for row in rows]

    def dismiss(self, teacher: str, id: str, member: str) -> bool:
        """Takes a member out of a class; whether he was in it."""
        statement = (
            "DELETE FROM members WHERE user_id = :m AND class_id IN "
            "(SELECT id FROM classes WHERE id = :id AND teacher = :u)"
        )
        return self._run(statement, teacher, id, m=member)

    # --- for a member ----------------------------------------------------------------------------------------------

    def joined(self, user: str) -> list[dict[str, Any]]:
        """``{id, name, teacher, consent, joined_at}`` of the classes that a user has joined, by age."""
        rows = self._rows(f"{_JOINED} ORDER BY m.joined_at, c.id", user)
        return [{**row, "consent": bool(row["consent"])} for row in rows]

    def of_member(self, user: str, id: str) -> dict[str, Any]:
        """One of these.

        Raises:
            InputError: he is in none of that id.
        """
        return _found([c for c in self.joined(user) if c["id"] == id], id)

    def consent(self, user: str, id: str, given: bool) -> None:
        """Gives or takes back the consent that the teacher may see the results.

        Raises:
            InputError: he is in no such class.
        """
        value = "coalesce(consent_at, :t)" if given else "NULL"
        if not self._run(f"UPDATE members SET consent_at = {value} WHERE user_id = :u AND class_id = :id", user, id):
            _found([], id)

    def leave(self, user: str, id: str) -> None:
        """Leaves a class.

        Raises:
            InputError: he is in no such class.
        """
        if not self._run("DELETE FROM members WHERE user_id = :u AND class_id = :id", user, id):
            _found([], id)

    def about(self, id: str) -> tuple[str, str]:
        """The names of a class and of its teacher, for who holds a link to it."""
        rows = self._rows(
            "SELECT c.name, t.name AS teacher FROM classes c JOIN users t ON t.id = c.teacher WHERE c.id = :id", "", id
        )
        return rows[0]["name"], rows[0]["teacher"]

    def _rows(self, statement: str, user: str, id: str = "") -> list[dict[str, Any]]:
        with self._engine.connect() as db:
            return [dict(row) for row in db.execute(sa.text(statement), {"u": user, "id": id}).mappings()]

    def _run(self, statement: str, user: str, id: str, **values: str) -> bool:
        stamp = self._now().isoformat(timespec="microseconds")
        with self._engine.begin() as db:
            return db.execute(sa.text(statement), {"u": user, "id": id, "t": stamp, **values}).rowcount > 0


def join(db: sa.Connection, user: str, id: str, consent: bool, now: datetime) -> None:
    """Puts a user into a class, within the transaction that uses up the code; who is in it already only changes consent."""
    stamp = now.isoformat(timespec="microseconds")
    db.execute(
        sa.text(
            "INSERT INTO members(class_id, user_id, joined_at, consent_at) VALUES (:id, :u, :t, :c) "
            "ON CONFLICT (class_id, user_id) DO UPDATE SET consent_at = excluded.consent_at"
        ),
        {"id": id, "u": user, "t": stamp, "c": stamp if consent else None},
    )


def _named(name: str) -> str:
    if not (kept := " ".join(name.split())[:60]):
        raise InputError("名称是空的，请写一个。")
    return kept


def _found(rows: list[dict[str, Any]], id: str) -> dict[str, Any]:
    if not rows:
        raise InputError(f"没有班级 {id!r}。")
    return rows[0]
