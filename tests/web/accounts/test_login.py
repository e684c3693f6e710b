"""Signing in, sessions, codes, passwords, and what slows a guesser down."""

from __future__ import annotations

import io
import json
import re
import threading
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from assistant408.core.errors import InputError
from assistant408.web.accounts.passwords import Passwords, check_password

NEW = "又长又好记的一句话 2026"


def login(person: Any, name: str, password: str, **options: Any) -> Any:
    answer = person("POST /api/login", json={"name": name, "password": password}, **options)
    if answer.status_code == 200:
        person.csrf = answer.json()["csrf"]
    return answer


def cookies(answer: Any) -> dict[str, str]:
    """The cookies that an answer sets, with their attributes."""
    return dict(line.split("=", 1) for line in answer.headers.get_list("set-cookie"))


def test_the_first_administrator_comes_in_by_the_link_on_the_terminal(house: Any, stranger: Any) -> None:
    first, second = house.accounts.setup_code(), house.accounts.setup_code()
    assert stranger("GET /api/me").json()["setup"] is True
    seen = stranger("POST /api/look", json={"code": first}).json()
    assert (seen["kind"], seen["role"]) == ("join", "admin")
    answer = stranger("POST /api/register", json={"code": first, "name": "站长", "password": NEW})
    assert answer.json()["user"]["role"] == "admin" and answer.json()["setup"] is False
    for code in (first, second):
        again = house.person()("POST /api/register", json={"code": code, "name": "另一个", "password": NEW})
        assert again.status_code == 400, "all links to become the first one are spent"
    assert house.accounts.setup_code() is None
    log = stranger("GET /api/admin/audit").json()
    assert [(line["actor"], line["action"]) for line in log] == [("站长", "注册为管理员")]


def test_signing_in_and_out(student: Any, stranger: Any, password: str) -> None:
    answer = login(stranger, "小明", password)
    assert answer.json()["user"] == {"id": student.user.id, "name": "小明", "role": "student"}
    assert stranger("GET /api/me").json() == answer.json()
    assert stranger("GET /api/conversations").status_code == 200
    token = stranger.client.cookies["a408"]
    out = stranger("POST /api/logout")
    assert out.status_code == 200 and "storage" in out.headers["clear-site-data"]
    assert "a408" not in stranger.client.cookies
    stranger.client.cookies.set("a408", token)
    assert stranger("GET /api/conversations").status_code == 401, "the session is gone, not only the cookie"
    assert student("GET /api/conversations").status_code == 200, "the other browser stays signed in"


@pytest.mark.parametrize("name", ["小明", " 小明 ", "Alice", "ａｌｉｃｅ", "ALICE"])
def test_names_are_the_same_however_they_are_written(
    house: Any, student: Any, stranger: Any, password: str, name: str
) -> None:
    house.person("alice")
    assert login(stranger, name, password).status_code == 200


def test_cookie_flags(student: Any, house: Any, password: str) -> None:
    plain = cookies(login(house.person(), "小明", password))
    assert list(plain) == ["a408"]
    attributes = {a.strip().lower() for a in plain["a408"].split(";")[1:]}
    assert {"httponly", "samesite=lax", "path=/"} <= attributes and "secure" not in attributes
    assert not any(a.startswith("domain") for a in attributes)
    https = login(house.person(), "小明", password, headers={"x-forwarded-proto": "https"})
    secure = cookies(https)
    assert list(secure) == ["__Host-a408"]
    attributes = {a.strip().lower() for a in secure["__Host-a408"].split(";")[1:]}
    assert {"httponly", "samesite=lax", "path=/", "secure"} <= attributes
    # over https a cookie that plain http could have set counts for nothing
    assert student("GET /api/conversations", headers={"x-forwarded-proto": "https"}).status_code == 401


def test_a_session_that_somebody_else_planted_is_not_used(house: Any, student: Any, other: Any, password: str) -> None:
    """Session fixation: the token after a login is new, and the planted session is over."""
    victim = house.person()
    planted = other.client.cookies["a408"]
    victim.client.cookies.set("a408", planted, domain="127.0.0.1", path="/")
    answer = login(victim, "小明", password)
    assert answer.status_code == 200
    assert victim.client.cookies["a408"] != planted
    assert other("GET /api/me").json()["user"] is None
    for made_up in ("x", "", "a" * 5000):
        someone = house.person()
        someone.client.cookies.set("a408", made_up, domain="127.0.0.1", path="/")
        assert someone("GET /api/me").json()["user"] is None


def test_the_token_changes_daily_and_the_old_one_dies(house: Any, student: Any, clock: Any) -> None:
    first = student.client.cookies["a408"]
    clock.pass_by(hours=23)
    assert "set-cookie" not in student("GET /api/me").headers
    clock.pass_by(hours=2)
    assert "set-cookie" in student("GET /api/conversations").headers
    second = student.client.cookies["a408"]
    assert second != first
    assert student("PUT /api/favourites/x").status_code == 400, "the CSRF token stays good: pages are open for days"
    late = house.person()
    late.client.cookies.set("a408", first, domain="127.0.0.1", path="/")
    assert late("GET /api/conversations").status_code == 200, "a request that was on its way"
    clock.pass_by(seconds=61)
    assert late("GET /api/conversations").status_code == 401
    assert student("GET /api/conversations").status_code == 200


def test_many_requests_at_the_turn_of_the_day_all_pass(house: Any, student: Any, clock: Any) -> None:
    clock.pass_by(days=1, seconds=1)
    token = student.client.cookies["a408"]
    statuses: list[int] = []

    def ask() -> None:
        someone = house.person()
        someone.client.cookies.set("a408", token, domain="127.0.0.1", path="/")
        statuses.append(someone("GET /api/conversations").status_code)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert statuses == [200] * 8
    with house.accounts.engine.connect() as db:
        assert (
            db.execute(
                sa.text("SELECT count(DISTINCT token) FROM sessions WHERE user_id = :u"), {"u": student.user.id}
            ).scalar()
            == 1
        )


def test_a_session_slides_but_not_for_ever(student: Any, clock: Any) -> None:
    for _ in range(6):
        clock.pass_by(days=13)
        assert student("GET /api/conversations").status_code == 200
    clock.pass_by(days=13)
    assert student("GET /api/conversations").status_code == 401, "91 days after the login"


def test_a_new_password_ends_the_other_sessions(
    house: Any, student: Any, password: str, refused: Callable[..., str]
) -> None:
    elsewhere = house.person()
    login(elsewhere, "小明", password)
    assert "不对" in refused(student("POST /api/me/password", json={"old": "x", "new": NEW}), 400)
    before = (student.client.cookies["a408"], student.csrf)
    answer = student("POST /api/me/password", json={"old": password, "new": NEW})
    assert student.client.cookies["a408"] != before[0] and answer.json()["csrf"] != before[1]
    refused(student("PUT /api/favourites/x"), 403)
    student.csrf = answer.json()["csrf"]
    assert student("GET /api/me").json()["user"]["name"] == "小明"
    assert elsewhere("GET /api/me").json()["user"] is None
    assert login(house.person(), "小明", password).status_code == 400
    assert login(house.person(), "小明", NEW).status_code == 200


def test_a_changed_role_ends_sessions(house: Any, admin: Any, student: Any) -> None:
    assert admin(f"PATCH /api/admin/users/{student.user.id}", json={"role": "teacher"}).json()["role"] == "teacher"
    assert student("GET /api/me").json()["user"] is None


def test_one_ends_a_session_elsewhere(house: Any, student: Any, password: str) -> None:
    elsewhere = house.person()
    login(elsewhere, "小明", password, headers={"user-agent": "Firefox"})
    listed = student("GET /api/me/sessions").json()
    assert sorted(s["agent"] for s in listed) == ["Firefox", "browser"]
    assert [s["agent"] for s in listed if s["current"]] == ["browser"]
    away = next(s["id"] for s in listed if not s["current"])
    assert student(f"DELETE /api/me/sessions/{away}").status_code == 200
    assert elsewhere("GET /api/me").json()["user"] is None


def test_a_forgotten_password(house: Any, admin: Any, student: Any, password: str, refused: Callable[..., str]) -> None:
    made = admin(f"POST /api/admin/users/{student.user.id}/reset").json()
    assert made["path"] == f"/reset#{made['code']}"
    assert student("GET /api/me").json()["user"] is None, "who has stolen the account is out"
    stranger = house.person()
    assert stranger("POST /api/look", json={"code": made["code"]}).json()["name"] == "小明"
    refused(stranger("POST /api/register", json={"code": made["code"], "name": "冒名", "password": NEW}), 400)
    again = admin(f"POST /api/admin/users/{student.user.id}/reset").json()
    refused(stranger("POST /api/reset", json={"code": made["code"], "password": NEW}), 400)
    assert stranger("POST /api/reset", json={"code": again["code"], "password": NEW}).json()["user"]["name"] == "小明"
    refused(house.person()("POST /api/reset", json={"code": again["code"], "password": password}), 400)
    assert login(house.person(), "小明", NEW).status_code == 200


def test_an_account_that_the_administrator_makes(house: Any, admin: Any, refused: Callable[..., str]) -> None:
    made = admin("POST /api/admin/users", json={"name": "王老师", "role": "teacher"}).json()
    assert [u["ready"] for u in admin("GET /api/admin/users", params={"q": "王"}).json()] == [False]
    refused(login(house.person(), "王老师", ""), 422)
    refused(login(house.person(), "王老师", "any password"), 400)
    stranger = house.person()
    assert stranger("POST /api/reset", json={"code": made["code"], "password": NEW}).json()["user"]["role"] == "teacher"
    refused(admin("POST /api/admin/users", json={"name": " 王老师"}), 400)


def test_an_invite_is_good_for_so_many(house: Any, admin: Any, refused: Callable[..., str]) -> None:
    made = admin("POST /api/admin/invites", json={"role": "student", "uses": 2}).json()
    results = []

    def register(i: int) -> None:
        body = {"code": made["code"], "name": f"学生{i}", "password": NEW}
        results.append(house.person()("POST /api/register", json=body).status_code)

    threads = [threading.Thread(target=register, args=(i,)) for i in range(6)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert sorted(results) == [200, 200, 400, 400, 400, 400]
    assert admin("GET /api/admin/invites").json() == []
    taken = admin("POST /api/admin/invites", json={}).json()
    refused(house.person()("POST /api/register", json={"code": taken["code"], "name": "管理员", "password": NEW}), 400)
    assert admin("GET /api/admin/invites").json()[0]["uses_left"] == 1, "a taken name doesn't use it up"
    assert admin(f"DELETE /api/admin/invites/{taken['id']}").status_code == 200
    refused(house.person()("POST /api/look", json={"code": taken["code"]}), 400)


def test_the_last_administrator_stays(house: Any, admin: Any, password: str, refused: Callable[..., str]) -> None:
    own = f"/api/admin/users/{admin.user.id}"
    for route, body in (
        (f"PATCH {own}", {"role": "student"}),
        (f"PATCH {own}", {"disabled": True}),
        ("POST /api/me/delete", {"password": password}),
    ):
        assert "最后一个管理员" in refused(admin(route, json=body), 400)
    refused(admin(f"DELETE {own}"), 400)
    assert admin("GET /api/me").json()["user"]["role"] == "admin", "and nothing of it was half done"
    house.person("副手", "admin")
    assert admin("POST /api/me/delete", json={"password": password}).status_code == 200


# --- guessing --------------------------------------------------------------------------------------------------------


def test_guessing_at_a_name_is_slowed_down_and_then_ends(
    house: Any, student: Any, clock: Any, password: str, refused: Callable[..., str]
) -> None:
    thief = house.person()
    for _ in range(5):
        refused(login(thief, "小明", "wrong"), 400)
    waits = []
    for _ in range(8):
        answer = login(thief, "小明", password)
        sentence = refused(answer, 429)
        wait = int(answer.headers["retry-after"])
        assert f"{wait} 秒" in sentence
        waits.append(wait)
        clock.pass_by(seconds=wait - 0.5)
        refused(login(thief, "小明", password), 429)
        clock.pass_by(seconds=0.5)
        refused(login(thief, "小明", "wrong"), 400)
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60]
    assert login(house.person(), "小红", "x").status_code == 400, "others are not held up"
    clock.pass_by(seconds=60)
    assert login(house.person(), "小明", password).status_code == 200
    assert login(house.person(), "小明", "wrong").status_code == 400, "a success starts anew"


def test_guessing_at_many_names_is_slowed_down_by_address(
    house: Any, student: Any, password: str, refused: Callable[..., str]
) -> None:
    thief = house.person()
    for i in range(30):
        refused(login(thief, f"学生{i}", "wrong"), 400)
    refused(login(thief, "学生31", "wrong"), 429)
    refused(thief("POST /api/look", json={"code": "guess"}), 429)
    far = {"x-forwarded-for": "203.0.113.9"}
    assert login(house.person(), "小明", password, headers=far).status_code == 200, "another address"


def test_many_who_sign_in_from_one_school_do_not_slow_each_other_down(house: Any, student: Any, password: str) -> None:
    assert [login(house.person(), "小明", password).status_code for _ in range(40)] == [200] * 40


def test_guesses_at_the_same_time_count_each(house: Any, student: Any, password: str) -> None:
    results = []
    threads = [
        threading.Thread(target=lambda: results.append(login(house.person(), "小明", "wrong").status_code))
        for _ in range(12)
    ]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert sorted(results) == [400] * 5 + [429] * 7


def test_an_unknown_name_costs_the_same_digest(
    house: Any, student: Any, stranger: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What takes the time is computed in every case, so time doesn't tell who has an account."""
    house.accounts.users.add("没有密码", "student")
    hasher, computed = house.accounts.passwords._hasher, []
    house.accounts.passwords.verify(None, "warm")  # what stands for nobody's password is made once
    real = type(hasher).verify
    monkeypatch.setattr(type(hasher), "verify", lambda self, d, p: computed.append(d) or real(self, d, p))
    sentences = set()
    for name in ("小明", "没有这个人", "没有密码"):
        sentences.add(login(stranger, name, "wrong").json()["error"])
    assert len(sentences) == 1, "nor does the sentence"
    assert len(computed) == 3
    parameters = {d.rsplit("$", 2)[0] for d in computed}
    assert len(parameters) == 1, "with the same cost"


def test_the_digest_is_argon2id_as_rfc_9106_has_it(house: Any, student: Any) -> None:
    digest = Passwords().digest("a password of mine")
    assert digest.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    with house.accounts.engine.connect() as db:
        kept = [
            str(v)
            for table in ("users", "sessions")
            for row in db.execute(sa.text(f"SELECT * FROM {table}"))
            for v in row
        ]
    assert student.client.cookies["a408"] not in " ".join(kept), "no token is kept"
    assert "correct horse" not in " ".join(kept)


def test_an_old_digest_is_made_anew_at_the_next_login(house: Any, student: Any, stranger: Any, password: str) -> None:
    from argon2 import PasswordHasher

    house.accounts.users.set_password(
        student.user.id, PasswordHasher(time_cost=2, memory_cost=64, parallelism=1).hash(password)
    )
    assert login(stranger, "小明", password).status_code == 200
    assert ",t=1," in house.accounts.users.password("小明")[1]


@pytest.mark.parametrize(
    "password", ["", "short", "九个汉字不够长啊", "1234567890", "QWERTYUIOP", "aaaaaaaaaaaa", "ababababab", "小明20261124", "x" * 300, "１２３４５６７８９０"]
)  # fmt: skip
def test_easy_passwords_are_refused(password: str) -> None:
    with pytest.raises(InputError, match="密码"):
        check_password(password, "小明")


@pytest.mark.parametrize(
    "password", ["一句好记的话就很好呀", "correct horse battery", "q8Zr2mK0vT", "小明喜欢吃苹果和香蕉"]
)
def test_long_ones_are_taken_whatever_they_are_made_of(password: str) -> None:
    check_password(password, "小明")


@pytest.mark.parametrize("name", ["", " ", "a\nb", "x" * 41, "a\u202eb"])
def test_names_that_are_none(house: Any, admin: Any, refused: Callable[..., str], name: str) -> None:
    refused(admin("POST /api/admin/users", json={"name": name}), 400, 422)


# --- one's own data --------------------------------------------------------------------------------------------------


def test_taking_ones_data_along_and_leaving(
    house: Any, student: Any, other: Any, password: str, refused: Callable[..., str], eventually: Callable[..., None]
) -> None:
    for person, word in ((student, "我的"), (other, "别人的")):
        person.learner.conversations.open(f"{word}问题")
        made = person("POST /api/documents", files={"file": ("笔记.md", f"# {word}资料\n\n正文。".encode())}).json()
        eventually(lambda who=person, id=made["id"]: who(f"GET /api/documents/{id}").json()["state"] == "ready")
    with zipfile.ZipFile(io.BytesIO(student("GET /api/me/export").content)) as packed:
        data = json.loads(packed.read("data.json"))
        files = [packed.read(name).decode() for name in data["files"]]
        everything = json.dumps(data, ensure_ascii=False) + "".join(files)
    assert data["account"]["name"] == "小明" and [f[:6] for f in files] == ["# 我的资料"]
    assert "我的问题" in everything and "别人的" not in everything and "argon2" not in everything
    refused(student("POST /api/me/delete", json={"password": "wrong"}), 400)
    assert student("POST /api/me/delete", json={"password": password}).status_code == 200
    assert student("GET /api/me").json()["user"] is None
    refused(login(house.person(), "小明", password), 400)
    left = house.services.ingest.library.of(None).entries()
    assert [e.owner for e in left] == [other.user.id]
    assert len(other("GET /api/conversations").json()) == 1
    with house.accounts.engine.connect() as db:
        for table in ("conversations", "messages", "sessions", "users"):
            column = "owner" if table in ("conversations", "messages") else "user_id" if table == "sessions" else "id"
            count = sa.text(f"SELECT count(*) FROM {table} WHERE {column} = :u")
            assert db.execute(count, {"u": student.user.id}).scalar() == 0, table


def test_the_log_has_no_secret_and_no_words_of_a_learner(house: Any, admin: Any, student: Any) -> None:
    codes = [admin("POST /api/admin/invites", json={"uses": 3}).json()["code"]]
    codes.append(admin(f"POST /api/admin/users/{student.user.id}/reset").json()["code"])
    admin(f"PATCH /api/admin/users/{student.user.id}", json={"quota": {"questions_day": 7, "streams": None}})
    admin("PATCH /api/admin/quota", json={"upload_mb": 9})
    admin("POST /api/admin/invites", json={"uses": 0})
    log = admin("GET /api/admin/audit").json()
    assert [(line["action"], line["target"], line["detail"]) for line in log[:-1]] == [
        ("修改配额", "默认", "单个文件 MB 9"),
        ("修改用户", "小明", "每天提问 7，同时回答 默认"),
        ("重设密码", "小明", ""),
    ]
    assert log[-1]["action"] == "发出邀请" and log[-1]["detail"] == "学生，3 人，7 天"
    assert not any(code in json.dumps(log) for code in codes)
    assert [
        line["id"] for line in admin("GET /api/admin/audit", params={"limit": 1, "before": log[0]["id"]}).json()
    ] == [log[1]["id"]]
    assert all(re.fullmatch(r"2026-11-24T08:30:00\+00:00", line["at"]) for line in log)
