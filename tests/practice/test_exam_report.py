"""The report: intervals that hold, sums that agree, what is cheapest, what can be printed."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from pathlib import Path

import pytest

from assistant408.content.questions import load_bank
from assistant408.content.syllabus import Syllabus, load_syllabus
from assistant408.practice.exam_report import interval, report, report_markdown
from assistant408.practice.marking import ItemMarks, mark
from assistant408.practice.paper import Paper, new_paper
from assistant408.store.exams import ExamRow


@pytest.fixture(scope="module")
def syllabus(content: Path) -> Syllabus:
    return load_syllabus(content)


@pytest.fixture(scope="module")
def paper(content: Path, syllabus: Syllabus) -> Paper:
    return new_paper(load_bank(content), syllabus, 11)


def sat(paper: Paper, wrong: set[int]) -> tuple[ExamRow, list[ItemMarks]]:
    """Choices right but for `wrong`, big questions blank."""
    marks = []
    for i in paper.items:
        q = i.question
        right = next(iter(q.answer), "")
        other = next((c for c in q.choices if c != right), "")
        marks.append(mark(i, {} if q.kind == "big" else {"answer": other if i.number in wrong else right}))
    row = ExamRow(
        "a", paper.title, "assembled", paper.to_json(), "2026-01-01", "closed", 600.0, seconds={"1": 90.0, "2": 30.0},
        closed_at="2026-01-02T00:00:00+00:00", marks=[dict(m) for m in marks],
    )  # fmt: skip
    return row, marks


def test_sums_agree(paper: Paper, syllabus: Syllabus) -> None:
    row, marks = sat(paper, {3, 30})
    data = report(row, marks, syllabus)
    assert data["score"]["earned"] == 76 == sum(q["earned"] for q in data["questions"]) == data["by"]["auto"]
    assert sum(s["points"] for s in data["subjects"].values()) == 150
    assert sum(s["earned"] for s in data["subjects"].values()) == 76
    assert sum(leaf["points"] for leaf in data["leaves"]) == pytest.approx(150, abs=0.5)
    assert sum(leaf["lost"] for leaf in data["leaves"]) == pytest.approx(74, abs=0.5)
    assert data["subjects"]["ds"]["seconds"] == 120 and data["questions"][0]["seconds"] == 90
    low, high = data["score"]["interval"]
    assert 0 < low < 76 < high < 150
    json.dumps(data)


def test_the_cheapest_points_are_ordered_by_worth(paper: Paper, syllabus: Syllabus) -> None:
    row, marks = sat(paper, set(range(1, 41)))
    cheapest = report(row, marks, syllabus)["cheapest"]
    assert len(cheapest) == 10
    assert [c["worth"] for c in cheapest] == sorted((c["worth"] for c in cheapest), reverse=True)
    for c in cheapest:
        assert c["worth"] == pytest.approx(c["marks"] * c["miss"] / c["effort"], rel=0.02)
        assert 0.5 < c["miss"] < 1 and 1 <= c["effort"] <= 5
    row, marks = sat(paper, {5})
    leaf = paper.items[4].question.syllabus[0]
    assert leaf in {c["leaf"] for c in report(row, marks, syllabus)["cheapest"]} or len(cheapest) == 10


def test_the_interval_covers_as_often_as_it_says() -> None:
    rng = random.Random(408)
    for p in (0.35, 0.6, 0.85):
        hit = 0
        for _ in range(600):
            units = [(2 if rng.random() < p else 0, 2) for _ in range(40)]
            low, high = interval(units)
            hit += low <= 80 * p <= high
        assert hit / 600 > 0.92


def test_breaks_and_earlier_papers_are_told(paper: Paper, syllabus: Syllabus) -> None:
    row, marks = sat(paper, {1})
    then, before = sat(paper, set(range(1, 20)))
    then = replace(then, id="b", title="旧|卷")
    row = replace(row, breaks=[{"kind": "pause", "from": "a", "to": "b"}], timed_out=True)
    data = report(row, marks, syllabus, earlier=[(then, before)])
    assert data["earlier"][0]["change"] == pytest.approx((78 - 42) / 150, abs=1e-4)
    text = report_markdown(data)
    for words in ("非连续：中断 1 次", "到时自动交卷", "**78 / 150 分**", "旧\\|卷", "+24.0%", "最容易拿回的分"):
        assert words in text
    assert all(q.explanation not in text for q in (i.question for i in paper.items) if q.explanation)
