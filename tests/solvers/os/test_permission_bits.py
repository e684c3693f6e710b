"""Oracle: tell all the sets of rights apart."""

from itertools import product

import pytest

from assistant408.solvers.os.permission_bits import solve


@pytest.mark.parametrize(("classes", "rights"), [(1, 3), (2, 2), (3, 3)])
def test_against_all_combinations(classes, rights):
    answer = solve(classes, rights).answer
    one = list(product([0, 1], repeat=rights))
    assert answer["sets"] == len(one)
    assert 2 ** answer["bits"] == len(one) ** classes
