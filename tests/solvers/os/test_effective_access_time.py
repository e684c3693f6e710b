"""Oracle: add up the events of every reference in a population with the given rates."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.os.effective_access_time import solve


@given(
    st.integers(1, 200),
    st.integers(0, 50),
    st.integers(0, 4),
    st.integers(0, 40),
    st.integers(0, 40),
    st.integers(0, 10**6),
    st.booleans(),
)
def test_against_a_population(memory, tlb, levels, hits, faults, service, parallel):
    references = ["hit"] * hits + ["fault"] * faults + ["miss"] * (100 - hits - faults)
    clock = 0
    for kind in references:
        again = True
        while again:
            again = False
            if kind == "hit":
                clock += tlb
            else:
                clock += max(tlb, levels * memory) if parallel else tlb
                clock += 0 if parallel else levels * memory
            if kind == "fault":
                clock += service
                kind, again = "hit", True
        clock += memory
    answer = solve(
        Fraction(memory),
        Fraction(tlb),
        Fraction(hits, 100),
        levels,
        Fraction(faults, 100),
        Fraction(service),
        parallel=parallel,
    ).answer
    assert answer["eat"] * 100 == clock


def test_golden_silberschatz():
    """10e, §9.3.2 (80 % and 99 % hits, 10 ns) and §10.2.3 (200 ns, fault 8 ms, p = 1/1000: 8.2 μs)."""
    assert solve(10, 0, Fraction(80, 100)).answer["eat"] == 12
    assert solve(10, 0, Fraction(99, 100)).answer["eat"] == Fraction("10.1")
    demand = solve(200, levels=0, fault_rate=Fraction(1, 1000), fault_service=8_000_000, after_fault="included")
    assert demand.answer["eat"] == Fraction("8199.8")


def test_golden_408_2009():
    """统考 2009：访存 100 ns、TLB 10 ns、缺页 10^8 ns；命中 110 ns、未命中 210 ns、缺页 100 000 220 ns。"""
    answer = solve(100, 10, Fraction(1, 2), fault_rate=Fraction(1, 4), fault_service=10**8).answer
    assert [answer[k] for k in ("hit_time", "miss_time", "fault_time")] == [110, 210, 100_000_220]


def test_what_the_fault_rate_is_a_part_of():
    common = {"memory_time": 100, "hit_rate": Fraction(9, 10), "fault_service": 10**6}
    every = solve(**common, fault_rate=Fraction(1, 100)).answer["eat"]
    assert solve(**common, fault_rate=Fraction(1, 10), fault_base="tlb_miss").answer["eat"] == every
    with pytest.raises(InputError):
        solve(**common, fault_rate=Fraction(2, 10))
