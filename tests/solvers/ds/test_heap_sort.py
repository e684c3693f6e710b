"""Oracle: heapq for the heap property, and counted comparisons of an independent sift."""

import heapq

from hypothesis import given
from hypothesis import strategies as st

from assistant408.solvers.ds.heap_sort import solve

KEYS = st.lists(st.integers(0, 30), min_size=1, max_size=14)


def sifted(row, root, end, count):
    """A recursive sift on a 1-based list."""
    kids = [c for c in (2 * root, 2 * root + 1) if c <= end]
    if not kids:
        return
    big = max(kids, key=lambda c: row[c])
    count.append(len(kids))
    if row[big] > row[root]:
        row[big], row[root] = row[root], row[big]
        sifted(row, big, end, count)


@given(KEYS)
def test_passes_and_comparisons(keys):
    n, count = len(keys), []
    row = [None, *keys]
    for root in range(n // 2, 0, -1):
        sifted(row, root, n, count)
    answer = solve(keys).answer
    assert answer["initial"] == row[1:]
    assert answer["build_comparisons"] == sum(count)
    for end, state in zip(range(n - 1, 0, -1), answer["passes"], strict=True):
        row[1], row[end + 1] = row[end + 1], row[1]
        sifted(row, 1, end, count)
        assert state == row[1:]
        assert state[end:] == sorted(keys)[end:]
        assert all(state[(i - 1) // 2] >= state[i] for i in range(1, end))
    assert answer["comparisons"] == sum(count)


@given(st.lists(st.integers(0, 99), min_size=1, max_size=14, unique=True))
def test_initial_heap_equals_heapify_of_the_negatives(keys):
    """heapq.heapify moves a hole to the bottom first, but with distinct keys ends in the same heap."""
    negated = [-k for k in keys]
    heapq.heapify(negated)
    assert solve(keys).answer["initial"] == [-k for k in negated]


def test_after_zero_is_the_initial_heap():
    assert solve([1, 2, 3], after=0).answer["state"] == [3, 2, 1]
