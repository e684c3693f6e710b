"""Papers as files (导入): one's own papers read from Markdown or JSON.

The formats are in ``docs/reference/exam-format.md``. What is read is only data: bounded in size, without control
characters, and rendered as text wherever it is shown. Every error names its line.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NoReturn

from assistant408.content.questions import Part, Question
from assistant408.content.syllabus import SUBJECTS, Syllabus
from assistant408.core.errors import InputError
from assistant408.practice.paper import Item, Paper

__all__ = ["FENCE", "FILE_BYTES", "MARKER", "read_paper"]

FILE_BYTES = 1 << 20
QUESTIONS, PARTS, RUBRIC, TEXT, TITLE = 100, 10, 20, 20_000, 100
LETTERS = "ABCDE"

_NAMES = {name: id for id, name in SUBJECTS.items()} | {id: id for id in SUBJECTS} | {"组成原理": "co", "网络": "cn"}
_HEAD = re.compile(
    r"##\s+(?P<number>\d{1,4})\s*[.．、]\s*[\[［](?P<subject>[^\]］]+)[\]］]\s*(?:(?P<points>\d{1,4})\s*分)?\s*"
)
_PART = re.compile(r"###\s+[(（](?P<number>\d{1,4})[)）]\s*(?P<points>\d{1,4})\s*分\s*")
_CHOICE = re.compile(r"([A-E])[.．、]\s*(.*)")
_FIELD = re.compile(r"(答案|解析|考点|难度|评分)\s*[:：]\s*(.*)")
_RUBRIC = re.compile(r"(\d{1,4})\s*分\s*(.*)")
_MINUTES = re.compile(r"时间\s*[:：]\s*(\d{1,4})\s*分钟\s*")
MARKER = re.compile(r"\\|#|[A-E][.．、]|(?:答案|解析|考点|难度|评分|时间)\s*[:：]")
FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")


@dataclass
class _Draft:
    """A question or a part while it is read; texts are lines."""

    line: int
    number: int
    subject: str = ""
    points: int = 0
    stem: list[str] = field(default_factory=list)
    choices: dict[str, list[str]] = field(default_factory=dict)
    fields: dict[str, list[str]] = field(default_factory=dict)
    rubric: list[tuple[int, str]] = field(default_factory=list)
    parts: list[_Draft] = field(default_factory=list)


def read_paper(data: bytes, name: str, syllabus: Syllabus) -> Paper:
    """A paper from the bytes of a ``.json`` or Markdown file.

    Args:
        name: the file's name, which decides the format.
        syllabus: whose points (考点) a question may name.

    Raises:
        InputError: naming the line and the rule.
    """
    if len(data) > FILE_BYTES:
        raise InputError(f"试卷文件 {name!r} 有 {len(data)} 字节，最多 {FILE_BYTES} 字节，请分成几份。")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as e:
        raise InputError(f"试卷文件第 {data[: e.start].count(10) + 1} 行不是 UTF-8 文本，请另存为 UTF-8。") from None
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    for n, line in enumerate(text.split("\n"), 1):
        if _hidden(line):
            _bad(n, "有看不见的控制字符，请删去")
    return _json(text, syllabus) if name.lower().endswith(".json") else _markdown(text, syllabus)


# --- Markdown ---------------------------------------------------------------------------------------------------------


def _markdown(text: str, syllabus: Syllabus) -> Paper:
    title, minutes = "", 180
    drafts: list[_Draft] = []
    into: list[str] | None = None
    fence, fence_line = "", 0
    for n, line in enumerate(text.split("\n"), 1):
        if mark := FENCE.match(line):
            if not fence:
                fence, fence_line = mark[1], n
            elif mark[1][0] == fence[0] and len(mark[1]) >= len(fence) and not line.strip(" `~"):
                fence = ""
        elif not fence and (head := re.fullmatch(r"#\s+(.+)", line)) and not drafts:
            if title:
                _bad(n, "又有一个一级标题，一份试卷只写一个")
            title = head[1].strip()
            continue
        elif not fence and not drafts and (found := _MINUTES.fullmatch(line)):
            minutes = int(found[1])
            continue
        elif not fence and line.startswith("#"):
            into = _heading(n, line, drafts)
            continue
        elif not fence and drafts and (target := _marked(n, line, drafts[-1])) is not None:
            into = target
            continue
        if into is None:
            if line.strip():
                _bad(n, f"{line.strip()[:20]!r} 不属于任何题，题目应以“## 1. [os] 2 分”开头")
            continue
        into.append(line if fence or mark or not line.startswith("\\") or not MARKER.match(line[1:]) else line[1:])
    if fence:
        _bad(fence_line, "的代码块没有结束")
    return _paper(title, minutes, drafts, syllabus, 1)


def _heading(n: int, line: str, drafts: list[_Draft]) -> list[str]:
    if head := _HEAD.fullmatch(line):
        subject = _NAMES.get(head["subject"].strip().casefold()) or _NAMES.get(head["subject"].strip())
        if subject is None:
            _bad(n, f"的科目 {head['subject']!r} 应为 {'、'.join(SUBJECTS)} 之一")
        drafts.append(_Draft(n, int(head["number"]), subject, int(head["points"] or 2)))
        return drafts[-1].stem
    if part := _PART.fullmatch(line):
        if not drafts:
            _bad(n, "的小问不属于任何题")
        drafts[-1].parts.append(_Draft(n, int(part["number"]), drafts[-1].subject, int(part["points"])))
        return drafts[-1].parts[-1].stem
    _bad(n, "的标题读不懂，应如“## 1. [os] 2 分”或“### (1) 4 分”；题中的 # 请在前面加反斜杠")


def _marked(n: int, line: str, question: _Draft) -> list[str] | None:
    """Where the lines after a choice or a field go; `None` if the line is neither."""
    draft = question.parts[-1] if question.parts else question
    if not question.parts and not draft.fields and (choice := _CHOICE.match(line)):
        letter = choice[1]
        if letter != LETTERS[len(draft.choices)]:
            _bad(n, f"的选项 {letter!r} 应为 {LETTERS[len(draft.choices)]!r}，选项从 A 起依次写，各占一行")
        draft.choices[letter] = [choice[2]]
        return draft.choices[letter]
    if found := _FIELD.match(line):
        name, rest = found[1], found[2]
        if name == "评分":
            rubric = _RUBRIC.fullmatch(rest.strip())
            if rubric is None or not question.parts:
                _bad(n, "的评分应在小问之下，写成“评分：2 分 缺页次数正确”")
            draft.rubric.append((int(rubric[1]), rubric[2].strip()))
            return []
        if name in ("考点", "难度") and question.parts:
            draft = question
        if name in draft.fields:
            _bad(n, f"又写了一次“{name}”")
        draft.fields[name] = [rest]
        return draft.fields[name]
    return None


# --- JSON -------------------------------------------------------------------------------------------------------------

_KEYS = {"subject", "points", "stem", "choices", "answer", "explanation", "syllabus", "difficulty", "parts"}


def _json(text: str, syllabus: Syllabus) -> Paper:
    try:
        data = json.loads(text)
    except json.JSONDecodeError as e:
        _bad(e.lineno, f"不是合法的 JSON（{e.msg}）")
    except (ValueError, RecursionError):  # a number of thousands of digits, or brackets in brackets
        _bad(1, "起的 JSON 有太长的数，或嵌套得太深")
    if not isinstance(data, dict) or not isinstance(data.get("questions"), list):
        _bad(1, "起的 JSON 应为对象，含 title、minutes 和 questions 列表")
    if unknown := set(data) - {"title", "minutes", "questions"}:
        _bad(1, f"起的 JSON 有不认识的 {sorted(unknown)[0]!r}")
    lines = list(_starts(text))
    drafts = [_from_json(q, i + 1, lines[i] if i < len(lines) else 1) for i, q in enumerate(data["questions"])]
    return _paper(_str(data, "title", 1), _int(data, "minutes", 1, 180), drafts, syllabus, 1)


def _starts(text: str) -> Iterator[int]:
    """The lines on which the questions begin."""
    found = re.search(r'"questions"\s*:\s*\[', text)
    decoder, at = json.JSONDecoder(), found.end() if found else len(text)
    while at < len(text):
        at = re.compile(r"[\s,]*").match(text, at).end()  # type: ignore[union-attr]
        if text[at : at + 1] in ("]", ""):
            return
        yield text.count("\n", 0, at) + 1
        _, at = decoder.raw_decode(text, at)


def _from_json(q: Any, number: int, line: int) -> _Draft:
    if not isinstance(q, dict):
        _bad(line, f"的第 {number} 题应为对象")
    if unknown := set(q) - _KEYS:
        _bad(line, f"的第 {number} 题有不认识的 {sorted(unknown)[0]!r}")
    draft = _Draft(line, number, str(q.get("subject", "")), _int(q, "points", line, 2), [_str(q, "stem", line)])
    if draft.subject not in SUBJECTS:
        _bad(line, f"的第 {number} 题的 subject {draft.subject!r} 应为 {'、'.join(SUBJECTS)} 之一")
    choices, parts = q.get("choices", {}), q.get("parts", [])
    if not isinstance(choices, dict) or not isinstance(parts, list):
        _bad(line, f"的第 {number} 题的 choices 应为对象，parts 应为列表")
    if list(choices) != list(LETTERS[: len(choices)]):
        _bad(line, f"的第 {number} 题的选项应从 A 起依次写")
    draft.choices = {k: [_str(choices, k, line)] for k in choices}
    for key, name in (("answer", "答案"), ("explanation", "解析")):
        if key in q:
            draft.fields[name] = [_str(q, key, line)]
    leaves = q.get("syllabus", [])
    draft.fields["考点"] = [" ".join(map(str, leaves if isinstance(leaves, list) else [leaves]))]
    draft.fields["难度"] = [str(_int(q, "difficulty", line, 3))]
    for i, p in enumerate(parts, 1):
        if not isinstance(p, dict) or set(p) - {"prompt", "points", "answer", "rubric"}:
            _bad(line, f"的第 {number} 题第 {i} 问应为对象，含 prompt、points，可有 answer、rubric")
        part = _Draft(line, i, draft.subject, _int(p, "points", line, 0), [_str(p, "prompt", line)])
        part.fields["答案"] = [_str(p, "answer", line)]
        for r in p.get("rubric", []) if isinstance(p.get("rubric", []), list) else [None]:
            if not isinstance(r, dict) or set(r) != {"points", "text"}:
                _bad(line, f"的第 {number} 题第 {i} 问的 rubric 应为 {{points, text}} 的列表")
            part.rubric.append((_int(r, "points", line, 0), _str(r, "text", line)))
        draft.parts.append(part)
    if draft.parts and "points" not in q:
        draft.points = sum(p.points for p in draft.parts)
    return draft


def _str(data: Mapping[str, Any], key: str, line: int) -> str:
    value = data.get(key, "")
    if not isinstance(value, str):
        _bad(line, f"的 {key} {str(value)[:20]!r} 应为文本")
    return value


def _int(data: Mapping[str, Any], key: str, line: int, default: int) -> int:
    value = data.get(key, default)
    if type(value) is not int:
        _bad(line, f"的 {key} {str(value)[:20]!r} 应为整数")
    return int(value)


# --- the rules of both ------------------------------------------------------------------------------------------------


def _paper(title: str, minutes: int, drafts: Sequence[_Draft], syllabus: Syllabus, line: int) -> Paper:
    if not title.strip() or len(title) > TITLE or "\n" in title or _hidden(title):
        _bad(line, f"起没有试卷名，应写“# 试卷名”（JSON 里是 title），最多 {TITLE} 字")
    if not 1 <= minutes <= 600:
        _bad(line, f"起的时间 {minutes} 分钟应在 1 到 600 之间")
    if not 1 <= len(drafts) <= QUESTIONS:
        _bad(line, f"起有 {len(drafts)} 题，应有 1 到 {QUESTIONS} 题")
    items = []
    for expected, d in enumerate(drafts, 1):
        if d.number != expected:
            _bad(d.line, f"的题号 {d.number} 应为 {expected}，题号从 1 起依次写")
        items.append(Item(expected, _question(d, syllabus), "imported"))
    return Paper(title, minutes, items)


def _question(d: _Draft, syllabus: Syllabus) -> Question:
    fields = {k: _text(v, d.line) for k, v in d.fields.items()}
    leaves = tuple(re.split(r"[\s,，、]+", fields["考点"])) if fields.get("考点") else (d.subject,)
    for leaf in leaves if fields.get("考点") else ():
        if leaf not in syllabus.leaves or not leaf.startswith(d.subject + "."):
            _bad(d.line, f"的题目写了考点 {leaf!r}，{SUBJECTS[d.subject]}没有这个考点，请用 a408 content list 查看")
    difficulty = fields.get("难度") or "3"
    if difficulty not in ("1", "2", "3", "4", "5"):
        _bad(d.line, f"的题目的难度 {difficulty[:20]!r} 应为 1 到 5")
    stem = _text(d.stem, d.line)
    answer = fields.get("答案", "")
    if bool(d.choices) == bool(d.parts):
        _bad(d.line, "的题目应有选项（选择题）或小问（大题），二者取一")
    if d.parts:
        if len(d.parts) > PARTS:
            _bad(d.line, f"的大题有 {len(d.parts)} 问，最多 {PARTS} 问")
        if answer:
            _bad(d.line, "的大题的答案应写在各小问之下")
        parts = tuple(_part(p, i) for i, p in enumerate(d.parts, 1))
        if d.points != sum(p.points for p in parts):
            _bad(d.line, f"的大题写 {d.points} 分，各小问之和是 {sum(p.points for p in parts)} 分")
    else:
        parts = ()
        answer = answer.upper()
        if not stem:
            _bad(d.line, "的题目没有题干")
        if len(d.choices) < 2:
            _bad(d.line, "的选择题至少要有 A、B 两个选项")
        if answer and answer not in d.choices:
            _bad(d.line, f"的题目的答案 {answer[:20]!r} 应为 {'、'.join(d.choices)} 之一，或不写")
    if not 1 <= d.points <= 150:
        _bad(d.line, f"的题目的 {d.points} 分应在 1 到 150 之间")
    return Question(
        id=f"imported-{d.number}",
        kind="big" if parts else "single",
        syllabus=leaves,
        difficulty=int(difficulty),
        stem=stem,
        choices={k: _text(v, d.line) for k, v in d.choices.items()},
        answer=(answer,) if answer else (),
        explanation=fields.get("解析", ""),
        traps={},
        check=None,
        evidence=(),
        parts=parts,
        points=d.points,
    )


def _part(d: _Draft, expected: int) -> Part:
    if d.number != expected:
        _bad(d.line, f"的小问编号 ({d.number}) 应为 ({expected})")
    if not 1 <= d.points <= 150:
        _bad(d.line, f"的小问的 {d.points} 分应在 1 到 150 之间")
    if unknown := set(d.fields) - {"答案"}:
        _bad(d.line, f"的小问不能写“{sorted(unknown)[0]}”")
    if len(d.rubric) > RUBRIC or any(n < 1 or len(t) > 500 for n, t in d.rubric):
        _bad(d.line, f"的小问的评分最多 {RUBRIC} 条，每条至少 1 分、最多 500 字")
    if d.rubric and sum(n for n, _ in d.rubric) != d.points:
        _bad(d.line, f"的小问写 {d.points} 分，各条评分之和是 {sum(n for n, _ in d.rubric)} 分")
    return Part(_text(d.stem, d.line), d.points, _text(d.fields.get("答案", []), d.line), tuple(d.rubric))


def _hidden(text: str) -> bool:
    return any(unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp") and c not in "\t\n" for c in text)


def _text(lines: Sequence[str], line: int) -> str:
    text = "\n".join(lines).strip()
    if _hidden(text):  # JSON can spell one out
        _bad(line, "的题目有看不见的控制字符，请删去")
    if len(text) > TEXT:
        _bad(line, f"的题目有一段 {len(text)} 字，最多 {TEXT} 字")
    return text


def _bad(line: int, what: str) -> NoReturn:
    raise InputError(f"试卷第 {line} 行{what}。")
