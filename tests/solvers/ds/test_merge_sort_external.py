"""Oracle: merge real runs with heapq, counting passes and records moved."""

import heapq

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.ds.merge_sort_external import solve


@given(st.integers(1, 60), st.integers(1, 7), st.integers(2, 5), st.integers(1, 4))
def test_a_real_external_sort(n, run_length, ways, block):
    data = [(7 * i) % 61 for i in range(n)]
    runs = [sorted(data[k : k + run_length]) for k in range(0, n, run_length)]
    counts, blocks = [], len(range(0, n, block))
    transfers = 2 * blocks
    initial = len(runs)
    while len(runs) > 1:
        runs = [list(heapq.merge(*runs[k : k + ways])) for k in range(0, len(runs), ways)]
        counts.append(len(runs))
        transfers += 2 * blocks
    assert runs[0] == sorted(data)
    answer = solve(ways, n, run_length, block=block).answer
    assert (answer["run_count"], answer["run_counts"], answer["passes"]) == (initial, counts, len(counts))
    assert answer["block_io"] == transfers == answer["merge_io"] + 2 * blocks


@given(st.integers(1, 10**9), st.integers(1, 6))
def test_least_ways(runs, passes):
    k = solve(2, run_count=runs, target_passes=passes).answer["least_ways"]
    assert k**passes >= runs
    assert k == 2 or (k - 1) ** passes < runs
    if k <= 10_000:
        assert solve(k, run_count=runs).answer["passes"] <= passes


def test_golden_yan_weimin_11_2():
    # 严蔚敏 §11.2: 10,000 records in 10 runs and blocks of 200; 2-way merging takes 500 transfers, 5-way 300
    assert solve(2, 10000, 1000, block=200).answer["block_io"] == 500
    assert solve(5, 10000, 1000, block=200).answer["block_io"] == 300


@pytest.mark.parametrize("args", [{}, {"run_count": 3, "run_length": 2}, {"run_length": 4}])
def test_refuses(args):
    with pytest.raises(InputError):
        solve(3, **args)
