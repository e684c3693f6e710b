"""PV program checker (PV 程序检查器): a small model checker for processes with semaphores."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Annotated

from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Solution, Step, Table
from assistant408.solvers.os._ast import text_of
from assistant408.solvers.os._c import parse_expression
from assistant408.solvers.os._explore import Space, explore
from assistant408.solvers.os._pv import Wakeup
from assistant408.solvers.os._pv_build import build
from assistant408.solvers.os._show import joined

__all__ = ["solve"]

CROSSED = """semaphore a = 1, b = 1;
process P1 { P(a); P(b); 用资源; V(b); V(a); }
process P2 { P(b); P(a); 用资源; V(a); V(b); }"""
BUFFER = """semaphore mutex = 1, empty = 2, full = 0;
int count = 0;
process Producer * 2 { while (1) { P(empty); P(mutex); section buffer { count++; } V(mutex); V(full); } }
process Consumer { while (1) { P(full); P(mutex); section buffer { count--; } V(mutex); V(empty); } }"""


@solver(
    "os.pv_checker",
    title="PV 程序检查器",
    summary="给出用信号量 P、V 操作写的并发进程伪代码，遍历所有交错执行，检查死锁、饥饿和互斥等条件，"
    "给出出错的最短执行次序和各信号量、变量的取值范围。",
    syllabus=(
        "os.sync.semaphore-usage",
        "os.sync.producer-consumer",
        "os.sync.multi-producer",
        "os.sync.readers-writers",
        "os.sync.philosophers",
        "os.sync.software",
    ),
    keywords=(
        *("PV操作", "信号量", "死锁", "饥饿", "互斥", "同步", "伪代码", "生产者消费者", "读者写者", "哲学家进餐"),
        *("semaphore", "wait", "signal", "P(mutex)", "V(mutex)", "临界区", "检查程序"),
    ),
    answers={
        "deadlock": Out("是否可能死锁"),
        "deadlocked": Out("死锁时被阻塞的进程"),
        "deadlock_trace": Out("到达死锁的最短执行次序"),
        "stuck": Out("可能永远被阻塞的进程"),
        "starvation": Out("可能饥饿的进程"),
        "starvation_trace": Out("进入饥饿循环的最短执行次序"),
        "violations": Out("可能被破坏的条件"),
        "violation_trace": Out("破坏条件的最短执行次序"),
        "ranges": Out("信号量和共享变量的取值范围"),
        "correct": Out("是否通过全部检查"),
        "states": Out("可达状态数", "个"),
    },
    examples=(
        {"program": CROSSED},
        {"program": BUFFER, "invariants": "in(buffer) <= 1; count >= 0 && count <= 2"},
    ),
)
def solve(
    program: Annotated[
        str, Param("程序", "semaphore、int 声明和 process 名字 { … }，语句同 C 与 P、V", min_len=1, max_len=6000)
    ],
    invariants: Annotated[
        str,
        Param("应始终成立的条件", "用分号分隔，如 in(buffer)<=1; count>=0；in(段名) 是段内的进程数", max_len=1000),
    ] = "",
    wakeup: Annotated[Wakeup, Param("唤醒次序", "fifo 唤醒等待最久者，any 唤醒任意一个")] = "fifo",
    max_states: Annotated[int, Param("状态数上限", "超过即停止并提示", min=1, max=200_000)] = 20_000,
) -> Solution:
    """Check a program of P and V operations by exploring all interleavings (PV 程序检查器).

    The language is C with three words more, ``semaphore``, ``process`` and ``section``::

        semaphore mutex = 1, empty = 2, full = 0;    // 信号量
        int count = 0;                               // 共享变量
        process Producer * 2 {                       // 两个生产者
            while (1) {
                生产产品;                             // 没有影响的动作
                P(empty); P(mutex);                  // 或 wait(empty); wait(mutex);
                section buffer { count++; }          // 命名的一段，供条件 in(buffer) 使用
                V(mutex); V(full);                   // 或 signal
            }
        }

    There are also ``if``/``else``, ``for``, ``break``, ``continue``, ``return``, local ``int`` variables, and
    ``await(condition);``, which waits without a semaphore. A step is one P, V, assignment, test or action;
    an assignment such as ``count++`` is one step here (`os.race_outcomes` splits it).

    Args:
        program: the program, at most 10 processes and 600 instructions.
        invariants: conditions over shared variables, semaphores (negative: processes waiting) and
            ``in(section)``, separated by semicolons.
        wakeup: whom V wakes.
        max_states: bound on the reachable states.

    Returns:
        `deadlock`, and if there is one `deadlocked` and `deadlock_trace`; `stuck` (processes that may be blocked
        for ever while others go on or not); `starvation` and `starvation_trace`; `violations` and
        `violation_trace`; `ranges` (name to [least, greatest]); `correct`; `states`.

    Raises:
        InputError: a program that can't be read (the line is named) or exceeds a limit.

    Examples:
        >>> solve(CROSSED).answer["deadlock_trace"]
        ['P1: P(a)', 'P2: P(b)', 'P1: P(b)，阻塞', 'P2: P(a)，阻塞']
        >>> solve(BUFFER, "in(buffer) <= 1; count <= 2").answer["correct"]
        True
        >>> solve("process A { }").answer["states"]
        1
        >>> solve("int x = 0; process A * 2 { section s { x = 1; } }", "in(s) <= 1").answer["violations"]
        ['in(s)<=1']

    Conventions:
        Record semaphores. Deadlock: no process can move and one has not ended. Starvation: a cycle in which a
        process waits all the time although every other process moves or can't at times (weak fairness). Busy
        waiting counts as moving. Traces are shortest ones, of those the first in order of processes.

    Source:
        Dijkstra, Cooperating Sequential Processes, 1965; Clarke, Grumberg, Peled, Model Checking, 1999.
    """
    conditions = [parse_expression(text) for text in invariants.replace("；", ";").split(";") if text.strip()]
    model = build(program)
    checks = [(text_of(e), model.expression(e)) for e in conditions]
    space = explore(model, wakeup, max_states)
    steps = [_overview(space), _deadlock(space), _stuck(space), _starvation(space)]
    for text, holds in checks:
        bad = space.first(lambda i, holds=holds: not holds(space.states[i]))  # type: ignore[misc]
        steps.append(_condition(space, text, bad))
    broken = [s.gives["violations"] for s in steps if s.gives.get("violations")]
    if checks:
        steps[-1] = _with_all(steps[-1], [v for some in broken if isinstance(some, list) for v in some])
    correct = not (steps[1].gives["deadlock"] or steps[2].gives["stuck"] or steps[3].gives["starvation"] or broken)
    verdict = "所有检查都通过，程序正确" if correct else "程序有上述问题"
    steps.append(Step(f"{verdict}。", credit="结论", gives={"correct": correct}))
    return Solution(steps, _conventions(wakeup))


def _overview(space: Space) -> Step:
    names = [*space.model.semaphores, *space.model.variables[: space.model.shared]]
    rows = [space.values(i) for i in range(len(space.states))]
    columns = list(zip(*rows, strict=True)) if names else []
    ranges = {n: [min(col), max(col)] for n, col in zip(names, columns, strict=True)}
    return Step(
        f"{len(space.model.names)} 个进程 {joined(space.model.names)}，从初始状态出发遍历所有交错，"
        f"共 {len(space.states)} 个可达状态。",
        Table(["名字", "最小", "最大"], [[n, low, high] for n, (low, high) in ranges.items()]),
        credit="列出信号量与变量的取值",
        gives={"states": len(space.states), "ranges": ranges},
    )


def _deadlock(space: Space) -> Step:
    at = space.first(space.deadlocked)
    if at is None:
        return Step("没有死锁：每个未全部结束的状态都有进程能执行。", credit="检查死锁", gives={"deadlock": False})
    state = space.states[at]
    blocked = [n for n, pc in zip(space.model.names, state.pcs, strict=True) if pc >= 0]
    return Step(
        f"可能死锁：最短经过 {len(space.path(at))} 步，{joined(blocked)} 都被阻塞，没有进程能执行。",
        space.picture(at),
        credit="指出死锁并给出执行次序",
        gives={"deadlock": True, "deadlocked": blocked, "deadlock_trace": space.words(at)},
    )


def _stuck(space: Space) -> Step:
    found = {name: space.stuck(p) for p, name in enumerate(space.model.names)}
    stuck = {name: at for name, at in found.items() if at is not None}
    if not stuck:
        return Step("每个进程在任何时候都还有继续执行的可能，没有进程会永远阻塞。", gives={"stuck": []})
    nearest = min(stuck.values())
    return Step(
        f"{joined(list(stuck))} 可能进入再也不能继续的状态。",
        space.picture(nearest),
        credit="指出永远阻塞的进程",
        gives={"stuck": list(stuck)},
    )


def _starvation(space: Space) -> Step:
    found = {name: space.starving(p) for p, name in enumerate(space.model.names)}
    starving = {name: at for name, at in found.items() if at is not None}
    if not starving:
        return Step("没有饥饿：等待的进程不会被其他进程无限次超过。", credit="检查饥饿", gives={"starvation": []})
    at = min(starving.values())
    return Step(
        f"{joined(list(starving))} 可能饥饿：到达下表最后的状态后，其他进程可以循环执行而它一直等待。",
        space.picture(at),
        credit="检查饥饿",
        gives={"starvation": list(starving), "starvation_trace": space.words(at)},
    )


def _condition(space: Space, text: str, bad: int | None) -> Step:
    if bad is None:
        return Step(f"条件 `{text}` 在所有可达状态都成立。", credit="检查条件", gives={"violations": []})
    return Step(
        f"条件 `{text}` 可能被破坏，最短经过 {len(space.path(bad))} 步。",
        space.picture(bad),
        credit="检查条件",
        gives={"violations": [text], "violation_trace": space.words(bad)},
    )


def _with_all(step: Step, violations: list[str]) -> Step:
    return Step(step.why, step.data, step.credit, {**step.gives, "violations": violations})


def _conventions(wakeup: Wakeup) -> list[str]:
    return [
        "记录型信号量：P 先减 1，小于 0 则阻塞；V 先加 1，不大于 0 则唤醒一个",
        "唤醒等待最久的进程" if wakeup == "fifo" else "唤醒任意一个等待的进程",
        "每个 P、V、赋值、判断或动作是一个原子步；忙等也算执行",
    ]


def mistakes(program: str, invariants: str, wakeup: Wakeup, max_states: int) -> Iterator[Mistake]:
    """Misconceptions: nesting means deadlock, the order of P doesn't matter, someone forgotten."""
    space = explore(build(program), wakeup, max_states)
    names = list(space.model.names)
    nested = [n for n, code in zip(names, space.model.code, strict=True) if _nests([i.op for i in code])]
    stuck = [n for p, n in enumerate(names) if space.stuck(p) is not None]
    guesses = {
        "认为每个进程都可能永远阻塞": names,
        "认为不会有进程永远阻塞": [],
        "认为只要占有一个又申请另一个就会死锁": nested,
        "只看到单独申请的进程": [n for n in names if n not in nested],
        "漏了一个进程": stuck[:-1],
        "把会永远阻塞的进程弄反": [n for n in names if n not in stuck],
        "认为最后的进程不受影响": names[:-1],
        "认为最先的进程不受影响": names[1:],
        "认为只有首尾两个进程互相等待": [names[0], names[-1]],
    }
    for why, value in guesses.items():
        yield Mistake(why, {"stuck": value})
    yield Mistake("死锁与否判断反了", {"deadlock": space.first(space.deadlocked) is None})


def _nests(ops: list[str]) -> bool:
    held = 0
    for op in ops:
        if op == "P" and held:
            return True
        held += (op == "P") - (op == "V")
    return False


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Draw three or four processes that take two of some semaphores in various orders."""
    names = ["a", "b", "c"][: 2 + difficulty // 3]
    processes = []
    for i in range(3 + difficulty // 4):
        first, second = rng.sample(names, 2)
        single = rng.random() < 0.25
        body = f"P({first}); V({first});" if single else f"P({first}); P({second}); V({second}); V({first});"
        processes.append(f"process P{i + 1} {{ {body} }}")
    program = f"semaphore {', '.join(f'{n} = 1' for n in names)};\n" + "\n".join(processes)
    stem = f"有如下并发进程：\n\n```c\n{program}\n```\n\n可能被永远阻塞的进程是（ ）。"
    return Draft(stem, {"program": program}, "stuck")
