"""What changes an account and something else with it, in one transaction each (注册、重设密码、注销)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timezone

import sqlalchemy as sa

from assistant408.core.errors import InputError
from assistant408.store.classes import join
from assistant408.store.db import writing
from assistant408.store.invites import use
from assistant408.store.owned import erase
from assistant408.store.users import User, Users, keep_admin, lock

__all__ = ["delete_user", "join_class", "register", "reset_password"]

_WRONG_KIND = "这个链接不是用来做这件事的，请直接打开收到的链接。"


def _utc_now() -> datetime:
    return datetime.now(timezone.utc)


def register(
    engine: sa.Engine,
    code: str,
    name: str,
    password: str,
    consent: bool,
    now: Callable[[], datetime] = _utc_now,
) -> User:
    """Makes an account with a code, and a member of the class that the code is for.

    Args:
        password: its digest.
        consent: that the teacher of that class may see the results.

    Raises:
        InputError: the code isn't good, or the name is taken; the code is then good for another try.
    """
    with writing(engine) as db:
        invite = use(db, code, now())
        if invite.kind != "join":
            raise InputError(_WRONG_KIND)
        had = lock(db)
        user = Users(engine, now).add_in(db, name, invite.role, password)
        if invite.role == "admin" and not had:  # the first one; other links to become it are good no longer
            db.execute(sa.text("DELETE FROM invites WHERE kind = 'join' AND role = 'admin'"))
        if invite.class_id is not None:
            join(db, user.id, invite.class_id, consent, now())
    return user


def reset_password(engine: sa.Engine, code: str, password: str, now: Callable[[], datetime] = _utc_now) -> str:
    """Sets a password, given as its digest, with a code; the user's id. His sessions end.

    Raises:
        InputError: the code isn't good.
    """
    with writing(engine) as db:
        invite = use(db, code, now())
        if invite.kind != "reset" or invite.user_id is None:
            raise InputError(_WRONG_KIND)
        values = {"p": password, "id": invite.user_id}
        db.execute(sa.text("UPDATE users SET password = :p WHERE id = :id"), values)
        db.execute(sa.text("DELETE FROM sessions WHERE user_id = :id"), values)
    return invite.user_id


def join_class(engine: sa.Engine, code: str, user: str, consent: bool, now: Callable[[], datetime] = _utc_now) -> str:
    """Puts a user who has an account into the class of a code; the class's id.

    Raises:
        InputError: the code isn't good, or is for no class.
    """
    with writing(engine) as db:
        invite = use(db, code, now())
        if invite.class_id is None:
            raise InputError("这个链接不是班级的邀请，请向老师要班级的链接。")
        join(db, user, invite.class_id, consent, now())
    return invite.class_id


def delete_user(engine: sa.Engine, id: str) -> None:
    """Deletes an account and all its rows; sessions, keys, classes and memberships go with it.

    Raises:
        InputError: there is none, or no administrator would be left.
    """
    with writing(engine) as db:
        had = lock(db)
        erase(db, id)
        if not db.execute(sa.text("DELETE FROM users WHERE id = :id"), {"id": id}).rowcount:
            raise InputError(f"没有用户 {id!r}。")
        keep_admin(db, had)
