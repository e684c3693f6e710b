"""A store whose vectors are looked up on a server: the SQLite file says what is there, the server what is near.

The file keeps everything, vectors too. A change is made in this order, all but the last step under the file's write lock:
what a crash left on the server goes; the new vectors are put there, under ids that no chunk ever had; the file's one
transaction is committed, and with it the list of old ids; these are dropped. A search asks the server for near ids,
drops those the file doesn't know, and scores the rest, with those that share words, exactly as the full scan would.
So wherever it stops, a search sees the old state or the new one.
"""

from __future__ import annotations

import json
import logging
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from assistant408.core.errors import StoreError
from assistant408.kb.embed import Vectors
from assistant408.kb.fuse import Population
from assistant408.kb.store import exact
from assistant408.kb.store.base import Candidates, Document, Filter, Place, VectorIndex, place, sees

if TYPE_CHECKING:
    from assistant408.kb.store.sqlite import SqliteStore

__all__ = ["DOCUMENT", "Scale", "candidates", "drop_orphans", "keep_in_step", "local_rows", "mark", "put", "sync"]

DOCUMENT = "d.id, d.title, d.collection, d.source, d.sha256, d.pages, d.added_at, d.position, d.owner"
BATCH = 1000  # vectors in one request
COMPARED = 200_000  # ids that are compared one by one when a store is first used
SAMPLE = 4000  # vectors from which the scale of cosines is estimated
_log = logging.getLogger(__name__)


# --- writing ---------------------------------------------------------------------------------------------------------


def put(
    db: sqlite3.Connection, index: VectorIndex, first: int, vectors: Vectors | None, places: Sequence[Place]
) -> None:
    """Puts the vectors of new chunks on the server, inside the transaction that adds them.

    Args:
        first: id of the first; the others follow.
    """
    index.drop_from(first)  # a process that died here before left them
    for start in range(0, len(places) if vectors is not None else 0, BATCH):
        assert vectors is not None
        some = vectors[start : start + BATCH].astype("<f2").astype(np.float32)
        index.put(range(first + start, first + start + len(some)), some, places[start : start + BATCH])
    mark(db, index)


def mark(db: sqlite3.Connection, index: VectorIndex) -> None:
    """Notes in the file that the index has followed it so far."""
    query = "INSERT OR REPLACE INTO meta SELECT 'index:' || ?, value FROM meta WHERE key = 'generation'"
    db.execute(query, (index.name,))


def drop_orphans(store: SqliteStore, index: VectorIndex) -> None:
    """Drops the vectors of chunks that are gone; if the server can't be reached, the next change does."""
    ids = [row[0] for row in store.rows("SELECT id FROM orphans")]
    try:
        for start in range(0, len(ids), BATCH):
            index.drop(ids[start : start + BATCH])
    except StoreError as e:
        _log.warning("%d vectors of removed passages are still on the server: %s", len(ids), e)
        return
    if ids:
        with store.writing() as db:
            db.execute("DELETE FROM orphans WHERE id IN (SELECT value FROM json_each(?))", (json.dumps(ids),))


def keep_in_step(store: SqliteStore, index: VectorIndex) -> None:
    """Brings the index up to the file, where the file was changed without it, or restored from a backup."""
    followed = store.meta(f"index:{index.name}") == store.meta("generation")
    if followed and store.held.in_step:
        return
    if not followed or not _complete(store, index):
        sync(store, index)
    store.held.in_step = True


def _complete(store: SqliteStore, index: VectorIndex) -> bool:
    """Whether file and index have the same ids; past `COMPARED`, whether they have as many."""
    (count,) = store.rows("SELECT count(*) FROM chunks WHERE vector IS NOT NULL")[0]
    if index.count() != count:
        return False
    missing, strays, _ = _difference(store, index) if count <= COMPARED else ([], [], 0)
    return not missing and not strays


def sync(store: SqliteStore, index: VectorIndex, report: Callable[[int, int], None] = lambda done, total: None) -> int:
    """Puts on the server what it lacks and drops what the file doesn't have; how many vectors there are then.

    What was put before stays, so one that was interrupted goes on.

    Args:
        report: called with (vectors there, vectors in all).
    """
    missing, _, total = _difference(store, index)
    for start in range(0, len(missing), BATCH):
        report(total - len(missing) + start, total)
        _push(store, index, missing[start : start + BATCH])
    with store.writing() as db:  # what came in meanwhile, with nobody else at it
        missing, strays, total = _difference(store, index)
        for start in range(0, len(missing), BATCH):
            _push(store, index, missing[start : start + BATCH])
        for start in range(0, len(strays), BATCH):
            index.drop(strays[start : start + BATCH])
        db.execute("DELETE FROM orphans")
        mark(db, index)
    report(total, total)
    return total


def _difference(store: SqliteStore, index: VectorIndex) -> tuple[list[int], list[int], int]:
    """Ids that the index lacks, ids that it has too many, and how many there should be."""
    here = {row[0] for row in store.rows("SELECT id FROM chunks WHERE vector IS NOT NULL")}
    there = index.ids()
    return sorted(here - there), sorted(there - here), len(here)


def _push(store: SqliteStore, index: VectorIndex, ids: Sequence[int]) -> None:
    by_dim: dict[int, list[tuple[int, Vectors, Place]]] = {}
    for row in local_rows(store, ids):
        by_dim.setdefault(len(row[1]), []).append(row)
    for some in by_dim.values():
        index.put([r[0] for r in some], np.stack([r[1] for r in some]), [r[2] for r in some])


def local_rows(store: SqliteStore, ids: Sequence[int]) -> list[tuple[int, Vectors, Place]]:
    """Id, vector and place of chunks as the file has them, by id."""
    query = (
        f"SELECT c.id, c.vector, c.page, {DOCUMENT} FROM chunks c JOIN documents d ON d.id = c.doc "
        "WHERE c.vector IS NOT NULL AND c.id IN (SELECT value FROM json_each(?)) ORDER BY c.id"
    )
    return [
        (row[0], np.frombuffer(row[1], "<f2").astype(np.float32), place(Document(*row[3:]), row[2]))
        for row in store.rows(query, [json.dumps(list(ids))])
    ]


# --- searching -------------------------------------------------------------------------------------------------------


def candidates(
    store: SqliteStore,
    index: VectorIndex,
    tokens: Sequence[str],
    vector: Callable[[], Vectors | None],
    where: Filter,
    limit: int,
) -> Candidates:
    """See `assistant408.kb.store.base.Store`: those near by the server's word, and those that share words."""
    keep_in_step(store, index)
    if store.held.fresh != (generation := store.generation()):
        index.refresh()
        store.held.fresh = generation
    words = store.lexical(tokens, where=where)
    asked = vector()
    conditions = where.conditions()
    if store.owner is not None and store.others():
        conditions.append(sees(store.owner))
    wanted = max(256, 16 * limit)
    while True:
        near = [] if asked is None else index.nearest(asked, wanted, conditions)
        rows = _rows(store, set(near) | words.keys())
        strays = len(near) - len({r[0] for r in rows}.intersection(near))
        if strays <= len(near) // 2 or wanted > 1 << 14:
            break
        wanted *= 4  # too many of what is being dropped
    documents = {r[2]: Document(*r[6:]) for r in rows}
    matrix = exact.read_matrix([r[:6] for r in rows], list(documents.values()))
    found = exact.candidates(matrix, lambda: words, lambda: asked, None, where.conditions())
    return replace(found, population=_population(store, asked))


def _rows(store: SqliteStore, ids: set[int]) -> list[Any]:
    """Id, vector, document, anchor, section and page of chunks that are there, then the columns of the document."""
    seen, values = store.seen
    query = (
        f"SELECT c.id, c.vector, c.doc, c.anchor, c.section, c.page, {DOCUMENT} FROM chunks c "
        f"JOIN documents d ON d.id = c.doc WHERE c.id IN (SELECT value FROM json_each(?)) AND {seen} ORDER BY c.id"
    )
    return store.rows(query, [json.dumps(sorted(ids)), *values])


def _population(store: SqliteStore, asked: Vectors | None) -> Population:
    """How many chunks the owner sees, and the scale of their cosines."""
    scale = _scale(store)
    alike = [] if asked is None else [v for v in scale.sample if len(v) == len(asked)]
    if not alike or asked is None:
        return Population(scale.chunks, scale.sections, 0.0, 1.0)
    near = np.stack(alike) @ asked
    return Population(scale.chunks, scale.sections, float(near.mean()), float(near.std()))


@dataclass(frozen=True)
class Scale:
    """Chunks and sections that an owner sees, and vectors of some of them, of all where they are few."""

    chunks: int
    sections: int
    sample: list[Vectors]


def _scale(store: SqliteStore) -> Scale:
    """That of the file as it is now; kept until it changes."""
    generation = store.generation()
    held = store.held.scales.get(store.owner)
    if held is not None and held[0] == generation:
        return held[1]
    seen, values = store.seen
    query = f"SELECT coalesce(sum(d.chunks), 0), coalesce(sum(d.sections), 0) FROM documents d WHERE {seen}"
    chunks, sections = store.rows(query, values)[0]
    query = f"SELECT c.vector FROM chunks c JOIN documents d ON d.id = c.doc WHERE c.vector IS NOT NULL AND {seen}"
    if chunks > 2 * SAMPLE:
        (last,) = store.rows("SELECT max(id) FROM chunks")[0]
        drawn = np.random.default_rng(408).integers(1, last + 1, 4 * SAMPLE).tolist()
        query, values = f"{query} AND c.id IN (SELECT value FROM json_each(?))", [*values, json.dumps(drawn)]
    rows = store.rows(f"{query} LIMIT {2 * SAMPLE}", values)
    scale = Scale(chunks, sections, [np.frombuffer(r[0], "<f2").astype(np.float32) for r in rows])
    if len(store.held.scales) > 16:
        store.held.scales.clear()
    store.held.scales[store.owner] = (generation, scale)
    return scale
