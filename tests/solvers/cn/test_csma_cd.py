"""Oracle: two stations that start sending at every possible moment, on a grid of time."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.cn.csma_cd import solve


def collisions(tau: int) -> list[tuple[int, int]]:
    """When A and B hear each other, for every start of B before it can hear A, who starts at 0."""
    return [(start + tau, tau) for start in range(tau)]


@given(st.integers(1, 200), st.integers(1, 1000))
def test_every_collision_is_heard_before_the_least_frame_ends(tau_us, mbps):
    answer = solve(f"{mbps}Mb/s", delay=f"{tau_us}us").answer
    sending = Fraction(answer["min_frame_bits"], mbps)
    heard = [max(a, b) for a, b in collisions(tau_us)]
    assert max(heard) < sending  # B starts at tau - 1 at the latest on this grid
    assert max(heard) + 1 == sending == answer["detect_latest_us"]
    assert min(heard) == answer["detect_earliest_us"]


@given(st.integers(1, 2000), st.sampled_from([10, 100, 1000]), st.integers(0, 3))
def test_distance_and_frame_are_inverse(bytes_, mbps, hub):
    extra = Fraction(hub * bytes_, mbps)
    frame = solve(f"{mbps}Mb/s", frame=f"{bytes_}B", extra=f"{extra}us").answer
    metres = frame["max_distance_m"]
    back = solve(f"{mbps}Mb/s", f"{metres}m", extra=f"{extra}us").answer
    assert back["min_frame_bits"] == 8 * bytes_
    assert back["one_way_us"] == frame["one_way_us"]


def test_golden_2009_37():
    """2009-37: at 1 Gb/s and 200 000 km/s, 800 bits less of frame are 80 m less of cable."""
    frames = [solve("1Gb/s", frame=f"{bits}bit", speed="200000km/s").answer for bits in (4000, 3200)]
    assert frames[0]["max_distance_m"] - frames[1]["max_distance_m"] == 80


def test_golden_2010_47():
    """2010-47: 10 Mb/s, 2 km, 200 000 km/s: 10 μs at best, 20 μs at worst."""
    answer = solve("10Mb/s", "2km", speed="200000km/s").answer
    assert (answer["detect_earliest_us"], answer["detect_latest_us"]) == (10, 20)


def test_golden_2016_36_and_2019_36():
    """2016: 100 Mb/s through a hub of 1.535 μs, 205 m. 2019: 100 Mb/s and 128 B, 5.12 μs."""
    assert solve("100Mb/s", frame="64B", speed="200m/us", extra="1.535us").answer["max_distance_m"] == 205
    assert solve("100Mb/s", frame="128B").answer["one_way_us"] == Fraction(512, 100)


def test_classic_ethernet_has_a_slot_of_51_2_us():
    assert solve("10Mb/s", delay="25.6us").answer["min_frame_bits"] == 512


def test_a_hub_may_use_up_all_the_time():
    assert solve("100Mb/s", frame="64B", extra="2.56us").answer["max_distance_m"] == 0


def test_rejects_too_little_and_too_much():
    with pytest.raises(InputError, match="恰好给出一个"):
        solve("10Mb/s")
    with pytest.raises(InputError, match="恰好给出一个"):
        solve("10Mb/s", "1km", frame="64B")
    with pytest.raises(InputError, match="附加时延"):
        solve("100Mb/s", frame="64B", extra="3us")
