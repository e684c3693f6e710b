"""Moves and addresses in a sequential list (顺序表的移动次数与地址)."""

from __future__ import annotations

import random
from collections.abc import Iterator
from fractions import Fraction
from typing import Annotated, Literal

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Cell, Solution, Step, Table, Value
from assistant408.solvers.ds._answers import fraction, integer

__all__ = ["solve"]

Operation = Literal["insert", "delete"]


@solver(
    "ds.sequential_list",
    title="顺序表的移动次数与地址",
    summary="在长度为 n 的顺序表的第 i 个位置插入或删除一个元素，求移动的元素个数、等概率下的平均移动次数；由首地址和元素大小求第 i 个元素的地址。",
    syllabus=("ds.list.sequential", "ds.list.compare"),
    keywords=("顺序表", "线性表", "移动元素", "平均移动", "插入", "删除", "首地址", "存储单元", "顺序存储"),
    answers={
        "moves": Out("移动的元素个数", "个"),
        "average": Out("平均移动的元素个数", "个"),
        "address": Out("第 i 个元素的地址"),
    },
    examples=(
        {"operation": "insert", "length": 20, "position": 5},
        {"operation": "delete", "length": 20, "position": 5},
    ),
)
def solve(
    operation: Annotated[Operation, Param("操作", "insert 插入；delete 删除")] = "insert",
    length: Annotated[int | None, Param("表长 n", "操作前的元素个数", min=1, max=10**9)] = None,
    position: Annotated[int | None, Param("位置 i", "从 1 开始", min=1, max=10**9)] = None,
    base: Annotated[int | None, Param("首地址", "求地址时填写", min=0)] = None,
    size: Annotated[int, Param("每个元素占的存储单元数", min=1, max=10**6)] = 1,
) -> Solution:
    """Count moves in a sequential list, or find an element's address (顺序表的移动次数与地址).

    Args:
        operation: insert before the element at `position`, or delete that element.
        length: n before the operation.
        position: i, from 1.
        base: address of the first element.
        size: units an element takes.

    Returns:
        `moves` and `average`, formulas if n (or i) is not given; `address` with a base and i.

    Raises:
        InputError: a position outside the list.

    Examples:
        >>> solve("insert", 20, 5).answer["moves"], solve("delete", 20, 5).answer["moves"]
        (16, 15)
        >>> solve("insert", 19).answer["average"]
        Fraction(19, 2)
        >>> solve(position=9, base=2000, size=6).answer["address"]
        2048

    Conventions:
        Every position is equally likely: n + 1 of them for an insertion, n for a deletion.

    Source:
        严蔚敏《数据结构（C 语言版）》§2.2.
    """
    insert = operation == "insert"
    last = None if length is None else length + insert
    if position is not None and last is not None and position > last:
        raise InputError(f"位置 {position!r} 应在 1～{last} 之间，请检查。")
    formula, mean = ("n-i+1", "n/2") if insert else ("n-i", "(n-1)/2")
    why = (
        f"{'插入' if insert else '删除'}第 i 个元素时，其后{'（含它）' if insert else ''}的 ${formula}$ 个元素要移动；"
        f"{'n+1' if insert else 'n'} 个位置等概率时平均移动 ${mean}$ 个"
    )
    gives: dict[str, Value] = {"moves": formula, "average": mean}
    rows: list[list[Cell]] = [["移动个数", formula], ["平均", mean]]
    if length is not None:
        gives["average"] = Fraction(length - (not insert), 2)
        why += f"；$n={length}$ 时平均 {(length - (not insert)) / 2:g} 个"
        if position is not None:
            gives["moves"] = length - position + insert
            why += f"，$i={position}$ 时移动 {gives['moves']} 个"
            rows[0][1] = f"{formula}={gives['moves']}"
    steps = [Step(f"{why}。", Table(["项目", "结果"], rows), "移动的元素个数", gives)]
    if base is not None and position is not None:
        address = base + (position - 1) * size
        why = f"$LOC(a_i)=LOC(a_1)+(i-1)\\times L={base}+{position - 1}\\times {size}={address}$。"
        steps.append(Step(why, credit="地址公式", gives={"address": address}))
    return Solution(steps, ["位置从 1 起；各位置等概率"])


def mistakes(
    operation: Operation, length: int | None, position: int | None, base: int | None, size: int
) -> Iterator[Mistake]:
    """Yield slips by one of the moves, of the average and of the address."""
    answer = solve(operation, length, position, base, size).answer
    if isinstance(answer["moves"], int):
        moves = integer(answer["moves"])
        yield Mistake("插入与删除的移动个数弄反", {"moves": moves - 1 if operation == "insert" else moves + 1})
        yield Mistake("数了前面的元素", {"moves": position or 1})
        yield Mistake("多数了一个元素", {"moves": moves + 2})
        yield Mistake("少数了一个元素", {"moves": moves - 2})
    if length is not None:
        mean = fraction(answer["average"])
        yield Mistake("平均数多半个", {"average": mean + Fraction(1, 2)})
        yield Mistake("平均数少半个", {"average": mean - Fraction(1, 2)})
        yield Mistake("当作最坏情况", {"average": length})
    if "address" in answer:
        address = integer(answer["address"])
        yield Mistake("忘了减 1", {"address": address + size})
        yield Mistake("多减了 1", {"address": address - size})
        yield Mistake("没有乘元素大小", {"address": (base or 0) + (position or 1) - 1})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Draw a position, or ask for the average."""
    operation: Operation = rng.choice(["insert", "delete"])
    verb = "插入" if operation == "insert" else "删除"
    n = rng.randint(10, 40 * difficulty)
    if difficulty < 3:
        stem = f"在长度为 {n} 的顺序表的任一位置{verb}一个元素的概率相等，则平均移动的元素个数是（ ）。"
        return Draft(stem, {"operation": operation, "length": n}, "average")
    i = rng.randint(2, n - 1)
    stem = f"在长度为 {n} 的顺序表的第 {i} 个位置{verb}一个元素，需要移动的元素个数是（ ）。"
    return Draft(stem, {"operation": operation, "length": n, "position": i}, "moves")
