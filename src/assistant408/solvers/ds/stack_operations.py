"""Sequences of stack operations: whether they are legal, and what they leave (栈的操作序列)."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Annotated

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Cell, Solution, Step, Table, Value
from assistant408.solvers.ds._answers import integer
from assistant408.solvers.ds._text import join

__all__ = ["solve"]

PUSHES, POPS = "SIP", "XO"  # letters that papers use: S/X, I/O, Push/Pop (given as P and O)


@solver(
    "ds.stack_operations",
    title="栈的操作序列",
    summary="给出由进栈、出栈组成的操作序列（如 IOIIO，或 Push(1),Pop），判断是否合法，求出栈序列、最后的栈顶、栈中元素个数与所需容量。",
    syllabus=("ds.stack-queue.stack-basics", "ds.stack-queue.pop-sequence"),
    keywords=("操作序列", "进栈", "出栈", "合法", "非法", "栈顶元素", "Push", "Pop", "IO 序列"),
    answers={
        "valid": Out("操作序列是否合法"),
        "output": Out("出栈序列"),
        "top": Out("最后的栈顶元素"),
        "size": Out("最后栈中的元素个数", "个"),
        "capacity": Out("所需的栈容量", "个"),
    },
    examples=(
        {"operations": "SXSSXX", "items": ["a", "b", "c"]},
        {"operations": "SSXSSXX", "items": ["1", "2", "3", "4"]},
    ),
)
def solve(
    operations: Annotated[str, Param("操作序列", "S、I 或 P 表示进栈，X 或 O 表示出栈", min_len=1, max_len=200)],
    items: Annotated[list[str], Param("依次进栈的元素", "留空则为 1, 2, 3, …", max_len=100)] = [],  # noqa: B006
    empty_end: Annotated[bool, Param("结束时应为栈空", "判断整个进出过程是否合法时为真")] = False,
) -> Solution:
    """Follow a sequence of pushes and pops (栈的操作序列).

    Args:
        operations: a letter an operation.
        items: what is pushed, in order.
        empty_end: a legal sequence must leave the stack empty.

    Returns:
        `valid`; of a sequence that can be carried out also `output`, `top` (`None` if the stack is empty), `size` and
        `capacity`.

    Raises:
        InputError: another letter, or too few items.

    Examples:
        >>> a = solve("SXSSXSXX").answer
        >>> a["output"], a["capacity"], a["size"]
        (['1', '3', '4', '2'], 2, 0)
        >>> solve("IOOIOIIO").answer["valid"]
        False
        >>> solve("S").answer["top"]
        '1'

    Conventions:
        The stack is empty at first; a pop from an empty stack is illegal.

    Source:
        严蔚敏《数据结构（C 语言版）》§3.1.
    """
    marks = operations.upper().replace(" ", "").replace(",", "")
    if marks.strip(PUSHES + POPS):
        raise InputError(f"操作序列 {operations!r} 应只含 S、I、P（进栈）和 X、O（出栈），请检查。")
    pushed = sum(c in PUSHES for c in marks)
    names = list(items) or [str(k) for k in range(1, pushed + 1)]
    if len(names) < pushed:
        raise InputError(f"进栈 {pushed} 次，元素 {join(names)!r} 不够，请补上。")
    stack: list[str] = []
    output: list[str] = []
    rows: list[list[Cell]] = []
    done = deepest = 0
    for c in marks:
        if c in POPS and not stack:
            rows.append(["出栈", "空", "非法"])
            why = f"到第 {len(rows)} 个操作时栈已空，不能出栈，序列不合法。"
            return Solution([Step(why, _table(rows), "进栈次数不少于出栈次数", {"valid": False})], ["栈初始为空"])
        if c in POPS:
            output.append(stack.pop())
        else:
            stack.append(names[done])
            done += 1
        deepest = max(deepest, len(stack))
        rows.append(["出栈" if c in POPS else "进栈", join(stack, " ") or "空", output[-1] if c in POPS else ""])
    valid = not (empty_end and stack)
    end = f"最后栈中有 {len(stack)} 个元素" + (f"，栈顶为 {stack[-1]}" if stack else "")
    why = (
        f"逐个执行：出栈序列为 {join(output) or '空'}；{end}；途中最多 {deepest} 个，序列{'' if valid else '不'}合法。"
    )
    gives: dict[str, Value] = {
        "valid": valid,
        "output": output,
        "top": stack[-1] if stack else None,
        "size": len(stack),
        "capacity": deepest,
    }
    return Solution([Step(why, _table(rows), "逐个执行", gives)], ["栈初始为空"])


def _table(rows: list[list[Cell]]) -> Table:
    return Table(["操作", "栈（底→顶）", "出栈"], rows)


def mistakes(operations: str, items: list[str], empty_end: bool) -> Iterator[Mistake]:
    """Yield a queue's order, and sizes off by one."""
    answer = solve(operations, items, empty_end).answer
    yield Mistake("只看进栈与出栈的总次数", {"valid": not answer["valid"]})
    if "output" in answer:
        output, size, deep = answer["output"], integer(answer["size"]), integer(answer["capacity"])
        assert isinstance(output, list)
        yield Mistake("把栈当作队列", {"output": sorted(output), "size": size + 1, "capacity": deep + 1})
        yield Mistake("次序取反", {"output": output[::-1], "size": size + 2, "capacity": deep + 2})
        yield Mistake("漏了最后一个操作", {"output": output[:-1], "size": max(size - 1, 0), "capacity": deep - 1})
        yield Mistake("多算了进栈的元素", {"capacity": deep + len(output), "size": size + 3})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Draw a legal sequence and ask for its output or capacity."""
    n = 3 + difficulty
    marks, depth, pushed = "", 0, 0
    while pushed < n or depth:
        if pushed < n and (not depth or rng.random() < 0.55):
            marks, depth, pushed = marks + "S", depth + 1, pushed + 1
        else:
            marks, depth = marks + "X", depth - 1
    names = list("abcdefgh"[:n])
    ask, word = rng.choice([("output", "出栈序列"), ("capacity", "栈的容量至少")])
    stem = f"元素 {join(names, '、')} 依次进栈，操作序列为 {marks}（S 进栈，X 出栈），则{word}是（ ）。"
    return Draft(stem, {"operations": marks, "items": names}, ask)
