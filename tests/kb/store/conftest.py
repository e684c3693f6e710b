"""Every store the settings know, opened for real: the same tests run over all that are installed."""

from __future__ import annotations

import contextlib
import gc
import importlib.util
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant408.kb.store.open import open_store
from assistant408.kb.store.sqlite import SqliteStore

KINDS = ("sqlite", "chroma", "chroma-server", "qdrant-local")
PATIENCE_S = 60
QUIET = [  # what the packages themselves warn of
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:(Payload indexes have no effect|Local mode performs exact)"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


def need(package: str) -> None:
    """Skips the test where an extra isn't installed."""
    if importlib.util.find_spec(package) is None:
        pytest.skip(f"{package} is an extra")


class ChromaServer:
    """A ``chroma run`` process with its data in a folder."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.folder = folder
        self.url = f"http://127.0.0.1:{self.port}"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = [Path(sys.executable).with_name("chroma"), "run", "--path", self.folder, "--host", "127.0.0.1"]
        self.process = subprocess.Popen(
            [*map(str, command), "--port", str(self.port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            with contextlib.suppress(OSError), urllib.request.urlopen(f"{self.url}/api/v2/heartbeat", timeout=5):
                return
            assert self.process.poll() is None, "chroma run ended at once"
            time.sleep(0.05)
        raise TimeoutError("chroma run doesn't answer")

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.wait()


@pytest.fixture(scope="session")
def chroma_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A running Chroma server that tests share; each knowledge base has its own collections."""
    need("chromadb")
    server = ChromaServer(tmp_path_factory.mktemp("chroma"))
    server.start()
    yield server.url
    server.kill()


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[ChromaServer]:
    """One that the test may kill and start again."""
    need("chromadb")
    server = ChromaServer(tmp_path / "server")
    server.start()
    yield server
    server.kill()


Open = Callable[[], SqliteStore]


@pytest.fixture
def opened() -> Iterator[Callable[[SqliteStore], SqliteStore]]:
    """Notes stores whose connections are closed after the test."""
    stores: list[SqliteStore] = []

    def note(store: SqliteStore) -> SqliteStore:
        stores.append(store)
        return store

    yield note
    for index in {id(s.index): s.index for s in stores if s.index is not None}.values():
        index.close()
        if index.name.startswith("chroma:"):
            gc.collect()  # here, where the warning that Chroma's client leaves a socket open is expected


@pytest.fixture(params=KINDS)
def reopen(request: pytest.FixtureRequest, tmp_path: Path, opened: Callable[[SqliteStore], SqliteStore]) -> Open:
    """Opens the same store again and again, with a connection of its own each time."""
    path = tmp_path / "kb" / "kb.db"
    if request.param == "qdrant-local":
        need("qdrant_client")
        return _qdrant_local(path, opened)
    if request.param != "sqlite":
        need("chromadb")
    setting = f"chroma:{request.getfixturevalue('chroma_url')}" if request.param == "chroma-server" else request.param
    return lambda: opened(open_store(setting, path))


def _qdrant_local(path: Path, opened: Callable[[SqliteStore], SqliteStore]) -> Open:
    """The client's local mode: Qdrant's own interface without a server. No package that can be had here brings the server."""
    from qdrant_client import QdrantClient

    from assistant408.kb.store.qdrant import QdrantIndex

    client: Any = QdrantClient(":memory:")
    index: list[QdrantIndex] = []

    def open_() -> SqliteStore:
        store = SqliteStore(path)
        index[:] = index or [QdrantIndex("qdrant:local", store.base(), client)]
        store.index = index[0]
        return opened(store)

    return open_


@pytest.fixture
def store(reopen: Open) -> SqliteStore:
    return reopen()
