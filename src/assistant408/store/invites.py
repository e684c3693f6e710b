"""One-time codes (邀请码): to register, to join a class, to set a new password. Only their digest is kept."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any, Literal

import sqlalchemy as sa

from assistant408.core.digest import token_digest
from assistant408.core.errors import InputError
from assistant408.store.users import Role

__all__ = ["Invite", "Invites", "use"]

_COLUMNS = "id, kind, role, user_id, class_id, uses_left, created_at, expires_at"


def _utc_now() -> datetime:
    return datetime.now(timezone.utc)


@dataclass(frozen=True)
class Invite:
    """What a code is for: ``join`` as `role`, and a class if there is one; ``reset`` the password of `user_id`."""

    id: str
    kind: Literal["join", "reset"]
    role: Role
    user_id: str | None
    class_id: str | None
    uses_left: int
    created_at: str
    expires_at: str


class Invites:
    """Makes and looks at codes; `now` is the clock."""

    def __init__(self, engine: sa.Engine, now: Callable[[], datetime] = _utc_now) -> None:
        self._engine = engine
        self._now = now

    def join(self, role: Role, uses: int, life: timedelta, class_id: str | None = None) -> tuple[str, Invite]:
        """A code with which `uses` people may register as `role`, or join a class."""
        return self._add("join", role, uses, life, class_id=class_id)

    def reset(self, user: str, role: Role, life: timedelta) -> tuple[str, Invite]:
        """A code with which a user sets a new password; codes made for him before are good no longer."""
        with self._engine.begin() as db:
            db.execute(sa.text("DELETE FROM invites WHERE kind = 'reset' AND user_id = :u"), {"u": user})
        return self._add("reset", role, 1, life, user_id=user)

    def _add(
        self,
        kind: Literal["join", "reset"],
        role: Role,
        uses: int,
        life: timedelta,
        user_id: str | None = None,
        class_id: str | None = None,
    ) -> tuple[str, Invite]:
        now, code = self._now(), secrets.token_urlsafe(16)
        invite = Invite(secrets.token_hex(6), kind, role, user_id, class_id, uses, _stamp(now), _stamp(now + life))
        with self._engine.begin() as db:
            db.execute(sa.text("DELETE FROM invites WHERE expires_at <= :t OR uses_left < 1"), {"t": _stamp(now)})
            db.execute(
                sa.text(
                    f"INSERT INTO invites(code, {_COLUMNS}) VALUES (:code, :id, :kind, :role, :user_id, :class_id, "
                    ":uses_left, :created_at, :expires_at)"
                ),
                {"code": token_digest(code), **vars(invite)},
            )
        return code, invite

    def look(self, code: str) -> Invite:
        """What a code is for.

        Raises:
            InputError: it isn't good, or no longer.
        """
        with self._engine.connect() as db:
            return _good(db, code, self._now())

    def all(self, class_id: str | None = None) -> list[Invite]:
        """The codes to join that are good: of a class, or all."""
        with self._engine.connect() as db:
            rows = db.execute(
                sa.text(
                    f"SELECT {_COLUMNS} FROM invites WHERE kind = 'join' AND expires_at > :t AND uses_left > 0 "
                    "AND (:class = '' OR class_id = :class) ORDER BY created_at DESC, id"
                ),
                {"t": _stamp(self._now()), "class": class_id or ""},
            )
            return [_invite(row) for row in rows.mappings()]

    def remove(self, id: str, teacher: str = "") -> bool:
        """Takes a code back: any, or one of a class of `teacher`'s; whether there was one."""
        owned = " AND class_id IN (SELECT id FROM classes WHERE teacher = :u)" if teacher else ""
        with self._engine.begin() as db:
            done = db.execute(sa.text(f"DELETE FROM invites WHERE id = :id{owned}"), {"id": id, "u": teacher})
            return done.rowcount > 0


def use(db: sa.Connection, code: str, now: datetime) -> Invite:
    """Takes one use of a code, within the transaction that does what it is for.

    Raises:
        InputError: it isn't good, or no longer.
    """
    invite = _good(db, code, now)
    left = "UPDATE invites SET uses_left = uses_left - 1 WHERE id = :id AND uses_left > 0"
    if not db.execute(sa.text(left), {"id": invite.id}).rowcount:
        raise InputError(_NOT_GOOD)
    return invite


_NOT_GOOD = "这个链接已经用过或过期了，请向发给你的人再要一个。"


def _good(db: sa.Connection, code: str, now: datetime) -> Invite:
    row = (
        db.execute(
            sa.text(f"SELECT {_COLUMNS} FROM invites WHERE code = :c AND expires_at > :t AND uses_left > 0"),
            {"c": token_digest(code), "t": _stamp(now)},
        )
        .mappings()
        .first()
    )
    if row is None:
        raise InputError(_NOT_GOOD)
    return _invite(row)


def _invite(row: Any) -> Invite:
    return Invite(**row)


def _stamp(moment: datetime) -> str:
    return moment.isoformat(timespec="microseconds")
