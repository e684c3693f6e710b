"""Oracle: random graphs with their matrices and lists, and least vertices by trying."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.ds.graph_degrees import VertexDegree, solve


@given(st.integers(2, 8), st.randoms(use_true_random=False), st.booleans())
def test_storage_of_a_real_graph(n, rng, directed):
    pairs = list(itertools.permutations(range(n), 2) if directed else itertools.combinations(range(n), 2))
    edges = rng.sample(pairs, rng.randint(0, len(pairs)))
    matrix = [[0] * n for _ in range(n)]
    for u, v in edges:
        matrix[u][v] = 1
        if not directed:
            matrix[v][u] = 1
    ones = sum(map(sum, matrix))
    answer = solve(n, len(edges), directed=directed).answer
    assert (answer["nonzero"], answer["zero"], answer["list_nodes"]) == (ones, n * n - ones, ones)
    assert solve(n, directed=directed, nonzero=ones).answer["edges"] == len(edges)


@given(st.integers(0, 4), st.integers(0, 4), st.integers(1, 3), st.integers(8, 25))
def test_least_vertices_by_trying(four, three, rest, e):
    left = 2 * e - 4 * four - 3 * three
    if left < 0:
        return
    least = next(k for k in range(200) if k * rest >= left)
    rows = [VertexDegree(4, four), VertexDegree(3, three)]
    assert solve(edges=e, degrees=rows, rest=rest).answer["least_vertices"] == four + three + least


def test_golden_408_2017():
    # 16 edges, three vertices of degree 4, four of degree 3, the others below 3: at least 11 vertices
    rows = [VertexDegree(4, 3), VertexDegree(3, 4)]
    assert solve(edges=16, degrees=rows, rest=2).answer["least_vertices"] == 11


def test_golden_408_2016():
    assert solve(25, 15).answer["trees"] == 10


def test_refuses():
    with pytest.raises(InputError):
        solve(3, 12)
    with pytest.raises(InputError):
        solve(3)
    with pytest.raises(InputError):
        solve(3, degrees=[VertexDegree(1, 3)])
