"""Edges, vertex order and pictures of graphs."""

from __future__ import annotations

import random
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.trace import Graph, GraphEdge, GraphNode

__all__ = ["Arc", "Edge", "adjacency", "draw", "natural", "random_connected", "random_dag", "shown", "vertex_list"]


@dataclass(frozen=True)
class Arc:
    """An edge without weight; directed from `u` to `v` if the graph is."""

    u: Annotated[str, Param("起点", "顶点的记号", min_len=1, max_len=10)]
    v: Annotated[str, Param("终点", "顶点的记号", min_len=1, max_len=10)]


@dataclass(frozen=True)
class Edge:
    """An edge with its weight; directed from `u` to `v` if the graph is."""

    u: Annotated[str, Param("起点", "顶点的记号", min_len=1, max_len=10)]
    v: Annotated[str, Param("终点", "顶点的记号", min_len=1, max_len=10)]
    weight: Annotated[int, Param("权值", "非负整数", min=0, max=1_000_000)]


def natural(name: str) -> tuple[object, ...]:
    """Key for the order V1, V2, ..., V10.

    Examples:
        >>> sorted(["V10", "V2", "A"], key=natural)
        ['A', 'V2', 'V10']
    """
    return tuple((0, int(part), "") if part.isdecimal() else (1, 0, part) for part in re.findall(r"\d+|\D+", name))


def vertex_list(edges: Sequence[Arc | Edge], vertices: Sequence[str]) -> list[str]:
    """Return the vertices in order: as given, else those of the edges in natural order.

    Raises:
        InputError: repeated vertices, an edge outside them, or none at all.
    """
    used = {end for e in edges for end in (e.u, e.v)}
    if not vertices:
        if not used:
            raise InputError("没有边也没有顶点 '[]'，请至少给出一条边或一个顶点。")
        return sorted(used, key=natural)
    for v in vertices:
        if vertices.count(v) > 1:
            raise InputError(f"顶点 {v!r} 出现了不止一次，请检查顶点表。")
    for v in sorted(used, key=natural):
        if v not in vertices:
            raise InputError(f"边的端点 {v!r} 不在顶点表中，请补上或改正。")
    return list(vertices)


def adjacency(edges: Sequence[Arc], vertices: Sequence[str], directed: bool, listed: bool) -> dict[str, list[str]]:
    """Return neighbours in the order of the edges (`listed`) or of the vertices."""
    out: dict[str, list[str]] = {v: [] for v in vertices}
    for e in edges:
        for u, v in [(e.u, e.v)] if directed else [(e.u, e.v), (e.v, e.u)]:
            if v not in out[u]:
                out[u].append(v)
    if not listed:
        rank = {v: k for k, v in enumerate(vertices)}
        out = {u: sorted(vs, key=rank.__getitem__) for u, vs in out.items()}
    return out


def draw(
    vertices: Sequence[str],
    edges: Sequence[Arc | Edge],
    directed: bool,
    marked: Collection[tuple[str, str]] = (),
    notes: Mapping[str, str] | None = None,
    nodes: Collection[str] = (),
) -> Graph:
    """Draw a graph; `marked` edges (either way round if undirected) and `nodes` are highlighted."""
    pairs = set(marked) if directed else {*marked, *((v, u) for u, v in marked)}
    return Graph(
        [GraphNode(v, v, v in nodes, (notes or {}).get(v, "")) for v in vertices],
        [GraphEdge(e.u, e.v, str(e.weight) if isinstance(e, Edge) else "", (e.u, e.v) in pairs) for e in edges],
        directed,
    )


def shown(edges: Sequence[Arc | Edge], directed: bool) -> str:
    """Write edges for a stem: ``(A,B)6`` or ``<A,B>6``."""
    left, right = ("<", ">") if directed else ("(", ")")
    return "、".join(f"{left}{e.u},{e.v}{right}{e.weight if isinstance(e, Edge) else ''}" for e in edges)


def random_connected(rng: random.Random, vertices: Sequence[str], extra: int) -> list[tuple[str, str]]:
    """Draw a connected undirected graph: a random tree and `extra` more edges."""
    pairs = [(rng.choice(vertices[:k]), vertices[k]) for k in range(1, len(vertices))]
    others = [(u, v) for i, u in enumerate(vertices) for v in vertices[i + 1 :] if (u, v) not in pairs]
    return sorted(pairs + rng.sample(others, min(extra, len(others))))


def random_dag(rng: random.Random, vertices: Sequence[str], extra: int) -> list[tuple[str, str]]:
    """Draw an acyclic graph in which every vertex but the first has a predecessor and all but the last a successor."""
    pairs = {(rng.choice(vertices[:k]), vertices[k]) for k in range(1, len(vertices))}
    for k, u in enumerate(vertices[:-1]):
        if not any(p[0] == u for p in pairs):
            pairs.add((u, rng.choice(vertices[k + 1 :])))
    others = [(u, v) for i, u in enumerate(vertices) for v in vertices[i + 1 :] if (u, v) not in pairs]
    return sorted(pairs | set(rng.sample(others, min(extra, len(others)))))
