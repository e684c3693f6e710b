"""What kind of question it is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.kb.base import Hit
from assistant408.kb.chunk import Chunk
from assistant408.tutor.route import MIN_RELEVANCE, kind_of, relevance, relevant, standalone, strangers

LRU = ("什么是 LRU 页面置换算法？", "LRU 淘汰最久未用的页。")


@pytest.mark.parametrize(
    "question", ["请做一下自我介绍", "介绍一下你自己", "你是谁？", "你叫什么名字", "你能做什么", "Who are you?"]
)
def test_introductions(question: str) -> None:
    assert kind_of(question) == "introduction"


@pytest.mark.parametrize("question", ["你好", "您好！", "Hello!", "谢谢", "再见。", "  在吗？ "])
def test_greetings(question: str) -> None:
    assert kind_of(question) == "greeting"


@pytest.mark.parametrize(
    "question",
    [
        "什么是死锁？",
        "你好，什么是死锁？",
        "hi 指针是什么",
        "TCP 首部",
        "谢谢，那 LRU 呢？",
        "进程调度的介绍",
        "设计一个程序，让它在屏幕上做自我介绍，并说明进程从创建到终止经历了哪些状态，每个状态之间怎样转换",
        "",
    ],
)
def test_questions(question: str) -> None:
    assert kind_of(question) == "question"


@pytest.mark.parametrize(
    "question",
    [
        "它有什么缺点？",
        "那 FIFO 呢？",
        "为什么？",
        "举个例子",
        "这种算法怎么实现？",
        "前者和后者的区别",
        "缺点",
        "再说一遍",
    ],
)
def test_a_question_that_leans_gets_the_one_before(question: str) -> None:
    assert standalone(question, [("旧", "旧"), LRU]) == f"{LRU[0]} {question}"


@pytest.mark.parametrize(
    "question", ["TCP 首部最短多少字节？", "快速排序的平均时间复杂度是多少", "什么是死锁的必要条件"]
)
def test_a_question_that_stands_is_left_alone(question: str) -> None:
    assert standalone(question, [LRU]) == question


@given(st.text(max_size=60))
def test_nothing_breaks_the_rules(question: str) -> None:
    assert kind_of(question) in ("introduction", "greeting", "question")
    assert standalone(question, []) == question
    assert standalone(question, [LRU]).endswith(question)


def _hit(cosine: float, coverage: float) -> Hit:
    return Hit(1, Chunk("d", "题", "节", "a", None, "文"), 1.0, cosine, coverage)


def test_relevance_with_and_without_an_embedding_model() -> None:
    assert not relevant([]) and relevance([]) == 0
    assert relevant([_hit(0.0, 0.5)]) and not relevant([_hit(0.0, 0.49)])
    assert relevant([_hit(MIN_RELEVANCE - 0.05, 0.5)]) and not relevant([_hit(MIN_RELEVANCE - 0.06, 0.5)])
    assert not relevant([_hit(0.0, 0.1)] * 3 + [_hit(0.0, 0.9)]), "the first three count"


def test_names_that_no_document_has_are_strangers_but_not_placeholders_or_programs() -> None:
    known = {"tcp", "rip"}
    assert strangers("TCP 和 RIP 有什么关系？", known.__contains__) == []
    assert strangers("TCPX和RIP有什么关系？", known.__contains__) == ["TCPX"]
    assert strangers("TCP 的 {passages} 与 `nothere` 是什么", known.__contains__) == []
    assert strangers("while (x) { nothere(); } " * 5, known.__contains__) == []
