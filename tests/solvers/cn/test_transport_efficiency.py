"""Oracle: a datagram and a segment packed by struct."""

from fractions import Fraction
from struct import pack

from hypothesis import given
from hypothesis import strategies as st

from assistant408.solvers.cn.transport_efficiency import solve


@given(st.integers(1, 1500), st.integers(0, 10))
def test_by_packing(data, words):
    udp = pack("!HHHH", 1, 2, 3, 4) + bytes(data)
    tcp = pack("!HHIIBBHHH", 1, 2, 3, 4, 5, 6, 7, 8, 9) + bytes(4 * words) + bytes(data)
    answer = solve(data, 4 * words).answer
    assert answer["efficiencies"] == [Fraction(data, len(udp)), Fraction(data, len(tcp))]
    assert [answer["udp_efficiency"], answer["tcp_efficiency"]] == answer["efficiencies"]
