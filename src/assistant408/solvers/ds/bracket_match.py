"""Matching brackets with a stack (括号匹配)."""

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

PAIRS = {")": "(", "]": "[", "}": "{"}


@solver(
    "ds.bracket_match",
    title="括号匹配",
    summary="用栈检查括号序列（或含括号的表达式）是否匹配，求栈中左括号最多时的个数，以及扫描结束时栈中剩余的左括号。",
    syllabus=("ds.stack-queue.expression-eval", "ds.stack-queue.stack-basics"),
    keywords=("括号匹配", "左括号", "右括号", "栈的容量", "未匹配", "括号序列"),
    answers={
        "max_depth": Out("栈中左括号最多时的个数", "个"),
        "matched": Out("是否匹配"),
        "pairs": Out("配对的括号", "对"),
        "left": Out("扫描结束时栈中的左括号"),
    },
    examples=({"text": "((a+b)*[c-(d-e)])"}, {"text": "([)]"}),
)
def solve(
    text: Annotated[str, Param("括号序列", "可含其他字符，只看 ()[]{}", min_len=2, max_len=400)],
) -> Solution:
    """Match brackets with a stack (括号匹配).

    Args:
        text: brackets among other characters.

    Returns:
        `max_depth` of the stack, `matched`, the number of `pairs`, and the brackets `left` on the stack.

    Raises:
        InputError: no bracket in the text.

    Examples:
        >>> a = solve("((a+b)*[c-(d-e)])").answer
        >>> a["max_depth"], a["matched"], a["pairs"]
        (3, True, 4)
        >>> solve("([)]").answer["matched"]
        False

    Conventions:
        Scanning stops at the first bracket that doesn't match.

    Source:
        严蔚敏《数据结构（C 语言版）》§3.2.2.
    """
    marks = [c for c in text.translate(str.maketrans("（）【】［］｛｝", "()[][]{}")) if c in "()[]{}"]
    if not marks:
        raise InputError(f"序列 {text!r} 中没有括号，请检查。")
    stack: list[str] = []
    rows: list[list[Cell]] = []
    deepest = pairs = 0
    wrong = ""
    for c in marks:
        if c not in PAIRS:
            stack.append(c)
            deepest = max(deepest, len(stack))
        elif stack and stack[-1] == PAIRS[c]:
            stack.pop()
            pairs += 1
        else:
            wrong = c
        rows.append([c, join(stack, " ") or "空", "不匹配" if wrong else ""])
        if wrong:
            break
    matched = not wrong and not stack
    end = (
        f"遇到 {wrong} 时与栈顶不配" if wrong else f"扫描结束时栈{'空' if not stack else '中还有 ' + join(stack, ' ')}"
    )
    gives: dict[str, Value] = {"max_depth": deepest, "matched": matched, "pairs": pairs, "left": list(stack)}
    why = f"遇左括号进栈，遇右括号与栈顶配对后退栈；栈中最多 {deepest} 个，{end}，{'匹配' if matched else '不匹配'}。"
    table = Table(["扫描到", "栈（底→顶）", ""], rows)
    return Solution([Step(why, table, "栈的变化", gives)], ["栈中只存尚未配对的左括号"])


def mistakes(text: str) -> Iterator[Mistake]:
    """Yield counts of all brackets, and depths off by one."""
    answer = solve(text).answer
    deep, pairs = integer(answer["max_depth"]), integer(answer["pairs"])
    yield Mistake("把左括号总数当作栈的深度", {"max_depth": sum(c in "([{" for c in text), "pairs": pairs + 1})
    yield Mistake("少算了一层", {"max_depth": deep - 1, "pairs": pairs - 1})
    yield Mistake("多算了一层", {"max_depth": deep + 1, "pairs": 2 * pairs})
    yield Mistake("右括号也进栈", {"max_depth": sum(c in "()[]{}" for c in text)})
    yield Mistake("各种括号分开数", {"max_depth": deep + 2})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Draw a matched sequence."""
    out: list[str] = []
    stack: list[str] = []
    size = 6 + 2 * difficulty
    while len(out) + len(stack) < size or stack:
        if len(out) + len(stack) < size and (not stack or rng.random() < 0.6):
            opened = rng.choice("([{")
            out.append(opened)
            stack.append({"(": ")", "[": "]", "{": "}"}[opened])
        else:
            out.append(stack.pop())
    text = "".join(out)
    return Draft(f"用栈检查括号序列 {text} 是否匹配，栈中元素最多时的个数是（ ）。", {"text": text}, "max_depth")
