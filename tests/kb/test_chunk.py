"""Chunks along headings."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.content.notes import load_notes
from assistant408.kb.chunk import LIMIT, TARGET, chunk_markdown
from assistant408.kb.cite import units

TABLE = "| 算法 | 异常 |\n|---|---|\n" + "".join(f"| 算法{i} | 情形{i} |\n" for i in range(60))
CODE = "```c\n" + "".join(f"int a{i} = {i};  // 第 {i} 行\n\n" for i in range(60)) + "# 不是标题\n```\n"
FORMULA = "$$\n" + "".join(f"x_{{{i}}} = {i}\\\\\n" for i in range(80)) + "$$\n"
LONG = "".join(f"这是第 {i} 句话，说明进程与线程的区别。" for i in range(80)) + "\n"
LIST = "".join(f"- 第 {i} 条：进程是资源分配的单位。\n" for i in range(60))


def _squeezed(text: str) -> str:
    return "".join(text.split())


def test_headings_make_the_path_and_the_anchor() -> None:
    text = "# 总\n引言。\n## 一 {#a.b}\n### 考点\n甲。\n### 易错\n乙。\n## 二\n丙。\n"
    chunks = chunk_markdown("d", "题", text, page=3)
    assert [(c.section, c.anchor, c.part, c.text) for c in chunks] == [
        ("题 › 总", "", "", "引言。"),
        ("题 › 总 › 一", "a.b", "考点", "甲。"),
        ("题 › 总 › 一", "a.b", "易错", "乙。"),
        ("题 › 总 › 二", "", "", "丙。"),
    ]
    assert {(c.doc, c.title, c.page) for c in chunks} == {("d", "题", 3)}


def test_a_short_point_stays_with_its_explanation() -> None:
    (chunk,) = chunk_markdown("d", "题", "## 一 {#a}\n### 考点\n短。\n### 讲解\n解释。\n")
    assert chunk.text == "短。\n\n解释。" and chunk.part == "考点"


@pytest.mark.parametrize("whole", [TABLE, CODE, FORMULA], ids=["table", "code", "formula"])
@pytest.mark.parametrize("before", ["", "前文。\n\n", "前文紧接着：\n", LONG], ids=["alone", "after", "close", "long"])
def test_tables_code_and_formulas_stay_whole(whole: str, before: str) -> None:
    assert len(whole) > LIMIT
    chunks = chunk_markdown("d", "题", f"## 一\n{before}{whole}\n后文。\n")
    assert sum(whole.strip() in c.text for c in chunks) == 1
    assert _squeezed("".join(c.text for c in chunks)) == _squeezed(f"{before}{whole}后文。")


@pytest.mark.parametrize(
    "text",
    [
        "$$ a = b\n+ c $$\n\n## 下\n正文。",
        "$$\na\n\n## 下\n正文。",
        "用 `$$` 表示。\n\n## 下\n正文。",
        "```c\n`\n```\n\n## 下\n正文。",
    ],
)
def test_the_next_heading_is_seen_after_odd_markup(text: str) -> None:
    assert chunk_markdown("d", "题", text)[-1].section == "题 › 下"


@pytest.mark.parametrize(
    "block", [LONG, LIST, LONG.replace("。", "。\n"), LIST + "\n" + LONG], ids=["prose", "list", "lines", "both"]
)
def test_long_text_is_cut_between_sentences_and_items(block: str) -> None:
    chunks = chunk_markdown("d", "题", "## 一\n" + block)
    assert len(chunks) > 2 and all(len(c.text) <= TARGET + 10 for c in chunks)
    assert all(re.search(r"[。]$", c.text) for c in chunks), "no sentence is cut"
    assert _squeezed("".join(c.text for c in chunks)) == _squeezed(block)


BLOCKS = st.sampled_from(
    [
        TABLE,
        CODE,
        FORMULA,
        LONG,
        LIST,
        "短句。\n",
        "两行\n一段。\n",
        "| a |\n|---|\n| b |\n",
        "1. 甲\n2. 乙\n",
        "> 引文。\n",
        "$x$ 与 $$y$$ 同行。\n",
    ]
)
HEADINGS = st.sampled_from(["# 部\n", "## 章 {#x.y}\n", "### 考点\n", "### 讲解\n", "### 例题\n", "#### 细节\n"])


@given(st.lists(st.one_of(BLOCKS, HEADINGS), max_size=8), st.booleans())
def test_nothing_is_lost_doubled_or_reworded(parts: list[str], loose: bool) -> None:
    text = ("\n" if loose else "").join(parts)
    chunks = chunk_markdown("d", "题", text)
    body = "".join(p for p in parts if not re.match(r"#{1,6} \S+", p))
    assert _squeezed("".join(c.text for c in chunks)) == _squeezed(body)
    lines = {line.strip() for line in text.split("\n")}
    for c in chunks:
        assert c.text == c.text.strip() != ""
        for unit in units(c.text):
            assert any(unit in line for line in lines), "a quote is verbatim in its document"


def test_every_quotable_unit_of_the_shipped_notes_is_verbatim(content: Path) -> None:
    for note in load_notes(content):
        leaves = {s.leaf for s in note.sections}
        for chunk in chunk_markdown(note.id, note.title, note.markdown):
            assert chunk.anchor in leaves or chunk.anchor == "", note.id
            for unit in units(chunk.text):
                assert unit in note.markdown, f"{note.id}: {unit}"


def test_what_is_embedded_has_the_headings_and_no_markup() -> None:
    (chunk,) = chunk_markdown("d", "页面置换", "## LRU\n**LRU** 用 `栈`，$n$ 页。\n\n| a | b |\n|---|---|\n| 1 | 2 |\n")
    assert chunk.embedded == "页面置换 › LRU：LRU 用 栈 ， n 页。 a b 1 2"
