"""Connecting a /v1 server: here another copy of this program, under a real uvicorn on loopback."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from assistant408.core.settings import Settings, load_settings
from assistant408.web.app import create_api
from assistant408.web.services import Services


@pytest.fixture
def other(tmp_path: Path, content: Path, keyword_index: Path, serve: Callable[[Any], str]) -> str:
    """The address of a server that demands a key."""
    home = tmp_path / "other"
    (home / "kb").mkdir(parents=True)
    shutil.copy(keyword_index, home / "kb" / "kb.db")
    services = Services(home, content, Settings(embedding="none"), model="fake")
    return serve(create_api(services, prime=False, key="sk-0123456789abcdef")) + "/v1"


def steps(sse: Callable[..., Any], response: httpx.Response) -> list[dict[str, Any]]:
    events = sse(response)
    assert [name for name, _ in events] == ["step"] * (len(events) - 1) + ["done"]
    found = [data for _, data in events[:-1]]
    assert events[-1][1] == {"ok": found[-1]["ok"]}
    return found


def test_tried_connected_asked_left(
    api: httpx.Client, services: Services, other: str, sse: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    services.model_override = ""
    wrong = steps(sse, api.post("/api/server/test", json={"base_url": other}))
    assert wrong[-1]["name"] == "reach" and "密钥" in wrong[-1]["text"]
    body = {"base_url": other, "key": "run", "secret": "sk-0123456789abcdef"}
    listed = steps(sse, api.post("/api/server/test", json=body))[-1]["models"]
    assert listed
    body["model"] = listed[0]
    found = steps(sse, api.post("/api/server/test", json=body))
    assert [s["name"] for s in found] == ["address", "reach", "model", "answer"] and found[-1]["ok"]

    now = api.put("/api/server", json=body).json()
    assert now["current"] and now["base_url"] == other and now["model"] == listed[0] and now["key"] == "run"
    status = api.get("/api/status").json()["model"]
    assert status["remote"] and status["server"] == {"host": httpx.URL(other).netloc.decode(), "here": True}
    settings = (services.home / "settings.toml").read_text(encoding="utf-8")
    assert "sk-0123456789abcdef" not in settings and other in settings
    assert "sk-0123456789abcdef" not in api.get("/api/server").text
    backend = services.backend()
    assert backend.name == listed[0]

    left = api.delete("/api/server").json()
    assert not left["current"] and left["base_url"] == "" and left["key"] == "none"
    assert services.settings.api_key == "" and services.loaded_backend is None
    assert api.get("/api/status").json()["model"]["server"] is None
    assert load_settings(services.home, {}).base_url == ""


def test_a_key_of_the_environment(
    api: httpx.Client, services: Services, other: str, refused: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    services.model_override = ""
    body = {"base_url": other, "model": "m", "key": "environment"}
    assert "A408_API_KEY" in refused(api.put("/api/server", json=body), 400)
    monkeypatch.setenv("A408_API_KEY", "sk-from-outside")
    now = api.put("/api/server", json=body).json()
    assert now["key"] == "environment" and now["key_in_environment"]
    assert services.settings.api_key == "sk-from-outside"


@pytest.mark.parametrize(
    "url",
    [
        "http://169.254.169.254/v1",
        "http://0.0.0.0:8000/v1",
        "http://[::]/v1",
        "file:///etc/passwd",
        "ftp://127.0.0.1/v1",
    ],
)
def test_forbidden_addresses(
    api: httpx.Client, services: Services, sse: Callable[..., Any], refused: Callable[..., str], url: str
) -> None:
    (only,) = steps(sse, api.post("/api/server/test", json={"base_url": url}))
    assert (only["name"], only["ok"]) == ("address", False)
    refused(api.put("/api/server", json={"base_url": url, "model": "m"}), 400)
    assert services.settings.base_url == ""


def test_what_is_missing_is_said(api: httpx.Client, other: str, refused: Callable[..., str]) -> None:
    assert "模型" in refused(api.put("/api/server", json={"base_url": other}), 400)
    assert "密钥" in refused(api.post("/api/server/test", json={"base_url": other, "key": "run"}), 400)
    refused(api.post("/api/server/test", json={"base_url": ""}), 422)
