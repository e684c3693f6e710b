"""Papers as Markdown (导出), which `exam_file.read_paper` reads again."""

from __future__ import annotations

from collections.abc import Iterator

from assistant408.practice.exam_file import FENCE, MARKER
from assistant408.practice.paper import Item, Paper

__all__ = ["write_keys", "write_paper"]


def write_paper(paper: Paper, keys: bool = False) -> str:
    """A paper as Markdown that `read_paper` reads; the questions only, or with keys, explanations and points (考点)."""
    out = [f"# {paper.title}", "", f"时间：{paper.minutes} 分钟", ""]
    for item in paper.items:
        q = item.question
        out += [f"## {item.number}. [{q.subject}] {q.points} 分", "", *_escaped(q.stem), ""]
        for letter, text in q.choices.items():
            first, *rest = text.split("\n")
            out += [f"{letter}. {first}", *_escaped("\n".join(rest) if rest else None)]
        if q.choices:
            out.append("")
        if keys:
            out += _keys(item)
        for i, p in enumerate(q.parts, 1):
            out += [f"### ({i}) {p.points} 分", "", *_escaped(p.prompt), ""]
            if keys:
                out += [*_field("答案", p.answer), *(f"评分：{n} 分 {_line(t)}" for n, t in p.rubric), ""]
    return "\n".join(out).rstrip() + "\n"


def write_keys(paper: Paper) -> str:
    """The keys alone, as Markdown to read."""
    out = [f"# {paper.title}：答案", ""]
    for item in paper.items:
        q = item.question
        if q.kind != "big":
            out += [f"**{item.number}.** {' / '.join(q.answer) or '（没有答案）'}　{q.explanation}", ""]
            continue
        out += [f"**{item.number}.**（{q.points} 分）", ""]
        for i, p in enumerate(q.parts, 1):
            out += [f"（{i}）{p.points} 分", "", p.answer, "", *(f"- {n} 分：{_line(t)}" for n, t in p.rubric), ""]
    return "\n".join(out).rstrip() + "\n"


def _keys(item: Item) -> list[str]:
    q = item.question
    out = _field("答案", " / ".join(q.answer)) if q.choices and q.answer else []
    if q.explanation:
        out += _field("解析", q.explanation)
    leaves = [leaf for leaf in q.syllabus if "." in leaf]
    return [*out, *([f"考点：{' '.join(leaves)}"] if leaves else []), f"难度：{q.difficulty}", ""]


def _field(name: str, text: str) -> list[str]:
    if not text:
        return []
    first, *rest = text.split("\n")
    if FENCE.match(first):  # a block of code starts on a line of its own
        return [f"{name}：", *_escaped(text)]
    return [f"{name}：{first}", *_escaped("\n".join(rest) if rest else None)]


def _escaped(text: str | None) -> Iterator[str]:
    """Lines of which none reads as a heading, a choice or a field; code stays as it is."""
    fence = ""
    for line in [] if text is None else text.split("\n"):
        mark = FENCE.match(line)
        if mark and not fence:
            fence = mark[1]
        elif mark and mark[1][0] == fence[0] and len(mark[1]) >= len(fence) and not line.strip(" `~"):
            fence = ""
        elif not fence and MARKER.match(line):
            line = "\\" + line
        yield line


def _line(text: str) -> str:
    return " ".join(text.split())
