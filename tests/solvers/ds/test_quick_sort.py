"""Oracle: the recursive textbook program with a call tree."""

from hypothesis import given
from hypothesis import strategies as st

from assistant408.solvers.ds.quick_sort import solve

KEYS = st.lists(st.integers(0, 30), min_size=1, max_size=14)


def textbook(row, low, high, out):
    """严蔚敏 算法 10.6(b), recursively; returns the height of the recursion tree."""
    if low > high:
        return 0
    if low == high:
        return 1
    i, j, key = low, high, row[low]
    while i < j:
        while i < j and row[j] >= key:
            j -= 1
            out["comparisons"] += 1
        if i < j:
            out["comparisons"] += 1
            row[i] = row[j]
            i += 1
        while i < j and row[i] <= key:
            i += 1
            out["comparisons"] += 1
        if i < j:
            out["comparisons"] += 1
            row[j] = row[i]
            j -= 1
    row[i] = key
    out["partitions"] += 1
    out.setdefault("partition", list(row))
    return 1 + max(textbook(row, low, i - 1, out), textbook(row, i + 1, high, out))


@given(KEYS)
def test_same_as_the_recursive_program(keys):
    out = {"comparisons": 0, "partitions": 0}
    row = list(keys)
    depth = textbook(row, 0, len(row) - 1, out)
    answer = solve(keys).answer
    assert answer["depth"] == depth
    assert answer["partition"] == out.get("partition", keys)
    assert (answer["comparisons"], answer["partitions"]) == (out["comparisons"], out["partitions"])
    assert ([keys] + answer["passes"])[-1] == sorted(keys)


@given(KEYS, st.sampled_from(["first", "last", "middle"]))
def test_every_pass_puts_pivots_of_all_intervals_in_place(keys, pivot):
    def done(row, k):
        """After k passes there is a split of the row into k levels of pivots."""
        if len(row) <= 1 or k == 0:
            return True
        return any(
            all(x <= p for x in row[:i])
            and all(x >= p for x in row[i + 1 :])
            and done(row[:i], k - 1)
            and done(row[i + 1 :], k - 1)
            for i, p in enumerate(row)
        )

    answer = solve(keys, pivot=pivot).answer
    for k, state in enumerate(answer["passes"], 1):
        assert sorted(state) == sorted(keys)
        assert done(state, k)


@given(KEYS)
def test_last_pivot_is_the_mirror_of_the_first(keys):
    mirrored = solve([30 - k for k in reversed(keys)]).answer
    assert solve(keys, pivot="last").answer["passes"] == [[30 - k for k in reversed(s)] for s in mirrored["passes"]]


def test_golden_yan_weimin_10_7():
    # 严蔚敏图 10.7
    answer = solve([49, 38, 65, 97, 76, 13, 27, 49]).answer
    assert answer["partition"] == [27, 38, 13, 49, 76, 97, 65, 49]
    assert answer["pivots"][0] == 49
