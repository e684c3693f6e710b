"""Opening SQLite files that several processes share."""

from __future__ import annotations

import sqlite3
import time

__all__ = ["enable_wal"]


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
