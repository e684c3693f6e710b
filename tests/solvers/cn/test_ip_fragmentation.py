"""Oracle: the data sent byte by byte and put together again by offset, and the greedy choice by search."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.cn.ip_fragmentation import solve

HEADERS = st.sampled_from([20, 24, 60])


def reassemble(lengths, offsets, flags, header) -> tuple[list[int], bool]:
    """The numbers of the bytes that arrive, and whether the end is known."""
    got: list[int] = []
    for length, offset in sorted(zip(lengths, offsets, strict=True), key=lambda p: p[1]):
        got += range(offset * 8, offset * 8 + length - header)
    return got, flags.count(0) == 1


@given(st.integers(60, 9000), st.lists(st.integers(70, 1600), min_size=1, max_size=3), HEADERS)
def test_every_byte_arrives_once(total, mtus, header):
    answer = solve(total, mtus, header).answer
    got, ends = reassemble(answer["lengths"], answer["offsets"], answer["flags"], header)
    assert got == list(range(total - header))
    assert ends
    assert answer["flags"][answer["offsets"].index(max(answer["offsets"]))] == 0
    assert all(n <= mtus[-1] for n in answer["lengths"])
    assert answer["count"] == len(answer["lengths"])
    assert answer["total_bytes"] == total + (answer["count"] - 1) * header


@given(st.integers(60, 9000), st.integers(70, 1600), HEADERS)
def test_no_split_has_fewer_fragments(total, mtu, header):
    """Count down: the most data that leaves a multiple of 8 behind, until the rest fits."""
    rest, count = total - header, 1
    while rest + header > mtu:
        rest -= max(d for d in range(8, mtu - header + 1) if d % 8 == 0)
        count += 1
    assert solve(total, [mtu], header).answer["count"] == count


def test_golden_2021_36():
    """2021-36: 1580 B into MTU 800: the second fragment has total length 796 and MF 1."""
    answer = solve(1580, [800], focus=2).answer
    assert (answer["length"], answer["mf"]) == (796, 1)


def test_golden_xie_xiren_4_2_4():
    """谢希仁 §4.2.4: 3820 B with fragments of at most 1420 B: data 1400, 1400, 1000, offsets 0, 175, 350."""
    answer = solve(3820, [1420]).answer
    assert answer["lengths"] == [1420, 1420, 1020]
    assert answer["offsets"] == [0, 175, 350]
    assert answer["flags"] == [1, 1, 0]


def test_golden_kurose_4_3():
    """Kurose and Ross §4.3: 4000 B into MTU 1500: data 1480, 1480, 1020, offsets 0, 185, 370."""
    answer = solve(4000, [1500]).answer
    assert [n - 20 for n in answer["lengths"]] == [1480, 1480, 1020]
    assert answer["offsets"] == [0, 185, 370]


def test_rejects_what_can_not_be_sent():
    with pytest.raises(InputError, match="DF=1"):
        solve(1580, [800], dont_fragment=True)
    with pytest.raises(InputError, match="4 的倍数"):
        solve(1000, [500], header=21)
    with pytest.raises(InputError, match="装不下"):
        solve(1000, [60], header=60)
    with pytest.raises(InputError, match="不存在"):
        solve(1000, [1500], focus=2)
    assert solve(500, [800], dont_fragment=True).answer["count"] == 1
