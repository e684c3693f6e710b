"""Search paths (查找路径): whether keys can be compared in this order in a BST or in binary search."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from typing import Annotated

from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Cell, Solution, Step, Table, Value
from assistant408.solvers.ds._text import join

__all__ = ["solve"]


@solver(
    "ds.search_path",
    title="查找路径的判定",
    summary="给出依次比较的关键字，判断它能否是二叉排序树的查找路径或折半查找的比较序列，并指出矛盾之处。",
    syllabus=("ds.search.bst-search", "ds.search.binary"),
    keywords=("查找路径", "比较序列", "二叉排序树", "折半查找", "不可能", "不能构成"),
    answers={
        "valid": Out("能否构成"),
        "violation": Out("第一个矛盾的关键字"),
        "low": Out("最后的下界"),
        "high": Out("最后的上界"),
        "turns": Out("转向左、右的情况（L 左 R 右）"),
    },
    examples=({"keys": [95, 22, 91, 24, 94, 71]}, {"keys": [21, 89, 77, 29, 36, 38]}),
)
def solve(
    keys: Annotated[list[int], Param("依次比较的关键字", "最后一个是查找停止处", min_len=1, max_len=60)],
) -> Solution:
    """Decide whether keys can be a search path (查找路径).

    Args:
        keys: keys in order of comparison.

    Returns:
        `valid`; `violation`, the first key outside its interval; the open interval `low`, `high` that is left
        (`None` if unbounded) and the `turns` taken, up to the violation.

    Examples:
        >>> solve([95, 22, 91, 24, 94, 71]).answer["violation"]
        94
        >>> solve([5]).answer["valid"]
        True
        >>> solve([5, 5]).answer["valid"]
        False

    Conventions:
        Keys are distinct, so that going left means smaller and going right larger.

    Source:
        408 真题 2011 与 2015; Cormen et al., Introduction to Algorithms, exercise 12.2-1.
    """
    low: int | None = None
    high: int | None = None
    rows: list[list[Cell]] = []
    violation: int | None = None
    turns = ""
    for here, after in itertools.pairwise(keys):
        if after < here:
            high, turns = here, turns + "L"
        elif after > here:
            low, turns = here, turns + "R"
        inside = after != here and (low is None or low < after) and (high is None or after < high)
        interval = f"({'-∞' if low is None else low}, {'+∞' if high is None else high})"
        rows.append([here, "左" if after < here else "右", interval, after, "是" if inside else "否"])
        if not inside:
            violation = after
            break
    gives: dict[str, Value] = {"valid": violation is None, "low": low, "high": high, "turns": turns}
    if violation is None:
        why = "每个关键字都落在前面比较所限定的区间内，能构成查找路径。"
    else:
        gives["violation"] = violation
        why = f"{violation} 不在此前限定的区间 {rows[-1][2]} 内，不能构成查找路径。"
    table = Table(["比较", "转向", "此后的区间", "下一关键字", "在区间内"], rows, [(len(rows) - 1, 3)] if rows else [])
    return Solution([Step(why, table, "逐步缩小区间", gives)], ["关键字互异，左小右大"])


def mistakes(keys: list[int]) -> Iterator[Mistake]:
    """Yield the neighbours of the violation and the opposite verdict."""
    answer = solve(keys).answer
    yield Mistake("只和前一个关键字比较，没有看整个区间", {"valid": True})
    yield Mistake("以为查找路径应单调", {"valid": False})
    for key in keys:
        if key != answer.get("violation"):
            yield Mistake(f"区间推算有误，以为 {key} 处出现矛盾", {"violation": key})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Draw a path and break it with a last key outside the interval that an earlier turn has closed."""
    top = 100 + 100 * difficulty
    while True:
        low, high = 0, top
        closed: list[int] = []
        keys: list[int] = []
        while len(keys) < 4 + difficulty and high - low > 8:
            key = rng.randint(low + 2, high - 2)
            closed = [k for k in range(1, top) if (k <= low or k >= high) and k not in keys]
            keys.append(key)
            low, high = (key, high) if rng.random() < 0.5 else (low, key)
        if len(keys) > 3 and closed:
            break
    keys.append(rng.choice(closed))
    stem = f"序列 {join(keys, '、')} 不能是二叉排序树中一次查找所比较的关键字序列，其中最先出现矛盾的关键字是（ ）。"
    return Draft(stem, {"keys": keys}, "violation")
