"""Oracle: every run of 2^k records is sorted, and comparisons counted from ranks."""

from hypothesis import given
from hypothesis import strategies as st

from assistant408.solvers.ds.merge_sort import solve

KEYS = st.lists(st.integers(0, 20), min_size=1, max_size=20)


def merge_cost(left, right):
    """Comparisons of a merge: all records but the tail that is copied when one side is empty."""
    if not left or not right:
        return 0
    tail = sum(x >= left[-1] for x in right) if left[-1] <= right[-1] else sum(x > right[-1] for x in left)
    return len(left) + len(right) - tail


@given(KEYS)
def test_passes_and_comparisons(keys):
    answer = solve(keys).answer
    n, cost, length = len(keys), 0, 1
    row = list(keys)
    for state in answer["passes"]:
        cost += sum(merge_cost(row[s : s + length], row[s + length : s + 2 * length]) for s in range(0, n, 2 * length))
        length *= 2
        row = [k for s in range(0, n, length) for k in sorted(keys[s : s + length])]
        assert state == row
    assert answer["comparisons"] == cost
    assert answer["pass_count"] == (n - 1).bit_length()
    assert answer["moves"] == n * answer["pass_count"]


def test_golden_yan_weimin_10_13():
    # 严蔚敏图 10.13: 49 38 65 97 76 13 27
    assert solve([49, 38, 65, 97, 76, 13, 27]).answer["passes"] == [
        [38, 49, 65, 97, 13, 76, 27],
        [38, 49, 65, 97, 13, 27, 76],
        [13, 27, 38, 49, 65, 76, 97],
    ]
