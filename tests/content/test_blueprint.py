"""The blueprint counts every question once, and the shares are those of the exam."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from pathlib import Path

from assistant408.content.blueprint import KINDS, blueprint
from assistant408.content.questions import load_bank, load_bench
from assistant408.content.syllabus import SUBJECTS, load_syllabus


def test_every_question_is_counted_once(content: Path) -> None:
    tree = load_syllabus(content)
    for questions in (load_bench(content), load_bank(content)):
        chapters = blueprint(questions, tree)
        assert sum(c.total for c in chapters) == len(questions)
        assert sum((c.due for c in chapters), Fraction()) == len(questions)
        assert all(0 <= c.covered <= c.leaves for c in chapters)
        assert list(dict.fromkeys(c.subject for c in chapters)) == list(SUBJECTS)


def test_the_bench_has_the_mix_that_its_page_states(content: Path) -> None:
    chapters = blueprint(load_bench(content), load_syllabus(content))
    for subject in SUBJECTS:
        counts: Counter[str] = sum((Counter(c.counts) for c in chapters if c.subject == subject), Counter())
        assert [counts[k] for k in KINDS] == [45, 15, 40]
    assert all(abs(c.total - c.due) <= 1 for c in chapters)


def test_the_page_holds_the_table_that_the_command_prints(content: Path) -> None:
    page = (content.parent / "docs" / "408-bench.md").read_text(encoding="utf-8")
    for c in blueprint(load_bench(content), load_syllabus(content)):
        kinds = " | ".join(str(c.counts[k]) for k in KINDS)
        row = (
            f"| {SUBJECTS[c.subject]} › {c.name} | {kinds} | {c.total} | {float(c.due):.1f} | {c.covered}/{c.leaves} |"
        )
        assert row in page, "run a408 content blueprint and copy its table"
