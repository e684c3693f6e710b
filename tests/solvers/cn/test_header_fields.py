"""Oracle: headers packed by struct."""

from ipaddress import IPv4Address
from struct import pack

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.cn.header_fields import solve

WORD = st.integers(0, 2**16 - 1)
LONG = st.integers(0, 2**32 - 1)


@given(WORD, WORD, WORD, LONG, LONG, st.integers(0, 255))
def test_ip(total, ident, cut, source, goal, ttl):
    answer = solve(pack("!BBHHHBBHII", 0x46, 0, total, ident, cut, ttl, 17, 0, source, goal).hex()).answer
    assert (answer["header_bytes"], answer["total_bytes"], answer["data_bytes"]) == (24, total, total - 24)
    assert (answer["identification"], answer["ttl"], answer["protocol_name"]) == (ident, ttl, "UDP")
    assert (answer["df"] << 14) + (answer["mf"] << 13) + answer["offset"] == cut % 2**15
    assert answer["source_ip"] == str(IPv4Address(source))
    assert answer["destination_ip"] == str(IPv4Address(goal))


@given(WORD, WORD, LONG, LONG, st.integers(0, 63), WORD)
def test_tcp(source, goal, seq, ack, flags, window):
    answer = solve(pack("!HHIIBBHHH", source, goal, seq, ack, 5 << 4, flags, window, 0, 0).hex(" "), "TCP").answer
    assert (answer["source_port"], answer["destination_port"]) == (source, goal)
    assert (answer["seq"], answer["ack"], answer["window"]) == (seq, ack, window)
    assert ("SYN" in answer["flags"]) == bool(flags & 2)
    assert ("FIN" in answer["flags"]) == bool(flags & 1)


@given(WORD, WORD, st.integers(8, 2**16 - 1))
def test_udp(source, goal, total):
    answer = solve(pack("!HHHH", source, goal, total, 0).hex(), "UDP").answer
    assert (answer["source_port"], answer["destination_port"], answer["data_bytes"]) == (source, goal, total - 8)


@pytest.mark.parametrize("data", ["45 00 00", "XX XX XX XX", "65" + "00" * 19])
def test_what_is_no_header(data):
    with pytest.raises(InputError):
        solve(data)
