"""A ``/v1`` server of our own on loopback, and the small model opened once."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from assistant408.llm.backends.llama_cpp import LlamaCppBackend

CONTEXT = 1000  # characters that the server takes


def _echo(body: dict[str, Any]) -> str:
    """The last line of the last message, or an object that fits the schema that was sent."""
    if "response_format" in body:
        schema = body["response_format"]["json_schema"]["schema"]
        return json.dumps({k: v.get("enum", ["x"])[0] for k, v in schema["properties"].items()})
    return body["messages"][-1]["content"].strip().splitlines()[-1]


@dataclass
class Reply:
    """What the server answers instead of a completion: a status, a body, events to stream, and whether to hang up."""

    status: int = 200
    body: str | bytes | None = None
    events: Iterable[str] | None = None
    hang_up: bool = False
    type: str = "application/json"


@dataclass
class V1:
    """Completes like an OpenAI server, unless `override(path, body)` gives something else; remembers what it saw."""

    url: str = ""
    override: Callable[[str, dict[str, Any]], Reply | None] = lambda path, body: None
    say: Callable[[dict[str, Any]], str] = _echo
    bodies: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    hung_up: threading.Event = field(default_factory=threading.Event)


def _event(text: str) -> str:
    return "data: " + json.dumps({"choices": [{"index": 0, "delta": {"content": text}}]}, ensure_ascii=False)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    v1: V1

    def log_message(self, *args: object) -> None:
        pass

    def do_GET(self) -> None:
        self._answer({})

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.v1.bodies.append(body)
        self.v1.headers.append(dict(self.headers))
        self._answer(body)

    def _answer(self, body: dict[str, Any]) -> None:
        reply = self.v1.override(self.path, body) or self._usual(body)
        if reply.events is None:
            data = reply.body.encode() if isinstance(reply.body, str) else reply.body or b""
            self.send_response(reply.status)
            self.send_header("Content-Type", reply.type)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        try:
            for event in reply.events:
                piece = f"{event}\n\n".encode()
                self.wfile.write(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")
                self.wfile.flush()
            if not reply.hang_up:
                self.wfile.write(b"0\r\n\r\n")
        except OSError:
            self.v1.hung_up.set()
        self.close_connection |= reply.hang_up

    def _usual(self, body: dict[str, Any]) -> Reply:
        if self.path == "/v1/models":
            return Reply(body='{"object": "list", "data": [{"id": "served-model"}]}')
        if self.path != "/v1/chat/completions":
            return Reply(404, '{"error": "no such path"}')
        if sum(len(m["content"]) for m in body["messages"]) > CONTEXT:
            return Reply(400, '{"error": {"message": "This model\'s maximum context length is 1000 tokens."}}')
        if body.get("logprobs"):
            top = [{"token": t, "logprob": p} for t, p in ((" A", -0.2), ("A", -3.0), ("B", -2.0), ("资", -9.0))]
            content = [{"token": " A", "logprob": -0.2, "top_logprobs": top}]
            return Reply(body=json.dumps({"choices": [{"logprobs": {"content": content}}]}))
        text = self.v1.say(body)[: 2 * body["max_tokens"]]
        for stop in body.get("stop", []):
            text = text.partition(stop)[0]
        pieces = [text[i : i + 2] for i in range(0, len(text), 2)]
        return Reply(events=[": a comment", *map(_event, pieces), 'data: {"choices": []}', "data: [DONE]"])


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Clients hang up in these tests."""


@pytest.fixture
def v1(monkeypatch: pytest.MonkeyPatch) -> Iterator[V1]:
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.setenv(name, "127.0.0.1")
    state = V1()
    server = _Server(("127.0.0.1", 0), type("Handler", (_Handler,), {"v1": state}))
    state.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield state
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(scope="session")
def llama(small_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LlamaCppBackend]:
    """The 0.5B model, opened once, with a folder for section states."""
    backend = LlamaCppBackend(small_model, context=1024, threads=2, states=tmp_path_factory.mktemp("states"))
    yield backend
    backend.close()
