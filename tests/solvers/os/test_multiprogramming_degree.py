"""Oracle: add up the states of all processes."""

from fractions import Fraction
from itertools import product

import pytest

from assistant408.core.errors import InputError
from assistant408.solvers.os.multiprogramming_degree import solve


@pytest.mark.parametrize("n", [1, 2, 4])
@pytest.mark.parametrize("wait", [Fraction(1, 2), Fraction(4, 5)])
def test_against_all_states(n, wait):
    busy = Fraction(0)
    for state in product([True, False], repeat=n):  # True: waits
        chance = Fraction(1)
        for waits in state:
            chance *= wait if waits else 1 - wait
        busy += 0 if all(state) else chance
    assert solve(wait, n).answer["utilization"] == busy


def test_least_number_of_processes():
    least = solve(Fraction(4, 5), target=Fraction(9, 10)).answer["least"]
    assert solve(Fraction(4, 5), least).answer["utilization"] >= Fraction(9, 10)
    assert solve(Fraction(4, 5), least - 1).answer["utilization"] < Fraction(9, 10)


def test_bad_input():
    for args in ({}, {"target": Fraction(1)}):
        with pytest.raises(InputError):
            solve(Fraction(1, 2), **args)
