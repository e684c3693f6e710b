"""Process trees of fork (fork 进程树): how many processes, and how often each line is printed."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Annotated, Literal

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Solution, Step, Table, Tree
from assistant408.solvers.os import _ast as c
from assistant408.solvers.os._c import parse
from assistant408.solvers.os._show import joined

__all__ = ["solve"]

MAX_PROCESSES = 1024
MAX_STEPS = 20_000
MAX_TOTAL_STEPS = 500_000
Path = tuple[bool, ...]  # what fork returned, in order: True in the parent, False in the child
Logic = Literal["c", "eager", "swapped"]
IGNORED = ("wait", "waitpid", "sleep", "fflush", "getpid", "getppid")


@dataclass(frozen=True)
class Print:
    """A line printed, and how many forks the process had gone through before."""

    forks: int
    text: str


@dataclass(frozen=True)
class Life:
    """A process at its end: its path from the first process, and the prints on that path."""

    path: Path
    prints: tuple[Print, ...]

    @property
    def born(self) -> int:
        """The length of the path at birth; 0 for the first process."""
        return max((i + 1 for i, parent in enumerate(self.path) if not parent), default=0)


@solver(
    "os.fork_tree",
    title="fork 进程树",
    summary="给出含 fork、循环、条件与 &&、|| 的 C 程序段，求运行时共有多少个进程、各输出语句共输出多少次，并画出进程树。",
    syllabus=("os.process.fork", "os.process.creation"),
    keywords=("fork", "fork()", "子进程", "父进程", "进程树", "创建进程", "输出次数", "短路求值", "printf", "进程个数"),
    answers={
        "processes": Out("进程总数（含最初的进程）", "个"),
        "created": Out("新创建的进程数", "个"),
        "prints": Out("输出的总次数", "次"),
        "counts": Out("各输出内容的次数", "次"),
        "direct_children": Out("最初进程的子进程数", "个"),
        "depth": Out("进程树的层数（最初进程为 1 层）", "层"),
    },
    examples=({"code": 'fork(); if (fork() || fork()) printf("a"); fork();'},),
)
def solve(
    code: Annotated[
        str, Param("程序段", "C 代码，可含 fork、if、for、while、&&、||、printf、exit", min_len=1, max_len=4000)
    ],
    buffered: Annotated[
        bool, Param("输出缓冲随 fork 复制", "是则不含换行的 printf 留在缓冲区，被子进程继承后再输出")
    ] = False,
) -> Solution:
    r"""Run a program with fork in all its processes (fork 进程树).

    Args:
        code: a C fragment or a ``main``: int variables, ``fork()``, ``if``, ``for``, ``while``, ``&&``, ``||``,
            arithmetic, ``printf`` (with %d), ``exit``, ``return``, ``wait``.
        buffered: whether text without a newline waits in a buffer that fork copies.

    Returns:
        `processes` (the first one included), `created`, `prints` in all, `counts` by text, `direct_children` of
        the first process, `depth` of the tree.

    Raises:
        InputError: code that can't be read, an unknown function or variable, more than 1024 processes, more
            than 20000 steps in one process.

    Examples:
        >>> solve("fork(); fork(); fork();").answer["processes"]
        8
        >>> solve("fork() && fork() || fork();").answer["processes"]
        5
        >>> solve('printf("a");').answer["counts"]
        {'a': 1}
        >>> solve('printf("a"); fork();', buffered=True).answer["prints"]
        2

    Conventions:
        fork never fails and returns a positive number in the parent, 0 in the child. Operators short-circuit as
        in C. Output is written at once, unless `buffered`.

    Source:
        Bryant & O'Hallaron, Computer Systems, 3e, §8.4.2; Silberschatz, Operating System Concepts, 10e, §3.3.1.
    """
    lives = _lives(code)
    names = _names(lives)
    printed = {names[life.path[: life.born]]: _printed(life, buffered) for life in lives}
    counts = Counter(text for texts in printed.values() for text in texts)
    tree = _tree((), lives, names, printed)
    children = sum(len(_parent(life)) == 0 for life in lives if life.born)
    steps = [
        Step(
            f"每次 fork 后父、子进程都从返回处继续，父进程得正数（真），子进程得 0（假）。"
            f"逐个进程执行，共 {len(lives)} 个进程，其中新创建 {len(lives) - 1} 个。",
            tree,
            credit="画出进程树",
            gives={
                "processes": len(lives),
                "created": len(lives) - 1,
                "direct_children": children,
                "depth": _height(tree),
            },
        ),
        Step(
            f"各进程的输出如下，共输出 {sum(counts.values())} 次"
            + ("：" + joined([f"{_shown(t)} {n} 次" for t, n in sorted(counts.items())]) if counts else "")
            + "。",
            Table(
                ["进程", "fork 的返回（父 1，子 0）", "输出"],
                [
                    [
                        names[life.path[: life.born]],
                        "".join(str(int(p)) for p in life.path) or "—",
                        joined([_shown(t) for t in _printed(life, buffered)], " "),
                    ]
                    for life in sorted(lives, key=lambda life: int(names[life.path[: life.born]][1:]))
                ],
            ),
            credit="数出输出的次数",
            gives={"prints": sum(counts.values()), "counts": dict(sorted(counts.items()))},
        ),
    ]
    kept = "不含换行的输出留在缓冲区，fork 时被复制" if buffered else "printf 立即输出，缓冲区不被复制"
    return Solution(steps, ["fork 总能成功", "&& 与 || 按 C 语言短路求值", kept])


def _lives(code: str, logic: Logic = "c") -> list[Life]:
    """Run every process to its end, replaying each path until one fork more is reached."""
    program = parse(code)
    todo: list[Path] = [()]
    done: list[Life] = []
    steps = 0
    while todo:
        path = todo.pop()
        run = _Run(path, logic)
        try:
            run.execute(program)
        except _Fork:
            todo += [(*path, True), (*path, False)]
            if len(todo) + len(done) > MAX_PROCESSES:
                raise InputError(f"进程数超过 {MAX_PROCESSES} 个，请减少 fork 或循环的次数。") from None
            continue
        except (_Exit, _Leave):
            pass
        finally:
            steps += run.steps
        if steps > MAX_TOTAL_STEPS:
            raise InputError(f"全部进程执行超过 {MAX_TOTAL_STEPS} 步，请减少 fork 或循环的次数。")
        done.append(Life(path, tuple(run.prints)))
    return sorted(done, key=lambda life: life.path[: life.born])


class _Fork(Exception):
    """A fork beyond the known path."""


class _Exit(Exception):
    """The process ends."""


class _Leave(Exception):
    """A break or continue."""


@dataclass
class _Run:
    """One process: the returns of fork that it has seen, its variables, what it printed."""

    path: Path
    logic: Logic
    forks: int = 0
    steps: int = 0
    variables: dict[str, int] = field(default_factory=dict)
    prints: list[Print] = field(default_factory=list)

    def execute(self, s: c.Statement) -> None:
        self.steps += 1
        if self.steps > MAX_STEPS:
            raise InputError(f"一个进程执行超过 {MAX_STEPS} 步，程序可能有死循环，请修改循环条件。")
        if isinstance(s, c.Block):
            for one in s.body:
                self.execute(one)
        elif isinstance(s, c.Do):
            self.value(s.expr)
        elif isinstance(s, c.Declare):
            self.variables[s.name] = self.value(s.value) if s.value else 0
        elif isinstance(s, c.If):
            branch = s.then if self.value(s.condition) else s.other
            if branch:
                self.execute(branch)
        elif isinstance(s, c.Loop):
            self.loop(s)
        elif isinstance(s, c.Jump):
            raise _Exit if s.kind == "return" else _Leave(s.kind)
        else:
            raise InputError(f"fork 程序中不能使用 {s.name!r} 处的 process 或 section，请删去。")

    def loop(self, s: c.Loop) -> None:
        while s.condition is None or self.value(s.condition):
            try:
                self.execute(s.body)
            except _Leave as leave:
                if leave.args == ("break",):
                    return
            self.steps += 1
            if s.step:
                self.value(s.step)
            elif self.steps > MAX_STEPS:
                raise InputError(f"一个进程执行超过 {MAX_STEPS} 步，程序可能有死循环，请修改循环条件。")

    def value(self, e: c.Expr) -> int:
        if isinstance(e, c.Num):
            return e.value
        if isinstance(e, c.Name):
            return self.read(e.name)
        if isinstance(e, c.Assign):
            self.variables[e.name] = self.value(e.value)
            return self.variables[e.name]
        if isinstance(e, c.Increment):
            before = self.read(e.name)
            self.variables[e.name] = before + e.delta
            return before + e.delta if e.prefix else before
        if isinstance(e, c.Unary):
            operand = self.value(e.operand)
            return int(not operand) if e.op == "!" else -operand
        if isinstance(e, c.Binary):
            return self.binary(e)
        return self.call(e) if isinstance(e, c.Call) else 0

    def binary(self, e: c.Binary) -> int:
        left = self.value(e.left)
        if e.op not in ("&&", "||"):
            return c.arithmetic(e.op, left, self.value(e.right))
        settles = bool(left) == (e.op == "||")
        if self.logic == "c" and settles:
            return int(e.op == "||")
        if self.logic == "swapped" and not settles:
            return int(bool(left))
        right = self.value(e.right)
        return int(bool(left) or bool(right)) if e.op == "||" else int(bool(left) and bool(right))

    def read(self, name: str) -> int:
        if name not in self.variables:
            raise InputError(f"变量 {name!r} 没有声明或赋值，请在使用前写 int {name} = 0;。")
        return self.variables[name]

    def call(self, e: c.Call) -> int:
        if e.name in ("fork", "vfork"):
            if self.forks == len(self.path):
                raise _Fork
            self.forks += 1
            return 1000 + self.forks if self.path[self.forks - 1] else 0
        if e.name == "printf" and e.args and isinstance(e.args[0], c.Str):
            text = e.args[0].text
            for arg in e.args[1:]:
                text = text.replace("%d", str(self.value(arg)), 1)
            self.prints.append(Print(self.forks, text))
            return len(text)
        if e.name in ("exit", "_exit"):
            raise _Exit
        if e.name in IGNORED:
            return 0
        raise InputError(f"不认识函数 {e.name!r}，可用 fork、printf、exit、wait。")


def _printed(life: Life, buffered: bool) -> list[str]:
    """List what a process itself writes; with buffering also what it inherits unwritten."""
    own = [p.text for p in life.prints if p.forks >= life.born]
    if not buffered:
        return own
    inherited: list[str] = []
    for p in life.prints:
        if p.forks < life.born:
            inherited = [] if "\\n" in p.text else [*inherited, p.text]
    return inherited + own


def _names(lives: list[Life]) -> dict[Path, str]:
    """Name the processes P0, P1, ... by their paths at birth, shorter paths first."""
    births = sorted((life.path[: life.born] for life in lives), key=lambda b: (len(b), [not x for x in b]))
    return {birth: f"P{i}" for i, birth in enumerate(births)}


def _parent(life: Life) -> Path:
    before = life.path[: life.born - 1]
    return before[: max((i + 1 for i, parent in enumerate(before) if not parent), default=0)]


def _tree(birth: Path, lives: list[Life], names: dict[Path, str], printed: dict[str, list[str]]) -> Tree:
    children = sorted((life.path[: life.born] for life in lives if life.born and _parent(life) == birth), key=len)
    return Tree(
        names[birth],
        [_tree(child, lives, names, printed) for child in children],
        note=joined([_shown(t) for t in printed[names[birth]]], " ") if printed[names[birth]] else "",
    )


def _height(tree: Tree) -> int:
    return 1 + max((_height(child) for child in tree.children if child), default=0)


def _shown(text: str) -> str:
    return text.replace("\\n", "").strip() or "（空）"


def mistakes(code: str, buffered: bool) -> Iterator[Mistake]:
    """Misconceptions: the first process, short-circuiting, prints before a fork."""
    lives = _lives(code)
    total, prints = len(lives), sum(len(_printed(life, buffered)) for life in lives)
    calls = code.count("fork")
    yield Mistake("没有算最初的进程", {"processes": total - 1, "created": total - 2})
    yield Mistake("把最初的进程也算作新创建的", {"created": total, "processes": total + 1})
    yield Mistake("每个 fork 只执行一次", {"processes": calls + 1, "created": calls})
    power = 2 ** min(calls, 20)
    yield Mistake("每个 fork 都使进程数加倍", {"processes": power, "created": power - 1, "prints": power})
    ways: dict[Logic, str] = {"eager": "没有短路求值", "swapped": "把 && 与 || 的短路条件弄反"}
    for logic, why in ways.items():
        try:
            other = _lives(code, logic)
        except InputError:
            continue
        values = {"processes": len(other), "created": len(other) - 1}
        yield Mistake(why, {**values, "prints": sum(len(_printed(x, buffered)) for x in other)})
    yield Mistake("以为每个进程输出一次", {"prints": total})
    yield Mistake("没有算最初进程的输出", {"prints": prints - len(_printed(lives[0], buffered))})
    yield Mistake("以为子进程从头执行", {"prints": sum(len(life.prints) for life in lives)})
    yield Mistake("输出缓冲是否复制弄反", {"prints": sum(len(_printed(x, not buffered)) for x in lives)})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Draw plain forks, loops, conditions and short-circuit expressions."""
    expression = "fork()"
    for _ in range(1 + difficulty // 2):
        expression += f" {rng.choice(['&&', '||'])} fork()"
    n = rng.randint(2, 3)
    forms = [
        "fork(); " * rng.randint(1, 2) + 'printf("a\\n"); fork(); printf("b\\n");',
        f'for (int i = 0; i < {n}; i++) {{ fork(); printf("x\\n"); }}',
        f'for (int i = 0; i < {n}; i++) if (fork() == 0) printf("c\\n");',
    ]
    if difficulty > 2:
        op = rng.choice(["&&", "||"])
        forms = [
            f'{expression}; fork(); printf("a\\n");',
            f'if ({expression}) printf("a\\n"); else fork(); printf("b\\n");',
            f'for (int i = 0; i < 2; i++) if (fork() {op} fork()) printf("x\\n");',
        ]
    if difficulty > 4:
        forms.append(f'{expression}; if (fork() && !fork()) printf("a\\n"); fork(); printf("b\\n");')
    code = rng.choice(forms)
    ask = rng.choice(["processes", "prints"])
    what = "运行时共有的进程数（含最初的进程）" if ask == "processes" else "printf 输出的总次数"
    stem = f"某进程执行程序段\n\n```c\n{code}\n```\n\nfork 均成功，printf 立即输出，{what}是（ ）。"
    return Draft(stem, {"code": code}, ask)
