"""Page faults of loops over a matrix (数组的访问次序与缺页次数)."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Annotated, Literal

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Solution, Step, Table

__all__ = ["solve"]

Order = Literal["row", "column"]
Policy = Literal["LRU", "FIFO"]
MOST = 2_000_000


@solver(
    "os.array_page_faults",
    title="数组的访问次序与缺页次数",
    summary="给出二维数组的行列数、元素大小、页面大小和页框数，求按行或按列访问全部元素的缺页次数。",
    syllabus=("os.memory.performance", "os.memory.page-fault"),
    keywords=("二维数组", "按行存放", "按列", "缺页次数", "程序结构", "数组初始化", "for循环", "页框", "缺页中断"),
    answers={
        "faults": Out("缺页次数", "次"),
        "row_faults": Out("按行访问的缺页次数", "次"),
        "column_faults": Out("按列访问的缺页次数", "次"),
        "pages": Out("数组占的页数", "页"),
    },
    examples=({"rows": 128, "columns": 128, "element": 4, "page": 512, "frames": 1, "access": "column"},),
)
def solve(
    rows: Annotated[int, Param("行数", min=1, max=10**4)],
    columns: Annotated[int, Param("列数", min=1, max=10**4)],
    page: Annotated[int, Param("页面大小", "与元素大小同一单位", min=1, max=2**40)],
    element: Annotated[int, Param("元素大小", "字节（或字）", min=1, max=2**20)] = 1,
    frames: Annotated[int, Param("页框数", "存放数组的页框，初始为空", min=1, max=10**5)] = 1,
    stored: Annotated[Order, Param("存放次序", "row 按行存放，column 按列存放")] = "row",
    access: Annotated[Order, Param("访问次序", "row 按行访问，column 按列访问")] = "row",
    policy: Annotated[Policy, Param("置换算法", "LRU 或 FIFO")] = "LRU",
) -> Solution:
    """Count the page faults of a walk over a matrix (数组访问的缺页次数).

    Args:
        rows, columns: of the matrix.
        page: size of a page, in the unit of `element`.
        element: size of an element.
        frames: frames for the matrix, empty at first.
        stored: whether rows or columns lie together.
        access: whether the inner loop runs along a row or along a column.
        policy: replacement.

    Returns:
        `faults` of the walk that is asked for, `row_faults` and `column_faults` of both walks, `pages`.

    Raises:
        InputError: a matrix of more than two million elements.

    Examples:
        >>> solve(128, 128, 512, 4, access="column").answer["faults"]
        16384
        >>> solve(100, 100, 200, frames=2).answer["faults"]
        50
        >>> solve(2, 2, 4).answer["faults"]
        1

    Conventions:
        The matrix begins at the start of a page; an element that crosses a page counts for both pages.

    Source:
        Silberschatz, Operating System Concepts, 10e, §10.9.5 Program structure.
    """
    if rows * columns > MOST:
        raise InputError(f"数组有 {rows * columns} 个元素，超过 {MOST} 个，请改小。")
    pages = -(-rows * columns * element // page)
    found: dict[str, int] = {}
    for way, name in (("row", "row_faults"), ("column", "column_faults")):
        found[name] = _faults(rows, columns, page, element, frames, stored == "row", way == "row", policy)
    asked = found[f"{access}_faults"]
    words = {"row": "行", "column": "列"}
    same = stored == access
    each = max(1, page // element)
    how = (
        f"访问次序与存放次序一致，依次用完一页的约 {each} 个元素才换下一页"
        if same
        else f"内层循环每步跨过一{words[stored]}的元素，页框不够时刚调入的页又被换出"
    )
    return Solution(
        [
            Step(
                f"数组共 ${rows}\\times {columns}\\times {element}$，每页 {page}，占 {pages} 页。",
                credit="数组占的页数",
                gives={"pages": pages},
            ),
            Step(
                f"按{words[stored]}存放、按{words[access]}访问，{frames} 个页框：{how}，共缺页 {asked} 次。",
                Table(
                    ["访问次序", "缺页次数"],
                    [["按行", found["row_faults"]], ["按列", found["column_faults"]]],
                    [(0 if access == "row" else 1, 1)],
                ),
                credit="由访问次序求缺页次数",
                gives={**found, "faults": asked},
            ),
        ],
        [f"数组从页的开头存放，页框初始为空，{policy} 置换"],
    )


def _faults(
    rows: int, columns: int, page: int, element: int, frames: int, by_row: bool, walk_row: bool, policy: str
) -> int:
    outer, inner = (rows, columns) if walk_row else (columns, rows)
    held: dict[int, None] = {}  # in order of loading or of use
    faults = 0
    for a in range(outer):
        for b in range(inner):
            r, c = (a, b) if walk_row else (b, a)
            at = (r * columns + c if by_row else c * rows + r) * element
            for p in range(at // page, (at + element - 1) // page + 1):
                if p in held:
                    if policy == "LRU":
                        del held[p]
                        held[p] = None
                    continue
                faults += 1
                if len(held) == frames:
                    del held[next(iter(held))]
                held[p] = None
    return faults


def mistakes(
    rows: int, columns: int, page: int, element: int, frames: int, stored: Order, access: Order, policy: Policy
) -> Iterator[Mistake]:
    """Misconceptions: the other order, one fault an element, one a row."""
    pages = -(-rows * columns * element // page)
    other = _faults(rows, columns, page, element, frames, stored == "row", access != "row", policy)
    yield Mistake("访问次序弄反", {"faults": other})
    yield Mistake("每个元素缺页一次", {"faults": rows * columns})
    yield Mistake("每行（列）缺页一次", {"faults": rows if access == "row" else columns})
    yield Mistake("忽略了元素大小", {"faults": -(-rows * columns // page)})
    yield Mistake("只算数组的页数加一", {"faults": pages + 1})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Draw a square matrix; columns come with difficulty."""
    n = 2 ** rng.randint(5, 6)
    page = 4 * n * rng.choice([1, 2])
    access = "column" if difficulty > 2 else "row"
    stem = (
        f"int 型数组 a[{n}][{n}] 按行存放，int 占 4 B，页面大小为 {page} B，只有 1 个页框存放数组，初始为空。"
        f"按{'列' if access == 'column' else '行'}依次访问全部元素，缺页次数为（ ）。"
    )
    args = {"rows": n, "columns": n, "page": page, "element": 4, "frames": 1, "access": access}
    return Draft(stem, args, "faults")
