"""Outcomes of races (并发语句交错的可能结果): all final values of shared variables."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from typing import Annotated, Literal

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Solution, Step, Table, Value
from assistant408.solvers.os._explore import Space, explore
from assistant408.solvers.os._pv_build import build
from assistant408.solvers.os._show import joined

__all__ = ["solve"]

Granularity = Literal["register", "statement"]
EXAMPLE = "int x = 1;\nprocess P1 { x = x + 1; }\nprocess P2 { x = x - 1; }"


@solver(
    "os.race_outcomes",
    title="并发执行的可能结果",
    summary="给出几个并发进程（线程）对共享变量的赋值语句，枚举所有交错执行，求共享变量最后可能的取值；"
    "赋值可按取数、运算、存数的机器指令拆分。",
    syllabus=("os.sync.critical-section", "os.sync.semaphore-usage"),
    keywords=(
        "并发",
        "交错执行",
        "共享变量",
        "可能的值",
        "竞争条件",
        "不可再现性",
        "取数",
        "存数",
        "寄存器",
        "线程",
        "x=x+1",
    ),
    answers={
        "values": Out("所问变量最后可能的取值"),
        "value_count": Out("可能的取值个数", "个"),
        "minimum": Out("最小可能值"),
        "maximum": Out("最大可能值"),
        "outcomes": Out("所有可能的最终状态"),
        "outcome_count": Out("最终状态的个数", "个"),
        "interleavings": Out("不同的交错次序数", "种"),
        "deadlock": Out("是否可能死锁"),
        "finals": Out("各变量最后的可能值"),
    },
    examples=({"program": EXAMPLE, "variable": "x"},),
)
def solve(
    program: Annotated[
        str,
        Param("程序", "int 声明共享变量，process 名字 { 语句 }，可用 P、V、if、for", min_len=1, max_len=4000),
    ],
    variable: Annotated[str | None, Param("所问的变量", "共享变量名，不填为第一个", max_len=40)] = None,
    granularity: Annotated[
        Granularity,
        Param("原子操作", "register 取数、存数各为一步；statement 一条赋值语句为一步"),
    ] = "register",
) -> Solution:
    """Enumerate what concurrent assignments can lead to (并发执行的可能结果).

    Args:
        program: shared ``int`` variables, semaphores if any, and processes, in the language of `os.pv_checker`;
            names assigned only inside a process, such as ``R1``, are its registers.
        variable: the shared variable that is asked for, the first one if left out.
        granularity: whether reading a shared variable is a step of its own.

    Returns:
        `values` of the variable (ascending), `value_count`, `minimum`, `maximum`; `outcomes` (all shared
        variables, as text), `finals` (as numbers) and `outcome_count`; `interleavings`, where no loop makes them infinite; `deadlock`.

    Raises:
        InputError: a program that can't be read, has more than 50000 states or never ends, an unknown variable.

    Examples:
        >>> solve(EXAMPLE).answer["values"]
        [0, 1, 2]
        >>> solve(EXAMPLE, granularity="statement").answer["values"]
        [1]
        >>> solve("int x = 5; process A { }").answer["values"]
        [5]

    Conventions:
        An expression loads its shared variables from left to right; computing and storing is one step.

    Source:
        Silberschatz, Operating System Concepts, 10e, §6.1; 统考 2011 年操作系统选择题.
    """
    model = build(program, registers=granularity == "register")
    if not model.shared:
        raise InputError(f"程序 {program[:30]!r} 没有共享变量，请在进程外写 int x = 0;。")
    shared = model.variables[: model.shared]
    asked = variable or shared[0]
    if asked not in shared:
        raise InputError(f"变量 {asked!r} 不是共享变量，可选 {joined(shared)}。")
    space = explore(model, "any", 50_000)
    ends = [i for i in range(len(space.states)) if space.ended(i)]
    if not ends:
        raise InputError("程序没有能全部结束的执行，没有最终值；请去掉死循环或死锁。")
    at = shared.index(asked)
    first: dict[int, int] = {}
    for i in ends:
        first.setdefault(space.states[i].variables[at], i)
    values = sorted(first)
    finals = sorted({space.states[i].variables[: model.shared] for i in ends})
    steps = [_steps_of(space)]
    steps += [
        Step(f"按下列次序执行，最后 ${asked}={v}$。", space.picture(first[v]), credit="举出各结果的执行次序")
        for v in (values if len(values) <= 6 else [values[0], values[-1]])
    ]
    outcomes = [joined([f"{n}={x}" for n, x in zip(shared, f, strict=True)], "，") for f in finals]
    gives: dict[str, Value] = {
        "values": values,
        "value_count": len(values),
        "minimum": values[0],
        "maximum": values[-1],
        "outcomes": outcomes,
        "outcome_count": len(outcomes),
        "deadlock": space.first(space.deadlocked) is not None,
        "finals": [list(f) for f in finals],
    }
    ways = _interleavings(space)
    if ways is not None:
        gives["interleavings"] = ways
    steps.append(
        Step(
            f"枚举所有交错，{asked} 最后可能的值为 {joined(values)}，共 {len(values)} 种。",
            Table(["最终状态"], [[o] for o in outcomes]),
            credit="写全可能的结果",
            gives=gives,
        )
    )
    how = "取共享变量、运算并存回各为一步" if granularity == "register" else "一条赋值语句为一步"
    return Solution(steps, [how, "各进程的步任意交错，进程内的次序不变"])


def _steps_of(space: Space) -> Step:
    rows = [
        [name, joined([i.text for i in code if i.text], "；")]
        for name, code in zip(space.model.names, space.model.code, strict=True)
    ]
    return Step(
        "把各进程拆成原子步，次序如下；不同进程的步可以任意交错。",
        Table(["进程", "原子步"], rows),
        credit="把语句拆成原子步",
    )


def _interleavings(space: Space) -> int | None:
    """Count the paths from the start to states without moves; `None` if there is a cycle."""
    incoming = [0] * len(space.states)
    for moves in space.moves:
        for m in moves:
            incoming[m.to] += 1
    ways = [0] * len(space.states)
    ways[0] = 1
    todo = [0] if not incoming[0] else []
    done = total = 0
    while todo:
        i = todo.pop()
        done += 1
        total += ways[i] if not space.moves[i] else 0
        for m in space.moves[i]:
            ways[m.to] += ways[i]
            incoming[m.to] -= 1
            if not incoming[m.to]:
                todo.append(m.to)
    return total if done == len(space.states) else None


def mistakes(program: str, variable: str | None, granularity: Granularity) -> Iterator[Mistake]:
    """Misconceptions: statements as atomic, one order only, values left out."""

    def values(granularity: Granularity) -> list[int]:
        model = build(program, registers=granularity == "register")
        at = model.variables.index(variable) if variable else 0
        space = explore(model, "any", 50_000)
        return sorted({s.variables[at] for i, s in enumerate(space.states) if space.ended(i)})

    right, atomic = values(granularity), values("statement")
    yield _wrong("把赋值语句当作不可分割", atomic)
    yield _wrong("只考虑依次执行的一种次序", atomic[:1])
    yield _wrong("漏了最大的可能值", right[:-1] or right)
    yield _wrong("漏了最小的可能值", right[1:] or right)
    yield _wrong("认为区间内的值都可能", range(right[0], right[-1] + 1))
    yield _wrong("多列了一个值", [*right, right[-1] + 1])
    yield _wrong("多列了一个较小的值", [right[0] - 1, *right])


def _wrong(why: str, values: Sequence[int]) -> Mistake:
    found = list(values)
    return Mistake(
        why,
        {"values": found, "value_count": len(found), "minimum": min(found), "maximum": max(found)},
    )


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Draw two or three processes that add to and multiply a shared variable."""
    start = rng.randint(0, 5)
    bodies: list[str] = []
    for _ in range(2 + (difficulty > 3)):
        size = 2 if difficulty in (3, 5) and len(bodies) == 0 else 1
        ops = [f"x = x {rng.choice('+-*' if difficulty > 1 else '+-')} {rng.randint(1, 3)};" for _ in range(size)]
        bodies.append(" ".join(ops))
    lines = [f"process P{i + 1} {{ {body} }}" for i, body in enumerate(bodies)]
    program = f"int x = {start};\n" + "\n".join(lines)
    ask = "values" if difficulty < 4 else rng.choice(["values", "value_count"])
    what = "x 最后可能的取值" if ask == "values" else "x 最后可能的取值的个数"
    stem = (
        f"并发执行如下进程，赋值语句由取数、运算、存数的指令实现：\n\n```c\n{program}\n```\n\n"
        f"全部执行完后，{what}是（ ）。"
    )
    return Draft(stem, {"program": program, "variable": "x"}, ask)
