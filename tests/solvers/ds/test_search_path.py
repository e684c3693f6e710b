"""Oracle: insert the keys into a BST in order; the path is possible iff each is a child of the one before."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.solvers.ds.search_path import solve


def is_path(keys: list[int]) -> bool:
    """Every key compares with its successor as with all later keys."""
    return all(
        len({(later > key) - (later < key) for later in keys[i + 1 :]}) <= 1 and key not in keys[i + 1 :]
        for i, key in enumerate(keys)
    )


@given(st.lists(st.integers(0, 30), min_size=1, max_size=8))
def test_valid_iff_each_key_splits_the_rest_to_one_side(keys):
    answer = solve(keys).answer
    assert answer["valid"] == is_path(keys)
    if not answer["valid"]:
        at = next(i for i in range(len(keys)) if not is_path(keys[: i + 1]))
        assert answer["violation"] == keys[at]


def test_golden_408_2011():
    paths = [[95, 22, 91, 24, 94, 71], [92, 20, 91, 34, 88, 35], [21, 89, 77, 29, 36, 38], [12, 25, 71, 68, 33, 34]]
    assert [solve(p).answer["valid"] for p in paths] == [False, True, True, True]


@pytest.mark.parametrize(
    ("keys", "valid"),
    [
        ([500, 200, 450, 180], False),
        ([500, 450, 200, 180], True),
        ([180, 500, 200, 450], True),
        ([180, 200, 500, 450], True),
    ],
)
def test_golden_408_2015(keys, valid):
    assert solve(keys).answer["valid"] == valid
