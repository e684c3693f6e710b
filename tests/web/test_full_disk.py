"""A disk that is really full, a small file system in memory: one sentence, nothing lost, and it goes on with room again."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from assistant408.content.questions import load_bank
from assistant408.content.syllabus import load_syllabus
from assistant408.core.errors import A408Error, StoreError
from assistant408.core.settings import Settings
from assistant408.llm.models import Source, load_models
from assistant408.llm.pull import pull
from assistant408.practice.exam import Exams, Write
from assistant408.practice.paper import new_paper
from assistant408.store.attempts import Attempts
from assistant408.store.conversations import Conversations
from assistant408.store.db import health, open_database
from assistant408.store.exams import ExamStore
from assistant408.web.services import Services

NOW = datetime(2026, 11, 24, 8, tzinfo=timezone.utc)


def sentence(caught: pytest.ExceptionInfo[A408Error]) -> str:
    text = str(caught.value)
    assert text.endswith("。") and "\n" not in text, text
    return text


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 4 MB; skips where this user may not mount one."""
    if not sys.platform.startswith("linux") or os.geteuid() != 0:
        pytest.skip("mounting a file system needs root")
    place = tmp_path / "disk"
    place.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(place)], capture_output=True).returncode:
        pytest.skip("mounting is not allowed here")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


@pytest.fixture
def fill(disk: Path) -> Callable[[int], Path]:
    """``fill(left)`` leaves that many bytes; deleting the file it gives makes room again."""

    def run(left: int) -> Path:
        ballast = disk / "ballast"
        free = shutil.disk_usage(disk).free - left
        ballast.write_bytes(bytes(max(0, free)))
        return ballast

    return run


@pytest.mark.parametrize("left", [0, 20_000])
def test_the_study_database(disk: Path, fill: Callable[[int], Path], content: Path, left: int) -> None:
    engine = open_database(disk / "home")
    attempts, conversations, exams = Attempts(engine), Conversations(engine), Exams(ExamStore(engine, ""), lambda: NOW)
    attempts.add("before", "A", True, 1)
    talk = conversations.create("满")
    kept = conversations.add(talk, "user", "早先的问题")
    paper = new_paper(load_bank(content), load_syllabus(content), 5, subjects=["os"], choices=3, bigs=0, minutes=30)
    exam = exams.create(paper)
    exams.start(exam)
    exams.put(exam, [Write(1, answer="A")], 1)
    ballast = fill(left)
    with pytest.raises(StoreError, match="磁盘满了") as caught:  # noqa: PT012
        for _ in range(200):
            conversations.add(talk, "user", "字" * 20_000)
    assert "以前的都在" in sentence(caught)
    with pytest.raises(StoreError, match="磁盘满了"):  # noqa: PT012
        for n in range(2, 3000):
            exams.put(exam, [Write(1, answer="ABCD"[n % 4])], n)
            attempts.add("x" * 400, "A", True, 1)
    assert attempts.latest()["before"] and conversations.get(talk)["messages"][0]["id"] == kept, "reading goes on"
    assert exams.view(exam)["answers"][0]["answer"]
    ballast.unlink()
    attempts.add("after", "A", True, 1)
    exams.put(exam, [Write(1, answer="B")], 10_000)
    assert {"before", "after"} <= set(attempts.latest()) and "第" in health(engine)
    assert exams.view(exam)["answers"][0]["answer"] == "B"
    engine.dispose()


def test_a_backup_and_what_it_leaves(disk: Path, fill: Callable[[int], Path], own_home: Path, content: Path) -> None:
    services = Services(own_home, content, Settings(embedding="none"))
    noise = random.Random(1)
    for n in range(40):
        services.learner.attempts.add(
            f"q{n}", "".join(chr(noise.randrange(0x4E00, 0x9FA5)) for _ in range(9000)), True, 1
        )
    ballast = fill(100_000)
    with pytest.raises(StoreError, match="磁盘") as caught:
        services.backup(disk / "backup.zip")
    sentence(caught)
    assert [p.name for p in disk.iterdir()] == ["ballast"], "no piece of a backup stays"
    ballast.unlink()
    services.backup(disk / "backup.zip")
    ballast = fill(50_000)
    small = Services(disk / "home", content, Settings(embedding="none"))
    with pytest.raises(StoreError, match="先腾出空间") as caught:
        small.restore(disk / "backup.zip")
    sentence(caught)
    ballast.unlink()
    assert small.restore(disk / "backup.zip")["rows"]["attempts"] == 40
    for each in (services, small):
        each.database.dispose()


def test_a_model(disk: Path, fill: Callable[[int], Path]) -> None:
    """The room is asked for before anything is fetched; nothing is sent to the source."""
    fill(10_000)
    shelf = Source("url", "http://127.0.0.1:1/x")  # nobody listens there
    model = replace(next(iter(load_models(disk).values())), bytes=3 << 20, sources=(shelf,))
    with pytest.raises(A408Error, match="磁盘空间不足") as caught:
        pull(disk / "home", model, lambda *_: None)
    sentence(caught)


# --- the clock ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("jump", [timedelta(days=-1), timedelta(days=365)], ids=["a day back", "a year on"])
def test_the_exams_clock_jumps(own_home: Path, content: Path, jump: timedelta) -> None:
    """Backwards, no second is given or taken; onwards it is an interruption, and the time left is what it was."""
    clock = [NOW]
    engine = open_database(own_home)
    exams = Exams(ExamStore(engine, ""), lambda: clock[0])
    id = exams.create(
        new_paper(load_bank(content), load_syllabus(content), 5, subjects=["os"], choices=3, bigs=0, minutes=30)
    )
    exams.start(id)
    clock[0] += timedelta(seconds=20)
    exams.put(id, [Write(1, answer="A")], 1)
    left = exams.view(id)["left_s"]
    clock[0] += jump
    view = exams.view(id)
    assert view["state"] in ("running", "interrupted") and abs(view["left_s"] - left) < 1
    exams.start(id)
    exams.put(id, [Write(1, answer="B")], 2)
    clock[0] += timedelta(seconds=10)
    exams.put(id, [Write(2, answer="C")], 3)
    view = exams.view(id)
    assert abs(left - view["left_s"] - 10) < 1
    assert [a["answer"] for a in view["answers"]] == ["B", "C"]
    engine.dispose()
