"""Shapes of an SVG as strings, and the widths of texts without a font at hand."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

__all__ = [
    "ACCENT", "CELL", "COLORS", "GREY", "HEAD", "INK", "LINE", "MARK", "PEN", "Drawing",
    "arrow", "number", "quote", "rect", "show", "stroke", "text", "ticks", "width_of", "wrap",
]  # fmt: skip

INK, GREY, LINE = "#1d2022", "#64696d", "#c6c2b5"
ACCENT, PEN, MARK, HEAD, CELL = "#1b5e4b", "#a83a22", "#ffe9a3", "#f0eee7", "#ffffff"
COLORS = ("#1b5e4b", "#b4492f", "#2f5f9e", "#8a6a12", "#7a3e9d", "#4b6b1f")

_CLOSING = "，。；：！？、）」』】》”’…"
_WIDE = "0123456789mw=+%"
_BROKEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Drawing:
    """Elements inside a box from (0, 0) to (`width`, `height`), in pixels."""

    width: float
    height: float
    parts: Sequence[str]


def quote(value: object) -> str:
    """Text that may stand in an element or in an attribute; characters that XML has no place for are left out.

    Examples:
        >>> quote('a<b & "c"' + chr(0))
        'a&lt;b &amp; &quot;c&quot;'
    """
    return escape(_BROKEN.sub("", str(value)))


def number(x: float) -> str:
    """A number with at most 6 significant digits; whole numbers in full.

    Examples:
        >>> number(1048576), number(8.0), number(2 / 3)
        ('1048576', '8', '0.666667')
    """
    return str(int(x)) if float(x).is_integer() else f"{x:.6g}"


def show(value: object) -> str:
    """A table cell as a learner writes it.

    Examples:
        >>> show(None), show(True), show(1 / 3), show("P1")
        ('', '是', '0.333333', 'P1')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    return number(value) if isinstance(value, int | float) else str(value)


def width_of(value: str, size: float = 13) -> float:
    """The width of a text in pixels, on the safe side: CJK and signs are square, the rest about half.

    Examples:
        >>> width_of("页框", 10), width_of("", 10)
        (20.0, 0.0)
    """
    wide = (1.0 if ord(c) > 0x200F else 0.66 if c.isupper() or c in _WIDE else 0.56 for c in value)
    return size * sum(wide, start=0.0)


def wrap(value: str, width: float, size: float = 13) -> list[str]:
    """Lines no wider than `width`: Chinese breaks anywhere but before a closing mark, a Latin word stays whole.

    Examples:
        >>> wrap("缺页次数为 frames 次。", 62, 10)
        ['缺页次数为', 'frames 次。']
    """
    lines = [""]
    for token in re.findall(rf"\n|[ \t]+|[（「『【《“‘]*(?:[!-~\u0080-\u200f]+|.)[{_CLOSING}]*", value):
        if token == "\n" or (lines[-1].strip() and width_of((lines[-1] + token).rstrip(), size) > width):
            lines.append("")
        if token.strip() or lines[-1]:
            lines[-1] += token.replace("\n", "")
        while width_of(lines[-1], size) > width and len(lines[-1]) > 1:  # one long word
            cut = max(1, int(len(lines[-1]) * width / width_of(lines[-1], size)))
            lines[-1:] = [lines[-1][:cut], lines[-1][cut:]]
    return [line.rstrip() for line in lines]


def text(
    x: float, y: float, value: str, *, size: float = 13, anchor: str = "start", fill: str = INK,
    bold: bool = False, mono: bool = False, halo: bool = False, turn: float = 0,
) -> str:  # fmt: skip
    """One line of text at its baseline; `halo` is a white edge that keeps it legible over lines."""
    style = f' font-size="{size:g}" text-anchor="{anchor}" fill="{fill}"'
    style += ' font-weight="600"' if bold else ""
    style += ' class="mono"' if mono else ""
    style += ' stroke="#ffffff" stroke-width="4" stroke-linejoin="round" paint-order="stroke"' if halo else ""
    style += f' transform="rotate({turn:.1f} {x:.1f} {y:.1f})"' if turn else ""
    return f'<text x="{x:.1f}" y="{y:.1f}"{style} xml:space="preserve">{quote(value)}</text>'


def rect(
    x: float, y: float, w: float, h: float, *, fill: str = CELL, edge: str = LINE, radius: float = 0,
    thick: float = 1, opacity: float = 1, title: str = "",
) -> str:  # fmt: skip
    """A box; `title` is what a pointer over it shows."""
    body = f'<rect x="{x:.1f}" y="{y:.1f}" width="{w:.1f}" height="{h:.1f}" rx="{radius:g}" fill="{fill}"'
    body += f' fill-opacity="{opacity:g}"' if opacity != 1 else ""
    body += f' stroke="{edge}" stroke-width="{thick:g}"'
    return f"{body}><title>{quote(title)}</title></rect>" if title else f"{body}/>"


def stroke(points: Sequence[tuple[float, float]], *, color: str = LINE, thick: float = 1, dash: str = "") -> str:
    """A line through points."""
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    return f'<polyline points="{path}" fill="none" stroke="{color}" stroke-width="{thick:g}" stroke-linejoin="round"{dashes}/>'


def arrow(start: tuple[float, float], end: tuple[float, float], *, color: str, size: float = 9) -> str:
    """An arrowhead at `end`, coming from `start`."""
    angle = math.atan2(end[1] - start[1], end[0] - start[0])
    corners = [end]
    for side in (2.75, -2.75):
        corners.append((end[0] + size * math.cos(angle + side), end[1] + size * math.sin(angle + side)))
    return f'<polygon points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in corners)}" fill="{color}"/>'


def ticks(low: float, high: float, count: int) -> list[float]:
    """Labels of an axis: about `count` round values from `low` to `high`.

    Examples:
        >>> ticks(0, 9, 5), ticks(3, 3, 5)
        ([0.0, 2.0, 4.0, 6.0, 8.0], [3])
    """
    if not high > low:
        return [low]
    raw = (high - low) / max(1, count)
    base = 10 ** math.floor(math.log10(raw))
    step = next(s for s in (base, 2 * base, 5 * base, 10 * base, 20 * base) if s >= raw)
    first = math.ceil(low / step - 1e-9)
    return [float(f"{i * step:.12g}") for i in range(first, math.floor(high / step + 1e-9) + 1)]
