"""Oracle: both run times, worked out separately."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from assistant408.solvers.co.machine_pair import solve

pair = st.lists(st.integers(1, 5000), min_size=2, max_size=2)


@given(pair, pair, pair)
def test_the_ratio_of_two_run_times(clocks, cpis, counts):
    a, b = (Fraction(n * c, f) for n, c, f in zip(counts, cpis, clocks, strict=True))
    answer = solve(clocks, cpis, counts).answer
    assert (answer["time_ratio"], answer["speed_ratio"]) == (a / b, b / a)
    assert answer["faster"] == max(a, b) / min(a, b)
