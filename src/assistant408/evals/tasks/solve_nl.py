"""Computable questions in words: the right solver, the right arguments, and no false fire."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal, Protocol, get_origin

from assistant408.core.errors import InputError
from assistant408.core.params import Field, coerce
from assistant408.core.registry import Solver, all_solvers
from assistant408.core.trace import plain
from assistant408.evals.run import Mark
from assistant408.evals.tasks import Places

__all__ = ["TASK", "Reading", "Worded", "differences", "load_worded", "mark_reading"]


class Reading(Protocol):
    """What was understood of a question: a solver, its arguments, those assumed, and the results asked for."""

    @property
    def solver(self) -> str: ...  # noqa: D102
    @property
    def args(self) -> Mapping[str, Any]: ...  # noqa: D102
    @property
    def assumed(self) -> Sequence[str]: ...  # noqa: D102
    @property
    def asked(self) -> Sequence[str]: ...  # noqa: D102
    @property
    def complete(self) -> bool: ...  # noqa: D102


@dataclass(frozen=True)
class Worded:
    """A question, its solver (`None`: nothing is to be computed), what it states, and what it asks for."""

    id: str
    question: str
    solver: str | None
    args: Mapping[str, Any]
    ask: str | None
    also: str | None

    @property
    def subject(self) -> str:
        """The solver's subject; ``concept`` where there is none."""
        return self.solver.partition(".")[0] if self.solver else "concept"


class SolveNL:
    """The held-back half; ``solve-nl:tune`` the half that the rules were tuned on, ``solve-nl:all`` both."""

    name = "solve-nl"
    title = "读题：计算题能否找到解题器并读对参数，概念题不误触发（保留的一半）"
    version = 1
    needs = "understand"

    def cases(self, places: Places, part: str = "") -> Sequence[Worded]:
        """From ``benchmarks/solve-nl.jsonl`` of the repository."""
        return load_worded(places, part or "test")

    def mark(self, case: Worded, ability: Callable[[str], Reading | None]) -> Mark:
        """Right if solver and arguments are, or, for a concept question, if nothing fired."""
        return mark_reading(case, ability(case.question))


def load_worded(places: Places, split: str) -> list[Worded]:
    """The questions of a half, or all.

    Raises:
        InputError: the file isn't there, or there is no such half.
    """
    if split not in ("test", "tune", "all"):
        raise InputError(f"读题任务没有 {split!r}，应为 solve-nl、solve-nl:tune 或 solve-nl:all。")
    path = places.benchmarks / "solve-nl.jsonl"
    if not path.is_file():
        raise InputError(f"读题任务的题目 {str(path)!r} 不存在：它在源码仓库里，安装包不带，请在仓库中运行。")
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [
        Worded(r["id"], r["question"], r["solver"], r["args"] or {}, r.get("ask"), r.get("also"))
        for r in rows
        if split in ("all", r["split"])
    ]


def mark_reading(case: Worded, reading: Reading | None) -> Mark:
    """Marks what was understood of one question."""
    said = None if reading is None else {"solver": reading.solver, "args": dict(reading.args)}
    key = case.solver and {"solver": case.solver, "args": dict(case.args)}
    if case.solver is None:
        metrics = {"false_fire": float(reading is not None)}
        return Mark(
            reading is None, said or "concept", "concept", "understand", case.question, "", {"metrics": metrics}
        )
    solver, arguments, asked = _reading_right(case, reading)
    metrics = {"solver": float(solver), "arguments": float(arguments), "asked": float(asked)}
    return Mark(arguments, said, key, "understand", case.question, "", {"metrics": metrics})


def _reading_right(case: Worded, reading: Reading | None) -> tuple[bool, bool, bool]:
    """Whether solver, arguments and the result asked for were read right."""
    if reading is None or case.solver is None:
        return False, False, False
    solvers = all_solvers()
    if reading.solver == case.also:  # another solver of the same problem
        number = plain(solvers[reading.solver](**reading.args).answer[reading.asked[0]]) if reading.complete else None
        first = plain(solvers[case.solver](**case.args).answer[case.ask]) if case.ask else None
        return True, number == first, True
    if reading.solver != case.solver:
        return False, False, False
    asked = not case.ask or case.ask in reading.asked[:4]
    return True, _same_arguments(solvers[case.solver], case.args, reading, case.ask), asked


def _same_arguments(solver: Solver, stated: Mapping[str, Any], reading: Reading, ask: str | None) -> bool:
    """Whether every stated argument was found, and nothing else was made up.

    Names may be worded otherwise (``P1`` for ``作业 1``): then the result asked for and all simple values must agree.
    """
    fields = {f.name: f for f in solver.fields}
    if all(_same(f, stated, reading.args) or f.name in reading.assumed for f in fields.values()):
        return True
    if any(_simple(fields[n]) and not _same(fields[n], stated, reading.args) for n in stated):
        return False
    try:
        right, found = solver(**stated).answer, solver(**reading.args).answer
    except InputError:
        return False
    return plain(right) == plain(found) if ask is None else plain(right.get(ask)) == plain(found.get(ask))


def differences(case: Worded, reading: Reading) -> str:
    """Which arguments were read otherwise than stated."""
    fields = {f.name: f for f in all_solvers()[reading.solver].fields}
    return "; ".join(
        f"{n}: {reading.args.get(n)!r} for {case.args.get(n)!r}"
        for n in {**case.args, **reading.args}
        if n in fields and not _same(fields[n], case.args, reading.args)
    )


def _same(f: Field, stated: Mapping[str, Any], found: Mapping[str, Any]) -> bool:
    default = None if f.required else f.default
    a = coerce(stated[f.name], f.type, f.param) if f.name in stated else default
    b = coerce(found[f.name], f.type, f.param) if f.name in found else default
    return bool(a == b)


def _simple(f: Field) -> bool:
    return f.type in (int, bool, Fraction) or get_origin(f.type) is Literal


TASK = SolveNL()
