"""Drawing papers: the real structure exactly, no repeats, what was seen left out."""

from __future__ import annotations

import json
import random
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from assistant408.content.questions import Question, load_bank
from assistant408.content.syllabus import MARKS, Syllabus, load_syllabus
from assistant408.core.errors import InputError
from assistant408.practice.paper import FULL, Paper, assemble, new_paper, short_shape, solver_choice


@pytest.fixture(scope="module")
def bank(content: Path) -> list[Question]:
    return load_bank(content)


@pytest.fixture(scope="module")
def syllabus(content: Path) -> Syllabus:
    return load_syllabus(content)


@pytest.mark.parametrize("seed", range(30))
def test_a_whole_paper_has_the_real_structure(bank: list[Question], syllabus: Syllabus, seed: int) -> None:
    paper = new_paper(bank, syllabus, seed)
    questions = [i.question for i in paper.items]
    points = Counter[str]()
    for q in questions:
        points[q.subject] += q.points
    assert dict(points) == MARKS and paper.points == 150 and paper.minutes == 180
    assert [i.number for i in paper.items] == list(range(1, 48))
    assert [q.kind for q in questions] == ["single"] * 40 + ["big"] * 7
    assert [q.subject for q in questions[:40]] == ["ds"] * 11 + ["co"] * 11 + ["os"] * 10 + ["cn"] * 8
    assert [q.subject for q in questions[40:]] == ["ds", "ds", "co", "co", "os", "os", "cn"]
    assert all(q.points == 2 for q in questions[:40])
    assert all(q.points == sum(p.points for p in q.parts) for q in questions[40:])
    assert all(sum(n for n, _ in p.rubric) == p.points for q in questions[40:] for p in q.parts if p.rubric)
    leaves = [q.syllabus[0] for q in questions]
    assert len(set(leaves)) == 47, "no point is asked twice"
    assert len({q.difficulty for q in questions[:40]}) >= 3


def test_a_cut_question_loses_its_last_parts_only(bank: list[Question], syllabus: Syllabus) -> None:
    whole = {q.id: q for q in bank}
    cut = 0
    for seed in range(10):
        for item in new_paper(bank, syllabus, seed).items:
            q = item.question
            original = whole[q.id]
            assert replace(q, parts=original.parts, points=original.points) == original
            assert list(q.parts) == list(original.parts[: len(q.parts)])
            cut += len(q.parts) < len(original.parts)
    assert cut > 0


def test_a_seed_fixes_the_paper_whatever_the_order_of_the_bank(bank: list[Question], syllabus: Syllabus) -> None:
    shuffled = random.Random(1).sample(bank, len(bank))
    assert new_paper(bank, syllabus, 7) == new_paper(shuffled, syllabus, 7) != new_paper(bank, syllabus, 8)


def test_what_was_seen_comes_last(bank: list[Question], syllabus: Syllabus) -> None:
    seen: set[str] = set()
    for seed in range(5):
        ids = {i.question.id for i in new_paper(bank, syllabus, seed, seen=seen).items}
        assert not ids & seen and len(ids) == 47
        seen |= ids
    everything = {q.id for q in bank}
    assert new_paper(bank, syllabus, 1, seen=everything).points == 150, "an exhausted bank still gives papers"


def test_points_examined_more_come_more_often(bank: list[Question], syllabus: Syllabus) -> None:
    drawn = Counter(
        syllabus.leaves[i.question.syllabus[0]].weight
        for seed in range(60)
        for i in assemble(bank, syllabus, random.Random(seed))
    )
    leaves = Counter(syllabus.leaves[leaf].weight for leaf in {q.syllabus[0] for q in bank})
    rate = {w: drawn[w] / leaves[w] for w in (1, 3, 5)}
    assert rate[1] < rate[3] < rate[5]


def test_short_papers(bank: list[Question], syllabus: Syllabus) -> None:
    paper = new_paper(bank, syllabus, 1, subjects=["os"], choices=8, bigs=1, minutes=45)
    assert [i.question.kind for i in paper.items] == ["single"] * 8 + ["big"] and paper.minutes == 45
    assert {i.question.subject for i in paper.items} == {"os"}
    assert new_paper(bank, syllabus, 1, subjects=["cn"]).points == 25
    assert new_paper(bank, syllabus, 1, subjects=["cn"]).minutes == 30
    two = short_shape(["cn", "ds"], 10, 0)
    assert list(two) == ["ds", "cn"] and sum(s.choices for s in two.values()) == 10
    assert sum(FULL[s].choices for s in FULL) == 40


@pytest.mark.parametrize(
    ("wishes", "said"),
    [
        ({"subjects": ["xx"]}, "'xx'"),
        ({"choices": 0, "bigs": 0}, "至少有一道"),
        ({"choices": 101}, "101"),
        ({"minutes": 0}, "0 分钟"),
        ({"minutes": 601}, "601"),
    ],
)
def test_impossible_wishes_are_named(bank: list[Question], syllabus: Syllabus, wishes: dict, said: str) -> None:
    with pytest.raises(InputError, match=said):
        new_paper(bank, syllabus, 1, **wishes)


def test_a_bank_that_is_too_small_is_named(bank: list[Question], syllabus: Syllabus) -> None:
    few = [q for q in bank if q.subject == "os"][:5]
    with pytest.raises(InputError, match=r"操作系统 的(单选题只有|大题凑不出)"):
        new_paper(few, syllabus, 1, subjects=["os"])


def test_variants_of_solvers_fill_choices(bank: list[Question], syllabus: Syllabus) -> None:
    paper = new_paper(bank, syllabus, 3, variants=2)
    made = [i for i in paper.items if i.source == "variant"]
    assert Counter(i.question.subject for i in made) == {"ds": 2, "co": 2, "os": 2, "cn": 2}
    assert paper.points == 150
    for i in made:
        assert i.question.answer[0] in i.question.choices and len(set(i.question.choices.values())) == 4
    assert solver_choice("os", random.Random(1)) == solver_choice("os", random.Random(1))
    assert Paper.from_json(json.loads(json.dumps(paper.to_json()))).to_json() == paper.to_json()


def test_the_paper_shows_nothing_that_leads_to_a_key(bank: list[Question], syllabus: Syllabus) -> None:
    for item in new_paper(bank, syllabus, 5).items:
        shown = item.public()
        assert set(shown) == {"number", "subject", "kind", "stem", "choices", "points", "parts"}
        assert all(set(p) == {"prompt", "points"} for p in shown["parts"])
