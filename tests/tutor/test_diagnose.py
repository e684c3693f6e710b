"""A student's own answer: right, a named misconception, the step where it departs, or unknown."""

from __future__ import annotations

from fractions import Fraction

import pytest

from assistant408.core.errors import InputError
from assistant408.core.registry import get_solver
from assistant408.tutor.choose import split_claim
from assistant408.tutor.diagnose import diagnose
from assistant408.tutor.solve import solve_question

PAGES = {"refs": [2, 3, 2, 1, 5, 2, 4, 5, 3, 2, 5, 2], "frames": 3, "policy": "LRU"}
PAGING = get_solver("os.page_replacement")


def test_right_in_words_and_as_a_value() -> None:
    assert diagnose(PAGING, PAGES, "7 次").right
    assert diagnose(PAGING, PAGES, 7).right
    assert diagnose(PAGING, PAGES, "7/12", "fault_rate").right
    assert diagnose(PAGING, PAGES, Fraction(7, 12), "fault_rate").right


def test_names_the_misconception_and_the_step() -> None:
    d = diagnose(PAGING, PAGES, "9 次")
    assert not d.right and "FIFO" in d.mistake
    assert d.step is not None and f"第 {d.step} 步" in d.text
    assert "**7 次**" in d.text


def test_counts_replacements_only() -> None:
    d = diagnose(PAGING, PAGES, 4)
    assert "空页框" in d.mistake


def test_a_number_that_no_mistake_yields() -> None:
    d = diagnose(PAGING, PAGES, "100 次")
    assert not d.right and d.mistake == "" and "没有找到" in d.text


def test_unknown_result() -> None:
    with pytest.raises(InputError, match="没有结果"):
        diagnose(PAGING, PAGES, 7, "nothing")


def test_claim_inside_a_question() -> None:
    stem, claim = split_claim("3 个页框缺页几次?我算的是 9 次,对吗?")
    assert claim == "9 次" and "9" not in stem
    s = solve_question("3 个页框，页面访问序列 2,3,2,1,5,2,4,5,3,2,5,2，LRU 缺页几次？我算的是 9 次，错在哪？")
    assert s is not None and s["diagnosis"]["right"] is False
    assert "FIFO" in s["diagnosis"]["mistake"] and s["answer"]["faults"] == 7
    assert s["diagnosis"]["text"] in s["summary"]


@pytest.mark.parametrize("stated", ["", "不知道", "六七次", "1e999", "9" * 500, "NaN"])
def test_odd_statements_are_wrong_not_errors(stated: str) -> None:
    assert diagnose(PAGING, PAGES, stated).right is False
