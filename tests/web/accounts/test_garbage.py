"""Whatever is sent to the routes of accounts, the answer is one of theirs: no bug, no half-made account."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import quote

import anyio
import httpx
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant408.web.accounts.rules import RULES

apart = ThreadPoolExecutor(1)  # the browser's tests leave a running loop in the main thread

TARGETS = sorted(
    r
    for r in RULES
    if r.startswith(("POST", "PATCH"))
    and any(p in r for p in ("/login", "/look", "/register", "/reset", "/me", "/admin", "/classes", "/teaching", "/assignments"))
)  # fmt: skip
FIELDS = (
    "name", "password", "code", "consent", "role", "old", "new", "uses", "days", "quota", "disabled", "title", "due",
    "questions", "draw", "paper", "questions_day", "upload_mb", "streams",
)  # fmt: skip
words = st.one_of(
    st.text(max_size=20),
    st.sampled_from(
        ["admin", "student", "\0", "\ud800", "' OR 1=1 --", "管理员", "../..", "x" * 5000, "2026-13-45", "１２"]
    ),
)
values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(FIELDS), inner, max_size=4),
    max_leaves=6,
)
bodies = st.one_of(
    st.dictionaries(st.sampled_from(FIELDS), values, max_size=6).map(json.dumps),
    values.map(json.dumps),
    st.text(max_size=30),
)


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(route=st.sampled_from(TARGETS), body=bodies, param=st.text(alphabet="abc/%.\0é", min_size=1, max_size=8))
def test_garbage(house: Any, admin: Any, route: str, body: str, param: str) -> None:
    house.clock.pass_by(hours=1)  # tries are forgotten
    if house.accounts.sessions.find(admin.client.cookies["a408"]) is None:  # signed out by itself, or after days
        admin.signed(house.accounts.sessions.open(admin.user, "browser"))
    method, path = route.split(" ")
    for name in ("{id}", "{user}"):
        path = path.replace(name, quote(param, safe=""))

    async def send() -> httpx.Response:
        transport = httpx.ASGITransport(house.app, raise_app_exceptions=False)
        async with httpx.AsyncClient(
            transport=transport, base_url="http://127.0.0.1", cookies=admin.client.cookies
        ) as c:
            headers = {"x-a408-csrf": admin.csrf, "content-type": "application/json"}
            return await c.request(method, path, content=body.encode("utf-8", "surrogatepass"), headers=headers)

    answer = apart.submit(anyio.run, send).result()
    assert answer.status_code < 500, (route, body, answer.text)
    if answer.status_code >= 400:
        assert list(answer.json()) == ["error"], answer.text
    if answer.headers.get("set-cookie"):
        admin.signed(house.accounts.sessions.open(admin.user, "browser"))
    assert house.accounts.users.get(admin.user.id).role == "admin"
