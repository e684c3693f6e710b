"""Array elements by indexed addressing (变址寻址访问数组): byte offset and address of an element."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Annotated

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Solution, Step, Table, Value
from assistant408.solvers.co._bits import hexadecimal, width_for

__all__ = ["solve"]


@solver(
    "co.array_index",
    title="变址寻址访问数组元素",
    summary="数组首地址作形式地址（或基址），元素占若干字节，求访问某个下标的元素时变址寄存器的内容和有效地址。",
    syllabus=("co.isa.addr-offset", "co.isa.asm-array"),
    keywords=("变址寄存器", "变址寻址", "数组", "首地址", "元素地址", "形式地址", "下标", "按行优先"),
    answers={
        "effective_address": Out("元素的地址（有效地址）"),
        "offset_code": Out("变址寄存器的内容（字节偏移）"),
        "offset": Out("字节偏移", "B"),
        "order": Out("元素的序号"),
    },
    examples=(
        {"base": 0x2C00, "element_bytes": 4, "index": [90]},
        {"base": 0x2000, "element_bytes": 4, "index": [3, 5], "dims": [10, 10]},
    ),
)
def solve(
    base: Annotated[int, Param("数组首地址", "第 0 个元素的地址", min=0, max=2**64)],
    element_bytes: Annotated[int, Param("元素的字节数", "", min=1, max=4096)],
    index: Annotated[list[int], Param("下标", "二维写两个，从 0 起", min=0, min_len=1, max_len=3)],
    dims: Annotated[list[int] | None, Param("各维的长度", "多维时给出", min=1, min_len=1, max_len=3)] = None,
) -> Solution:
    """Find an element of a row-major array.

    Args:
        base: address of the array.
        element_bytes: size of an element.
        index: subscripts from 0.
        dims: lengths of the dimensions, needed for more than one.

    Returns:
        `order` of the element, its byte `offset` (the index register, also as `offset_code`) and `effective_address`.

    Raises:
        InputError: subscripts that don't fit the dimensions.

    Examples:
        >>> a = solve(0x2C00, 4, [90]).answer
        >>> a["offset_code"], a["effective_address"]
        ('0168H', '2D68H')
        >>> solve(0x2000, 4, [3, 5], [10, 10]).answer["offset"]
        140

    Source:
        袁春风《计算机系统基础》第3章; 408 真题 2017.
    """
    shape = dims or [max(index) + 1]
    if len(shape) != len(index) or any(i >= n for i, n in zip(index, shape, strict=True)):
        raise InputError(f"下标 {index!r} 与各维长度 {shape!r} 不符，请检查（下标从 0 开始）。")
    order = 0
    for i, n in zip(index, shape, strict=True):
        order = order * n + i
    offset = order * element_bytes
    width = max(16, -(-width_for(base + offset + 1) // 4) * 4)
    row = f"按行存放，前面有 {order} 个元素；" if len(index) > 1 else ""
    address = hexadecimal(base + offset, width)
    why = (
        f"{row}字节偏移 ${order}\\times {element_bytes}={offset}$，即 {hexadecimal(offset, width)}；"
        f"有效地址 = {hexadecimal(base, width)} + {hexadecimal(offset, width)} = {address}。"
    )
    gives: dict[str, Value] = {
        "order": order,
        "offset": offset,
        "offset_code": hexadecimal(offset, width),
        "effective_address": address,
    }
    table = Table(["首地址", "序号", "字节偏移", "有效地址"], [[hexadecimal(base, width), order, offset, address]])
    return Solution([Step(why, table, "求元素地址", gives)], ("下标从 0 开始，按行优先存放",))


def mistakes(base: int, element_bytes: int, index: list[int], dims: list[int] | None) -> Iterator[Mistake]:
    """Name the slips: the subscript for the offset, counting from 1, columns first."""
    answer = solve(base, element_bytes, index, dims).answer
    order, width = int(str(answer["order"])), 4 * (len(str(answer["effective_address"])) - 1)

    def at(n: int) -> dict[str, str]:
        return {"effective_address": hexadecimal(base + n, width), "offset_code": hexadecimal(n, width)}

    yield Mistake("没有乘元素的字节数", at(order if element_bytes > 1 else order + 2))
    yield Mistake("下标从 1 数起，多算一个元素", at((order + 1) * element_bytes))
    yield Mistake("少算一个元素", at(max(0, order - 1) * element_bytes))
    if len(index) == 2 and dims:
        yield Mistake("按列存放", at((index[1] * dims[0] + index[0]) * element_bytes))
    yield Mistake("字节数取成一半", at(order * max(1, element_bytes // 2) + (element_bytes == 1)))


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Ask for an element's address."""
    base = rng.choice([0x1000, 0x2000, 0x2C00])
    if difficulty < 3:
        i = rng.randint(5, 90)
        stem = f"int 型数组 a（元素占 4 B）的首地址为 {hexadecimal(base, 16)}，按字节编址，a[{i}] 的地址为（ ）。"
        return Draft(stem, {"base": base, "element_bytes": 4, "index": [i]}, "effective_address")
    i, j = rng.randint(1, 9), rng.randint(1, 9)
    stem = f"int A[10][10] 按行优先存放，首地址为 {hexadecimal(base, 16)}，int 占 4 B，A[{i}][{j}] 的地址为（ ）。"
    return Draft(stem, {"base": base, "element_bytes": 4, "index": [i, j], "dims": [10, 10]}, "effective_address")
