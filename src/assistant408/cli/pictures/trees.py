"""Ordered trees, laid out so that each parent stands over the middle of its children."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from assistant408.cli.pictures.shapes import ACCENT, GREY, MARK, Drawing, rect, stroke, text, width_of

__all__ = ["tree"]

_TALL, _LEVEL, _GAP, _EMPTY = 32, 72, 16, 14


@dataclass
class _Node:
    """A node with its box; `x` is the middle, relative to the parent until `_place` is done."""

    data: dict[str, Any]
    width: float
    children: list[_Node | None]
    x: float = 0
    spans: list[tuple[float, float]] = field(default_factory=list)  # (left, right) of each level below, about x


def tree(data: dict[str, Any]) -> Drawing:
    """Circles if all labels are short, boxes otherwise; an empty slot keeps its place, so that a lone child leans."""
    labels = [width_of(n["label"]) + 16 for n in _walk(data)]
    round_ = max(labels) <= 44
    even = max(_TALL, *labels)
    root = _build(data, even if round_ else 0)
    _place(root)
    left = min(span[0] for span in root.spans)
    right = max(span[1] for span in root.spans)
    parts: list[str] = []
    depth = _draw(root, 4 - left, 6, even / 2 if round_ else 6, even if round_ else _TALL, parts)
    return Drawing(right - left + 8, 12 + depth * _LEVEL + (even if round_ else _TALL), parts)


def _walk(data: dict[str, Any]) -> list[dict[str, Any]]:
    return [data, *(n for child in data["children"] if child for n in _walk(child))]


def _build(data: dict[str, Any], even: float) -> _Node:
    children = data["children"] if any(data["children"]) else []
    width = even or max(_TALL, width_of(data["label"]) + 16)
    return _Node(data, width, [_build(c, even) if c else None for c in children])


def _place(node: _Node) -> None:
    """Sets children side by side, as close as their outlines allow, and itself over their middle."""
    note = width_of(node.data["note"], 12) + 6 if node.data["note"] else 0
    outline: list[tuple[float, float]] = []
    places: list[float] = []
    for child in node.children:
        if child is not None:
            _place(child)
        spans = child.spans if child is not None else [(-_EMPTY / 2, _EMPTY / 2)]
        shift = max((outline[k][1] + _GAP - spans[k][0] for k in range(min(len(outline), len(spans)))), default=0.0)
        places.append(shift)
        moved = [(a + shift, b + shift) for a, b in spans]
        outline = [(outline[k][0], moved[k][1]) if k < len(outline) and k < len(moved) else
                   outline[k] if k < len(outline) else moved[k]
                   for k in range(max(len(outline), len(moved)))]  # fmt: skip
    middle = (places[0] + places[-1]) / 2 if places else 0.0
    for child, place in zip(node.children, places, strict=True):
        if child is not None:
            child.x = place - middle
    node.spans = [(-node.width / 2, node.width / 2 + note), *((a - middle, b - middle) for a, b in outline)]


def _draw(node: _Node, x: float, y: float, radius: float, tall: float, parts: list[str]) -> int:
    """Draws the edges first, then the node over them; returns the number of levels below."""
    depth = 0
    for child in node.children:
        if child is None:
            continue
        cx, cy = x + child.x, y + _LEVEL
        both = node.data["mark"] and child.data["mark"]
        parts.append(stroke([(x, y + tall / 2), (cx, cy + tall / 2)], color=ACCENT if both else GREY, thick=1.4))
        if edge := child.data["edge"]:
            side = -6 if cx < x else 6
            anchor = "end" if cx < x else "start"
            at = ((x + cx) / 2 + side, (y + tall + cy) / 2 + 4)
            parts.append(text(*at, edge, size=12, anchor=anchor, fill=GREY, halo=True))
        depth = max(depth, 1 + _draw(child, cx, cy, radius, tall, parts))
    d, w = node.data, node.width
    fill, border, thick = (MARK, ACCENT, 2.0) if d["mark"] else ("#ffffff", GREY, 1.2)
    parts.append(rect(x - w / 2, y, w, tall, fill=fill, edge=border, radius=radius, thick=thick))
    parts.append(text(x, y + tall / 2 + 4.5, d["label"], anchor="middle", bold=d["mark"]))
    if d["note"]:
        parts.append(text(x + w / 2 + 4, y + 11, d["note"], size=12, fill=GREY, halo=True))
    return depth
