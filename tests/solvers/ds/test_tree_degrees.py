"""Oracle: build a real forest with these degrees and count."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.ds.tree_degrees import DegreeCount, solve

ROWS = st.dictionaries(st.integers(1, 5), st.integers(0, 6), max_size=5)


@given(ROWS, st.integers(1, 4))
def test_counts_of_a_real_forest(rows, trees):
    wanted = [d for d, number in rows.items() for _ in range(number)]
    open_places, nodes, edges, no_right = trees, 0, 0, 1 if trees else 0
    for degree in wanted:  # put a branch node on an open place
        open_places += degree - 1
        nodes += 1
        edges += degree
        no_right += 1  # its last child
    answer = solve([DegreeCount(d, k) for d, k in rows.items()], trees).answer
    assert answer["leaves"] == open_places
    assert answer["nodes"] == nodes + open_places
    assert (answer["edges"], answer["no_right"]) == (edges, no_right)


def test_golden_408_2010():
    # 20 of degree 4, 10 of degree 3, 1 of degree 2, 10 of degree 1: 82 leaves
    rows = [DegreeCount(4, 20), DegreeCount(3, 10), DegreeCount(2, 1), DegreeCount(1, 10)]
    assert solve(rows).answer["leaves"] == 82


def test_refuses_a_degree_twice():
    with pytest.raises(InputError):
        solve([DegreeCount(2, 1), DegreeCount(2, 3)])
