"""Oracle: the least WPL over every k-ary tree, by brute force; Kraft's inequality for the codes."""

from fractions import Fraction
from functools import cache
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.ds.huffman import solve

WEIGHTS = st.lists(st.integers(0, 20), min_size=2, max_size=6)


@cache
def least(weights: tuple[int, ...], ways: int) -> int:
    """Try every merger of 2 to k nodes."""
    if len(weights) == 1:
        return 0
    best = None
    for size in range(2, min(ways, len(weights)) + 1):
        for chosen in combinations(range(len(weights)), size):
            new = sum(weights[i] for i in chosen)
            rest = [w for i, w in enumerate(weights) if i not in chosen]
            cost = new + least(tuple(sorted([*rest, new])), ways)
            best = cost if best is None else min(best, cost)
    return best


@given(WEIGHTS, st.integers(2, 4))
@settings(max_examples=40)
def test_wpl_is_least(weights, ways):
    assert solve(weights, ways=ways).answer["wpl"] == least(tuple(sorted(weights)), ways)


@given(st.lists(st.integers(1, 50), min_size=2, max_size=20), st.integers(2, 5))
def test_codes_are_prefix_free_and_lengths_fit(weights, ways):
    answer = solve(weights, ways=ways).answer
    codes = list(answer["codes"].values())
    assert not any(a != b and b.startswith(a) for a in codes for b in codes)
    assert len(set(codes)) == len(codes)
    assert sum(Fraction(1, ways ** len(c)) for c in codes) <= 1
    assert answer["wpl"] == sum(w * len(c) for w, c in zip(weights, codes, strict=True))
    assert answer["average_length"] == Fraction(answer["wpl"], sum(weights))


@given(st.integers(2, 30), st.integers(2, 6))
def test_counts_of_nodes(leaves, ways):
    """With virtual leaves every branch node has k children: n0 = (k-1) n_k + 1."""
    answer = solve([1] * leaves, ways=ways).answer
    assert 0 <= answer["virtual"] < ways - 1 or ways == 2
    assert leaves + answer["virtual"] == (ways - 1) * answer["internal"] + 1
    assert answer["nodes"] == answer["internal"] * ways + 1
    assert ways ** (answer["fixed_length"] - 1) < leaves <= ways ** answer["fixed_length"]


def test_golden_408_2018_codes():
    answer = solve([6, 3, 8, 2, 10, 4], [*"abcdef"]).answer
    assert answer["codes"] == {"a": "00", "b": "1011", "c": "01", "d": "1010", "e": "11", "f": "100"}
    assert answer["wpl"] == 80


def test_golden_408_2019_nodes():
    # 115 nodes in a binary Huffman tree: 58 symbols
    assert solve([1] * 58).answer["nodes"] == 115


def test_refuses():
    with pytest.raises(InputError):
        solve([1, 2], ["a", "a"])
    with pytest.raises(InputError):
        solve([1, 2, 3], ["a", "b"])
