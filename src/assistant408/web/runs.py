"""Fine-tuning and evaluation runs over HTTP (训练与评测): found on the disk, watched as they go on, compared.

Runs lie under ``$A408_HOME/runs`` and the folders of the setting ``runs``. Nothing here takes a path: a run's id is
one of those that the list gave.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from datetime import datetime, timezone
from itertools import islice
from pathlib import Path
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel

from assistant408.core.errors import InputError
from assistant408.evals.reports.html import write_html
from assistant408.evals.reports.markdown import tables, write_markdown
from assistant408.evals.reports.table import load_runs, pairs_of
from assistant408.evals.run import load_samples
from assistant408.evals.stats import summarize
from assistant408.training.run_folder import Journal, read_json
from assistant408.web.services import Services

__all__ = ["find_runs", "router", "thinned"]

DEEP = 5  # folders below a root
MOST = 500  # runs told of
ROWS = 1000  # points of a curve
INSIDE = {"checkpoints", "adapter", "data", "merged", "awq"}  # what a run's folder holds beside runs

router = APIRouter(prefix="/runs")


class Run(BaseModel):
    """A run in the list; what its kind doesn't have is `null`.

    Attributes:
        about: the base model, or task, model and mode.
        done: it has come to its end.
        updated_at: when it last wrote something; a run that isn't done and has been silent for long was stopped.
        steps: updates so far, or questions answered.
        loss, eval_loss: the last ones, in nats a token.
    """

    id: str
    kind: Literal["training", "evaluation"]
    name: str
    folder: str
    about: str
    done: bool
    updated_at: str
    steps: int
    loss: float | None = None
    eval_loss: float | None = None
    accuracy: float | None = None
    interval: list[float] | None = None


class Score(BaseModel):
    """A share of right answers with its 95% Wilson interval."""

    name: str
    n: int
    correct: int
    accuracy: float | None
    interval: list[float]


class RunView(BaseModel):
    """One run in full.

    Attributes:
        settings: name and value of what it was made of.
        losses: rows of ``loss.jsonl``, thinned for a long run.
        prompts: what the model answered to the run's own questions as training went on.
        scores: of all questions first, then by subject, then by way of answering.
    """

    run: Run
    settings: dict[str, str]
    losses: list[dict[str, float | None]] = []
    prompts: list[dict[str, Any]] = []
    scores: list[Score] = []


class Table(BaseModel):
    """A table of a report."""

    title: str
    head: list[str]
    rows: list[list[str]]


class Comparison(BaseModel):
    """Two evaluations side by side; `verdict` says in one sentence what the paired test says."""

    verdict: str
    tables: list[Table]


@router.get("")
def runs(request: Request) -> list[Run]:
    """All runs, the one that wrote last first."""
    found = [_head(id, folder) for id, folder in find_runs(_roots(request.app.state.services)).items()]
    return sorted(found, key=lambda r: r.updated_at, reverse=True)


@router.get("/folders")
def folders(request: Request) -> list[str]:
    """The folders in which runs are looked for."""
    return [str(root) for root in _roots(request.app.state.services)]


@router.get("/compare", response_model=Comparison)
def compare(
    request: Request,
    first: Annotated[str, Query(max_length=1000)],
    second: Annotated[str, Query(max_length=1000)],
    format: Literal["json", "md", "html"] = "json",
) -> Any:
    """Two finished evaluations compared, as data or as a file."""
    found = find_runs(_roots(request.app.state.services))
    chosen = load_runs([_folder(found, first), _folder(found, second)])
    pairs = pairs_of(chosen)
    if format != "json":
        text = write_markdown(chosen, pairs) if format == "md" else write_html(chosen, pairs)
        kind = {"md": "text/markdown", "html": "text/html"}[format]
        headers = {"Content-Disposition": f'attachment; filename="compare.{format}"'}
        return Response(text, media_type=f"{kind}; charset=utf-8", headers=headers)
    if pairs:
        p = pairs[0]
        verdict = _verdict(p.first.name, p.second.name, p.result)
    else:
        verdict = "两次评测没有共同的题目，只能并排看，不能配对检验。"
    return Comparison(verdict=verdict, tables=[Table(title=t, head=h, rows=r) for t, h, r in tables(chosen, pairs)])


@router.get("/{id:path}")
def run(request: Request, id: str) -> RunView:
    """One run as it is now."""
    folder = _folder(find_runs(_roots(request.app.state.services)), id)
    head = _head(id, folder)
    made = read_json(folder / "run.json")
    if head.kind == "training":
        return RunView(
            run=head,
            settings=_training_settings(folder, made),
            losses=[_numbers(r) for r in thinned(Journal(folder / "loss.jsonl").rows(), ROWS)],
            prompts=Journal(folder / "prompts.jsonl").rows()[-200:],
        )
    results = read_json(folder / "results.json") or summarize(load_samples(folder), made.get("groups", ()))
    scores = [_score("全部", results)]
    scores += [_score(name, s) for name, s in results["subjects"].items()]
    scores += [_score(name, s) for name, s in results["by_way"].items() if len(results["by_way"]) > 1]
    settings = {k: json.dumps(v, ensure_ascii=False) if isinstance(v, list) else str(v) for k, v in made.items()}
    return RunView(run=head, settings=settings | {"commit": str(results.get("commit", ""))}, scores=scores)


def _roots(services: Services) -> list[Path]:
    given = [p for p in services.settings.runs.split(os.pathsep) if p.strip()]
    return [services.home / "runs", *(Path(p).expanduser() for p in given)]


def find_runs(roots: Sequence[Path]) -> dict[str, Path]:
    """Folders of runs by id: the number of the root, a slash, the path below it."""
    found = (
        (f"{n}/{folder.relative_to(root).as_posix()}", folder)
        for n, root in enumerate(roots)
        for folder in _walk(root, DEEP)
    )
    return dict(islice(found, MOST))


def _walk(folder: Path, deep: int) -> Iterator[Path]:
    try:
        if _kind(folder):
            yield folder
        inside = sorted(p for p in folder.iterdir() if p.is_dir() and not p.is_symlink())
    except OSError:  # not there, or not ours to read
        return
    if deep:
        for path in inside:
            if path.name not in INSIDE and not path.name.startswith("."):
                yield from _walk(path, deep - 1)


def _kind(folder: Path) -> Literal["training", "evaluation"] | None:
    try:
        made = read_json(folder / "run.json")
    except ValueError:
        return None
    if not isinstance(made, dict):
        return None
    return "training" if isinstance(made.get("made_of"), dict) else "evaluation" if "task" in made else None


def _folder(found: dict[str, Path], id: str) -> Path:
    if id not in found:
        raise InputError(f"没有找到训练或评测 {id!r}，它可能已被移走，请刷新列表。")
    return found[id]


def _head(id: str, folder: Path) -> Run:
    made = read_json(folder / "run.json")
    names = ("run.json", "loss.jsonl", "done.json", "samples.jsonl", "results.json")
    at = max(f.stat().st_mtime for name in names if (f := folder / name).is_file())
    common: dict[str, Any] = {
        "id": id,
        "name": id.partition("/")[2] if id.partition("/")[2] != "." else folder.name,
        "folder": str(folder),
        "updated_at": datetime.fromtimestamp(at, timezone.utc).isoformat(timespec="seconds"),
    }
    if "made_of" in made:
        rows = Journal(folder / "loss.jsonl").rows()
        return Run(
            **common,
            kind="training",
            about=str(made["made_of"].get("model", "")),
            done=(folder / "done.json").is_file(),
            steps=int(rows[-1]["step"]) if rows else 0,
            loss=_last(rows, "loss"),
            eval_loss=_last(rows, "eval_loss"),
        )
    results = read_json(folder / "results.json")
    return Run(
        **common,
        kind="evaluation",
        about=" · ".join(str(made[k]) for k in ("task", "model", "mode") if made.get(k)),
        done=results is not None,
        steps=results["n"] if results else len(load_samples(folder)),
        accuracy=results["accuracy"] if results else None,
        interval=results["interval"] if results else None,
    )


def _training_settings(folder: Path, made: dict[str, Any]) -> dict[str, str]:
    done, need = read_json(folder / "done.json") or {}, read_json(folder / "preflight.json") or {}
    values = {
        "基座": made["made_of"].get("model"),
        "配置（sha256）": str(made["made_of"].get("config", ""))[:12],
        "数据（sha256）": str(made["made_of"].get("data", ""))[:12],
        "训练的参数": f"{need['trained'] / 1e6:.2f} M" if "trained" in need else None,
        "对话": done.get("conversations") or need.get("conversations"),
        "词元": done.get("tokens"),
        "用时": f"{done['seconds'] / 60:.1f} 分钟" if "seconds" in done else None,
        "设备": done.get("device"),
        "机器": made.get("environment", {}).get("machine"),
        "提交": made.get("environment", {}).get("commit"),
    }
    return {k: str(v) for k, v in values.items() if v}


def thinned(rows: Sequence[dict[str, Any]], most: int) -> list[dict[str, Any]]:
    """At most so many rows, evenly chosen, the last one and all with a validation loss among them.

    Examples:
        >>> [r["step"] for r in thinned([{"step": n} for n in range(10)], 4)]
        [2, 5, 8, 9]
        >>> len(thinned([{"step": 1}], 4))
        1
    """
    if len(rows) <= most:
        return list(rows)
    every = -(-len(rows) // most)
    last = len(rows) - 1
    return [r for n, r in enumerate(rows) if n % every == every - 1 or n == last or "eval_loss" in r]


def _numbers(row: dict[str, Any]) -> dict[str, float | None]:
    """The numbers of a row; one that is none (a loss that ran away) as `null`, which JSON can say."""
    values = {k: float(v) for k, v in row.items() if isinstance(v, int | float)}
    return {k: v if abs(v) < 1e30 else None for k, v in values.items()}


def _last(rows: Sequence[dict[str, Any]], name: str) -> float | None:
    found = next((_numbers(r)[name] for r in reversed(rows) if name in r), None)
    return None if found is None else round(found, 4)


def _score(name: str, score: dict[str, Any]) -> Score:
    return Score(name=name, **{k: score[k] for k in ("n", "correct", "accuracy", "interval")})


def _verdict(first: str, second: str, result: dict[str, Any]) -> str:
    """What McNemar's test says, in a sentence."""
    better, worse = (second, first) if result["second"] >= result["first"] else (first, second)
    gap = 100 * abs(result["second"] - result["first"])
    p = f"p = {result['p']:.2g}"
    same = f"在共同的 {result['n']} 道题上"
    if result["p"] < 0.05:
        return f"{same}，“{better}”比“{worse}”高 {gap:.1f} 个百分点，差别显著（{p}，McNemar 精确检验）。"
    return f"{same}，两者相差 {gap:.1f} 个百分点，不能说哪个更好（{p}，McNemar 精确检验）。"
