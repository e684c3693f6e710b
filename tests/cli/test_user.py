"""``a408 user`` and ``a408 web`` with accounts, as a real program on a real port."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from assistant408.web.learner import Learner
from assistant408.web.services import Services

NEW = "又长又好记的一句话 2026"


@contextmanager
def web(*args: str) -> Iterator[tuple[str, list[str]]]:
    """The running program: its address, and what the terminal said after it."""
    process = subprocess.Popen(
        [sys.executable, "-m", "assistant408", "web", "--port", "0", "--no-open", "--model", "fake", *args],
        stderr=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8", env=os.environ | {"COLUMNS": "300"},
    )  # fmt: skip
    try:
        assert process.stderr is not None
        address = next(found[0] for line in process.stderr if (found := re.search(r"http://\S+:\d+", line)))
        said: list[str] = []
        address = address.replace("0.0.0.0", "127.0.0.1")
        httpx.get(f"{address}/healthz", trust_env=False)
        yield address, said
    finally:
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
        assert "Traceback" not in err, err
        said.append(err)


def test_an_open_address_demands_accounts_and_prints_the_first_link(indexed_home: Path) -> None:
    with web("--host", "0.0.0.0") as (address, said), httpx.Client(base_url=address, trust_env=False) as client:
        assert client.get("/api/me").json() == {"accounts": True, "user": None, "csrf": None, "setup": True}
        assert client.get("/api/conversations", headers={"Host": "tutor.example"}).status_code == 401
        assert client.get("/v1/models").status_code == 401
        login = {"name": "x", "password": "y"}
        for _ in range(31):  # the address is that of the connection: nobody vouches for another one
            answer = client.post("/api/login", json=login, headers={"X-Forwarded-For": f"10.0.0.{_}"})
        assert answer.status_code == 429
    assert re.search(r"http://127\.0\.0\.1:\d+/join#[\w-]{22}\n", said[0]), said[0]
    assert "http" in said[0] and "没有加密" in said[0]


@pytest.mark.parametrize(("trusted", "name"), [([], "a408"), (["--proxy", "127.0.0.1"], "__Host-a408")])
def test_a_proxy_is_believed_only_if_it_was_named(
    indexed_home: Path, a408: Callable[..., Any], trusted: list[str], name: str
) -> None:
    code = a408("user", "add", "小明", "--json").json["code"]
    with web("--accounts", *trusted) as (address, _):
        body = {"code": code, "password": NEW}
        answer = httpx.post(f"{address}/api/reset", json=body, headers={"X-Forwarded-Proto": "https"}, trust_env=False)
        assert answer.status_code == 200 and list(answer.cookies) == [name], answer.text


def test_the_life_of_an_account(own_home: Path, a408: Callable[..., Any]) -> None:
    assert "还没有账户" in a408("user", "list").out
    made = a408("user", "add", "李老师", "--role", "teacher", "--json").json
    assert made["path"] == f"/reset#{made['code']}" and made["role"] == "teacher"
    assert "有人用了" in a408("user", "add", "李老师 ").sentence
    assert "没有用户" in a408("user", "disable", "王老师").sentence
    assert a408("user", "disable", "李老师", "--json").json["disabled"] is True
    assert a408("user", "enable", "李老师", "--json").json["disabled"] is False
    assert a408("user", "role", "李老师", "admin", "--json").json["role"] == "admin"
    assert "/reset#" in a408("user", "reset", "李老师").out
    invited = a408("user", "invite", "--uses", "3", "--json").json
    assert invited["path"].startswith("/join#") and invited["uses"] == 3
    rows = a408("user", "list", "--json").json
    assert [(r["name"], r["role"], r["ready"], r["disabled"]) for r in rows] == [("李老师", "admin", False, False)]
    assert "还没有设密码" in a408("user", "list").out
    assert a408("user", "delete", "李老师", "--yes", "--json").json["deleted"] is True
    log = a408("user", "audit", "--json").json
    assert [line["action"] for line in log] == [
        "删除用户", "发出邀请", "重设密码", "修改用户", "修改用户", "修改用户", "新建用户",
    ]  # fmt: skip
    assert {line["actor"] for line in log} == {"终端"}
    assert not any(code in str(log) for code in (made["code"], invited["code"]))
    assert len(a408("user", "audit").out.splitlines()) == 7


def test_what_one_did_alone_goes_along(own_home: Path, a408: Callable[..., Any], content: Path) -> None:
    services = Services(own_home, content)
    services.learner.conversations.open("一个人用的时候问的")
    services.learner.set_plan(exam_date="2027-12-25")
    a408("user", "add", "小明")
    assert "资料" in a408("user", "adopt", "小明").out
    mine = Learner(services, a408("user", "list", "--json").json[0]["id"])
    assert [c["title"] for c in mine.conversations.recent()] == ["一个人用的时候问的"]
    assert mine.exam_date == "2027-12-25" and services.learner.conversations.recent() == []
    assert "已有自己的记录" in a408("user", "adopt", "小明").sentence


def test_a_short_server_key_is_refused(
    own_home: Path, a408: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("A408_SERVER_KEY", "short")
    assert "A408_SERVER_KEY" in a408("web", "--accounts", "--no-open").sentence
