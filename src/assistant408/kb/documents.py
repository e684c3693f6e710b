"""The user's documents: their files, what became of each page, and the work that is left, in one SQLite file.

The search index can be made again from it. A page read is one transaction, so work goes on where it stopped, also after
the process was killed; an index takes a document whole (`assistant408.kb.store`) and only then is it marked as indexed.
"""

from __future__ import annotations

import contextlib
import copy
import json
import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from assistant408.core.errors import InputError, StoreError
from assistant408.core.sqlite import enable_wal, is_full, writing
from assistant408.kb.embed import Vectors
from assistant408.kb.health import Health, health
from assistant408.kb.parse.types import Block, Page
from assistant408.kb.records import Entry, File, Job, JobState

__all__ = ["COLLECTION", "RESERVED", "Library"]

COLLECTION = "我的资料"  # where documents go if nothing else is said
RESERVED = "notes"  # the shipped ones

_SCHEMA = """
BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS files (
    sha256 TEXT PRIMARY KEY, suffix TEXT NOT NULL, bytes INTEGER NOT NULL, title TEXT NOT NULL, media_type TEXT NOT NULL,
    pages INTEGER NOT NULL, paged INTEGER NOT NULL, password TEXT
);
CREATE TABLE IF NOT EXISTS documents (
    number INTEGER PRIMARY KEY AUTOINCREMENT, title TEXT NOT NULL, name TEXT NOT NULL, source TEXT NOT NULL,
    collection TEXT NOT NULL, sha256 TEXT NOT NULL REFERENCES files(sha256), indexed INTEGER NOT NULL DEFAULT 0,
    chunks INTEGER NOT NULL DEFAULT 0, added_at TEXT NOT NULL, embedding TEXT NOT NULL DEFAULT '',
    removed INTEGER NOT NULL DEFAULT 0, owner TEXT NOT NULL DEFAULT ''
);
CREATE TABLE IF NOT EXISTS pages (
    sha256 TEXT NOT NULL REFERENCES files(sha256) ON DELETE CASCADE, number INTEGER NOT NULL, kind TEXT NOT NULL,
    confidence REAL NOT NULL, note TEXT NOT NULL, width REAL NOT NULL, height REAL NOT NULL, blocks TEXT NOT NULL,
    edited INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (sha256, number)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS jobs (
    doc INTEGER PRIMARY KEY REFERENCES documents(number) ON DELETE CASCADE, sha256 TEXT NOT NULL REFERENCES files(sha256),
    state TEXT NOT NULL, stage TEXT NOT NULL DEFAULT 'read', done INTEGER NOT NULL DEFAULT 0,
    total INTEGER NOT NULL DEFAULT 0, eta_s REAL, error TEXT NOT NULL DEFAULT '',
    turn INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE IF NOT EXISTS vectors (
    doc INTEGER NOT NULL REFERENCES documents(number) ON DELETE CASCADE, key TEXT NOT NULL, vector BLOB NOT NULL,
    PRIMARY KEY (doc, key)
) WITHOUT ROWID;
COMMIT;
"""

_ENTRY = "'d' || number AS id, title, name, source, collection, sha256, indexed, chunks, added_at, embedding, owner"
_JOB = "'d' || doc AS doc, sha256, state, stage, done, total, eta_s, error, turn"
_FILE = "sha256, suffix, bytes, title, media_type, pages, paged, password"


class Library:
    """See the module. What isn't the owner's isn't there, for everything that takes or gives documents' ids.

    Args:
        path: the SQLite file; made if it isn't there.

    Raises:
        StoreError: it can't be opened, read or written.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.owner: str | None = ""
        self._local = threading.local()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as e:
            raise StoreError(
                f"资料放不进 {str(path.parent)!r}（{e.strerror}），请用 A408_HOME 换一个文件夹。"
            ) from None
        with self._guard():
            self._db.executescript(_SCHEMA)
        with self._writing() as db:  # a file of an earlier version has no owners
            if not any(row["name"] == "owner" for row in db.execute("PRAGMA table_info(documents)")):
                db.execute("ALTER TABLE documents ADD COLUMN owner TEXT NOT NULL DEFAULT ''")
        path.chmod(0o600)  # it may hold the password of a locked file

    def of(self, owner: str | None) -> Library:
        """The same as `owner` sees it; `None` sees everything: for the work in the background."""
        view = copy.copy(self)
        view.owner = owner
        return view

    @property
    def _mine(self) -> tuple[str, list[str]]:
        """An SQL condition on documents that are there and are the owner's, with its values."""
        return ("NOT removed", []) if self.owner is None else ("NOT removed AND owner=?", [self.owner])

    @property
    def _db(self) -> sqlite3.Connection:
        db: sqlite3.Connection | None = getattr(self._local, "db", None)
        if db is None:
            db = sqlite3.connect(self.path, timeout=30, isolation_level=None)
            db.row_factory = sqlite3.Row
            enable_wal(db)
            db.execute("PRAGMA synchronous=FULL")
            db.execute("PRAGMA foreign_keys=ON")
            self._local.db = db
        return db

    @contextlib.contextmanager
    def _guard(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.DatabaseError as e:
            then = "请腾出磁盘空间后再试，已读完的页都还在" if is_full(e) else "请用 a408 restore 从备份恢复"
            raise StoreError(f"资料库 {str(self.path)!r} 出错（{e}），{then}。") from None

    @contextlib.contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._guard(), writing(self._db) as db:
            yield db

    def _all(self, query: str, values: Sequence[Any] = ()) -> list[sqlite3.Row]:
        with self._guard():
            return self._db.execute(query, values).fetchall()

    # --- documents -----------------------------------------------------------------------------------------------

    def entries(self, collection: str | None = None) -> list[Entry]:
        """All documents, or those of a collection, the oldest first."""
        mine, values = self._mine
        if collection is not None:
            mine, values = f"{mine} AND collection=?", [*values, collection]
        return [
            _entry(row) for row in self._all(f"SELECT {_ENTRY} FROM documents WHERE {mine} ORDER BY number", values)
        ]

    def entry(self, id: str) -> Entry:
        """One document.

        Raises:
            InputError: there is none of that id.
        """
        mine, values = self._mine
        rows = self._all(f"SELECT {_ENTRY} FROM documents WHERE {mine} AND 'd' || number = ?", [*values, id])
        if not rows:
            raise InputError(f"没有资料 {id!r}，它可能已被移除；a408 kb list 列出现有的。")
        return _entry(rows[0])

    def collections(self) -> dict[str, int]:
        """Documents by collection."""
        mine, values = self._mine
        rows = self._all(
            f"SELECT collection, count(*) FROM documents WHERE {mine} GROUP BY 1 ORDER BY min(number)", values
        )
        return {row[0]: row[1] for row in rows}

    def bytes(self) -> int:
        """Size of all originals that are kept for these documents."""
        mine, values = self._mine
        rows = self._all(
            f"SELECT coalesce(sum(bytes), 0) FROM files WHERE sha256 IN (SELECT sha256 FROM documents WHERE {mine})",
            values,
        )
        return int(rows[0][0])

    def find(self, sha256: str) -> Entry | None:
        """The document that has this content, also if it is still to be read."""
        mine, values = self._mine
        rows = self._all(
            f"SELECT {_ENTRY} FROM documents d WHERE {mine} AND (sha256=? OR EXISTS "
            "(SELECT 1 FROM jobs j WHERE j.doc = d.number AND j.sha256=?)) ORDER BY number LIMIT 1",
            [*values, sha256, sha256],
        )
        return _entry(rows[0]) if rows else None

    def at(self, source: str) -> Entry | None:
        """The document that was added from `source`."""
        mine, values = self._mine
        rows = self._all(f"SELECT {_ENTRY} FROM documents WHERE {mine} AND source=? LIMIT 1", [*values, source])
        return _entry(rows[0]) if rows else None

    def file(self, sha256: str) -> File:
        """What is known of a kept file."""
        row = self._all(f"SELECT {_FILE} FROM files WHERE sha256=?", (sha256,))[0]
        return File(**dict(zip(row.keys(), row, strict=True)) | {"paged": bool(row["paged"])})

    def put(self, file: File, name: str, source: str, collection: str, now: str, replaces: str = "") -> str:
        """Takes a document in, to be read; its id.

        Args:
            replaces: id of the document of which this is the new content; until it is indexed, the old one is found.
        """
        with self._writing() as db:
            db.execute(
                "INSERT INTO files VALUES (?,?,?,?,?,?,?,?) ON CONFLICT(sha256) DO UPDATE SET password=excluded.password",
                tuple(asdict(file).values()),
            )
            if replaces:
                number = int(self.entry(replaces).id[1:])
            else:
                row = (file.title, name, source, collection, file.sha256, now, self.owner or "")
                columns = "title, name, source, collection, sha256, added_at, owner"
                number = db.execute(f"INSERT INTO documents({columns}) VALUES (?,?,?,?,?,?,?)", row).lastrowid or 0
            db.execute(
                "INSERT INTO jobs(doc, sha256, state, total) VALUES (?,?,'queued',?) ON CONFLICT(doc) DO UPDATE SET "
                "sha256=excluded.sha256, total=excluded.total, state='queued', stage='read', done=0, error='', turn=turn+1",
                (number, file.sha256, file.pages),
            )
        return f"d{number}"

    def change(self, id: str, title: str | None = None, collection: str | None = None) -> None:
        """Renames or moves a document, and queues it to be indexed so."""
        entry = self.entry(id)
        with self._writing() as db:
            db.execute(
                "UPDATE documents SET title=?, collection=? WHERE 'd' || number = ?",
                (title or entry.title, collection or entry.collection, id),
            )
        self.queue(id)

    def indexed(self, job: Job, chunks: int, embedding: str) -> bool:
        """Marks what a job asked for as indexed, and drops what only the old content needed; whether the document is
        still wanted. A job that has been asked for again meanwhile stays.
        """
        with self._writing() as db:
            found = db.execute(
                "UPDATE documents SET title = CASE WHEN sha256 = ?1 THEN title ELSE "
                "(SELECT title FROM files f WHERE f.sha256 = ?1) END, sha256=?1, indexed=1, chunks=?2, embedding=?3 "
                "WHERE NOT removed AND 'd' || number = ?4",
                (job.sha256, chunks, embedding, job.doc),
            ).rowcount
            db.execute("DELETE FROM jobs WHERE 'd' || doc = ? AND sha256=? AND turn=?", (job.doc, job.sha256, job.turn))
            _sweep(db)
        return found > 0

    def forget_pages(self, sha256: str, kind: str) -> int:
        """Drops the pages of a kind, so that they are read again; how many there were."""
        with self._writing() as db:
            return db.execute("DELETE FROM pages WHERE sha256=? AND kind=? AND NOT edited", (sha256, kind)).rowcount

    def removing(self, id: str) -> None:
        """Hides a document; `removed` ends what this begins, at the latest when the program starts again."""
        self.entry(id)
        with self._writing() as db:
            db.execute("UPDATE documents SET removed=1 WHERE 'd' || number = ?", (id,))
            db.execute("DELETE FROM jobs WHERE 'd' || doc = ?", (id,))

    def half_removed(self) -> list[tuple[str, str]]:
        """Id and file hash of the documents that are hidden but not yet gone."""
        return [(row[0], row[1]) for row in self._all("SELECT 'd' || number, sha256 FROM documents WHERE removed")]

    def removed(self, id: str) -> None:
        """Drops all that is known of a document that `removing` has hidden."""
        with self._writing() as db:
            db.execute("DELETE FROM documents WHERE removed AND 'd' || number = ?", (id,))
            _sweep(db)

    def hashes(self) -> set[str]:
        """Of the files that are needed."""
        return {row[0] for row in self._all("SELECT sha256 FROM files")}

    # --- pages ---------------------------------------------------------------------------------------------------

    def put_page(self, sha256: str, page: Page, edited: bool = False) -> None:
        """Keeps what became of a page, in place of what was there; nothing of a file that is no longer needed."""
        blocks = json.dumps([asdict(b) for b in page.blocks], ensure_ascii=False)
        size = (page.note, page.width, page.height)
        with self._writing() as db:
            db.execute(
                "INSERT OR REPLACE INTO pages SELECT ?1,?2,?3,?4,?5,?6,?7,?8,?9 FROM files WHERE sha256=?1",
                (sha256, page.number, page.kind, page.confidence, *size, blocks, edited),
            )

    def page(self, sha256: str, number: int) -> Page | None:
        """One page, if it was read."""
        found = self._pages("WHERE sha256=? AND number=?", (sha256, number))
        return found[0] if found else None

    def pages(self, sha256: str) -> list[Page]:
        """The pages read so far, in order."""
        return self._pages("WHERE sha256=? ORDER BY number", (sha256,))

    def _pages(self, where: str, values: Sequence[Any]) -> list[Page]:
        rows = self._all(f"SELECT number, kind, confidence, blocks, width, height, note FROM pages {where}", values)
        return [Page(r[0], r[1], r[2], _blocks(r[3]), *r[4:]) for r in rows]

    def read(self, sha256: str) -> list[int]:
        """Numbers of the pages read so far."""
        return [row[0] for row in self._all("SELECT number FROM pages WHERE sha256=? ORDER BY number", (sha256,))]

    def edited(self, sha256: str) -> set[int]:
        """Numbers of the pages whose text the user wrote."""
        return {row[0] for row in self._all("SELECT number FROM pages WHERE sha256=? AND edited", (sha256,))}

    def health(self, entry: Entry) -> Health:
        """What became of a document's pages; what isn't indexed yet counts no chunks."""
        rows = self._all("SELECT kind, confidence FROM pages WHERE sha256=? ORDER BY number", (entry.sha256,))
        return health(((r[0], r[1]) for r in rows), entry.chunks if entry.indexed else 0)

    # --- work ----------------------------------------------------------------------------------------------------

    def jobs(self) -> dict[str, Job]:
        """Work that is left, by document, the oldest first."""
        mine = "1" if self.owner is None else "doc IN (SELECT number FROM documents WHERE owner=?)"
        values = [] if self.owner is None else [self.owner]
        rows = self._all(f"SELECT {_JOB} FROM jobs WHERE {mine} ORDER BY rowid", values)
        return {row[0]: Job(*row) for row in rows}

    def job(self, id: str) -> Job | None:
        """The work left on one document."""
        return self.jobs().get(id)

    def next_job(self) -> Job | None:
        """The work to do first."""
        return next((j for j in self.jobs().values() if j.state == "queued"), None)

    def queue(self, id: str) -> None:
        """Queues a document to be indexed, or a paused or failed one to go on."""
        entry = self.entry(id)
        with self._writing() as db:
            db.execute(
                "INSERT INTO jobs(doc, sha256, state, total) VALUES (?,?,'queued',?) "
                "ON CONFLICT(doc) DO UPDATE SET state='queued', error='', turn=turn+1",
                (int(id[1:]), entry.sha256, self.file(entry.sha256).pages),
            )

    def set_state(self, id: str, state: JobState, error: str = "") -> bool:
        """Pauses a job or marks it as failed; whether there was one."""
        if self.job(id) is None:
            return False
        with self._writing() as db:
            query = "UPDATE jobs SET state=?, error=?, eta_s=NULL WHERE 'd' || doc = ?"
            return db.execute(query, (state, error, id)).rowcount > 0

    def progress(self, id: str, stage: str, done: int, total: int, eta_s: float | None) -> None:
        """Says how far the work on a document is."""
        with self._writing() as db:
            db.execute(
                "UPDATE jobs SET stage=?, done=?, total=?, eta_s=? WHERE 'd' || doc = ?",
                (stage, done, total, eta_s, id),
            )

    def drop_job(self, id: str) -> None:
        """Gives the work on a document up."""
        self.entry(id)
        with self._writing() as db:
            db.execute("DELETE FROM jobs WHERE 'd' || doc = ?", (id,))
            _sweep(db)

    # --- vectors -------------------------------------------------------------------------------------------------

    def vectors(self, id: str) -> dict[str, Vectors]:
        """The vectors computed for a document, by `assistant408.kb.base.vector_key`."""
        self.entry(id)
        rows = self._all("SELECT key, vector FROM vectors WHERE 'd' || doc = ?", (id,))
        return {key: np.frombuffer(blob, "<f2").astype(np.float32) for key, blob in rows}

    def put_vectors(self, id: str, vectors: Mapping[str, Vectors]) -> None:
        """Keeps vectors, so that they needn't be computed again."""
        rows = [(int(id[1:]), key, v.astype("<f2").tobytes()) for key, v in vectors.items()]
        with self._writing() as db:
            db.executemany("INSERT OR REPLACE INTO vectors SELECT ?1,?2,?3 FROM documents WHERE number=?1", rows)

    def keep_vectors(self, id: str, keys: set[str]) -> None:
        """Drops the vectors of a document that are no longer among `keys`."""
        gone = [(int(id[1:]), k) for k in self.vectors(id).keys() - keys]
        with self._writing() as db:
            db.executemany("DELETE FROM vectors WHERE doc=? AND key=?", gone)


def _sweep(db: sqlite3.Connection) -> None:
    """Drops files, with their pages, that no document and no work needs."""
    db.execute(
        "DELETE FROM files WHERE sha256 NOT IN (SELECT sha256 FROM documents) AND sha256 NOT IN (SELECT sha256 FROM jobs)"
    )


def _entry(row: sqlite3.Row) -> Entry:
    return Entry(**dict(zip(row.keys(), row, strict=True)) | {"indexed": bool(row["indexed"])})


def _blocks(text: str) -> tuple[Block, ...]:
    return tuple(
        Block(b["kind"], b["text"], b["level"], None if b["bbox"] is None else tuple(b["bbox"]))
        for b in json.loads(text)
    )
