"""Oracle: a clock that ticks nanosecond by nanosecond over integer times."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.co.interleaved_memory import solve


def tick(addresses: list[int], modules: int, cycle: int, bus: int) -> tuple[int, list[str]]:
    """End time and conflicting pairs."""
    busy = [0] * modules
    holder: list[int | None] = [None] * modules
    pairs, now, bus_free, queue = [], 0, 0, list(addresses)
    while queue:
        a = queue[0]
        m = a % modules
        if now >= bus_free:
            if busy[m] == 0:
                queue.pop(0)
                busy[m], holder[m], bus_free = cycle, a, now + bus
            elif f"{holder[m]}-{a}@{len(queue)}" not in pairs:
                pairs.append(f"{holder[m]}-{a}@{len(queue)}")
        now += 1
        busy = [max(0, b - 1) for b in busy]
    return now - 1 + cycle, [p.split("@")[0] for p in pairs]


@settings(max_examples=60)
@given(st.integers(1, 8), st.integers(1, 4), st.integers(0, 12), st.lists(st.integers(0, 30), min_size=1, max_size=15))
def test_as_a_ticking_clock(modules, bus, more, addresses):
    cycle = bus + more
    end, pairs = tick(addresses, modules, cycle, bus)
    answer = solve(modules, cycle, bus, addresses=addresses).answer
    assert answer["interleaved_ns"] == end
    assert answer["conflicts"] == pairs


@given(st.integers(1, 40), st.integers(1, 10), st.integers(1, 16))
def test_formula_when_there_are_enough_modules(n, bus, modules):
    answer = solve(modules, bus * modules, bus, n).answer
    assert answer["interleaved_ns"] == bus * modules + (n - 1) * bus
    assert answer["min_modules"] == modules
    assert answer["conflicts"] == []


def test_golden_bandwidth():
    # the standard example: m = 4, 64 bits, T = 200 ns, r = 50 ns: 256/800 ns and 256/350 ns
    answer = solve(4, 200, 50, 4, 64).answer
    assert answer["sequential_bps"] == 320_000_000
    assert int(answer["interleaved_bps"]) == 731_428_571


def test_golden_408_2015():
    # 408, 2015: only 8004 and 8000 can collide
    order = [8005, 8006, 8007, 8008, 8001, 8002, 8003, 8004, 8000]
    assert solve(4, 4, 1, addresses=order).answer["conflicts"] == ["8004-8000"]


def test_refusal():
    with pytest.raises(InputError, match="总线传送周期"):
        solve(4, 50, 200)
