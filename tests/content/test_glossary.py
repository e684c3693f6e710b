"""Names of one thing."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.content.glossary import Glossary, Term, load_glossary

TERMS = Glossary([Term("快表", "translation lookaside buffer", ("TLB", "C++表"), "x"), Term("表", "", (), "x")])


@pytest.mark.parametrize(
    ("text", "others"),
    [
        ("快表是什么", ["TLB", "C++表"]),
        ("什么是ｔｌｂ？", ["快表", "C++表"]),
        ("Translation Lookaside Buffer", ["快表", "TLB", "C++表"]),
        ("快表就是 TLB", ["C++表"]),
        ("HTLBX", []),
        ("c++表", ["快表", "TLB"]),
        ("表", []),
        ("", []),
    ],
)
def test_other_names_of_what_a_text_mentions(text: str, others: list[str]) -> None:
    assert TERMS.other_names(text) == others


@given(st.text(max_size=40))
def test_no_text_breaks_it(text: str) -> None:
    assert len(set(TERMS.other_names(text))) == len(TERMS.other_names(text))
    assert Glossary([]).other_names(text) == []


def test_it_is_read_as_written(make_content: Callable[..., Path]) -> None:
    first, second = load_glossary(make_content()).terms
    assert first.names == ("快表", "translation lookaside buffer", "TLB", "相联存储器")
    assert second.names == ("缺页",)
