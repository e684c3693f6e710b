"""The app under a real uvicorn on loopback, with a scripted model and an index of keywords alone."""

from __future__ import annotations

import json
import re
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from assistant408.core.settings import Settings
from assistant408.llm.types import Options, Request
from assistant408.web.app import create_app
from assistant408.web.services import Services

Events = list[tuple[str, Any]]


class ScriptedModel:
    """Says what `script(request)` yields; what it was asked and how many streams are open can be read."""

    name = "scripted"
    context = 4096
    slots = 8

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.options: list[Options] = []
        self.open_streams = 0
        self.closed_models = 0
        self.script: Callable[[Request], Iterator[str]] = quote_first

    def stream(self, request: Request, options: Options) -> Iterator[str]:
        self.requests.append(request)
        self.options.append(options)
        self.open_streams += 1
        try:
            yield from self.script(request)
        finally:
            self.open_streams -= 1

    def logprobs(self, request: Request, candidates: Any) -> dict[str, float]:
        return dict.fromkeys(candidates, 0.0)

    def close(self) -> None:
        self.closed_models += 1


def evidence(request: Request) -> str:
    """The first sentence of the material in a prompt, which the grounding check therefore accepts."""
    found = re.search(r"《[^》]+》\s*([^。；\n]+[。；])", request.messages[-1].content)
    assert found, request.messages[-1].content
    return found[1]


def quote_first(request: Request) -> Iterator[str]:
    """That sentence, two characters at a time."""
    text = evidence(request)
    for i in range(0, len(text), 2):
        yield text[i : i + 2]


def events_of(lines: Iterator[str]) -> Iterator[tuple[str, Any]]:
    """Server-sent events of a response's lines; comments are passed over."""
    name, data = "message", []
    for line in lines:
        if line.startswith("event:"):
            name = line[6:].strip()
        elif line.startswith("data:"):
            data.append(line[5:].removeprefix(" "))
        elif not line and data:
            yield name, json.loads("\n".join(data))
            name, data = "message", []


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> ScriptedModel:
    """The model that the app opens."""
    scripted = ScriptedModel()
    monkeypatch.setattr("assistant408.llm.open.open_backend", lambda *_: scripted)
    return scripted


@pytest.fixture
def quoting() -> Callable[[Request], str]:
    """Gives a sentence of the material in a prompt."""
    return evidence


@pytest.fixture
def services(indexed_home: Path, content: Path) -> Services:
    """One user's program with the model ``fake``."""
    return Services(indexed_home, content, model="fake")


@pytest.fixture
def api(services: Services, serve: Callable[[Any], str]) -> Iterator[httpx.Client]:
    """A client of the running app."""
    with httpx.Client(base_url=serve(create_app(services)), trust_env=False, timeout=30) as client:
        yield client


@pytest.fixture(scope="session")
def reader(
    tmp_path_factory: pytest.TempPathFactory, content: Path, keyword_index: Path, serve_long: Callable[[Any], str]
) -> Iterator[httpx.Client]:
    """A client of one app that all tests share which change nothing."""
    home = tmp_path_factory.mktemp("reader")
    (home / "kb").mkdir()
    shutil.copy(keyword_index, home / "kb" / "kb.db")
    services = Services(home, content, Settings(embedding="none"), model="fake")
    with httpx.Client(base_url=serve_long(create_app(services)), trust_env=False, timeout=30) as client:
        yield client


@pytest.fixture
def asking(api: httpx.Client) -> Callable[..., AbstractContextManager[Iterator[tuple[str, Any]]]]:
    """``with asking(question, **body) as events``: the stream, read as it comes; leaving it hangs up."""

    @contextmanager
    def run(question: str, **body: Any) -> Iterator[Iterator[tuple[str, Any]]]:
        # A connection of its own: leaving the stream must close the socket.
        with (
            httpx.Client(base_url=api.base_url, trust_env=False, timeout=30) as client,
            client.stream("POST", "/api/ask", json={"question": question, **body}) as response,
        ):
            assert response.status_code == 200
            assert response.headers["content-type"].startswith("text/event-stream")
            yield events_of(response.iter_lines())

    return run


@pytest.fixture
def ask(asking: Callable[..., AbstractContextManager[Iterator[tuple[str, Any]]]]) -> Callable[..., Events]:
    """All events of one question."""

    def run(question: str, **body: Any) -> Events:
        with asking(question, **body) as events:
            return list(events)

    return run


@pytest.fixture
def sse() -> Callable[[httpx.Response], Events]:
    """All events of a finished response."""
    return lambda response: list(events_of(iter([*response.text.splitlines(), ""])))


@pytest.fixture
def refused() -> Callable[..., str]:
    """``refused(response, *statuses)``: it is an error of that status, as one Chinese sentence; gives the sentence."""

    def check(response: httpx.Response, *statuses: int) -> str:
        assert response.status_code in statuses, response.text
        body = response.json()
        assert list(body) == ["error"], body
        text: str = body["error"]
        assert re.search(r"[\u4e00-\u9fff]", text), text
        assert text.endswith("。"), text
        assert "\n" not in text and "Traceback" not in text, text
        return text

    return check


@pytest.fixture
def eventually() -> Callable[[Callable[[], bool]], None]:
    """Waits until a condition holds; what holds it up shows as pytest's own timeout, so no time is promised."""

    def wait(holds: Callable[[], bool]) -> None:
        patience = threading.Event()
        end = time.monotonic() + 60
        while not holds():
            assert time.monotonic() < end, "it never came about"
            patience.wait(0.02)

    return wait
