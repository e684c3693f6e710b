"""Health, readiness, metrics, and how the program stops."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from assistant408.core.errors import StoreError
from assistant408.web.app import create_app
from assistant408.web.services import Services

SLOW = """
import sys, time
from pathlib import Path
import assistant408.llm.open as opening
from assistant408.core.settings import Settings
from assistant408.llm.backends.fake import FakeBackend
from assistant408.web.app import create_api
from assistant408.web.serve import serve
from assistant408.web.services import Services

class Slow(FakeBackend):
    def stream(self, request, options):
        for piece in super().stream(request, options):
            while not Path(sys.argv[3]).exists():
                time.sleep(0.01)
                yield ""
            yield piece

model = Slow()
model.slots = 1
opening.open_backend = lambda *_: model
services = Services(Path(sys.argv[1]), Path(sys.argv[2]), Settings(embedding="none"))
serve(create_api(services, prime=False), "127.0.0.1", 0, lambda a: print(a, flush=True), services.queue.close)
"""


def samples(text: str) -> dict[tuple[str, ...], float]:
    """Samples of a metrics page by name and label values."""
    return {
        (s.name, *s.labels.values()): s.value for family in text_string_to_metric_families(text) for s in family.samples
    }


def test_alive_and_ready(api: httpx.Client) -> None:
    assert api.get("/healthz").json() == {"status": "ok"}
    response = api.get("/readyz")
    assert response.status_code == 200
    assert response.json() == {
        "ready": True,
        "checks": {"knowledge": "ok", "database": "ok", "model": "not loaded", "stopping": False},
    }


def test_not_ready_without_what_it_needs(
    services: Services, api: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(_: str) -> None:
        raise StoreError("连不上学习数据库的服务器。")

    monkeypatch.setattr(services.learner.conversations, "get", gone)
    response = api.get("/readyz")
    assert response.status_code == 503 and response.json()["checks"]["database"] == "连不上学习数据库的服务器。"
    assert api.get("/healthz").status_code == 200, "a restart would not help"


def test_not_ready_while_stopping(services: Services, api: httpx.Client, refused: Callable[..., str]) -> None:
    services.queue.close()
    assert api.get("/readyz").status_code == 503
    response = api.post("/api/ask", json={"question": "什么是死锁？"})
    assert "停止" in refused(response, 503) and response.headers["retry-after"].isdigit()
    assert api.get("/api/conversations").json() == [], "what was refused leaves nothing behind"


def test_metrics_count_by_route_and_show_the_line(services: Services, api: httpx.Client) -> None:
    for path in ("/api/notes/os/deadlock/deadlock-basics", "/api/notes/no/such", "/api/nope", "/v1/models/a408"):
        api.get(path)
    page = api.get("/metrics")
    assert page.headers["content-type"].startswith("text/plain; version=")
    found = samples(page.text)
    assert found["a408_requests_total", "GET", "/api/notes/{id}", "200"] == 1
    assert found["a408_requests_total", "GET", "/api/notes/{id}", "400"] == 1
    assert found["a408_requests_total", "GET", "/v1/models/{id}", "200"] == 1
    assert found["a408_request_seconds_count", "/api/notes/{id}"] == 2
    assert found[("a408_queue_inside",)] == found[("a408_model_loaded",)] == 0
    assert not any("deadlock-basics" in part for key in found for part in key), "no path of a user becomes a label"
    ticket = services.admit("a")
    assert samples(api.get("/metrics").text)[("a408_queue_inside",)] == 1
    ticket.leave()


def test_every_answer_has_the_security_headers(api: httpx.Client) -> None:
    for path in ("/", "/api/status", "/api/nope", "/v1/models", "/healthz", "/metrics"):
        headers = api.get(path).headers
        policy = headers["content-security-policy"]
        assert "script-src 'self';" in policy and "frame-ancestors 'none'" in policy and "unsafe-eval" not in policy
        assert headers["x-content-type-options"] == "nosniff" and headers["referrer-policy"] == "no-referrer"
        assert headers["cross-origin-resource-policy"] == "same-origin" and "permissions-policy" in headers


def test_no_page_has_an_inline_script() -> None:
    static = Path(create_app.__code__.co_filename).with_name("static")
    for page in static.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", text)), page.name
        assert not re.search(r"\son\w+=", text), page.name


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGTERM")
def test_stopping_lets_an_answer_finish_and_hands_back_the_line(
    indexed_home: Path, content: Path, tmp_path: Path, eventually: Callable[..., None]
) -> None:
    """A real process, one answer at the model, one in line, then SIGTERM."""
    go = tmp_path / "go"
    env = {k: v for k, v in os.environ.items() if not k.startswith("A408_")}
    with subprocess.Popen(
        [sys.executable, "-c", SLOW, str(indexed_home), str(content), str(go)],
        env=env,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        body = {"model": "a408-raw", "stream": True, "messages": [{"role": "user", "content": "从一数到十"}]}
        with httpx.Client(base_url=address, trust_env=False, timeout=60) as http:
            with http.stream("POST", "/v1/chat/completions", json=body) as first:
                lines = first.iter_lines()
                assert next(lines).startswith("data: ")
                with http.stream("POST", "/v1/chat/completions", json=body) as second:
                    waiting = second.iter_lines()
                    assert next(line for line in waiting if line.startswith(":")) == ": queued 1"
                    process.send_signal(signal.SIGTERM)
                    handed_back = [json.loads(line[6:]) for line in waiting if line.startswith("data: ")]
                assert "还没有开始回答" in handed_back[-1]["error"]["message"]
                assert process.poll() is None, "the first answer is still being written"
                go.touch()
                rest = [line[6:] for line in lines if line.startswith("data: ")]
            said = "".join(json.loads(d)["choices"][0]["delta"].get("content", "") for d in rest[:-1])
            assert said == "从一数到十" and rest[-1] == "[DONE]"
            process.wait(60)
            with pytest.raises(httpx.ConnectError):
                http.get("/healthz")


def test_places_in_line_are_events_of_the_pages(
    model: Any, services: Services, asking: Callable[..., Any], eventually: Callable[..., None]
) -> None:
    model.slots = 1
    another = services.queue.admit("another")
    with another.turn(1, lambda _: None):
        with asking("死锁的四个必要条件是什么？") as events:
            assert [next(events)[0] for _ in range(2)] == ["start", "passages"], "what was found comes before the line"
            assert next(events) == ("queued", {"position": 1})
            assert next(events) == ("status", {"text": "排队中，现在是第 1 位…"})
            assert services.queue.waiting == 1
        eventually(lambda: services.queue.waiting == 0)
    another.leave()
    eventually(lambda: services.queue.inside == 0)
    assert model.requests == [], "whoever left the line never reached the model"
