"""The solver registry: one decorated function a file, found by walking the package.

A solver file holds a function under `@solver`, and beside it, by name:

* ``mistakes(**args)``: yields `Mistake`, the values that named misconceptions lead to;
* ``generate(rng, difficulty)``: draws an exam-like `Draft`; its wrong choices come from `mistakes`.
"""

from __future__ import annotations

import contextlib
import importlib
import pkgutil
import random
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from assistant408.core.errors import InputError
from assistant408.core.params import Field, bind, fields_of, schema_of
from assistant408.core.trace import Solution, Value

__all__ = ["Draft", "Mistake", "Out", "Solver", "all_solvers", "get_solver", "solver"]


@dataclass(frozen=True)
class Out:
    """A result of a solver: its Chinese name and unit."""

    label: str
    unit: str = ""


@dataclass(frozen=True)
class Mistake:
    """What a named misconception computes: `why` in Chinese, and the wrong values by result name."""

    why: str
    gives: Mapping[str, Value]


@dataclass(frozen=True)
class Draft:
    """A generated question: the stem, the solver's arguments and the result that is asked for."""

    stem: str
    args: Mapping[str, Any]
    ask: str


@dataclass(frozen=True)
class Solver:
    """A registered solver.

    Attributes:
        id: ``subject.problem``; the file bears the same noun.
        title: the Chinese name of the problem.
        summary: one or two sentences, which retrieval also reads: what is given, what is asked.
        answers: the results, the first being the one that is asked for most.
        syllabus: leaves it serves.
        keywords: words that questions of this kind use.
        examples: arguments to show in forms and documentation; the first is the default.
    """

    id: str
    title: str
    summary: str
    answers: Mapping[str, Out]
    run: Callable[..., Solution]
    syllabus: Sequence[str] = ()
    keywords: Sequence[str] = ()
    examples: Sequence[Mapping[str, Any]] = field(default_factory=tuple)

    @property
    def subject(self) -> str:
        """``ds``, ``co``, ``os`` or ``cn``."""
        return self.id.split(".")[0]

    @property
    def fields(self) -> list[Field]:
        """The typed parameters."""
        return fields_of(self.run)

    @property
    def schema(self) -> dict[str, Any]:
        """The JSON schema of the arguments."""
        return schema_of(self.run)

    @property
    def doc(self) -> str:
        """The docstring of the function."""
        return (self.run.__doc__ or "").strip()

    def __call__(self, **args: Any) -> Solution:
        """Solves for arguments given as values, JSON or text."""
        return self.run(**bind(self.run, args))

    def mistakes(self, **args: Any) -> list[Mistake]:
        """The misconceptions that the solver knows, with the values they lead to."""
        find: Callable[..., Iterable[Mistake]] | None = getattr(self._module, "mistakes", None)
        if find is None:
            return []
        bound = bind(self.run, args)
        for f in self.fields:
            bound.setdefault(f.name, f.default)
        return list(find(**bound))

    def generate(self, rng: random.Random, difficulty: int = 3) -> Draft:
        """A seeded exam-like question.

        Raises:
            InputError: the solver has no generator.
        """
        make: Callable[[random.Random, int], Draft] | None = getattr(self._module, "generate", None)
        if make is None:
            raise InputError(f"解题器 {self.id!r} 不能出题，请换一个。")
        return make(rng, difficulty)

    @property
    def generates(self) -> bool:
        """Whether `generate` is there."""
        return hasattr(self._module, "generate")

    @property
    def _module(self) -> Any:
        return sys.modules[self.run.__module__]


_solvers: dict[str, Solver] = {}


def solver(
    id: str,
    *,
    title: str,
    summary: str,
    answers: Mapping[str, Out],
    syllabus: Sequence[str] = (),
    keywords: Sequence[str] = (),
    examples: Sequence[Mapping[str, Any]] = (),
) -> Callable[[Callable[..., Solution]], Callable[..., Solution]]:
    """Registers the decorated function, which stays a plain function."""

    def register(run: Callable[..., Solution]) -> Callable[..., Solution]:
        if id in _solvers and _solvers[id].run.__module__ != run.__module__:
            raise ValueError(f"solver {id} is defined twice")
        _solvers[id] = Solver(id, title, summary, answers, run, syllabus, keywords, examples)
        return run

    return register


def all_solvers(package: str = "assistant408.solvers") -> dict[str, Solver]:
    """Every solver by id, in order; imports the files of `package` on the first call."""
    for name in _modules(package):
        if name not in sys.modules:
            importlib.import_module(name)
    order = {"ds": 0, "co": 1, "os": 2, "cn": 3}
    return dict(sorted(_solvers.items(), key=lambda kv: (order.get(kv[1].subject, 9), kv[0])))


def get_solver(id: str) -> Solver:
    """The solver named `id`; only its own file is imported.

    Raises:
        InputError: there is none of that name.
    """
    if id not in _solvers:
        subject, _, problem = id.partition(".")
        if subject.isidentifier() and problem.isidentifier():
            with contextlib.suppress(ModuleNotFoundError):
                importlib.import_module(f"assistant408.solvers.{subject}.{problem}")
    if id not in _solvers:
        raise InputError(f"没有解题器 {id!r}，用 a408 solve --list 查看全部。")
    return _solvers[id]


def _modules(package: str) -> Iterator[str]:
    root = importlib.import_module(package)
    for info in pkgutil.walk_packages(root.__path__, package + "."):
        if not info.ispkg and not info.name.rsplit(".", 1)[-1].startswith("_"):
            yield info.name
