"""Bit map (位示图): block number to word and bit, and back; size of the map."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Annotated

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Solution, Step, Table
from assistant408.solvers.os._show import size

__all__ = ["solve"]


@solver(
    "os.bitmap",
    title="位示图",
    summary="位示图管理磁盘空闲块：由盘块号求字号和位号，或由字号和位号求盘块号，并求位示图的字数和大小。",
    syllabus=("os.file.bitmap",),
    keywords=("位示图", "字号", "位号", "盘块号", "字长", "空闲块", "位图", "盘块分配"),
    answers={
        "block": Out("盘块号"),
        "word": Out("字号"),
        "bit": Out("位号"),
        "words": Out("位示图的字数", "字"),
        "bitmap_bytes": Out("位示图的大小", "B"),
        "bitmap_blocks": Out("位示图占用的盘块数", "块"),
    },
    examples=(
        {"word_bits": 32, "word": 12, "bit": 25},
        {"word_bits": 16, "word": 3, "bit": 5, "total_blocks": 1000},
    ),
)
def solve(
    word_bits: Annotated[int, Param("字长", "一个字的位数，即位示图每行的位数", min=1, max=4096)],
    block: Annotated[int | None, Param("盘块号", "求字号和位号时给出", min=0)] = None,
    word: Annotated[int | None, Param("字号", "求盘块号时与位号一起给出", min=0)] = None,
    bit: Annotated[int | None, Param("位号", "求盘块号时与字号一起给出", min=0)] = None,
    total_blocks: Annotated[int | None, Param("盘块总数", "求位示图大小时给出", min=1)] = None,
    first_block: Annotated[int, Param("首个盘块号", "从 0 或 1 编号", min=0, max=1)] = 0,
    first_index: Annotated[int, Param("字号和位号的起点", "从 0 或 1 编号", min=0, max=1)] = 0,
    block_bytes: Annotated[int | None, Param("盘块大小", "字节，求位示图占多少块时给出", min=1)] = None,
) -> Solution:
    """Convert between a block and its place in the bit map (位示图).

    Args:
        word_bits: bits in a word (a row of the map).
        block: block number, to find word and bit.
        word, bit: a place, to find the block.
        total_blocks: blocks on the disk, to size the map.
        first_block: number of the first block, 0 or 1.
        first_index: number of the first word and of the first bit, 0 or 1.
        block_bytes: bytes of a block, to size the map in blocks.

    Returns:
        `word` and `bit`, or `block`; with `total_blocks` also `words` and `bitmap_bytes`,
        with `block_bytes` too `bitmap_blocks`.

    Raises:
        InputError: neither a block nor a place, a number below its first or beyond the disk or the word.

    Examples:
        >>> solve(32, block=409).answer
        {'word': 12, 'bit': 25}
        >>> solve(32, word=12, bit=25).answer["block"]
        409
        >>> solve(16, block=16, first_block=1, first_index=1).answer  # the last bit of the first word
        {'word': 1, 'bit': 16}

    Conventions:
        Words follow each other in order of block numbers, and so do the bits in a word.

    Source:
        汤小丹《计算机操作系统》第9章 §位示图法.
    """
    steps: list[Step] = []
    if block is not None:
        steps.append(_to_place(word_bits, block, first_block, first_index))
    if word is not None or bit is not None:
        if word is None or bit is None:
            raise InputError("求盘块号要同时给出字号 word 和位号 bit，请补上。")
        steps.append(_to_block(word_bits, word, bit, first_block, first_index))
    if total_blocks is not None:
        found = block if block is not None else steps and steps[0].gives["block"]
        if isinstance(found, int) and found >= total_blocks + first_block:
            raise InputError(f"盘块号 {found!r} 超过最后一块 {total_blocks + first_block - 1}，请核对。")
        steps.append(_sizes(word_bits, total_blocks, block_bytes))
    if not steps:
        raise InputError("请给出盘块号 block，或字号 word 与位号 bit，或盘块总数 total_blocks。")
    return Solution(steps, [f"盘块从 {first_block} 编号，字和位从 {first_index} 编号"])


def _to_place(n: int, block: int, first_block: int, first_index: int) -> Step:
    if block < first_block:
        raise InputError(f"盘块号 {block!r} 小于首个盘块号 {first_block}，请核对。")
    row, column = divmod(block - first_block, n)
    b = f"({block}-{first_block})" if first_block else str(block)
    plus = f"+{first_index}" if first_index else ""
    return Step(
        f"字号 $=\\lfloor {b}/{n}\\rfloor{plus}={row + first_index}$，"
        f"位号 $={b}\\bmod {n}{plus}={column + first_index}$。",
        _picture(n, row, column, first_index),
        credit="整除得字号，取余得位号",
        gives={"word": row + first_index, "bit": column + first_index},
    )


def _to_block(n: int, word: int, bit: int, first_block: int, first_index: int) -> Step:
    if word < first_index or not first_index <= bit < n + first_index:
        raise InputError(
            f"字号 {word!r}、位号 {bit!r} 不合要求：字号不小于 {first_index}，"
            f"位号在 {first_index} 到 {n + first_index - 1} 之间。"
        )
    block = (word - first_index) * n + bit - first_index + first_block
    row = f"({word}-{first_index})" if first_index else str(word)
    column = f"({bit}-{first_index})" if first_index else str(bit)
    plus = f"+{first_block}" if first_block else ""
    return Step(
        f"盘块号 $={row}\\times {n}+{column}{plus}={block}$。",
        _picture(n, word - first_index, bit - first_index, first_index),
        credit="字号乘字长加位号",
        gives={"block": block},
    )


def _sizes(n: int, total: int, block_bytes: int | None) -> Step:
    words = -(-total // n)
    size_bytes = -(-words * n // 8)
    blocks = -(-size_bytes // block_bytes) if block_bytes else 0
    more = f"，占 $\\lceil{size_bytes}/{block_bytes}\\rceil={blocks}$ 个盘块" if block_bytes else ""
    return Step(
        f"每块一位，共 {total} 位，需 $\\lceil{total}/{n}\\rceil={words}$ 个字，即 {size(size_bytes)}{more}。",
        credit="位示图的大小",
        gives={"words": words, "bitmap_bytes": size_bytes} | ({"bitmap_blocks": blocks} if block_bytes else {}),
    )


def _picture(n: int, row: int, column: int, first_index: int) -> Table:
    """Show the row of the map around the bit."""
    low = max(0, min(column - 4, n - 9))
    shown = range(low, min(n, low + 9))
    cells = ["●" if c == column else "·" for c in shown]
    return Table(
        ["字＼位", *(str(c + first_index) for c in shown)],
        [[str(row + first_index), *cells]],
        [(0, 1 + column - low)],
    )


def mistakes(
    word_bits: int,
    block: int | None,
    word: int | None,
    bit: int | None,
    total_blocks: int | None,
    first_block: int,
    first_index: int,
    block_bytes: int | None,
) -> Iterator[Mistake]:
    """Misconceptions: numbering from 0 or 1 mixed up, quotient and remainder swapped."""
    if block is not None:
        row, column = divmod(block - first_block, word_bits)
        row, column = row + first_index, column + first_index
        yield Mistake("字号与位号弄反", {"word": column, "bit": row})
        yield Mistake("编号起点弄反，结果多 1", {"word": row + 1, "bit": column + 1})
        yield Mistake("编号起点弄反，结果少 1", {"word": row - 1, "bit": column - 1})
        raw = divmod(block, word_bits)
        yield Mistake("没有处理编号的起点，直接整除取余", {"word": raw[0], "bit": raw[1]})
        by_byte = divmod(block - first_block, 8)
        yield Mistake("按一个字 8 位计算", {"word": by_byte[0] + first_index, "bit": by_byte[1] + first_index})
    if word is not None and bit is not None:
        right = (word - first_index) * word_bits + bit - first_index + first_block
        yield Mistake("没有减去字号、位号的起点", {"block": word * word_bits + bit})
        yield Mistake("多算一块", {"block": right + 1})
        yield Mistake("少算一块", {"block": right - 1})
        yield Mistake("字号与位号弄反", {"block": bit * word_bits + word})
        yield Mistake("字号没有减 1", {"block": right + word_bits})
        yield Mistake("把字号与位号相乘", {"block": word * bit})
    if total_blocks is not None:
        right = -(-total_blocks // word_bits)
        yield Mistake("把位数当作字节数", {"bitmap_bytes": total_blocks})
        yield Mistake("把字数当作字节数", {"bitmap_bytes": right})
        yield Mistake("每块用一个字节乘字长", {"bitmap_bytes": total_blocks * word_bits})
        yield Mistake("向下取整", {"words": total_blocks // word_bits})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Draw either direction; numbering from 1 comes with difficulty."""
    n = rng.choice([16, 32] if difficulty < 4 else [16, 32, 64])
    first = rng.randint(0, 1) if difficulty > 2 else 0
    word, bit = rng.randint(2, 20 * difficulty), rng.randint(first, n - 1)
    head = f"用位示图管理磁盘空闲空间，字长 {n} 位，盘块号从 {first} 编号，字号和位号从 {first} 编号。"
    common = {"word_bits": n, "first_block": first, "first_index": first}
    if rng.random() < 0.5:
        stem = f"{head}位示图第 {word} 字第 {bit} 位对应的盘块号是（ ）。"
        return Draft(stem, {**common, "word": word, "bit": bit}, "block")
    ask = rng.choice(["word", "bit"])
    block = (word - first) * n + bit
    stem = f"{head}盘块号 {block} 在位示图中的{'字号' if ask == 'word' else '位号'}是（ ）。"
    return Draft(stem, {**common, "block": block}, ask)
