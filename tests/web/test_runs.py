"""Fine-tuning and evaluation runs over HTTP: real ones, made here."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from tests.web.tiny_runs import evaluate, train

from assistant408.evals.stats import mcnemar, wilson
from assistant408.training.run_folder import Journal
from assistant408.web.runs import find_runs
from assistant408.web.services import Services


@pytest.fixture
def folder(services: Services) -> Path:
    return services.home / "runs"


def test_nothing_yet(api: httpx.Client, folder: Path) -> None:
    assert api.get("/api/runs").json() == []
    assert api.get("/api/runs/folders").json() == [str(folder)]


def test_a_training_is_watched_as_it_goes_on(api: httpx.Client, folder: Path) -> None:
    go_on = train(folder / "a" / "sft", 8, done=False)
    (head,) = api.get("/api/runs").json()
    assert (head["kind"], head["name"], head["done"], head["steps"]) == ("training", "a/sft", False, 8)
    before = api.get(f"/api/runs/{head['id']}").json()
    rows = Journal(folder / "a" / "sft" / "loss.jsonl").rows()
    assert before["losses"] == rows and before["run"] == head
    assert head["loss"] == round(rows[-1]["loss"], 4) and head["eval_loss"] == round(rows[-1]["eval_loss"], 4)
    go_on(4)
    after = api.get(f"/api/runs/{head['id']}").json()
    assert [r["step"] for r in after["losses"]] == list(range(1, 13))
    losses = [r["loss"] for r in after["losses"]]
    assert losses == sorted(losses, reverse=True), "it learns"
    assert math.isclose(losses[0], math.log(2), rel_tol=1e-9)
    assert after["settings"]["基座"] == "logistic"


def test_an_evaluation_with_its_intervals(api: httpx.Client, folder: Path) -> None:
    results = evaluate(folder / "eval", 9)
    assert results is not None
    (head,) = api.get("/api/runs").json()
    low, high = wilson(9, 12)
    assert head["done"] and head["accuracy"] == 0.75 and head["interval"] == [round(low, 4), round(high, 4)]
    view = api.get(f"/api/runs/{head['id']}").json()
    assert [s["name"] for s in view["scores"]] == ["全部", "cn", "co", "ds", "os"]
    assert sum(s["correct"] for s in view["scores"][1:]) == view["scores"][0]["correct"] == 9
    assert view["settings"]["model"] == "knowing-9"


def test_an_evaluation_that_was_stopped(api: httpx.Client, folder: Path) -> None:
    assert evaluate(folder / "half", 12, limit=5) is None
    (head,) = api.get("/api/runs").json()
    assert (head["done"], head["steps"], head["accuracy"]) == (False, 5, None)
    (first, *_) = api.get(f"/api/runs/{head['id']}").json()["scores"]
    assert (first["n"], first["correct"]) == (5, 5), "what is done is told, with its wide interval"


def test_two_evaluations_compared(api: httpx.Client, folder: Path, refused: Callable[..., str]) -> None:
    evaluate(folder / "weak", 2)
    evaluate(folder / "strong", 11)
    evaluate(folder / "half", 12, limit=5)
    ids = {r["name"]: r["id"] for r in api.get("/api/runs").json()}
    query = {"first": ids["weak"], "second": ids["strong"]}
    found = api.get("/api/runs/compare", params=query).json()
    assert mcnemar(0, 9) < 0.05 and "显著" in found["verdict"] and "“knowing-11 · closed”" in found["verdict"]
    assert "75.0 个百分点" in found["verdict"]
    overview = next(t for t in found["tables"] if t["title"] == "总表")
    assert [row[5] for row in overview["rows"]] == ["16.7%", "91.7%"]
    markdown = api.get("/api/runs/compare", params=query | {"format": "md"})
    assert markdown.headers["content-disposition"].endswith('"compare.md"') and "# 评测报告" in markdown.text
    assert "<html" in api.get("/api/runs/compare", params=query | {"format": "html"}).text.lower()
    assert "做完" in refused(api.get("/api/runs/compare", params=query | {"second": ids["half"]}), 400)


def test_folders_that_were_given_and_what_is_no_run(services: Services, folder: Path, tmp_path: Path) -> None:
    train(tmp_path / "elsewhere" / "x", 2)
    train(folder / "kept", 2)
    (folder / "kept" / "checkpoints" / "odd").mkdir(parents=True)
    (folder / "broken").mkdir()
    (folder / "broken" / "run.json").write_text("{", encoding="utf-8")
    (folder / "other").mkdir()
    (folder / "other" / "run.json").write_text(json.dumps({"x": 1}), encoding="utf-8")
    os.symlink(folder, folder / "loop")
    assert list(find_runs([folder, tmp_path / "elsewhere", tmp_path / "nowhere"])) == ["0/kept", "1/x"]


@pytest.mark.parametrize("id", ["0/nope", "0/..%2F..%2F", "..%2F..%2Fetc", "9/x"])
def test_only_runs_of_the_list_are_opened(
    api: httpx.Client, folder: Path, refused: Callable[..., str], id: str
) -> None:
    train(folder.parent / "secret", 2)
    refused(api.get(f"/api/runs/{id}"), 400)
    refused(api.get(f"/api/runs/compare?first={id}&second={id}"), 400)


def test_a_loss_that_ran_away_is_still_json(api: httpx.Client, folder: Path) -> None:
    train(folder / "hot", 2)
    Journal(folder / "hot" / "loss.jsonl").add({"step": 3, "loss": float("nan")})
    (head,) = api.get("/api/runs").json()
    assert head["loss"] is None
    assert api.get(f"/api/runs/{head['id']}").json()["losses"][-1] == {"step": 3, "loss": None}
