"""Every route of the app as the wrong person: a route without a rule, or without a case here, fails."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import anyio
import httpx
import pytest
from fastapi.routing import APIRoute
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.routing import Mount, Route

from assistant408.web.accounts.rules import RULES
from assistant408.web.app import create_app
from assistant408.web.services import Services

apart = ThreadPoolExecutor(1)  # the browser's tests leave a running loop in the main thread

OPEN = {  # all that answers to who isn't signed in
    "GET /healthz", "GET /readyz", "GET /api/me", "POST /api/login", "POST /api/look", "POST /api/register", "POST /api/reset",
}  # fmt: skip
ANY_PATH = {"GET /api/{path:path}", "GET /{path:path}"}  # no such route, and the pages
BY_KEY = {"GET /metrics"}
NOWHERE = {"id": "nowhere", "number": "999999", "message": "999999", "leaf": "os.nowhere", "user": "nobody"}


def routes_of(routes: Any, prefix: str = "") -> Iterator[str]:
    """Every route, also of routers that were included."""
    for route in routes:
        if isinstance(route, Mount):
            assert route.path == "/v1"  # under keys: see test_keys.py
        elif isinstance(route, APIRoute | Route):
            yield from (f"{m} {prefix}{route.path}" for m in route.methods or () if m != "HEAD")
        else:
            yield from routes_of(route.original_router.routes, prefix + route.include_context.prefix)


def at(route: str, **params: str) -> str:
    """A route with its parameters filled in."""
    return re.sub(r"\{(\w+)(:path)?\}", lambda m: str(params.get(m[1], NOWHERE.get(m[1], "x"))), route)


def test_every_route_has_a_rule_and_every_rule_a_route(services: Services) -> None:
    have = set(routes_of(create_app(services).routes))
    assert len(have) > 100
    assert have - set(RULES) - ANY_PATH - BY_KEY == set(), "routes without a rule in web/accounts/rules.py"
    assert set(RULES) - have == set(), "rules without a route"
    assert {r for r, rule in RULES.items() if rule.who == "public"} == OPEN


@pytest.fixture
def all_routes() -> list[str]:
    return sorted(set(RULES) - OPEN)


def test_without_a_session_nothing_but_the_doors_answers(
    stranger: Any, all_routes: list[str], refused: Callable[..., str]
) -> None:
    for route in all_routes:
        assert "登录" in refused(stranger(at(route)), 401), route
    assert stranger("GET /metrics").status_code == 401
    for route in ("GET /api/nope", "POST /api/nope", "DELETE /api/conversations", "GET /api/"):
        refused(stranger(route), 401)
    assert stranger("GET /api/me").json() == {"accounts": True, "user": None, "csrf": None, "setup": True}
    assert stranger("GET /").status_code == 200 and stranger("GET /healthz").json() == {"status": "ok"}


def test_nothing_of_a_request_is_read_before_it_may_pass(house: Any) -> None:
    """A stranger's upload is refused while he still holds it."""
    import socket

    host, port = house.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=20) as s:
        s.sendall(
            f"POST /api/restore HTTP/1.1\r\nHost: {host}:{port}\r\nContent-Length: 999999999\r\n"
            "Content-Type: multipart/form-data; boundary=x\r\n\r\n".encode()
        )
        assert b"401" in s.recv(200)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    route=st.sampled_from(sorted(r for r in RULES if r not in OPEN)),
    change=st.sampled_from(
        ["{}", "{}/", "/{}", "//{}", "{}%2f", "{}%00", "{};x", "{}%20", "/./{}", "/x/..{}", "/api/me/..{}", "/healthz{}", "{}?x=/healthz"]
    ),
    dressed=st.sampled_from([str, str.upper, str.title, lambda p: p.replace("/", "%2F"), lambda p: p.replace("a", "%61")]),
    method=st.sampled_from(["", "HEAD", "OPTIONS", "PATCH", "TRACE", "get"]),
)  # fmt: skip
def test_no_spelling_of_a_path_gets_around_the_gate(
    house: Any, student: Any, route: str, change: str, dressed: Callable[[str], str], method: str
) -> None:
    """Without a session nothing but the pages answers; as a student, nothing of the administration."""
    verb, path = at(route).split(" ")
    target = change.format(dressed(path))

    async def ask(cookies: Any) -> httpx.Response:
        transport = httpx.ASGITransport(house.app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1", cookies=cookies) as client:
            return await client.request(method or verb, target, headers={"x-a408-csrf": student.csrf})

    answer = apart.submit(anyio.run, ask, {}).result()
    assert answer.status_code >= 300 or "text/html" in answer.headers["content-type"], (target, answer.text)
    if RULES[route].who == "admin":
        before = len(house.accounts.users.all())
        answer = apart.submit(anyio.run, ask, {"a408": student.client.cookies["a408"]}).result()
        assert answer.status_code >= 300 or "text/html" in answer.headers["content-type"], (target, answer.text)
        assert len(house.accounts.users.all()) == before


def test_a_student_reaches_neither_desk_nor_chair(student: Any, teacher: Any, refused: Callable[..., str]) -> None:
    for route, rule in RULES.items():
        if rule.who in ("admin", "teacher"):
            assert "权限" in refused(student(at(route)), 403), route
        if rule.who == "admin":
            refused(teacher(at(route)), 403)


def test_what_changes_anything_wants_the_token(admin: Any, all_routes: list[str], refused: Callable[..., str]) -> None:
    for route in all_routes:
        if not route.startswith("GET"):
            for token in ("", "x" * 32, "é"):
                text = refused(admin(at(route), headers={"x-a408-csrf": token.encode()}), 403)
                assert "校验码" in text, route


def test_the_token_of_another_session_is_worth_nothing(student: Any, other: Any, refused: Callable[..., str]) -> None:
    refused(student("PUT /api/favourites/os-vm-0001", headers={"x-a408-csrf": other.csrf}), 403)


def test_another_sites_page_is_refused_even_with_the_token(student: Any, refused: Callable[..., str]) -> None:
    for route in ("POST /api/logout", "POST /api/login", "POST /api/register"):
        refused(student(route, headers={"Origin": "https://evil.example"}, json={}), 403)


def test_a_disabled_user_is_out_at_once(house: Any, student: Any, all_routes: list[str]) -> None:
    assert student("GET /api/conversations").status_code == 200
    house.accounts.users.change(student.user.id, disabled=True)
    for route in all_routes:
        assert student(at(route)).status_code == 401, route


def test_an_expired_session_is_out(house: Any, student: Any, all_routes: list[str]) -> None:
    house.clock.pass_by(days=14, seconds=1)
    for route in all_routes:
        assert student(at(route)).status_code == 401, route


# --- the ids of others -----------------------------------------------------------------------------------------------

SHARED = {  # ids of the content, which belongs to all; what one writes there is one's own, see test_lists_…
    "GET /api/notes/{id:path}", "GET /api/solvers/{id}", "POST /api/solvers/{id}", "POST /api/solvers/{id}/generate",
    "GET /api/questions/{id}", "POST /api/questions/{id}/answer", "POST /api/questions/{id}/self-mark",
    "GET /api/questions/{id}/note", "PUT /api/questions/{id}/note", "POST /api/questions/{id}/report",
    "PUT /api/favourites/{id}", "GET /api/syllabus/{leaf}/note", "PUT /api/syllabus/{leaf}/note",
}  # fmt: skip
BODIES: dict[str, Any] = {
    "PATCH /api/conversations/{id}": {"title": "改"},
    "PUT /api/exams/{id}/answers": {"seq": 99, "answers": [{"number": 1, "answer": "A"}]},
    "POST /api/exams/{id}/override": {"number": 1, "points": 0},
    "POST /api/exams/{id}/judge": {"number": 1},
    "PATCH /api/documents/{id}": {"title": "改"},
    "PUT /api/documents/{id}/pages/{number}": {"text": "改"},
    "POST /api/cards/{id}/review": {"rating": 3},
    "PATCH /api/classes/{id}": {"consent": True},
    "PATCH /api/teaching/classes/{id}": {"name": "改"},
    "POST /api/teaching/classes/{id}/invites": {},
    "POST /api/teaching/classes/{id}/assignments": {"title": "改", "draw": {"limit": 1}},
    "POST /api/ask": {"question": "死锁的四个必要条件是什么？"},
}


@pytest.fixture
def world(
    house: Any, teacher: Any, other: Any, services: Services, eventually: Callable[..., None]
) -> dict[str, dict[str, str]]:
    """Something of everything that is another's: the ids by route."""
    own = other.learner
    id, message = own.conversations.open("我的第一问")
    own.conversations.delete(own.conversations.create("删掉的"))
    exam = other("POST /api/exams", json={"choices": 2, "bigs": 0}).json()["id"]
    other(f"POST /api/exams/{exam}/start")
    other(f"POST /api/exams/{exam}/submit")
    leaf, question = (
        next(iter(services.syllabus.leaves)),
        next(q.id for q in services.questions.values() if q.kind == "single"),
    )
    other(f"PUT /api/syllabus/{leaf}/note", json={"text": "只有我知道"})
    other(f"PUT /api/questions/{question}/note", json={"text": "只有我知道"})
    other(f"PUT /api/favourites/{question}")
    other(f"POST /api/questions/{question}/answer", json={"answer": "A"})
    report = other(f"POST /api/questions/{question}/report", json={"text": "题干有误"}).json()["id"]
    other("POST /api/cards/import", files={"file": ("卡.txt", "正面\t反面".encode())})
    card = other("GET /api/cards").json()[0]["id"]
    document = other(
        "POST /api/documents", files={"file": ("私.md", "# 秘密\n\n水獭协议的暗号是七。".encode())}
    ).json()["id"]
    eventually(lambda: other(f"GET /api/documents/{document}").json()["state"] == "ready")
    other("PATCH /api/settings", json={"exam_date": "2027-12-25"})
    key = other("POST /api/me/keys", json={"name": "脚本"}).json()["id"]
    session = other("GET /api/me/sessions").json()[0]["id"]
    room = teacher("POST /api/teaching/classes", json={"name": "一班"}).json()["id"]
    invite = teacher(f"POST /api/teaching/classes/{room}/invites", json={}).json()
    other("POST /api/classes/join", json={"code": invite["code"], "consent": True})
    work = teacher(
        f"POST /api/teaching/classes/{room}/assignments", json={"title": "卷", "paper": {"choices": 2, "bigs": 0}}
    ).json()["id"]
    ids = {
        "/api/conversations": {"id": id, "message": str(message)},
        "/api/exams": {"id": exam},
        "/api/documents": {"id": document, "number": "1"},
        "/api/syllabus": {"leaf": leaf},
        "/api/questions": {"id": question},
        "/api/favourites": {"id": question},
        "/api/reports": {"number": str(report)},
        "/api/cards": {"id": str(card)},
        "/api/me/sessions": {"id": session},
        "/api/me/keys": {"id": key},
        "/api/classes": {"id": room},
        "/api/assignments": {"id": work},
        "/api/teaching/classes": {"id": room, "user": other.user.id},
        "/api/teaching/invites": {"id": invite["id"]},
        "/api/teaching/assignments": {"id": work},
    }  # fmt: skip
    return ids


def everything(person: Any) -> dict[str, Any]:
    """All that somebody can see without naming an id."""
    seen = {}
    queries = {"GET /api/search": {"q": "水獭协议的暗号"}, "GET /api/questions": {"seed": 1}}
    for route, rule in RULES.items():
        if rule.who == "student" and route.startswith("GET") and "{" not in route:
            answer = person(route, params=queries.get(route))
            assert answer.status_code in (200, 400), (route, answer.text)
            if route == "GET /api/me/export":
                with zipfile.ZipFile(io.BytesIO(answer.content)) as packed:
                    seen[route] = {n: packed.read(n) for n in packed.namelist()}
            elif (
                route == "GET /api/search"
            ):  # how rare a word is counts over all documents, which moves scores by a hair
                seen[route] = [{k: v for k, v in passage.items() if k != "score"} for passage in answer.json()]
            elif route != "GET /api/export/anki":  # has the time in it
                seen[route] = answer.text
    return seen


def test_lists_are_the_same_whatever_others_have(student: Any, request: pytest.FixtureRequest) -> None:
    before = everything(student)
    request.getfixturevalue("world")
    assert everything(student) == before
    assert "水獭" not in json.dumps(before["GET /api/search"], ensure_ascii=False)


def test_what_is_anothers_answers_as_what_does_not_exist(
    house: Any, student: Any, other: Any, teacher: Any, world: dict[str, dict[str, str]]
) -> None:
    """Same status, same sentence; and the other's own are as they were."""
    second = house.person("王老师", "teacher")
    before, taught = everything(other), teacher(at("GET /api/teaching/classes/{id}", **world["/api/classes"])).json()
    tried = set()
    for route, rule in RULES.items():
        if rule.who not in ("student", "teacher") or "{" not in route or route in SHARED:
            continue
        tried.add(route)
        base = max((b for b in world if route.split(" ")[1].startswith(b)), key=len)
        who = second if rule.who == "teacher" else student
        body = {"json": BODIES[route]} if route in BODIES else {}
        theirs, nobodys = world[base], {k: NOWHERE[k] for k in world[base]}
        if base == "/api/cards":
            nobodys = {"id": "999999"}
        if route.startswith("DELETE /api/favourites") or base in ("/api/syllabus", "/api/questions"):
            nobodys = theirs  # an id of the content: one simply has nothing there
        answers = [who(at(route, **ids), **body) for ids in (theirs, nobodys)]
        assert answers[0].status_code in (400, 404), (route, answers[0].status_code, answers[0].text[:200])
        assert [a.status_code for a in answers] == [answers[0].status_code] * 2, route
        said = [a.json()["error"] for a in answers]
        for ids, n in ((theirs, 0), (nobodys, 1)):
            for name, value in ids.items():
                said[n] = said[n].replace(value, name)
        assert said[0] == said[1], route
    assert len(tried) > 40, tried
    ask = [
        student("POST /api/ask", json={**BODIES["POST /api/ask"], "conversation_id": c})
        for c in (world["/api/conversations"]["id"], "nowhere")
    ]
    assert [a.status_code for a in ask] == [400, 400]
    assert ask[0].json()["error"].replace(world["/api/conversations"]["id"], "nowhere") == ask[1].json()["error"]
    assert everything(other) == before
    assert teacher(at("GET /api/teaching/classes/{id}", **world["/api/classes"])).json() == taught


def test_documents_are_found_by_their_owner_alone(student: Any, other: Any, world: Any, admin: Any) -> None:
    ask: dict[str, Any] = {"q": "水獭协议的暗号"}
    doc = world["/api/documents"]["id"]
    assert other("GET /api/search", params=ask).json()[0]["doc"] == doc
    for person in (student, admin):
        assert doc not in [p["doc"] for p in person("GET /api/search", params=ask).json()]
        text = person("POST /api/ask", json={"question": "水獭协议的暗号是什么？", "llm": False}).text
        assert "暗号是七" not in text
    assert "暗号是七" in other("POST /api/ask", json={"question": "水獭协议的暗号是什么？", "llm": False}).text


def test_the_administrator_reads_nobodys_words(admin: Any, other: Any, world: Any) -> None:
    """What the administration shows holds names and numbers, no conversation, note or answer."""
    shown = "".join(admin(f"GET /api/admin/{what}").text for what in ("users", "invites", "quota", "audit"))
    assert "小红" in shown
    for word in ("我的第一问", "只有我知道", "水獭", "秘密", "题干有误"):
        assert word not in shown


def test_answers_about_oneself_stay_in_no_cache(student: Any) -> None:
    for route in ("GET /api/me", "GET /api/conversations", "GET /api/nope", "GET /api/documents"):
        assert student(route).headers["cache-control"] == "no-store", route
    assert student("GET /").headers["cache-control"] == "no-cache"


def test_without_accounts_their_routes_are_not_there(api: httpx.Client, refused: Callable[..., str]) -> None:
    assert api.get("/api/me").json() == {"accounts": False, "user": None, "csrf": None, "setup": False}
    samples = {
        "name": "x",
        "password": "x" * 12,
        "code": "x",
        "old": "x",
        "new": "x",
        "consent": True,
        "role": "student",
    }
    for route in RULES:
        if route.startswith(
            (
                "POST /api/login",
                "GET /api/admin",
                "GET /api/classes",
                "GET /api/assignments",
                "POST /api/register",
                "GET /api/teaching",
            )
        ):
            method, path = at(route).split(" ")
            options = {"json": samples} if method == "POST" else {}
            refused(api.request(method, path, **options), 404, 401)
    assert api.get("/api/conversations").status_code == 200, "and everything else needs no session"


def test_a_life_of_a_code_is_bounded(house: Any) -> None:
    code, _ = house.accounts.invites.join("student", 1, timedelta(hours=1))
    house.clock.pass_by(hours=1, seconds=1)
    assert house.person()("POST /api/look", json={"code": code}).status_code == 400
