"""Marking: reference answers against nonsense over the whole bank, values as learners write them, a model that must quote."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from assistant408.content.questions import Check, Part, Question, load_bank
from assistant408.core.errors import BackendError
from assistant408.practice.marking import ItemMarks, earned, judge, mark, overridden, pending
from assistant408.practice.paper import Item


@pytest.fixture(scope="module")
def bigs(content: Path) -> list[Question]:
    return [q for q in load_bank(content) if q.kind == "big"]


def marked(q: Question, *answers: str) -> ItemMarks:
    return mark(Item(1, q), {str(i): text for i, text in enumerate(answers, 1)})


def one_part(rubric: list[tuple[int, str]], check: Check | None = None) -> Question:
    part = Part("求结果。", sum(n for n, _ in rubric), "答", rubric, check)
    return Question("x", "big", ("os",), 3, "题", {}, (), "", {}, None, (), (part,), part.points)


CPU = Check(
    solver="os.cpu_scheduling",
    args={
        "processes": [
            {"name": "P1", "arrival": 0, "burst": 8},
            {"name": "P2", "arrival": 1, "burst": 5},
            {"name": "P3", "arrival": 3, "burst": 2},
            {"name": "P4", "arrival": 7, "burst": 4},
        ],
        "policy": "SRTF",
    },
    value="average_turnaround",
    equals=8.25,
)


def computed(m: ItemMarks) -> list[int | None]:
    return [line["earned"] for p in m["parts"] for line in p["lines"] if line["kind"] == "computed"]


def test_reference_answers_earn_the_computed_lines_and_nonsense_none(bigs: list[Question]) -> None:
    right = wrong = points = 0
    for q in bigs:
        reference = marked(q, *(p.answer for p in q.parts))
        nonsense = marked(q, *("不会做，写一段话凑字数：七上八下，约 987654321 次" for _ in q.parts))
        for part, bad in zip(reference["parts"], nonsense["parts"], strict=True):
            for line, other in zip(part["lines"], bad["lines"], strict=True):
                assert other["earned"] in (0, None)
                if line["kind"] == "computed":
                    points += line["points"]
                    right += line["points"] if line["earned"] else 0
                    wrong += line["earned"] == 0
                    assert line["earned"] is None or line["by"] == "auto"
                else:
                    assert line["earned"] is None and line["by"] == ""
    assert points > 150, "a good part of the rubric's lines are checked by computing"
    assert right >= 0.95 * points and wrong <= 1, (right, wrong, points)


@pytest.mark.parametrize(
    "text",
    [
        "平均周转时间为 8.25 ms",
        "(19+7+2+5)/4 = 33/4",
        "答：8.250",
        r"$\frac{33}{4}$ ms",
        "平均８．２５ｍｓ",
        "得 8.25。",
    ],
)
def test_a_value_counts_however_it_is_written(text: str) -> None:
    m = marked(one_part([(2, "平均周转时间 8.25 ms")], CPU), text)
    assert computed(m) == [2] and m["parts"][0]["lines"][0]["quote"]


@pytest.mark.parametrize("text", ["8.2 ms", "18.25", "8.255", "P8.25", "0.825", "8.25.1", "平均 33 ms", "82.5%"])
def test_another_value_doesnt(text: str) -> None:
    assert computed(marked(one_part([(2, "平均周转时间 8.25 ms")], CPU), text)) == [0]


def test_rounding_to_the_digits_written() -> None:
    check = Check(python="assert round(2 / 3, 4) == 0.6667")
    q = one_part([(1, "命中率 66.67%")], check)
    assert [computed(marked(q, t)) for t in ("66.67%", "0.6667", "60%")] == [[1], [1], [0]]


def test_a_small_number_must_be_what_a_clause_comes_to() -> None:
    check = Check(solver="os.deadlock_bound", args={"processes": 3, "need": 3}, value="min_resources", equals=7)
    q = one_part([(2, "最少 7 个")], check)
    got = marked(q, "3×(3-1)+1=7")
    if not computed(got):
        pytest.fail("the solver of this test has changed")
    assert computed(got) == [2]
    assert computed(marked(q, "共 3 个进程，编号 1～7 不用")) == [0]


def test_a_line_that_holds_only_some_values_is_left_open() -> None:
    check = Check(python="assert (330, 380) == (330, 380)")
    q = one_part([(3, "E 始址 330 KB，F 始址 380 KB")], check)
    assert [computed(marked(q, t)) for t in ("330，380", "330", "都不对", "")] == [[3], [None], [0], [0]]


def test_a_line_that_asks_for_reasons_is_prose() -> None:
    m = marked(one_part([(1, "说明平均为 8.25 ms 的理由"), (1, "8.25 ms")], CPU), "8.25")
    assert [line["kind"] for line in m["parts"][0]["lines"]] == ["prose", "computed"]
    assert earned(m) == 1 and pending(m) == 1


def test_a_check_whose_solver_is_gone_leaves_prose() -> None:
    m = marked(one_part([(1, "8.25 ms")], Check(solver="os.nope", value="x")), "8.25")
    assert pending(m) == 1


def test_choices(content: Path) -> None:
    q = next(q for q in load_bank(content) if q.kind == "single")
    wrong = next(c for c in q.choices if c not in q.answer)
    got = [mark(Item(1, q), {"answer": a}) for a in (q.answer[0], wrong, "")]
    assert [(earned(m), pending(m)) for m in got] == [(2, 0), (0, 0), (0, 0)]
    keyless = mark(Item(1, replace(q, answer=())), {"answer": "A"})
    assert (earned(keyless), pending(keyless)) == (0, 2), "a paper without a key is for the learner to mark"


PROSE = one_part([(2, "指出低级队列会饥饿"), (1, "定期提升级别")])
ANSWER = "低优先级的进程一直\n得不到 CPU，会饥饿。"


def model(*lines: tuple[bool, str]) -> Any:
    def ask(prompt: str, schema: Mapping[str, Any]) -> str:
        assert ANSWER in prompt and schema["properties"]["lines"]["minItems"] == len(lines)
        return json.dumps({"lines": [{"full": full, "quote": quote} for full, quote in lines]})

    return ask


@pytest.mark.parametrize(
    ("reply", "points"),
    [
        ([(True, "一直得不到 CPU"), (True, "会饥饿")], 3),
        ([(True, "低级队列会饥饿"), (True, "")], 0),
        ([(True, " "), (True, "饿")], 0),
        ([(False, "会饥饿"), (True, "会饥饿")], 1),
    ],
)
def test_a_model_gives_only_what_it_can_quote(reply: list[tuple[bool, str]], points: int) -> None:
    before = marked(PROSE, ANSWER)
    after = judge(Item(1, PROSE), before, model(*reply))
    assert earned(after) == points and pending(after) == 0 and pending(before) == 3
    for line in after["parts"][0]["lines"]:
        assert line["by"] == "model" and bool(line["quote"]) == bool(line["earned"])


def test_a_model_is_not_asked_what_is_decided() -> None:
    def never(prompt: str, schema: Mapping[str, Any]) -> str:
        raise AssertionError(prompt)

    assert earned(judge(Item(1, PROSE), marked(PROSE, ""), never)) == 0


@pytest.mark.parametrize("reply", ["", "好的", "[]", '{"lines": [{"full": true, "quote": "会饥饿"}]}', '{"lines": 3}'])
def test_a_model_that_breaks_the_form_is_one_sentence(reply: str) -> None:
    with pytest.raises(BackendError, match="没有按格式评分"):
        judge(Item(1, PROSE), marked(PROSE, ANSWER), lambda prompt, schema: reply)


def test_the_last_own_mark_counts() -> None:
    records = [{"number": 1, "part": 1, "line": 1, "points": n} for n in (2, 1)]
    (after,) = overridden([marked(PROSE, ANSWER)], records)
    assert [(line["earned"], line["by"]) for line in after["parts"][0]["lines"]] == [(1, "self"), (None, "")]
