"""Opening a ZIP container (DOCX, PPTX, EPUB) that may be hostile."""

from __future__ import annotations

import zipfile
from pathlib import Path, PurePosixPath
from typing import IO

from assistant408.core.errors import InputError
from assistant408.kb.parse.types import Limits

__all__ = ["names", "open_archive", "size"]

_MEMBERS = 20_000
_RATIO = 200  # what deflate makes of real XML stays under 60; a bomb's zeros reach 1000
_SMALL = 4 << 20


def names(path: Path) -> frozenset[str]:
    """The names in the archive at `path`.

    Raises:
        InputError: it is broken, or has more members than a document could.
    """
    broken = InputError(f"文件 {path.name!r} 的压缩结构已损坏，请重新下载，或用原来的软件打开后另存。")
    with path.open("rb") as file:
        file.seek(0, 2)
        file.seek(-min(file.tell(), 65_557), 2)
        tail = file.read()
    end = tail.rfind(b"PK\x05\x06")
    if end < 0 or end + 22 > len(tail):
        raise broken
    if int.from_bytes(tail[end + 10 : end + 12], "little") > _MEMBERS:
        raise InputError(f"文件 {path.name!r} 里有 {_MEMBERS} 个以上的文件，不像是文档，没有读取。")
    try:
        with zipfile.ZipFile(path) as archive:
            return frozenset(archive.namelist())
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError, EOFError):
        raise broken from None


def open_archive(file: Path, limits: Limits, data: IO[bytes] | None = None) -> zipfile.ZipFile:
    """The archive (`data` instead of the file's bytes, if given), after its table of contents was found harmless; nothing is ever extracted to disk.

    Raises:
        InputError: it is broken, encrypted, a bomb, or has members outside itself.
    """
    name = file.name
    try:
        archive = zipfile.ZipFile(data or file)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as e:
        raise InputError(f"文件 {name!r} 的压缩结构已损坏（{e}），请重新下载，或用原来的软件打开后另存。") from None
    members = archive.infolist()
    total = sum(m.file_size for m in members)
    if len(members) > _MEMBERS or total > limits.unpacked_bytes:
        raise InputError(
            f"文件 {name!r} 解压后有 {len(members)} 个文件、{size(total)}，"
            f"超过 {_MEMBERS} 个、{size(limits.unpacked_bytes)} 的上限，像是压缩炸弹，没有读取。"
        )
    for m in members:
        if m.file_size > _SMALL and m.file_size > _RATIO * max(m.compress_size, 1):
            raise InputError(
                f"文件 {name!r} 里的 {m.filename!r} 压缩了 {m.file_size // max(m.compress_size, 1)} 倍，像是压缩炸弹，没有读取。"
            )
        parts = PurePosixPath(m.filename.replace("\\", "/"))
        if parts.is_absolute() or ".." in parts.parts or (parts.parts[:1] and parts.parts[0].endswith(":")):
            raise InputError(f"文件 {name!r} 里有指向文件夹之外的路径 {m.filename!r}，来路不明，没有读取。")
        if m.flag_bits & 1:
            raise InputError(f"文件 {name!r} 里的内容被加密，请用原来的软件打开，去掉密码后另存。")
    return archive


def size(count: int) -> str:
    """Bytes for people.

    Examples:
        >>> size(5 << 20), size(3 << 30)
        ('5 MB', '3.0 GB')
    """
    return f"{count / (1 << 30):.1f} GB" if count >= 1 << 30 else f"{count >> 20} MB"
