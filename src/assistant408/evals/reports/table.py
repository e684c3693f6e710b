"""What a report says, as plain data; the other files of this package write it down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant408.content.syllabus import SUBJECTS
from assistant408.evals.run import compare, load_results, primary_samples

__all__ = ["Pair", "Run", "load_runs", "name_of", "pairs_of", "subjects_of"]

TITLES = {"closed": "只用模型", "rag": "加资料", "full": "全程"}


@dataclass(frozen=True)
class Run:
    """A finished run: its folder, its results, and the name it goes by in the report."""

    folder: Path
    results: dict[str, Any]
    name: str

    @property
    def task(self) -> str:
        """With its part, ``ceval:law``."""
        return str(self.results["task"])


@dataclass(frozen=True)
class Pair:
    """Two runs of a task on the questions that both did."""

    first: Run
    second: Run
    result: dict[str, Any]


def load_runs(folders: Sequence[Path]) -> list[Run]:
    """The runs in these folders, each named by model and mode, or by its folder where that isn't unique.

    Raises:
        InputError: a folder holds no finished run.
    """
    results = [load_results(folder) for folder in folders]
    plain = [" · ".join(str(r[k]) for k in ("model", "mode") if r.get(k)) for r in results]
    same = {(r["task"], p) for i, (r, p) in enumerate(zip(results, plain, strict=True)) if (r["task"], p) in
            {(q["task"], o) for j, (q, o) in enumerate(zip(results, plain, strict=True)) if j != i}}  # fmt: skip
    return [
        Run(folder, r, f"{p}（{folder.name}）" if (r["task"], p) in same else p)
        for folder, r, p in zip(folders, results, plain, strict=True)
    ]


def pairs_of(runs: Sequence[Run]) -> list[Pair]:
    """Every two runs of the same task that share questions."""
    ids = {run.folder: primary_samples(run.folder).keys() for run in runs}
    return [
        Pair(a, b, compare(a.folder, b.folder))
        for i, a in enumerate(runs)
        for b in runs[i + 1 :]
        if a.task == b.task and ids[a.folder] & ids[b.folder]
    ]


def subjects_of(runs: Sequence[Run]) -> list[str]:
    """The subjects of all runs, the four of 408 first and in their order."""
    found = dict.fromkeys(s for run in runs for s in run.results["subjects"])
    return [s for s in SUBJECTS if s in found] + sorted(s for s in found if s not in SUBJECTS)


def name_of(subject: str) -> str:
    """A subject's Chinese name, where it is one of the four."""
    return SUBJECTS.get(subject, subject or "未分科")
