"""Which sequences of actions concurrent processes can produce (并发进程的输出序列)."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Annotated

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Solution, Step, Table, Value
from assistant408.solvers.os._explore import Space, explore
from assistant408.solvers.os._pv_build import build
from assistant408.solvers.os._show import joined

__all__ = ["solve"]

MOST = 500
EXAMPLE = 'semaphore a = 0;\nprocess P1 { "1"; V(a); }\nprocess P2 { P(a); "2"; }'


@solver(
    "os.pv_outputs",
    title="并发进程的输出序列",
    summary="给出用 P、V 操作同步的几个进程，求它们可能的输出（动作）序列，或判断某个序列是否可能出现。",
    syllabus=("os.sync.semaphore-usage", "os.sync.semaphore"),
    keywords=("输出序列", "执行序列", "打印", "可能的结果", "信号量", "P操作", "V操作", "同步", "前驱关系", "不可能"),
    answers={
        "sequences": Out("可能的输出序列"),
        "count": Out("可能的输出序列数", "种"),
        "possible": Out("该序列是否可能"),
        "deadlock": Out("是否可能死锁"),
        "blocked": Out("可能被阻塞的进程"),
    },
    examples=({"program": EXAMPLE},),
)
def solve(
    program: Annotated[
        str,
        Param("程序", '同 PV 程序检查器；输出写成带引号的语句，如 "A";', min_len=1, max_len=6000),
    ],
    sequence: Annotated[list[str], Param("待判断的序列", "各项是一个输出，不必到结束", max_len=60)] = [],  # noqa: B006
) -> Solution:
    """Enumerate the actions that concurrent processes show (输出序列).

    Args:
        program: in the language of `os.pv_checker`; a string or a name as a statement is an action that is seen.
        sequence: actions, to be judged as the beginning of an execution.

    Returns:
        `sequences` (texts) and `count` of all runs to the end or to a deadlock, if the program has no endless loop;
        `possible` for `sequence`; `deadlock`, and `blocked`, the processes that may then wait for ever.

    Raises:
        InputError: a program that can't be read, is too large, or has more than 500 sequences.

    Examples:
        >>> solve(EXAMPLE).answer["sequences"]
        ['12']
        >>> loop = 'semaphore s = 0, t = 1; process A { while (1) { P(t); "A"; V(s); } } process B { while (1) { P(s); "B"; V(t); } }'
        >>> solve(loop, ["A", "B", "A"]).answer["possible"], solve(loop, ["A", "A"]).answer["possible"]
        (True, False)

    Conventions:
        Record semaphores; V wakes any waiting process. Outputs are written one after the other without blanks.

    Source:
        汤小丹《计算机操作系统》第2章 §信号量的应用; checked by exploring all interleavings.
    """
    space = explore(build(program), "any", 20_000)
    stuck = [i for i in range(len(space.states)) if space.deadlocked(i)]
    blocked = sorted(
        {n for i in stuck for n, pc in zip(space.model.names, space.states[i].pcs, strict=True) if pc >= 0}
    )
    rows = [
        [name, joined([i.text for i in code if i.text], "；")]
        for name, code in zip(space.model.names, space.model.code, strict=True)
    ]
    gives: dict[str, Value] = {"deadlock": bool(stuck), "blocked": blocked}
    why = f"会出现死锁或永远阻塞：{joined(blocked)} 等不到 V 操作。" if stuck else "没有死锁。"
    found = _sequences(space)
    steps = [
        Step(
            f"各进程的动作次序如下，不同进程的动作在信号量允许时任意交错；{why}",
            Table(["进程", "次序"], rows),
            gives=gives,
        )
    ]
    if found is not None:
        shown = ["".join(x) for x in found]
        if len(found) > MOST:
            raise InputError(f"可能的序列超过 {MOST} 种，请缩短程序。")
        steps.append(
            Step(
                f"枚举所有执行，可能的输出序列为 {joined(shown)}，共 {len(shown)} 种。",
                Table(["可能的输出序列"], [[x] for x in shown]),
                credit="写全可能的序列",
                gives={"sequences": shown, "count": len(shown)},
            )
        )
    if sequence:
        at = _follow(space, sequence)
        good = at == len(sequence)
        why = (
            f"序列 {''.join(sequence)} 可以按上述次序得到。"
            if good
            else f"序列 {''.join(sequence)} 不可能：输出 {''.join(sequence[:at]) or '开始'} 之后不能输出 {sequence[at]}。"
        )
        steps.append(Step(why, credit="判断序列", gives={"possible": good}))
    return Solution(steps, ["记录型信号量；各进程的速度任意"])


def _action(space: Space, i: int, process: int) -> str:
    step = space.model.instruction(space.states[i], process)
    return step.text.strip('"') if step and step.op == "act" else ""


def _sequences(space: Space) -> list[tuple[str, ...]] | None:
    """All sequences to the end or a deadlock; `None` if there is a cycle."""
    known: dict[int, set[tuple[str, ...]]] = {}
    open_: set[int] = set()

    def tails(i: int) -> set[tuple[str, ...]] | None:
        if i in open_:
            return None
        if i not in known:
            open_.add(i)
            out: set[tuple[str, ...]] = set() if space.moves[i] else {()}
            for move in space.moves[i]:
                rest = tails(move.to)
                if rest is None:
                    return None
                seen = _action(space, i, move.process)
                out |= {(seen, *r) if seen else r for r in rest}
                if len(out) > 4 * MOST:
                    raise InputError(f"可能的序列超过 {MOST} 种，请缩短程序。")
            open_.discard(i)
            known[i] = out
        return known[i]

    found = tails(0)
    return None if found is None else sorted(found)


def _follow(space: Space, sequence: list[str]) -> int:
    """How many of the actions can follow one another from the start."""

    def settle(states: set[int]) -> set[int]:
        todo = list(states)
        while todo:
            i = todo.pop()
            for move in space.moves[i]:
                if not _action(space, i, move.process) and move.to not in states:
                    states.add(move.to)
                    todo.append(move.to)
        return states

    now = settle({0})
    for n, wanted in enumerate(sequence):
        now = settle({m.to for i in now for m in space.moves[i] if _action(space, i, m.process) == wanted})
        if not now:
            return n
    return len(sequence)


def mistakes(program: str, sequence: list[str]) -> Iterator[Mistake]:
    """Misconceptions: one order only, a sequence forgotten or too many."""
    right = solve(program).answer.get("sequences")
    if isinstance(right, list):
        shown = [str(x) for x in right]
        yield Mistake("只写出一种次序", {"sequences": shown[:1] + shown[:0], "count": 1})
        yield Mistake("漏了最后一种", {"sequences": shown[:-1], "count": len(shown) - 1})
        yield Mistake("多列了倒过来的次序", {"sequences": [*shown, shown[0][::-1]], "count": len(shown) + 1})
        yield Mistake("认为次序固定为最后一种", {"sequences": shown[-1:], "count": 2})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Draw three or four processes; some wait for the first one."""
    n = 3 + (difficulty > 3)
    waits = [i for i in range(1, n) if i == 1 or rng.random() < 0.5]
    first = "".join(f" V(s{i});" for i in waits)
    lines = [f'process P0 {{ "0";{first} }}']
    lines += [f'process P{i} {{ {f"P(s{i}); " if i in waits else ""}"{i}"; }}' for i in range(1, n)]
    program = f"semaphore {', '.join(f's{i} = 0' for i in waits)};\n" + "\n".join(lines)
    stem = f"并发执行下列进程，带引号的语句表示输出：\n\n```c\n{program}\n```\n\n可能的输出序列有（ ）种。"
    return Draft(stem, {"program": program}, "count")
