"""Oracle: Bach's alloc and free over a disk whose blocks hold lists, and the set of free blocks."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.os.grouped_free_list import solve


@st.composite
def histories(draw):
    size = draw(st.integers(1, 4))
    numbers = draw(st.permutations(range(1, 16)))
    steps = draw(st.lists(st.booleans(), max_size=25))
    return size, list(numbers), steps


@settings(max_examples=80)
@given(histories())
def test_against_superblock_arrays(history):
    """Start from an empty list and release and allocate; `disk` holds (nfree, free[]) as Bach does."""
    size, held, steps = history
    nfree, free, disk = 1, [0], {}
    operations, taken, available = [], [], []
    for release in [True, *steps]:
        if release and held:
            block = held.pop()
            operations.append(block)
            available.append(block)
            if nfree == size:
                disk[block] = (nfree, list(free))
                nfree, free = 0, []
            free = [*free[:nfree], block]
            nfree += 1
        elif available:
            nfree -= 1
            block = free[nfree]
            if nfree == 0:
                nfree, free = disk.pop(block)
            operations.append(0)
            taken.append(block)
            available.remove(block)
            held.append(block)
    answer = solve([0], operations, [], size).answer
    assert answer["allocated"] == taken
    assert answer["stack"] == free[:nfree]
    assert answer["free_total"] == len(available)


def test_golden_textbook():
    """汤小丹 第9章：每组 100 块，栈 300,299,…,201；分完后读入下一组，再分配 300。"""
    stack = [300, *range(299, 200, -1)]
    groups = [[300, 400, *range(399, 300, -1)], [400, 0, *range(499, 400, -1)]]
    answer = solve(stack, [0] * 101, groups).answer
    assert answer["allocated"][:2] == [201, 202]
    assert answer["allocated"][-2:] == [300, 301]
    assert (answer["count"], answer["disk_reads"]) == (99, 1)


def test_bad_input():
    for stack, operations, groups in (
        ([0], [0], []),
        ([5], [0], []),
        ([0, 5], [5], []),
        ([5], [0], [[5]]),
        ([0, 1, 2, 3], [0], []),
    ):
        with pytest.raises(InputError):
            solve(stack, operations, groups, 3)
