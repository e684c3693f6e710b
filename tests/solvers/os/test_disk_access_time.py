"""Oracle: a sum over the sectors, in microseconds."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from assistant408.solvers.os.disk_access_time import solve


@given(st.integers(1, 15000), st.integers(0, 20), st.integers(1, 500), st.integers(1, 30), st.booleans())
def test_sector_by_sector(rpm, seek, per_track, sectors, scattered):
    turn = Fraction(60 * 10**6, rpm)
    clock = Fraction(0)
    for i in range(sectors):
        if i == 0 or scattered:
            clock += 1000 * seek + turn / 2
        clock += turn / per_track
    how = "random" if scattered else "sequential"
    assert solve(rpm, Fraction(seek), per_track, sectors, how).answer["total_ms"] == clock / 1000


def test_golden_408_2013():
    """统考 2013：10 000 rpm、寻道 6 ms、传输率 20 MB/s、控制器 0.2 ms、读 4 KB 约 9.4 ms；
    一道 120 000 B 即 20 MB/s，4 000 B 是一道的 1/30。"""
    answer = solve(10000, Fraction(6), 30, extra_ms=Fraction("0.2")).answer
    assert answer["total_ms"] == Fraction("9.4")


def test_golden_408_2015():
    """统考 2015：7200 rpm、寻道 8 ms、每道 1000 扇区，平均存取时间 12.2 ms。"""
    assert round(float(solve(7200, Fraction(8), 1000).answer["total_ms"]), 1) == 12.2
