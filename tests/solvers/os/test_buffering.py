"""Oracle: a clock that ticks one unit at a time over device, buffers and work area."""

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from assistant408.solvers.os.buffering import solve


def ticking(read, move, process, blocks, buffers):
    started = full = done = 0
    used = 0
    reading = moving = working = 0
    clock = 0
    while True:
        changed = True
        while changed:
            changed = False
            if not reading and started < blocks and used < buffers:
                started, used, reading, changed = started + 1, used + 1, read, True
            if not moving and not working and full:
                full, moving, changed = full - 1, move, True
        clock += 1
        if reading:
            reading -= 1
            full += not reading
        if moving:
            moving -= 1
            if not moving:
                used, working = used - 1, process
        elif working:
            working -= 1
            done += not working
        if done == blocks:
            return clock


@settings(max_examples=80)
@given(*[st.integers(1, 8)] * 3, st.integers(1, 10), st.integers(1, 4))
def test_against_a_ticking_clock(read, move, process, blocks, buffers):
    answer = solve(read, move, process, blocks, buffers).answer
    assert answer["total"] == ticking(read, move, process, blocks, buffers)


@given(*[st.integers(0, 9)] * 3, st.integers(1, 3))
def test_the_steady_state(read, move, process, buffers):
    a, b = (solve(read, move, process, n, buffers).answer["total"] for n in (40, 41))
    assert b - a == solve(read, move, process, 1, buffers).answer["per_block"]


def test_golden_408():
    """统考 2011：100、50、50 μs、10 块，单缓冲 1550、双缓冲 1100；统考 2013：100、5、90、2 块，单缓冲 300。"""
    assert [solve(100, 50, 50, 10, k).answer["total"] for k in (1, 2)] == [1550, 1100]
    assert solve(100, 5, 90, 2, 1).answer["total"] == 300
    assert solve(Fraction(1, 2), Fraction(1, 4), Fraction(1, 4), 1).answer["total"] == 1
