"""Shown sentences against the words cited for them."""

from __future__ import annotations

import pytest

from assistant408.evals.audit import audit

QUOTE = "LRU 淘汰最长时间未被访问的页，不会出现 Belady 异常，硬件开销大。"
CITED = [{"n": 1, "quote": QUOTE, "section": "页面置换"}, {"n": 2, "quote": "TCP 首部最短 20 字节。", "section": "TCP"}]


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        ("LRU 不会出现 Belady 异常。[1]", ""),
        (f"资料中的要点（原文）：\n- {QUOTE}[1]", ""),
        ("LRU 会出现 Belady 异常。[1]", "否定"),
        ("LRU 淘汰最长时间被访问的页。[1]", "否定"),
        ("LRU 淘汰最短时间未被访问的页。[1]", "相反"),
        ("OPT 不会出现 Belady 异常。[1]", "opt"),
        ("TCP 首部最短 40 字节。[2]", "40"),
        ("LRU 需要很多内存带宽和一块专门的芯片。[1]", "不同"),
        ("LRU 不会出现 Belady 异常。", "没有引文"),
        ("LRU 不会出现 Belady 异常。[2]", "lru"),
    ],
)
def test_a_sentence_is_held_to_its_own_quote(answer: str, fault: str) -> None:
    (finding,) = audit(answer, CITED)
    assert (finding.fault == "") if not fault else fault in finding.fault.lower() or fault in finding.fault, finding


def test_every_sentence_before_a_mark_needs_words_of_its_own() -> None:
    faults = [f.fault for f in audit("它最好。LRU 不会出现 Belady 异常。[1]", CITED)]
    assert faults == ["没有引文", ""]


def test_a_row_is_read_with_the_heads_of_its_table() -> None:
    cited = [{"n": 1, "quote": "| 归并 | 稳定 |", "section": "排序"}]
    assert [f.fault for f in audit("归并——稳定性：稳定。[1]", cited)] == [""]
