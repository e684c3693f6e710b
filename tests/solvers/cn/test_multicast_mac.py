"""Oracle: all the addresses that share one."""

from ipaddress import IPv4Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.cn.multicast_mac import solve


@given(st.integers(0xE0000000, 0xEFFFFFFF))
def test_by_octets(number):
    octets = IPv4Address(number).packed
    expected = f"01-00-5E-{octets[1] % 128:02X}-{octets[2]:02X}-{octets[3]:02X}"
    assert solve(str(IPv4Address(number))).answer["mac"] == expected


def test_how_many_share_one():
    same = [
        a
        for top in range(224, 240)
        for second in (1, 129)
        if solve(a := f"{top}.{second}.2.3").answer["mac"] == "01-00-5E-01-02-03"
    ]
    assert len(same) == solve("224.1.2.3").answer["sharing"]


def test_no_multicast_address():
    with pytest.raises(InputError):
        solve("223.0.0.1")
