"""Backup and restore over HTTP, under a program that goes on running."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import httpx


def test_a_backup_is_downloaded_and_restored(api: httpx.Client, indexed_home: Path) -> None:
    kept = api.get("/api/questions", params={"limit": 1, "seed": 408}).json()["questions"][0]["id"]
    api.put(f"/api/questions/{kept}/note", json={"text": "备份时的笔记"})
    response = api.get("/api/backup")
    assert response.headers["content-type"] == "application/zip"
    assert response.headers["content-disposition"].startswith('attachment; filename="a408-')
    with zipfile.ZipFile(io.BytesIO(response.content)) as z:
        assert {"study.db", "settings.toml", "kb/kb.db", "manifest.json"} <= set(z.namelist())

    api.put(f"/api/questions/{kept}/note", json={"text": "后来的笔记"})
    done = api.post("/api/restore", files={"file": ("b.zip", response.content)}).json()
    assert done["rows"]["notes"] == 1 and Path(done["replaced"]).parent == indexed_home
    assert api.get(f"/api/questions/{kept}/note").json()["text"] == "备份时的笔记"
    assert api.get("/api/search", params={"q": "死锁的必要条件"}).json(), "the knowledge base is open again"
    api.put(f"/api/questions/{kept}/note", json={"text": "恢复后的笔记"})
    assert api.get(f"/api/questions/{kept}/note").json()["text"] == "恢复后的笔记"


def test_another_file_is_refused(api: httpx.Client, refused: Callable[..., str]) -> None:
    assert "不是完整的备份" in refused(api.post("/api/restore", files={"file": ("b.zip", b"hello")}), 400)
    refused(api.post("/api/restore"), 422)
