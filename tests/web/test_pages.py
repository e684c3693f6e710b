"""The built pages and the walls around the app: headers, foreign hosts and origins, odd paths."""

from __future__ import annotations

import http.client
import mimetypes
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

import assistant408.web

STATIC = Path(assistant408.web.__file__).parent / "static"
INDEX = (STATIC / "index.html").read_bytes()


def raw(api: httpx.Client, method: str, path: str, **headers: str) -> tuple[int, bytes]:
    """A request whose path and headers no client library tidies up."""
    connection = http.client.HTTPConnection(api.base_url.host, api.base_url.port, timeout=30)
    connection.putrequest(method, path, skip_host="Host" in headers)
    for name, value in headers.items():
        if value:
            connection.putheader(name, value)
    connection.endheaders()
    response = connection.getresponse()
    body = response.read()
    connection.close()
    return response.status, body


@pytest.mark.parametrize(
    "path", ["/", "/book", "/book/os/deadlock/deadlock-basics", "/c/abc", "/solve/os.banker", "/no/such"]
)
def test_every_page_is_the_single_page(reader: httpx.Client, path: str) -> None:
    response = reader.get(path)
    assert response.content == INDEX and response.headers["content-type"].startswith("text/html")
    assert response.headers["cache-control"] == "no-cache", "a new version is seen at once"


def test_every_file_that_the_index_names_is_there_and_of_this_site() -> None:
    text = INDEX.decode()
    named = re.findall(r'(?:src|href)="([^"]+)"', text)
    assert any(n.endswith(".js") for n in named)
    for name in named:
        assert name.startswith("/") and not name.startswith("//"), name
        assert (STATIC / name.lstrip("/")).is_file(), name
    assert not re.search(r"<script(?![^>]*\bsrc=)", text), "the content policy forbids inline scripts"


def test_files_have_their_type_and_hashed_ones_are_cached_for_ever(reader: httpx.Client) -> None:
    for file in STATIC.rglob("*"):
        if not file.is_file():
            continue
        path = f"/{file.relative_to(STATIC).as_posix()}"
        response = reader.get(path)
        assert response.content == file.read_bytes(), path
        hashed = path.startswith("/assets/")
        assert ("immutable" in response.headers["cache-control"]) == hashed, path
        want = {".js": "text/javascript", ".woff2": "font/woff2", ".css": "text/css"}.get(file.suffix)
        want = want or mimetypes.guess_type(file.name)[0] or "application/"
        assert response.headers["content-type"].startswith(want), path


@pytest.mark.parametrize(
    "path",
    [
        "/../app.py", "/../../../../pyproject.toml", "/%2e%2e/app.py", "/%2e%2e%2fapp.py", "/..%2f..%2fapp.py",
        "/assets/../../app.py", "/assets/%2e%2e/%2e%2e/app.py", "/..%5capp.py", "//etc/passwd", "/%2fetc/passwd",
        "/%2fetc%2fpasswd", "/....//app.py", "/%00", "/assets/%00.js", "/app.py%00.js", "/" + "a" * 300, "/" + "a/" * 2000,
        "/%ff%fe", "/api/../../app.py", "/api/notes/../../../pyproject.toml", "/api/notes/%2e%2e%2f%2e%2e%2fpyproject.toml",
    ],
)  # fmt: skip
def test_no_path_leads_out_of_the_static_folder(reader: httpx.Client, path: str) -> None:
    status, body = raw(reader, "GET", path)
    assert status in (200, 400, 404), path
    assert b"create_app" not in body and b"root:" not in body and b"[project]" not in body, path
    if status == 200:
        assert body == INDEX, path


def test_security_headers_are_on_every_answer(api: httpx.Client, model: Any) -> None:
    asset = next((STATIC / "assets").iterdir()).name
    answers = [
        api.get("/"),
        api.get(f"/assets/{asset}"),
        api.get("/api/status"),
        api.get("/api/nope"),
        api.get("/api/notes/nope"),
        api.get("/api/search"),
        api.post("/api/nope"),
        api.post("/api/warm", headers={"Origin": "http://evil.example"}),
        api.get("/", headers={"Host": "evil.example"}),
        api.post("/api/ask", json={"question": "什么是死锁？", "llm": False}),
    ]
    assert [a.status_code for a in answers] == [200, 200, 200, 404, 400, 422, 405, 403, 400, 200]
    for a in answers:
        where = f"{a.request.method} {a.request.url}"
        assert a.headers.get("x-content-type-options") == "nosniff", where
        assert a.headers.get("referrer-policy") == "no-referrer", where
        assert a.headers.get("x-frame-options") == "DENY", where
        policy = dict(p.strip().split(" ", 1) for p in a.headers["content-security-policy"].split(";"))
        assert policy["default-src"] == policy["script-src"] == policy["connect-src"] == "'self'", where
        assert policy["object-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'", where
        assert "access-control-allow-origin" not in a.headers, where


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example", "testserver", "0.0.0.0", "[::2]", ""]
)
def test_a_name_that_resolves_to_loopback_gets_nothing(reader: httpx.Client, host: str) -> None:
    """DNS rebinding: another site's page reaches this server under that site's name."""
    for path in ("/", "/api/conversations"):
        status, body = raw(reader, "GET", path, Host=host and f"{host}:{reader.base_url.port}")
        assert status == 400, (host, path)
        assert b"<script" not in body and body.decode() != "[]"


def test_a_refused_host_is_one_sentence(reader: httpx.Client, refused: Callable[..., str]) -> None:
    refused(reader.get("/api/status", headers={"Host": "evil.example"}), 400)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "LOCALHOST", "[::1]"])
def test_loopback_names_are_served(reader: httpx.Client, host: str) -> None:
    assert raw(reader, "GET", "/api/solvers", Host=f"{host}:{reader.base_url.port}")[0] == 200


def test_another_sites_page_changes_nothing(
    api: httpx.Client, ask: Callable[..., Any], refused: Callable[..., str]
) -> None:
    id = dict(ask("什么是死锁？", llm=False))["start"]["conversation_id"]
    port = api.base_url.port
    foreign = ["http://evil.example", "null", f"http://localhost:{port}", f"http://127.0.0.1:{port + 1}",
               f"http://127.0.0.1:{port}.evil.example", "http://127.0.0.1"]  # fmt: skip
    for origin in foreign:
        headers = {"Origin": origin}
        for response in (
            api.delete(f"/api/conversations/{id}", headers=headers),
            api.patch(f"/api/conversations/{id}", json={"title": "x"}, headers=headers),
            api.post("/api/ask", json={"question": "什么是死锁？"}, headers=headers),
            api.post("/api/models/qwen2.5-coder-1.5b/pull", headers=headers),
        ):
            refused(response, 403)
        preflight = api.options("/api/ask", headers={**headers, "Access-Control-Request-Method": "POST"})
        assert preflight.status_code >= 400 and "access-control-allow-origin" not in preflight.headers
    conversation = api.get(f"/api/conversations/{id}").json()
    assert conversation["title"] == "什么是死锁？" and len(api.get("/api/conversations").json()) == 1
    own = {"Origin": f"http://127.0.0.1:{port}"}
    assert api.delete(f"/api/conversations/{id}", headers=own).json() == {}


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/api/nope", 404), ("POST", "/api/nope", 405), ("GET", "/api/ask", 404), ("PUT", "/api/conversations", 405), ("POST", "/", 405), ("DELETE", "/api/notes/x", 405)],
)  # fmt: skip
def test_unknown_routes_are_one_sentence(
    reader: httpx.Client, refused: Callable[..., str], method: str, path: str, status: int
) -> None:
    refused(reader.request(method, path), status)


def test_a_bug_is_one_sentence_with_its_traceback_in_the_log(
    api: httpx.Client, services: Any, refused: Callable[..., str], monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    def broken(*_: Any) -> None:
        raise ZeroDivisionError("secret detail")

    monkeypatch.setattr(type(services.learner.conversations), "recent", broken)
    sentence = refused(api.get("/api/conversations"), 500)
    assert "secret" not in sentence
    assert "secret detail" in caplog.text


def test_no_page_of_the_framework_is_served(reader: httpx.Client) -> None:
    """Swagger's page would load scripts from another host."""
    for path in ("/docs", "/redoc", "/openapi.json", "/docs/oauth2-redirect"):
        assert reader.get(path).content == INDEX, path
    assert reader.get("/api/docs").status_code == 404
