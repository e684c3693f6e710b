"""Answers given to practice questions, and what they say: the wrong-question notebook (错题本) and tallies."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timezone

import sqlalchemy as sa

__all__ = ["Attempts"]


def _utc_now() -> datetime:
    return datetime.now(timezone.utc)


class Attempts:
    """Reads and writes attempts; `now` is the clock."""

    def __init__(self, engine: sa.Engine, now: Callable[[], datetime] = _utc_now) -> None:
        self._engine = engine
        self._now = now

    def add(self, question: str, answer: str, correct: bool | None, seconds: float | None) -> None:
        """Records an attempt; `correct` is `None` where it wasn't marked."""
        with self._engine.begin() as db:
            db.execute(
                sa.text(
                    "INSERT INTO attempts(question_id, answer, correct, seconds, created_at) VALUES (:q, :a, :c, :s, :t)"
                ),
                {
                    "q": question,
                    "a": answer,
                    "c": None if correct is None else int(correct),
                    "s": seconds,
                    "t": self._now().isoformat(timespec="microseconds"),
                },
            )

    def latest(self) -> dict[str, bool]:
        """Whether the last marked attempt at each question was right."""
        with self._engine.connect() as db:
            rows = db.execute(
                sa.text(
                    "SELECT question_id, correct FROM attempts a WHERE correct IS NOT NULL AND id = "
                    "(SELECT max(id) FROM attempts b WHERE b.question_id = a.question_id AND b.correct IS NOT NULL)"
                )
            )
            return {row[0]: bool(row[1]) for row in rows}

    def wrong(self) -> list[str]:
        """Questions whose last attempt was wrong, the latest first."""
        with self._engine.connect() as db:
            rows = db.execute(
                sa.text(
                    "SELECT question_id FROM attempts a WHERE correct = 0 AND id = "
                    "(SELECT max(id) FROM attempts b WHERE b.question_id = a.question_id AND b.correct IS NOT NULL) "
                    "ORDER BY id DESC"
                )
            )
            return [row[0] for row in rows]
