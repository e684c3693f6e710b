"""Oracle: bits that pass every link in a long time."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from assistant408.solvers.cn.bottleneck import solve


@given(st.lists(st.integers(1, 1000), min_size=1, max_size=6), st.integers(1, 10**6))
def test_what_gets_through(rates, bits):
    through = sorted(rates)[0]
    answer = solve([f"{r}kb/s" for r in rates], f"{bits}bit").answer
    assert answer["throughput_bps"] == through * 1000
    assert answer["time_s"] * answer["throughput_bps"] == bits
    assert all(Fraction(bits, 1000 * r) <= answer["time_s"] for r in rates)
