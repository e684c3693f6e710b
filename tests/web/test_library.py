"""Status, syllabus, notes and search."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest

from assistant408 import __version__


def test_status(api: httpx.Client, services: Any) -> None:
    services.ensure_index()
    status = api.get("/api/status").json()
    assert set(status) == {"version", "model", "kb", "exam_date"}
    assert status["version"] == __version__
    assert set(status["model"]) == {"id", "name", "state", "remote", "server", "note"}
    assert set(status["kb"]) == {"documents", "chunks", "embedding"}
    assert status["kb"]["documents"] == len(api.get("/api/notes").json())
    assert status["kb"]["chunks"] > status["kb"]["documents"] and status["kb"]["embedding"] == "none"
    assert status["exam_date"] is None
    services.update_settings(exam_date="2026-12-20")
    assert date.fromisoformat(api.get("/api/status").json()["exam_date"]) == date(2026, 12, 20)


@pytest.mark.parametrize(
    ("model", "base_url", "id", "state", "remote"),
    [
        ("fake", "", "fake", "off", False),
        ("", "", "qwen2.5-coder-1.5b", "absent", False),
        ("openai:internlm2", "http://127.0.0.1:9/v1", "openai:internlm2", "off", True),
        ("", "http://127.0.0.1:9/v1", "", "off", True),
    ],
)
def test_model_state(
    api: httpx.Client, services: Any, model: str, base_url: str, id: str, state: str, remote: bool
) -> None:
    services.model_override = model
    services.update_settings(base_url=base_url)
    got = api.get("/api/status").json()["model"]
    assert (got["id"], got["state"], got["remote"]) == (id, state, remote)
    assert got["name"], "the pages have something to show"


def test_syllabus_is_a_tree_of_150_marks(reader: httpx.Client) -> None:
    nodes = reader.get("/api/syllabus").json()
    ids = {n["id"] for n in nodes}
    notes = {n["id"] for n in reader.get("/api/notes").json()}
    for n in nodes:
        assert set(n) == {"id", "name", "parent", "weight", "marks", "note", "section"}
        assert n["parent"] is None or n["parent"] in ids
        assert n["note"] is None or n["note"] in notes
    assert [n["id"] for n in nodes if n["parent"] is None] == ["ds", "co", "os", "cn"]
    parents = {n["parent"] for n in nodes}
    leaves = [n for n in nodes if n["id"] not in parents]
    assert all((n["marks"] is not None) == (n["id"] not in parents) for n in nodes)
    assert sum(n["marks"] for n in leaves) == pytest.approx(150, abs=0.5)
    for subject, marks in {"ds": 45, "co": 45, "os": 35, "cn": 25}.items():
        assert sum(n["marks"] for n in leaves if n["id"].startswith(subject + ".")) == pytest.approx(marks, abs=0.3)


def test_the_notes_form_one_chain_in_book_order(reader: httpx.Client, content: Path) -> None:
    heads = reader.get("/api/notes").json()
    ids = [n["id"] for n in heads]
    assert set(ids) == {
        str(p.relative_to(content / "notes").with_suffix("")) for p in (content / "notes").rglob("*.md")
    }
    assert [
        s for s, _ in sorted({n["subject"]: i for i, n in reversed(list(enumerate(heads)))}.items(), key=lambda x: x[1])
    ] == ["ds", "co", "os", "cn"]
    keys = {"id", "title", "markdown", "syllabus", "solvers", "sources", "prerequisites", "aliases", "previous", "next"}
    known = {s["id"] for s in reader.get("/api/solvers").json()}
    walked, at, before = [], ids[0], None
    while at is not None:
        note = reader.get(f"/api/notes/{at}").json()
        assert set(note) == keys
        assert note["previous"] == before
        assert set(note["solvers"]) <= known and set(note["prerequisites"]) <= set(ids)
        for leaf in note["syllabus"]:
            assert f"{{#{leaf}}}" in note["markdown"], "each point of a note is a heading that can be linked"
        walked.append(at)
        before, at = at, note["next"]
    assert walked == ids
    for head in heads:
        assert set(head) == {"id", "title", "subject", "chapter", "syllabus"}
        assert head["id"].split("/")[:2] == [head["subject"], head["chapter"]]


@pytest.mark.parametrize("id", ["nope", "os/nope/nope", "../syllabus.toml", "%2e%2e/%2e%2e/pyproject.toml"])
def test_an_unknown_note(reader: httpx.Client, refused: Callable[..., str], id: str) -> None:
    refused(reader.get(f"/api/notes/{id}"), 400, 404)


def test_search(reader: httpx.Client, content: Path) -> None:
    hits = reader.get("/api/search", params={"q": "银行家算法 安全序列", "limit": 4}).json()
    assert 1 <= len(hits) <= 4
    assert hits[0]["doc"].startswith("os/deadlock/")
    leaves = {n["id"] for n in reader.get("/api/syllabus").json()}
    for h in hits:
        assert set(h) == {"doc", "title", "section", "anchor", "page", "box", "quote", "text", "score"}
        assert h["quote"] and h["quote"] in h["text"]
        assert h["quote"] in (content / "notes" / f"{h['doc']}.md").read_text(encoding="utf-8")
        assert h["anchor"] in leaves
    assert [h["score"] for h in hits] == sorted((h["score"] for h in hits), reverse=True)


def test_search_keeps_to_a_subject(reader: httpx.Client) -> None:
    for subject in ("ds", "cn"):
        hits = reader.get("/api/search", params={"q": "队列", "subject": subject}).json()
        assert hits and all(h["doc"].startswith(subject + "/") for h in hits)


@pytest.mark.parametrize("q", ["", "   ", "？！", "' OR 1=1 --", '"', "a* NEAR b", "\x00"])
def test_search_takes_any_text(reader: httpx.Client, q: str) -> None:
    response = reader.get("/api/search", params={"q": q})
    assert response.status_code == 200 and isinstance(response.json(), list)


@pytest.mark.parametrize(
    ("params", "name"),
    [({}, "q"), ({"q": "死锁", "limit": 0}, "limit"), ({"q": "死锁", "limit": 51}, "limit"), ({"q": "死锁", "subject": "x"}, "subject"), ({"q": "长" * 501}, "q")],
)  # fmt: skip
def test_bad_searches_are_named(
    reader: httpx.Client, refused: Callable[..., str], params: dict[str, Any], name: str
) -> None:
    assert name in refused(reader.get("/api/search", params=params), 422)
