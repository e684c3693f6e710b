"""Binary search (折半查找): the decision tree, comparisons and average search lengths."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import cache
from typing import Annotated, Literal

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Cell, Solution, Step, Table, Tree
from assistant408.solvers.ds._answers import fraction, integer, integers
from assistant408.solvers.ds._text import join

__all__ = ["solve"]

Rounding = Literal["floor", "ceil"]


@solver(
    "ds.binary_search",
    title="折半查找",
    summary="给出有序表的长度或关键字，求折半查找的判定树、查找成功与失败的平均查找长度、最多比较次数，以及查找某关键字的比较过程。",
    syllabus=("ds.search.binary", "ds.search.decision-tree"),
    keywords=("折半查找", "二分查找", "判定树", "平均查找长度", "ASL", "比较次数", "有序表", "mid"),
    answers={
        "asl_success": Out("查找成功的平均查找长度"),
        "asl_failure": Out("查找失败的平均查找长度"),
        "max_comparisons": Out("最多比较次数（判定树高度）", "次"),
        "min_failure": Out("查找失败的最少比较次数", "次"),
        "comparisons": Out("查找所给关键字的比较次数", "次"),
        "path": Out("依次比较的关键字"),
        "level_counts": Out("判定树各层结点数"),
    },
    examples=(
        {"count": 11},
        {"keys": [5, 13, 19, 21, 37, 56, 64, 75, 80, 88, 92], "target": 21},
    ),
)
def solve(
    count: Annotated[int | None, Param("表长 n", "有序表的元素个数；给出关键字时留空", min=1, max=1_000_000)] = None,
    keys: Annotated[list[int], Param("有序的关键字", "递增；只给表长时留空", max_len=500)] = [],  # noqa: B006
    target: Annotated[int | None, Param("要查找的关键字", "需先给出关键字；不查找则留空")] = None,
    rounding: Annotated[Rounding, Param("mid 的取整", "floor 向下，ceil 向上")] = "floor",
) -> Solution:
    """Analyse binary search on a sorted table (折半查找).

    Args:
        count: number of elements, 1 to 10^6, if the keys don't matter.
        keys: the increasing keys instead.
        target: a key to search for.
        rounding: how (low+high)/2 is rounded.

    Returns:
        `asl_success`, `asl_failure` (comparisons with keys, over n+1 gaps), `max_comparisons`, `min_failure`,
        `level_counts`; with a target `comparisons` and the `path` of keys compared.

    Raises:
        InputError: both or neither of `count` and `keys`, keys that don't increase, a target without keys.

    Examples:
        >>> solve(11).answer["asl_success"]
        Fraction(3, 1)
        >>> solve(1).answer["asl_failure"]
        Fraction(1, 1)
        >>> solve(keys=[5, 13, 19, 21], target=21).answer["path"]
        [13, 19, 21]

    Conventions:
        One comparison per key met (three-way).

    Source:
        严蔚敏《数据结构（C 语言版）》§9.1.2.
    """
    n = _length(count, keys, target)
    shift = 0 if rounding == "floor" else 1
    levels = list(_levels(n, shift))
    success = sum(k * m for k, m in enumerate(levels, 1))
    failures = _gaps(n, shift)
    failure = sum(k * m for k, m in failures.items())
    terms = "+".join(f"{k}\\times {m}" for k, m in enumerate(levels, 1))
    lost = "+".join(f"{k}\\times {m}" for k, m in sorted(failures.items()))
    steps = [
        Step(
            f"判定树由 mid 逐层划分得到，各层结点数为 {join(levels)}，高 {len(levels)} 层，"
            f"最多比较 {len(levels)} 次（即 $\\lceil\\log_2({n}+1)\\rceil$）。",
            _tree(0, n - 1, shift, keys) if n <= 31 else _counts(levels),
            "判定树",
            {"level_counts": levels, "max_comparisons": len(levels)},
        ),
        Step(
            f"查找成功：$ASL=({terms})/{n}={_tex(success, n)}$。",
            credit="成功的平均查找长度",
            gives={"asl_success": Fraction(success, n)},
        ),
        Step(
            f"查找失败有 {n + 1} 种情形：$ASL=({lost})/{n + 1}={_tex(failure, n + 1)}$。",
            credit="失败的平均查找长度",
            gives={"asl_failure": Fraction(failure, n + 1), "min_failure": min(failures)},
        ),
    ]
    if target is not None:
        steps.append(_searched(keys, target, shift))
    name = "向下取整" if rounding == "floor" else "向上取整"
    return Solution(steps, [f"mid=(low+high)/2 {name}；与一个关键字的三路比较算一次"])


def _length(count: int | None, keys: Sequence[int], target: int | None) -> int:
    if (count is None) == (not keys):
        raise InputError(f"表长 {count!r} 与关键字应恰好给出一种，请补上或去掉其一。")
    if any(a >= b for a, b in itertools.pairwise(keys)):
        raise InputError(f"关键字 {join(keys)!r} 应严格递增，请排序。")
    if target is not None and not keys:
        raise InputError(f"要查找 {target!r}，请给出有序的关键字。")
    return count if count is not None else len(keys)


def _tex(top: int, bottom: int) -> str:
    value = Fraction(top, bottom)
    return str(value.numerator) if value.denominator == 1 else f"\\frac{{{value.numerator}}}{{{value.denominator}}}"


def _levels(n: int, shift: int) -> Iterator[int]:
    """Yield the number of nodes on every level of the decision tree, by the sizes of the intervals."""
    sizes = {n: 1}
    while sizes:
        yield sum(sizes.values())
        below: dict[int, int] = {}
        for size, many in sizes.items():
            left = (size - 1 + shift) // 2
            for part in (left, size - 1 - left):
                if part:
                    below[part] = below.get(part, 0) + many
        sizes = below


@cache
def _gap_counts(n: int, shift: int) -> tuple[tuple[int, int], ...]:
    if n == 0:
        return ((0, 1),)
    left = (n - 1 + shift) // 2
    out: dict[int, int] = {}
    for part in (left, n - 1 - left):
        for depth, many in _gap_counts(part, shift):
            out[depth + 1] = out.get(depth + 1, 0) + many
    return tuple(out.items())


def _gaps(n: int, shift: int) -> dict[int, int]:
    """Count the gaps between keys by the comparisons that a search ending there makes."""
    return dict(_gap_counts(n, shift))


def _tree(low: int, high: int, shift: int, keys: Sequence[int]) -> Tree | None:
    if low > high:
        return None
    mid = (low + high + shift) // 2
    sides = _tree(low, mid - 1, shift, keys), _tree(mid + 1, high, shift, keys)
    return Tree(str(keys[mid] if keys else mid + 1), sides if any(sides) else ())


def _counts(levels: Sequence[int]) -> Table:
    return Table(["层", "结点数"], [[k, m] for k, m in enumerate(levels, 1)])


def _searched(keys: Sequence[int], target: int, shift: int) -> Step:
    low, high, path = 0, len(keys) - 1, []
    rows: list[list[Cell]] = []
    while low <= high:
        mid = (low + high + shift) // 2
        path.append(keys[mid])
        sign = "=" if target == keys[mid] else "<" if target < keys[mid] else ">"
        rows.append([low + 1, high + 1, mid + 1, f"{target}{sign}{keys[mid]}"])
        if target == keys[mid]:
            break
        low, high = (low, mid - 1) if target < keys[mid] else (mid + 1, high)
    found = "成功" if path[-1] == target else "失败"
    why = f"查找 {target}：依次与 {join(path)} 比较 {len(path)} 次，查找{found}。"
    table = Table(["low", "high", "mid", "比较"], rows, [(len(rows) - 1, 3)])
    return Step(why, table, "查找过程", {"comparisons": len(path), "path": path})


def mistakes(count: int | None, keys: list[int], target: int | None, rounding: str) -> Iterator[Mistake]:
    """Yield slips of the level sums, of the gaps and of the rounding."""
    answer = solve(count, keys, target, rounding).answer
    n = count if count is not None else len(keys)
    success, failure = fraction(answer["asl_success"]), fraction(answer["asl_failure"])
    height = integer(answer["max_comparisons"])
    yield Mistake("根的层数从 0 数起", {"asl_success": success - 1, "max_comparisons": height - 1})
    yield Mistake("按满二叉树估计，取了树高", {"asl_success": Fraction(height), "asl_failure": Fraction(height)})
    yield Mistake(
        "按顺序查找计算", {"asl_success": Fraction(n + 1, 2), "max_comparisons": n, "asl_failure": Fraction(n)}
    )
    yield Mistake(
        "失败时除以 n，成功时除以 n+1",
        {
            "asl_success": success * n / (n + 1),
            "asl_failure": failure * (n + 1) / n,
        },
    )
    yield Mistake("失败时把外部结点也算一次比较", {"asl_failure": failure + 1, "max_comparisons": height + 1})
    yield Mistake("成功与失败混淆", {"asl_success": failure, "asl_failure": success})
    yield Mistake("最后一层也当作满的", {"asl_success": Fraction((height - 1) * 2**height + 1, 2**height - 1)})
    if target is not None:
        other = solve(keys=keys, target=target, rounding="ceil" if rounding == "floor" else "floor").answer
        yield Mistake("mid 取整的方向弄错", {"comparisons": other["comparisons"], "path": other["path"]})
        path = integers(answer["path"])
        yield Mistake("多算了一次比较", {"comparisons": len(path) + 1})
        yield Mistake("没有算与目标本身的比较", {"comparisons": len(path) - 1, "path": path[:-1]})
        before = [k for k in keys if k <= target]
        yield Mistake("按顺序查找计数", {"comparisons": max(len(before), 1), "path": before})
        yield Mistake("只写了最大比较次数", {"comparisons": height})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Draw a table length, or keys with a target."""
    n = rng.randint(5 + 3 * difficulty, 8 + 5 * difficulty)
    if rng.random() < 0.5:
        ask = rng.choice(["asl_success", "asl_failure"])
        name = {"asl_success": "查找成功", "asl_failure": "查找失败"}[ask]
        stem = f"对长度为 {n} 的有序顺序表进行折半查找（mid 向下取整），等概率下{name}的平均查找长度是（ ）。"
        return Draft(stem, {"count": n}, ask)
    keys = sorted(rng.sample(range(1, 100), n))
    target = rng.choice(keys)
    stem = f"有序表的关键字为 {join(keys)}，用折半查找（mid 向下取整）查找 {target}，依次比较的关键字个数是（ ）。"
    return Draft(stem, {"keys": keys, "target": target}, "comparisons")
