"""Oracle: the rate found, put back into the average, gives the target."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.os.eat_target import solve


@given(st.integers(1, 200), st.integers(0, 40), st.integers(1, 3), st.integers(0, 100))
def test_hit_rate_put_back(memory, tlb, levels, percent):
    hit = Fraction(percent, 100)
    target = hit * (tlb + memory) + (1 - hit) * (tlb + (levels + 1) * memory)
    assert solve(Fraction(memory), target, tlb_time=Fraction(tlb), levels=levels).answer["hit_rate"] == hit


@given(st.integers(1, 200), st.integers(1, 10**7), st.integers(0, 1000))
def test_fault_rate_put_back(memory, service, share):
    rate = Fraction(share, 1000)
    target = memory + rate * service
    found = solve(Fraction(memory), target, "fault_rate", fault_service=Fraction(service))
    assert found.answer["rate"] == rate


def test_bad_input():
    for args in ({"target": Fraction(50)}, {"target": Fraction(120), "seek": "fault_rate"}):
        with pytest.raises(InputError):
            solve(Fraction(100), **args)
