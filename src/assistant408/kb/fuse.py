"""Fusing lexical and dense scores."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

__all__ = ["LEXICAL_WEIGHT", "SECTION_WEIGHT", "Population", "fuse"]

LEXICAL_WEIGHT = 0.4  # the best of the mixtures tried on the tuning half, see docs/decisions/0003-retrieval.md
SECTION_WEIGHT = 0.2

Scores = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Population:
    """The chunks of which only the best are ranked; it sets the scale of their scores.

    Attributes:
        chunks: how many there are; those not ranked have no word of the question.
        sections: how many sections they make.
        mean: of all cosines.
        spread: their standard deviation.
    """

    chunks: int
    sections: int
    mean: float
    spread: float


def fuse(
    lexical: Scores,
    dense: Scores | None,
    sections: npt.NDArray[np.int64] | None = None,
    weight: float = LEXICAL_WEIGHT,
    section_weight: float = SECTION_WEIGHT,
    population: Population | None = None,
) -> Scores:
    """A weighted sum of z-scores over all chunks, plus what the chunk's whole section has of the words.

    Args:
        lexical: BM25 of each chunk, of shape (n,), 0 where nothing matches.
        dense: cosine of each chunk, of shape (n,); lexical alone without it.
        sections: the number of each chunk's section, of shape (n,).
        population: what the chunks are the best of, if they aren't all.

    Examples:
        >>> fuse(np.array([1, 0, 0], np.float32), np.array([0, 0, 1], np.float32), weight=0.3).argmax()
        np.int64(2)
        >>> all_of_them = np.array([3, 1, 0, 0], np.float32), np.array([0.9, 0.1, 0.4, 0.2], np.float32)
        >>> best = fuse(all_of_them[0][:2], all_of_them[1][:2], population=Population(4, 4, 0.4, float(all_of_them[1].std())))
        >>> np.allclose(best, fuse(*all_of_them)[:2], atol=1e-6)
        True
    """
    among = None if population is None else population.chunks
    scores = _z(lexical, among)
    if dense is not None:
        if population is None:
            near = _z(dense)
        else:
            near = (dense - np.float32(population.mean)) / np.float32(max(population.spread, 1e-9))
        scores = weight * scores + (1 - weight) * near
    if sections is not None and section_weight:
        among = None if population is None else population.sections
        scores = scores + section_weight * _z(_section_sums(lexical, sections), among)[sections]
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


def _z(scores: Scores, among: int | None = None) -> Scores:
    """Scores in standard deviations above the mean, with as many zeros beside them as make `among`."""
    zeros = 0 if among is None else max(0, among - len(scores))
    if zeros:
        count = len(scores) + zeros
        mean = float(scores.sum(dtype=np.float64)) / count
        spread = max(0.0, float(np.square(scores, dtype=np.float64).sum()) / count - mean * mean) ** 0.5
    else:
        mean, spread = scores.mean() if len(scores) else 0.0, float(scores.std()) if len(scores) else 0.0
    if spread < 1e-9:
        return np.zeros_like(scores)
    out: Scores = (scores - mean) / spread
    return out
