"""Heights, keys and nodes of B trees (B 树的高度与关键字数)."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Annotated

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Cell, Solution, Step, Table, Value
from assistant408.solvers.ds._answers import integer

__all__ = ["solve"]


@solver(
    "ds.b_tree_bounds",
    title="B 树的高度与关键字数",
    summary="给出 B 树的阶和高度，求关键字数与结点数的最小、最大值；或给出关键字数，求高度与结点数的最小、最大值。",
    syllabus=("ds.search.btree-height", "ds.search.btree-def"),
    keywords=("B 树", "m 阶", "高度", "关键字个数最少", "关键字个数最多", "结点个数", "最大高度", "最小高度"),
    answers={
        "min_keys": Out("最少关键字数", "个"),
        "max_keys": Out("最多关键字数", "个"),
        "min_height": Out("最小高度", "层"),
        "max_height": Out("最大高度", "层"),
        "min_nodes": Out("最少结点数", "个"),
        "max_nodes": Out("最多结点数", "个"),
        "failures": Out("失败结点（外部结点）数", "个"),
    },
    examples=({"order": 5, "height": 2}, {"order": 4, "keys": 15}),
)
def solve(
    order: Annotated[int, Param("阶 m", "每个结点至多 m 棵子树", min=3, max=10_000)],
    height: Annotated[int | None, Param("高度", "层数，不计外部结点；已知关键字数时留空", min=1, max=30)] = None,
    keys: Annotated[int | None, Param("关键字数", "已知高度时留空", min=1, max=10**12)] = None,
) -> Solution:
    """Bound keys, nodes and height of a B tree (B 树的高度与关键字数).

    Args:
        order: m.
        height: levels, external nodes not counted, or
        keys: number of keys.

    Returns:
        `min_keys`, `max_keys`, `min_height`, `max_height`, `min_nodes`, `max_nodes`; what is given counts as both its
        least and its greatest value. With keys also `failures`.

    Raises:
        InputError: both or neither of height and keys given.

    Examples:
        >>> solve(5, height=2).answer["min_keys"]
        5
        >>> solve(4, keys=15).answer["max_nodes"]
        15
        >>> solve(3, keys=1).answer["max_height"]
        1

    Conventions:
        The root has at least two subtrees (if it is no leaf), other nodes ceil(m/2); external nodes are no level.

    Source:
        严蔚敏《数据结构（C 语言版）》§9.2.2; 408 真题 2013、2014.
    """
    if (height is None) == (keys is None):
        raise InputError(f"高度 {height!r} 与关键字数 {keys!r} 应恰好给出一个，请补上或去掉其一。")
    least = (order + 1) // 2
    rule = f"根至少 1 个关键字、2 棵子树，其余结点 {least - 1}～{order - 1} 个关键字、{least}～{order} 棵子树"
    steps = [Step(f"{order} 阶 B 树：{rule}。", credit="B 树的定义")]
    if height is not None:
        steps.append(_by_height(order, height))
    else:
        assert keys is not None
        steps += _by_keys(order, keys)
    return Solution(steps, ["高度不计外部结点（失败结点）"])


def _by_height(order: int, height: int) -> Step:
    least = (order + 1) // 2
    low = [1, *(2 * least ** (k - 2) for k in range(2, height + 1))]
    high = [order ** (k - 1) for k in range(1, height + 1)]
    gives: dict[str, Value] = {
        "min_keys": 1 + (sum(low) - 1) * (least - 1),
        "max_keys": sum(high) * (order - 1),
        "min_height": height,
        "max_height": height,
        "min_nodes": sum(low),
        "max_nodes": sum(high),
    }
    rows: list[list[Cell]] = [[k, a, b] for k, (a, b) in enumerate(zip(low, high, strict=True), 1)]
    why = (
        f"关键字最少：$1+({sum(low)}-1)\\times({least}-1)={gives['min_keys']}$；"
        f"最多：$m^h-1={order}^{{{height}}}-1={gives['max_keys']}$。"
    )
    return Step(why, Table(["层", "最少结点数", "最多结点数"], rows), "逐层求结点数", gives)


def _by_keys(order: int, keys: int) -> list[Step]:
    least = (order + 1) // 2
    full, thin = _levels(keys + 1, order, True), _levels(keys + 1, least, False, order)
    gives: dict[str, Value] = {
        "min_height": len(full),
        "max_height": len(thin),
        "min_nodes": sum(full),
        "max_nodes": sum(thin),
        "min_keys": keys,
        "failures": keys + 1,
        "max_keys": keys,
    }
    why = (
        f"失败结点有 ${keys}+1$ 个。各结点尽量满时，自下而上每层结点数除以 {order} 向上取整，高 {len(full)} 层、"
        f"{sum(full)} 个结点；尽量空时每层除以 {least} 向下取整（根除外），高 {len(thin)} 层、{sum(thin)} 个结点。"
    )
    rows: list[list[Cell]] = [["尽量满", len(full), sum(full)], ["尽量空", len(thin), sum(thin)]]
    return [Step(why, Table(["情形", "高度", "结点数"], rows), "由失败结点自下而上", gives)]


def _levels(below: int, divisor: int, fill: bool, order: int = 0) -> list[int]:
    """Return the nodes of every level from the bottom, over `below` external nodes."""
    out = []
    while below > 1:
        up = -(-below // divisor) if fill else below // divisor
        if not fill and up < 2:
            up = 1 if below <= order else 2
        out.append(up)
        below = up
    return out


def mistakes(order: int, height: int | None, keys: int | None) -> Iterator[Mistake]:
    """Yield slips of the root's minimum, of keys and subtrees, and of the level of external nodes."""
    answer = solve(order, height, keys).answer
    least = (order + 1) // 2
    low, high = integer(answer["min_keys"]), integer(answer["max_keys"])
    short, tall = integer(answer["min_height"]), integer(answer["max_height"])
    few, many = integer(answer["min_nodes"]), integer(answer["max_nodes"])
    if height is not None:
        yield Mistake("以为根也至少有 ⌈m/2⌉ 棵子树", {"min_keys": least**height - 1})
        yield Mistake("把结点数当作关键字数", {"min_keys": few, "max_keys": many})
        yield Mistake("把子树数当作关键字数", {"min_keys": 2 * least ** (height - 1), "max_keys": order**height})
        yield Mistake("每个结点都按最少算，根也是", {"min_keys": few * (least - 1), "max_keys": high + 1})
        yield Mistake(
            "漏了最底层", {"min_keys": (2 * least ** max(height - 2, 0)) - 1, "max_keys": order ** (height - 1) - 1}
        )
        yield Mistake("把 m 当作最多关键字数", {"max_keys": many * order, "min_keys": low + 1})
    yield Mistake("高度把外部结点也算一层", {"min_height": short + 1, "max_height": tall + 1})
    yield Mistake("高度少算一层", {"min_height": short - 1, "max_height": tall - 1})
    yield Mistake("最大与最小混淆", {"min_height": tall, "max_height": short, "min_nodes": many, "max_nodes": few})
    if keys is not None:
        yield Mistake(
            "关键字数直接除以 m-1", {"min_nodes": -(-keys // (order - 1)), "max_nodes": keys // max(least, 1)}
        )
        yield Mistake("关键字数直接除以最少关键字数", {"max_nodes": keys // (least - 1) + 1, "min_nodes": few + 1})
        yield Mistake("按失败结点数计", {"max_nodes": keys + 1, "min_nodes": keys // order})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Draw a height (easy) or a number of keys (hard)."""
    order = rng.randint(3, 5 + difficulty)
    if difficulty < 4:
        height = rng.randint(2, 2 + difficulty // 2)
        ask = rng.choice(["min_keys", "max_keys"])
        name = "最少" if ask == "min_keys" else "最多"
        stem = f"高度为 {height}（不计外部结点）的 {order} 阶 B 树，所含关键字的个数{name}是（ ）。"
        return Draft(stem, {"order": order, "height": height}, ask)
    keys = rng.randint(20, 200)
    ask = rng.choice(["max_height", "max_nodes", "min_nodes"])
    name = {"max_height": "最大高度（不计外部结点）", "max_nodes": "结点个数最多", "min_nodes": "结点个数最少"}[ask]
    return Draft(f"一棵含 {keys} 个关键字的 {order} 阶 B 树，{name}是（ ）。", {"order": order, "keys": keys}, ask)
