"""Union-find (并查集): the parent array after unions and finds, with size, height and path compression."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Literal

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Cell, Solution, Step, Table, Tree, Value
from assistant408.solvers.ds._answers import integer, integers
from assistant408.solvers.ds._text import join

__all__ = ["solve"]

Method = Literal["plain", "size", "height"]
RULES = {
    "plain": "第二个根挂到第一个根下",
    "size": "结点少的树挂到结点多的树下",
    "height": "矮的树挂到高的树下",
}


@dataclass(frozen=True)
class Pair:
    """Two elements whose sets are united."""

    a: Annotated[int, Param("元素 a", min=0)]
    b: Annotated[int, Param("元素 b", min=0)]


@solver(
    "ds.union_find",
    title="并查集",
    summary="给出元素个数和一系列合并、查找操作，求并查集的双亲数组、集合数、各集合的根、树高和查找经过的结点。",
    syllabus=("ds.tree.union-find", "ds.tree.union-find-opt"),
    keywords=("并查集", "Union", "Find", "双亲数组", "路径压缩", "按秩合并", "不相交集合", "连通分量"),
    answers={
        "parents": Out("双亲数组（根为负）"),
        "sets": Out("集合数", "个"),
        "roots": Out("各集合的根"),
        "height": Out("最高的树的层数", "层"),
        "found": Out("各次查找到的根"),
        "steps": Out("各次查找经过的结点数（含根）", "个"),
    },
    examples=(
        {
            "count": 8,
            "unions": [{"a": 0, "b": 1}, {"a": 2, "b": 3}, {"a": 1, "b": 3}, {"a": 4, "b": 5}],
            "method": "size",
            "finds": [3],
        },
        {"count": 5, "unions": [{"a": 0, "b": 1}, {"a": 2, "b": 0}, {"a": 3, "b": 2}], "finds": [1], "compress": True},
    ),
)
def solve(
    count: Annotated[int, Param("元素个数", "元素编号从 0 到 count-1", min=1, max=200)],
    unions: Annotated[list[Pair], Param("合并操作", "依次合并 a、b 所在的集合，如 0:1,2:3", max_len=200)],
    method: Annotated[Method, Param("合并规则", "plain 直接合并；size 按结点数；height 按高度")] = "plain",
    finds: Annotated[list[int], Param("合并后的查找", "依次查找的元素；没有则留空", min=0, max_len=50)] = [],  # noqa: B006
    compress: Annotated[bool, Param("路径压缩", "查找时把路径上的结点直接挂到根下")] = False,
    tie_root: Annotated[
        Literal["first", "second"], Param("一样大时谁作根", "first 第一个元素的根，second 第二个")
    ] = "first",
) -> Solution:
    """Run union-find on a parent array (并查集).

    Args:
        count: elements 0 to count-1, each a set at first.
        unions: pairs whose sets are united in order; a pair in one set changes nothing.
        method: which root becomes a child.
        finds: elements looked up after the unions.
        compress: whether finds (those inside the unions too) compress the path.
        tie_root: the root kept when sizes or heights are equal.

    Returns:
        `parents` (a root holds -1 for `plain`, -size or -height), `sets`, `roots`, `height` of the tallest tree in
        levels, `found` roots and `steps` (nodes on each find's path, before compression).

    Raises:
        InputError: an element outside 0..count-1.

    Examples:
        >>> unions = [Pair(0, 1), Pair(2, 3), Pair(1, 3)]
        >>> solve(4, unions, "size").answer["parents"]
        [-4, 0, 0, 2]
        >>> solve(2, []).answer["sets"]
        2
        >>> solve(2, [Pair(0, 1)], "size", tie_root="second").answer["parents"]
        [1, -2]

    Conventions:
        A pair's roots are found first. Heights are not reduced by compression.

    Source:
        Tarjan, J. ACM 22 (1975); 408 大纲 2022 起列入.
    """
    for element in [x for pair in unions for x in (pair.a, pair.b)] + finds:
        if element >= count:
            raise InputError(f"元素 {element!r} 超出 0～{count - 1}，请检查编号。")
    parents = [-1] * count
    rows: list[list[Cell]] = [["初始", *parents]]
    changed: list[tuple[int, int]] = []
    steps: list[Step] = []
    for pair in unions:
        paths = []
        for element in (pair.a, pair.b):
            paths.append(_path(parents, element))
            if compress:
                _compress(parents, paths[-1])
        why, child = _unite(parents, paths[0][-1], paths[1][-1], method, tie_root)
        rows.append([f"合并 {pair.a},{pair.b}", *parents])
        if child is not None:
            changed.append((len(rows) - 1, child + 1))
        steps.append(Step(f"合并 {pair.a} 与 {pair.b}：根为 {paths[0][-1]} 和 {paths[1][-1]}，{why}。"))
    found, lengths = [], []
    for element in finds:
        path = _path(parents, element)
        found.append(path[-1])
        lengths.append(len(path))
        note = "，路径上的结点都改挂到根下" if compress else ""
        steps.append(Step(f"查找 {element}：经过 {'→'.join(map(str, path))}，根为 {path[-1]}{note}。"))
        if compress:
            _compress(parents, path)
            rows.append([f"查找 {element}", *parents])
    roots = [k for k in range(count) if parents[k] < 0]
    tallest = max(len(_path(parents, k)) for k in range(count))
    steps += [
        Step(
            "双亲数组逐次变化如下，根的值为负。",
            Table(["操作", *map(str, range(count))], rows, changed),
            "写出双亲数组",
            {"parents": parents},
        ),
        Step(
            f"共 {len(roots)} 个集合，根为 {join(roots)}；最高的树有 {tallest} 层。",
            Tree("集合", [_picture(parents, r) for r in roots]),
            "画出各集合的树",
            {"sets": len(roots), "roots": roots, "height": tallest},
        ),
    ]
    if finds:
        why = f"各次查找经过的结点数（含根）为 {join(lengths)}。"
        steps.append(Step(why, credit="查找路径", gives={"found": found, "steps": lengths}))
    meaning = {"plain": "-1", "size": "集合结点数的相反数", "height": "树高的相反数"}[method]
    conventions = [f"合并规则：{RULES[method]}；根的双亲值为{meaning}"]
    if method != "plain":
        conventions.append(f"一样时以{'第一' if tie_root == 'first' else '第二'}个元素的根为新根")
    return Solution(steps, conventions)


def _path(parents: list[int], element: int) -> list[int]:
    """List the elements from `element` up to its root."""
    path = [element]
    while parents[path[-1]] >= 0:
        path.append(parents[path[-1]])
    return path


def _compress(parents: list[int], path: list[int]) -> None:
    for element in path[:-1]:
        parents[element] = path[-1]


def _unite(parents: list[int], first: int, second: int, method: str, tie_root: str) -> tuple[str, int | None]:
    """Unite two roots in place; return the reason and the root that became a child."""
    if first == second:
        return "已在同一集合，不变", None
    root, child = first, second
    if method != "plain":
        a, b = -parents[first], -parents[second]
        if b > a or (a == b and tie_root == "second"):
            root, child = second, first
    if method == "size":
        parents[root] += parents[child]
    elif method == "height" and parents[root] == parents[child]:
        parents[root] -= 1
    parents[child] = root
    return f"{RULES[method]}，{child} 的双亲为 {root}", child


def _picture(parents: list[int], root: int) -> Tree:
    return Tree(str(root), [_picture(parents, k) for k, p in enumerate(parents) if p == root])


def mistakes(
    count: int, unions: list[Pair], method: str, finds: list[int], compress: bool, tie_root: str
) -> Iterator[Mistake]:
    """Yield runs under the wrong rule and miscounts."""
    answer = solve(count, unions, method, finds, compress, tie_root).answer
    keys = [key for key in ("parents", "height", "roots", "found", "steps") if key in answer]

    def other(**change: object) -> dict[str, Value]:
        base = {"method": method, "compress": compress, "tie_root": tie_root, **change}
        wrong = solve(count, unions, finds=finds, **base).answer
        return {key: wrong[key] for key in keys}

    for name, rule in RULES.items():
        if name != method:
            yield Mistake(f"按“{rule}”合并", other(method=name))
    yield Mistake("弄反了是否路径压缩", other(compress=not compress))
    flipped = "second" if tie_root == "first" else "first"
    yield Mistake("一样大时把根选反了", other(tie_root=flipped))
    sets = integer(answer["sets"])
    yield Mistake("没有发现有的合并在同一集合内", {"sets": max(count - len(unions), 1)})
    yield Mistake("把合并次数当作集合数", {"sets": len(unions)})
    parents = integers(answer["parents"])
    yield Mistake("没有计入单元素集合", {"sets": len({p for p in parents if p >= 0 and parents[p] < 0})})
    yield Mistake("集合数多算一个", {"sets": sets + 1, "height": integer(answer["height"]) - 1})
    touched = {x for p in unions for x in (p.a, p.b)}
    yield Mistake("漏数了没有参加合并的元素", {"sets": sets - (count - len(touched))})
    yield Mistake("树高多数一层", {"height": integer(answer["height"]) + 1})
    direct = list(range(count))
    for p in unions:
        direct[p.b] = p.a
    yield Mistake("没有先找根，直接修改元素的双亲", {"parents": [-1 if p == k else p for k, p in enumerate(direct)]})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Draw unions and ask for the number of sets, the height or the parent array."""
    count = 6 + difficulty
    pairs: list[Pair] = []
    while len(pairs) < 4 + difficulty // 2:
        a, b = rng.sample(range(count), 2)
        pairs.append(Pair(a, b))
    method: Method = "plain" if difficulty < 3 else rng.choice(["size", "height"])
    ask = rng.choice(["sets", "parents"] if difficulty < 3 else ["height", "parents"])
    shown = "、".join(f"({p.a},{p.b})" for p in pairs)
    name = {"sets": "集合个数", "height": "最高的树的层数", "parents": "双亲数组"}[ask]
    note = "一样时第二个元素的根挂到第一个元素的根下" if method != "plain" else "即第一个元素的根作为新根"
    stem = (
        f"元素 0～{count - 1} 各成一个集合，依次合并 {shown} 所在的集合，合并时{RULES[method]}（{note}），"
        f"则最后的{name}是（ ）。"
    )
    return Draft(stem, {"count": count, "unions": pairs, "method": method}, ask)
