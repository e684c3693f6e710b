"""Oracle: a deque of absolute positions, from which the pointers are read off."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.ds.circular_queue import solve

LAYOUTS = st.sampled_from(["rear_after", "front_before", "both_on"])


def pointers(head: int, length: int, size: int, layout: str) -> tuple[int, int]:
    cells = [(head + i) % size for i in range(length + 1)]  # the last one is the first cell after the tail
    front = (head - 1) % size if layout == "front_before" else head
    rear = cells[-1] if layout == "rear_after" else (cells[-1] - 1) % size
    return front, rear


@given(st.data(), st.integers(2, 12), LAYOUTS, st.sampled_from(["one_free", "counter", "tag"]))
def test_follows_a_real_queue(data, size, layout, full):
    usable = size - (full == "one_free")
    head = data.draw(st.integers(0, size - 1))
    length = data.draw(st.integers(0, usable))
    front, rear = pointers(head, length, size, layout)
    operations, now, start = [], length, head
    for _ in range(data.draw(st.integers(0, 5))):
        change = data.draw(st.integers(-now, usable - now))
        if change:
            operations.append(change)
            now += change
            start -= min(change, 0)
    answer = solve(size, front, rear, layout, full, operations, initially_full=length == size).answer
    assert answer["length"] == now
    assert (answer["front"], answer["rear"]) == pointers(start % size, now, size, layout)


@given(st.integers(2, 9), LAYOUTS)
def test_conditions_hold_exactly_for_empty_and_full(size, layout):
    for head in range(size):
        for length in range(size):
            front, rear = pointers(head, length, size, layout)
            answer = solve(size, front, rear, layout).answer
            scope = {"front": front, "rear": rear, "M": size}
            assert eval(answer["empty_condition"], scope) == (length == 0)
            assert eval(answer["full_condition"], scope) == (length == size - 1)


@given(st.integers(2, 9), LAYOUTS)
def test_initial_pointers_describe_an_empty_queue_before_cell_0(size, layout):
    answer = solve(size, 0, 0, layout).answer
    assert (answer["initial_front"], answer["initial_rear"]) == pointers(0, 0, size, layout)


def test_golden_initial_pointers_408_2011():
    # front and rear on the head and tail elements, the first element into A[0]: front 0, rear n-1
    answer = solve(8, 0, 0, "both_on").answer
    assert (answer["initial_front"], answer["initial_rear"]) == (0, 7)


def test_golden_conditions_408_2014():
    answer = solve(8, 0, 0).answer
    assert answer["empty_condition"] == "front==rear"
    assert answer["full_condition"] == "(rear+1)%M==front"


@pytest.mark.parametrize("args", [(5, 5, 0), (5, 0, 7)])
def test_pointer_outside_the_array(args):
    with pytest.raises(InputError):
        solve(*args)


@pytest.mark.parametrize("operations", [[5], [-1], [2, -3]])
def test_overflow_and_underflow(operations):
    with pytest.raises(InputError):
        solve(5, 0, 0, operations=operations)
