"""What several commands share."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

import typer

from assistant408.core.paths import content_dir, home

if TYPE_CHECKING:
    from rich.console import Console

    from assistant408.web.services import Services

__all__ = ["JsonFlag", "SubjectOption", "console", "open_services", "print_json", "progress"]

JsonFlag: TypeAlias = Annotated[bool, typer.Option("--json", help="以 JSON 输出。")]
SubjectOption: TypeAlias = Annotated[str | None, typer.Option("--subject", "-s", help="只查一科：ds、co、os 或 cn。")]


def open_services(model: str = "") -> Services:
    """The program's rooms, wired for this user."""
    from assistant408.web.services import Services

    return Services(home(), content_dir(), model=model)


def print_json(value: object) -> None:
    """One JSON document on standard output, Chinese readable."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2))


@lru_cache(1)
def console() -> Console:
    """The terminal, on standard error, so that standard output stays clean."""
    from rich.console import Console

    return Console(stderr=True)


@contextmanager
def progress(label: str, quiet: bool = False) -> Iterator[Callable[[int, int], None]]:
    """A progress bar as a ``report(done, total)`` function; appears only when there is work."""
    if quiet:
        yield lambda done, total: None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    with Progress(
        "{task.description}", BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), console=console()
    ) as p:
        task: Any = None

        def report(done: int, total: int) -> None:
            nonlocal task
            if total and task is None:
                task = p.add_task(label, total=total)
            if task is not None:
                p.update(task, completed=done, total=total)

        yield report


def check_subject(subject: str | None) -> None:
    """Refuses a subject that isn't one of the four.

    Raises:
        InputError: naming it.
    """
    from assistant408.content.syllabus import SUBJECTS
    from assistant408.core.errors import InputError

    if subject is not None and subject not in SUBJECTS:
        raise InputError(f"科目 {subject!r} 不存在，应为 {'、'.join(SUBJECTS)} 之一。")
