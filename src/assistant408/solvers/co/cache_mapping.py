"""Cache mapping (Cache 地址划分与总容量): tag, set and offset fields, line width and total capacity."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Literal

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Bits, Solution, Step
from assistant408.core.trace import Value as Result
from assistant408.solvers.co._bits import binary, field, hexadecimal, log2, word
from assistant408.solvers.co._text import SIZE, show_size, size_bytes

__all__ = ["solve"]

Write = Literal["写回", "全写"]


@dataclass(frozen=True)
class Shape:
    """Widths of the address fields and of a line."""

    lines: int
    sets: int
    tag_bits: int
    index_bits: int
    offset_bits: int
    line_bits: int


@solver(
    "co.cache_mapping",
    title="Cache 地址划分与总容量",
    summary="给出主存地址位数、Cache 容量、块大小和映射方式，求标记、组号（行号）、块内地址位数，每行位数和总容量，某主存地址的组号。",
    syllabus=("co.memory.cache-direct", "co.memory.cache-set", "co.memory.cache-full", "co.memory.cache-capacity"),
    keywords=(
        "Cache",
        "直接映射",
        "组相联",
        "全相联",
        "标记",
        "Tag",
        "组号",
        "行号",
        "块内地址",
        "Cache总容量",
        "脏位",
    ),
    answers={
        "tag_bits": Out("标记位数", "位"),
        "index_bits": Out("组号（行号）位数", "位"),
        "offset_bits": Out("块内地址位数", "位"),
        "lines": Out("Cache 行数", "行"),
        "sets": Out("Cache 组数", "组"),
        "line_bits": Out("每行位数", "位"),
        "comparators": Out("标记比较器的个数", "个"),
        "control_bits": Out("每行除数据外的位数", "位"),
        "total_bits": Out("Cache 总容量", "位"),
        "block_number": Out("主存块号"),
        "set_index": Out("所在组号（直接映射时为行号）"),
        "tag": Out("标记"),
        "offset": Out("块内地址"),
    },
    examples=(
        {
            "address_bits": 32,
            "cache_size": "32KB",
            "block_size": "64B",
            "ways": 4,
            "write": "写回",
            "address": 0x1234567,
        },
        {"address_bits": 28, "cache_size": "512B", "block_size": "64B", "ways": 1, "address": 444},
    ),
)
def solve(
    address_bits: Annotated[int, Param("主存地址位数", "", min=2, max=64)],
    cache_size: Annotated[str, Param("Cache 数据区容量", SIZE, max_len=20)],
    block_size: Annotated[str, Param("块大小", SIZE, max_len=20)],
    ways: Annotated[int, Param("路数", "每组行数；1 为直接映射，0 为全相联", min=0, max=65536)] = 1,
    write: Annotated[Write, Param("写策略", "写回法每行多 1 位脏位")] = "全写",
    replacement_bits: Annotated[int, Param("每行的替换控制位", "如 LRU 计数位", min=0, max=32)] = 0,
    unit_bytes: Annotated[int, Param("编址单位", "每个地址单元的字节数，按字节编址为 1", min=1, max=16)] = 1,
    address: Annotated[int | None, Param("主存地址", "要定位的地址，可不给", min=0)] = None,
) -> Solution:
    """Divide a main-memory address for a cache, and size the cache (Cache 地址划分与总容量).

    Args:
        address_bits: width of a main-memory address.
        cache_size: capacity of the data part, such as 32KB.
        block_size: size of a block, such as 64B.
        ways: lines in a set; 1 is direct mapping, 0 is fully associative.
        write: write-back needs a dirty bit in every line.
        replacement_bits: bits for the replacement algorithm in every line.
        unit_bytes: bytes of an addressable unit.
        address: an address to find.

    Returns:
        Field widths `tag_bits`, `index_bits`, `offset_bits`; `lines`, `sets`, `comparators` (one for each line of a set),
        `line_bits`, `control_bits` (without the data),
        `total_bits`;
        and for `address` its `block_number`, `tag`, `set_index` and `offset`.

    Raises:
        InputError: sizes that are no powers of two or do not fit together, an address too wide.

    Examples:
        >>> solve(32, "64KB", "16B").answer["tag_bits"]
        16
        >>> solve(28, "512B", "64B", address=444).answer["set_index"]
        6
        >>> solve(16, "1KB", "64B", 0).answer["index_bits"]  # fully associative: no index
        0

    Conventions:
        A line holds 1 valid bit, a dirty bit under write-back, the replacement bits, the tag and the
        data. The total capacity counts all of them.

    Source:
        袁春风《计算机系统基础》第6章; 408 真题 2010、2015.
    """
    cache, block = size_bytes(cache_size, "Cache 容量"), size_bytes(block_size, "块大小")
    shape = _shape(address_bits, cache, block, ways, write, replacement_bits, unit_bytes)
    if address is not None and address >> address_bits:
        raise InputError(f"主存地址 {address!r} 超过 {address_bits} 位，请检查地址位数。")
    name = "行号" if ways == 1 else "组号"
    pieces = [("标记", "x" * shape.tag_bits), (name, "x" * shape.index_bits), ("块内地址", "x" * shape.offset_bits)]
    steps = [
        Step(
            f"Cache 行数 ${show_size(cache)}/{show_size(block)}={shape.lines}$"
            + (f"，每组 {shape.lines // shape.sets} 行，组数 {shape.sets}。" if ways != 1 else "。")
            + f"同时比较一组内各行的标记，需 {shape.lines // shape.sets} 个比较器。",
            credit="求行数与组数",
            gives={"lines": shape.lines, "sets": shape.sets, "comparators": shape.lines // shape.sets},
        ),
        Step(
            f"块内地址 $\\log_2({block // unit_bytes})={shape.offset_bits}$ 位；"
            + (f"{name} $\\log_2 {shape.sets}={shape.index_bits}$ 位；" if ways else "全相联没有组号；")
            + f"标记 ${address_bits}-{shape.index_bits}-{shape.offset_bits}={shape.tag_bits}$ 位。",
            Bits([p for p in pieces if p[1]]),
            credit="划分主存地址",
            gives={
                "tag_bits": shape.tag_bits,
                "index_bits": shape.index_bits,
                "offset_bits": shape.offset_bits,
            },
        ),
        Step(
            f"每行：有效位 1 位{'、脏位 1 位' if write == '写回' else ''}"
            f"{f'、替换位 {replacement_bits} 位' if replacement_bits else ''}、标记 {shape.tag_bits} 位，除数据外 {shape.line_bits - 8 * block} 位；"
            f"数据 {8 * block} 位，共 {shape.line_bits} 位；总容量 ${shape.lines}\\times {shape.line_bits}={shape.lines * shape.line_bits}$ 位。",
            credit="求每行位数与总容量",
            gives={
                "line_bits": shape.line_bits,
                "control_bits": shape.line_bits - 8 * block,
                "total_bits": shape.lines * shape.line_bits,
            },
        ),
    ]
    if address is not None:
        steps.append(_locate(address, address_bits, shape, name))
    return Solution(steps, ("每行 1 位有效位" + ("、1 位脏位" if write == "写回" else "，全写法不需要脏位"),))


def _shape(
    address_bits: int, cache: int, block: int, ways: int, write: Write, replacement_bits: int, unit: int
) -> Shape:
    """Compute the widths."""
    offset = log2(block, "块大小") - log2(unit, "编址单位")
    if cache % block or offset < 0:
        raise InputError(f"Cache 容量 {cache!r} 应是块大小 {block} 的整数倍，块不小于编址单位，请改正。")
    lines = cache // block
    per_set = ways or lines
    if lines % per_set:
        raise InputError(f"路数 {ways!r} 不能整除 Cache 行数 {lines}，请改正。")
    index = log2(lines // per_set, "组数")
    tag = address_bits - index - offset
    if tag < 0:
        raise InputError(f"主存地址只有 {address_bits!r} 位，小于组号与块内地址的位数之和，请检查容量。")
    line_bits = 1 + (write == "写回") + replacement_bits + tag + 8 * block
    return Shape(lines, lines // per_set, tag, index, offset, line_bits)


def _locate(address: int, address_bits: int, shape: Shape, name: str) -> Step:
    """Cut one address into its fields."""
    offset = field(address, 0, shape.offset_bits)
    block = address >> shape.offset_bits
    index, tag = block % shape.sets, block // shape.sets
    parts = [
        ("标记", binary(tag, shape.tag_bits)),
        (name, binary(index, shape.index_bits)),
        ("块内地址", binary(offset, shape.offset_bits)),
    ]
    where = f"{name}为 ${block}\\bmod {shape.sets}={index}$" if shape.index_bits else "可放入任意一行"
    gives: dict[str, Result] = {
        "block_number": block,
        "set_index": index,
        "tag": word(tag, shape.tag_bits) if shape.tag_bits else "",
        "offset": offset,
    }
    return Step(
        f"地址 {hexadecimal(address, address_bits)} 的主存块号为 $\\lfloor {address}/{1 << shape.offset_bits}\\rfloor"
        f"={block}$，{where}。",
        Bits([p for p in parts if p[1]]),
        credit="求主存地址对应的位置",
        gives=gives,
    )


def mistakes(
    address_bits: int,
    cache_size: str,
    block_size: str,
    ways: int,
    write: Write,
    replacement_bits: int,
    unit_bytes: int,
    address: int | None,
) -> Iterator[Mistake]:
    """Name the slips: lines taken for sets, ways for sets, bits of the line forgotten."""
    cache, block = size_bytes(cache_size, "Cache 容量"), size_bytes(block_size, "块大小")
    s = _shape(address_bits, cache, block, ways, write, replacement_bits, unit_bytes)
    full = address_bits - s.offset_bits
    line_index = s.lines.bit_length() - 1
    per_set = s.lines // s.sets
    yield Mistake("用行数而不是组数求组号位数", {"index_bits": line_index, "tag_bits": full - line_index})
    yield Mistake("按全相联划分", {"index_bits": 0, "tag_bits": full})
    way_index = per_set.bit_length() - 1
    yield Mistake("用路数求组号位数", {"index_bits": way_index, "tag_bits": full - way_index})
    yield Mistake("标记没有减去块内地址", {"tag_bits": address_bits - s.index_bits})
    yield Mistake("标记位数多算一位", {"tag_bits": s.tag_bits + 1, "index_bits": s.index_bits - 1})
    yield Mistake("标记位数少算一位", {"tag_bits": s.tag_bits - 1, "index_bits": s.index_bits + 1})

    def capacity(line: int, why: str) -> Mistake:
        return Mistake(why, {"line_bits": line, "total_bits": s.lines * line})

    yield capacity(8 * block, "总容量只算了数据区")
    yield capacity(8 * block + s.tag_bits, "漏掉有效位等状态位")
    yield capacity(s.line_bits - 1, "漏掉有效位或脏位")
    yield capacity(s.line_bits + 1, "多算一位状态位" if write == "写回" else "全写法也算了脏位")
    yield capacity(s.line_bits - 7 * block, "数据区的字节没有换算成位")
    if address is None:
        return
    number = address >> s.offset_bits
    yield Mistake("主存块号没有对组数取模", {"set_index": number})
    yield Mistake("用主存地址直接对组数取模，没有先求块号", {"set_index": address % s.sets})
    yield Mistake("对行数取模而不是对组数取模", {"set_index": number % s.lines})
    yield Mistake("对路数取模", {"set_index": number % per_set})
    yield Mistake("从 1 开始编号", {"set_index": number % s.sets + 1})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Ask for a field width at first, for the set of an address or the total capacity later."""
    ways = rng.choice([1, 2, 4, 8] if difficulty > 1 else [1])
    block = rng.choice([16, 32, 64])
    cache = rng.choice([8, 16, 32, 64])
    bits = rng.choice([24, 28, 32])
    name = "直接映射" if ways == 1 else f" {ways} 路组相联映射"
    args: dict[str, Result] = {
        "address_bits": bits,
        "cache_size": f"{cache}KB",
        "block_size": f"{block}B",
        "ways": ways,
    }
    text = f"某计算机主存地址 {bits} 位，按字节编址，Cache 数据区容量 {cache} KB，主存块大小 {block} B，采用{name}，"
    if difficulty <= 2:
        return Draft(f"{text}则标记（Tag）的位数是（ ）。", args, "tag_bits")
    if difficulty == 3:
        address = rng.randrange(1 << 20, 1 << bits)
        where = "行号" if ways == 1 else "组号"
        stem = f"{text}主存地址 {hexadecimal(address, bits)} 所在主存块映射到的 Cache {where}是（ ）。"
        return Draft(stem, {**args, "address": address}, "set_index")
    write: Write = rng.choice(["写回", "全写"])
    extra = ways.bit_length() - 1 if difficulty == 5 else 0
    lru = f"，每行有 {extra} 位 LRU 替换位" if extra else ""
    stem = f"{text}{write}策略，每行有 1 位有效位{lru}，则 Cache 总容量（含标记和各控制位）为（ ）。"
    return Draft(stem, {**args, "write": write, "replacement_bits": extra}, "total_bits")
