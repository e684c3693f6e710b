"""Struct alignment (结构体边界对齐): offsets, padding and size of a C struct."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Solution, Step, Table
from assistant408.solvers.co._bits import hexadecimal

__all__ = ["Member", "solve"]

Kind = Literal["char", "short", "int", "long", "longlong", "float", "double", "pointer"]

SIZES = {"char": 1, "short": 2, "int": 4, "longlong": 8, "float": 4, "double": 8}


@dataclass(frozen=True)
class Member:
    """A member of the struct; `count` above 1 makes it an array."""

    name: Annotated[str, Param("成员名", max_len=30)]
    type: Annotated[Kind, Param("类型", "C 类型；longlong 即 long long，pointer 即指针")]
    count: Annotated[int, Param("元素个数", "数组长度，不是数组时为 1", min=1, max=4096)] = 1


@dataclass(frozen=True)
class Layout:
    """Offsets of the members, the alignment and the size of the struct."""

    offsets: list[int]
    alignment: int
    size: int


@solver(
    "co.struct_alignment",
    title="结构体的边界对齐",
    summary="给出 C 结构体各成员的类型和次序，按边界对齐存放，求 sizeof、各成员的偏移和地址、填充字节数。",
    syllabus=("co.data.alignment",),
    keywords=("边界对齐", "结构体", "struct", "sizeof", "填充", "偏移量", "按边界对齐"),
    answers={
        "size": Out("结构体大小", "B"),
        "offsets": Out("各成员的偏移量", "B"),
        "addresses": Out("各成员的地址"),
        "padding": Out("填充字节数", "B"),
        "total": Out("数组所占字节数", "B"),
        "alignment": Out("结构体的对齐值", "B"),
    },
    examples=(
        {
            "members": [
                {"name": "c", "type": "char"},
                {"name": "d", "type": "double"},
                {"name": "i", "type": "int"},
                {"name": "s", "type": "short"},
            ]
        },
    ),
)
def solve(
    members: Annotated[list[Member], Param("成员", "依次写 名:类型:元素个数", min_len=1, max_len=40)],
    address: Annotated[int, Param("起始地址", "结构体变量的首地址", min=0)] = 0,
    word_bits: Annotated[Literal[32, 64], Param("机器字长", "决定 long 和指针的字节数")] = 32,
    double_align: Annotated[Literal[8, 4], Param("8 字节类型的对齐值", "8 为自然对齐，4 为 IA-32 Linux")] = 8,
    packed: Annotated[bool, Param("不对齐", "成员紧挨着存放")] = False,
    count: Annotated[int, Param("数组元素个数", "结构体数组的长度", min=1, max=100_000)] = 1,
) -> Solution:
    """Lay out a C struct with aligned members (结构体边界对齐).

    Args:
        members: members in order.
        address: first address of the variable, in bytes.
        word_bits: long and pointers take a word.
        double_align: alignment of double and long long.
        packed: leave no padding.
        count: elements of an array of such structs.

    Returns:
        `size` in bytes, `offsets` and `addresses` by member, `padding` (bytes in all), `alignment` and the
        `total` bytes of the array.

    Examples:
        >>> rows = [Member("c", "char"), Member("d", "double"), Member("i", "int"), Member("s", "short")]
        >>> solve(rows).answer["size"], solve(rows).answer["padding"]
        (24, 9)
        >>> solve(rows, double_align=4).answer["size"]
        20
        >>> solve([Member("c", "char", 5)]).answer["size"]  # an array aligns as its elements do
        5

    Conventions:
        Each member starts at a multiple of its own alignment; the struct's alignment is the largest of
        them, and its size is padded to a multiple of that, so that arrays of it stay aligned.

    Source:
        袁春风《计算机系统基础》第3章; System V ABI §3.1.2.
    """
    layout = _layout(members, word_bits, double_align, packed)
    used = sum(_size(m, word_bits) * m.count for m in members)
    rows: list[list[str | int]] = []
    steps = []
    end = 0
    for member, offset in zip(members, layout.offsets, strict=True):
        gap = offset - end
        total = _size(member, word_bits) * member.count
        shape = member.type if member.count == 1 else f"{member.type}[{member.count}]"
        rows.append([member.name, shape, _align(member, word_bits, double_align, packed), gap, offset, total])
        end = offset + total
        pad = f"先填充 {gap} 字节，" if gap else ""
        steps.append(
            Step(
                f"{member.name}：{shape} 占 {total} 字节，对齐值 {rows[-1][2]}，{pad}偏移量为 {offset}。",
                Table(_columns(), list(rows), [(len(rows) - 1, 4)]),
            )
        )
    tail = layout.size - end
    names = [m.name for m in members]
    steps.append(
        Step(
            f"成员到 {end - 1} 号字节结束，总长须为最大对齐值 {layout.alignment} 的整数倍，"
            f"{f'末尾填充 {tail} 字节，' if tail else ''}sizeof 为 {layout.size}；共填充 {layout.size - used} 字节。",
            Table(_columns(), [*rows, ["末尾", "", "", tail, end, ""]], [(len(rows), 3)]),
            credit="末尾补齐，求总长",
            gives={
                "size": layout.size,
                "offsets": dict(zip(names, layout.offsets, strict=True)),
                "addresses": {n: hexadecimal(address + o, 32) for n, o in zip(names, layout.offsets, strict=True)},
                "padding": layout.size - used,
                "alignment": layout.alignment,
            },
        )
    )
    if count > 1:
        why = f"数组有 {count} 个元素，共占 ${count}\\times {layout.size}={count * layout.size}$ 字节。"
        steps.append(Step(why, credit="求数组的字节数", gives={"total": count * layout.size}))
    return Solution(steps, (f"long 和指针占 {word_bits // 8} 字节", f"double、long long 按 {double_align} 字节对齐"))


def _columns() -> list[str]:
    return ["成员", "类型", "对齐值", "之前填充", "偏移量", "字节数"]


def _size(member: Member, word_bits: int) -> int:
    return SIZES.get(member.type, word_bits // 8)


def _align(member: Member, word_bits: int, double_align: int, packed: bool) -> int:
    size = _size(member, word_bits)
    natural = double_align if size == 8 and word_bits == 32 else size
    return 1 if packed else natural


def _layout(members: Sequence[Member], word_bits: int, double_align: int, packed: bool) -> Layout:
    """Place each member at the next multiple of its alignment."""
    end, widest = 0, 1
    offsets = []
    for member in members:
        align = _align(member, word_bits, double_align, packed)
        offset = -(-end // align) * align
        offsets.append(offset)
        end = offset + _size(member, word_bits) * member.count
        widest = max(widest, align)
    return Layout(offsets, widest, -(-end // widest) * widest)


def mistakes(
    members: list[Member], address: int, word_bits: int, double_align: int, packed: bool, count: int
) -> Iterator[Mistake]:
    """Name the slips: no padding, none at the end, everything aligned to a word."""
    used = sum(_size(m, word_bits) * m.count for m in members)
    yield Mistake("没有考虑对齐，把各成员的字节数相加", {"size": used, "padding": 0})
    right = _layout(members, word_bits, double_align, packed)
    end = right.offsets[-1] + _size(members[-1], word_bits) * members[-1].count
    yield Mistake("漏掉末尾的填充", {"size": end, "padding": end - used})
    slots = sum(-(-_size(m, word_bits) * m.count // 4) * 4 for m in members)
    yield Mistake("每个成员都补足 4 字节的整数倍", {"size": slots, "padding": slots - used})
    widest = max(_size(m, word_bits) for m in members)
    slots = sum(-(-_size(m, word_bits) * m.count // widest) * widest for m in members)
    yield Mistake("每个成员都补足最大成员的字节数", {"size": slots, "padding": slots - used})
    ordered = sorted(members, key=lambda m: -_size(m, word_bits))
    best = _layout(ordered, word_bits, double_align, packed)
    yield Mistake("以为编译器会重排成员", {"size": best.size, "padding": best.size - used})
    rounded = -(-end // 4) * 4
    yield Mistake("末尾只补到 4 的倍数", {"size": rounded, "padding": rounded - used})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Draw a struct whose order wastes space, with arrays from difficulty 3."""
    kinds: list[Kind] = ["char", "short", "int", "double"] if difficulty > 1 else ["char", "short", "int"]
    members = [Member("a", "char")]
    for name in "bcdef"[: 2 + difficulty // 2]:
        count = rng.randint(2, 7) if difficulty >= 3 and rng.random() < 0.4 else 1
        members.append(Member(name, rng.choice(kinds), count))
    members.append(Member("z", "char"))
    if all(m.type == "char" for m in members):
        members[1] = Member("b", "int")
    body = "".join(f"{m.type} {m.name}{f'[{m.count}]' if m.count > 1 else ''}; " for m in members)
    stem = f"某 32 位机按字节编址，数据按边界对齐存放，有结构体 struct {{ {body}}}，则 sizeof 的值为（ ）。"
    return Draft(stem, {"members": members}, "size")
