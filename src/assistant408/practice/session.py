"""A round of practice (刷题): which questions a pool holds, and what an answer leaves behind."""

from __future__ import annotations

import random
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Literal, TypeAlias

import fsrs

from assistant408.content.questions import Question
from assistant408.core.errors import InputError
from assistant408.practice.mastery import Estimate
from assistant408.practice.schedule import advance, expected_seconds, rate, recall
from assistant408.store.attempts import Attempt
from assistant408.store.cards import Card, Cards, Memory

__all__ = ["WEAK", "Pool", "caught_up", "draw", "pool_of", "record", "record_card", "self_score"]

Pool: TypeAlias = Literal["all", "new", "wrong", "due", "weak", "favourites"]

WEAK = 0.6
"""A leaf below this mastery is weak, if anything on it was answered."""


def pool_of(
    pool: Pool,
    questions: Iterable[Question],
    latest: Mapping[str, bool],
    memories: Mapping[str, Memory],
    mastery: Mapping[str, Estimate],
    favourites: Collection[str],
    now: datetime,
) -> list[Question]:
    """The questions of a pool: `due` has the ones most forgotten first, `weak` those of the weakest leaf.

    Args:
        latest: whether the last answer was right, by question.
        mastery: by node of the syllabus.
        now: UTC.
    """
    if pool == "all":
        return list(questions)
    if pool == "new":
        return [q for q in questions if q.id not in latest]
    if pool == "wrong":
        return [q for q in questions if latest.get(q.id) is False]
    if pool == "favourites":
        return [q for q in questions if q.id in favourites]
    if pool == "due":
        due = [(recall(m, now), q) for q in questions if (m := memories.get(q.id)) and m.due <= now]
        return [q for _, q in sorted(due, key=lambda pair: (pair[0], pair[1].id))]
    weak = {leaf: e.mean for leaf, e in mastery.items() if e.n and e.mean < WEAK}
    found = [(min(weak.get(leaf, 1.0) for leaf in q.syllabus), q) for q in questions]
    return [q for mean, q in sorted(found, key=lambda pair: (pair[0], pair[1].id)) if mean < WEAK]


def draw(pool: Pool, found: Sequence[Question], n: int, rng: random.Random) -> list[Question]:
    """Up to `n` questions: the first ones of an ordered pool, any of the others."""
    if pool == "due":
        return list(found[:n])
    if pool == "weak":  # from the weakest few leaves, so that rounds differ
        found = found[: max(3 * n, 10)]
    return rng.sample(found, min(n, len(found)))


def self_score(q: Question, points: Sequence[float]) -> float:
    """The share of a big question's points that the learner gave to its parts.

    Raises:
        InputError: they don't fit the parts.
    """
    if q.kind != "big":
        raise InputError(f"题目 {q.id!r} 不是大题，由程序判分，不必自己评。")
    most = [p.points for p in q.parts]
    if len(points) != len(most) or any(not 0 <= given <= limit for given, limit in zip(points, most, strict=False)):
        limits = "、".join(f"0–{limit}" for limit in most)
        raise InputError(f"自评分 {list(points)!r} 不合要求：这道题有 {len(most)} 问，各问应为 {limits} 分。")
    return sum(points) / sum(most)


def caught_up(
    memories: Mapping[str, Memory], attempts: Iterable[Attempt], questions: Mapping[str, Question], days: int
) -> dict[str, Memory]:
    """Memories with the answers that were stored without them, such as those of a mock exam.

    Args:
        attempts: every marked one, the oldest first.
        days: to the exam.
    """
    found = dict(memories)
    for a in attempts:
        q, memory = questions.get(a.question), found.get(a.question)
        if q is not None and (memory is None or a.at > memory.last_review):
            rating = rate(a.score, a.seconds, expected_seconds(q), memory.reps if memory else 0)
            found[q.id] = advance(memory, rating, a.at, days)
    return found


def record(
    cards: Cards,
    q: Question,
    answer: str,
    correct: bool | None,
    score: float,
    seconds: float | None,
    days: int,
    before: Memory | None = None,
) -> Memory:
    """Stores a marked answer and what it says of memory.

    Args:
        score: the share of the points, 0 to 1.
        days: to the exam; see `schedule.horizon`.
        before: the memory by `caught_up`, if it may be newer than the stored one.
    """
    expected = expected_seconds(q)

    def step(stored: Memory | None, now: datetime) -> Memory:
        memory = max((m for m in (stored, before) if m is not None), key=lambda m: m.last_review, default=None)
        return advance(memory, rate(score, seconds, expected, memory.reps if memory else 0), now, days)

    return cards.review(q.id, answer, correct, score, seconds, step)


def record_card(cards: Cards, card: Card, rating: int, seconds: float | None, days: int) -> Memory:
    """Stores how well the learner knew a card of their own: 1 forgotten, 2 hard, 3 good, 4 easy.

    Raises:
        InputError: another rating.
    """
    if rating not in (1, 2, 3, 4):
        raise InputError(f"评分 {rating!r} 应为 1（忘了）、2（勉强）、3（记得）或 4（很熟）。")
    given = fsrs.Rating(rating)
    score = 0.0 if given is fsrs.Rating.Again else 1.0
    return cards.review(
        card.key, str(rating), None, score, seconds, lambda memory, now: advance(memory, given, now, days)
    )
