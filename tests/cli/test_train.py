"""``a408 train``: what needs no heavy library."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from assistant408.cli.train_gate import REFUSED

CONFIGS = Path(__file__).parents[2] / "configs"


class _AlwaysB(BaseHTTPRequestHandler):
    """A /v1 server whose model finds B likeliest, whatever is asked."""

    def log_message(self, *args: object) -> None:
        pass

    def do_GET(self) -> None:
        self._send({"data": [{"id": "worse"}]})

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        top = [{"token": x, "logprob": -0.1 if x == "B" else -5.0} for x in "ABCD"]
        self._send({"choices": [{"message": {"content": "B"}, "logprobs": {"content": [{"top_logprobs": top}]}}]})

    def _send(self, body: Any) -> None:
        data = json.dumps(body).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


@pytest.fixture
def worse(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _AlwaysB)
    thread = Thread(target=server.serve_forever)
    thread.start()
    monkeypatch.setenv("A408_BASE_URL", f"http://127.0.0.1:{server.server_port}/v1")
    yield "openai:worse"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def items(tmp_path: Path) -> Path:
    """Thirty questions whose key is A, which the stand-in model always takes."""
    path = tmp_path / "held.jsonl"
    rows = [
        {
            "id": f"q{i}",
            "subject": "os",
            "question": f"第 {i} 题",
            "choices": dict.fromkeys("ABCD", "甲"),
            "answer": "A",
        }
        for i in range(30)
    ]
    path.write_text("".join(json.dumps(r) + "\n" for r in rows), encoding="utf-8")
    return path


def test_an_equal_model_passes(a408: Callable[..., Any], items: Path, tmp_path: Path) -> None:
    out = tmp_path / "gate"
    args = ["train", "gate", "--stage", "base=fake", "--stage", "tuned=fake", "--task", str(items), "--out", str(out)]
    done = a408(*args, "--json")
    assert done.json["passed"] is True
    assert done.json["pairs"] == [
        {"task": "held", "before": "base", "after": "tuned", "only_before": 0, "only_after": 0, "p": 1.0,
         "worse": False, "better": False}
    ]  # fmt: skip
    assert "结论：通过" in (out / "model-card.md").read_text(encoding="utf-8")
    samples = out / "evals" / "tuned" / "held" / "samples.jsonl"
    before = samples.stat().st_mtime_ns
    assert a408(*args).code == 0
    assert samples.stat().st_mtime_ns == before


def test_a_worse_model_is_refused(a408: Callable[..., Any], worse: str, items: Path, tmp_path: Path) -> None:
    out = tmp_path / "gate"
    stages = ["--stage", "base=fake", "--stage", f"tuned={worse}", "--stage", f"small={worse}"]
    done = a408("train", "gate", *stages, "--task", str(items), "--out", str(out), "--json")
    result = json.loads(done.out)
    assert done.code == REFUSED
    assert result["passed"] is False
    assert [(p["before"], p["after"], p["worse"]) for p in result["pairs"]] == [
        ("base", "tuned", True),
        ("base", "small", True),
        ("tuned", "small", False),
    ]
    card = (out / "model-card.md").read_text(encoding="utf-8")
    assert "结论：不通过" in card and "30" in card
    assert json.loads((out / "gate.json").read_text(encoding="utf-8"))["reasons"]


@pytest.mark.parametrize(
    "stages", [["base=fake"], ["base=fake", "base=fake"], ["base", "tuned=fake"], ["=fake", "b=fake"]]
)
def test_stages_must_be_named_apart(a408: Callable[..., Any], items: Path, tmp_path: Path, stages: list[str]) -> None:
    named = [x for s in stages for x in ("--stage", s)]
    said = a408("train", "gate", *named, "--task", str(items), "--out", str(tmp_path / "g")).sentence
    assert "--stage" in said and stages[0] in said


@pytest.fixture
def small_content(content: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Our content with one chapter of notes and questions a subject, no terms and no ways of asking."""
    folder = tmp_path / "content"
    for kind, ending in (("notes", "md"), ("questions", "toml")):
        for subject in ("ds", "co", "os", "cn"):
            for path in sorted((content / kind / subject).rglob(f"*.{ending}"))[:2]:
                target = folder / path.relative_to(content)
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(path, target)
    shutil.copy(content / "syllabus.toml", folder)
    (folder / "glossary.toml").write_text("term = []", encoding="utf-8")
    monkeypatch.setenv("A408_CONTENT", str(folder))
    return folder


def test_data_is_made_checked_and_converted(a408: Callable[..., Any], small_content: Path, tmp_path: Path) -> None:
    out, mine = tmp_path / "data", tmp_path / "mine.jsonl"
    mine.write_text('{"conversation": [{"input": "今年的新题？", "output": "没有。"}]}', encoding="utf-8")
    card = a408("train", "data", "--out", str(out), "--held", "4", "--own", str(mine), "--json").json
    assert card["heldout"] == 4 and card["sources"]["mine"] == 1 and card["conversations"] > 300
    assert a408("train", "check", str(out / "train.jsonl"), "--json").json["conversations"] == card["train"]
    done = a408(
        "train", "convert", str(out / "train.jsonl"), str(tmp_path / "x.json"), "--format", "upstream", "--json"
    )
    assert done.json["conversations"] == card["train"]
    assert a408("train", "check", str(tmp_path / "x.json"), "--json").json["problems"] == []


def test_a_wrong_line_is_found(a408: Callable[..., Any], tmp_path: Path) -> None:
    mine = tmp_path / "mine.jsonl"
    mine.write_text('{"conversation": [{"input": "问", "output": "答"}]}\n{"conversation": []}\n', encoding="utf-8")
    done = a408("train", "check", str(mine), "--json")
    assert done.code == 2
    assert json.loads(done.out)["conversations"] == 1 and "第 2 行" in json.loads(done.out)["problems"][0]


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["data", "--out", "x", "--format", "csv"], "'csv'"),
        (["data", "--out", "x", "--own", "nowhere.jsonl"], "nowhere.jsonl"),
        (["check", "nowhere.jsonl"], "nowhere.jsonl"),
        (["sft", "--config", "nowhere.toml", "--data", "x", "--out", "y"], "nowhere.toml"),
        (["merge", "--adapter", "nowhere", "--out", "y"], "nowhere"),
        (["quantize", "gguf", "nowhere", "--out", "y.gguf"], "nowhere"),
        (["gate", "--stage", "a=fake", "--stage", "b=fake", "--out", "x", "--task", "retrieve"], "retrieve"),
    ],
)
def test_a_wrong_argument_is_one_sentence(
    a408: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, args: list[str], said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    assert said in a408("train", *args).sentence
    assert list(tmp_path.glob("[xy]*")) == []


@pytest.mark.parametrize("to", ["xtuner", "llamafactory"])
def test_exports_are_written(a408: Callable[..., Any], tmp_path: Path, to: str) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (data / "train.jsonl").write_text('{"conversation": [{"input": "问", "output": "答"}]}', encoding="utf-8")
    config = CONFIGS / "internlm2-chat-7b-qlora.toml"
    args = ["--config", str(config), "--data", str(data), "--to", to, "--out", str(tmp_path / "out"), "--json"]
    files = a408("train", "export", *args).json["files"]
    assert all((tmp_path / "out" / f).stat().st_size for f in files)
