"""Language models over HTTP."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import AsyncIterator
from typing import Any

from fastapi import APIRouter, Request
from pydantic import BaseModel
from sse_starlette import EventSourceResponse, ServerSentEvent

from assistant408.core.errors import A408Error, InputError
from assistant408.llm.models import find_model, load_models
from assistant408.llm.pull import Progress, installed, pull, remove
from assistant408.web.library import model_status
from assistant408.web.services import Services

router = APIRouter()


def _services(request: Request) -> Services:
    services: Services = request.app.state.services
    return services


class ModelEntry(BaseModel):
    """A model of the list; `bytes` is the size of its file, `context` in tokens."""

    id: str
    name: str
    licence: str
    bytes: int
    installed: bool
    current: bool
    default: bool
    context: int
    note: str


@router.get("/models")
def models(request: Request) -> list[ModelEntry]:
    """Models that can be had, and which is in use."""
    services = _services(request)
    current = model_status(services).id
    return [
        ModelEntry(
            id=m.id,
            name=m.name,
            licence=m.licence,
            bytes=m.bytes,
            installed=installed(services.home, m),
            current=m.id == current,
            default=m.default,
            context=m.context,
            note=f"约需 {m.memory_mb} MB 内存",
        )
        for m in load_models(services.home).values()
    ]


@router.post("/models/{id}/select")
def select(request: Request, id: str) -> dict[str, str]:
    """Makes a model the current one."""
    services = _services(request)
    model = find_model(services.home, id)
    if not installed(services.home, model):
        raise InputError(f"模型 {id!r} 还没有下载，请先下载。")
    services.select_model(id)
    return {}


@router.delete("/models/{id}")
def delete(request: Request, id: str) -> dict[str, str]:
    """Deletes a model's file; the model in use is unloaded first."""
    services = _services(request)
    model = find_model(services.home, id)
    if model_status(services).id == id:
        services.unload()
    remove(services.home, model)
    return {}


@router.post("/models/{id}/pull")
async def fetch(request: Request, id: str) -> EventSourceResponse:
    """Downloads a model, reporting progress; leaving the stream stops it, and it can be resumed."""
    services = _services(request)
    model = find_model(services.home, id)
    loop = asyncio.get_running_loop()
    queue: asyncio.Queue[tuple[str, dict[str, Any]] | None] = asyncio.Queue()
    stop = threading.Event()

    def put(item: tuple[str, dict[str, Any]] | None) -> None:
        loop.call_soon_threadsafe(queue.put_nowait, item)

    def report(p: Progress) -> None:
        put(("progress", {"done_bytes": p.done_bytes, "total_bytes": p.total_bytes, "source": p.note or p.source}))

    def run() -> None:
        try:
            pull(services.home, model, report, stop)
            put(("done", {}))
        except A408Error as e:
            put(("error", {"error": str(e)}))
        finally:
            put(None)

    async def stream() -> AsyncIterator[ServerSentEvent]:
        threading.Thread(target=run, daemon=True).start()
        try:
            while (item := await queue.get()) is not None:
                yield ServerSentEvent(json.dumps(item[1], ensure_ascii=False), event=item[0])
        finally:
            stop.set()

    return EventSourceResponse(stream(), ping=15)
