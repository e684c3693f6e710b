"""All that belongs to one owner, whatever table it is in: to be handed over, or to be erased."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from assistant408.core.errors import InputError

__all__ = ["OWNED", "adopt", "erase", "rows_of"]

OWNED = (
    "messages",
    "conversations",
    "attempts",
    "favourites",
    "notes",
    "reports",
    "cards",
    "deck",
    "exam_entries",
    "exam_overrides",
    "exams",
    "quota_use",
    "preferences",
)
"""The tables with an owner, each before the one that it refers to."""
FOLLOWING = ("messages", "exam_entries", "exam_overrides", "quota_use", "preferences")
"""Those whose owner follows that of the row they refer to, and those that mean something else under the empty one."""


def rows_of(engine: sa.Engine, owner: str) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Every table's rows of an owner."""
    with engine.connect() as db:
        for table in OWNED:
            rows = db.execute(sa.text(f"SELECT * FROM {table} WHERE owner = :owner"), {"owner": owner}).mappings()
            yield table, [{k: v for k, v in row.items() if k != "owner"} for row in rows]


def adopt(db: sa.Connection, owner: str) -> None:
    """Gives an account what was recorded while there were none, within a transaction.

    Raises:
        InputError: it has records of its own.
    """
    for table in (t for t in OWNED if t not in FOLLOWING):
        if db.execute(sa.text(f"SELECT 1 FROM {table} WHERE owner = :owner LIMIT 1"), {"owner": owner}).first():
            raise InputError("这个账户已有自己的记录，不能再接管，请换一个新账户。")
    for table in (t for t in OWNED if t not in FOLLOWING):
        db.execute(sa.text(f"UPDATE {table} SET owner = :owner WHERE owner = ''"), {"owner": owner})


def erase(db: sa.Connection, owner: str) -> None:
    """Deletes all rows of an owner, within a transaction."""
    for table in OWNED:
        db.execute(sa.text(f"DELETE FROM {table} WHERE owner = :owner"), {"owner": owner})
