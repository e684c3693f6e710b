"""Oracle: ipaddress, a search over all placements, and Kraft's inequality."""

from ipaddress import IPv4Network, collapse_addresses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.core.registry import get_solver
from assistant408.solvers.cn.vlsm import Demand, solve

SIZES = st.lists(st.integers(1, 60), min_size=1, max_size=6)


def fits(sizes: list[int], whole: IPv4Network) -> bool:
    """Whether some placement exists, by backtracking over every aligned place."""

    def place(rest: list[int], taken: list[IPv4Network]) -> bool:
        if not rest:
            return True
        length = next(p for p in range(30, -1, -1) if 2 ** (32 - p) - 2 >= rest[0])
        if length < whole.prefixlen:
            return False
        return any(
            place(rest[1:], [*taken, s])
            for s in whole.subnets(new_prefix=length)
            if not any(s.overlaps(t) for t in taken)
        )

    return place(sorted(sizes, reverse=True), [])


@given(SIZES)
def test_subnets_are_disjoint_inside_the_block_and_tight(sizes):
    whole = IPv4Network("172.16.4.0/22")
    demands = [Demand(f"n{i}", s) for i, s in enumerate(sizes)]
    answer = solve(str(whole), demands).answer
    nets = {n: IPv4Network(t) for n, t in answer["subnets"].items()}
    for d in demands:
        net = nets[d.name]
        assert net.subnet_of(whole)
        assert len(list(net.hosts())) >= d.hosts
        assert net.prefixlen == 30 or net.num_addresses // 2 - 2 < d.hosts
    together = [*nets.values(), *(IPv4Network(t) for t in answer["leftover"])]
    assert list(collapse_addresses(together)) == [whole]
    assert sum(n.num_addresses for n in together) == whole.num_addresses
    assert answer["leftover"] == [str(n) for n in collapse_addresses(map(IPv4Network, answer["leftover"]))]


@given(st.lists(st.integers(1, 30), min_size=1, max_size=5))
def test_fails_only_if_no_placement_exists(sizes):
    whole = IPv4Network("10.0.0.0/26")
    demands = [Demand(f"n{i}", s) for i, s in enumerate(sizes)]
    if fits(sizes, whole):
        assert len(solve(str(whole), demands).answer["subnets"]) == len(sizes)
    else:
        with pytest.raises(InputError, match="共需"):
            solve(str(whole), demands)


def test_golden_four_subnets_of_a_class_c_block():
    """120, 60, 30 and 2 hosts take /25, /26, /27 and /30 in a row (RFC 1878 lengths)."""
    demands = [Demand("a", 120), Demand("b", 60), Demand("c", 30), Demand("d", 2)]
    answer = solve("192.168.10.0/24", demands, focus="c").answer
    assert list(answer["subnets"].values()) == [
        *("192.168.10.0/25", "192.168.10.128/26", "192.168.10.192/27", "192.168.10.224/30"),
    ]
    assert answer["subnet"] == "192.168.10.192/27"
    assert answer["leftover"] == ["192.168.10.228/30", "192.168.10.232/29", "192.168.10.240/28"]


def test_rows_come_as_text():
    answer = get_solver("cn.vlsm")(block="10.0.0.0/24", demands="A:100, B:20").answer
    assert answer["subnets"] == {"A": "10.0.0.0/25", "B": "10.0.0.128/27"}


def test_rejects_names_that_are_unclear():
    with pytest.raises(InputError, match="重复"):
        solve("10.0.0.0/24", [Demand("A", 1), Demand("A", 2)])
    with pytest.raises(InputError, match="没有名为"):
        solve("10.0.0.0/24", [Demand("A", 1)], focus="B")
    with pytest.raises(InputError, match="主机位"):
        solve("10.0.0.1/24", [Demand("A", 1)])
