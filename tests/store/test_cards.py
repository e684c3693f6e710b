"""What memory holds, on both databases."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
import sqlalchemy as sa

from assistant408.store.attempts import Attempts
from assistant408.store.cards import Cards, Deck, Memory

NOW = datetime(2026, 11, 1, 12, 30, 0, 123456, timezone.utc)
FIRST = Memory(2.3065, 5.1, NOW, NOW + timedelta(days=2), 1, 0)


def test_an_attempt_and_its_memory_are_stored_together(engine: sa.Engine) -> None:
    cards = Cards(engine, lambda: NOW)
    seen: list[tuple[Memory | None, datetime]] = []

    def step(memory: Memory | None, now: datetime) -> Memory:
        seen.append((memory, now))
        return FIRST if memory is None else Memory(9.25, 5.0, now, now + timedelta(days=9), 2, 0)

    assert cards.review("q", "A", True, 1.0, 12.5, step) == FIRST
    assert cards.all() == {"q": FIRST}, "to the last bit, with the time zone"
    cards.review("q", "B", None, 0.75, None, step)
    assert seen == [(None, NOW), (FIRST, NOW)]
    assert cards.all()["q"].stability == 9.25 and len(cards.all()) == 1
    made = Attempts(engine).marked()
    assert [(a.question, a.answer, a.score, a.seconds, a.at) for a in made] == [
        ("q", "A", 1.0, 12.5, NOW), ("q", "B", 0.75, None, NOW),
    ]  # fmt: skip


def test_a_failing_step_leaves_neither(engine: sa.Engine) -> None:
    def fail(memory: Memory | None, now: datetime) -> Memory:
        raise ArithmeticError

    with pytest.raises(ArithmeticError):
        Cards(engine).review("q", "A", True, 1.0, None, fail)
    assert Cards(engine).all() == {} and Attempts(engine).marked() == []


def test_a_share_of_the_points_decides_what_is_wrong(engine: sa.Engine) -> None:
    attempts = Attempts(engine)
    attempts.add("big", "…", None, 60)
    assert attempts.latest() == {}, "handed in, not marked"
    attempts.add("big", "…", None, 60, 0.59)
    assert attempts.latest() == {"big": False} and attempts.wrong() == ["big"]
    attempts.add("big", "…", None, 60, 0.6)
    assert attempts.latest() == {"big": True} and attempts.wrong() == []


def test_a_deck_keeps_each_card_once(engine: sa.Engine) -> None:
    deck = Deck(engine, lambda: NOW)
    long = "长" * 20_000
    assert deck.add("甲", [("f", "b"), ("f", "b"), ("f", "c"), (long, long)]) == 3
    assert deck.add("甲", [("f", "b"), ("g", "b")]) == 1 and deck.add("乙", [("f", "b")]) == 1
    assert [(c.deck, c.front[:2], c.back[:2]) for c in deck.all()] == [
        ("甲", "f", "b"), ("甲", "f", "c"), ("甲", "长长", "长长"), ("甲", "g", "b"), ("乙", "f", "b"),
    ]  # fmt: skip
    keys = {c.key for c in deck.all()}
    assert deck.remove("甲") == 4 and deck.remove("甲") == 0
    assert deck.add("甲", [("f", "b")]) == 1
    assert deck.all()[-1].key not in keys, "a new card has a memory of its own"


def test_the_migration_gives_old_attempts_their_score(engine: sa.Engine) -> None:
    """What `UPDATE attempts SET score = correct` does to rows of before."""
    with engine.begin() as db:
        for question, correct in (("a", 1), ("b", 0), ("c", None)):
            db.execute(
                sa.text("INSERT INTO attempts(question_id, answer, correct, created_at) VALUES (:q, 'A', :c, :t)"),
                {"q": question, "c": correct, "t": NOW.isoformat()},
            )
        db.execute(sa.text("UPDATE attempts SET score = correct"))
    assert Attempts(engine).latest() == {"a": True, "b": False}
