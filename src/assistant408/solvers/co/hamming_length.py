"""How many check bits a Hamming code needs (海明码的校验位数)."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Annotated

from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Solution, Step, Table

__all__ = ["solve"]


@solver(
    "co.hamming_length",
    title="海明码的校验位数与码长",
    summary="给出信息位数，求能纠正一位错（或纠一检二）的海明码至少要几位校验位、总长多少位。",
    syllabus=("co.data.hamming",),
    keywords=("海明码", "汉明码", "校验位数", "至少需要", "信息位", "总长度", "纠正一位错"),
    answers={
        "check_bits": Out("校验位数", "位"),
        "total_bits": Out("海明码总长", "位"),
        "check_bits_sec_ded": Out("纠一检二的校验位数", "位"),
    },
    examples=({"data_bits": 8}, {"data_bits": 64}),
)
def solve(data_bits: Annotated[int, Param("信息位数", "", min=1, max=4096)]) -> Solution:
    """Find the least k with 2**k >= n + k + 1.

    Args:
        data_bits: data bits n.

    Returns:
        `check_bits` k, `total_bits` n + k, and `check_bits_sec_ded` k + 1 (corrects one error, detects two).

    Examples:
        >>> solve(8).answer["check_bits"], solve(32).answer["total_bits"]
        (4, 38)

    Source:
        Hamming 1950; 唐朔飞《计算机组成原理》第4章.
    """
    k = 1
    while 1 << k < data_bits + k + 1:
        k += 1
    rows = [
        [i, 1 << i, data_bits + i + 1, "是" if 1 << i >= data_bits + i + 1 else "否"]
        for i in range(max(1, k - 1), k + 1)
    ]
    why = (
        f"k 位校验位要指出无错和 n+k 个出错位置，须 $2^k\\ge n+k+1$。n={data_bits} 时最小的 k 为 {k}，"
        f"总长 ${data_bits}+{k}={data_bits + k}$ 位；还要检测两位错时再加 1 位总校验位，共 {k + 1} 位校验位。"
    )
    table = Table(["k", "2^k", "n+k+1", "是否满足"], rows)
    gives = {"check_bits": k, "total_bits": data_bits + k, "check_bits_sec_ded": k + 1}
    return Solution([Step(why, table, "求校验位数", gives)], ("能纠正一位错",))


def mistakes(data_bits: int) -> Iterator[Mistake]:
    """Name the slips: the inequality without its other terms."""
    k = 1
    while 1 << k < data_bits + k + 1:
        k += 1
    yield Mistake("只要求 2^k ≥ n", {"check_bits": k - 1, "total_bits": data_bits + k - 1})
    yield Mistake("多取一位", {"check_bits": k + 1, "total_bits": data_bits + k + 1})
    yield Mistake("取信息位的一半", {"check_bits": data_bits // 2 + 3, "total_bits": data_bits * 3 // 2 + 3})
    yield Mistake("多取两位", {"check_bits": k + 2, "total_bits": data_bits + k + 2})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Ask for the check bits, or for the length of the code word."""
    n = rng.choice([8, 16, 32, 64, 20, 40])
    if difficulty < 3:
        return Draft(f"对 {n} 位数据采用海明码，要能纠正一位错，校验位至少需（ ）位。", {"data_bits": n}, "check_bits")
    return Draft(f"{n} 位数据编成能纠正一位错的海明码，码字总长至少为（ ）位。", {"data_bits": n}, "total_bits")
