"""Oracle: the last bit followed through the link, one bit time after another."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.cn.delay import solve


def last_bit_arrival_us(bits: int, mbps: int, travel_us: int) -> Fraction:
    """A bit leaves after every bit time; the last to leave is the last to arrive."""
    clock = Fraction(0)
    for _ in range(bits):
        clock += Fraction(1, mbps)
    return clock + travel_us


@given(st.integers(1, 2000), st.integers(1, 1000), st.integers(0, 500))
def test_total_is_the_arrival_of_the_last_bit(bits, mbps, travel):
    answer = solve(f"{bits}bit", f"{mbps}Mb/s", propagation=f"{travel}us").answer
    assert answer["total_ms"] * 1000 == last_bit_arrival_us(bits, mbps, travel)


@given(st.integers(1, 5000), st.integers(1, 100), st.integers(0, 500))
def test_bits_on_the_link_are_counted_one_by_one(bits, mbps, travel):
    """Bits sent at whole bit times that are under way at the moment the first one arrives."""
    answer = solve(f"{bits}bit", f"{mbps}Mb/s", propagation=f"{travel}us").answer
    assert answer["bits_on_link"] == sum(1 for i in range(bits) if i < travel * mbps)
    assert answer["bandwidth_delay_bits"] == travel * mbps


@given(st.integers(1, 99))
def test_a_loaded_network_is_slower_by_its_idle_share(load):
    answer = solve("1KB", "1Mb/s", "10km", utilization=Fraction(load, 100)).answer
    assert answer["loaded_ms"] * (100 - load) == answer["total_ms"] * 100


def test_golden_xie_xiren_exercise_1_17():
    """谢希仁 习题 1-17: 1000 km at 2×10^8 m/s; 10^7 bit at 100 kb/s, and 10^3 bit at 1 Gb/s."""
    slow = solve("10^7bit", "100kb/s", "1000km", "2×10^8m/s").answer
    assert (slow["transmission_ms"], slow["propagation_ms"]) == (100_000, 5)
    fast = solve("10^3bit", "1Gb/s", "1000km", "2×10^8m/s").answer
    assert (fast["transmission_ms"], fast["propagation_ms"]) == (Fraction(1, 1000), 5)


def test_the_processing_and_queuing_delays_are_added():
    answer = solve("1000bit", "1Mb/s", propagation="2ms", processing="3ms", queuing="4ms").answer
    assert answer["total_ms"] == 10
    assert "loaded_ms" not in answer


def test_rejects_what_has_no_answer():
    with pytest.raises(InputError, match="利用率"):
        solve("1B", "1b/s", utilization=Fraction(1))
    with pytest.raises(InputError, match="数据率"):
        solve("1B", "0b/s")
    with pytest.raises(InputError, match="链路长度"):
        solve("1B", "1b/s", "far away")
