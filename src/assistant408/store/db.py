"""Opening the study database and bringing it up to date.

Migrations are an append-only list: never edit one that was released, add another. A SQLite file is copied before the
first migration that changes it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

import sqlalchemy as sa

from assistant408.core.errors import StoreError
from assistant408.core.sqlite import enable_wal

__all__ = ["open_database"]

Migration = Callable[[sa.Connection], None]


def _conversations(db: sa.Connection) -> None:
    serial = "SERIAL" if db.dialect.name == "postgresql" else "INTEGER"
    db.execute(
        sa.text(
            "CREATE TABLE conversations (id TEXT PRIMARY KEY, title TEXT NOT NULL, created_at TEXT NOT NULL, "
            "updated_at TEXT NOT NULL, deleted_at TEXT)"
        )
    )
    db.execute(
        sa.text(
            f"CREATE TABLE messages (id {serial} PRIMARY KEY, "
            "conversation_id TEXT NOT NULL REFERENCES conversations(id) ON DELETE CASCADE, "
            "role TEXT NOT NULL, content TEXT NOT NULL, result TEXT, created_at TEXT NOT NULL)"
        )
    )
    db.execute(sa.text("CREATE INDEX messages_conversation ON messages(conversation_id, id)"))


def _attempts(db: sa.Connection) -> None:
    serial = "SERIAL" if db.dialect.name == "postgresql" else "INTEGER"
    db.execute(
        sa.text(
            f"CREATE TABLE attempts (id {serial} PRIMARY KEY, question_id TEXT NOT NULL, answer TEXT NOT NULL, "
            "correct INTEGER, seconds REAL, created_at TEXT NOT NULL)"
        )
    )
    db.execute(sa.text("CREATE INDEX attempts_question ON attempts(question_id, id)"))


MIGRATIONS: Sequence[Migration] = (_conversations, _attempts)


def open_database(home: Path, url: str = "") -> sa.Engine:
    """The engine of the study database, migrated.

    Args:
        home: where ``study.db`` lies.
        url: an SQLAlchemy URL; empty for the SQLite file.

    Raises:
        StoreError: it can't be opened, is damaged, or is from a newer version of the program.
    """
    path = home / "study.db"
    if not url:
        try:
            home.mkdir(parents=True, exist_ok=True)
        except OSError as e:
            raise StoreError(f"学习数据库放不进 {str(home)!r}（{e.strerror}），请用 A408_HOME 换一个文件夹。") from None
    engine = sa.create_engine(url or f"sqlite:///{path}", connect_args={} if url else {"timeout": 30})
    if engine.dialect.name == "sqlite":
        sa.event.listen(engine, "connect", _sqlite_pragmas)
        sa.event.listen(engine, "begin", _sqlite_begin)
    try:
        with engine.begin() as db:
            db.execute(sa.text("CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL)"))
        with engine.connect() as db:
            version = _version(db)
        if version > len(MIGRATIONS):
            raise StoreError(f"学习数据库的版本 {version} 比程序新（{len(MIGRATIONS)}），请升级 assistant408。")
        if not url and 0 < version < len(MIGRATIONS):
            _backup(path, path.with_suffix(f".v{version}.bak"))
        for number, migrate in enumerate(MIGRATIONS[version:], version + 1):
            with engine.begin() as db:
                db.execute(sa.text("UPDATE schema_version SET version = version"))  # one process at a time from here
                if _version(db) < number:
                    migrate(db)
                    db.execute(sa.text("INSERT INTO schema_version VALUES (:v)"), {"v": number})
    except StoreError:
        engine.dispose()
        raise
    except sa.exc.SQLAlchemyError as e:
        engine.dispose()
        reason = str(getattr(e, "orig", e)).splitlines()[0]
        raise StoreError(f"学习数据库打不开（{reason}）：请检查 {url or str(path)!r}，或从备份恢复。") from None
    return engine


def _version(db: sa.Connection) -> int:
    return db.execute(sa.text("SELECT max(version) FROM schema_version")).scalar() or 0


def _backup(path: Path, copy: Path) -> None:
    """Copies a database with what its write-ahead log holds, which a copy of the file would leave out."""
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)


def _sqlite_pragmas(connection: sqlite3.Connection, _: object) -> None:
    connection.isolation_level = None  # transactions begin in `_sqlite_begin`, so that they cover CREATE TABLE too
    enable_wal(connection)
    for pragma in ("synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _sqlite_begin(connection: sa.Connection) -> None:
    connection.exec_driver_sql("BEGIN")
