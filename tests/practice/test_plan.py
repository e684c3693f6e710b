"""The plan of a day: what is worth most for each minute, within the minutes."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from fsrs import Rating
from hypothesis import given
from hypothesis import strategies as st

from assistant408.practice.mastery import Answer, estimate
from assistant408.practice.plan import AGAIN, Candidate, candidates, make_plan, own_cards, pace
from assistant408.practice.schedule import advance, expected_seconds, recall
from assistant408.store.attempts import Attempt
from assistant408.store.cards import Memory
from assistant408.web.services import Services

NOW = datetime(2026, 11, 1, 12, tzinfo=timezone.utc)
NAMES = {"os.x": "“页面置换”", "os.y": "“死锁”"}


def answered(days_ago: int, *ratings: Rating) -> Memory:
    memory = None
    for n, rating in enumerate(ratings):
        at = NOW - timedelta(days=days_ago * (len(ratings) - n))
        memory = advance(memory, rating, at, 60)
    assert memory is not None
    return memory


def test_more_marks_and_less_mastery_come_first() -> None:
    found = [
        Candidate("light", "os.a", 0.1, 80, 0.4),
        Candidate("heavy", "os.b", 0.4, 80, 0.4),
        Candidate("known", "os.c", 0.4, 80, 0.9),
        Candidate("slow", "os.d", 0.4, 400, 0.4),
    ]
    plan = make_plan(found, {}, (), {}, NOW, 30, 60)
    assert [t.id for t in plan.tasks] == ["heavy", "light", "slow", "known"]
    assert plan.gain == pytest.approx(sum(t.gain for t in plan.tasks)) and plan.gain > 0


def test_the_reasons_are_told() -> None:
    found = [Candidate(id, "os.x", 0.2, 80, 0.5, 3) for id in ("wrong", "due", "new")] + [Candidate("blank", "os.y", 0.2, 80, 0.5)]  # fmt: skip
    memories = {"wrong": answered(3, Rating.Again), "due": answered(9, Rating.Good)}
    plan = make_plan(found, memories, {"wrong"}, NAMES, NOW, 30, 60)
    why = {t.id: (t.reason, t.why) for t in plan.tasks}
    assert why["wrong"][0] == "wrong" and "上次答错，3 天前" in why["wrong"][1]
    assert why["due"][0] == "due" and "9 天前做过，现在还记得约" in why["due"][1]
    assert why["new"] == ("new", "没做过；“页面置换”掌握约 50%")
    assert why["blank"] == ("new", "没做过；“死锁”还没有作答记录"), "no number where there is no data"
    assert (plan.due, plan.left_over) == (2, 0)


def test_the_gain_of_a_review_is_what_it_adds_at_the_exam() -> None:
    """By FSRS, for either outcome; a question already seen counts for less than a card of one's own."""
    old = answered(9, Rating.Good)
    exam = NOW + timedelta(days=30)
    p = recall(old, NOW)
    after = p * recall(advance(old, Rating.Good, NOW, 30), exam) + (1 - p) * recall(
        advance(old, Rating.Again, NOW, 30), exam
    )
    added = after - recall(old, exam)
    assert added > 0.01
    for own, share in ((False, AGAIN), (True, 1)):
        (task,) = make_plan([Candidate("q", "os.x", 0.5, 80, 0.5, own=own)], {"q": old}, (), {}, NOW, 30, 30).tasks
        assert task.gain == pytest.approx(0.5 * share * added) and task.recall == pytest.approx(p)


def test_what_was_answered_today_is_left_alone() -> None:
    just = advance(None, Rating.Again, NOW - timedelta(hours=1), 30)
    assert make_plan([Candidate("q", "os.x", 1, 80, 0.1)], {"q": just}, {"q"}, {}, NOW, 30, 30).tasks == []
    tomorrow = NOW + timedelta(days=1)
    assert [t.id for t in make_plan([Candidate("q", "os.x", 1, 80, 0.1)], {"q": just}, {"q"}, {}, tomorrow, 29, 30).tasks] == ["q"]  # fmt: skip


def test_due_reviews_that_do_not_fit_are_counted() -> None:
    found = [Candidate(f"q{n}", f"os.{n}", 0.2, 80, 0.5) for n in range(20)]
    plan = make_plan(found, {c.id: answered(20, Rating.Good) for c in found}, (), {}, NOW, 30, 10)
    assert plan.due == 20 and plan.left_over == 20 - len(plan.tasks) > 0


@given(
    st.lists(st.tuples(st.floats(0.01, 1), st.floats(15, 1500), st.floats(0.01, 0.99)), max_size=30),
    st.floats(1, 120),
    st.integers(0, 180),
)
def test_the_minutes_are_kept_but_for_half_of_the_last_task(
    rows: list[tuple[float, float, float]], minutes: float, days: int
) -> None:
    found = [Candidate(f"q{n:02}", f"os.{n % 4}", *row) for n, row in enumerate(rows)]
    plan = make_plan(found, {}, (), {}, NOW, days, minutes)
    assert len({t.id for t in plan.tasks}) == len(plan.tasks)
    assert all(t.gain > 0 for t in plan.tasks)
    if plan.tasks:
        assert plan.minutes * 60 <= minutes * 60 + plan.tasks[-1].seconds / 2 + 1e-6
    assert plan == make_plan(list(reversed(found)), {}, (), {}, NOW, days, minutes), (
        "the order of the bank is no matter"
    )


def test_an_empty_bank_is_an_empty_plan() -> None:
    plan = make_plan([], {}, (), {}, NOW, 0, 30)
    assert (plan.tasks, plan.minutes, plan.gain, plan.due) == ([], 0, 0, 0)


def test_the_bank_shares_out_the_whole_paper(services: Services) -> None:
    known = estimate(services.syllabus, {})
    found = candidates(services.questions.values(), services.syllabus, known)
    assert sum(c.share for c in found) == pytest.approx(150)
    assert len(found) == len(services.questions) and all(c.n == 0 for c in found)
    leaf = found[0].leaf
    better = candidates(
        services.questions.values(), services.syllabus, estimate(services.syllabus, {leaf: [Answer(1, 0, 3, 1)] * 5})
    )
    assert better[0].known > found[0].known and better[0].n == 5


def test_a_second_on_an_own_card_counts_as_an_average_one() -> None:
    bank = [Candidate("a", "os.x", 0.2, 60, 0.5), Candidate("b", "os.x", 0.4, 140, 0.5)]
    (card,) = own_cards(["card:1"], bank)
    assert card.share / card.seconds == pytest.approx(0.6 / 200)
    plan = make_plan([*bank, card], {}, (), {}, NOW, 30, 30)
    assert "自己的卡片，还没看过" in [t.why for t in plan.tasks]


def test_own_cards_that_are_due_come_first_in_a_third_of_the_minutes() -> None:
    cards = [Candidate(f"card:{n:02}", f"card:{n:02}", 0.01, 15, 0.3, own=True) for n in range(60)]
    memories = {c.id: answered(30 + n, Rating.Good) for n, c in enumerate(cards)}
    plan = make_plan([*cards, Candidate("q", "os.x", 0.5, 300, 0.3)], memories, (), {}, NOW, 30, 30)
    assert [t.id for t in plan.tasks[:40]] == [f"card:{n:02}" for n in range(59, 19, -1)], "the most forgotten first"
    assert plan.tasks[40].id == "q" and plan.due == 60


def test_the_pace_is_drawn_to_one_until_much_is_seen(services: Services) -> None:
    q = next(iter(services.questions.values()))
    slow = Attempt(q.id, "A", 1.0, 2.0 * expected_seconds(q), NOW)
    assert 1 < pace([slow], services.questions) < 1.2
    assert 1.9 < pace([slow] * 200, services.questions) <= 2.0
    assert pace([Attempt(q.id, "A", 1.0, None, NOW)], services.questions) == 1.0
