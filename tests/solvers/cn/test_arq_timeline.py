"""Oracle: a second simulation that steps through time tick by tick and keeps no event queue."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.cn.arq_timeline import solve


def tick_by_tick(protocol, frames, window, frame_time, delay, timeout, lost, lost_acks):
    """Both ends polled at every tick: arrivals, acknowledgements, timers, then the line."""
    flight, back, order, timer, acked, got = [], [], [], {}, set(), set()
    nxt = expected = free = t = 0
    repeat, seen = [], set()
    base = 0
    while True:
        for _, f in [x for x in flight if x[0] == t]:
            fresh = f not in got if protocol == "SR" else f == expected
            if fresh:
                got.add(f)
                expected += 1
            number = f if protocol == "SR" else expected - 1
            if number >= 0 and not (fresh and number in lost_acks):
                back.append((t + delay, number))
        for _, n in [x for x in back if x[0] == t]:
            acked |= {n} if protocol == "SR" else set(range(n + 1))
        while base in acked:
            base += 1
        nxt = max(nxt, base)
        if base == frames:
            return order, t
        for f in sorted(f for f, due in timer.items() if due == t and f not in acked and f < nxt):
            if protocol == "SR":
                repeat.append(f)
            else:
                nxt = min(nxt, f)
        repeat = [f for f in repeat if f not in acked]
        if t >= free and (repeat or nxt < min(frames, base + window)):
            if repeat:
                f = repeat.pop(0)
            else:
                f, nxt = nxt, nxt + 1
            order.append(f)
            free = t + frame_time
            timer[f] = free + timeout
            if f in seen or f not in lost:
                flight.append((free + delay, f))
            seen.add(f)
        t += 1


@settings(max_examples=150)
@given(
    *(st.sampled_from(["GBN", "SR"]), st.integers(1, 9), st.integers(1, 6), st.integers(1, 3), st.integers(1, 4)),
    *(st.integers(1, 6), st.data()),
)
def test_agrees_with_the_ticking_simulation(protocol, frames, window, frame_time, delay, slack, data):
    numbers = st.lists(st.integers(0, frames - 1), unique=True, max_size=3)
    lost, lost_acks = data.draw(numbers), data.draw(numbers)
    timeout = 2 * delay + slack
    answer = solve(frames, window, protocol, frame_time, delay, timeout, lost, lost_acks).answer
    order, finish = tick_by_tick(protocol, frames, window, frame_time, delay, timeout, lost, lost_acks)
    assert answer["sequence"] == order
    assert answer["finish"] == finish
    assert answer["transmissions"] == len(order)


@given(st.integers(1, 20), st.integers(1, 8), st.sampled_from(["GBN", "SR"]))
def test_without_losses_every_frame_goes_once(frames, window, protocol):
    answer = solve(frames, window, protocol, delay=3).answer
    assert answer["sequence"] == list(range(frames))
    assert answer["discarded"] == []


@given(st.integers(1, 12), st.integers(1, 6), st.data())
def test_selective_repeat_repeats_only_what_was_lost(frames, window, data):
    lost = data.draw(st.lists(st.integers(0, frames - 1), unique=True, max_size=3))
    answer = solve(frames, window, "SR", delay=2, timeout=8, lost=lost).answer
    assert sorted(answer["retransmitted"]) == sorted(lost)


def test_golden_gbn_and_sr_after_one_loss():
    """Kurose §3.4 in small: window 4, frame 2 lost. GBN discards 3, 4 and 5 and repeats 2 to 5; SR repeats 2."""
    gbn = solve(6, 4, "GBN", delay=2, timeout=6, lost=[2]).answer
    assert gbn["sequence"] == [0, 1, 2, 3, 4, 5, 2, 3, 4, 5]
    assert gbn["discarded"] == [3, 4, 5]
    assert solve(6, 4, "SR", delay=2, timeout=6, lost=[2]).answer["sequence"] == [0, 1, 2, 3, 4, 5, 2]


def test_stop_and_wait_by_hand():
    """Three frames of 2, delay 3, timeout 7: 8 each, and one loss costs 9 more."""
    assert solve(3, 1, "SW", 2, 3, 7).answer["finish"] == 24
    assert solve(3, 1, "SW", 2, 3, 7, lost=[1]).answer["finish"] == 33


def test_the_timeout_is_a_round_trip_and_a_frame_unless_given():
    assert solve(2, 1, "SW", 2, 5, lost=[0]).answer == solve(2, 1, "SW", 2, 5, 12, lost=[0]).answer
    assert solve(3, 2, delay=5, timeout=10).answer["retransmitted"] == []


def test_rejects_what_can_not_be():
    with pytest.raises(InputError, match="不存在"):
        solve(3, 2, lost=[3])
    with pytest.raises(InputError, match="应为 1"):
        solve(3, 2, "SW")
    with pytest.raises(InputError, match="往返时延"):
        solve(3, 2, delay=5, timeout=9)
