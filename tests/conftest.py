"""Every test has a home of its own; the real model and the browser are found here."""

from __future__ import annotations

import os
import shutil
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from assistant408.core.paths import content_dir, home
from assistant408.core.settings import Settings
from assistant408.llm.models import find_model
from assistant408.llm.pull import installed, model_path

REAL_HOME = home()
CONTENT = content_dir()


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty ``$A408_HOME``, and no setting from outside."""
    for name in list(os.environ):
        if name.startswith("A408_") and name != "A408_CHROMIUM":
            monkeypatch.delenv(name)
    monkeypatch.setenv("A408_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture(scope="session")
def content() -> Path:
    """The shipped content."""
    return CONTENT


@pytest.fixture(scope="session")
def small_model() -> Path:
    """The 0.5B model's file; fails in CI, skips elsewhere, if it isn't installed."""
    model = find_model(REAL_HOME, "qwen2.5-coder-0.5b")
    if not installed(REAL_HOME, model):
        if os.environ.get("CI"):
            pytest.fail("the 0.5B model is not installed: a408 model pull qwen2.5-coder-0.5b")
        pytest.skip("the 0.5B model is not installed: a408 model pull qwen2.5-coder-0.5b")
    return model_path(REAL_HOME, model)


@pytest.fixture(scope="session")
def chromium() -> str:
    """Chromium's path; fails in CI, skips elsewhere, if there is none."""
    path = os.environ.get("A408_CHROMIUM") or shutil.which("chromium") or ""
    if not path:
        if os.environ.get("CI"):
            pytest.fail("no Chromium: apt-get install chromium")
        pytest.skip("no Chromium: apt-get install chromium")
    return path


@pytest.fixture(scope="session")
def keyword_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The index of the shipped notes without vectors, one file; copy it, don't write to it."""
    from assistant408.web.services import Services

    folder = tmp_path_factory.mktemp("index")
    kb = Services(folder, CONTENT, Settings(embedding="none")).ensure_index()
    with sqlite3.connect(kb.store.path) as db, sqlite3.connect(folder / "one.db") as one:
        db.backup(one)
    return folder / "one.db"


@pytest.fixture
def indexed_home(own_home: Path, keyword_index: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """This test's ``$A408_HOME`` with the notes indexed by keywords alone, which takes no model."""
    monkeypatch.setenv("A408_EMBEDDING", "none")
    (own_home / "kb").mkdir(parents=True)
    shutil.copy(keyword_index, own_home / "kb" / "kb.db")
    return own_home


@contextmanager
def _servers() -> Iterator[Callable[[Any], str]]:
    import uvicorn

    from assistant408.web.serve import _listen

    running: list[tuple[uvicorn.Server, threading.Thread]] = []

    def start(app: Any) -> str:
        listener = _listen("127.0.0.1", 0)
        server = uvicorn.Server(uvicorn.Config(app, log_level="critical", ws="none", timeout_graceful_shutdown=2))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        running.append((server, thread))
        while not server.started:
            assert thread.is_alive(), "the server did not start"
            time.sleep(0.01)
        return f"http://127.0.0.1:{listener.getsockname()[1]}"

    yield start
    for server, _ in running:
        server.should_exit = True
    for _, thread in running:
        thread.join(20)
        assert not thread.is_alive(), "the server did not stop"


@pytest.fixture
def serve() -> Iterator[Callable[[Any], str]]:
    """``serve(app)`` runs an ASGI app under uvicorn on a free loopback port; gives its address."""
    with _servers() as start:
        yield start


@pytest.fixture(scope="session")
def serve_long() -> Iterator[Callable[[Any], str]]:
    """The same, for apps that live as long as the tests."""
    with _servers() as start:
        yield start
