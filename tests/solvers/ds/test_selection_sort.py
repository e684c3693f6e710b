"""Oracle: exchanges counted by the cycles of the permutation."""

from hypothesis import given
from hypothesis import strategies as st

from assistant408.solvers.ds.selection_sort import solve


@given(st.permutations(range(8)))
def test_exchanges_are_n_minus_cycles(keys):
    seen, cycles = set(), 0
    for start in range(8):
        cycles += start not in seen
        at = start
        while at not in seen:
            seen.add(at)
            at = keys[at]
    answer = solve(keys).answer
    assert answer["swaps"] == 8 - cycles
    assert answer["moves"] == 3 * (8 - cycles)


@given(st.lists(st.integers(0, 9), min_size=1, max_size=12))
def test_passes_and_comparisons(keys):
    answer = solve(keys).answer
    n = len(keys)
    assert answer["comparisons"] == n * (n - 1) // 2
    row = list(keys)
    for k, state in enumerate(answer["passes"]):
        at = row.index(min(row[k:]), k)
        row = [*row[:k], row[at], *row[k + 1 : at], *([row[k]] if at > k else []), *row[max(at, k) + 1 :]]
        assert state == row
    assert row == sorted(keys)


def test_golden_textbook():
    assert solve([49, 38, 65, 97, 76, 13, 27, 49], after=2).answer["state"] == [13, 27, 65, 97, 76, 49, 38, 49]
