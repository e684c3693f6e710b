"""Memory expansion (存储器扩展): how many chips, which address lines, and each group's address range."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Annotated

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Bits, Solution, Step, Table
from assistant408.core.trace import Value as Result
from assistant408.solvers.co._bits import hexadecimal, log2, width_for
from assistant408.solvers.co._text import memory_shape, show_size

__all__ = ["solve"]


@solver(
    "co.memory_expansion",
    title="主存容量扩展与片选",
    summary="用若干存储芯片（如 2K×4 位）组成一个存储器（如 8K×8 位），求芯片数、位扩展与字扩展、片内和片选地址线、各组地址范围。",
    syllabus=("co.memory.expansion", "co.memory.chip-select"),
    keywords=("存储器扩展", "位扩展", "字扩展", "芯片数", "片选", "译码", "地址范围", "地址线"),
    answers={
        "chips": Out("芯片总数", "片"),
        "per_group": Out("每组芯片数（位扩展）", "片"),
        "groups": Out("组数（字扩展）", "组"),
        "on_chip_bits": Out("片内地址线", "根"),
        "select_bits": Out("片选用的高位地址线", "根"),
        "ranges": Out("各组的地址范围"),
        "asked_lowest": Out("指定地址所在芯片的最小地址"),
        "asked_highest": Out("指定地址所在芯片的最大地址"),
    },
    examples=({"chip": "2K×4位", "memory": "8K×8位", "asked_address": 0x0B1F},),
)
def solve(
    chip: Annotated[str, Param("芯片规格", "字数×位数，如 2K×4位", max_len=20)],
    memory: Annotated[str, Param("存储器规格", "这部分存储空间的 字数×位数，如 8K×8位", max_len=20)],
    start_address: Annotated[int, Param("起始地址", "这部分空间的首地址", min=0, max=2**48)] = 0,
    address_bits: Annotated[int | None, Param("CPU 地址线数", "不给时取刚好够用的位数", min=1, max=64)] = None,
    asked_address: Annotated[int | None, Param("要查的地址", "问该地址所在芯片的地址范围", min=0)] = None,
) -> Solution:
    """Build a memory from chips (位扩展、字扩展与片选).

    Args:
        chip: organisation of one chip, words × bits; the words are a power of two.
        memory: organisation of the memory to build.
        start_address: address of its first word.
        address_bits: address lines of the CPU; just enough by default.
        asked_address: an address whose chip is asked for.

    Returns:
        `chips`, `per_group` (bit expansion), `groups` (word expansion), `on_chip_bits`, `select_bits`,
        `ranges` (one "first～last" a group), `asked_lowest` and `asked_highest`.

    Raises:
        InputError: a malformed organisation, sizes that do not divide, or an address outside the memory.

    Examples:
        >>> solve("2K×4位", "8K×8位", asked_address=0x0B1F).answer["asked_lowest"]
        '0800H'
        >>> solve("16K×1位", "64K×8位").answer["chips"]
        32
        >>> solve("8K×8位", "8K×8位", 0x6000).answer["ranges"]
        ['6000H～7FFFH']

    Conventions:
        Addresses count words of the memory. Capacity K = 2**10. The high address lines select the group.

    Source:
        唐朔飞《计算机组成原理》第4章（存储器与 CPU 的连接）; 408 真题 2010.
    """
    chip_words, chip_bits = memory_shape(chip, "芯片规格")
    words, bits = memory_shape(memory, "存储器规格")
    on_chip = log2(chip_words, "芯片字数")
    if words % chip_words:
        raise InputError(f"存储器字数 {memory!r} 不是芯片字数 {chip!r} 的整数倍，请改正。")
    groups, per_group = words // chip_words, -(-bits // chip_bits)
    if groups > 256:
        raise InputError(f"共需 {groups!r} 组芯片，超过 256 组，请换大些的芯片。")
    last = start_address + words - 1
    lines = address_bits or width_for(last + 1)
    if last >> lines:
        raise InputError(f"{lines} 根地址线到不了地址 {last!r}，请增加地址线。")
    if asked_address is not None and not start_address <= asked_address <= last:
        raise InputError(f"要查的地址 {asked_address!r} 不在这部分空间内，请改正。")
    width = -(-lines // 4) * 4
    rows = []
    for g in range(groups):
        low = start_address + g * chip_words
        rows.append([f"第 {g} 组", hexadecimal(low, width), hexadecimal(low + chip_words - 1, width), str(per_group)])
    select = lines - on_chip
    steps = [
        Step(
            f"位扩展：${bits}/{chip_bits}$ 得每组 {per_group} 片；字扩展："
            f"${show_size(words, '')}/{show_size(chip_words, '')}={groups}$ 组；"
            f"共 ${per_group}\\times {groups}={per_group * groups}$ 片。",
            credit="求芯片数",
            gives={"chips": per_group * groups, "per_group": per_group, "groups": groups},
        ),
        Step(
            f"芯片有 $2^{{{on_chip}}}$ 个字，片内地址线 {on_chip} 根（低位）；其余 {select} 根高位地址线译码产生片选。",
            Bits([("片选", "x" * select), ("片内地址", "x" * on_chip)]),
            credit="划分片内地址与片选地址",
            gives={"on_chip_bits": on_chip, "select_bits": select},
        ),
    ]
    mark, gives = [], {}
    why = f"从 {hexadecimal(start_address, width)} 起，每组占 {show_size(chip_words, '')} 个地址。"
    if asked_address is not None:
        g = (asked_address - start_address) // chip_words
        mark = [(g, 1), (g, 2)]
        why += f"地址 {hexadecimal(asked_address, width)} 在第 {g} 组，该组芯片从 {rows[g][1]} 到 {rows[g][2]}。"
        gives = {"asked_lowest": rows[g][1], "asked_highest": rows[g][2]}
    ranges: list[Result] = [f"{row[1]}～{row[2]}" for row in rows]
    columns = ["组", "首地址", "末地址", "片数"]
    steps.append(Step(why, Table(columns, rows, mark), "写出各组地址范围", {"ranges": ranges, **gives}))
    return Solution(steps, ("地址按存储字计数，K = 2^10", "同组芯片共用一个片选信号"))


def mistakes(
    chip: str, memory: str, start_address: int, address_bits: int | None, asked_address: int | None
) -> Iterator[Mistake]:
    """Name the slips: one of the two expansions forgotten, ranges of a single chip's capacity."""
    chip_words, chip_bits = memory_shape(chip, "芯片规格")
    words, bits = memory_shape(memory, "存储器规格")
    groups, per_group = words // chip_words, -(-bits // chip_bits)
    lines = address_bits or width_for(start_address + words)
    on_chip = width_for(chip_words)
    yield Mistake("只做字扩展，漏了位扩展", {"chips": groups})
    yield Mistake("只做位扩展，漏了字扩展", {"chips": per_group})
    yield Mistake("位扩展与字扩展的片数相加", {"chips": groups + per_group})
    yield Mistake("位扩展算了两次", {"chips": groups * per_group * per_group})
    yield Mistake("多算一倍", {"chips": 2 * groups * per_group})
    yield Mistake("把片选线数当成片内地址线数", {"on_chip_bits": lines - on_chip, "select_bits": on_chip})
    yield Mistake("按芯片位容量求地址线", {"on_chip_bits": width_for(chip_words * chip_bits)})
    yield Mistake("用总地址线数", {"on_chip_bits": lines, "select_bits": lines})
    yield Mistake("片选线数取组数", {"select_bits": groups})
    if asked_address is None:
        return
    width = -(-lines // 4) * 4
    offset = asked_address - start_address

    def gives(size: int) -> dict[str, str]:
        low = start_address + offset // size * size
        return {"asked_lowest": hexadecimal(low, width), "asked_highest": hexadecimal(low + size - 1, width)}

    yield Mistake("按两组芯片的容量划分地址", gives(2 * chip_words))
    yield Mistake("同组的芯片被当成各占一半地址", gives(max(1, chip_words // per_group)))
    yield Mistake("按芯片的位容量换算成字数", gives(max(1, chip_words * chip_bits // bits)))
    yield Mistake("以为全部芯片从同一首地址开始", {"asked_lowest": hexadecimal(start_address, width)})
    yield Mistake(
        "取成下一组", {"asked_lowest": hexadecimal(start_address + (offset // chip_words + 1) * chip_words, width)}
    )


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Ask for the number of chips at first, for a chip's lowest address later."""
    chip_words, chip_bits = rng.choice([1, 2, 4, 8]), rng.choice([1, 2, 4])
    groups = rng.choice([4, 8, 16]) if difficulty > 2 else rng.choice([2, 4, 8])
    bits = rng.choice([8, 16])
    chip, memory = f"{chip_words}K×{chip_bits}位", f"{chip_words * groups}K×{bits}位"
    args: dict[str, Result] = {"chip": chip, "memory": memory}
    if difficulty < 3:
        return Draft(f"用 {chip} 的存储芯片组成 {memory} 的存储器，共需芯片（ ）。", args, "chips")
    asked = rng.randrange(chip_words * 1024, chip_words * groups * 1024)
    args["asked_address"] = asked
    width = -(-width_for(chip_words * groups * 1024) // 4) * 4
    stem = f"用若干 {chip} 的芯片组成 {memory} 的存储器，地址 {hexadecimal(asked, width)} 所在芯片的最小地址是（ ）。"
    return Draft(stem, args, "asked_lowest")
