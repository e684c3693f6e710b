"""Bits that hold the rights of classes of users (文件权限的位数)."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Annotated

from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Solution, Step, Table

__all__ = ["solve"]


@solver(
    "os.permission_bits",
    title="文件访问权限的位数",
    summary="给出用户类别数和权限种数，求文件控制块中表示各类用户权限所需的二进制位数，以及每类用户可能的权限组合数。",
    syllabus=("os.file.protection",),
    keywords=("访问权限", "文件权限", "用户分为", "权限位", "位串", "访问控制", "rwx"),
    answers={
        "bits": Out("描述文件权限的位数", "位"),
        "sets": Out("一类用户的权限组合数", "种"),
    },
    examples=({"classes": 3, "rights": 6},),
)
def solve(
    classes: Annotated[int, Param("用户类别数", min=1, max=10**6)],
    rights: Annotated[int, Param("权限种数", min=1, max=64)],
) -> Solution:
    """Count the bits of a file's permissions (权限位数).

    Args:
        classes: classes of users.
        rights: kinds of access, one bit each.

    Returns:
        `bits` (classes × rights) and `sets` (2 to the rights).

    Raises:
        InputError: none beyond the limits of the parameters.

    Examples:
        >>> solve(3, 6).answer["bits"]
        18
        >>> solve(1, 1).answer["sets"]
        2

    Conventions:
        One bit says whether a class has a right.

    Source:
        Silberschatz, Operating System Concepts, 10e, §13.4.2.
    """
    return Solution(
        [
            Step(
                f"每类用户对每种权限用 1 位表示有无，每类 {rights} 位，共 ${classes}\\times {rights}={classes * rights}$ 位。",
                Table(["用户类别", "每类位数", "总位数"], [[classes, rights, classes * rights]], [(0, 2)]),
                credit="类别数乘权限种数",
                gives={"bits": classes * rights, "sets": 2**rights},
            )
        ],
        ["每种权限用一位表示"],
    )


def mistakes(classes: int, rights: int) -> Iterator[Mistake]:
    """Misconceptions: sums, encodings, one class only."""
    yield Mistake("相加", {"bits": classes + rights})
    yield Mistake("只算一类用户", {"bits": rights})
    yield Mistake("把权限编码", {"bits": classes * max(1, (rights - 1).bit_length())})
    yield Mistake("写成 2 的幂", {"bits": 2**rights})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Draw classes and rights."""
    classes, rights = rng.randint(2, 4 + difficulty), rng.randint(3, 7)
    stem = f"用户分为 {classes} 类，访问权限有 {rights} 种，用二进制位串表示文件权限，至少需要（ ）位。"
    return Draft(stem, {"classes": classes, "rights": rights}, "bits")
