"""An answer as Markdown for other chat programs: citations as footnotes, a solver's steps as a list."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from assistant408.tutor.events import Citation

__all__ = ["footnotes", "marked", "steps_markdown"]

_MARKS = re.compile(r"((?:\[\d+\])+)(?=\s*$)", re.M)


def marked(text: str) -> str:
    """The citation marks at the ends of lines as footnote marks.

    Examples:
        >>> marked("死锁有四个必要条件。[1]")
        '死锁有四个必要条件。[^1]'
        >>> marked("下标从 0 起，a[1] 是第二个元素[2]")
        '下标从 0 起，a[1] 是第二个元素[^2]'
    """
    return _MARKS.sub(lambda m: m[1].replace("[", "[^"), text)


def footnotes(citations: Sequence[Citation]) -> str:
    """The footnotes of an answer: where it is said, and the words themselves; empty without citations."""
    quotes: dict[int, list[str]] = {}
    where: dict[int, str] = {}
    for c in citations:
        quotes.setdefault(c.n, []).append(" ".join(c.quote.split()))
        section = c.section if c.section.startswith(c.title) else f"{c.title} › {c.section}"
        where[c.n] = section + (f"，第 {c.page} 页" if c.page else "")
    return "\n".join(f"[^{n}]: {where[n]}：{' … '.join(said)}" for n, said in quotes.items())


def steps_markdown(solver: Mapping[str, Any]) -> str:
    """The steps of a solution, numbered; a table that the next step's goes on with is left out. Empty without steps."""
    out = []
    steps = solver["steps"]
    for number, step in enumerate(steps, 1):
        out.append(f"{number}. {step['why']}")
        data, after = step["data"], steps[number]["data"] if number < len(steps) else None
        if data and data["kind"] == "table" and not _goes_on(data, after):
            out.append("\n".join(f"   {line}" for line in _table(data["columns"], data["rows"])))
    return "\n\n".join(out)


def _goes_on(table: Mapping[str, Any], after: Mapping[str, Any] | None) -> bool:
    """Whether the picture of the next step holds all of this table, and more."""
    return (
        after is not None
        and after["kind"] == "table"
        and len(after["rows"]) >= len(table["rows"])
        and after["columns"][: len(table["columns"])] == table["columns"]
    )


def _table(columns: Sequence[object], rows: Sequence[Sequence[object]]) -> list[str]:
    cells = [columns, ["---"] * len(columns), *rows]
    return ["| " + " | ".join(str(c).replace("|", "\\|").replace("\n", " ") for c in row) + " |" for row in cells]
