"""Filters as people write them."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.kb.conftest import FakeEmbedder, chunks_of, document

from assistant408.core.errors import InputError
from assistant408.kb.base import KnowledgeBase
from assistant408.kb.chunk import Chunk
from assistant408.kb.narrow import narrow, parse_pages, parse_since
from assistant408.kb.store.base import Document, Filter


@pytest.fixture
def base(tmp_path: Path, embedder: FakeEmbedder) -> KnowledgeBase:
    base = KnowledgeBase(tmp_path / "kb.db", lambda: embedder)
    base.put([document("os/deadlock")], chunks_of("os/deadlock"))
    for owner, id, day in (("", "d1", "01"), ("alice", "d2", "20")):
        row = Document(id, "书", f"课{id}", "files/a.PDF", "", 9, f"2026-11-{day}T00:00:00+00:00", owner=owner)
        base.put([row], [Chunk(id, "书", "节", "", n, f"死锁在第{n}页") for n in range(1, 10)])
    return base


def found(base: KnowledgeBase, **asked: object) -> set[tuple[str, int | None]]:
    hits = base.search("死锁", limit=20, per_section=20, where=narrow(base, **asked))
    return {(h.chunk.doc, h.chunk.page) for h in hits}


def test_each_part_narrows(base: KnowledgeBase) -> None:
    assert found(base, pages="3-5") == {("d1", 3), ("d1", 4), ("d1", 5)}
    assert {d for d, _ in found(base, documents=["d1"])} == {"d1"} == {d for d, _ in found(base, formats=["PDF"])}
    assert {d for d, _ in found(base, formats=[".md"], subject="os")} == {"os/deadlock"}
    assert found(base, since="2026-11-10") == set()
    assert {d for d, _ in found(base.of("alice"), since="2026-11-10", collections=["课d2"])} == {"d2"}
    assert narrow(base) == Filter()


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"collections": ["没有"]}, "知识库里没有合集 '没有'，现有的是 notes、课d1。"),
        ({"documents": ["d2"]}, "知识库里没有资料 'd2'，现有的是 d1、os/deadlock。"),
        ({"formats": ["exe"]}, "知识库里没有格式 'exe'，现有的是 md、pdf。"),
        ({"pages": "0"}, "页码 '0' 不能用"),
        ({"pages": "3-"}, "页码 '3-' 不能用"),
        ({"pages": "１"}, "页码 '１' 不能用"),
        ({"since": "2026-13-01"}, "日期 '2026-13-01' 不能用"),
        ({"since": "昨天"}, "日期 '昨天' 不能用"),
    ],
)
def test_what_can_t_be_is_said(base: KnowledgeBase, asked: dict[str, object], sentence: str) -> None:
    """Another owner's collections and documents aren't there either."""
    with pytest.raises(InputError) as e:
        narrow(base, **asked)
    assert str(e.value).startswith(sentence)


def test_pages_and_dates() -> None:
    assert parse_pages("7") == (7, 7) and parse_pages("1 - 12") == (1, 12)
    assert parse_since("2026-11-01T08:00:00+08:00") == parse_since("2026-11-01T00:00:00+00:00") == 1793491200
