"""Sitting an exam under a clock of our own, on both databases: time, breaks, late packets, closing, records."""

from __future__ import annotations

import itertools
import json
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
import sqlalchemy as sa

from assistant408.content.questions import Question, load_bank
from assistant408.core.errors import InputError
from assistant408.practice.exam import LOST_S, Exams, Write
from assistant408.practice.exam_report import report
from assistant408.practice.marking import earned, pending
from assistant408.practice.paper import Item, Paper
from assistant408.store.attempts import Attempts
from assistant408.store.exams import ExamStore


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 1, 9, 0, tzinfo=timezone.utc)

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="module")
def paper(content: Path) -> Paper:
    bank = load_bank(content)
    singles = [q for q in bank if q.kind == "single" and q.subject == "os"][:3]
    big = next(q for q in bank if q.id == "os-big-0001")
    return Paper("小卷", 10, [Item(n, q) for n, q in enumerate([*singles, big], 1)])


@pytest.fixture
def exams(engine: sa.Engine, clock: Clock) -> Exams:
    ids = (f"exam{n}" for n in itertools.count(1))
    return Exams(ExamStore(engine), clock, lambda: next(ids))


def key(paper: Paper, number: int) -> str:
    return paper.items[number - 1].question.answer[0]


def wrong(q: Question) -> str:
    return next(c for c in q.choices if c not in q.answer)


def test_time_counts_for_the_question_that_lies_open(exams: Exams, paper: Paper, clock: Clock) -> None:
    id = exams.create(paper)
    clock.pass_(1000)
    assert exams.summary(exams.row(id))["left_s"] == 600, "the clock starts with the exam"
    exams.start(id)
    clock.pass_(20)
    exams.put(id, [Write(1, answer="A")], 1, item=2)
    clock.pass_(30.5)
    exams.put(id, [], 2, item=4)
    clock.pass_(60)
    row = exams.put(id, [], 3)
    assert row.used_s == 110.5 and row.seconds == {"1": 20.0, "2": 30.5, "4": 60.0}
    assert exams.view(id)["left_s"] == 489.5 and exams.view(id)["continuous"]


def test_a_lost_machine_costs_no_second_and_no_answer(
    exams: Exams, paper: Paper, clock: Clock, engine: sa.Engine
) -> None:
    id = exams.create(paper)
    exams.start(id)
    clock.pass_(45)
    exams.put(id, [Write(2, answer="b", flag=True), Write(4, 1, "P1 先")], 1, item=4)
    clock.pass_(86_400)
    again = Exams(ExamStore(engine), clock)
    assert again.view(id)["state"] == "interrupted" and again.view(id)["left_s"] == 555
    assert all(set(i) == {"number", "subject", "points"} for i in again.view(id)["items"])
    again.start(id)
    view = again.view(id)
    assert view["state"] == "running" and view["left_s"] == 555 and view["item"] == 4 and view["seq"] == 1
    assert view["flags"] == [2] and {(a["number"], a["part"], a["answer"]) for a in view["answers"]} == {
        (2, 0, "B"),
        (4, 1, "P1 先"),
    }
    assert [b["kind"] for b in again.row(id).breaks] == ["interrupted"] and not view["continuous"]


def test_an_answer_after_a_silence_is_kept(exams: Exams, paper: Paper, clock: Clock) -> None:
    id = exams.create(paper)
    exams.start(id)
    clock.pass_(LOST_S + 1)
    exams.put(id, [Write(1, answer="C")], 5)
    assert exams.view(id)["answers"] == [{"number": 1, "part": 0, "answer": "C"}]
    assert exams.view(id)["left_s"] == 600 and len(exams.row(id).breaks) == 1


def test_a_pause_stops_the_clock_hides_the_paper_and_is_on_record(exams: Exams, paper: Paper, clock: Clock) -> None:
    id = exams.create(paper)
    assert "stem" not in exams.view(id)["items"][0], "nor before the start"
    exams.start(id)
    clock.pass_(50)
    exams.pause(id)
    clock.pass_(7200)
    assert exams.view(id)["left_s"] == 550 and "stem" not in exams.view(id)["items"][0]
    with pytest.raises(InputError, match="暂停"):
        exams.put(id, [Write(1, answer="A")], 1)
    exams.start(id)
    assert exams.view(id)["left_s"] == 550 and exams.view(id)["items"][0]["stem"]
    (b,) = exams.row(id).breaks
    assert datetime.fromisoformat(b["to"]) - datetime.fromisoformat(b["from"]) == timedelta(hours=2)


def test_late_and_repeated_packets_change_nothing(exams: Exams, paper: Paper) -> None:
    id = exams.create(paper)
    exams.start(id)
    exams.put(id, [Write(1, answer="B")], 7)
    exams.put(id, [Write(1, answer="A")], 6)
    exams.put(id, [Write(1, answer="D")], 7)
    exams.put(id, [Write(1, flag=True)], 6)
    view = exams.view(id)
    assert view["answers"] == [{"number": 1, "part": 0, "answer": "B"}]
    assert view["flags"] == [1], "a late packet counts where nothing newer came"
    exams.put(id, [Write(1, answer="", flag=False)], 8)
    assert exams.view(id)["answers"][0]["answer"] == "" and exams.view(id)["flags"] == []


def test_when_the_time_is_up_the_exam_closes_and_marks_what_is_there(
    exams: Exams, paper: Paper, clock: Clock, engine: sa.Engine
) -> None:
    id = exams.create(paper)
    exams.start(id)
    exams.put(id, [Write(1, answer=key(paper, 1)), Write(2, answer=wrong(paper.items[1].question))], 1)
    for n in range(7):
        clock.pass_(85)
        exams.put(id, [], n + 2)
    clock.pass_(10)
    with pytest.raises(InputError, match="时间已到"):
        exams.put(id, [Write(3, answer="A")], 99)
    row = exams.row(id)
    assert row.state == "closed" and row.timed_out and row.used_s == 600 == sum((row.seconds or {}).values())
    assert [earned(m) for m in exams.marks(id)] == [2, 0, 0, 0]
    assert Attempts(engine).latest() == {paper.items[0].question.id: True, paper.items[1].question.id: False}


def test_looking_is_enough_to_close_it(exams: Exams, paper: Paper, clock: Clock) -> None:
    id = exams.create(Paper("一分钟", 1, paper.items))
    exams.start(id)
    clock.pass_(61)
    assert [r.state for r in exams.all()] == ["closed"] and exams.row(id).timed_out


def test_submitting_twice_is_as_once(exams: Exams, paper: Paper, engine: sa.Engine) -> None:
    id = exams.create(paper)
    with pytest.raises(InputError, match="还没有开始"):
        exams.submit(id)
    with pytest.raises(InputError, match="还没有交卷"):
        exams.marks(id)
    exams.start(id)
    exams.put(id, [Write(1, answer="A")], 1)
    first = exams.submit(id)
    assert exams.submit(id) == first
    with pytest.raises(InputError, match="已经交卷"):
        exams.put(id, [Write(1, answer="B")], 2)
    with pytest.raises(InputError, match="已经交卷"):
        exams.start(id)
    with engine.connect() as db:
        assert db.execute(sa.text("SELECT count(*) FROM attempts")).scalar() == 1


def test_a_program_that_died_between_closing_and_marking_marks_later(
    exams: Exams, paper: Paper, engine: sa.Engine
) -> None:
    id = exams.create(paper)
    exams.start(id)
    exams.put(id, [Write(1, answer=key(paper, 1))], 1)
    with engine.begin() as db:
        db.execute(sa.text("UPDATE exams SET state = 'closed', closed_at = seen_at"))
    assert exams.all()[0].marks is not None
    assert Attempts(engine).latest() == {paper.items[0].question.id: True}


def test_no_key_before_the_end(exams: Exams, paper: Paper) -> None:
    id = exams.create(paper)
    exams.start(id)
    shown = json.dumps(exams.view(id), ensure_ascii=False)
    for item in paper.items:
        q = item.question
        assert q.id not in shown and (not q.explanation or q.explanation not in shown)
        assert all(p.answer not in shown and all(t not in shown for _, t in p.rubric) for p in q.parts)
        assert all(t not in shown for t in q.traps.values())


@pytest.mark.parametrize(
    ("write", "said"),
    [
        (Write(9, answer="A"), "没有第 9 题"),
        (Write(1, answer="Z"), "'Z' 应为 A"),
        (Write(1, 2, "A"), "没有第 2 问"),
        (Write(4, answer="x"), "没有第 0 问"),
        (Write(4, 1, "长" * 20_001), "20001 字"),
    ],
)
def test_what_fits_no_place_is_refused_whole(exams: Exams, paper: Paper, write: Write, said: str) -> None:
    id = exams.create(paper)
    exams.start(id)
    with pytest.raises(InputError, match=said):
        exams.put(id, [Write(2, answer="A"), write], 1)
    assert exams.view(id)["answers"] == []


def test_hostile_text_is_kept_as_text(exams: Exams, paper: Paper) -> None:
    id = exams.create(paper)
    exams.start(id)
    text = "'); DROP TABLE exams; --\0<script>\n{0} %s 🦉"
    exams.put(id, [Write(4, 1, text)], 1)
    assert exams.view(id)["answers"][0]["answer"] == text.replace("\0", "")


def test_own_marks_and_a_model_s(exams: Exams, paper: Paper, clock: Clock, engine: sa.Engine, content: Path) -> None:
    from assistant408.content.syllabus import load_syllabus

    id = exams.create(paper)
    exams.start(id)
    exams.put(id, [Write(4, 1, "P1、P2……平均 8.25 ms"), Write(4, 2, "乱写"), Write(4, 3, "")], 1)
    exams.submit(id)
    big = exams.marks(id)[3]
    assert earned(big) == 2 and pending(big) > 0, "the computed mean is right, the order is to be judged"
    q = paper.items[3].question.id
    assert q not in Attempts(engine).latest(), "undecided"
    after = exams.override(id, 4, 1, 1, 1, "次序错一处")
    assert earned(after) == 3
    open_lines = [
        (p["part"], n)
        for p in after["parts"]
        for n, line in enumerate(p["lines"], 1)
        if line["earned"] is None
    ]  # fmt: skip
    assert open_lines

    def ask(prompt: str, schema: object) -> str:
        count = prompt.rsplit("输出 ", 1)[1].split(" ")[0]
        return json.dumps({"lines": [{"full": True, "quote": "乱写"}] * int(count)})

    judged = exams.judge(id, 4, ask)
    assert pending(judged) == 0
    assert judged["parts"][0]["lines"][0]["by"] == "self", "the learner's stays"
    assert Attempts(engine).marked()[-1].question == q
    part, line = open_lines[0]
    exams.override(id, 4, part, line, 0)
    marks = exams.marks(id)
    data = report(exams.row(id), marks, load_syllabus(content), exams.overrides(id))
    assert data["by"]["self"] == 1 and data["by"]["auto"] >= 2
    assert [(o["part"], o["line"], o["points"]) for o in data["overrides"]] == [(1, 1, 1), (part, line, 0)]
    for bad in ((4, 1, 9, 1), (4, 9, 1, 0), (99, 0, 1, 0), (1, 0, 1, 3)):
        with pytest.raises(InputError):
            exams.override(id, *bad)
