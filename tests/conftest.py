"""Every test has a home of its own; the real model, the browser and PostgreSQL are found here."""

from __future__ import annotations

import importlib.util
import os
import shutil
import socket
import sqlite3
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import sqlalchemy as sa

from assistant408.core.paths import content_dir, home
from assistant408.core.settings import Settings
from assistant408.llm.models import find_model
from assistant408.llm.pull import installed, model_path
from assistant408.store.db import open_database

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


class Postgres:
    """A real server of its own on a free loopback port, which speaks only to those with its password."""

    def __init__(self, binaries: Path, folder: Path) -> None:
        self.binaries, self.folder, self.password = binaries, folder, "S3cret/of@tests"
        self.made, self.lent, self.free = 0, [], []  # names of databases
        self.user = (
            "postgres" if hasattr(os, "geteuid") and os.geteuid() == 0 else None
        )  # a server refuses to run as root
        if self.user:
            shutil.chown(folder, self.user)
        (folder / "password").write_text(self.password)
        (folder / "password").chmod(0o644)
        with socket.socket() as s:
            s.bind(("127.0.0.1", 0))
            self.port = s.getsockname()[1]
        self._run("initdb", "-D", str(folder / "data"), "-U", "tests", "-A", "scram-sha-256", "-E", "UTF8",
                  "--locale=C.UTF-8", f"--pwfile={folder / 'password'}", "--no-sync")  # fmt: skip
        self.start()

    def start(self) -> None:
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off"
        data, log = str(self.folder / "data"), str(self.folder / "log")
        self._run("pg_ctl", "-D", data, "-l", log, "-w", "-o", options, "start")

    def stop(self, mode: str = "fast") -> None:
        """``immediate`` is a crash."""
        self._run("pg_ctl", "-D", str(self.folder / "data"), "-w", "-m", mode, "stop")

    def url(self, database: str, password: str | None = None) -> str:
        secret = quote(self.password if password is None else password, safe="")
        return f"postgresql+pg8000://tests:{secret}@127.0.0.1:{self.port}/{database}"

    def new(self, options: str = "", lend: bool = True) -> str:
        """The URL of an empty database; a lent one is emptied and lent again after the test, as making one is slow."""
        if self.free and not options:
            name = self.free.pop()
            self.ask(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
            self.ask("DROP SCHEMA public CASCADE; CREATE SCHEMA public", name)
        else:
            self.made += 1
            name = f"test{self.made}"
            self.ask(f"CREATE DATABASE {name} {options}")
        if lend and not options:
            self.lent.append(name)
        return self.url(name)

    def ask(self, sql: str, database: str = "postgres") -> list[Any]:
        """What the server says to its superuser."""
        from pg8000.native import Connection

        with Connection("tests", "127.0.0.1", database, self.port, self.password) as db:
            return [tuple(row) for row in db.run(sql) or ()]

    def _run(self, program: str, *args: str) -> None:
        with (self.folder / "setup.log").open("ab") as log:
            done = subprocess.run(
                [self.binaries / program, *args], user=self.user, cwd=self.folder, stdout=log, stderr=log
            )
        assert done.returncode == 0, (self.folder / "setup.log").read_text()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Postgres]:
    """A running PostgreSQL; fails in CI, skips elsewhere, if there is none."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"), key=lambda p: int(p.parts[-3]))
    path = shutil.which("pg_ctl") or (found and found[-1])
    if not path or not importlib.util.find_spec("pg8000"):
        if os.environ.get("CI"):
            pytest.fail("no PostgreSQL: apt-get install postgresql; pip install pg8000")
        pytest.skip("no PostgreSQL: apt-get install postgresql; pip install pg8000")
    with tempfile.TemporaryDirectory(prefix="a408-postgres-") as folder:
        server = Postgres(Path(path).parent, Path(folder))
        yield server
        server.stop("immediate")


@pytest.fixture
def postgres(postgres_server: Postgres) -> Iterator[Postgres]:
    """The same; the databases that a test was lent are free after it."""
    yield postgres_server
    postgres_server.free += postgres_server.lent
    postgres_server.lent = []


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """What ``open_database(home, url)`` takes for an empty database: each test runs on SQLite and on PostgreSQL."""
    return "" if request.param == "sqlite" else request.getfixturevalue("postgres").new()


@pytest.fixture
def engine(own_home: Path, database_url: str) -> Iterator[sa.Engine]:
    """An empty study database, of both kinds in turn."""
    engine = open_database(own_home, database_url)
    yield engine
    engine.dispose()


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
