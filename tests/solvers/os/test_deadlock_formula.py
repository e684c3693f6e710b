"""Oracle: the exact bound for given numbers of processes."""

import re

import pytest

from assistant408.solvers.os.deadlock_bound import solve as bound
from assistant408.solvers.os.deadlock_formula import solve


@pytest.mark.parametrize("need", [1, 2, 3, 5])
@pytest.mark.parametrize("n", [2, 3, 7])
def test_against_the_bound(need, n):
    formula = re.sub(r"(\d)n", r"\1*n", solve(need).answer["formula"])
    assert eval(formula, {"n": n}) == bound(processes=n, need=need).answer["min_resources"]
