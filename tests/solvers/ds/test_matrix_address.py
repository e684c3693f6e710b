"""Oracle: list the stored elements in order and look the element up."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.ds.matrix_address import solve

KINDS = ["symmetric_lower", "symmetric_upper", "lower", "upper", "tridiagonal"]


def stored(kind: str, sides: list[int], order: str, start: int) -> list[tuple[int, ...]]:
    every = product(*(range(start, start + s) for s in sides))
    keep = {
        "general": lambda at: True,
        "symmetric_lower": lambda at: at[0] >= at[1],
        "lower": lambda at: at[0] >= at[1],
        "symmetric_upper": lambda at: at[0] <= at[1],
        "upper": lambda at: at[0] <= at[1],
        "tridiagonal": lambda at: abs(at[0] - at[1]) < 2,
    }[kind]
    return sorted(filter(keep, every), key=lambda at: at if order == "row" else at[::-1])


@given(
    st.sampled_from(KINDS),
    st.integers(1, 8),
    st.sampled_from(["row", "column"]),
    st.integers(-2, 2),
    st.integers(0, 1),
    st.data(),
)
def test_square_matrices(kind, n, order, start, first, data):
    places = stored(kind, [n, n], order, start)
    k = data.draw(st.integers(0, len(places) - 1))
    at = list(places[k])
    shared = {"order": order, "index_start": start, "position_start": first}
    answer = solve(kind, [n], at, base=1000, size=4, **shared).answer
    assert (answer["position"], answer["address"]) == (k + first, 1000 + 4 * k)
    assert answer["cells"] == len(places) + (kind in ("lower", "upper"))
    assert solve(kind, [n], position=k + first, **shared).answer["index"] == at
    if kind.startswith("symmetric"):
        assert solve(kind, [n], at[::-1], **shared).answer["position"] == k + first


@given(st.lists(st.integers(1, 4), min_size=1, max_size=4), st.sampled_from(["row", "column"]), st.data())
def test_general_arrays(dims, order, data):
    places = stored("general", dims, order, 0)
    k = data.draw(st.integers(0, len(places) - 1))
    assert solve("general", dims, list(places[k]), order=order, index_start=0).answer["position"] == k
    assert solve("general", dims, position=k, order=order, index_start=0).answer["index"] == list(places[k])


def test_golden_408_2016_tridiagonal():
    # 100×100 tridiagonal, row by row into N[0..]; m(30,30) lies at subscript 87
    assert solve("tridiagonal", [100], [30, 30]).answer["position"] == 87


def test_golden_408_2018_symmetric():
    # 12×12 symmetric, upper part by rows into a C array: m(6,6) at 50
    assert solve("symmetric_upper", [12], [6, 6]).answer["position"] == 50


def test_golden_408_2020_symmetric_by_columns():
    # 10×10 symmetric, upper part by columns into N[0..]: m(7,2) at 22
    assert solve("symmetric_upper", [10], [7, 2], order="column").answer["position"] == 22


@pytest.mark.parametrize(
    "args",
    [
        ("lower", [4], [1, 2]),
        ("tridiagonal", [4], [1, 3]),
        ("general", [2, 3], [3, 1]),
        ("lower", [2, 3], [1, 1]),
        ("general", [2, 3], [1]),
        ("general", [2, 3]),
    ],
)
def test_refuses_what_is_not_stored(args):
    with pytest.raises(InputError):
        solve(*args)
