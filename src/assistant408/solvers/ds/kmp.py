"""KMP string matching (KMP 模式匹配): next, nextval, the matching process and its comparisons."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Cell, Solution, Step, Table
from assistant408.solvers.ds._text import join

__all__ = ["solve"]


@solver(
    "ds.kmp",
    title="KMP 模式匹配",
    summary="给出模式串（和主串），求 next 数组、nextval 数组，以及 KMP 匹配的位置、趟数和字符比较次数。",
    syllabus=("ds.string.kmp-next", "ds.string.nextval", "ds.string.kmp-match", "ds.string.naive"),
    keywords=("KMP", "next 数组", "nextval", "模式串", "主串", "模式匹配", "失配", "比较次数", "部分匹配值"),
    answers={
        "next": Out("next 数组"),
        "nextval": Out("nextval 数组"),
        "comparisons": Out("字符比较次数", "次"),
        "position": Out("匹配成功的起始位置"),
        "passes": Out("匹配趟数", "趟"),
        "first_mismatch": Out("首次失配时的 i 与 j"),
        "resume": Out("首次失配后继续匹配的 i 与 j"),
        "naive_comparisons": Out("朴素算法的字符比较次数", "次"),
        "partial_match": Out("部分匹配值（PM）表"),
    },
    examples=(
        {"pattern": "abaabc", "text": "abaabaabacacaabaabcc", "start": 0},
        {"pattern": "ababaa", "start": 1},
    ),
)
def solve(
    pattern: Annotated[str, Param("模式串", "不含空格", min_len=1, max_len=60)],
    text: Annotated[str, Param("主串", "只求 next 数组时留空", max_len=300)] = "",
    start: Annotated[int, Param("下标起点", "串的下标从 0 还是从 1 开始", min=0, max=1)] = 1,
    table: Annotated[Literal["next", "nextval"], Param("匹配时所用的数组", "next 或 nextval")] = "next",
) -> Solution:
    """Compute next and nextval, and match by KMP (KMP 算法).

    Args:
        pattern: the pattern, 1 to 60 characters.
        text: the text to search, up to 300 characters; empty for the tables alone.
        start: subscript of the first character, 1 (next[1]=0) or 0 (next[0]=-1).
        table: which table the match uses.

    Returns:
        `next`, `nextval`, `partial_match`; with a text also `comparisons`, `position` (`start`-1 if there is
        no match), `passes`, `naive_comparisons`, and after a mismatch `first_mismatch` and `resume`.

    Examples:
        >>> solve("ababaa").answer["next"], solve("ababaa").answer["nextval"]
        ([0, 1, 1, 2, 3, 4], [0, 1, 0, 1, 0, 4])
        >>> a = solve("abaabc", "abaabaabcabaabc", start=0).answer
        >>> a["comparisons"], a["first_mismatch"], a["resume"]
        (10, [5, 5], [5, 2])
        >>> solve("b", "aa").answer["position"]
        0

    Conventions:
        next[j] is the subscript to compare next when character j mismatches.
        At next[j] = start-1, i moves on and j returns to `start`.

    Source:
        严蔚敏《数据结构（C 语言版）》§4.3; Knuth, Morris, Pratt, SIAM J. Comput. 6 (1977).
    """
    jumps, values = next_table(pattern), nextval_table(pattern)
    subscripts = range(start, start + len(pattern))
    shown = [[j + start for j in row] for row in (jumps, values)]
    steps = [
        Step(
            f"next[{start}]={start - 1}；其余 next[j] 等于 j 之前子串的最长相等前后缀长度"
            f"{'加 1' if start else ''}，得 {join(shown[0])}。",
            Table(["j", *map(str, subscripts)], [["模式串", *pattern], ["next", *shown[0]]]),
            "next 数组",
            {"next": shown[0]},
        ),
        Step(
            f"若 $p_j=p_{{next[j]}}$，失配后再比必然失败，令 nextval[j]=nextval[next[j]]，否则等于 next[j]；"
            f"得 {join(shown[1])}。",
            Table(
                ["j", *map(str, subscripts)],
                [["模式串", *pattern], ["next", *shown[0]], ["nextval", *shown[1]]],
                [(2, k + 1) for k in range(len(pattern)) if jumps[k] != values[k]],
            ),
            "nextval 数组",
            {"nextval": shown[1], "partial_match": _borders(pattern)[1:]},
        ),
    ]
    if text:
        steps += _matching(text, pattern, jumps if table == "next" else values, start, table)
    return Solution(steps, [f"下标从 {start} 开始，next[{start}]={start - 1}", f"匹配使用 {table} 数组"])


def _borders(pattern: str) -> list[int]:
    """Return the longest proper border's length of every prefix; entry 0 is -1."""
    out, k = [-1], -1
    for c in pattern:
        while k >= 0 and pattern[k] != c:
            k = out[k]
        k += 1
        out.append(k)
    return out


def next_table(pattern: str) -> list[int]:
    """Compute next from subscript 0, so that next[0] = -1.

    Examples:
        >>> next_table("abaabc")
        [-1, 0, 0, 1, 1, 2]
    """
    return _borders(pattern)[:-1]


def nextval_table(pattern: str) -> list[int]:
    """Compute nextval from subscript 0.

    Examples:
        >>> nextval_table("aaaab")
        [-1, -1, -1, -1, 3]
    """
    out: list[int] = []
    for j, k in enumerate(next_table(pattern)):
        out.append(out[k] if k >= 0 and pattern[k] == pattern[j] else k)
    return out


@dataclass(frozen=True)
class Pass:
    """One pass (一趟): from (i, j) by `comparisons` characters to (i_end, j_end), a mismatch or not."""

    i: int
    j: int
    comparisons: int
    i_end: int
    j_end: int
    mismatch: bool


def match(text: str, pattern: str, jumps: Sequence[int]) -> list[Pass]:
    """Run KMP with a table from subscript 0 and return its passes."""
    passes, i, j = [], 0, 0
    while i < len(text) and j < len(pattern):
        i0, j0 = i, j
        while i < len(text) and j < len(pattern) and text[i] == pattern[j]:
            i, j = i + 1, j + 1
        failed = i < len(text) and j < len(pattern)
        passes.append(Pass(i0, j0, i - i0 + failed, i, j, failed))
        if failed:
            j = jumps[j]
            if j < 0:
                i, j = i + 1, 0
    return passes


def _matching(text: str, pattern: str, jumps: Sequence[int], start: int, table: str) -> list[Step]:
    passes = match(text, pattern, jumps)
    rows: list[list[Cell]] = []
    for number, p in enumerate(passes, 1):
        end = f"i={p.i_end + start}, j={p.j_end + start}"
        result = f"失配于 {end}" if p.mismatch else "匹配成功" if p.j_end == len(pattern) else "主串结束"
        rows.append([number, p.i + start, p.j + start, p.comparisons, result])
    steps = []
    broken = [p for p in passes if p.mismatch]
    if broken:
        p = broken[0]
        jump = jumps[p.j_end]
        resume = [p.i_end + start, jump + start] if jump >= 0 else [p.i_end + 1 + start, start]
        steps.append(
            Step(
                f"首次失配在 i={p.i_end + start}，j={p.j_end + start}；"
                f"{table}[{p.j_end + start}]={jump + start}，"
                f"下次从 i={resume[0]}，j={resume[1]} 开始。",
                credit="失配后 i 不回退，j 退到 next[j]",
                gives={"first_mismatch": [p.i_end + start, p.j_end + start], "resume": resume},
            )
        )
    last = passes[-1]
    found = last.i_end - len(pattern) if last.j_end == len(pattern) else -1
    total = sum(p.comparisons for p in passes)
    sums = "+".join(str(p.comparisons) for p in passes)
    outcome = f"匹配成功，起始位置 {found + start}" if found >= 0 else "匹配失败"
    steps.append(
        Step(
            f"共 {len(passes)} 趟，{outcome}；比较 ${sums}={total}$ 次。",
            Table(["趟", "起始 i", "起始 j", "比较次数", "结果"], rows, [(len(rows) - 1, 4)]),
            "各趟的比较次数",
            {"comparisons": total, "position": found + start, "passes": len(passes)},
        )
    )
    naive = naive_comparisons(text, pattern)
    why = f"若用朴素算法，每趟失配后 i 回退，共比较 {naive} 次。"
    steps.append(Step(why, gives={"naive_comparisons": naive}))
    return steps


def naive_comparisons(text: str, pattern: str) -> int:
    """Count the character comparisons of the naive algorithm up to the first match.

    Examples:
        >>> naive_comparisons("aab", "ab")
        4
    """
    total = 0
    for i in range(len(text) - len(pattern) + 1):
        k = next((k for k, c in enumerate(pattern) if text[i + k] != c), None)
        if k is None:
            return total + len(pattern)
        total += k + 1
    return total


def mistakes(pattern: str, text: str, start: int, table: str) -> Iterator[Mistake]:
    """Yield slips of the base, of the border and of the comparison count."""
    jumps, values = next_table(pattern), nextval_table(pattern)

    def shift(row: Sequence[int], by: int) -> list[int]:
        return [k + by for k in row]

    yield Mistake("下标起点弄错，各项差 1", {"next": shift(jumps, 1 - start), "nextval": shift(values, 1 - start)})
    borders = _borders(pattern)[1:]
    yield Mistake("把部分匹配值表当成 next 数组", {"next": borders, "nextval": shift(jumps, start)})
    simple = [jumps[k] if k >= 0 and pattern[k] == pattern[j] else k for j, k in enumerate(jumps)]
    yield Mistake("字符相等时取 next[next[j]]，没有递推到底", {"nextval": shift(simple, start)})
    yield Mistake("求成了 nextval 数组", {"next": shift(values, start)})
    overlap = [*shift(jumps, start)[:-1], jumps[-1] + start + 1]
    yield Mistake("最后一项把失配字符本身也算进了前后缀", {"next": overlap})
    if text:
        used, other = (jumps, values) if table == "next" else (values, jumps)
        passes = match(text, pattern, used)
        total = sum(p.comparisons for p in passes)
        yield Mistake("只数了相等的比较，漏了失配的比较", {"comparisons": total - sum(p.mismatch for p in passes)})
        yield Mistake("用错了数组", {"comparisons": sum(p.comparisons for p in match(text, pattern, other))})
        yield Mistake("按朴素算法计数", {"comparisons": naive_comparisons(text, pattern)})
        yield Mistake("每趟之间重复计了一次比较", {"comparisons": total + len(passes) - 1})
        yield Mistake("按朴素算法数趟数", {"passes": passes[-1].i_end - passes[-1].j_end + 1})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Draw a pattern with borders; with a text from difficulty 3."""
    start = rng.choice([0, 1])
    letters = "ab" if difficulty < 4 else "abc"
    pattern = "".join(rng.choice(letters) for _ in range(4 + difficulty // 2)) + rng.choice("abc")
    pattern = pattern[:2] + pattern
    if difficulty < 3:
        ask = rng.choice(["next", "nextval"])
        given = f'模式串 T = "{pattern}"，下标从 {start} 开始，next[{start}]={start - 1}'
        stem = f"{given}，则它的 {ask} 数组是（ ）。"
        return Draft(stem, {"pattern": pattern, "start": start}, ask)
    cut = rng.randint(len(pattern) // 2, len(pattern) - 1)
    text = pattern[:cut] + rng.choice("abc") + pattern[: cut - 1] + rng.choice("abc") + pattern + "ab"
    stem = (
        f'主串 S = "{text}"，模式串 T = "{pattern}"，采用 KMP 算法（用 next 数组）匹配，'
        "到匹配成功时，单个字符的比较次数是（ ）。"
    )
    return Draft(stem, {"pattern": pattern, "text": text, "start": start}, "comparisons")
