"""From lines with places to blocks: columns, rows, then headings, paragraphs, listings, formulas and aligned tables."""

from __future__ import annotations

import itertools
import re
import statistics
from collections.abc import Sequence

from assistant408.kb.parse.code import looks_like_code
from assistant408.kb.parse.columns import Row, around, columns, rows
from assistant408.kb.parse.headings import heading_level, is_chinese_numbered, is_contents_entry, is_item, join
from assistant408.kb.parse.types import Block, Box, Line

__all__ = ["arrange", "markdown_table"]

_HAN = re.compile(r"[\u3400-\u9fff]")
_MATH = re.compile(r"[∑∏∫√≤≥≠≈∈∉⊂⊆∪∩⌈⌉⌊⌋∞∂∇→⇒⇔×÷±·=<>+^_|Α-ω\U0001d400-\U0001d7ff]")


def arrange(lines: Sequence[Line], width: float) -> list[Block]:
    """Blocks in reading order.

    Args:
        lines: of one page, in any order, without running heads.
        width: of the page, for what is centred.
    """
    lines = [line for line in lines if line.text.strip()]
    if not lines:
        return []
    sizes = sorted(line.size for line in lines for _ in line.text)
    body = sizes[len(sizes) // 2]
    blocks: list[Block] = []
    for group in columns(lines):
        blocks += _column(rows(group), body)
    return _joined(blocks)


def _column(rows: list[Row], body: float) -> list[Block]:
    left = _left_edge(rows, body)
    right = max(r.flow[2] for r in rows)
    steps = [b.flow[1] - a.flow[1] for a, b in itertools.pairwise(rows) if b.flow[1] - a.flow[1] < 3 * body]
    pitch = statistics.median(steps) if steps else body * 1.5
    out: list[Block] = []
    i = 0
    while i < len(rows):
        if (taken := _code(rows, i)) > i:
            out.append(Block("code", _listing(rows[i:taken]), 0, _box(rows[i:taken])))
        elif (taken := _formula(rows, i, body)) > i:
            out.append(Block("formula", "\n".join(r.text for r in rows[i:taken]), 0, _box(rows[i:taken])))
        elif found := _table(rows, i):
            taken, text = found
            out.append(Block("table", text, 0, _box(rows[i:taken])))
        elif level := _heading(rows, i, body, pitch, left, right):
            taken = i + 1
            out.append(Block("heading", rows[i].text, level, rows[i].box))
        else:
            taken = i + 1
            text = rows[i].text
            while taken < len(rows) and not (
                _begins(rows[taken - 1], rows[taken], left, right, pitch)
                or _code(rows, taken) > taken
                or _formula(rows, taken, body) > taken
                or _table(rows, taken)
                or _heading(rows, taken, body, pitch, left, right)
            ):
                text = join(text, rows[taken].text)
                taken += 1
            out.append(Block("text", re.sub(r"^(#{1,6}\s)", r"\\\1", text), 0, _box(rows[i:taken])))
        i = taken
    return out


def _left_edge(rows: list[Row], body: float) -> float:
    """Where most rows begin; a few stick out (a number in the margin) or are indented."""
    starts = sorted(r.flow[0] for r in rows)
    return next((x for x in starts if sum(abs(s - x) < body * 0.6 for s in starts) * 5 >= len(starts)), starts[0])


def _begins(before: Row, row: Row, left: float, right: float, pitch: float) -> bool:
    """Whether `row` begins a paragraph rather than going on with the one of `before`."""
    size = row.size
    if row.flow[1] - before.flow[1] > 1.45 * pitch or abs(size - before.size) > 0.15 * max(size, before.size):
        return True
    if is_item(row.text) or is_contents_entry(before.text):
        return True
    short = right - before.flow[2]
    if short > 3 * size and (short > 0.35 * (right - left) or re.search(r"[。！？：；.!?:;]$", before.text)):
        return True
    indent, was = row.flow[0] - left, before.flow[0] - left
    return 1.2 * size < indent < 6 * size and (
        indent - was > 0.8 * size or (abs(indent - was) < 0.5 * size and short > 2 * size)
    )


def _heading(rows: list[Row], i: int, body: float, pitch: float, left: float, right: float) -> int:
    """The level of row `i` as a heading, 0 if it is none: it states its number, or its size or weight sets it apart."""
    row = rows[i]
    text = row.text
    if len(text) > 40 or len(row.cells) > 2 or re.search(r"[。；，,;、]$", text) or not re.search(r"[^\W\d_]", text):
        return 0
    if row.flow[2] - row.flow[0] > 0.9 * (right - left) and i and row.size < 1.15 * body:
        return 0
    apart = i == 0 or row.flow[1] - rows[i - 1].flow[1] > 1.25 * pitch
    bold = row.share("bold") > 0.7
    large = row.size / body
    if (level := heading_level(text)) and (large > 1.08 or bold or apart or level == 1):
        return level
    if is_chinese_numbered(text) and (large > 1.08 or bold) and not text.endswith(("：", ":")):
        return 3 if text.startswith("（") else 2
    if is_item(text) and large < 1.2:
        return 0
    if large >= (1.2 if all(k.score == 1 for k in row.lines) else 1.35) and not re.search(r"[=<>≤≥]", text):
        return 1 if large >= 1.7 else 2 if large >= 1.35 else 3
    follows = i + 1 < len(rows) and not (rows[i + 1].share("bold") > 0.7)
    return 4 if bold and apart and follows and len(text) <= 20 and not text.endswith(("：", ":")) else 0


def _code(rows: list[Row], i: int) -> int:
    """Where the listing that begins at row `i` ends; `i` if none does."""

    def typed(row: Row) -> bool:
        return (row.share("mono") > 0.6 and not row.text.startswith(("•", "·", "–"))) or (
            row.lines[0].mono and row.text.startswith(("//", "/*", "*"))
        )

    def looks(row: Row) -> bool:
        return looks_like_code(row.text)

    if typed(rows[i]):
        end = i + 1
        while end < len(rows) and typed(rows[end]):
            end += 1
        return end if end - i > 1 or looks(rows[i]) else i
    if any(line.mono for row in rows for line in row.lines) or not looks(rows[i]):
        return i
    end = i + 1
    while end < len(rows) and (
        looks(rows[end]) or (end + 1 < len(rows) and looks(rows[end + 1]) and not _HAN.search(rows[end].text))
    ):
        end += 1
    return end if end - i >= 3 else i


def _listing(rows: list[Row]) -> str:
    """Code with its indentation and its columns, from where the runs of characters begin."""
    left = min(r.flow[0] for r in rows)
    runs = [k for r in rows for k in r.lines if k.text.strip().isascii() and len(k.text.strip()) > 3]
    unit = statistics.median((k.flow[2] - k.flow[0]) / len(k.text.strip()) for k in runs) if runs else rows[0].size / 2
    steps = [b.flow[3] - a.flow[3] for a, b in itertools.pairwise(rows)]
    pitch = statistics.median(steps) if steps else 0.0
    out: list[str] = []
    for i, row in enumerate(rows):
        if i and steps[i - 1] > 1.6 * pitch:
            out.append("")
        text, end = "", row.lines[0].flow[0]
        for run in row.lines:
            if text.isascii():  # behind Chinese, characters are no longer of one width
                text = text.rstrip().ljust(round((run.flow[0] - left) / unit))
            elif run.flow[0] - end > 0.5 * unit and not text.endswith(" "):
                text += " "
            text, end = text + run.text, run.flow[2]
        out.append(text.rstrip())
    return "\n".join(out)


def _formula(rows: list[Row], i: int, body: float) -> int:
    """Where the displayed formula that begins at row `i` ends; `i` if none does. Only typefaces tell, so never in pictures."""
    if not any(line.math for line in rows[i].lines):
        return i

    def part(row: Row) -> bool:
        text = row.text
        signs = sum(len(k.text) for k in row.lines if k.math) + len(_MATH.findall(text))
        return len(_HAN.findall(text)) <= 1 and signs > 0.3 * len(text.replace(" ", "")) and len(text) < 120

    end = i
    while end < len(rows) and (part(rows[end]) or (end > i and _squeezed(rows[end - 1], rows[end], body))):
        end += 1
    if end > i and not any(re.search(r"[=<>≤≥≈∑∫√+]", r.text) for r in rows[i:end]):
        return i
    return end


def _squeezed(before: Row, row: Row, body: float) -> bool:
    """Whether `row` is so near to `before` that it can only be a limit, an index or half of a fraction."""
    return row.flow[1] - before.flow[3] < 0.1 * body and not _HAN.search(row.text) and len(row.text) < 30


def _table(rows: list[Row], i: int) -> tuple[int, str] | None:
    """The table without ruling that begins at row `i`: three rows or more whose parts stand below each other."""
    end = i
    while end < len(rows) and len(rows[end].cells) > 1 and not re.match(r"[A-D][.．、]", rows[end].text):
        end += 1
    if end - i < 3:
        return None
    cells = [[(c.flow[0], c.flow[2], c.text) for c in r.cells] for r in rows[i:end]]
    spans: list[tuple[float, float]] = []
    for start, stop, _ in sorted(c for row in cells for c in row):
        if spans and start < spans[-1][1]:
            spans[-1] = (spans[-1][0], max(spans[-1][1], stop))
        else:
            spans.append((start, stop))
    if len(spans) < 2 or len(spans) > 12 or sum(len(row) for row in cells) < 0.6 * len(spans) * len(cells):
        return None
    grid = [[" ".join(t for a, b, t in row if a >= lo and b <= hi) for lo, hi in spans] for row in cells]
    return end, markdown_table(grid)


def markdown_table(grid: Sequence[Sequence[str]]) -> str:
    """A table as Markdown; the first row is its head.

    Examples:
        >>> print(markdown_table([["页", "框"], ["0", "a|b"]]))
        | 页 | 框 |
        | --- | --- |
        | 0 | a\\|b |
    """
    width = max(map(len, grid))
    clean = [[" ".join(c.split()).replace("|", "\\|") for c in row] + [""] * (width - len(row)) for row in grid]
    head, *rest = ["| " + " | ".join(row) + " |" for row in clean]
    return "\n".join([head, "|" + " --- |" * width, *rest])


def _joined(blocks: list[Block]) -> list[Block]:
    """Paragraphs that a column's end cut in two are put together again."""
    out: list[Block] = []
    for block in blocks:
        last = out[-1] if out else None
        cut = (
            last is not None
            and last.kind == block.kind == "text"
            and last.bbox is not None
            and block.bbox is not None
            and block.bbox[1] < last.bbox[1]
            and re.search(r"[^。！？：；.!?:;」”）\s]$", last.text)
            and not is_item(block.text)
        )
        if cut and last is not None and last.bbox and block.bbox:
            out[-1] = Block("text", join(last.text, block.text), 0, last.bbox)
        else:
            out.append(block)
    return out


def _box(rows: Sequence[Row]) -> Box:
    return around([r.box for r in rows])
