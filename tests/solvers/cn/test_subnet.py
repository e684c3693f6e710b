"""Oracle: the standard library's ipaddress."""

from ipaddress import IPv4Address, IPv4Interface, IPv4Network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.cn.subnet import solve

NUMBERS = st.integers(0, 2**32 - 1).map(IPv4Address)


@given(NUMBERS, st.integers(0, 32))
def test_agrees_with_ipaddress(number, length):
    net = IPv4Interface(f"{number}/{length}").network
    answer = solve(f"{number}/{length}").answer
    assert answer["network"] == str(net.network_address)
    assert answer["broadcast"] == str(net.broadcast_address)
    assert answer["mask"] == str(net.netmask)
    assert answer["block_size"] == net.num_addresses
    assert solve(str(number), str(net.netmask)).answer == answer


@given(NUMBERS, st.integers(20, 30))
def test_the_usable_range_by_listing(number, length):
    hosts = list(IPv4Interface(f"{number}/{length}").network.hosts())
    answer = solve(f"{number}/{length}").answer
    assert (answer["first_host"], answer["last_host"]) == (str(hosts[0]), str(hosts[-1]))
    assert answer["hosts"] == len(hosts)


@given(NUMBERS, st.integers(16, 26), st.integers(1, 16))
def test_equal_subnets_are_those_of_ipaddress(number, length, count):
    net = IPv4Interface(f"{number}/{length}").network
    answer = solve(f"{number}/{length}", subnets=count).answer
    parts = list(net.subnets(new_prefix=answer["subnet_prefix"]))
    assert answer["subnets"] == [str(p) for p in parts]
    assert answer["subnet_count"] == len(parts) >= count
    assert len(parts) < 2 * count
    assert answer["hosts_each"] == len(list(parts[0].hosts()))


@given(st.integers(1, 254))
def test_subnets_for_a_number_of_hosts_waste_the_least(hosts):
    answer = solve("10.0.0.0/24", hosts=hosts).answer
    fits = [p for p in range(24, 31) if 2 ** (32 - p) - 2 >= hosts]
    assert answer["subnet_prefix"] == max(fits)
    assert answer["subnet_count"] == len(list(IPv4Network("10.0.0.0/24").subnets(new_prefix=max(fits))))


def test_golden_2012_39():
    """2012-39: 180.80.77.55 with 255.255.252.0 broadcasts to 180.80.79.255."""
    assert solve("180.80.77.55", "255.255.252.0").answer["broadcast"] == "180.80.79.255"


def test_golden_2010_37():
    """2010-37: 192.168.5.0 with 255.255.255.248 has 32 subnets of at most 6 hosts."""
    answer = solve("192.168.5.0/24", subnets=32).answer
    assert (answer["subnet_mask"], answer["hosts_each"]) == ("255.255.255.248", 6)


def test_rejects_what_is_no_network():
    with pytest.raises(InputError, match="恰好给出一次"):
        solve("10.0.0.1")
    with pytest.raises(InputError, match="恰好给出一次"):
        solve("10.0.0.1/8", "24")
    with pytest.raises(InputError, match="连续"):
        solve("10.0.0.1", "255.0.255.0")
    with pytest.raises(InputError, match="0~255"):
        solve("10.0.0.256/8")
    with pytest.raises(InputError, match="太小"):
        solve("10.0.0.0/30", subnets=2)
    with pytest.raises(InputError, match="太小"):
        solve("10.0.0.0/24", subnets=4, hosts=100)
