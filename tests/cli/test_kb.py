"""``a408 kb``: documents of one's own from the command line, also when it is killed in the middle."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from assistant408.kb.documents import Library

BOOK = "# 拥塞控制\n\n自编教材说慢开始门限记作zhoumen值，超时后减半。\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two books, and something that is none."""
    (tmp_path / "书").mkdir()
    (tmp_path / "书" / "计网.md").write_text(BOOK, encoding="utf-8")
    (tmp_path / "书" / "gbk.txt").write_bytes("操作系统里的kaiguan中断可以屏蔽。".encode("gb18030"))
    (tmp_path / "书" / "坏.pdf").write_bytes(b"%PDF-1.4 nothing")
    return tmp_path / "书"


def test_a_folder_is_added_and_what_is_broken_said(a408: Callable[..., Any], indexed_home: Path, folder: Path) -> None:
    done = a408("kb", "add", str(folder), "-c", "我的课")
    assert done.code == 2 and "坏.pdf" in done.err and "拥塞控制" in done.out and "gbk" in done.out
    assert "Traceback" not in done.err
    status = a408("kb", "status", "--json").json
    assert [(d["state"], d["collection"]) for d in status["own"]] == [("ready", "我的课")] * 2
    assert status["collections"] == {"我的课": 2}
    one = a408("kb", "status", status["own"][0]["id"], "--json").json
    assert [p["kind"] for p in one["page_list"]] == ["text"]
    assert "第 1 页 文字" in a408("kb", "status", one["id"]).out
    hits = a408("kb", "search", "kaiguan 中断", "-c", "我的课", "--json").json
    assert hits[0]["title"] == "gbk" and {h["doc"] for h in hits} <= {d["id"] for d in status["own"]}


def test_again_changed_moved_removed(a408: Callable[..., Any], indexed_home: Path, folder: Path) -> None:
    book = folder / "计网.md"
    (first,) = a408("kb", "add", str(book), "--json").json
    (same,) = a408("kb", "add", str(book), "--json").json
    assert (same["what"], same["id"], first["what"]) == ("same", first["id"], "new")
    book.write_text(BOOK.replace("减半", "变为xinzhi一"), encoding="utf-8")
    (changed,) = a408("kb", "add", str(book), "--json").json
    assert (changed["what"], changed["id"], changed["chunks"]) == ("changed", first["id"], 1)
    assert "xinzhi" in a408("kb", "search", "xinzhi一", "--json").json[0]["text"]
    assert a408("kb", "move", first["id"], "-c", "乙", "--json").json["collection"] == "乙"
    assert [d["id"] for d in a408("kb", "list", "-c", "乙", "--json").json] == [first["id"]]
    assert a408("kb", "remove", first["id"], "--json").json == {"removed": [first["id"]]}
    assert list((indexed_home / "kb" / "files").iterdir()) == []
    assert first["id"] in a408("kb", "remove", first["id"]).sentence


def test_rebuild_replaces_a_damaged_index(a408: Callable[..., Any], indexed_home: Path, folder: Path) -> None:
    (made,) = a408("kb", "add", str(folder / "计网.md"), "--json").json
    for name in ("kb.db-wal", "kb.db-shm"):
        (indexed_home / "kb" / name).unlink(missing_ok=True)
    (indexed_home / "kb" / "kb.db").write_bytes(b"rubbish" * 4096)
    assert "a408 kb rebuild" in a408("kb", "search", "zhoumen").sentence
    assert a408("kb", "rebuild", "--json").json["chunks"] > 100
    assert a408("kb", "search", "zhoumen", "--json").json[0]["doc"] == made["id"]


def test_mistakes_are_one_sentence(a408: Callable[..., Any], indexed_home: Path, tmp_path: Path) -> None:
    assert "没有这样的" in a408("kb", "add", str(tmp_path / "没有这样的")).sentence
    (tmp_path / "空夹").mkdir()
    assert "空夹" in a408("kb", "add", str(tmp_path / "空夹")).sentence
    assert "d7" in a408("kb", "status", "d7").sentence
    assert a408("kb", "add").out == "没有要做的事。\n"


def test_killed_in_the_middle_it_goes_on(a408: Callable[..., Any], indexed_home: Path, tmp_path: Path) -> None:
    """kill -9 as soon as some pages are read; the next `kb add` reads only the others."""
    from tests.kb.test_ingest import pdf

    book = pdf(tmp_path / "厚书.pdf", [f"第{n}页讲cihui{n}。" for n in range(1, 61)])
    running = subprocess.Popen(
        [sys.executable, "-m", "assistant408", "kb", "add", str(book)], env=os.environ.copy(),
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    path = indexed_home / "kb" / "library.db"
    while not (path.is_file() and any(j.done >= 3 for j in Library(path).jobs().values())):
        assert running.poll() is None, "it ended before it could be killed"
        time.sleep(0.02)
    running.send_signal(signal.SIGKILL)
    running.wait()
    library = Library(path)
    (job,) = library.jobs().values()
    read = library.read(job.sha256)
    assert read == list(range(1, len(read) + 1)) and 3 <= len(read) <= 60
    assert library.health(library.entry(job.doc)).state != "ready"
    (row,) = a408("kb", "add", "--json").json
    assert (row["what"], row["state"], row["pages"]["text"], row["chunks"]) == ("resumed", "ready", 60, 60)
    assert a408("kb", "search", "cihui47", "--json").json[0]["page"] == 47
