"""Oracle: counts from inversions and from bisect."""

from bisect import bisect_right

from hypothesis import given
from hypothesis import strategies as st

from assistant408.solvers.ds.insertion_sort import solve

KEYS = st.lists(st.integers(0, 20), min_size=1, max_size=14)


def before(keys, i):
    """How many of the first i keys are greater than key i: the records to shift."""
    return sum(k > keys[i] for k in keys[:i])


@given(KEYS)
def test_direct_insertion_counts_by_inversions(keys):
    n = len(keys)
    shifts = [before(keys, i) for i in range(1, n)]
    answer = solve(keys).answer
    assert answer["passes"] == [sorted(keys[: i + 1]) + keys[i + 1 :] for i in range(1, n)]
    assert answer["moves"] == sum(s + 2 for s in shifts if s)
    assert answer["comparisons"] == sum(s + (s < i) for i, s in enumerate(shifts, 1))
    assert solve(keys, sentinel=True).answer["comparisons"] == sum(s + 1 for s in shifts)


@given(KEYS)
def test_binary_insertion_finds_the_place_bisect_finds(keys):
    answer = solve(keys, "binary").answer
    assert answer["passes"] == solve(keys).answer["passes"]
    assert answer["moves"] == solve(keys).answer["moves"]

    # an interval of m keys takes floor(log2 m) or floor(log2 m)+1 comparisons
    low = sum(i.bit_length() - 1 for i in range(1, len(keys)))
    assert low <= answer["comparisons"] <= sum(i.bit_length() for i in range(1, len(keys)))
    for i, state in enumerate(answer["passes"], 1):
        assert state[bisect_right(sorted(keys[:i]), keys[i])] == keys[i]


def test_textbook_extremes():
    # 严蔚敏 §10.2.1, with the sentinel: at best n-1 and 0, at worst (n+2)(n-1)/2 and (n+4)(n-1)/2
    for n in range(2, 9):
        best, worst = solve([*range(n)], sentinel=True).answer, solve([*range(n, 0, -1)], sentinel=True).answer
        assert (best["comparisons"], best["moves"]) == (n - 1, 0)
        assert (worst["comparisons"], worst["moves"]) == ((n + 2) * (n - 1) // 2, (n + 4) * (n - 1) // 2)


def test_golden_yan_weimin_10_2():
    answer = solve([49, 38, 65, 97, 76, 13, 27, 49], after=5).answer
    assert answer["state"] == [13, 38, 49, 65, 76, 97, 27, 49]
