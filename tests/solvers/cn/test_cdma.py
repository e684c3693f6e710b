"""Oracle: every combination of bits tried until their sum is the signal."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.core.registry import get_solver
from assistant408.solvers.cn.cdma import Station, solve

WALSH = ["++++", "+-+-", "++--", "+--+"]


def sums_to(signal: list[int], codes: list[str]) -> list[tuple[int, ...]]:
    """All ways in which the stations can send +1, -1 or nothing to make this signal."""
    return [
        how
        for how in product((1, -1, 0), repeat=len(codes))
        if signal == [sum(h * (1 if c[k] == "+" else -1) for h, c in zip(how, codes, strict=True)) for k in range(4)]
    ]


@given(st.lists(st.sampled_from("01_"), min_size=4, max_size=4), st.permutations(WALSH))
def test_the_decoding_is_the_only_way_to_make_the_signal(bits, codes):
    stations = [Station(n, c, b) for n, c, b in zip("ABCD", codes, bits, strict=True)]
    answer = solve(stations).answer
    ways = sums_to(answer["signal"], codes)
    assert len(ways) == 1
    assert [answer["all_decoded"][n] for n in "ABCD"] == [{1: "1", -1: "0", 0: "_"}[h] for h in ways[0]]
    assert answer["orthogonal"] is True


@given(st.integers(1, 6), st.data())
def test_every_station_reads_back_what_was_sent(count, data):
    sent = [
        Station(n, c, data.draw(st.text("01_", min_size=count, max_size=count)))
        for n, c in zip("AB", WALSH[1:3], strict=False)
    ]
    signal = solve(sent).answer["signal"]
    for s in sent:
        quiet = [Station(x.name, x.chips) for x in sent]
        assert solve(quiet, signal, s.name).answer["decoded"] == s.bits


def test_golden_2014_37():
    """2014-37: with A = (1,1,1,1) the sequence (2,0,2,0,0,-2,0,-2,0,2,0,2) says 101."""
    stations = [Station("A", "1,1,1,1"), Station("B", "1,-1,1,-1"), Station("C", "1,1,-1,-1")]
    assert solve(stations, [2, 0, 2, 0, 0, -2, 0, -2, 0, 2, 0, 2]).answer["decoded"] == "101"


def test_golden_xie_xiren_exercise_2_16():
    """谢希仁 习题 2-16: A and D send 1, B sends 0, C nothing; the signal is (-1+1-3+1-1-3+1+1)."""
    stations = [
        *(Station("A", "---++-++"), Station("B", "--+-+++-")),
        *(Station("C", "-+-+++--"), Station("D", "-+----+-")),
    ]
    answer = solve(stations, [-1, 1, -3, 1, -1, -3, 1, 1]).answer
    assert answer["all_decoded"] == {"A": "1", "B": "0", "C": "_", "D": "1"}


def test_stations_come_as_text():
    assert get_solver("cn.cdma")(stations="A:++++:1, B:+-+-:0").answer["signal"] == [0, 2, 0, 2]


def test_rejects_what_makes_no_sense():
    with pytest.raises(InputError, match="不同"):
        solve([Station("A", "++"), Station("B", "+")], [1, 1])
    with pytest.raises(InputError, match="整数倍"):
        solve([Station("A", "++")], [1, 1, 1])
    with pytest.raises(InputError, match="不正交"):
        solve([Station("A", "++")], [2, 1])
    with pytest.raises(InputError, match="没有名为"):
        solve([Station("A", "++")], [1, 1], "B")
    with pytest.raises(InputError, match="看不懂"):
        solve([Station("A", "xy")], [1, 1])
    with pytest.raises(InputError, match="没有收到"):
        solve([Station("A", "++")])


def test_a_station_with_fewer_bits_is_silent_afterwards():
    stations = [Station("A", "++", "101"), Station("B", "+-", "1")]
    assert solve(stations).answer["signal"] == [2, 0, -1, -1, 1, 1]
