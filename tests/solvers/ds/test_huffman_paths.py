"""Oracle: paths of real Huffman trees fit, and a changed weight does not."""

import heapq
import itertools

from hypothesis import given
from hypothesis import strategies as st

from assistant408.solvers.ds.huffman_paths import solve


def paths(weights):
    """Root-to-leaf weights of a Huffman tree."""
    heap = [(w, k, [[w]]) for k, w in enumerate(weights)]
    heapq.heapify(heap)
    for k in itertools.count(len(weights)):
        if len(heap) == 1:
            return heap[0][2]
        (a, _, p), (b, _, q) = heapq.heappop(heap), heapq.heappop(heap)
        heapq.heappush(heap, (a + b, k, [[a + b, *path] for path in p + q]))
    return []


@given(st.lists(st.integers(1, 30), min_size=3, max_size=8), st.data())
def test_paths_of_a_real_tree_fit(weights, data):
    first, second = data.draw(st.permutations(paths(weights)))[:2]
    assert solve(first, second).answer["valid"]


@given(st.integers(3, 20), st.integers(3, 20))
def test_siblings_must_add_up(a, b):
    root = 4 * (a + b)
    assert not solve([root, a + b + 1, a], [root, a + b + 1, b]).answer["valid"]


def test_golden_408_2015():
    pairs = [([24, 10, 5], [24, 10, 7]), ([24, 10, 5], [24, 12, 7]), ([24, 10, 10], [24, 14, 11])]
    assert [solve(*p).answer["valid"] for p in pairs] == [False] * 3
    assert solve([24, 10, 5], [24, 14, 6]).answer["valid"]
