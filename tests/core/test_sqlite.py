"""First openings at once: each one gets its file."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor

from assistant408.core.sqlite import enable_wal
from assistant408.kb.store.sqlite import SqliteStore
from assistant408.store.db import open_database


def test_many_first_openings_of_the_study_database(tmp_path):
    for i in range(15):
        with ThreadPoolExecutor(4) as pool:
            engines = list(pool.map(open_database, [tmp_path / str(i)] * 4))
        for engine in engines:
            engine.dispose()


def test_many_first_openings_of_the_knowledge_base(tmp_path):
    for i in range(15):
        with ThreadPoolExecutor(4) as pool:
            stores = list(pool.map(SqliteStore, [tmp_path / f"{i}.db"] * 4))
        assert all(s.documents() == [] for s in stores)


def test_the_file_is_in_wal_mode(tmp_path):
    db = sqlite3.connect(tmp_path / "x.db")
    enable_wal(db)
    assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    db.close()
