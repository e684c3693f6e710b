"""The tasks, one a file: each module here has a ``TASK``, found by its file alone."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from assistant408.core.errors import InputError
from assistant408.evals.items import Item
from assistant408.evals.run import Mark

__all__ = ["Case", "Places", "PublicTask", "Task", "all_tasks", "find_task"]


@dataclass(frozen=True)
class Places:
    """Where questions lie: the shipped content, this repository's benchmarks, and the user's fetched sets."""

    content: Path
    home: Path

    @property
    def benchmarks(self) -> Path:
        """The folder ``benchmarks/`` of a checkout; an installed wheel has none."""
        return self.content.parent / "benchmarks"

    def fetched(self, name: str) -> Path:
        """Where ``eval fetch`` puts a public set."""
        return self.home / "evals" / name


class Case(Protocol):
    """One question of a task."""

    @property
    def id(self) -> str:
        """Unique in the task."""
        ...

    @property
    def subject(self) -> str:
        """Results are counted by it."""
        ...


class Task(Protocol):
    """A set of questions and how an answer to one is marked.

    Attributes:
        name: what ``eval run`` calls it.
        title: one Chinese line.
        version: raised when questions or marking change, since results are then no longer comparable.
        needs: which ability of the program it measures: ``choose``, ``search``, ``understand`` or ``ask``.
    """

    @property
    def name(self) -> str: ...  # noqa: D102
    @property
    def title(self) -> str: ...  # noqa: D102
    @property
    def version(self) -> int: ...  # noqa: D102
    @property
    def needs(self) -> str: ...  # noqa: D102

    def cases(self, places: Places, part: str = "") -> Sequence[Any]:
        """The questions.

        Args:
            part: what stands after a colon in ``ceval:law``: a part of the set; empty for the task's default.

        Raises:
            InputError: they aren't there, or there is no such part.
        """
        ...

    def mark(self, case: Any, ability: Callable[..., Any]) -> Mark:
        """Lets the ability answer one case, and marks the answer."""
        ...


@runtime_checkable
class PublicTask(Protocol):
    """A task whose questions are published elsewhere and not shipped here; ``eval fetch`` gets them.

    Attributes:
        sources: addresses, tried in order.
        licence: what the publisher says.
    """

    name: str
    sources: Sequence[str]
    licence: str

    def parse(self, files: Mapping[str, bytes]) -> tuple[list[Item], list[Item]]:
        """Questions to measure with, and solved examples (dev), from the published files by path.

        Raises:
            InputError: the files aren't those of this set.
        """
        ...


@lru_cache(1)
def all_tasks() -> dict[str, Task]:
    """Every task by name."""
    modules = (importlib.import_module(f"{__name__}.{m.name}") for m in pkgutil.iter_modules(__path__))
    tasks: list[Task] = [module.TASK for module in modules if hasattr(module, "TASK")]
    return {task.name: task for task in sorted(tasks, key=lambda t: t.name)}


def find_task(name: str) -> tuple[Task, str]:
    """The task and its part that ``NAME`` or ``NAME:PART`` means.

    Raises:
        InputError: there is none.
    """
    base, _, part = name.partition(":")
    task = all_tasks().get(base)
    if task is None:
        raise InputError(f"没有评测任务 {name!r}：应为 {'、'.join(all_tasks())} 之一，或一个 .jsonl 文件。")
    return task, part
