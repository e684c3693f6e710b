"""Oracle: the full code of the Hamming solver, and the sphere-packing count."""

from hypothesis import given
from hypothesis import strategies as st

from assistant408.solvers.co.hamming_code import solve as encode
from assistant408.solvers.co.hamming_length import solve


@given(st.integers(1, 57))
def test_as_long_as_the_code_itself(n):
    answer = solve(n).answer
    assert answer["total_bits"] == len(encode("1" * n).answer["code"])
    assert 2 ** answer["total_bits"] >= 2**n * (answer["total_bits"] + 1)
