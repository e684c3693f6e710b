"""Stack permutations (出栈序列): which output orders a stack allows, and how many there are."""

from __future__ import annotations

import random
from collections.abc import Iterator
from functools import cache
from math import comb, factorial
from typing import Annotated

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Cell, Solution, Step, Table, Value
from assistant408.solvers.ds._answers import integer
from assistant408.solvers.ds._text import distinct, join, letters

__all__ = ["solve"]


@solver(
    "ds.stack_permutations",
    title="出栈序列",
    summary="给出进栈序列，判断某出栈序列是否可能、所需的栈容量与操作序列，并求满足条件的出栈序列个数（卡特兰数）。",
    syllabus=("ds.stack-queue.pop-sequence", "ds.stack-queue.catalan"),
    keywords=("出栈序列", "进栈", "退栈", "合法", "栈的容量", "卡特兰数", "不可能的出栈序列", "输出序列"),
    answers={
        "count": Out("可能的出栈序列数", "种"),
        "valid": Out("所给出栈序列是否可能"),
        "operations": Out("操作序列（S 进栈，X 出栈）"),
        "min_capacity": Out("所需的最小栈容量"),
        "blocked_at": Out("第一个无法出栈的元素"),
    },
    examples=(
        {"pushes": ["a", "b", "c", "d", "e"], "pops": ["b", "d", "c", "e", "a"]},
        {"pushes": ["a", "b", "c", "d", "e"], "prefix": ["d"]},
        {"pushes": ["1", "2", "3", "4"], "pops": ["4", "1", "2", "3"]},
    ),
)
def solve(
    pushes: Annotated[
        list[str], Param("进栈序列", "依次进栈的元素，两两不同；单字符元素可连写", min_len=1, max_len=40)
    ],
    pops: Annotated[list[str], Param("待判定的出栈序列", "不判定则留空", max_len=40)] = [],  # noqa: B006
    prefix: Annotated[list[str], Param("出栈序列的开头", "只数以这些元素开头的出栈序列；不限则留空", max_len=40)] = [],  # noqa: B006
    capacity: Annotated[int | None, Param("栈容量", "栈中最多同时存放的元素数；不限则留空", min=1)] = None,
    max_run: Annotated[int | None, Param("最多连续退栈次数", "如“不允许连续三次退栈”填 2；不限则留空", min=1)] = None,
) -> Solution:
    """Decide and count output orders of a stack (出栈序列).

    Args:
        pushes: distinct elements in push order, up to 40; a single run of characters is split.
        pops: the output order to decide, or empty.
        prefix: count only outputs that begin with these, in this order.
        capacity: most elements on the stack at once, or `None` for no limit.
        max_run: most pops in a row, or `None` for no limit.

    Returns:
        `count`; with `pops` also `valid`, and either `operations` and `min_capacity` or `blocked_at`.

    Raises:
        InputError: repeated elements, or `pops` or `prefix` not made of the pushed ones.

    Examples:
        >>> solve(["abcde"], prefix=["d"]).answer["count"]
        4
        >>> a = solve(["abcdef"], ["bdcfea"]).answer
        >>> a["valid"], a["operations"], a["min_capacity"]
        (True, 'SSXSSXXSSXXX', 3)
        >>> solve(["abc"], ["cab"]).answer["blocked_at"]
        'a'

    Conventions:
        Every element is pushed once and popped once; pushes and pops may interleave freely.

    Source:
        Knuth, The Art of Computer Programming, vol. 1, §2.2.1; 严蔚敏《数据结构》§3.1.
    """
    pushes, pops, prefix = letters(pushes), letters(pops), letters(prefix)
    distinct(pushes, "进栈序列")
    _check(pushes, pops, prefix)
    steps: list[Step] = []
    if pops:
        steps.append(_judge(pushes, pops, capacity, max_run))
    steps.append(_counted(pushes, prefix, capacity, max_run))
    return Solution(steps, ["每个元素进栈、出栈各一次，进栈与出栈可以任意交替"])


def _check(pushes: list[str], pops: list[str], prefix: list[str]) -> None:
    if pops and sorted(pops) != sorted(pushes):
        raise InputError(f"出栈序列 {join(pops)!r} 应是进栈序列 {join(pushes)!r} 的一个排列，请检查。")
    if not set(prefix) <= set(pushes):
        raise InputError(f"开头 {join(prefix)!r} 中有没进过栈的元素，请只用进栈序列里的元素。")
    distinct(prefix, "出栈序列的开头")


def _judge(pushes: list[str], pops: list[str], capacity: int | None, max_run: int | None) -> Step:
    """Simulate the forced operations for one output order."""
    stack: list[str] = []
    rows: list[list[Cell]] = []
    operations, deepest, run, done = "", 0, 0, 0
    for wanted in pops:
        while (not stack or stack[-1] != wanted) and done < len(pushes):
            stack.append(pushes[done])
            done += 1
            operations += "S"
            deepest, run = max(deepest, len(stack)), 0
            rows.append([f"{stack[-1]} 进栈", join(stack, " "), ""])
        top = stack[-1] if stack else "空"
        table = Table(["操作", "栈（底→顶）", "出栈"], rows, marks=[(len(rows) - 1, 1)])
        if top != wanted:
            why = f"要出 {wanted}，但栈顶是 {top}，{wanted} 压在下面，所以 {join(pops, '')} 不可能。"
            return Step(why, table, "指出矛盾所在", {"valid": False, "blocked_at": wanted})
        stack.pop()
        operations += "X"
        run += 1
        rows.append([f"{wanted} 出栈", join(stack, " "), wanted])
        if max_run is not None and run > max_run:
            why = f"{wanted} 出栈时已连续退栈 {run} 次，超过允许的 {max_run} 次，所以 {join(pops, '')} 不可能。"
            return Step(why, table, "指出矛盾所在", {"valid": False, "blocked_at": wanted})
    table = Table(["操作", "栈（底→顶）", "出栈"], rows)
    gives: dict[str, Value] = {"valid": True, "operations": operations, "min_capacity": deepest}
    if capacity is not None and deepest > capacity:
        why = f"操作序列只能是 {operations}，途中栈内有 {deepest} 个元素，超过容量 {capacity}，不可能。"
        return Step(why, table, "求栈的最大深度", {**gives, "valid": False})
    why = (
        f"操作序列为 {operations}（S 进栈，X 出栈），可以得到；途中栈内最多 {deepest} 个元素，栈容量至少为 {deepest}。"
    )
    return Step(why, table, "写出操作过程与栈的最大深度", gives)


def _counted(pushes: list[str], prefix: list[str], capacity: int | None, max_run: int | None) -> Step:
    """Count the outputs that begin with `prefix`."""
    n = len(pushes)
    total = count(pushes, prefix, capacity, max_run)
    rest = [x for x in pushes if x not in prefix]
    table = Table(
        [f"第 {len(prefix) + 1} 个出栈的元素", "出栈序列数"],
        [[x, count(pushes, [*prefix, x], capacity, max_run)] for x in rest],
    )
    if not prefix and capacity is None and max_run is None:
        formula = f"\\dfrac1{{n+1}}\\binom{{2n}}n=\\dfrac{{{comb(2 * n, n)}}}{{{n + 1}}}={total}"
        why = f"$n={n}$ 个元素的出栈序列数为卡特兰数 ${formula}$；下表按首个出栈的元素分类，合计相同。"
        return Step(why, table, "卡特兰数", {"count": total})
    parts = []
    if prefix:
        parts.append(f"以 {join(prefix, '')} 开头，此前的操作唯一确定")
    if capacity is not None:
        parts.append(f"栈中元素始终不超过 {capacity} 个")
    if max_run is not None:
        parts.append(f"连续退栈不超过 {max_run} 次")
    why = f"{'，'.join(parts)}；再按下一个出栈的元素分类，共 {total} 种。"
    return Step(why, table, "分情况计数", {"count": total})


def count(pushes: list[str], prefix: list[str], capacity: int | None = None, max_run: int | None = None) -> int:
    """Count output orders that begin with `prefix` within the limits.

    Examples:
        >>> count(list("abcd"), []), count(list("abcd"), [], capacity=2)
        (14, 8)
    """
    n = len(pushes)
    room = n if capacity is None else capacity
    stack: list[str] = []
    pushed = run = 0
    for wanted in prefix:
        while (not stack or stack[-1] != wanted) and pushed < n:
            stack.append(pushes[pushed])
            pushed, run = pushed + 1, 0
            if len(stack) > room:
                return 0
        if not stack or stack[-1] != wanted:
            return 0
        stack.pop()
        run += 1
        if max_run is not None and run > max_run:
            return 0

    @cache
    def ways(pushed: int, depth: int, run: int) -> int:
        if pushed == n and depth == 0:
            return 1
        total = 0
        if pushed < n and depth < room:
            total += ways(pushed + 1, depth + 1, 0)
        if depth and (max_run is None or run < max_run):
            total += ways(pushed, depth - 1, run + 1 if max_run is not None else 0)
        return total

    return ways(pushed, len(stack), run if max_run is not None else 0)


def mistakes(
    pushes: list[str], pops: list[str], prefix: list[str], capacity: int | None, max_run: int | None
) -> Iterator[Mistake]:
    """Yield counts and depths from common slips."""
    pushes, pops, prefix = letters(pushes), letters(pops), letters(prefix)
    n = len(pushes)
    yield Mistake("以为任何排列都能得到", {"count": factorial(n)})
    yield Mistake("以为开头定下后，其余元素可以任意排列", {"count": factorial(n - len(prefix))})
    yield Mistake("没有考虑题设的限制，直接用卡特兰数", {"count": comb(2 * n, n) // (n + 1)})
    yield Mistake("元素个数少算一个", {"count": comb(2 * n - 2, n - 1) // n})
    yield Mistake("把组合数 C(2n, n) 当作答案，忘了除以 n+1", {"count": comb(2 * n, n)})
    yield Mistake("只按最后一个进栈的元素何时出栈来数", {"count": n})
    if prefix:
        yield Mistake("只要求首个元素正确", {"count": count(pushes, prefix[:1], capacity, max_run)})
    if pops:
        answer = solve(pushes, pops, prefix, capacity, max_run).answer
        depth = integer(answer.get("min_capacity", n))
        yield Mistake("判断时让压在栈中间的元素先出栈", {"valid": not answer["valid"]})
        yield Mistake("出栈后才数栈中元素，最大深度少了 1", {"min_capacity": depth - 1})
        yield Mistake("把相同时刻进栈和出栈的元素重复计入，深度多了 1", {"min_capacity": depth + 1})
        yield Mistake("把元素总数当作栈容量", {"min_capacity": n})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Draw a capacity question or a count with a fixed beginning."""
    n = 4 + (difficulty + 1) // 2
    pushes = list("abcdefgh"[:n])
    shown = "、".join(pushes)
    if rng.random() < 0.5:
        pops: list[str] = []
        stack: list[str] = []
        rest = list(pushes)
        while rest or stack:
            if rest and (not stack or rng.random() < 0.55):
                stack.append(rest.pop(0))
            else:
                pops.append(stack.pop())
        stem = f"元素 {shown} 依次进栈，若出栈序列为 {'、'.join(pops)}，则栈的容量至少应为（ ）。"
        return Draft(stem, {"pushes": pushes, "pops": pops}, "min_capacity")
    first = rng.choice(pushes[1:-1])
    stem = f"元素 {shown} 依次进入初始为空的栈中，所有元素都出栈，则以元素 {first} 开头的出栈序列的个数是（ ）。"
    return Draft(stem, {"pushes": pushes, "prefix": [first]}, "count")
