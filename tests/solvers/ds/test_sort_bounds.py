"""Oracle: counted sorts over all permutations of a few keys."""

from itertools import permutations

import pytest

from assistant408.solvers.ds.sort_bounds import solve


def insertion(row):
    row, count = list(row), 0
    for i in range(1, len(row)):
        while i:
            count += 1
            if row[i - 1] <= row[i]:
                break
            row[i - 1], row[i] = row[i], row[i - 1]
            i -= 1
    return count, 0


def bubble(row):
    row, count, swaps = list(row), 0, 0
    for end in range(len(row) - 1, 0, -1):
        changed = False
        for i in range(end):
            count += 1
            if row[i] > row[i + 1]:
                row[i], row[i + 1] = row[i + 1], row[i]
                swaps, changed = swaps + 1, True
        if not changed:
            break
    return count, swaps


def quick_depth(row):
    if not row:
        return 0
    rest = row[1:]
    parts = [x for x in rest if x < row[0]], [x for x in rest if x > row[0]]
    return 1 + max(map(quick_depth, parts))


@pytest.mark.parametrize("n", range(2, 7))
def test_extremes_over_all_permutations(n):
    for method, run in (("insertion", insertion), ("bubble", bubble)):
        found = [run(p) for p in permutations(range(n))]
        answer = solve(method, n).answer
        assert answer["best_comparisons"] == min(c for c, _ in found)
        assert answer["worst_comparisons"] == max(c for c, _ in found)
        if method == "bubble":
            assert answer["worst_swaps"] == max(s for _, s in found)
    depths = [quick_depth(p) for p in permutations(range(n))]
    answer = solve("quick", n).answer
    assert (answer["min_depth"], answer["max_depth"]) == (min(depths), max(depths))


def test_lower_bound():
    assert [solve("heap", n).answer["lower_bound"] for n in (2, 3, 4, 5)] == [1, 3, 5, 7]
