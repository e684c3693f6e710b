"""Oracle: a pipeline that is stepped cycle by cycle."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from assistant408.solvers.co.pipeline_cpi import solve


@given(st.integers(1, 12), st.integers(1, 60), st.integers(1, 4))
def test_cycles_by_stepping(stages, instructions, issue):
    waiting, inside, cycles = instructions, [0] * stages, 0
    while waiting or any(inside):
        entering = min(issue, waiting)
        inside = [entering, *inside[:-1]]
        waiting -= entering
        cycles += 1
        if not waiting and not any(inside[:-1]):
            break
    assert solve(stages, instructions, issue=issue).answer["cycles"] == cycles


@given(st.integers(1, 100), st.integers(1, 100), st.integers(1, 9))
def test_cpi_by_counting_lost_cycles(share, miss, lost):
    cycles = 10_000 + share * miss * lost  # of 10,000 instructions
    answer = solve(branch_share=Fraction(share, 100), mispredict_rate=Fraction(miss, 100), penalty_cycles=lost).answer
    assert answer["cpi"] == Fraction(cycles, 10_000)
