"""Oracle: pixels drawn one by one in a second."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.co.display_memory import solve


@given(st.integers(1, 20), st.integers(1, 20), st.integers(1, 32), st.integers(1, 9), st.integers(1, 100))
def test_bits_of_a_second(width, height, depth, hz, share):
    moved = sum(depth for _ in range(hz) for _ in range(height) for _ in range(width))
    answer = solve(width, height, depth, hz, Fraction(share, 100)).answer
    assert answer["refresh_mbps"] * 10**6 == moved
    assert answer["bandwidth_mbps"] * Fraction(share, 100) == answer["refresh_mbps"]
    assert answer["capacity_bytes"] * 8 * hz == moved


def test_golden_408_2010():
    # 408, 2010: 1600×1200, 24 bits, 85 Hz, half of the bandwidth: about 7834 Mb/s
    assert round(solve(1600, 1200, 24, 85, Fraction(1, 2)).answer["bandwidth_mbps"]) == 7834


def test_refusal():
    with pytest.raises(InputError):
        solve(10, 10, 8, 0)
