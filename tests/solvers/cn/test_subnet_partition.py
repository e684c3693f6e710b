"""Oracle: every way to cut every network into so many subnets."""

from ipaddress import IPv4Network
from itertools import product

import pytest

from assistant408.core.errors import InputError
from assistant408.solvers.cn.subnet_partition import solve

DEEPEST = 30


def cuts(network: IPv4Network, parts: int) -> set[frozenset[IPv4Network]]:
    if parts == 1:
        return {frozenset([network])}
    if network.prefixlen == DEEPEST:
        return set()
    left, right = network.subnets()
    return {a | b for k in range(1, parts) for a, b in product(cuts(left, k), cuts(right, parts - k))}


@pytest.mark.parametrize("parts", [2, 3, 4, 5])
def test_over_all_cuts(parts):
    whole = IPv4Network("10.0.0.0/26")
    blocks = [b for length in (27, 28, 29) for b in whole.subnets(new_prefix=length)]
    networks = [whole.supernet(new_prefix=n) for n in (24, 25)] + [
        n for length in (26, 27, 28) for n in whole.subnets(new_prefix=length)
    ]
    together = {(a, b) for n in networks for cut in cuts(n, parts) for a in cut for b in cut if a != b}
    for a, b in product(blocks, blocks):
        if a != b:
            assert solve(str(a), parts, str(b)).answer["possible"] == ((a, b) in together), (a, b)


def test_not_at_its_boundary():
    with pytest.raises(InputError):
        solve("10.0.0.1/30", 2, "10.0.0.4/30")
