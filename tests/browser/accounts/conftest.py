"""The app with accounts, which every visitor of this folder sees, and what people do at its door."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from tests.browser.conftest import Model, Site

from assistant408.store.users import Role, User
from assistant408.web.accounts.desk import Accounts
from assistant408.web.accounts.passwords import Passwords
from assistant408.web.app import create_app
from assistant408.web.services import Services

PASSWORD = "一句很好记的话就当密码"


@pytest.fixture
def services(indexed_home: Path, content: Path, monkeypatch: pytest.MonkeyPatch) -> Services:
    """The rooms, with a scripted model."""
    model = Model()
    monkeypatch.setattr("assistant408.llm.open.open_backend", lambda *_: model)
    made = Services(indexed_home, content, model="fake")
    made.ensure_index()
    return made


@pytest.fixture
def accounts(services: Services) -> Accounts:
    """The front desk; its digests are cheap."""
    return Accounts(services.database, passwords=Passwords(PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)))


@pytest.fixture
def site(services: Services, accounts: Accounts, serve: Callable[[Any], str]) -> Site:
    """The app with accounts, which every visitor of this file sees."""
    return Site(serve(create_app(services, prime=False, accounts=accounts)), services, Model())


@pytest.fixture
def person(accounts: Accounts) -> Callable[..., User]:
    """``person("小明", "student")``: somebody with an account."""

    def make(name: str, role: Role = "student") -> User:
        return accounts.users.add(name, role, accounts.passwords.digest(PASSWORD))

    return make


@pytest.fixture(params=[390, 1440])
def width(request: pytest.FixtureRequest) -> Any:
    return request.param


def register(v: Any, path: str, name: str, button: str = "注册", consent: bool = False) -> Any:
    """Takes up an invitation."""
    page = v.page
    page.goto(v.site.url + path)
    page.get_by_label("用户名").fill(name)
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.get_by_label("再输入一次").fill(PASSWORD)
    if consent:
        page.get_by_role("checkbox", name="同意").check()
    page.get_by_role("button", name=button, exact=True).click()
    page.get_by_role("navigation", name="主导航").wait_for()
    return page


def sign_in(page: Any, name: str, password: str = PASSWORD) -> None:
    """Fills in the sign-in page and sends it with the keyboard."""
    page.get_by_label("用户名").fill(name)
    page.get_by_label("密码").fill(password)
    page.keyboard.press("Enter")


def come(v: Any, name: str, path: str = "/") -> Any:
    """Signs in and opens a page."""
    v.page.goto(v.site.url + path)
    sign_in(v.page, name)
    v.page.locator(".door").wait_for(state="detached")
    return v.go(path)


def open_nav(page: Any, label: str) -> None:
    page.get_by_role("navigation", name="主导航").get_by_role("link", name=label, exact=True).click()


def made_link(page: Any) -> str:
    """The path of the link that was just made."""
    value: str = page.get_by_role("group", name="邀请链接").locator("input").input_value()
    return re.sub(r"^https?://[^/]+", "", value)
