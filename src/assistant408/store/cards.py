"""What the learner's memory is thought to hold (记忆状态), a row a question, and the learner's own cards (自己的卡片).

A question's row is written in the same transaction as the attempt that changed it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

import sqlalchemy as sa

__all__ = ["Card", "Cards", "Deck", "Memory"]


def _utc_now() -> datetime:
    return datetime.now(timezone.utc)


@dataclass(frozen=True)
class Memory:
    """The state that FSRS keeps of one question.

    Args:
        stability: days until recall falls to 90%.
        difficulty: 1 (easy) to 10.
        last_review: UTC.
        due: UTC.
        reps: answers so far.
        lapses: how many of them were failures.
    """

    stability: float
    difficulty: float
    last_review: datetime
    due: datetime
    reps: int
    lapses: int


@dataclass(frozen=True)
class Card:
    """A card of the learner's own; its id among the questions is ``card:`` and `id`."""

    id: int
    deck: str
    front: str
    back: str

    @property
    def key(self) -> str:
        """The id under which attempts and memory are kept."""
        return f"card:{self.id}"


class Cards:
    """Reads and writes the memories of `owner`; `now` is the clock."""

    def __init__(self, engine: sa.Engine, now: Callable[[], datetime] = _utc_now, owner: str = "") -> None:
        self._engine = engine
        self._now = now
        self._owner = owner

    def review(
        self,
        question: str,
        answer: str,
        correct: bool | None,
        score: float,
        seconds: float | None,
        step: Callable[[Memory | None, datetime], Memory],
    ) -> Memory:
        """Stores an attempt and what it makes of the memory, both or neither.

        Args:
            score: the share of the points, 0 to 1.
            step: the memory after the attempt, from the one before and the time.
        """
        now = self._now()
        with self._engine.begin() as db:
            db.execute(  # first, since it takes the write lock: the row below is then read as it is
                sa.text(
                    "INSERT INTO attempts(owner, question_id, answer, correct, score, seconds, created_at) "
                    "VALUES (:owner, :q, :a, :c, :p, :s, :t)"
                ),
                {
                    "owner": self._owner,
                    "q": question,
                    "a": answer,
                    "c": None if correct is None else int(correct),
                    "p": score,
                    "s": seconds,
                    "t": now.isoformat(timespec="microseconds"),
                },
            )
            found = db.execute(
                sa.text("SELECT * FROM cards WHERE owner = :owner AND question_id = :q"),
                {"owner": self._owner, "q": question},
            )
            row = found.mappings().fetchone()
            after = step(None if row is None else _memory(row), now)
            db.execute(
                sa.text(
                    "INSERT INTO cards(owner, question_id, stability, difficulty, last_review, due, reps, lapses) "
                    "VALUES (:owner, :q, :s, :d, :l, :u, :r, :n) ON CONFLICT (owner, question_id) DO UPDATE SET "
                    "stability = :s, difficulty = :d, last_review = :l, due = :u, reps = :r, lapses = :n"
                ),
                {
                    "owner": self._owner,
                    "q": question,
                    "s": after.stability,
                    "d": after.difficulty,
                    "l": after.last_review.isoformat(timespec="microseconds"),
                    "u": after.due.isoformat(timespec="microseconds"),
                    "r": after.reps,
                    "n": after.lapses,
                },
            )
        return after

    def all(self) -> dict[str, Memory]:
        """The memory of every question answered so far."""
        with self._engine.connect() as db:
            rows = db.execute(sa.text("SELECT * FROM cards WHERE owner = :owner"), {"owner": self._owner}).mappings()
            return {row["question_id"]: _memory(row) for row in rows}


class Deck:
    """The own cards of `owner`; `now` is the clock."""

    def __init__(self, engine: sa.Engine, now: Callable[[], datetime] = _utc_now, owner: str = "") -> None:
        self._engine = engine
        self._now = now
        self._owner = owner

    def add(self, deck: str, pairs: Iterable[tuple[str, str]]) -> int:
        """Adds (front, back) cards to a deck, all or none; how many were new. One that is there stays as it is."""
        stamp = self._now().isoformat(timespec="microseconds")
        with self._engine.begin() as db:
            there = {
                (r[0], r[1])
                for r in db.execute(
                    sa.text("SELECT front, back FROM deck WHERE owner = :owner AND deck = :d AND deleted_at IS NULL"),
                    {"owner": self._owner, "d": deck},
                )
            }
            new = [pair for pair in dict.fromkeys(pairs) if pair not in there]
            if new:
                db.execute(
                    sa.text("INSERT INTO deck(owner, deck, front, back, created_at) VALUES (:owner, :d, :f, :b, :t)"),
                    [{"owner": self._owner, "d": deck, "f": front, "b": back, "t": stamp} for front, back in new],
                )
        return len(new)

    def all(self) -> list[Card]:
        """The cards, in the order in which they were added."""
        with self._engine.connect() as db:
            rows = db.execute(
                sa.text(
                    "SELECT id, deck, front, back FROM deck WHERE owner = :owner AND deleted_at IS NULL ORDER BY id"
                ),
                {"owner": self._owner},
            )
            return [Card(int(r[0]), r[1], r[2], r[3]) for r in rows]

    def remove(self, deck: str) -> int:
        """Hides a deck; how many cards it had."""
        with self._engine.begin() as db:
            return db.execute(
                sa.text("UPDATE deck SET deleted_at = :t WHERE owner = :owner AND deck = :d AND deleted_at IS NULL"),
                {"owner": self._owner, "d": deck, "t": self._now().isoformat(timespec="microseconds")},
            ).rowcount


def _memory(row: Any) -> Memory:
    return Memory(
        stability=row["stability"],
        difficulty=row["difficulty"],
        last_review=datetime.fromisoformat(row["last_review"]),
        due=datetime.fromisoformat(row["due"]),
        reps=row["reps"],
        lapses=row["lapses"],
    )
