"""Favourites, notes and reports over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest


@pytest.fixture
def two(api: httpx.Client) -> list[str]:
    """Ids of two questions."""
    return [q["id"] for q in api.get("/api/questions", params={"limit": 2, "seed": 7}).json()["questions"]]


def test_favourites_are_kept_removed_and_kept_again(api: httpx.Client, two: list[str]) -> None:
    assert api.get("/api/favourites").json() == []
    for id in two:
        assert api.put(f"/api/favourites/{id}").json() == {}
    kept = api.get("/api/favourites").json()
    assert [k["id"] for k in kept] == two[::-1]
    assert set(kept[0]) == {"id", "created_at", "subject", "syllabus", "stem"}, "and so no answer"
    assert api.delete(f"/api/favourites/{two[0]}").json() == {}
    assert [k["id"] for k in api.get("/api/favourites").json()] == [two[1]]
    api.put(f"/api/favourites/{two[0]}")
    assert api.get("/api/favourites").json() == kept


@pytest.mark.parametrize("kind", ["questions", "syllabus"])
def test_a_note_is_written_removed_and_brought_back(api: httpx.Client, two: list[str], kind: str) -> None:
    leaf = next(n["id"] for n in api.get("/api/syllabus").json() if n["note"])
    url = f"/api/{kind}/{two[0] if kind == 'questions' else leaf}/note"
    assert api.get(url).json() == {"text": "", "updated_at": None}
    assert api.put(url, json={"text": "  记住：$LRU$ 用栈\n "}).json() == {}
    assert api.get(url).json()["text"] == "记住：$LRU$ 用栈"
    assert [n["text"] for n in api.get("/api/notebook", params={"q": "lru"}).json()] == ["记住：$LRU$ 用栈"]
    assert api.get("/api/notebook", params={"q": "没有的"}).json() == []
    assert api.delete(url).json() == {} and api.get(url).json()["text"] == ""
    assert api.post(f"{url}/restore").json() == {} and api.get(url).json()["text"] == "记住：$LRU$ 用栈"


def test_an_error_is_reported_and_the_report_taken_back(api: httpx.Client, two: list[str]) -> None:
    number = api.post(f"/api/questions/{two[0]}/report", json={"part": "answer", "text": "应选 C"}).json()["id"]
    (report,) = api.get("/api/reports").json()
    assert (report["id"], report["question_id"], report["part"], report["text"]) == (number, two[0], "answer", "应选 C")
    assert api.delete(f"/api/reports/{number}").json() == {} and api.get("/api/reports").json() == []
    assert api.post(f"/api/reports/{number}/restore").json() == {} and len(api.get("/api/reports").json()) == 1


def test_what_is_not_there_is_one_sentence(api: httpx.Client, refused: Callable[..., str], two: list[str]) -> None:
    id = two[0]
    for method, path, body in (
        ("PUT", "/api/favourites/nobody", None),
        ("DELETE", f"/api/favourites/{id}", None),
        ("GET", "/api/questions/nobody/note", None),
        ("PUT", "/api/questions/nobody/note", {"text": "x"}),
        ("DELETE", f"/api/questions/{id}/note", None),
        ("POST", f"/api/questions/{id}/note/restore", None),
        ("GET", "/api/syllabus/nobody/note", None),
        ("PUT", f"/api/questions/{id}/note", {"text": " \n\0"}),
        ("POST", "/api/questions/nobody/report", {"text": "x"}),
        ("DELETE", "/api/reports/99", None),
        ("POST", "/api/reports/99/restore", None),
    ):
        refused(api.request(method, path, json=body), 400)
    for method, path, body in (
        ("PUT", f"/api/questions/{id}/note", {"text": ""}),
        ("PUT", f"/api/questions/{id}/note", {"text": "x" * 20_001}),
        ("POST", f"/api/questions/{id}/report", {"text": "x", "part": "cover"}),
        ("DELETE", "/api/reports/first", None),
    ):
        refused(api.request(method, path, json=body), 422)


def test_all_of_it_works_on_postgresql(
    indexed_home: Any, content: Any, postgres: Any, serve: Callable[[Any], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The one setting, from the environment to the database."""
    from assistant408.web.app import create_app
    from assistant408.web.services import Services

    monkeypatch.setenv("A408_DATABASE", postgres.new())
    services = Services(indexed_home, content, model="fake")
    with httpx.Client(base_url=serve(create_app(services)), trust_env=False, timeout=30) as api:
        id = api.get("/api/questions", params={"kind": "single", "limit": 1, "seed": 408}).json()["questions"][0]["id"]
        api.put(f"/api/questions/{id}/note", json={"text": "笔记"})
        api.post(f"/api/questions/{id}/answer", json={"answer": "A", "seconds": 3})
        assert api.get("/api/notebook").json()[0]["text"] == "笔记"
        assert sum(n["answered"] for n in api.get("/api/practice/summary").json()["nodes"].values()) == 2
    assert not (indexed_home / "study.db").exists()
    services.database.dispose()
