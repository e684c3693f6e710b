"""Counting nodes of a tree by degree (由度求结点数)."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Cell, Solution, Step, Table
from assistant408.solvers.ds._answers import integer

__all__ = ["solve"]


@dataclass(frozen=True)
class DegreeCount:
    """How many nodes have a degree."""

    degree: Annotated[int, Param("度", "至少为 1", min=1, max=1000)]
    number: Annotated[int, Param("结点数", "该度的结点个数", min=0, max=10**6)]


@solver(
    "ds.tree_degrees",
    title="由度求树的结点数",
    summary="给出树（或森林）中度为 1、2、3……的结点个数，求叶结点数、结点总数、边数，以及转换成二叉树后无右孩子的结点数。",
    syllabus=("ds.tree.degree-count", "ds.tree.terms", "ds.tree.binary-properties"),
    keywords=("度", "叶结点", "结点数", "分支数", "边数", "度为 3", "m 叉树", "森林", "树"),
    answers={
        "leaves": Out("叶结点数", "个"),
        "nodes": Out("结点总数", "个"),
        "edges": Out("边数", "条"),
        "no_right": Out("对应二叉树中无右孩子的结点数", "个"),
    },
    examples=(
        {
            "degrees": [
                {"degree": 4, "number": 20},
                {"degree": 3, "number": 10},
                {"degree": 2, "number": 1},
                {"degree": 1, "number": 10},
            ]
        },
        {"degrees": [{"degree": 2, "number": 5}, {"degree": 3, "number": 2}], "trees": 3},
    ),
)
def solve(
    degrees: Annotated[list[DegreeCount], Param("各度的结点数", "度:个数，如 4:20,3:10,2:1,1:10", max_len=30)],
    trees: Annotated[int, Param("树的棵数", "森林中树的棵数，一棵树填 1", min=1, max=10**6)] = 1,
) -> Solution:
    """Find the number of leaves from the degrees (由度求结点数).

    Args:
        degrees: numbers of nodes of every degree but 0.
        trees: number of trees in the forest.

    Returns:
        `leaves`, `nodes`, `edges`, and `no_right`, the nodes without a right child in the binary tree that the forest
        is converted to.

    Raises:
        InputError: a degree given twice.

    Examples:
        >>> solve([DegreeCount(4, 20), DegreeCount(3, 10), DegreeCount(2, 1), DegreeCount(1, 10)]).answer["leaves"]
        82
        >>> solve([]).answer["nodes"]
        1
        >>> solve([DegreeCount(2, 1)], trees=2).answer["leaves"]
        3

    Conventions:
        The degree of a node is the number of its children.

    Source:
        严蔚敏《数据结构（C 语言版）》§6.1; 408 真题 2010.
    """
    for row in degrees:
        if [d.degree for d in degrees].count(row.degree) > 1:
            raise InputError(f"度 {row.degree!r} 给出了不止一次，请合并成一项。")
    leaves, inner, edges = _solved(degrees, trees)
    nodes = leaves + inner
    terms = "+".join(f"{d.degree}\\times {d.number}" for d in degrees) or "0"
    rows: list[list[Cell]] = [[0, leaves, 0]]
    rows += [[d.degree, d.number, d.degree * d.number] for d in degrees]
    rows.append(["合计", nodes, edges])
    steps = [
        Step(
            f"每条边对应一个孩子，边数为 ${terms}={edges}$。",
            credit="边数等于各结点度之和",
            gives={"edges": edges},
        ),
        Step(
            f"{'一棵树' if trees == 1 else f'{trees} 棵树的森林'}的结点数等于边数加 {trees}，为 ${edges}+{trees}={nodes}$。",
            credit="结点数与边数的关系",
            gives={"nodes": nodes},
        ),
        Step(
            f"叶结点数 $n_0={nodes}-{inner}={leaves}$。",
            Table(["度", "结点数", "边数"], rows, [(0, 1)]),
            "叶结点数",
            {"leaves": leaves},
        ),
        Step(
            f"转换成二叉树后，每个分支结点的最后一个孩子和最后一棵树的根没有右孩子，共 ${inner}+1={inner + 1}$ 个。",
            gives={"no_right": inner + 1},
        ),
    ]
    return Solution(steps, ["结点的度是它的孩子数"])


def _solved(degrees: Sequence[DegreeCount], trees: int) -> tuple[int, int, int]:
    """Return leaves, branch nodes and edges."""
    inner = sum(d.number for d in degrees)
    edges = sum(d.degree * d.number for d in degrees)
    return edges + trees - inner, inner, edges


def mistakes(degrees: list[DegreeCount], trees: int) -> Iterator[Mistake]:
    """Yield slips of the +1 and of which nodes count."""
    answer = solve(degrees, trees).answer
    leaves, nodes, edges = (integer(answer[k]) for k in ("leaves", "nodes", "edges"))
    yield Mistake("把结点数当作等于边数", {"leaves": leaves - trees, "nodes": edges})
    yield Mistake("把结点数当作边数减 1", {"leaves": leaves - trees - 1, "nodes": edges - 1})
    yield Mistake("照二叉树的公式 n0=n2+1", {"leaves": 1 + sum(d.number for d in degrees if d.degree == 2)})
    yield Mistake("把边数当作叶结点数", {"leaves": edges, "no_right": edges})
    yield Mistake("漏掉了度为 1 的结点", {"nodes": nodes - sum(d.number for d in degrees if d.degree == 1)})
    yield Mistake("把叶结点数当作无右孩子的结点数", {"no_right": leaves, "edges": leaves})
    yield Mistake("漏了最后一棵树的根", {"no_right": nodes - leaves, "edges": nodes})
    yield Mistake("多加了 1", {"leaves": leaves + 1, "nodes": nodes + 1, "edges": edges + 1})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Draw degrees of a tree, or of a forest for the hardest."""
    top = 2 + (difficulty + 1) // 2
    degrees = [DegreeCount(d, rng.randint(1, 4 + 3 * difficulty)) for d in range(top, 0, -1)]
    trees = rng.randint(2, 5) if difficulty > 3 else 1
    shown = "、".join(f"度为 {d.degree} 的结点 {d.number} 个" for d in degrees)
    kind = "一棵树" if trees == 1 else f"由 {trees} 棵树组成的森林"
    return Draft(
        f"{kind}中有{shown}，其余都是叶结点，则叶结点的个数是（ ）。", {"degrees": degrees, "trees": trees}, "leaves"
    )
