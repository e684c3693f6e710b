"""Who may use the model next: turns go round the clients, first come first served within one client.

A request is let in (`FairQueue.admit`) or refused at once when too many are inside; what it holds then is a `Ticket`.
Each time it needs the model, it takes a turn, and hears its position while it waits. Cancelling a ticket takes it out
of the line at once, and out of the engine at the engine's next sign of life.
"""

from __future__ import annotations

import itertools
import math
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from assistant408.core.errors import BusyError, LimitError
from assistant408.llm.types import Backend, Options, Parallel, Primable, Request

__all__ = ["Cancelled", "FairQueue", "Queued", "Ticket", "slots_of"]

FIRST_GUESS_S = 8.0  # how long a turn takes, before any was seen


class Cancelled(Exception):
    """Whoever asked has gone."""


def slots_of(backend: Backend | None) -> int:
    """How many generations a model runs at once."""
    return backend.slots if isinstance(backend, Parallel) else 1


class FairQueue:
    """A line in front of the model.

    Args:
        bound: how many may be inside beyond those that the model serves at once; more are refused.
        clock: seconds, for the estimate of when to come again.
    """

    def __init__(self, bound: int = 64, clock: Callable[[], float] = time.monotonic) -> None:
        self.bound = bound
        self.refused = 0
        self._clock = clock
        self._lock = threading.Lock()
        self._lines: dict[str, deque[Ticket]] = {}  # by client; the first one's turn is next
        self._slots = 1
        self._running = 0
        self._inside = 0
        self._own: Counter[str] = Counter()  # of those inside, by client
        self._turn_s = FIRST_GUESS_S
        self._closed = False

    @property
    def running(self) -> int:
        """How many use the model now."""
        return self._running

    @property
    def waiting(self) -> int:
        """How many stand in line."""
        return sum(len(line) for line in list(self._lines.values()))

    @property
    def inside(self) -> int:
        """How many requests are let in and not yet done."""
        return self._inside

    @property
    def closed(self) -> bool:
        """Whether the program is stopping."""
        return self._closed

    def admit(self, client: str, slots: int = 1, most: int | None = None) -> Ticket:
        """Lets a request in.

        Args:
            client: whose request it is; turns go round the clients.
            slots: how many generations the model runs at once.
            most: how many of the client's own may be inside.

        Raises:
            BusyError: too many are inside, or the program is stopping.
            LimitError: too many of the client's own are.
        """
        with self._lock:
            self._slots = slots
            if self._closed:
                raise BusyError("服务正在停止，请稍后重试。", 5)
            if self._inside >= self.bound + slots:
                self.refused += 1
                wait = min(120, max(1, math.ceil(self._turn_s * self._inside / slots)))
                raise BusyError(f"现在提问的人太多（{self._inside} 个问题在处理），请约 {wait} 秒后重试。", wait)
            if most is not None and self._own[client] >= most:
                raise LimitError(f"你已有 {most} 个问题在回答，请等其中一个答完再问。", 5)
            self._inside += 1
            self._own[client] += 1
            return Ticket(self, client)

    def close(self) -> None:
        """Hands back those in line; the ones at the model may finish."""
        with self._lock:
            self._closed = True
            for ticket in self._order():
                ticket.wake.notify()

    def _order(self) -> list[Ticket]:
        """Everybody in line, in the order of their turns."""
        rounds = itertools.zip_longest(*self._lines.values())
        return [ticket for one in rounds for ticket in one if ticket is not None]

    def _advance(self) -> None:
        """Gives free slots to those in front, and tells the others where they stand."""
        while self._running < self._slots and self._lines:
            client, line = next(iter(self._lines.items()))
            ticket = line.popleft()
            del self._lines[client]
            if line:
                self._lines[client] = line  # behind the other clients
            ticket.position = 0
            self._running += 1
            ticket.wake.notify()
        for position, ticket in enumerate(self._order(), 1):
            if ticket.position != position:
                ticket.position = position
                ticket.wake.notify()

    def _remove(self, ticket: Ticket) -> None:
        line = self._lines[ticket.client]
        line.remove(ticket)
        if not line:
            del self._lines[ticket.client]
        self._advance()


class Ticket:
    """One request that was let in; `position` is its place in line, 0 at the model."""

    def __init__(self, queue: FairQueue, client: str) -> None:
        self.client = client
        self.position = 0
        self.wake = threading.Condition(queue._lock)
        self._queue = queue
        self._gone = False
        self._left = False

    @property
    def gone(self) -> bool:
        """Whether the request was cancelled."""
        return self._gone

    def cancel(self) -> None:
        """Whoever asked has gone: leave the line, stop the model."""
        with self._queue._lock:
            self._gone = True
            self.wake.notify()

    def leave(self) -> None:
        """The request is over; calling it twice is as calling it once."""
        with self._queue._lock:
            if self._left:
                return
            self._left = True
            self._queue._inside -= 1
            self._queue._own[self.client] -= 1
            if not self._queue._own[self.client]:
                del self._queue._own[self.client]

    @contextmanager
    def turn(self, slots: int, report: Callable[[int], None]) -> Iterator[None]:
        """Waits for the model, and holds one of its `slots` inside the ``with``.

        Args:
            report: hears every change of the position in line, 0 when the turn has come; must not block.

        Raises:
            Cancelled: the ticket was cancelled.
            BusyError: the program is stopping.
        """
        queue = self._queue
        with queue._lock:
            queue._slots = slots
            self.position = -1  # no place yet
            queue._lines.setdefault(self.client, deque()).append(self)
            queue._advance()
            said = -1
            while self.position:
                if self._gone:
                    queue._remove(self)
                    raise Cancelled
                if queue._closed:
                    queue._remove(self)
                    raise BusyError("服务正在停止，这个问题还没有开始回答，请稍后重试。", 5)
                if self.position != said:
                    said = self.position
                    report(said)
                self.wake.wait()
        start = queue._clock()
        try:
            report(0)
            yield
        finally:
            with queue._lock:
                queue._turn_s += 0.2 * (queue._clock() - start - queue._turn_s)
                queue._running -= 1
                queue._advance()


class Queued:
    """A backend behind the line, for the request that holds `ticket`; `report` hears its position."""

    def __init__(self, backend: Backend, ticket: Ticket, report: Callable[[int], None]) -> None:
        self.name = backend.name
        self.context = backend.context
        self.slots = slots_of(backend)
        self._backend = backend
        self._ticket = ticket
        self._report = report
        if isinstance(backend, Primable):
            self.primed, self.prime = backend.primed, backend.prime

    def stream(self, request: Request, options: Options) -> Iterator[str]:
        """As the backend; ends with `Cancelled` when whoever asked has gone."""
        with self._ticket.turn(self.slots, self._report):
            pieces = self._backend.stream(request, options)
            try:
                for piece in pieces:
                    if self._ticket.gone:
                        raise Cancelled
                    if piece:
                        yield piece
            finally:
                getattr(pieces, "close", lambda: None)()

    def logprobs(self, request: Request, candidates: Sequence[str]) -> dict[str, float]:
        """As the backend, in turn."""
        with self._ticket.turn(self.slots, self._report):
            return self._backend.logprobs(request, candidates)

    def close(self) -> None:
        """Nothing: the backend belongs to all requests."""
