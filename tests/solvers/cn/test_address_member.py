"""Oracle: the ipaddress module."""

from ipaddress import IPv4Address, IPv4Interface

from hypothesis import given
from hypothesis import strategies as st

from assistant408.solvers.cn.address_member import solve


@given(st.integers(0, 2**32 - 1), st.integers(1, 30), st.data())
def test_against_ipaddress(host, length, data):
    network = IPv4Interface((host, length)).network
    near = st.integers(int(network[0]), int(network[-1]))
    asked = IPv4Address(data.draw(st.one_of(near, st.integers(0, 2**32 - 1))))
    answer = solve(f"{IPv4Address(host)}/{length}", str(asked)).answer
    assert answer["member"] == (asked in network)
    inside = asked in network and asked not in (network[0], network[-1])
    assert answer["assignable"] == (inside and asked != IPv4Address(host))
    assert (answer["network"], answer["broadcast"]) == (str(network[0]), str(network[-1]))
