"""Oracle: an event simulation of browser connections that are opened, used and closed."""

import heapq
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.cn.http_time import solve


def fetch(objects: int, rtt: int, mode: str, parallel: int, page: int, each: int, dns: int) -> tuple[int, int]:
    """When everything has arrived, and how many connections were opened."""
    now, opened = dns + rtt, 1  # name and handshake
    now += rtt + page
    if mode == "PERSISTENT":
        for _ in range(objects):
            now += rtt + each
        return now, opened
    if mode == "PIPELINED":
        arrival = now + rtt if objects else now
        for _ in range(objects):
            arrival += each  # one connection carries them one after another
        return arrival, opened
    free = [now] * parallel
    heapq.heapify(free)
    for _ in range(objects):
        start = heapq.heappop(free)
        opened += 1
        heapq.heappush(free, start + 2 * rtt + each)
    return max(free), opened


@given(
    *(st.integers(0, 20), st.integers(1, 50), st.sampled_from(["NON_PERSISTENT", "PERSISTENT", "PIPELINED"])),
    *(st.integers(1, 6), st.integers(0, 9), st.integers(0, 9), st.integers(0, 50)),
)
def test_agrees_with_the_simulation(objects, rtt, mode, parallel, page, each, dns):
    answer = solve(objects, f"{rtt}ms", mode, parallel, f"{page}ms", f"{each}ms", f"{dns}ms").answer
    assert (answer["time_ms"], answer["connections"]) == fetch(objects, rtt, mode, parallel, page, each, dns)
    bare = solve(objects, f"{rtt}ms", mode, parallel).answer
    assert bare["time_ms"] == answer["rtts"] * rtt


@given(st.integers(0, 40))
def test_persistence_never_hurts(objects):
    ways = ["PIPELINED", "PERSISTENT", "NON_PERSISTENT"]
    trips = [solve(objects, mode=m).answer["rtts"] for m in ways]
    assert trips == sorted(trips)


def test_golden_kurose_problem_p8():
    """Kurose ch. 2 P8, after DNS: 8 objects: 18 RTT one by one, 6 with 5 in parallel, 3 pipelined, 10 without."""
    assert solve(8, mode="NON_PERSISTENT").answer["rtts"] == 18
    assert solve(8, mode="NON_PERSISTENT", parallel=5).answer["rtts"] == 6
    assert solve(8, mode="PIPELINED").answer["rtts"] == 3
    assert solve(8, mode="PERSISTENT").answer["rtts"] == 10


def test_golden_2020_40():
    """2020-40: RTT 10 ms, text only: 20 ms if the name is known, 50 ms if it takes three queries."""
    assert solve(0, "10ms").answer["time_ms"] == 20
    assert solve(0, "10ms", dns_time="30ms").answer["time_ms"] == 50


def test_fractions_stay_exact():
    assert solve(1, "0.1ms", object_time="1us").answer["time_ms"] == Fraction(301, 1000)


def test_rejects_unreadable_times():
    with pytest.raises(InputError, match="往返时间"):
        solve(1, "soon")


@pytest.mark.parametrize("mode", ["NON_PERSISTENT", "PERSISTENT", "PIPELINED"])
@pytest.mark.parametrize("objects", [0, 1, 2, 3])
def test_the_timeline_ends_when_the_answer_says(mode, objects):
    solution = solve(objects, mode=mode, parallel=2)
    assert max(m.end for m in solution.steps[-1].data.messages) == solution.answer["rtts"]
