"""``/v1``: the tutor and the bare model behind OpenAI's API.

`a408` is the tutor: it retrieves, computes and cites, so only what has been checked is streamed. It takes the last
message as the question and the turns before it as the conversation; system messages don't change how it answers.
`a408-raw` is the language model alone, `a408-embedding` the embedding model of the knowledge base.
"""

from __future__ import annotations

import asyncio
import base64
import itertools
import json
import logging
import secrets
import time
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import aclosing
from dataclasses import asdict, dataclass
from typing import Any, TypeAlias, TypeVar

import numpy as np
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.exceptions import HTTPException

from assistant408 import __version__
from assistant408.core.errors import A408Error, BackendError, InputError
from assistant408.llm.types import Message, Options
from assistant408.llm.types import Request as Prompt
from assistant408.tutor.events import Answer, Commit, Passages
from assistant408.web.footnotes import footnotes, marked, steps_markdown
from assistant408.web.guard import client_of
from assistant408.web.learner import Learner
from assistant408.web.openai_shapes import (
    ChatRequest,
    EmbeddingRequest,
    chat_messages,
    chunk,
    error_body,
    error_of,
    estimate_tokens,
    options_of,
)
from assistant408.web.pump import pump
from assistant408.web.queue import Queued, Ticket
from assistant408.web.services import Services
from assistant408.web.who import owner_in

__all__ = ["create_openai_api"]

TUTOR, RAW, EMBEDDING = "a408", "a408-raw", "a408-embedding"
NAMES = {TUTOR: "408 辅导（检索、解题、引文）", RAW: "语言模型本身", EMBEDDING: "知识库的向量模型"}
T = TypeVar("T")
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Finish:
    """How a completion ended; `extra` goes beside it under the key ``a408``."""

    reason: str
    extra: dict[str, Any] | None = None


Item: TypeAlias = str | int | Finish  # a piece of text; a position in line, 0 for a sign of life; the end


def create_openai_api(
    services: Services, touch: Callable[[], None] = lambda: None, clock: Callable[[], float] = time.time
) -> FastAPI:
    """The app to mount at ``/v1``.

    Args:
        touch: called whenever somebody is at work.
        clock: seconds since 1970, for the `created` fields.
    """
    app = FastAPI(
        title="assistant408 /v1",
        version=__version__,
        description=__doc__,
        openapi_url="/openapi.json",
        docs_url=None,  # its page would load scripts from another host
        redoc_url=None,
    )
    app.add_exception_handler(A408Error, _refused)
    app.add_exception_handler(RequestValidationError, _malformed)
    app.add_exception_handler(HTTPException, _no_route)
    app.add_exception_handler(Exception, _refused)  # a bug; it is raised again after the answer, and logged
    started = int(clock())

    def about(id: str) -> dict[str, Any]:
        return {"id": id, "object": "model", "created": started, "owned_by": "assistant408", "name": NAMES[id]}

    @app.get("/models")
    async def models() -> dict[str, Any]:
        """All models."""
        return {"object": "list", "data": [about(id) for id in NAMES]}

    @app.get("/models/{id}")
    async def model(id: str) -> Response:
        """One model."""
        return JSONResponse(about(id)) if id in NAMES else _no_model(id, list(NAMES))

    @app.post("/chat/completions")
    async def chat(request: Request, body: ChatRequest) -> Response:
        """Answers, whole or as a stream."""
        if body.model not in (TUTOR, RAW):
            return _no_model(body.model, [TUTOR, RAW])
        touch()
        messages = chat_messages(body)
        options = options_of(body, body.model == TUTOR)
        owner = owner_in(request.scope)
        learner = Learner(services, owner) if owner else services.learner
        ticket = await asyncio.to_thread(learner.admit, owner or body.user or client_of(request.scope))
        run = _tutor if body.model == TUTOR else _raw
        try:
            items = pump(lambda put: run(learner, ticket, put, messages, options, body.subject), ticket)
        except BaseException:
            ticket.leave()
            raise
        head = (f"chatcmpl-{secrets.token_hex(12)}", int(clock()), body.model)
        prompt_tokens = sum(estimate_tokens(m.content) for m in messages)
        if not body.stream:
            return await _unless_gone(request, _whole(items, head, prompt_tokens))
        try:  # what fails at once has a status of its own
            first = await anext(items)
        except A408Error as e:
            return error_of(e)
        usage = body.stream_options is not None and body.stream_options.include_usage
        return EventSourceResponse(
            _stream(first, items, head, prompt_tokens if usage else None, touch), ping=15, sep="\n"
        )

    @app.post("/embeddings")
    def embeddings(body: EmbeddingRequest) -> Response:
        """Vectors of texts."""
        if body.model != EMBEDDING:
            return _no_model(body.model, [EMBEDDING])
        touch()
        return JSONResponse(_embeddings(services, body))

    return app


# --- the two models ----------------------------------------------------------------------------------------------


def _tutor(
    learner: Learner,
    ticket: Ticket,
    put: Callable[[Item], None],
    messages: Sequence[Message],
    options: Options,
    subject: str | None,
) -> Iterator[Item]:
    """The tutor's answer: checked sentences as they come, then steps and footnotes."""
    history: list[tuple[str, str]] = []
    for before, after in itertools.pairwise(messages):
        if before.role == "user" and after.role == "assistant":
            history.append((before.content, after.content))
    question = messages[-1].content.strip()
    if len(question) > 4000:
        raise InputError(f"问题有 {len(question)} 字，最多 4000 字，请缩短它。")
    for event in learner.queued_tutor(ticket, put).answer(question, history, subject, options):
        if isinstance(event, Passages):
            yield 0
        elif isinstance(event, Commit) and event.text:
            yield marked(event.text)
        elif isinstance(event, Answer):
            steps = steps_markdown(event.solver) if event.solver else ""
            yield from (f"\n\n{text}" for text in (steps, footnotes(event.citations)) if text)
            yield Finish("stop", _extra(event))


def _extra(answer: Answer) -> dict[str, Any]:
    solver = answer.solver
    return {
        "refused": answer.refused,
        "citations": [asdict(c) for c in answer.citations],
        "solver": {k: solver[k] for k in ("id", "title", "args", "answer", "exact", "steps")} if solver else None,
        "nearest": list(answer.nearest),
        "model": answer.model,
        "timings": answer.timings,
    }


def _raw(
    learner: Learner,
    ticket: Ticket,
    put: Callable[[Item], None],
    messages: Sequence[Message],
    options: Options,
    _: str | None,
) -> Iterator[Item]:
    """What the language model says to the messages as they are."""
    pieces = 0
    for piece in Queued(learner.services.backend(), ticket, put).stream(Prompt(messages), options):
        pieces += 1
        yield piece
    yield Finish("length" if pieces >= options.max_tokens else "stop")


def _embeddings(services: Services, body: EmbeddingRequest) -> dict[str, Any]:
    texts = [body.input] if isinstance(body.input, str) else body.input
    if too_long := next((t for t in texts if len(t) > 8000), ""):
        raise InputError(f"文本 {too_long[:20]!r}… 有 {len(too_long)} 字，每段最多 8000 字，请切开它。")
    if not all(t.strip() for t in texts):
        raise InputError("input 中有空的文本，请去掉它。")
    embedder = services.kb.embedder
    if embedder is None:
        raise BackendError("这台机器上没有向量模型，请用设置 A408_EMBEDDING 指定一个。")
    if body.dimensions not in (None, embedder.dim):
        raise InputError(f"dimensions 的值 {body.dimensions} 不支持，这个模型的向量是 {embedder.dim} 维。")
    asked = body.input_type == "query"
    vectors = np.stack([embedder.query(t) for t in texts]) if asked else embedder.passages(texts)
    rows = vectors.astype("<f4")
    as_text = body.encoding_format == "base64"
    data = [
        {
            "object": "embedding",
            "index": i,
            "embedding": base64.b64encode(row.tobytes()).decode() if as_text else row.tolist(),
        }
        for i, row in enumerate(rows)
    ]
    tokens = sum(map(estimate_tokens, texts))
    usage = {"prompt_tokens": tokens, "total_tokens": tokens}
    return {"object": "list", "model": EMBEDDING, "data": data, "usage": usage}


# --- answering ---------------------------------------------------------------------------------------------------


def _usage(prompt_tokens: int, said: str) -> dict[str, int]:
    completion = estimate_tokens(said)
    return {"prompt_tokens": prompt_tokens, "completion_tokens": completion, "total_tokens": prompt_tokens + completion}


async def _whole(items: AsyncGenerator[Item, None], head: tuple[str, int, str], prompt_tokens: int) -> Response:
    said, end = "", Finish("stop")
    try:
        async with aclosing(items):
            async for item in items:
                if isinstance(item, str):
                    said += item
                elif isinstance(item, Finish):
                    end = item
    except A408Error as e:
        return error_of(e)
    id, created, model = head
    message = {"role": "assistant", "content": said, "refusal": None}
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": end.reason}
    body: dict[str, Any] = {"id": id, "object": "chat.completion", "created": created, "model": model}
    body |= {"choices": [choice], "usage": _usage(prompt_tokens, said)}
    return JSONResponse(body | ({"a408": end.extra} if end.extra else {}))


async def _stream(
    first: Item,
    items: AsyncGenerator[Item, None],
    head: tuple[str, int, str],
    prompt_tokens: int | None,
    touch: Callable[[], None],
) -> AsyncIterator[ServerSentEvent]:
    """Chunks; positions in line go as comments, which every client passes over."""
    said = ""
    async with aclosing(items):
        yield _data(chunk(*head, {"role": "assistant", "content": ""}))
        try:
            async for item in _chain(first, items):
                touch()
                if isinstance(item, str):
                    said += item
                    yield _data(chunk(*head, {"content": item}))
                elif isinstance(item, Finish):
                    last = chunk(*head, {}, item.reason)
                    yield _data(last | ({"a408": item.extra} if item.extra else {}))
                elif item:
                    yield ServerSentEvent(comment=f"queued {item}", sep="\n")
            if prompt_tokens is not None:
                yield _data(chunk(*head, {}) | {"choices": [], "usage": _usage(prompt_tokens, said)})
            yield ServerSentEvent("[DONE]", sep="\n")
        except Exception as e:
            if not isinstance(e, A408Error):
                log.exception("answering failed")
            yield ServerSentEvent(bytes(error_of(e).body).decode(), sep="\n")


async def _chain(first: T, rest: AsyncIterator[T]) -> AsyncIterator[T]:
    yield first
    async for item in rest:
        yield item


def _data(body: dict[str, Any]) -> ServerSentEvent:
    return ServerSentEvent(json.dumps(body, ensure_ascii=False), sep="\n")


async def _unless_gone(request: Request, answer: Awaitable[Response]) -> Response:
    """The answer, or nothing once the client has hung up, so that the model is free for others."""
    work = asyncio.ensure_future(answer)
    gone = asyncio.ensure_future(_disconnect(request))
    try:
        await asyncio.wait({work, gone}, return_when=asyncio.FIRST_COMPLETED)
        return await work if work.done() else Response(status_code=499)  # nobody reads it
    finally:
        for task in (work, gone):
            task.cancel()


async def _disconnect(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


# --- errors ------------------------------------------------------------------------------------------------------


def _no_model(id: str, there: Sequence[str]) -> Response:
    text = f"没有模型 {id!r}，可用的有 {'、'.join(there)}。"
    return JSONResponse(error_body(text, "invalid_request_error", "model_not_found", "model"), 404)


async def _refused(_: Request, error: Exception) -> Response:
    return error_of(error)


async def _malformed(_: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    places = [".".join(str(p) for p in e["loc"][1:]) for e in error.errors()]
    where = "、".join(dict.fromkeys(p for p in places if p))
    text = f"请求的 {where or '内容'} 不合要求，请检查后重试。"
    return JSONResponse(error_body(text, "invalid_request_error", None, places[0] if places else None), 400)


async def _no_route(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    path = request.url.path
    text = f"{path} 不支持 {request.method}。" if error.status_code == 405 else f"没有接口 {path}。"
    return JSONResponse(error_body(text, "invalid_request_error", "not_found"), error.status_code)
