"""The embedded store: one SQLite file holds documents, chunks, a full-text index and vectors.

Readers in any number of processes; a change is one transaction, so a search sees a document whole or not at all.
Vectors are scanned exactly from a matrix in memory, which is reloaded when another connection has written.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from assistant408.core.errors import StoreError
from assistant408.core.sqlite import enable_wal, is_full, writing
from assistant408.kb.chunk import ASKED, Chunk
from assistant408.kb.embed import Vectors
from assistant408.kb.text import fts_token

__all__ = ["Document", "Matrix", "SqliteStore", "whole"]

Ints = npt.NDArray[np.int64]

_SCHEMA = """
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS documents (
    id TEXT PRIMARY KEY, title TEXT NOT NULL, collection TEXT NOT NULL, source TEXT NOT NULL,
    sha256 TEXT NOT NULL, pages INTEGER, added_at TEXT NOT NULL, position INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE IF NOT EXISTS chunks (
    id INTEGER PRIMARY KEY, doc TEXT NOT NULL REFERENCES documents(id) ON DELETE CASCADE,
    section TEXT NOT NULL, anchor TEXT NOT NULL, page INTEGER, part TEXT NOT NULL, text TEXT NOT NULL, vector BLOB,
    box TEXT
);
CREATE INDEX IF NOT EXISTS chunks_doc ON chunks(doc);
CREATE INDEX IF NOT EXISTS chunks_anchor ON chunks(anchor);
CREATE VIRTUAL TABLE IF NOT EXISTS fts USING fts5(
    tokens, tokenize="unicode61 remove_diacritics 0 tokenchars '_'"
);
"""
_NEXT_GENERATION = (
    "INSERT INTO meta VALUES ('generation', '1') ON CONFLICT(key) DO UPDATE SET value = CAST(value AS INTEGER) + 1"
)


@dataclass(frozen=True)
class Document:
    """A document of the knowledge base; `collection` is ``notes`` for the shipped ones."""

    id: str
    title: str
    collection: str
    source: str
    sha256: str
    pages: int | None
    added_at: str
    position: int = 0


@dataclass(frozen=True)
class Matrix:
    """Chunk ids, of shape (n,); vectors, of shape (n, dim), dim 0 where there are none; section numbers, (n,)."""

    ids: Ints
    vectors: Vectors
    sections: Ints


class SqliteStore:
    """See the module.

    Raises:
        StoreError: the file can't be opened or is damaged.
    """

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self._local = threading.local()
        self._lock = threading.Lock()
        self._matrix: tuple[int, Matrix] | None = None
        with self._guard():
            self._db.executescript(f"BEGIN IMMEDIATE;{_SCHEMA}COMMIT;")
            self._add_boxes()

    def _add_boxes(self) -> None:
        """A file of an earlier version has no places of chunks on their pages."""
        with writing(self._db) as db:
            if not any(row[1] == "box" for row in db.execute("PRAGMA table_info(chunks)")):
                db.execute("ALTER TABLE chunks ADD COLUMN box TEXT")

    @property
    def _db(self) -> sqlite3.Connection:
        """One connection a thread."""
        db: sqlite3.Connection | None = getattr(self._local, "db", None)
        if db is None:
            with self._guard():
                db = sqlite3.connect(self.path, timeout=30, isolation_level=None)
                enable_wal(db)
                db.execute("PRAGMA synchronous=NORMAL")
                db.execute("PRAGMA foreign_keys=ON")
            self._local.db = db
        return db

    @contextlib.contextmanager
    def _guard(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.DatabaseError as e:
            if is_full(e):
                raise StoreError(
                    f"存放知识库 {str(self.path)!r} 的磁盘满了，刚才的改动没有保存（原来的都在）：请腾出空间后重试。"
                ) from None
            raise StoreError(f"知识库文件 {str(self.path)!r} 出错（{e}），请运行 a408 kb rebuild 重建。") from None

    # --- writing -------------------------------------------------------------------------------------------------

    def replace(
        self,
        documents: Sequence[Document],
        chunks: Sequence[Chunk],
        tokens: Sequence[Sequence[str]],
        vectors: Vectors | None,
        collection: str | None = None,
        meta: dict[str, str] | None = None,
    ) -> None:
        """Puts documents in with all their chunks, in one transaction, in place of what had their ids.

        Args:
            tokens: index tokens of each chunk.
            vectors: of shape (len(chunks), dim), or `None`.
            collection: if given, everything else in that collection is removed.
            meta: keys to set in the same transaction.
        """
        with self._guard(), writing(self._db) as db:
            if collection is not None:
                for (doc,) in db.execute("SELECT id FROM documents WHERE collection=?", (collection,)).fetchall():
                    self._delete(doc)
            for d in documents:
                self._delete(d.id)
                db.execute(
                    "INSERT INTO documents VALUES (?,?,?,?,?,?,?,?)",
                    (d.id, d.title, d.collection, d.source, d.sha256, d.pages, d.added_at, d.position),
                )
            for i, c in enumerate(chunks):
                blob = None if vectors is None else vectors[i].astype("<f2").tobytes()
                row = db.execute(
                    "INSERT INTO chunks(doc, section, anchor, page, part, text, vector, box) VALUES (?,?,?,?,?,?,?,?)",
                    (
                        c.doc,
                        c.section,
                        c.anchor,
                        c.page,
                        c.part,
                        c.text,
                        blob,
                        json.dumps(c.box) if c.box else None,
                    ),
                ).lastrowid
                db.execute("INSERT INTO fts(rowid, tokens) VALUES (?,?)", (row, " ".join(map(fts_token, tokens[i]))))
            db.execute(_NEXT_GENERATION)
            for key, value in (meta or {}).items():
                db.execute("INSERT OR REPLACE INTO meta VALUES (?,?)", (key, value))

    def remove(self, doc: str) -> bool:
        """Removes a document and all that came of it; whether it was there."""
        with self._guard(), writing(self._db) as db:
            found = db.execute("SELECT 1 FROM documents WHERE id=?", (doc,)).fetchone() is not None
            self._delete(doc)
            db.execute(_NEXT_GENERATION)
        return found

    def _delete(self, doc: str) -> None:
        self._db.execute("DELETE FROM fts WHERE rowid IN (SELECT id FROM chunks WHERE doc=?)", (doc,))
        self._db.execute("DELETE FROM documents WHERE id=?", (doc,))

    # --- reading -------------------------------------------------------------------------------------------------

    def meta(self, key: str) -> str | None:
        """A value set by `replace`."""
        with self._guard():
            row = self._db.execute("SELECT value FROM meta WHERE key=?", (key,)).fetchone()
        return None if row is None else str(row[0])

    def _generation(self) -> int:
        """Counts the changes ever made to the file."""
        row = self._db.execute("SELECT value FROM meta WHERE key='generation'").fetchone()
        return 0 if row is None else int(row[0])

    def documents(self) -> list[Document]:
        """All documents, shipped ones first in book order."""
        with self._guard():
            rows = self._db.execute(
                "SELECT id, title, collection, source, sha256, pages, added_at, position FROM documents "
                "ORDER BY collection != 'notes', position, added_at"
            ).fetchall()
        return [Document(*row) for row in rows]

    def count(self) -> dict[str, int]:
        """Chunks by document id."""
        with self._guard():
            return dict(self._db.execute("SELECT doc, count(*) FROM chunks GROUP BY doc").fetchall())

    def chunks(self, ids: Sequence[int]) -> list[Chunk]:
        """Chunks by id, in the order asked; those that are gone are left out."""
        found = self.find(ids)
        return [found[i] for i in ids if i in found]

    def find(self, ids: Sequence[int]) -> dict[int, Chunk]:
        """The chunks that are there, by id."""
        if not ids:
            return {}
        marks = ",".join("?" * len(ids))
        with self._guard():
            rows = self._db.execute(
                "SELECT c.id, c.doc, d.title, c.section, c.anchor, c.page, c.text, c.part, c.box FROM chunks c "
                f"JOIN documents d ON d.id = c.doc WHERE c.id IN ({marks})",
                list(ids),
            ).fetchall()
        return {row[0]: Chunk(*(*row[1:8], tuple(json.loads(row[8])) if row[8] else None)) for row in rows}

    def section(self, doc: str, anchor: str) -> list[Chunk]:
        """The chunks of one anchored section, in order, without the ways of asking for it."""
        with self._guard():
            rows = self._db.execute(
                "SELECT id FROM chunks WHERE doc=? AND anchor=? AND part != ? ORDER BY id", (doc, anchor, ASKED)
            ).fetchall()
        return self.chunks([r[0] for r in rows])

    def filter(self, subject: str | None = None, collections: Sequence[str] | None = None) -> set[int] | None:
        """Ids of the chunks of a subject's notes, or of collections; `None` for all."""
        if subject is None and collections is None:
            return None
        query, values = "SELECT c.id FROM chunks c JOIN documents d ON d.id = c.doc WHERE 1", []
        if subject is not None:
            query += " AND (d.collection != 'notes' OR d.id LIKE ?)"
            values.append(f"{subject}/%")
        if collections is not None:
            query += f" AND d.collection IN ({','.join('?' * len(collections))})"
            values += collections
        with self._guard():
            return {row[0] for row in self._db.execute(query, values)}

    def lexical(self, tokens: Sequence[str], limit: int = 1000) -> dict[int, float]:
        """BM25 scores (larger is better) of the chunks that share a token with the query."""
        words = list(dict.fromkeys(fts_token(t) for t in tokens))
        if not words:
            return {}
        match = " OR ".join(f'"{w}"' for w in words[:200])
        with self._guard():
            rows = self._db.execute(
                "SELECT rowid, -rank FROM fts WHERE fts MATCH ? ORDER BY rank LIMIT ?", (match, limit)
            ).fetchall()
        return dict(rows)

    def matrix(self) -> Matrix:
        """All vectors, reloaded when any connection has changed the file."""
        with self._lock, self._guard():
            version = self._generation()
            if self._matrix is None or self._matrix[0] != version:
                rows = self._db.execute("SELECT id, vector, doc, anchor, section FROM chunks ORDER BY id").fetchall()
                numbers: dict[tuple[str, str], int] = {}
                sections = [numbers.setdefault((doc, anchor or path), len(numbers)) for _, _, doc, anchor, path in rows]
                dims = {len(r[1]) // 2 for r in rows if r[1] is not None}
                dim = dims.pop() if len(dims) == 1 else 0
                vectors = np.zeros((len(rows), dim), np.float32)
                if dim:
                    for i, row in enumerate(rows):
                        if row[1] is not None:
                            vectors[i] = np.frombuffer(row[1], "<f2")
                ids = np.array([r[0] for r in rows], np.int64)
                self._matrix = (version, Matrix(ids, vectors, np.array(sections, np.int64)))
            return self._matrix[1]


def whole(path: Path) -> bool:
    """Whether a store's file can be read from end to end."""
    try:
        with contextlib.closing(sqlite3.connect(path, timeout=30)) as db:
            return bool(db.execute("PRAGMA integrity_check").fetchone()[0] == "ok")
    except sqlite3.DatabaseError:
        return False
