"""Oracle: the difference of two least frames."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.cn.csma_cd import solve as least
from assistant408.solvers.cn.csma_change import solve


@given(st.integers(1, 1000), st.integers(1, 1000), st.integers(1, 1000))
def test_by_the_least_frames_before_and_after(mbps, near, more):
    rate = f"{mbps}Mb/s"
    before, after = (least(rate, f"{d}m").answer["min_frame_bits"] for d in (near, near + more))
    answer = solve(rate, distance=f"{more}m").answer
    assert answer["bits"] == after - before
    back = solve(rate, f"{answer['bits']}bit", grows=False).answer
    assert back["metres"] == more
    assert back["distance_change"] == f"减少 {more} m"


def test_golden_national_exam_2009():
    """2009: 1 Gb/s, 800 bits less at 200000 km/s."""
    assert solve("1Gb/s", "800bit", grows=False).answer["metres"] == 80


def test_one_change_is_given():
    with pytest.raises(InputError):
        solve("1Gb/s")
