"""What every language model takes and gives."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol, runtime_checkable

__all__ = ["Backend", "Message", "Options", "Parallel", "Primable", "Request", "Role"]

Role = Literal["system", "user", "assistant"]


@dataclass(frozen=True)
class Message:
    """One turn of a chat."""

    role: Role
    content: str


@dataclass(frozen=True)
class Options:
    """How to sample. `schema` constrains the output to a JSON schema where the engine can."""

    max_tokens: int = 512
    temperature: float = 0.0
    top_p: float = 1.0
    seed: int = 0
    stop: Sequence[str] = ()
    schema: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Request:
    """A chat to be continued.

    Args:
        messages: the turns; the last one is the user's.
        shared: how many characters at the start of the last message recur in other requests (a section of the
            knowledge base). A backend that can keeps the model's state after them.
    """

    messages: Sequence[Message]
    shared: int = 0


class Backend(Protocol):
    """A language model that is ready to answer.

    Methods raise `BackendError` with one sentence when the model is missing, unreachable, out of memory, or when
    the request is longer than the context.
    """

    name: str
    context: int

    def stream(self, request: Request, options: Options) -> Iterator[str]:
        """Yields pieces of text; closing the iterator cancels the generation and frees the slot.

        A piece may be empty: a sign of life while the prompt is being read, at which the caller can stop.
        """
        ...

    def logprobs(self, request: Request, candidates: Sequence[str]) -> dict[str, float]:
        """Natural-log probabilities of `candidates` as the next token; ``-inf`` where the engine doesn't list one."""
        ...

    def close(self) -> None:
        """Frees the model; the backend can't be used afterwards."""
        ...


@runtime_checkable
class Parallel(Protocol):
    """A backend that runs `slots` generations at once; any other runs one."""

    slots: int


@runtime_checkable
class Primable(Protocol):
    """A backend that keeps the model's state after a shared prefix across processes."""

    def primed(self, request: Request) -> bool:
        """Whether the state after the request's shared part is at hand."""
        ...

    def prime(self, request: Request) -> None:
        """Reads the shared part of `request` now and keeps the state."""
        ...
