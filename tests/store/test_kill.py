"""kill -9 at any moment, hundreds of times: whatever was committed is there, and nothing is there by half."""

from __future__ import annotations

import gc
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from assistant408.core.errors import StoreError
from assistant408.store.attempts import Attempts
from assistant408.store.conversations import Conversations
from assistant408.store.db import open_database

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="kill -9 and fork are POSIX"),
]
Start = Callable[[Path, str, Path, str], int]
TOKENS = {
    "conversation": "SELECT title FROM conversations",
    "message": "SELECT content FROM messages",
    "attempt": "SELECT question_id FROM attempts",
    "favourite": "SELECT question_id FROM favourites",
    "report": "SELECT question_id FROM reports",
}


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts a writer; gives its process id."""
    program = [sys.executable, str(Path(__file__).with_name("writer.py"))]
    with subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as nursery:

        def run(home: Path, url: str, log: Path, name: str) -> int:
            nursery.stdin.write(json.dumps([str(home), url, str(log), name]) + "\n")
            nursery.stdin.flush()
            return int(nursery.stdout.readline())

        yield run
        nursery.stdin.close()


def said(log: Path) -> tuple[dict[str, str], set[str]]:
    """Kind by token of what was committed, and the tokens that were under way."""
    lines = log.read_text(encoding="utf-8").splitlines() if log.exists() else []
    committed = {token: kind for mark, (kind, token) in ((x[0], json.loads(x[1:])) for x in lines) if mark == "!"}
    return committed, {json.loads(x[1:])[1] for x in lines} - committed.keys()


def check(home: Path, url: str, log: Path) -> Counter[str]:
    """Opens the database as the program does, and compares it with what the writers said."""
    committed, pending = said(log)
    engine = open_database(home, url)
    with engine.connect() as db:
        if not url:
            assert db.execute(sa.text("PRAGMA integrity_check")).scalars().all() == ["ok"]
            assert db.execute(sa.text("PRAGMA foreign_key_check")).all() == []
        for kind, query in TOKENS.items():
            there = Counter(db.execute(sa.text(query)).scalars())
            wanted = {token for token, of in committed.items() if of == kind}
            assert wanted <= there.keys(), f"lost: {wanted - there.keys()}"
            assert there.keys() - wanted <= pending and set(there.values()) <= {1}, "nobody wrote this"
        for content, result in db.execute(sa.text("SELECT content, result FROM messages")):
            assert json.loads(result)["token"] == content
        late = "SELECT count(*) FROM messages m JOIN conversations c ON c.id = m.conversation_id"
        assert db.execute(sa.text(f"{late} WHERE c.updated_at < m.created_at")).scalar() == 0, "half a transaction"
        notes: dict[str, int] = {}
        for token in (t for t, kind in committed.items() if kind == "note"):
            name, _, number = token.rpartition("-")
            notes[name] = max(notes.get(name, -1), int(number))
        for name, text in db.execute(sa.text("SELECT target, text FROM notes")):
            assert text in pending or int(text.rpartition("-")[2]) == notes.get(name), "an older note came back"
        assert set(notes) <= set(db.execute(sa.text("SELECT target FROM notes")).scalars())
    engine.dispose()
    return Counter(committed.values())


def wait_for(log: Path, lines: int) -> None:
    """Until the writers have said so many lines more."""
    size = lambda: log.stat().st_size if log.exists() else 0  # noqa: E731
    end = size() + 25 * lines
    while size() < end:
        time.sleep(0.001)


def campaign(start: Start, homes: list[tuple[Path, str]], kills: int, seed: int) -> Counter[str]:
    """One or two writers at a time, killed at a random moment: every other time soon, while they open and migrate, else
    some writes later."""
    rng = random.Random(seed)
    total: Counter[str] = Counter()
    done = 0
    for home, url in homes:
        log = home.with_suffix(".log")
        for n in range(kills // len(homes)):
            pids = [start(home, url, log, f"w{done + i}") for i in range(rng.choice((1, 1, 2)))]
            if n % 2:
                wait_for(log, rng.randrange(1, 16))
            for pid in pids:
                time.sleep(rng.uniform(0, 0.01 if n % 2 else 0.04))
                os.kill(pid, signal.SIGKILL)
            done += len(pids)
            check(home, url, log)
        total += check(home, url, log)
    assert done >= kills
    return total


def test_sqlite_survives_two_hundred_kills(start: Start, tmp_path: Path) -> None:
    """Ten databases, so that first openings are killed too."""
    committed = campaign(start, [(tmp_path / f"home{n}", "") for n in range(10)], 200, seed=408)
    assert min(committed[kind] for kind in (*TOKENS, "note")) > 20, committed
    for home in tmp_path.glob("home*/study.db"):
        with closing(sqlite3.connect(home)) as db:
            assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_killed_restore_or_backup_is_made_good_by_another_one(tmp_path: Path) -> None:
    """A file is whole or not there; and whatever a restore was killed at, the data is in the home or put aside."""
    old, home, zipped = tmp_path / "old", tmp_path / "home", tmp_path / "b.zip"
    for folder, word in ((old, "旧"), (home, "新")):
        engine = open_database(folder)
        conversation = Conversations(engine).create(word)
        with engine.begin() as db:  # enough rows for a restore to take a while
            row = {"c": conversation, "word": word * 200}
            insert = "INSERT INTO messages(conversation_id, role, content, created_at) VALUES (:c, 'user', :word, '')"
            db.execute(sa.text(insert), [row] * 5000)
        engine.dispose()
        (folder / "kb").mkdir()
        (folder / "kb" / "doc.txt").write_text(word * 100_000, encoding="utf-8")
    code = (
        "import sys; from datetime import datetime, timezone; from pathlib import Path\n"
        "from assistant408.store.archive import make_backup, restore_backup\n"
        "from assistant408.store.db import open_database\n"
        "home, zipped, what = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]; now = datetime.now(timezone.utc)\n"
        "print(flush=True)\n"
        "make_backup(home, open_database(home), zipped, now, '1') if what == 'backup' else "
        "restore_backup(home, '', zipped, now)\n"
    )
    run = lambda *args: [sys.executable, "-c", code, *map(str, args)]  # noqa: E731
    rng = random.Random(411)
    for _ in range(4):
        with subprocess.Popen(run(old, zipped, "backup"), stdout=subprocess.PIPE) as p:
            p.stdout.readline()
            time.sleep(rng.uniform(0, 0.3))
            p.kill()
        if zipped.exists():
            with zipfile.ZipFile(zipped) as z:
                assert z.testzip() is None
    subprocess.run(run(old, zipped, "backup"), check=True)
    for _ in range(8):
        with subprocess.Popen(run(home, zipped, "restore"), stdout=subprocess.PIPE) as p:
            p.stdout.readline()
            time.sleep(rng.uniform(0, 0.4))
            p.kill()
        engine = open_database(home)
        with engine.connect() as db:
            assert db.execute(sa.text("PRAGMA integrity_check")).scalars().all() == ["ok"]
            texts = db.execute(sa.text("SELECT DISTINCT content FROM messages")).scalars().all()
            assert texts in (["旧" * 200], ["新" * 200]), "all of one or all of the other"
            assert db.execute(sa.text("SELECT count(*) FROM messages")).scalar() == 5000
        engine.dispose()
        documents = {f.read_bytes() for f in home.rglob("doc.txt")}
        assert "新".encode() * 100_000 in documents, "the documents before the first restore are somewhere, whole"
    subprocess.run(run(home, zipped, "restore"), check=True)
    engine = open_database(home)
    assert [c["title"] for c in Conversations(engine).recent()] == ["旧"]
    engine.dispose()
    assert (home / "kb" / "doc.txt").read_text(encoding="utf-8") == "旧" * 100_000


def test_postgresql_survives_two_dozen_kills(start: Start, tmp_path: Path, postgres: Any) -> None:
    committed = campaign(start, [(tmp_path / f"home{n}", postgres.new()) for n in range(4)], 24, seed=409)
    assert committed["message"] > 10, committed


@pytest.mark.filterwarnings(
    "ignore:unclosed <socket:ResourceWarning"
)  # pg8000's, if a server dies while TLS is agreed on
def test_postgresql_loses_nothing_when_its_own_processes_die(own_home: Path, postgres: Any) -> None:
    """Connections are cut fifty times, and the server falls over twice, under a program that goes on."""
    url = postgres.new()
    engine = open_database(own_home, url)
    attempts, conversations = Attempts(engine), Conversations(engine)
    conversation = conversations.create("x")
    committed: list[tuple[str, str]] = []
    unsure: set[str] = set()
    sentences: set[str] = set()
    stop = threading.Event()
    crashes: list[BaseException] = []

    def work() -> None:
        n = 0
        try:
            while not stop.is_set():
                n += 1
                kind = "message" if n % 2 else "attempt"
                try:
                    if kind == "message":
                        conversations.add(conversation, "user", f"t{n}", {"token": f"t{n}"})
                    else:
                        attempts.add(f"t{n}", "A", True, 1)
                    committed.append((kind, f"t{n}"))
                except StoreError as e:
                    unsure.add(f"t{n}")
                    sentences.add(str(e))
        except BaseException as e:
            crashes.append(e)

    worker = threading.Thread(target=work)
    worker.start()
    rng = random.Random(410)
    cut = f"SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = '{engine.url.database}'"
    cuts = 0
    for n in range(50):
        time.sleep(rng.uniform(0, 0.02))
        cuts += postgres.ask(cut)[0][0]
        if n % 25 == 12:
            postgres.stop("immediate")
            postgres.start()
    stop.set()
    worker.join()
    assert not crashes, crashes
    with engine.connect() as db:
        for kind in ("message", "attempt"):
            there = set(db.execute(sa.text(TOKENS[kind])).scalars())
            wanted = {token for of, token in committed if of == kind}
            assert wanted <= there and there - wanted <= unsure
    engine.dispose()
    gc.collect()  # here, where the filter holds
    assert cuts > 25 and len(committed) > 50 and unsure, (cuts, len(committed))
    assert all("连不上学习数据库的服务器" in s and "\n" not in s for s in sentences), sentences
