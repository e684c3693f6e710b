"""Oracle: rows, columns and the square of the adjacency matrix."""

from hypothesis import given
from hypothesis import strategies as st

from assistant408.solvers.ds._graphs import Arc
from assistant408.solvers.ds.vertex_degrees import solve

ARCS = st.sets(st.tuples(st.integers(0, 4), st.integers(0, 4)).filter(lambda a: a[0] != a[1]), min_size=1, max_size=12)


@given(ARCS)
def test_rows_and_columns(arcs):
    names = [str(k) for k in range(5)]
    matrix = [[int((i, j) in arcs) for j in range(5)] for i in range(5)]
    answer = solve([Arc(str(u), str(v)) for u, v in arcs], True, names).answer
    assert answer["out_degrees"] == [sum(row) for row in matrix]
    assert answer["in_degrees"] == [sum(column) for column in zip(*matrix, strict=True)]
    square = [[sum(matrix[i][k] * matrix[k][j] for k in range(5)) for j in range(5)] for i in range(5)]
    assert answer["two_step"] == square


def test_golden_408_2013():
    arcs = ["12", "14", "23", "24", "32", "41"]
    assert solve([Arc(*a) for a in arcs], True).answer["degrees"] == [3, 4, 2, 3]
