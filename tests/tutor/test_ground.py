"""Sentences that a passage bears out, and sentences that it doesn't."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.tutor.ground import check_sentence, split_sentences

PASSAGES = [
    "页面置换 › LRU\nLRU 淘汰最长时间未被访问的页，需要硬件支持，不会出现 Belady 异常。FIFO 可能出现 Belady 异常。",
    "死锁 › 必要条件\n死锁的四个必要条件是互斥、请求与保持、不可剥夺、循环等待。\n“有环路就一定死锁”是错的，资源有多个实例时不一定。",
    "传输层 › 首部\nTCP 首部最短 20 字节。\nUDP 首部固定 8 字节。\n\n| 排序 | 稳定性 |\n|---|---|\n| 归并 | 稳定 |\n| 堆排序 | 不稳定 |",
]


@pytest.mark.parametrize(
    ("sentence", "index", "quote"),
    [
        ("LRU 淘汰最长时间未被访问的页。", 0, "LRU 淘汰最长时间未被访问的页，需要硬件支持，不会出现 Belady 异常。"),
        ("LRU 不会出现 Belady 异常。", 0, "LRU 淘汰最长时间未被访问的页，需要硬件支持，不会出现 Belady 异常。"),
        ("FIFO 可能出现 Belady 异常。", 0, "FIFO 可能出现 Belady 异常。"),
        (
            "**死锁**的必要条件是互斥、请求与保持、不可剥夺、循环等待。",
            1,
            "死锁的四个必要条件是互斥、请求与保持、不可剥夺、循环等待。",
        ),
        (
            "死锁的四个必要条件：互斥、请求与保持、不可剥夺、循环等待。",
            1,
            "死锁的四个必要条件是互斥、请求与保持、不可剥夺、循环等待。",
        ),
        ("ＴＣＰ首部最短２０字节。", 2, "TCP 首部最短 20 字节。"),
        ("堆排序不稳定。", 2, "| 堆排序 | 不稳定 |"),
    ],
)
def test_what_the_passages_say_is_kept_with_its_quote(sentence: str, index: int, quote: str) -> None:
    got = check_sentence(sentence, PASSAGES)
    assert got.ok, got.why
    assert (got.index, got.quote) == (index, quote) and quote in PASSAGES[index]
    assert 0.5 <= got.score <= 1


@pytest.mark.parametrize(
    ("sentence", "why"),
    [
        ("LRU 会出现 Belady 异常。", "否定"),
        ("FIFO 不会出现 Belady 异常。", "没有依据"),
        ("FIFO 不可能出现 Belady 异常。", "否定"),
        ("LRU 不需要硬件支持。", "否定"),
        ("LRU 无需硬件支持。", "否定"),
        ("LRU 淘汰最长时间被访问的页。", "否定"),
        ("LRU 不淘汰最长时间未被访问的页。", "否定"),
        ("死锁的四个必要条件是互斥、请求与保持、可剥夺、循环等待。", "否定"),
        ("堆排序是稳定的。", "否定|没有依据"),
    ],
)
def test_the_opposite_of_a_passage_is_rejected(sentence: str, why: str) -> None:
    got = check_sentence(sentence, PASSAGES)
    assert not got.ok
    assert any(w in got.why for w in why.split("|")), got.why


@pytest.mark.parametrize(
    "sentence",
    [
        "TCP 首部最短 40 字节。",
        "TCP 首部最短 8 字节。",
        "UDP 首部固定 20 字节。",
        "死锁的三个必要条件是互斥、请求与保持、循环等待。",
        "死锁的四个必要条件是互斥、请求与保持、不可剥夺、循环等待，共 5 条。",
    ],
)
def test_other_numbers_are_rejected(sentence: str) -> None:
    assert not check_sentence(sentence, PASSAGES).ok


def test_a_number_of_the_question_may_be_repeated() -> None:
    sentence = "408 中死锁的四个必要条件是互斥、请求与保持、不可剥夺、循环等待。"
    assert not check_sentence(sentence, PASSAGES).ok
    assert check_sentence(sentence, PASSAGES, "408 里死锁的条件？").ok


@pytest.mark.parametrize(
    "sentence",
    [
        "量子计算机的退相干时间很短。",
        "LRU 由 CPU 的分支预测器实现。",
        "LRU 淘汰最长时间未被访问的页，由 Linux 内核在 1991 年首先实现。",
        "LRU 淘汰最长时间未被访问的页，因此它是所有算法里最快的那一个。",
        "有环路就一定死锁。",
        "好的。",
        "……",
        "",
    ],
)
def test_what_no_passage_says_is_rejected(sentence: str) -> None:
    got = check_sentence(sentence, PASSAGES)
    assert not got.ok and got.why


def test_subjects_are_not_swapped() -> None:
    for sentence in ("堆排序是稳定的。", "UDP 首部最短 20 字节。", "FIFO 淘汰最长时间未被访问的页。"):
        assert not check_sentence(sentence, PASSAGES).ok, sentence


@pytest.mark.parametrize(
    ("line", "said", "kept"),
    [
        ("TCP 首部最短 20 字节，UDP 首部固定 8 字节。", "TCP 首部最短 8 字节。", False),
        ("TCP 首部最短 20 字节，UDP 首部固定 8 字节。", "UDP 首部固定 20 字节。", False),
        ("TCP 首部最短 20 字节，UDP 首部固定 8 字节。", "TCP 首部最短 20 字节。", True),
        ("TCP 首部最短 20 字节，UDP 首部固定 8 字节。", "UDP 首部固定 8 字节。", True),
        ("读周期为 60 ns，写周期为 90 ns。", "写周期为 60 ns。", False),
        ("读周期为 60 ns，写周期为 90 ns。", "写周期为 90 ns。", True),
    ],
)
def test_a_number_is_not_taken_from_the_fact_next_to_it(line: str, said: str, kept: bool) -> None:
    assert check_sentence(said, [f"事实\n{line}"]).ok is kept


@given(st.text(max_size=80), st.lists(st.text(max_size=80), max_size=3))
def test_any_text_gets_a_verdict_and_a_verbatim_quote(sentence: str, passages: list[str]) -> None:
    got = check_sentence(sentence, passages)
    if got.ok:
        assert got.quote in passages[got.index]
    else:
        assert got.why


@given(st.lists(st.text("死锁。！？；\nab1.5，", max_size=8), max_size=8))
def test_streamed_sentences_are_the_same_however_the_text_is_cut(pieces: list[str]) -> None:
    whole, rest = split_sentences("".join(pieces))
    assert "".join(whole) + rest == "".join(pieces)
    got: list[str] = []
    tail = ""
    for piece in pieces:
        finished, tail = split_sentences(tail + piece)
        got += finished
    assert (got, tail) == (whole, rest)


def test_a_decimal_point_ends_no_sentence() -> None:
    assert split_sentences("共 1.5 ms。IP 是 10.0.0.1") == (["共 1.5 ms。"], "IP 是 10.0.0.1")
