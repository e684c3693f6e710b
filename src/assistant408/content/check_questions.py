"""The rules for questions: every key is recomputed by a solver or a program, or found word for word in a note."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from assistant408.content.notes import Note
from assistant408.content.questions import Check, Evidence, Question
from assistant408.content.syllabus import Syllabus
from assistant408.core.errors import A408Error

__all__ = ["Solve", "check_questions", "check_stem_repetition"]

Solve = Callable[[str, Mapping[str, Any]], Mapping[str, Any]]


def check_questions(
    questions: Sequence[Question], notes: Mapping[str, Note], syllabus: Syllabus, solve: Solve
) -> Iterator[str]:
    """One sentence a problem.

    Args:
        solve: the results of a solver, by its id and arguments.
    """
    seen: set[str] = set()
    for q in questions:
        if q.id in seen:
            yield f"题目 {q.id} 的 id 重复"
        seen.add(q.id)
        for problem in (*_shape(q, syllabus), *_grounds(q, notes, solve)):
            yield f"题目 {q.id}：{problem}"
    yield from check_stem_repetition(questions)


def check_stem_repetition(questions: Sequence[Question]) -> Iterator[str]:
    """Stems that are the same but for white space; a judgement or a choice may reuse its opening words only."""
    stems: dict[str, str] = {}
    for q in questions:
        key = re.sub(r"\s+", "", q.stem) + "|".join(sorted(q.choices.values()))
        if key in stems:
            yield f"题目 {q.id} 与 {stems[key]} 相同"
        stems[key] = q.id


def _shape(q: Question, syllabus: Syllabus) -> Iterator[str]:
    for leaf in q.syllabus:
        if leaf not in syllabus.leaves:
            yield f"考点树里没有叶子 {leaf!r}"
    if not 1 <= q.difficulty <= 5:
        yield f"difficulty {q.difficulty} 应为 1–5"
    if not q.stem or (q.kind != "big" and not q.explanation):
        yield "缺题干或解析"
    if q.kind == "single":
        if sorted(q.choices) != list("ABCD") or len(set(q.choices.values())) != 4:
            yield "应有 A–D 四个互不相同的选项"
        if len(q.answer) != 1 or q.answer[0] not in q.choices:
            yield f"答案 {q.answer} 应为一个选项字母"
        if set(q.traps) != set(q.choices) - set(q.answer):
            yield "traps 应恰好说明三个错误选项"
    elif q.kind == "judge":
        if q.answer not in (("对",), ("错",)):
            yield "判断题的答案应为“对”或“错”"
    elif q.kind == "blank":
        if not q.answer or not all(q.answer):
            yield "填空题缺答案"
    else:
        if not q.parts or q.points != sum(p.points for p in q.parts):
            yield "大题的 points 应等于各小问之和"
        for i, part in enumerate(q.parts, 1):
            if part.rubric and sum(points for points, _ in part.rubric) != part.points:
                yield f"第 {i} 问的 rubric 之和不等于 {part.points} 分"


def _grounds(q: Question, notes: Mapping[str, Note], solve: Solve) -> Iterator[str]:
    items = q.parts if q.kind == "big" else (q,)
    for item in items:
        if item.check is None and not item.evidence and not getattr(item, "rubric", ()):
            yield "既没有 check 也没有 evidence"
        if item.check is not None:
            yield from _recompute(item.check, q, solve)
        for evidence in item.evidence:
            yield from _find(evidence, notes)


def _find(evidence: Evidence, notes: Mapping[str, Note]) -> Iterator[str]:
    note = notes.get(evidence.note)
    if note is None:
        yield f"没有笔记 {evidence.note!r}"
    elif len(evidence.quote) < 6 or evidence.quote not in note.markdown:
        yield f"笔记 {evidence.note} 里找不到原句 {evidence.quote[:40]!r}"


def _recompute(check: Check, q: Question, solve: Solve) -> Iterator[str]:
    if check.python:
        if "assert" not in check.python:
            yield "核对程序没有 assert"
            return
        try:
            done = subprocess.run(
                [sys.executable, "-c", check.python], capture_output=True, text=True, timeout=60, check=False
            )
        except subprocess.TimeoutExpired:
            yield "核对程序超过 60 秒"
            return
        if done.returncode:
            yield f"核对程序不通过：{(done.stderr.strip().splitlines() or ['无输出'])[-1]}"
        return
    try:
        results: Any = solve(check.solver, check.args)
        for key in check.value.split("."):
            results = results[int(key)] if isinstance(results, (list, tuple)) else results[key]
    except A408Error as e:
        yield f"解题器 {check.solver}：{e}"
        return
    except (KeyError, IndexError, ValueError, TypeError) as e:
        yield f"解题器 {check.solver} 没有结果 {check.value!r}（{type(e).__name__} {e}）"
        return
    if not _same(results, check.equals):
        yield f"解题器 {check.solver} 算得 {results!r}，题目写的是 {check.equals!r}"


def _same(computed: Any, stated: Any) -> bool:
    """Equal as exact numbers; decimals may be rounded to the digits that are stated."""
    if isinstance(computed, (list, tuple)) and isinstance(stated, (list, tuple)):
        return len(computed) == len(stated) and all(map(_same, computed, stated))
    if isinstance(computed, Mapping) and isinstance(stated, Mapping):
        return set(map(str, computed)) == set(stated) and all(_same(v, stated[str(k)]) for k, v in computed.items())
    if isinstance(computed, (int, Fraction)) and not isinstance(computed, bool):
        try:
            number = Fraction(str(stated))
        except (ValueError, ZeroDivisionError):
            return str(computed) == str(stated)
        if isinstance(stated, float):
            digits = len(str(stated).partition(".")[2])
            return abs(Fraction(computed) - number) <= Fraction(1, 2 * 10**digits)
        return Fraction(computed) == number
    return bool(computed == stated) or str(computed) == str(stated)
