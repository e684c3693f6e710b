"""A file attached to a question: read in the confined process, handed back as text, and kept nowhere.

The page sends the text along with the question (`Attachment`); it serves that question alone.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from typing import Annotated

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field
from starlette.datastructures import UploadFile

from assistant408.core.errors import InputError
from assistant408.kb.chunk import Chunk, chunk_markdown
from assistant408.kb.parse import Limits, Recognize, open_document
from assistant408.web.upload import FORM, on_disk, received
from assistant408.web.who import services_of

__all__ = ["Attachment", "chunks_of", "router"]

FILE_BYTES = 30 << 20
CHARACTERS = 60_000  # of one attachment, and of all of a question's
PAGES = 60
SECONDS = 90.0  # of reading, after which what there is must do
DOC = "attachment:"  # what the ids of attachments begin with

router = APIRouter()


class AttachedPage(BaseModel):
    """A page of a file, in Markdown; number 0 where there are no pages."""

    number: Annotated[int, Field(ge=0, le=100_000)] = 0
    text: Annotated[str, Field(max_length=CHARACTERS)]


class Attachment(BaseModel):
    """A file's text, with a question."""

    name: Annotated[str, Field(min_length=1, max_length=200)]
    pages: Annotated[list[AttachedPage], Field(min_length=1, max_length=PAGES)]


class Reading(Attachment):
    """What was read of a file; `note` says in a sentence what was left out, if anything was."""

    characters: int
    note: str


@router.post("/attachments", openapi_extra=FORM)
async def read(request: Request) -> Reading:
    """Reads a file for a question; nothing of it is kept."""
    services = services_of(request)
    async with received(request, FILE_BYTES) as (file, fields):
        return await asyncio.to_thread(_read, file, fields.get("password") or None, services.ocr)


def _read(
    file: UploadFile, password: str | None, ocr: Recognize | None, clock: Callable[[], float] = time.monotonic
) -> Reading:
    from assistant408.kb.ocr import HINT

    pages: list[AttachedPage] = []
    room, note, start = CHARACTERS, "", clock()
    with on_disk(file) as path, open_document(path, password=password, limits=Limits(FILE_BYTES), ocr=ocr) as document:
        if document.info.media_type.startswith("image/") and ocr is None:
            raise InputError(HINT)
        total = document.info.pages
        for n in range(1, total + 1):
            if n > PAGES or not room or clock() - start > SECONDS:
                note = f"文件有 {total} 页，这次只用前 {n - 1} 页；要用全部，请在知识库页上传。"
                break
            text = "\n\n".join(b.markdown for b in document.page(n).blocks).strip()
            if len(text) > room:
                text, note = text[:room], f"只用了前 {CHARACTERS} 字；要用全部，请在知识库页上传。"
            room -= len(text)
            if text:
                pages.append(AttachedPage(number=n if total > 1 else 0, text=text))
        name = path.name
    if not pages:
        reason = "" if ocr is not None else f"若是扫描件：{HINT}"
        raise InputError(f"文件 {name!r} 里没有读出文字。{reason}")
    return Reading(name=name, pages=pages, characters=CHARACTERS - room, note=note)


def chunks_of(attachments: Sequence[Attachment]) -> list[Chunk]:
    """The passages of a question's attachments.

    Raises:
        InputError: they are too long together.
    """
    total = sum(len(p.text) for a in attachments for p in a.pages)
    if total > CHARACTERS:
        raise InputError(f"附件共有 {total} 字，超过一个问题 {CHARACTERS} 字的上限，请去掉一些，或放进知识库。")
    return [
        chunk
        for a in attachments
        for p in a.pages
        for chunk in chunk_markdown(DOC + a.name, a.name, p.text, p.number or None)
    ]
