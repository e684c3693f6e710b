"""Measuring this machine over HTTP."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from assistant408.core.errors import BackendError
from assistant408.llm.types import Request
from assistant408.web.benchmark import Memory, fits
from assistant408.web.services import Services


def twenty_words(request: Request) -> Iterator[str]:
    yield ""  # a sign of life
    for _ in range(20):
        yield "死锁"


def test_it_is_measured_told_and_kept(
    api: httpx.Client, model: Any, services: Services, sse: Callable[..., Any]
) -> None:
    model.script = twenty_words
    assert api.get("/api/benchmark").json() is None
    events = sse(api.post("/api/benchmark"))
    assert {name for name, _ in events[:-1]} == {"progress"} and events[-1][0] == "done"
    done = [data["done"] for _, data in events[:-1]]
    assert done == sorted(done) and all(data["done"] < data["total"] for _, data in events[:-1])
    result = events[-1][1]
    assert api.get("/api/benchmark").json() == result, "it is kept"
    speed = result["speed"]
    assert speed["unit"] == "character", "this engine counts no tokens, and the page says so"
    assert speed["written"] == 40 and speed["rounds"] == 3 and speed["read"] > 100
    assert 0 < speed["prompt"]["low"] <= speed["prompt"]["median"] <= speed["prompt"]["high"]
    assert result["embedding"] is None, "this home has keywords only"
    assert result["memory"]["process"] > 10 << 20
    assert result["model"] == "scripted" and result["advice"].endswith("。")
    assert all(f["generation"] is None for f in result["fits"]), "characters say nothing of other models' tokens"
    prompts = [r.messages[-1].content for r in model.requests]
    assert len(set(prompts)) == len(prompts) == 3, "no prompt is one that the engine has seen"


def test_without_a_model_the_rest_is_measured(
    api: httpx.Client, sse: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def absent(*_: Any) -> None:
        raise BackendError("模型还没有下载，请运行 a408 model pull。")

    monkeypatch.setattr("assistant408.llm.open.open_backend", absent)
    result = sse(api.post("/api/benchmark"))[-1][1]
    assert result["speed"] is None and "还没有下载" in result["no_speed"]
    assert result["fits"] and result["memory"]["available"]


def test_hanging_up_frees_the_model_and_keeps_the_old_result(
    api: httpx.Client, model: Any, services: Services, sse: Callable[..., Any], eventually: Callable[..., None]
) -> None:
    model.script = twenty_words
    kept = sse(api.post("/api/benchmark"))[-1][1]

    def endless(request: Request) -> Iterator[str]:
        while True:
            yield "又"

    model.script = endless
    with (
        httpx.Client(base_url=api.base_url, trust_env=False, timeout=30) as client,
        client.stream("POST", "/api/benchmark") as response,
    ):
        assert response.status_code == 200
        eventually(lambda: model.open_streams == 1)
    eventually(lambda: model.open_streams == 0 and services.queue.inside == 0)
    assert api.get("/api/benchmark").json() == kept


def test_a_bug_is_one_sentence(api: httpx.Client, model: Any, sse: Callable[..., Any]) -> None:
    def broken(request: Request) -> Iterator[str]:
        raise ZeroDivisionError
        yield ""

    model.script = broken
    assert sse(api.post("/api/benchmark"))[-1][0] == "error"


def test_a_result_of_an_earlier_version_is_none(api: httpx.Client, services: Services) -> None:
    (services.home / "benchmark.json").write_text('{"at": 7}', encoding="utf-8")
    assert api.get("/api/benchmark").json() is None


@pytest.mark.parametrize(("free_mb", "verdict"), [(4000, "fits"), (1400, "tight"), (900, "no"), (None, "unknown")])
def test_what_fits(services: Services, free_mb: int | None, verdict: str) -> None:
    memory = Memory(None, None if free_mb is None else free_mb << 20, None)
    found = {f.id: f.verdict for f in fits(services, memory, None)}
    assert found["qwen2.5-coder-1.5b"] == verdict
