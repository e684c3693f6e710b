"""Running an evaluation: resumable, parallel, every sample kept, results with intervals."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from assistant408.core.errors import A408Error, BackendError, InputError
from assistant408.core.machine import commit
from assistant408.evals.stats import mcnemar, summarize

__all__ = ["Mark", "Trial", "compare", "load_results", "load_samples", "primary_samples", "run_trials"]

_HOPELESS = 3  # so many errors in a row at the start, and the run is given up


@dataclass(frozen=True)
class Mark:
    """How one trial went.

    Attributes:
        answer: what was answered; `None` if nothing could be read, which counts as wrong.
        key: what was right.
        how: the way of answering (letter, generate, solver …), to count them apart.
        more: kept with the sample; numbers under ``"metrics"`` are averaged in the results.
    """

    correct: bool
    answer: Any
    key: Any
    how: str = ""
    prompt: str = ""
    output: str = ""
    more: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Trial:
    """One thing to do: a case under one scoring and one order of choices, which `group` names."""

    id: str
    subject: str
    group: str
    do: Callable[[], Mark]


def run_trials(
    trials: Sequence[Trial],
    out: Path,
    about: Mapping[str, Any],
    report: Callable[[int, int], None] = lambda done, total: None,
    jobs: int = 1,
    clock: Callable[[], float] = time.perf_counter,
) -> dict[str, Any]:
    """Does what `out` doesn't hold yet, appending to ``samples.jsonl``, and writes ``results.json``.

    A transient failure that outlasts its retries ends the run, and so do errors in all of the first trials; what is
    done is kept, and the same call goes on from there. Another error is a wrong answer, tried again by the next call.

    Args:
        about: task, version, model, mode, scoring, seed: what makes two runs comparable.
        jobs: how many trials at a time.

    Raises:
        InputError: `out` holds the samples of another run.
        BackendError: the model is out of reach.
    """
    groups = list(dict.fromkeys(t.group for t in trials))
    about = {**about, "groups": groups}
    _stamp(out, about)
    kept = {_key(s) for s in load_samples(out) if s["how"] != "error"}
    todo = [t for t in trials if (t.id, t.group) not in kept]
    done = len(trials) - len(todo)
    failed = 0
    with (out / "samples.jsonl").open("a", encoding="utf-8") as file:
        if file.tell() and not (out / "samples.jsonl").read_bytes().endswith(b"\n"):
            file.write("\n")  # the last line was cut short
        report(done, len(trials))
        for sample in _samples(todo, jobs, clock):
            failed = failed + 1 if sample["how"] == "error" and failed >= 0 else -1
            file.write(json.dumps(sample, ensure_ascii=False) + "\n")
            file.flush()
            if failed == _HOPELESS and not kept:
                raise BackendError(sample["output"])
            done += 1
            report(done, len(trials))
    wanted = {(t.id, t.group) for t in trials}
    samples = [s for s in load_samples(out) if _key(s) in wanted]
    results = {**about, "commit": commit(), **summarize(samples, groups)}
    part = out / "results.json.part"
    part.write_text(json.dumps(results, ensure_ascii=False, indent=1), encoding="utf-8")
    os.replace(part, out / "results.json")
    return results


def _samples(trials: Sequence[Trial], jobs: int, clock: Callable[[], float]) -> Iterator[dict[str, Any]]:
    """The samples as they are done; with Ctrl-C, or when the model is out of reach, what waits is dropped."""
    if jobs <= 1:
        yield from (_sample(t, clock) for t in trials)
        return
    waiting = iter(trials)
    with ThreadPoolExecutor(jobs) as pool:
        running: set[Future[dict[str, Any]]] = set()
        while True:
            for trial in waiting:
                running.add(pool.submit(_sample, trial, clock))
                if len(running) >= jobs:
                    break
            if not running:
                return
            ready, running = wait(running, return_when=FIRST_COMPLETED)
            failures = [f.exception() for f in ready]
            yield from (f.result() for f, failure in zip(ready, failures, strict=True) if failure is None)
            for failure in failures:
                if failure is not None:
                    raise failure


def _sample(trial: Trial, clock: Callable[[], float]) -> dict[str, Any]:
    start = clock()
    try:
        mark = trial.do()
    except A408Error as e:
        if isinstance(e, BackendError) and e.transient:
            raise
        mark = Mark(False, None, None, "error", "", str(e))
    return {
        "id": trial.id,
        "subject": trial.subject,
        "group": trial.group,
        "key": mark.key,
        "answer": mark.answer,
        "correct": mark.correct,
        "how": mark.how,
        "seconds": round(clock() - start, 3),
        "prompt": mark.prompt,
        "output": mark.output,
        **mark.more,
    }


def load_samples(out: Path) -> list[dict[str, Any]]:
    """The samples of a run, the last one of each trial; a line cut short by a kill is left out."""
    path = out / "samples.jsonl"
    samples: dict[tuple[str, str], dict[str, Any]] = {}
    if path.is_file():
        for line in path.read_text(encoding="utf-8").splitlines():
            try:
                sample = json.loads(line)
            except json.JSONDecodeError:
                continue
            samples[_key(sample)] = sample
    return list(samples.values())


def load_results(out: Path) -> dict[str, Any]:
    """What `run_trials` wrote.

    Raises:
        InputError: there is no finished run in `out`.
    """
    try:
        return dict(json.loads((out / "results.json").read_text(encoding="utf-8")))
    except (OSError, ValueError):
        raise InputError(f"{str(out)!r} 里没有做完的评测（results.json），请先运行 a408 eval run … --out。") from None


def primary_samples(out: Path) -> dict[str, dict[str, Any]]:
    """By id, the samples of a run's first scoring, with the choices as they are written.

    Raises:
        InputError: there is none.
    """
    samples = load_samples(out)
    stamp = out / "run.json"
    groups = json.loads(stamp.read_text(encoding="utf-8")).get("groups", []) if stamp.is_file() else []
    first = {s["id"]: s for s in samples if not groups or s["group"] == groups[0]}
    if not first:
        raise InputError(f"{str(out)!r} 里没有评测的样本（samples.jsonl），请先运行 a408 eval run … --out。")
    return first


def compare(first: Path, second: Path) -> dict[str, Any]:
    """Two runs over the same items, paired.

    Raises:
        InputError: they share no item.
    """
    a = {id: bool(s["correct"]) for id, s in primary_samples(first).items()}
    b = {id: bool(s["correct"]) for id, s in primary_samples(second).items()}
    shared = sorted(a.keys() & b.keys())
    if not shared:
        raise InputError(f"{first.name!r} 与 {second.name!r} 没有共同的题目，不能配对比较。")
    only_a = sum(a[i] and not b[i] for i in shared)
    only_b = sum(b[i] and not a[i] for i in shared)
    return {
        "n": len(shared),
        "first": sum(a[i] for i in shared) / len(shared),
        "second": sum(b[i] for i in shared) / len(shared),
        "only_first": only_a,
        "only_second": only_b,
        "p": mcnemar(only_a, only_b),
    }


def _key(sample: Mapping[str, Any]) -> tuple[str, str]:
    return sample["id"], sample.get("group", "")


def _stamp(out: Path, about: Mapping[str, Any]) -> None:
    stamp = out / "run.json"
    if stamp.is_file() and json.loads(stamp.read_text(encoding="utf-8")) != about:
        raise InputError(f"{str(out)!r} 里是另一次评测（设置或题目不同），请换一个 --out 文件夹。")
    out.mkdir(parents=True, exist_ok=True)
    stamp.write_text(json.dumps(dict(about), ensure_ascii=False, indent=1), encoding="utf-8")
