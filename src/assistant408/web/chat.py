"""Questions, answers and conversations."""

from __future__ import annotations

import asyncio
import json
import logging
import threading
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Generator, Iterator, Sequence
from contextlib import aclosing, closing
from dataclasses import asdict, dataclass
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field
from sse_starlette import EventSourceResponse, ServerSentEvent

from assistant408.core.errors import A408Error, InputError
from assistant408.kb.chunk import Chunk
from assistant408.llm.types import Options
from assistant408.tutor.events import Answer, Commit, Event, Passages, Solved, Status, Token
from assistant408.web.attachments import Attachment, chunks_of
from assistant408.web.learner import Learner
from assistant408.web.pump import pump
from assistant408.web.queue import Ticket
from assistant408.web.services import Services
from assistant408.web.who import client_name, learner_of, services_of

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
    collections: Annotated[list[str] | None, Field(max_length=50)] = None
    attachments: Annotated[list[Attachment], Field(max_length=5)] = []
    options: Sampling = Sampling()


@dataclass(frozen=True)
class Start:
    """What was asked is written down."""

    conversation: str
    message: int


@dataclass(frozen=True)
class Done:
    """The whole answer, and how it was asked, as it is kept."""

    result: dict[str, Any]


class Title(BaseModel):
    """A conversation's new title."""

    title: str = Field(min_length=1, max_length=200)


@router.post("/warm")
async def warm(request: Request) -> dict[str, str]:
    """Loads the models, and what judges choice questions, while the user types."""
    services = services_of(request)
    request.app.state.primer.touch()
    threading.Thread(target=_warm, args=(services,), daemon=True).start()
    return {}


def _warm(services: Services) -> None:
    if not services.warming.acquire(blocking=False):  # somebody else's typing does it already
        return
    try:
        services.ensure_index().search("预热")
        _ = services.judge
        services.backend()
    except A408Error as e:
        log.info("warming up: %s", e)
    finally:
        services.warming.release()


@router.post("/ask")
async def ask(request: Request, body: Question) -> EventSourceResponse:
    """Answers as a stream of server-sent events; see ``docs/reference/http.md``."""
    learner = learner_of(request)
    if not body.question.strip():
        raise InputError("问题是空的，请写出问题。")
    attached = chunks_of(body.attachments)
    ticket = await asyncio.to_thread(learner.admit, client_name(request.scope))
    events = pump(lambda put: _answer(learner, ticket, put, body, attached), ticket)
    start = await anext(events)  # what can't be asked or written down has a status of its own
    return EventSourceResponse(_stream(request, start, events), ping=15)


def _answer(
    learner: Learner,
    ticket: Ticket,
    put: Callable[[Event | int], None],
    body: Question,
    attached: Sequence[Chunk],
) -> Iterator[Start | Done | Event | int]:
    """Writes the question down, answers it, and keeps what was said, also if whoever asked goes."""
    conversations, writing = learner.conversations, learner.services.writing
    id = body.conversation_id
    if id is not None and conversations.get(id) is None:
        raise InputError(f"没有对话 {id!r}，它可能已被删除。")
    history = conversations.history(id) if id is not None else []
    with writing:
        if id is None:
            id, message = conversations.open(body.question)
        else:
            message = conversations.add(id, "user", body.question)
    yield Start(id, message)
    options = Options(**body.options.model_dump())
    tutor = learner.queued_tutor(ticket, put)
    said = ""
    answer = tutor.answer(body.question, history, body.subject, options, body.llm, body.collections, attached)
    with closing(_events(answer)) as events:
        try:
            for event in events:
                if isinstance(event, Commit):
                    said += event.text
                if isinstance(event, Answer):
                    done = Done({**event.to_json(), "asked": _asked(body)})
                    with writing:
                        conversations.add(id, "assistant", event.answer, done.result)
                    said = ""  # kept whole
                    yield done
                else:
                    yield event
        finally:
            events.close()  # the model stops before what it said is written down
            if ticket.gone and said:
                with writing:
                    conversations.add(id, "assistant", said + "（已停止）")


def _asked(body: Question) -> dict[str, Any]:
    """How it was asked, for a conversation that is opened again; of attachments the names only."""
    names = [a.name for a in body.attachments]
    return {"subject": body.subject, "collections": body.collections, "attachments": names}


def _events(events: Iterator[Event]) -> Generator[Event, None, None]:
    try:
        yield from events
    finally:
        getattr(events, "close", lambda: None)()


async def _stream(
    request: Request, start: Start | Done | Event | int, events: AsyncGenerator[Start | Done | Event | int, None]
) -> AsyncIterator[ServerSentEvent]:
    """The events as they come; an `int` is a position in line. When the client goes, the model stops."""
    primer = request.app.state.primer
    waited = False
    async with aclosing(events):
        assert isinstance(start, Start)
        yield _sse("start", {"conversation_id": start.conversation, "message_id": start.message})
        try:
            async for event in events:
                primer.touch()
                if isinstance(event, Passages) and event.passages:
                    primer.want(event.passages[0].doc, event.passages[0].anchor)
                if isinstance(event, int):
                    if event or waited:
                        waited = True
                        yield _sse("queued", {"position": event})
                        text = f"排队中，现在是第 {event} 位…" if event else "轮到这个问题了，正在读资料…"
                        yield _sse("status", {"text": text})
                elif not isinstance(event, Start):
                    yield _event(event)
        except A408Error as e:
            yield _sse("error", {"error": str(e)})
        except Exception:
            log.exception("answering failed")
            yield _sse("error", {"error": "程序出错了，请把日志发给开发者。"})


def _event(event: Done | Event) -> ServerSentEvent:
    if isinstance(event, Done):
        return _sse("done", event.result)
    if isinstance(event, Passages):
        return _sse("passages", {"passages": [asdict(p) for p in event.passages], "ms": event.ms})
    if isinstance(event, Solved):
        return _sse("solver", event.solution)
    assert not isinstance(event, Answer)
    name = {Status: "status", Token: "token", Commit: "commit"}[type(event)]
    return _sse(name, {"text": event.text})


def _sse(name: str, data: dict[str, Any]) -> ServerSentEvent:
    return ServerSentEvent(json.dumps(data, ensure_ascii=False), event=name)


@router.get("/conversations")
def conversations(request: Request, q: Annotated[str, Query(max_length=200)] = "") -> list[dict[str, Any]]:
    """All conversations, the newest first."""
    return learner_of(request).conversations.recent(q)


@router.get("/conversations/{id}")
def conversation(request: Request, id: str) -> dict[str, Any]:
    """One conversation with its messages."""
    found = learner_of(request).conversations.get(id)
    if found is None:
        raise InputError(f"没有对话 {id!r}，它可能已被删除。")
    return found


@router.patch("/conversations/{id}")
def rename(request: Request, id: str, body: Title) -> dict[str, str]:
    """Renames a conversation."""
    return _found(learner_of(request).conversations.rename(id, body.title), id)


@router.delete("/conversations/{id}")
def delete(request: Request, id: str) -> dict[str, str]:
    """Hides a conversation; `restore` undoes it."""
    return _found(learner_of(request).conversations.delete(id), id)


@router.post("/conversations/{id}/restore")
def restore(request: Request, id: str) -> dict[str, str]:
    """Undoes a deletion."""
    return _found(learner_of(request).conversations.restore(id), id)


@router.delete("/conversations/{id}/messages/{message}")
def truncate(request: Request, id: str, message: int) -> dict[str, str]:
    """Removes a message and all after it."""
    conversations = learner_of(request).conversations
    if not conversations.truncate(id, message):
        _found(conversations.get(id) is not None, id)
        raise InputError(f"这个对话没有消息 {message}，它可能已被删除。")
    return {}


def _found(ok: bool, id: str) -> dict[str, str]:
    if not ok:
        raise InputError(f"没有对话 {id!r}，它可能已被删除。")
    return {}
