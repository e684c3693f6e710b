"""The line in front of the model, with real threads and a clock that is moved by hand."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant408.core.errors import BusyError
from assistant408.llm.backends.fake import FakeBackend
from assistant408.llm.types import Message, Options, Request
from assistant408.web.queue import Cancelled, FairQueue, Queued, Ticket, slots_of

ASK = Request([Message("user", "好")])


class Asker:
    """A thread that takes one turn and holds it until it is let go; what it heard is kept."""

    def __init__(self, queue: FairQueue, client: str, done: list[str] | None = None, slots: int = 1) -> None:
        self.ticket: Ticket = queue.admit(client, slots)
        self.heard: list[int] = []
        self.error: BaseException | None = None
        self.go = threading.Event()
        self._name, self._slots, self._done = client, slots, done if done is not None else []
        self.thread = threading.Thread(target=self._run)
        self.thread.start()

    def _run(self) -> None:
        try:
            with self.ticket.turn(self._slots, self.heard.append):
                self._done.append(self._name)
                assert self.go.wait(60)
        except (BusyError, Cancelled) as e:
            self.error = e
        finally:
            self.ticket.leave()

    def end(self) -> None:
        self.go.set()
        self.thread.join(60)
        assert not self.thread.is_alive()


def test_one_at_a_time_and_everybody_hears_where_they_stand(eventually: Callable[..., None]) -> None:
    queue = FairQueue()
    askers = []
    for n, client in enumerate("abc", 1):
        askers.append(Asker(queue, client))
        eventually(lambda n=n: (queue.running, queue.waiting) == (1, n - 1))  # type: ignore[misc]
    for n, asker in enumerate(askers, 1):
        asker.end()
        for place, later in enumerate(askers[n:]):
            eventually(lambda place=place, later=later: later.heard[-1] == place)  # type: ignore[misc]
    assert [a.heard for a in askers] == [[0], [1, 0], [2, 1, 0]]
    assert (queue.running, queue.waiting, queue.inside) == (0, 0, 0)


def test_turns_go_round_the_clients(eventually: Callable[..., None]) -> None:
    """One who asks five times doesn't keep another from the second turn."""
    queue, done = FairQueue(), []  # type: ignore[var-annotated]
    askers = []
    for n, client in enumerate(["a", "a", "a", "a", "b", "c", "b"]):
        askers.append(Asker(queue, client, done))
        eventually(lambda n=n: queue.waiting + queue.running == n + 1)  # type: ignore[misc]
    for asker in askers:
        asker.go.set()
    for asker in askers:
        asker.end()
    assert done == ["a", "a", "b", "c", "a", "b", "a"]


def test_several_slots(eventually: Callable[..., None]) -> None:
    queue = FairQueue()
    askers = [Asker(queue, "a", slots=3) for _ in range(4)]
    eventually(lambda: (queue.running, queue.waiting) == (3, 1))
    for asker in askers:
        asker.end()
    assert queue.running == 0


def test_whoever_goes_leaves_the_line_at_once(eventually: Callable[..., None]) -> None:
    queue = FairQueue()
    first = Asker(queue, "a")
    eventually(lambda: queue.running == 1)
    second = Asker(queue, "b")
    eventually(lambda: queue.waiting == 1)
    third = Asker(queue, "c")
    eventually(lambda: third.heard == [2])
    second.ticket.cancel()
    second.thread.join(60)
    assert isinstance(second.error, Cancelled)
    eventually(lambda: third.heard == [2, 1])
    first.end()
    third.end()


def test_beyond_the_bound_nobody_is_let_in_and_the_wait_is_estimated_from_turns_seen() -> None:
    now = itertools.count(0, 20.0)
    queue = FairQueue(bound=2, clock=lambda: next(now))
    with queue.admit("a").turn(1, lambda _: None):  # 20 s, of which the estimate takes a fifth
        pass
    inside = [queue.admit(c) for c in "bc"]
    with pytest.raises(BusyError, match="太多") as caught:
        queue.admit("d")
    assert caught.value.retry_after == 32  # 3 inside × (8 + 0.2 × (20 − 8)) s = 31.2
    assert queue.refused == 1
    inside[0].leave()
    inside[0].leave()
    queue.admit("d")
    with pytest.raises(BusyError):
        queue.admit("e")


def test_stopping_hands_back_those_in_line_and_lets_the_others_finish(eventually: Callable[..., None]) -> None:
    queue = FairQueue()
    first = Asker(queue, "a")
    eventually(lambda: queue.running == 1)
    second = Asker(queue, "b")
    eventually(lambda: queue.waiting == 1)
    queue.close()
    second.thread.join(60)
    assert isinstance(second.error, BusyError) and "重试" in str(second.error)
    with pytest.raises(BusyError, match="停止"):
        queue.admit("c")
    first.end()
    assert first.error is None


def test_a_cancelled_generation_stops_at_the_next_sign_of_life() -> None:
    """A backend that only reads its prompt gives empty pieces; none of them is passed on."""
    closed = threading.Event()

    class Reading(FakeBackend):
        def stream(self, request: Request, options: Options) -> Iterator[str]:
            try:
                yield ""
                yield "好"
                while True:
                    ticket.cancel()
                    yield ""
            finally:
                closed.set()

    queue = FairQueue()
    ticket = queue.admit("a")
    pieces = Queued(Reading(), ticket, lambda _: None).stream(ASK, Options())
    assert next(pieces) == "好"
    with pytest.raises(Cancelled):
        next(pieces)
    assert closed.is_set() and queue.running == 0


def test_leaving_a_generation_gives_the_slot_back() -> None:
    queue = FairQueue()
    pieces = Queued(FakeBackend(lambda _: "一二三四"), queue.admit("a"), lambda _: None).stream(ASK, Options())
    next(pieces)
    assert queue.running == 1
    pieces.close()  # type: ignore[attr-defined]
    assert queue.running == 0


def test_a_model_that_keeps_states_keeps_them_behind_the_line() -> None:
    class Keeping(FakeBackend):
        def primed(self, request: Request) -> bool:
            return True

        def prime(self, request: Request) -> None: ...

    from assistant408.llm.types import Primable

    ticket = FairQueue().admit("a")
    assert isinstance(Queued(Keeping(), ticket, lambda _: None), Primable)
    assert not isinstance(Queued(FakeBackend(), ticket, lambda _: None), Primable)
    assert slots_of(FakeBackend()) > slots_of(None) == 1


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("abc"), st.booleans()), min_size=1, max_size=12), st.integers(1, 4))
def test_whatever_happens_no_slot_is_lost_and_none_is_used_twice(plan: list[tuple[str, bool]], slots: int) -> None:
    queue = FairQueue()
    lock, at_once, most = threading.Lock(), 0, 0

    def ask(client: str, leaves: bool) -> None:
        nonlocal at_once, most
        ticket = queue.admit(client, slots)
        if leaves:
            threading.Thread(target=ticket.cancel).start()
        try:
            with ticket.turn(slots, lambda _: None):
                with lock:
                    at_once += 1
                    most = max(most, at_once)
                with lock:
                    at_once -= 1
        except Cancelled:
            assert leaves
        finally:
            ticket.leave()

    threads = [threading.Thread(target=ask, args=one) for one in plan]
    for t in threads:
        t.start()
    for t in threads:
        t.join(60)
        assert not t.is_alive()
    assert (queue.running, queue.waiting, queue.inside) == (0, 0, 0) and most <= slots
