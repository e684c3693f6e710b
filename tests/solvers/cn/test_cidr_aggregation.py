"""Oracle: ipaddress, which collapses blocks and grows supernets one bit at a time."""

from ipaddress import IPv4Network, collapse_addresses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.cn.cidr_aggregation import solve

NETS = st.tuples(st.integers(0, 15), st.integers(26, 28)).map(
    lambda t: IPv4Network(((10 << 24) + (t[0] << 4), t[1]), strict=False)
)


@given(st.lists(NETS, min_size=1, max_size=10))
def test_agrees_with_ipaddress(nets):
    answer = solve([str(n) for n in nets]).answer
    cover = nets[0]
    while not all(n.subnet_of(cover) for n in nets):
        cover = cover.supernet()
    assert answer["aggregate"] == str(cover)
    assert answer["mask"] == str(cover.netmask)
    exact = list(collapse_addresses(nets))
    assert answer["exact"] == [str(n) for n in exact]
    assert answer["extra_addresses"] == cover.num_addresses - sum(n.num_addresses for n in exact)
    assert answer["covers_exactly"] == (exact == [cover])


@given(st.lists(NETS, min_size=1, max_size=8), st.randoms(use_true_random=False))
def test_order_and_repetition_do_not_matter(nets, rng):
    names = [str(n) for n in nets]
    shuffled = names * 2
    rng.shuffle(shuffled)
    assert solve(shuffled).answer == solve(names).answer


def test_golden_2018_38():
    """2018-38: 35.230.32.0/21, .40, .48 and .56 become 35.230.32.0/19."""
    answer = solve([f"35.230.{x}.0/21" for x in (32, 40, 48, 56)]).answer
    assert answer["aggregate"] == "35.230.32.0/19"
    assert answer["covers_exactly"] is True
    assert answer["exact"] == ["35.230.32.0/19"]


def test_golden_xie_xiren_exercise_4_26():
    """谢希仁 习题 4-26: 212.56.132.0/24 to 212.56.135.0/24 become 212.56.132.0/22."""
    assert solve([f"212.56.{x}.0/24" for x in range(132, 136)]).answer["aggregate"] == "212.56.132.0/22"


def test_rejects_blocks_that_are_none():
    with pytest.raises(InputError, match="主机位"):
        solve(["10.0.0.1/24"])
    with pytest.raises(InputError, match="IP 地址"):
        solve(["10.0.0/24"])
