"""Taking documents in: kept, read page by page, indexed whole. Whatever happens, the work goes on where it stopped."""

from __future__ import annotations

import copy
import hashlib
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from pathlib import Path
from typing import Literal

from assistant408.core.errors import InputError
from assistant408.kb.base import KnowledgeBase, vector_key
from assistant408.kb.chunk import Chunk
from assistant408.kb.documents import COLLECTION, RESERVED, Library
from assistant408.kb.embed import Vectors
from assistant408.kb.parse import Box, Limits, Page, Recognize, open_document
from assistant408.kb.parse.markdown import blocks
from assistant408.kb.parse.scan import Margins, recognized
from assistant408.kb.passages import document_chunks
from assistant408.kb.records import Entry, File, Job
from assistant408.kb.store.base import Document, Store

__all__ = ["Added", "Ingest", "Stopped"]

BATCH = 16  # chunks embedded between two looks at whether to go on
STALE_S = 3600  # a file that nothing names is left alone so long: it may be on its way in
Report = Callable[[Job], None]


class Stopped(Exception):
    """The work was paused, cancelled or replaced by other work meanwhile."""


@dataclass(frozen=True)
class Added:
    """What adding a file did: a ``new`` document, one ``changed``, or the ``same`` content as is there."""

    id: str
    what: Literal["new", "changed", "same"]


class Ingest:
    """See the module.

    Args:
        folder: ``kb`` under the user's home; the originals are kept in ``files`` under it, named by their hash.
        kb: opens the knowledge base.
        ocr: opens the recognition of scans; `None` without it.
        embedding: the setting that names the embedding model, to notice when it has changed.
        now: for ``added_at``.
        clock: seconds, for estimates.
        limits: what one document may cost.
        parser: see `open_document`.
    """

    def __init__(
        self,
        folder: Path,
        kb: Callable[[], KnowledgeBase],
        ocr: Callable[[], Recognize | None],
        embedding: str,
        now: Callable[[], datetime] = lambda: datetime.now(timezone.utc),
        clock: Callable[[], float] = time.monotonic,
        limits: Limits = Limits(),  # noqa: B008  (frozen)
        parser: str = "",
    ) -> None:
        self.folder = folder
        self.library = Library(folder / "library.db")
        self._everyones = self.library.of(None)
        self._kb, self._ocr, self._embedding = kb, ocr, embedding
        self._now, self._clock, self._limits, self._parser = now, clock, limits, parser

    def of(self, owner: str) -> Ingest:
        """The same for the documents of `owner` alone: another's id is that of no document, to everything here and to
        `library`. "", which it is at first, is the one user of a program without accounts.

        What is done in the background (`work`, `recover`) is done for everyone, whoever's view does it.
        """
        view = copy.copy(self)
        view.library = self.library.of(owner)
        return view

    def _store(self) -> Store:
        return self._kb().store.of(None)

    # --- in and out ----------------------------------------------------------------------------------------------

    def add(self, path: Path, collection: str = "", password: str | None = None, source: str | None = None) -> Added:
        """Keeps the file at `path` and queues it; nothing is kept of one that can't be opened.

        A file added again from the same place with other content replaces what came from there; until it is indexed,
        the old content is found.

        Args:
            collection: where it goes; by default where the old one was, or ``我的资料``.
            source: where it is from if not from `path`; "" for nowhere in particular.

        Raises:
            InputError: it can't be read; one sentence says why.
        """
        _check_name(collection)
        source = str(path.resolve()) if source is None else source
        with self._kept(path) as (part, sha256, size):
            there = self.library.find(sha256)
            if there is not None:
                job = self.library.job(there.id)
                if job is not None and job.state != "queued":
                    self.library.queue(there.id)
                return Added(there.id, "same")
            with open_document(path, password=password, limits=self._limits, parser=self._parser) as document:
                info = document.info
            part.replace(self.original(sha256, path.suffix.lower()))
        old = self.library.at(source) if source else None
        file = File(sha256, path.suffix.lower(), size, info.title, info.media_type, info.pages, info.paged, password)
        where = collection or (old.collection if old else COLLECTION)
        id = self.library.put(file, path.name, source, where, self._time(), old.id if old else "")
        if old is not None and where != old.collection:
            self.library.change(id, collection=where)
        return Added(id, "changed" if old else "new")

    def change(self, id: str, title: str | None = None, collection: str | None = None) -> None:
        """Renames or moves a document.

        Raises:
            InputError: there is none of that id, or the collection can't be the user's.
        """
        _check_name(collection or "")
        self.library.change(id, title, collection)

    def remove(self, id: str) -> None:
        """Removes a document and all that came of it.

        Raises:
            InputError: there is none of that id.
        """
        sha256, job = self.library.entry(id).sha256, self.library.job(id)
        self.library.removing(id)
        self._finish_removal(id, {sha256, job.sha256 if job else sha256})

    def cancel(self, id: str) -> None:
        """Gives the work on a document up: a new one goes, one that was indexed stays as it was."""
        entry = self.library.entry(id)
        job = self.library.job(id)
        if not entry.indexed:
            self.remove(id)
        elif job is not None:
            self.library.drop_job(id)
            self._drop({job.sha256})

    def original(self, sha256: str, suffix: str) -> Path:
        """Where a file is kept."""
        return self.folder / "files" / f"{sha256}{suffix}"

    def recover(self) -> None:
        """Ends what a killed process began, and queues what the index lacks. Only by the one that holds the work lock."""
        for id, sha256 in self._everyones.half_removed():
            self._finish_removal(id, {sha256})
        store = self._store()
        counts = store.count()
        entries = {e.id: e for e in self._everyones.entries()}
        jobs = self._everyones.jobs()
        for entry in entries.values():
            stale = entry.embedding != self._embedding or counts.get(entry.id, 0) != entry.chunks
            if entry.indexed and stale and entry.id not in jobs:
                self._everyones.queue(entry.id)
        for document in store.documents():
            if document.collection != RESERVED and document.id not in entries:
                store.remove(document.id)
        self._drop({p.name.split(".")[0] for p in (self.folder / "files").glob("*") if self._old(p)})

    def _finish_removal(self, id: str, hashes: set[str]) -> None:
        self._store().remove(id)
        self._everyones.removed(id)
        self._drop(hashes)

    def _drop(self, hashes: set[str]) -> None:
        """Deletes those of the kept files that nothing needs."""
        for name in hashes - self._everyones.hashes():
            for path in (self.folder / "files").glob(f"{name}.*"):
                path.unlink(missing_ok=True)

    def _old(self, path: Path) -> bool:
        try:
            return self._now().timestamp() - path.stat().st_mtime > STALE_S
        except OSError:  # another process was faster
            return False

    @contextmanager
    def _kept(self, path: Path) -> Iterator[tuple[Path, str, int]]:
        """A copy of the file under a passing name, with its hash and size; gone after unless it was moved."""
        folder = self.folder / "files"
        folder.mkdir(parents=True, exist_ok=True)
        part = folder / f"{os.getpid()}-{os.urandom(6).hex()}.part"
        digest = hashlib.sha256()
        try:
            with path.open("rb") as source, part.open("wb") as out:
                if (size := os.fstat(source.fileno()).st_size) > self._limits.file_bytes:
                    raise InputError(
                        f"文件 {path.name!r} 有 {size} 字节，超过 {self._limits.file_bytes} 的上限，请拆分后再添加。"
                    )
                while block := source.read(1 << 20):
                    digest.update(block)
                    out.write(block)
                out.flush()
                os.fsync(out.fileno())
            yield part, self._name(digest.hexdigest()), size
        except IsADirectoryError:
            raise InputError(f"{str(path)!r} 是文件夹，应为文件。") from None
        except OSError as e:
            raise InputError(f"文件 {path.name!r} 放不进资料库（{e.strerror}），请检查文件和磁盘空间后再试。") from None
        finally:
            part.unlink(missing_ok=True)

    def _name(self, sha256: str) -> str:
        """Under which a file is kept: nobody learns from it, or changes by it, what another has added."""
        owner = self.library.owner
        return hashlib.sha256(f"{owner}\0{sha256}".encode()).hexdigest() if owner else sha256

    def _time(self) -> str:
        return self._now().isoformat(timespec="seconds")

    # --- work ----------------------------------------------------------------------------------------------------

    def work(self, job: Job, report: Report = lambda job: None) -> None:
        """Reads the pages that are left, then indexes the document whole.

        Args:
            report: called with the job as it stands, after every page and every batch of chunks.

        Raises:
            Stopped: someone paused or cancelled it; all pages read so far are kept.
            InputError: the document can't be read on; one sentence says why.
            StoreError: the disk is full or damaged.
        """
        self._read(job, report)
        self._index(job, report)

    def _read(self, job: Job, report: Report) -> None:
        self._check(job)
        file = self._everyones.file(job.sha256)
        read = set(self._everyones.read(job.sha256))
        left = [n for n in range(1, file.pages + 1) if n not in read]
        if not left:
            return
        path, name = self.original(file.sha256, file.suffix), self._everyones.entry(job.doc).name
        began = self._clock()
        try:
            with open_document(
                path, password=file.password, limits=self._limits, ocr=self._ocr(), parser=self._parser
            ) as document:
                for done, number in enumerate(left, 1):
                    self._check(job)
                    self._everyones.put_page(job.sha256, document.page(number))
                    pace = (self._clock() - began) / done
                    self._progress(job, "read", len(read) + done, file.pages, pace * (len(left) - done), report)
        except InputError as e:
            raise InputError(str(e).replace(path.name, name)) from None

    def _index(self, job: Job, report: Report) -> None:
        self._check(job)
        entry, file = self._everyones.entry(job.doc), self._everyones.file(job.sha256)
        title = entry.title if entry.sha256 == job.sha256 else file.title
        chunks = document_chunks(job.doc, title, self._everyones.pages(job.sha256), file.paged)
        known = self._embedded(job, chunks, report)
        self._check(job)
        source = str(self.original(file.sha256, file.suffix).relative_to(self.folder.parent))
        pages = file.pages if file.paged else None
        row = Document(job.doc, title, entry.collection, source, file.sha256, pages, entry.added_at, owner=entry.owner)
        self._kb().put([row], chunks, known)
        if not self._everyones.indexed(job, len(chunks), self._embedding):  # removed while the index was being written
            self._store().remove(job.doc)
        self._drop({entry.sha256, job.sha256})

    def _embedded(self, job: Job, chunks: Sequence[Chunk], report: Report) -> dict[str, Vectors]:
        embedder = self._kb().embedder
        if embedder is None:
            return {}
        known = self._everyones.vectors(job.doc)
        texts = {vector_key(embedder.name, c.embedded): c.embedded for c in chunks}
        left = [key for key in texts if key not in known]
        began = self._clock()
        for start in range(0, len(left), BATCH):
            self._check(job)
            batch = left[start : start + BATCH]
            made = dict(zip(batch, embedder.passages([texts[k] for k in batch]), strict=True))
            self._everyones.put_vectors(job.doc, made)
            known |= made
            done = start + len(batch)
            pace = (self._clock() - began) / done
            self._progress(job, "index", len(texts) - len(left) + done, len(texts), pace * (len(left) - done), report)
        self._everyones.keep_vectors(job.doc, set(texts))
        return known

    def _progress(self, job: Job, stage: str, done: int, total: int, eta_s: float, report: Report) -> None:
        self._everyones.progress(job.doc, stage, done, total, round(eta_s, 1))
        report(self._check(job))

    def _check(self, job: Job) -> Job:
        """The job as it stands.

        Raises:
            Stopped: it isn't to go on.
        """
        now = self._everyones.job(job.doc)
        if now is None or now.state != "queued" or now.sha256 != job.sha256:
            raise Stopped
        return now

    # --- single pages --------------------------------------------------------------------------------------------

    def edit(self, id: str, number: int, text: str) -> None:
        """Puts the user's text in place of a page's; empty text drops the page."""
        entry, page = self._page(id, number)
        written = tuple(blocks(text))
        kind: Literal["text", "empty"] = "text" if written else "empty"
        changed = replace(page, kind=kind, confidence=1.0, blocks=written, note="")
        self.library.put_page(entry.sha256, changed, edited=True)
        self.library.queue(id)

    def recognize(self, id: str, number: int) -> Page:
        """Reads a page by its picture, whatever it was before, in place of what was there; the new page.

        Raises:
            InputError: OCR isn't installed, or the page has no picture.
        """
        from assistant408.kb.ocr import HINT

        entry, page = self._page(id, number)
        ocr = self._ocr()
        if ocr is None:
            raise InputError(HINT)
        scale = 1.0 if self.library.file(entry.sha256).media_type.startswith("image/") else 150 / 72
        picture = self.render(id, number, dpi=72 * scale)
        bare = replace(page, kind="empty", confidence=1.0, blocks=(), note="")
        page = recognized(bare, ocr(picture), scale, Margins())
        self.library.put_page(entry.sha256, page)
        self.library.queue(id)
        return page

    def retry(self, id: str) -> int:
        """Queues the failed pages of a document to be read again; how many they are."""
        entry = self.library.entry(id)
        count = self.library.forget_pages(entry.sha256, "failed")
        self.library.queue(id)
        return count

    def render(self, id: str, number: int, box: Box | None = None, dpi: float = 150) -> bytes:
        """A PNG picture of a page of what is indexed, or of `box` on it."""
        entry = self.library.entry(id)
        file = self.library.file(entry.sha256)
        path = self.original(file.sha256, file.suffix)
        if not path.is_file():
            raise InputError(f"资料 {entry.name!r} 的原件不在了，请重新添加。")
        try:
            with open_document(path, password=file.password, limits=self._limits) as document:
                return document.render(number, dpi, box)
        except InputError as e:
            raise InputError(str(e).replace(path.name, entry.name)) from None

    def _page(self, id: str, number: int) -> tuple[Entry, Page]:
        entry = self.library.entry(id)
        page = self.library.page(entry.sha256, number)
        if page is None:
            pages = self.library.file(entry.sha256).pages
            raise InputError(f"资料 {entry.name!r} 没有已读的第 {number} 页，应为 1 到 {pages}，还在读的要等读完。")
        return entry, page


def _check_name(collection: str) -> None:
    if collection.strip() == RESERVED or len(collection) > 100:
        raise InputError(f"合集名 {collection[:40]!r} 不能用（{RESERVED!r} 留给自带的笔记，最长 100 字），请换一个。")
