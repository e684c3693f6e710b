"""Oracle: cycles counted over a concrete number of instructions."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from assistant408.solvers.co.memory_stall import solve


@given(st.integers(1, 10), st.integers(0, 5), st.integers(0, 100), st.integers(0, 200), st.integers(1, 4000))
def test_cycles_of_a_concrete_program(base, per, missing, penalty, clock):
    instructions, block = 1000, 64
    misses = Fraction(instructions * per * missing, 100)
    cycles = instructions * base + misses * penalty
    answer = solve(base, per, Fraction(missing, 100), penalty, clock, instructions, block).answer
    assert answer["cpi"] == cycles / instructions
    assert answer["time_s"] == cycles / (clock * 10**6)
    assert answer["memory_bytes_per_s"] == misses * block / answer["time_s"]
    assert answer["slowdown"] == cycles / (instructions * base)


def test_golden_patterson_hennessy_5_4():
    # base CPI 2, instruction misses 2 % and 36 % loads/stores missing 4 %, penalty 100: CPI 5.44
    stalls = Fraction(2, 100) + Fraction(36, 100) * Fraction(4, 100)
    assert solve(2, 1, stalls, 100).answer["cpi"] == Fraction(544, 100)
