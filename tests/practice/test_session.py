"""Rounds of practice on a real database: pools, marking, what is remembered."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from assistant408.core.errors import InputError
from assistant408.practice.session import self_score
from assistant408.web.services import Services
from assistant408.web.study import Study


class Clock:
    """A clock that the test moves."""

    def __init__(self) -> None:
        self.at = datetime(2026, 11, 1, 12, tzinfo=timezone.utc)

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def study(services: Services, clock: Clock) -> Study:
    services.update_settings(exam_date="2026-12-20")
    return Study(services.learner, clock)


def ids(study: Study, pool: str, **narrow: str) -> list[str]:
    return [q.id for q in study.pool(pool, narrow.get("subject"), narrow.get("under", ""), narrow.get("kind"))]  # type: ignore[arg-type]


def wrong_letter(study: Study, id: str) -> str:
    q = study.find(id)
    return next(letter for letter in q.choices if letter not in q.answer)


def test_every_pool_after_answers(study: Study, clock: Clock) -> None:
    first, second, third, *_ = ids(study, "all", subject="os", kind="single")
    assert ids(study, "wrong") == ids(study, "due") == ids(study, "weak") == ids(study, "favourites") == []
    study.mark(study.find(first), wrong_letter(study, first), 30)
    study.mark(study.find(second), study.find(second).answer[0], 30)
    study.learner.favourites.add(third)
    assert ids(study, "wrong") == [first] and ids(study, "favourites") == [third]
    assert {first, second}.isdisjoint(ids(study, "new")) and third in ids(study, "new")
    assert ids(study, "due") == [], "nothing is due on the same day"
    clock.at += timedelta(days=1)
    assert ids(study, "due") == [first], "a wrong one the next day"
    clock.at += timedelta(days=2)
    assert ids(study, "due") == [first, second], "the most forgotten first"
    assert ids(study, "due", subject="cn") == []


def test_weak_points_are_found_from_wrong_answers(study: Study) -> None:
    leaf = study.find(ids(study, "all", subject="cn", kind="single")[0]).syllabus[0]
    for id in ids(study, "all", under=leaf, kind="single"):
        study.mark(study.find(id), wrong_letter(study, id), 30)
    weak = study.pool("weak", None, "", None)
    assert weak and all(leaf in q.syllabus for q in weak)


def test_a_big_question_counts_once_the_learner_has_marked_it(study: Study) -> None:
    big = study.find(ids(study, "all", kind="big")[0])
    most = [float(p.points) for p in big.parts]
    verdict = study.mark(big, "我的解答", 600)
    assert verdict["correct"] is None and big.id in ids(study, "new"), "handed in, not marked"
    assert study.self_mark(big, [0.0] * len(most), "", 600) == 0
    assert ids(study, "wrong") == [big.id] and big.id not in ids(study, "new")
    assert study.self_mark(big, most, "", 600) == 1
    assert ids(study, "wrong") == []
    assert study.cards.all()[big.id].lapses == 1
    for bad in ([], [*most, 1.0], [most[0] + 1, *most[1:]], [-1.0, *most[1:]], [float("nan"), *most[1:]]):
        with pytest.raises(InputError, match="自评分"):
            self_score(big, bad)
    with pytest.raises(InputError, match="不是大题"):
        study.self_mark(study.find(ids(study, "all", kind="single")[0]), [1.0], "", None)


def test_not_knowing_counts_as_wrong(study: Study) -> None:
    for kind in ("single", "judge", "blank"):
        id = ids(study, "all", kind=kind)[0]
        verdict = study.give_up(study.find(id), 5)
        assert verdict["correct"] is False and verdict["key"] and verdict["trap"] == ""
        assert id in ids(study, "wrong")


def test_a_computed_answer_comes_with_steps_and_with_where_the_number_came_from(study: Study) -> None:
    """Every wrong choice of every question that a solver checks: a diagnosis never fails, and often says something."""
    said = 0
    for q in study.services.questions.values():
        if q.kind != "single" or q.check is None or not q.check.solver:
            continue
        verdict = study.mark(q, wrong_letter(study, q.id), None)
        assert verdict["solution"]["steps"], q.id
        if found := verdict["diagnosis"]:
            said += 1
            assert found["mistake"] and found["text"] and not found["right"], q.id
    assert said > 40
    conceptual = next(q for q in study.services.questions.values() if q.check is None and q.kind == "single")
    verdict = study.mark(conceptual, wrong_letter(study, conceptual.id), None)
    assert verdict["solution"] is None and verdict["diagnosis"] is None


def test_the_plan_changes_with_the_days(study: Study, clock: Clock) -> None:
    empty = study.plan_json(30)
    assert empty["tasks"] and {t["reason"] for t in empty["tasks"]} == {"new"} and empty["due"] == 0
    assert empty["horizon"]["days"] == (datetime(2026, 12, 20) - datetime(2026, 11, 1)).days
    for task in empty["tasks"]:
        assert "answer" not in task["question"]
        q = study.find(task["id"])
        study.mark(q, q.answer[0], 40) if q.kind != "big" else study.self_mark(q, [0.0] * len(q.parts), "", 60)
    assert not {t["id"] for t in study.plan_json(30)["tasks"]} & {t["id"] for t in empty["tasks"]}
    clock.at += timedelta(days=40)
    later = study.plan_json(600)
    assert {"due", "new"} <= {t["reason"] for t in later["tasks"]} and later["due"] == len(empty["tasks"])


@pytest.mark.parametrize("exam", ["", "2020-01-01", "2026-11-01", "2035-01-01"])
def test_the_plan_of_every_exam_date(study: Study, exam: str) -> None:
    study.services.update_settings(exam_date=exam)
    plan = study.plan_json(20)
    assert plan["horizon"]["note"] and plan["tasks"] and plan["gain"] > 0


def test_mastery_without_and_with_answers(study: Study) -> None:
    empty = study.mastery_json()
    assert empty["total"]["n"] == 0 and empty["total"]["marks"] == 150
    assert {n["id"] for n in empty["nodes"]} == set(study.services.syllabus.nodes)
    assert sum(n["marks"] for n in empty["nodes"] if not n["parent"]) == pytest.approx(150)
    for id in ids(study, "all", under="os.memory", kind="single")[:8]:
        study.mark(study.find(id), study.find(id).answer[0], 60)
    after = {n["id"]: n for n in study.mastery_json()["nodes"]}
    before = {n["id"]: n for n in empty["nodes"]}
    assert after["os.memory"]["mean"] > before["os.memory"]["mean"] + 0.1
    assert after["cn"] == before["cn"], "subjects are independent"


def test_answers_of_an_exam_are_remembered_too(study: Study, clock: Clock) -> None:
    """A mock exam stores its attempts by itself, without memories."""
    a, b, *_ = ids(study, "all", kind="single")
    study.attempts.add(a, "A", False, 60)
    study.attempts.add(b, "A", True, 60)
    memories = study.memories()
    assert (memories[a].lapses, memories[b].lapses) == (1, 0) and study.cards.all() == {}
    clock.at += timedelta(days=1)
    assert ids(study, "due") == [a]
    study.mark(study.find(a), study.find(a).answer[0], 60)
    stored = study.cards.all()[a]
    assert (stored.reps, stored.lapses) == (2, 1) and study.memories()[a] == stored
    assert study.mastery_json()["total"]["n"] >= 3


def test_own_cards_are_reviewed_with_the_rest(study: Study, clock: Clock) -> None:
    assert study.add_cards({"英语": [("a", "甲"), ("b", "乙"), ("a", "甲")]}) == {"added": 2, "there": 1}
    assert study.add_cards({"英语": [("a", "甲")]}) == {"added": 0, "there": 1}
    card = study.deck.all()[0]
    due = study.rate_card(card, 3, 10)
    assert due > clock.at
    with pytest.raises(InputError, match="5"):
        study.rate_card(card, 5, 10)
    tasks = study.plan_json(600)["tasks"]
    assert [t["card"]["front"] for t in tasks if t["kind"] == "card"] == ["b"], "the other was seen today"
    clock.at = due
    assert {t["card"]["front"] for t in study.plan_json(600)["tasks"] if t["kind"] == "card"} == {"a", "b"}
    assert study.deck.remove("英语") == 2 and study.deck.all() == []
    with pytest.raises(InputError, match="没有卡片"):
        study.card(card.id)
    assert study.mastery_json()["total"]["n"] == 0, "cards say nothing of the syllabus"


def test_the_notebook_has_the_learner_s_own_answer(study: Study) -> None:
    q = study.find(ids(study, "all", subject="ds", kind="single")[0])
    study.mark(q, wrong_letter(study, q.id), 30)
    text = study.notebook("wrong", "")
    assert text.startswith("# 错题本\n\n共 1 题。")
    assert f"**我的答案**（2026-11-01）：{wrong_letter(study, q.id)}" in text and f"**答案**：{q.answer[0]}" in text
    assert q.stem in text and all(why in text for why in q.traps.values())
    big = study.notebook("all", study.find(ids(study, "all", kind="big")[0]).syllabus[0])
    assert "参考答案（1）" in big
