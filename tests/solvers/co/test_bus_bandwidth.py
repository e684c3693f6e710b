"""Oracle: bytes moved in a second, cycle by cycle; a burst counted phase by phase."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.co.bus_bandwidth import solve


@given(st.sampled_from([8, 16, 32, 64]), st.integers(1, 400), st.sampled_from([(1, 1), (2, 1), (1, 2), (4, 1)]))
def test_bytes_in_a_microsecond(width, clock, ratio):
    transfers, cycles = ratio
    moved = Fraction(clock * transfers, cycles) * (width // 8)  # in a microsecond there are `clock` cycles
    answer = solve(width, clock, Fraction(transfers, cycles)).answer
    assert answer["bandwidth_mb_per_s"] == moved
    assert answer["cycle_ns"] * clock == 1000


@given(st.sampled_from([8, 32, 64]), st.integers(1, 2000), st.integers(0, 3), st.integers(0, 9), st.integers(1, 2))
def test_bursts(width, bits, address, wait, per):
    cycles, left = address + wait, bits
    while left > 0:
        left -= width * per
        cycles += 1
    answer = solve(width, 100, per, bits, address, wait).answer
    assert answer["transaction_cycles"] == cycles
    assert answer["transaction_ns"] == 10 * cycles
    microseconds = answer["transaction_ns"] / 1000
    assert answer["effective_mb_per_s"] * microseconds * 8 == bits


def test_golden_408():
    # 408, 2009: 4 bytes every two cycles at 10 MHz: 20 MB/s
    assert solve(32, 10, Fraction(1, 2)).answer["bandwidth_mb_per_s"] == 20
    # 408, 2012: 32 bits, 100 MHz, one cycle for an address or a datum, 128 bits: 50 ns
    assert solve(32, 100, data_bits=128).answer["transaction_ns"] == 50
    # 408, 2014: 32 bits, 66 MHz, twice a cycle: 528 MB/s
    assert solve(32, 66, 2).answer["bandwidth_mb_per_s"] == 528


def test_refusal():
    with pytest.raises(InputError):
        solve(32, 0)
