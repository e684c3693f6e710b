"""A backend that tries again: servers under load refuse, stall and hang up."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from assistant408.core.errors import BackendError
from assistant408.llm.types import Backend, Options, Request

__all__ = ["Retrying"]

T = TypeVar("T")


class Retrying:
    """Wraps a backend; transient failures are tried again after 1, 2, 4 … seconds, each a little at random.

    Args:
        backend: what to ask.
        tries: how often in all.
        wait: sleeps so many seconds.
        rng: spreads the waiting of parallel requests.
    """

    def __init__(
        self, backend: Backend, rng: random.Random, tries: int = 5, wait: Callable[[float], None] = time.sleep
    ) -> None:
        self.name = backend.name
        self.context = backend.context
        self._backend = backend
        self._tries = tries
        self._wait = wait
        self._rng = rng

    def stream(self, request: Request, options: Options) -> Iterator[str]:
        """The whole text in one piece, so that what broke off midway can be asked for anew."""
        yield self._again(lambda: "".join(self._backend.stream(request, options)))

    def logprobs(self, request: Request, candidates: Sequence[str]) -> dict[str, float]:
        """See `Backend`."""
        return self._again(lambda: self._backend.logprobs(request, candidates))

    def close(self) -> None:
        """Closes the backend."""
        self._backend.close()

    def _again(self, ask: Callable[[], T]) -> T:
        for attempt in range(self._tries - 1):
            try:
                return ask()
            except BackendError as e:
                if not e.transient:
                    raise
            self._wait(2**attempt * (0.75 + self._rng.random() / 2))
        return ask()
