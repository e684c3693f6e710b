"""Models over HTTP: listed, pulled from a loopback server, selected, deleted."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest

from assistant408.core.settings import load_settings

BYTES = bytes(range(256)) * 8192  # 2 MiB


@dataclass
class Mirror:
    """A web server with one file; `gate`, if set, holds the second half back."""

    url: str = ""
    content: bytes = BYTES
    gate: threading.Event | None = None
    ranges: list[str] = field(default_factory=list)


@pytest.fixture
def mirror() -> Iterator[Mirror]:
    state = Mirror()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            wanted = self.headers.get("Range", "")
            state.ranges.append(wanted)
            start = int(wanted[6:-1]) if wanted else 0
            body = state.content[start:]
            self.send_response(206 if wanted else 200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            half = len(state.content) // 2 - start
            try:
                self.wfile.write(body[: max(half, 0)])
                if state.gate is not None:
                    # A trickle rather than silence, so that the one that pulls can notice that it should stop.
                    for at in range(max(half, 0), len(body), 1 << 16):
                        state.gate.wait(0.05)
                        self.wfile.write(body[at : at + (1 << 16)])
                else:
                    self.wfile.write(body[max(half, 0) :])
            except OSError:
                pass

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    state.url = f"http://127.0.0.1:{server.server_port}/tiny.gguf"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield state
    server.shutdown()
    server.server_close()
    thread.join(20)


@pytest.fixture
def tiny(indexed_home: Path, mirror: Mirror) -> str:
    """A model of the user's own list; its id."""
    (indexed_home / "models.toml").write_text(
        f"""[tiny]
name = "小模型"
file = "tiny.gguf"
bytes = {len(BYTES)}
sha256 = "{hashlib.sha256(BYTES).hexdigest()}"
licence = "MIT"
upstream = "none"
context = 64
template = "chatml"
memory_mb = 3
sources = [{{ kind = "url", name = "本地镜像", url = "{mirror.url}" }}]
""",
        encoding="utf-8",
    )
    return "tiny"


def test_the_list(api: httpx.Client, services: Any) -> None:
    services.model_override = ""
    models = api.get("/api/models").json()
    for m in models:
        assert set(m) == {"id", "name", "licence", "bytes", "installed", "current", "default", "context", "note"}
    assert [m["id"] for m in models if m["default"]] == ["qwen2.5-coder-1.5b"]
    assert [m["id"] for m in models if m["current"]] == ["qwen2.5-coder-1.5b"]
    assert not any(m["installed"] for m in models), "this test's home has none"


def test_pull_select_delete(
    api: httpx.Client, tiny: str, indexed_home: Path, sse: Callable[..., Any], refused: Callable[..., str]
) -> None:
    assert tiny in refused(api.post(f"/api/models/{tiny}/select"), 400)
    events = sse(api.post(f"/api/models/{tiny}/pull"))
    assert {name for name, _ in events[:-1]} == {"progress"} and events[-1] == ("done", {})
    progress = [data for _, data in events[:-1]]
    assert all(set(p) == {"done_bytes", "total_bytes", "source"} for p in progress)
    assert all(p["total_bytes"] == len(BYTES) for p in progress)
    done = [p["done_bytes"] for p in progress]
    assert done == sorted(done) and done[-1] == len(BYTES) and 0 < done[len(done) // 2] < len(BYTES)
    assert (indexed_home / "models" / "tiny.gguf").read_bytes() == BYTES
    assert next(m for m in api.get("/api/models").json() if m["id"] == tiny)["installed"]

    assert api.post(f"/api/models/{tiny}/select").json() == {}
    assert [m["id"] for m in api.get("/api/models").json() if m["current"]] == [tiny]
    assert load_settings(indexed_home).model == tiny, "the choice outlives the program"

    assert api.delete(f"/api/models/{tiny}").json() == {}
    assert not (indexed_home / "models" / "tiny.gguf").exists()
    assert api.get("/api/status").json()["model"]["state"] == "absent"


def test_wrong_bytes_are_an_error_and_leave_no_model(
    api: httpx.Client, tiny: str, mirror: Mirror, indexed_home: Path, sse: Callable[..., Any]
) -> None:
    mirror.content = b"\0" * len(BYTES)
    events = sse(api.post(f"/api/models/{tiny}/pull"))
    assert events[-1][0] == "error" and "sha256" in events[-1][1]["error"] and events[-1][1]["error"].endswith("。")
    assert not (indexed_home / "models" / "tiny.gguf").exists()


def test_leaving_the_stream_stops_the_pull_and_the_next_one_goes_on(
    api: httpx.Client,
    tiny: str,
    mirror: Mirror,
    indexed_home: Path,
    sse: Callable[..., Any],
    eventually: Callable[..., None],
) -> None:
    mirror.gate = threading.Event()
    part = indexed_home / "models" / ".parts" / tiny / "whole.gguf"
    before = threading.active_count()
    with (
        httpx.Client(base_url=api.base_url, trust_env=False, timeout=30) as client,
        client.stream("POST", f"/api/models/{tiny}/pull") as response,
    ):
        eventually(lambda: part.is_file() and part.stat().st_size >= len(BYTES) // 4)
        assert response.status_code == 200
    eventually(lambda: threading.active_count() <= before)
    kept = part.stat().st_size
    assert 0 < kept < len(BYTES)
    mirror.gate = None
    assert sse(api.post(f"/api/models/{tiny}/pull"))[-1] == ("done", {})
    assert mirror.ranges[-1] == f"bytes={kept}-", "only the rest is fetched"
    assert (indexed_home / "models" / "tiny.gguf").read_bytes() == BYTES


def test_deleting_the_model_in_use_unloads_it(api: httpx.Client, model: Any, services: Any, tiny: str) -> None:
    services.model_override = tiny
    services.backend()
    assert api.delete(f"/api/models/{tiny}").json() == {}
    assert model.closed_models == 1 and services.loaded_backend is None


@pytest.mark.parametrize(("method", "path"), [("POST", "/select"), ("POST", "/pull"), ("DELETE", "")])
def test_an_unknown_model_is_named(reader: httpx.Client, refused: Callable[..., str], method: str, path: str) -> None:
    assert "nope" in refused(reader.request(method, f"/api/models/nope{path}"), 400, 404)
