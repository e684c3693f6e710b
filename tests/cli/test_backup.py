"""``a408 backup`` and ``a408 restore``."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from assistant408.store.conversations import Conversations
from assistant408.store.db import open_database


def titles(home: Path) -> list[str]:
    engine = open_database(home)
    out = [c["title"] for c in Conversations(engine).recent()]
    engine.dispose()
    return out


@pytest.fixture
def learned(own_home: Path) -> Path:
    """This home, with a conversation in it."""
    engine = open_database(own_home)
    Conversations(engine).create("死锁")
    engine.dispose()
    return own_home


def test_a_backup_is_made_and_restored(a408: Callable[..., Any], learned: Path, tmp_path: Path) -> None:
    file = tmp_path / "备份.zip"
    said = a408("backup", str(file)).out
    assert str(file) in said and "密钥和密码不在备份里" in said
    (learned / "study.db").unlink()
    said = a408("restore", str(file)).out
    assert titles(learned) == ["死锁"] and "1 条记录" in said and "replaced-" in said


def test_both_as_json(a408: Callable[..., Any], learned: Path, tmp_path: Path) -> None:
    made = a408("backup", str(tmp_path / "b.zip"), "--json").json
    assert made["bytes"] == (tmp_path / "b.zip").stat().st_size and set(made["files"]) == {"study.db", "settings.toml"}
    done = a408("restore", str(tmp_path / "b.zip"), "--json").json
    assert done["rows"]["conversations"] == 1 and Path(done["replaced"]).is_dir()


def test_a_file_that_is_there_is_only_replaced_by_force(
    a408: Callable[..., Any], learned: Path, tmp_path: Path
) -> None:
    file = tmp_path / "b.zip"
    file.write_bytes(b"mine")
    assert "已经存在" in a408("backup", str(file)).sentence and file.read_bytes() == b"mine"
    assert a408("backup", str(file), "--force").code == 0 and zipfile.is_zipfile(file)


def test_mistakes_are_one_sentence(a408: Callable[..., Any], learned: Path, tmp_path: Path) -> None:
    assert "没有文件夹" in a408("backup", str(tmp_path / "no" / "b.zip"), "--json").sentence
    assert "没有备份文件" in a408("restore", str(tmp_path / "none.zip"), "--json").sentence
    (tmp_path / "x.zip").write_text("hello")
    assert "不是完整的备份" in a408("restore", str(tmp_path / "x.zip"), "--json").sentence
    assert titles(learned) == ["死锁"]
