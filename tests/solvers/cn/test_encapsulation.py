"""Oracle: real packets built with struct, padded and counted byte by byte."""

import struct
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.cn.encapsulation import solve


def frames(data: bytes, transport: str, mtu: int) -> list[bytes]:
    """Ethernet frames with headers packed field by field."""
    tcp = struct.pack(">HHIIBBHHH", 1, 2, 0, 0, 5 << 4, 16, 100, 0, 0)
    udp = struct.pack(">HHHH", 1, 2, 8, 0)
    ip = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 0, 0, 0, 64, 6, 0, bytes(4), bytes(4))
    header = ip + (tcp if transport == "TCP" else udp)
    out = []
    while data:
        take = mtu - len(header)
        payload = header + data[:take]
        out.append(bytes(6) + bytes(6) + b"\x08\x00" + payload.ljust(46, b"\0") + bytes(4))
        data = data[take:]
    return out


@given(st.integers(1, 6000), st.integers(100, 1500))
def test_tcp_frames_byte_by_byte(size, mtu):
    built = frames(b"x" * size, "TCP", mtu)
    answer = solve(size, "TCP", mtu=mtu).answer
    assert answer["frames"] == len(built)
    assert answer["frame_bytes"] == [len(f) for f in built][:50]
    assert answer["total_bytes"] == sum(map(len, built))
    assert answer["padding_bytes"] == sum(f[14 + 40 :][:-4].count(0) for f in built)
    assert answer["efficiency"] == Fraction(size, sum(map(len, built)))


@given(st.integers(1, 1472))
def test_udp_frames_byte_by_byte(size):
    built = frames(b"x" * size, "UDP", 1500)
    answer = solve(size, "UDP").answer
    assert answer["frame_bytes"] == [len(built[0])]
    assert solve(size, "UDP", preamble=True).answer["total_bytes"] == len(built[0]) + 8
    assert 64 <= answer["total_bytes"] <= 1518


def test_golden_2017_33():
    """2017-33: 400 B through the OSI layers, 20 B each but for application and physical: 80%."""
    assert solve(400, "CUSTOM", [20] * 5).answer["efficiency"] == Fraction(4, 5)


def test_golden_xie_xiren_chapter_1_exercise():
    """谢希仁 习题 1-34 (7th edition): 100 B with TCP, IP and link headers 20, 20, 18: 63.3%; 1000 B: 94.5%."""
    assert round(float(solve(100, "CUSTOM", [20, 20, 18]).answer["efficiency"]), 3) == 0.633
    assert round(float(solve(1000, "CUSTOM", [20, 20, 18]).answer["efficiency"]), 3) == 0.945
    assert solve(100).answer["efficiency"] == Fraction(100, 158)


def test_rejects_mixed_up_input():
    with pytest.raises(InputError, match="缺少各层开销"):
        solve(1, "CUSTOM")
    with pytest.raises(InputError, match="不用各层开销"):
        solve(1, "TCP", [20])
    with pytest.raises(InputError, match="不分片"):
        solve(1473, "UDP")
