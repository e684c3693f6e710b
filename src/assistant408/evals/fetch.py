"""Getting public question sets: from their publishers' addresses or from files at hand, and pinned by hash.

What these sets hash to can't be known before the first fetch, so the first one writes the sha256 of what it got to
``evals/lock.json``, and every later one must get the same bytes.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from assistant408.core.errors import InputError
from assistant408.evals.items import write_items
from assistant408.evals.tasks import Places, PublicTask

__all__ = ["fetch"]

_MOST_BYTES = 512 << 20
_KEPT = (".csv", ".json", ".jsonl")


def fetch(
    task: PublicTask,
    places: Places,
    source: str = "",
    report: Callable[[int, int], None] = lambda done, total: None,
    again: bool = False,
) -> dict[str, Any]:
    """Writes ``items.jsonl`` and ``dev.jsonl`` of a public set; returns what was got.

    Args:
        source: an address, an archive or a folder, instead of the publisher's addresses.
        report: called with (bytes, bytes in all).
        again: accept bytes that differ from those of the first fetch, and pin them instead.

    Raises:
        InputError: no source works, the bytes aren't those of the first fetch, or they aren't this set.
    """
    tried = []
    for place in [source] if source else task.sources:
        try:
            files, digest = _files(place, report)
        except _PassedOver as e:
            tried.append(f"{place}（{e}）")
            continue
        return _keep(task, places, place, files, digest, again)
    raise InputError(
        f"题集 {task.name!r} 没能取得：{'；'.join(tried)}。请检查网络，或自行下载后加 --from 指定压缩包或文件夹。"
    )


class _PassedOver(Exception):
    """This source doesn't work; its message says why."""


def _keep(
    task: PublicTask, places: Places, place: str, files: dict[str, bytes], digest: str, again: bool
) -> dict[str, Any]:
    lock = places.home / "evals" / "lock.json"
    pins = json.loads(lock.read_text(encoding="utf-8")) if lock.is_file() else {}
    pinned = pins.get(task.name, {}).get("sha256")
    if pinned and pinned != digest and not again:
        raise InputError(
            f"题集 {task.name!r} 的内容与第一次取得的不同（sha256 {digest[:12]}…，原为 {pinned[:12]}…），"
            f"未采用；确认无误后加 --again 换成新的。"
        )
    items, dev = task.parse(files)
    if not items:
        raise InputError(f"{place!r} 里没有题集 {task.name!r} 的题目，请检查是不是原样的发布文件。")
    folder = places.fetched(task.name)
    folder.mkdir(parents=True, exist_ok=True)
    write_items(folder / "items.jsonl", items)
    if dev:
        write_items(folder / "dev.jsonl", dev)
    pins[task.name] = {"sha256": digest, "source": place, "items": len(items), "dev": len(dev)}
    part = lock.with_name("lock.json.part")
    part.write_text(json.dumps(pins, ensure_ascii=False, indent=1), encoding="utf-8")
    part.replace(lock)
    return {"task": task.name, **pins[task.name], "licence": task.licence, "folder": str(folder)}


def _files(place: str, report: Callable[[int, int], None]) -> tuple[dict[str, bytes], str]:
    """The data files at a place by path, and the hash of their names and bytes, the same for an archive and its folder."""
    if place.startswith(("http://", "https://")):
        found = _unzipped(_download(place, report), place)
    elif Path(place).is_dir():
        root = Path(place)
        found = {p.relative_to(root).as_posix(): p.read_bytes() for p in root.rglob("*") if p.suffix in _KEPT}
    elif Path(place).is_file():
        data = Path(place).read_bytes()
        found = _unzipped(data, place) if zipfile.is_zipfile(io.BytesIO(data)) else {Path(place).name: data}
    else:
        raise _PassedOver("不存在")
    return found, _digest(found.items())


def _digest(files: Iterable[tuple[str, bytes]]) -> str:
    """Over file names without their folders, so that an archive's top folder doesn't matter."""
    rows = sorted(f"{Path(name).name}\0{hashlib.sha256(data).hexdigest()}" for name, data in files)
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()


def _unzipped(data: bytes, place: str) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as z:
            names = [i for i in z.infolist() if i.filename.endswith(_KEPT) and "__MACOSX" not in i.filename]
            if sum(i.file_size for i in names) > _MOST_BYTES:
                raise InputError(f"压缩包 {place!r} 展开后超过 {_MOST_BYTES >> 20} MB，不像题集。")
            return {i.filename: z.read(i) for i in names}
    except zipfile.BadZipFile:
        raise _PassedOver("不是 zip 压缩包") from None


def _download(url: str, report: Callable[[int, int], None]) -> bytes:
    import httpx

    local = httpx.URL(url).host in ("127.0.0.1", "localhost", "::1")
    out = bytearray()
    try:
        with (
            httpx.Client(timeout=httpx.Timeout(60, connect=8), follow_redirects=True, trust_env=not local) as client,
            client.stream("GET", url) as response,
        ):
            response.raise_for_status()
            total = int(response.headers.get("content-length", 0))
            for block in response.iter_bytes(1 << 16):
                out += block
                report(len(out), max(total, len(out)))
                if len(out) > _MOST_BYTES:
                    raise _PassedOver(f"超过 {_MOST_BYTES >> 20} MB")
    except httpx.HTTPStatusError as e:
        raise _PassedOver(f"返回 {e.response.status_code}") from None
    except httpx.HTTPError as e:
        raise _PassedOver(f"连接不上：{type(e).__name__}") from None
    return bytes(out)
