"""Slowing down those who guess (限速): failures by name, kept in the database so that they hold across processes."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

import sqlalchemy as sa

from assistant408.core.digest import token_digest
from assistant408.store.db import writing

__all__ = ["Patience", "Throttle"]

FORGET = timedelta(hours=1)


def _utc_now() -> datetime:
    return datetime.now(timezone.utc)


@dataclass(frozen=True)
class Patience:
    """How many tries are free, and how long the wait after them becomes: it doubles from 1 s to `longest_s`."""

    free: int
    longest_s: int

    def wait_s(self, failures: int) -> int:
        """Seconds after so many failures.

        Examples:
            >>> [Patience(3, 10).wait_s(n) for n in range(8)]
            [0, 0, 0, 1, 2, 4, 8, 10]
        """
        return 0 if failures < self.free else min(self.longest_s, 2 ** min(failures - self.free, 30))


class Throttle:
    """Counts tries; `now` is the clock."""

    def __init__(self, engine: sa.Engine, now: Callable[[], datetime] = _utc_now) -> None:
        self._engine = engine
        self._now = now

    def attempt(self, names: Mapping[str, Patience]) -> int:
        """Lets a try begin, or says how long to wait. A try counts as failed until `forget` or `undo`, so many at once help nobody.

        Args:
            names: what is counted, such as the account and the address, each with its patience.

        Returns:
            0, or the seconds to wait; a try that has to wait isn't counted.
        """
        now = self._now()
        lock = " FOR UPDATE" if self._engine.dialect.name == "postgresql" else ""
        counted: dict[str, int] = {}
        wait = 0.0
        with writing(self._engine) as db:
            db.execute(sa.text("DELETE FROM throttle WHERE last_at < :t"), {"t": _stamp(now - FORGET)})
            for name in sorted(names, key=token_digest):  # one order, so that two tries don't lock each other out
                key = {"n": token_digest(name), "t": _stamp(now)}
                db.execute(sa.text("INSERT INTO throttle VALUES (:n, 0, :t) ON CONFLICT (name) DO NOTHING"), key)
                row = db.execute(sa.text(f"SELECT failures, last_at FROM throttle WHERE name = :n{lock}"), key).one()
                due = datetime.fromisoformat(row[1]) + timedelta(seconds=names[name].wait_s(row[0]))
                wait = max(wait, (due - now).total_seconds())
                counted[key["n"]] = row[0] + 1
            if wait <= 0:
                for name, failures in counted.items():
                    db.execute(
                        sa.text("UPDATE throttle SET failures = :f, last_at = :t WHERE name = :n"),
                        {"f": failures, "t": _stamp(now), "n": name},
                    )
        return max(0, math.ceil(wait))

    def forget(self, name: str) -> None:
        """Forgets the failures under a name: the last try succeeded."""
        self._run("DELETE FROM throttle WHERE name = :n", name)

    def undo(self, name: str) -> None:
        """Doesn't count the last try, which succeeded, but keeps those that failed before it."""
        self._run("UPDATE throttle SET failures = failures - 1 WHERE name = :n AND failures > 0", name)

    def _run(self, statement: str, name: str) -> None:
        with self._engine.begin() as db:
            db.execute(sa.text(statement), {"n": token_digest(name)})


def _stamp(moment: datetime) -> str:
    return moment.isoformat(timespec="microseconds")
