"""Breadth-first exploration of a `Model`, and what its graph of states tells."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from assistant408.core.errors import InputError
from assistant408.core.trace import Table
from assistant408.solvers.os._pv import END, Model, State, Wakeup

__all__ = ["Move", "Space", "explore"]


@dataclass(frozen=True)
class Move:
    """An edge of the graph: who moves, what it does, and the number of the state after."""

    process: int
    label: str
    to: int


@dataclass(frozen=True)
class Space:
    """All reachable states, in breadth-first order, with their moves and how each was first reached."""

    model: Model
    states: tuple[State, ...]
    moves: tuple[tuple[Move, ...], ...]
    came: tuple[tuple[int, Move] | None, ...]

    def path(self, to: int) -> list[Move]:
        """Give a shortest sequence of moves from the start to a state."""
        out: list[Move] = []
        step = self.came[to]
        while step:
            out.append(step[1])
            step = self.came[step[0]]
        return out[::-1]

    def first(self, holds: Callable[[int], bool]) -> int | None:
        """Find the state nearest to the start for which a condition holds."""
        return next((i for i in range(len(self.states)) if holds(i)), None)

    def ended(self, i: int) -> bool:
        """Tell whether all processes have ended."""
        return all(pc == END for pc in self.states[i].pcs)

    def deadlocked(self, i: int) -> bool:
        """Tell whether nobody can move though somebody has not ended."""
        return not self.moves[i] and not self.ended(i)

    def advances(self, i: int, move: Move, process: int) -> bool:
        """Tell whether a move takes a process on, by itself or by waking it."""
        return move.process == process or self.states[i].pcs[process] != self.states[move.to].pcs[process]

    def stuck(self, process: int) -> int | None:
        """Find the nearest state from which a process can never go on, though it has not ended."""
        back: list[list[int]] = [[] for _ in self.states]
        hopeful = set()
        for i, moves in enumerate(self.moves):
            for move in moves:
                back[move.to].append(i)
                if self.advances(i, move, process):
                    hopeful.add(i)
        todo = list(hopeful)
        while todo:
            for i in back[todo.pop()]:
                if i not in hopeful:
                    hopeful.add(i)
                    todo.append(i)
        return self.first(lambda i: i not in hopeful and self.states[i].pcs[process] != END)

    def starving(self, process: int) -> int | None:
        """Find the nearest state of a fair cycle in which a process only waits.

        Fair: every other process moves in the cycle, or can't at some state of it.
        """

        def waits(i: int) -> bool:
            step = self.model.instruction(self.states[i], process)
            return self.states[i].waits(process) or (step is not None and step.op == "await")

        graph = {
            i: [m for m in self.moves[i] if not self.advances(i, m, process) and waits(m.to)]
            for i in range(len(self.states))
            if waits(i)
        }
        found = [
            min(part)
            for part in _components({i: [m.to for m in moves] for i, moves in graph.items()})
            if self._fair(part, graph)
        ]
        return min(found, default=None)

    def _fair(self, part: set[int], graph: dict[int, list[Move]]) -> bool:
        inside = [m for i in part for m in graph[i] if m.to in part]
        movers = {m.process for m in inside}
        idle = {p for p in range(len(self.model.names)) for i in part if all(m.process != p for m in self.moves[i])}
        return bool(inside) and movers | idle == set(range(len(self.model.names)))

    def picture(self, to: int) -> Table:
        """Lay out the path to a state: who does what, and the values after, changes marked."""
        model = self.model
        shared = model.variables[: model.shared]
        columns = ["步", "进程", "操作", *model.semaphores, *shared]
        rows: list[list[str | int]] = [["0", "", "初始", *self.values(0)]]
        marks = []
        for n, move in enumerate(self.path(to), 1):
            rows.append([str(n), model.names[move.process], move.label, *self.values(move.to)])
            marks += [(n, k) for k in range(3, len(columns)) if rows[n][k] != rows[n - 1][k]]
        return Table(columns, rows, marks)

    def values(self, i: int) -> list[int]:
        """List the semaphores' and shared variables' values."""
        state = self.states[i]
        return [*state.semaphores, *state.variables[: self.model.shared]]

    def words(self, to: int) -> list[str]:
        """Write the path to a state as text."""
        return [f"{self.model.names[m.process]}: {m.label}" for m in self.path(to)]


def explore(model: Model, wakeup: Wakeup, max_states: int) -> Space:
    """Visit every reachable state.

    Raises:
        InputError: more than `max_states` states.
    """
    number = {model.start: 0}
    states = [model.start]
    moves: list[tuple[Move, ...]] = []
    came: list[tuple[int, Move] | None] = [None]
    for i, state in enumerate(states):
        out = []
        for process, label, after in model.successors(state, wakeup):
            known = after in number
            if not known:
                number[after] = len(states)
                states.append(after)
            move = Move(process, label, number[after])
            out.append(move)
            if not known:
                came.append((i, move))
        moves.append(tuple(out))
        if len(states) > max_states:
            raise InputError(
                f"可达状态超过上限 {max_states} 个，请减少进程份数、循环次数或变量的取值范围，或加大上限。"
            )
    return Space(model, tuple(states), tuple(moves), tuple(came))


def _components(graph: dict[int, list[int]]) -> Iterable[set[int]]:
    """Yield the strongly connected components (Tarjan, without recursion)."""
    index: dict[int, int] = {}
    low: dict[int, int] = {}
    stack: list[int] = []
    on_stack: set[int] = set()
    for root in graph:
        if root in index:
            continue
        work = [(root, iter(graph[root]))]
        index[root] = low[root] = len(index)
        stack.append(root)
        on_stack.add(root)
        while work:
            node, rest = work[-1]
            for to in rest:
                if to not in index:
                    index[to] = low[to] = len(index)
                    stack.append(to)
                    on_stack.add(to)
                    work.append((to, iter(graph[to])))
                    break
                if to in on_stack:
                    low[node] = min(low[node], index[to])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == index[node]:
                    part = set(stack[stack.index(node) :])
                    del stack[stack.index(node) :]
                    on_stack -= part
                    yield part
