"""Stored conversations."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant408.store.conversations import Conversations
from assistant408.store.db import open_database


class Clock:
    """Every look is a second later."""

    def __init__(self) -> None:
        self.now = datetime(2026, 1, 1, tzinfo=timezone.utc)

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


@pytest.fixture
def store(engine: sa.Engine) -> Conversations:
    return Conversations(engine, Clock())


def test_a_conversation_keeps_its_messages_in_order(store: Conversations) -> None:
    id = store.create("  什么是死锁  ")
    first = store.add(id, "user", "什么是死锁")
    second = store.add(
        id, "assistant", "互相等待。", {"refused": False, "citations": [{"n": 1, "quote": "互相“等待”"}]}
    )
    got = store.get(id)
    assert got["id"] == id and got["title"] == "什么是死锁"
    assert [(m["id"], m["role"], m["content"]) for m in got["messages"]] == [
        (first, "user", "什么是死锁"),
        (second, "assistant", "互相等待。"),
    ]
    assert (
        got["messages"][0]["result"] is None and got["messages"][1]["result"]["citations"][0]["quote"] == "互相“等待”"
    )
    assert got["messages"][0]["created_at"] < got["messages"][1]["created_at"] <= got["updated_at"]


def test_ids_cannot_be_guessed_and_unknown_ones_are_none(store: Conversations) -> None:
    ids = {store.create("x") for _ in range(50)}
    assert len(ids) == 50 and all(len(i) >= 12 for i in ids)
    assert store.get("nobody") is None and store.history("nobody") == []
    assert not store.rename("nobody", "x") and not store.delete("nobody") and not store.restore("nobody")
    assert not store.truncate("nobody", 0)


def test_titles_are_trimmed_and_never_empty(store: Conversations) -> None:
    assert store.get(store.create("   "))["title"] == "新对话"
    assert store.get(store.create("长" * 200))["title"] == "长" * 60
    id = store.create("旧")
    assert store.rename(id, " 新名 ") and store.get(id)["title"] == "新名"


def test_the_newest_comes_first(store: Conversations) -> None:
    a, b, c = (store.create(t) for t in "abc")
    assert [r["id"] for r in store.recent()] == [c, b, a]
    store.add(a, "user", "又问")
    assert [(r["id"], r["messages"]) for r in store.recent()] == [(a, 1), (c, 0), (b, 0)]


def test_search_looks_into_titles_and_texts(store: Conversations) -> None:
    a, b = store.create("死锁"), store.create("排序 100%")
    store.add(b, "user", "快排的 O(n_log_n) 是什么？")
    assert [r["id"] for r in store.recent("死锁")] == [a]
    assert [r["id"] for r in store.recent("快排")] == [b]
    assert store.recent("快排")[0]["messages"] == 1
    assert store.recent("没有的") == []
    assert [r["id"] for r in store.recent("o(N_LOG")] == [b], "in any case"
    for literal, found in (("100%", [b]), ("%", [b]), ("_log_", [b]), ("n.log", []), ("\\", []), ("'", [])):
        assert [r["id"] for r in store.recent(literal)] == found, literal


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def shared(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Conversations]:
    url = "" if request.param == "sqlite" else request.getfixturevalue("postgres_server").new(lend=False)
    engine = open_database(tmp_path_factory.mktemp("db"), url)
    yield Conversations(engine)
    engine.dispose()


@given(text=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1, max_size=20))
@settings(deadline=None, max_examples=60)
def test_any_text_is_kept_and_found_by_itself(shared: Conversations, text: str) -> None:
    id = shared.create("题")
    shared.add(id, "user", text, {"text": text})
    assert shared.get(id)["messages"][0]["content"] == text == shared.get(id)["messages"][0]["result"]["text"]
    assert id in {r["id"] for r in shared.recent(text)}


def test_deleting_hides_and_restoring_brings_all_back(store: Conversations) -> None:
    id = store.create("死锁")
    store.add(id, "user", "问")
    before = store.get(id)
    assert store.delete(id)
    assert store.get(id) is None and store.recent() == [] and store.recent("问") == [] and store.history(id) == []
    assert store.restore(id) and store.get(id) == before


def test_truncating_removes_a_message_and_all_after_it(store: Conversations) -> None:
    id, other = store.create("a"), store.create("b")
    numbers = [store.add(id, role, f"{i}") for i in range(3) for role in ("user", "assistant")]
    kept = store.add(other, "user", "别人的")
    assert store.truncate(id, numbers[2])
    assert [m["id"] for m in store.get(id)["messages"]] == numbers[:2]
    assert [m["id"] for m in store.get(other)["messages"]] == [kept]
    assert not store.truncate(id, numbers[2]), "nothing left to remove"
    assert store.add(id, "user", "再问") not in numbers[:2]


def test_history_is_the_last_whole_pairs(store: Conversations) -> None:
    id = store.create("x")
    for i in range(5):
        store.add(id, "user", f"问{i}")
        store.add(id, "assistant", f"答{i}")
    store.add(id, "user", "还没有回答")
    assert store.history(id) == [(f"问{i}", f"答{i}") for i in (2, 3, 4)]
    assert store.history(id, 1) == [("问4", "答4")]


def test_what_was_stored_is_there_after_a_restart(tmp_path: Path, database_url: str) -> None:
    engine = open_database(tmp_path, database_url)
    id = Conversations(engine).create("留下")
    engine.dispose()
    again = open_database(tmp_path, database_url)
    assert Conversations(again).get(id)["title"] == "留下"
    again.dispose()
