"""Cutting Markdown into chunks along its headings; tables, code and formulas stay whole."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

__all__ = ["ASKED", "Chunk", "chunk_markdown"]

TARGET = 420  # characters a chunk grows to
ASKED = "问法"  # the part of a chunk that holds a way of asking for its section; found, but never shown
LIMIT = 700  # a single paragraph longer than this is cut between sentences


@dataclass(frozen=True)
class Chunk:
    """A passage of a document.

    Attributes:
        doc: id of the document.
        title: its title.
        section: heading path, joined by " › ".
        anchor: id of the nearest anchored heading (a syllabus leaf in our notes).
        page: 1-based page, `None` where the document has none.
        text: verbatim Markdown.
        part: what the passage is in our notes (考点, 讲解, 易错, 例题), else "".
        box: its place on the page (left, top, right, bottom in the page's unit), `None` where there is none.
    """

    doc: str
    title: str
    section: str
    anchor: str
    page: int | None
    text: str
    part: str = ""
    box: tuple[float, float, float, float] | None = None

    @property
    def embedded(self) -> str:
        """What the embedding model reads: headings for context, then the text without markup noise."""
        if self.part == ASKED:
            return self.text
        plain = re.sub(r"[*`#>|]+|-{3,}|\$+", " ", self.text)
        return f"{self.section}：{' '.join(plain.split())}"


_HEADING = re.compile(r"^(#{1,6})\s+(.*?)\s*(?:\{#([^}\s]+)\})?\s*$")
_PARTS = ("考点", "讲解", "易错", "例题")


def chunk_markdown(doc: str, title: str, markdown: str, page: int | None = None) -> list[Chunk]:
    """Chunks in document order.

    Examples:
        >>> [c.section for c in chunk_markdown("d", "死锁", "## 条件 {#os.deadlock.c}\\n### 考点\\n四个。")]
        ['死锁 › 条件']
    """
    out: list[Chunk] = []
    path: list[tuple[int, str]] = []
    anchor = ""
    held: list[str] = []
    part = ""

    def flush() -> None:
        nonlocal held
        if held:
            names = [title, *(name for _, name in path if name not in _PARTS)]
            section = " › ".join(dict.fromkeys(n for n in names if n))
            out.append(Chunk(doc, title, section, anchor, page, "\n\n".join(held), part))
            held = []

    for block in _blocks(markdown):
        heading = _HEADING.match(block)
        if heading:
            level, name = len(heading[1]), heading[2]
            keep = name == "讲解" and part == "考点" and sum(map(len, held)) < TARGET // 2
            if not keep:
                flush()
            path = [(n, t) for n, t in path if n < level]
            path.append((level, name))
            if heading[3]:
                anchor = heading[3]
            elif level <= 2:
                anchor = ""
            if not keep:
                part = name if name in _PARTS else ""
            continue
        for piece in _pieces(block):
            if held and sum(map(len, held)) + len(piece) > TARGET:
                flush()
                if part == "考点":
                    part = "讲解"
            held.append(piece)
    flush()
    return [replace(c, text=c.text.strip()) for c in out if c.text.strip()]


def _blocks(markdown: str) -> Iterator[str]:
    """Paragraphs, lists, tables, fenced code, display formulas and headings, each whole."""
    lines: list[str] = []
    fence = ""
    formula = False
    for line in markdown.replace("\r\n", "\n").split("\n"):
        stripped = line.strip()
        if fence:
            lines.append(line)
            if stripped.startswith(fence):
                yield "\n".join(lines)
                lines, fence = [], ""
            continue
        opening = re.match(r"(`{3,}|~{3,})", stripped)
        if opening and not formula:
            if lines:
                yield "\n".join(lines)
            lines, fence = [line], opening[1]
            continue
        if _HEADING.match(line):
            formula = False
        elif re.sub(r"`[^`]*`", "", stripped).count("$$") % 2:
            formula = not formula
        if not formula and (not stripped or _HEADING.match(line)):
            if lines:
                yield "\n".join(lines)
            lines = []
            if stripped:
                yield line.strip()
            continue
        lines.append(line)
    if lines:
        yield "\n".join(lines)


def _pieces(block: str) -> Iterator[str]:
    """A block, or its parts if it is long prose or a long list."""
    if len(block) <= LIMIT or block.lstrip().startswith(("```", "~~~", "|", "$$")):
        yield block
        return
    held = ""
    for unit in _units(block):
        if held and len(held) + len(unit) > TARGET:
            yield held.strip("\n")
            held = ""
        held += unit
    if held:
        yield held.strip("\n")


# what stays whole even in a long block: tables and display formulas
_WHOLE = re.compile(r"(?:^[ \t]*\|[^\n]*\n?)+|^[ \t]*\$\$.*?\$\$[ \t]*$\n?", re.M | re.S)
_ITEM = re.compile(r"(?<=\n)(?=(?:[-*+]|\d+\.)\s)")
_SENTENCE = re.compile(r"(?<=[。！？；])(?![」』”）\n])|(?<=\n)")


def _units(block: str) -> Iterator[str]:
    """Tables, formulas, list items and sentences; together they are `block`, to the letter."""
    start = 0
    for whole in [*_WHOLE.finditer(block), None]:
        prose = block[start : whole.start() if whole else len(block)]
        for part in _ITEM.split(prose):
            if re.match(r"(?:[-*+]|\d+\.)\s", part):
                yield part
            else:
                yield from filter(None, _SENTENCE.split(part))
        if whole:
            yield whole[0]
            start = whole.end()
