"""Office documents with a password, and those from before 2007, which are not read."""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path

from assistant408.core.errors import InputError
from assistant408.kb.parse.formats import docx, pptx
from assistant408.kb.parse.types import Format, Limits, PasswordNeeded, Reader

__all__ = ["FORMAT"]


def _open(path: Path, password: str | None, limits: Limits) -> Reader:
    import msoffcrypto
    from msoffcrypto.exceptions import DecryptionError, FileFormatError, InvalidKeyError

    old = f"文件 {path.name!r} 是旧版 Office 文档（.doc、.ppt、.xls），请用 Word 或 WPS 另存为 .docx、.pptx 或 PDF 再添加。"
    data = io.BytesIO()
    with path.open("rb") as file:
        try:
            locked = msoffcrypto.OfficeFile(file)
            if not hasattr(locked, "format") or locked.format != "ooxml":
                raise InputError(old)
            if password is None:
                raise PasswordNeeded(f"文件 {path.name!r} 有密码，请给出打开密码再添加。")
            locked.load_key(password=password)
            locked.decrypt(data)
        except (InvalidKeyError, DecryptionError):
            raise PasswordNeeded(f"文件 {path.name!r} 的密码不对，请重新输入。") from None
        except (FileFormatError, OSError, ValueError, IndexError, KeyError, struct.error):
            raise InputError(old) from None
    data.seek(0)
    try:
        names = zipfile.ZipFile(data).namelist()
    except zipfile.BadZipFile:
        raise PasswordNeeded(f"文件 {path.name!r} 的密码不对，请重新输入。") from None
    read = pptx.read if any(n.startswith("ppt/") for n in names) else docx.read
    return read(path, limits, data)


FORMAT = Format(
    "ole", "", "application/x-ole-storage", (), lambda s: s.head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), _open
)
