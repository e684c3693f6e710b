"""Owners: each sees the shipped notes and his own documents, whatever he calls with whatever id."""

from __future__ import annotations

import inspect
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.kb.conftest import NOTES, FakeEmbedder, chunks_of, document
from tests.kb.test_ingest import PAGES, pdf, see

from assistant408.core.errors import InputError
from assistant408.kb.base import KnowledgeBase
from assistant408.kb.chunk import Chunk
from assistant408.kb.describe import describe, describe_pages
from assistant408.kb.ingest import Ingest
from assistant408.kb.parse import Page
from assistant408.kb.queue import Worker
from assistant408.kb.store.base import Filter
from assistant408.kb.store.sqlite import SqliteStore

OWNERS = ("", "alice", "bob")


@pytest.fixture
def base(tmp_path: Path, embedder: FakeEmbedder) -> KnowledgeBase:
    base = KnowledgeBase(tmp_path / "kb" / "kb.db", lambda: embedder)
    base.put([document("os/deadlock", position=0)], chunks_of("os/deadlock"))
    return base


@pytest.fixture
def ingest(tmp_path: Path, base: KnowledgeBase) -> Ingest:
    return Ingest(tmp_path / "kb", lambda: base, lambda: see, "fake")


@pytest.fixture
def ids(tmp_path: Path, ingest: Ingest) -> dict[str, str]:
    """One document of each owner's, all with the same content; ids by owner."""
    file = pdf(tmp_path / "a.pdf", PAGES)
    ids = {owner: ingest.of(owner).add(file).id for owner in OWNERS}
    assert Worker(ingest.of("bob")).run(), "whoever's view does the work, all of it is done"
    return ids


def test_the_same_file_is_a_document_of_each_owner_s(ingest: Ingest, ids: dict[str, str], tmp_path: Path) -> None:
    assert len(set(ids.values())) == len(OWNERS) == len(list((ingest.folder / "files").iterdir()))
    for owner, id in ids.items():
        mine = ingest.of(owner)
        assert [(e.id, e.owner) for e in mine.library.entries()] == [(id, owner)]
        assert mine.add(tmp_path / "a.pdf").what == "same", "once for each"
        assert (
            mine.library.collections() == {"我的资料": 1}
            and mine.library.bytes() == (tmp_path / "a.pdf").stat().st_size
        )
    assert {e.owner for e in ingest.library.of(None).entries()} == set(OWNERS)


@pytest.mark.parametrize(
    "where", [Filter(), Filter(collections=("我的资料",)), Filter(formats=("pdf",)), Filter(pages=(1, 3))]
)
def test_search_finds_one_s_own_and_the_shipped(base: KnowledgeBase, ids: dict[str, str], where: Filter) -> None:
    for owner, id in ids.items():
        hits = base.of(owner).search("银行家算法 LRU 死锁", limit=20, per_section=9, where=where)
        shipped = {"os/deadlock"} if where == Filter() else set()
        assert {h.chunk.doc for h in hits} == {id} | shipped
        for other in set(ids.values()) - {id}:
            assert base.of(owner).search("银行家算法", where=Filter(documents=(other,))) == []


def test_the_scale_of_scores_is_one_s_own(tmp_path: Path, embedder: FakeEmbedder) -> None:
    """What is ranked, and every score but the rareness of words, is as it would be without the others."""

    def build(name: str, owners: Sequence[str]) -> KnowledgeBase:
        base = KnowledgeBase(tmp_path / name, lambda: embedder)
        base.put([document(id) for id in NOTES], [c for id in NOTES for c in chunks_of(id)])
        for owner in owners:
            row = replace(document(f"d{owner}", collection="我的资料"), owner=owner)
            base.put([row], [Chunk(row.id, row.title, "节", "", None, f"{owner}的笔记：死锁怎样预防")])
        return base

    alone, crowded = build("a.db", ["alice"]).of("alice"), build("b.db", ["bob", "alice", "carol"]).of("alice")
    for words in (["死锁"], ["笔记", "死", "锁"], ["不见"]):
        a, b = (
            base.store.candidates(words, lambda: embedder.query("死锁"), Filter(subject="os"), 5)
            for base in (alone, crowded)
        )
        assert np.allclose(a.dense, b.dense, atol=1e-6) and np.array_equal(a.sections, b.sections)
        assert np.array_equal(a.lexical > 0, b.lexical > 0) and np.array_equal(a.allowed, b.allowed)
        assert [alone.store.find([i])[i] for i in a.ids.tolist()] == [
            crowded.store.find([i])[i] for i in b.ids.tolist()
        ]
    assert alone.store.matrix().vectors.shape == crowded.store.matrix().vectors.shape


def test_a_store_shows_an_owner_nothing_of_another_s(base: KnowledgeBase, ids: dict[str, str]) -> None:
    everything = base.store.of(None)
    for owner, id in ids.items():
        doc = {i: c.doc for i, c in everything.find(everything.matrix().ids.tolist()).items()}
        assert set(doc.values()) == {"os/deadlock", *ids.values()}
        store, mine = base.store.of(owner), {"os/deadlock", id}
        assert {d.id for d in store.documents()} == mine == set(store.count())
        assert {doc[int(i)] for i in store.matrix().ids} == mine == {c.doc for c in store.find(list(doc)).values()}
        assert {doc[i] for i in store.lexical(["死锁", "银行家"])} <= mine
        for other in set(ids.values()) - {id}:
            assert store.section(other, "") == [] and store.remove(other) is False
        assert store.section(id, "") != []
        assert (store.remove("os/deadlock") is False) == (owner != ""), "the notes are nobody's to remove"
        base.put([document("os/deadlock")], chunks_of("os/deadlock"))


def test_a_word_only_another_uses_is_unknown(tmp_path: Path, base: KnowledgeBase, ingest: Ingest) -> None:
    (tmp_path / "b.md").write_text("# 标题\n\n独角兽调度算法。\n", encoding="utf-8")
    ingest.of("bob").add(tmp_path / "b.md")
    assert Worker(ingest).run()
    assert base.store.of("bob").lexical(["独角"], 1) and not base.store.of("alice").lexical(["独角"], 1)
    assert not base.store.lexical(["独角"], 1)


# what works on ids without asking whose they are; only `Ingest.work` and `Ingest.recover` call it
UPKEEP = {"indexed", "removed", "progress", "put_vectors", "keep_vectors"}


def _by_id(kind: type) -> list[str]:
    out = []
    for name, function in inspect.getmembers(kind, inspect.isfunction):
        if not name.startswith("_") and name not in UPKEEP and "id" in inspect.signature(function).parameters:
            out.append(name)
    return out


def test_nothing_that_takes_an_id_takes_another_s(ingest: Ingest, ids: dict[str, str]) -> None:
    """Walks the methods, so that a new one is tested too."""

    def everything() -> list[object]:
        views = {owner: ingest.of(owner).library for owner in ids}
        return [(describe(views[o], id), describe_pages(views[o], id)) for o, id in ids.items()]

    before = everything()
    mine = ingest.of("alice")
    given_ = {"number": 1, "text": "改写", "title": "新", "collection": "新", "state": "paused"}
    walked = set()
    for method in (getattr(view, name) for view in (mine, mine.library) for name in _by_id(type(view))):
        walked.add(method.__name__)
        parameters = inspect.signature(method).parameters.values()
        wanted = [p.name for p in parameters if p.name != "id" and p.default is p.empty]
        for other in (ids["bob"], ids[""], "d999"):
            try:
                answer = method(other, **{k: given_[k] for k in wanted})
            except InputError as e:
                answer = f"没有资料 {other!r}" not in str(e)
            assert not answer, f"{method.__name__} answers {answer!r}"
        assert everything() == before, method.__name__
    assert {
        "remove",
        "cancel",
        "edit",
        "recognize",
        "retry",
        "render",
        "entry",
        "queue",
        "set_state",
        "vectors",
    } <= walked


def test_editing_and_removing_touch_one_s_own_alone(base: KnowledgeBase, ingest: Ingest, ids: dict[str, str]) -> None:
    ingest.of("alice").edit(ids["alice"], 2, "爱丽丝改写了这一页。")
    assert Worker(ingest).run()
    ingest.of("bob").remove(ids["bob"])
    texts = {o: [p["text"] for p in describe_pages(ingest.of(o).library, ids[o])] for o in ("", "alice")}
    assert texts["alice"][1] == "爱丽丝改写了这一页。" and texts[""][1] == PAGES[1]
    assert ingest.of("bob").library.entries() == [] and len(ingest.of("alice").library.entries()) == 1
    assert {h.chunk.doc for h in base.of("alice").search("爱丽丝改写")} >= {ids["alice"]}
    assert ids["bob"] not in base.store.of(None).count() and len(list((ingest.folder / "files").iterdir())) == 2


def test_a_source_is_looked_for_among_one_s_own(tmp_path: Path, ingest: Ingest) -> None:
    path = tmp_path / "a.md"
    path.write_text("旧的内容", encoding="utf-8")
    first = ingest.of("alice").add(path).id
    path.write_text("新的内容", encoding="utf-8")
    added = ingest.of("bob").add(path)
    assert added.what == "new" and added.id != first


steps = st.lists(
    st.tuples(st.sampled_from(OWNERS), st.sampled_from(["add", "remove", "move"]), st.integers(0, 3)), max_size=8
)


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps)
def test_everyone_sees_what_he_would_see_alone(
    tmp_path_factory: pytest.TempPathFactory, made: Sequence[tuple[str, str, int]]
) -> None:
    folder = tmp_path_factory.mktemp("owners")
    for n in range(4):
        (folder / f"{n}.md").write_text(f"# 第{n}份\n\n死锁的第{n}种说法。\n", encoding="utf-8")

    def play(name: str, steps: Sequence[tuple[str, str, int]]) -> Callable[[str], object]:
        base = KnowledgeBase(folder / name / "kb.db", FakeEmbedder)
        ingest = Ingest(folder / name, lambda: base, lambda: None, "fake")
        for owner, do, n in steps:
            mine = ingest.of(owner)
            there = mine.library.at(str((folder / f"{n}.md").resolve()))
            if do == "add":
                mine.add(folder / f"{n}.md")
            elif there is not None and do == "remove":
                mine.remove(there.id)
            elif there is not None:
                mine.change(there.id, collection=f"课{n}")
            assert Worker(ingest).run()

        def seen(owner: str) -> object:
            entries = ingest.of(owner).library.entries()
            titles = {e.id: (e.title, e.collection) for e in entries}
            hits = base.of(owner).search("死锁的说法", limit=9)
            return sorted(titles.values()), sorted(titles[h.chunk.doc] for h in hits)

        return seen

    together = play("together", made)
    for owner in OWNERS:
        alone = play(f"alone-{owner}", [s for s in made if s[0] == owner])
        assert together(owner) == alone(owner)


def test_files_of_an_earlier_version_get_owners(tmp_path: Path, embedder: FakeEmbedder) -> None:
    """The columns that came later are taken away, as if the files were old."""
    folder = tmp_path / "kb"
    base = KnowledgeBase(folder / "kb.db", lambda: embedder)
    ingest = Ingest(folder, lambda: base, lambda: None, "fake")
    id = ingest.add(pdf(tmp_path / "a.pdf", PAGES)).id
    assert Worker(ingest).run()
    counts = base.store.count()
    for file, columns in (("kb.db", ("owner", "chunks", "sections")), ("library.db", ("owner",))):
        with sqlite3.connect(folder / file) as db:
            for column in columns:
                db.execute(f"ALTER TABLE documents DROP COLUMN {column}")
        db.close()
    base = KnowledgeBase(folder / "kb.db", lambda: embedder)
    ingest = Ingest(folder, lambda: base, lambda: None, "fake")
    assert [(e.id, e.owner) for e in ingest.library.entries()] == [(id, "")] and base.store.count() == counts
    assert base.search("银行家算法")[0].chunk.doc == id and base.of("alice").search("银行家算法") == []


def test_a_page_kept_for_one_owner_isn_t_read_for_another(ingest: Ingest, ids: dict[str, str]) -> None:
    names = {ingest.of(o).library.entry(id).sha256 for o, id in ids.items()}
    assert len(names) == len(OWNERS)
    assert all(isinstance(ingest.library.page(name, 1), Page) for name in names)


def test_two_views_share_one_matrix(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "kb.db")
    store.replace([document("a")], [Chunk("a", "a", "a", "", None, "甲")], [["甲"]], None)
    assert store.of("x").matrix() is store.of("y").matrix() is store.matrix()
