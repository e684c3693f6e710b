"""Stores on servers: killed, restarted, restored, out of step, missing, moved to and from."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.kb.store.conftest import QUIET, ChromaServer, Open, need
from tests.kb.store.test_conformance import E, near, own, put, unit

from assistant408.core.errors import InputError, StoreError
from assistant408.kb.store.migrate import migrate
from assistant408.kb.store.open import check_store, open_index, open_store, rename
from assistant408.kb.store.sqlite import SqliteStore

pytestmark = QUIET
Opened = Callable[[SqliteStore], SqliteStore]
SORRY = r"向量库 'chroma:http://127\.0\.0\.1:\d+' 没有应答或出错（.*），这次没有改动任何东西：请确认它在运行，或者用 a408 kb migrate --to sqlite 换回自带的存储。"


@pytest.fixture
def store(own_server: ChromaServer, tmp_path: Path, opened: Opened) -> SqliteStore:
    return opened(open_store(f"chroma:{own_server.url}", tmp_path / "kb.db"))


def test_a_server_that_is_gone_is_one_sentence_and_nothing_is_half_indexed(
    own_server: ChromaServer, store: SqliteStore
) -> None:
    put(store, own("d1"), ["甲"], E[:1], meta={"k": "1"})
    own_server.kill()
    with pytest.raises(StoreError, match=SORRY):
        put(store, own("d1"), ["乙", "丙"], E[1:3], meta={"k": "2"})
    for ask in (lambda: near(store, E[0]), store.ping):
        with pytest.raises(StoreError, match=SORRY):
            ask()
    assert store.count() == {"d1": 1} and store.meta("k") == "1" and store.lexical(["乙"]) == {}
    own_server.start()
    store.ping()
    assert near(store, E[0], 9) == ["甲"]
    put(store, own("d1"), ["乙", "丙"], E[1:3], meta={"k": "2"})
    assert set(near(store, E[1], 9)) == {"乙", "丙"} and store.index.count() == 2


def test_killed_in_the_middle_of_a_large_document(own_server: ChromaServer, store: SqliteStore) -> None:
    put(store, own("d1"), ["甲"], E[:1])
    rng = np.random.default_rng(0)
    vectors = unit(rng.standard_normal((12_000, 6)))
    failures: list[BaseException] = []

    def write() -> None:
        try:
            put(store, own("d2"), [str(i) for i in range(len(vectors))], vectors)
        except StoreError as e:
            failures.append(e)

    thread = threading.Thread(target=write)
    thread.start()
    other = open_index(f"chroma:{own_server.url}", store)
    while other.count() < 2 and thread.is_alive():
        time.sleep(0.01)
    own_server.kill()
    other.close()
    thread.join()
    assert len(failures) == 1 and store.count() == {"d1": 1}, "some of it was on the server, none of it counts"
    own_server.start()
    assert near(store, E[0], 9) == ["甲"]
    put(store, own("d3"), ["丙"], E[2:3])
    assert set(near(store, E[0], 9)) == {"甲", "丙"} and store.index.count() == 2, "and the rest is gone"


def test_a_removal_holds_while_the_server_is_away(own_server: ChromaServer, store: SqliteStore) -> None:
    put(store, own("d1"), ["甲"], E[:1])
    put(store, own("d2"), ["乙"], E[1:2])
    own_server.kill()
    assert store.remove("d1") is True and store.count() == {"d2": 1}
    own_server.start()
    assert near(store, E[0], 9) == ["乙"]
    put(store, own("d3"), ["丙"], E[2:3])
    assert store.index.count() == 2, "the next change drops what the removal couldn't"


CRASH = """
import os, sys
from pathlib import Path
import numpy as np
from assistant408.kb.chunk import Chunk
from assistant408.kb.store import indexed
from assistant408.kb.store.base import Document
from assistant408.kb.store.open import open_store

when = sys.argv[3]
whole = getattr(indexed, when)
def die(*args):
    if when == "put":
        whole(*args)
    os._exit(9)
setattr(indexed, when, die)
store = open_store(sys.argv[2], Path(sys.argv[1]))
chunks = [Chunk("d1", "题", "节", "", None, t) for t in "乙丙"]
store.replace([Document("d1", "题", "课", "", "", None, "")], chunks, [["乙"], ["丙"]], np.eye(6, dtype=np.float32)[1:3])
"""


@pytest.mark.parametrize(("when", "texts"), [("put", {"甲"}), ("drop_orphans", {"乙", "丙"})])
def test_a_process_killed_between_server_and_file(
    chroma_url: str, tmp_path: Path, opened: Opened, when: str, texts: set[str]
) -> None:
    """After the vectors are on the server but before the file has them; and after that, before the old ones are dropped."""
    setting, path = f"chroma:{chroma_url}", tmp_path / "kb.db"
    store = opened(open_store(setting, path))
    put(store, own("d1"), ["甲"], E[:1])
    done = subprocess.run([sys.executable, "-c", CRASH, path, setting, when], capture_output=True, check=False)
    assert done.returncode == 9, done.stderr.decode()
    assert store.index.count() == 3, "old and new are both there"
    again = opened(open_store(setting, path))
    assert set(near(again, unit(np.ones(6)), 9)) == texts == set(near(store, unit(np.ones(6)), 9))
    put(again, own("d2"), ["丁"], E[3:4])
    assert again.index.count() == len(texts) + 1 and set(near(store, unit(np.ones(6)), 9)) == texts | {"丁"}


# --- out of step -----------------------------------------------------------------------------------------------------


def test_the_setting_alone_brings_the_vectors_over(reopen: Open, tmp_path: Path) -> None:
    plain = SqliteStore(tmp_path / "kb" / "kb.db")
    put(plain, own("d1"), ["甲", "乙"], E[:2])
    store = reopen()
    assert near(store, E[1], 1) == ["乙"]
    put(plain, own("d2"), ["丙"], E[2:3])  # by a process that still has the old setting
    plain.remove("d1")
    assert near(reopen(), unit(np.ones(6)), 9) == ["丙"] == near(store, unit(np.ones(6)), 9)
    if store.index is not None:
        assert store.index.ids() == {3}


def test_a_restored_backup_counts(reopen: Open, tmp_path: Path) -> None:
    path = tmp_path / "kb" / "kb.db"
    store = reopen()
    put(store, own("d1"), ["甲"], E[:1])
    with sqlite3.connect(path) as db, sqlite3.connect(tmp_path / "backup.db") as copy:
        db.backup(copy)
    db.close()
    copy.close()
    put(store, own("d2"), ["乙"], E[1:2])
    put(store, own("d1"), ["丙"], E[2:3])
    for file in path.parent.glob("kb.db*"):
        file.unlink()
    shutil.copy(tmp_path / "backup.db", path)
    again = reopen()
    assert near(again, unit(np.ones(6)), 9) == ["甲"]
    put(again, own("d3"), ["丁"], E[3:4])
    assert set(near(again, unit(np.ones(6)), 9)) == {"甲", "丁"} and near(again, E[3], 1) == ["丁"]
    if again.index is not None:
        assert again.index.count() == 2


def test_a_renamed_base_leaves_what_others_may_go_on_with(reopen: Open, tmp_path: Path) -> None:
    """What a restored backup gets: its collections are new, those under the old name stay as they are."""
    store = reopen()
    put(store, own("d1"), ["甲"], E[:1])
    if store.index is None:
        pytest.skip("it has no name anywhere")
    rename(store.path)
    again = SqliteStore(store.path)
    again.index = type(store.index)(store.index.name, again.base(), *_rest(store.index))
    assert again.base() != "" and near(again, E[0], 9) == ["甲"]
    put(again, own("d2"), ["乙"], E[1:2])
    assert (again.index.count(), store.index.count()) == (2, 1)
    again.index.close()
    rename(tmp_path / "none.db")
    assert not (tmp_path / "none.db").exists()


def _rest(index: Any) -> tuple[Any, ...]:
    return (index._client,) if hasattr(index, "_create") else (index._connect, index._again)


# --- moving ----------------------------------------------------------------------------------------------------------


def test_moving_there_and_back(reopen: Open, tmp_path: Path) -> None:
    plain = SqliteStore(tmp_path / "kb" / "kb.db")
    rng = np.random.default_rng(2)
    vectors = unit(rng.standard_normal((1500, 6)))
    put(plain, own("d1", added_at="2026-11-01T08:00:00+00:00"), [str(i) for i in range(1500)], vectors)
    put(plain, own("d2", "alice"), ["没有向量"], None)
    store, seen = reopen(), []
    moved = migrate(plain, store.index, lambda *step: seen.append(step))
    assert (moved.chunks, moved.vectors) == (1501, 1500) and seen[-1] == ("check", 1500, 1500)
    assert migrate(plain, None) == moved == migrate(plain, store.index), "the same digest of the same vectors"
    if store.index is not None:
        assert store.index.count() == 1500
        assert set(near(store, vectors[7], 10)) == set(near(plain, vectors[7], 10))
        store.index.clear()
        assert store.index.count() == 0


def test_an_interrupted_move_goes_on(reopen: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = SqliteStore(tmp_path / "kb" / "kb.db")
    put(plain, own("d1"), [str(i) for i in range(2500)], unit(np.random.default_rng(3).standard_normal((2500, 6))))
    index = reopen().index
    if index is None:
        pytest.skip("nothing is copied")

    def stop(what: str, done: int, total: int) -> None:
        if done >= 1000:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        migrate(plain, index, stop)
    assert index.count() == 1000
    sent: list[int] = []
    whole = index.put
    monkeypatch.setattr(index, "put", lambda ids, *rest: sent.extend(ids) or whole(ids, *rest))
    assert migrate(plain, index).vectors == 2500 and len(sent) == 1500


def test_a_move_that_changed_a_number_is_refused(reopen: Open, tmp_path: Path) -> None:
    plain = SqliteStore(tmp_path / "kb" / "kb.db")
    put(plain, own("d1"), ["甲", "乙"], E[:2])
    index = reopen().index
    if index is None:
        pytest.skip("there is no other end")
    migrate(plain, index)
    rows = index.fetch([1])
    index.put([1], rows[1][0][None] * np.float32(1.001), [rows[1][1]])
    with pytest.raises(StoreError, match="里有 2 个向量，应有 2 个，校验和不一致，设置没有改"):
        migrate(plain, index)
    index.put([1], rows[1][0][None], [{**rows[1][1], "seen_by": "=mallory"}])
    with pytest.raises(StoreError, match="校验和不一致"):
        migrate(plain, index)


# --- what can't be opened --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("setting", "module"), [("chroma", "chromadb"), ("qdrant:http://127.0.0.1:6333", "qdrant_client")]
)
def test_a_missing_package_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, setting: str, module: str
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(InputError, match=rf"没有安装 {module.replace('_', '-')}，请运行 pip install"):
        open_store(setting, tmp_path / "kb.db")


def test_a_qdrant_server_that_isn_t_there(tmp_path: Path, opened: Opened) -> None:
    need("qdrant_client")
    store = opened(open_store("qdrant:http://127.0.0.1:9", tmp_path / "kb.db"))
    with pytest.raises(StoreError, match=r"向量库 'qdrant:http://127\.0\.0\.1:9' 没有应答"):
        put(store, own("d1"), ["甲"], E[:1])
    assert store.count() == {} and store.lexical(["甲"]) == {}


@pytest.mark.parametrize(
    "setting",
    [
        "",
        "mysql",
        "chroma:",
        "chroma:localhost:8000",
        "qdrant",
        "qdrant:ftp://h",
        "qdrant:http://",
        "chroma:http://h:x",
    ],
)
def test_a_setting_that_names_no_store(setting: str) -> None:
    with pytest.raises(InputError, match="应为 sqlite、chroma、chroma:http://主机:端口 或 qdrant:http://主机:端口。"):
        check_store(setting)


def test_a_password_in_the_address_is_refused() -> None:
    with pytest.raises(InputError, match="A408_STORE_KEY"):
        check_store("qdrant:http://me:secret@host:6333")


def test_nothing_is_imported_before_it_is_used(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from assistant408.kb.store.open import open_store;"
        "open_store('sqlite', Path(sys.argv[1])); print([m for m in ('chromadb', 'qdrant_client') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code, tmp_path / "kb.db"], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
