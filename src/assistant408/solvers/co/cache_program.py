"""Cache behaviour of an array loop (程序的 Cache 命中率): a two-dimensional array walked row- or column-wise."""

from __future__ import annotations

import random
from collections.abc import Iterator
from fractions import Fraction
from typing import Annotated, Literal

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Solution, Step, Table
from assistant408.core.trace import Value as Result
from assistant408.solvers.co._bits import log2
from assistant408.solvers.co._cache import Cache, Policy, shape
from assistant408.solvers.co._text import SIZE, decimal, size_bytes

__all__ = ["solve"]

Order = Literal["按行访问", "按列访问"]
LIMIT = 300_000


@solver(
    "co.cache_program",
    title="程序访问数组的 Cache 命中率",
    summary="循环按行或按列访问按行存放的数组（一维时行数为 1），给出 Cache 结构，求访问次数、缺失次数、命中率和某元素映射的行。",
    syllabus=("co.memory.cache-program", "co.memory.locality", "co.memory.cache-direct"),
    keywords=("数组", "命中率", "Cache", "局部性", "按行", "按列", "循环", "行优先", "缺失率", "程序段"),
    answers={
        "hit_rate": Out("命中率"),
        "miss_rate": Out("缺失率"),
        "misses": Out("缺失次数", "次"),
        "accesses": Out("访问次数", "次"),
        "blocks": Out("数组占的主存块数", "块"),
        "asked_set": Out("指定元素所在的组号（直接映射时为行号）"),
    },
    examples=(
        {
            "rows": 256,
            "cols": 256,
            "element_bytes": 4,
            "start_address": 320,
            "order": "按行访问",
            "cache_size": "512B",
            "block_size": "64B",
            "asked_row": 0,
            "asked_col": 31,
        },
        {"rows": 1, "cols": 1000, "accesses_per_element": 2, "cache_size": "4KB", "block_size": "32B"},
    ),
)
def solve(
    rows: Annotated[int, Param("数组行数", "一维数组写 1", min=1, max=4096)],
    cols: Annotated[int, Param("数组列数", "一维数组即元素个数", min=1, max=262144)],
    cache_size: Annotated[str, Param("Cache 数据区容量", SIZE, max_len=20)],
    block_size: Annotated[str, Param("块大小", SIZE, max_len=20)],
    element_bytes: Annotated[int, Param("元素字节数", "int 为 4", min=1, max=1024)] = 4,
    start_address: Annotated[int, Param("数组首地址", "按字节编址", min=0)] = 0,
    order: Annotated[Order, Param("访问次序", "外层循环走行还是走列")] = "按行访问",
    accesses_per_element: Annotated[
        int, Param("每个元素访存次数", "a[i]=a[i]+1 为 2（读、写各一次）", min=1, max=8)
    ] = 1,
    ways: Annotated[int, Param("路数", "1 为直接映射，0 为全相联", min=0, max=4096)] = 1,
    policy: Annotated[Policy, Param("替换算法")] = "LRU",
    asked_row: Annotated[int | None, Param("要定位元素的行下标", "从 0 起", min=0)] = None,
    asked_col: Annotated[int | None, Param("要定位元素的列下标", "从 0 起", min=0)] = None,
) -> Solution:
    """Find the hit rate of a loop over an array (程序的 Cache 命中率分析).

    Args:
        rows: rows of the array, stored row by row; 1 for a vector.
        cols: columns.
        cache_size: capacity of the data cache.
        block_size: size of a block.
        element_bytes: bytes of an element.
        start_address: byte address of element [0][0].
        order: the order in which the loops visit the elements.
        accesses_per_element: consecutive accesses to each element.
        ways: lines in a set; 1 is direct mapping, 0 fully associative.
        policy: replacement.
        asked_row, asked_col: an element whose set is asked for, 0-based.

    Returns:
        `accesses`, `misses`, `hit_rate`, `miss_rate`, `blocks` (blocks the array touches), `asked_set`.

    Raises:
        InputError: more than 300 000 accesses, an element outside the array, a malformed cache.

    Examples:
        >>> solve(256, 256, "512B", "64B", start_address=320).answer["hit_rate"]
        Fraction(15, 16)
        >>> solve(256, 256, "512B", "64B", order="按列访问").answer["hit_rate"]
        Fraction(0, 1)
        >>> solve(1, 1, "64B", "64B", accesses_per_element=2).answer["hit_rate"]
        Fraction(1, 2)

    Conventions:
        Rows are contiguous (行优先存放), the cache is empty at first, writes allocate, other variables
        live in registers.

    Source:
        408 真题 2010、2016; Bryant and O'Hallaron, CS:APP 3e, §6.5.
    """
    cache, block = size_bytes(cache_size, "Cache 容量"), size_bytes(block_size, "块大小")
    if rows * cols * accesses_per_element > LIMIT:
        raise InputError(f"访问次数 {rows * cols * accesses_per_element!r} 超过 {LIMIT}，请缩小数组。")
    sets, per_set = _sets(cache, block, ways)
    size, n = element_bytes, rows * cols
    blocks = (start_address + n * size - 1) // block - start_address // block + 1
    misses = _misses(rows, cols, size, start_address, order, block, sets, per_set, policy)
    accesses = n * accesses_per_element
    hit_rate = 1 - Fraction(misses, accesses)
    steps = [
        Step(
            f"Cache 有 ${cache}/{block}={cache // block}$ 行，分 {sets} 组；每块放 {decimal(Fraction(block, size))} 个元素。"
            f"数组共 {n * size} B，占 {blocks} 个主存块，首元素在块 {start_address // block} 内。",
            credit="求每块元素数与数组所占块数",
            gives={"blocks": blocks},
        )
    ]
    if asked_row is not None or asked_col is not None:
        steps.append(_locate(asked_row or 0, asked_col or 0, rows, cols, size, start_address, block, sets))
    steps += [
        Step(
            "按访问次序看前几个元素：",
            _first(rows, cols, size, start_address, order, block, sets, per_set, policy),
        ),
        Step(
            _why(order, rows, cols, size, block, misses, blocks, n)
            + f"每个元素访存 {accesses_per_element} 次，共访存 {accesses} 次，命中率 "
            f"$1-{misses}/{accesses}={decimal(hit_rate * 100)}\\%$。",
            credit="求缺失次数与命中率",
            gives={"hit_rate": hit_rate, "miss_rate": 1 - hit_rate, "misses": misses, "accesses": accesses},
        ),
    ]
    return Solution(steps, ("数组按行优先存放", "Cache 最初为空，写缺失时也调入", "循环变量等在寄存器中"))


def _sets(cache: int, block: int, ways: int) -> tuple[int, int]:
    """Return (sets, ways) of a cache given by sizes."""
    log2(block, "块大小")
    if cache % block:
        raise InputError(f"Cache 容量 {cache!r} 应是块大小 {block} 的整数倍，请改正。")
    return shape(cache // block, ways)


def _visits(rows: int, cols: int, order: Order) -> Iterator[tuple[int, int]]:
    """Yield the indices in the order of the loops."""
    if order == "按行访问":
        yield from ((i, j) for i in range(rows) for j in range(cols))
    else:
        yield from ((i, j) for j in range(cols) for i in range(rows))


def _touched(address: int, size: int, block: int) -> range:
    """Return the blocks an element lies in."""
    return range(address // block, (address + size - 1) // block + 1)


def _misses(
    rows: int, cols: int, size: int, start: int, order: Order, block: int, sets: int, ways: int, policy: Policy
) -> int:
    """Count elements whose first access misses; the accesses right after it hit."""
    held: list[dict[int, None]] = [{} for _ in range(sets)]  # a set's blocks, the next victim first
    misses, last = 0, -1
    for i, j in _visits(rows, cols, order):
        address = start + (i * cols + j) * size
        first, end = address // block, (address + size - 1) // block
        if first == end == last:
            continue  # the block just used: a hit, and still the newest
        missed = False
        for b in range(first, end + 1):
            mine = held[b % sets]
            if b not in mine:
                missed = True
                if len(mine) == ways:
                    del mine[next(iter(mine))]
                mine[b] = None
            elif policy == "LRU":
                del mine[b]
                mine[b] = None
        misses += missed
        last = end
    return misses


def _first(
    rows: int, cols: int, size: int, start: int, order: Order, block: int, sets: int, ways: int, policy: Policy
) -> Table:
    """Tabulate the first accesses."""
    cache = Cache(sets, ways, policy)
    lines: list[list[Result]] = []
    for i, j in _visits(rows, cols, order):
        address = start + (i * cols + j) * size
        hit = all(cache.access(b).hit for b in _touched(address, size, block))
        lines.append([f"[{i}][{j}]", address, address // block, address // block % sets, "命中" if hit else "缺失"])
        if len(lines) == 20:
            break
    marks = [(r, 4) for r, line in enumerate(lines) if line[4] == "缺失"]
    return Table(["元素", "地址", "主存块", "组", "结果"], lines, marks)  # type: ignore[arg-type]


def _locate(i: int, j: int, rows: int, cols: int, size: int, start: int, block: int, sets: int) -> Step:
    """Find the set of one element."""
    if i >= rows or j >= cols:
        raise InputError(f"元素 [{i}][{j}] 不在 {rows}×{cols} 的数组内，请改正下标。")
    address = start + (i * cols + j) * size
    number = address // block
    return Step(
        f"元素 [{i}][{j}] 的地址为 ${start}+({i}\\times {cols}+{j})\\times {size}={address}$，"
        f"块号 $\\lfloor {address}/{block}\\rfloor={number}$，映射到 ${number}\\bmod {sets}={number % sets}$。",
        credit="求指定元素映射的位置",
        gives={"asked_set": number % sets},
    )


def _why(order: Order, rows: int, cols: int, size: int, block: int, misses: int, blocks: int, n: int) -> str:
    """Explain the misses."""
    if misses == blocks:
        return f"每个主存块只在第一次访问时缺失，以后访问块内其他元素都命中，缺失 {misses} 次。"
    if misses == n:
        return f"相邻两次访问相隔 {cols * size} B，不在同一块；再用到该块时它已被替换，每个元素都缺失，共 {misses} 次。"
    return f"有的块在用完之前就被替换，要再次调入，共缺失 {misses} 次（数组占 {blocks} 块）。"


def mistakes(
    rows: int,
    cols: int,
    cache_size: str,
    block_size: str,
    element_bytes: int,
    start_address: int,
    order: Order,
    accesses_per_element: int,
    ways: int,
    policy: Policy,
    asked_row: int | None,
    asked_col: int | None,
) -> Iterator[Mistake]:
    """Name the slips: the other traversal, one access too few, the rate of misses."""
    cache, block = size_bytes(cache_size, "Cache 容量"), size_bytes(block_size, "块大小")
    sets, per_set = _sets(cache, block, ways)
    size, n = element_bytes, rows * cols
    misses = _misses(rows, cols, size, start_address, order, block, sets, per_set, policy)
    accesses = n * accesses_per_element

    def gives(missed: int, of: int) -> dict[str, Fraction | int]:
        rate = Fraction(min(missed, of), of)
        return {"hit_rate": 1 - rate, "miss_rate": rate, "misses": missed}

    other: Order = "按列访问" if order == "按行访问" else "按行访问"
    turned = _misses(rows, cols, size, start_address, other, block, sets, per_set, policy)
    yield Mistake(f"{other[:2]}的次序分析", gives(turned, accesses))
    yield Mistake(
        "把缺失率当成命中率", {"hit_rate": Fraction(misses, accesses), "miss_rate": 1 - Fraction(misses, accesses)}
    )
    yield Mistake("每个元素少算一次访存", gives(misses, n * max(1, accesses_per_element - 1)))
    yield Mistake("每个元素多算一次访存", gives(misses, n * (accesses_per_element + 1)))
    yield Mistake("块大小按元素个数算", gives(-(-n // block), accesses))
    yield Mistake("以为全部命中", gives(0, accesses))
    yield Mistake("以为每次都缺失", gives(n, accesses))
    yield Mistake("每块少算一半元素", gives(2 * misses, accesses))
    if asked_row is not None or asked_col is not None:
        i, j = asked_row or 0, asked_col or 0
        address = start_address + (i * cols + j) * size
        yield Mistake("漏加数组首地址", {"asked_set": (address - start_address) // block % sets})
        yield Mistake("按列优先计算地址", {"asked_set": (start_address + (j * rows + i) * size) // block % sets})
        yield Mistake("没有对组数取模", {"asked_set": address // block})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """A vector updated in place at first, a matrix by rows or columns later."""
    block = rng.choice([16, 32, 64])
    if difficulty < 3:
        n = rng.choice([256, 512, 1024])
        times = rng.choice([1, 2])
        body = "s+=a[i];" if times == 1 else "a[i]=a[i]+32;"
        args: dict[str, Result] = {
            "rows": 1,
            "cols": n,
            "cache_size": "4KB",
            "block_size": f"{block}B",
            "accesses_per_element": times,
        }
        stem = (
            f"数据 Cache 容量 4 KB，直接映射，块大小 {block} B，初始为空。int 型数组 a 从块的起始处存放，其余变量在寄存器中，"
            f"执行 for(i=0;i<{n};i++) {body} 访问数组 a 的命中率为（ ）。"
        )
        return Draft(stem, args, "hit_rate")
    n = rng.choice([32, 64])
    order: Order = rng.choice(["按行访问", "按列访问"])
    ways = rng.choice([1, 2] if difficulty < 5 else [2, 4])
    size = rng.choice([1, 2, 4] if difficulty > 3 else [1, 2])
    times = rng.choice([1, 2])
    inner = "a[i][j]" if order == "按行访问" else "a[j][i]"
    body = f"s+={inner};" if times == 1 else f"{inner}={inner}+1;"
    name = "直接映射" if ways == 1 else f"{ways} 路组相联、LRU 替换"
    args = {
        "rows": n,
        "cols": n,
        "cache_size": f"{size}KB",
        "block_size": f"{block}B",
        "order": order,
        "ways": ways,
        "accesses_per_element": times,
    }
    stem = (
        f"数据 Cache 容量 {size} KB，{name}，块大小 {block} B，初始为空。int a[{n}][{n}] 按行优先从块的起始处存放，"
        f"执行 for(i=0;i<{n};i++) for(j=0;j<{n};j++) {body} 访问数组 a 的命中率为（ ）。"
    )
    return Draft(stem, args, "hit_rate")
