"""The shapes of OpenAI's API: what a client sends, and errors and chunks as it expects them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from assistant408.core.errors import A408Error, BackendError, BusyError, InputError, LimitError
from assistant408.llm.types import Message, Options, Role

__all__ = [
    "ChatRequest",
    "EmbeddingRequest",
    "chat_messages",
    "chunk",
    "error_body",
    "error_of",
    "estimate_tokens",
    "options_of",
]

MAX_CHARACTERS = 64_000
MAX_TOKENS = 2048


class Part(BaseModel):
    """A piece of a message; only text is understood."""

    type: str
    text: str = ""


class ChatMessage(BaseModel):
    """One turn."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: str | list[Part] | None = None


class StreamOptions(BaseModel):
    """What else a stream should carry."""

    include_usage: bool = False


class JsonSchema(BaseModel):
    """A named JSON schema."""

    schema_: Annotated[dict[str, Any], Field(alias="schema")] = {}


class ResponseFormat(BaseModel):
    """Free text, any JSON, or JSON of a schema."""

    type: Literal["text", "json_object", "json_schema"] = "text"
    json_schema: JsonSchema | None = None


class ChatRequest(BaseModel):
    """The body of ``/v1/chat/completions``; `subject` is ours: only notes of that subject."""

    model: str
    messages: Annotated[list[ChatMessage], Field(min_length=1, max_length=400)]
    stream: bool = False
    stream_options: StreamOptions | None = None
    temperature: Annotated[float, Field(ge=0, le=2)] | None = None
    top_p: Annotated[float, Field(gt=0, le=1)] | None = None
    max_tokens: Annotated[int, Field(ge=1)] | None = None
    max_completion_tokens: Annotated[int, Field(ge=1)] | None = None
    n: int | None = None
    stop: str | Annotated[list[str], Field(max_length=16)] | None = None
    seed: int | None = None
    response_format: ResponseFormat | None = None
    tools: list[dict[str, Any]] | None = None
    tool_choice: str | dict[str, Any] | None = None
    user: Annotated[str, Field(max_length=200)] | None = None
    subject: Literal["ds", "co", "os", "cn"] | None = None


class EmbeddingRequest(BaseModel):
    """The body of ``/v1/embeddings``; `input_type` is ours: questions and passages have vectors of their own."""

    model: str
    input: str | Annotated[list[str], Field(min_length=1, max_length=256)]
    encoding_format: Literal["float", "base64"] = "float"
    dimensions: int | None = None
    input_type: Literal["query", "passage"] = "passage"
    user: Annotated[str, Field(max_length=200)] | None = None


def chat_messages(body: ChatRequest) -> list[Message]:
    """The turns as text, the last one the user's.

    Raises:
        InputError: a turn isn't text, or is a tool's, or the last one isn't the user's, or all are too long.
    """
    roles: dict[str, Role] = {"system": "system", "developer": "system", "user": "user", "assistant": "assistant"}
    out: list[Message] = []
    for m in body.messages:
        if m.role not in roles:
            raise InputError(f"不支持角色 {m.role!r} 的消息，请只用 system、user 和 assistant。")
        parts = m.content if isinstance(m.content, list) else [Part(type="text", text=m.content or "")]
        if other := next((p.type for p in parts if p.type != "text"), ""):
            raise InputError(f"不支持 {other!r} 类型的内容，请只发送文字。")
        out.append(Message(roles[m.role], "\n".join(p.text for p in parts)))
    if out[-1].role != "user" or not out[-1].content.strip():
        raise InputError("最后一条消息应是 user 的问题，请补上。")
    if (size := sum(len(m.content) for m in out)) > MAX_CHARACTERS:
        raise InputError(f"消息共 {size} 字，最多 {MAX_CHARACTERS} 字，请删去一些历史消息。")
    return out


def options_of(body: ChatRequest, tutor: bool) -> Options:
    """How to sample; the tutor takes no schema.

    Raises:
        InputError: something is asked for that isn't there.
    """
    if body.n not in (None, 1):
        raise InputError(f"n 的值 {body.n} 不支持，一次只生成 1 个回答。")
    if body.tools and body.tool_choice != "none":
        raise InputError("不支持 tools，请去掉它；解题器作为工具由 a408 mcp 提供。")
    schema: dict[str, Any] | None = None
    if body.response_format is not None and body.response_format.type != "text":
        if tutor:
            raise InputError("模型 'a408' 的回答是带引文的文字，要 JSON 请用模型 'a408-raw'。")
        named = body.response_format.json_schema
        schema = (named.schema_ if named else None) or {"type": "object"}
    wanted = body.max_completion_tokens or body.max_tokens or (220 if tutor else 512)
    stop = [body.stop] if isinstance(body.stop, str) else body.stop or []
    return Options(
        max_tokens=min(wanted, MAX_TOKENS),
        temperature=body.temperature or 0.0,
        top_p=body.top_p or 1.0,
        seed=body.seed or 0,
        stop=[s for s in stop if s],
        schema=schema,
    )


def error_body(message: str, kind: str, code: str | None, param: str | None = None) -> dict[str, Any]:
    """An error as OpenAI's clients read it."""
    return {"error": {"message": message, "type": kind, "param": param, "code": code}}


def error_of(error: Exception) -> JSONResponse:
    """The response to an error that was raised on purpose; any other is a bug, of which nothing is told."""
    if isinstance(error, BusyError):
        body = error_body(str(error), "server_error", "overloaded")
        return JSONResponse(body, 503, {"Retry-After": str(error.retry_after)})
    if isinstance(error, LimitError):
        body = error_body(str(error), "rate_limit_error", "rate_limit_exceeded")
        return JSONResponse(body, 429, {"Retry-After": str(error.retry_after)})
    if isinstance(error, InputError):
        return JSONResponse(error_body(str(error), "invalid_request_error", None), 400)
    if isinstance(error, BackendError):
        kind = ("invalid_request_error", "context_length_exceeded") if "上下文长度" in str(error) else None
        return JSONResponse(
            error_body(str(error), *(kind or ("server_error", "model_unavailable"))), 400 if kind else 503
        )
    text = str(error) if isinstance(error, A408Error) else "程序出错了，请把日志发给开发者。"
    return JSONResponse(error_body(text, "server_error", None), 500)


def chunk(id: str, created: int, model: str, delta: dict[str, str], finish: str | None = None) -> dict[str, Any]:
    """One event of a streamed completion."""
    choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
    return {"id": id, "object": "chat.completion.chunk", "created": created, "model": model, "choices": [choice]}


def estimate_tokens(text: str) -> int:
    """About how many tokens a text has: 0.65 a Chinese character, 0.25 any other.

    Examples:
        >>> estimate_tokens("死锁"), estimate_tokens(""), estimate_tokens("deadlock")
        (1, 0, 2)
    """
    wide = sum(c >= "\u2e80" for c in text)
    return round(0.65 * wide + 0.25 * (len(text) - wide))
