"""The fault campaign: killed at random points, on a full disk, with a damaged index; nothing lost, nothing half-indexed.

A few dozen kills by default; ``FAULTS=200`` for the long campaign, ``FAULT_SEED`` for another draw.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.kb.conftest import FakeEmbedder

from assistant408.kb.base import KnowledgeBase
from assistant408.kb.ingest import Ingest
from assistant408.kb.queue import Worker

KILLS = int(os.environ.get("FAULTS", "24"))
SEED = int(os.environ.get("FAULT_SEED", "408"))
PARTS = 6  # chunks of a document

CHILD = """
import signal, sys
from pathlib import Path
sys.path.insert(0, "tests/kb")
from conftest import FakeEmbedder
from assistant408.core.errors import A408Error
from assistant408.kb.base import KnowledgeBase
from assistant408.kb.ingest import Ingest
from assistant408.kb.queue import Worker

folder, limit = Path(sys.argv[1]), int(sys.argv[2])
base = KnowledgeBase(folder / "kb.db", FakeEmbedder)
ingest = Ingest(folder, lambda: base, lambda: None, "fake")
if limit:
    import resource
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
print("ready", flush=True)
try:
    for line in sys.stdin:
        do, _, what = line.strip().partition(" ")
        if do == "add":
            ingest.add(Path(what))
        elif do == "remove" and (entry := ingest.library.at(what)):
            ingest.remove(entry.id)
        Worker(ingest).run()
except A408Error as e:
    print(e, flush=True)
    sys.exit(3)
print("done", flush=True)
"""


def book(path: Path, version: int) -> Path:
    """A text of `PARTS` sections, each of which names book and version."""
    parts = [f"## 第{n}节\n\n书{path.stem}版本v{version}节{n}。" for n in range(PARTS)]
    path.write_text("\n\n".join(parts), encoding="utf-8")
    return path


def child(folder: Path, limit: int = 0) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(folder), str(limit)], cwd=Path(__file__).parents[2],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout.readline() == "ready\n", process.communicate()[1]
    return process


def opened(folder: Path) -> tuple[KnowledgeBase, Ingest]:
    base = KnowledgeBase(folder / "kb.db", FakeEmbedder)
    return base, Ingest(folder, lambda: base, lambda: None, "fake")


def versions(base: KnowledgeBase, doc: str) -> list[str]:
    """Which version each of a document's chunks in the index is of."""
    store = base.store
    texts = [c.text for c in store.chunks([int(i) for i in store.matrix().ids]) if c.doc == doc]
    return [t.partition("版本")[2].partition("节")[0] for t in texts]


def test_killed_at_random_points(tmp_path: Path) -> None:
    draw = random.Random(SEED)
    folder, names = tmp_path / "kb", ["a", "b", "c"]
    state = dict.fromkeys(names, 0)  # the newest version that was written, 0 once a removal was asked for
    caught = 0
    for turn in range(1, KILLS + 1):
        name = draw.choice(names)
        path = tmp_path / f"{name}.md"
        adding = not path.exists() or draw.random() < 0.8
        if adding:
            book(path, turn)
        process = child(folder)
        process.stdin.write(f"{'add' if adding else 'remove'} {path}\n")
        process.stdin.flush()
        time.sleep(draw.uniform(0, 0.45))
        caught += process.poll() is None
        process.send_signal(signal.SIGKILL)
        process.communicate()
        state[name] = turn if adding else 0
        base, ingest = opened(folder)
        for entry in ingest.library.entries():
            have = versions(base, entry.id)
            assert len(have) in (0, PARTS) and len(set(have)) <= 1, f"half-indexed after kill {turn}: {have}"
            if ingest.library.health(entry).state == "ready":
                assert have, f"ready without a chunk after kill {turn}"
            if entry.indexed:
                assert len(have) == PARTS, f"lost after kill {turn}"
    assert caught == KILLS
    base, ingest = opened(folder)
    for name in names:  # what was killed is asked for again, as the user would
        path = tmp_path / f"{name}.md"
        if state[name] and path.exists():
            ingest.add(path)
        elif entry := ingest.library.at(str(path.resolve())):
            ingest.remove(entry.id)
    assert Worker(ingest).run()
    found = {Path(e.source).stem: set(versions(base, e.id)) for e in ingest.library.entries()}
    assert found == {n: {f"v{v}"} for n, v in state.items() if v}
    assert ingest.library.jobs() == {}
    assert set(base.store.count()) == {e.id for e in ingest.library.entries()}
    kept = {p.name.split(".")[0] for p in (folder / "files").iterdir() if p.suffix != ".part"}
    assert kept >= {e.sha256 for e in ingest.library.entries()}


@pytest.mark.skipif(sys.platform == "win32", reason="no limit on file size to stand for a full disk")
@pytest.mark.parametrize("spare_bytes", [0, 20_000, 90_000])
def test_a_full_disk_is_one_sentence_and_loses_nothing(tmp_path: Path, spare_bytes: int) -> None:
    folder = tmp_path / "kb"
    base, ingest = opened(folder)
    old = ingest.add(book(tmp_path / "old.md", 1)).id
    assert Worker(ingest).run()
    largest = max(p.stat().st_size for p in folder.rglob("*") if p.is_file())
    big = tmp_path / "big.md"
    big.write_text("\n\n".join(f"## 节{n}\n\n" + f"字{n}。" * 150 for n in range(400)), encoding="utf-8")
    process = child(folder, limit=largest + spare_bytes)
    said, errors = process.communicate(f"add {big}\n", timeout=120)
    assert process.returncode == 3, (said, errors)
    assert said.strip().endswith("。") and len(said.strip().splitlines()) == 1 and "磁盘" in said, said
    base, ingest = opened(folder)
    assert versions(base, old) == ["v1"] * PARTS
    new = ingest.add(big).id
    assert Worker(ingest).run() and ingest.library.health(ingest.library.entry(new)).state == "ready"
    assert base.store.count()[new] >= 400


def test_a_damaged_index_is_made_again_from_what_is_kept(tmp_path: Path) -> None:
    folder = tmp_path / "kb"
    base, ingest = opened(folder)
    id = ingest.add(book(tmp_path / "a.md", 7)).id
    assert Worker(ingest).run()
    (tmp_path / "a.md").unlink()
    for name in ("kb.db", "kb.db-wal", "kb.db-shm"):
        (folder / name).unlink(missing_ok=True)
    base, ingest = opened(folder)
    assert Worker(ingest).run() and versions(base, id) == ["v7"] * PARTS
