"""Questions, answers and conversations."""

from __future__ import annotations

import asyncio
import json
import logging
import threading
from collections.abc import AsyncIterator, Iterator
from dataclasses import asdict
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field
from sse_starlette import EventSourceResponse, ServerSentEvent

from assistant408.core.errors import A408Error, InputError
from assistant408.llm.types import Options
from assistant408.tutor.events import Answer, Commit, Event, Passages, Solved, Status, Token
from assistant408.web.services import Services

router = APIRouter()
log = logging.getLogger(__name__)


class Sampling(BaseModel):
    """How to sample."""

    temperature: Annotated[float, Field(ge=0, le=2)] = 0.0
    top_p: Annotated[float, Field(gt=0, le=1)] = 1.0
    max_tokens: Annotated[int, Field(ge=16, le=2048)] = 220


class Question(BaseModel):
    """A question to the tutor."""

    question: str = Field(min_length=1, max_length=4000)
    conversation_id: str | None = None
    subject: Literal["ds", "co", "os", "cn"] | None = None
    llm: bool = True
    options: Sampling = Sampling()


class Title(BaseModel):
    """A conversation's new title."""

    title: str = Field(min_length=1, max_length=200)


def _services(request: Request) -> Services:
    services: Services = request.app.state.services
    return services


@router.post("/warm")
async def warm(request: Request) -> dict[str, str]:
    """Loads the model and the embedding model while the user types."""
    services = _services(request)
    request.app.state.primer.touch()
    threading.Thread(target=_warm, args=(services,), daemon=True).start()
    return {}


def _warm(services: Services) -> None:
    try:
        services.ensure_index().search("预热")
        services.backend()
    except A408Error as e:
        log.info("warming up: %s", e)


@router.post("/ask")
async def ask(request: Request, body: Question) -> EventSourceResponse:
    """Answers as a stream of server-sent events; see ``docs/reference/http.md``."""
    services = _services(request)
    if not body.question.strip():
        raise InputError("问题是空的，请写出问题。")
    conversations = services.conversations
    id = body.conversation_id
    if id is None:
        id = conversations.create(body.question)
    elif conversations.get(id) is None:
        raise InputError(f"没有对话 {id!r}，它可能已被删除。")
    history = conversations.history(id)
    message = conversations.add(id, "user", body.question)
    events = services.tutor.answer(
        body.question, history, body.subject, Options(**body.options.model_dump()), llm=body.llm
    )
    return EventSourceResponse(_stream(request, services, id, message, events), ping=15)


async def _stream(
    request: Request, services: Services, id: str, message: int, events: Iterator[Event]
) -> AsyncIterator[ServerSentEvent]:
    """Runs the answer loop in a thread; when the client goes, the model stops and what was said is kept."""
    primer = request.app.state.primer
    loop = asyncio.get_running_loop()
    queue: asyncio.Queue[Event | BaseException | None] = asyncio.Queue()
    gone = threading.Event()

    def put(item: Event | BaseException | None) -> None:
        loop.call_soon_threadsafe(queue.put_nowait, item)

    def run() -> None:
        said = ""
        try:
            for event in events:
                primer.touch()
                if isinstance(event, Commit):
                    said += event.text
                if isinstance(event, Answer):
                    services.conversations.add(id, "assistant", event.answer, event.to_json())
                    said = ""  # kept whole
                put(event)
                if gone.is_set():
                    break
        except A408Error as e:
            put(e)
        except Exception as e:
            log.exception("answering failed")
            put(e)
        finally:
            getattr(events, "close", lambda: None)()
            if gone.is_set() and said:
                services.conversations.add(id, "assistant", said + "（已停止）")
            put(None)

    yield _sse("start", {"conversation_id": id, "message_id": message})
    threading.Thread(target=run, daemon=True).start()
    try:
        while (event := await queue.get()) is not None:
            if isinstance(event, BaseException):
                text = str(event) if isinstance(event, A408Error) else "程序出错了，请把日志发给开发者。"
                yield _sse("error", {"error": text})
            else:
                if isinstance(event, Passages) and event.passages:
                    primer.want(event.passages[0].doc, event.passages[0].anchor)
                yield _event(event)
    finally:
        gone.set()


def _event(event: Event) -> ServerSentEvent:
    if isinstance(event, Passages):
        return _sse("passages", {"passages": [asdict(p) for p in event.passages], "ms": event.ms})
    if isinstance(event, Solved):
        return _sse("solver", event.solution)
    if isinstance(event, Answer):
        return _sse("done", event.to_json())
    name = {Status: "status", Token: "token", Commit: "commit"}[type(event)]
    return _sse(name, {"text": event.text})


def _sse(name: str, data: dict[str, Any]) -> ServerSentEvent:
    return ServerSentEvent(json.dumps(data, ensure_ascii=False), event=name)


@router.get("/conversations")
def conversations(request: Request, q: Annotated[str, Query(max_length=200)] = "") -> list[dict[str, Any]]:
    """All conversations, the newest first."""
    return _services(request).conversations.recent(q)


@router.get("/conversations/{id}")
def conversation(request: Request, id: str) -> dict[str, Any]:
    """One conversation with its messages."""
    found = _services(request).conversations.get(id)
    if found is None:
        raise InputError(f"没有对话 {id!r}，它可能已被删除。")
    return found


@router.patch("/conversations/{id}")
def rename(request: Request, id: str, body: Title) -> dict[str, str]:
    """Renames a conversation."""
    return _found(_services(request).conversations.rename(id, body.title), id)


@router.delete("/conversations/{id}")
def delete(request: Request, id: str) -> dict[str, str]:
    """Hides a conversation; `restore` undoes it."""
    return _found(_services(request).conversations.delete(id), id)


@router.post("/conversations/{id}/restore")
def restore(request: Request, id: str) -> dict[str, str]:
    """Undoes a deletion."""
    return _found(_services(request).conversations.restore(id), id)


@router.delete("/conversations/{id}/messages/{message}")
def truncate(request: Request, id: str, message: int) -> dict[str, str]:
    """Removes a message and all after it."""
    conversations = _services(request).conversations
    if not conversations.truncate(id, message):
        _found(conversations.get(id) is not None, id)
        raise InputError(f"这个对话没有消息 {message}，它可能已被删除。")
    return {}


def _found(ok: bool, id: str) -> dict[str, str]:
    if not ok:
        raise InputError(f"没有对话 {id!r}，它可能已被删除。")
    return {}
