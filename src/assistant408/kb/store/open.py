"""The store that a setting names."""

from __future__ import annotations

import contextlib
from pathlib import Path
from urllib.parse import urlsplit

from assistant408.core.errors import InputError, StoreError
from assistant408.kb.store.base import VectorIndex
from assistant408.kb.store.sqlite import SqliteStore

__all__ = ["check_store", "open_index", "open_store", "rename"]


def check_store(setting: str) -> tuple[str, str]:
    """A setting as kind and URL, both "" for what is built in.

    Raises:
        InputError: it is none.

    Examples:
        >>> check_store("sqlite"), check_store("chroma"), check_store("qdrant:http://localhost:6333")
        (('sqlite', ''), ('chroma', ''), ('qdrant', 'http://localhost:6333'))
        >>> check_store("qdrant")
        Traceback (most recent call last):
        ...
        assistant408.core.errors.InputError: 设置 store 的值 'qdrant' 不能用，应为 sqlite、chroma、chroma:http://主机:端口 或 qdrant:http://主机:端口。
    """
    kind, _, url = setting.partition(":")
    if setting in ("sqlite", "chroma"):
        return setting, ""
    try:
        parts = urlsplit(url)
        good = kind in ("chroma", "qdrant") and parts.scheme in ("http", "https") and bool(parts.hostname)
        good = good and (parts.port is None or parts.port > 0)
    except ValueError:  # the port is no number
        good = False
    if not good:
        raise InputError(
            f"设置 store 的值 {setting!r} 不能用，应为 sqlite、chroma、chroma:http://主机:端口 或 qdrant:http://主机:端口。"
        )
    if parts.username is not None or parts.password is not None:
        raise InputError("密钥不写在设置 store 的地址里，请从中删去，改用环境变量 A408_STORE_KEY。")
    return kind, url


def open_index(setting: str, store: SqliteStore, key: str = "") -> VectorIndex | None:
    """The vectors' place that a setting names; `None` for SQLite itself. No server is spoken to yet.

    Raises:
        InputError: the setting is none, or its package isn't installed.
    """
    kind, url = check_store(setting)
    if kind == "sqlite":
        return None
    if kind == "qdrant":
        from assistant408.kb.store.qdrant import qdrant_server

        return qdrant_server(url, store.base(), key)
    from assistant408.kb.store.chroma import chroma_folder, chroma_server

    return chroma_server(url, store.base(), key) if url else chroma_folder(store.path.parent / "chroma", store.base())


def open_store(setting: str, path: Path, key: str = "") -> SqliteStore:
    """The store at `path`, with its vectors where the setting says.

    Raises:
        InputError: the setting is none, or its package isn't installed.
        StoreError: the file can't be opened.
    """
    store = SqliteStore(path)
    store.index = open_index(setting, store, key)
    return store


def rename(path: Path) -> None:
    """Gives the knowledge base at `path` another name on servers: of one that came out of a backup, others may go on.

    Nothing happens where there is none, or none that can be opened.
    """
    if path.is_file():
        with contextlib.suppress(StoreError):
            SqliteStore(path).rename()
