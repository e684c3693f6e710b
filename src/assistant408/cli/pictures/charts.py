"""Tables, Gantt charts, message timelines, plots and words of bits."""

from __future__ import annotations

import itertools
import math
from typing import Any

from assistant408.cli.pictures.shapes import (
    ACCENT,
    COLORS,
    GREY,
    HEAD,
    INK,
    MARK,
    PEN,
    Drawing,
    arrow,
    number,
    rect,
    show,
    stroke,
    text,
    ticks,
    width_of,
    wrap,
)  # fmt: skip

__all__ = ["bits", "gantt", "plot", "table", "timeline"]

_CELL_LIMIT = 300  # a cell wider than this is broken into lines
_DASHES = ("", "7 4", "2 4", "10 3 2 3")


def table(data: dict[str, Any]) -> Drawing:
    """Rows of cells under a header; marked cells are highlighted."""
    marks = {tuple(m) for m in data["marks"]}
    columns = [wrap(str(c), _CELL_LIMIT) for c in data["columns"]]
    rows = [[wrap(show(c), _CELL_LIMIT) for c in row] for row in data["rows"]]
    count = max([len(columns), *map(len, rows)])
    grid = [row + [[""]] * (count - len(row)) for row in [columns, *rows]]
    widths = [max(28, *(width_of(line) + 18 for row in grid for line in row[c])) for c in range(count)]
    parts: list[str] = []
    y = 0.5
    for r, row in enumerate(grid, -1):
        tall = max(len(lines) for lines in row) * 18 + 10
        x = 0.5
        for c, (lines, w) in enumerate(zip(row, widths, strict=True)):
            fill = HEAD if r < 0 else MARK if (r, c) in marks else "#ffffff"
            parts.append(rect(x, y, w, tall, fill=fill))
            top = y + (tall - len(lines) * 18) / 2 + 13.5
            for i, line in enumerate(lines):
                if line:
                    parts.append(text(x + w / 2, top + i * 18, line, anchor="middle", bold=r < 0))
            x += w
        y += tall
    return Drawing(sum(widths) + 1, y + 0.5, parts)


def gantt(data: dict[str, Any]) -> Drawing:
    """Bars on lanes over a common axis; a label that its bar can't hold is shown by the pointer."""
    row, slices = 34, data["slices"]
    lanes = list(dict.fromkeys(s["lane"] for s in slices))
    labels = list(dict.fromkeys(s["label"] or s["lane"] for s in slices))
    times = sorted({t for s in slices for t in (s["start"], s["end"])}) or [0]
    low, high = min(0, times[0]), max(times)
    high = high if high > low else low + 1
    left = max([24.0, width_of(data["unit"], 12), *map(width_of, lanes)]) + 14
    need = max([(width_of(s["label"]) + 8) / max(1e-9, s["end"] - s["start"]) for s in slices], default=1.0)
    span = high - low
    scale = need if 560 < need * span <= 1200 else 560 / span  # wider only where that lets every label in
    scale = min(scale, max(90, 400 / span))
    bottom = len(lanes) * row

    def x(t: float) -> float:
        return float(left + (t - low) * scale)

    parts = [text(left - 10, i * row + 22, lane, anchor="end") for i, lane in enumerate(lanes)]
    parts += [stroke([(left, (i + 1) * row), (x(high), (i + 1) * row)]) for i in range(len(lanes))]
    end = -math.inf
    for t in times:
        parts.append(stroke([(x(t), 0), (x(t), bottom + 4)], color="#e0ddd3"))
        half = width_of(number(t), 12) / 2
        if x(t) - half >= end + 5:
            parts.append(text(x(t), bottom + 19, number(t), size=12, anchor="middle", fill=GREY))
            end = x(t) + half
    parts.append(text(left - 10, bottom + 19, data["unit"], size=12, anchor="end", fill=GREY))
    for s in slices:
        wide = max(2.0, x(s["end"]) - x(s["start"]))
        y = lanes.index(s["lane"]) * row
        color = COLORS[labels.index(s["label"] or s["lane"]) % len(COLORS)]
        title = f"{s['lane']} {s['label']}：{number(s['start'])}–{number(s['end'])} {data['unit']}".strip()
        parts.append(
            rect(x(s["start"]), y + 4, wide, row - 8, fill=color, opacity=0.2, edge=color, radius=3, title=title)
        )
        size = min(13, 13 * (wide - 2) / max(1, width_of(s["label"])))
        if size >= 9:
            parts.append(text(x(s["start"]) + wide / 2, y + 21.5, s["label"], size=size, anchor="middle"))
    return Drawing(max(x(high), end) + 8, bottom + 28, parts)


def timeline(data: dict[str, Any]) -> Drawing:
    """Messages between parties, time running downward; a gap is neither cramped nor a desert."""
    parties, messages = data["parties"], data["messages"]
    times = sorted({t for m in messages for t in (m["start"], m["end"]) if t is not None}) or [0]
    span = max(1e-9, times[-1] - times[0])
    heights, y = {times[0]: 58.0}, 58.0
    for before, now in itertools.pairwise(times):
        y += min(110.0, max(30.0, (now - before) / span * 34 * len(times)))
        heights[now] = y
    axis = max(width_of(number(t), 12) for t in times) + 16
    axis = max(axis, width_of(data["unit"], 12) + 16)
    first = axis + max(20.0, width_of(parties[0]) / 2 + 8 if parties else 0)
    gap = max([240.0 if len(parties) < 3 else 150.0, *(width_of(m["label"]) + 40 for m in messages)])
    gap = max([gap, *(width_of(p) + 24 for p in parties)])
    places = {p: first + i * gap for i, p in enumerate(parties)}
    right = max(places.values(), default=first) + max(40.0, width_of(parties[-1]) / 2 + 8 if parties else 0)
    parts = [text(axis - 8, 22, data["unit"], size=12, anchor="end", fill=GREY)]
    for t in times:
        parts.append(stroke([(axis, heights[t]), (right - 8, heights[t])], color="#e0ddd3", dash="2 4"))
        parts.append(text(axis - 8, heights[t] + 4, number(t), size=12, anchor="end", fill=GREY))
    for p, x in places.items():
        parts.append(stroke([(x, 34), (x, y + 24)], color=GREY, thick=1.4))
        parts.append(text(x, 22, p, anchor="middle", bold=True))
    labels: list[str] = []
    share = 0.3 if _crossing(messages) else 0.5  # where labels stand: near the sender if arrows cross
    for m in messages:
        lost = m["end"] is None
        x1, x2, y1 = places[m["source"]], places[m["target"]], heights[m["start"]]
        end = (x1 + (x2 - x1) * 0.62, y1 + 16) if lost else (x2, heights[m["end"]])
        color = PEN if lost else ACCENT
        parts.append(stroke([(x1, y1), end], color=color, thick=1.7, dash="5 4" if lost else ""))
        parts.append(
            text(end[0], end[1] + 5, "✕", size=15, anchor="middle", fill=PEN)
            if lost
            else arrow((x1, y1), end, color=color)
        )
        slope = math.degrees(math.atan2(end[1] - y1, abs(end[0] - x1))) * (1 if x2 >= x1 else -1)
        place = 0.5 if lost else max(share, (width_of(m["label"]) / 2 + 8) / max(1.0, abs(end[0] - x1)))
        at = (x1 + (end[0] - x1) * place, y1 + (end[1] - y1) * place + (17 if lost else -5))
        labels.append(text(*at, m["label"], anchor="middle", halo=True, turn=slope))
    return Drawing(right, y + 28, parts + labels)


def _crossing(messages: list[dict[str, Any]]) -> bool:
    """Whether a message is under way while another comes the other way."""
    return any(
        a["source"] == b["target"] and a["start"] < b["start"] < (a["end"] or a["start"])
        for a in messages
        for b in messages
    )


def plot(data: dict[str, Any]) -> Drawing:
    """Lines over a common axis, told apart by colour and dashes."""
    wide, tall = 640, 280
    points = [p for s in data["series"] for p in s["points"]] or [[0, 0]]
    xs, ys = [p[0] for p in points], [p[1] for p in points]
    x1 = max(*xs, min(xs) + 1)
    x0 = min(xs) if min(xs) > (x1 - min(xs)) * 1.5 else min(*xs, 0)  # zero, unless the points lie far from it
    y0, y1 = min(*ys, 0), max(*ys, 1) if max(ys) > 0.5 else max(ys) or 1
    rows = ticks(y0, y1, 6)
    left = max(width_of(number(t), 12) for t in rows) + 16

    def at(p: list[float]) -> tuple[float, float]:
        return left + (p[0] - x0) / (x1 - x0) * (wide - left - 24), tall - 34 - (p[1] - y0) / (y1 - y0) * (tall - 64)

    whole = all(float(v).is_integer() for v in xs) and x1 - x0 <= 30
    columns = [float(v) for v in range(int(x0), int(x1) + 1)] if whole else ticks(x0, x1, 8)
    parts = [stroke([(left, at([x0, t])[1]), (wide - 12, at([x0, t])[1])], color="#e0ddd3") for t in rows]
    parts += [text(left - 8, at([x0, t])[1] + 4, number(t), size=12, anchor="end", fill=GREY) for t in rows]
    parts += [text(at([t, y0])[0], tall - 15, number(t), size=12, anchor="middle", fill=GREY) for t in columns]
    parts.append(stroke([(left, 24), (left, tall - 34), (wide - 12, tall - 34)], color=GREY))
    parts.append(text(left - 8, 13, data["y"], size=12, fill=GREY))
    parts.append(text(wide - 12, tall - 1, data["x"], size=12, anchor="end", fill=GREY))
    for i, s in enumerate(data["series"]):
        color = COLORS[i % len(COLORS)]
        parts.append(stroke([at(p) for p in s["points"]], color=color, thick=2, dash=_DASHES[i % len(_DASHES)]))
        if len(points) <= 120:
            for p in s["points"]:
                x, y = at(p)
                dot = f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="#ffffff" stroke="{color}" stroke-width="2"/>'
                parts.append(dot)
    x, y = left, tall + 18.0
    for i, s in enumerate(data["series"]):
        if not s["label"]:
            continue
        if x > left and x + 34 + width_of(s["label"]) > wide:
            x, y = left, y + 20
        dash = _DASHES[i % len(_DASHES)]
        parts.append(stroke([(x, y - 4), (x + 28, y - 4)], color=COLORS[i % len(COLORS)], thick=2, dash=dash))
        parts.append(text(x + 34, y, s["label"]))
        x += width_of(s["label"]) + 54
    return Drawing(wide, y + 8, parts)


def bits(data: dict[str, Any]) -> Drawing:
    """A word cut into fields: names above, bits in groups of four inside, bit numbers below."""
    fields = [(str(name), str(value)) for name, value in data["fields"]]
    real = all(set(b) <= set("01xX? ") for _, b in fields)  # else digits with a point, or lengths such as 20 B
    fields = [(name, b.replace(" ", "")) for name, b in fields] if real else fields
    high = sum(len(b) for _, b in fields) - 1
    parts: list[str] = []
    x = 0.5
    for i, (name, value) in enumerate(fields):
        head = len(value) % 4
        groups = ([value[:head]] if head else []) + [value[k : k + 4] for k in range(head, len(value), 4)]
        shown = " ".join(groups) if real else value
        w = max(len(shown) * 9.2 + 22, width_of(name) + 14, width_of(f"{high}…{high}", 11) + 12, 40)
        parts.append(text(x + w / 2, 14, name, anchor="middle", bold=True))
        if real:
            parts.append(text(x + w / 2, 30, f"{len(value)} 位", size=11, anchor="middle", fill=GREY))
        parts.append(rect(x, 38, w, 34, fill="#e2eee8" if i % 2 else "#ffffff", edge=GREY))
        parts.append(text(x + w / 2, 60, shown, size=15, anchor="middle", mono=True, fill=INK))
        low = high - len(value) + 1
        if value and real:
            place = f"{high}…{low}" if high > low else str(high)
            parts.append(text(x + w / 2, 88, place, size=11, anchor="middle", fill=GREY))
        high, x = low - 1, x + w
    return Drawing(x + 0.5, 94 if real else 78, parts)
