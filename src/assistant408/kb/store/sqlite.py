"""The embedded store: one SQLite file holds documents, chunks, a full-text index and vectors.

Readers in any number of processes; a change is one transaction, so a search sees a document whole or not at all.
Vectors are scanned exactly from a matrix in memory, which is reloaded when another connection has written; or, past what
memory holds, a `VectorIndex` says which are near (`assistant408.kb.store.indexed`). The file stays what counts.
"""

from __future__ import annotations

import contextlib
import copy
import json
import secrets
import sqlite3
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from assistant408.core.errors import StoreError
from assistant408.core.sqlite import enable_wal, is_full, writing
from assistant408.kb.chunk import ASKED, Chunk
from assistant408.kb.embed import Vectors
from assistant408.kb.store import exact, indexed
from assistant408.kb.store.base import Candidates, Document, Filter, Matrix, VectorIndex, place, sees
from assistant408.kb.store.indexed import DOCUMENT
from assistant408.kb.text import fts_token

__all__ = ["Document", "SqliteStore", "whole"]

_SCHEMA = """
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS documents (
    id TEXT PRIMARY KEY, title TEXT NOT NULL, collection TEXT NOT NULL, source TEXT NOT NULL,
    sha256 TEXT NOT NULL, pages INTEGER, added_at TEXT NOT NULL, position INTEGER NOT NULL DEFAULT 0,
    owner TEXT NOT NULL DEFAULT '', chunks INTEGER NOT NULL DEFAULT 0, sections INTEGER NOT NULL DEFAULT 0
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
CREATE TABLE IF NOT EXISTS orphans (id INTEGER PRIMARY KEY);
"""
_COUNTED = """
UPDATE documents SET chunks = (SELECT count(*) FROM chunks c WHERE c.doc = documents.id), sections = (
    SELECT count(DISTINCT CASE c.anchor WHEN '' THEN c.section ELSE c.anchor END) FROM chunks c WHERE c.doc = documents.id
)"""
_NEXT_GENERATION = (
    "INSERT INTO meta VALUES ('generation', '1') ON CONFLICT(key) DO UPDATE SET value = CAST(value AS INTEGER) + 1"
)


class SqliteStore:
    """See the module, and `assistant408.kb.store.base.Store`.

    Args:
        path: the file; made if it isn't there.
        index: finds near vectors in place of the exact scan.

    Raises:
        StoreError: the file can't be opened or is damaged.
    """

    def __init__(self, path: Path, index: VectorIndex | None = None) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self.index = index
        self.owner: str | None = ""
        self._local = threading.local()
        self.held = Held()
        with self.guard():
            self._db.executescript(f"BEGIN IMMEDIATE;{_SCHEMA}COMMIT;")
            self._upgrade()

    def of(self, owner: str | None) -> SqliteStore:
        """The same store as `owner` sees it; `None` sees and removes everything: for the program's own upkeep."""
        view = copy.copy(self)
        view.owner = owner
        return view

    def _upgrade(self) -> None:
        """Files of earlier versions lack columns."""
        with writing(self._db) as db:
            columns = {row[1] for t in ("chunks", "documents") for row in db.execute(f"PRAGMA table_info({t})")}
            if "box" not in columns:
                db.execute("ALTER TABLE chunks ADD COLUMN box TEXT")
            if "owner" not in columns:
                db.execute("ALTER TABLE documents ADD COLUMN owner TEXT NOT NULL DEFAULT ''")
            if "sections" not in columns:
                db.execute("ALTER TABLE documents ADD COLUMN chunks INTEGER NOT NULL DEFAULT 0")
                db.execute("ALTER TABLE documents ADD COLUMN sections INTEGER NOT NULL DEFAULT 0")
                db.execute(_COUNTED)

    @property
    def _db(self) -> sqlite3.Connection:
        """One connection a thread."""
        db: sqlite3.Connection | None = getattr(self._local, "db", None)
        if db is None:
            with self.guard():
                db = sqlite3.connect(self.path, timeout=30, isolation_level=None)
                enable_wal(db)
                db.execute("PRAGMA synchronous=NORMAL")
                db.execute("PRAGMA foreign_keys=ON")
            self._local.db = db
        return db

    @contextlib.contextmanager
    def guard(self) -> Iterator[None]:
        """Whatever SQLite complains of inside becomes one sentence."""
        try:
            yield
        except sqlite3.DatabaseError as e:
            if is_full(e):
                raise StoreError(
                    f"存放知识库 {str(self.path)!r} 的磁盘满了，刚才的改动没有保存（原来的都在）：请腾出空间后重试。"
                ) from None
            raise StoreError(f"知识库文件 {str(self.path)!r} 出错（{e}），请运行 a408 kb rebuild 重建。") from None

    @contextlib.contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A transaction that has the file for itself."""
        with self.guard(), writing(self._db) as db:
            yield db

    def rows(self, query: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """The rows of a query."""
        with self.guard():
            return self._db.execute(query, values).fetchall()

    @property
    def seen(self) -> tuple[str, list[str]]:
        """An SQL condition on documents ``d`` for what the owner sees, with its values."""
        return ("1", []) if self.owner is None else ("(d.collection = 'notes' OR d.owner = ?)", [self.owner])

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
            documents: each with its own owner; an id that another owner has is refused.
            tokens: index tokens of each chunk.
            vectors: of shape (len(chunks), dim), or `None`.
            collection: if given, everything else in that collection of this owner's is removed.
            meta: keys to set in the same transaction.

        Raises:
            StoreError: the disk is full, the file damaged, or the index can't be reached; then nothing has changed.
        """
        if self.index is not None:
            indexed.keep_in_step(self, self.index)
        with self.writing() as db:
            if collection is not None:
                query = "SELECT id, owner FROM documents WHERE collection=? AND owner=?"
                for doc, owner in db.execute(query, (collection, self.owner or "")).fetchall():
                    self._delete(doc, owner)
            counts = Counter(c.doc for c in chunks)
            sections = Counter(doc for doc, _ in {(c.doc, c.anchor or c.section) for c in chunks})
            for d in documents:
                self._delete(d.id, d.owner)
                row = (d.id, d.title, d.collection, d.source, d.sha256, d.pages, d.added_at, d.position, d.owner)
                db.execute("INSERT INTO documents VALUES (?,?,?,?,?,?,?,?,?,?,?)", (*row, counts[d.id], sections[d.id]))
            first = self._next_id()
            for i, c in enumerate(chunks, first):
                blob = None if vectors is None else vectors[i - first].astype("<f2").tobytes()
                box = json.dumps(c.box) if c.box else None
                chunk = (i, c.doc, c.section, c.anchor, c.page, c.part, c.text, blob, box)
                db.execute("INSERT INTO chunks VALUES (?,?,?,?,?,?,?,?,?)", chunk)
                db.execute(
                    "INSERT INTO fts(rowid, tokens) VALUES (?,?)", (i, " ".join(map(fts_token, tokens[i - first])))
                )
            for key, value in ({"next_id": str(first + len(chunks))} | (meta or {})).items():
                db.execute("INSERT OR REPLACE INTO meta VALUES (?,?)", (key, value))
            db.execute(_NEXT_GENERATION)
            if self.index is not None:
                placed = {d.id: d for d in documents}
                places = [place(placed[c.doc], c.page) for c in chunks]
                indexed.put(db, self.index, first, vectors, places)
        if self.index is not None:
            indexed.drop_orphans(self, self.index)

    def remove(self, doc: str) -> bool:
        """Removes a document and all that came of it; whether it was there, and its owner's to remove."""
        with self.writing() as db:
            row = db.execute("SELECT owner FROM documents WHERE id=?", (doc,)).fetchone()
            found = row is not None and self.owner in (None, row[0])
            if found:
                self._delete(doc, row[0])
                db.execute(_NEXT_GENERATION)
                if self.index is not None:
                    indexed.mark(db, self.index)
        if self.index is not None:
            indexed.drop_orphans(self, self.index)
        return found

    def _delete(self, doc: str, owner: str) -> None:
        mine = "(SELECT c.id FROM chunks c JOIN documents d ON d.id = c.doc WHERE d.id=? AND d.owner=?)"
        if self.index is not None:
            self._db.execute(f"INSERT OR IGNORE INTO orphans SELECT * FROM {mine}", (doc, owner))
        self._db.execute(f"DELETE FROM fts WHERE rowid IN {mine}", (doc, owner))
        self._db.execute("DELETE FROM documents WHERE id=? AND owner=?", (doc, owner))

    def _next_id(self) -> int:
        """An id that no chunk ever had, so that a vector left behind somewhere is never taken for another's."""
        (last,) = self._db.execute("SELECT coalesce(max(id), 0) FROM chunks").fetchone()
        return max(int(self.meta("next_id") or 1), int(last) + 1)

    # --- reading -------------------------------------------------------------------------------------------------

    def meta(self, key: str) -> str | None:
        """A value set by `replace`."""
        found = self.rows("SELECT value FROM meta WHERE key=?", (key,))
        return str(found[0][0]) if found else None

    def base(self) -> str:
        """The name of this knowledge base on servers; drawn once."""
        if (found := self.meta("base")) is None:
            with self.writing() as db:
                db.execute("INSERT OR IGNORE INTO meta VALUES ('base', ?)", (secrets.token_hex(6),))
            return self.base()
        return found

    def rename(self) -> None:
        """Forgets its name on servers; whoever opens it next draws another."""
        with self.writing() as db:
            db.execute("DELETE FROM meta WHERE key = 'base' OR key LIKE 'index:%'")

    def generation(self) -> int:
        """Counts the changes ever made to the file."""
        return int(self.meta("generation") or 0)

    def documents(self) -> list[Document]:
        """All documents, the shipped ones first in book order."""
        seen, values = self.seen
        rows = self.rows(
            f"SELECT {DOCUMENT} FROM documents d WHERE {seen} ORDER BY d.collection != 'notes', d.position, d.added_at",
            values,
        )
        return [Document(*row) for row in rows]

    def count(self) -> dict[str, int]:
        """Chunks by document id."""
        seen, values = self.seen
        return dict(self.rows(f"SELECT d.id, d.chunks FROM documents d WHERE d.chunks > 0 AND {seen}", values))

    def chunks(self, ids: Sequence[int]) -> list[Chunk]:
        """Chunks by id, in the order asked; those that are gone are left out."""
        found = self.find(ids)
        return [found[i] for i in ids if i in found]

    def find(self, ids: Sequence[int]) -> dict[int, Chunk]:
        """The chunks that are there, by id."""
        seen, values = self.seen
        rows = self.rows(
            "SELECT c.id, c.doc, d.title, c.section, c.anchor, c.page, c.text, c.part, c.box FROM chunks c "
            f"JOIN documents d ON d.id = c.doc WHERE c.id IN (SELECT value FROM json_each(?)) AND {seen}",
            [json.dumps([int(i) for i in ids]), *values],
        )
        return {row[0]: Chunk(*(*row[1:8], tuple(json.loads(row[8])) if row[8] else None)) for row in rows}

    def section(self, doc: str, anchor: str) -> list[Chunk]:
        """The chunks of one anchored section, in order, without the ways of asking for it."""
        rows = self.rows(
            "SELECT id FROM chunks WHERE doc=? AND anchor=? AND part != ? ORDER BY id", (doc, anchor, ASKED)
        )
        return self.chunks([r[0] for r in rows])

    def lexical(self, tokens: Sequence[str], limit: int = 1000, where: Filter | None = None) -> dict[int, float]:
        """BM25 scores (larger is better) of the chunks that share a token with the query.

        Args:
            where: narrows it, but for the subject. The words are weighed by how rare they are in the whole file.
        """
        words = list(dict.fromkeys(fts_token(t) for t in tokens))
        if not words:
            return {}
        match = " OR ".join(f'"{w}"' for w in words[:200])
        query, values = "SELECT f.rowid, -f.rank FROM fts f", [match]
        narrow = [c for c in (where.conditions() if where else []) if c.field != "subject"]
        if narrow or self.others():
            docs = [
                d.id for d in self.documents() if all(c.holds(place(d)[c.field]) for c in narrow if c.field != "page")
            ]
            query += " JOIN chunks c ON c.id = f.rowid AND c.doc IN (SELECT value FROM json_each(?))"
            values.insert(0, json.dumps(docs))
            for c in narrow:
                if c.field == "page":
                    query += f" AND c.page BETWEEN {c.low:d} AND {c.high or 1 << 62:d}"
        return dict(self.rows(f"{query} WHERE fts MATCH ? ORDER BY rank LIMIT {limit:d}", values))

    def others(self) -> bool:
        """Whether there are documents that this owner doesn't see."""
        seen, values = self.seen
        return bool(self.rows(f"SELECT EXISTS (SELECT 1 FROM documents d WHERE NOT {seen})", values)[0][0])

    def ping(self) -> None:
        """Asks the file and the index; see `assistant408.kb.store.base.Store`."""
        self.generation()
        if self.index is not None:
            self.index.count()

    def matrix(self) -> Matrix:
        """All vectors, reloaded when any connection has changed the file."""
        matrix = self._matrix()
        if self.owner is None or not self.others():
            return matrix
        return exact.visible(matrix, exact.holds(matrix, [sees(self.owner)]))

    def _matrix(self) -> Matrix:
        with self.held.lock, self.guard():
            version = self.generation()
            if self.held.matrix is None or self.held.matrix[0] != version:
                self._db.execute("BEGIN")
                try:
                    documents = [Document(*row) for row in self._db.execute(f"SELECT {DOCUMENT} FROM documents d")]
                    query = "SELECT id, vector, doc, anchor, section, page FROM chunks ORDER BY id"
                    self.held.matrix = (version, exact.read_matrix(self._db.execute(query).fetchall(), documents))
                finally:
                    self._db.execute("ROLLBACK")
            return self.held.matrix[1]

    def candidates(
        self, tokens: Sequence[str], vector: Callable[[], Vectors | None], where: Filter, limit: int
    ) -> Candidates:
        """See `assistant408.kb.store.base.Store`."""
        if self.index is not None:
            return indexed.candidates(self, self.index, tokens, vector, where, limit)
        matrix = self._matrix()
        unseen = self.owner is not None and self.others()
        seen = exact.holds(matrix, [sees(self.owner)]) if unseen and self.owner is not None else None
        narrow = where.conditions()
        alone = all(c.field == "subject" for c in narrow)
        found = (lambda: self.lexical(tokens)) if alone else (lambda: self.lexical(tokens, where=where))
        return exact.candidates(matrix, found, vector, seen, narrow)


class Held:
    """What all views of a store share.

    Attributes:
        matrix: the matrix of a generation of the file.
        scales: by owner, of a generation; see `assistant408.kb.store.indexed`.
        in_step: whether the index was found to be complete.
        fresh: the generation that the index was last asked to show.
    """

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.matrix: tuple[int, Matrix] | None = None
        self.scales: dict[str | None, tuple[int, indexed.Scale]] = {}
        self.in_step = False
        self.fresh = -1


def whole(path: Path) -> bool:
    """Whether a store's file can be read from end to end."""
    try:
        with contextlib.closing(sqlite3.connect(path, timeout=30)) as db:
            return bool(db.execute("PRAGMA integrity_check").fetchone()[0] == "ok")
    except sqlite3.DatabaseError:
        return False
