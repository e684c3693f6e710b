"""Documents without pages: their blocks in parts of a bearable size."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from assistant408.core.errors import InputError
from assistant408.kb.parse.types import Block, Box, Document, Heading, Page, Raw

__all__ = ["Parts", "cut", "outline"]

_TARGET = 3000  # characters after which a part ends at the next heading of the first two levels
_LIMIT = 8000  # and at the next block


class Parts:
    """A reader over pages that are all at hand."""

    neighbours = 0

    def __init__(
        self,
        name: str,
        title: str,
        media_type: str,
        pages: Sequence[Sequence[Block]],
        paged: bool = False,
        note: str = "",
    ) -> None:
        self._name = name
        self._pages = [tuple(p) for p in pages] or [()]
        self._note = note
        self.info = Document(title or Path(name).stem, media_type, len(self._pages), outline(self._pages), paged)

    def peek(self, number: int) -> None:
        """Parts stand for themselves."""

    def page(self, number: int) -> Raw:
        """Part `number`."""
        blocks = self._pages[number - 1]
        full = any(b.text.strip() for b in blocks)
        note = self._note if full else ""
        return Raw(Page(number, "text" if full else "empty", 1.0, blocks, note=note))

    def render(self, number: int, dpi: float, box: Box | None) -> bytes:
        """There are no pictures of parts."""
        raise InputError(f"文件 {self._name!r} 没有版面，画不出第 {number} 部分；请看文字。")


def cut(blocks: Iterable[Block]) -> list[list[Block]]:
    """`blocks` in parts of some thousand characters, ended at headings where there are any.

    Examples:
        >>> text = Block("text", "字" * 3000)
        >>> [len(p) for p in cut([text, Block("heading", "二", 1), text, text, text, text])]
        [1, 4, 1]
    """
    out: list[list[Block]] = []
    held = 0
    for block in blocks:
        heading = block.kind == "heading" and block.level <= 2
        if not out or (held >= _TARGET and heading) or held >= _LIMIT:
            out.append([])
            held = 0
        out[-1].append(block)
        held += len(block.text)
    return out


def outline(pages: Sequence[Sequence[Block]]) -> tuple[Heading, ...]:
    """The headings of the first three levels."""
    return tuple(
        Heading(b.level, b.text, n)
        for n, page in enumerate(pages, 1)
        for b in page
        if b.kind == "heading" and b.level <= 3
    )
