"""What every store agrees on: documents, who sees them, what a search may be narrowed to, and what it gets back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Protocol

import numpy as np
import numpy.typing as npt

from assistant408.kb.chunk import Chunk
from assistant408.kb.embed import Vectors
from assistant408.kb.fuse import Population, Scores

__all__ = [
    "SHIPPED",
    "Candidates",
    "Condition",
    "Document",
    "Filter",
    "Ints",
    "Matrix",
    "Place",
    "Store",
    "VectorIndex",
    "place",
    "sees",
]

SHIPPED = "notes"  # the collection of the shipped notes, which everyone sees
Ints = npt.NDArray[np.int64]
Place = Mapping[str, str | int]


@dataclass(frozen=True)
class Document:
    """A document of the knowledge base.

    Attributes:
        collection: ``notes`` for the shipped ones.
        added_at: ISO, in UTC; "" for the shipped ones.
        owner: who alone sees it; "" for the shipped ones and for the one user of a program without accounts.
    """

    id: str
    title: str
    collection: str
    source: str
    sha256: str
    pages: int | None
    added_at: str
    position: int = 0
    owner: str = ""


@dataclass(frozen=True)
class Condition:
    """That a field of a `place` is one of `among`, or, where that is empty, from `low` to `high`."""

    field: str
    among: tuple[str, ...] = ()
    low: int = 0
    high: int | None = None

    def holds(self, value: str | int) -> bool:
        """Whether a value satisfies it.

        Examples:
            >>> Condition("doc", ("a", "b")).holds("b"), Condition("page", low=3, high=9).holds(10)
            (True, False)
        """
        if self.among:
            return value in self.among
        return isinstance(value, int) and self.low <= value and (self.high is None or value <= self.high)


@dataclass(frozen=True)
class Filter:
    """What a search is narrowed to; every part that is given must hold.

    Attributes:
        subject: of the shipped notes; one's own documents have none and always pass.
        documents: ids.
        formats: file name endings without the dot, as ``pdf``.
        pages: first and last page, 1-based; passages without a page don't pass.
        since: seconds since 1970 from which on a document was added; the shipped notes don't pass.
    """

    subject: str | None = None
    collections: tuple[str, ...] | None = None
    documents: tuple[str, ...] | None = None
    formats: tuple[str, ...] | None = None
    pages: tuple[int, int] | None = None
    since: int | None = None

    def conditions(self) -> list[Condition]:
        """The same as conditions on `place`.

        Examples:
            >>> [(c.field, c.among or (c.low, c.high)) for c in Filter(subject="os", pages=(3, 9)).conditions()]
            [('subject', ('*', 'os')), ('page', (3, 9))]
        """
        out = []
        if self.subject is not None:
            out.append(Condition("subject", ("*", self.subject)))
        for field, among in (("collection", self.collections), ("doc", self.documents), ("format", self.formats)):
            if among is not None:
                out.append(Condition(field, among or ("\0",)))  # among nothing: no document has that
        if self.since is not None:
            out.append(Condition("added", low=self.since))
        if self.pages is not None:
            out.append(Condition("page", low=self.pages[0], high=self.pages[1]))
        return out


def sees(owner: str) -> Condition:
    """That a passage may be seen by `owner`: it is shipped, or his own."""
    return Condition("seen_by", ("*", f"={owner}"))


def place(document: Document, page: int | None = None) -> dict[str, str | int]:
    """What a vector index knows of a passage beside its vector: enough to filter by, and nothing of its text.

    Examples:
        >>> place(Document("os/deadlock", "死锁", "notes", "a.md", "", None, ""))
        {'seen_by': '*', 'subject': 'os', 'collection': 'notes', 'doc': 'os/deadlock', 'format': 'md', 'added': 0, 'page': 0}
    """
    shipped = document.collection == SHIPPED
    return {
        "seen_by": "*" if shipped else f"={document.owner}",
        "subject": document.id.split("/")[0] if shipped else "*",
        "collection": document.collection,
        "doc": document.id,
        "format": PurePosixPath(document.source).suffix.lower().lstrip("."),
        "added": int(datetime.fromisoformat(document.added_at).timestamp()) if document.added_at else 0,
        "page": page or 0,
    }


@dataclass(frozen=True)
class Matrix:
    """The chunks of a store.

    Attributes:
        ids: of shape (n,), ascending.
        vectors: of shape (n, dim); dim is 0 where there are none.
        sections: the number of each chunk's section, of shape (n,).
        docs: where its document stands in `documents`, of shape (n,).
        pages: of shape (n,), 0 for none.
    """

    ids: Ints
    vectors: Vectors
    sections: Ints
    docs: Ints
    pages: Ints
    documents: tuple[Document, ...]


@dataclass(frozen=True)
class Candidates:
    """The chunks that a search ranks.

    Attributes:
        ids: of shape (n,).
        lexical: BM25, of shape (n,), 0 where no word matches.
        dense: cosine, of shape (n,); `None` without vectors.
        sections: the number of each one's section, of shape (n,).
        allowed: which of them pass the filter, of shape (n,); `None` for all. The others only set the scale.
        population: the chunks that these are the best of; `None` if they are all there are.
    """

    ids: Ints
    lexical: Scores
    dense: Scores | None
    sections: Ints
    allowed: npt.NDArray[np.bool_] | None = None
    population: Population | None = None


class Store(Protocol):
    """Documents and their chunks. A change is seen whole or not at all, by every process.

    A store is seen by one `owner`: the shipped notes, and the documents that have exactly this owner. Whatever lists,
    finds or removes keeps to that.
    """

    path: Path

    def of(self, owner: str | None) -> Store:
        """The same store as `owner` sees it; `None` sees and removes everything: for the program's own upkeep."""
        ...

    def replace(
        self,
        documents: Sequence[Document],
        chunks: Sequence[Chunk],
        tokens: Sequence[Sequence[str]],
        vectors: Vectors | None,
        collection: str | None = None,
        meta: dict[str, str] | None = None,
    ) -> None:
        """Puts documents in with all their chunks, in place of what had their ids; see `SqliteStore.replace`."""
        ...

    def remove(self, doc: str) -> bool:
        """Removes a document and all that came of it; whether it was there."""
        ...

    def meta(self, key: str) -> str | None:
        """A value set by `replace`."""
        ...

    def documents(self) -> list[Document]:
        """All documents, the shipped ones first in book order."""
        ...

    def count(self) -> dict[str, int]:
        """Chunks by document id."""
        ...

    def find(self, ids: Sequence[int]) -> dict[int, Chunk]:
        """The chunks that are there, by id."""
        ...

    def section(self, doc: str, anchor: str) -> list[Chunk]:
        """The chunks of one anchored section, in order, without the ways of asking for it."""
        ...

    def lexical(self, tokens: Sequence[str], limit: int = 1000) -> dict[int, float]:
        """BM25 scores (larger is better) of the chunks that share a token with the query."""
        ...

    def ping(self) -> None:
        """Asks whatever a search will ask.

        Raises:
            StoreError: it doesn't answer.
        """
        ...

    def matrix(self) -> Matrix:
        """All vectors, to compare everything with everything; don't use it to search."""
        ...

    def candidates(
        self, tokens: Sequence[str], vector: Callable[[], Vectors | None], where: Filter, limit: int
    ) -> Candidates:
        """What a search ranks.

        Args:
            vector: of the question, of shape (dim,); asked for only if there is something to compare it with.
            limit: passages that are wanted in the end.
        """
        ...


class VectorIndex(Protocol):
    """Vectors on a server, found by nearness. The store's file says which of them count; an index may hold more.

    Raises:
        StoreError: from every method, one sentence, if the server can't be reached or refuses.
    """

    name: str  # as in the setting

    def put(self, ids: Sequence[int], vectors: Vectors, places: Sequence[Place]) -> None:
        """Keeps vectors, of shape (n, dim), as they are; they are there when it returns. Same id: the last one stays."""
        ...

    def drop(self, ids: Sequence[int]) -> None:
        """Drops what there is of these."""
        ...

    def drop_from(self, id: int) -> None:
        """Drops all ids from this one on."""
        ...

    def nearest(self, vector: Vectors, limit: int, conditions: Sequence[Condition]) -> list[int]:
        """Ids by inner product, the largest first."""
        ...

    def fetch(self, ids: Sequence[int]) -> dict[int, tuple[Vectors, Place]]:
        """What there is of these, by id."""
        ...

    def ids(self) -> set[int]:
        """All ids."""
        ...

    def count(self) -> int:
        """Vectors that are there."""
        ...

    def clear(self) -> None:
        """Drops everything of this knowledge base."""
        ...

    def refresh(self) -> None:
        """Called before a search that is to see what other processes have written."""
        ...

    def close(self) -> None:
        """Frees what it holds; only when nobody uses it any more."""
        ...
