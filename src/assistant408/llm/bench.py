"""How fast a language model reads and writes here (测速), in units that the engine itself can count.

A prompt that the engine has not seen is read and a fixed length written, a few times over; what is told is the median
with the range. A token is counted by the engine (`Counting`); where it can't, characters are counted and called so.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from assistant408.llm.types import Backend, Message, Options, Request

__all__ = ["Counting", "Rate", "Round", "Speed", "measure", "rate", "summarize"]

ROUNDS = 3
WRITTEN = 64  # tokens
TEXT = (
    "死锁是指多个进程因竞争资源而互相等待，若无外力作用都无法向前推进。产生死锁的四个必要条件是互斥、不可剥夺、请求并保持和循环等待。"
    "预防死锁是破坏四个必要条件之一；避免死锁是在分配前判断系统是否会进入不安全状态，银行家算法是其代表；检测死锁允许死锁发生，"
    "用资源分配图化简来发现，然后用剥夺资源、撤销进程等办法解除。"
)
ASK = "请把上面的内容逐条展开讲解，每条举一个例子。"


@runtime_checkable
class Counting(Protocol):
    """A backend that can say how many tokens a text is."""

    def tokens(self, text: str) -> int:
        """How many tokens the engine cuts `text` into."""
        ...


@dataclass(frozen=True)
class Round:
    """One prompt read and one answer written.

    Attributes:
        first_s: seconds until the first piece of text, the whole prompt read by then.
        write_s: seconds from the first piece to the last.
        read, written: how much, in tokens or characters.
    """

    first_s: float
    write_s: float
    read: int
    written: int


@dataclass(frozen=True)
class Rate:
    """A median with the range that it was seen in."""

    median: float
    low: float
    high: float


@dataclass(frozen=True)
class Speed:
    """What was measured; `unit` is ``token`` or ``character``, and rates are units a second."""

    unit: str
    prompt: Rate
    generation: Rate | None
    first_ms: Rate
    read: int
    written: int
    rounds: int


def measure(
    backend: Backend, nonce: Callable[[], str], rounds: int = ROUNDS, clock: Callable[[], float] = time.perf_counter
) -> Iterator[Round | None]:
    """Yields each round when it is over, and `None` at every sign of life in between, at which the caller can stop.

    Args:
        nonce: a text that differs at each call, put first so that no stored state fits.

    Raises:
        BackendError: the model can't answer.
    """
    count = backend.tokens if isinstance(backend, Counting) else len
    for _ in range(rounds):
        prompt = f"{nonce()}\n{TEXT}\n{ASK}"
        start = clock()
        first = last = 0.0
        said = ""
        for piece in backend.stream(Request((Message("user", prompt),)), Options(max_tokens=WRITTEN)):
            if piece:
                last = clock()
                first = first or last
                said += piece
            yield None
        if said:
            yield Round(first - start, last - first, count(prompt), count(said))


def summarize(backend: Backend, rounds: Sequence[Round]) -> Speed:
    """The medians of some rounds; at least one.

    Examples:
        >>> from assistant408.llm.backends.fake import FakeBackend
        >>> two = [Round(0.5, 2.0, 100, 41), Round(1.0, 4.0, 100, 41)]
        >>> speed = summarize(FakeBackend(), two)
        >>> speed.unit, speed.prompt.median, speed.generation.median, speed.first_ms.high
        ('character', 150.0, 15.0, 1000.0)
    """
    writing = [(r.written - 1) / r.write_s for r in rounds if r.write_s > 0 and r.written > 1]
    return Speed(
        "token" if isinstance(backend, Counting) else "character",
        rate([r.read / max(r.first_s, 1e-6) for r in rounds]),
        rate(writing) if writing else None,
        rate([1000 * r.first_s for r in rounds]),
        rounds[-1].read,
        rounds[-1].written,
        len(rounds),
    )


def rate(values: Sequence[float]) -> Rate:
    """The median and the range of some values, to four digits."""
    return Rate(*(float(f"{v:.4g}") for v in (statistics.median(values), min(values), max(values))))
