"""Oracle: bit strings and `startswith`, and ipaddress."""

from ipaddress import IPv4Address, IPv4Network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.core.registry import get_solver
from assistant408.solvers.cn.route_lookup import Route, solve

NETS = st.tuples(st.integers(0, 255), st.integers(0, 32)).map(
    lambda t: IPv4Network((t[0] << 24 | (t[0] * 37 % 256) << 16, t[1]), strict=False)
)


@given(st.lists(NETS, min_size=1, max_size=12, unique=True), st.integers(0, 2**32 - 1), st.booleans(), st.data())
def test_the_longest_string_that_the_address_starts_with(nets, number, near, data):
    if near:
        number = int(data.draw(st.sampled_from(nets)).network_address) + number % 3
    bits = format(number % 2**32, "032b")
    routes = [Route(str(n), f"R{i}") for i, n in enumerate(nets)]
    strings = [format(int(n.network_address), "032b")[: n.prefixlen] for n in nets]
    hits = [i for i, s in enumerate(strings) if bits.startswith(s)]
    best = max(hits, key=lambda i: len(strings[i]), default=None)
    answer = solve(routes, [str(IPv4Address(number % 2**32))]).answer
    assert answer["next_hop"] == ("丢弃" if best is None else f"R{best}")
    assert sorted(answer["matches"]) == sorted(str(nets[i]) for i in hits)


@given(st.lists(NETS, min_size=1, max_size=8, unique=True), st.randoms(use_true_random=False))
def test_the_order_of_the_table_does_not_matter(nets, rng):
    routes = [Route(str(n), str(n.prefixlen)) for n in nets]
    targets = [str(n.network_address) for n in nets]
    before = solve(routes, targets).answer["next_hops"]
    rng.shuffle(routes)
    assert solve(routes, targets).answer["next_hops"] == before


def test_golden_xie_xiren_exercise_4_20():
    """谢希仁 习题 4-20 (7th edition): 128.96.39.10, 128.96.40.12, 128.96.40.151, 192.4.153.17, 192.4.153.90."""
    routes = [
        *(Route("128.96.39.0/25", "m0"), Route("128.96.39.128/25", "m1"), Route("128.96.40.0/25", "R2")),
        *(Route("192.4.153.0/26", "R3"), Route("0.0.0.0/0", "R4")),
    ]
    targets = ["128.96.39.10", "128.96.40.12", "128.96.40.151", "192.4.153.17", "192.4.153.90"]
    assert list(solve(routes, targets).answer["next_hops"].values()) == ["m0", "R2", "R4", "R3", "R4"]


def test_rows_come_as_text():
    answer = get_solver("cn.route_lookup")(routes="10.0.0.0/8:R1, 0.0.0.0/0:R2", destinations="10.1.1.1").answer
    assert answer["next_hop"] == "R1"


def test_rejects_contradictory_rows():
    with pytest.raises(InputError, match="两个不同的下一跳"):
        solve([Route("10.0.0.0/8", "R1"), Route("10.0.0.0/8", "R2")], ["10.0.0.1"])
    with pytest.raises(InputError, match="目的地址"):
        solve([Route("10.0.0.0/8", "R1")], ["10.0.0"])


def test_the_table_shows_the_matches_and_marks_the_row_in_use():
    routes = [Route("10.0.0.0/8", "R1"), Route("10.1.0.0/16", "R2"), Route("11.0.0.0/8", "R3")]
    solution = solve(routes, ["10.1.2.3"])
    table = solution.steps[0].data
    assert [r[0] for r in table.rows if r[3] == "是"] == ["10.0.0.0/8", "10.1.0.0/16"]
    assert {r for r, _ in table.marks} == {1}
