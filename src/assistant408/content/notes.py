"""Notes: Markdown under TOML front matter, one ``##`` section a syllabus leaf."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant408.core.errors import ContentError
from assistant408.core.toml import TOMLDecodeError, parse

__all__ = ["CHECK_BLOCK", "Note", "Section", "load_note", "load_notes"]

CHECK_BLOCK = re.compile(r"^```python check\n(.*?)^```[ \t]*\n?", re.S | re.M)
_HEADING = re.compile(r"^## (?P<title>.+?)[ \t]*\{#(?P<leaf>[a-z0-9.-]+)\}[ \t]*$", re.M)
_FRONT = re.compile(r"\A\+\+\+\n(.*?)\n\+\+\+\n", re.S)


@dataclass(frozen=True)
class Section:
    """The part of a note that covers one leaf; `body` is Markdown without the heading."""

    leaf: str
    title: str
    body: str


@dataclass(frozen=True)
class Note:
    """A note file; `markdown` is its text as readers see it, without the check blocks."""

    id: str
    title: str
    syllabus: Sequence[str]
    aliases: Sequence[str]
    prerequisites: Sequence[str]
    solvers: Sequence[str]
    sources: Sequence[str]
    markdown: str
    sections: Sequence[Section]
    checks: Sequence[str]
    path: Path

    @property
    def subject(self) -> str:
        """``ds``, ``co``, ``os`` or ``cn``."""
        return self.id.split("/")[0]


def load_note(path: Path, root: Path) -> Note:
    """Reads one note; `root` is the ``notes`` folder that ids are relative to.

    Raises:
        ContentError: naming the file and the rule.
    """
    expected = path.relative_to(root).with_suffix("").as_posix()
    text = path.read_text(encoding="utf-8").replace("\r\n", "\n")
    front = _FRONT.match(text)
    if front is None:
        raise ContentError(f"笔记 {expected!r} 开头应有 +++ 包围的 TOML 前言。")
    try:
        meta = parse(front[1])
    except TOMLDecodeError as e:
        raise ContentError(f"笔记 {expected!r} 的前言不是合法的 TOML：{e}。") from None
    if meta.get("id") != expected:
        raise ContentError(f"笔记 {expected!r} 的 id 写成了 {meta.get('id')!r}，应与路径一致。")
    for key in ("title", "syllabus", "sources"):
        if not meta.get(key):
            raise ContentError(f"笔记 {expected!r} 的前言缺少 {key}。")
    body = text[front.end() :]
    markdown = CHECK_BLOCK.sub("", body).strip() + "\n"
    return Note(
        id=expected,
        title=meta["title"],
        syllabus=tuple(meta["syllabus"]),
        aliases=tuple(meta.get("aliases", ())),
        prerequisites=tuple(meta.get("prerequisites", ())),
        solvers=tuple(meta.get("solvers", ())),
        sources=tuple(meta["sources"]),
        markdown=markdown,
        sections=_sections(markdown),
        checks=tuple(CHECK_BLOCK.findall(body)),
        path=path,
    )


def _sections(markdown: str) -> tuple[Section, ...]:
    heads = list(_HEADING.finditer(markdown))
    ends = [h.start() for h in heads[1:]] + [len(markdown)] * bool(heads)
    return tuple(
        Section(h["leaf"], h["title"].strip(), markdown[h.end() : end].strip() + "\n")
        for h, end in zip(heads, ends, strict=True)
    )


def load_notes(content: Path, order: Sequence[str] = ()) -> list[Note]:
    """All notes, by the place of their first leaf in `order` (the syllabus), then by id."""
    root = content / "notes"
    notes = [load_note(p, root) for p in root.rglob("*.md")]
    place = {leaf: i for i, leaf in enumerate(order)}
    return sorted(notes, key=lambda n: (min((place.get(s, 1 << 30) for s in n.syllabus), default=1 << 30), n.id))
