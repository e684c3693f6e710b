"""``a408 eval``: the contract of its files."""

from __future__ import annotations

import json
import shutil
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
    kept = [json.loads(s) for s in samples.read_text(encoding="utf-8").splitlines() if s and s != lines[2][:20]]
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
    assert all(set(r) == {"task", "version", "items", "title", "fetch"} for r in rows)
    by_name = {r["task"]: r for r in rows}
    assert by_name["408-bench"]["items"] == 400 and by_name["ceval"] | {"title": ""} == {
        "task": "ceval", "version": 1, "items": None, "title": "", "fetch": True
    }  # fmt: skip
    shown = a408("eval", "list").out
    assert all(r["task"] in shown for r in rows)


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


def test_scorings_and_orders(a408: Callable[..., Any], paper: Path, tmp_path: Path) -> None:
    results = run(a408, paper, tmp_path / "out", "--scoring", "both", "--shuffle", "3", "--orders", "2").json
    assert results["groups"] == [f"{s}{o}" for s in ("letter", "generate") for o in ("", "/1", "/2")]
    assert results["n"] == 4 and set(results["scorings"]) == set(results["robustness"]) == {"letter", "generate"}
    assert results["robustness"]["letter"]["orders"] == 3
    assert results["scorings"]["generate"]["parse_failures"] == 4, "the stand-in repeats the instruction"
    assert len((tmp_path / "out" / "samples.jsonl").read_text(encoding="utf-8").splitlines()) == 24
    shown = run(a408, paper, tmp_path / "again", "--shuffle", "3")
    assert shown.json["groups"] == ["letter", "letter/1"]


def test_a_public_set_is_fetched_and_run_with_examples(a408: Callable[..., Any], tmp_path: Path) -> None:
    folder = tmp_path / "published"
    for split, more in (("val", ""), ("dev", ",explanation")):
        (folder / split).mkdir(parents=True)
        rows = "".join(f"{i},第{i}题____,甲,乙,丙,丁,B{',因为' if more else ''}\n" for i in range(3))
        text = f"id,question,A,B,C,D,answer{more}\n{rows}"
        (folder / split / f"operating_system_{split}.csv").write_text(text, encoding="utf-8")
    missing = a408("eval", "run", "ceval", "--model", "fake", "--out", str(tmp_path / "x"))
    assert "a408 eval fetch ceval" in missing.sentence
    got = a408("eval", "fetch", "ceval", "--from", str(folder), "--json").json
    assert (got["items"], got["dev"]) == (3, 3)
    out = tmp_path / "out"
    options = ("--model", "fake", "--mode", "closed", "--shots", "2", "--out", str(out))
    results = a408("eval", "run", "ceval", *options, "--json").json
    assert (results["task"], results["shots"], results["n"]) == ("ceval", 2, 3)
    assert set(results["subjects"]) == {"operating_system"}
    assert "--shots" in a408("eval", "run", "ceval", *options[:2], *options[4:], "--mode", "rag").sentence
    assert "408-bench" in a408("eval", "fetch", "408-bench").sentence


def test_report_and_export(a408: Callable[..., Any], paper: Path, tmp_path: Path) -> None:
    run(a408, paper, tmp_path / "a")
    run(a408, paper, tmp_path / "b", "--scoring", "generate")
    folders = [str(tmp_path / "a"), str(tmp_path / "b")]
    said = a408("eval", "report", *folders, "--out", str(tmp_path / "r"), "--json").json
    assert [Path(f).name for f in said["files"]] == ["report.md", "report.html", "report.csv"]
    assert [r["n"] for r in said["runs"]] == [4, 4] and said["pairs"][0]["result"]["n"] == 4
    assert (
        a408("eval", "report", *folders).out.strip()
        == (tmp_path / "r" / "report.md").read_text(encoding="utf-8").strip()
    )
    assert str(tmp_path / "none") in a408("eval", "report", str(tmp_path / "none")).sentence
    made = a408("eval", "export", str(paper), "--lm-eval", str(tmp_path / "l"), "--opencompass", str(tmp_path / "o"), "--json").json  # fmt: skip
    assert made["items"] == 4 and all(Path(f).is_file() for f in made["files"]) and len(made["files"]) == 4 + 7
    assert "--lm-eval" in a408("eval", "export", str(paper)).sentence
    assert "retrieval" in a408("eval", "export", "retrieval", "--lm-eval", str(tmp_path / "l")).sentence


def test_contamination(a408: Callable[..., Any], paper: Path, tmp_path: Path) -> None:
    train = tmp_path / "train.jsonl"
    train.write_text(
        json.dumps({"text": "栈的特点是什么？这里原样抄了一道题，题目说栈的特点是什么？"}, ensure_ascii=False),
        encoding="utf-8",
    )
    options = ("--against", str(train), "--no-vectors")
    shown = a408("eval", "contamination", str(paper), *options).out
    assert shown.count("train.jsonl 第 1 行") == 0 and "13 字串重合" in shown and "余弦" not in shown
    train.write_text(paper.read_text(encoding="utf-8"), encoding="utf-8")
    result = a408("eval", "contamination", str(paper), *options, "--json").json
    assert result["items"] == 4 and set(result["distribution"]) == {"overlap", "likeness"}
    assert [r["likeness"]["score"] for r in result["above"]] == [1.0] * 4, "the file itself was trained on"
    assert "retrieval" in a408("eval", "contamination", "retrieval").sentence


@pytest.mark.parametrize("task", ["retrieval", "solve-nl"])
def test_tasks_that_need_no_language_model(a408: Callable[..., Any], tmp_path: Path, task: str) -> None:
    results = a408("eval", "run", task, "--limit", "12", "--seed", "2", "--out", str(tmp_path / "out"), "--json").json
    assert results["n"] == 12 and results["correct"] >= 6, "keywords alone find most"
    assert results["metrics"] and results["model"] in ("keywords", "rules")


def test_grounding_puts_the_document_before_the_tutor(
    a408: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: Path
) -> None:
    shutil.copytree(content, tmp_path / "content", ignore=shutil.ignore_patterns("grounding"))
    folder = tmp_path / "content" / "bench" / "grounding"
    folder.mkdir()
    (folder / "a.toml").write_text(
        """
[[case]]
id = "g-1"
kind = "scope"
question = "红烧肉怎么烧才不腻？"
expected = "refuse"

[[case]]
id = "g-2"
kind = "document"
question = "寄宿式总线仲裁的让路时钟是几拍？"
document = "# 讲义\\n\\n寄宿式总线仲裁的让路时钟固定为十七拍。"
expected = "answer"
must_contain = ["十七拍"]
""",
        encoding="utf-8",
    )
    monkeypatch.setenv("A408_CONTENT", str(tmp_path / "content"))
    out = tmp_path / "out"
    results = a408("eval", "run", "grounding", "--model", "fake", "--out", str(out), "--json").json
    samples = {s["id"]: s for s in map(json.loads, (out / "samples.jsonl").read_text(encoding="utf-8").splitlines())}
    assert samples["g-1"]["correct"] and samples["g-1"]["answer"] == "refuse"
    assert results["by_way"].keys() == {"scope", "document"} and "safe" in results["metrics"]
    assert [c["doc"] for c in samples["g-2"]["citations"]][:1] == ["eval/document"], samples["g-2"]
    assert "没有题目" in a408("eval", "run", "grounding:nope", "--model", "fake", "--out", str(tmp_path / "x")).sentence
