"""Oracle: the mean over every starting angle of the disk, sector by sector."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.co.disk_time import solve


@given(st.integers(60, 20000), st.integers(1, 400), st.integers(0, 20), st.integers(1, 50))
def test_mean_over_starting_angles(rpm, per_track, seek, sectors):
    turn = Fraction(60_000, rpm)
    steps = 100  # the wait is uniform on [0, turn): take the middles of equal parts
    waits = [turn * Fraction(2 * i + 1, 2 * steps) for i in range(steps)]
    mean = seek + sum(waits) / steps + sectors * turn / per_track
    answer = solve(rpm, per_track, seek, sectors=sectors).answer
    assert answer["access_ms"] == mean
    seconds = Fraction(60, rpm)
    assert answer["rate_bytes_per_s"] * seconds == answer["track_bytes"] == per_track * 512


@given(st.integers(1, 20), st.integers(1, 1000), st.integers(1, 100))
def test_capacity(surfaces, cylinders, per_track):
    answer = solve(6000, per_track, surfaces=surfaces, cylinders=cylinders).answer
    assert answer["capacity_bytes"] == 512 * per_track * cylinders * surfaces


def test_golden_408_2015():
    # 408, 2015: 7200 r/min, seek 8 ms, 1000 sectors a track: about 12.2 ms
    assert round(float(solve(7200, 1000, 8).answer["access_ms"]), 1) == 12.2


def test_golden_408_2013():
    # 408, 2013: 10 000 r/min, seek 6 ms, 20 MB/s, controller 0.2 ms, a 4 KB sector: about 9.4 ms
    answer = solve(10000, None, 6, sector_bytes=4096, controller_ms=Fraction(1, 5), rate_mb_per_s=20).answer
    assert round(float(answer["access_ms"]), 1) == 9.4


def test_refusal():
    with pytest.raises(InputError, match="柱面数"):
        solve(6000, 100, surfaces=2)
    with pytest.raises(InputError, match="恰好"):
        solve(6000)
