"""Every route of the program, as a real process with the fake model: no status of 500, no traceback, no silence.

The routes and their bodies come from the program's own OpenAPI description. Nothing is downloaded and no other address is
asked: models aren't pulled, and the address of a ``/v1`` server is always a closed port of this machine.
"""

from __future__ import annotations

import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx

from fuzzing.mutate import bent, brief, junk, text_of

__all__ = ["Http"]

CHOSEN = {
    "id": ["os-vm-0007", "os.page_replacement", "os/memory/paging", "1", "fake", "nobody"],
    "leaf": ["os.memory.paging", "nobody"],
    "q": ["死锁的条件", "快表"],
    "question": ["什么是死锁？", "3 个页框，访问 1,2,3,4，LRU 缺页几次？", "下列正确的是\nA. 甲\nB. 乙"],
    "base_url": ["http://127.0.0.1:1/v1", "http://127.0.0.1:1", "http://localhost:1/死锁", "http://[::1]:1/v1?x=1#y", "ftp://127.0.0.1/", "", "http://", "127.0.0.1:1", "http://u:p@127.0.0.1:1"],
}  # fmt: skip
HEADERS = (
    "accept",
    "content-type",
    "cookie",
    "authorization",
    "range",
    "if-none-match",
    "x-forwarded-for",
    "origin",
    "host",
    "content-length",
)
SKIPPED = {
    ("post", "/api/models/{id}/pull"),  # a download
    ("post", "/api/benchmark"),  # minutes of measuring
}


class Http:
    """One request at a time to a program of its own."""

    def __init__(self) -> None:
        self.folder = tempfile.TemporaryDirectory(prefix="a408-fuzz-")
        env = {k: v for k, v in os.environ.items() if not k.startswith("A408_")}
        env |= {"A408_HOME": self.folder.name, "A408_EMBEDDING": "none", "OMP_NUM_THREADS": "1"}
        self.log = (Path(self.folder.name) / "log").open("w+")
        command = [sys.executable, "-m", "assistant408", "web", "--model", "fake", "--port", "0", "--no-open"]
        self.server = subprocess.Popen(command, env=env, stderr=self.log, stdout=self.log)
        while not (found := re.search(r"http://\S+?:(\d+)", (Path(self.folder.name) / "log").read_text())):
            assert self.server.poll() is None, "the program did not start"
        self.client = httpx.Client(base_url=f"http://127.0.0.1:{found[1]}", trust_env=False, timeout=60)
        self.routes: list[tuple[str, str, dict[str, Any]]] = []
        self.shapes: dict[str, Any] = {}
        for prefix, place in (("", "/api/openapi.json"), ("/v1", "/v1/openapi.json")):
            told = self.client.get(place).json()
            self.shapes |= told.get("components", {}).get("schemas", {})
            for path, methods in told["paths"].items():
                full = path if path.startswith(("/api", "/v1")) else prefix + path
                self.routes += [(m, full, o) for m, o in methods.items() if (m, full) not in SKIPPED]
        assert len(self.routes) > 100, "the descriptions name too few routes"
        self.last = ""

    def run(self, rng: random.Random) -> str:
        """One request; the class of its status."""
        method, path, told = rng.choice(self.routes)
        route = f"{method} {path}"
        query: dict[str, Any] = {}
        for parameter in told.get("parameters", []):
            value = self._value(rng, parameter["schema"], parameter["name"])
            if parameter["in"] == "path":
                text = (
                    _utf8(str(value))[:300]
                    if rng.random() < 0.7
                    else rng.choice(("%00", "%2e%2e", "%ff", "..", "9" * 60, "-1", "%0a"))
                )
                path = path.replace("{" + parameter["name"] + "}", text if "%" in text else quote(text, safe=""))
            elif parameter["in"] == "query" and (parameter.get("required") or rng.random() < 0.6):
                query[parameter["name"]] = _utf8(str(value))[:2000]
        if rng.random() < 0.03:
            path = "/" + quote(_utf8(junk(rng))[:300])
        headers = {}
        if rng.random() < 0.1:
            headers[rng.choice(HEADERS)] = re.sub(r"[^\x20-\x7e]", "?", junk(rng))[:500]
        body: bytes | None = None
        files = None
        content = told.get("requestBody", {}).get("content", {})
        if "multipart/form-data" in content:
            name = rng.choice(("a.md", "b.json", "c.apkg", "d.zip", "e.pdf", _utf8(junk(rng))[:80]))
            files = {rng.choice(("file", "file", "file", "x")): (name, _utf8(text_of(rng, ["# 自测\n## 1. [os] 2 分\n死锁？\n答案：A\n"])).encode()[:20_000])}  # fmt: skip
        elif content:
            value = self._value(rng, next(iter(content.values()))["schema"], "")
            body = json.dumps(bent(rng, value) if rng.random() < 0.5 else value).encode()
            if b"base_url" in body or "/server" in path:  # what is bent might name another machine
                body = json.dumps(value).encode()
            if rng.random() < 0.05:
                body = rng.choice(
                    (b"", b"{", b"[" * 2000, b"\xff\xfe", b'{"a":1e999}', b"null", b'"' + b"x" * 70_000 + b'"')
                )
            headers.setdefault("content-type", "application/json")
        self.last = f"{route} → {path[:200]} {brief(query)} {brief(headers)} {brief((body or b'')[:1500].decode('utf-8', 'replace'))}"
        try:
            request = self.client.build_request(
                method.upper(), path, params=query or None, headers=headers, content=body, files=files
            )
        except (httpx.InvalidURL, UnicodeError):
            return "no request"
        try:
            response = self._whole(request)
        except httpx.RemoteProtocolError:  # a request that isn't HTTP; the server hangs up
            assert self.server.poll() is None, "the program died"
            return "hung up"
        except httpx.LocalProtocolError:
            return "no request"
        text = response.text
        assert response.status_code != 500 and response.status_code < 504, (
            f"{response.status_code} {text[:300]} {self.tail()}"
        )
        assert "Traceback (most recent" not in text and '"程序出错' not in text and "程序出错了" not in text, (
            f"{text[-400:]} {self.tail()}"
        )
        return f"{response.status_code // 100}xx"

    def _whole(self, request: httpx.Request) -> httpx.Response:
        """The answer with all of its stream, which keeps itself alive and so needs an end of its own."""
        end = time.monotonic() + 200
        response = self.client.send(request, stream=True)
        try:
            pieces = []
            for piece in response.iter_raw():
                pieces.append(piece)
                assert time.monotonic() < end, f"a stream without an end: {b''.join(pieces)[-300:]!r}"
        finally:
            response.close()
        headers = [
            (k, v) for k, v in response.headers.multi_items() if k not in ("content-length", "transfer-encoding")
        ]
        return httpx.Response(response.status_code, headers=headers, content=b"".join(pieces))

    def tail(self) -> str:
        """The end of the program's log."""
        return (Path(self.folder.name) / "log").read_text(errors="replace")[-280:]

    def _value(self, rng: random.Random, shape: dict[str, Any], name: str, depth: int = 0) -> Any:
        """A value of a JSON schema, its strings and numbers hostile at times."""
        if "$ref" in shape:
            shape = self.shapes.get(shape["$ref"].rpartition("/")[2], {})
        if some := shape.get("anyOf") or shape.get("oneOf") or shape.get("allOf"):
            return self._value(rng, rng.choice(some), name, depth)
        if "enum" in shape and rng.random() < 0.9:
            return rng.choice(shape["enum"])
        if name == "base_url":
            return rng.choice(CHOSEN[name])
        if name in CHOSEN and rng.random() < 0.6:
            return rng.choice(CHOSEN[name])
        kind = shape.get("type")
        if kind == "object" and depth < 6:
            parts, needed = shape.get("properties", {}), shape.get("required", ())
            return {k: self._value(rng, s, k, depth + 1) for k, s in parts.items() if k in needed or rng.random() < 0.5}
        if kind == "array" and depth < 6:
            return [self._value(rng, shape.get("items", {}), "", depth + 1) for _ in range(rng.randrange(4))]
        if kind in ("integer", "number"):
            return rng.choice(
                (shape.get("minimum", 0), shape.get("maximum", 9), 1, 2, -1, 2**31, 2**63, 2**70, 10**30, 0.5)
            )
        if kind == "boolean":
            return rng.random() < 0.5
        if kind == "null":
            return None
        return text_of(rng, ["死锁", "2026-12-20", "os", "A", "a408"])[:4000] if rng.random() < 0.8 else junk(rng)

    def shown(self) -> str:
        """The last request."""
        return self.last

    def close(self) -> None:
        """Stops the program."""
        self.client.close()
        self.server.terminate()
        try:
            self.server.wait(40)
        except subprocess.TimeoutExpired:
            self.server.kill()
            self.server.wait()
        self.log.close()
        self.folder.cleanup()


def _utf8(text: str) -> str:
    """`text` as it can be sent at all."""
    return text.encode("utf-8", "replace").decode()
