"""Oracle: a recursive 1-based heap, and heapq."""

import heapq

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.ds.heap import solve

KEYS = st.lists(st.integers(0, 30), min_size=1, max_size=14)


def down(row, i, end, count):
    kids = [c for c in (2 * i, 2 * i + 1) if c <= end]
    if kids:
        best = min(kids, key=row.__getitem__)
        count.append(len(kids))
        if row[best] < row[i]:
            row[best], row[i] = row[i], row[best]
            down(row, best, end, count)


def up(row, i, count):
    if i > 1:
        count.append(1)
        if row[i] < row[i // 2]:
            row[i], row[i // 2] = row[i // 2], row[i]
            up(row, i // 2, count)


@given(
    KEYS, st.lists(st.integers(0, 30), max_size=4), st.integers(0, 3), st.booleans(), st.sampled_from(["max", "min"])
)
def test_operations_on_a_recursive_heap(keys, inserts, deletes, by_insertion, kind):
    deletes = min(deletes, len(keys) + len(inserts))
    sign = -1 if kind == "max" else 1
    row, count = [None], []
    if by_insertion:
        for key in keys:
            row.append(sign * key)
            up(row, len(row) - 1, count)
    else:
        row += [sign * k for k in keys]
        for i in range(len(keys) // 2, 0, -1):
            down(row, i, len(keys), count)
    initial, spent, last = [sign * k for k in row[1:]], sum(count), sum(count)
    for key in inserts:
        row.append(sign * key)
        steps = []
        up(row, len(row) - 1, steps)
        last = sum(steps)
        spent += last
    removed = []
    for _ in range(deletes):
        removed.append(sign * row[1])
        end = row.pop()
        steps = []
        if len(row) > 1:
            row[1] = end
            down(row, 1, len(row) - 1, steps)
        last = sum(steps)
        spent += last
    answer = solve(keys, kind, "insert" if by_insertion else "sift", inserts, deletes).answer
    assert answer["initial"] == initial
    assert answer["heap"] == [sign * k for k in row[1:]]
    assert answer["removed"] == removed
    assert (answer["comparisons"], answer["last_comparisons"]) == (spent, last)
    assert removed == (heapq.nsmallest if kind == "min" else heapq.nlargest)(deletes, keys + inserts)


@given(KEYS)
def test_recognises_heaps(keys):
    is_heap = all(keys[(i - 1) // 2] >= keys[i] for i in range(len(keys)) if i)
    assert solve(keys).answer["is_heap"] == is_heap
    if not is_heap:
        with pytest.raises(InputError):
            solve(keys, how="given")


def test_golden_408_2009_insert_3():
    # 5 8 12 19 28 20 15 22 as a min-heap; 3 is inserted
    answer = solve([5, 8, 12, 19, 28, 20, 15, 22], "min", "given", [3]).answer
    assert answer["heap"] == [3, 5, 12, 8, 28, 20, 15, 22, 19]


def test_golden_408_2015_delete_8():
    # 8 15 10 21 34 16 12 as a min-heap; deleting 8 takes 3 comparisons
    answer = solve([8, 15, 10, 21, 34, 16, 12], "min", "given", delete_count=1).answer
    assert answer["last_comparisons"] == 3


def test_golden_408_2011_insert_18():
    # 25 13 10 12 9 as a max-heap; inserting 18 takes 2 comparisons
    answer = solve([25, 13, 10, 12, 9], "max", "given", [18]).answer
    assert (answer["last_comparisons"], answer["heap"]) == (2, [25, 13, 18, 12, 9, 10])


def test_refuses():
    with pytest.raises(InputError):
        solve([1], delete_count=2)
