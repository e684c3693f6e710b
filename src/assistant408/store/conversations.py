"""Conversations with the tutor."""

from __future__ import annotations

import itertools
import json
import secrets
from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any

import sqlalchemy as sa

__all__ = ["Conversations", "like"]


def _utc_now() -> datetime:
    return datetime.now(timezone.utc)


def like(text: str) -> str:
    """The pattern of ``LIKE … ESCAPE '\\'`` for what holds `text` as it is.

    Examples:
        >>> print(like("100%"))
        %100\\%%
    """
    return "%" + text.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_") + "%"


class Conversations:
    """Reads and writes conversations; deletion is undone by `restore`.

    Args:
        engine: from `open_database`.
        now: the clock.
        owner: whose they are; others' don't exist for it.
    """

    def __init__(self, engine: sa.Engine, now: Callable[[], datetime] = _utc_now, owner: str = "") -> None:
        self._engine = engine
        self._now = now
        self._owner = owner

    def create(self, title: str) -> str:
        """A new conversation; its id."""
        with self._engine.begin() as db:
            return self._create(db, title)

    def open(self, question: str) -> tuple[str, int]:
        """A new conversation with its first question, in one transaction; their ids."""
        with self._engine.begin() as db:
            id = self._create(db, question)
            return id, self._add(db, id, "user", question, None)

    def _create(self, db: sa.Connection, title: str) -> str:
        id = secrets.token_urlsafe(9)
        db.execute(
            sa.text(
                "INSERT INTO conversations(owner, id, title, created_at, updated_at) VALUES (:owner, :id, :title, :t, :t)"
            ),
            {"owner": self._owner, "id": id, "title": title.strip()[:60] or "新对话", "t": self._stamp()},
        )
        return id

    def recent(self, query: str = "") -> list[dict[str, Any]]:
        """Conversations, the newest first; `query` must occur in the title or a message, in any case."""
        with self._engine.connect() as db:
            rows = db.execute(
                sa.text(
                    "SELECT c.id, c.title, c.updated_at, count(m.id) AS messages FROM conversations c "
                    "LEFT JOIN messages m ON m.owner = :owner AND m.conversation_id = c.id "
                    "WHERE c.owner = :owner AND c.deleted_at IS NULL "
                    "AND (:q = '' OR lower(c.title) LIKE lower(:like) ESCAPE '\\' OR EXISTS (SELECT 1 FROM messages x "
                    "WHERE x.owner = :owner AND x.conversation_id = c.id AND lower(x.content) LIKE lower(:like) ESCAPE '\\')) "
                    "GROUP BY c.id, c.title, c.updated_at ORDER BY c.updated_at DESC, c.id"
                ),
                {"owner": self._owner, "q": query, "like": like(query)},
            )
            return [dict(row) for row in rows.mappings()]

    def get(self, id: str) -> dict[str, Any] | None:
        """A conversation with its messages, or `None`."""
        with self._engine.connect() as db:
            head = (
                db.execute(
                    sa.text(
                        "SELECT id, title, updated_at FROM conversations "
                        "WHERE owner = :owner AND id = :id AND deleted_at IS NULL"
                    ),
                    {"owner": self._owner, "id": id},
                )
                .mappings()
                .first()
            )
            if head is None:
                return None
            rows = db.execute(
                sa.text(
                    "SELECT id, role, content, result, created_at FROM messages "
                    "WHERE owner = :owner AND conversation_id = :id ORDER BY id"
                ),
                {"owner": self._owner, "id": id},
            )
            messages = [
                {**row, "result": json.loads(row["result"]) if row["result"] else None} for row in rows.mappings()
            ]
        return {**head, "messages": messages}

    def add(self, id: str, role: str, content: str, result: dict[str, Any] | None = None) -> int:
        """Appends a message; its id."""
        with self._engine.begin() as db:
            return self._add(db, id, role, content, result)

    def _add(self, db: sa.Connection, id: str, role: str, content: str, result: dict[str, Any] | None) -> int:
        number = db.execute(
            sa.text(
                "INSERT INTO messages(owner, conversation_id, role, content, result, created_at) "
                "VALUES (:owner, :id, :role, :content, :result, :t) RETURNING id"
            ),
            {
                "owner": self._owner,
                "id": id,
                "role": role,
                "content": content,
                "result": None if result is None else json.dumps(result, ensure_ascii=False),
                "t": self._stamp(),
            },
        ).scalar_one()
        db.execute(
            sa.text("UPDATE conversations SET updated_at = :t WHERE owner = :owner AND id = :id"),
            {"owner": self._owner, "t": self._stamp(), "id": id},
        )
        return int(number)

    def rename(self, id: str, title: str) -> bool:
        """Whether the conversation was there."""
        return self._change(
            "UPDATE conversations SET title = :v WHERE owner = :owner AND id = :id", id, title.strip()[:60]
        )

    def delete(self, id: str) -> bool:
        """Hides a conversation; `restore` brings it back."""
        return self._change(
            "UPDATE conversations SET deleted_at = :v WHERE owner = :owner AND id = :id", id, self._stamp()
        )

    def restore(self, id: str) -> bool:
        """Undoes `delete`."""
        return self._change("UPDATE conversations SET deleted_at = :v WHERE owner = :owner AND id = :id", id, None)

    def truncate(self, id: str, message: int) -> bool:
        """Removes a message and all after it."""
        return self._change(
            "DELETE FROM messages WHERE owner = :owner AND conversation_id = :id AND id >= :v", id, message
        )

    def history(self, id: str, pairs: int = 3) -> list[tuple[str, str]]:
        """The last (question, answer) pairs, the oldest first."""
        conversation = self.get(id)
        messages = conversation["messages"] if conversation else []
        out = [
            (a["content"], b["content"])
            for a, b in itertools.pairwise(messages)
            if a["role"] == "user" and b["role"] == "assistant"
        ]
        return out[-pairs:]

    def _change(self, statement: str, id: str, value: object) -> bool:
        with self._engine.begin() as db:
            return db.execute(sa.text(statement), {"owner": self._owner, "id": id, "v": value}).rowcount > 0

    def _stamp(self) -> str:
        return self._now().isoformat(timespec="microseconds")
