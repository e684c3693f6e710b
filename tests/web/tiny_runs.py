"""Real runs small enough for a test: a logistic regression trained by gradient descent, and an evaluation of a model.

They write by the same code as ``a408 train sft`` and ``a408 eval run``, so that what the pages show is never invented.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from assistant408.evals.choose import by_letter
from assistant408.evals.items import read_items
from assistant408.evals.run import run_trials
from assistant408.evals.trials import FileTask, choice_trials
from assistant408.training.run_folder import Journal, stamp, write_json


def train(out: Path, updates: int, rate: float = 0.5, done: bool = True) -> Callable[[int], None]:
    """Fits two gaussian clouds for some updates; gives back what makes further updates."""
    stamp(out, {"config": f"{rate}" * 8, "model": "logistic", "weights": "0", "data": "two clouds"})
    rng = np.random.default_rng(0)
    label = rng.integers(0, 2, 200)
    points = rng.normal(size=(200, 2)) + label[:, None]
    weights = np.zeros(3)
    inputs = np.column_stack([points, np.ones(200)])
    journal = Journal(out / "loss.jsonl")
    state = {"step": 0}

    def loss(rows: slice) -> float:
        p = 1 / (1 + np.exp(-inputs[rows] @ weights))
        return float(-np.mean(label[rows] * np.log(p) + (1 - label[rows]) * np.log(1 - p)))

    def go_on(more: int) -> None:
        for _ in range(more):
            state["step"] += 1
            row: dict[str, Any] = {"step": state["step"], "loss": loss(slice(0, 160))}
            if state["step"] % 4 == 0:
                row["eval_loss"] = loss(slice(160, 200))
            journal.add(row)
            p = 1 / (1 + np.exp(-inputs[:160] @ weights))
            weights[:] -= rate * inputs[:160].T @ (p - label[:160]) / 160

    go_on(updates)
    if done:
        write_json(out / "done.json", {"steps": state["step"], "seconds": 0.1, "conversations": 160, "device": "cpu"})
    return go_on


class Knowing:
    """A model that is sure of the letters of `known`, and of A elsewhere."""

    name = "knowing"
    context = 4096

    def __init__(self, known: dict[str, str]) -> None:
        self.known = known

    def logprobs(self, request: Any, candidates: Any) -> dict[str, float]:
        text = request.messages[-1].content
        letter = next((a for q, a in self.known.items() if q in text), "A")
        return {c: (0.0 if c.strip() == letter else -5.0) for c in candidates}


def evaluate(out: Path, known: int, limit: int | None = None) -> dict[str, Any] | None:
    """Twelve questions put to a model that knows so many of them; without an end if `limit` are done."""
    rows = [
        {"id": f"q{n}", "subject": ("ds", "co", "os", "cn")[n % 4], "question": f"第 {n} 个问题是什么？",
         "choices": {"A": "甲", "B": "乙", "C": "丙", "D": "丁"}, "answer": "B"}
        for n in range(12)
    ]  # fmt: skip
    out.parent.mkdir(parents=True, exist_ok=True)
    file = out.parent / "items.jsonl"
    file.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in rows), encoding="utf-8")
    model: Any = Knowing({str(r["question"]): "B" for r in rows[:known]})
    trials = list(choice_trials(FileTask(file), read_items(file), {"letter": by_letter(model)}, 0, 0))
    about = {"task": "items.jsonl", "version": 1, "seed": 0, "model": f"knowing-{known}", "mode": "closed"}
    if limit is None:
        return run_trials(trials, out, about)
    stop = KeyboardInterrupt()

    def report(done: int, total: int) -> None:
        if done == limit:
            raise stop

    try:
        run_trials(trials, out, about, report)
    except KeyboardInterrupt:
        return None
    raise AssertionError
