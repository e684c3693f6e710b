"""What one account may use (配额), and what it has used today."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from assistant408.core.errors import LimitError
from assistant408.store.preferences import Preferences

__all__ = ["Quota", "Quotas"]


def _here() -> datetime:
    return datetime.now().astimezone()


@dataclass(frozen=True)
class Quota:
    """What an account may use.

    Attributes:
        questions_day: questions to the model from midnight to midnight, by the server's calendar.
        upload_mb: the largest file, in MB of 2^20 bytes.
        documents_mb: all of its documents together.
        streams: answers at the same time.
    """

    questions_day: int = 200
    upload_mb: int = 50
    documents_mb: int = 500
    streams: int = 2


class Quotas:
    """Reads and writes quotas, and counts; `now` is the clock, with the zone whose midnight counts."""

    def __init__(self, engine: sa.Engine, now: Callable[[], datetime] = _here) -> None:
        self._engine = engine
        self._now = now

    def of(self, owner: str) -> Quota:
        """The quota of an account."""
        return Quota(**(self.own("") | self.own(owner)))

    def own(self, owner: str) -> dict[str, int]:
        """What is set for an account alone; under the empty owner, for all."""
        return Preferences(self._engine, owner).get("quota") or {}

    def defaults(self) -> Quota:
        """The quota of an account for which nothing is set."""
        return Quota(**self.own(""))

    def change(self, owner: str, changes: Mapping[str, int | None]) -> None:
        """Sets numbers for an account, or under the empty owner for all; `None` goes back to the default."""
        wanted = {k: v for k, v in {**self.own(owner), **changes}.items() if v is not None}
        assert set(wanted) <= set(asdict(Quota()))
        Preferences(self._engine, owner).put("quota", wanted)

    def used(self, owner: str, what: str = "question") -> int:
        """How many were taken today."""
        with self._engine.connect() as db:
            found = db.execute(
                sa.text("SELECT n FROM quota_use WHERE owner = :owner AND day = :d AND what = :w"),
                {"owner": owner, "d": self._now().date().isoformat(), "w": what},
            ).scalar()
        return int(found or 0)

    def used_today(self) -> dict[str, int]:
        """How many questions each account has asked today, of those that asked any."""
        with self._engine.connect() as db:
            rows = db.execute(
                sa.text("SELECT owner, n FROM quota_use WHERE day = :d AND what = 'question'"),
                {"d": self._now().date().isoformat()},
            )
            return {row[0]: row[1] for row in rows}

    def take_question(self, owner: str) -> None:
        """Counts a question to the model.

        Raises:
            LimitError: those of today are used up.
        """
        limit, now = self.of(owner).questions_day, self._now()
        values = {"owner": owner, "d": now.date().isoformat(), "w": "question", "limit": limit}
        taken = 0
        if limit > 0:
            with self._engine.begin() as db:
                db.execute(sa.text("DELETE FROM quota_use WHERE owner = :owner AND day < :d"), values)
                taken = db.execute(
                    sa.text(
                        "INSERT INTO quota_use(owner, day, what, n) VALUES (:owner, :d, :w, 1) "
                        "ON CONFLICT (owner, day, what) DO UPDATE SET n = quota_use.n + 1 WHERE quota_use.n < :limit"
                    ),
                    values,
                ).rowcount
        if not taken:
            left = (self.renews_at() - now).total_seconds()
            raise LimitError(
                f"今天的 {limit} 个问题已经用完，明天 0 点恢复；教材、解题器和刷题照常能用。", max(1, int(left))
            )

    def renews_at(self) -> datetime:
        """The next midnight."""
        tomorrow = self._now().date() + timedelta(days=1)
        return datetime(tomorrow.year, tomorrow.month, tomorrow.day, tzinfo=self._now().tzinfo)
