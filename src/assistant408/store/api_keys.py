"""Keys for ``/v1`` (API 密钥), each of one user's; only their digest is kept."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any

import sqlalchemy as sa

from assistant408.core.digest import token_digest
from assistant408.core.errors import InputError
from assistant408.store.users import User

__all__ = ["ApiKeys"]

MOST = 20
SEEN = timedelta(minutes=5)


def _utc_now() -> datetime:
    return datetime.now(timezone.utc)


class ApiKeys:
    """Makes, finds and removes keys; `now` is the clock."""

    def __init__(self, engine: sa.Engine, now: Callable[[], datetime] = _utc_now) -> None:
        self._engine = engine
        self._now = now

    def add(self, user: str, name: str) -> tuple[str, str]:
        """A new key of a user's; its id and the key.

        Raises:
            InputError: he has too many.
        """
        if len(self.all(user)) >= MOST:
            raise InputError(f"最多 {MOST} 个密钥，请先删掉不用的。")
        id, key = secrets.token_hex(6), f"a408-{secrets.token_urlsafe(32)}"
        with self._engine.begin() as db:
            db.execute(
                sa.text("INSERT INTO api_keys(id, user_id, name, secret, created_at) VALUES (:id, :u, :n, :s, :t)"),
                {"id": id, "u": user, "n": name, "s": token_digest(key), "t": self._stamp()},
            )
        return id, key

    def all(self, user: str) -> list[dict[str, Any]]:
        """``{id, name, created_at, last_used}`` of a user's keys, the oldest first."""
        with self._engine.connect() as db:
            rows = db.execute(
                sa.text(
                    "SELECT id, name, created_at, used_at AS last_used FROM api_keys WHERE user_id = :u "
                    "ORDER BY created_at, id"
                ),
                {"u": user},
            )
            return [dict(row) for row in rows.mappings()]

    def find(self, key: str) -> User | None:
        """Whose key it is; `None` if it isn't one, or the account is disabled."""
        with self._engine.connect() as db:
            row = db.execute(
                sa.text(
                    "SELECT k.id, k.used_at, u.id, u.name, u.role, u.created_at FROM api_keys k "
                    "JOIN users u ON u.id = k.user_id WHERE k.secret = :s AND u.disabled_at IS NULL"
                ),
                {"s": token_digest(key)},
            ).first()
        if row is None:
            return None
        if row[1] is None or self._now() - datetime.fromisoformat(row[1]) > SEEN:
            with self._engine.begin() as db:
                db.execute(
                    sa.text("UPDATE api_keys SET used_at = :t WHERE id = :id"), {"t": self._stamp(), "id": row[0]}
                )
        return User(row[2], row[3], row[4], row[5])

    def remove(self, user: str, id: str) -> bool:
        """Takes a key of a user's back; whether there was one."""
        with self._engine.begin() as db:
            done = db.execute(sa.text("DELETE FROM api_keys WHERE user_id = :u AND id = :id"), {"u": user, "id": id})
            return done.rowcount > 0

    def _stamp(self) -> str:
        return self._now().isoformat(timespec="microseconds")
