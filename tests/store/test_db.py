"""Opening and migrating the study database."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from assistant408.core.errors import StoreError
from assistant408.store import db
from assistant408.store.conversations import Conversations
from assistant408.store.db import MIGRATIONS, open_database


def _tables(path: Path) -> set[str]:
    with closing(sqlite3.connect(path)) as c:
        return {row[0] for row in c.execute("SELECT name FROM sqlite_master WHERE type='table'")}


def _add_cards(connection: sa.Connection) -> None:
    connection.execute(sa.text("CREATE TABLE cards (id TEXT PRIMARY KEY)"))
    connection.execute(sa.text("UPDATE conversations SET title = title || '（已迁移）'"))


def _fail(connection: sa.Connection) -> None:
    connection.execute(sa.text("CREATE TABLE half (id TEXT)"))
    connection.execute(sa.text("UPDATE conversations SET title = '坏了'"))
    connection.execute(sa.text("INSERT INTO no_such_table VALUES (1)"))


def test_a_new_home_is_made_and_opening_twice_changes_nothing(own_home: Path) -> None:
    for _ in range(2):
        open_database(own_home / "deep").dispose()
    path = own_home / "deep" / "study.db"
    assert _tables(path) >= {"conversations", "messages", "schema_version"}
    with closing(sqlite3.connect(path)) as c:
        assert c.execute("SELECT count(*), max(version) FROM schema_version").fetchone() == (len(MIGRATIONS),) * 2
        assert c.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert not list(path.parent.glob("*.bak")), "nothing to back up"


def test_foreign_keys_are_enforced(own_home: Path) -> None:
    engine = open_database(own_home)
    with pytest.raises(sa.exc.IntegrityError), engine.begin() as c:
        c.execute(sa.text("INSERT INTO messages VALUES (1, 'nobody', 'user', '', NULL, '')"))
    engine.dispose()


def test_a_migration_keeps_the_data_and_a_copy_of_the_old_file(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = open_database(own_home)
    id = Conversations(engine).create("旧题")
    engine.dispose()
    monkeypatch.setattr(db, "MIGRATIONS", (*MIGRATIONS, _add_cards))
    engine = open_database(own_home)
    assert Conversations(engine).get(id)["title"] == "旧题（已迁移）"
    engine.dispose()
    backup = own_home / f"study.v{len(MIGRATIONS)}.bak"
    assert "cards" in _tables(own_home / "study.db") and "cards" not in _tables(backup)
    with closing(sqlite3.connect(backup)) as c:
        assert c.execute("SELECT title FROM conversations").fetchall() == [("旧题",)]


def test_the_copy_has_what_a_killed_program_left_in_the_log(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a hard kill the last changes are in the write-ahead log only."""
    code = (
        "import os, sys; from pathlib import Path; from assistant408.store.db import open_database;"
        "from assistant408.store.conversations import Conversations;"
        "Conversations(open_database(Path(sys.argv[1]))).create('最后一问'); os._exit(9)"
    )
    assert subprocess.run([sys.executable, "-c", code, str(own_home)], check=False).returncode == 9
    assert (own_home / "study.db-wal").stat().st_size > 0
    monkeypatch.setattr(db, "MIGRATIONS", (*MIGRATIONS, _add_cards))
    open_database(own_home).dispose()
    with closing(sqlite3.connect(own_home / f"study.v{len(MIGRATIONS)}.bak")) as c:
        assert c.execute("SELECT title FROM conversations").fetchall() == [("最后一问",)]


def test_a_migration_that_fails_leaves_the_database_as_it_was(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = open_database(own_home)
    id = Conversations(engine).create("原样")
    engine.dispose()
    monkeypatch.setattr(db, "MIGRATIONS", (*MIGRATIONS, _fail))
    with pytest.raises(StoreError, match=r"学习数据库打不开（no such table: no_such_table）.*study\.db.*备份"):
        open_database(own_home)
    assert "half" not in _tables(own_home / "study.db")
    monkeypatch.setattr(db, "MIGRATIONS", (*MIGRATIONS, _add_cards))
    engine = open_database(own_home)
    assert Conversations(engine).get(id)["title"] == "原样（已迁移）", "the repaired migration runs"
    engine.dispose()


def test_a_database_of_a_newer_program_is_refused_untouched(own_home: Path) -> None:
    open_database(own_home).dispose()
    path = own_home / "study.db"
    newer = len(MIGRATIONS) + 3
    with closing(sqlite3.connect(path)) as c, c:
        c.execute("INSERT INTO schema_version VALUES (?)", (newer,))
    before = path.read_bytes()
    with pytest.raises(StoreError, match=rf"版本 {newer} 比程序新（{len(MIGRATIONS)}），请升级 assistant408。"):
        open_database(own_home)
    assert path.read_bytes() == before and not list(own_home.glob("*.bak"))


@pytest.mark.parametrize(
    "content", [b"not a database " * 500, b"SQLite format 3\x00" + b"\xff" * 8000], ids=["text", "torn"]
)
def test_a_damaged_file_is_one_sentence(own_home: Path, content: bytes) -> None:
    own_home.mkdir()
    (own_home / "study.db").write_bytes(content)
    with pytest.raises(StoreError, match=r"学习数据库打不开（.*）：请检查 .*study\.db.*，或从备份恢复。") as caught:
        open_database(own_home)
    assert "\n" not in str(caught.value)
    assert (own_home / "study.db").read_bytes() == content, "kept for rescue"


def test_a_home_that_is_a_file_is_one_sentence(own_home: Path) -> None:
    own_home.write_text("")
    with pytest.raises(StoreError, match="A408_HOME"):
        open_database(own_home)


def test_an_unreachable_server_is_one_sentence(own_home: Path) -> None:
    with pytest.raises(StoreError, match="学习数据库打不开"):
        open_database(own_home, f"sqlite:////{own_home}/missing/folder/study.db")


def test_two_processes_may_open_a_new_database_at_once(own_home: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from assistant408.store.db import open_database;"
        "from assistant408.store.conversations import Conversations; print('ready', flush=True); sys.stdin.readline();"
        "c = Conversations(open_database(Path(sys.argv[1])));"
        "[c.add(c.create(str(i)), 'user', 'q') for i in range(20)]"
    )
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", code, str(own_home)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    for p in processes:
        assert p.stdout.readline() == "ready\n"
    for p in processes:
        p.stdin.write("go\n")
        p.stdin.flush()
    for p in processes:
        _, errors = p.communicate()
        assert p.returncode == 0, errors
    engine = open_database(own_home)
    assert len(Conversations(engine).recent()) == 60
    engine.dispose()
