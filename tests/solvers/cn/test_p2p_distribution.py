"""Oracle: a fluid schedule that attains the P2P bound, checked rate by rate, and Kurose's table."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.cn.p2p_distribution import solve

RATES = st.lists(st.tuples(st.integers(1, 30), st.integers(0, 30)), min_size=1, max_size=6)


def feasible(seconds: Fraction, bits: int, server: int, peers: list[tuple[int, int]]) -> bool:
    """Can every peer get `bits` in `seconds`? What the server must send fresh, what each can take, what all can send."""
    need = Fraction(bits) / seconds  # rate at which each peer must receive
    if need > server or any(need > d for d, _ in peers):
        return False
    return len(peers) * need <= server + sum(u for _, u in peers)


@given(st.integers(1, 1000), st.integers(1, 50), RATES)
def test_the_times_are_the_least_feasible_ones(bits, server, peers):
    answer = solve(
        f"{bits}bit", f"{server}b/s", downs=[f"{d}b/s" for d, _ in peers], ups=[f"{u}b/s" for _, u in peers]
    ).answer
    t = Fraction(answer["p2p_s"])
    assert feasible(t, bits, server, peers)
    assert not feasible(t * Fraction(999, 1000), bits, server, peers)
    alone = Fraction(answer["cs_s"])
    share = Fraction(bits) / alone  # the server alone gives everybody this rate
    assert share * len(peers) <= server
    assert all(share <= d for d, _ in peers)
    assert share * len(peers) == server or any(share == d for d, _ in peers)
    assert answer["speedup"] == alone / t


@given(st.integers(1, 1000), st.integers(1, 50), st.integers(1, 30), st.integers(1, 30), st.integers(0, 30))
def test_equal_peers_are_the_same_as_a_list_of_them(bits, server, n, down, up):
    short = solve(f"{bits}bit", f"{server}b/s", n, f"{down}b/s", f"{up}b/s").answer
    long = solve(f"{bits}bit", f"{server}b/s", downs=[f"{down}b/s"] * n, ups=[f"{up}b/s"] * n).answer
    assert short == long


def test_golden_kurose_problem_p22():
    """Kurose ch. 2 P22: 15·1024 Mb, 30 Mb/s, down 2 Mb/s: C/S takes 7680, 51200, 512000 s; P2P with u = 2 Mb/s 7680."""
    for n, seconds in [(10, 7680), (100, 51200), (1000, 512000)]:
        answer = solve("15360Mb", "30Mb/s", n, "2Mb/s", "2Mb/s").answer
        assert (answer["cs_s"], answer["p2p_s"]) == (seconds, 7680)


def test_golden_kurose_figure():
    """Kurose §2.5: F/u = 1 hour, u_s = 10u, no limit on downloads: 30 peers take 3 h, or 45 minutes by P2P."""
    answer = solve("3600bit", "10b/s", 30, up="1b/s").answer
    assert (answer["cs_s"], answer["p2p_s"]) == (3 * 3600, 45 * 60)


def test_rejects_unequal_lists():
    with pytest.raises(InputError, match="一一对应"):
        solve("1Gb", "1Mb/s", downs=["1Mb/s"])


def test_bottlenecks_are_named():
    one = solve("1Mb", "1Mb/s", 10, "10Mb/s", "9Mb/s").answer
    assert (one["p2p_bottleneck"], one["cs_bottleneck"]) == ("服务器上传", "服务器上传")
    assert solve("1Mb", "9Mb/s", 10, "5Mb/s", "0b/s").answer["p2p_bottleneck"] == "全体上传能力"
    assert solve("1Mb", "90Mb/s", 2, "1Mb/s", "5Mb/s").answer["p2p_bottleneck"] == "最慢的对等方下载"


def test_the_plot_ends_at_the_answers():
    solution = solve("15Gb", "30Mb/s", 100, "2Mb/s", "300kb/s")
    cs, p2p = next(s.data for s in solution.steps if s.data).series
    assert cs.points[-1] == (100, solution.answer["cs_s"])
    assert p2p.points[-1] == (100, solution.answer["p2p_s"])
