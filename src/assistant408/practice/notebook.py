"""The wrong-question notebook (错题本), or any other list of questions with their keys, as Markdown."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from assistant408.content.questions import Question
from assistant408.store.attempts import Attempt

__all__ = ["write_notebook"]


def write_notebook(
    title: str, questions: Sequence[Question], last: Mapping[str, Attempt], names: Callable[[str], str]
) -> str:
    """The Markdown of a list of questions, grouped by their first leaf.

    Args:
        last: the latest attempt at each question.
        names: the name of a leaf, with its path.
    """
    groups: dict[str, list[Question]] = {}
    for q in questions:
        groups.setdefault(q.syllabus[0], []).append(q)
    lines = [f"# {title}", "", f"共 {len(questions)} 题。", ""]
    for leaf in sorted(groups):
        lines += [f"## {names(leaf)}", ""]
        for q in groups[leaf]:
            lines += [f"### {q.id}", "", q.stem, "", *_body(q, last.get(q.id)), ""]
    return "\n".join(lines).rstrip() + "\n"


def _body(q: Question, attempt: Attempt | None) -> list[str]:
    lines = [f"- {letter}. {text}" for letter, text in q.choices.items()]
    lines += [f"（{n}）（{p.points} 分）{p.prompt}" for n, p in enumerate(q.parts, 1)]
    lines.append("")
    if attempt is not None and attempt.answer.strip():
        day = attempt.at.astimezone().date()
        lines += [f"**我的答案**（{day}）：{attempt.answer.strip()}", ""]
    if q.parts:
        for n, p in enumerate(q.parts, 1):
            lines += [f"**参考答案（{n}）**：{p.answer.strip()}", ""]
            lines += [f"- {points} 分：{text}" for points, text in p.rubric]
            lines.append("")
        return lines
    lines += [f"**答案**：{' / '.join(q.answer)}", "", q.explanation, ""]
    lines += [f"- {letter}：{why}" for letter, why in q.traps.items()]
    lines += [f"\n> {e.quote}" for e in q.evidence]
    return lines
