"""Oracle: a heap of (run number, key), Knuth's formulation."""

import heapq
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from assistant408.solvers.ds.replacement_selection import solve


def runs_by_heap(keys, w):
    heap = [(0, k) for k in keys[:w]]
    heapq.heapify(heap)
    rest, out = list(keys[w:]), []
    while heap:
        number, key = heapq.heappop(heap)
        while len(out) <= number:
            out.append([])
        out[number].append(key)
        if rest:
            new = rest.pop(0)
            heapq.heappush(heap, (number + (new < key), new))
    return out


@given(st.lists(st.integers(0, 30), min_size=1, max_size=40), st.integers(1, 8))
def test_runs_equal_the_heap_formulation(keys, w):
    answer = solve(keys, w).answer
    runs = runs_by_heap(keys, w)
    assert answer["runs"] == runs
    assert answer["run_count"] == len(runs) <= answer["plain_count"]
    assert answer["lengths"] == [len(r) for r in runs]
    assert all(len(r) >= w for r in runs[:-1])
    assert answer["average_length"] == Fraction(len(keys), len(runs))


def test_golden_yan_weimin_11_4():
    # 严蔚敏 §11.4: 24 records, w = 6
    keys = [51, 49, 39, 46, 38, 29, 14, 61, 15, 30, 1, 48, 52, 3, 63, 27, 4, 13, 89, 24, 46, 58, 33, 76]
    assert solve(keys, 6).answer["runs"] == [
        [29, 38, 39, 46, 49, 51, 61],
        [1, 3, 14, 15, 27, 30, 48, 52, 63, 89],
        [4, 13, 24, 33, 46, 58, 76],
    ]


def test_golden_sorted_inputs():
    assert solve([*range(20)], 3).answer["run_count"] == 1
    assert solve([*range(20, 0, -1)], 4).answer["run_count"] == 5
