"""Oracle: the parts of a graph of ports, joined as signals and as broadcasts spread."""

from hypothesis import given
from hypothesis import strategies as st

from assistant408.solvers.cn.lan_domains import solve


def parts(nodes: list[str], links: list[tuple[str, str]]) -> int:
    group = {n: n for n in nodes}
    for a, b in links:
        old, new = group[a], group[b]
        group = {n: new if g == old else g for n, g in group.items()}
    return len(set(group.values()))


@given(st.lists(st.integers(2, 5), max_size=4), st.integers(0, 3), st.integers(0, 3), st.booleans())
def test_by_spreading_signals(switches, hubs, direct, chained):
    wires = [f"s{i}p{p}" for i, n in enumerate(switches) for p in range(n)]
    others = [f"h{i}" for i in range(hubs)] + [f"d{i}" for i in range(direct)]
    joints = [(f"s{i}p0", f"s{i + 1}p1") for i in range(len(switches) - 1)] if chained else []
    inside = [(f"s{i}p0", f"s{i}p{p}") for i, n in enumerate(switches) for p in range(1, n)]
    nodes = wires + others
    answer = solve(switches, hubs, direct, len(joints)).answer
    assert answer["collision"] == parts(nodes, joints)
    assert answer["broadcast"] == parts(nodes, joints + inside)
    assert answer["both"] == [answer["collision"], answer["broadcast"]]


def test_vlans_cut_the_broadcasts():
    assert solve([24], vlans=3).answer["both"] == [24, 3]
