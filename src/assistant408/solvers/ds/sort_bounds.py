"""Best and worst cases of the sorting methods (各种排序方法的比较次数与时间复杂度)."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from math import factorial
from typing import Annotated, Literal

from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Cell, Solution, Step, Table, Value

__all__ = ["solve"]

Method = Literal["insertion", "bubble", "selection", "quick", "merge", "heap"]
NAMES = {
    "insertion": "直接插入排序",
    "bubble": "冒泡排序",
    "selection": "简单选择排序",
    "quick": "快速排序",
    "merge": "二路归并排序",
    "heap": "堆排序",
}


@dataclass(frozen=True)
class Facts:
    """What is known of a method: formulas by result, orders, space, stability."""

    low: str
    high: str
    best: str
    worst: str
    mean: str
    space: str
    stable: bool


FACTS = {
    "insertion": Facts("n-1", "n(n-1)/2", "O(n)", "O(n^2)", "O(n^2)", "O(1)", True),
    "bubble": Facts("n-1", "n(n-1)/2", "O(n)", "O(n^2)", "O(n^2)", "O(1)", True),
    "selection": Facts("n(n-1)/2", "n(n-1)/2", "O(n^2)", "O(n^2)", "O(n^2)", "O(1)", False),
    "quick": Facts("", "n(n-1)/2", "O(n log n)", "O(n^2)", "O(n log n)", "O(log n)", False),
    "merge": Facts("", "", "O(n log n)", "O(n log n)", "O(n log n)", "O(n)", True),
    "heap": Facts("", "", "O(n log n)", "O(n log n)", "O(n log n)", "O(1)", False),
}


@solver(
    "ds.sort_bounds",
    title="排序方法的比较次数与复杂度",
    summary="对 n 个记录用某种排序方法，求最好与最坏情况下的关键字比较次数、交换次数、趟数、递归深度，以及时间、空间复杂度和稳定性。",
    syllabus=("ds.sort.compare", "ds.sort.quick-analysis", "ds.sort.lower-bound"),
    keywords=(
        "比较次数",
        "最好情况",
        "最坏情况",
        "排序",
        "趟数",
        "递归深度",
        "时间复杂度",
        "空间复杂度",
        "稳定",
        "正序",
        "逆序",
    ),
    answers={
        "worst_comparisons": Out("最多（最坏）比较次数", "次"),
        "best_comparisons": Out("最少（最好）比较次数", "次"),
        "worst_swaps": Out("最多交换次数", "次"),
        "passes": Out("趟数（最多）", "趟"),
        "min_depth": Out("递归的最小深度", "层"),
        "max_depth": Out("递归的最大深度", "层"),
        "best_order": Out("最好情况的时间复杂度"),
        "worst_order": Out("最坏情况的时间复杂度"),
        "average_order": Out("平均时间复杂度"),
        "space": Out("空间复杂度"),
        "stable": Out("是否稳定"),
        "lower_bound": Out("任何基于比较的排序最坏情况至少需要的比较次数", "次"),
    },
    examples=({"method": "selection", "n": 10}, {"method": "quick", "n": 15}),
)
def solve(
    method: Annotated[
        Method,
        Param(
            "排序方法", "insertion 直接插入；bubble 冒泡；selection 简单选择；quick 快速；merge 二路归并；heap 堆排序"
        ),
    ],
    n: Annotated[int, Param("记录数 n", min=2, max=10**6)],
) -> Solution:
    """Give best and worst cases of a sorting method (排序方法的比较次数与复杂度).

    Args:
        method: its English name.
        n: number of records.

    Returns:
        Comparisons, swaps, passes and depths that are fixed by n, the orders, the space and the stability;
        `lower_bound` is ceil(log2 n!), for up to 20 records.

    Examples:
        >>> solve("selection", 10).answer["worst_comparisons"]
        45
        >>> a = solve("quick", 15).answer
        >>> a["min_depth"], a["max_depth"], a["worst_comparisons"]
        (4, 15, 105)
        >>> solve("insertion", 2).answer["best_comparisons"]
        1

    Conventions:
        Insertion compares from the back without counting a sentinel; bubble sort stops after a pass without swaps;
        the depth of quicksort counts intervals of one record.

    Source:
        严蔚敏《数据结构（C 语言版）》§10; Knuth, TAOCP vol. 3, §5.2–5.3.
    """
    f, most = FACTS[method], n * (n - 1) // 2
    gives: dict[str, Value] = {
        "best_order": f.best,
        "worst_order": f.worst,
        "average_order": f.mean,
        "space": f.space,
        "stable": f.stable,
    }
    rows: list[list[Cell]] = [["最好", f.low, f.best], ["最坏", f.high, f.worst]]
    if f.high:
        gives["worst_comparisons"] = most
        rows[1][1] = f"{f.high}={most}"
    if f.low:
        gives["best_comparisons"] = most if f.low == f.high else n - 1
        rows[0][1] = f"{f.low}={gives['best_comparisons']}"
    if method == "bubble":
        gives["worst_swaps"] = most
    if method == "selection":
        gives["worst_swaps"] = n - 1
    gives["passes"] = (n - 1).bit_length() if method == "merge" else n - 1
    why = f"{NAMES[method]} {n} 个记录：最好 {f.best}，最坏 {f.worst}，平均 {f.mean}，空间 {f.space}，{'' if f.stable else '不'}稳定"
    steps = [
        Step(f"{why}；至多 {gives['passes']} 趟。", Table(["情形", "比较次数", "时间"], rows), "最好与最坏情况", gives)
    ]
    if method == "quick":
        why = f"每次对半划分时深度最小，$\\lfloor\\log_2 {n}\\rfloor+1={n.bit_length()}$；每次只分出一个记录时深度为 {n}。"
        steps.append(Step(why, credit="递归树的深度", gives={"min_depth": n.bit_length(), "max_depth": n}))
    if n <= 20:
        bound = (factorial(n) - 1).bit_length()
        why = f"判定树至少有 $n!$ 个叶，任何比较排序最坏至少要 $\\lceil\\log_2 {n}!\\rceil={bound}$ 次比较。"
        steps.append(Step(why, credit="判定树", gives={"lower_bound": bound}))
    return Solution(steps, ["直接插入从后向前比较，不计哨兵；冒泡在没有交换的一趟后停止"])


def mistakes(method: Method, n: int) -> Iterator[Mistake]:
    """Yield swapped cases and sums that are off."""
    most = n * (n - 1) // 2
    low = n - 1 if FACTS[method].low != FACTS[method].high else most
    yield Mistake("最好与最坏弄反", {"worst_comparisons": low, "best_comparisons": most, "min_depth": n})
    yield Mistake("等差数列多加一项", {"worst_comparisons": n * (n + 1) // 2, "best_comparisons": n})
    yield Mistake("没有除以 2", {"worst_comparisons": n * (n - 1), "min_depth": n.bit_length() - 1})
    yield Mistake("以为每趟比较 n 次", {"worst_comparisons": n * n, "best_comparisons": n + 1})
    yield Mistake("把最好情况的深度多算一层", {"min_depth": n.bit_length() + 1, "worst_comparisons": most + 1})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Draw a method and its worst case, or the depth of quicksort."""
    n = rng.randint(6, 10 * difficulty)
    if difficulty > 3:
        stem = f"对 {n} 个记录快速排序，每次划分都尽量对半，递归的深度（单个记录也计一层）是（ ）。"
        return Draft(stem, {"method": "quick", "n": n}, "min_depth")
    method: Method = rng.choice(["insertion", "bubble", "selection"])
    stem = f"对 {n} 个记录进行{NAMES[method]}，最坏情况下关键字的比较次数是（ ）。"
    return Draft(stem, {"method": method, "n": n}, "worst_comparisons")
