"""Array addressing (数组与压缩矩阵的地址): where an element of an array or a special matrix is stored."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from math import prod
from typing import Annotated, Literal

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Cell, Solution, Step, Table
from assistant408.solvers.ds._answers import integer, integers
from assistant408.solvers.ds._text import join

__all__ = ["solve"]

Kind = Literal["general", "symmetric_lower", "symmetric_upper", "lower", "upper", "tridiagonal"]
Order = Literal["row", "column"]

KINDS = {
    "general": "一般数组",
    "symmetric_lower": "对称矩阵（存下三角）",
    "symmetric_upper": "对称矩阵（存上三角）",
    "lower": "下三角矩阵",
    "upper": "上三角矩阵",
    "tridiagonal": "三对角矩阵",
}
ORDERS = {"row": "行优先", "column": "列优先"}


@solver(
    "ds.matrix_address",
    title="数组与特殊矩阵的地址计算",
    summary="给出多维数组或对称、三角、三对角矩阵的大小和元素下标，求它按行或按列存放时的存储下标或地址，也可由存储下标反求元素。",
    syllabus=(
        "ds.stack-queue.array-address",
        "ds.stack-queue.symmetric",
        "ds.stack-queue.triangular",
        "ds.stack-queue.tridiagonal",
    ),
    keywords=(
        "压缩存储",
        "对称矩阵",
        "三角矩阵",
        "三对角矩阵",
        "行优先",
        "列优先",
        "多维数组",
        "存储地址",
        "下标",
    ),
    answers={
        "position": Out("存储下标"),
        "address": Out("存储地址"),
        "before": Out("排在前面的元素数", "个"),
        "index": Out("元素的下标"),
        "cells": Out("所需存储单元数", "个"),
    },
    examples=(
        {"kind": "symmetric_upper", "dims": [12], "index": [6, 6], "index_start": 1, "position_start": 0},
        {"kind": "tridiagonal", "dims": [100], "index": [30, 30], "position_start": 0},
        {"kind": "general", "dims": [3, 5], "index": [1, 2], "index_start": 0, "size": 4, "base": 1000},
        {"kind": "tridiagonal", "dims": [10], "position": 7},
    ),
)
def solve(
    kind: Annotated[Kind, Param("矩阵种类", "general 一般数组；symmetric_… 对称矩阵存下或上三角")],
    dims: Annotated[
        list[int],
        Param("各维长度", "一般数组写每一维的长度；方阵写阶数 n", min=1, max=100_000, min_len=1, max_len=6),
    ],
    index: Annotated[list[int], Param("元素下标", "各维下标，如 30,30；反求时留空", max_len=6)] = [],  # noqa: B006
    position: Annotated[int | None, Param("已知的存储下标", "由它反求元素下标；正求时留空", min=0)] = None,
    order: Annotated[Order, Param("存放次序", "row 行优先，column 列优先")] = "row",
    index_start: Annotated[int, Param("元素下标的起点", "通常为 1 或 0", min=-1000, max=1000)] = 1,
    position_start: Annotated[int, Param("存储下标的起点", "一维数组从 0 还是 1 开始", min=0, max=1)] = 0,
    base: Annotated[int | None, Param("首元素地址", "求地址时填写", min=0)] = None,
    size: Annotated[int, Param("每个元素占的单元数", "与地址同单位", min=1, max=1_000_000)] = 1,
) -> Solution:
    """Locate an element of an array or a compressed matrix (压缩存储).

    Args:
        kind: general array, symmetric matrix (which half is stored), triangular or tridiagonal matrix.
        dims: lengths of a general array's dimensions, or the order n of a square matrix.
        index: subscripts, the first being `index_start`; empty to go from `position` to the element.
        position: storage subscript to invert, used when `index` is empty.
        order: row-major or column-major.
        index_start: lowest subscript of every dimension.
        position_start: subscript of the first storage cell, 0 or 1.
        base: address of the first element, if addresses are asked for.
        size: cells per element.

    Returns:
        `before` (elements stored earlier), `position`, `address` if `base` is given, `index`, `cells`.

    Raises:
        InputError: a subscript out of range, or an element that is not stored by itself.

    Examples:
        >>> solve("tridiagonal", [100], [30, 30]).answer["position"]
        87
        >>> solve("general", [3, 5], [0, 0], index_start=0, base=100).answer["address"]
        100
        >>> [solve("symmetric_lower", [4], at).answer["position"] for at in ([2, 3], [3, 2])]
        [4, 4]

    Conventions:
        A triangle's constant part is kept in one more cell at the end, counted in `cells`.

    Source:
        严蔚敏《数据结构（C 语言版）》§5.2、§5.3.2; 408 真题 2016、2018、2020.
    """
    sides = _sides(kind, dims)
    if (index and position is not None) or (not index and position is None):
        raise InputError("元素下标 index 与存储下标 position 应只给一个，请补上或去掉其一。")
    steps = []
    if position is not None:
        index = _inverse(kind, sides, order, position - position_start, index_start)
        steps.append(
            Step(
                f"由存储下标 {position} 知前面有 {position - position_start} 个元素，"
                f"逐{'行' if order == 'row' else '列'}减去元素个数，落在下标 ({join(index)})。",
                credit="由存储下标反求行号与列号",
                gives={"index": index},
            )
        )
    at = _shifted(kind, sides, index, index_start)
    if at != [i - index_start for i in index]:
        steps.append(Step(f"对称元素只存一份，({join(index)}) 换成 ({join(i + index_start for i in at)})。"))
    before, formula = _before(kind, sides, at, order)
    where = before + position_start
    steps.append(
        Step(
            f"按{ORDERS[order]}，该元素之前有 ${formula}={before}$ 个元素，"
            f"存储下标从 {position_start} 起，故为 {where}。",
            _picture(kind, sides, order, index_start, position_start, at),
            "求出前面的元素个数",
            {"before": before, "position": where, "index": index},
        )
    )
    if base is not None:
        address = base + before * size
        why = f"地址为 ${base}+{before}\\times {size}={address}$。"
        steps.append(Step(why, credit="代入首地址与元素大小", gives={"address": address}))
    cells = _cells(kind, sides)
    steps.append(Step(f"共需 {cells} 个存储单元。", gives={"cells": cells}))
    conventions = [f"{KINDS[kind]}，{ORDERS[order]}，元素下标从 {index_start} 起，存储下标从 {position_start} 起"]
    if kind in ("lower", "upper"):
        conventions.append("三角矩阵的常数部分另用最后一个单元存放")
    return Solution(steps, conventions)


def _sides(kind: str, dims: Sequence[int]) -> list[int]:
    """Return the length of every dimension."""
    if kind == "general":
        return list(dims)
    if len(set(dims)) != 1 or len(dims) > 2:
        raise InputError(f"{KINDS[kind]}应为方阵，各维长度 {join(dims)!r} 不合要求，请只写阶数 n。")
    return [dims[0], dims[0]]


def _shifted(kind: str, sides: Sequence[int], index: Sequence[int], start: int) -> list[int]:
    """Return 0-based subscripts of the stored element that stands for `index`."""
    if len(index) != len(sides):
        raise InputError(f"下标 {join(index)!r} 有 {len(index)} 个，应为 {len(sides)} 个，请检查。")
    at = [i - start for i in index]
    for i, side in zip(at, sides, strict=True):
        if not 0 <= i < side:
            raise InputError(f"下标 {i + start!r} 应在 {start}～{start + side - 1} 之间，请检查下标的起点。")
    if (kind == "symmetric_lower" and at[0] < at[1]) or (kind == "symmetric_upper" and at[0] > at[1]):
        at.reverse()
    if not _stored(kind, at):
        raise InputError(f"元素 ({join(index)}) 不在{KINDS[kind]}单独存放的部分，请换一个元素。")
    return at


def _stored(kind: str, at: Sequence[int]) -> bool:
    """Tell whether the element has a cell of its own."""
    if kind in ("lower", "symmetric_lower"):
        return at[0] >= at[1]
    if kind in ("upper", "symmetric_upper"):
        return at[0] <= at[1]
    return kind == "general" or abs(at[0] - at[1]) <= 1


def _before(kind: str, sides: Sequence[int], at: Sequence[int], order: str) -> tuple[int, str]:
    """Count the elements stored before the 0-based `at`, with the formula in numbers."""
    if kind == "general":
        pairs = list(zip(at, sides, strict=True))
        if order == "column":
            pairs.reverse()
        value, formula = pairs[0][0], str(pairs[0][0])
        for i, side in pairs[1:]:
            formula = f"({formula})" if "+" in formula else formula
            value, formula = value * side + i, f"{formula}\\times {side}+{i}"
        return value, formula
    line, place = (at[0], at[1]) if order == "row" else (at[1], at[0])
    n = sides[0]
    if kind == "tridiagonal":
        return 2 * line + place, f"(3\\times {line}-1)+({place}-{line}+1)" if line else f"{place}"
    growing = (kind in ("lower", "symmetric_lower")) == (order == "row")
    if growing:
        return line * (line + 1) // 2 + place, f"\\frac{{{line}\\times {line + 1}}}2+{place}"
    skipped = line * (2 * n - line + 1) // 2
    return skipped + place - line, f"\\frac{{({n}+{n - line + 1})\\times {line}}}2+({place}-{line})"


def _inverse(kind: str, sides: Sequence[int], order: str, before: int, start: int) -> list[int]:
    """Return the subscripts of the element with `before` elements stored ahead of it."""
    total = _cells(kind, sides) - (1 if kind in ("lower", "upper") else 0)
    if not 0 <= before < total:
        raise InputError(f"存储下标超出范围：前面有 {before!r} 个元素，应在 0～{total - 1} 之间。")
    if kind == "general":
        at = []
        for side in reversed(sides) if order == "row" else sides:
            before, i = divmod(before, side)
            at.append(i)
        return [i + start for i in (reversed(at) if order == "row" else at)]
    for line in range(sides[0]):
        places = list(_places(kind, sides[0], line, order))
        if before < len(places):
            at = [line, places[before]] if order == "row" else [places[before], line]
            return [i + start for i in at]
        before -= len(places)
    raise AssertionError("the total was checked")


def _places(kind: str, n: int, line: int, order: str) -> range:
    """Return the stored columns of a row (or the stored rows of a column)."""
    if kind == "tridiagonal":
        return range(max(line - 1, 0), min(line + 2, n))
    growing = (kind in ("lower", "symmetric_lower")) == (order == "row")
    return range(line + 1) if growing else range(line, n)


def _cells(kind: str, sides: Sequence[int]) -> int:
    n = sides[0]
    if kind == "general":
        return prod(sides)
    if kind == "tridiagonal":
        return 3 * n - 2
    return n * (n + 1) // 2 + (1 if kind in ("lower", "upper") else 0)


def _picture(kind: str, sides: Sequence[int], order: str, start: int, first: int, at: Sequence[int]) -> Table | None:
    """Draw the corner of the matrix up to 6×6 with each cell's storage subscript."""
    if len(sides) != 2:
        return Table(
            ["维", "长度", "下标"],
            [[k + 1, s, i + start] for k, (s, i) in enumerate(zip(sides, at, strict=True))],
        )
    top = [max(0, min(i - 3, side - 6)) for i, side in zip(at, sides, strict=True)]
    columns = range(top[1], min(top[1] + 6, sides[1]))
    rows: list[list[Cell]] = []
    for r in range(top[0], min(top[0] + 6, sides[0])):
        cells: list[Cell] = [
            _before(kind, sides, [r, c], order)[0] + first if _stored(kind, [r, c]) else "" for c in columns
        ]
        rows.append([f"行 {r + start}", *cells])
    mark = (at[0] - top[0], at[1] - top[1] + 1)
    return Table(["存储下标", *(f"列 {c + start}" for c in columns)], rows, [mark], "矩阵局部：每格写存储下标")


def mistakes(
    kind: str,
    dims: list[int],
    index: list[int],
    position: int | None,
    order: str,
    index_start: int,
    position_start: int,
    base: int | None,
    size: int,
) -> Iterator[Mistake]:
    """Yield slips of the two starting subscripts, the order and the row sums."""
    sides = _sides(kind, dims)
    answer = solve(kind, dims, index, position, order, index_start, position_start, base, size).answer
    before = integer(answer["before"])

    def gives(count: int) -> dict[str, int]:
        out = {"before": count, "position": count + position_start}
        return out if base is None else {**out, "address": base + count * size}

    yield Mistake("存储下标的起点弄错，多加了 1", gives(before + 1))
    yield Mistake("存储下标的起点弄错，少算了 1", gives(before - 1))
    at = _shifted(kind, sides, integers(answer["index"]), index_start)
    if kind == "general":
        other = _before(kind, sides, at, "column" if order == "row" else "row")[0]
        yield Mistake("行优先与列优先颠倒", gives(other))
        over = _before(kind, sides, [i + 1 for i in at], order)[0]
        yield Mistake("没有减去下标的起点", gives(over))
    else:
        yield Mistake("把两个下标交换，相当于行列次序颠倒", gives(_before(kind, sides, at[::-1], order)[0]))
        yield Mistake("前面多算了一行", gives(_before(kind, sides, [at[0] + 1, at[1]], order)[0]))
        yield Mistake("按完整方阵计算", gives(at[0] * sides[0] + at[1]))


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Draw a general array (easy) or a compressed matrix (hard)."""
    start = rng.choice([0, 1])
    order: Order = rng.choice(["row", "column"])
    if difficulty < 3:
        dims = [rng.randint(4, 9), rng.randint(4, 9)]
        at = [rng.randint(1, side - 2) for side in dims]
        base, size = 100 * rng.randint(1, 20), rng.choice([2, 4, 8])
        args: dict[str, object] = {"kind": "general", "dims": dims, "index": [i + start for i in at]}
        args |= {"order": order, "index_start": start, "base": base, "size": size}
        stem = (
            f"数组 A[{start}..{start + dims[0] - 1}][{start}..{start + dims[1] - 1}] 按{ORDERS[order]}存储，"
            f"每个元素占 {size} 个单元，首元素的地址为 {base}，"
            f"则元素 A[{at[0] + start}][{at[1] + start}] 的地址是（ ）。"
        )
        return Draft(stem, args, "address")
    kind = rng.choice(["symmetric_lower", "symmetric_upper", "lower", "upper", "tridiagonal"])
    n = rng.randint(10, 20 * difficulty)
    row, column = sorted([rng.randrange(3, n - 1), rng.randrange(3, n - 1)], reverse="lower" in kind)
    if kind == "tridiagonal":
        column = row + rng.choice([-1, 0, 1])
    elif kind.startswith("symmetric") and difficulty > 3:
        row, column = column, row
    first = rng.choice([0, 1])
    name = KINDS[kind].replace("（存下三角）", "").replace("（存上三角）", "")
    part = {"symmetric_lower": "下三角部分", "symmetric_upper": "上三角部分"}.get(kind, "非零元素")
    stem = (
        f"将 {n} 阶{name} A 的{part}按{ORDERS[order]}存放在一维数组 B 中，A 的下标从 {start} 开始，"
        f"B 的下标从 {first} 开始，则元素 A[{row + start}][{column + start}] 在 B 中的下标是（ ）。"
    )
    args = {"kind": kind, "dims": [n], "index": [row + start, column + start], "order": order}
    args |= {"index_start": start, "position_start": first}
    return Draft(stem, args, "position")
