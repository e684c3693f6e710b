"""Quotes are verbatim, and the ones that speak to the question."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.kb.cite import key_units, readable, support, units

TEXT = (
    "死锁的四个必要条件是互斥、请求与保持、不可剥夺、循环等待。\n\n- 破坏一个就能预防死锁。\n- 银行家算法用来避免死锁。"
)
TABLE = "| 算法 | 异常 | 硬件 |\n|---|---|---|\n| FIFO | 可能 | 不需要 |\n| LRU | 不会 | 需要 |"

PIECES = st.sampled_from(
    [
        "死锁有四个条件。",
        "- 互斥。\n",
        "1. 先后。\n",
        "> 引文？\n",
        "| a | b |\n",
        "|---|---|\n",
        "```c\nint a;\n```\n",
        "\n",
        "# 题\n",
        "$x$，",
        "\r\n",
        "\u2028",
    ]
)
MARKDOWN = st.lists(PIECES | st.text(max_size=8), max_size=12).map("".join)


@given(MARKDOWN)
def test_units_are_verbatim(text: str) -> None:
    for unit in units(text):
        assert unit and unit in text


def test_code_rules_and_table_heads_are_no_units() -> None:
    assert units("```c\nint a = 1;\n```\n正文。\n\n---\n" + TABLE) == [
        "正文。",
        "| FIFO | 可能 | 不需要 |",
        "| LRU | 不会 | 需要 |",
    ]
    assert units("") == [] == units("\n \n")


def test_a_table_row_is_read_with_its_heads() -> None:
    said = readable("| LRU | 不会 | 需要 |", TABLE)
    assert said.startswith("LRU") and "异常" in said and "不会" in said and "硬件" in said and "|" not in said
    assert readable("正文。", TABLE) == "正文。"


@given(MARKDOWN)
def test_every_unit_can_be_read(text: str) -> None:
    for unit in units(text):
        assert isinstance(readable(unit, text), str)


@given(st.text(max_size=30), st.lists(MARKDOWN, max_size=3))
def test_support_is_verbatim_and_a_share(sentence: str, passages: list[str]) -> None:
    got = support(sentence, passages)
    if got is not None:
        assert got.quote and got.quote in passages[got.index] and 0 <= got.score <= 1


def test_support_finds_the_passage_that_says_it() -> None:
    got = support("银行家算法能避免死锁", ["LRU 淘汰最久未用的页。", TEXT])
    assert (got.index, got.quote, got.numbers) == (1, "银行家算法用来避免死锁。", True) and got.score > 0.6
    assert support("TCP 首部 20 字节", ["TCP 首部 8 字节"]).numbers is False
    assert support("，。", [TEXT]) is None


@given(st.text(max_size=20), st.lists(MARKDOWN, min_size=1, max_size=3), st.integers(0, 200))
def test_key_units_keep_to_the_budget_and_to_the_text(question: str, texts: list[str], budget: int) -> None:
    got = key_units(question, texts, budget)
    assert len(got) >= 1
    for i, unit in got:
        assert unit in texts[i]
    assert len(got) == 1 or sum(len(u) for _, u in got) <= budget
    assert len(set(got)) == len(got)


def test_key_units_are_those_that_speak_to_the_question() -> None:
    assert key_units("银行家算法有什么用", [TEXT], 15) == [(0, "银行家算法用来避免死锁。")]
    assert key_units("必要条件是什么", [TEXT], 30)[0] == (
        0,
        "死锁的四个必要条件是互斥、请求与保持、不可剥夺、循环等待。",
    )
    got = key_units("没有关系", [TEXT], 15, similar=lambda found: [float("预防" in u) * 9 for u in found])
    assert got == [(0, "破坏一个就能预防死锁。")], "an embedding model has its say"
    assert key_units("x", [], 10) == []


def test_what_the_notes_quote_as_wrong_is_poor_evidence() -> None:
    text = "“有环路就一定死锁”是错的。有环路不一定死锁。"
    assert key_units("有环路一定死锁吗", [text], 12) == [(0, "有环路不一定死锁。")]


@pytest.mark.parametrize("text", ["|||", "|-|", "| |\n|-|\n||", "```", "- ", "$$"])
def test_odd_markup_breaks_nothing(text: str) -> None:
    for unit in units(text):
        readable(unit, text)
    assert key_units("问", [text], 10)
