"""Oracle: bits and hertz laid side by side."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.cn.multiplexing import solve


@given(st.integers(1, 40), st.integers(1, 5000), st.integers(0, 19))
def test_what_is_left_of_the_line_is_what_the_channels_need(channels, rate, twentieths):
    overhead = Fraction(twentieths, 20)
    line = Fraction(solve(channels, f"{rate}b/s", overhead).answer["rate_bps"])
    assert line - line * overhead == sum(rate for _ in range(channels))


@given(st.integers(1, 40), st.integers(1, 5000), st.integers(1, 500))
def test_bands_side_by_side(channels, width, guard):
    edge = 0
    for i in range(channels):
        edge += width + (guard if i else 0)
    assert solve(channels, bandwidth=f"{width}Hz", guard=f"{guard}Hz").answer["bandwidth_hz"] == edge


def test_statistical_multiplexing_counts_the_busy_time():
    assert solve(10, "100kb/s", busy=Fraction(1, 10)).answer["rate_bps"] == 100_000


def test_one_of_both():
    with pytest.raises(InputError):
        solve(4)
