"""Decimal digits in binary (BCD 码): 8421, 余 3 码, 2421."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from typing import Annotated, Literal

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Solution, Step, Table

__all__ = ["solve"]

Kind = Literal["8421码", "余3码", "2421码"]


@solver(
    "co.bcd",
    title="BCD 码",
    summary="把十进制数逐位写成 8421 码、余 3 码或 2421 码。",
    syllabus=("co.data.radix",),
    keywords=("BCD 码", "8421 码", "余 3 码", "2421 码", "十进制数"),
    answers={"code": Out("编码"), "bits": Out("位数", "位")},
    examples=({"number": "37.625"}, {"number": "59", "kind": "余3码"}),
)
def solve(
    number: Annotated[str, Param("十进制数", "如 37.625", pattern=r"\d{1,30}(\.\d{1,30})?")],
    kind: Annotated[Kind, Param("编码")] = "8421码",
) -> Solution:
    """Write each decimal digit in four bits (BCD).

    Args:
        number: an unsigned decimal number.
        kind: 8421, excess-3 or 2421.

    Returns:
        `code`, digits set apart by blanks, and its length in `bits`.

    Raises:
        InputError: not a decimal number.

    Examples:
        >>> solve("37.6").answer["code"], solve("59", "余3码").answer["code"]
        ('0011 0111.0110', '1000 1100')

    Source:
        唐朔飞《计算机组成原理》第6章.
    """
    if not re.fullmatch(r"\d+(\.\d+)?", number):
        raise InputError(f"{number!r} 不是十进制数，请写成 37.625 的形式。")

    def cell(d: str) -> str:
        n = int(d)
        return format(n + 3 if kind == "余3码" else n + 6 if kind == "2421码" and n > 4 else n, "04b")

    whole, _, part = number.partition(".")
    code = ".".join(" ".join(cell(d) for d in s) for s in (whole, part) if s)
    digits = [d for d in number if d != "."]
    why = f"每个十进制数字用 4 位 {kind} 表示，小数点位置不变，得 {code}。"
    table = Table(["数字", kind], [[d, cell(d)] for d in digits])
    return Solution(
        [Step(why, table, "逐位编码", {"code": code, "bits": 4 * len(digits)})], (f"{kind}，每位十进制数 4 位",)
    )


def mistakes(number: str, kind: Kind) -> Iterator[Mistake]:
    """Name the slips: another code, plain binary."""
    for other in ("8421码", "余3码", "2421码"):
        if other != kind:
            yield Mistake(f"用成{other}", {"code": solve(number, other).answer["code"]})
    whole = number.partition(".")[0]
    yield Mistake("整个数换成二进制", {"code": format(int(whole), "b")})
    yield Mistake("各位取反", {"code": str(solve(number, kind).answer["code"]).translate(str.maketrans("01", "10"))})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Ask for the code of a number."""
    n = str(rng.randint(15, 99) if difficulty < 3 else rng.randint(105, 999))
    kind: Kind = "8421码" if difficulty < 4 else "余3码"
    return Draft(f"十进制数 {n} 的 {kind} 为（ ）。", {"number": n, "kind": kind}, "code")
