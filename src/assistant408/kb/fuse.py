"""Fusing lexical and dense scores."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

__all__ = ["LEXICAL_WEIGHT", "SECTION_WEIGHT", "fuse"]

LEXICAL_WEIGHT = 0.4  # the best of the mixtures tried on the tuning half, see docs/decisions/0003-retrieval.md
SECTION_WEIGHT = 0.2

Scores = npt.NDArray[np.float32]


def fuse(
    lexical: Scores,
    dense: Scores | None,
    sections: npt.NDArray[np.int64] | None = None,
    weight: float = LEXICAL_WEIGHT,
    section_weight: float = SECTION_WEIGHT,
) -> Scores:
    """A weighted sum of z-scores over all chunks, plus what the chunk's whole section has of the words.

    Args:
        lexical: BM25 of each chunk, of shape (n,), 0 where nothing matches.
        dense: cosine of each chunk, of shape (n,); lexical alone without it.
        sections: the number of each chunk's section, of shape (n,).

    Examples:
        >>> fuse(np.array([1, 0, 0], np.float32), np.array([0, 0, 1], np.float32), weight=0.3).argmax()
        np.int64(2)
    """
    scores = _z(lexical) if dense is None else weight * _z(lexical) + (1 - weight) * _z(dense)
    if sections is not None and section_weight:
        scores = scores + section_weight * _z(_section_sums(lexical, sections))[sections]
    return scores.astype(np.float32)


def _section_sums(lexical: Scores, sections: npt.NDArray[np.int64], best: int = 3) -> Scores:
    """The sum of the `best` scores of each section, of shape (number of sections,)."""
    out = np.zeros(int(sections.max(initial=-1)) + 1, np.float32)
    taken = np.zeros(len(out), np.int64)
    for i in np.argsort(-lexical, kind="stable"):
        if lexical[i] <= 0:
            break
        if taken[sections[i]] < best:
            taken[sections[i]] += 1
            out[sections[i]] += lexical[i]
    return out


def _z(scores: Scores) -> Scores:
    spread = float(scores.std())
    if spread < 1e-9:
        return np.zeros_like(scores)
    out: Scores = (scores - scores.mean()) / spread
    return out
