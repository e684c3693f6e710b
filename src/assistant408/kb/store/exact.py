"""The exact scan: all vectors of a store in one matrix in memory."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from assistant408.kb.embed import Vectors
from assistant408.kb.store.base import Candidates, Condition, Document, Matrix, place

__all__ = ["candidates", "holds", "read_matrix", "visible"]


def read_matrix(
    rows: Sequence[tuple[int, bytes | None, str, str, str, int | None]], documents: Sequence[Document]
) -> Matrix:
    """The matrix of the rows ``id, vector, doc, anchor, section, page`` of all chunks, by id."""
    numbers: dict[tuple[str, str], int] = {}
    sections = [numbers.setdefault((doc, anchor or path), len(numbers)) for _, _, doc, anchor, path, _ in rows]
    at = {d.id: i for i, d in enumerate(documents)}
    dims = {len(r[1]) // 2 for r in rows if r[1] is not None}
    dim = dims.pop() if len(dims) == 1 else 0
    vectors = np.zeros((len(rows), dim), np.float32)
    if dim:
        for i, row in enumerate(rows):
            if row[1] is not None:
                vectors[i] = np.frombuffer(row[1], "<f2")
    return Matrix(
        np.array([r[0] for r in rows], np.int64),
        vectors,
        np.array(sections, np.int64),
        np.array([at[r[2]] for r in rows], np.int64),
        np.array([r[5] or 0 for r in rows], np.int64),
        tuple(documents),
    )


def holds(matrix: Matrix, conditions: Sequence[Condition]) -> npt.NDArray[np.bool_]:
    """Which chunks satisfy all conditions, of shape (n,)."""
    of_document = [c for c in conditions if c.field != "page"]
    places = [place(d) for d in matrix.documents]
    pass_ = np.array([all(c.holds(p[c.field]) for c in of_document) for p in places], bool)
    out: npt.NDArray[np.bool_] = pass_[matrix.docs] if len(places) else np.zeros(0, bool)
    for c in conditions:
        if c.field == "page":
            out &= (matrix.pages >= c.low) & (matrix.pages <= (np.inf if c.high is None else c.high))
    return out


def visible(matrix: Matrix, seen: npt.NDArray[np.bool_]) -> Matrix:
    """The matrix of those that are `seen` alone, of shape (n,)."""
    sections = np.unique(matrix.sections[seen], return_inverse=True)[1].astype(np.int64)
    return Matrix(
        matrix.ids[seen], matrix.vectors[seen], sections, matrix.docs[seen], matrix.pages[seen], matrix.documents
    )


def candidates(
    matrix: Matrix,
    found: Callable[[], dict[int, float]],
    vector: Callable[[], Vectors | None],
    seen: npt.NDArray[np.bool_] | None,
    conditions: Sequence[Condition],
) -> Candidates:
    """All chunks that are `seen`, with exact scores.

    Args:
        found: gives BM25 by chunk id.
        vector: of the question.
        seen: of shape (n,); `None` for all.
        conditions: of the filter.
    """
    ids, lexical = matrix.ids, np.zeros(len(matrix.ids), np.float32)
    words = found()
    if words and len(ids):
        rows = np.fromiter(words, np.int64, len(words))
        at = np.minimum(np.searchsorted(ids, rows), len(ids) - 1)
        same = ids[at] == rows  # another process may have added chunks since the matrix was read
        lexical[at[same]] = np.fromiter(words.values(), np.float32, len(words))[same]
    asked = vector() if matrix.vectors.shape[1] else None
    dense = None if asked is None or len(asked) != matrix.vectors.shape[1] else matrix.vectors @ asked
    allowed = holds(matrix, conditions) if conditions else None
    if seen is None:
        return Candidates(ids, lexical, dense, matrix.sections, allowed)
    sections = np.unique(matrix.sections[seen], return_inverse=True)[1].astype(np.int64)
    return Candidates(
        ids[seen],
        lexical[seen],
        None if dense is None else dense[seen],
        sections,
        None if allowed is None else allowed[seen],
    )
