"""docs/reference/http.md and accounts.md list exactly the routes that the app has."""

from __future__ import annotations

import re
from pathlib import Path

from assistant408.web.app import create_app
from assistant408.web.services import Services

DOC = Path(__file__).parents[2] / "docs" / "reference" / "http.md"
ACCOUNTS = DOC.with_name("accounts.md")


def unnamed(path: str) -> str:
    return re.sub(r"\{[^}]*\}", "{}", path)


def test_the_reference_lists_exactly_the_routes(services: Services) -> None:
    text = DOC.read_text(encoding="utf-8") + ACCOUNTS.read_text(encoding="utf-8")
    listed = {(m, unnamed(p)) for m, p in re.findall(r"\b(GET|POST|PUT|PATCH|DELETE) `(/api/[^`?]+)`", text)}
    have = {
        (method.upper(), unnamed(path))
        for path, methods in create_app(services).openapi()["paths"].items()
        for method in methods
    }
    assert have - listed == set(), "routes that docs/reference/http.md doesn't name"
    assert listed - have == set(), "routes that docs/reference/http.md names and the app lacks"


def test_every_event_of_the_stream_is_in_the_reference() -> None:
    source = (Path(__file__).parents[2] / "src/assistant408/web/chat.py").read_text(encoding="utf-8")
    sent = set(re.findall(r'_sse\("(\w+)"', source)) | {"status", "token", "commit"}
    listed = set(re.findall(r"^\| `(\w+)` \|", DOC.read_text(encoding="utf-8"), re.M))
    assert sent == listed
