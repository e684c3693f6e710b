"""A running app with accounts, and people at their browsers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from typing import Any

import httpx
import pytest
from argon2 import PasswordHasher

from assistant408.store.sessions import Session
from assistant408.store.users import Role, User
from assistant408.web.accounts.desk import Accounts
from assistant408.web.accounts.gate import CSRF_HEADER
from assistant408.web.accounts.passwords import Passwords
from assistant408.web.app import create_app
from assistant408.web.learner import Learner
from assistant408.web.services import Services

PASSWORD = "correct horse battery staple"


class Clock:
    """A clock that stands still until it is told to go on."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 24, 8, 30, tzinfo=timezone.utc)

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, **time: float) -> None:
        self.now += timedelta(**time)


class Person:
    """Somebody at a browser: a client with cookies, and the token that the pages send along."""

    def __init__(self, house: House, user: User | None) -> None:
        self.house, self.csrf = house, ""
        self.client = httpx.Client(base_url=house.url, trust_env=False, timeout=60, verify=False)  # plain http
        if user is not None:
            self.user = user
            self.signed(house.accounts.sessions.open(user, "browser"))

    def signed(self, session: Session) -> None:
        self.client.cookies.set("a408", session.token or "", domain="127.0.0.1", path="/")
        self.csrf = session.csrf

    def __call__(self, route: str, **options: Any) -> httpx.Response:
        """``person("POST /api/x", json=…)`` as the pages would ask."""
        method, path = route.split(" ")
        headers = {CSRF_HEADER: self.csrf, **options.pop("headers", {})}
        return self.client.request(method, path, headers=headers, **options)

    @property
    def learner(self) -> Learner:
        """What is this person's own, as the program has it."""
        return Learner(self.house.services, self.user.id)


class House:
    """The app, what it keeps, and its doors."""

    def __init__(self, services: Services, clock: Clock, serve: Callable[[Any], str], key: str = "") -> None:
        self.services, self.clock = services, clock
        passwords = Passwords(PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
        self.accounts = Accounts(services.database, clock, passwords)
        self.app = create_app(services, prime=False, key=key, accounts=self.accounts)
        self.url = serve(self.app)
        self.people: list[Person] = []

    def person(self, name: str = "", role: Role = "student") -> Person:
        """Somebody with an account and a session in it, or a stranger."""
        user = self.accounts.users.add(name, role, self.accounts.passwords.digest(PASSWORD)) if name else None
        self.people.append(Person(self, user))
        return self.people[-1]


@pytest.fixture
def password() -> str:
    """Everybody's."""
    return PASSWORD


@pytest.fixture
def clock() -> Clock:
    """The accounts' clock."""
    return Clock()


@pytest.fixture
def house(services: Services, clock: Clock, serve: Callable[[Any], str], model: Any) -> Iterator[House]:
    """The app with accounts on SQLite; the server's key is ``server-key-of-tests``."""
    made = House(services, clock, serve, "server-key-of-tests")
    yield made
    for person in made.people:
        person.client.close()


@pytest.fixture
def admin(house: House) -> Person:
    """An administrator."""
    return house.person("管理员", "admin")


@pytest.fixture
def teacher(house: House) -> Person:
    """A teacher."""
    return house.person("李老师", "teacher")


@pytest.fixture
def student(house: House) -> Person:
    """A student."""
    return house.person("小明")


@pytest.fixture
def other(house: House) -> Person:
    """Another student."""
    return house.person("小红")


@pytest.fixture
def stranger(house: House) -> Person:
    """Somebody who isn't signed in."""
    return house.person()
