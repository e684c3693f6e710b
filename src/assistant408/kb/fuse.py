"""Fusing lexical and dense scores."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

__all__ = ["LEXICAL_WEIGHT", "fuse"]

LEXICAL_WEIGHT = 0.3  # the best of the mixtures measured, see docs/decisions/0003-retrieval.md

Scores = npt.NDArray[np.float32]


def fuse(lexical: Scores, dense: Scores | None, weight: float = LEXICAL_WEIGHT) -> Scores:
    """A weighted sum of z-scores over all candidates, each of shape (n,); lexical alone without `dense`.

    Examples:
        >>> fuse(np.array([1, 0, 0], np.float32), np.array([0, 0, 1], np.float32), 0.3).argmax()
        np.int64(2)
    """
    if dense is None:
        return _z(lexical)
    return weight * _z(lexical) + (1 - weight) * _z(dense)


def _z(scores: Scores) -> Scores:
    spread = float(scores.std())
    if spread < 1e-9:
        return np.zeros_like(scores)
    out: Scores = (scores - scores.mean()) / spread
    return out
