"""Oracle: stations added until the channel is full."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from assistant408.solvers.cn.aloha import solve


@given(st.integers(1, 100), st.integers(1, 2000), st.integers(1, 100), st.sampled_from(["PURE", "SLOTTED"]))
def test_station_by_station(kbps, frame, seconds, protocol):
    room = Fraction({"PURE": 184, "SLOTTED": 368}[protocol] * kbps)
    need, stations = Fraction(frame, seconds), 0
    while stations < 3000 and (stations + 1) * need <= room:
        stations += 1
    answer = solve(f"{kbps}kb/s", f"{frame}bit", f"{seconds}s", protocol).answer
    assert min(3000, answer["stations"]) == stations
    assert answer["usable_bps"] == room


def test_golden_tanenbaum():
    """Tanenbaum, chapter 4: 56 kb/s, 1000 bits every 100 s."""
    assert solve("56kb/s", "1000bit", "100s").answer["stations"] == 1030
