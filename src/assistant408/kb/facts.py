"""Facts: the sentences of the notes, and statements known to be true or false, found for a claim that is to be judged.

Smaller than passages: one sentence decides a choice. Their vectors are shipped as 8-bit numbers.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from assistant408.content.notes import Note
from assistant408.kb.base import vector_key
from assistant408.kb.chunk import chunk_markdown
from assistant408.kb.cite import content_tokens, readable, units
from assistant408.kb.embed import Embedder, Vectors

__all__ = ["Fact", "Facts", "Near", "Packed", "load_packed", "pack", "save_packed", "sentences_of"]

Packed = tuple[npt.NDArray[np.int8], npt.NDArray[np.float16]]  # rows of 8-bit numbers, and a scale for each row
DIMENSIONS = 384
_REFUTED = re.compile(r"“[^”]{4,60}”[^“”]{0,6}(?:是错|错误|不准确|不正确|不对|没有依据)")


@dataclass(frozen=True)
class Fact:
    """A sentence of a note, or a statement known to be true or false.

    Attributes:
        doc, section, leaf: where it stands.
        text: as it is read by itself.
        quote: the words of the note behind it, verbatim.
        true: whether it holds; a sentence of a note does, unless it quotes a mistake in order to refute it.
        group: what it was written with; those of a claim's own group can be left out.
    """

    doc: str
    section: str
    leaf: str
    text: str
    quote: str
    true: bool = True
    group: str = ""

    @property
    def stated(self) -> bool:
        """Whether it is a statement rather than a sentence of a note."""
        return bool(self.group)

    @property
    def embedded(self) -> str:
        """What the embedding model reads."""
        return self.text if self.stated else f"{self.section}：{self.text}"


def sentences_of(notes: Sequence[Note]) -> list[Fact]:
    """The sentences and table rows of the notes, worked examples left out, in book order."""
    out = []
    for note in notes:
        for chunk in chunk_markdown(note.id, note.title, note.markdown):
            if chunk.part != "例题":
                title = chunk.section.split(" › ")[-1]
                for unit in units(chunk.text):
                    text = readable(unit, chunk.text)
                    out.append(Fact(note.id, title, chunk.anchor, text, unit, not _REFUTED.search(text)))
    return out


@dataclass(frozen=True)
class Near:
    """How near each fact is to a claim, an array a kind of nearness.

    Attributes:
        contained: share of the claim's words, weighted by rarity, that the fact has.
        covered: share of the fact's words that the claim has.
        jaccard: of both.
        cosine: of the vectors.
        score: what they are ranked by.
    """

    contained: Vectors
    covered: Vectors
    jaccard: Vectors
    cosine: Vectors
    score: Vectors


class Facts:
    """Search over facts.

    Args:
        facts: sentences and statements.
        vectors: of their `embedded`, one a row.

    Attributes:
        vectors: of each fact, of shape (facts, dim).
        stated, true: of each fact, as arrays; `plain` and `refuted`: the notes' sentences that hold, and that quote a mistake.
        tokens: of each fact.
    """

    def __init__(self, facts: Sequence[Fact], vectors: Packed) -> None:
        self.facts = tuple(facts)
        self.vectors = vectors[0].astype(np.float32) * vectors[1].astype(np.float32)[:, None]
        self.stated = np.array([f.stated for f in facts])
        self.true = np.array([f.true for f in facts])
        self.plain, self.refuted = ~self.stated & self.true, ~self.stated & ~self.true
        self._rows = {kind: np.flatnonzero(self.stated == kind) for kind in (True, False)}
        self.tokens = [content_tokens(f.text if f.stated else f"{f.section} {f.text}") for f in facts]
        where: dict[str, list[int]] = defaultdict(list)
        self.groups: dict[str, list[int]] = defaultdict(list)
        for i, fact in enumerate(facts):
            for token in self.tokens[i]:
                where[token].append(i)
            if fact.group:
                self.groups[fact.group].append(i)
        self._where = {t: np.array(rows) for t, rows in where.items()}
        self._weight = {t: math.log(1 + len(facts) / (1 + len(rows))) for t, rows in where.items()}
        self._rarest = math.log(1 + len(facts))
        self._mass: Vectors = np.array([self.weigh(t) or 1.0 for t in self.tokens], np.float32)

    def weigh(self, tokens: Iterable[str]) -> float:
        """The weight of words: the rarer, the more."""
        return sum(self._weight.get(t, self._rarest) for t in tokens)

    def shared(self, tokens: Iterable[str]) -> Vectors:
        """The weight of these words that each fact has."""
        out = np.zeros(len(self.facts), np.float32)
        for token in tokens:
            if token in self._where:
                out[self._where[token]] += self._weight[token]
        return out

    def near(self, tokens: set[str], vector: Vectors, without: str = "") -> Near:
        """How near each fact is to a claim; the group `without` comes last."""
        shared, mass = self.shared(tokens), self.weigh(tokens) or 1.0
        contained = shared / mass
        jaccard = (shared / (self._mass + mass - shared + 1e-9)).astype(np.float32)
        cosine: Vectors = (self.vectors @ vector).astype(np.float32)
        words = np.where(self.stated, jaccard, 0.6 * contained + 0.4 * jaccard)
        score: Vectors = (words + 2.5 * (cosine - 0.8)).astype(np.float32)
        score[self.groups.get(without, [])] = -9.0
        return Near(contained, shared / self._mass, jaccard, cosine, score)

    def best(self, near: Near, stated: bool, limit: int) -> list[int]:
        """The nearest statements, or sentences, the nearest first."""
        rows = self._rows[stated]
        limit = min(limit, len(rows))
        top = rows[np.argpartition(-near.score[rows], limit - 1)[:limit]]
        return [int(i) for i in top[np.argsort(-near.score[top], kind="stable")]]


def pack(vectors: Vectors) -> Packed:
    """Vectors as 8-bit numbers with a scale a row; a cosine is then off by less than 0.005."""
    scale = np.maximum(np.abs(vectors).max(1), 1e-9) / 127
    return np.round(vectors / scale[:, None]).astype(np.int8), scale.astype(np.float16)


def load_packed(path: Path, embedder: Embedder, facts: Sequence[Fact], most: int = 400) -> Packed | None:
    """The shipped vectors of these facts; up to `most` that the file lacks are computed, `None` if it lacks more."""
    numbers, scales, missing = _read(path, embedder.name, facts)
    if len(missing) > most:
        return None
    if len(missing):
        numbers[missing], scales[missing] = pack(embedder.passages([facts[i].embedded for i in missing]))
    return numbers, scales


def save_packed(
    path: Path, embedder: Embedder, facts: Sequence[Fact], report: Callable[[int, int], None], batch: int = 64
) -> int:
    """Writes the vectors of these facts and no others, computing only what the file lacks; returns how many."""
    numbers, scales, missing = _read(path, embedder.name, facts)
    for start in range(0, len(missing), batch):
        report(start, len(missing))
        rows = missing[start : start + batch]
        numbers[rows], scales[rows] = pack(embedder.passages([facts[i].embedded for i in rows]))
    report(len(missing), len(missing))
    keys = np.array([vector_key(embedder.name, f.embedded) for f in facts])
    part = path.with_suffix(".part.npz")
    np.savez_compressed(part, keys=keys, numbers=numbers, scales=scales)
    part.replace(path)
    return len(missing)


def _read(
    path: Path, model: str, facts: Sequence[Fact]
) -> tuple[npt.NDArray[np.int8], npt.NDArray[np.float16], npt.NDArray[np.intp]]:
    """Numbers and scales of the facts, and the rows that the file lacks."""
    keys = [vector_key(model, f.embedded) for f in facts]
    if not path.is_file():
        return np.zeros((len(facts), DIMENSIONS), np.int8), np.zeros(len(facts), np.float16), np.arange(len(facts))
    with np.load(path, allow_pickle=False) as data:
        place = {k: i for i, k in enumerate(data["keys"].tolist())}
        rows = np.array([place.get(k, -1) for k in keys])
        return data["numbers"][rows], data["scales"][rows], np.flatnonzero(rows < 0)
