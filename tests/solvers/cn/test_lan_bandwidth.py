"""Oracle: the hosts' shares add up to what the device carries."""

from hypothesis import given
from hypothesis import strategies as st

from assistant408.solvers.cn.lan_bandwidth import solve


@given(st.integers(1, 48), st.integers(1, 1000), st.sampled_from(["HUB", "SWITCH"]), st.booleans())
def test_shares_add_up(ports, mbps, device, duplex):
    answer = solve(ports, f"{mbps}Mb/s", device, duplex).answer
    carried = mbps * 10**6
    if device == "SWITCH":
        carried = sum(mbps * 10**6 * (1 + duplex) for _ in range(ports))
    assert answer["total_bps"] == carried
    assert answer["host_bps"] * ports == carried
