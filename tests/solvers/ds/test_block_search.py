"""Oracle: search every element and average."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.ds.block_search import solve


def cost(position: int, block: int, blocks: int, index: str) -> int:
    number, inside = (position - 1) // block + 1, (position - 1) % block + 1
    if index == "sequential":
        return number + inside
    probes = 0
    while 2**probes < blocks + 1:
        probes += 1
    return probes + inside


@given(st.integers(1, 120), st.data(), st.sampled_from(["sequential", "binary"]))
def test_average_over_all_elements(n, data, index):
    block = data.draw(st.integers(1, n))
    at = data.draw(st.integers(1, n))
    blocks = len(range(0, n, block))
    costs = [cost(p, block, blocks, index) for p in range(1, n + 1)]
    answer = solve(n, block, index, at).answer
    assert answer["asl"] == Fraction(sum(costs), n) == answer["index_asl"] + answer["block_asl"]
    assert answer["blocks"] == blocks
    assert answer["comparisons"] == costs[at - 1]


@given(st.integers(1, 150))
@settings(max_examples=30)
def test_best_block_beats_every_other(n):
    answer = solve(n, 1).answer
    everywhere = [solve(n, s).answer["asl"] for s in range(1, n + 1)]
    assert answer["best_asl"] == min(everywhere) == everywhere[answer["best_block"] - 1]


def test_golden_408_2013():
    # 65025 elements in blocks of 255, both levels sequential: 256
    assert solve(65025, 255).answer["asl"] == 256
    # two binary searches of at most 8 comparisons would give at most 16
    assert solve(65025, 255, "binary").answer["index_asl"] == 8


def test_refuses():
    with pytest.raises(InputError):
        solve(5, 6)
    with pytest.raises(InputError):
        solve(5, 2, position=6)
