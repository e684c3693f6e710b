"""Oracle: the ipaddress module, and the leading bits of the classes."""

from ipaddress import IPv4Address

from hypothesis import given
from hypothesis import strategies as st

from assistant408.solvers.cn.address_kind import solve

PRIVATE = [IPv4Address(a) for a in ("10.0.0.1", "172.16.0.1", "172.31.255.1", "192.168.0.1")]


@given(st.integers(0, 2**32 - 1))
def test_class_by_the_leading_ones(number):
    ones = (format(number, "032b") + "0").index("0")
    assert solve(str(IPv4Address(number))).answer["letter"] == "ABCDE"[min(ones, 4)]


@given(st.integers(0, 2**32 - 1))
def test_kinds_by_ipaddress(number):
    address = IPv4Address(number)
    answer = solve(str(address)).answer
    if answer["private"]:
        assert address.is_private
    if answer["public"]:
        assert not address.is_multicast and not address.is_loopback and not address.is_link_local
    assert (answer["kind"] == "组播地址") == address.is_multicast


def test_private_blocks_and_their_neighbours():
    assert all(solve(str(a)).answer["private"] for a in PRIVATE)
    assert not any(solve(a).answer["private"] for a in ("172.15.0.1", "172.32.0.1", "192.169.0.1", "11.0.0.1"))


def test_only_a_source_and_only_a_destination():
    assert solve("0.0.0.0").answer["source_only"]
    assert solve("255.255.255.255").answer["destination_only"]
    assert not solve("127.0.0.1").answer["source_only"]
