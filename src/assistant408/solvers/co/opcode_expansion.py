"""Expanding opcodes (扩展操作码): how many instructions of each format fit, and their code ranges."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Annotated

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Solution, Step, Table
from assistant408.core.trace import Value as Result
from assistant408.solvers.co._bits import binary, grouped
from assistant408.solvers.co._text import listed

__all__ = ["solve"]

NUMERALS = "零一二三四五六"


@solver(
    "co.opcode_expansion",
    title="扩展操作码",
    summary="定长指令字用扩展操作码，给出指令字长、地址码位数和各种地址指令条数，求剩下一种指令最多几条、操作码范围；或求最短指令字长。",
    syllabus=("co.isa.expanding-opcode", "co.isa.instr-format"),
    keywords=("扩展操作码", "操作码", "地址码", "三地址指令", "二地址指令", "一地址指令", "零地址指令", "指令字长"),
    answers={
        "max_count": Out("最后一种指令最多的条数", "条"),
        "ranges": Out("各种指令的操作码范围"),
        "min_instruction_bits": Out("最短指令字长", "位"),
        "unused": Out("各种格式留给下一种扩展的码点数"),
    },
    examples=(
        {"instruction_bits": 16, "address_bits": 4, "addresses": 3, "counts": [15, 15, 15]},
        {"instruction_bits": 16, "address_bits": 6, "addresses": 2, "counts": [12]},
    ),
)
def solve(
    instruction_bits: Annotated[int, Param("指令字长", "位", min=2, max=64)],
    address_bits: Annotated[int, Param("地址码位数", "每个地址字段的位数", min=1, max=32)],
    addresses: Annotated[int, Param("最多的地址数", "地址码最多的指令有几个地址", min=1, max=6)],
    counts: Annotated[
        list[int], Param("各种指令条数", "从地址最多的起依次写，最后一种求最大条数的不写", min=0, max_len=7)
    ],
    byte_multiple: Annotated[bool, Param("字长取字节整数倍", "求最短指令字长时向上取整到 8 的倍数")] = True,
) -> Solution:
    """Share code points among instruction formats with fewer and fewer addresses (扩展操作码).

    Args:
        instruction_bits: length of every instruction.
        address_bits: width of one address field.
        addresses: addresses of the first format; each next format has one fewer.
        counts: instructions of the formats in order; the next format after them is the one maximised.
        byte_multiple: round the shortest length up to whole bytes.

    Returns:
        `max_count` of the format after those in `counts`, `ranges` (opcodes of every format), `unused` (code
        points left for extension), and `min_instruction_bits`, the shortest instruction that would hold
        `counts`.

    Raises:
        InputError: fields longer than the instruction, too many counts, or counts that do not fit.

    Examples:
        >>> solve(16, 4, 3, [15, 15, 15]).answer["max_count"]
        16
        >>> solve(16, 6, 2, [12]).answer["max_count"]
        256
        >>> solve(32, 6, 3, [29, 107]).answer["min_instruction_bits"]
        24

    Conventions:
        Every code point a format leaves unused extends to 2**address_bits opcodes of the next. Codes are
        given out in ascending order.

    Source:
        唐朔飞《计算机组成原理》第7章（指令格式）; 408 真题 2017、2022.
    """
    first = instruction_bits - addresses * address_bits
    if first < 1:
        raise InputError(
            f"指令字长 {instruction_bits!r} 放不下 {addresses} 个 {address_bits} 位地址码和操作码，请改正。"
        )
    if len(counts) > addresses:
        raise InputError(f"条数 {counts!r} 太多：从 {addresses} 地址到零地址，最后一种不写，最多写 {addresses} 个。")
    steps: list[Step] = []
    rows: list[list[str]] = []
    ranges: dict[str, Result] = {}
    left: list[Result] = []
    free, begin, width = 1 << first, 0, first
    for i, count in enumerate([*counts, None]):
        name = f"{NUMERALS[addresses - i]}地址指令"
        taken = free if count is None else count
        if taken > free:
            raise InputError(f"{name} {taken!r} 条，但操作码只剩 {free} 个，请减少条数或增加字长。")
        shown = f"{_code(begin, width)}～{_code(begin + taken - 1, width)}" if taken else "无"
        ranges[name] = shown
        rows.append([name, str(width), str(free), str(taken), shown])
        steps.append(_step(i, name, first, address_bits, width, free, count, list(rows)))
        if count is not None:
            free, begin, width = (free - taken) << address_bits, (begin + taken) << address_bits, width + address_bits
            left.append(free >> address_bits)
    shortest = _shortest(address_bits, addresses, counts, byte_multiple)
    steps[-1] = Step(
        steps[-1].why,
        steps[-1].data,
        credit="求最多条数",
        gives={"max_count": free, "ranges": ranges, "unused": left},
    )
    if counts:
        round_up = "（取字节整数倍）" if byte_multiple else ""
        why = f"只为放下已给的 {listed(counts)} 条指令，指令字长至少 {shortest} 位{round_up}。"
        steps.append(Step(why, gives={"min_instruction_bits": shortest}))
    return Solution(steps, ("操作码从小到大分配", "没有用掉的每个码点都可用下一地址字段扩展"))


def _step(
    i: int, name: str, first: int, address_bits: int, width: int, free: int, count: int | None, rows: list[list[str]]
) -> Step:
    """Describe one format."""
    origin = (
        f"操作码 {first} 位，共 $2^{{{first}}}={free}$ 个码点"
        if i == 0
        else (
            f"上一格式剩 {free >> address_bits} 个码点，各扩展 {address_bits} 位，"
            f"${free >> address_bits}\\times 2^{{{address_bits}}}={free}$ 个码点（操作码 {width} 位）"
        )
    )
    use = f"最多 {free} 条。" if count is None else f"用 {count} 个，剩 {free - count} 个。"
    columns = ["格式", "操作码位数", "可用码点", "条数", "操作码范围"]
    return Step(f"{name}：{origin}，{use}", Table(columns, rows, [(len(rows) - 1, 3)]), credit=f"{name}的码点数")


def _code(value: int, width: int) -> str:
    return grouped(binary(value, width))


def _shortest(address_bits: int, addresses: int, counts: list[int], byte_multiple: bool) -> int:
    """Return the shortest instruction that holds the counts."""
    bits = addresses * address_bits + 1
    while not _fits(bits, address_bits, addresses, counts) or (byte_multiple and bits % 8):
        bits += 1
    return bits


def _fits(bits: int, address_bits: int, addresses: int, counts: list[int]) -> bool:
    free = 1 << (bits - addresses * address_bits)
    for count in counts:
        if count > free:
            return False
        free = (free - count) << address_bits
    return True


def mistakes(
    instruction_bits: int, address_bits: int, addresses: int, counts: list[int], byte_multiple: bool
) -> Iterator[Mistake]:
    """Name the slips: no code point kept, one kept at every level, lengths not shared."""
    first = instruction_bits - addresses * address_bits
    free = 1 << first
    kept = 1 << first
    for count in counts:
        kept = max(0, kept - count - 1) << address_bits
        free = (free - count) << address_bits
    n = len(counts)
    whole = 1 << (first + n * address_bits)
    yield Mistake("每级都多留了一个码点不用", {"max_count": kept})
    yield Mistake("没有减去已经用掉的码点", {"max_count": whole})
    yield Mistake("直接用总码点数减去各种条数", {"max_count": whole - sum(counts)})
    yield Mistake("最后还多留一个扩展用的码点", {"max_count": free - 1})
    yield Mistake("漏了按地址字段扩展", {"max_count": free >> address_bits})
    separate = addresses * address_bits + (sum(counts) - 1).bit_length() if counts else instruction_bits
    yield Mistake("所有指令用同样长的操作码", {"min_instruction_bits": -(-separate // 8) * 8})
    shortest = _shortest(address_bits, addresses, counts, False)
    yield Mistake("没有取字节的整数倍", {"min_instruction_bits": shortest})
    yield Mistake("多取了一个字节", {"min_instruction_bits": -(-shortest // 8) * 8 + 8})
    yield Mistake("少算一个字节", {"min_instruction_bits": -(-shortest // 8) * 8 - 8})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Ask for the most instructions of the last format; longer chains later."""
    address_bits = rng.choice([4, 6] if difficulty < 4 else [3, 4, 6])
    addresses = 2 if difficulty < 3 else 3
    first = rng.choice([4, 5] if address_bits < 6 else [4])
    bits = first + addresses * address_bits
    counts: list[int] = []
    free = 1 << first
    for _ in range(1 if difficulty < 3 else 2):
        used = free - rng.randint(1, 3)
        counts.append(used)
        free = (free - used) << address_bits
    given = "，".join(f"{NUMERALS[addresses - i]}地址指令 {c} 条" for i, c in enumerate(counts))
    last = NUMERALS[addresses - len(counts)]
    stem = f"某机指令字长 {bits} 位，每个地址码 {address_bits} 位，采用扩展操作码。若有{given}，则{last}地址指令最多有（ ）。"
    args = {"instruction_bits": bits, "address_bits": address_bits, "addresses": addresses, "counts": counts}
    return Draft(stem, args, "max_count")
