"""Oracle: one second of the line, bit by bit."""

from hypothesis import given
from hypothesis import strategies as st

from assistant408.solvers.co.async_serial import solve


@given(st.integers(5, 8), st.integers(0, 1), st.integers(1, 2), st.integers(1, 500))
def test_a_second_of_bits(data, parity, stop, characters):
    line = ("S" + "D" * data + "P" * parity + "E" * stop) * characters
    answer = solve(data, parity_bits=parity, stop_bits=stop, characters_per_s=characters).answer
    assert (answer["baud"], answer["useful_bps"]) == (len(line), line.count("D"))
    assert solve(data, parity_bits=parity, stop_bits=stop, baud=len(line)).answer["characters_per_s"] == characters
