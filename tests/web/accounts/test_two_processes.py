"""Two app processes over one PostgreSQL: a session, a wait and a quota of one hold in the other."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant408.core.settings import Settings
from assistant408.web.services import Services

QUESTION = {"question": "死锁的四个必要条件是什么？", "llm": False}


@pytest.fixture
def pair(
    indexed_home: Path, content: Path, postgres: Any, clock: Any, serve: Any, model: Any, house: Any
) -> Iterator[list[Any]]:
    """Two houses with a database in common and nothing else."""
    url, made = postgres.new(), []
    for i in range(2):
        home = indexed_home.parent / f"process{i}"
        (home / "kb").mkdir(parents=True)
        shutil.copy(indexed_home / "kb" / "kb.db", home / "kb" / "kb.db")
        services = Services(home, content, Settings(embedding="none", database=url), model="fake")
        made.append(type(house)(services, clock, serve))
    yield made
    for each in made:
        for person in each.people:
            person.client.close()
        each.services.database.dispose()


def test_what_holds_in_one_process_holds_in_the_other(
    pair: list[Any], password: str, refused: Callable[..., str]
) -> None:
    one, two = pair
    code = one.accounts.setup_code()
    admin = one.person()
    answer = admin("POST /api/register", json={"code": code, "name": "站长", "password": password}).json()
    admin.csrf = answer["csrf"]
    there = two.person()
    there.client.cookies = admin.client.cookies
    there.csrf = admin.csrf
    assert there("GET /api/admin/users").json()[0]["name"] == "站长"
    invited = there("POST /api/admin/invites", json={"uses": 1}).json()
    student = one.person()
    body = {"code": invited["code"], "name": "小明", "password": password}
    student.csrf = student("POST /api/register", json=body).json()["csrf"]
    refused(two.person()("POST /api/register", json={**body, "name": "小红"}), 400)
    for i in range(5):
        pair[i % 2].person()("POST /api/login", json={"name": "小明", "password": "wrong"})
    refused(two.person()("POST /api/login", json={"name": "小明", "password": password}), 429)
    admin("PATCH /api/admin/quota", json={"questions_day": 1})
    assert student("POST /api/ask", json=QUESTION).status_code == 200
    elsewhere = two.person()
    elsewhere.client.cookies, elsewhere.csrf = student.client.cookies, student.csrf
    refused(elsewhere("POST /api/ask", json=QUESTION), 429)
    assert len(elsewhere("GET /api/conversations").json()) == 1
    assert there("GET /api/conversations").json() == []
    user = elsewhere("GET /api/me").json()["user"]["id"]
    there(f"PATCH /api/admin/users/{user}", json={"disabled": True})
    assert student("GET /api/conversations").status_code == 401
    assert [line["action"] for line in admin("GET /api/admin/audit").json()] == [
        "修改用户",
        "修改配额",
        "发出邀请",
        "注册为管理员",
    ]


def test_a_class_on_postgresql(pair: list[Any], refused: Callable[..., str]) -> None:
    one, two = pair
    teacher, student = one.person("李老师", "teacher"), two.person("小明")
    room = teacher("POST /api/teaching/classes", json={"name": "一班"}).json()["id"]
    code = teacher(f"POST /api/teaching/classes/{room}/invites", json={}).json()["code"]
    assert student("POST /api/classes/join", json={"code": code, "consent": True}).status_code == 200
    work = teacher(
        f"POST /api/teaching/classes/{room}/assignments", json={"title": "作业", "draw": {"kind": "single", "limit": 2}}
    ).json()
    question = student(f"GET /api/assignments/{work['id']}").json()["questions"][0]["id"]
    assert student(f"POST /api/questions/{question}/answer", json={"answer": "A"}).status_code == 200
    assert [s["done"] for s in teacher(f"GET /api/teaching/assignments/{work['id']}").json()["students"]] == [1]
    student(f"PATCH /api/classes/{room}", json={"consent": False})
    assert teacher(f"GET /api/teaching/assignments/{work['id']}").json()["students"] == []
    paper = teacher(
        f"POST /api/teaching/classes/{room}/assignments", json={"title": "卷", "paper": {"choices": 2, "bigs": 0}}
    ).json()
    exam = student(f"POST /api/assignments/{paper['id']}/start").json()["exam"]
    assert student(f"GET /api/exams/{exam}").json()["state"] == "new"
    refused(two.person("小红")(f"GET /api/exams/{exam}"), 400)
