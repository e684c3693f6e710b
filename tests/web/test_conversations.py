"""Conversations: listed, searched, renamed, deleted, restored, cut."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest


def start(ask: Callable[..., Any], question: str, **body: Any) -> str:
    id: str = dict(ask(question, llm=False, **body))["start"]["conversation_id"]
    return id


def listed(api: httpx.Client, q: str = "") -> list[str]:
    return [c["id"] for c in api.get("/api/conversations", params={"q": q} if q else {}).json()]


def test_newest_first_with_the_documented_shape(api: httpx.Client, ask: Callable[..., Any]) -> None:
    a, b = start(ask, "什么是虚拟内存？"), start(ask, "什么是快速排序？")
    assert listed(api) == [b, a]
    start(ask, "它有什么缺点？", conversation_id=a)
    assert listed(api) == [a, b], "a new message brings a conversation to the front"
    head = api.get("/api/conversations").json()[0]
    assert set(head) == {"id", "title", "updated_at", "messages"}
    assert head["title"] == "什么是虚拟内存？" and head["messages"] == 4


def test_a_conversation_gives_its_answers_back_whole(api: httpx.Client, ask: Callable[..., Any]) -> None:
    events = ask("什么是虚拟内存？", llm=False)
    start, done = dict(events)["start"], events[-1][1]
    conversation = api.get(f"/api/conversations/{start['conversation_id']}").json()
    assert {"id", "title", "messages"} <= set(conversation)
    question, answer = conversation["messages"]
    assert set(question) == set(answer) == {"id", "role", "content", "created_at", "result"}
    assert (question["id"], question["role"], question["result"]) == (start["message_id"], "user", None)
    assert answer["role"] == "assistant" and answer["content"] == done["answer"]
    assert answer["result"] == done, "what is kept is what was sent"


def test_search_looks_into_titles_and_texts_literally(api: httpx.Client, ask: Callable[..., Any]) -> None:
    a, b = start(ask, "缺页率 100% 是什么意思？"), start(ask, "什么是快速排序？")
    assert listed(api, "快速排序") == [b]
    assert listed(api, "100%") == [a]
    assert listed(api, "1%0") == [], "% is a character, not a wildcard"
    assert listed(api, "_") == []
    word = api.get(f"/api/conversations/{b}").json()["messages"][1]["content"][20:26]
    assert b in listed(api, word), "the answer's text is searched too"


def test_rename(api: httpx.Client, ask: Callable[..., Any], refused: Callable[..., str]) -> None:
    id = start(ask, "什么是虚拟内存？")
    assert api.patch(f"/api/conversations/{id}", json={"title": "内存复习"}).json() == {}
    assert api.get(f"/api/conversations/{id}").json()["title"] == "内存复习"
    refused(api.patch(f"/api/conversations/{id}", json={"title": ""}), 422)
    assert api.get(f"/api/conversations/{id}").json()["title"] == "内存复习"


def test_delete_is_undone_by_restore(api: httpx.Client, ask: Callable[..., Any], refused: Callable[..., str]) -> None:
    id = start(ask, "什么是虚拟内存？")
    before = api.get(f"/api/conversations/{id}").json()
    assert api.delete(f"/api/conversations/{id}").json() == {}
    assert listed(api) == []
    assert id in refused(api.get(f"/api/conversations/{id}"), 400, 404)
    assert id in refused(api.post("/api/ask", json={"question": "接着说", "conversation_id": id}), 400, 404)
    assert api.post(f"/api/conversations/{id}/restore").json() == {}
    assert listed(api) == [id]
    assert api.get(f"/api/conversations/{id}").json() == before


def test_cutting_removes_a_message_and_all_after_it(
    api: httpx.Client, ask: Callable[..., Any], refused: Callable[..., str]
) -> None:
    id = start(ask, "什么是虚拟内存？")
    start(ask, "它有什么缺点？", conversation_id=id)
    other = start(ask, "什么是快速排序？")
    messages = api.get(f"/api/conversations/{id}").json()["messages"]
    assert api.delete(f"/api/conversations/{id}/messages/{messages[2]['id']}").json() == {}
    assert api.get(f"/api/conversations/{id}").json()["messages"] == messages[:2]
    assert len(api.get(f"/api/conversations/{other}").json()["messages"]) == 2, "no other conversation is touched"
    sentence = refused(api.delete(f"/api/conversations/{id}/messages/{messages[2]['id']}"), 400, 404)
    assert str(messages[2]["id"]) in sentence, "it is the message that isn't there"
    assert api.get(f"/api/conversations/{id}").json()["messages"] == messages[:2]


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "", None),
        ("PATCH", "", {"title": "新"}),
        ("DELETE", "", None),
        ("POST", "/restore", None),
        ("DELETE", "/messages/1", None),
    ],
)
def test_an_unknown_conversation_is_named(
    reader: httpx.Client, refused: Callable[..., str], method: str, path: str, body: Any
) -> None:
    assert "nope" in refused(reader.request(method, f"/api/conversations/nope{path}", json=body), 400, 404)


def test_conversations_survive_a_restart(
    api: httpx.Client, ask: Callable[..., Any], services: Any, serve: Callable[[Any], str]
) -> None:
    from assistant408.web.app import create_app
    from assistant408.web.services import Services

    id = start(ask, "什么是虚拟内存？")
    again = serve(create_app(Services(services.home, services.content, model="fake")))
    both = [httpx.get(f"{base}/api/conversations/{id}", trust_env=False).json() for base in (api.base_url, again)]
    assert both[0] == both[1] and len(both[0]["messages"]) == 2
