"""Normalisation and tokens."""

import sqlite3
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.kb.text import Terms, fts_token, normalize, sentences, tokens

MIXED = st.text(
    st.one_of(
        st.characters(), st.sampled_from("死锁的页面置换算法，。（）／：ＴＣＰtcp/IPO(nlogn)10.0.0.0/8 C++#_-[]\"'*")
    ),
    max_size=60,
)


@given(MIXED)
def test_compatibility_forms_are_one(text: str) -> None:
    assert tokens(unicodedata.normalize("NFKC", text)) == tokens(text)


@given(st.text("死锁的页面置换算法TCPtcp/ IPO(nlogn)10.08", max_size=40))
def test_case_and_width_never_matter_to_tokens(text: str) -> None:
    wide = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)
    assert tokens(wide) == tokens(text) == tokens(text.lower())


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("时间复杂度 O(nlogn)", "o(nlogn)"),
        ("时间复杂度 O(n log n)", "o(nlogn)"),
        ("Ｏ（ｎ）", "o(n)"),
        ("网段 10.0.0.0/8", "10.0.0.0/8"),
        ("地址 192.168.1.1。", "192.168.1.1"),
        ("用 C++ 实现", "c++"),
        ("next[j] 的值", "next"),
        ("TCP/IP 协议", "tcp"),
        ("CSMA/CD", "cd"),
        ("B+ 树", "b+"),
        ("第 408 题", "408"),
        ("快表", "快表"),
    ],
)
def test_symbols_and_words_survive(text: str, wanted: str) -> None:
    assert wanted in tokens(text)


def test_chinese_gives_characters_and_pairs_without_stop_words() -> None:
    assert tokens("死锁的条件") == ["死", "死锁", "锁", "条", "条件", "件"]
    assert tokens("，。！ \n") == [] and tokens("") == []


def test_terms_are_matched_longest_first() -> None:
    terms = Terms(["中断", "中断隐指令", "隐指令", "ＴＬＢ表"])
    assert list(terms.find("中断隐指令")) == ["中断隐指令"]
    assert "中断隐指令" in tokens("中断隐指令由硬件完成", terms)
    assert "tlb表" in tokens("TLB表", terms), "the dictionary is normalised too"
    assert list(Terms([]).find("中断")) == [] and list(Terms(["a+b(c", "x.y"]).find("a+b(c")) == ["a+b(c"]


@given(MIXED)
def test_every_token_is_one_word_of_the_full_text_index(text: str) -> None:
    """What is indexed under a token is found by that token: SQLite itself is asked."""
    found = list(dict.fromkeys(tokens(text)))
    db = sqlite3.connect(":memory:")
    db.execute("CREATE VIRTUAL TABLE f USING fts5(t, tokenize=\"unicode61 remove_diacritics 0 tokenchars '_'\")")
    db.execute("INSERT INTO f VALUES (?)", (" ".join(map(fts_token, found)),))
    for token in found:
        assert db.execute("SELECT count(*) FROM f WHERE f MATCH ?", (f'"{fts_token(token)}"',)).fetchone() == (1,), (
            token
        )
    db.close()


@given(st.lists(MIXED, max_size=4))
def test_distinct_tokens_stay_distinct_in_the_index(texts: list[str]) -> None:
    every = {t for text in texts for t in tokens(text)}
    assert len({fts_token(t) for t in every}) == len(every)


@given(MIXED)
def test_sentences_are_verbatim_and_lose_nothing(text: str) -> None:
    parts = sentences(text)
    at = 0
    for part in parts:
        assert part == part.strip() and part
        at = text.index(part, at) + len(part)
    assert "".join("".join(parts).split()) == "".join(text.split())


def test_sentences_keep_closing_quotes() -> None:
    assert sentences("他说“死锁。”然后走了。对！") == ["他说“死锁。”然后走了。", "对！"]
    assert sentences("甲\n\n乙") == ["甲", "乙"]


@given(st.text(max_size=30))
def test_normalising_twice_changes_nothing(text: str) -> None:
    assert normalize(normalize(text)) == normalize(text)
