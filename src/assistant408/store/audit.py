"""Who administered what, and when (操作记录). No secret and no word of a learner's is in it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any

import sqlalchemy as sa

__all__ = ["Audit"]


def _utc_now() -> datetime:
    return datetime.now(timezone.utc)


class Audit:
    """Writes and reads the log; `now` is the clock."""

    def __init__(self, engine: sa.Engine, now: Callable[[], datetime] = _utc_now) -> None:
        self._engine = engine
        self._now = now

    def add(self, actor: str, action: str, target: str = "", detail: str = "") -> None:
        """Adds a line: who (a name), did what (a phrase), to whom or what."""
        with self._engine.begin() as db:
            db.execute(
                sa.text("INSERT INTO audit(at, actor, action, target, detail) VALUES (:at, :a, :what, :t, :d)"),
                {
                    "at": self._now().isoformat(timespec="seconds"),
                    "a": actor,
                    "what": action,
                    "t": target[:200],
                    "d": detail[:500],
                },
            )

    def all(self, limit: int = 100, before: int | None = None) -> list[dict[str, Any]]:
        """``{id, at, actor, action, target, detail}``, the newest first, of those before line `before`."""
        with self._engine.connect() as db:
            rows = db.execute(
                sa.text(
                    "SELECT id, at, actor, action, target, detail FROM audit WHERE (:b = 0 OR id < :b) "
                    "ORDER BY id DESC LIMIT :n"
                ),
                {"b": before or 0, "n": limit},
            )
            return [dict(row) for row in rows.mappings()]
