"""Worked solutions as data: a `Solution` is its steps, and its answer is read off them.

A solver never states its answer apart from the trace. Each `Step` says what it establishes in `gives`;
`Solution.answer` is the union of these, later steps overriding earlier ones. Pictures are plain data
(`Table`, `Gantt`, `Tree`, `Graph`, `Timeline`, `Plot`, `Bits`), and renderers live elsewhere.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TypeAlias

__all__ = [
    "Bits",
    "Cell",
    "Gantt",
    "Graph",
    "GraphEdge",
    "GraphNode",
    "Message",
    "Picture",
    "Plot",
    "Series",
    "Slice",
    "Solution",
    "Step",
    "Table",
    "Timeline",
    "Tree",
    "Value",
    "plain",
]

Cell: TypeAlias = str | int | bool | Fraction | None
Value: TypeAlias = "Cell | Sequence[Value] | Mapping[str, Value]"


@dataclass(frozen=True)
class Table:
    """Rows of cells. `marks` are (row, column) pairs, 0-based, that changed or deserve a look."""

    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    marks: Sequence[tuple[int, int]] = ()
    caption: str = ""


@dataclass(frozen=True)
class Slice:
    """One bar of a Gantt chart, from `start` to `end` in the chart's unit."""

    lane: str
    start: int | Fraction
    end: int | Fraction
    label: str = ""


@dataclass(frozen=True)
class Gantt:
    """Bars on lanes over time: CPU schedules, pipelines, store-and-forward."""

    slices: Sequence[Slice]
    unit: str = ""
    caption: str = ""


@dataclass(frozen=True)
class Tree:
    """An ordered tree. `edge` labels the edge to the parent; `None` in `children` keeps an empty slot."""

    label: str
    children: Sequence[Tree | None] = ()
    mark: bool = False
    edge: str = ""
    note: str = ""


@dataclass(frozen=True)
class GraphNode:
    """A vertex; `note` is written beside it (a distance, an earliest time)."""

    id: str
    label: str = ""
    mark: bool = False
    note: str = ""


@dataclass(frozen=True)
class GraphEdge:
    """An edge from `source` to `target`; `mark` highlights it."""

    source: str
    target: str
    label: str = ""
    mark: bool = False


@dataclass(frozen=True)
class Graph:
    """A graph, an automaton or a resource-allocation graph."""

    nodes: Sequence[GraphNode]
    edges: Sequence[GraphEdge]
    directed: bool = True
    caption: str = ""


@dataclass(frozen=True)
class Message:
    """An arrow of a message timeline; `end` is `None` when the message is lost."""

    source: str
    target: str
    start: int | Fraction
    end: int | Fraction | None
    label: str = ""


@dataclass(frozen=True)
class Timeline:
    """Messages between parties over time: stop-and-wait, TCP, DNS."""

    parties: Sequence[str]
    messages: Sequence[Message]
    unit: str = ""
    caption: str = ""


@dataclass(frozen=True)
class Series:
    """One line of a plot: points (x, y)."""

    label: str
    points: Sequence[tuple[int | Fraction, int | Fraction]]


@dataclass(frozen=True)
class Plot:
    """Lines over a common x axis, such as cwnd over rounds."""

    series: Sequence[Series]
    x: str = ""
    y: str = ""
    caption: str = ""


@dataclass(frozen=True)
class Bits:
    """A word cut into named fields, most significant first: (name, bit string)."""

    fields: Sequence[tuple[str, str]]
    caption: str = ""


Picture: TypeAlias = Table | Gantt | Tree | Graph | Timeline | Plot | Bits


@dataclass(frozen=True)
class Step:
    """One step of a solution, written as in an exam answer.

    Args:
        why: what is done and why, in Chinese, Markdown with LaTeX allowed.
        data: the picture of this step, if it has one.
        credit: the scoring point (采分点) this step earns, empty if it earns none.
        gives: the named results this step establishes.
    """

    why: str
    data: Picture | None = None
    credit: str = ""
    gives: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True)
class Solution:
    """Steps and the conventions they assume.

    Examples:
        >>> s = Solution([Step("2 个页框", gives={"frames": 2}), Step("缺页 3 次", gives={"faults": 3})])
        >>> s.answer
        {'frames': 2, 'faults': 3}
    """

    steps: Sequence[Step]
    conventions: Sequence[str] = ()

    @property
    def answer(self) -> dict[str, Value]:
        """All results, in the order in which the steps first establish them."""
        return {key: value for step in self.steps for key, value in step.gives.items()}

    def to_json(self) -> dict[str, object]:
        """A JSON-ready object: `answer`, `exact` (fractions as "p/q"), `steps`, `conventions`."""
        answer = self.answer
        return {
            "answer": plain(answer),
            "exact": {k: str(v) for k, v in answer.items() if isinstance(v, Fraction) and v.denominator != 1},
            "steps": [
                {
                    "why": step.why,
                    "data": plain(step.data),
                    "credit": step.credit,
                    "gives": plain(step.gives),
                }
                for step in self.steps
            ],
            "conventions": list(self.conventions),
        }


def plain(value: object) -> object:
    """JSON-ready form: fractions become numbers, pictures objects with their `kind`.

    Examples:
        >>> plain({"rate": Fraction(3, 4), "n": Fraction(4, 2)})
        {'rate': 0.75, 'n': 2}
        >>> plain(Bits([("符号", "1")]))
        {'kind': 'bits', 'fields': [['符号', '1']], 'caption': ''}
    """
    if isinstance(value, Fraction):
        try:
            return value.numerator if value.denominator == 1 else float(value)
        except OverflowError:  # JSON readers have no number for it
            return str(value)
    if isinstance(value, Mapping):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, Picture):
        body = {f.name: plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
        return {"kind": type(value).__name__.lower(), **body}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [plain(v) for v in value]
    return value
