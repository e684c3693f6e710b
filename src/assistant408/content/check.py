"""``a408 content check``: everything that `docs/authoring.md` asks of the content and a program can see."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from assistant408.content.asked import load_asked
from assistant408.content.check_questions import Solve, check_questions
from assistant408.content.glossary import check_glossary, load_glossary
from assistant408.content.notes import Note, Section, load_note
from assistant408.content.questions import load_bank, load_bench
from assistant408.content.similar import check_distance
from assistant408.content.statements import check_statements, load_statements
from assistant408.content.syllabus import Syllabus, load_syllabus
from assistant408.core.errors import ContentError

__all__ = ["MIN_CHARACTERS", "Report", "check_content"]

MIN_CHARACTERS = 250  # Chinese characters a leaf
_HAN = re.compile(r"[\u4e00-\u9fff]")
_LINK = re.compile(r"\]\((note|leaf):([^)\s]+)\)")
_FENCE = re.compile(r"^```.*?^```[ \t]*$", re.S | re.M)


@dataclass(frozen=True)
class Report:
    """What was found: counts, and problems as one sentence each."""

    counts: dict[str, int]
    problems: Sequence[str]


def check_content(
    content: Path,
    run_checks: bool = True,
    solvers: Sequence[str] | None = None,
    solve: Solve | None = None,
) -> Report:
    """Checks the syllabus, the notes, the glossary, the ways of asking and the questions.

    Args:
        content: the folder that holds ``syllabus.toml`` and ``notes/``.
        run_checks: also runs the ``python check`` blocks, each in a process of its own.
        solvers: ids that exist; notes may name no other. `None` skips that rule.
        solve: gives a solver's results, to recompute the keys of questions. `None` skips the questions.
    """
    problems: list[str] = []
    try:
        syllabus = load_syllabus(content)
    except ContentError as e:
        return Report({}, [str(e)])
    notes: list[Note] = []
    for path in sorted((content / "notes").rglob("*.md")):
        try:
            notes.append(load_note(path, content / "notes"))
        except ContentError as e:
            problems.append(str(e))
    for rule in (_coverage, _structure, _links, _repetition):
        problems += rule(notes, syllabus)
    if solvers is not None:
        problems += [f"{n.id}：没有解题器 {s!r}" for n in notes for s in n.solvers if s not in solvers]
    if run_checks:
        problems += _run_checks(notes)
    try:
        glossary = load_glossary(content)
        problems += check_glossary(glossary, syllabus)
        asked = load_asked(content)
        bank, bench = load_bank(content), load_bench(content)
        problems += check_statements(content, {s.leaf: s for n in notes for s in n.sections})
    except ContentError as e:
        return Report({}, [*problems, str(e)])
    problems += [f"问法里的考点 {leaf!r} 不存在" for leaf in asked if leaf not in syllabus.leaves]
    if solve is not None:
        problems += check_questions([*bank, *bench], {n.id: n for n in notes}, syllabus, solve)
    problems += check_distance(bench, notes, bank, load_statements(content))
    counts = {
        "leaves": len(syllabus.leaves),
        "notes": len(notes),
        "sections": sum(len(n.sections) for n in notes),
        "characters": sum(len(_HAN.findall(n.markdown)) for n in notes),
        "checks": sum(len(n.checks) for n in notes),
        "terms": len(glossary.terms),
        "asked": sum(map(len, asked.values())),
        "statements": len(load_statements(content)),
        "questions": len(bank),
        "bench": len(bench),
    }
    return Report(counts, problems)


def _coverage(notes: list[Note], syllabus: Syllabus) -> Iterator[str]:
    where: dict[str, str] = {}
    for note in notes:
        leaves = [s.leaf for s in note.sections]
        if sorted(leaves) != sorted(note.syllabus):
            yield f"{note.id}：前言的 syllabus 与二级标题的考点不一致"
        for leaf in leaves:
            if leaf not in syllabus.leaves:
                yield f"{note.id}：考点树里没有叶子 {leaf!r}"
            elif leaf in where:
                yield f"{note.id}：考点 {leaf!r} 已由 {where[leaf]} 讲过"
            where[leaf] = note.id
    for leaf in syllabus.leaves:
        if leaf not in where:
            yield f"考点 {leaf!r}（{syllabus.leaves[leaf].name}）还没有笔记"


def _structure(notes: list[Note], _: Syllabus) -> Iterator[str]:
    for note in notes:
        bare = _FENCE.sub("", note.markdown)
        for heading in re.findall(r"^## .*$", bare, re.M):
            if "{#" not in heading:
                yield f"{note.id}：标题 {heading!r} 没有 {{#考点id}}"
        for section in note.sections:
            yield from _section_structure(note.id, section)


def _section_structure(note: str, section: Section) -> Iterator[str]:
    size = len(_HAN.findall(section.body))
    if size < MIN_CHARACTERS:
        yield f"{note}#{section.leaf}：只有 {size} 字，至少 {MIN_CHARACTERS} 字"
    for part in ("考点", "讲解", "易错"):
        if not re.search(rf"^### {part}", section.body, re.M):
            yield f"{note}#{section.leaf}：缺少“### {part}”"
    bare = _FENCE.sub("", section.body)
    if bare.count("$$") % 2:
        yield f"{note}#{section.leaf}：$$ 不成对"
    for line in re.sub(r"\$\$.*?\$\$", "", bare, flags=re.S).splitlines():
        if len(re.findall(r"(?<!\\)\$", re.sub(r"`[^`]*`", "", line))) % 2:
            yield f"{note}#{section.leaf}：行内公式的 $ 不成对：{line[:40]!r}"


def _links(notes: list[Note], syllabus: Syllabus) -> Iterator[str]:
    ids = {n.id for n in notes}
    for note in notes:
        for kind, target in _LINK.findall(note.markdown):
            if target not in (ids if kind == "note" else syllabus.leaves):
                yield f"{note.id}：链接 {kind}:{target} 不存在"
        for target in note.prerequisites:
            if target not in ids:
                yield f"{note.id}：先修笔记 {target!r} 不存在"


def _repetition(notes: list[Note], _: Syllabus) -> Iterator[str]:
    where: dict[str, set[str]] = defaultdict(set)
    for note in notes:
        for section in note.sections:
            for sentence in re.split(r"[。！？\n|]", _FENCE.sub("", section.body)):
                if len(_HAN.findall(sentence)) >= 18:
                    where[sentence.strip(" -*0123456789.")].add(section.leaf)
    for sentence, leaves in where.items():
        if len(leaves) > 1:
            yield f"同一句话出现在 {'、'.join(sorted(leaves))}：{sentence[:40]!r}"


def _run_checks(notes: list[Note]) -> list[str]:
    jobs = [(note.id, i, code) for note in notes for i, code in enumerate(note.checks, 1)]
    with ThreadPoolExecutor(2) as pool:
        return [p for p in pool.map(_guarded(_run_one), jobs) if p]


def _run_one(note: str, number: int, code: str) -> str:
    if "assert" not in code:
        return f"{note}：第 {number} 个核对程序没有 assert"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    if done.returncode:
        return f"{note}：第 {number} 个核对程序不通过：{(done.stderr.strip().splitlines() or ['无输出'])[-1]}"
    return ""


def _guarded(run: Callable[[str, int, str], str]) -> Callable[[tuple[str, int, str]], str]:
    def call(job: tuple[str, int, str]) -> str:
        try:
            return run(*job)
        except subprocess.TimeoutExpired:
            return f"{job[0]}：第 {job[1]} 个核对程序超过 60 秒"

    return call
