"""Sessions (登录会话): who is signed in where. The token is known to the browser alone; here lies its SHA-256."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

import sqlalchemy as sa

from assistant408.core.digest import token_digest
from assistant408.core.errors import StoreError
from assistant408.store.users import User

__all__ = ["GRACE", "IDLE", "LONGEST", "MOST", "ROTATE", "Session", "Sessions"]

IDLE = timedelta(days=14)
"""How long a session lives without being used."""
LONGEST = timedelta(days=90)
"""How long it lives at the most."""
ROTATE = timedelta(days=1)
"""How old a token may become."""
GRACE = timedelta(minutes=1)
"""How long the token before is accepted, for requests that were on their way when it changed."""
MOST = 50
"""How many one user may have; the one that was unused for longest goes."""
SEEN = timedelta(minutes=5)  # between two notes of when it was seen, so that reading writes seldom


def _utc_now() -> datetime:
    return datetime.now(timezone.utc)


@dataclass(frozen=True)
class Session:
    """A session that is good now; `token` is a new one where it has just been changed."""

    id: str
    user: User
    csrf: str
    token: str | None = None


class Sessions:
    """Opens, finds and ends sessions; `now` is the clock."""

    def __init__(self, engine: sa.Engine, now: Callable[[], datetime] = _utc_now) -> None:
        self._engine = engine
        self._now = now

    def open(self, user: User, agent: str) -> Session:
        """A new session, with its token; `agent` is what the browser calls itself."""
        now, token = self._now(), secrets.token_urlsafe(32)
        session = Session(secrets.token_hex(8), user, secrets.token_urlsafe(24), token)
        with self._engine.begin() as db:
            db.execute(sa.text("DELETE FROM sessions WHERE expires_at <= :t"), {"t": _stamp(now)})
            db.execute(
                sa.text(
                    "DELETE FROM sessions WHERE user_id = :u AND id NOT IN "
                    "(SELECT id FROM sessions WHERE user_id = :u ORDER BY seen_at DESC LIMIT :most)"
                ),
                {"u": user.id, "most": MOST - 1},
            )
            db.execute(
                sa.text(
                    "INSERT INTO sessions(id, user_id, token, rotated_at, csrf, agent, created_at, seen_at, expires_at) "
                    "VALUES (:id, :user, :token, :t, :csrf, :agent, :t, :t, :end)"
                ),
                {
                    "id": session.id,
                    "user": user.id,
                    "token": token_digest(token),
                    "csrf": session.csrf,
                    "agent": agent[:120],
                    "t": _stamp(now),
                    "end": _stamp(now + IDLE),
                },
            )
        return session

    def find(self, token: str) -> Session | None:
        """The session of a token, if it is good: not expired, its account not disabled. Once a day the token changes."""
        now, digest = self._now(), token_digest(token)
        with self._engine.connect() as db:
            row = (
                db.execute(
                    sa.text(
                        "SELECT s.id, s.token, s.csrf, s.rotated_at, s.seen_at, s.created_at, u.id AS user_id, u.name, "
                        "u.role, u.created_at AS born FROM sessions s JOIN users u ON u.id = s.user_id "
                        "WHERE (s.token = :d OR (s.old_token = :d AND s.rotated_at > :grace)) "
                        "AND s.expires_at > :t AND u.disabled_at IS NULL"
                    ),
                    {"d": digest, "grace": _stamp(now - GRACE), "t": _stamp(now)},
                )
                .mappings()
                .first()
            )
        if row is None:
            return None
        session = Session(row["id"], User(row["user_id"], row["name"], row["role"], row["born"]), row["csrf"])
        if row["token"] == digest and now - datetime.fromisoformat(row["rotated_at"]) > ROTATE:
            session = self._rotate(session, digest, now)
        if now - datetime.fromisoformat(row["seen_at"]) > SEEN:
            end = min(now + IDLE, datetime.fromisoformat(row["created_at"]) + LONGEST)
            statement = "UPDATE sessions SET seen_at = :t, expires_at = :e WHERE id = :id"
            with suppress(StoreError):  # a full disk keeps nobody from reading
                self._run(statement, session.id, now, e=_stamp(end))
        return session

    def _rotate(self, session: Session, digest: str, now: datetime) -> Session:
        token = secrets.token_urlsafe(32)
        statement = "UPDATE sessions SET token = :n, old_token = :d, rotated_at = :t WHERE id = :id AND token = :d"
        won = self._run(statement, session.id, now, n=token_digest(token), d=digest)
        return Session(session.id, session.user, session.csrf, token) if won else session

    def all(self, user: str) -> list[dict[str, Any]]:
        """``{id, created_at, last_seen, agent}`` of a user's sessions, the latest first."""
        with self._engine.connect() as db:
            rows = db.execute(
                sa.text(
                    "SELECT id, created_at, seen_at AS last_seen, agent FROM sessions "
                    "WHERE user_id = :u AND expires_at > :t ORDER BY seen_at DESC, id"
                ),
                {"u": user, "t": _stamp(self._now())},
            )
            return [dict(row) for row in rows.mappings()]

    def last_seen(self) -> dict[str, str]:
        """When each user was last seen, of those who have a session."""
        with self._engine.connect() as db:
            rows = db.execute(sa.text("SELECT user_id, max(seen_at) FROM sessions GROUP BY user_id"))
            return {row[0]: row[1] for row in rows}

    def end(self, user: str, id: str) -> bool:
        """Ends a session of a user's; whether there was one."""
        return self._run("DELETE FROM sessions WHERE id = :id AND user_id = :u", id, self._now(), u=user)

    def end_all(self, user: str) -> None:
        """Ends all sessions of a user's."""
        self._run("DELETE FROM sessions WHERE user_id = :id", user, self._now())

    def _run(self, statement: str, id: str, now: datetime, **values: str) -> bool:
        with self._engine.begin() as db:
            return db.execute(sa.text(statement), {"id": id, "t": _stamp(now), **values}).rowcount > 0


def _stamp(moment: datetime) -> str:
    return moment.isoformat(timespec="microseconds")
