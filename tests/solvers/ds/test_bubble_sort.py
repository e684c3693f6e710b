"""Oracle: inversion tables. A pass to the back lowers every positive entry of the table by one."""

from hypothesis import given
from hypothesis import strategies as st

from assistant408.solvers.ds.bubble_sort import solve

KEYS = st.lists(st.integers(0, 20), min_size=1, max_size=12)


def table(keys):
    return [sum(k > key for k in keys[:i]) for i, key in enumerate(keys)]


@given(KEYS)
def test_counts_from_the_inversion_table(keys):
    answer = solve(keys).answer
    n, inversions = len(keys), table(keys)
    assert answer["swaps"] == sum(inversions)
    assert answer["moves"] == 3 * sum(inversions)
    passes = min(max(inversions) + 1, n - 1)
    assert answer["pass_count"] == passes
    assert answer["comparisons"] == sum(n - k for k in range(1, passes + 1))
    for k, state in enumerate(answer["passes"], 1):
        assert sum(table(state)) == sum(max(t - k, 0) for t in inversions)
        assert state[n - k :] == sorted(keys)[n - k :]


@given(KEYS)
def test_to_front_is_the_mirror(keys):
    mirrored = [20 - k for k in reversed(keys)]
    back = solve(mirrored).answer["passes"]
    assert solve(keys, direction="to_front").answer["passes"] == [[20 - k for k in reversed(s)] for s in back]


def test_golden_yan_weimin_10_3():
    # 严蔚敏图 10.6: the first pass
    assert solve([49, 38, 65, 97, 76, 13, 27, 49]).answer["state"] == [38, 49, 65, 76, 13, 27, 49, 97]
