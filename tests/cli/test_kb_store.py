"""``a408 kb search`` with filters, and ``a408 kb migrate``."""

from __future__ import annotations

import importlib.util
import sqlite3
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from assistant408.kb.store.sqlite import SqliteStore

A408 = Callable[..., Any]


@pytest.fixture
def with_vectors(indexed_home: Path) -> Path:
    """The notes with vectors that were made up, for 40 of them: nobody has to compute any."""
    rng = np.random.default_rng(4)
    with sqlite3.connect(indexed_home / "kb" / "kb.db") as db:
        for id in range(1, 41):
            vector = rng.standard_normal(16).astype("<f2").tobytes()
            db.execute("UPDATE chunks SET vector=? WHERE id=?", (vector, id))
        db.execute("UPDATE meta SET value = value + 1 WHERE key = 'generation'")
    db.close()
    return indexed_home


def test_filters_of_a_search(indexed_home: Path, a408: A408, tmp_path: Path) -> None:
    note = tmp_path / "我的笔记.md"
    note.write_text("# 死锁\n\n自己写的：死锁要四个条件。\n", encoding="utf-8")
    (added,) = [row["id"] for row in a408("kb", "add", str(note), "-c", "课", "--json").json]
    for narrowed in (["-c", "课"], ["--doc", added], ["--since", "2000-01-01"], ["--doc", added, "--format", "md"]):
        assert {h["doc"] for h in a408("kb", "search", "死锁", *narrowed, "--json").json} == {added}
    one = a408("kb", "search", "死锁", "--json").json[0]["doc"]
    assert {h["doc"] for h in a408("kb", "search", "死锁", "--doc", one, "--json").json} == {one}
    assert a408("kb", "search", "死锁", "--since", "2999-01-01", "--json").json == []
    assert a408("kb", "search", "死锁", "--page", "1-3", "--json").json == [], "Markdown has no pages"


@pytest.mark.parametrize(
    ("option", "value", "sentence"),
    [
        ("--page", "9-3", "页码 '9-3' 不能用"),
        ("--since", "昨天", "日期 '昨天' 不能用"),
        ("--doc", "d404", "知识库里没有资料 'd404'"),
        ("--collection", "没有", "知识库里没有合集 '没有'，现有的是 notes。"),
        ("--format", "exe", "知识库里没有格式 'exe'，现有的是 md。"),
    ],
)
def test_filters_that_can_t_be_are_one_sentence(
    indexed_home: Path, a408: A408, option: str, value: str, sentence: str
) -> None:
    assert sentence in a408("kb", "search", "死锁", option, value).sentence


@pytest.mark.parametrize("to", ["mysql", "qdrant", "chroma:localhost"])
def test_a_store_that_isn_t_one(indexed_home: Path, a408: A408, to: str) -> None:
    assert f"设置 store 的值 {to!r} 不能用" in a408("kb", "migrate", "--to", to).sentence


def test_an_empty_base_has_nothing_to_move(own_home: Path, a408: A408) -> None:
    assert "知识库还是空的" in a408("kb", "migrate", "--to", "sqlite").sentence


def test_a_server_that_isn_t_there_leaves_the_setting(with_vectors: Path, a408: A408) -> None:
    if importlib.util.find_spec("chromadb") is None:
        pytest.skip("chromadb is an extra")
    assert "没有应答" in a408("kb", "migrate", "--to", "chroma:http://127.0.0.1:9").sentence
    assert not (with_vectors / "settings.toml").exists()


def test_in_place_it_is_checked(with_vectors: Path, a408: A408) -> None:
    moved = a408("kb", "migrate", "--to", "sqlite", "--json").json
    assert moved["vectors"] == 40 and moved["chunks"] > 1000 and len(moved["sha256"]) == 64 and moved["dropped"] == 0
    assert "--drop" in a408("kb", "migrate", "--to", "sqlite", "--drop").sentence


def test_a_backup_leaves_out_what_is_made_from_the_file(with_vectors: Path, a408: A408, tmp_path: Path) -> None:
    """And what comes out of it has no name on servers yet, since others may go on under the old one."""
    (with_vectors / "kb" / "chroma").mkdir()
    (with_vectors / "kb" / "chroma" / "chroma.sqlite3").write_bytes(b"x")
    name = SqliteStore(with_vectors / "kb" / "kb.db").base()
    assert a408("backup", str(tmp_path / "b.zip")).code == 0
    names = zipfile.ZipFile(tmp_path / "b.zip").namelist()
    assert "kb/kb.db" in names and not [n for n in names if "chroma" in n]
    assert a408("restore", str(tmp_path / "b.zip")).code == 0
    restored = SqliteStore(with_vectors / "kb" / "kb.db")
    assert restored.meta("base") is None and restored.base() != name


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_to_chroma_and_back(with_vectors: Path, a408: A408) -> None:
    if importlib.util.find_spec("chromadb") is None:
        pytest.skip("chromadb is an extra")
    before = a408("kb", "search", "死锁的必要条件", "--json").json
    there = a408("kb", "migrate", "--to", "chroma", "--json").json
    assert (there["from"], there["to"], there["vectors"]) == ("sqlite", "chroma", 40)
    assert (with_vectors / "settings.toml").read_text(encoding="utf-8") == 'store = "chroma"\n'
    assert a408("kb", "status", "--json").json["store"] == "chroma"
    assert a408("kb", "search", "死锁的必要条件", "--json").json == before, "words alone find the same"
    back = a408("kb", "migrate", "--to", "sqlite", "--drop", "--json").json
    assert back["sha256"] == there["sha256"] and back["dropped"] == 40
    assert (with_vectors / "settings.toml").read_text(encoding="utf-8") == ""
