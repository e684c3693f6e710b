"""Running concurrent processes with shared variables and semaphores, one atomic step at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeVar

from assistant408.core.errors import InputError
from assistant408.solvers.os import _ast as c

__all__ = ["END", "Evaluate", "Instruction", "Model", "State", "Wakeup", "compile_expression", "resolve"]

T = TypeVar("T")
END = -1
MAX_VALUE = 10**6
Wakeup = Literal["fifo", "any"]
Evaluate = Callable[["State"], int]


@dataclass(frozen=True)
class State:
    """Where each process is, the variables, the semaphores' values and queues of waiting processes."""

    pcs: tuple[int, ...]
    variables: tuple[int, ...]
    semaphores: tuple[int, ...]
    queues: tuple[tuple[int, ...], ...]

    def waits(self, process: int) -> bool:
        """Tell whether a process is in a queue."""
        return any(process in q for q in self.queues)


@dataclass(frozen=True)
class Instruction:
    """One atomic step; `index` is a semaphore's or variable's, `target` where a false test or a jump goes."""

    op: Literal["P", "V", "set", "act", "test", "await", "enter", "jump"]
    text: str
    index: int = 0
    value: Evaluate | None = None
    target: int = 0


@dataclass(frozen=True)
class Model:
    """A program ready to run."""

    names: tuple[str, ...]
    code: tuple[tuple[Instruction, ...], ...]
    semaphores: tuple[str, ...]
    variables: tuple[str, ...]
    shared: int  # the first variables are shared, the others are processes' own
    sections: dict[str, tuple[frozenset[int], ...]]  # name -> the program counters inside, by process
    start: State

    def instruction(self, state: State, process: int) -> Instruction | None:
        """Give what a process does next, `None` at its end."""
        pc = state.pcs[process]
        return None if pc == END else self.code[process][pc]

    def expression(self, expr: c.Expr) -> Evaluate:
        """Compile an expression over shared variables, semaphores and ``in(section)``."""
        return compile_expression(expr, self._reader)

    def _reader(self, e: c.Name | c.Call) -> Evaluate:
        if isinstance(e, c.Name) and e.name in self.variables[: self.shared]:
            at = self.variables.index(e.name)
            return lambda s: s.variables[at]
        if isinstance(e, c.Name) and e.name in self.semaphores:
            at = self.semaphores.index(e.name)
            return lambda s: s.semaphores[at]
        if isinstance(e, c.Call) and e.name == "in" and len(e.args) == 1 and isinstance(e.args[0], c.Name):
            inside = self.sections.get(e.args[0].name)
            if inside is not None:
                return lambda s: sum(pc in spot for pc, spot in zip(s.pcs, inside, strict=True))
        known = [*self.variables[: self.shared], *self.semaphores, *(f"in({x})" for x in self.sections)]
        raise InputError(f"条件中的 {c.text_of(e)!r} 没有定义，可用的有：{'、'.join(known)}。")

    def successors(self, state: State, wakeup: Wakeup) -> list[tuple[int, str, State]]:
        """List the steps that are possible: process, what it does, the state after."""
        out = []
        for process in range(len(self.names)):
            step = self.instruction(state, process)
            if step and not state.waits(process):
                out += [(process, label, after) for label, after in self._step(state, process, step, wakeup)]
        return out

    def _step(self, state: State, process: int, step: Instruction, wakeup: Wakeup) -> list[tuple[str, State]]:
        if step.op == "P":
            return [self._down(state, process, step)]
        if step.op == "V":
            return self._up(state, process, step, wakeup)
        if step.op == "await":
            assert step.value
            return [(step.text, self._moved(state, process))] if step.value(state) else []
        if step.op == "test":
            assert step.value
            holds = bool(step.value(state))
            pcs = self._moved(state, process) if holds else self._moved(state, process, step.target)
            return [(f"{step.text} 为{'真' if holds else '假'}", pcs)]
        if step.op == "set":
            assert step.value
            value = step.value(state)
            if abs(value) > MAX_VALUE:
                raise InputError(f"变量 {self.variables[step.index]!r} 超过 {MAX_VALUE}，请限制它的取值。")
            variables = _put(state.variables, step.index, value)
            return [(step.text, replace(self._moved(state, process), variables=variables))]
        if step.op == "jump":  # an empty endless loop
            return [("空循环", self._moved(state, process, step.target))]
        return [(step.text, self._moved(state, process))]

    def _down(self, state: State, process: int, step: Instruction) -> tuple[str, State]:
        value = state.semaphores[step.index] - 1
        after = replace(state, semaphores=_put(state.semaphores, step.index, value))
        if value >= 0:
            return step.text, self._moved(after, process)
        queue = (*state.queues[step.index], process)
        return f"{step.text}，阻塞", replace(after, queues=_put(state.queues, step.index, queue))

    def _up(self, state: State, process: int, step: Instruction, wakeup: Wakeup) -> list[tuple[str, State]]:
        after = replace(
            self._moved(state, process),
            semaphores=_put(state.semaphores, step.index, state.semaphores[step.index] + 1),
        )
        queue = state.queues[step.index]
        out = []
        for woken in queue[:1] if wakeup == "fifo" else queue:
            rest = tuple(p for p in queue if p != woken)
            ready = replace(self._moved(after, woken), queues=_put(state.queues, step.index, rest))
            out.append((f"{step.text}，唤醒 {self.names[woken]}", ready))
        return out or [(step.text, after)]

    def _moved(self, state: State, process: int, to: int | None = None) -> State:
        pc = state.pcs[process] + 1 if to is None else to
        return replace(state, pcs=_put(state.pcs, process, resolve(self.code[process], pc)))


def _put(row: tuple[T, ...], at: int, value: T) -> tuple[T, ...]:
    return (*row[:at], value, *row[at + 1 :])


def resolve(code: Sequence[Instruction], pc: int) -> int:
    """Follow jumps; an empty endless loop stays where it is."""
    seen = set()
    while pc < len(code) and code[pc].op == "jump" and pc not in seen:
        seen.add(pc)
        pc = code[pc].target
    return END if pc >= len(code) else pc


def compile_expression(expr: c.Expr, read: Callable[[c.Name | c.Call], Evaluate]) -> Evaluate:
    """Turn an expression into a function of the state."""
    if isinstance(expr, c.Num):
        number = expr.value
        return lambda s: number
    if isinstance(expr, (c.Name, c.Call)):
        return read(expr)
    if isinstance(expr, c.Unary):
        inner = compile_expression(expr.operand, read)
        return (lambda s: int(not inner(s))) if expr.op == "!" else (lambda s: -inner(s))
    if isinstance(expr, c.Binary):
        left, right, op = compile_expression(expr.left, read), compile_expression(expr.right, read), expr.op
        if op == "&&":
            return lambda s: int(bool(left(s)) and bool(right(s)))
        if op == "||":
            return lambda s: int(bool(left(s)) or bool(right(s)))
        return lambda s: c.arithmetic(op, left(s), right(s))
    raise InputError(f"条件和右端中不能有 {c.text_of(expr)!r}，请把赋值单独写成语句。")
