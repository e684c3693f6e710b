"""The user's documents over HTTP, and the photo of an exercise."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Any

from fastapi import APIRouter, FastAPI, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.datastructures import UploadFile

from assistant408.core.errors import InputError
from assistant408.kb.describe import describe, describe_pages
from assistant408.kb.parse import Box, Limits, open_document
from assistant408.web.learner import Learner
from assistant408.web.services import Services
from assistant408.web.upload import FORM, on_disk, received
from assistant408.web.who import learner_of, services_of

__all__ = ["router"]

PHOTO_BYTES = 30 << 20
TICK_S = 0.5  # between two looks at the work


@asynccontextmanager
async def _life(app: FastAPI) -> AsyncIterator[None]:
    """Work that an earlier run left goes on when the app starts, and rests when it stops."""
    services: Services = app.state.services
    if await asyncio.to_thread(_left, services):
        services.worker.wake()
    yield
    if "worker" in services.__dict__:
        await asyncio.to_thread(services.worker.stop)


def _left(services: Services) -> bool:
    """Whether there is any; a home without documents stays as it is."""
    return (services.home / "kb" / "library.db").is_file() and bool(services.ingest.library.of(None).entries())


router = APIRouter(lifespan=_life)


class Change(BaseModel):
    """A new title or collection."""

    title: str | None = Field(None, min_length=1, max_length=200)
    collection: str | None = Field(None, min_length=1, max_length=100)


class Text(BaseModel):
    """A page as the user wrote it, in Markdown."""

    text: str = Field(max_length=200_000)


@router.post("/documents", openapi_extra=FORM)
async def add(request: Request) -> dict[str, Any]:
    """Takes a document in; it is read in the background."""
    learner = learner_of(request)
    limit = await asyncio.to_thread(learner.upload_bytes, Limits().file_bytes)
    async with received(request, limit) as (file, fields):
        return await asyncio.to_thread(_take, learner, file, fields)


def _take(learner: Learner, file: UploadFile, fields: dict[str, str]) -> dict[str, Any]:
    ingest = learner.ingest
    with on_disk(file) as path:
        learner.check_room(path.stat().st_size)
        collection, password = fields.get("collection", "").strip(), fields.get("password") or None
        added = ingest.add(path, collection, password, source="")
    learner.services.worker.wake()
    return {"what": added.what, **describe(ingest.library, added.id)}


@router.get("/documents")
def documents(
    request: Request, collection: Annotated[str | None, Query(max_length=100)] = None
) -> list[dict[str, Any]]:
    """All documents of the user's, or those of a collection."""
    library = learner_of(request).ingest.library
    return [describe(library, e.id) for e in library.entries(collection)]


@router.get("/documents/collections")
def collections(request: Request) -> list[dict[str, Any]]:
    """The shipped notes, then the user's collections."""
    own = learner_of(request).ingest.library.collections()
    shipped = {"id": "notes", "name": "自带笔记", "documents": len(services_of(request).notes)}
    return [shipped, *({"id": name, "name": name, "documents": n} for name, n in own.items())]


@router.get("/documents/progress")
async def progress(request: Request) -> EventSourceResponse:
    """The work on documents as it goes on, until none is left."""
    library = learner_of(request).ingest.library

    def look() -> list[dict[str, Any]]:
        entries = {e.id for e in library.entries()}
        return [describe(library, id) for id in library.jobs() if id in entries]

    async def stream() -> AsyncIterator[ServerSentEvent]:
        last = None
        while True:
            now = await asyncio.to_thread(look)
            left = any(d["job"]["state"] == "queued" for d in now)
            if left and last is None:
                services_of(request).worker.wake()  # whoever watches sees to it that somebody works
            if now != last:
                yield _sse("progress", {"documents": now})
                last = now
            if not left:
                yield _sse("done", {})
                return
            await asyncio.sleep(TICK_S)

    return EventSourceResponse(stream(), ping=15)


def _sse(name: str, data: dict[str, Any]) -> ServerSentEvent:
    return ServerSentEvent(json.dumps(data, ensure_ascii=False), event=name)


@router.get("/documents/{id}")
def document(request: Request, id: str) -> dict[str, Any]:
    """One document with what became of each page."""
    library = learner_of(request).ingest.library
    return {**describe(library, id), "page_list": describe_pages(library, id)}


@router.patch("/documents/{id}")
def change(request: Request, id: str, body: Change) -> dict[str, Any]:
    """Renames or moves a document."""
    learner = learner_of(request)
    learner.ingest.change(id, body.title, body.collection)
    return _again(learner, id)


@router.delete("/documents/{id}")
def remove(request: Request, id: str) -> dict[str, str]:
    """Removes a document and all that came of it."""
    learner_of(request).ingest.remove(id)
    return {}


@router.post("/documents/{id}/pause")
def pause(request: Request, id: str) -> dict[str, Any]:
    """Lets the work rest after the page it is at."""
    learner = learner_of(request)
    learner.ingest.library.entry(id)
    if not learner.ingest.library.set_state(id, "paused"):
        raise InputError(f"资料 {id!r} 没有进行中的工作，不用暂停。")
    return describe(learner.ingest.library, id)


@router.post("/documents/{id}/resume")
def resume(request: Request, id: str) -> dict[str, Any]:
    """Goes on, and reads the failed pages again."""
    learner = learner_of(request)
    learner.ingest.retry(id)
    return _again(learner, id)


@router.post("/documents/{id}/cancel")
def cancel(request: Request, id: str) -> dict[str, str]:
    """Gives the work up: a new document goes, one that was indexed stays as it was."""
    learner_of(request).ingest.cancel(id)
    return {}


@router.put("/documents/{id}/pages/{number}")
def edit(request: Request, id: str, number: int, body: Text) -> dict[str, Any]:
    """Puts the user's text in place of a page's; an empty one drops the page."""
    learner = learner_of(request)
    learner.ingest.edit(id, number, body.text)
    return _again(learner, id)


@router.post("/documents/{id}/pages/{number}/ocr")
def recognize(request: Request, id: str, number: int) -> dict[str, Any]:
    """Reads a page by its picture, whatever it was before."""
    learner = learner_of(request)
    learner.ingest.recognize(id, number)
    return _again(learner, id)


@router.get("/documents/{id}/pages/{number}.png", response_class=Response)
def picture(
    request: Request,
    id: str,
    number: int,
    box: Annotated[str, Query(max_length=100)] = "",
    dpi: Annotated[int, Query(ge=36, le=300)] = 150,
) -> Response:
    """A picture of a page, or of a box on it."""
    png = learner_of(request).ingest.render(id, number, _box(box), dpi)
    return Response(png, media_type="image/png", headers={"Cache-Control": "private, max-age=3600"})


def _box(text: str) -> Box | None:
    if not text:
        return None
    try:
        left, top, right, bottom = map(float, text.split(","))
    except ValueError:
        raise InputError(f"区域 {text!r} 不合要求，应为 左,上,右,下 四个数。") from None
    return left, top, right, bottom


def _again(learner: Learner, id: str) -> dict[str, Any]:
    learner.services.worker.wake()
    return describe(learner.ingest.library, id)


@router.post("/photo", openapi_extra=FORM)
async def photo(request: Request) -> dict[str, Any]:
    """Reads the photo of an exercise: the question to be sent to ``/api/ask``."""
    services = services_of(request)
    async with received(request, PHOTO_BYTES) as (file, _):
        return await asyncio.to_thread(_read, services, file)


def _read(services: Services, file: UploadFile) -> dict[str, Any]:
    from assistant408.kb.ocr import HINT

    if services.ocr is None:
        raise InputError(HINT)
    with on_disk(file) as path, open_document(path, ocr=services.ocr) as document:
        if not document.info.media_type.startswith("image/"):
            raise InputError(f"文件 {path.name!r} 不是图片，应为 PNG、JPEG 或 WebP；文档请在资料页上传。")
        page = document.page(1)
    lines = [b.text if b.kind == "heading" else b.markdown for b in page.blocks]
    question = "\n".join(line for line in lines if line.strip()).strip()[:4000]
    if not question:
        raise InputError("照片上没有认出文字，请靠近些、拍正、光线亮些再试。")
    return {"question": question, "confidence": page.confidence, "note": page.note}
