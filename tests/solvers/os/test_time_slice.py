"""Oracle: a round of turns played one by one."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.os.time_slice import solve


@given(st.integers(1, 50), st.integers(1, 50), st.integers(0, 5))
def test_a_round_of_turns(users, quantum, switch):
    clock = 0
    for _ in range(users):
        clock += switch + quantum
    args = {"users": users, "quantum": Fraction(quantum), "response": Fraction(clock), "switch": Fraction(switch)}
    for name in ("users", "quantum", "response"):
        rest = {k: v for k, v in args.items() if k != name}
        assert solve(**rest).answer[name] == args[name]


@given(st.integers(1, 50), st.integers(1, 5), st.integers(1, 100))
def test_share_of_useful_time(quantum, switch, burst):
    run = min(quantum, burst)
    found = solve(quantum=Fraction(quantum), switch=Fraction(switch), burst=Fraction(burst)).answer
    assert found["utilization"] == Fraction(run, run + switch)
    assert found["utilization"] + found["overhead"] == 1


def test_bad_input():
    for args in ({}, {"users": 10}, {"users": 10, "response": Fraction(5), "switch": Fraction(1)}):
        with pytest.raises(InputError):
            solve(**args)
