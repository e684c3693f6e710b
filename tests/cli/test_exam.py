"""``a408 exam``: setting, sitting in the terminal, being killed, reporting, papers of one's own."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

SHORT = ("exam", "new", "--subject", "os", "--choices", "3", "--bigs", "1", "--minutes", "45", "--seed", "3")


def test_a_whole_paper(a408: Callable[..., Any]) -> None:
    made = a408("exam", "new", "--seed", "1", "--json").json
    assert (made["points"], made["questions"], made["minutes"], made["state"]) == (150, 47, 180, "new")
    assert [e["id"] for e in a408("exam", "list", "--json").json] == [made["id"]]


def test_sitting_leaving_and_going_on(a408: Callable[..., Any], program: Callable[..., Any], tmp_path: Path) -> None:
    id = a408(*SHORT, "--json").json["id"]
    first = program("exam", "take", "--json", stdin="A\nb\nf\nl\ng 99\nwhat\n-\nD\n1\n第一行\n第二行\n")
    assert first.json["state"] == "paused", "the end of input leaves it"
    for words in ("1✓", "2✓", "3·⚑", "没有第 99 题", "n 下一题"):
        assert words in first.err
    assert "Traceback" not in first.err
    second = program("exam", "take", id, stdin="s\nn\ns\ny\n")
    assert second.code == 0 and "还有" not in second.err and "非连续" in second.out
    data = a408("exam", "report", "--json").json
    assert [q["marks"][0]["answer"] for q in data["questions"]] == ["A", "B", "D", "第一行\n第二行"]
    keys = a408("exam", "report", id, "--key", "--markdown", str(tmp_path / "r.md")).out
    assert "[4.1.1]" in keys and (tmp_path / "r.md").read_text(encoding="utf-8").startswith("# 操作系统小卷 #3")
    marked = a408("exam", "mark", id, "4.1.1", "1", "--reason", "看过了", "--json").json
    assert marked["parts"][0]["lines"][0]["by"] == "self"
    assert "4.9" in a408("exam", "mark", id, "4.9", "1").sentence
    assert "已经交卷" in a408("exam", "take", id).sentence


def test_killed_in_the_middle(a408: Callable[..., Any], own_home: Path) -> None:
    """After kill -9 the last answer is there, and no second is lost or charged for the time away."""
    id = a408(*SHORT, "--json").json["id"]
    process = subprocess.Popen(
        [sys.executable, "-m", "assistant408", "exam", "take", id],
        stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, text=True, env=os.environ.copy(),
    )  # fmt: skip
    assert process.stdin is not None
    process.stdin.write("A\nB\nf\n")
    process.stdin.flush()

    def stored(query: str) -> list[Any]:
        with closing(sqlite3.connect(own_home / "study.db")) as db:
            return db.execute(query).fetchall()

    patience = time.monotonic() + 60
    while not stored("SELECT 1 FROM exam_entries WHERE number = 3") or stored("SELECT used_s FROM exams")[0][0] < 2:
        assert process.poll() is None and time.monotonic() < patience
        time.sleep(0.05)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    used = stored("SELECT used_s FROM exams")[0][0]
    time.sleep(1.5)
    went_on = subprocess.run(
        [sys.executable, "-m", "assistant408", "exam", "take", id, "--json"],
        input="l\n", capture_output=True, encoding="utf-8", env=os.environ.copy(), timeout=120,
    )  # fmt: skip
    assert went_on.returncode == 0, went_on.stderr
    assert "1✓   2✓   3·⚑" in went_on.stderr
    assert f"3/4 剩余 0:{(2700 - int(used)) // 60}" in went_on.stderr, "at the question that lay open"
    kinds = [b for (b,) in stored("SELECT breaks FROM exams")]
    assert "interrupted" in kinds[0]
    assert stored("SELECT used_s FROM exams")[0][0] < used + 1.5, "the time away is not charged"


def test_papers_of_ones_own(a408: Callable[..., Any], tmp_path: Path) -> None:
    file = tmp_path / "我的.md"
    file.write_text("# 我的卷子\n## 1. [os] 2 分\n题\nA. 1\nB. 2\n答案：A\n", encoding="utf-8")
    id = a408("exam", "import", str(file), "--json").json["id"]
    out = tmp_path / "out.md"
    assert a408("exam", "export", id, "--out", str(out), "--key", "--json").json["keys"] is True
    assert "答案：A" in out.read_text(encoding="utf-8")
    a408("exam", "export", id, "--out", str(tmp_path / "out.html"))
    assert "答案" not in (tmp_path / "out.html").read_text(encoding="utf-8")
    file.write_text("# 我的卷子\n## 1. [zz] 2 分\n", encoding="utf-8")
    assert "第 2 行" in a408("exam", "import", str(file)).sentence


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["exam", "take"], "没考完的卷子"),
        (["exam", "report"], "已交卷的考试"),
        (["exam", "take", "nope"], "'nope'"),
        (["exam", "import", "nope.md"], "nope.md"),
        (["exam", "new", "--subject", "xx"], "'xx'"),
        (["exam", "new", "--choices", "0", "--bigs", "0"], "至少有一道"),
    ],
)
def test_mistakes_are_one_sentence(a408: Callable[..., Any], args: list[str], said: str) -> None:
    assert said in a408(*args).sentence


def test_keys_of_an_open_exam_stay_in(a408: Callable[..., Any], tmp_path: Path) -> None:
    id = a408(*SHORT, "--json").json["id"]
    assert "交卷" in a408("exam", "export", id, "--out", str(tmp_path / "a.md"), "--key").sentence
    assert not (tmp_path / "a.md").exists()
