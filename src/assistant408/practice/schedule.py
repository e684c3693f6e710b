"""When a question should come back (复习时刻): FSRS with the exam as its horizon. Pure functions; time is passed in.

``docs/reference/memory-model.md`` explains the numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

import fsrs

from assistant408.content.questions import Question
from assistant408.core.errors import InputError
from assistant408.store.cards import Memory

__all__ = ["Horizon", "advance", "expected_seconds", "horizon", "parse_exam_date", "rate", "recall"]

RETENTION = 0.9
NO_DATE_DAYS = 60
FAR_DAYS = 180


@dataclass(frozen=True)
class Horizon:
    """How far planning looks: `days` from today to the exam, and what the learner should know about that number."""

    days: int
    note: str = ""


def parse_exam_date(text: str) -> date:
    """The exam date of the settings.

    Raises:
        InputError: it isn't an ISO date.

    Examples:
        >>> parse_exam_date("2026-12-20")
        datetime.date(2026, 12, 20)
    """
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise InputError(
            f"考试日期 {text!r} 应写成 2026-12-20 这样的日期，请用 a408 review --exam 日期 改正。"
        ) from None


def horizon(exam_date: str, today: date) -> Horizon:
    """The planning horizon of an exam date that may be missing, past or far.

    Examples:
        >>> horizon("2026-12-20", date(2026, 11, 20))
        Horizon(days=30, note='')
        >>> horizon("", date(2026, 11, 20)).days, horizon("2027-12-20", date(2026, 11, 20)).days
        (60, 180)
    """
    if not exam_date:
        return Horizon(
            NO_DATE_DAYS, f"没有设置考试日期，先按 {NO_DATE_DAYS} 天后计划；用 a408 review --exam 日期 设置。"
        )
    days = (parse_exam_date(exam_date) - today).days
    if days < 0:
        return Horizon(
            NO_DATE_DAYS,
            f"考试日期 {exam_date} 已经过去，先按 {NO_DATE_DAYS} 天后计划；用 a408 review --exam 日期 设成下一次的。",
        )
    if days > FAR_DAYS:
        return Horizon(FAR_DAYS, f"离考试还有 {days} 天，先按 {FAR_DAYS} 天计划。")
    return Horizon(days, "今天就是考试日，只巩固马上用得上的。" if days == 0 else "")


def expected_seconds(q: Question) -> int:
    """How long the exam's pace allows for a question, in seconds.

    A paper is 180 minutes: about 60 for the 40 choice questions, 120 for the 70 marks of big ones.

    Examples:
        >>> from dataclasses import replace
        >>> from assistant408.content.questions import Question
        >>> q = Question("os-x-1", "single", ["os.a"], 3, "", {}, ["A"], "", {}, None, [], [], 2)
        >>> expected_seconds(q), expected_seconds(replace(q, kind="big", points=10, difficulty=4))
        (80, 1100)
    """
    pace = 0.7 + 0.1 * q.difficulty  # 0.8 for the easiest, 1.2 for the hardest
    if q.kind == "big":
        return round(100 * q.points * pace)
    base = {"single": 80, "judge": 40, "blank": 90}[q.kind]
    return round(base * pace)


def rate(score: float, seconds: float | None, expected: float, seen: int) -> fsrs.Rating:
    """What an answer says of memory.

    Args:
        score: the share of the points, 0 to 1.
        seconds: the time taken, if it is known.
        expected: see `expected_seconds`.
        seen: how many answers came before; a quick first answer may be a guess, so it is never "easy".

    Examples:
        >>> [rate(*a).name for a in [(0.0, 9, 80, 0), (1.0, 200, 80, 0), (1.0, 70, 80, 3), (1.0, 9, 80, 0), (1.0, 9, 80, 1)]]
        ['Again', 'Hard', 'Good', 'Good', 'Easy']
        >>> rate(0.7, 500, 1000, 0).name
        'Hard'
    """
    if score < 0.6:
        return fsrs.Rating.Again
    if score < 0.85 or (seconds is not None and seconds > 2 * expected):
        return fsrs.Rating.Hard
    if seen and seconds is not None and seconds < expected / 3:
        return fsrs.Rating.Easy
    return fsrs.Rating.Good


@lru_cache(maxsize=256)
def _scheduler(longest_days: int) -> fsrs.Scheduler:
    # No steps within a day: the wrong ones come again through the plan. No fuzz: equal inputs, equal plans.
    return fsrs.Scheduler(
        desired_retention=RETENTION,
        learning_steps=(),
        relearning_steps=(),
        maximum_interval=longest_days,
        enable_fuzzing=False,
    )


def _card(memory: Memory | None) -> fsrs.Card:
    if memory is None:
        return fsrs.Card(card_id=0)
    return fsrs.Card(
        card_id=0,
        state=fsrs.State.Review,
        stability=memory.stability,
        difficulty=memory.difficulty,
        due=memory.due,
        last_review=memory.last_review,
    )


def advance(memory: Memory | None, rating: fsrs.Rating, now: datetime, days: int) -> Memory:
    """The memory after an answer.

    Args:
        now: UTC.
        days: days to the exam; a question comes back before it at the latest.

    Examples:
        >>> from datetime import timezone
        >>> t = datetime(2026, 11, 1, tzinfo=timezone.utc)
        >>> m = advance(None, fsrs.Rating.Good, t, 50)
        >>> (m.due - t).days, m.reps, m.lapses
        (2, 1, 0)
        >>> later = advance(m, fsrs.Rating.Good, m.due, 48)
        >>> later.stability > m.stability
        True
        >>> (advance(later, fsrs.Rating.Easy, later.due, 3).due - later.due).days
        3
    """
    card, _ = _scheduler(max(1, days)).review_card(_card(memory), rating, now)
    assert card.stability is not None and card.difficulty is not None
    return Memory(
        stability=card.stability,
        difficulty=card.difficulty,
        last_review=now,
        due=now + max(card.due - now, timedelta(days=1)),
        reps=(memory.reps if memory else 0) + 1,
        lapses=(memory.lapses if memory else 0) + (rating is fsrs.Rating.Again),
    )


def recall(memory: Memory, at: datetime) -> float:
    """The probability of recall (可提取性) at a time, 0 to 1.

    Examples:
        >>> from datetime import timezone
        >>> t = datetime(2026, 11, 1, tzinfo=timezone.utc)
        >>> m = Memory(stability=10, difficulty=5, last_review=t, due=t, reps=1, lapses=0)
        >>> round(recall(m, t), 3), round(recall(m, t + timedelta(days=10)), 3)
        (1.0, 0.9)
    """
    return float(_scheduler(1).get_card_retrievability(_card(memory), at))
