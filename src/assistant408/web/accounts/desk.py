"""The front desk: signing in, registering, passwords, leaving. What it keeps lies in the study database."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

from assistant408.core.errors import InputError, LimitError
from assistant408.store.accounts import delete_user, register, reset_password
from assistant408.store.api_keys import ApiKeys
from assistant408.store.assignments import Assignments
from assistant408.store.audit import Audit
from assistant408.store.classes import Classes
from assistant408.store.invites import Invites
from assistant408.store.quotas import Quotas
from assistant408.store.sessions import Session, Sessions
from assistant408.store.throttle import Patience, Throttle
from assistant408.store.users import Role, User, Users, name_key
from assistant408.web.accounts.passwords import Passwords, check_password

if TYPE_CHECKING:
    import sqlalchemy as sa

__all__ = ["CODE_LIFE", "Accounts"]

CODE_LIFE = timedelta(days=1)
"""How long a code for a first or a new password is good."""
BY_NAME = Patience(5, 60)  # so long at the most that a stranger can keep somebody out
BY_ADDRESS = Patience(30, 900)


def _utc_now() -> datetime:
    return datetime.now(timezone.utc)


class Accounts:
    """All that has to do with accounts; `now` is the clock."""

    def __init__(
        self, engine: sa.Engine, now: Callable[[], datetime] = _utc_now, passwords: Passwords | None = None
    ) -> None:
        self.engine, self.now = engine, now
        self.passwords = passwords or Passwords()
        self.users = Users(engine, now)
        self.sessions = Sessions(engine, now)
        self.invites = Invites(engine, now)
        self.keys = ApiKeys(engine, now)
        self.classes = Classes(engine, now)
        self.assignments = Assignments(engine, now)
        self.audit = Audit(engine, now)
        self.quotas = Quotas(engine, lambda: now().astimezone())
        self.throttle = Throttle(engine, now)

    def sign_in(self, name: str, password: str, address: str, agent: str) -> Session:
        """A new session for who knows the password. An unknown name takes as long as a known one.

        Raises:
            LimitError: there were too many tries for that name, or from that address.
            InputError: the password is wrong, or there is no such account.
        """
        self._slow_down(address, name)
        found = self.users.password(name)
        right = self.passwords.verify(found and found[1], password)
        if found is None or not right:
            raise InputError("用户名或密码不对，请再试一次。")
        user, digest = found
        if user.disabled:
            raise InputError("这个账户已经停用，请联系管理员。")
        if self.passwords.outdated(digest):
            self.users.set_password(user.id, self.passwords.digest(password))
        self.throttle.forget(_by_name(name))
        self.throttle.undo(_by_address(address))
        return self.sessions.open(user, agent)

    def register(self, code: str, name: str, password: str, consent: bool, address: str, agent: str) -> Session:
        """A new account and a session in it.

        Raises:
            LimitError: there were too many tries from that address.
            InputError: the code, the name or the password won't do.
        """
        self._slow_down(address)
        self.invites.look(code)
        check_password(password, name)
        user = register(self.engine, code, name, self.passwords.digest(password), consent, self.now)
        self.throttle.undo(_by_address(address))
        if user.role == "admin":
            self.audit.add(user.name, "注册为管理员")
        return self.sessions.open(user, agent)

    def reset(self, code: str, password: str, address: str, agent: str) -> Session:
        """A new password, and a session.

        Raises:
            LimitError: there were too many tries from that address.
            InputError: the code or the password won't do.
        """
        self._slow_down(address)
        invite = self.invites.look(code)
        user = self.users.get(invite.user_id or "")
        check_password(password, user.name if user else "")
        id = reset_password(self.engine, code, self.passwords.digest(password), self.now)
        user = self.users.get(id)
        assert user is not None
        if user.disabled:
            raise InputError("密码已经改好，但这个账户已经停用，请联系管理员。")
        self.throttle.forget(_by_name(user.name))
        self.throttle.undo(_by_address(address))
        return self.sessions.open(user, agent)

    def look(self, code: str, address: str) -> dict[str, str | None]:
        """What a code is for.

        Raises:
            LimitError: there were too many tries from that address.
            InputError: it isn't good.
        """
        self._slow_down(address)
        invite = self.invites.look(code)
        self.throttle.undo(_by_address(address))
        user = self.users.get(invite.user_id) if invite.user_id else None
        name, teacher = self.classes.about(invite.class_id) if invite.class_id else (None, None)
        return {
            "kind": invite.kind,
            "role": invite.role,
            "name": user.name if user else None,
            "class": name,
            "teacher": teacher,
            "expires_at": invite.expires_at,
        }

    def change_password(self, user: User, old: str, new: str, agent: str) -> Session:
        """A new password in place of the old one, and a new session; all others end.

        Raises:
            LimitError: there were too many tries.
            InputError: the old one is wrong, or the new one won't do.
        """
        self._know(user, old)
        check_password(new, user.name)
        self.users.set_password(user.id, self.passwords.digest(new))
        self.sessions.end_all(user.id)
        return self.sessions.open(user, agent)

    def delete(self, user: User, password: str) -> None:
        """Deletes one's own account and all of its rows.

        Raises:
            LimitError: there were too many tries.
            InputError: the password is wrong, or no administrator would be left.
        """
        self._know(user, password)
        delete_user(self.engine, user.id)

    def setup_code(self) -> str | None:
        """A code for the first administrator; `None` once there is one."""
        return None if self.users.has_admin() else self.invite("admin")

    def invite(self, role: Role, uses: int = 1, life: timedelta = CODE_LIFE) -> str:
        """A code with which people register as `role`."""
        return self.invites.join(role, uses, life)[0]

    def new_password_code(self, user: User) -> str:
        """A code for a new password; the sessions of that user end."""
        self.sessions.end_all(user.id)
        return self.invites.reset(user.id, user.role, CODE_LIFE)[0]

    def known(self, id: str) -> User:
        """The account of that id.

        Raises:
            InputError: there is none.
        """
        user = self.users.get(id)
        if user is None:
            raise InputError(f"没有用户 {id!r}。")
        return user

    def _know(self, user: User, password: str) -> None:
        self._slow_down("", user.name)
        found = self.users.password(user.name)
        if not self.passwords.verify(found and found[1], password):
            raise InputError("现在的密码不对，请再试一次。")
        self.throttle.forget(_by_name(user.name))

    def _slow_down(self, address: str, name: str = "") -> None:
        counted = {_by_address(address): BY_ADDRESS} if address else {}
        if name:
            counted[_by_name(name)] = BY_NAME
        if wait := self.throttle.attempt(counted):
            raise LimitError(f"试得太多了，请约 {wait} 秒后再试。", wait)


def _by_name(name: str) -> str:
    return f"name {name_key(name)}"


def _by_address(address: str) -> str:
    """An address as tries are counted; one line has 2^64 of the new kind, so these count by network."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:  # a socket, or a test
        return f"address {address}"
    return f"address {ipaddress.ip_network((parsed, 64), strict=False) if parsed.version == 6 else parsed}"
