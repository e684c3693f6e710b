"""Microinstruction format (微指令格式): encoded control fields, test field, next address, control store."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Annotated, Literal

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Bits, Cell, Solution, Step, Table
from assistant408.core.trace import Value as Result
from assistant408.solvers.co._bits import width_for
from assistant408.solvers.co._text import listed

__all__ = ["solve"]

Encoding = Literal["字段直接编码", "直接编码"]
Condition = Literal["直接控制", "编码"]


@solver(
    "co.microinstruction",
    title="微指令的字长与控制存储器容量",
    summary="给出互斥微命令的分组、判断条件数和微程序规模，求操作控制字段、判别测试字段、下地址字段的位数，微指令字长和控存容量。",
    syllabus=("co.cpu.microcode-encoding", "co.cpu.micro-next-address", "co.cpu.microprogram"),
    keywords=("微指令", "字段直接编码", "互斥", "微命令", "下地址字段", "控制存储器", "断定方式", "水平型"),
    answers={
        "control_bits": Out("操作控制字段位数", "位"),
        "field_bits": Out("各字段位数"),
        "condition_bits": Out("判别测试字段位数", "位"),
        "next_address_bits": Out("下地址字段位数", "位"),
        "word_bits": Out("微指令字长", "位"),
        "total": Out("微指令条数（控存单元数）", "条"),
        "capacity_bits": Out("控存容量", "位"),
    },
    examples=(
        {"groups": [7, 3, 12, 5, 6]},
        {"groups": [5, 8, 2], "conditions": 3, "instructions": 32, "average": 4, "common": 2},
    ),
)
def solve(
    groups: Annotated[
        list[int], Param("各互斥组的微命令数", "如 7,3,12,5,6；不问操作控制字段时为空", min=1, max_len=100)
    ],
    encoding: Annotated[Encoding, Param("编码方式", "字段直接编码，或每个微命令一位的直接编码")] = "字段直接编码",
    conditions: Annotated[int, Param("外部判断条件数", "没有时为 0", min=0, max=64)] = 0,
    condition_encoding: Annotated[Condition, Param("判别测试字段的编码", "直接控制时每个条件一位")] = "直接控制",
    total: Annotated[int | None, Param("微指令总数", "或控存单元数；不给时由下面三项求", min=1, max=2**24)] = None,
    instructions: Annotated[int | None, Param("机器指令条数", "", min=1, max=100_000)] = None,
    average: Annotated[int, Param("每条指令的微指令条数", "不含公共部分", min=1, max=1000)] = 1,
    common: Annotated[int, Param("公共微指令条数", "如取指微程序", min=0, max=1000)] = 0,
) -> Solution:
    """Size a microinstruction and the control store (微指令字长与控存容量).

    Args:
        groups: sizes of the groups of mutually exclusive micro-operations.
        encoding: a coded field for each group, or one bit for each micro-operation.
        conditions: external conditions the next address may depend on.
        condition_encoding: one bit each, or coded with one state for "none".
        total: microinstructions in the control store; or give the next three.
        instructions: machine instructions.
        average: microinstructions of each, without the common ones.
        common: microinstructions they share, such as the fetch.

    Returns:
        `control_bits`, `field_bits`, `condition_bits`, and with a size `total`, `next_address_bits`,
        `word_bits` and `capacity_bits`.

    Raises:
        InputError: neither groups nor a size.

    Examples:
        >>> solve([7, 3, 12, 5, 6]).answer["control_bits"]
        15
        >>> solve([], instructions=32, average=4, common=2).answer["next_address_bits"]
        8
        >>> solve([1, 7, 8]).answer["field_bits"]  # one more state for "no operation"
        [1, 3, 4]

    Conventions:
        Every coded field keeps one code for no operation: ⌈log2(n+1)⌉ bits. The next address is held in the
        microinstruction (断定方式) and addresses the whole control store.

    Source:
        唐朔飞《计算机组成原理》第10章（微程序设计）; 408 真题 2012、2014.
    """
    size = _size(total, instructions, average, common)
    if not groups and size is None:
        raise InputError(f"互斥组 {groups!r} 为空，又没有微指令总数，请至少给出一项。")
    fields = _fields(groups, encoding)
    control = sum(fields)
    tests = conditions if condition_encoding == "直接控制" else width_for(conditions + 1)
    steps: list[Step] = []
    if groups:
        steps.append(_control_step(groups, encoding, fields))
    if conditions:
        how = "每个条件一位" if condition_encoding == "直接控制" else f"编码，$2^{{{tests}}}\\ge {conditions}+1$"
        steps.append(
            Step(
                f"判别测试字段：{conditions} 个条件，{how}，共 {tests} 位。",
                None,
                "求判别测试字段",
                {"condition_bits": tests},
            )
        )
    if size is None:
        return Solution(steps, _conventions(encoding))
    address = width_for(size)
    if total is None:
        why = f"微指令共 ${instructions}\\times {average}+{common}={size}$ 条，"
    else:
        why = f"微指令共 {size} 条，"
    word = control + tests + address
    pieces = [("操作控制", control), ("判别测试", tests), ("下地址", address)]
    gives: dict[str, Result] = {"total": size, "next_address_bits": address}
    if groups:
        gives |= {"word_bits": word, "capacity_bits": size * word}
    steps.append(
        Step(
            f"{why}$2^{{{address}}}\\ge {size}$，下地址字段 {address} 位"
            + (
                f"；微指令字长 ${control}+{tests}+{address}={word}$ 位，控存容量 ${size}\\times {word}={size * word}$ 位。"
                if groups
                else "。"
            ),
            Bits([(name, "x" * bits) for name, bits in pieces if bits]),
            credit="求下地址字段与微指令字长",
            gives=gives,
        )
    )
    return Solution(steps, _conventions(encoding))


def _conventions(encoding: Encoding) -> tuple[str, ...]:
    keep = ("每个字段留一个编码表示不操作",) if encoding == "字段直接编码" else ()
    return (*keep, "断定方式，下地址字段给出完整的微地址")


def _size(total: int | None, instructions: int | None, average: int, common: int) -> int | None:
    if total is not None:
        return total
    return None if instructions is None else instructions * average + common


def _fields(groups: list[int], encoding: Encoding) -> list[int]:
    return [n if encoding == "直接编码" else width_for(n + 1) for n in groups]


def _control_step(groups: list[int], encoding: Encoding, fields: list[int]) -> Step:
    """Add up the control fields."""
    rows: list[list[Cell]] = [
        [f"第 {i} 组", n, n + 1, bits] for i, (n, bits) in enumerate(zip(groups, fields, strict=True), start=1)
    ]
    if encoding == "直接编码":
        why = f"直接编码：每个微命令一位，共 ${'+'.join(map(str, groups))}={sum(fields)}$ 位。"
    else:
        why = (
            f"字段直接编码：各组留一个不操作状态，位数满足 $2^b\\ge n+1$，依次为 {listed(fields)} 位，"
            f"共 ${'+'.join(map(str, fields))}={sum(fields)}$ 位。"
        )
    table = Table(["组", "微命令数", "状态数", "位数"], rows, [(i, 3) for i in range(len(rows))])
    return Step(why, table, "求操作控制字段", {"control_bits": sum(fields), "field_bits": fields})


def mistakes(
    groups: list[int],
    encoding: Encoding,
    conditions: int,
    condition_encoding: Condition,
    total: int | None,
    instructions: int | None,
    average: int,
    common: int,
) -> Iterator[Mistake]:
    """Name the slips: no code for "none", one bit each, all coded together."""
    size = _size(total, instructions, average, common)
    right = sum(_fields(groups, encoding))
    tests = conditions if condition_encoding == "直接控制" else width_for(conditions + 1)
    address = width_for(size) if size else 0

    def gives(control: int) -> dict[str, Result]:
        out: dict[str, Result] = {"control_bits": control}
        if size:
            word = control + tests + address
            out |= {"word_bits": word, "capacity_bits": size * word}
        return out

    if groups:
        yield Mistake("没有给各组留不操作的状态", gives(sum(width_for(n) for n in groups)))
        yield Mistake("每个微命令占一位（直接编码）", gives(sum(groups)))
        yield Mistake("所有微命令合在一起编码", gives(width_for(sum(groups) + 1)))
        yield Mistake("把组数当位数", gives(len(groups)))
        yield Mistake("多算一位", gives(right + 1))
    if size:
        yield Mistake("漏了下地址字段", {"word_bits": right + tests, "capacity_bits": size * (right + tests)})
        yield Mistake("漏了判别测试字段", {"word_bits": right + address})
        yield Mistake("下地址字段少一位", {"next_address_bits": address - 1, "word_bits": right + tests + address - 1})
        yield Mistake("下地址字段多一位", {"next_address_bits": address + 1, "word_bits": right + tests + address + 1})
        if instructions:
            yield Mistake("按机器指令条数求下地址", {"next_address_bits": width_for(instructions)})
            yield Mistake("只按每条指令的微指令数求下地址", {"next_address_bits": width_for(average + common)})
            yield Mistake(
                "公共微指令每条指令都算一遍", {"next_address_bits": width_for(instructions * (average + common)) + 1}
            )


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Ask for the control field at first, for the next address or the word later."""
    groups = [rng.choice([3, 4, 5, 6, 7, 8, 11, 12, 15]) for _ in range(3 + difficulty // 2)]
    text = f"某机采用微程序控制，微指令的操作控制字段用字段直接编码法，{len(groups)} 个互斥类分别有 {listed(groups)} 个微命令"
    if difficulty < 3:
        return Draft(f"{text}，则操作控制字段至少有（ ）。", {"groups": groups}, "control_bits")
    if difficulty == 3:
        n, average, common = rng.choice([32, 48, 64, 80]), rng.randint(3, 6), rng.randint(1, 3)
        stem = (
            f"某机有 {n} 条指令，公共的取指微程序有 {common} 条微指令，各指令的微程序平均 {average} 条微指令，"
            "采用断定法确定下条微指令地址，则下地址字段至少有（ ）。"
        )
        args = {"groups": [], "instructions": n, "average": average, "common": common}
        return Draft(stem, args, "next_address_bits")
    total = rng.choice([128, 256, 512])
    conditions = rng.randint(2, 4)
    stem = f"{text}；外部条件有 {conditions} 个，每个占判别测试字段一位；控存有 {total} 个单元，则微指令字长为（ ）。"
    return Draft(stem, {"groups": groups, "conditions": conditions, "total": total}, "word_bits")
