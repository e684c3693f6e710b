"""A directed graph without cycles in layers: every edge leads to the right (after Sugiyama)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

__all__ = ["layered"]

Point: TypeAlias = tuple[float, float]
Places: TypeAlias = dict[str, Point]
_ROW, _GAP = 62.0, 54.0


def layered(
    ids: Sequence[str], ends: Sequence[tuple[str, str]], widths: Mapping[str, float], room: float
) -> tuple[Places, list[list[Point]]] | None:
    """Places of the vertices, and of each edge the bends where it passes a layer; `None` if there is a cycle.

    Args:
        ids: vertices, in the order that breaks ties.
        ends: edges as (source, target).
        widths: of the vertices, in pixels.
        room: what an edge's label takes between two layers, in pixels.

    Examples:
        >>> places, bends = layered(["a", "b", "c"], [("a", "b"), ("b", "c"), ("a", "c")], dict.fromkeys("abc", 34), 0)
        >>> [x for x, _ in places.values()], [len(b) for b in bends]
        ([17.0, 105.0, 193.0], [0, 0, 1])
        >>> layered(["a", "b"], [("a", "b"), ("b", "a")], {"a": 34, "b": 34}, 0) is None
        True
    """
    depth = _depths(ids, ends)
    if depth is None:
        return None
    names = {id: (id, -1) for id in ids}  # a vertex, or where edge number n passes: ("", n)
    layers: list[list[tuple[str, int]]] = [[] for _ in range(max(depth.values()) + 1)]
    for id in ids:
        layers[depth[id]].append(names[id])
    links: list[tuple[int, tuple[str, int], tuple[str, int]]] = []  # (left layer, left, right)
    for n, (a, b) in enumerate(ends):
        before = names[a]
        for k in range(depth[a] + 1, depth[b] + 1):
            now = names[b] if k == depth[b] else ("", n)
            if now[0] == "":
                layers[k].append(now)
            links.append((k - 1, before, now))
            before = now
    back: list[dict[tuple[str, int], list[tuple[str, int]]]] = [{} for _ in layers]
    ahead: list[dict[tuple[str, int], list[tuple[str, int]]]] = [{} for _ in layers]
    for k, left, right in links:
        ahead[k].setdefault(left, []).append(right)
        back[k + 1].setdefault(right, []).append(left)
    ys = _rows(layers, back, ahead)
    xs, x = [], 0.0
    for k, layer in enumerate(layers):
        wide = max(widths.get(id, 0.0) for id, _ in layer)
        xs.append(x + wide / 2)
        x += wide + max(_GAP, room + 34) * (k < len(layers) - 1)
    places = {id: (xs[depth[id]], ys[depth[id]][names[id]]) for id in ids}
    bends = [[(xs[k], ys[k]["", n]) for k in range(depth[a] + 1, depth[b])] for n, (a, b) in enumerate(ends)]
    return places, bends


def _depths(ids: Sequence[str], ends: Sequence[tuple[str, str]]) -> dict[str, int] | None:
    """The longest path to each vertex."""
    degree = dict.fromkeys(ids, 0)
    for _, b in ends:
        degree[b] += 1
    ready = [id for id in ids if not degree[id]]
    depth = dict.fromkeys(ids, 0)
    for a in ready:
        for source, b in ends:
            if source == a:
                depth[b] = max(depth[b], depth[a] + 1)
                degree[b] -= 1
                if not degree[b]:
                    ready.append(b)
    return depth if len(ready) == len(depth) else None


def _rows(
    layers: list[list[tuple[str, int]]],
    back: list[dict[tuple[str, int], list[tuple[str, int]]]],
    ahead: list[dict[tuple[str, int], list[tuple[str, int]]]],
) -> list[dict[tuple[str, int], float]]:
    """The height of everything in each layer: in the order of the neighbours' middles, then drawn towards them."""
    ys = [{v: i * _ROW - (len(layer) - 1) * _ROW / 2 for i, v in enumerate(layer)} for layer in layers]
    for turn in range(16):
        right = turn % 2 == 0
        for k in range(1, len(layers)) if right else range(len(layers) - 2, -1, -1):
            near, other = (back[k], ys[k - 1]) if right else (ahead[k], ys[k + 1])
            wish = {v: sum(other[w] for w in near[v]) / len(near[v]) if v in near else ys[k][v] for v in layers[k]}
            order = sorted(layers[k], key=lambda v: wish[v])
            down: dict[tuple[str, int], float] = {}
            low = float("-inf")
            for v in order:
                low = down[v] = max(wish[v], low + _ROW)
            shift = sum(wish[v] - down[v] for v in order) / len(order)  # as many too high as too low
            ys[k] = {v: down[v] + shift for v in order}
    return ys
