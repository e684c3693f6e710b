"""Memory: FSRS against its published formula, the exam as horizon."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

import pytest
from fsrs import Rating
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.practice.schedule import FAR_DAYS, NO_DATE_DAYS, advance, horizon, rate, recall
from assistant408.store.cards import Memory

NOW = datetime(2026, 11, 1, 12, tzinfo=timezone.utc)


def memory(stability: float, days_ago: int = 0) -> Memory:
    at = NOW - timedelta(days=days_ago)
    return Memory(stability, 5.0, at, at + timedelta(days=1), 1, 0)


@given(st.floats(0.1, 300), st.integers(0, 400))
def test_recall_is_the_power_curve_of_fsrs_6(stability: float, days: int) -> None:
    decay = -0.1542  # github.com/open-spaced-repetition/fsrs4anki/wiki/The-Algorithm, FSRS-6
    factor = 0.9 ** (1 / decay) - 1
    assert recall(memory(stability, days), NOW) == pytest.approx((1 + factor * days / stability) ** decay)
    assert recall(memory(stability, days), NOW) <= recall(memory(stability * 2, days), NOW)


def test_better_ratings_last_longer_and_a_lapse_is_counted() -> None:
    old = memory(10, days_ago=10)
    again, hard, good, easy = (advance(old, r, NOW, 100) for r in Rating)
    assert again.stability < old.stability < hard.stability < good.stability < easy.stability
    assert (again.lapses, good.lapses) == (1, 0) and again.reps == good.reps == 2
    assert again.due - NOW == timedelta(days=1), "never again on the same day: the plan decides that"
    assert good.last_review == NOW


@pytest.mark.parametrize("days", [0, 1, 3, 30])
def test_a_question_comes_back_before_the_exam(days: int) -> None:
    strong = memory(200, days_ago=100)
    due = advance(strong, Rating.Easy, NOW, days).due
    assert due <= NOW + timedelta(days=max(days, 1))


def test_the_same_answer_gives_the_same_memory() -> None:
    assert advance(memory(10, 9), Rating.Good, NOW, 50) == advance(memory(10, 9), Rating.Good, NOW, 50)


def test_a_slow_right_answer_is_hard_and_a_quick_first_one_no_proof() -> None:
    assert rate(1, 161, 80, 4) is Rating.Hard
    assert rate(1, 159, 80, 4) is Rating.Good
    assert rate(1, 20, 80, 0) is Rating.Good
    assert rate(1, 20, 80, 1) is Rating.Easy
    assert rate(1, None, 80, 9) is Rating.Good
    assert [rate(s, None, 900, 0) for s in (0, 0.59, 0.6, 0.84, 0.85)] == [
        Rating.Again, Rating.Again, Rating.Hard, Rating.Hard, Rating.Good,
    ]  # fmt: skip


def test_the_horizon_of_every_kind_of_exam_date() -> None:
    today = date(2026, 11, 24)
    assert horizon("2026-12-20", today) == horizon("2026-12-20", today)
    assert (horizon("2026-12-20", today).days, horizon("2026-12-20", today).note) == (26, "")
    for text, days, says in (
        ("", NO_DATE_DAYS, "没有设置"),
        ("2026-11-23", NO_DATE_DAYS, "2026-11-23 已经过去"),
        ("2026-11-24", 0, "今天就是"),
        ("2028-12-24", FAR_DAYS, "761 天"),
    ):
        assert horizon(text, today).days == days and says in horizon(text, today).note
    for bad in ("明年", "2026-13-01", "2026/12/20"):
        with pytest.raises(InputError, match=bad):
            horizon(bad, today)
