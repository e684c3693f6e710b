"""Accounts (账户): people, their roles, and the digest of their password."""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any, Literal

import sqlalchemy as sa

from assistant408.core.errors import InputError
from assistant408.store.db import writing

__all__ = ["ROLES", "Role", "User", "Users", "name_key"]

Role = Literal["student", "teacher", "admin"]
ROLES: tuple[Role, ...] = ("student", "teacher", "admin")
"""In rising order: each may do what those before it may."""

_COLUMNS = "id, name, role, created_at, disabled_at, password IS NOT NULL AS ready"


def _utc_now() -> datetime:
    return datetime.now(timezone.utc)


@dataclass(frozen=True)
class User:
    """An account; `ready` once it has a password."""

    id: str
    name: str
    role: Role
    created_at: str
    disabled: bool = False
    ready: bool = True


def name_key(name: str) -> str:
    """What two names that look alike have in common.

    Examples:
        >>> name_key("Ａｌｉｃｅ ") == name_key("alice")
        True
    """
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold()).strip()


class Users:
    """Reads and writes accounts; `now` is the clock."""

    def __init__(self, engine: sa.Engine, now: Callable[[], datetime] = _utc_now) -> None:
        self._engine = engine
        self._now = now

    def add(self, name: str, role: Role, password: str | None = None) -> User:
        """A new account; without a password nobody can sign in to it yet.

        Args:
            password: its digest.

        Raises:
            InputError: the name can't be one, or is taken.
        """
        with self._engine.begin() as db:
            return self.add_in(db, name, role, password)

    def add_in(self, db: sa.Connection, name: str, role: Role, password: str | None) -> User:
        """The same within a transaction."""
        name = _checked(name)
        id = f"u{secrets.token_hex(6)}"
        self._name(
            db,
            "INSERT INTO users(id, name, name_key, role, password, created_at) VALUES (:id, :n, :k, :r, :p, :t)",
            name,
            {"id": id, "r": role, "p": password, "t": self._stamp()},
        )
        return User(id, name, role, self._stamp(), ready=password is not None)

    def _name(self, db: sa.Connection, statement: str, name: str, values: dict[str, Any]) -> None:
        try:
            db.execute(sa.text(statement), {**values, "n": name, "k": name_key(name)})
        except sa.exc.IntegrityError:
            raise InputError(f"用户名 {name!r} 已经有人用了，请换一个。") from None

    def all(self) -> list[User]:
        """Every account, by age."""
        with self._engine.connect() as db:
            rows = db.execute(sa.text(f"SELECT {_COLUMNS} FROM users ORDER BY created_at, id"))
            return [_user(row) for row in rows.mappings()]

    def get(self, id: str) -> User | None:
        """The account of that id."""
        return self._one("id = :v", id)

    def find(self, name: str) -> User:
        """The account of that name.

        Raises:
            InputError: there is none.
        """
        user = self._one("name_key = :v", name_key(name))
        if user is None:
            raise InputError(f"没有用户 {name!r}，用 a408 user list 查看全部。")
        return user

    def _one(self, where: str, value: str) -> User | None:
        with self._engine.connect() as db:
            row = db.execute(sa.text(f"SELECT {_COLUMNS} FROM users WHERE {where}"), {"v": value}).mappings().first()
        return None if row is None else _user(row)

    def password(self, name: str) -> tuple[User, str] | None:
        """The account of that name and its password's digest, if it has one."""
        with self._engine.connect() as db:
            row = (
                db.execute(
                    sa.text(f"SELECT {_COLUMNS}, password FROM users WHERE name_key = :k"), {"k": name_key(name)}
                )
                .mappings()
                .first()
            )
        return None if row is None or row["password"] is None else (_user(row), row["password"])

    def rename(self, id: str, name: str) -> None:
        """Gives an account another name.

        Raises:
            InputError: the name can't be one, or is taken.
        """
        with self._engine.begin() as db:
            self._name(db, "UPDATE users SET name = :n, name_key = :k WHERE id = :id", _checked(name), {"id": id})

    def set_password(self, id: str, password: str) -> None:
        """Keeps the digest of a new password."""
        with self._engine.begin() as db:
            db.execute(sa.text("UPDATE users SET password = :p WHERE id = :id"), {"p": password, "id": id})

    def change(self, id: str, role: Role | None = None, disabled: bool | None = None) -> User:
        """Changes a role, or whether the account may be used; its sessions end.

        Raises:
            InputError: there is no such account, or no administrator would be left.
        """
        with writing(self._engine) as db:
            had = lock(db)
            if role is not None:
                db.execute(sa.text("UPDATE users SET role = :r WHERE id = :id"), {"r": role, "id": id})
            if disabled is not None:
                value = self._stamp() if disabled else None
                db.execute(sa.text("UPDATE users SET disabled_at = :v WHERE id = :id"), {"v": value, "id": id})
            if role is not None or disabled:
                db.execute(sa.text("DELETE FROM sessions WHERE user_id = :id"), {"id": id})
            row = db.execute(sa.text(f"SELECT {_COLUMNS} FROM users WHERE id = :id"), {"id": id}).mappings().first()
            if row is None:
                raise InputError(f"没有用户 {id!r}。")
            keep_admin(db, had)
        return _user(row)

    def has_admin(self) -> bool:
        """Whether an administrator can sign in."""
        with self._engine.connect() as db:
            return _admins(db)

    def _stamp(self) -> str:
        return self._now().isoformat(timespec="microseconds")


def lock(db: sa.Connection) -> bool:
    """Lets one transaction at a time change who is there, as SQLite does by itself; whether there is an administrator."""
    if db.dialect.name == "postgresql":
        db.execute(sa.text("LOCK TABLE users IN EXCLUSIVE MODE"))
    return _admins(db)


def keep_admin(db: sa.Connection, had: bool) -> None:
    """Refuses what a transaction did if nobody can administer after it who could before.

    Raises:
        InputError: nobody can.
    """
    if had and not _admins(db):
        raise InputError("这是最后一个管理员，请先让别人成为管理员。")


def _admins(db: sa.Connection) -> bool:
    where = "role = 'admin' AND disabled_at IS NULL AND password IS NOT NULL"
    return db.execute(sa.text(f"SELECT 1 FROM users WHERE {where} LIMIT 1")).first() is not None


def _checked(name: str) -> str:
    """A name as it is kept.

    Raises:
        InputError: it can't be one.
    """
    name = unicodedata.normalize("NFKC", name).strip()
    if not 1 <= len(name) <= 40 or any(unicodedata.category(c)[0] == "C" for c in name):
        raise InputError(f"用户名 {name[:40]!r} 不能用，应为 1 到 40 个字，不含控制字符。")
    return name


def _user(row: Any) -> User:
    return User(
        row["id"], row["name"], row["role"], row["created_at"], row["disabled_at"] is not None, bool(row["ready"])
    )
