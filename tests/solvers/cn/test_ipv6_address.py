"""Oracle: the ipaddress module."""

from ipaddress import AddressValueError, IPv6Address

from hypothesis import given
from hypothesis import strategies as st

from assistant408.solvers.cn.ipv6_address import solve

GROUPS = st.lists(st.sampled_from([0, 0, 0, 1, 0xAB, 0xFFFF]), min_size=8, max_size=8)


@given(GROUPS)
def test_compressed_as_ipaddress_does(groups):
    address = IPv6Address(b"".join(g.to_bytes(2, "big") for g in groups))
    answer = solve(address.exploded, str(address)).answer
    assert answer["shortest"] == str(address).upper()
    assert answer["full"] == address.exploded.upper()
    assert answer["equal"]


@given(st.lists(st.sampled_from(["", "", "0", "1F", "12345", "G"]), min_size=2, max_size=9))
def test_valid_as_ipaddress_says(parts):
    text = ":".join(parts)
    try:
        IPv6Address(text)
        valid = True
    except AddressValueError:
        valid = False
    assert solve(text).answer["valid"] == valid
