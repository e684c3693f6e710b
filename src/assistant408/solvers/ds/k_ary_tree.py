"""Heights, leaves and links of m-ary trees (m 叉树的计算)."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Annotated, Literal

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Cell, Solution, Step, Table, Value
from assistant408.solvers.ds._answers import integer

__all__ = ["solve"]

Kind = Literal["ary", "degree", "strict", "complete"]


@solver(
    "ds.k_ary_tree",
    title="m 叉树的计算",
    summary="给出 m 叉树（或度为 m 的树、只有度为 0 和 m 的树、完全 m 叉树）的高度、结点数或叶结点数，求结点数与高度的最值、叶结点数、分支结点数、空指针数。",
    syllabus=("ds.tree.terms", "ds.tree.degree-count", "ds.tree.storage", "ds.tree.huffman-properties"),
    keywords=(
        "m 叉树",
        "三叉树",
        "四叉树",
        "度为 m 的树",
        "高度",
        "结点数最多",
        "结点数最少",
        "只有度为 0 和 m",
        "空指针",
    ),
    answers={
        "max_nodes": Out("该高度的最多结点数", "个"),
        "min_nodes": Out("该高度的最少结点数", "个"),
        "min_height": Out("最小高度", "层"),
        "max_height": Out("最大高度", "层"),
        "nodes": Out("结点总数", "个"),
        "leaves": Out("叶结点数", "个"),
        "inner": Out("分支结点数", "个"),
        "null_links": Out("空指针域数", "个"),
    },
    examples=({"ways": 3, "height": 4}, {"ways": 3, "height": 4, "kind": "degree"}),
)
def solve(
    ways: Annotated[int, Param("叉数 m", "每个结点至多 m 个孩子", min=2, max=1000)],
    kind: Annotated[
        Kind,
        Param(
            "树的种类",
            "ary m 叉树；degree 度为 m 的树（至少一个结点有 m 个孩子）；strict 只有度为 0 和 m；complete 完全 m 叉树",
        ),
    ] = "ary",
    height: Annotated[int | None, Param("高度", "层数，根在第 1 层；已知时填写", min=1, max=40)] = None,
    nodes: Annotated[int | None, Param("结点总数", "已知时填写", min=1, max=10**12)] = None,
    leaves: Annotated[int | None, Param("叶结点数", "只有度为 0 和 m 时可由它求总数", min=1, max=10**12)] = None,
    inner: Annotated[int | None, Param("分支结点数", "只有度为 0 和 m 时可由它求总数", min=0, max=10**12)] = None,
) -> Solution:
    """Compute sizes of an m-ary tree (m 叉树的计算).

    Args:
        ways: m.
        kind: which trees count.
        height: levels.
        nodes: number of nodes.
        leaves, inner: numbers of leaves and of branch nodes, for strict trees.

    Returns:
        With a height `max_nodes`, `min_nodes`; with nodes `min_height`, `max_height`, `null_links`; for strict and
        complete trees `leaves`, `inner` and `nodes`.

    Raises:
        InputError: nothing given, or a strict tree that doesn't exist.

    Examples:
        >>> solve(3, height=4).answer["max_nodes"], solve(3, "degree", height=4).answer["min_nodes"]
        (40, 6)
        >>> solve(3, "complete", nodes=244).answer["min_height"]
        6
        >>> solve(2, "strict", leaves=1).answer["nodes"]
        1

    Conventions:
        The root is on level 1; storage has m pointers a node.

    Source:
        严蔚敏《数据结构（C 语言版）》§6.1; Knuth, TAOCP vol. 1, §2.3.
    """
    if height is None and nodes is None and leaves is None and inner is None:
        raise InputError("高度、结点数、叶结点数、分支结点数都是 None，请至少给出一个。")
    steps = []
    if kind == "strict" and (leaves is not None or inner is not None or nodes is not None):
        nodes, step = _strict(ways, nodes, leaves, inner)
        steps.append(step)
    if nodes is not None:
        steps.append(_by_nodes(ways, kind, nodes))
    if height is not None:
        steps.append(_by_height(ways, kind, height))
    if not steps:
        raise InputError(f"只给叶结点数 {leaves!r} 不能确定这种树，请再给出结点数或高度。")
    return Solution(steps, ["根在第 1 层"])


def _strict(m: int, nodes: int | None, leaves: int | None, inner: int | None) -> tuple[int, Step]:
    """Use n0 = (m-1) nm + 1."""
    if inner is None:
        size, by = (leaves, m - 1) if leaves is not None else (nodes, m)
        assert size is not None
        inner, rest = divmod(size - 1, by)
        if rest:
            raise InputError(
                f"没有只含度为 0 和 {m} 的结点、且{'叶' if leaves else ''}结点数为 {size!r} 的树，请检查。"
            )
    zero, total = (m - 1) * inner + 1, m * inner + 1
    why = (
        f"设度为 {m} 的结点 $n_{{{m}}}={inner}$ 个，边数 ${m}n_{{{m}}}={m * inner}$ 比结点数少 1，"
        f"故 $n={total}$，$n_0=({m}-1)n_{{{m}}}+1={zero}$。"
    )
    rows: list[list[Cell]] = [["叶", zero], [f"度为 {m}", inner], ["合计", total]]
    gives: dict[str, Value] = {"leaves": zero, "inner": inner, "nodes": total}
    return total, Step(why, Table(["结点", "个数"], rows), "边数与结点数的关系", gives)


def _by_nodes(m: int, kind: Kind, n: int) -> Step:
    low = 1
    while (m**low - 1) // (m - 1) < n:
        low += 1
    tall = {"ary": n, "degree": max(n - m + 1, 1), "strict": (n - 1) // m + 1, "complete": low}[kind]
    gives: dict[str, Value] = {
        "nodes": n,
        "min_height": low,
        "max_height": tall,
        "null_links": n * (m - 1) + 1,
    }
    if kind == "complete":
        gives |= {"inner": (n - 2) // m + 1 if n > 1 else 0, "leaves": n - ((n - 2) // m + 1 if n > 1 else 0)}
    why = (
        f"前 {low - 1} 层至多 {(m ** (low - 1) - 1) // (m - 1)} 个结点，前 {low} 层至多 {(m**low - 1) // (m - 1)} 个，"
        f"故 {n} 个结点至少 {low} 层；{n} 个结点共 {m * n} 个指针域，非空 {n - 1} 个，空 {n * (m - 1) + 1} 个。"
    )
    rows: list[list[Cell]] = [[k, m ** (k - 1), (m**k - 1) // (m - 1)] for k in range(1, low + 1)]
    return Step(why, Table(["层", "该层至多", "到该层至多"], rows), "逐层求结点数的上限", gives)


def _by_height(m: int, kind: Kind, h: int) -> Step:
    high = (m**h - 1) // (m - 1)
    low = {
        "ary": h,
        "degree": h + m - 1 if h > 1 else 1,
        "strict": (h - 1) * m + 1,
        "complete": high - m ** (h - 1) + 1,
    }[kind]
    shape = {
        "ary": "每层 1 个结点",
        "degree": f"只有一层有 {m} 个结点，其余每层 1 个",
        "strict": f"根以下每层 {m} 个结点",
        "complete": "最底层只有 1 个结点",
    }[kind]
    why = f"高度为 {h}：最多时每层都满，$\\frac{{{m}^{{{h}}}-1}}{{{m}-1}}={high}$ 个；最少时{shape}，共 {low} 个。"
    rows: list[list[Cell]] = [["最多", high], ["最少", low]]
    return Step(why, Table(["情形", "结点数"], rows), "最多与最少的形状", {"max_nodes": high, "min_nodes": low})


def mistakes(
    ways: int, kind: Kind, height: int | None, nodes: int | None, leaves: int | None, inner: int | None
) -> Iterator[Mistake]:
    """Yield binary-tree formulas, swapped extremes and slips by one level."""
    answer = solve(ways, kind, height, nodes, leaves, inner).answer
    if height is not None:
        high, low = integer(answer["max_nodes"]), integer(answer["min_nodes"])
        yield Mistake("最多与最少弄反", {"max_nodes": low, "min_nodes": high})
        yield Mistake("照二叉树计算", {"max_nodes": 2**height - 1, "min_nodes": height})
        yield Mistake("多算了一层", {"max_nodes": (ways ** (height + 1) - 1) // (ways - 1), "min_nodes": low + 1})
        yield Mistake("只数了最底层", {"max_nodes": ways ** (height - 1), "min_nodes": ways * height})
        yield Mistake("少算了一个结点", {"max_nodes": high - 1, "min_nodes": low - 1})
    if "min_height" in answer:
        low, n, empty = (integer(answer[k]) for k in ("min_height", "nodes", "null_links"))
        yield Mistake("照二叉树计算", {"min_height": n.bit_length(), "null_links": n + 1})
        yield Mistake("少算了一层", {"min_height": low - 1, "null_links": empty - 1})
        yield Mistake("多算了一层", {"min_height": low + 1, "null_links": empty - 2})
    if "leaves" in answer:
        zero, branch, n = (integer(answer[k]) for k in ("leaves", "inner", "nodes"))
        yield Mistake("照二叉树 n0=n2+1", {"leaves": branch + 1, "inner": zero - 1, "nodes": 2 * zero - 1})
        yield Mistake("漏掉根结点", {"leaves": zero - 1, "inner": branch + 1, "nodes": n - 1})
        yield Mistake("把边数当作结点数", {"leaves": zero + 1, "inner": branch - 1, "nodes": n + 1})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Draw a height, or leaves of a strict tree."""
    m = rng.randint(3, 5)
    if difficulty < 4:
        h = rng.randint(3, 6)
        return Draft(
            f"高度为 {h} 的 {m} 叉树（根在第 1 层）最多有的结点个数是（ ）。", {"ways": m, "height": h}, "max_nodes"
        )
    inner = rng.randint(5, 30)
    leaves = (m - 1) * inner + 1
    stem = f"一棵树只有度为 0 和度为 {m} 的结点，叶结点有 {leaves} 个，则度为 {m} 的结点个数是（ ）。"
    return Draft(stem, {"ways": m, "kind": "strict", "leaves": leaves}, "inner")
