"""What a question presupposes, and the sentence that denies it."""

from __future__ import annotations

import pytest

from assistant408.tutor.premise import claims, refuting

NOTES = [
    ("排序 › 堆排序", "堆排序最坏是 $O(n\\log n)$，不稳定。"),
    ("死锁 › 避免", "银行家算法是死锁避免，不是预防；\n“资源少就一定死锁”是错的。"),
    ("网络 › 首部", "以太网的地址为 48 位。UDP 提供无连接服务。"),
]


def terms(text: str) -> list[tuple[str, ...]]:
    return [(t,) for t in ("堆排序", "快速排序", "银行家算法", "UDP") if t in text]


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("为什么堆排序是稳定的？", "堆排序最坏是 $O(n\\log n)$，不稳定。"),
        ("银行家算法是死锁预防，它破坏哪个条件？", "银行家算法是死锁避免，不是预防；"),
        ("为什么资源少就一定死锁？", "“资源少就一定死锁”是错的。"),
        ("以太网的地址为什么为 32 位？", "以太网的地址为 48 位。"),
        ("UDP 为什么提供面向连接服务？", "UDP 提供无连接服务。"),
    ],
)
def test_a_false_premise_meets_the_sentence_that_denies_it(question: str, found: str) -> None:
    got = refuting(question, NOTES, terms)
    assert got is not None and got[1] == found and found in NOTES[got[0]][1]


@pytest.mark.parametrize(
    "question",
    [
        "为什么堆排序是不稳定的？",
        "为什么快速排序是稳定的？",
        "堆排序稳定吗？",
        "以太网的地址为什么为 48 位？",
        "什么是死锁？",
        "",
    ],
)
def test_a_true_premise_or_none_or_another_subject_is_left_alone(question: str) -> None:
    assert refuting(question, NOTES, terms) is None


def test_only_what_is_taken_for_granted_is_a_claim() -> None:
    assert claims("怎么判断溢出？") == []
    assert claims("堆就是有序数组，为什么不能折半查找？") == ["堆就是有序数组", "不能折半查找"]
