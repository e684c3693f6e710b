"""Oracle: a message wrapped layer by layer."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from assistant408.solvers.cn.layer_overhead import solve


@given(st.integers(1, 2000), st.integers(0, 60), st.integers(1, 7))
def test_by_wrapping(data, overhead, layers):
    message = bytes(data)
    for _ in range(layers):
        message = bytes(overhead) + message
    answer = solve(data, overhead, layers).answer
    assert answer["total_bytes"] == len(message)
    assert answer["efficiency"] == Fraction(data, len(message))
    assert answer["efficiency"] + answer["share"] == 1
