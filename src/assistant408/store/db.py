"""Opening the study database and bringing it up to date: a SQLite file, or PostgreSQL by one setting.

Both run the same SQL. ``with engine.begin()`` is a transaction whose first statement writes; one that reads before it
writes uses `writing`, which on SQLite takes the write lock first, so that two processes wait for each other instead of
one failing. A change that was committed survives the loss of the process, and on a local disk of the power.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import sqlalchemy as sa

from assistant408.core.errors import StoreError
from assistant408.core.sqlite import enable_wal
from assistant408.store.errors import said, speak
from assistant408.store.migrations import MIGRATIONS

__all__ = ["copy_file", "health", "open_database", "writing"]

PATIENCE_S = 30  # how long a writer waits for another one
LOCK = 408  # the number of PostgreSQL's advisory lock under which one process at a time migrates


def open_database(home: Path, url: str = "") -> sa.Engine:
    """The engine of the study database, migrated.

    All that an upgrade has to change is one transaction, so a failure leaves the old version. A SQLite file is copied
    beside itself first, as ``study.vN.bak``.

    Args:
        home: where ``study.db`` lies.
        url: ``postgresql+pg8000://USER:PASSWORD@HOST/NAME``, or empty for the SQLite file.

    Raises:
        InputError: the URL is none.
        StoreError: it can't be opened, is damaged, or is from a newer version of the program.
    """
    path = home / "study.db"
    engine = _server(url) if url else _file(path)
    try:
        _migrate(engine, None if url else path)
    except BaseException:
        engine.dispose()
        raise
    return engine


@contextmanager
def writing(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A transaction that may read before it writes."""
    with engine.execution_options(a408_writes=True).begin() as db:
        yield db


def copy_file(source: Path, target: Path) -> None:
    """Copies a SQLite database with what its write-ahead log holds, which a copy of the file would leave out.

    Raises:
        sqlite3.Error: one of them can't be opened, or `source` is damaged.
    """
    with closing(sqlite3.connect(source, timeout=PATIENCE_S)) as a, closing(sqlite3.connect(target)) as b:
        a.backup(b)


def health(engine: sa.Engine) -> str:
    """Where the database is and which version it has, once all of it was found whole.

    Raises:
        StoreError: it is damaged or can't be read.
    """
    with engine.connect() as db:
        version = _version(db)
        if engine.dialect.name == "sqlite":
            found = db.execute(sa.text("PRAGMA integrity_check")).scalars().all()
            if found != ["ok"]:
                raise StoreError(
                    f"学习数据库 {_place(engine)!r} 已损坏（{found[0]}）：请用 a408 restore 从备份恢复，坏的那份会另外留着。"
                )
    return f"{_place(engine)}，第 {version} 版"


def _migrate(engine: sa.Engine, path: Path | None) -> None:
    if sa.inspect(engine).has_table("schema_version"):
        with engine.connect() as db:
            if _version(db) == len(MIGRATIONS):
                return
    step = "打开"
    try:
        with writing(engine) as db:
            if engine.dialect.name == "postgresql":
                db.execute(sa.text("SELECT pg_advisory_xact_lock(:n)"), {"n": LOCK})
                if (encoding := db.execute(sa.text("SHOW server_encoding")).scalar()) != "UTF8":
                    raise StoreError(
                        f"库 {_place(engine)!r} 的编码是 {encoding}，应为 UTF8：请用 createdb -E UTF8 另建。"
                    )
            db.execute(sa.text("CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL)"))
            version = _version(db)
            if version > len(MIGRATIONS):
                raise StoreError(f"学习数据库的版本 {version} 比程序新（{len(MIGRATIONS)}），请升级 assistant408。")
            if path and 0 < version < len(MIGRATIONS):
                copy_file(path, path.with_suffix(f".v{version}.bak"))
            for number, (name, migrate) in enumerate(MIGRATIONS[version:], version + 1):
                step = f"升级到第 {number} 版（{name}）"
                migrate(db)
                db.execute(sa.text("INSERT INTO schema_version VALUES (:v)"), {"v": number})
    except (sa.exc.SQLAlchemyError, sqlite3.Error) as e:
        reason = said(getattr(e, "orig", None) or e)[1].splitlines()[0]
        raise StoreError(f"学习数据库{step}失败（{reason}），原来的数据没有改动：请检查 {_place(engine)!r}。") from e


def _version(db: sa.Connection) -> int:
    return db.execute(sa.text("SELECT max(version) FROM schema_version")).scalar() or 0


def _place(engine: sa.Engine) -> str:
    """The database as messages name it, without the password."""
    if engine.dialect.name == "sqlite":
        return str(engine.url.database)
    return engine.url.set(drivername=f"postgresql+{engine.driver}", query={}).render_as_string(hide_password=True)


def _file(path: Path) -> sa.Engine:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as e:
        raise StoreError(
            f"学习数据库放不进 {str(path.parent)!r}（{e.strerror}），请用 A408_HOME 换一个文件夹。"
        ) from None
    url = sa.URL.create("sqlite", database=str(path))  # made of parts: a path may hold any character
    engine = sa.create_engine(url, connect_args={"timeout": PATIENCE_S})
    sa.event.listen(engine, "connect", _sqlite_pragmas)
    sa.event.listen(engine, "begin", _sqlite_begin)
    speak(engine, str(path))
    return engine


def _server(url: str) -> sa.Engine:
    from assistant408.store.server import server_engine

    engine = server_engine(url, PATIENCE_S)
    speak(engine, _place(engine))
    return engine


def _sqlite_pragmas(connection: sqlite3.Connection, _: object) -> None:
    connection.isolation_level = None  # transactions begin in `_sqlite_begin`, so that they cover CREATE TABLE too
    enable_wal(connection)
    for pragma in ("synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _sqlite_begin(connection: sa.Connection) -> None:
    writes = connection.get_execution_options().get("a408_writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
