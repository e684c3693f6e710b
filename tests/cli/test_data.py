"""``a408 kb``, ``model``, ``content`` and ``doctor``."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.usefixtures("indexed_home")


def notes_of(content: Path) -> set[str]:
    return {p.relative_to(content / "notes").with_suffix("").as_posix() for p in (content / "notes").rglob("*.md")}


# --- kb --------------------------------------------------------------------------------------------------------------


def test_kb_search(a408: Callable[..., Any], content: Path) -> None:
    hits = a408("kb", "search", "银行家算法 安全序列", "--limit", "3", "--json").json
    assert 1 <= len(hits) <= 3 and hits[0]["doc"].startswith("os/deadlock/")
    for h in hits:
        assert set(h) >= {"doc", "title", "section", "page", "text", "score"}
        assert h["doc"] in notes_of(content)
    text = a408("kb", "search", "银行家算法 安全序列", "--limit", "3").out
    assert text.count("\n[") + 1 == len(hits) and hits[0]["section"] in text


def test_kb_search_keeps_to_a_subject_and_may_find_nothing(a408: Callable[..., Any]) -> None:
    hits = a408("kb", "search", "队列", "--subject", "cn", "--json").json
    assert hits and all(h["doc"].startswith("cn/") for h in hits)
    assert a408("kb", "search", "zzqqxx", "--json").json == []
    assert "没有找到" in a408("kb", "search", "zzqqxx").out


def test_kb_status_list_and_rebuild_agree(a408: Callable[..., Any], indexed_home: Path, content: Path) -> None:
    status, rows = a408("kb", "status", "--json").json, a408("kb", "list", "--json").json
    assert set(status) == {"documents", "chunks", "embedding", "file", "bytes", "collections", "own", "store"}
    assert {r["id"] for r in rows} == notes_of(content) and status["documents"] == len(rows)
    assert all(set(r) == {"id", "title", "collection", "chunks"} and r["chunks"] > 0 for r in rows)
    assert sum(r["chunks"] for r in rows) == status["chunks"]
    assert status["embedding"] is None and Path(status["file"]) == indexed_home / "kb" / "kb.db"
    assert a408("kb", "rebuild", "--json").json == {"chunks": status["chunks"]}
    assert str(status["chunks"]) in a408("kb", "status").out
    assert len(a408("kb", "list").out.splitlines()) == len(rows)


def test_a_first_start_builds_the_index(
    a408: Callable[..., Any], tmp_path: Path, content: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("A408_HOME", str(tmp_path / "fresh"))
    assert a408("kb", "status", "--json").json["documents"] == len(notes_of(content))


def test_a_damaged_index_says_what_to_do(a408: Callable[..., Any], indexed_home: Path) -> None:
    (indexed_home / "kb" / "kb.db").write_bytes(b"not a database" * 1000)
    assert "rebuild" in a408("kb", "status").sentence


# --- model -----------------------------------------------------------------------------------------------------------


def a_model(home: Path, content: bytes, wanted: bytes) -> None:
    (home / "models").mkdir()
    (home / "models" / "tiny.gguf").write_bytes(content)
    (home / "models.toml").write_text(
        f'[tiny]\nname = "小模型"\nfile = "tiny.gguf"\nbytes = {len(content)}\n'
        f'sha256 = "{hashlib.sha256(wanted).hexdigest()}"\nlicence = "MIT"\nupstream = "none"\ncontext = 64\n'
        'template = "chatml"\nmemory_mb = 3\nsources = []\n',
        encoding="utf-8",
    )


def test_model_list_and_show(a408: Callable[..., Any], indexed_home: Path) -> None:
    a_model(indexed_home, b"weights", b"weights")
    rows = a408("model", "list", "--json").json
    assert all(set(r) == {"id", "name", "bytes", "licence", "context", "installed", "default"} for r in rows)
    assert [r["id"] for r in rows if r["installed"]] == ["tiny"] and sum(r["default"] for r in rows) == 1
    default = next(r for r in rows if r["default"])
    shown = a408("model", "show", "--json").json
    assert {k: shown[k] for k in ("id", "name", "bytes", "licence", "context")} == {
        k: default[k] for k in ("id", "name", "bytes", "licence", "context")
    }
    assert shown["path"] is None and len(shown["sha256"]) == 64 and shown["sources"]
    assert a408("model", "show", "tiny", "--json").json["path"] == str(indexed_home / "models" / "tiny.gguf")
    assert "tiny" in a408("model", "list").out and "MIT" in a408("model", "show", "tiny").out


def test_model_pull_of_an_installed_one_does_nothing(a408: Callable[..., Any], indexed_home: Path) -> None:
    a_model(indexed_home, b"weights", b"weights")
    path = str(indexed_home / "models" / "tiny.gguf")
    assert a408("model", "pull", "tiny", "--json").json == {"id": "tiny", "path": path}
    assert path in a408("model", "pull", "tiny").out


def test_model_pull_without_a_source_says_so(a408: Callable[..., Any], indexed_home: Path) -> None:
    a_model(indexed_home, b"weights", b"weights")
    (indexed_home / "models" / "tiny.gguf").unlink()
    done = a408("model", "pull", "tiny")
    assert done.code == 2 and "tiny" in done.err and done.out == ""


def test_model_remove(a408: Callable[..., Any], indexed_home: Path) -> None:
    a_model(indexed_home, b"weights", b"weights")
    assert a408("model", "remove", "tiny", "--json").json == {"id": "tiny", "freed_bytes": 7}
    assert not (indexed_home / "models" / "tiny.gguf").exists()
    assert "tiny" in a408("model", "remove", "tiny").sentence


def test_model_doctor_finds_a_damaged_file(a408: Callable[..., Any], indexed_home: Path) -> None:
    a_model(indexed_home, b"damaged", b"weights")
    sentence = a408("model", "doctor", "tiny").sentence
    assert "sha256" in sentence and "a408 model remove tiny" in sentence


@pytest.mark.parametrize("command", ["pull", "show", "remove", "doctor"])
def test_an_unknown_model_is_named(a408: Callable[..., Any], command: str) -> None:
    assert "nope" in a408("model", command, "nope").sentence


def test_model_doctor_before_the_pull(a408: Callable[..., Any]) -> None:
    assert "a408 model pull" in a408("model", "doctor").sentence


def test_a_malformed_list_of_models(a408: Callable[..., Any], indexed_home: Path) -> None:
    (indexed_home / "models.toml").write_text("[x]\nname = 1\n", encoding="utf-8")
    assert "models.toml" in a408("model", "list").sentence


# --- content and doctor ----------------------------------------------------------------------------------------------


def test_content_list(a408: Callable[..., Any]) -> None:
    nodes = a408("content", "list", "--json").json
    assert all(set(n) == {"id", "name", "parent", "weight", "marks"} for n in nodes)
    assert sum(n["marks"] or 0 for n in nodes) == pytest.approx(150, abs=0.5)
    assert len(a408("content", "list").out.splitlines()) == len(nodes)


def test_content_check_reports_and_fails_on_a_problem(
    a408: Callable[..., Any], content: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One note is enough here; that the shipped content is clean is a step of its own in run_all.py."""
    note = Path("notes") / "os" / "deadlock" / "deadlock-basics.md"
    (tmp_path / "content" / note).parent.mkdir(parents=True)
    shutil.copy(content / "syllabus.toml", tmp_path / "content")
    text = (content / note).read_text(encoding="utf-8")
    assert "{#os.deadlock.conditions}" in text
    text = text.replace("{#os.deadlock.conditions}", "{#os.nope}")
    (tmp_path / "content" / note).write_text(text, encoding="utf-8")
    monkeypatch.setenv("A408_CONTENT", str(tmp_path / "content"))
    done = a408("content", "check", "--json", "--no-run")
    assert done.code == 1
    report = json.loads(done.out)
    assert set(report) == {"counts", "problems"}
    problem = next(p for p in report["problems"] if "os.nope" in p)
    text = a408("content", "check", "--no-run").out
    assert problem in text.splitlines()


def test_doctor_says_what_to_do_about_a_missing_model(a408: Callable[..., Any], indexed_home: Path) -> None:
    done = a408("doctor", "--json")
    findings = {f["check"]: f for f in json.loads(done.out)}
    assert done.code == 1, "something is missing"
    assert all(set(f) == {"check", "ok", "value", "todo"} for f in findings.values())
    assert all(bool(f["todo"]) != f["ok"] for f in findings.values() if not f["ok"])
    assert findings["知识库"]["ok"] and findings["检索"]["ok"] and str(indexed_home) in findings["数据目录"]["value"]
    assert not findings["模型"]["ok"] and "a408 model pull" in findings["模型"]["value"] and findings["模型"]["todo"]
    assert findings["学习记录"]["ok"] and "study.db" in findings["学习记录"]["value"]
    text = a408("doctor").out
    assert "✓ 知识库" in text and "✗ 模型" in text
