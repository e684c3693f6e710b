"""``a408 eval``: the contract of its files."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.usefixtures("indexed_home")


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    file = tmp_path / "paper.jsonl"
    rows = [
        {"id": f"q{i}", "subject": subject, "question": "栈的特点是什么？", "choices": {"A": "后进先出", "B": "先进先出"}, "answer": "AB"[i % 2]}
        for i, subject in enumerate(["ds", "ds", "os", "cn"])
    ]  # fmt: skip
    file.write_text("\n".join(json.dumps(r, ensure_ascii=False) for r in rows), encoding="utf-8")
    return file


def run(a408: Callable[..., Any], paper: Path, out: Path, *more: str) -> Any:
    return a408("eval", "run", str(paper), "--model", "fake", "--mode", "closed", "--out", str(out), "--json", *more)


def test_run_writes_results_and_samples(a408: Callable[..., Any], paper: Path, tmp_path: Path) -> None:
    printed = run(a408, paper, tmp_path / "out").json
    results = json.loads((tmp_path / "out" / "results.json").read_text(encoding="utf-8"))
    assert results == printed
    assert {"task", "version", "model", "mode", "commit", "n", "correct", "accuracy", "interval"} <= set(results)
    assert (results["task"], results["model"], results["mode"], results["n"]) == ("paper.jsonl", "fake", "closed", 4)
    assert {k: v["n"] for k, v in results["subjects"].items()} == {"ds": 2, "os": 1, "cn": 1}
    for row in results["subjects"].values():
        assert {"n", "correct", "accuracy", "interval", "parse_failures"} <= set(row)
        assert row["interval"][0] <= row["accuracy"] <= row["interval"][1]
    samples = [json.loads(s) for s in (tmp_path / "out" / "samples.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [s["id"] for s in samples] == ["q0", "q1", "q2", "q3"]
    assert all({"prompt", "output", "answer", "correct"} <= set(s) and s["prompt"] for s in samples)
    assert results["correct"] == sum(s["correct"] for s in samples) == sum(s["answer"] == s["key"] for s in samples)


def test_a_run_that_was_cut_short_goes_on(a408: Callable[..., Any], paper: Path, tmp_path: Path) -> None:
    whole = run(a408, paper, tmp_path / "out").json
    samples = tmp_path / "out" / "samples.jsonl"
    lines = samples.read_text(encoding="utf-8").splitlines()
    samples.write_text("\n".join(lines[:2]) + "\n" + lines[2][:20] + "\n", encoding="utf-8")
    again = run(a408, paper, tmp_path / "out").json
    assert {k: again[k] for k in ("n", "correct", "subjects")}["n"] == whole["n"] == 4
    assert again["correct"] == whole["correct"]
    kept = [json.loads(s) for s in samples.read_text(encoding="utf-8").splitlines() if s != lines[2][:20]]
    assert sorted(s["id"] for s in kept) == ["q0", "q1", "q2", "q3"]


def test_limit_and_seed_fix_the_draw(a408: Callable[..., Any], paper: Path, tmp_path: Path) -> None:
    ids = []
    for name in ("a", "b"):
        assert run(a408, paper, tmp_path / name, "--limit", "2", "--seed", "7").json["n"] == 2
        samples = (tmp_path / name / "samples.jsonl").read_text(encoding="utf-8").splitlines()
        ids.append([json.loads(s)["id"] for s in samples])
    assert ids[0] == ids[1]


def test_compare(a408: Callable[..., Any], paper: Path, tmp_path: Path) -> None:
    run(a408, paper, tmp_path / "a")
    run(a408, paper, tmp_path / "b")
    result = a408("eval", "compare", str(tmp_path / "a"), str(tmp_path / "b"), "--json").json
    assert {"n", "first", "second", "only_first", "only_second", "p"} <= set(result)
    assert result["n"] == 4 and result["only_first"] == result["only_second"] == 0 and result["p"] == 1
    assert a408("eval", "compare", str(tmp_path / "a"), str(tmp_path / "none")).sentence


def test_list(a408: Callable[..., Any]) -> None:
    rows = a408("eval", "list", "--json").json
    assert all(set(r) == {"task", "version", "items"} for r in rows) and rows
    assert rows[0]["task"] in a408("eval", "list").out


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("{", "1"),
        ('{"id": "x"}', "1"),
        ('{"question": "q", "choices": {"A": "a", "B": "b"}, "answer": "C"}', "1"),
        ("", ""),
    ],
)
def test_a_bad_file_is_named(a408: Callable[..., Any], tmp_path: Path, text: str, names: str) -> None:
    file = tmp_path / "bad.jsonl"
    file.write_text(text, encoding="utf-8")
    sentence = run(a408, file, tmp_path / "out").sentence
    assert "bad.jsonl" in sentence and names in sentence
    assert not (tmp_path / "out").exists(), "nothing was begun"


@pytest.mark.parametrize(("task", "more"), [("nope", []), ("none.jsonl", []), ("408-bench", ["--mode", "best"]), ("408-bench", ["--scoring", "best"])])  # fmt: skip
def test_bad_input(a408: Callable[..., Any], tmp_path: Path, task: str, more: list[str]) -> None:
    done = a408("eval", "run", task, "--model", "fake", "--out", str(tmp_path / "out"), *more)
    assert (more[-1] if more else task) in done.sentence


def test_another_run_in_the_same_folder_is_refused(a408: Callable[..., Any], paper: Path, tmp_path: Path) -> None:
    run(a408, paper, tmp_path / "out")
    assert "--out" in run(a408, paper, tmp_path / "out", "--seed", "9").sentence
