"""Running an evaluation: resumable, every sample kept, results with intervals."""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from assistant408.core.errors import A408Error, InputError
from assistant408.evals.choose import Reply
from assistant408.evals.items import Item
from assistant408.evals.stats import mcnemar, wilson

__all__ = ["compare", "load_samples", "run_items", "summarize"]


def run_items(
    items: Sequence[Item],
    answer: Callable[[Item], Reply],
    out: Path,
    about: Mapping[str, Any],
    report: Callable[[int, int], None] = lambda done, total: None,
    clock: Callable[[], float] = time.perf_counter,
) -> dict[str, Any]:
    """Answers what `out` doesn't hold yet, appending to ``samples.jsonl``, and writes ``results.json``.

    Args:
        about: task, version, model, mode, scoring, seed: what makes two runs comparable.

    Raises:
        InputError: `out` holds the samples of another run.
    """
    out.mkdir(parents=True, exist_ok=True)
    stamp = out / "run.json"
    if stamp.is_file() and json.loads(stamp.read_text(encoding="utf-8")) != dict(about):
        raise InputError(f"{str(out)!r} 里是另一次评测（设置不同），请换一个 --out 文件夹。")
    stamp.write_text(json.dumps(dict(about), ensure_ascii=False, indent=1), encoding="utf-8")
    done = {s["id"] for s in load_samples(out)}
    with (out / "samples.jsonl").open("a", encoding="utf-8") as file:
        for i, item in enumerate(items):
            report(i, len(items))
            if item.id in done:
                continue
            start = clock()
            try:
                reply = answer(item)
            except A408Error as e:
                reply = Reply(None, "error", "", str(e))
            sample = {
                "id": item.id,
                "subject": item.subject,
                "key": item.answer,
                "answer": reply.letter,
                "correct": reply.letter == item.answer,
                "how": reply.how,
                "seconds": round(clock() - start, 3),
                "prompt": reply.prompt,
                "output": reply.output,
                "scores": dict(reply.scores),
            }
            file.write(json.dumps(sample, ensure_ascii=False) + "\n")
            file.flush()
    report(len(items), len(items))
    wanted = {item.id for item in items}
    results = {**about, "commit": _commit(), **summarize([s for s in load_samples(out) if s["id"] in wanted])}
    part = out / "results.json.part"
    part.write_text(json.dumps(results, ensure_ascii=False, indent=1), encoding="utf-8")
    os.replace(part, out / "results.json")
    return results


def load_samples(out: Path) -> list[dict[str, Any]]:
    """The samples of a run; a line cut short by a kill is left out."""
    path = out / "samples.jsonl"
    samples = []
    if path.is_file():
        for line in path.read_text(encoding="utf-8").splitlines():
            try:
                samples.append(json.loads(line))
            except json.JSONDecodeError:
                continue
    return samples


def summarize(samples: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Counts and accuracy with 95% Wilson intervals, in all, by subject and by way of answering."""
    groups: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    ways: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for s in samples:
        groups[s["subject"]].append(s)
        ways[s["how"]].append(s)
    return {
        **_score(samples),
        "subjects": {k: _score(v) for k, v in sorted(groups.items())},
        "by_way": {k: _score(v) for k, v in sorted(ways.items())},
        "letters": {x: sum(s["answer"] == x for s in samples) for x in sorted({s["answer"] or "?" for s in samples})},
    }


def _score(samples: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    n = len(samples)
    correct = sum(bool(s["correct"]) for s in samples)
    low, high = wilson(correct, n)
    return {
        "n": n,
        "correct": correct,
        "accuracy": round(correct / n, 4) if n else None,
        "interval": [round(low, 4), round(high, 4)],
        "parse_failures": sum(s["answer"] is None for s in samples),
        "seconds_each": round(sum(s["seconds"] for s in samples) / n, 3) if n else None,
    }


def compare(first: Path, second: Path) -> dict[str, Any]:
    """Two runs over the same items, paired.

    Raises:
        InputError: they share no item.
    """
    a = {s["id"]: bool(s["correct"]) for s in load_samples(first)}
    b = {s["id"]: bool(s["correct"]) for s in load_samples(second)}
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


def _commit() -> str:
    try:
        done = subprocess.run(
            ["git", "rev-parse", "--short", "HEAD"],
            cwd=Path(__file__).parent,
            capture_output=True,
            text=True,
            timeout=10,
            check=False,
        )
    except OSError:
        return ""
    return done.stdout.strip()
