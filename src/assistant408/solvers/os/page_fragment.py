"""Pages of a program and the waste in its last one (分页的页数与内部碎片)."""

from __future__ import annotations

import random
from collections.abc import Iterator
from fractions import Fraction
from typing import Annotated

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Solution, Step, Table
from assistant408.solvers.os._show import number, tidy

__all__ = ["solve"]


@solver(
    "os.page_fragment",
    title="分页（块）的个数与内部碎片",
    summary="给出进程（或文件、请求）的长度与页面（或块）大小，求所占的页数和最后一页的内部碎片。",
    syllabus=("os.memory.fragmentation", "os.memory.paging"),
    keywords=("内部碎片", "页内碎片", "页面大小", "进程长度", "占用页数", "页数", "浪费", "固定分区"),
    answers={
        "fragment": Out("内部碎片的大小"),
        "pages": Out("所占的页（块）数", "页"),
        "allocated": Out("分配的空间"),
    },
    examples=({"length": 13824, "page": 4096},),
)
def solve(
    length: Annotated[Fraction, Param("长度", "进程、程序或文件的长度，与页面大小同一单位", min=0)],
    page: Annotated[Fraction, Param("页面（块）大小", "大于 0", min=0)],
) -> Solution:
    """Count the pages of a program and the waste in the last one (内部碎片).

    Args:
        length: of the program, in the unit of `page`.
        page: size of a page, above 0.

    Returns:
        `pages`, `allocated` (pages × size), and `fragment`, what of it is not used.

    Raises:
        InputError: a page of size 0.

    Examples:
        >>> solve(Fraction(27, 2), Fraction(4)).answer["fragment"]
        Fraction(5, 2)
        >>> solve(Fraction(8), Fraction(4)).answer["fragment"]
        0

    Conventions:
        Whole pages are allocated.

    Source:
        Silberschatz, Operating System Concepts, 10e, §9.3.1.
    """
    if not page:
        raise InputError("页面大小应大于 0，请核对。")
    length, page = Fraction(length), Fraction(page)
    pages = -(-length // page)
    room = pages * page
    n, p, a = (number(tidy(x)) for x in (length, page, room))
    return Solution(
        [
            Step(
                f"$\\lceil {n}/{p}\\rceil={pages}$，占 {pages} 页，分配 ${pages}\\times {p}={a}$。",
                credit="向上取整得页数",
                gives={"pages": pages, "allocated": tidy(room)},
            ),
            Step(
                f"最后一页未用完的部分 $={a}-{n}={number(tidy(room - length))}$。",
                Table(["长度", "分配", "内部碎片"], [[n, a, number(tidy(room - length))]], [(0, 2)]),
                credit="分配减去实际长度",
                gives={"fragment": tidy(room - length)},
            ),
        ],
        ["按整页分配"],
    )


def mistakes(length: Fraction, page: Fraction) -> Iterator[Mistake]:
    """Misconceptions: the used part, one page more or less."""
    length, page = Fraction(length), Fraction(page)
    used = length % page
    pages = -(-length // page)
    yield Mistake("把最后一页已用的部分当作碎片", {"fragment": tidy(used), "pages": pages - 1})
    yield Mistake("取半页", {"fragment": tidy(page / 2), "pages": pages + 1})
    yield Mistake("取一页", {"fragment": tidy(page), "pages": pages + 2})
    yield Mistake("认为分页没有内部碎片", {"fragment": 0})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Draw a program of some pages."""
    page = 1024 * 2 ** rng.randint(0, 2)
    length = page * rng.randint(2, 6 * difficulty) + rng.randint(1, page - 1)
    stem = f"页面大小为 {page} B，长度为 {length} B 的进程装入内存后，内部碎片（B）为（ ）。"
    return Draft(stem, {"length": length, "page": page}, "fragment")
