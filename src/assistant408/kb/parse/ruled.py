"""Ruled tables of a PDF page: the cells that pdfplumber finds, filled with the characters that stand in them."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path

from assistant408.kb.parse.columns import rows
from assistant408.kb.parse.headings import join
from assistant408.kb.parse.layout import markdown_table
from assistant408.kb.parse.pdf_page import PageContent
from assistant408.kb.parse.types import Block, Box, Line

__all__ = ["ruled_tables"]

_log = logging.getLogger(__name__)


def ruled_tables(path: Path, password: str | None, number: int, page: PageContent) -> tuple[list[Block], list[Line]]:
    """The tables of page `number` with two rows and columns or more, and the lines that are in none of them."""
    if len(page.level) < 3 or len(page.upright) < 2:
        return [], page.lines
    tables: list[Block] = []
    rest = page.lines
    for cells in _grids(path, password, number):
        box = (
            min(c[0] for row in cells for c in row if c),
            min(c[1] for row in cells for c in row if c),
            max(c[2] for row in cells for c in row if c),
            max(c[3] for row in cells for c in row if c),
        )
        inside = [line for line in rest if _in(line, box)]
        grid = [[_words([line for line in inside if _in(line, c)]) if c else "" for c in row] for row in cells]
        kept = [
            column for column in range(max(map(len, grid))) if any(row[column : column + 1] != [""] for row in grid)
        ]
        grid = [row for row in ([row[k] for k in kept if k < len(row)] for row in grid) if any(row)]
        if len(grid) < 2 or len(kept) < 2:
            continue
        rest = [line for line in rest if not _in(line, box)]
        tables.append(Block("table", markdown_table(grid), 0, box))
    return tables, rest


def _grids(path: Path, password: str | None, number: int) -> list[list[list[Box | None]]]:
    """The cells of each table on the page, by row; nothing where pdfplumber can't follow the file."""
    import pdfplumber
    from pdfminer.pdfexceptions import PDFException

    try:
        with pdfplumber.open(path, pages=[number], password=password or "") as pdf:
            page = pdf.pages[0]
            left, top = page.bbox[0], page.bbox[1]
            return [
                [[c and (c[0] - left, c[1] - top, c[2] - left, c[3] - top) for c in row.cells] for row in table.rows]
                for table in page.find_tables()
            ]
    except (PDFException, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError, AssertionError):
        _log.info("no tables from page %d", number, exc_info=True)
        return []


def _in(line: Line, box: Box) -> bool:
    x, y = (line.box[0] + line.box[2]) / 2, (line.box[1] + line.box[3]) / 2
    return box[0] - 1 <= x <= box[2] + 1 and box[1] - 1 <= y <= box[3] + 1


def _words(lines: Sequence[Line]) -> str:
    text = ""
    for row in rows(lines) if lines else []:
        text = join(text, row.text) if text else row.text
    return text
