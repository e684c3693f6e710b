"""Near-duplicates of questions (查重): by character n-grams, and by embeddings that are handed in.

Two measures, both from 0 to 1. *Overlap* is the share of a text's 13-grams that stand in one other text: what copied
passages leave behind, as language models' training data are decontaminated. *Likeness* is the Jaccard index of 5-grams:
a copy with its choices reordered still scores near 1, one question asked about other data does not. Choices are cut up
one by one, so that their order doesn't matter.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant408.content.notes import Note
from assistant408.content.questions import Question
from assistant408.content.statements import Statement

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

__all__ = [
    "LIKENESS_LIMIT",
    "OVERLAP_LIMIT",
    "VECTOR_LIMIT",
    "Corpus",
    "Near",
    "check_distance",
    "content_passages",
    "nearest_by_vector",
    "question_text",
    "shingles",
]

OVERLAP_LIMIT = 0.6  # docs/408-bench.md shows the distribution from which the three limits were chosen
LIKENESS_LIMIT = 0.55
VECTOR_LIMIT = 0.995
OVERLAP_N = 13
LIKENESS_N = 5
_BARE = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class Near:
    """The nearest text of a corpus: its label and how near it is; ``("", 0.0)`` where nothing is shared."""

    label: str = ""
    score: float = 0.0


def shingles(text: str, n: int) -> frozenset[str]:
    """The character n-grams of every line, without spaces, marks and width or case.

    Lines shorter than `n`, such as a choice that is a number, count only where there is no longer one.

    Examples:
        >>> sorted(shingles("ＡB, c d", 3)), sorted(shingles("ab", 3)), shingles("。", 3)
        (['abc', 'bcd'], ['ab'], frozenset())
    """
    lines = [_BARE.sub("", line) for line in unicodedata.normalize("NFKC", text).lower().splitlines()]
    whole = frozenset(line[i : i + n] for line in lines for i in range(len(line) - n + 1))
    return whole or frozenset(lines) - {""}


class Corpus:
    """Texts by label, indexed by their n-grams.

    Examples:
        >>> corpus = Corpus({"a": "死锁的四个必要条件是什么", "b": "堆排序是不稳定的"}, 5)
        >>> corpus.likeness("死锁的四个必要条件是什么"), corpus.overlap("分页与分段有什么区别").score
        (Near(label='a', score=1.0), 0.0)
    """

    def __init__(self, texts: Mapping[str, str] | Iterable[tuple[str, str]], n: int) -> None:
        self.n = n
        self.labels: list[str] = []
        self._sizes: list[int] = []
        self._where: dict[str, list[int]] = defaultdict(list)
        for label, text in texts.items() if isinstance(texts, Mapping) else texts:
            grams = shingles(text, n)
            for gram in grams:
                self._where[gram].append(len(self.labels))
            self.labels.append(label)
            self._sizes.append(len(grams))

    def overlap(self, text: str) -> Near:
        """The text that holds most of this one's n-grams, and the share that it holds."""
        grams, shared = self._shared(text)
        return max((Near(self.labels[i], k / len(grams)) for i, k in shared.items()), key=_score, default=Near())

    def likeness(self, text: str) -> Near:
        """The text with the highest Jaccard index."""
        grams, shared = self._shared(text)
        each = (Near(self.labels[i], k / (len(grams) + self._sizes[i] - k)) for i, k in shared.items())
        return max(each, key=_score, default=Near())

    def _shared(self, text: str) -> tuple[frozenset[str], Counter[int]]:
        grams = shingles(text, self.n)
        return grams, Counter(i for gram in grams for i in self._where.get(gram, ()))


def nearest_by_vector(
    vectors: npt.NDArray[np.float32], others: npt.NDArray[np.float32], labels: Sequence[str]
) -> list[Near]:
    """For each row of `vectors` the nearest row of `others` by cosine.

    Args:
        vectors: unit vectors, of shape (n, dim).
        others: unit vectors, of shape (len(labels), dim).
    """
    if not len(others):
        return [Near()] * len(vectors)
    scores = vectors @ others.T
    return [Near(labels[int(row.argmax())], float(row.max())) for row in scores]


def question_text(q: Question) -> str:
    """What is compared of a question: the stem, its choices and parts, a line each; never its key."""
    return "\n".join([_one_line(q.stem), *q.choices.values(), *(_one_line(p.prompt) for p in q.parts)])


def content_passages(
    notes: Sequence[Note], bank: Sequence[Question], statements: Sequence[Statement] = ()
) -> Iterator[tuple[str, str]]:
    """Everything that a learner or a model may have read, by label.

    The notes by paragraph, the bank by question, the statements by leaf.
    """
    for note in notes:
        for section in note.sections:
            for paragraph in re.split(r"\n\s*\n", section.body):
                yield f"笔记 {section.leaf}", _one_line(paragraph)
    for q in bank:
        yield f"题目 {q.id}", question_text(q)
    leaves: dict[str, list[str]] = {}
    for statement in statements:
        leaves.setdefault(statement.leaf, []).append(statement.text)
    for leaf, texts in leaves.items():
        yield f"辨析 {leaf}", "\n".join(texts)


def check_distance(
    bench: Sequence[Question], notes: Sequence[Note], bank: Sequence[Question], statements: Sequence[Statement] = ()
) -> Iterator[str]:
    """One sentence for each bench question that is too near to a note, a statement or a question of the bank."""
    passages = list(content_passages(notes, bank, statements))
    copied, alike = Corpus(passages, OVERLAP_N), Corpus(passages, LIKENESS_N)
    for q in bench:
        text = question_text(q)
        for near, limit, name in (
            (copied.overlap(text), OVERLAP_LIMIT, f"{OVERLAP_N} 字串重合"),
            (alike.likeness(text), LIKENESS_LIMIT, f"{LIKENESS_N} 字串相似度"),
        ):
            if near.score >= limit:
                yield f"题目 {q.id}：与{near.label} 太接近（{name} {near.score:.2f}，应低于 {limit}）"


def _score(near: Near) -> float:
    return near.score


def _one_line(text: str) -> str:
    return " ".join(text.split())
