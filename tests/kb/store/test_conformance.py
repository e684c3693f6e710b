"""What every store does, whatever searches its vectors."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.kb.conftest import FakeEmbedder, document
from tests.kb.store.conftest import QUIET, Open

from assistant408.core.errors import StoreError
from assistant408.kb.base import KnowledgeBase
from assistant408.kb.chunk import Chunk
from assistant408.kb.embed import Vectors
from assistant408.kb.store.base import Document, Filter
from assistant408.kb.store.sqlite import SqliteStore

pytestmark = QUIET


def unit(vectors: np.ndarray) -> Vectors:
    return (vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)).astype(np.float32)


def put(store: SqliteStore, row: Document, texts: Sequence[str], vectors: Vectors | None, **more: object) -> None:
    chunks = [Chunk(row.id, row.title, f"节 {i}", "", i + 1, t) for i, t in enumerate(texts)]
    store.replace([row], chunks, [list(t) for t in texts], vectors, **more)


def near(store: SqliteStore, vector: Vectors, limit: int = 5, **where: object) -> list[str]:
    """Texts by nearness alone."""
    found = store.candidates([], lambda: vector, Filter(**where), limit)
    assert found.dense is not None or not len(found.ids)
    order = [int(i) for i in np.argsort(-found.dense, kind="stable")] if found.dense is not None else []
    order = [i for i in order if found.allowed is None or found.allowed[i]][:limit]
    return [c.text for c in store.chunks([int(found.ids[i]) for i in order])]


def own(id: str, owner: str = "", **more: object) -> Document:
    return replace(document(id, collection="课"), owner=owner, source=f"files/{id}.pdf", **more)


E = np.eye(6, dtype=np.float32)


def test_added_replaced_removed(store: SqliteStore) -> None:
    put(store, own("d1"), ["甲", "乙"], E[:2])
    put(store, own("d2"), ["丙"], E[2:3])
    assert near(store, E[1], 1) == ["乙"] and near(store, E[2], 1) == ["丙"] and store.count() == {"d1": 2, "d2": 1}
    put(store, own("d1"), ["丁"], E[3:4])
    assert near(store, E[3], 1) == ["丁"] and set(near(store, E[1], 9)) == {"丙", "丁"}
    assert store.remove("d1") is True and store.remove("d1") is False
    assert near(store, E[3], 9) == ["丙"] and store.count() == {"d2": 1}
    if store.index is not None:
        assert store.index.count() == 1, "removal leaves nothing on the server"


def test_unicode_and_an_empty_base(store: SqliteStore) -> None:
    assert near(store, E[0]) == []
    name = "d/𠮷 “引号” '; DROP\n"
    put(store, own(name, title="题 🌍"), ["页面置换 🌍 𠮷"], E[:1])
    assert near(store, E[0], documents=(name,)) == ["页面置换 🌍 𠮷"] and store.count() == {name: 1}
    assert [c.title for c in store.section(name, "")] == ["题 🌍"]


def test_filters(store: SqliteStore) -> None:
    note = replace(document("os/a"), source="content/notes/os/a.md")
    put(store, note, ["笔记"], E[:1])
    put(store, replace(document("cn/b"), source="content/notes/cn/b.md"), ["网络"], E[1:2])
    put(store, own("d1", added_at="2026-11-01T08:00:00+00:00"), ["一页", "二页", "三页"], E[2:5])
    put(
        store,
        replace(own("d2", added_at="2026-11-20T08:00:00+00:00"), collection="别的", source="x.DOCX"),
        ["新"],
        E[5:6],
    )
    q = unit(np.ones(6))
    mine = {"一页", "二页", "三页", "新"}
    assert set(near(store, q, 9)) == mine | {"笔记", "网络"}
    assert set(near(store, q, 9, subject="os")) == mine | {"笔记"}
    assert set(near(store, q, 9, collections=("课",))) == {"一页", "二页", "三页"}
    assert set(near(store, q, 9, collections=("notes", "别的"))) == {"笔记", "网络", "新"}
    assert near(store, q, 9, collections=()) == []
    assert near(store, q, 9, documents=("d2",)) == ["新"] and near(store, q, 9, documents=("d9",)) == []
    assert near(store, q, 9, formats=("docx",)) == ["新"]
    assert set(near(store, q, 9, formats=("md", "docx"))) == {"笔记", "网络", "新"}
    assert set(near(store, q, 9, pages=(2, 3))) == {"二页", "三页"}
    assert near(store, q, 9, since=1793491200 + 86400 * 10) == ["新"]  # 2026-11-11
    assert near(store, q, 9, documents=("d1",), pages=(3, 9), formats=("pdf",), collections=("课",)) == ["三页"]
    assert near(store, q, 9, subject="os", collections=("notes",)) == ["笔记"]


def test_words_are_narrowed_before_the_best_are_taken(store: SqliteStore) -> None:
    put(store, own("many"), ["死锁死锁"] * 1200, unit(np.ones((1200, 6))))
    put(store, own("one"), ["死锁与信号量和管程和别的许多话"], E[:1])
    assert len(store.lexical(["死", "锁"])) == 1000
    assert list(store.lexical(["死", "锁"], where=Filter(documents=("one",)))) == [1201]
    found = store.candidates(["死", "锁"], lambda: None, Filter(documents=("one",)), 5)
    best = int(found.ids[found.lexical.argmax()])
    assert store.find([best])[best].doc == "one"


def test_owners(store: SqliteStore) -> None:
    put(store, document("os/a"), ["笔记"], E[:1])
    for i, owner in enumerate(["", "alice", "bob"], 1):
        put(store, own(f"d{i}", owner), [f"{owner}的"], E[i : i + 1])
    q = unit(np.ones(6))
    assert set(near(store, q, 9)) == {"笔记", "的"}
    assert set(near(store.of("alice"), q, 9)) == {"笔记", "alice的"} == set(near(store.of("alice"), E[3], 9))
    assert set(near(store.of(None), q, 9)) == {"笔记", "的", "alice的", "bob的"}
    assert near(store.of("carol"), q, 9) == ["笔记"] and near(store.of("alice"), q, 9, documents=("d3",)) == []
    assert store.of("alice").remove("d3") is False and store.of("bob").remove("d3") is True
    assert set(near(store.of(None), q, 9)) == {"笔记", "的", "alice的"}


def test_another_s_id_is_refused_and_nothing_changes(store: SqliteStore) -> None:
    put(store, own("d1", "alice"), ["甲"], E[:1])
    with pytest.raises(StoreError):
        put(store, own("d1", "bob"), ["乙"], E[1:2])
    assert near(store.of("alice"), E[0], 9) == ["甲"] and near(store.of("bob"), E[1], 9) == []


def test_a_collection_is_swapped_while_searches_go_on(reopen: Open) -> None:
    """A search sees one version whole, never half of each and never none."""
    writer, reader = reopen(), reopen()

    def version(n: int) -> None:
        rows = [document(f"os/{n}-{i}") for i in range(3)]
        chunks = [Chunk(r.id, r.title, f"节 {i}", "", None, f"第{n}版") for i, r in enumerate(rows)]
        writer.replace(rows, chunks, [[f"v{n}"]] * 3, E[:3], "notes", {"version": str(n)})

    version(0)
    seen: list[list[str]] = []
    failures: list[BaseException] = []
    done = threading.Event()

    def search() -> None:
        try:
            while not done.is_set():
                found = reader.candidates([], lambda: E[0], Filter(), 5)
                seen.append([c.text for c in reader.find(found.ids.tolist()).values()])
        except BaseException as e:
            failures.append(e)

    thread = threading.Thread(target=search)
    thread.start()
    last = 0
    while last < 8 or (len(seen) < 6 and last < 500 and not failures):
        last += 1
        version(last)
    done.set()
    thread.join()
    assert failures == [] and len(seen) >= 6
    for texts in seen:  # removed between the two calls, as `KnowledgeBase.search` allows for
        assert len(set(texts)) <= 1 and len(texts) in (0, 3), texts
    assert near(reader, E[0], 9) == [f"第{last}版"] * 3 and reader.meta("version") == str(last)


def test_reopened_it_is_as_it_was(reopen: Open) -> None:
    first = reopen()
    put(first, own("d1"), ["甲", "乙"], E[:2], meta={"k": "v"})
    again = reopen()
    assert near(again, E[1], 1) == ["乙"] and again.count() == {"d1": 2} and again.meta("k") == "v"
    put(again, own("d2"), ["丙"], E[2:3])
    assert near(first, E[2], 1) == ["丙"], "and the first sees what the second wrote"
    put(first, own("d1"), ["丁"], E[3:4])
    assert set(near(again, unit(np.ones(6)), 9)) == {"丙", "丁"} == set(near(reopen(), unit(np.ones(6)), 9))


WRITER = """
import sys
from pathlib import Path
import numpy as np
from assistant408.kb.chunk import Chunk
from assistant408.kb.store.base import Document
from assistant408.kb.store.open import open_store

store = open_store(sys.argv[2], Path(sys.argv[1]))
row = Document("d2", "题", "课", "", "", None, "")
store.replace([row], [Chunk("d2", "题", "节", "", None, "乙")], [["乙"]], np.eye(6, dtype=np.float32)[1:2])
store.remove("d1")
"""


def test_what_another_process_writes_is_found(reopen: Open) -> None:
    store = reopen()
    setting = "sqlite" if store.index is None else store.index.name
    if setting == "qdrant:local":
        pytest.skip("it lives in one process")
    put(store, own("d1"), ["甲"], E[:1])
    assert near(store, E[0], 9) == ["甲"]
    done = subprocess.run([sys.executable, "-c", WRITER, store.path, setting], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    assert near(store, E[1], 9) == ["乙"]
    put(store, own("d3"), ["丙"], E[2:3])
    assert near(store, E[2], 1) == ["丙"] and set(near(store, E[0], 9)) == {"乙", "丙"}


def test_vectors_of_another_size_do_no_harm(store: SqliteStore) -> None:
    """While a base is embedded anew, or by another model, words still find everything."""
    put(store, own("d1"), ["甲"], E[:1])
    put(store, own("d2"), ["乙"], np.ones((1, 8), np.float32))
    put(store, own("d3"), ["丙"], None)
    for q in (E[0], unit(np.ones(8))):
        found = store.candidates(["甲", "乙", "丙"], lambda q=q: q, Filter(), 5)
        texts = {c.text for c in store.chunks(found.ids[found.lexical > 0].tolist())}
        assert texts == {"甲", "乙", "丙"}
    put(store, own("d2"), ["乙"], E[1:2])
    put(store, own("d3"), ["丙"], E[2:3])
    assert near(store, E[1], 1) == ["乙"] and set(near(store, E[0], 9)) == {"甲", "乙", "丙"}


def test_a_change_that_fails_changes_nothing(store: SqliteStore) -> None:
    put(store, own("d1"), ["旧"], E[:1])
    stray = [Chunk("d1", "题", "节", "", None, "新"), Chunk("nowhere", "题", "节", "", None, "迷路")]
    with pytest.raises((StoreError, KeyError)):
        store.replace([own("d1")], stray, [["新"], ["迷"]], E[1:3])
    assert near(store, E[0], 9) == ["旧"] == near(store, E[1], 9)
    put(store, own("d1"), ["新"], E[1:2])
    assert near(store, E[1], 9) == ["新"]


def test_recall_of_5000_random_vectors(store: SqliteStore) -> None:
    """Random directions are the hardest there are: no neighbour is much nearer than the next."""
    rng = np.random.default_rng(408)
    vectors = unit(rng.standard_normal((5000, 64))).astype(np.float16).astype(np.float32)
    for start in range(0, 5000, 1000):
        texts = [str(i) for i in range(start, start + 1000)]
        put(store, own(f"d{start}"), texts, vectors[start : start + 1000])
    hits = 0
    queries = unit(rng.standard_normal((40, 64)))
    for q in queries:
        exact = {str(i) for i in np.argsort(-(vectors @ q))[:10]}
        hits += len(exact & set(near(store, q, 10)))
    assert hits / 400 >= 0.95
    narrow = near(store, queries[0], 10, documents=("d2000",), pages=(1, 500))
    assert narrow == [str(2000 + i) for i in np.argsort(-(vectors[2000:2500] @ queries[0]), kind="stable")[:10]]


def test_what_is_found_is_what_the_exact_scan_finds(reopen: Open, tmp_path: Path, embedder: FakeEmbedder) -> None:
    """The whole search, words and sections included: the same passages in the same order with the same scores."""
    bases = [KnowledgeBase(reopen(), lambda: embedder), KnowledgeBase(tmp_path / "exact.db", lambda: embedder)]
    words = [
        "死锁",
        "页面置换",
        "银行家算法",
        "拥塞控制",
        "快速排序",
        "流水线",
        "中断",
        "虚拟内存",
        "滑动窗口",
        "哈希表",
    ]
    rng = np.random.default_rng(1)
    for base in bases:
        rng = np.random.default_rng(1)
        for d in range(12):
            texts = ["，".join(rng.choice(words, 4)) for _ in range(25)]
            chunks = [Chunk(f"d{d}", "题", f"节 {i // 3}", "", i + 1, t) for i, t in enumerate(texts)]
            base.put([own(f"d{d}")], chunks)
    for question in ("死锁怎样避免", "拥塞控制与滑动窗口", "排序"):
        for where in (Filter(), Filter(documents=("d3", "d4")), Filter(pages=(5, 9))):
            one, two = (b.search(question, limit=10, where=where) for b in bases)
            assert [round(h.score, 3) for h in one] == [round(h.score, 3) for h in two], (question, where)
            assert [h.cosine for h in one] == pytest.approx([h.cosine for h in two], abs=1e-5)
