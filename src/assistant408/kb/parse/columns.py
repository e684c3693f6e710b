"""Reading order: columns by the gutter between them, and rows of lines on one baseline."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant408.kb.parse.types import Box, Line

__all__ = ["Row", "columns", "rows"]


@dataclass(frozen=True)
class Row:
    """Lines on one baseline, from left to right."""

    lines: tuple[Line, ...]

    @property
    def flow(self) -> Box:
        """Around them, upright."""
        return around([line.flow for line in self.lines])

    @property
    def box(self) -> Box:
        """Around them on the page."""
        return around([line.box for line in self.lines])

    @property
    def size(self) -> float:
        """Of the largest run of characters."""
        return max(self.lines, key=lambda line: len(line.text)).size

    def share(self, name: str) -> float:
        """Share of the characters in lines whose attribute `name` is true."""
        total = sum(len(line.text) for line in self.lines) or 1
        return sum(len(line.text) for line in self.lines if getattr(line, name)) / total

    @property
    def text(self) -> str:
        """The characters, with spaces where there are gaps, and ``^`` or ``_`` before what is raised or lowered."""
        out = ""
        end = self.lines[0].flow[0]
        for line in self.lines:
            gap = line.flow[0] - end
            script = self._script(line) if out else ""
            if (
                out
                and not script
                and not out.endswith(" ")
                and gap > line.size * (0.8 if _wide(out[-1], line.text) else 0.2)
            ):
                out += " " if gap < line.size * 2.5 else "  "
            out = f"{out.rstrip()}{script}{_braced(line.text)}" if script else out + line.text
            end = line.flow[2]
        return out.strip()

    def _script(self, line: Line) -> str:
        """``^`` for a superscript, ``_`` for an index, else ""; a picture's lines have neither."""
        size = self.size
        if line.size > 0.82 * size or line.score < 1 or re.search(r"[\[\]①-⑳\u2e80-\u9fff]", line.text):
            return ""
        base = max(self.lines, key=lambda k: len(k.text)).flow[3]
        rise = base - line.flow[3]
        return "^" if rise > 0.22 * size else "_" if rise < 0.08 * size and line.flow[1] > base - 0.85 * size else ""

    @property
    def cells(self) -> list[Row]:
        """Its parts with more than a character's width of space between them."""
        parts: list[list[Line]] = []
        end = float("-inf")
        for line in self.lines:
            if line.flow[0] - end > line.size * 1.2:
                parts.append([])
            parts[-1].append(line)
            end = line.flow[2]
        return [Row(tuple(p)) for p in parts]


def around(boxes: Sequence[Box]) -> Box:
    """The smallest box around `boxes`."""
    return (min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes))


def columns(lines: Sequence[Line]) -> list[list[Line]]:
    """`lines` in groups to be read one after the other; a page of one column is one group.

    A gutter is a place that few lines cross, with lines on both sides that fill their column. Lines that cross it (a title,
    a wide figure) divide the page into bands; each band is read left column first.
    """
    if len(lines) < 8:
        return [list(lines)]
    gutter = _gutter(lines)
    if gutter is None:
        return [list(lines)]
    groups: list[list[Line]] = []
    left: list[Line] = []
    right: list[Line] = []
    wide: list[Line] = []

    def flush() -> None:
        for group in (left, right):
            if group:
                groups.append(group.copy())
                group.clear()

    for line in sorted(lines, key=lambda k: (k.flow[1] + k.flow[3]) / 2):
        if _crosses(line, gutter):
            flush()
            wide.append(line)
            continue
        if wide:
            groups.append(wide.copy())
            wide.clear()
        (left if line.flow[2] <= gutter + line.size else right).append(line)
    flush()
    if wide:
        groups.append(wide)
    return groups


def _crosses(line: Line, x: float) -> bool:
    return line.flow[0] < x - line.size and line.flow[2] > x + line.size


def _gutter(lines: Sequence[Line]) -> float | None:
    """Where the middle of the gutter is, or `None` for a page of one column."""
    start, _, end, _ = around([line.flow for line in lines])
    best: tuple[float, float] | None = None
    for step in range(30, 71):
        x = start + (end - start) * step / 100
        crossing = [line for line in lines if line.flow[0] < x < line.flow[2]]
        if sum(line.flow[2] - line.flow[0] for line in crossing) > 0.3 * sum(
            line.flow[2] - line.flow[0] for line in lines
        ):
            continue
        left = [line for line in lines if line.flow[2] <= x]
        right = [line for line in lines if line.flow[0] >= x]
        if min(len(left), len(right)) < 4 or not (_fills(left) and _fills(right)):
            continue
        low, high = max(line.flow[2] for line in left), min(line.flow[0] for line in right)
        top = max(min(k.flow[1] for k in side) for side in (left, right))
        bottom = min(max(k.flow[3] for k in side) for side in (left, right))
        tall = max(max(k.flow[3] for k in side) - min(k.flow[1] for k in side) for side in (left, right))
        if bottom - top < 0.25 * tall:
            continue
        quality = (high - low) - 2 * len(crossing)
        if best is None or quality > best[0]:
            best = (quality, (low + high) / 2)
    return best[1] if best else None


def _fills(lines: Sequence[Line]) -> bool:
    """Whether the wider lines of a would-be column take up most of it, as prose does and the cells of a table don't."""
    width = max(line.flow[2] for line in lines) - min(line.flow[0] for line in lines)
    widths = sorted(line.flow[2] - line.flow[0] for line in lines)
    return widths[len(widths) * 2 // 3] > 0.7 * width and width > 10 * lines[0].size


def rows(lines: Sequence[Line]) -> list[Row]:
    """`lines` of one column by baseline, from the top."""
    out: list[list[Line]] = []
    for line in sorted(lines, key=lambda k: (k.flow[1] + k.flow[3]) / 2):
        middle = (line.flow[1] + line.flow[3]) / 2
        for row in reversed(out[-3:]):
            same = max(row, key=lambda k: (k.size, len(k.text)))
            overlap = min(same.flow[3], line.flow[3]) - max(same.flow[1], line.flow[1])
            if overlap > 0.5 * min(same.flow[3] - same.flow[1], line.flow[3] - line.flow[1]) and (
                abs(middle - (same.flow[1] + same.flow[3]) / 2) < 0.6 * max(same.size, line.size)
            ):
                row.append(line)
                break
        else:
            out.append([line])
    return [Row(tuple(sorted(r, key=lambda k: k.flow[0]))) for r in out]


def _braced(text: str) -> str:
    text = text.strip()
    return text if len(text) == 1 else f"{{{text}}}"


def _wide(before: str, after: str) -> bool:
    return before > "\u2e7f" or after[:1] > "\u2e7f"
