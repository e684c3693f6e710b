"""Search over the whole: the right section of the right note, with vectors and without."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.kb.conftest import NOTES, FakeEmbedder, chunks_of, document

from assistant408.kb.base import KnowledgeBase, vector_key
from assistant408.kb.chunk import ASKED, Chunk
from assistant408.kb.fuse import fuse


@pytest.mark.parametrize(
    ("question", "anchor"),
    [
        ("死锁的必要条件是什么", "os.deadlock.conditions"),
        ("银行家算法有什么用", "os.deadlock.banker"),
        ("ＬＲＵ会不会有 belady 异常", "os.memory.lru"),
        ("TCP 建立连接的三次握手", "cn.tcp.handshake"),
        ("快速排序的时间复杂度 O(n log n)", "ds.sort.quick"),
    ],
)
def test_the_right_section_comes_first(kb: KnowledgeBase, question: str, anchor: str) -> None:
    hits = kb.search(question)
    assert hits[0].chunk.anchor == anchor
    assert [h.score for h in hits] == sorted((h.score for h in hits), reverse=True)
    assert hits[0].coverage > 0.4 and all(0 <= h.coverage <= 1 for h in hits)
    assert all((h.cosine > 0) == (kb.embedder is not None) for h in hits)


def test_subject_collection_limit_and_sections(kb: KnowledgeBase) -> None:
    assert {h.chunk.doc.split("/")[0] for h in kb.search("死锁", limit=9, subject="cn")} == {"cn"}
    assert kb.search("死锁", collections=["user"]) == []
    assert len(kb.search("死锁的条件", limit=2)) == 2
    anchors = [h.chunk.anchor for h in kb.search("死锁 互斥 预防", limit=9, per_section=1)]
    assert len(anchors) == len(set(anchors))


@pytest.mark.parametrize("question", ["", "   ", "？！", "\x00", '"', "OR AND NOT", "a" * 5000, "死锁" * 3000])
def test_odd_questions_are_harmless(kb: KnowledgeBase, question: str) -> None:
    for hit in kb.search(question):
        assert 0 <= hit.coverage <= 1
    if not question.strip():
        assert kb.search(question) == []


def test_an_empty_base_finds_nothing(tmp_path: Path, embedder: FakeEmbedder) -> None:
    assert KnowledgeBase(tmp_path / "kb.db", lambda: embedder).search("死锁") == []


def test_the_embedding_model_is_opened_once_and_only_when_needed(tmp_path: Path, embedder: FakeEmbedder) -> None:
    opened: list[int] = []

    def make() -> FakeEmbedder:
        opened.append(1)
        return embedder

    base = KnowledgeBase(tmp_path / "kb.db", make)
    assert opened == []
    base.put([document("os/deadlock")], chunks_of("os/deadlock"))
    base.search("死锁")
    base.search("互斥")
    assert opened == [1]


def test_known_vectors_are_not_computed_again(tmp_path: Path, embedder: FakeEmbedder) -> None:
    base = KnowledgeBase(tmp_path / "kb.db", lambda: embedder)
    chunks = chunks_of("os/deadlock")
    mark = np.zeros(embedder.dim, np.float32)
    mark[7] = 1
    known = {vector_key(embedder.name, chunks[0].embedded): mark, vector_key("other-model", chunks[1].embedded): mark}
    seen: list[tuple[int, int]] = []
    base.put([document("os/deadlock")], chunks, known, report=lambda done, total: seen.append((done, total)))
    assert embedder.embedded == [c.embedded for c in chunks[1:]], "a vector of another model doesn't count"
    assert np.array_equal(base.store.matrix().vectors[0], mark)
    assert seen[-1] == (len(chunks) - 1, len(chunks) - 1)


def test_a_way_of_asking_finds_its_section_and_is_never_shown(kb: KnowledgeBase) -> None:
    title, _ = NOTES["os/deadlock"]
    asked = Chunk("os/deadlock", title, f"{title} › 银行家算法", "os.deadlock.banker", None, "怎样借钱不会破产", ASKED)
    kb.put([document("os/deadlock", title)], [*chunks_of("os/deadlock"), asked])
    hits = kb.search("怎样借钱不会破产")
    assert hits[0].chunk.anchor == "os.deadlock.banker" and hits[0].chunk.text.startswith("银行家算法用来避免死锁")
    assert all(h.chunk.part != ASKED and "借钱" not in h.chunk.text for h in hits)
    assert all(c.part != ASKED for c in kb.store.section("os/deadlock", "os.deadlock.banker"))


# --- while another process writes -----------------------------------------------------------------------------------


def test_a_document_removed_during_a_search_is_left_out(tmp_path: Path, embedder: FakeEmbedder) -> None:
    other = KnowledgeBase(tmp_path / "kb.db", lambda: embedder)
    other.put([document(id) for id in NOTES], [c for id in NOTES for c in chunks_of(id)])

    class Meddling(FakeEmbedder):
        def query(self, text: str) -> np.ndarray:
            other.store.remove("os/deadlock")  # after the matrix was read, before the chunks are
            return super().query(text)

    hits = KnowledgeBase(tmp_path / "kb.db", Meddling).search("死锁 LRU 淘汰 页", limit=9)
    assert {h.chunk.doc for h in hits} == set(NOTES) - {"os/deadlock"}
    right = {h.chunk.text: embedder.passages([h.chunk.embedded])[0] @ embedder.query("死锁 LRU 淘汰 页") for h in hits}
    assert all(h.cosine == pytest.approx(right[h.chunk.text], abs=1e-2) for h in hits), "no score of another's"


def test_a_document_added_during_a_search_does_no_harm(
    kb: KnowledgeBase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = KnowledgeBase(kb.store.path, lambda: kb.embedder)
    lexical = kb.store.lexical

    def meddling(words: list[str]) -> dict[int, float]:
        new = Chunk("os/new", "新", "新", "os.new", None, "死锁死锁死锁", "考点")
        other.put([document("os/new")], [new])  # after the matrix was read
        return lexical(words)

    monkeypatch.setattr(kb.store, "lexical", meddling)
    assert {h.chunk.doc for h in kb.search("死锁的必要条件")} <= set(NOTES)
    monkeypatch.undo()
    assert "os/new" in {h.chunk.doc for h in kb.search("死锁的必要条件")}


# --- fusing ---------------------------------------------------------------------------------------------------------

SCORES = st.lists(st.floats(0, 100, width=32), min_size=2, max_size=20)


@given(SCORES)
def test_without_vectors_the_order_is_that_of_the_words(scores: list[float]) -> None:
    lexical = np.array(scores, np.float32)
    fused = fuse(lexical, None)
    assert fused.shape == lexical.shape and np.isfinite(fused).all()
    order = np.argsort(-fused, kind="stable")
    assert all(lexical[a] >= lexical[b] - 1e-3 for a, b in itertools.pairwise(order))


@given(st.lists(st.tuples(st.floats(0, 50, width=32), st.floats(-1, 1, width=32)), min_size=2, max_size=20))
def test_what_is_better_in_both_is_better(pairs: list[tuple[float, float]]) -> None:
    lexical, dense = (np.array(column, np.float32) for column in zip(*pairs, strict=True))
    fused = fuse(lexical, dense)
    for i in range(len(pairs)):
        for j in range(len(pairs)):
            if lexical[i] >= lexical[j] and dense[i] >= dense[j]:
                assert fused[i] >= fused[j] - 1e-4


def test_a_section_full_of_the_words_lifts_its_chunks() -> None:
    lexical = np.array([5, 5, 5, 5, 0, 0], np.float32)
    sections = np.array([0, 0, 0, 1, 2, 3])
    fused = fuse(lexical, None, sections)
    assert fused[0] == fused[1] == fused[2] > fused[3] > fused[4]
