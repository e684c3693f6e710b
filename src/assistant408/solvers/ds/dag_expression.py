"""Expressions as directed acyclic graphs (用有向无环图描述表达式): shared subexpressions."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Annotated

from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Cell, Graph, GraphEdge, GraphNode, Solution, Step, Table
from assistant408.solvers.ds._answers import integer
from assistant408.solvers.ds._expressions import Expression, convert, from_postfix, infix, tokenize

__all__ = ["solve"]


@solver(
    "ds.dag_expression",
    title="用有向无环图描述表达式",
    summary="给出表达式，合并公共子式后用有向无环图表示，求至少需要的顶点数和边数。",
    syllabus=("ds.graph.dag-expression",),
    keywords=("有向无环图", "DAG", "表达式", "公共子式", "顶点个数", "至少"),
    answers={
        "vertices": Out("顶点数", "个"),
        "edges": Out("边数", "条"),
        "operators": Out("运算符顶点数", "个"),
        "operands": Out("操作数顶点数", "个"),
        "tree_nodes": Out("表达式树的结点数", "个"),
    },
    examples=({"text": "(x+y)*((x+y)/x)"}, {"text": "((a+b)*(b*(c+d)))+((c+d)*e)"}),
)
def solve(
    text: Annotated[str, Param("表达式", "变量、数、+ - * / 和圆括号", min_len=1, max_len=200)],
    commutative: Annotated[bool, Param("交换律", "是否把 a+b 与 b+a 看作同一个子式")] = False,
) -> Solution:
    """Count the vertices of an expression's least DAG (用有向无环图描述表达式).

    Args:
        text: an infix expression.
        commutative: whether a+b and b+a (a*b and b*a) share a vertex.

    Returns:
        `vertices`, of which `operators` and `operands`; `edges`; `tree_nodes` of the tree without sharing.

    Examples:
        >>> solve("(x+y)*((x+y)/x)").answer["vertices"]
        5
        >>> solve("a").answer["edges"]
        0
        >>> solve("(a+b)*(b+a)").answer["vertices"], solve("(a+b)*(b+a)", True).answer["vertices"]
        (5, 4)

    Conventions:
        Equal subexpressions share one vertex; no algebra is applied beyond commutativity.

    Source:
        严蔚敏《数据结构（C 语言版）》§7.5; 408 真题 2019.
    """
    tree = from_postfix(convert(tokenize(text))[-1].output)
    found: dict[tuple[str, ...], Expression] = {}
    total = _collect(tree, commutative, found)
    branches = [e for e in found.values() if e.left]
    names = {key: infix(e) for key, e in found.items()}
    edges = [
        GraphEdge(names[key], names[child])
        for key, e in found.items()
        if e.left and e.right
        for child in (_key(e.left, commutative), _key(e.right, commutative))
    ]
    rows: list[list[Cell]] = [[k, infix(e)] for k, e in enumerate(found.values(), 1)]
    operands = len(found) - len(branches)
    steps = [
        Step(
            f"表达式树有 {total} 个结点；不同的操作数有 {operands} 个，不同的子式（运算）有 {len(branches)} 个。",
            Table(["序号", "不同的子式"], rows),
            "合并公共子式",
            {"tree_nodes": total, "operators": len(branches), "operands": operands},
        ),
        Step(
            f"相同的子式共用一个顶点，顶点数为 ${operands}+{len(branches)}={len(found)}$，"
            f"每个运算引出两条边，共 {2 * len(branches)} 条。",
            Graph([GraphNode(names[key], e.token, mark=bool(e.left)) for key, e in found.items()], edges),
            "顶点数",
            {"vertices": len(found), "edges": 2 * len(branches)},
        ),
    ]
    return Solution(steps, ["只合并相同的子式" + ("（考虑交换律）" if commutative else "，不考虑交换律")])


def _key(tree: Expression, commutative: bool) -> tuple[str, ...]:
    """Return a key that equal subexpressions share."""
    if tree.left is None or tree.right is None:
        return (tree.token,)
    sides = ["".join(_key(tree.left, commutative)), "".join(_key(tree.right, commutative))]
    if commutative and tree.token in "+*":
        sides.sort()
    return ("(", sides[0], tree.token, sides[1], ")")


def _collect(tree: Expression, commutative: bool, found: dict[tuple[str, ...], Expression]) -> int:
    """Gather the different subexpressions, operands first; return the number of nodes."""
    nodes = 1
    for side in (tree.left, tree.right):
        if side:
            nodes += _collect(side, commutative, found)
    found.setdefault(_key(tree, commutative), tree)
    return nodes


def mistakes(text: str, commutative: bool) -> Iterator[Mistake]:
    """Yield trees without sharing and partial sharing."""
    answer = solve(text, commutative).answer
    total, vertices = integer(answer["tree_nodes"]), integer(answer["vertices"])
    operators, operands = integer(answer["operators"]), integer(answer["operands"])
    branches = (total - 1) // 2
    yield Mistake("没有合并公共子式，画成了表达式树", {"vertices": total, "edges": total - 1, "operators": branches})
    yield Mistake("只合并了操作数", {"vertices": operands + branches, "edges": 2 * branches, "operators": branches})
    yield Mistake(
        "只合并了运算，没有合并操作数", {"vertices": operators + total - branches, "operands": total - branches}
    )
    yield Mistake("把相同的运算符都合并", {"vertices": operands + len({c for c in text if c in "+-*/^%"})})
    yield Mistake("漏数了一个顶点", {"vertices": vertices - 1, "edges": 2 * operators - 1})
    yield Mistake("多数了一个顶点", {"vertices": vertices + 1, "edges": vertices - 1})
    yield Mistake("只数了运算符顶点", {"vertices": operators, "edges": operators})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Draw an expression that repeats a subexpression."""
    a, b, c, d = rng.sample("abcdxyz", 4)
    shared = f"({a}{rng.choice('+-')}{b})"
    inner = f"({c}{rng.choice('*/')}{d})" if difficulty > 2 else c
    text = f"{shared}{rng.choice('*/')}({shared}{rng.choice('*/')}{inner})"
    if difficulty > 2:
        text += f"{rng.choice('+-')}{inner}{rng.choice('*/')}{rng.choice([a, b])}"
    if difficulty > 4:
        text = f"({text}){rng.choice('*/')}{shared}"
    return Draft(f"用有向无环图描述表达式 {text}，至少需要的顶点个数是（ ）。", {"text": text}, "vertices")
