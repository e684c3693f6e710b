"""Papers as files: a round trip of the whole bank, errors with their lines, hostile content."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from assistant408.content.questions import load_bank
from assistant408.content.syllabus import Syllabus, load_syllabus
from assistant408.core.errors import InputError
from assistant408.practice.exam_file import FILE_BYTES, read_paper
from assistant408.practice.exam_html import paper_html
from assistant408.practice.exam_write import write_keys, write_paper
from assistant408.practice.paper import Item, Paper, new_paper

GOOD = """# 自测
时间：30 分钟

## 1. [os] 2 分
`fork` 返回几次？
A. 1
B. 2
答案：b
解析：父子各一次。
考点：os.process.fork
难度：2

## 2. [计算机网络] 5 分
说明下列问题。
### (1) 2 分
停等协议的窗口是多少？
答案：1
评分：2 分 窗口为 1
### (2) 3 分
画图。
"""


@pytest.fixture(scope="module")
def syllabus(content: Path) -> Syllabus:
    return load_syllabus(content)


def test_the_bank_survives_writing_and_reading(content: Path, syllabus: Syllabus) -> None:
    questions = [q for q in load_bank(content) if q.kind in ("single", "big")]
    for start in range(0, len(questions), 100):
        paper = Paper("卷", 180, [Item(n, q) for n, q in enumerate(questions[start : start + 100], 1)])
        again = read_paper(write_paper(paper, keys=True).encode(), "x.md", syllabus)
        for a, b in zip(paper.items, again.items, strict=True):
            old, new = a.question, b.question
            assert (old.stem, old.answer[:1] if old.choices else (), old.explanation.strip()) == (
                new.stem,
                new.answer,
                new.explanation,
            )
            assert (list(old.choices.values()), old.points, old.syllabus, old.difficulty) == (
                list(new.choices.values()),
                new.points,
                new.syllabus,
                new.difficulty,
            )
            for x, y in zip(old.parts, new.parts, strict=True):
                assert (x.prompt.strip(), x.answer.strip(), x.points) == (y.prompt, y.answer, y.points)
                assert [(n, " ".join(t.split())) for n, t in x.rubric] == list(y.rubric)


def test_questions_alone_hold_no_key(content: Path, syllabus: Syllabus) -> None:
    paper = new_paper(load_bank(content), syllabus, 1)
    text, page = write_paper(paper), paper_html(paper)
    for item in paper.items:
        q = item.question
        secrets = [
            q.explanation,
            *(p.answer for p in q.parts),
            *(t for p in q.parts for _, t in p.rubric if len(t) > 12),
        ]
        assert all(s not in text and s not in page for s in secrets if s)
    assert read_paper(text.encode(), "x.md", syllabus).points == 150
    assert "**1.**" in write_keys(paper) and 'class="keys"' in paper_html(paper, keys=True)


def test_both_formats_say_the_same(syllabus: Syllabus) -> None:
    data = {
        "title": "自测",
        "minutes": 30,
        "questions": [
            {"subject": "os", "stem": "`fork` 返回几次？", "choices": {"A": "1", "B": "2"}, "answer": "B",
             "explanation": "父子各一次。", "syllabus": ["os.process.fork"], "difficulty": 2},
            {"subject": "cn", "stem": "说明下列问题。", "parts": [
                {"prompt": "停等协议的窗口是多少？", "points": 2, "answer": "1",
                 "rubric": [{"points": 2, "text": "窗口为 1"}]},
                {"prompt": "画图。", "points": 3}]},
        ],
    }  # fmt: skip
    if "os.process.fork" not in syllabus.leaves:
        pytest.fail("the syllabus has lost the leaf of this test")
    markdown = read_paper(GOOD.replace("\n", "\r\n").encode("utf-8-sig"), "x.MD", syllabus)
    assert markdown == read_paper(json.dumps(data).encode(), "x.JSON", syllabus)
    assert [i.question.points for i in markdown.items] == [2, 5] and markdown.minutes == 30


def test_a_backslash_makes_a_line_plain(syllabus: Syllabus) -> None:
    text = (
        "# 卷\n## 1. [os] 2 分\n\\## 不是标题\n\\A. 不是选项\n\\答案：也不是\n```\n## 代码\n答案：x\n```\nA. 1\nB. 2\n"
    )
    q = read_paper(text.encode(), "x.md", syllabus).items[0].question
    assert q.stem == "## 不是标题\nA. 不是选项\n答案：也不是\n```\n## 代码\n答案：x\n```"
    assert q.answer == ()


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("## 1. [os] 2 分", "## 1. [xx] 2 分", 4, "'xx'"),
        ("## 2. [计", "## 3. [计", 13, "题号 3 应为 2"),
        ("B. 2", "C. 2", 7, "'C' 应为 'B'"),
        ("答案：b", "答案：D", 4, "'D'"),
        ("难度：2", "难度：9", 4, "'9'"),
        ("考点：os.process.fork", "考点：cn.nope", 4, "'cn.nope'"),
        ("### (1) 2 分", "### (2) 2 分", 15, "(2)"),
        ("### (1) 2 分", "### 第一问", 15, "标题读不懂"),
        ("] 5 分", "] 6 分", 13, "6 分"),
        ("评分：2 分 窗口", "评分：1 分 窗口", 15, "之和是 1 分"),
        ("评分：2 分 窗口为 1", "评分：全对", 18, "评分应在小问之下"),
        ("解析：父子各一次。", "解析：父子\x1b[31m各一次。", 9, "控制字符"),
        ("解析：父子各一次。", "解析：\u202e各一次。", 9, "控制字符"),
        ("解析：父子各一次。", "答案：A", 9, "又写了一次"),
        ("画图。", "```\n画图。", 20, "代码块没有结束"),
        ("时间：30 分钟", "时间：601 分钟", 1, "601"),
        ("时间：30 分钟", "随便写点", 2, "不属于任何题"),
        ("# 自测\n", "", 1, "没有试卷名"),
        ("`fork` 返回几次？", "长" * 20_001, 4, "20001 字"),
    ],
)  # fmt: skip
def test_markdown_errors_name_their_line(syllabus: Syllabus, old: str, new: str, line: int, said: str) -> None:
    assert old in GOOD
    with pytest.raises(InputError) as caught:
        read_paper(GOOD.replace(old, new, 1).encode(), "x.md", syllabus)
    assert re.match(rf"试卷第 {line} 行", str(caught.value)) and said in str(caught.value)
    assert str(caught.value).endswith("。") and "\n" not in str(caught.value)


Q = '{"subject": "os", "stem": "s", "choices": {"A": "1", "B": "2"}}'


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("{\n", 2, "不是合法的 JSON"),
        ("[]", 1, "应为对象"),
        ('{"title": "t", "x": 1, "questions": []}', 1, "'x'"),
        ('{"title": "t", "questions": []}', 1, "0 题"),
        (f'{{"title": "t",\n"questions": [\n{Q},\n\n{{"subject": "zz"}}]}}', 5, "'zz'"),
        (f'{{"title": "t", "questions": [{Q.replace("s", chr(92) + "u0007", 1)}]}}', 1, "不认识的"),
        ('{"title": "t", "questions": [' + Q.replace('"stem": "s"', '"stem": "\\u0000"') + "]}", 1, "控制字符"),
        ('{"title": "t", "questions": [' + Q.replace('"stem": "s"', '"stem": 3') + "]}", 1, "应为文本"),
        ('{"title": "t", "questions": [\n3]}', 2, "应为对象"),
        ('{"title": "t", "minutes": 1.5, "questions": []}', 1, "应为整数"),
        ('{"title": ' + "[" * 100_000, 1, "嵌套"),
        ('{"title": "t", "minutes": ' + "9" * 5000 + "}", 1, "太长的数"),
        ('{"questions": [1], "title": "t", "questions": [' + Q + ", 7]}", 1, "应为对象"),
    ],
)
def test_json_errors_name_their_line(syllabus: Syllabus, text: str, line: int, said: str) -> None:
    with pytest.raises(InputError) as caught:
        read_paper(text.encode(), "x.json", syllabus)
    assert f"第 {line} 行" in str(caught.value) and said in str(caught.value)


def test_sizes_and_encodings_are_bounded(syllabus: Syllabus) -> None:
    with pytest.raises(InputError, match="最多"):
        read_paper(b" " * (FILE_BYTES + 1), "x.md", syllabus)
    with pytest.raises(InputError, match="第 2 行不是 UTF-8"):
        read_paper("# 卷\n".encode() + "题".encode("gbk"), "x.md", syllabus)
    many = "# 卷\n" + "".join(f"## {n}. [os] 2 分\nq\nA. 1\nB. 2\n" for n in range(1, 102))
    with pytest.raises(InputError, match="101 题"):
        read_paper(many.encode(), "x.md", syllabus)


def test_hostile_content_stays_inert(syllabus: Syllabus) -> None:
    evil = (
        "<script>alert(1)</script> <img src=x onerror=alert(1)> ![i](http://e.example/x.png) "
        "[a](javascript:alert(1)) [b](data:text/html,x) <iframe src='//e.example'> $\\href{javascript:x}{y}$ "
        '$\\href{" onclick="x}{y}$ $\\style{position:fixed}{z}$ </div></body>'
    )
    text = f"# </title><script>x</script>\n## 1. [os] 2 分\n{evil}\nA. {evil}\nB. <b>\n答案：A\n解析：{evil}\n"
    page = paper_html(read_paper(text.encode(), "x.md", syllabus), keys=True)
    seen: list[tuple[str, list[tuple[str, str | None]]]] = []

    class Tags(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            seen.append((tag, attrs))

    Tags().feed(page)
    assert not {"script", "img", "iframe", "link", "object", "form"} & {tag for tag, _ in seen}
    for _, attrs in seen:
        for name, value in attrs:
            assert not name.startswith("on") and name != "src"
            assert name != "href" or value == "#"
    assert "default-src 'none'" in page and page.count("</body>") == 1


def test_the_reference_s_examples_can_be_read(syllabus: Syllabus) -> None:
    text = (Path(__file__).parents[2] / "docs/reference/exam-format.md").read_text(encoding="utf-8")
    markdown = re.findall(r"^````markdown\n(.*?)^````$", text, re.M | re.S)[0]
    data = re.findall(r"^```json\n(.*?)^```$", text, re.M | re.S)[0]
    assert [i.question.points for i in read_paper(markdown.encode(), "x.md", syllabus).items] == [2, 5]
    assert [i.question.points for i in read_paper(data.encode(), "x.json", syllabus).items] == [2, 3]
