"""Backup and restore: round trips on both databases and between them, and files that are not what they should be."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from contextlib import closing
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from assistant408.core.errors import A408Error, InputError, StoreError
from assistant408.core.settings import Settings, load_settings, save_settings
from assistant408.store import archive
from assistant408.store.archive import make_backup, restore_backup
from assistant408.store.attempts import Attempts
from assistant408.store.conversations import Conversations
from assistant408.store.db import open_database
from assistant408.store.marks import PersonalNotes
from assistant408.store.migrations import MIGRATIONS

NOW = datetime(2026, 11, 24, 8, 30, tzinfo=timezone.utc)
Put = Callable[[dict[str, bytes]], Path]


def study(home: Path, url: str, word: str) -> None:
    """A learner's data, all of it naming `word`."""
    engine = open_database(home, url)
    conversations = Conversations(engine)
    id = conversations.create(word)
    for i in range(3):
        conversations.add(id, "user", f"{word}{i}")
    conversations.delete(conversations.create("删掉的"))
    Attempts(engine).add(word, "A", False, 0.1)
    PersonalNotes(engine).put("leaf", "os", f"{word}的笔记\n“引号”")
    engine.dispose()
    save_settings(home, Settings(model=word, threads=2))
    (home / "kb" / "files").mkdir(parents=True)
    (home / "kb" / "files" / "讲义.pdf").write_bytes(word.encode() * 1000)
    (home / "kb" / "files" / "unknown.db").write_bytes(b"not SQLite")
    with closing(sqlite3.connect(home / "kb" / "kb.db")) as c, c:
        c.execute("PRAGMA journal_mode=WAL")
        c.execute("CREATE TABLE documents (id TEXT)")
        c.execute("INSERT INTO documents VALUES (?)", (word,))


def content(home: Path, url: str) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table."""
    engine = open_database(home, url)
    tables = sa.MetaData()
    tables.reflect(engine)
    with engine.connect() as c:
        out = {
            t.name: [tuple(r) for r in c.execute(sa.select(t).order_by(*t.primary_key))] for t in tables.sorted_tables
        }
    engine.dispose()
    return out


def files(home: Path) -> dict[str, Any]:
    with closing(sqlite3.connect(home / "kb" / "kb.db")) as c:
        documents = c.execute("SELECT id FROM documents").fetchall()
    return {
        "settings": load_settings(home, {}),
        "documents": documents,
        "file": (home / "kb" / "files" / "讲义.pdf").read_bytes(),
    }


def back_up(home: Path, url: str, target: Path) -> dict[str, Any]:
    engine = open_database(home, url)
    manifest = make_backup(home, engine, target, NOW, "1.2.3")
    engine.dispose()
    return manifest


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a home of the word 旧, its backup, and a home of the word 新; to copy from."""
    folder = tmp_path_factory.mktemp("made")
    for word in "旧新":
        study(folder / word, "", word)
    back_up(folder / "旧", "", folder / "旧.zip")
    return folder


@pytest.fixture
def packed(made: Path, tmp_path: Path) -> Path:
    """A backup of the home `source`."""
    shutil.copytree(made / "旧", tmp_path / "source")
    return shutil.copy(made / "旧.zip", tmp_path / "旧.zip")


@pytest.fixture
def put(packed: Path, tmp_path: Path) -> Put:
    """``put(changes)``: that backup with entries replaced (`None`: removed), with a manifest that agrees."""

    def write(changes: dict[str, bytes | None]) -> Path:
        with zipfile.ZipFile(packed) as z:
            entries: dict[str, bytes | None] = {n: z.read(n) for n in z.namelist()}
        entries |= changes
        kept = {n: b for n, b in entries.items() if b is not None}
        manifest = json.loads(kept.pop("manifest.json"))
        if "manifest.json" not in changes:
            manifest["files"] = {n: {"bytes": len(b), "sha256": hashlib.sha256(b).hexdigest()} for n, b in kept.items()}
        out = tmp_path / "变.zip"
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
            for name, data in kept.items():
                z.writestr(name, data)
            z.writestr("manifest.json", json.dumps(manifest))
        return out

    return write


@pytest.fixture
def current(own_home: Path, made: Path) -> Callable[[], None]:
    """This home with the word 新; calling it checks that nothing there was touched."""
    shutil.copytree(made / "新", own_home)
    rows, rest = content(own_home, ""), files(own_home)

    def untouched() -> None:
        assert content(own_home, "") == rows and files(own_home) == rest
        assert sorted(p.name for p in own_home.iterdir()) == ["kb", "settings.toml", "study.db"]

    return untouched


# --- what comes back -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("source", ["sqlite", "postgresql"])
def test_a_round_trip_between_any_two_databases(
    tmp_path: Path, own_home: Path, database_url: str, source: str, request: pytest.FixtureRequest
) -> None:
    url = "" if source == "sqlite" else request.getfixturevalue("postgres").new()
    old, zipped = tmp_path / "old", tmp_path / "b.zip"
    study(old, url, "旧")
    wanted = content(old, url)
    manifest = back_up(old, url, zipped)
    assert manifest["format"] == 1 and manifest["program"] == "1.2.3" and manifest["schema"] == len(MIGRATIONS)
    assert manifest["created_at"] == "2026-11-24T08:30:00+00:00"
    assert sorted(manifest["files"]) == [
        "kb/files/unknown.db",
        "kb/files/讲义.pdf",
        "kb/kb.db",
        "settings.toml",
        "study.db",
    ]

    study(own_home, database_url, "新")
    before, rest = content(own_home, database_url), files(own_home)
    done = restore_backup(own_home, database_url, zipped, NOW)
    assert content(own_home, database_url) == wanted and files(own_home) == files(old)
    assert done["rows"]["messages"] == 3 and done["rows"]["conversations"] == 2

    aside = Path(done["replaced"])
    assert aside == own_home / "replaced-20261124-083000"
    assert content(aside, "") == before and files(aside) == rest, "what was there is kept"
    engine = open_database(own_home, database_url)
    Attempts(engine).add("下一题", "A", True, 1)  # its number is new, also on PostgreSQL
    engine.dispose()


def test_a_restore_can_be_restored_from(tmp_path: Path, own_home: Path, packed: Path) -> None:
    study(own_home, "", "新")
    before = content(own_home, "")
    back_up(own_home, "", tmp_path / "新.zip")
    first = restore_backup(own_home, "", packed, NOW)["replaced"]
    second = restore_backup(own_home, "", tmp_path / "新.zip", NOW)["replaced"]
    assert first != second and content(own_home, "") == before


def test_an_empty_home_takes_a_backup(own_home: Path, tmp_path: Path, packed: Path) -> None:
    restore_backup(own_home, "", packed, NOW)
    assert content(own_home, "") == content(tmp_path / "source", "")
    assert files(own_home) == files(tmp_path / "source")


def test_no_key_and_no_server_is_in_a_backup(
    own_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, packed: Path
) -> None:
    own_home.mkdir()
    (own_home / "settings.toml").write_text("database = 'postgresql://u@elsewhere/d'\nmodel = 'm'\n")
    monkeypatch.setenv("A408_API_KEY", "sk-secret")
    monkeypatch.setenv("A408_BASE_URL", "http://127.0.0.1:1/v1")
    back_up(own_home, "", tmp_path / "b.zip")
    with zipfile.ZipFile(tmp_path / "b.zip") as z:
        assert z.read("settings.toml") == b'model = "m"\n'
        assert all(b"sk-secret" not in z.read(n) for n in z.namelist())
    restore_backup(own_home, "", packed, NOW)
    assert load_settings(own_home, {}) == Settings(model="旧", threads=2, database="postgresql://u@elsewhere/d")


def test_a_backup_of_an_old_version_is_upgraded(own_home: Path, put: Put, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "v2.db")) as c:
        c.executescript((Path(__file__).parent / "version2.sql").read_text(encoding="utf-8"))
    restore_backup(own_home, "", put({"study.db": (tmp_path / "v2.db").read_bytes()}), NOW)
    engine = open_database(own_home)
    assert Conversations(engine).get("abc")["title"] == "死锁" and Attempts(engine).wrong() == ["os-vm-0001"]
    engine.dispose()


def test_a_damaged_database_is_put_aside_and_replaced(own_home: Path, packed: Path, tmp_path: Path) -> None:
    own_home.mkdir()
    (own_home / "study.db").write_bytes(b"broken " * 5000)
    aside = Path(restore_backup(own_home, "", packed, NOW)["replaced"])
    assert content(own_home, "") == content(tmp_path / "source", "")
    assert (aside / "damaged-study.db").read_bytes() == b"broken " * 5000


def test_other_tables_of_a_server_are_left_alone(own_home: Path, postgres: Any, packed: Path) -> None:
    url = postgres.new()
    engine = open_database(own_home, url)
    with engine.begin() as c:
        c.execute(sa.text("CREATE TABLE of_another_program (id INTEGER PRIMARY KEY)"))
        c.execute(sa.text("INSERT INTO of_another_program VALUES (1)"))
    restore_backup(own_home, url, packed, NOW)
    with engine.connect() as c:
        assert c.execute(sa.text("SELECT count(*) FROM of_another_program")).scalar() == 1
    engine.dispose()


def test_text_that_a_server_cannot_hold_is_pictured(own_home: Path, postgres: Any, tmp_path: Path) -> None:
    study(tmp_path / "old", "", "旧\0")
    back_up(tmp_path / "old", "", tmp_path / "b.zip")
    url = postgres.new()
    restore_backup(own_home, url, tmp_path / "b.zip", NOW)
    engine = open_database(own_home, url)
    assert Conversations(engine).recent()[0]["title"] == "旧␀"
    engine.dispose()


@pytest.mark.slow
def test_a_backup_is_of_one_moment_while_others_write(own_home: Path, database_url: str, tmp_path: Path) -> None:
    """Each conversation gets its message in another transaction: a backup has at most one without."""
    code = (
        "import sys; from pathlib import Path; from assistant408.store.db import open_database;"
        "from assistant408.store.conversations import Conversations as C; c = C(open_database(Path(sys.argv[1]), sys.argv[2]))\n"
        "while True: c.add(c.create('x'), 'user', 'q'); print(flush=True)"
    )
    open_database(own_home, database_url).dispose()
    args = [sys.executable, "-c", code, str(own_home), database_url]
    with subprocess.Popen(args, stdout=subprocess.PIPE) as writer:
        sizes = []
        try:
            for n in range(3):
                writer.stdout.readline()
                back_up(own_home, database_url, tmp_path / f"{n}.zip")
                restore_backup(tmp_path / str(n), "", tmp_path / f"{n}.zip", NOW)
                rows = content(tmp_path / str(n), "")
                assert len(rows["messages"]) <= len(rows["conversations"]) <= len(rows["messages"]) + 1
                sizes.append(len(rows["messages"]))
        finally:
            writer.kill()
    assert sizes == sorted(sizes) and sizes[-1] > 0


def test_what_a_killed_program_left_behind_goes_after_a_day(own_home: Path, packed: Path) -> None:
    for name, age_s in ((".restore-old", 90_000), (".restore-new", 10), (".backup-old", 90_000)):
        (own_home / name / "kb").mkdir(parents=True)
        os.utime(own_home / name, (time.time() - age_s,) * 2)
    restore_backup(own_home, "", packed, NOW)
    assert [p.name for p in own_home.glob(".*")] == [".restore-new"]


def test_a_program_that_runs_sees_the_restored_data(own_home: Path, packed: Path) -> None:
    study(own_home, "", "新")
    engine = open_database(own_home)
    assert [c["title"] for c in Conversations(engine).recent()] == ["新"]
    restore_backup(own_home, "", packed, NOW)
    assert [c["title"] for c in Conversations(engine).recent()] == ["旧"]
    Conversations(engine).create("之后")
    engine.dispose()
    engine = open_database(own_home)
    assert {c["title"] for c in Conversations(engine).recent()} == {"旧", "之后"}
    engine.dispose()


# --- what is refused, with nothing touched ---------------------------------------------------------------------------


@pytest.mark.parametrize("length", [0, 1, 100, 0.3, 0.7, 0.99, -1])
def test_a_truncated_file(own_home: Path, packed: Path, current: Callable[[], None], length: float) -> None:
    data = packed.read_bytes()
    packed.write_bytes(data[: int(length * len(data)) if 0 < length < 1 else int(length)])
    with pytest.raises(InputError, match="请换一份备份") as caught:
        restore_backup(own_home, "", packed, NOW)
    assert "\n" not in str(caught.value)
    current()


@pytest.mark.slow
def test_a_flipped_bit_anywhere_is_found_or_harmless(own_home: Path, packed: Path, tmp_path: Path) -> None:
    """Some bits (a time stamp, an attribute) change nothing; the others must be found."""
    wanted = content(tmp_path / "source", "")
    data = packed.read_bytes()
    said = []
    for at in range(7, len(data), max(1, len(data) // 40)):
        packed.write_bytes(data[:at] + bytes([data[at] ^ 0x10]) + data[at + 1 :])
        try:
            restore_backup(own_home, "", packed, NOW)
        except A408Error as e:
            said.append(str(e))
        else:
            assert content(own_home, "") == wanted
    assert len(said) > 20 and all(text.endswith("。") and "\n" not in text for text in said), said


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("../evil", "不该有的文件"),
        ("kb/../../evil", "不该有的文件"),
        ("/etc/evil", "不该有的文件"),
        ("kb//evil", "不该有的文件"),
        ("kb/C:evil", "不该有的文件"),
        ("kb/..\\evil", "不该有的文件"),
        ("kb/evil.", "不该有的文件"),
        ("kb/a\nb", "不该有的文件"),
        ("models/evil.gguf", "不该有的文件"),
        ("settings.toml.part", "不该有的文件"),
    ],
)
def test_a_name_that_leads_elsewhere(
    own_home: Path, put: Put, current: Callable[[], None], name: str, said: str, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match=said):
        restore_backup(own_home, "", put({name: b"x"}), NOW)
    current()
    assert not list(tmp_path.rglob("*evil*")) and not Path("/etc/evil").exists()


def test_a_bomb(own_home: Path, packed: Path, current: Callable[[], None], monkeypatch: pytest.MonkeyPatch) -> None:
    """What the manifest doesn't announce is never written; what it does announce must fit on the disk."""
    usage = type("usage", (), {"free": 10_000})
    monkeypatch.setattr(archive.shutil, "disk_usage", lambda _: usage)
    with pytest.raises(StoreError, match=r"需要 \d+ MB 空间，只剩 0 MB"):
        restore_backup(own_home, "", packed, NOW)
    current()


def test_a_bomb_that_lies_about_its_size(own_home: Path, put: Put, current: Callable[[], None]) -> None:
    """50 MB of zeros that the zip's directory and the manifest call 4 bytes."""
    path = put({"kb/zeros": bytes(50 << 20)})
    data = path.read_bytes().replace((50 << 20).to_bytes(4, "little"), (4).to_bytes(4, "little"))
    path.write_bytes(data)
    with zipfile.ZipFile(path) as z:
        manifest = json.loads(z.read("manifest.json"))
        entries = {i: z.read(i) for i in z.infolist() if i.filename not in ("manifest.json", "kb/zeros")}
    assert manifest["files"]["kb/zeros"]["bytes"] == 50 << 20 and entries
    with pytest.raises(InputError, match="与清单不符"):
        restore_backup(own_home, "", path, NOW)
    current()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"study.db": b"SQLite format 3\0" + b"\xff" * 5000}, "里的学习数据库不能用"),
        ({"study.db": b"hello"}, "里的学习数据库不能用"),
        ({"study.db": None}, "不是 assistant408 的备份"),
        ({"settings.toml": b"model = "}, "不是合法的 TOML"),
        ({"settings.toml": b"api_key = 'x'"}, "A408_API_KEY"),
        ({"settings.toml": b"future = 1"}, "'future' 不存在"),
        ({"manifest.json": b"[]"}, "不是 assistant408 的备份"),
        ({"manifest.json": b'{"format": 1, "schema": 1, "files": {"study.db": 3}}'}, "不是 assistant408 的备份"),
        ({"manifest.json": b'{"format": 2, "schema": 1, "files": {}, "program": "9.9"}'}, "（9.9）写的，请先升级"),
        ({"manifest.json": b'{"format": 1, "schema": 999, "files": {}}'}, "请先升级 assistant408"),
    ],
)
def test_a_backup_with_wrong_parts(
    own_home: Path, put: Put, current: Callable[[], None], changes: dict[str, bytes], said: str
) -> None:
    with pytest.raises(InputError, match=said):
        restore_backup(own_home, "", put(changes), NOW)
    current()


def test_a_zip_of_something_else_and_no_file(own_home: Path, current: Callable[[], None], tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as z:
        z.writestr("readme.txt", "hello")
    with pytest.raises(InputError, match="不是 assistant408 的备份"):
        restore_backup(own_home, "", tmp_path / "x.zip", NOW)
    with pytest.raises(InputError, match="没有备份文件"):
        restore_backup(own_home, "", tmp_path / "none.zip", NOW)
    current()


def test_a_failure_at_the_last_step_puts_everything_back(
    own_home: Path, packed: Path, current: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> None:
        raise StoreError("磁盘满了。")

    monkeypatch.setattr(archive, "replace_rows", fail)
    with pytest.raises(StoreError, match="磁盘满了"):
        restore_backup(own_home, "", packed, NOW)
    current()


def test_a_database_whose_tables_are_not_ours(own_home: Path, put: Put, packed: Path, tmp_path: Path) -> None:
    study(own_home, "", "新")
    before = content(own_home, "")
    with zipfile.ZipFile(packed) as z:
        (tmp_path / "odd.db").write_bytes(z.read("study.db"))
    with closing(sqlite3.connect(tmp_path / "odd.db")) as c, c:
        c.execute("DROP TABLE notes")
    with pytest.raises(InputError, match=r"与程序不符（no such table: notes）"):
        restore_backup(own_home, "", put({"study.db": (tmp_path / "odd.db").read_bytes()}), NOW)
    assert content(own_home, "") == before


def test_a_backup_that_cannot_be_written_leaves_the_old_one(own_home: Path, tmp_path: Path) -> None:
    target = tmp_path / "b.zip"
    target.write_bytes(b"old")
    study(own_home, "", "新")
    (own_home / "study.db").rename(own_home / "away.db")
    engine = sa.create_engine("sqlite://")
    (own_home / "study.db").mkdir()
    with pytest.raises(StoreError, match="复制数据库时出错（unable to open database file）"):
        make_backup(own_home, engine, target, NOW, "1")
    with pytest.raises(StoreError, match="读写不了"):
        restore_backup(target / "home", "", target, NOW)
    assert target.read_bytes() == b"old" and not list(tmp_path.glob("*.part"))
    engine.dispose()
