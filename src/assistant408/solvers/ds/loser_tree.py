"""Loser trees (败者树): building over k runs, winners and the replays after each output."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from typing import Annotated

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Cell, Solution, Step, Table, Tree
from assistant408.solvers.ds._answers import integer, integers
from assistant408.solvers.ds._text import join

__all__ = ["solve"]


@solver(
    "ds.loser_tree",
    title="败者树",
    summary="给出 k 个有序归并段，建立 k 路归并的败者树，求冠军、各结点存放的段号、输出若干记录后的败者树和比较次数。",
    syllabus=("ds.sort.loser-tree",),
    keywords=("败者树", "多路归并", "k 路归并", "冠军", "胜者", "败者", "段号", "重构"),
    answers={
        "winner": Out("最后的冠军所在的段号（从 0 起）"),
        "losers": Out("ls[0..k-1] 的内容（段号）"),
        "output": Out("依次输出的关键字"),
        "build_comparisons": Out("建树的比较次数", "次"),
        "replay_comparisons": Out("输出一个记录后的比较次数上限", "次"),
        "comparisons": Out("比较总次数", "次"),
    },
    examples=(
        {"runs": [[10, 15, 16], [9, 18, 20], [20, 22, 40], [6, 15, 25], [12, 37, 48]], "outputs": 1},
        {"runs": [[5], [3], [7]]},
    ),
)
def solve(
    runs: Annotated[
        list[list[int]], Param("各归并段", "每段递增，段间以分号隔开，如 10 15;9 18;20 22", min_len=2, max_len=16)
    ],
    outputs: Annotated[int, Param("输出的记录数", "输出这么多个记录之后的状态", min=0, max=200)] = 0,
) -> Solution:
    """Merge runs with a loser tree (败者树).

    Args:
        runs: 2 to 16 ascending runs, numbered from 0.
        outputs: how many records are output before the tree is reported.

    Returns:
        `winner` (number of the run of the next record, or `None` at the end), `losers`, that is ls[0] (the winner) and
        the losers in ls[1..k-1], `output`, `build_comparisons` (k-1), `replay_comparisons` ceil(log2 k), and
        `comparisons` made in all, those with a used-up run included.

    Raises:
        InputError: an empty or unsorted run.

    Examples:
        >>> a = solve([[10], [9], [20], [6], [12]]).answer
        >>> a["winner"], a["losers"]
        (3, [3, 1, 0, 2, 4])
        >>> solve([[2], [1]], 2).answer["output"]
        [1, 2]
        >>> solve([[1], [1]]).answer["winner"]
        0

    Conventions:
        Leaf b[i] has the parent ls[(i+k)/2]; ls[0] is the winner. Of equal keys the lower run number wins. A run that
        is used up holds ∞.

    Source:
        严蔚敏《数据结构（C 语言版）》§11.3, 图 11.3.
    """
    for run in runs:
        if not run or run != sorted(run):
            raise InputError(f"归并段 {join(run)!r} 应非空且递增，请检查。")
    k = len(runs)
    waiting = [list(run) for run in runs]
    losers, made = _build([run[0] for run in runs])
    steps = [
        Step(
            f"各段首记录为 {join(run[0] for run in runs)}，两两比较，败者留在结点、胜者上升，"
            f"冠军为第 {losers[0]} 段的 {runs[losers[0]][0]}；建树比较 {made} 次。",
            _picture(losers, waiting),
            "建立败者树",
            {"build_comparisons": made, "losers": list(losers), "winner": losers[0]},
        )
    ]
    output: list[int] = []
    rows: list[list[Cell]] = []
    total = made
    for _ in range(min(outputs, sum(map(len, runs)))):
        winner = losers[0]
        output.append(waiting[winner].pop(0))
        cost = _replay(losers, waiting, winner)
        total += cost
        after = waiting[winner][0] if waiting[winner] else "∞"
        rows.append([output[-1], winner, after, cost, join(losers)])
    if rows:
        steps.append(
            Step(
                f"每输出一个记录，由同段的下一记录从叶到根与各败者比较；依次输出 {join(output)}。",
                Table(["输出", "段", "补入", "比较次数", "ls[0..k-1]"], rows, [(len(rows) - 1, 4)]),
                "沿叶到根重构",
                {"losers": list(losers)},
            )
        )
    done = not waiting[losers[0]]
    height = (k - 1).bit_length()
    steps.append(
        Step(
            f"$\\lceil\\log_2 {k}\\rceil={height}$，每次重构至多比较 {height} 次；共比较 {total} 次。",
            _picture(losers, waiting),
            "比较次数",
            {
                "winner": None if done else losers[0],
                "output": output,
                "replay_comparisons": height,
                "comparisons": total,
            },
        )
    )
    return Solution(steps, ["叶 b[i] 的双亲为 ls[(i+k)/2]，ls[0] 存冠军；关键字相等时段号小者胜；段取完后以 ∞ 补"])


def _better(a: int, b: int, heads: Sequence[int | None]) -> int:
    """Return the winner of two run numbers."""
    x, y = heads[a], heads[b]
    if x is None or (y is not None and y < x) or (x == y and b < a):
        return b if y is not None or b < a else a
    return a


def _build(heads: Sequence[int | None]) -> tuple[list[int], int]:
    """Play the tournament of all leaves from the bottom; return ls[0..k-1] and the comparisons."""
    k = len(heads)
    champion = [0] * k + list(range(k))
    losers = [0] * k
    for node in range(k - 1, 0, -1):
        a, b = champion[2 * node], champion[2 * node + 1]
        champion[node] = _better(a, b, heads)
        losers[node] = b if champion[node] == a else a
    losers[0] = champion[1]
    return losers, k - 1


def _replay(losers: list[int], waiting: Sequence[Sequence[int]], leaf: int) -> int:
    """Play from a leaf to the root in place; return the comparisons."""
    heads = [run[0] if run else None for run in waiting]
    node, challenger, made = (leaf + len(losers)) // 2, leaf, 0
    while node:
        made += 1
        if _better(challenger, losers[node], heads) != challenger:
            challenger, losers[node] = losers[node], challenger
        node //= 2
    losers[0] = challenger
    return made


def _picture(losers: Sequence[int], waiting: Sequence[Sequence[int]]) -> Tree:
    k = len(losers)

    def draw(node: int) -> Tree:
        if node >= k:
            run = waiting[node - k]
            return Tree(str(run[0]) if run else "∞", note=f"b[{node - k}]", mark=node - k == losers[0])
        return Tree(str(losers[node]), (draw(2 * node), draw(2 * node + 1)), note=f"ls[{node}]")

    return Tree(str(losers[0]), (draw(1),), mark=True, note="ls[0] 冠军")


def mistakes(runs: list[list[int]], outputs: int) -> Iterator[Mistake]:
    """Yield winner trees, comparisons without the tree, and an output too few or too many."""
    answer = solve(runs, outputs).answer
    k, total = len(runs), sum(map(len, runs))
    for why, number in (("少输出了一个记录", outputs - 1), ("多输出了一个记录", outputs + 1)):
        if 0 <= number <= total:
            wrong = solve(runs, number).answer
            yield Mistake(why, {key: wrong[key] for key in ("winner", "losers", "output", "comparisons")})
    losers = integers(answer["losers"])
    yield Mistake(
        "把段号从 1 数起",
        {
            "winner": losers[0] + 1,
            "losers": [x + 1 for x in losers],
        },
    )
    heads = [run[0] for run in runs]
    yield Mistake("取了关键字最大的段", {"winner": heads.index(max(heads))})
    yield Mistake("把败者当作冠军", {"winner": losers[1]})
    yield Mistake("按段号次序填写", {"losers": list(range(k))})
    by_key: list[int] = sorted(range(k), key=lambda i: heads[i])
    yield Mistake("按关键字大小填写", {"losers": by_key})
    yield Mistake(
        "没有用败者树，每次比较 k-1 次",
        {
            "replay_comparisons": k - 1,
            "comparisons": (k - 1) * (outputs + 1),
        },
    )
    yield Mistake("建树按 k 次比较计", {"build_comparisons": k, "comparisons": integer(answer["comparisons"]) + 1})
    yield Mistake("比较次数取 log k 的下整", {"replay_comparisons": k.bit_length() - 1, "build_comparisons": k // 2})
    yield Mistake("没有计建树的比较", {"comparisons": integer(answer["comparisons"]) - (k - 1)})
    yield Mistake("把树的层数当作比较次数", {"replay_comparisons": (k - 1).bit_length() + 1})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Draw runs and ask for the losers or the comparisons."""
    k = rng.randint(4, 4 + difficulty)
    keys = rng.sample(range(1, 99), 3 * k)
    runs = [sorted(keys[3 * i : 3 * i + 3]) for i in range(k)]
    outputs = 0 if difficulty < 3 else rng.randint(1, 3)
    shown = "；".join(f"b[{i}]: {join(run)}" for i, run in enumerate(runs))
    when = f"输出 {outputs} 个记录之后" if outputs else "建成时"
    ask = rng.choice(["winner", "losers"])
    name = "冠军所在的段号" if ask == "winner" else "ls[0] 到 ls[k-1] 的内容依次"
    stem = f"对 {k} 个归并段（{shown}）做 {k} 路归并，败者树{when}，{name}是（ ）。"
    return Draft(stem, {"runs": runs, "outputs": outputs}, ask)
