"""``content check``: every rule fires on a broken example, and only that rule."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from assistant408.content.check import check_content
from assistant408.core.registry import get_solver

SOLVERS = ["os.page_replacement"]


def test_sound_content_has_no_problems(make_content: Callable[..., Path]) -> None:
    report = check_content(make_content(), solvers=SOLVERS)
    assert report.problems == []
    assert report.counts["leaves"] == 2 and report.counts["notes"] == 1
    assert report.counts["sections"] == 2 and report.counts["checks"] == 1 and report.counts["characters"] > 600


SENTENCE = "这一句话足够长而且在两个考点里一字不差地出现了两次。"


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        # coverage
        ('syllabus = ["os.memory.lru", "os.memory.fifo"]', 'syllabus = ["os.memory.lru"]', "不一致"),
        ("{#os.memory.fifo}", "{#os.memory.clock}", "没有叶子 'os.memory.clock'"),
        ("{#os.memory.fifo}", "{#os.memory.lru}", "已由 os/memory/replacement 讲过"),
        ("{#os.memory.fifo}", "{#os.memory.lru}", "'os.memory.fifo'（FIFO 页面置换）还没有笔记"),
        # structure
        ("## FIFO 页面置换 {#os.memory.fifo}", "## FIFO 页面置换", "没有 {#考点id}"),
        ("FILL2", "短。", r"至少 250 字"),
        ("### 考点\nFIFO", "FIFO", "os.memory.fifo：缺少“### 考点”"),
        ("### 讲解\nFIFO", "FIFO", "os.memory.fifo：缺少“### 讲解”"),
        ("### 易错\n- 命中时不", "- 命中时不", "os.memory.fifo：缺少“### 易错”"),
        ("$$\nf = 1\n$$", "$$\nf = 1", r"\$\$ 不成对"),
        ("$O(n)$", "$O(n)", "行内公式的 \\$ 不成对"),
        # links
        ("leaf:os.memory.fifo", "leaf:os.memory.opt", "链接 leaf:os.memory.opt 不存在"),
        ("note:os/memory/replacement", "note:os/memory/none", "链接 note:os/memory/none 不存在"),
        ('solvers = ["os', 'prerequisites = ["os/none"]\nsolvers = ["os', "先修笔记 'os/none' 不存在"),
        ('"os.page_replacement"', '"os.nothing"', "没有解题器 'os.nothing'"),
        # repetition
        ("FILL1", f"FILL1{SENTENCE}\n\nFILL2{SENTENCE}", "同一句话出现在 os.memory.fifo、os.memory.lru"),
        # the programs of the examples
        ("assert len({1, 2, 1}) == 2", "assert len({1, 2, 1}) == 3", "第 1 个核对程序不通过：AssertionError"),
        ("assert len({1, 2, 1}) == 2", "import nothing_like_it; assert 1", "不通过：ModuleNotFoundError"),
        ("assert len({1, 2, 1}) == 2", "print(2)", "第 1 个核对程序没有 assert"),
        # front matter
        ("title = ", "titel = ", "缺少 title"),
    ],
)
def test_each_rule_fires(make_content: Callable[..., Path], old: str, new: str, complaint: str) -> None:
    assert old in make_content.note
    if SENTENCE in new:  # the sentence has to stand in both sections
        text = make_content.note.replace("FILL1", "FILL1" + SENTENCE).replace("FILL2", "FILL2" + SENTENCE)
    else:
        text = make_content.note.replace(old, new, 1)
    report = check_content(make_content(note=text), solvers=SOLVERS)
    assert any(re.search(complaint, p) for p in report.problems), report.problems


def test_code_is_not_prose(make_content: Callable[..., Path]) -> None:
    """Dollars, headings and repeated lines in code break no rule."""
    code = "```c\n## 不是标题\nint $x = 1; // 这一行注释足够长而且在两个考点里一字不差地出现了两次\n```\n"
    note = make_content.note.replace("### 易错\n", f"{code}\n### 易错\n")
    assert note.count("不是标题") == 2
    assert check_content(make_content(note=note), solvers=SOLVERS).problems == []


def test_programs_run_only_when_asked(make_content: Callable[..., Path]) -> None:
    broken = make_content(note=make_content.note.replace("== 2", "== 3"))
    assert check_content(broken, run_checks=False).problems == []
    assert len(check_content(broken).problems) == 1


def test_a_broken_tree_is_the_only_problem_that_is_reported(make_content: Callable[..., Path]) -> None:
    report = check_content(make_content("[[node]]\nid = 'os'\n"))
    assert len(report.problems) == 1 and "没有名称" in report.problems[0]


def test_the_shipped_notes_pass_all_but_the_programs(content: Path) -> None:
    """The programs are run by ``a408 content check``, which the test command calls too."""
    assert check_content(content, run_checks=False).problems == []


def test_a_note_without_sections_is_reported(make_content: Callable[..., Path]) -> None:
    head = make_content.note[: make_content.note.index("## LRU")]
    problems = check_content(make_content(note=head)).problems
    assert "os/memory/replacement：前言的 syllabus 与二级标题的考点不一致" in problems


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ('leaf = "os.memory.fifo"', 'leaf = "os.memory.clock"', "术语 '缺页' 的考点 'os.memory.clock' 不存在"),
        ('zh = "缺页"', 'zh = "ＴＬＢ"', "术语 'ＴＬＢ' 的名称 'tlb' 已属于 '快表'"),
        ('zh = "缺页"', 'en = "page fault"', "术语表 .* 读不出来"),
        ("[[term]]", "[[word]]", "术语表 .* 读不出来"),
        ('[[term]]\nzh = "快表"', 'term = ["快表"]\nzh = "快表"', "术语表 .* 读不出来"),
    ],
)
def test_each_rule_of_the_glossary_fires(make_content: Callable[..., Path], old: str, new: str, complaint: str) -> None:
    assert old in make_content.glossary
    report = check_content(make_content(glossary=make_content.glossary.replace(old, new)), run_checks=False)
    assert any(re.search(complaint, p) for p in report.problems), report.problems


@pytest.mark.parametrize(
    ("asked", "complaint"),
    [
        ('"os.memory.clock" = ["怎么转？"]', "问法里的考点 'os.memory.clock' 不存在"),
        ('"os.memory.lru" = "怎么转？"', "应为一列问句"),
        ('"os.memory.lru" = ["  "]', "应为一列问句"),
        ('"os.memory.lru" = [1]', "应为一列问句"),
        ('"os.memory.lru" = [', "不是合法的 TOML"),
    ],
)
def test_each_rule_of_the_ways_of_asking_fires(make_content: Callable[..., Path], asked: str, complaint: str) -> None:
    report = check_content(make_content(asked=asked), run_checks=False)
    assert any(complaint in p for p in report.problems), report.problems


def test_questions_are_checked_with_a_solver_at_hand(make_content: Callable[..., Path]) -> None:
    wrong = make_content(
        questions=make_content.questions.replace("equals = 4 }\n\n[[question]]", "equals = 3 }\n\n[[question]]")
    )

    def solve(id: str, args: Mapping[str, Any]) -> Mapping[str, Any]:
        return get_solver(id)(**args).answer

    assert check_content(wrong, run_checks=False).problems == []
    report = check_content(wrong, run_checks=False, solve=solve)
    assert report.problems == ["题目 os-memory-0001：解题器 os.page_replacement 算得 4，题目写的是 3"]
    assert (report.counts["questions"], report.counts["bench"], report.counts["terms"], report.counts["asked"]) == (
        4,
        0,
        2,
        2,
    )
