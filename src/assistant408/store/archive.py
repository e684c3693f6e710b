"""Backup and restore (备份与恢复): all that is a user's own, in one zip file.

=====================  ==============================================================================================
``manifest.json``      ``{format, program, schema, created_at, files: {name: {bytes, sha256}}}``
``study.db``           the study database as SQLite, also where it lives in PostgreSQL: so it moves between the two
``settings.toml``      without ``database``, which belongs to the machine; keys are never in the file
``kb/…``               the user's documents and their index
=====================  ==============================================================================================

Models and caches are left out: they can be fetched or computed again.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import shutil
import sqlite3
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any

import sqlalchemy as sa

from assistant408.core.errors import InputError, StoreError
from assistant408.core.settings import load_settings, save_settings
from assistant408.store.db import copy_file, open_database
from assistant408.store.errors import said
from assistant408.store.migrations import MIGRATIONS
from assistant408.store.transfer import replace_rows

__all__ = ["make_backup", "restore_backup"]

FORMAT = 1
CHUNK = 1 << 20
STALE_S = 86_400
MANIFEST_LIMIT = 16 << 20  # bytes
ENTRY_LIMIT = 100_000
NAMES = re.compile(r"study\.db|settings\.toml|kb/.+")
PASSING = ("sessions", "invites", "throttle")  # what lets somebody in, or keeps him out, is of today
LEFT_OUT = ("-wal", "-shm", "-journal", ".part", ".lock")  # of SQLite and of unfinished work
Report = Callable[[int, int], None]


def make_backup(
    home: Path, engine: sa.Engine, target: Path, now: datetime, program: str, report: Report = lambda done, total: None
) -> dict[str, Any]:
    """Writes the backup, which appears under its name only when it is whole; others may go on writing meanwhile.

    Args:
        home: the user's data folder.
        engine: its study database.
        target: the zip file; one that is there is replaced.
        now: when.
        program: the program's version.
        report: called with the files done and the files there are.

    Returns:
        The manifest.

    Raises:
        StoreError: the database can't be read, or the file can't be written.
    """
    part = target.with_name(target.name + ".part")
    files: dict[str, dict[str, Any]] = {}
    with _disk(target), _scratch(home, "backup") as scratch:
        _snapshot(engine, home, scratch / "study.db")
        save_settings(scratch, load_settings(home, {}))  # leaves `database` out, as `scratch` has none
        kb = sorted(p for p in (home / "kb").rglob("*") if p.is_file() and not p.name.endswith(LEFT_OUT))
        kb = [p for p in kb if "chroma" not in p.relative_to(home / "kb").parts[:1]]  # made again from kb.db
        sources = [(name, scratch / name) for name in ("study.db", "settings.toml")]
        sources += [(p.relative_to(home).as_posix(), p) for p in kb]
        try:
            with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as out:
                for done, (name, path) in enumerate(sources):
                    report(done, len(sources))
                    if path.parent != scratch and _is_sqlite(path):
                        copy_file(path, scratch / f"copy-{done}")
                        path = scratch / f"copy-{done}"
                    with path.open("rb") as source, out.open(name, "w", force_zip64=True) as entry:
                        files[name] = _pour(source, entry)
                    if path.parent == scratch:
                        path.unlink()
                manifest = {"format": FORMAT, "program": program, "schema": len(MIGRATIONS)}
                manifest |= {"created_at": now.isoformat(timespec="seconds"), "files": files}
                out.writestr("manifest.json", json.dumps(manifest, ensure_ascii=False, indent=1))
            with part.open("rb+") as written:
                os.fsync(written.fileno())
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)
    report(len(sources), len(sources))
    return manifest


def restore_backup(
    home: Path, database: str, source: Path, now: datetime, report: Report = lambda done, total: None
) -> dict[str, Any]:
    """Replaces the user's data by that of a backup; everything is verified before anything is touched.

    What it replaces is kept in a folder of its own. The rows of the study database change in one transaction, so
    another process sees all of it or nothing; if that fails, settings and documents are put back.

    Args:
        home: the user's data folder.
        database: the setting of that name.
        source: the zip file.
        now: names the folder of what was replaced.
        report: called with the steps done and the steps there are.

    Returns:
        ``{"manifest": …, "rows": {table: number}, "replaced": folder}``.

    Raises:
        InputError: the file is no whole backup that this program can read.
        StoreError: the database or the disk doesn't let it be restored.
    """
    with _disk(home), _scratch(home, "restore") as scratch:
        manifest = _unpack(source, scratch, report)
        staged = _staged(scratch, source)
        try:
            load_settings(scratch, {})
            aside = _aside(home, now)
            try:
                rows = _replace(home, database, scratch, staged, aside)
            except BaseException:
                _undo(home, aside)
                raise
        finally:
            staged.dispose()
    report(len(manifest["files"]) + 1, len(manifest["files"]) + 1)
    return {"manifest": manifest, "rows": rows, "replaced": str(aside)}


def _replace(home: Path, database: str, scratch: Path, staged: sa.Engine, aside: Path) -> dict[str, int]:
    """The last step, which may fail and is then undone; the number of rows by table."""
    engine = _rescue(home, database, aside)
    try:
        _snapshot(engine, home, aside / "study.db")
        with _swapped(home, scratch, aside):
            return replace_rows(staged, engine)
    except sa.exc.SQLAlchemyError as e:
        reason = said(getattr(e, "orig", None) or e)[1].splitlines()[0]
        raise InputError(f"备份里的学习数据库与程序不符（{reason}），没有恢复任何东西，请换一份备份。") from None
    finally:
        engine.dispose()


@contextmanager
def _scratch(home: Path, what: str) -> Iterator[Path]:
    """A folder beside the data, on the same disk; what a killed program left of such folders goes after a day."""
    home.mkdir(parents=True, exist_ok=True)
    for old in (*home.glob(".backup-*"), *home.glob(".restore-*")):
        if time.time() - old.stat().st_mtime > STALE_S:
            shutil.rmtree(old, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=f".{what}-", dir=home) as folder:
        yield Path(folder)


@contextmanager
def _disk(place: Path) -> Iterator[None]:
    """What goes wrong outside SQL, as one sentence."""
    try:
        yield
    except OSError as e:
        raise StoreError(
            f"{str(e.filename or place)!r} 读写不了（{e.strerror or e}），请检查磁盘空间与权限。"
        ) from None
    except sqlite3.Error as e:
        raise StoreError(f"复制数据库时出错（{e}），请检查磁盘空间，再用 a408 doctor 检查。") from None


def _is_sqlite(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(16) == b"SQLite format 3\0"


def _snapshot(engine: sa.Engine, home: Path, target: Path) -> None:
    """The study database as one SQLite file without a log, and without the tables of `PASSING`."""
    if engine.dialect.name == "sqlite":
        copy_file(home / "study.db", target)
    else:
        copy = open_database(target.parent / "rows")
        try:
            replace_rows(engine, copy)
        finally:
            copy.dispose()
        copy_file(target.parent / "rows" / "study.db", target)
        shutil.rmtree(target.parent / "rows")
    with closing(sqlite3.connect(target)) as db:
        db.execute("PRAGMA journal_mode=DELETE")
        db.execute("PRAGMA secure_delete=ON")
        for table in PASSING:
            db.execute(f"DELETE FROM {table}")
        db.commit()


def _pour(source: Any, target: Any) -> dict[str, Any]:
    digest, size = hashlib.sha256(), 0
    while block := source.read(CHUNK):
        digest.update(block)
        size += len(block)
        target.write(block)
    return {"bytes": size, "sha256": digest.hexdigest()}


def _unpack(source: Path, scratch: Path, report: Report) -> dict[str, Any]:
    """The files of a backup, each proved to be what was backed up."""
    try:
        with zipfile.ZipFile(source) as packed:
            manifest = _manifest(packed, source)
            files: dict[str, dict[str, Any]] = manifest["files"]
            free = shutil.disk_usage(scratch).free
            if (need := 2 * sum(f["bytes"] for f in files.values())) > free:
                raise StoreError(
                    f"恢复 {str(source)!r} 需要 {need >> 20} MB 空间，只剩 {free >> 20} MB，请先腾出空间。"
                )
            for done, (name, wanted) in enumerate(files.items()):
                report(done, len(files) + 1)
                path = scratch / name
                path.parent.mkdir(parents=True, exist_ok=True)
                with packed.open(name) as entry, path.open("wb") as target:
                    if _pour(_Bounded(entry, wanted["bytes"]), target) != wanted:
                        raise InputError(f"备份 {str(source)!r} 里的 {name!r} 已损坏，没有恢复任何东西，请换一份备份。")
            return manifest
    except FileNotFoundError:
        raise InputError(f"没有备份文件 {str(source)!r}，请检查路径。") from None
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, NotImplementedError, RuntimeError, ValueError) as e:
        raise InputError(f"{str(source)!r} 不是完整的备份（{e}），没有恢复任何东西，请换一份备份。") from None
    except Exception as e:
        if type(e).__module__ != "zlib":  # zlib.error, in a damaged entry
            raise
        raise InputError(f"{str(source)!r} 不是完整的备份（{e}），没有恢复任何东西，请换一份备份。") from None


def _manifest(packed: zipfile.ZipFile, source: Path) -> dict[str, Any]:
    """The manifest, once it agrees with the names and sizes in the zip file."""
    wrong = InputError(f"{str(source)!r} 不是 assistant408 的备份，请选 a408 backup 写出的 zip 文件。")
    entries = {i.filename: i for i in packed.infolist()}
    info = entries.pop("manifest.json", None)
    if info is None or info.file_size > MANIFEST_LIMIT or len(entries) > ENTRY_LIMIT:
        raise wrong
    try:
        manifest: dict[str, Any] = json.loads(packed.read(info))
        version, schema = int(manifest["format"]), int(manifest["schema"])
        files = {str(n): {"bytes": int(f["bytes"]), "sha256": str(f["sha256"])} for n, f in manifest["files"].items()}
    except (KeyError, TypeError, AttributeError, ValueError, RecursionError):
        raise wrong from None
    if version > FORMAT or schema > len(MIGRATIONS):
        program = str(manifest.get("program", ""))[:20]
        raise InputError(f"备份 {str(source)!r} 是更新的版本（{program}）写的，请先升级 assistant408。")
    if len(entries) + 1 != len(packed.infolist()) or "study.db" not in files:
        raise wrong
    if {n: i.file_size for n, i in entries.items()} != {n: f["bytes"] for n, f in files.items()}:
        raise InputError(f"备份 {str(source)!r} 的内容与清单不符，没有恢复任何东西，请换一份备份。")
    for name in files:
        if not NAMES.fullmatch(name) or name != _plain(name):
            raise InputError(f"备份 {str(source)!r} 里有不该有的文件 {name[:100]!r}，没有恢复任何东西。")
    return manifest | {"files": files}


def _plain(name: str) -> str:
    """A name as it may be: below the folder, the same on every system; anything else becomes empty."""
    parts = PurePosixPath(name).parts
    odd = any(p in (".", "..") or p.endswith((" ", ".")) or re.search(r'[\\:<>"|?*\x00-\x1f]', p) for p in parts)
    return "" if odd or name.startswith("/") else "/".join(parts)


class _Bounded:
    """A stream that breaks off when it gives more than was promised, as a zip bomb does."""

    def __init__(self, source: Any, limit: int) -> None:
        self.source, self.left = source, limit

    def read(self, size: int) -> bytes:
        block: bytes = self.source.read(size)
        self.left -= len(block)
        if self.left < 0:
            raise zipfile.BadZipFile("比清单写的大")
        return block


def _staged(scratch: Path, source: Path) -> sa.Engine:
    """The backup's study database, whole and brought up to date."""
    try:
        if not _whole(scratch / "study.db"):
            raise StoreError("完整性检查不通过")
        return open_database(scratch)
    except StoreError as e:
        raise InputError(
            f"备份 {str(source)!r} 里的学习数据库不能用（{e}），没有恢复任何东西，请换一份备份。"
        ) from None


def _whole(path: Path) -> bool:
    try:
        with closing(sqlite3.connect(path)) as db:
            checks = db.execute("PRAGMA integrity_check").fetchall()
            return checks == [("ok",)] and not db.execute("PRAGMA foreign_key_check").fetchall()
    except sqlite3.OperationalError:  # locked, say: whoever opens it will say so
        return True
    except sqlite3.DatabaseError:
        return False


def _aside(home: Path, now: datetime) -> Path:
    """A new folder for what is replaced."""
    base = home / f"replaced-{now:%Y%m%d-%H%M%S}"
    for number in range(1, 1000):
        with contextlib.suppress(FileExistsError):
            folder = base if number == 1 else base.with_name(f"{base.name}-{number}")
            folder.mkdir()
            return folder
    raise StoreError(f"{str(home)!r} 里的 replaced-* 太多了，请删去不要的再恢复。")


def _rescue(home: Path, database: str, aside: Path) -> sa.Engine:
    """The study database that is to be replaced; a damaged file is put aside first."""
    path = home / "study.db"
    if not database and path.exists() and not _whole(path):
        for suffix in ("", "-wal", "-shm"):
            damaged = path.with_name(path.name + suffix)
            if damaged.exists():
                damaged.replace(aside / f"damaged-{damaged.name}")
    return open_database(home, database)


def _undo(home: Path, aside: Path) -> None:
    """A damaged study database back in its place; then nothing is left to keep."""
    for damaged in aside.glob("damaged-study.db"):
        for suffix in ("", "-wal", "-shm"):
            (home / f"study.db{suffix}").unlink(missing_ok=True)
            with contextlib.suppress(FileNotFoundError):
                damaged.with_name(damaged.name + suffix).replace(home / f"study.db{suffix}")
    shutil.rmtree(aside)


@contextmanager
def _swapped(home: Path, scratch: Path, aside: Path) -> Iterator[None]:
    """Settings and documents of the backup in place; the old ones go aside, and come back if the rest fails."""
    file, kb = home / "settings.toml", home / "kb"
    had_kb = kb.is_dir()
    if file.is_file():
        shutil.copy2(file, aside)
    try:
        if had_kb:
            kb.replace(aside / "kb")
        if (scratch / "kb").is_dir():
            (scratch / "kb").replace(kb)
        save_settings(home, load_settings(scratch, {}))  # which keeps this machine's `database`
        yield
    except BaseException:
        if (aside / "kb").is_dir() or not had_kb:
            shutil.rmtree(kb, ignore_errors=True)
        if (aside / "kb").is_dir():
            (aside / "kb").replace(kb)
        if (aside / "settings.toml").is_file():
            (aside / "settings.toml").replace(file)
        else:
            file.unlink(missing_ok=True)
        raise
