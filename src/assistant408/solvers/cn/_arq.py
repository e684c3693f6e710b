"""An event simulation of go-back-N and selective repeat (后退 N 帧与选择重传)."""

from __future__ import annotations

import heapq
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Literal

__all__ = ["Log", "Protocol", "Sent", "simulate"]

Protocol = Literal["SW", "GBN", "SR"]


@dataclass(frozen=True)
class Sent:
    """A frame or an acknowledgement on its way; `end` is `None` if it is lost."""

    number: int
    start: int
    end: int | None
    again: bool = False


@dataclass
class Log:
    """What the line carried, in order, and what the two sides did about it."""

    frames: list[Sent] = field(default_factory=list)
    replies: list[Sent] = field(default_factory=list)
    accepted: list[tuple[int, int]] = field(default_factory=list)  # (time, frame)
    discarded: list[tuple[int, int]] = field(default_factory=list)
    timeouts: list[tuple[int, int]] = field(default_factory=list)
    finish: int = 0


class _Run:
    """One transfer. Events are (time, rank, serial, kind, number).

    At one time frames come in first, then acknowledgements, then timeouts; only then does the sender go on.
    """

    def __init__(
        self,
        protocol: Protocol,
        frames: int,
        window: int,
        *,
        frame_time: int,
        delay: int,
        timeout: int,
        lost: Collection[int],
        lost_acks: Collection[int],
    ) -> None:
        self.selective = protocol == "SR"
        self.count, self.window = frames, window
        self.frame_time, self.delay, self.timeout = frame_time, delay, timeout
        self.lost, self.lost_acks = set(lost), set(lost_acks)
        self.log = Log()
        self.events: list[tuple[int, int, int, str, int]] = []
        self.base = self.next = self.free = 0
        self.acked: set[int] = set()
        self.overdue: list[int] = []
        self.tries = dict.fromkeys(range(frames), 0)
        self.received: set[int] = set()
        self.expected = 0

    def push(self, time: int, rank: int, kind: str, number: int) -> None:
        heapq.heappush(self.events, (time, rank, len(self.log.frames), kind, number))

    def run(self) -> Log:
        self.pump(0)
        while self.base < self.count:
            now, _, serial, kind, number = heapq.heappop(self.events)
            if kind == "frame":
                self.receive(now, number)
            elif kind == "ack":
                self.acknowledge(now, number)
            elif kind == "timeout":
                self.expire(now, number, serial)
            if not self.events or self.events[0][0] > now:
                self.pump(now)
        return self.log

    def pump(self, now: int) -> None:
        """Send the next frame if the line is free: what is overdue first, then what the window allows."""
        if now < self.free:
            return
        self.overdue = [f for f in self.overdue if f not in self.acked]
        if self.overdue:
            self.send(now, self.overdue.pop(0))
        elif self.next < min(self.count, self.base + self.window):
            self.next += 1
            self.send(now, self.next - 1)

    def send(self, now: int, frame: int) -> None:
        self.tries[frame] += 1
        self.free = now + self.frame_time
        arrives = self.free + self.delay
        gone = self.tries[frame] == 1 and frame in self.lost
        self.log.frames.append(Sent(frame, now, None if gone else arrives, self.tries[frame] > 1))
        if not gone:
            self.push(arrives, 0, "frame", frame)
        self.push(self.free, 3, "free", frame)
        self.push(self.free + self.timeout, 2, "timeout", frame)

    def receive(self, now: int, frame: int) -> None:
        fresh = frame not in self.received if self.selective else frame == self.expected
        if fresh:
            self.received.add(frame)
            self.expected += not self.selective
            self.log.accepted.append((now, frame))
        else:
            self.log.discarded.append((now, frame))
        number = frame if self.selective else self.expected - 1
        if number < 0:
            return
        gone = fresh and number in self.lost_acks
        self.log.replies.append(Sent(number, now, None if gone else now + self.delay, not fresh))
        if not gone:
            self.push(now + self.delay, 1, "ack", number)

    def acknowledge(self, now: int, number: int) -> None:
        self.acked |= {number} if self.selective else set(range(number + 1))
        while self.base in self.acked:
            self.base += 1
        self.next = max(self.next, self.base)
        self.log.finish = now

    def expire(self, now: int, frame: int, serial: int) -> None:
        """Heed the timer of the last copy of a frame that is still unacknowledged."""
        latest = max(i for i, s in enumerate(self.log.frames, 1) if s.number == frame)
        if frame in self.acked or latest != serial or frame >= self.next:
            return
        self.log.timeouts.append((now, frame))
        if self.selective:
            self.overdue.append(frame)
        else:
            self.next = frame


def simulate(
    protocol: Protocol,
    frames: int,
    window: int,
    *,
    frame_time: int,
    delay: int,
    timeout: int,
    lost: Collection[int] = (),
    lost_acks: Collection[int] = (),
) -> Log:
    """Send frames 0 to `frames` - 1; the first copies of `lost` and the first `lost_acks` go astray.

    Args:
        protocol: GBN acknowledges cumulatively and discards what is out of order; SR takes each frame by itself.
        frames: how many frames there are.
        window: how many may be outstanding.
        frame_time: time to send one.
        delay: one-way propagation delay; acknowledgements take no time to send.
        timeout: from the end of sending a frame to its timeout; at least 2 × `delay`.
        lost: numbers of frames whose first copy is lost.
        lost_acks: numbers whose first acknowledgement is lost.

    Examples:
        >>> log = simulate("GBN", 3, 3, frame_time=1, delay=1, timeout=4, lost=[1])
        >>> [s.number for s in log.frames], log.finish
        ([0, 1, 2, 1, 2], 10)
        >>> [s.number for s in simulate("SR", 3, 3, frame_time=1, delay=1, timeout=4, lost=[1]).frames]
        [0, 1, 2, 1]
    """
    return _Run(
        protocol,
        frames,
        window,
        frame_time=frame_time,
        delay=delay,
        timeout=timeout,
        lost=lost,
        lost_acks=lost_acks,
    ).run()
