"""Questions: loading, the learner's view, and the rules that recompute every key."""

import json
import re
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest

from assistant408.content.check_questions import check_questions
from assistant408.content.notes import load_notes
from assistant408.content.questions import load_bank, load_bench
from assistant408.content.syllabus import load_syllabus
from assistant408.core.errors import ContentError, InputError
from assistant408.core.registry import get_solver


def _solve(id: str, args: dict) -> dict:
    return get_solver(id)(**args).answer


def _problems(content: Path, solve: Callable = _solve) -> list[str]:
    notes = {n.id: n for n in load_notes(content)}
    return list(check_questions(load_bank(content), notes, load_syllabus(content), solve))


def test_questions_of_all_kinds_are_read(make_content: Callable[..., Path]) -> None:
    single, judge, blank, big = load_bank(make_content())
    assert (single.kind, judge.kind, blank.kind, big.kind) == ("single", "judge", "blank", "big")
    assert single.subject == "os" and single.answer == ("D",) and single.points == 2
    assert single.check is not None and single.check.equals == 4
    assert judge.evidence[0].note == "os/memory/replacement"
    assert blank.answer == ("2", "两个")
    assert [p.points for p in big.parts] == [3, 5] and big.parts[0].rubric == ((1, "写出页框"), (2, "缺页次数"))


def test_bench_and_bank_are_apart(make_content: Callable[..., Path]) -> None:
    content = make_content()
    (content / "bench/408/os.toml").write_text(make_content.questions.replace("os-memory", "b408-os"), "utf-8")
    assert {q.id for q in load_bank(content)}.isdisjoint(q.id for q in load_bench(content))
    assert len(load_bench(content)) == 4


def test_the_learners_view_gives_nothing_away(make_content: Callable[..., Path]) -> None:
    for q in load_bank(make_content()):
        seen = json.dumps(q.public(), ensure_ascii=False)
        for key in ("answer", "explanation", "traps", "check", "evidence", "rubric", "equals"):
            assert f'"{key}"' not in seen
        for secret in (q.explanation, *q.traps.values(), *(p.answer for p in q.parts)):
            assert not secret or len(secret) < 3 or secret not in seen


def test_sound_questions_have_no_problems(make_content: Callable[..., Path]) -> None:
    assert _problems(make_content()) == []


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ('id = "os-memory-0002"', 'id = "os-memory-0001"', "os-memory-0001 的 id 重复"),
        ('["os.memory.fifo"]', '["os.memory.clock"]', "没有叶子 'os.memory.clock'"),
        ("difficulty = 5", "difficulty = 6", "difficulty 6 应为 1–5"),
        ('explanation = "四页都缺。"', 'explanation = ""', "缺题干或解析"),
        ('stem = "某系统采用 LRU。"', 'stem = ""', "缺题干或解析"),
        ('C = "3", D = "4"', 'C = "4", D = "4"', "四个互不相同的选项"),
        (', D = "4" }', " }", "四个互不相同的选项"),
        ('answer = "D"', 'answer = "E"', "应为一个选项字母"),
        ('answer = "D"', 'answer = ["C", "D"]', "应为一个选项字母"),
        ('C = "丙" }', 'D = "丙" }', "三个错误选项"),
        (', C = "丙" }', " }", "三个错误选项"),
        ('answer = "对"', 'answer = "T"', "“对”或“错”"),
        ('answer = ["2", "两个"]', "answer = []", "填空题缺答案"),
        ('answer = ["2", "两个"]', 'answer = [""]', "填空题缺答案"),
        ("points = 8", "points = 9", "各小问之和"),
        ("points = 2, text", "points = 1, text", "rubric 之和不等于 3 分"),
        ("equals = 4 }\n\n[[question]]", "equals = 3 }\n\n[[question]]", "算得 4，题目写的是 3"),
        ('value = "faults"', 'value = "nothing"', "没有结果 'nothing'"),
        ('value = "faults"', 'value = "faults.0"', "没有结果 'faults.0'"),
        ("frames = 3, policy", "frames = 0, policy", "解题器 os.page_replacement：.*不小于 1"),
        (
            'solver = "os.page_replacement", args = { refs = [1, 2, 3, 4], frames = 3, p',
            'solver = "os.no", args = { p',
            "没有解题器",
        ),
        ("assert len({1, 2, 1}) == 2", "assert len({1, 2, 1}) == 3", "核对程序不通过：AssertionError"),
        ("assert len({1, 2, 1}) == 2", "print(2)", "核对程序没有 assert"),
        ('quote = "FIFO 可能出现 Belady 异常。"', 'quote = "FIFO 不会出现 Belady 异常。"', "找不到原句"),
        ('quote = "FIFO 可能出现 Belady 异常。"', 'quote = "FIFO"', "找不到原句"),
        ('note = "os/memory/replacement", quote = "FIFO', 'note = "os/none", quote = "FIFO', "没有笔记 'os/none'"),
        (
            ', value = "faults", equals = 4 }\n\n[[question]]',
            ', value = "" , equals = 4 }\n\n[[question]]',
            "没有结果 ''",
        ),
        ('check = { python = "assert len({1, 2, 1}) == 2" }\n', "", "既没有 check 也没有 evidence"),
    ],
)
def test_each_rule_fires(make_content: Callable[..., Path], old: str, new: str, complaint: str) -> None:
    assert old in make_content.questions
    problems = _problems(make_content(questions=make_content.questions.replace(old, new, 1)))
    assert any(re.search(complaint, p) for p in problems), problems


def test_the_same_question_twice_is_found(make_content: Callable[..., Path]) -> None:
    again = make_content.questions + make_content.questions[: make_content.questions.index("[[question]]", 20)].replace(
        "0001", "0009"
    ).replace("LRU 缺页几次", " LRU  缺页几次 ")
    assert _problems(make_content(questions=again)) == ["题目 os-memory-0009 与 os-memory-0001 相同"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('kind = "judge"', 'kind = "truefalse"'),
        ("difficulty = 5", "difficulty = 'hard'"),
        ('stem = "FIFO 可能出现 Belady 异常。"', ""),
        ('answer = "4"', ""),
        ('{ solver = "os.page_replacement"', '{ solve = "os.page_replacement"'),
        ('{ note = "os/memory/replacement", quote', '{ nota = "os/memory/replacement", quote'),
        ("traps = {", "traps = 3 # {"),
        ("[[question]]", "[[question]"),
    ],
)
def test_a_malformed_entry_is_a_content_error(make_content: Callable[..., Path], old: str, new: str) -> None:
    assert old in make_content.questions
    with pytest.raises(ContentError):
        load_bank(make_content(questions=make_content.questions.replace(old, new, 1)))


@pytest.mark.parametrize(
    ("computed", "stated", "same"),
    [
        (Fraction(2, 3), "0.67", False),
        (Fraction(2, 3), "2/3", True),
        (Fraction(2, 3), 0.67, True),
        (Fraction(2, 3), 0.66, False),
        (Fraction(1, 2), 0.5, True),
        (4, 4, True),
        (4, "4", True),
        (4, 5, False),
        (True, True, True),
        (True, False, False),
        ([1, 2], [1, 2], True),
        ([1, 2], [2, 1], False),
        ([1, 2], [1, 2, 3], False),
        ({"A": 3}, {"A": 3}, True),
        ({"A": 3}, {"A": 4}, False),
        ({"A": 3}, {"B": 3}, False),
        ({3: 1}, {"3": 1}, True),
        ("0101", "0101", True),
        ("0101", "101", False),
    ],
)
def test_what_counts_as_the_same_value(
    make_content: Callable[..., Path], computed: object, stated: object, same: bool
) -> None:
    """Through the front door: a solver that gives `computed`, a question that states `stated`."""
    only = make_content.questions[: make_content.questions.index("[[question]]", 20)]
    value = str(stated).lower() if isinstance(stated, bool) else json.dumps(stated)
    value = re.sub(r'"(\w+)": ', r"\1 = ", value) if isinstance(stated, dict) else value
    content = make_content(questions=only.replace("equals = 4", f"equals = {value}"))
    problems = _problems(content, lambda id, args: {"faults": computed})
    assert (problems == []) == same, problems


def test_a_solvers_refusal_is_reported_not_raised(make_content: Callable[..., Path]) -> None:
    def refuse(id: str, args: dict) -> dict:
        raise InputError("页框数太多。")

    assert [p for p in _problems(make_content(), refuse) if "页框数太多" in p]
