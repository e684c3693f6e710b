"""The summary table in OpenCompass's columns: ``dataset,version,metric,mode,<model>``."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Sequence
from typing import Any

from assistant408.evals.reports.table import Run, subjects_of

__all__ = ["write_csv"]

MODES = {"letter": "ppl", "generate": "gen"}  # OpenCompass's words for the two ways of scoring


def write_csv(runs: Sequence[Run]) -> str:
    """A row a dataset (the task, then each subject), a column a model; percentages with two decimals, ``-`` for none.

    `version` is six hexadecimal digits that change with the questions, the task's version or the prompt.
    """
    models = list(dict.fromkeys(_column(r, runs) for r in runs))
    rows: dict[tuple[str, str, str], dict[str, str]] = {}
    for run in runs:
        for dataset, score, group in _scores(run):
            key = dataset, _version(run), MODES.get(group, "gen")
            rows.setdefault(key, {})[_column(run, runs)] = f"{100 * score['accuracy']:.2f}"
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["dataset", "version", "metric", "mode", *models])
    for (dataset, version, mode), cells in rows.items():
        writer.writerow([dataset, version, "accuracy", mode, *(cells.get(m, "-") for m in models)])
    return out.getvalue()


def _scores(run: Run) -> list[tuple[str, dict[str, Any], str]]:
    """(dataset, score, scoring) of the whole under each scoring, and of each subject under the first."""
    first = run.results["groups"][0]
    whole = [(run.task, s, g) for g, s in run.results.get("scorings", {first: run.results}).items()]
    each = [(f"{run.task}-{s}", run.results["subjects"][s], first) for s in subjects_of([run]) if s]
    return whole + each


def _column(run: Run, runs: Sequence[Run]) -> str:
    """The model's name; with the mode where runs of one model differ in it."""
    model = str(run.results["model"])
    modes = {r.results["mode"] for r in runs if r.results["model"] == model}
    return f"{model}-{run.results['mode']}" if len(modes) > 1 else model


def _version(run: Run) -> str:
    made_of = (run.task, run.results["version"], run.results.get("items"), run.results.get("prompt"))
    return hashlib.sha256(repr(made_of).encode()).hexdigest()[:6]
