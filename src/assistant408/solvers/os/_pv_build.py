"""Compiling concurrent processes with shared variables and semaphores to atomic steps.

Programs are in the small C of `_c`. Outside of the processes: ``semaphore mutex = 1;`` and ``int count = 0;``.
In a process (``process Reader * 2 { ... }`` gives two copies) each of these is one atomic step:

* ``P(s);`` or ``wait(s);`` and ``V(s);`` or ``signal(s);``: a record semaphore, P subtracts 1 and blocks below 0,
  V adds 1 and wakes a waiting process if the value is then at most 0;
* an assignment, ``x++``, and the test of an ``if``, ``while`` or ``for``;
* ``await(condition);``, which waits until the condition holds;
* entering a ``section NAME { ... }``;
* any other call, name or string, such as ``取产品;`` or ``"放产品";``: a step without effect.

With ``registers=True`` an assignment or test first loads each shared variable it reads, one step a load.
Variables that are declared or only assigned inside a process are its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from assistant408.core.errors import InputError
from assistant408.solvers.os import _ast as c
from assistant408.solvers.os._c import parse
from assistant408.solvers.os._pv import Evaluate, Instruction, Model, State, compile_expression, resolve

__all__ = ["build"]

MAX_PROCESSES = 10
MAX_INSTRUCTIONS = 600
DOWN = ("P", "wait", "down", "semWait")
UP = ("V", "signal", "up", "semSignal")


def build(source: str, registers: bool = False) -> Model:
    """Compile a program.

    Args:
        source: the program.
        registers: whether shared variables are loaded one by one before they are used.

    Raises:
        InputError: what can't be read, no or too many processes, more than 600 instructions.
    """
    semaphores: dict[str, int] = {}
    shared: dict[str, int] = {}
    processes: list[tuple[str, c.Statement]] = []
    for s in parse(source).body:
        if isinstance(s, c.Declare):
            (semaphores if s.kind == "semaphore" else shared)[s.name] = _constant(s)
        elif isinstance(s, c.Process):
            names = [s.name] if s.copies == 1 else [f"{s.name}{i + 1}" for i in range(min(s.copies, 99))]
            processes += [(name, s.body) for name in names]
        else:
            raise InputError("进程外只能声明 semaphore 与 int，语句请写进 process 名字 { … }。")
    if not 1 <= len(processes) <= MAX_PROCESSES:
        raise InputError(f"有 {len(processes)} 个进程，应为 1 到 {MAX_PROCESSES} 个，请修改 process 的份数。")
    for name, _ in processes:
        if [n for n, _ in processes].count(name) > 1:
            raise InputError(f"进程名 {name!r} 重复，请改名，或用 process {name} * 份数。")
    compilers = []
    variables = dict(shared)
    for name, body in processes:
        one = _Compiler(name, semaphores, shared, variables, registers)
        one.statement(body)
        compilers.append(one)
    if (size := sum(len(one.code) for one in compilers)) > MAX_INSTRUCTIONS:
        raise InputError(f"各进程共 {size} 条指令，超过 {MAX_INSTRUCTIONS} 条，请缩短程序。")
    for value in semaphores.values():
        if value < 0:
            raise InputError(f"信号量初值 {value!r} 不合要求：应不小于 0。")
    sections = {x for one in compilers for x in one.sections}
    code = tuple(tuple(one.code) for one in compilers)
    return Model(
        tuple(name for name, _ in processes),
        code,
        tuple(semaphores),
        tuple(variables),
        len(shared),
        {x: tuple(frozenset(one.sections.get(x, set())) for one in compilers) for x in sorted(sections)},
        State(
            tuple(resolve(one, 0) for one in code),
            tuple(variables.values()),
            tuple(semaphores.values()),
            tuple(() for _ in semaphores),
        ),
    )


def _constant(s: c.Declare) -> int:
    def read(e: c.Name | c.Call) -> Evaluate:
        raise InputError(f"{s.name} 的初值应为常数，不能用 {c.text_of(e)!r}。")

    nowhere = State((), (), (), ())
    return compile_expression(s.value, read)(nowhere) if s.value else 0


class _Compiler:
    """Instructions of one process."""

    def __init__(
        self,
        name: str,
        semaphores: dict[str, int],
        shared: dict[str, int],
        variables: dict[str, int],
        registers: bool,
    ) -> None:
        self.name, self.semaphores, self.shared = name, list(semaphores), shared
        self.variables, self.registers = variables, registers
        self.code: list[Instruction] = []
        self.sections: dict[str, set[int]] = {}
        self.loops: list[tuple[list[int], list[int]]] = []  # places of break and continue to be filled in
        self.returns: list[int] = []

    def emit(self, instruction: Instruction) -> int:
        self.code.append(instruction)
        return len(self.code) - 1

    def jump(self, target: int = 0) -> int:
        return self.emit(Instruction("jump", "", target=target))

    def aim(self, places: Sequence[int], target: int) -> None:
        for at in places:
            self.code[at] = replace(self.code[at], target=target)

    def statement(self, s: c.Statement) -> None:
        if isinstance(s, c.Block):
            for one in s.body:
                self.statement(one)
        elif isinstance(s, c.Do):
            self.simple(s.expr)
        elif isinstance(s, c.Declare):
            self.declare(s)
        elif isinstance(s, c.If):
            self.branch(s)
        elif isinstance(s, c.Loop):
            self.loop(s)
        elif isinstance(s, c.Section):
            self.emit(Instruction("enter", f"进入 {s.name}"))
            first = len(self.code)
            self.statement(s.body)
            self.sections.setdefault(s.name, set()).update(range(first, len(self.code)))
        elif isinstance(s, c.Jump):
            self.leave(s.kind)
        else:
            raise InputError(f"进程 {self.name} 中不能再写 process，请移到外面。")

    def leave(self, kind: str) -> None:
        if kind != "return" and not self.loops:
            raise InputError(f"进程 {self.name} 的 {kind!r} 不在循环内，请核对。")
        at = self.jump(target=10**9)
        if kind != "return":
            self.loops[-1][kind == "continue"].append(at)

    def declare(self, s: c.Declare) -> None:
        if s.kind == "semaphore":
            raise InputError(f"信号量 {s.name!r} 应在进程外声明，请移到外面。")
        if s.name in self.shared:
            raise InputError(f"进程 {self.name} 的局部变量 {s.name!r} 与共享变量同名，请改名。")
        self.variables.setdefault(self.own(s.name), 0)
        if s.value:
            self.assign(s.name, s.value)

    def own(self, name: str) -> str:
        return f"{self.name}.{name}"

    def branch(self, s: c.If) -> None:
        test = self.test(s.condition)
        self.statement(s.then)
        if s.other:
            over = self.jump()
            self.aim([test], len(self.code))
            self.statement(s.other)
            self.aim([over], len(self.code))
        else:
            self.aim([test], len(self.code))

    def loop(self, s: c.Loop) -> None:
        again = len(self.code)
        exits = [self.test(s.condition)] if s.condition else []
        self.loops.append(([], []))
        self.statement(s.body)
        breaks, continues = self.loops.pop()
        self.aim(continues, len(self.code))
        if s.step:
            self.simple(s.step)
        self.jump(again)
        self.aim([*exits, *breaks], len(self.code))

    def test(self, condition: c.Expr) -> int:
        text = f"判断 {c.text_of(condition)}"
        return self.emit(Instruction("test", text, value=self.value(self.loaded(condition))))

    def simple(self, e: c.Expr) -> None:
        if isinstance(e, c.Assign):
            self.assign(e.name, e.value)
        elif isinstance(e, c.Increment):
            self.assign(e.name, c.Binary("+" if e.delta > 0 else "-", c.Name(e.name), c.Num(1)))
        elif isinstance(e, c.Call) and e.name in (*DOWN, *UP):
            self.semaphore(e)
        elif isinstance(e, c.Call) and e.name == "await" and len(e.args) == 1:
            self.emit(Instruction("await", c.text_of(e), value=self.value(e.args[0])))
        else:
            self.emit(Instruction("act", e.text if isinstance(e, c.Str) else c.text_of(e)))

    def semaphore(self, e: c.Call) -> None:
        name = c.text_of(e.args[0]) if len(e.args) == 1 else ""
        if name not in self.semaphores:
            raise InputError(f"进程 {self.name} 的 {c.text_of(e)!r} 没有用到已声明的信号量，请先写 semaphore {name}。")
        op: Literal["P", "V"] = "P" if e.name in DOWN else "V"
        self.emit(Instruction(op, f"{op}({name})", self.semaphores.index(name)))

    def assign(self, name: str, value: c.Expr) -> None:
        if name not in self.shared:
            self.variables.setdefault(self.own(name), 0)
        text = f"{name}={c.text_of(value)}"
        known = name if name in self.shared else self.own(name)
        compiled = self.value(self.loaded(value))
        self.emit(Instruction("set", text, list(self.variables).index(known), compiled))

    def loaded(self, e: c.Expr) -> c.Expr:
        """With registers, load each shared variable of an expression first and use the copies."""
        if not self.registers or (isinstance(e, c.Name) and e.name in self.shared):
            return e
        return self.copied(e)

    def copied(self, e: c.Expr) -> c.Expr:
        if isinstance(e, c.Name) and e.name in self.shared:
            register = f"{e.name}@{len(self.code)}"  # no name of the program has an @
            own = self.own(register)
            self.variables.setdefault(own, 0)
            text = f"取 {e.name}"
            self.emit(Instruction("set", text, list(self.variables).index(own), self.value(e)))
            return c.Name(register)
        if isinstance(e, c.Unary):
            return c.Unary(e.op, self.copied(e.operand))
        if isinstance(e, c.Binary):
            left = self.copied(e.left)
            return c.Binary(e.op, left, self.copied(e.right))
        return e

    def value(self, e: c.Expr) -> Evaluate:
        return compile_expression(e, self.read)

    def read(self, e: c.Name | c.Call) -> Evaluate:
        if isinstance(e, c.Name):
            for name in (self.own(e.name), e.name):
                if name in self.variables and (name in self.shared or "." in name):
                    at = list(self.variables).index(name)
                    return lambda s: s.variables[at]
        raise InputError(f"进程 {self.name} 中的 {c.text_of(e)!r} 没有定义，请先声明 int {c.text_of(e)}。")
