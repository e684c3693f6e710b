"""Opening the study database and bringing it up to date.

Migrations are an append-only list: never edit one that was released, add another. A SQLite file is copied before the
first migration that changes it.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import sqlalchemy as sa

from assistant408.core.errors import StoreError

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


MIGRATIONS: Sequence[Migration] = (_conversations,)


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
        home.mkdir(parents=True, exist_ok=True)
    engine = sa.create_engine(url or f"sqlite:///{path}", connect_args={} if url else {"timeout": 30})
    if not url:
        sa.event.listen(engine, "connect", _sqlite_pragmas)
    try:
        with engine.begin() as db:
            db.execute(sa.text("CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL)"))
            version = db.execute(sa.text("SELECT max(version) FROM schema_version")).scalar() or 0
        if version > len(MIGRATIONS):
            raise StoreError(f"学习数据库的版本 {version} 比程序新（{len(MIGRATIONS)}），请升级 assistant408。")
        if not url and 0 < version < len(MIGRATIONS):
            shutil.copy2(path, path.with_suffix(f".v{version}.bak"))
        for number, migrate in enumerate(MIGRATIONS[version:], version + 1):
            with engine.begin() as db:
                migrate(db)
                db.execute(sa.text("INSERT INTO schema_version VALUES (:v)"), {"v": number})
    except sa.exc.SQLAlchemyError as e:
        reason = str(getattr(e, "orig", e)).splitlines()[0]
        raise StoreError(f"学习数据库打不开（{reason}）：请检查 {url or str(path)!r}，或从备份恢复。") from None
    return engine


def _sqlite_pragmas(connection: object, _: object) -> None:
    cursor = connection.cursor()  # type: ignore[attr-defined]
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
