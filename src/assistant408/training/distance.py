"""Keeping questions that measure out of what is trained on (去污染): by id, and by shared character n-grams."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from assistant408.content.similar import LIKENESS_N, OVERLAP_LIMIT, OVERLAP_N, shingles

__all__ = ["COVER_LIMIT", "Guard"]

COVER_LIMIT = 0.7  # of the 5-grams: reworded copies; one question asked about other data shares fewer


class Guard:
    """Texts to stay away from.

    A text is refused if it holds most of a guarded text: 60% of its 13-grams, or 70% of its 5-grams.

    Examples:
        >>> guard = Guard({"os-1": "死锁的四个必要条件中，可以用资源有序分配法破坏的是哪一个"})
        >>> guard.near("问：死锁的四个必要条件中，可以用资源有序分配法破坏的是哪一个？答：循环等待。")
        ('os-1', 1.0)
        >>> guard.near("死锁与饥饿有什么区别？")
    """

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._labels = list(texts)
        self._indexes = [
            (n, limit, *_index(n, texts.values()))
            for n, limit in ((OVERLAP_N, OVERLAP_LIMIT), (LIKENESS_N, COVER_LIMIT))
        ]

    def near(self, text: str) -> tuple[str, float] | None:
        """The guarded text that this one gives away and the share of it that it holds; `None` if there is none."""
        for n, limit, where, sizes in self._indexes:
            shared = Counter(i for gram in shingles(text, n) for i in where.get(gram, ()))
            best = max(((k / sizes[i], self._labels[i]) for i, k in shared.items()), default=(0.0, ""))
            if best[0] >= limit:
                return best[1], round(best[0], 3)
        return None


def _index(n: int, texts: Iterable[str]) -> tuple[dict[str, list[int]], list[int]]:
    where: dict[str, list[int]] = defaultdict(list)
    sizes = []
    for i, text in enumerate(texts):
        grams = shingles(text, n)
        sizes.append(len(grams))
        for gram in grams:
            where[gram].append(i)
    return dict(where), sizes
