"""Opening and migrating the study database, on SQLite and on PostgreSQL."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from assistant408.core.errors import InputError, StoreError
from assistant408.store import db
from assistant408.store.attempts import Attempts
from assistant408.store.conversations import Conversations
from assistant408.store.db import open_database, writing
from assistant408.store.migrations import MIGRATIONS

HERE = Path(__file__).parent


def tables(engine: sa.Engine) -> dict[str, sa.Table]:
    found = sa.MetaData()
    found.reflect(engine)
    return dict(found.tables)


def fill(engine: sa.Engine) -> None:
    """A row in every table, made of the column's name and type."""
    ordered = sa.MetaData()
    ordered.reflect(engine)
    with engine.begin() as c:
        for table in ordered.sorted_tables:
            if table.name != "schema_version":
                c.execute(table.insert().values({column.name: value(column) for column in table.columns}))


def value(column: sa.Column[Any]) -> Any:
    if column.foreign_keys:
        return value(next(iter(column.foreign_keys)).column)
    kind = column.type.python_type
    return {str: f"{column.table.name}-{column.name}-值", int: 1, float: 1.25, bytes: b"\0\xff"}[kind]


def rows(engine: sa.Engine, columns: dict[str, list[str]]) -> dict[str, Any]:
    with engine.connect() as c:
        return {
            name: c.execute(sa.select(*(sa.column(k) for k in keys)).select_from(sa.table(name))).fetchall()
            for name, keys in columns.items()
        }


def later(connection: sa.Connection) -> None:
    connection.execute(sa.text("CREATE TABLE later (id TEXT PRIMARY KEY)"))
    connection.execute(sa.text("UPDATE conversations SET title = title || '（已迁移）'"))


def broken(connection: sa.Connection) -> None:
    connection.execute(sa.text("CREATE TABLE half (id TEXT)"))
    connection.execute(sa.text("UPDATE conversations SET title = '坏了'"))
    connection.execute(sa.text("INSERT INTO no_such_table VALUES (1)"))


def test_a_new_home_is_made_and_opening_twice_changes_nothing(own_home: Path, database_url: str) -> None:
    for _ in range(2):
        open_database(own_home / "deep", database_url).dispose()
    engine = open_database(own_home / "deep", database_url)
    assert set(tables(engine)) >= {"conversations", "messages", "attempts", "notes", "schema_version"}
    with engine.connect() as c:
        versions = c.execute(sa.text("SELECT version FROM schema_version ORDER BY version")).scalars().all()
    assert versions == list(range(1, len(MIGRATIONS) + 1))
    engine.dispose()
    assert not list(own_home.rglob("*.bak")), "nothing to back up"
    assert (own_home / "deep" / "study.db").exists() == (not database_url)


def test_the_file_is_in_wal_mode_and_written_through(own_home: Path) -> None:
    engine = open_database(own_home)
    with engine.connect() as c:
        assert c.execute(sa.text("PRAGMA journal_mode")).scalar() == "wal"
        assert c.execute(sa.text("PRAGMA synchronous")).scalar() == 2  # FULL
    engine.dispose()


def test_foreign_keys_are_enforced(engine: sa.Engine) -> None:
    with pytest.raises(sa.exc.DBAPIError, match=r"(?i)foreign key"), engine.begin() as c:
        c.execute(sa.text("INSERT INTO messages VALUES (1, '', 'nobody', 'user', '', NULL, '')"))


def test_the_list_of_migrations_only_grows() -> None:
    assert [name for name, _ in MIGRATIONS][:7] == [
        "conversations", "attempts", "marks", "memory", "exams", "owners", "accounts",
    ]  # fmt: skip
    assert len({name for name, _ in MIGRATIONS}) == len(MIGRATIONS)


@pytest.mark.parametrize("version", range(1, len(MIGRATIONS)))
def test_every_version_upgrades_with_its_data(
    own_home: Path, database_url: str, version: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(db, "MIGRATIONS", MIGRATIONS[:version])
    engine = open_database(own_home, database_url)
    fill(engine)
    columns = {n: [c.name for c in t.columns] for n, t in tables(engine).items() if n != "schema_version"}
    before = rows(engine, columns)
    assert all(len(r) == 1 for r in before.values())
    engine.dispose()
    monkeypatch.setattr(db, "MIGRATIONS", MIGRATIONS)
    engine = open_database(own_home, database_url)
    assert rows(engine, columns) == before
    fresh = open_database(own_home / "fresh")
    assert {n: set(t.columns.keys()) for n, t in tables(engine).items()} == {
        n: set(t.columns.keys()) for n, t in tables(fresh).items()
    }, "an upgraded database and a new one have the same tables"
    fresh.dispose()
    engine.dispose()
    assert (own_home / f"study.v{version}.bak").exists() == (not database_url)


def test_a_database_of_an_old_program_opens(own_home: Path) -> None:
    own_home.mkdir()
    with closing(sqlite3.connect(own_home / "study.db")) as c:
        c.executescript((HERE / "version2.sql").read_text(encoding="utf-8"))
    engine = open_database(own_home)
    got = Conversations(engine).get("abc")
    assert [(m["id"], m["role"], m["content"]) for m in got["messages"]] == [
        (7, "user", "什么是死锁？"),
        (8, "assistant", "互相等待。"),
    ]
    assert got["messages"][1]["result"] == {"refused": False}
    assert Attempts(engine).wrong() == ["os-vm-0001"] and Attempts(engine).latest() == {"os-vm-0001": False}
    engine.dispose()


def test_the_copy_has_the_old_tables_and_data(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = open_database(own_home)
    id = Conversations(engine).create("旧题")
    engine.dispose()
    monkeypatch.setattr(db, "MIGRATIONS", (*MIGRATIONS, ("later", later)))
    engine = open_database(own_home)
    assert Conversations(engine).get(id)["title"] == "旧题（已迁移）"
    engine.dispose()
    with closing(sqlite3.connect(own_home / f"study.v{len(MIGRATIONS)}.bak")) as c:
        assert c.execute("SELECT title FROM conversations").fetchall() == [("旧题",)]
        assert c.execute("SELECT count(*) FROM sqlite_master WHERE name = 'later'").fetchone() == (0,)


def test_the_copy_has_what_a_killed_program_left_in_the_log(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a hard kill the last changes are in the write-ahead log only."""
    code = (
        "import os, sys; from pathlib import Path; from assistant408.store.db import open_database;"
        "from assistant408.store.conversations import Conversations;"
        "Conversations(open_database(Path(sys.argv[1]))).create('最后一问'); os._exit(9)"
    )
    assert subprocess.run([sys.executable, "-c", code, str(own_home)], check=False).returncode == 9
    assert (own_home / "study.db-wal").stat().st_size > 0
    monkeypatch.setattr(db, "MIGRATIONS", (*MIGRATIONS, ("later", later)))
    open_database(own_home).dispose()
    with closing(sqlite3.connect(own_home / f"study.v{len(MIGRATIONS)}.bak")) as c:
        assert c.execute("SELECT title FROM conversations").fetchall() == [("最后一问",)]


def test_a_migration_that_fails_leaves_the_old_version(
    own_home: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also what came before it in the same upgrade."""
    engine = open_database(own_home, database_url)
    id = Conversations(engine).create("原样")
    before = set(tables(engine))
    engine.dispose()
    monkeypatch.setattr(db, "MIGRATIONS", (*MIGRATIONS, ("later", later), ("broken", broken)))
    with pytest.raises(
        StoreError, match=r"升级到第 \d+ 版（broken）失败（.*no_such_table.*），原来的数据没有改动"
    ) as e:
        open_database(own_home, database_url)
    assert "\n" not in str(e.value) and "S3cret" not in str(e.value)
    monkeypatch.setattr(db, "MIGRATIONS", MIGRATIONS)
    engine = open_database(own_home, database_url)
    assert set(tables(engine)) == before and Conversations(engine).get(id)["title"] == "原样"
    engine.dispose()
    monkeypatch.setattr(db, "MIGRATIONS", (*MIGRATIONS, ("later", later)))
    engine = open_database(own_home, database_url)
    assert Conversations(engine).get(id)["title"] == "原样（已迁移）", "the repaired migration runs"
    engine.dispose()


def test_a_database_of_a_newer_program_is_refused_untouched(own_home: Path, database_url: str) -> None:
    newer = len(MIGRATIONS) + 3
    engine = open_database(own_home, database_url)
    with engine.begin() as c:
        c.execute(sa.text("INSERT INTO schema_version VALUES (:v)"), {"v": newer})
    engine.dispose()
    before = None if database_url else (own_home / "study.db").read_bytes()
    with pytest.raises(StoreError, match=rf"版本 {newer} 比程序新（{len(MIGRATIONS)}），请升级 assistant408。"):
        open_database(own_home, database_url)
    assert before is None or (own_home / "study.db").read_bytes() == before
    assert not list(own_home.glob("*.bak"))


def test_a_home_that_is_a_file_is_one_sentence(own_home: Path) -> None:
    own_home.write_text("")
    with pytest.raises(StoreError, match="A408_HOME"):
        open_database(own_home)


def test_a_path_may_hold_what_means_something_in_a_url(own_home: Path) -> None:
    odd = own_home / "学习 100%?a=b#c"
    open_database(odd).dispose()
    assert (odd / "study.db").is_file()


@pytest.mark.parametrize("url", ["postgres", "mysql://u@h/d", "sqlite:///x.db", "postgresql://u@h:port/d"])
def test_a_setting_that_is_no_server_is_one_sentence(own_home: Path, url: str) -> None:
    with pytest.raises(InputError, match=r"设置项 database .*postgresql\+pg8000://.*。$"):
        open_database(own_home, url)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("postgresql://h/d", "没有写用户"),
        ("postgresql://u@h/d?service=x", "参数 'service' 不支持，可用的有：sslmode、"),
        ("postgresql://u@h/d?sslmode=maybe", "sslmode 是 'maybe'，应为 disable、"),
        ("postgresql://u@h/d?sslrootcert=ca.pem", "sslrootcert 要与 sslmode=verify-ca"),
        ("postgresql://u@h/d?sslmode=verify-full&sslrootcert=/no/ca.pem", "'/no/ca.pem' 读不了"),
    ],
)
def test_an_option_that_the_driver_lacks_is_one_sentence(own_home: Path, url: str, said: str) -> None:
    with pytest.raises(InputError, match=said) as caught:
        open_database(own_home, url)
    assert str(caught.value).endswith("。")


def test_a_server_is_reached_by_the_folder_of_its_socket(own_home: Path, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"连不上学习数据库的服务器（'postgresql\+pg8000://u@.*No such file"):
        open_database(own_home, f"postgresql://u@/d?host={tmp_path}")


def test_a_missing_driver_is_one_sentence(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for driver in ("pg8000", "psycopg"):
        monkeypatch.setitem(sys.modules, driver, None)
    with pytest.raises(StoreError, match=r"pip install pg8000。$"):
        open_database(own_home, "postgresql://u@127.0.0.1:1/d")
    with pytest.raises(StoreError, match=r"pip install psycopg，或把地址开头换成 'postgresql\+pg8000://'。$"):
        open_database(own_home, "postgresql+psycopg://u@127.0.0.1:1/d")


def test_a_server_database_must_hold_chinese(own_home: Path, postgres: Any) -> None:
    url = postgres.new("ENCODING 'SQL_ASCII' TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'")
    with pytest.raises(StoreError, match="编码是 SQL_ASCII，应为 UTF8"):
        open_database(own_home, url)


WRITERS = (
    "import sys; from pathlib import Path; from assistant408.store.db import open_database;"
    "from assistant408.store.conversations import Conversations; print('ready', flush=True); sys.stdin.readline();"
    "c = Conversations(open_database(Path(sys.argv[1]), sys.argv[2]));"
    "[c.add(c.create(str(i)), 'user', 'q') for i in range(15)]"
)


def test_two_processes_may_open_a_new_database_and_write_at_once(own_home: Path, database_url: str) -> None:
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", WRITERS, str(own_home), database_url],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    for p in processes:
        assert p.stdout.readline() == "ready\n"
    for p in processes:
        p.stdin.write("go\n")
        p.stdin.flush()
    for p in processes:
        _, errors = p.communicate()
        assert p.returncode == 0, errors
    engine = open_database(own_home, database_url)
    assert len(Conversations(engine).recent()) == 30
    assert all(r["messages"] == 1 for r in Conversations(engine).recent())
    engine.dispose()


COUNTERS = (
    "import sys, sqlalchemy as sa; from pathlib import Path; from assistant408.store.db import open_database, writing\n"
    "engine = open_database(Path(sys.argv[1])); print('ready', flush=True); sys.stdin.readline()\n"
    "for _ in range(30):\n"
    "    with writing(engine) as db:\n"
    "        n = db.execute(sa.text('SELECT count(*) FROM attempts')).scalar()\n"
    "        db.execute(sa.text(\"INSERT INTO attempts(question_id, answer, created_at) VALUES (:n, '', '')\"), {'n': n})\n"
)


def test_transactions_that_read_before_they_write_wait_for_each_other(own_home: Path) -> None:
    """Without `writing` SQLite would fail one of them at once, whatever the timeout."""
    open_database(own_home).dispose()
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", COUNTERS, str(own_home)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    for p in processes:
        assert p.stdout.readline() == "ready\n"
    for p in processes:
        p.stdin.write("go\n")
        p.stdin.flush()
    for p in processes:
        p.communicate()
        assert p.returncode == 0
    engine = open_database(own_home)
    with writing(engine) as c:
        seen = c.execute(sa.text("SELECT CAST(question_id AS INTEGER) FROM attempts ORDER BY id")).scalars().all()
    assert seen == list(range(60)), "each saw what the others had written"
    engine.dispose()
