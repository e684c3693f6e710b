"""From a blocking iterator in a thread of its own to the event loop, until the reader leaves."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import AsyncGenerator, Callable, Generator, Iterator
from dataclasses import dataclass
from typing import TypeVar

from assistant408.web.queue import Cancelled, Ticket

__all__ = ["pump"]

T = TypeVar("T")


@dataclass(frozen=True)
class _End:
    """The last thing in the pipe; `error` is raised at the reader."""

    error: BaseException | None = None


def pump(work: Callable[[Callable[[T], None]], Iterator[T]], ticket: Ticket) -> AsyncGenerator[T, None]:
    """Starts ``work(put)`` in a thread; yields what it yields and what it puts from anywhere else, in order.

    The thread gives the ticket back when it ends, also if nobody ever reads. Leaving the returned iterator
    (`contextlib.aclosing`) cancels the ticket.
    """
    loop = asyncio.get_running_loop()
    pipe: asyncio.Queue[T | _End] = asyncio.Queue()

    def put(item: T | _End) -> None:
        with contextlib.suppress(RuntimeError):  # the loop has been closed, and nobody reads any more
            loop.call_soon_threadsafe(pipe.put_nowait, item)

    def run() -> None:
        error: BaseException | None = None
        try:
            with contextlib.closing(_generator(work(put))) as items:
                for item in items:
                    put(item)
                    if ticket.gone:
                        break
        except Cancelled:
            pass
        except Exception as e:
            error = e
        finally:
            ticket.leave()
            put(_End(error))

    threading.Thread(target=run, name="answer", daemon=True).start()
    return _read(pipe, ticket)


def _generator(items: Iterator[T]) -> Generator[T, None, None]:  # with the `close` that `closing` wants
    try:
        yield from items
    finally:
        getattr(items, "close", lambda: None)()


async def _read(pipe: asyncio.Queue[T | _End], ticket: Ticket) -> AsyncGenerator[T, None]:
    try:
        while not isinstance(item := await pipe.get(), _End):
            yield item
        if item.error is not None:
            raise item.error
    finally:
        ticket.cancel()
