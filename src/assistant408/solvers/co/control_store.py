"""The control store from the fields of a microinstruction (控制存储器的容量)."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Annotated

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Bits, Solution, Step

__all__ = ["solve"]


@solver(
    "co.control_store",
    title="由微指令字段求控制存储器容量",
    summary="给出微指令字长和后继（下）地址字段、判别测试字段的位数，求控制存储器的单元数和容量、操作控制字段位数。",
    syllabus=("co.cpu.micro-next-address", "co.cpu.microcode-encoding"),
    keywords=("控制存储器的容量", "后继地址字段", "下地址字段", "微指令字长", "判断测试", "水平型微指令"),
    answers={
        "capacity": Out("控制存储器容量"),
        "capacity_bits": Out("控制存储器容量", "位"),
        "words": Out("控制存储器单元数", "个"),
        "control_bits": Out("操作控制字段位数", "位"),
    },
    examples=({"word_bits": 24, "next_address_bits": 8, "condition_bits": 2},),
)
def solve(
    word_bits: Annotated[int, Param("微指令字长", "位", min=2, max=1024)],
    next_address_bits: Annotated[int, Param("后继地址字段位数", "", min=1, max=32)],
    condition_bits: Annotated[int, Param("判别测试字段位数", "", min=0, max=64)] = 0,
) -> Solution:
    """Size the control store that a next-address field can reach.

    Args:
        word_bits: length of a microinstruction.
        next_address_bits: width of the next-address field.
        condition_bits: width of the test field.

    Returns:
        `words` = 2**next_address_bits, `capacity` as words × bits, `capacity_bits`, and the `control_bits` left.

    Raises:
        InputError: the fields are longer than the word.

    Examples:
        >>> solve(24, 8, 2).answer["capacity"]
        '256×24 位'

    Source:
        白中英《计算机组成原理》第5章（微程序控制器）.
    """
    control = word_bits - next_address_bits - condition_bits
    if control < 0:
        raise InputError(f"微指令字长 {word_bits!r} 位小于各字段之和，请检查数据。")
    words = 1 << next_address_bits
    parts = [("操作控制", "x" * control), ("判别测试", "x" * condition_bits), ("后继地址", "x" * next_address_bits)]
    steps = [
        Step(
            f"操作控制字段 ${word_bits}-{condition_bits}-{next_address_bits}={control}$ 位。",
            Bits([p for p in parts if p[1]]),
            credit="划分微指令字段",
            gives={"control_bits": control},
        ),
        Step(
            f"{next_address_bits} 位后继地址能指到 $2^{{{next_address_bits}}}={words}$ 个单元，每单元一条 {word_bits} 位微指令，"
            f"容量最多为 {words}×{word_bits} 位。",
            credit="求控存容量",
            gives={"words": words, "capacity": f"{words}×{word_bits} 位", "capacity_bits": words * word_bits},
        ),
    ]
    return Solution(steps, ("控存每个单元存一条微指令",))


def mistakes(word_bits: int, next_address_bits: int, condition_bits: int) -> Iterator[Mistake]:
    """Name the slips: the wrong field as the address, the rest as the word."""
    words = 1 << next_address_bits
    control = word_bits - next_address_bits - condition_bits
    yield Mistake("字长只计操作控制字段", {"capacity": f"{words}×{control} 位"})
    yield Mistake(
        "地址位数加了判别字段", {"capacity": f"{words << condition_bits + (not condition_bits)}×{word_bits} 位"}
    )
    yield Mistake("单元数少算一半", {"capacity": f"{words // 2}×{word_bits} 位"})
    yield Mistake("把地址位数当单元数", {"capacity": f"{next_address_bits}×{word_bits} 位"})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Ask for the capacity."""
    word, address, test = rng.choice([24, 32, 48]), rng.choice([7, 8, 9, 10]), rng.choice([2, 3, 4])
    stem = (
        f"某微指令字长 {word} 位，其中后继地址字段 {address} 位，判别测试字段 {test} 位，控制存储器的容量最多为（ ）。"
    )
    args = {"word_bits": word, "next_address_bits": address, "condition_bits": test}
    return Draft(stem, args, "capacity")
