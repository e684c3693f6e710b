"""Oracle: bits received one after the other."""

from fractions import Fraction

import pytest

from assistant408.solvers.cn.switch_latency import solve


@pytest.mark.parametrize("mbps", [10, 100, 1000])
@pytest.mark.parametrize(("mode", "octets"), [("CUT_THROUGH", 6), ("FRAGMENT_FREE", 64), ("STORE", 1518)])
@pytest.mark.parametrize("preamble", [False, True])
def test_bit_by_bit(mbps, mode, octets, preamble):
    time = sum(Fraction(1, mbps) for _ in range(8 * (octets + 8 * preamble)))
    assert solve(f"{mbps}Mb/s", mode, "1518B", preamble).answer["latency_us"] == time
