"""The ``/v1`` server that answers in place of a model of this machine: tried out, connected, left.

Where accounts are, only an administrator may use these routes: they make the program connect to an address.
A key is taken from the environment, or given for this run; it is never written down.
"""

from __future__ import annotations

import json
import os
from collections.abc import AsyncIterator
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.concurrency import iterate_in_threadpool

from assistant408.core.errors import InputError
from assistant408.llm.address import resolve
from assistant408.llm.probe import probe
from assistant408.web.library import model_status
from assistant408.web.services import Services

router = APIRouter(prefix="/server")

KeySource = Literal["none", "environment", "run"]


class Server(BaseModel):
    """A ``/v1`` server, its model, and which key to send."""

    base_url: Annotated[str, Field(min_length=1, max_length=300)]
    model: Annotated[str, Field(max_length=200)] = ""
    key: KeySource = "none"
    secret: Annotated[str, Field(max_length=500, description="The key itself, where `key` is `run`.")] = ""


class Connection(BaseModel):
    """The server of the settings; the key itself is never told.

    Attributes:
        current: it answers now, and no model of this machine.
        key_in_environment: ``A408_API_KEY`` is set.
        from_environment: ``A408_BASE_URL`` is set, which wins again at the next start.
    """

    base_url: str
    model: str
    current: bool
    key: KeySource
    key_in_environment: bool
    from_environment: bool


@router.get("")
def connection(request: Request) -> Connection:
    """The server that is set, if one is."""
    return _connection(request.app.state.services)


@router.post("/test")
async def test(body: Server) -> EventSourceResponse:
    """Tries a server out, step by step; the first step that fails is the last. Without a model, only lists them."""
    key = _secret(body)

    async def stream() -> AsyncIterator[ServerSentEvent]:
        ok = True
        async for step in iterate_in_threadpool(probe(body.base_url, body.model, key)):
            ok = step.ok
            yield _sse("step", {k: getattr(step, k) for k in ("name", "ok", "text", "ms", "models")})
        yield _sse("done", {"ok": ok})

    return EventSourceResponse(stream(), ping=15)


@router.put("")
def connect(request: Request, body: Server) -> Connection:
    """Makes a server's model the one that answers, from now on; address and model are kept, the key isn't."""
    services: Services = request.app.state.services
    if not body.model.strip():
        raise InputError("没有选模型，请先测试连接，再从它列出的模型里选一个。")
    address = resolve(body.base_url)
    services.connect(address.url, body.model.strip(), _secret(body))
    return _connection(services)


@router.delete("")
def leave(request: Request) -> Connection:
    """Forgets the server and its key; a model of this machine answers again."""
    services: Services = request.app.state.services
    services.disconnect()
    return _connection(services)


def _secret(body: Server) -> str:
    """The key to send.

    Raises:
        InputError: the one that is meant isn't there.
    """
    if body.key == "run" and not body.secret.strip():
        raise InputError("没有填密钥：请填上，或选“不用密钥”。")
    if body.key == "environment" and not os.environ.get("A408_API_KEY"):
        raise InputError("环境变量 A408_API_KEY 没有设置：请设好后重新启动，或改为“只在这次运行中用”。")
    sources = {"none": "", "environment": os.environ.get("A408_API_KEY", ""), "run": body.secret.strip()}
    return sources[body.key]


def _connection(services: Services) -> Connection:
    settings = services.settings
    in_environment = os.environ.get("A408_API_KEY", "")
    key: KeySource = "none"
    if settings.api_key:
        key = "environment" if settings.api_key == in_environment else "run"
    return Connection(
        base_url=settings.base_url,
        model=settings.model.removeprefix("openai:") if settings.model.startswith("openai:") else "",
        current=model_status(services).remote,
        key=key,
        key_in_environment=bool(in_environment),
        from_environment=bool(os.environ.get("A408_BASE_URL")),
    )


def _sse(name: str, data: dict[str, Any]) -> ServerSentEvent:
    return ServerSentEvent(json.dumps(data, ensure_ascii=False), event=name)
