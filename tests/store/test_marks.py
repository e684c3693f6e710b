"""Favourites, notes and reports, on both databases."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
import sqlalchemy as sa

from assistant408.store.marks import Favourites, PersonalNotes, Reports


@pytest.fixture
def clock() -> object:
    """Every look is a second later."""
    moments = iter(datetime(2026, 1, 1, tzinfo=timezone.utc) + timedelta(seconds=i) for i in range(10_000))
    return lambda: next(moments)


def test_favourites_come_newest_first_and_a_removal_is_undone(engine: sa.Engine, clock) -> None:
    kept = Favourites(engine, clock)
    for id in ("a", "b", "a"):
        kept.add(id)
    assert [r["question_id"] for r in kept.all()] == ["b", "a"], "kept once, since the first time"
    before = kept.all()
    assert kept.remove("a") and not kept.remove("a") and not kept.remove("nobody")
    assert [r["question_id"] for r in kept.all()] == ["b"]
    kept.add("a")
    assert kept.all() == before


def test_a_note_is_replaced_removed_and_brought_back(engine: sa.Engine, clock) -> None:
    notes = PersonalNotes(engine, clock)
    notes.put("question", "x", "第一版")
    notes.put("leaf", "x", "考点的笔记")
    first = notes.get("question", "x")
    notes.put("question", "x", "第二版：50%_\\")
    second = notes.get("question", "x")
    assert first["text"] == "第一版" and second["text"] == "第二版：50%_\\"
    assert first["updated_at"] < second["updated_at"]
    assert notes.remove("question", "x") and not notes.remove("question", "x")
    assert notes.get("question", "x") is None and notes.get("leaf", "x")["text"] == "考点的笔记"
    assert notes.restore("question", "x") and notes.get("question", "x") == second
    assert not notes.restore("question", "nobody") and not notes.remove("leaf", "nobody")
    notes.remove("question", "x")
    notes.put("question", "x", "重写")
    assert notes.get("question", "x")["text"] == "重写"


def test_notes_are_found_by_their_words(engine: sa.Engine, clock) -> None:
    notes = PersonalNotes(engine, clock)
    notes.put("question", "a", "LRU 用栈")
    notes.put("leaf", "b", "命中率 50%")
    assert [(r["kind"], r["target"]) for r in notes.all()] == [("leaf", "b"), ("question", "a")]
    assert [r["target"] for r in notes.all("lru")] == ["a"]
    assert [r["target"] for r in notes.all("%")] == ["b"]
    assert notes.all("_") == []
    notes.remove("leaf", "b")
    assert notes.all("%") == []


def test_reports_are_numbered_and_can_be_taken_back(engine: sa.Engine, clock) -> None:
    reports = Reports(engine, clock)
    one, two = reports.add("a", "answer", "应选 C"), reports.add("a", "stem", "少了“不”字")
    assert one < two
    assert [(r["id"], r["part"], r["text"]) for r in reports.all()] == [
        (two, "stem", "少了“不”字"),
        (one, "answer", "应选 C"),
    ]
    assert reports.remove(one) and not reports.remove(one) and not reports.remove(99)
    assert [r["id"] for r in reports.all()] == [two]
    assert reports.restore(one) and not reports.restore(99)
    assert len(reports.all()) == 2
