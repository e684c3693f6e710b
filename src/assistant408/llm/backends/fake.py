"""A deterministic stand-in for tests: it repeats or scripts answers, with real streaming and cancellation."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from assistant408.core.errors import BackendError
from assistant408.llm.types import Options, Request

__all__ = ["FakeBackend"]


class FakeBackend:
    """Answers with ``reply(request)``; without one, with the last message's last line."""

    def __init__(self, reply: Callable[[Request], str] | None = None, context: int = 4096) -> None:
        self.name = "fake"
        self.context = context
        self.slots = 1024
        self.open_streams = 0
        self._reply = reply or (lambda request: request.messages[-1].content.strip().splitlines()[-1])

    def stream(self, request: Request, options: Options) -> Iterator[str]:
        """Yields two characters at a time; with a schema, an empty object that fits it."""
        if sum(len(m.content) for m in request.messages) > self.context:
            raise BackendError(f"问题和资料超过了模型的上下文长度 {self.context}，请缩短问题。")
        text = json.dumps(_fill(options.schema)) if options.schema else self._reply(request)
        for stop in options.stop:
            text = text.partition(stop)[0]
        self.open_streams += 1
        try:
            for i in range(0, min(len(text), 2 * options.max_tokens), 2):
                yield text[i : i + 2]
        finally:
            self.open_streams -= 1

    def logprobs(self, request: Request, candidates: Sequence[str]) -> dict[str, float]:
        """Every candidate equally likely."""
        return {c: -math.log(len(candidates)) for c in candidates}

    def close(self) -> None:
        """Nothing to free."""


def _fill(schema: Mapping[str, Any]) -> object:
    if "enum" in schema:
        return schema["enum"][0]
    kind = schema.get("type")
    if kind == "object" and isinstance(schema.get("properties"), dict):
        return {k: _fill(schema["properties"][k]) for k in schema.get("required", schema.get("properties", {}))}
    return {"array": [], "string": "", "integer": 0, "number": 0, "boolean": False}.get(str(kind))
