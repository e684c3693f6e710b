"""The knowledge base as the rest of the program sees it: search, and the documents in it."""

from __future__ import annotations

import copy
import hashlib
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from assistant408.kb.chunk import ASKED, Chunk
from assistant408.kb.embed import Embedder, Vectors
from assistant408.kb.fuse import fuse
from assistant408.kb.store.base import Document, Filter, Store
from assistant408.kb.store.sqlite import SqliteStore
from assistant408.kb.text import Terms, tokens

__all__ = ["Hit", "KnowledgeBase", "vector_key"]


@dataclass(frozen=True)
class Hit:
    """A passage that was found.

    Attributes:
        score: the fused score, in standard deviations above the mean of all passages.
        cosine: similarity of question and passage, 0 without an embedding model.
        coverage: share of the question's distinct tokens that the passage contains, 0 to 1.
    """

    id: int
    chunk: Chunk
    score: float
    cosine: float
    coverage: float


class KnowledgeBase:
    """Hybrid search over a store.

    Args:
        store: or the path of a SQLite file; made if it isn't there.
        embedder: called on the first search, so that start-up stays light; may return `None` (keywords only).
        terms: the field's dictionary, for segmentation.
        expand: gives other names of the terms in a question; `search` doesn't use it, since it lowers recall@1.
    """

    def __init__(
        self,
        store: Store | Path,
        embedder: Callable[[], Embedder | None],
        terms: Terms | None = None,
        expand: Callable[[str], Sequence[str]] = lambda _: (),
    ) -> None:
        self.store: Store = SqliteStore(store) if isinstance(store, Path) else store
        self.terms = terms
        self.expand = expand
        self._open_embedder = _once(embedder)

    def of(self, owner: str) -> KnowledgeBase:
        """The same base as `owner` sees it: the shipped notes and his own documents, in everything it does.

        "", which it is at first, is the one user of a program without accounts.
        """
        view = copy.copy(self)
        view.store = self.store.of(owner)
        return view

    @property
    def embedder(self) -> Embedder | None:
        """The embedding model, opened on first use."""
        return self._open_embedder()

    def search(
        self,
        question: str,
        limit: int = 5,
        subject: str | None = None,
        collections: Sequence[str] | None = None,
        per_section: int = 2,
        where: Filter = Filter(),  # noqa: B008  (frozen)
    ) -> list[Hit]:
        """The best passages for a question, at most `per_section` from one section.

        Args:
            where: narrows it further; `subject` and `collections` are short for the same in it.
        """
        if subject is not None:
            where = replace(where, subject=subject)
        if collections is not None:
            where = replace(where, collections=tuple(collections))
        if not question.strip():
            return []
        words = tokens(question, self.terms)
        embedder = self.embedder
        ask = (lambda: None) if embedder is None else (lambda: embedder.query(question))
        found = self.store.candidates(words, ask, where, limit)
        ids, dense = found.ids, found.dense
        if len(ids) == 0 or (dense is None and not found.lexical.any()):  # not one word of it occurs
            return []
        scores = fuse(found.lexical, dense, found.sections, population=found.population)
        allowed = found.allowed
        best = np.argsort(-scores, kind="stable")
        distinct = set(words)
        hits: list[Hit] = []
        taken: dict[tuple[str, str], int] = {}
        for start in range(0, len(best), 64):
            block = [int(i) for i in best[start : start + 64] if allowed is None or allowed[i]]
            chunks = self.store.find([int(ids[i]) for i in block])
            for i in block:
                chunk = chunks.get(int(ids[i]))
                if chunk is None:  # or removed some
                    continue
                key = (chunk.doc, chunk.anchor or chunk.section)
                if taken.get(key, 0) >= per_section:
                    continue
                if chunk.part == ASKED:
                    if key in taken:
                        continue
                    section = self.store.section(chunk.doc, chunk.anchor)
                    if not section:
                        continue
                    chunk = section[0]
                if any(h.chunk == chunk for h in hits):
                    continue
                taken[key] = taken.get(key, 0) + 1
                cosine = 0.0 if dense is None else float(dense[i])
                have = set(tokens(f"{chunk.section} {chunk.text}", self.terms))
                coverage = len(distinct & have) / len(distinct) if distinct else 0.0
                hits.append(Hit(int(ids[i]), chunk, float(scores[i]), cosine, coverage))
                if len(hits) >= limit:
                    return hits
        return hits

    def similarity(self, question: str) -> Callable[[Sequence[str]], Sequence[float]] | None:
        """A function that scores texts by their likeness to `question`; `None` without an embedding model."""
        embedder = self.embedder
        if embedder is None:
            return None
        vector = embedder.query(question)
        return lambda texts: [float(s) for s in embedder.passages(texts) @ vector]

    def put(
        self,
        documents: Sequence[Document],
        chunks: Sequence[Chunk],
        known: dict[str, Vectors] | None = None,
        collection: str | None = None,
        meta: dict[str, str] | None = None,
        report: Callable[[int, int], None] = lambda done, total: None,
    ) -> None:
        """Indexes documents.

        Args:
            known: vectors by `vector_key`, so that these needn't be computed.
            collection: if given, everything else in that collection goes.
            report: called with (chunks embedded, chunks to embed).
        """
        vectors = self._vectors(chunks, known or {}, report)
        words = [tokens(f"{c.section} {c.text}", self.terms) for c in chunks]
        self.store.replace(documents, chunks, words, vectors, collection, meta)

    def _vectors(
        self, chunks: Sequence[Chunk], known: dict[str, Vectors], report: Callable[[int, int], None]
    ) -> Vectors | None:
        embedder = self.embedder
        if embedder is None:
            return None
        out = np.zeros((len(chunks), embedder.dim), np.float32)
        missing = []
        for i, chunk in enumerate(chunks):
            vector = known.get(vector_key(embedder.name, chunk.embedded))
            if vector is None:
                missing.append(i)
            else:
                out[i] = vector
        for start in range(0, len(missing), 8):
            report(start, len(missing))
            batch = missing[start : start + 8]
            out[batch] = embedder.passages([chunks[i].embedded for i in batch])
        report(len(missing), len(missing))
        return out


def _once(make: Callable[[], Embedder | None]) -> Callable[[], Embedder | None]:
    """The same, called at most once, also by threads at the same time."""
    lock = threading.Lock()
    made: list[Embedder | None] = []

    def get() -> Embedder | None:
        with lock:
            if not made:
                made.append(make())
            return made[0]

    return get


def vector_key(model: str, text: str) -> str:
    """The name under which a text's vector is kept."""
    return hashlib.sha256(f"{model}\0{text}".encode()).hexdigest()[:24]
