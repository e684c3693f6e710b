"""From the pages of a document to chunks that know their page and their place on it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from assistant408.kb.chunk import LIMIT, TARGET, Chunk, chunk_markdown
from assistant408.kb.parse.types import Block, Box, Page

__all__ = ["document_chunks", "union"]


def document_chunks(doc: str, title: str, pages: Iterable[Page], paged: bool = True) -> list[Chunk]:
    """The chunks of a document in reading order; headings reach over page ends, chunks don't.

    Args:
        paged: whether page numbers are those a reader sees; if not, chunks have none.

    Examples:
        >>> page = Page(3, "text", 1.0, (Block("heading", "死锁", 1, (0, 0, 9, 9)), Block("text", "四个条件。", 0, (0, 9, 9, 20))))
        >>> [(c.section, c.page, c.box, c.text) for c in document_chunks("d1", "操作系统", [page])]
        [('操作系统 › 死锁', 3, (0, 9, 9, 20), '四个条件。')]
    """
    out: list[Chunk] = []
    path: list[tuple[int, str]] = []
    for page in pages:
        held: list[Block] = []
        for block in page.blocks:
            if block.kind == "heading":
                out += _chunk(doc, title, path, page, held, paged)
                held = []
                path = [(level, name) for level, name in path if level < block.level]
                path.append((block.level, " ".join(block.text.split())))
                continue
            if not block.markdown.strip():
                continue
            size = len(block.markdown)
            if held and (size > LIMIT or sum(len(b.markdown) for b in held) + size > TARGET):
                out += _chunk(doc, title, path, page, held, paged)
                held = []
            held.append(block)
        out += _chunk(doc, title, path, page, held, paged)
    return out


def _chunk(
    doc: str, title: str, path: list[tuple[int, str]], page: Page, blocks: list[Block], paged: bool
) -> list[Chunk]:
    """One chunk of the blocks, or several where a block is too long for one."""
    section = " › ".join(dict.fromkeys(n for n in [title, *(name for _, name in path)] if n))
    box = union(b.bbox for b in blocks)
    if len(blocks) == 1 and len(blocks[0].markdown) > LIMIT:
        texts = [c.text for c in chunk_markdown(doc, title, blocks[0].markdown)]
    else:
        texts = ["\n\n".join(b.markdown for b in blocks).strip()]
    chunk = Chunk(doc, title, section, "", page.number if paged else None, "", box=box)
    return [replace(chunk, text=text) for text in texts if text]


def union(boxes: Iterable[Box | None]) -> Box | None:
    """The smallest box around those that are there; `None` if none is.

    Examples:
        >>> union([(0, 0, 1, 1), None, (2, 1, 3, 4)]), union([None])
        ((0, 0, 3, 4), None)
    """
    known = [b for b in boxes if b is not None]
    if not known:
        return None
    left, top, right, bottom = zip(*known, strict=True)
    return min(left), min(top), max(right), max(bottom)
