"""Tables between horizontal rulings only (三线表): columns by the white lanes, rows by rulings and spacing."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from assistant408.kb.parse.columns import Row, columns, rows
from assistant408.kb.parse.headings import join
from assistant408.kb.parse.layout import markdown_table
from assistant408.kb.parse.types import Block, Box, Line

__all__ = ["lined_tables"]

_LANE = 0.35  # of the characters' size: the least white between two columns
_ROWS = 60


def lined_tables(lines: Sequence[Line], level: Sequence[Box], height: float) -> tuple[list[Block], list[Line]]:
    """Tables of two rows and columns or more among `lines`, and the lines that are in none.

    Args:
        lines: of a page.
        level: its horizontal rulings.
        height: of the page; what spans nearly all of it is the page's own frame.
    """
    tables: list[Block] = []
    rest = list(lines)
    for rules in _groups(level):
        box = (rules[0][0], rules[0][1], rules[0][2], rules[-1][3])
        inside = [line for line in rest if _inside(line, box)]
        if box[3] - box[1] > 0.85 * height or len(inside) < 4 or (len(inside) > 24 and len(columns(inside)) > 1):
            continue
        grid = _grid(inside, [r[1] for r in rules[1:-1]])
        if grid:
            tables.append(Block("table", markdown_table(grid), 0, box))
            rest = [line for line in rest if not _inside(line, box)]
    return tables, rest


def _groups(level: Sequence[Box]) -> list[list[Box]]:
    """Rulings of the same extent, from the top; two or more of them."""
    groups: list[list[Box]] = []
    for rule in sorted(level, key=lambda r: r[1]):
        for group in groups:
            if abs(group[0][0] - rule[0]) < 2 and abs(group[0][2] - rule[2]) < 2:
                group.append(rule)
                break
        else:
            groups.append([rule])
    return [g for g in groups if len(g) > 1]


def _grid(lines: Sequence[Line], inner: Sequence[float]) -> list[list[str]]:
    """The cells' words; empty if there are no lanes, or too many rows for a table."""
    found = rows(lines)
    lanes: list[list[float]] = []
    for line in sorted(lines, key=lambda k: k.flow[0]):
        if lanes and line.flow[0] < lanes[-1][1] + _LANE * line.size:
            lanes[-1][1] = max(lanes[-1][1], line.flow[2])
        else:
            lanes.append([line.flow[0], line.flow[2]])
    if not 2 <= len(lanes) <= 12 or not 2 <= len(found) <= _ROWS:
        return []
    grid: list[list[str]] = []
    for i, row in enumerate(found):
        cells = [_between(row, start, end) for start, end in lanes]
        if grid and not _begins(found, i, inner, bool(cells[0])):
            grid[-1] = [join(a, b) if a and b else a or b for a, b in zip(grid[-1], cells, strict=True)]
        else:
            grid.append(cells)
    return grid if len(grid) > 1 else []


def _between(row: Row, start: float, end: float) -> str:
    inside = tuple(line for line in row.lines if line.flow[0] >= start - 0.5 and line.flow[2] <= end + 0.5)
    return Row(inside).text if inside else ""


def _begins(found: Sequence[Row], i: int, inner: Sequence[float], first: bool) -> bool:
    """Whether row `i` begins a row of the table rather than going on inside the cells of the one above."""
    above, here = found[i - 1].flow, found[i].flow
    if any(above[3] - 2 <= y <= here[1] + 2 for y in inner):
        return True
    steps = [b.flow[3] - a.flow[3] for a, b in itertools.pairwise(found)]
    if max(steps) > 1.25 * min(steps):
        return here[3] - above[3] > 1.12 * min(steps)
    return first


def _inside(line: Line, box: Box) -> bool:
    x, y = (line.box[0] + line.box[2]) / 2, (line.box[1] + line.box[3]) / 2
    return box[0] - 2 <= x <= box[2] + 2 and box[1] - 1 <= y <= box[3] + 1
