"""Oracle: transfers back to back for a second."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from assistant408.solvers.co.transfer_limit import solve


@given(st.sampled_from([1, 2, 4, 8]), st.sampled_from([50, 100, 125, 200, 500, 800, 1000]), st.integers(1, 99))
def test_a_second_of_transfers(unit, time, percent):
    transfers = 10**9 // time
    assert solve(unit, time).answer["max_rate"] == transfers * unit
    rate = Fraction(transfers * unit * percent, 100)
    answer = solve(unit, time, rate).answer
    assert answer["share"] == Fraction(percent, 100)
    assert answer["per_second"] * answer["interval_ns"] == 10**9
