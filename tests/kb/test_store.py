"""The SQLite store: changes are whole, and seen by every connection."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from tests.kb.conftest import document

from assistant408.core.errors import StoreError
from assistant408.kb.chunk import Chunk
from assistant408.kb.store.base import Filter
from assistant408.kb.store.sqlite import SqliteStore


def _chunks(doc: str, texts: Sequence[str], anchor: str = "a.b") -> list[Chunk]:
    return [Chunk(doc, "题", "题 › 节", anchor, None, t, "讲解") for t in texts]


def _put(store: SqliteStore, doc: str, texts: Sequence[str], dim: int = 4, **more: object) -> None:
    vectors = np.arange(len(texts) * dim, dtype=np.float32).reshape(len(texts), dim) if dim else None
    store.replace([document(doc)], _chunks(doc, texts), [list(t) for t in texts], vectors, **more)


def _texts(store: SqliteStore) -> list[str]:
    return [c.text for c in store.chunks([int(i) for i in store.matrix().ids])]


@pytest.fixture
def store(tmp_path: Path) -> SqliteStore:
    return SqliteStore(tmp_path / "deep" / "kb.db")


def test_what_is_put_in_comes_out(store: SqliteStore) -> None:
    _put(store, "d", ["甲乙", "丙"], meta={"k": "v"})
    assert [d.id for d in store.documents()] == ["d"] and store.count() == {"d": 2}
    assert store.meta("k") == "v" and store.meta("none") is None
    assert _texts(store) == ["甲乙", "丙"] and [c.title for c in store.section("d", "a.b")] == ["d", "d"]
    assert np.array_equal(store.matrix().vectors, np.arange(8, dtype=np.float32).reshape(2, 4))
    assert list(store.lexical(["丙"])) == [int(store.matrix().ids[1])]
    assert store.chunks([]) == [] and store.chunks([999]) == []


def test_replacing_leaves_nothing_of_the_old(store: SqliteStore) -> None:
    _put(store, "d", ["旧", "老"])
    _put(store, "d", ["新"])
    assert _texts(store) == ["新"] and store.lexical(["旧"]) == {} == store.lexical(["老"])
    assert list(store.lexical(["新"])) == [int(i) for i in store.matrix().ids]


def test_a_collection_is_replaced_as_a_whole(store: SqliteStore) -> None:
    _put(store, "a", ["甲"])
    store.replace([document("mine", collection="user")], _chunks("mine", ["我"]), [["我"]], None)
    _put(store, "b", ["乙"], collection="notes")
    assert [d.id for d in store.documents()] == ["b", "mine"]
    assert sorted(_texts(store)) == ["乙", "我"] and store.lexical(["甲"]) == {}


def test_removing_takes_everything_along(store: SqliteStore) -> None:
    _put(store, "a", ["甲"])
    _put(store, "b", ["乙"])
    assert store.remove("a") is True and store.remove("a") is False
    assert _texts(store) == ["乙"] and store.lexical(["甲"]) == {} and store.count() == {"b": 1}


def test_a_change_that_fails_changes_nothing(store: SqliteStore) -> None:
    _put(store, "d", ["旧"], meta={"k": "1"})
    before = store.matrix().ids.tolist()
    stray = [*_chunks("d", ["新"]), *_chunks("nowhere", ["迷路"])]  # its document isn't there
    with pytest.raises(StoreError, match="a408 kb rebuild"):
        store.replace([document("d")], stray, [["新"], ["迷"]], None, "notes", {"k": "2"})
    assert _texts(store) == ["旧"] and store.meta("k") == "1" and store.matrix().ids.tolist() == before
    assert list(store.lexical(["旧"])) == before and store.lexical(["新"]) == {}
    _put(store, "d", ["新"])
    assert _texts(store) == ["新"], "and the store goes on working"


def test_a_bug_in_the_middle_changes_nothing_either(store: SqliteStore) -> None:
    _put(store, "d", ["旧"])
    with pytest.raises(IndexError):
        store.replace([document("d")], _chunks("d", ["一", "二"]), [["一"]], None)
    assert _texts(store) == ["旧"]


def test_another_connection_s_change_reloads_the_matrix(tmp_path: Path) -> None:
    one, two = SqliteStore(tmp_path / "kb.db"), SqliteStore(tmp_path / "kb.db")
    _put(one, "a", ["甲"])
    first = two.matrix()
    assert len(first.ids) == 1 and two.matrix() is first, "kept while nothing changes"
    _put(one, "b", ["乙", "丙"])
    assert _texts(two) == ["甲", "乙", "丙"]
    one.remove("a")
    assert _texts(two) == ["乙", "丙"] and two.matrix().vectors.shape == (2, 4)


def test_vectors_of_unlike_sizes_are_not_mixed(store: SqliteStore) -> None:
    _put(store, "a", ["甲"], dim=4)
    assert store.matrix().vectors.shape == (1, 4)
    _put(store, "b", ["乙"], dim=0)
    assert store.matrix().vectors.shape == (2, 4) and not store.matrix().vectors[1].any()
    _put(store, "c", ["丙"], dim=8)
    assert store.matrix().vectors.shape == (3, 0), "keywords alone until all are embedded alike"


def test_sections_are_numbered_by_anchor_or_path(store: SqliteStore) -> None:
    chunks = [*_chunks("d", ["一", "二"], "x"), *_chunks("d", ["三"], "y"), *_chunks("d", ["四"], "")]
    store.replace([document("d")], chunks, [[c.text] for c in chunks], None)
    a, b, c, d = store.matrix().sections.tolist()
    assert a == b and len({a, c, d}) == 3


def test_filters_by_subject_and_collection(store: SqliteStore) -> None:
    for doc in ("os/a", "cn/b"):
        _put(store, doc, [doc])
    store.replace([document("mine", collection="user")], _chunks("mine", ["我"]), [["我"]], None)

    def pass_(**where: object) -> set[str]:
        found = store.candidates([], lambda: None, Filter(**where), 5)
        allowed = found.ids if found.allowed is None else found.ids[found.allowed]
        return {c.text for c in store.chunks([int(i) for i in allowed])}

    assert pass_() == {"os/a", "cn/b", "我"}
    assert pass_(subject="os") == {"os/a", "我"}, "one's own documents have no subject"
    assert pass_(collections=("user",)) == {"我"}
    assert pass_(subject="cn", collections=("notes",)) == {"cn/b"}


@pytest.mark.parametrize("token", ['"', "'", "a OR b", "*", "NEAR", "-", "tokens:x", "a\x00b", "(", "^"])
def test_no_token_is_read_as_query_syntax(store: SqliteStore, token: str) -> None:
    store.replace([document("d")], _chunks("d", ["x"]), [[token]], None)
    assert list(store.lexical([token])) == store.matrix().ids.tolist()
    assert store.lexical(["or", "b"]) == {} or token == "a OR b"


def test_many_threads_read_and_write(store: SqliteStore) -> None:
    failures: list[BaseException] = []

    def work(number: int) -> None:
        try:
            for turn in range(6):
                _put(store, f"d{number}", [f"{number}-{turn}", f"{number}+{turn}"])
                assert len(store.section(f"d{number}", "a.b")) == 2
                store.matrix()
        except BaseException as e:
            failures.append(e)

    threads = [threading.Thread(target=work, args=(i,)) for i in range(4)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert failures == [] and store.count() == {f"d{i}": 2 for i in range(4)}


WRITER = """
import sys, time
from pathlib import Path
from assistant408.kb.chunk import Chunk
from assistant408.kb.store.sqlite import Document, SqliteStore

path, name = Path(sys.argv[1]), sys.argv[2]
print("ready", flush=True)
sys.stdin.readline()
store = SqliteStore(path)
for turn in range(10):
    chunks = [Chunk(name, name, "节", "a.b", None, f"{name}{turn}{half}") for half in "甲乙"]
    store.replace([Document(name, name, "notes", "", "", None, "")], chunks, [[c.text] for c in chunks], None)
"""


def test_two_processes_write_while_a_third_reads(tmp_path: Path) -> None:
    """All three open a file that isn't there yet; the reader never sees half a document."""
    path = tmp_path / "kb.db"
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, str(path), name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for name in ("a", "b")
    ]
    for p in processes:
        assert p.stdout.readline() == "ready\n"
    for p in processes:
        p.stdin.write("go\n")
        p.stdin.flush()
    store = SqliteStore(path)
    while any(p.poll() is None for p in processes):
        for doc in ("a", "b"):
            assert len(store.section(doc, "a.b")) in (0, 2)
    for p in processes:
        _, errors = p.communicate()
        assert p.returncode == 0, errors
    assert sorted(_texts(store)) == ["a9乙", "a9甲", "b9乙", "b9甲"]


def test_a_damaged_file_is_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "kb.db"
    path.write_bytes(b"this is not a database" * 100)
    with pytest.raises(
        StoreError, match=r"知识库文件 .* 出错（file is not a database），请运行 a408 kb rebuild 重建。"
    ):
        SqliteStore(path)


def test_damage_found_later_is_one_sentence_too(tmp_path: Path) -> None:
    path = tmp_path / "kb.db"
    store = SqliteStore(path)
    _put(store, "d", ["甲" * 3000] * 40)
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()
    data = bytearray(path.read_bytes())
    data[8192:] = b"\xff" * (len(data) - 8192)
    path.write_bytes(data)
    with pytest.raises(StoreError, match="a408 kb rebuild"):
        SqliteStore(path).matrix()


def test_a_full_disk_is_one_sentence_and_keeps_what_was_there(store: SqliteStore) -> None:
    _put(store, "old", ["甲"])
    pages = store._db.execute("PRAGMA page_count").fetchone()[0]
    store._db.execute(f"PRAGMA max_page_count={pages + 4}")
    for _ in range(2):  # the first must leave no half transaction behind
        with pytest.raises(StoreError, match="磁盘满了，刚才的改动没有保存（原来的都在）"):
            _put(store, "new", ["乙" * 4000] * 40)
        assert _texts(store) == ["甲"] and not store._db.in_transaction
    store._db.execute("PRAGMA max_page_count=1000000")
    _put(store, "new", ["乙"])
    assert sorted(_texts(store)) == ["乙", "甲"]
