"""Answers given to practice questions, and what they say: the wrong-question notebook (错题本) and tallies."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timezone

import sqlalchemy as sa

__all__ = ["PASS", "Attempt", "Attempts"]

PASS = 0.6
"""The share of a big question's points from which it counts as right."""


def _utc_now() -> datetime:
    return datetime.now(timezone.utc)


@dataclass(frozen=True)
class Attempt:
    """A marked answer; `score` is the share of the points, 0 to 1."""

    question: str
    answer: str
    score: float
    seconds: float | None
    at: datetime


class Attempts:
    """Reads and writes the attempts of `owner`; `now` is the clock."""

    def __init__(self, engine: sa.Engine, now: Callable[[], datetime] = _utc_now, owner: str = "") -> None:
        self._engine = engine
        self._now = now
        self._owner = owner

    def add(
        self, question: str, answer: str, correct: bool | None, seconds: float | None, score: float | None = None
    ) -> None:
        """Records an attempt; `correct` is `None` where only a person can tell, and `score` until one has."""
        with self._engine.begin() as db:
            db.execute(
                sa.text(
                    "INSERT INTO attempts(owner, question_id, answer, correct, score, seconds, created_at) "
                    "VALUES (:owner, :q, :a, :c, :p, :s, :t)"
                ),
                {
                    "owner": self._owner,
                    "q": question,
                    "a": answer,
                    "c": None if correct is None else int(correct),
                    "p": float(correct) if score is None and correct is not None else score,
                    "s": seconds,
                    "t": self._now().isoformat(timespec="microseconds"),
                },
            )

    def marked(self) -> list[Attempt]:
        """Every marked attempt, the oldest first."""
        with self._engine.connect() as db:
            rows = db.execute(
                sa.text(
                    "SELECT question_id, answer, score, seconds, created_at FROM attempts "
                    "WHERE owner = :owner AND score IS NOT NULL ORDER BY id"
                ),
                {"owner": self._owner},
            )
            return [Attempt(r[0], r[1], r[2], r[3], datetime.fromisoformat(r[4])) for r in rows]

    def latest(self) -> dict[str, bool]:
        """Whether the last marked attempt at each question was right."""
        with self._engine.connect() as db:
            rows = db.execute(
                sa.text(
                    "SELECT question_id, score FROM attempts WHERE id IN (SELECT max(id) FROM attempts "
                    "WHERE owner = :owner AND score IS NOT NULL GROUP BY question_id)"
                ),
                {"owner": self._owner},
            )
            return {row[0]: row[1] >= PASS for row in rows}

    def wrong(self) -> list[str]:
        """Questions whose last attempt was wrong, the latest first."""
        with self._engine.connect() as db:
            rows = db.execute(
                sa.text(
                    "SELECT question_id FROM attempts WHERE score < :pass AND id IN (SELECT max(id) FROM attempts "
                    "WHERE owner = :owner AND score IS NOT NULL GROUP BY question_id) ORDER BY id DESC"
                ),
                {"pass": PASS, "owner": self._owner},
            )
            return [row[0] for row in rows]
