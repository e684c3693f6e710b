"""Opening SQLite files that several processes share."""

from __future__ import annotations

import contextlib
import sqlite3
import time
from collections.abc import Iterator

__all__ = ["enable_wal", "is_full", "writing"]


def enable_wal(db: sqlite3.Connection, patience_s: float = 30.0) -> None:
    """Switches a file to write-ahead logging, waiting for others that are opening it at this moment.

    This one pragma does not heed the connection's timeout: two first openings at once would fail one of them.

    Raises:
        sqlite3.OperationalError: the file stayed locked for `patience_s`, or can't be used.

    Source: https://www.sqlite.org/wal.html, https://www.sqlite.org/rescode.html#busy
    """
    deadline = time.monotonic() + patience_s
    while True:
        try:
            db.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as e:
            if "locked" not in str(e) or time.monotonic() > deadline:
                raise
            time.sleep(0.02)


@contextlib.contextmanager
def writing(db: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """A transaction that has the file for itself; whatever goes wrong inside, nothing of it is kept.

    A full disk ends a transaction by itself: then there is none left to roll back.
    """
    db.execute("BEGIN IMMEDIATE")
    try:
        yield db
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise


def is_full(error: sqlite3.DatabaseError) -> bool:
    """Whether the disk, or the room given to the file, was used up.

    Examples:
        >>> is_full(sqlite3.OperationalError("database or disk is full")), is_full(sqlite3.DatabaseError("malformed"))
        (True, False)
    """
    return "disk is full" in str(error) or "No space left" in str(error)
