"""One file of a multipart form, taken to the disk and given a passing folder."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path, PurePath
from typing import Any

from fastapi import Request
from starlette.datastructures import UploadFile

from assistant408.core.errors import InputError

__all__ = ["FORM", "on_disk", "received"]

NAME_BYTES = 200  # its end, which tells the format; file systems take 255
FIELD_BYTES = 1 << 16  # of a form beside its file


@asynccontextmanager
async def received(request: Request, limit: int) -> AsyncIterator[tuple[UploadFile, dict[str, str]]]:
    """The one file of a multipart form and its fields; the body goes to the disk as it comes.

    Args:
        limit: bytes that the file may have.

    Raises:
        InputError: it is too large, which is said before any of it is taken, or there is no file in it.
    """
    length = request.headers.get("content-length", "")
    if not length.isdigit():
        raise InputError("上传的请求要写明 Content-Length，请用浏览器或 curl -F 上传。")
    if int(length) > limit + FIELD_BYTES:
        raise InputError(f"上传的文件有 {int(length) >> 20} MB，超过 {limit >> 20} MB 的上限，请拆分后再上传。")
    async with request.form(max_files=1, max_fields=4, max_part_size=FIELD_BYTES) as form:
        file = form.get("file")
        if not isinstance(file, UploadFile):
            raise InputError("没有收到文件，请在表单的 file 一项里选一个文件。")
        yield file, {name: value for name, value in form.items() if isinstance(value, str)}


@contextmanager
def on_disk(file: UploadFile) -> Iterator[Path]:
    """The upload as a file under its own name, in a passing folder."""
    name = PurePath((file.filename or "").replace("\\", "/")).name.replace("\x00", "")
    name = name.encode("utf-8", "ignore")[-NAME_BYTES:].decode("utf-8", "ignore") or "document"
    with tempfile.TemporaryDirectory(prefix="a408-upload-") as folder:
        path = Path(folder) / name
        with path.open("wb") as out:
            shutil.copyfileobj(file.file, out, 1 << 20)
        yield path


FORM: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {
                        "file": {"type": "string", "format": "binary"},
                        "collection": {"type": "string"},
                        "password": {"type": "string"},
                    },
                }
            }
        },
    }
}
