"""Documents of one's own: in, found with page and place, changed, edited, out; nothing half done."""

from __future__ import annotations

import io
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from PIL import Image
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen import canvas
from tests.kb.conftest import FakeEmbedder

from assistant408.core.errors import InputError
from assistant408.kb.base import KnowledgeBase
from assistant408.kb.ingest import Ingest, Stopped
from assistant408.kb.parse import Line
from assistant408.kb.queue import Worker, only_one
from assistant408.kb.records import Job

PAGES = ["死锁的四个必要条件缺一不可。", "页面置换用LRU算法。", "银行家算法避免死锁。"]


def pdf(path: Path, pages: Sequence[str]) -> Path:
    """A PDF with one sentence a page."""
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    c = canvas.Canvas(str(path), pagesize=A4, invariant=1)
    for text in pages:
        c.setFont("STSong-Light", 12)
        c.drawString(72, 700, text)
        c.showPage()
    c.save()
    return path


def see(picture: bytes) -> Sequence[Line]:
    """OCR that always sees the same words."""
    return [Line("扫描页讲信号量机制。", (10, 10, 200, 30), (10, 10, 200, 30), 18, 0.9)]


@pytest.fixture
def base(tmp_path: Path, embedder: FakeEmbedder) -> KnowledgeBase:
    return KnowledgeBase(tmp_path / "kb" / "kb.db", lambda: embedder)


@pytest.fixture
def ingest(tmp_path: Path, base: KnowledgeBase) -> Ingest:
    return Ingest(tmp_path / "kb", lambda: base, lambda: see, "fake")


@pytest.fixture
def add(ingest: Ingest) -> Callable[..., str]:
    """Adds a file and does all work; the document's id."""

    def run(path: Path, **more: str) -> str:
        id = ingest.add(path, **more).id
        assert Worker(ingest).run()
        return id

    return run


def found(base: KnowledgeBase, question: str, **more: object) -> list[tuple[str, int | None]]:
    return [(h.chunk.doc, h.chunk.page) for h in base.search(question, limit=3, **more)]


def files(ingest: Ingest) -> list[str]:
    return sorted(p.name for p in (ingest.folder / "files").iterdir())


def test_a_pdf_is_found_with_page_and_place(
    tmp_path: Path, base: KnowledgeBase, ingest: Ingest, add: Callable[..., str]
) -> None:
    id = add(pdf(tmp_path / "操作系统.pdf", PAGES))
    hit = base.search("LRU 页面置换", limit=1)[0]
    assert (hit.chunk.doc, hit.chunk.page) == (id, 2) and "LRU" in hit.chunk.text
    left, top, right, bottom = hit.chunk.box
    assert 60 < left < 80 and 120 < top < bottom < 160 and right > 150, "12 points high, where it was drawn"
    entry = ingest.library.entry(id)
    health = ingest.library.health(entry)
    assert (health.state, health.text, health.chunks, entry.chunks) == ("ready", 3, 3, 3)
    assert ingest.library.jobs() == {} and files(ingest) == [f"{entry.sha256}.pdf"]
    crop = Image.open(io.BytesIO(ingest.render(id, 2, hit.chunk.box)))
    assert crop.height < 120 and crop.convert("L").getextrema()[0] < 100, "a strip with ink on it"


def test_the_same_content_is_there_once(tmp_path: Path, ingest: Ingest, add: Callable[..., str]) -> None:
    id = add(pdf(tmp_path / "a.pdf", PAGES))
    again = ingest.add(pdf(tmp_path / "b.pdf", PAGES))
    assert (again.id, again.what) == (id, "same") and ingest.library.jobs() == {} and len(files(ingest)) == 1


def test_a_changed_file_embeds_only_what_changed_and_the_old_is_found_until_then(
    tmp_path: Path, base: KnowledgeBase, ingest: Ingest, add: Callable[..., str], embedder: FakeEmbedder
) -> None:
    path = pdf(tmp_path / "a.pdf", PAGES)
    id = add(path)
    before = len(embedder.embedded)
    changed = ingest.add(pdf(path, [PAGES[0], "第二页改成了快表TLB。", PAGES[2]]))
    assert (changed.id, changed.what) == (id, "changed")
    assert found(base, "LRU 页面置换")[0] == (id, 2), "not swapped yet"
    assert Worker(ingest).run()
    assert len(embedder.embedded) == before + 1
    texts = [c.text for c in base.store.chunks([int(i) for i in base.store.matrix().ids])]
    assert any("TLB" in t for t in texts) and not any("LRU" in t for t in texts) and len(texts) == 3
    assert files(ingest) == [f"{ingest.library.entry(id).sha256}.pdf"], "the old original is gone"


def test_removal_leaves_nothing(tmp_path: Path, base: KnowledgeBase, ingest: Ingest, add: Callable[..., str]) -> None:
    id = add(pdf(tmp_path / "a.pdf", PAGES))
    ingest.remove(id)
    assert found(base, "死锁") == [] and base.store.documents() == [] and files(ingest) == []
    with sqlite3.connect(ingest.library.path) as db:
        tables = ("files", "documents", "pages", "jobs", "vectors")
        assert [db.execute(f"SELECT count(*) FROM {t}").fetchone()[0] for t in tables] == [0] * 5
    db.close()
    with pytest.raises(InputError, match=f"没有资料 '{id}'"):
        ingest.remove(id)


def test_collections_are_searched_apart(
    tmp_path: Path, base: KnowledgeBase, ingest: Ingest, add: Callable[..., str]
) -> None:
    a = add(pdf(tmp_path / "a.pdf", PAGES[:1]), collection="操作系统")
    b = add(pdf(tmp_path / "b.pdf", [PAGES[0] + "另一本。"]))
    assert ingest.library.collections() == {"操作系统": 1, "我的资料": 1}
    assert found(base, "死锁", collections=["操作系统"]) == [(a, 1)]
    ingest.library.change(b, collection="操作系统")
    assert Worker(ingest).run()
    assert {d for d, _ in found(base, "死锁", collections=["操作系统"])} == {a, b}
    with pytest.raises(InputError, match="notes"):
        ingest.add(tmp_path / "a.pdf", collection="notes")


def test_what_cannot_be_opened_leaves_nothing(tmp_path: Path, ingest: Ingest) -> None:
    (tmp_path / "坏.pdf").write_bytes(b"%PDF-1.7 nonsense")
    (tmp_path / "空.pdf").write_bytes(b"")
    for name in ("坏.pdf", "空.pdf"):
        with pytest.raises(InputError, match=name):
            ingest.add(tmp_path / name)
    with pytest.raises(InputError, match="文件夹"):
        ingest.add(tmp_path)
    assert ingest.library.entries() == [] and files(ingest) == [] and ingest.library.hashes() == set()


def test_nothing_readable_is_never_ready(tmp_path: Path, ingest: Ingest, add: Callable[..., str]) -> None:
    id = add(pdf(tmp_path / "blank.pdf", ["", ""]))
    health = ingest.library.health(ingest.library.entry(id))
    assert (health.state, health.empty, health.chunks) == ("empty", 2, 0)


def test_paused_work_goes_on_at_the_page_where_it_was(tmp_path: Path, ingest: Ingest) -> None:
    id = ingest.add(pdf(tmp_path / "a.pdf", PAGES)).id
    seen: list[Job] = []

    def pause(job: Job) -> None:
        seen.append(job)
        if job.done == 2 and job.stage == "read":
            ingest.library.set_state(id, "paused")

    assert Worker(ingest).run(pause)
    job = ingest.library.job(id)
    assert (job.state, job.done, job.total) == ("paused", 2, 3) and ingest.library.read(job.sha256) == [1, 2]
    assert ingest.library.health(ingest.library.entry(id)).state != "ready"
    ingest.library.queue(id)
    seen.clear()
    assert Worker(ingest).run(seen.append)
    assert (seen[0].stage, seen[0].done) == ("read", 3) and seen[0].eta_s == 0
    assert ingest.library.health(ingest.library.entry(id)).state == "ready"


def test_cancelling_drops_a_new_document_and_keeps_an_old_one(
    tmp_path: Path, base: KnowledgeBase, ingest: Ingest, add: Callable[..., str]
) -> None:
    new = ingest.add(pdf(tmp_path / "new.pdf", ["新的。"])).id
    ingest.cancel(new)
    assert ingest.library.entries() == [] and files(ingest) == []
    path = pdf(tmp_path / "a.pdf", PAGES)
    id = add(path)
    ingest.add(pdf(path, ["变了。"]))
    ingest.cancel(id)
    assert found(base, "LRU")[0] == (id, 2) and len(files(ingest)) == 1 and ingest.library.jobs() == {}


def test_a_page_is_edited_dropped_and_recognised(
    tmp_path: Path, base: KnowledgeBase, ingest: Ingest, add: Callable[..., str]
) -> None:
    id = add(pdf(tmp_path / "a.pdf", PAGES))
    ingest.edit(id, 1, "# 管程\n\n管程保证互斥。")
    assert Worker(ingest).run()
    top = base.search("管程 互斥", limit=1)[0].chunk
    assert (top.page, top.section, top.text) == (1, "a › 管程", "管程保证互斥。")
    ingest.edit(id, 2, "")
    page = ingest.recognize(id, 3)
    assert (page.kind, page.confidence) == ("ocr", 0.9)
    assert Worker(ingest).run()
    health = ingest.library.health(ingest.library.entry(id))
    assert (health.text, health.empty, health.ocr, health.chunks) == (1, 1, 1, 2)
    assert found(base, "信号量机制")[0] == (id, 3) and (id, 2) not in found(base, "LRU")
    with pytest.raises(InputError, match="第 9 页"):
        ingest.edit(id, 9, "x")


def test_failed_pages_are_read_again(tmp_path: Path, base: KnowledgeBase) -> None:
    picture = Image.new("RGB", (400, 100), "white")
    picture.save(tmp_path / "题.png")
    without = Ingest(tmp_path / "kb", lambda: base, lambda: None, "fake")
    id = without.add(tmp_path / "题.png").id
    assert Worker(without).run()
    health = without.library.health(without.library.entry(id))
    assert (health.state, health.failed) == ("failed", 1) and "ocr" in without.library.pages(
        without.library.entry(id).sha256
    )[0].note
    withocr = Ingest(tmp_path / "kb", lambda: base, lambda: see, "fake")
    assert withocr.retry(id) == 1 and Worker(withocr).run()
    assert withocr.library.health(withocr.library.entry(id)).state == "ready"
    assert found(base, "信号量机制") == [(id, 1)]


def test_what_the_index_lost_is_put_back(
    tmp_path: Path, base: KnowledgeBase, ingest: Ingest, add: Callable[..., str]
) -> None:
    id = add(pdf(tmp_path / "a.pdf", PAGES))
    base.store.remove(id)
    assert found(base, "死锁") == []
    assert Worker(ingest).run()
    assert found(base, "LRU")[0] == (id, 2)


def test_a_removal_that_was_cut_short_is_finished(
    tmp_path: Path, base: KnowledgeBase, ingest: Ingest, add: Callable[..., str]
) -> None:
    id = add(pdf(tmp_path / "a.pdf", PAGES))
    ingest.library.removing(id)  # and then the power went
    assert Worker(ingest).run()
    assert base.store.documents() == [] and files(ingest) == []


def test_one_process_works_at_a_time(tmp_path: Path, ingest: Ingest) -> None:
    id = ingest.add(pdf(tmp_path / "a.pdf", PAGES)).id
    with only_one(ingest.folder / "work.lock") as mine:
        assert mine and Worker(ingest).run() is False
    assert ingest.library.job(id) is not None
    assert Worker(ingest).run() is True and ingest.library.job(id) is None


def test_work_asked_for_while_indexing_is_not_lost(tmp_path: Path, ingest: Ingest, base: KnowledgeBase) -> None:
    id = ingest.add(pdf(tmp_path / "a.pdf", PAGES)).id
    edited = []

    def edit(job: Job) -> None:
        if job.stage == "index" and not edited:
            edited.append(1)
            ingest.library.put_page(job.sha256, ingest.library.page(job.sha256, 1))
            ingest.library.queue(id)

    job = ingest.library.next_job()
    ingest.work(job, edit)
    assert ingest.library.job(id).state == "queued", "the second asking stands"
    assert Worker(ingest).run() and ingest.library.jobs() == {}


def test_removed_while_at_work(tmp_path: Path, ingest: Ingest, base: KnowledgeBase) -> None:
    id = ingest.add(pdf(tmp_path / "a.pdf", PAGES)).id
    job = ingest.library.next_job()
    with pytest.raises(Stopped):
        ingest.work(job, lambda j: ingest.remove(id) if j.done == 1 else None)
    assert base.store.documents() == [] and ingest.library.entries() == []
