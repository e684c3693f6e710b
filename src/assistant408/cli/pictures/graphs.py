"""Graphs: a directed one without cycles in layers from left to right, any other on a circle."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from typing import Any, TypeAlias

from assistant408.cli.pictures.layers import layered
from assistant408.cli.pictures.shapes import ACCENT, GREY, INK, MARK, Drawing, arrow, rect, stroke, text, width_of

__all__ = ["graph"]

Point: TypeAlias = tuple[float, float]
_TALL = 34
_SMOOTH = 24  # points that a curve is drawn with


def graph(data: dict[str, Any]) -> Drawing:
    """Vertices as pills with their notes beside, edges with their labels; marked ones are highlighted."""
    nodes = {n["id"]: n for n in data["nodes"]}
    if not nodes:
        return Drawing(0, 0, [])
    widths = {id: max(float(_TALL), width_of(_label(n)) + 20) for id, n in nodes.items()}
    edges = [e for e in data["edges"] if e["source"] in nodes and e["target"] in nodes]
    ends = [(e["source"], e["target"]) for e in edges]
    room = max([width_of(e["label"], 12) for e in edges], default=0.0)
    layout = layered(list(nodes), ends, widths, room) if data["directed"] else None
    if layout is not None:
        places, bends = layout
        lines = [_curve([places[a], *bends[i], places[b]]) for i, (a, b) in enumerate(ends)]
    else:
        places = _circle(list(nodes), ends, max(widths.values()), room)
        lines = _chords(ends, places)
    parts: list[str] = []
    labels: list[str] = []
    taken = [*places.values()]
    for e, line in zip(edges, lines, strict=True):
        line = _clip(line, places[e["source"]], widths[e["source"]])
        line = _clip(line[::-1], places[e["target"]], widths[e["target"]])[::-1]
        color, thick = (ACCENT, 2.4) if e["mark"] else (GREY, 1.3)
        parts.append(stroke(line, color=color, thick=thick))
        if data["directed"]:
            parts.append(arrow(line[-2], line[-1], color=color, size=10 if e["mark"] else 9))
        if e["label"]:
            x, y = _free(line, taken)
            taken.append((x, y))
            fill = ACCENT if e["mark"] else INK
            label = text(x, y + 4, e["label"], size=12, anchor="middle", fill=fill, bold=e["mark"], halo=True)
            labels.append(label)
    middle = sum(y for _, y in places.values()) / len(places)
    for id, n in nodes.items():
        x, y = places[id]
        w, on = widths[id], n["mark"]
        edge, fill = (ACCENT, MARK) if on else (GREY, "#ffffff")
        parts.append(
            rect(x - w / 2, y - _TALL / 2, w, _TALL, fill=fill, edge=edge, radius=_TALL / 2, thick=2 if on else 1.2)
        )
        labels.append(text(x, y + 4.5, _label(n), anchor="middle", bold=on))
        if n["note"]:
            below = layout is None and y > middle + 1
            at = y + _TALL / 2 + 14 if below else y - _TALL / 2 - 5
            labels.append(text(x, at, n["note"], size=12, anchor="middle", fill=GREY, halo=True))
    half = {id: max(widths[id], width_of(n["note"], 12)) / 2 for id, n in nodes.items()}
    xs = [places[id][0] + side * half[id] for id in nodes for side in (-1, 1)] + [x for line in lines for x, _ in line]
    ys = [y + side * (_TALL / 2 + 18) for _, y in places.values() for side in (-1, 1)]
    ys += [y for line in lines for _, y in line]
    left, top = min(xs) - 6, min(ys) - 4
    moved = [f'<g transform="translate({-left:.1f} {-top:.1f})">', *parts, *labels, "</g>"]
    return Drawing(max(xs) - left + 6, max(ys) - top + 4, moved)


def _label(node: dict[str, Any]) -> str:
    return str(node["label"] or node["id"])


def _circle(ids: list[str], ends: Sequence[tuple[str, str]], widest: float, room: float) -> dict[str, Point]:
    """Places on a circle, neighbours near each other: pairs are swapped while that shortens the edges."""
    n = len(ids)
    radius = max(84.0, (widest + max(56.0, room + 44)) * n / (2 * math.pi))
    spots = [(radius * math.sin(2 * math.pi * i / n), -radius * math.cos(2 * math.pi * i / n)) for i in range(n)]
    order = {id: i for i, id in enumerate(ids)}

    def length() -> float:
        return sum(math.dist(spots[order[a]], spots[order[b]]) for a, b in ends)

    best, better = length(), n <= 30
    while better:
        better = False
        for a, b in itertools.combinations(ids[1:], 2):  # the first vertex stays on top
            order[a], order[b] = order[b], order[a]
            now = length()
            if now < best - 1e-6:
                best, better = now, True
            else:
                order[a], order[b] = order[b], order[a]
    return {id: spots[i] for id, i in order.items()}


def _chords(ends: Sequence[tuple[str, str]], places: dict[str, Point]) -> list[list[Point]]:
    """Edges as chords; edges between the same two vertices bow apart, and a loop stands outside."""
    seen: dict[frozenset[str], int] = {}
    counts: dict[frozenset[str], int] = {}
    for pair in map(frozenset, ends):
        counts[pair] = counts.get(pair, 0) + 1
    lines: list[list[Point]] = []
    for a, b in ends:
        pair = frozenset((a, b))
        turn = seen[pair] = seen.get(pair, -1) + 1
        (x1, y1), (x2, y2) = places[a], places[b]
        if a == b:
            out = math.atan2(y1, x1) if (x1, y1) != (0, 0) else -math.pi / 2
            far = 46 + 16 * turn
            tips = [(x1 + far * math.cos(out + s), y1 + far * math.sin(out + s)) for s in (-0.5, 0.5)]
            lines.append(_bezier([(x1, y1), *tips, (x1, y1)]))
            continue
        bow = (turn - (counts[pair] - 1) / 2) * 44
        span = math.dist((x1, y1), (x2, y2)) or 1
        sign = 1 if a < b else -1  # the side belongs to the pair, whichever way the edge runs
        control = (
            (x1 + x2) / 2 - sign * bow * (y2 - y1) / span,
            (y1 + y2) / 2 + sign * bow * (x2 - x1) / span,
        )
        lines.append(_bezier([(x1, y1), control, (x2, y2)]))
    return lines


def _bezier(control: Sequence[Point]) -> list[Point]:
    """A quadratic or cubic curve as a line through points."""
    n = len(control) - 1
    line = []
    for k in range(_SMOOTH + 1):
        t = k / _SMOOTH
        weights = [math.comb(n, i) * t**i * (1 - t) ** (n - i) for i in range(n + 1)]
        line.append((sum(w * p[0] for w, p in zip(weights, control, strict=True)),
                     sum(w * p[1] for w, p in zip(weights, control, strict=True))))  # fmt: skip
    return line


def _curve(points: list[Point]) -> list[Point]:
    """A smooth line from the first point to the last past the bends between."""
    if len(points) == 2:
        return _bezier([points[0], ((points[0][0] + points[1][0]) / 2, (points[0][1] + points[1][1]) / 2), points[1]])
    line, start = [points[0]], points[0]
    for i in range(1, len(points) - 1):
        here, after = points[i], points[i + 1]
        last = i == len(points) - 2
        end = after if last else ((here[0] + after[0]) / 2, (here[1] + after[1]) / 2)
        line += _bezier([start, here, end])[1:]
        start = end
    return line


def _clip(line: list[Point], centre: Point, width: float) -> list[Point]:
    """The line from where it leaves the pill around its first point."""
    flat = max(0.0, width / 2 - _TALL / 2)

    def inside(p: Point) -> bool:
        dx = max(0.0, abs(p[0] - centre[0]) - flat)
        return math.hypot(dx, p[1] - centre[1]) <= _TALL / 2 + 1

    out = next((i for i, p in enumerate(line) if not inside(p)), None)
    if out is None or out == 0 or (out == len(line) - 1 and inside(line[-1])):
        return line
    low, high = line[out - 1], line[out]
    for _ in range(12):
        mid = ((low[0] + high[0]) / 2, (low[1] + high[1]) / 2)
        low, high = (mid, high) if inside(mid) else (low, mid)
    return [high, *line[out:]]


def _free(line: list[Point], taken: Sequence[Point]) -> Point:
    """The place on a line, near its middle, that lies farthest from what stands already."""
    best, most = line[len(line) // 2], -1.0
    for share in (0.5, 0.42, 0.58, 0.34, 0.66, 0.27, 0.73):
        p = line[round(share * (len(line) - 1))]
        room = min((math.dist(p, q) for q in taken), default=99.0)
        room = min(room, 34.0)  # enough is enough
        if room > most + 1:
            best, most = p, room
    return best
