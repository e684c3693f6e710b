"""Comparisons of merging two sorted lists (两个有序表归并的比较次数)."""

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
    "ds.merge_lists",
    title="两个有序表归并的比较次数",
    summary="把长度为 m 和 n 的两个有序表归并成一个有序表，求关键字比较次数的最小值与最大值；给出两表时求实际的比较次数。",
    syllabus=("ds.list.design-two-pointers", "ds.sort.merge"),
    keywords=("归并", "合并", "有序表", "升序链表", "比较次数最多", "比较次数最少", "两个有序表"),
    answers={
        "max_comparisons": Out("最多比较次数", "次"),
        "min_comparisons": Out("最少比较次数", "次"),
        "comparisons": Out("实际比较次数", "次"),
    },
    examples=({"first": 12, "second": 8}, {"first_keys": [1, 4, 9], "second_keys": [2, 3]}),
)
def solve(
    first: Annotated[int | None, Param("第一个表的长度", "给出关键字时留空", min=1, max=10**9)] = None,
    second: Annotated[int | None, Param("第二个表的长度", "给出关键字时留空", min=1, max=10**9)] = None,
    first_keys: Annotated[list[int], Param("第一个表", "升序；只给长度时留空", max_len=100)] = [],  # noqa: B006
    second_keys: Annotated[list[int], Param("第二个表", "升序；只给长度时留空", max_len=100)] = [],  # noqa: B006
) -> Solution:
    """Count the comparisons of merging two sorted lists (两个有序表归并的比较次数).

    Args:
        first, second: lengths m and n; without them both lists have n elements.
        first_keys, second_keys: the lists themselves.

    Returns:
        `max_comparisons` m+n-1, `min_comparisons` min(m, n), `comparisons` of the given lists; without
        lengths the first two are formulas in n.

    Raises:
        InputError: keys that do not ascend.

    Examples:
        >>> a = solve(12, 8).answer
        >>> a["max_comparisons"], a["min_comparisons"]
        (19, 8)
        >>> solve(first_keys=[1, 4, 9], second_keys=[2, 3]).answer["comparisons"]
        3
        >>> solve().answer["max_comparisons"]
        '2n-1'

    Conventions:
        One comparison of keys places one element; when a list is used up, the rest of the other follows uncompared.

    Source:
        严蔚敏《数据结构（C 语言版）》§2.2 算法 2.7; Knuth, TAOCP vol. 3, §5.2.4.
    """
    for keys in (first_keys, second_keys):
        if keys != sorted(keys):
            raise InputError(f"表 {keys!r} 应为升序，请检查。")
    m, n = len(first_keys) or first, len(second_keys) or second
    why = "每比较一次确定一个元素的位置；最坏时只剩一个元素才停，最好时较短的表整个排在前面"
    if m is None or n is None:
        formulas: dict[str, Value] = {"max_comparisons": "2n-1", "min_comparisons": "n"}
        table = Table(["情形", "比较次数"], [["最多", "2n-1"], ["最少", "n"]])
        return Solution([Step(f"{why}；两表长都是 n 时最多 $2n-1$ 次，最少 $n$ 次。", table, "最好与最坏", formulas)])
    rows: list[list[Cell]] = [["最多", m + n - 1], ["最少", min(m, n)]]
    steps = [
        Step(
            f"{why}：最多 $m+n-1={m + n - 1}$ 次，最少 $\\min(m,n)={min(m, n)}$ 次。",
            Table(["情形", "比较次数"], rows),
            "最好与最坏",
            {"max_comparisons": m + n - 1, "min_comparisons": min(m, n)},
        )
    ]
    if first_keys and second_keys:
        i = j = count = 0
        while i < m and j < n:
            count += 1
            if first_keys[i] <= second_keys[j]:
                i += 1
            else:
                j += 1
        left = [*first_keys[i:], *second_keys[j:]]
        why = f"逐次比较两表的首元素，共比较 {count} 次，剩下的 {left} 直接接在后面。"
        steps.append(Step(why, credit="归并过程", gives={"comparisons": count}))
    return Solution(steps, ["一个表用完后，另一个表的剩余元素不再比较"])


def mistakes(first: int | None, second: int | None, first_keys: list[int], second_keys: list[int]) -> Iterator[Mistake]:
    """Yield swapped extremes and slips by one."""
    answer = solve(first, second, first_keys, second_keys).answer
    if isinstance(answer["max_comparisons"], int):  # not a formula
        high, low = integer(answer["max_comparisons"]), integer(answer["min_comparisons"])
        yield Mistake("最多与最少弄反", {"max_comparisons": low, "min_comparisons": high})
        yield Mistake("最后一个元素也比较", {"max_comparisons": high + 1, "min_comparisons": low + 1})
        yield Mistake("取了较长的表", {"max_comparisons": high + 1 - low, "min_comparisons": high + 1 - low})
        yield Mistake("两表长相乘", {"max_comparisons": low * (high + 1 - low), "min_comparisons": low - 1})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Draw two lengths."""
    m, n = rng.randint(5, 15 * difficulty), rng.randint(5, 15 * difficulty)
    ask, word = rng.choice([("max_comparisons", "最多"), ("min_comparisons", "最少")])
    stem = f"把长度分别为 {m} 和 {n} 的两个有序表归并成一个有序表，关键字的比较次数{word}是（ ）。"
    return Draft(stem, {"first": m, "second": n}, ask)
